#!/bin/sh
# build.sh OUT: the player and the own tests of C; the till is that of bindings/c.
set -eu
out=$1
here=$SEQURA_POS_ROOT/tests/c_player
compile="${CC:-cc} -pedantic -Wall -Wextra -Werror -g -I$SEQURA_POS_ROOT/include"

# Linked by its name, as a till is: the name that the library gives itself is found beside it.
ln -sf "$SEQURA_POS_LIBRARY" "$out/libsequra_pos.so"
ln -sf "$SEQURA_POS_LIBRARY" "$out/libsequra_pos.so.1"
link="-L$out -lsequra_pos -Wl,-rpath,$out"

$compile -std=c89 -o "$out/player" "$here/player.c" $link
$compile -std=c89 -D_XOPEN_SOURCE=600 -pthread -o "$out/own_tests" "$here/own_tests.c" $link
make -s -C "$SEQURA_POS_ROOT/bindings/c" LIB_DIR="$out" OUT="$out" "$out/till" "$out/first_sale"
