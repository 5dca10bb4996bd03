#!/bin/sh
# Makes of the static library that cargo leaves one that may be linked into any program:
# scripts/localise.sh ARCHIVE OUT. It holds a single object, in which only the functions of the header
# can be seen: a program has its own SQLite, its own ring, or another Rust library beside it, and
# neither takes the other's functions for its own.
set -eu
here=$(dirname "$0")
archive=$1
out=$2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sed -n 's/^SQ_API .*SQ_CALL \(sq_[a-z0-9_]*\)(.*/\1/p' "$here/../include/sequra_pos.h" > "$work/names"
# What the functions need, and no more. A group is what several objects have in common: there are no
# others here, and one of the same name in a program is not this one.
# shellcheck disable=SC2046
${LD:-ld} -r --gc-sections --force-group-allocation $(sed 's/^/-u /' "$work/names") -o "$work/whole.o" "$archive"
# Rust's own library has in it what it was compiled from, for compilers only.
${OBJCOPY:-objcopy} --keep-global-symbols="$work/names" --strip-unneeded --remove-section=.llvmbc --remove-section=.llvmcmd \
    "$work/whole.o" "$work/sequra_pos.o"
# The names in an archive have no time and no owner.
rm -f "$work/made.a"
${AR:-ar} rcD "$work/made.a" "$work/sequra_pos.o"
mv "$work/made.a" "$out"
