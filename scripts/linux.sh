#!/bin/sh
# Builds the library for Linux systems older than this one: it loads from glibc 2.28 on (Debian 10,
# RHEL 8). Leaves in target/linux/x86_64-unknown-linux-gnu:
#
#   libsequra_pos.so.1      the library
#   libsequra_pos.a         the same, to be linked into a program (scripts/localise.sh)
#   sequra                  the program around the till (cli/)
#   sequra-forward          what carries a journal's changes to an office (forward/)
#
# Zig is the linker, as it has the symbols of every glibc; cargo-zigbuild, which tells cargo so, is
# looked for in the PATH (scripts/dist.py installs both). C is compiled by gcc, which makes less of SQLite;
# what it names of a newer glibc does not link.
set -eu
cd "$(dirname "$0")/.."

target=x86_64-unknown-linux-gnu
export SEQURA_POS_FOR_OLD_GLIBC=1 CARGO_TARGET_DIR="$PWD/target/linux-build"
export CC_x86_64_unknown_linux_gnu=gcc AR_x86_64_unknown_linux_gnu=ar
# With a frame pointer the tables for unwinding are a third smaller; what never unwinds has none.
. scripts/standard.sh
flags="$small -Zunstable-options -Cforce-frame-pointers=non-leaf -Cforce-unwind-tables=no"
. scripts/shipped.sh
options="--release --config target/shipped.toml --target $target.2.28 $standard"
# shellcheck disable=SC2086
cargo-zigbuild zigbuild --package sequra --package sequra-forward $options
# Only where nothing else is asked for does cargo optimize the library together with all that is in it.
# Last, as the program's build leaves one of the same name.
# shellcheck disable=SC2086
cargo-zigbuild rustc --package sequra-pos --lib --crate-type cdylib,staticlib $options
built=$CARGO_TARGET_DIR/$target/release
out=target/linux/$target
mkdir -p "$out"
cp "$built/libsequra_pos.so" "$out/libsequra_pos.so.1"
cp "$built/sequra" "$built/sequra-forward" "$out"
scripts/localise.sh "$built/libsequra_pos.a" "$out/libsequra_pos.a"
echo "$out/libsequra_pos.so.1: $(wc -c < "$out/libsequra_pos.so.1") bytes"
