#!/bin/sh
# Runs a test command 400 days later: the wall clock is moved, the monotonic one is left alone. Of a cargo
# command only the test programs are moved, since cargo goes by the dates of files.
# Usage: scripts/later.sh COMMAND [ARGUMENT...]
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
sleep=$here/target/later/sleep.so
mkdir -p "$here/target/later"
cc -shared -fPIC -O2 -o "$sleep" "$here/tests/later/sleep.c" -ldl
for moved in /usr/lib/*/faketime/libfaketimeMT.so.1; do :; done
test -f "$moved" || { echo "later: libfaketime is missing" >&2; exit 1; }
set -- env "LD_PRELOAD=$sleep:$moved" FAKETIME=+400d FAKETIME_DONT_FAKE_MONOTONIC=1 DONT_FAKE_MONOTONIC=1 NO_FAKE_STAT=1 "$@"
if [ "$7" = cargo ]; then
    runner="$1 $2 $3 $4 $5 $6"
    shift 6
    host=$(rustc -vV | sed -n 's/^host: //p' | tr 'a-z-' 'A-Z_')
    exec env "CARGO_TARGET_${host}_RUNNER=$runner" "$@"
fi
exec "$@"
