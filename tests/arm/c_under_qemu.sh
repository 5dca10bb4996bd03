#!/bin/sh
# c_under_qemu.sh OUT TARGET TOOLS QEMU: what tests/c_player builds, with the cross compiler, run under qemu with the
# library that can be told to panic (scripts/linux.sh --armed). tests/arm asks for it.
set -eu
out=$1 target=$2 tools=$3 qemu=$4
mkdir -p "$out/arm"
CC=$tools-gcc SEQURA_POS_LIBRARY=$SEQURA_POS_ROOT/target/linux/$target/armed/libsequra_pos.so.1 \
    sh "$SEQURA_POS_ROOT/tests/c_player/build.sh" "$out/arm"
for program in player till first_sale own_tests; do
    cat > "$out/$program" <<END
#!/bin/sh
exec $qemu -L /usr/$tools "$out/arm/$program" "\$@"
END
    chmod +x "$out/$program"
done
