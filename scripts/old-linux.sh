# Sourced by what builds for Linux systems older than this one, before scripts/shipped.sh: what is built loads from
# glibc 2.28 on (Debian 10, RHEL 8). Zig is the linker, as it has the symbols of every glibc; cargo-zigbuild, which tells
# cargo so, is looked for in the PATH (scripts/dist.py installs both). C is compiled by the target's gcc, which makes less
# of SQLite; what it names of a newer glibc does not link. The targets are
#
#   x86_64-unknown-linux-gnu, aarch64-unknown-linux-gnu, armv7-unknown-linux-gnueabihf
#
# Sets for cargo: $standard, $flags and where it builds; $oldest, which follows a target's name; tools_of TARGET says
# what the names of its compiler and binutils begin with.
. scripts/standard.sh
oldest=.2.28
export SEQURA_POS_FOR_OLD_GLIBC=1 CARGO_TARGET_DIR="$PWD/target/linux-build"
tools_of() {
    case $1 in
        x86_64-*) ;;
        aarch64-*) echo aarch64-linux-gnu- ;;
        armv7-*) echo arm-linux-gnueabihf- ;;
    esac
}
for target in x86_64-unknown-linux-gnu aarch64-unknown-linux-gnu armv7-unknown-linux-gnueabihf; do
    name=$(echo "$target" | tr - _)
    export "CC_$name=$(tools_of "$target")gcc" "AR_$name=$(tools_of "$target")ar"
done
# With a frame pointer the tables for unwinding are a third smaller; what never unwinds has none.
flags="$small -Zunstable-options -Cforce-frame-pointers=non-leaf -Cforce-unwind-tables=no"
