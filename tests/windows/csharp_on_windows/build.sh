#!/bin/sh
# build.sh OUT: what tests/csharp builds, run on .NET Core for Windows, under wine, with the 64-bit DLL.
# tests/windows asks for it, and has wine up. The runtime is that of a Python wheel, which is fetched once.
set -eu
out=$1
dll=$SEQURA_POS_ROOT/target/windows/x86_64-win7-windows-gnu/sequra_pos.dll

sh "$SEQURA_POS_ROOT/tests/csharp/build.sh" "$out"

runtime=$out/runtime/dotnetcore2/bin/dotnet.exe
"$SEQURA_POS_ROOT/scripts/tools.sh" "$out/pip" dotnet --platform win_amd64 --upgrade --target "$out/runtime" || {
    echo 'The .NET Core runtime for Windows (dotnetcore2, from the Python package index) cannot be had.' >&2
    exit 1
}

cat > "$out/runtimeconfig.json" <<'END'
{"runtimeOptions": {"framework": {"name": "Microsoft.NETCore.App", "version": "3.1.0"}}}
END
# As Windows writes it.
windows() { printf 'Z:%s' "$1" | tr / '\\'; }
for program in player till own_tests; do
    cat > "$out/$program" <<END
#!/bin/sh
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 COMPlus_EnableDiagnostics=0
export SEQURA_POS_LIBRARY='$(windows "$dll")'
export SEQURA_RUNTIME='$(windows "$runtime") exec --runtimeconfig $(windows "$out/runtimeconfig.json")'
exec /usr/lib/wine/wine64 "$runtime" exec --runtimeconfig "$out/runtimeconfig.json" "$out/$program.exe" "\$@"
END
    chmod +x "$out/$program"
done
