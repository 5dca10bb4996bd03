#!/bin/sh
# Makes sure that the programs the commands of the Makefile need are there, and installs what is
# missing where it can (Debian and its like, as root). Usage: scripts/setup.sh PROGRAM...
set -eu

# What is unpacked here, and not installed.
unpacked=$(dirname "$0")/../target/tools/

# Does the C compiler find this header?
finds() {
    echo "#include <$1>" | cc -E -
}

# Is it there? What is no program is asked for by the name of its package.
has() {
    case $1 in
        libjna-java) test -f "${JNA_JAR:-/usr/share/java/jna.jar}" ;;
        cargo-web | rustc-web) test -x /usr/bin/"${1%-web}" ;;
        rust-web-src) test -d /usr/lib/rustlib/src ;;
        wine64) test -x /usr/lib/wine/wine64 ;;
        libcjson-dev) finds cjson/cJSON.h ;;
        libx11-dev) finds X11/Xlib.h ;;
        libmono-system-windows-forms4.0-cil) test -f /usr/lib/mono/4.5/System.Windows.Forms.dll ;;
        default-jre) test -f "$(dirname "$(readlink -f "$(command -v java)")")/../lib/libawt_xawt.so" ;;
        libclang-rt-dev) test -f "$(clang --print-file-name=libclang_rt.tsan-x86_64.a)" ;;
        libcurl4-openssl-dev) finds curl/curl.h ;;
        libsqlite3-dev) finds sqlite3.h ;;
        postgresql) ls /usr/lib/postgresql/*/bin/initdb ;;
        nginx) command -v nginx || test -x "${unpacked}nginx/usr/sbin/nginx" ;;
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

packages='' lean='' server='' database=''
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
        aarch64-linux-gnu-g++) packages="$packages g++-aarch64-linux-gnu" ;;
        arm-linux-gnueabihf-g++) packages="$packages g++-arm-linux-gnueabihf" ;;
        qemu-aarch64 | qemu-arm) packages="$packages qemu-user" ;;
        llvm-dlltool | llvm-symbolizer) packages="$packages llvm" ;;
        lld-link) packages="$packages lld" ;;
        Xvfb) packages="$packages xvfb" ;;
        unshare) packages="$packages util-linux" ;;
        abidiff | abidw) packages="$packages abigail-tools" ;;
        dpkg-deb) packages="$packages dpkg" ;;
        fpc) packages="$packages fp-compiler fp-units-fcl" ;;
        nginx) server=nginx ;;
        postgresql) database=postgresql ;;
        # What they recommend is a desktop; but for the letters.
        chromium) lean="$lean chromium fonts-liberation" ;;
        chromedriver) lean="$lean chromium-driver" ;;
        nm | readelf) packages="$packages binutils" ;;
        *) packages="$packages $program" ;;
    esac
done
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "setup: please install$packages$lean $server $database, then call make again." >&2
    exit 1
fi
apt-get update -qq >/dev/null
if [ -n "$packages" ]; then
    echo "setup: installing$packages" >&2
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $packages >/dev/null
fi
if [ -n "$lean" ]; then
    echo "setup: installing$lean" >&2
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $lean >/dev/null
fi
# Only its programs: no cluster is made, and so none is started.
if [ -n "$database" ]; then
    echo "setup: installing $database" >&2
    mkdir -p /etc/postgresql-common
    test -e /etc/postgresql-common/createcluster.conf ||
        echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.conf
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $database >/dev/null
fi
# Installed, a server would be started, now and with the machine; this one is for the time of a test.
if [ -n "$server" ]; then
    echo "setup: unpacking $server" >&2
    mkdir -p "$unpacked$server"
    cd "$unpacked$server"
    apt-get download -qq -o APT::Sandbox::User=root $server
    dpkg-deb --extract ./*.deb .
    rm ./*.deb
fi
