#!/bin/sh
# Builds player, sample till and own tests with FreePascal, as Delphi 7 would read them: build.sh OUT
set -eu
out=$1
here=$SEQURA_POS_ROOT/tests/pascal
binding=$SEQURA_POS_ROOT/bindings/pascal

# Quiet, unless a warning or an error comes; then all of it is shown, and that is a failure.
compile() {
    program=$1
    shift
    mkdir -p "$out/units"
    said=$(cd "$out" && fpc -v0wi -l- "$@" -Sewn -FE"$out" -FU"$out/units" -Fu"$binding" -o"$out/$(basename "${program%.*}")" "$program") \
        || { echo "$said"; exit 1; }
}

compile "$here/player.pas" -Mdelphi
