#!/bin/sh
# Builds the simulated seQura for others, as the libraries are built: scripts/simulator.sh TARGET... with
# TARGET x86_64-unknown-linux-gnu, x86_64-win7-windows-gnu or i686-win7-windows-gnu. Each leaves
# sequra-sandbox, or sequra-sandbox.exe, in target/linux/TARGET or target/windows/TARGET.
#
# After scripts/linux.sh and scripts/windows.sh there is little left to compile: with their flags, in their
# folders, Rust's own library and some crates are there.
set -eu
cd "$(dirname "$0")/.."

. scripts/standard.sh
for system in linux windows; do
    # What is for this system, if anything is.
    targets=$(printf '%s\n' "$@" | grep -e "-$system-" || true)
    [ -n "$targets" ] || continue
    (
        export CARGO_TARGET_DIR="$PWD/target/$system-build"
        case $system in
            linux)
                export CC_x86_64_unknown_linux_gnu=gcc AR_x86_64_unknown_linux_gnu=ar
                flags="$small -Zunstable-options -Cforce-frame-pointers=non-leaf -Cforce-unwind-tables=no"
                build='cargo-zigbuild zigbuild' glibc=.2.28 program=sequra-sandbox
                ;;
            windows)
                flags=$small
                build="$CARGO build" glibc='' program=sequra-sandbox.exe
                ;;
        esac
        . scripts/shipped.sh
        # shellcheck disable=SC2046,SC2086
        $build --release --package sequra-sandbox --bin sequra-sandbox --config target/shipped.toml $standard \
            $(for target in $targets; do printf -- '--target %s%s ' "$target" "$glibc"; done)
        for target in $targets; do
            mkdir -p "target/$system/$target"
            cp "$CARGO_TARGET_DIR/$target/release/$program" "target/$system/$target"
            echo "target/$system/$target/$program: $(wc -c < "target/$system/$target/$program") bytes"
        done
    )
done
