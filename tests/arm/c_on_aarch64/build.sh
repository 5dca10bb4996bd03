#!/bin/sh
exec sh "$SEQURA_POS_ROOT/tests/arm/c_under_qemu.sh" "$1" aarch64-unknown-linux-gnu aarch64-linux-gnu qemu-aarch64
