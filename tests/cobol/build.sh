#!/bin/sh
# build.sh OUT: compiles binding, first sale, player and own tests with GnuCOBOL, warnings as errors.
set -eu
out=$1
here=$(cd "$(dirname "$0")" && pwd)
binding=$SEQURA_POS_ROOT/bindings/cobol

# The name that the library gives itself is found beside the programs.
ln -sf "$SEQURA_POS_LIBRARY" "$out/libsequra_pos.so"
ln -sf "$SEQURA_POS_LIBRARY" "$out/libsequra_pos.so.1"

# cobc ends with 0 where it only warns.
compile() {
    said=$(cobc -fixed -Wall "$@" 2>&1) || { echo "$said"; exit 1; }
    [ -z "$said" ] || { echo "$said"; exit 1; }
}

cd "$binding"     # where COPY looks
for source in sequra sqbuffer; do
    compile -c -debug -fstatic-call -o "$out/$source.o" "$source.cob"
done
program() {
    name=$1
    shift
    compile -x -o "$out/$name" "$@" "$out/sequra.o" "$out/sqbuffer.o" -L"$out" -lsequra_pos -Q "-Wl,-rpath,$out"
}
# With every check at run time; but the player passes items without an address, which is one of them.
program first_sale -debug "$binding/first_sale.cob"
program player "$here/player.cob"
program own_tests -debug "$here/own_tests.cob"
