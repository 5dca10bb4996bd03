#!/bin/sh
# Builds the library for Linux systems older than this one: scripts/linux.sh [--armed] TARGET... with a TARGET of
# scripts/old-linux.sh. Each leaves in target/linux/TARGET:
#
#   libsequra_pos.so.1      the library
#   libsequra_pos.a         the same, to be linked into a program (scripts/localise.sh)
#   sequra                  the program around the till (cli/)
#   sequra-forward          what carries a journal's changes to an office (forward/)
#
# With --armed the library alone, in target/linux/TARGET/armed: built in the same way, it can be ended at numbered
# points and told to panic, for tests.
set -eu
cd "$(dirname "$0")/.."
armed=''
if [ "$1" = --armed ]; then
    armed='--features crash-points,panic-on-demand'
    shift
fi

. scripts/old-linux.sh
. scripts/shipped.sh
options="--release --config target/shipped.toml $standard"
# All at once: while one is linked, which takes one processor, another is compiled.
# shellcheck disable=SC2046,SC2086
[ -n "$armed" ] || cargo-zigbuild zigbuild --package sequra --package sequra-forward $(printf -- "--target %s$oldest " "$@") $options
for target in "$@"; do
    # Only where nothing else is asked for does cargo optimize the library together with all that is in it.
    # Last, as the program's build leaves one of the same name.
    # shellcheck disable=SC2086
    cargo-zigbuild rustc --package sequra-pos --lib --crate-type cdylib,staticlib $armed --target "$target$oldest" $options
    built=$CARGO_TARGET_DIR/$target/release
    out=target/linux/$target${armed:+/armed}
    mkdir -p "$out"
    cp "$built/libsequra_pos.so" "$out/libsequra_pos.so.1"
    echo "$out/libsequra_pos.so.1: $(wc -c < "$out/libsequra_pos.so.1") bytes"
    [ -z "$armed" ] || continue
    cp "$built/sequra" "$built/sequra-forward" "$out"
    tools=$(tools_of "$target")
    LD=${tools}ld OBJCOPY=${tools}objcopy AR=${tools}ar scripts/localise.sh "$built/libsequra_pos.a" "$out/libsequra_pos.a"
done
