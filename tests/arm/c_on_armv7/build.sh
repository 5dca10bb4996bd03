#!/bin/sh
exec sh "$SEQURA_POS_ROOT/tests/arm/c_under_qemu.sh" "$1" armv7-unknown-linux-gnueabihf arm-linux-gnueabihf qemu-arm
