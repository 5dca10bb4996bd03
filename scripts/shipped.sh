# Sourced by what builds for others: no path of this machine is to stand in what is shipped, so that
# every machine builds the same bytes. Panics name their source, and what is compiled from C may. Writes
# for cargo: --config target/shipped.toml, with what is in $flags for rustc
mkdir -p target
cargo fetch --quiet --locked
crates=${CARGO_HOME:-$HOME/.cargo}
sysroot=$(${RUSTC:-rustc} --print sysroot)
{
    # On top of the flags in .cargo/config.toml, of which RUSTFLAGS would take the place.
    echo "[target.'cfg(all())']"
    echo 'rustflags = ['
    # shellcheck disable=SC2086
    [ -z "${flags:-}" ] || printf "  '%s',\n" $flags
    CFLAGS=${CFLAGS:-}
    # Of two that fit, the later one holds.
    for renamed in "$HOME=/home" "$crates=/cargo" "$sysroot=/rust" "$PWD=/sequra-pos" "${CARGO_TARGET_DIR:-$PWD/target}=/target" \
        "$crates"/registry/src/*; do
        case $renamed in */registry/src/*) renamed=$renamed=/crates ;; esac
        printf "  '--remap-path-prefix=%s',\n" "$renamed"
        CFLAGS="$CFLAGS -ffile-prefix-map='$renamed'"
    done
    echo ']'
    if [ -n "${standard:-}" ]; then
        echo '[profile.release.package."*"]'
        echo 'rustflags = ["-Zlocation-detail=none"]'
    fi
} > target/shipped.toml
# Added by what compiles C to the flags of the target; in quotes, as a folder may have blanks in its name.
export CFLAGS CC_SHELL_ESCAPED_FLAGS=1
