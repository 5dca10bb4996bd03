#!/bin/sh
# Builds the DLL for Windows, on Linux: scripts/windows.sh TARGET... with TARGET
# x86_64-win7-windows-gnu or i686-win7-windows-gnu. Each leaves in target/windows/TARGET:
#
#   sequra_pos.dll          imports nothing that a plain Windows 7 SP1 lacks (scripts/imports.py)
#   libsequra_pos.dll.a     for mingw
#   sequra_pos.lib          for MSVC
#   sequra_pos.def          what both were made from
#   sequra.exe              the program around the till (cli/)
#   sequra-forward.exe      what carries a journal's changes to an office (forward/)
#
# The win7 targets come without a compiled standard library: it is built, too (scripts/standard.sh).
set -eu
cd "$(dirname "$0")/.."

export CARGO_TARGET_DIR="$PWD/target/windows-build"
. scripts/standard.sh
flags=$small
. scripts/shipped.sh
options="--release --config target/shipped.toml $standard"
# All at once: while one is linked, which takes one processor, another is compiled.
# shellcheck disable=SC2046,SC2086
"$CARGO" build --package sequra --package sequra-forward $(printf -- '--target %s ' "$@") $options
for target in "$@"; do
    arch=${target%%-*}
    # Only where nothing else is asked for does cargo optimize the library together with all that is in
    # it: a third smaller. Last, as the programs' build leaves one of the same name.
    # shellcheck disable=SC2086
    "$CARGO" rustc --package sequra-pos --lib --crate-type cdylib --target "$target" $options
    built=$CARGO_TARGET_DIR/$target/release
    out=target/windows/$target
    mkdir -p "$out"
    cp "$built/sequra_pos.dll" "$built/libsequra_pos.dll.a" "$built/sequra.exe" "$built/sequra-forward.exe" "$out"
    # The names of the header; the stdcall ones are for callers that look them up by name.
    {
        echo 'LIBRARY sequra_pos.dll'
        echo 'EXPORTS'
        sed -n 's/^SQ_API .*SQ_CALL \(sq_[a-z0-9_]*\)(.*/    \1/p' include/sequra_pos.h
    } > "$out/sequra_pos.def"
    case $arch in
        x86_64) machine=i386:x86-64 ;;
        i686) machine=i386 ;;
    esac
    llvm-dlltool -m "$machine" -d "$out/sequra_pos.def" -l "$out/sequra_pos.lib" -D sequra_pos.dll
    echo "$out/sequra_pos.dll: $(wc -c < "$out/sequra_pos.dll") bytes"
done
