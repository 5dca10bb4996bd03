#!/bin/sh
# Cargo, with all that it compiles and runs under a sanitizer: sanitized.sh address|thread SUBCOMMAND ARGUMENT... Rust and C
# alike, SQLite too; the programs of tests/c are compiled so by tests/support/c.rs, which the environment tells. What is
# built is in target/address and target/thread.
#
# A report is not only the failure of the program that it is about, which a test may have expected to die anyway: it is a
# file, too, and this script fails where there is one.
#
# The run-time is clang's, so that a C program and the library that it loads have the same one. What ThreadSanitizer has not
# seen it takes for missing: the standard library is built under it as well, from Debian's sources, as for the Windows DLLs.
set -eu
cd "$(dirname "$0")/.."
sanitizer=$1 subcommand=$2
shift 2
folder=$PWD/target/$sanitizer
reports=$folder/reports
rm -rf "$reports"
mkdir -p "$reports"

export RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR="$folder" SEQURA_POS_SANITIZER="$sanitizer"
export CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER=clang
export CC_x86_64_unknown_linux_gnu=clang CXX_x86_64_unknown_linux_gnu=clang++
export CFLAGS_x86_64_unknown_linux_gnu="-fsanitize=$sanitizer -g -O1 -fno-omit-frame-pointer"
# What is drawn by chance is drawn often enough in make test.
export PROPTEST_CASES=16
RUSTFLAGS="-Zsanitizer=$sanitizer -Zexternal-clangrt -Clink-arg=-fsanitize=$sanitizer"
cargo=cargo standard=''
case $sanitizer in
    address)
        asks=__asan_init
        export ASAN_OPTIONS="log_path=$reports/of:detect_stack_use_after_return=1"
        ;;
    thread)
        asks=__tsan_init cargo=/usr/bin/cargo standard='-Zbuild-std=std,panic_unwind'
        clang -O1 -fno-builtin -fPIC -c tests/c/thread_memory.c -o "$folder/thread_memory.o"
        RUSTFLAGS="$RUSTFLAGS -Clink-arg=$folder/thread_memory.o"
        export RUSTC=/usr/bin/rustc
        export TSAN_OPTIONS="log_path=$reports/of:suppressions=$PWD/tests/c/threads.supp:print_suppressions=0"
        ;;
esac
export RUSTFLAGS
status=0
"$cargo" "$subcommand" --target x86_64-unknown-linux-gnu $standard "$@" || status=$?
for report in "$reports"/*; do
    [ -e "$report" ] || continue
    printf '\n== %s\n' "$report" >&2
    cat "$report" >&2
    status=1
done
# Nothing else would tell that SQLite is not watched: a race or an overrun in it is no part of any test.
for sqlite in "$folder"/x86_64-unknown-linux-gnu/debug/build/libsqlite3-sys-*/out/libsqlite3.a; do
    nm "$sqlite" | grep -q "U $asks" || { echo "sanitized: $sqlite is not instrumented" >&2; status=1; }
done
exit $status
