#!/bin/sh
# Builds the simulated seQura for others, as the libraries are built: scripts/simulator.sh TARGET... with a
# TARGET of scripts/old-linux.sh or scripts/windows.sh. Each leaves sequra-sandbox, or sequra-sandbox.exe, in
# target/linux/TARGET or target/windows/TARGET.
#
# After scripts/linux.sh and scripts/windows.sh there is little left to compile: with their flags, in their
# folders, Rust's own library and some crates are there.
set -eu
cd "$(dirname "$0")/.."

for system in linux windows; do
    # What is for this system, if anything is.
    targets=$(printf '%s\n' "$@" | grep -e "-$system-" || true)
    [ -n "$targets" ] || continue
    (
        case $system in
            linux)
                . scripts/old-linux.sh
                build='cargo-zigbuild zigbuild' program=sequra-sandbox
                ;;
            windows)
                . scripts/standard.sh
                export CARGO_TARGET_DIR="$PWD/target/windows-build"
                flags=$small
                build="$CARGO build" oldest='' program=sequra-sandbox.exe
                ;;
        esac
        . scripts/shipped.sh
        # shellcheck disable=SC2046,SC2086
        $build --release --package sequra-sandbox --bin sequra-sandbox --config target/shipped.toml $standard \
            $(for target in $targets; do printf -- '--target %s%s ' "$target" "$oldest"; done)
        for target in $targets; do
            mkdir -p "target/$system/$target"
            cp "$CARGO_TARGET_DIR/$target/release/$program" "target/$system/$target"
            echo "target/$system/$target/$program: $(wc -c < "target/$system/$target/$program") bytes"
        done
    )
done
