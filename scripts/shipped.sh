# Sourced by what builds for others: no path of this machine is to stand in what is shipped, so that
# every machine builds the same bytes. Panics would name the sources by where cargo keeps them.
cargo fetch --quiet --locked
for folder in "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*; do
    RUSTFLAGS="${RUSTFLAGS:-} --remap-path-prefix=$folder=/crates"
done
export RUSTFLAGS
