#!/bin/sh
# build.sh OUT: builds player, sample till and own tests with FreePascal, as Delphi 7 reads them: string
# is AnsiString. build.sh OUT delphiunicode: as Delphi 2009 and later do.
set -eu
out=$1
mode=${2:-delphi}
here=$SEQURA_POS_ROOT/tests/pascal
binding=$SEQURA_POS_ROOT/bindings/pascal

# A warning is an error, a note too. But not 6058, what is not inlined; nor 4104 and 4105: with Unicode
# texts, the conversions to and from the compiler's own units, which stay with AnsiString.
compile() {
    said=$(fpc -M"$mode" -v0wn -vm4104,4105,6058 -Sewn -FU"$out/units" -Fu"$binding" -o"$out/$1" "$2" 2>&1) \
        || { echo "$said"; exit 1; }
}

mkdir -p "$out/units"
compile player "$here/player.pas"
compile own_tests "$here/own_tests.pas"
compile till "$binding/Till.dpr"
compile first_sale "$binding/FirstSale.dpr"
compile screen "$binding/ScreenTill.dpr"
