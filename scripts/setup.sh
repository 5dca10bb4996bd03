#!/bin/sh
# Makes sure that the programs the commands of the Makefile need are there, and installs what is
# missing where it can (Debian and its like, as root). Usage: scripts/setup.sh PROGRAM...
set -eu

# Is it there? What is no program is asked for by the name of its package.
has() {
    case $1 in
        libjna-java) test -f "${JNA_JAR:-/usr/share/java/jna.jar}" ;;
        cargo-web | rustc-web) test -x /usr/bin/"${1%-web}" ;;
        rust-web-src) test -d /usr/lib/rustlib/src ;;
        wine64) test -x /usr/lib/wine/wine64 ;;
        python3-venv) python3 -c 'import ensurepip, venv' ;;
        *) command -v "$1" ;;
    esac >/dev/null 2>&1
}

missing=''
for program in "$@"; do
    has "$program" || missing="$missing $program"
done
[ -n "$missing" ] || exit 0

case " $missing " in *" cargo "*)
    echo "setup: cargo is missing. Install Rust 1.89 or later (rustup), then call make again." >&2
    exit 1
esac

packages=''
for program in $missing; do
    case $program in
        cc) packages="$packages gcc libc6-dev" ;;
        c++) packages="$packages g++" ;;
        mcs) packages="$packages mono-mcs libmono-i18n-west4.0-cil" ;;
        mono) packages="$packages mono-runtime" ;;
        javac) packages="$packages default-jdk-headless" ;;
        cobc) packages="$packages gnucobol" ;;
        x86_64-w64-mingw32-gcc-posix) packages="$packages gcc-mingw-w64-x86-64-posix" ;;
        i686-w64-mingw32-gcc-posix) packages="$packages gcc-mingw-w64-i686-posix" ;;
        x86_64-w64-mingw32-g++-posix) packages="$packages g++-mingw-w64-x86-64-posix" ;;
        i686-w64-mingw32-g++-posix) packages="$packages g++-mingw-w64-i686-posix" ;;
        llvm-dlltool) packages="$packages llvm" ;;
        lld-link) packages="$packages lld" ;;
        unshare) packages="$packages util-linux" ;;
        abidiff | abidw) packages="$packages abigail-tools" ;;
        dpkg-deb) packages="$packages dpkg" ;;
        fpc) packages="$packages fp-compiler fp-units-fcl" ;;
        nm | readelf) packages="$packages binutils" ;;
        *) packages="$packages $program" ;;
    esac
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "setup: installing$packages" >&2
    apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $packages >/dev/null
else
    echo "setup: please install$packages, then call make again." >&2
    exit 1
fi
