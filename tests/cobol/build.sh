#!/bin/sh
# build.sh OUT: compiles binding, sample till, player and own tests with GnuCOBOL, warnings as errors.
set -eu
out=$1
here=$(cd "$(dirname "$0")" && pwd)
binding=$SEQURA_POS_ROOT/bindings/cobol

# The name that the library gives itself is found beside the programs.
ln -sf "$SEQURA_POS_LIBRARY" "$out/libsequra_pos.so"
ln -sf "$SEQURA_POS_LIBRARY" "$out/libsequra_pos.so.1"

# With every check at run time. cobc ends with 0 where it only warns.
compile() {
    said=$(cobc -fixed -debug -Wall "$@" 2>&1) || { echo "$said"; exit 1; }
    [ -z "$said" ] || { echo "$said"; exit 1; }
}

cd "$binding"     # where COPY looks
for source in sequra sqbuffer tilltext tillbook; do
    compile -c -fstatic-call -o "$out/$source.o" "$source.cob"
done
program() {
    name=$1
    shift
    compile -x -o "$out/$name" "$@" "$out/sequra.o" "$out/sqbuffer.o" -L"$out" -lsequra_pos -Q "-Wl,-rpath,$out"
}
program till "$binding/till.cob" "$out/tilltext.o" "$out/tillbook.o"
program first_sale "$binding/first_sale.cob"
program player "$here/player.cob"
program own_tests "$here/own_tests.cob"
