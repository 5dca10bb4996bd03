#!/bin/sh
# build.sh OUT: the player, the first sale and the own tests, each source in every standard; and a CMake
# project that finds the binding, installed and in place.
set -eu
exec make --silent --no-print-directory --jobs=2 -f "$SEQURA_POS_ROOT/tests/cpp/Makefile" OUT="$1" ROOT="$SEQURA_POS_ROOT" \
    LIBRARY="$SEQURA_POS_LIBRARY"
