#!/bin/sh
# build.sh OUT: the Pascal binding once more, for programs whose string is Unicode.
set -eu
exec sh "$SEQURA_POS_ROOT/tests/pascal/build.sh" "$1" delphiunicode
