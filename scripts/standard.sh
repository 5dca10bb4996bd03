# Sourced by what builds the packages' libraries, before scripts/shipped.sh: Debian's Rust, which builds the
# standard library too, from its own sources. It is optimized for size together with all that uses it, and is
# without the part that prints backtraces, which nobody would see. Where something panics is said of our own
# sources alone, and of a value no more than its kind is printed for debugging: 70 KB. Functions of up to 12
# of LLVM's units are inlined, which is the least code, and 8 % less to do than with none.
# Sets for cargo: $standard; for rustc: $small
export RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc CARGO=/usr/bin/cargo
standard='-Zbuild-std=std,panic_unwind -Zbuild-std-features=optimize_for_size -Zprofile-rustflags'
small='-Cllvm-args=-inline-threshold=12 -Zfmt-debug=shallow'
