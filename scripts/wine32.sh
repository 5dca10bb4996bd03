#!/bin/sh
# Makes an i386 Debian with a 32-bit wine, where it is not there yet: scripts/wine32.sh [FOLDER], which
# is target/wine32 if not said. The 32-bit DLL is tested in it, as the packages of a 32-bit wine cannot
# be installed beside those of this system.
set -eu
cd "$(dirname "$0")/.."
tree=${1:-target/wine32}

# Also to run something in it.
if [ "$(id -u)" != 0 ]; then
    echo 'wine32: chroot and mount need root: please call make again as root.' >&2
    exit 1
fi
unshare -m true || {
    echo 'wine32: no mount namespace can be made (unshare -m): in a container this needs CAP_SYS_ADMIN.' >&2
    exit 1
}

# What was begun and never finished is not taken for it.
[ ! -x "$tree/usr/lib/wine/wine" ] || exit 0
rm -rf "$tree.new"
mkdir -p "$tree.new"
echo "wine32: making $tree, which takes some minutes and 900 MB" >&2
# What it mounts goes with the namespace.
unshare -m debootstrap --arch=i386 --variant=minbase --include=wine32 bookworm "$tree.new" \
    > "$tree.log" 2>&1 || {
    tail -n 20 "$tree.log" >&2
    exit 1
}
# The simulator's address.
echo '127.0.0.1 localhost' > "$tree.new/etc/hosts"
rm -rf "$tree.new/var/cache/apt/archives" "$tree"
mv "$tree.new" "$tree"
