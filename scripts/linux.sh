#!/bin/sh
# Builds the library for Linux systems older than this one: it loads from glibc 2.28 on (Debian 10,
# RHEL 8). Leaves in target/linux/x86_64-unknown-linux-gnu:
#
#   libsequra_pos.so.1      the library
#   sequra-journal          checks a transaction log
#
# Zig is the linker, as it has the symbols of every glibc; cargo-zigbuild, which tells cargo so, is
# looked for in the PATH (scripts/dist.py installs both).
set -eu
cd "$(dirname "$0")/.."
. scripts/shipped.sh

target=x86_64-unknown-linux-gnu
export SEQURA_POS_FOR_OLD_GLIBC=1 CARGO_TARGET_DIR="$PWD/target/linux-build"
cargo zigbuild --release --package sequra-pos --bins --target $target.2.28
# Only where nothing else is asked for does cargo optimize the library together with all that is in it.
# Last, as the program's build leaves one of the same name.
cargo-zigbuild rustc --release --package sequra-pos --lib --crate-type cdylib --target $target.2.28
out=target/linux/$target
mkdir -p "$out"
cp "$CARGO_TARGET_DIR/$target/release/libsequra_pos.so" "$out/libsequra_pos.so.1"
cp "$CARGO_TARGET_DIR/$target/release/sequra-journal" "$out"
echo "$out/libsequra_pos.so.1: $(wc -c < "$out/libsequra_pos.so.1") bytes"
