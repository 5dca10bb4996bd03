#!/bin/sh
# Builds the library for this machine: libsequra_pos.so and libsequra_pos.a, in target/release.
set -eu
cd "$(dirname "$0")/.."
# With opt-level "z" alone every small function stays a function: the library is smaller then, as the packages'
# is, but a call takes a sixth more instructions (tests/cost).
flags=-Cllvm-args=-inline-threshold=75
. scripts/shipped.sh

# Only where nothing else is asked for does cargo optimize the library together with all that is in it.
cargo rustc --config target/shipped.toml --release --package sequra-pos --lib --crate-type cdylib,staticlib
release=${CARGO_TARGET_DIR:-target}/release
scripts/localise.sh "$release/libsequra_pos.a" "$release/libsequra_pos.a"
