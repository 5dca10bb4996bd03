#!/bin/sh
# build.sh OUT: builds the wheel of this platform, and installs it into a fresh virtual environment,
# which has nothing else. Another Python than python3: PYTHON=python3.7.
set -eu
out=$1
here=$(cd "$(dirname "$0")" && pwd)
python=${PYTHON:-python3}

# What builds the wheel; kept from run to run.
PYTHON=python3 "$SEQURA_POS_ROOT/scripts/tools.sh" "$out/tools" wheel

# Of a copy: a build leaves files beside its sources.
rm -rf "$out/source" "$out/wheel"
cp -R "$SEQURA_POS_ROOT/bindings/python" "$out/source"
"$out/tools/bin/pip" wheel --quiet --disable-pip-version-check --no-index --no-deps --no-build-isolation \
    --wheel-dir "$out/wheel" "$out/source"

rm -rf "$out/venv"
"$python" -m venv "$out/venv"
"$out/venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-index "$out"/wheel/*.whl
cp "$SEQURA_POS_ROOT/bindings/python/till.py" "$out/till.py"

# What checks the types of programs that use it.
PYTHON=python3 "$SEQURA_POS_ROOT/scripts/tools.sh" "$out/mypy" mypy

# SEQURA_POS_LIBRARY is taken away: the library in the wheel is the one that serves.
program() {
    cat > "$out/$1" <<END
#!/bin/sh
$3
exec "$out/venv/bin/python" -B -X dev "$2" "\$@"
END
    chmod +x "$out/$1"
}
program player "$here/player.py" 'unset SEQURA_POS_LIBRARY'
cp "$SEQURA_POS_ROOT/bindings/python/server.py" "$out/server.py"
program server "$out/server.py" 'unset SEQURA_POS_LIBRARY'
program till "$out/till.py" 'unset SEQURA_POS_LIBRARY'
# The first sale as the README has it.
awk '/^```python$/ { inside = 1; next } /^```$/ && inside { exit } inside' "$SEQURA_POS_ROOT/bindings/python/README.md" > "$out/first_sale.py"
program first_sale "$out/first_sale.py" 'unset SEQURA_POS_LIBRARY'
program own_tests "$here/own_tests.py" ''
