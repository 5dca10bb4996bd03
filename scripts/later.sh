#!/bin/sh
# Runs a program, and all that it starts, 400 days later: later.sh PROGRAM ARGUMENT... The clock of the wall is moved, the
# one that only goes on is left alone.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
sleep=$root/target/later/sleep.so
source=$root/tests/later/sleep.c
# (What is not there is older than anything to some shells, and to others not.)
if ! [ -e "$sleep" ] || [ "$source" -nt "$sleep" ]; then
    mkdir -p "$root/target/later"
    # In one step: others may be about to load it.
    cc -std=gnu11 -Wall -Wextra -Werror -shared -fPIC -o "$sleep.$$" "$source" -ldl
    mv "$sleep.$$" "$sleep"
fi
LATER_RUSTC=$(command -v rustc)
export LATER_RUSTC PATH="$root/tests/later/bin:$PATH"
export LD_PRELOAD="$sleep"
# Waiting by the clock that only goes on is waiting by that clock: Java would not wait at all.
export FAKETIME_FORCE_MONOTONIC_FIX=0
# To change the times of files, all processes wait for one lock, and some are killed here while they hold it.
export NO_FAKE_STAT=1
exec faketime -m --exclude-monotonic -f +400d "$@"
