#!/bin/sh
# build.sh OUT: what tests/csharp builds, run on .NET Core: one assembly for both. The runtime is that of a Python
# wheel, which is fetched once.
set -eu
out=$1
here=$(cd "$(dirname "$0")" && pwd)

sh "$here/../csharp/build.sh" "$out"

"$here/../../scripts/tools.sh" "$out/runtime" dotnet || {
    echo 'The .NET Core runtime (dotnetcore2, from the Python package index) cannot be had: its tests cannot run.' >&2
    exit 1
}
runtime=$(find "$out/runtime" -path '*/dotnetcore2/bin/dotnet')

cat > "$out/runtimeconfig.json" <<'END'
{"runtimeOptions": {"framework": {"name": "Microsoft.NETCore.App", "version": "3.1.0"}}}
END
# Without ICU, and without leaving sockets for debuggers behind when it is killed.
for program in player till own_tests; do
    cat > "$out/$program" <<END
#!/bin/sh
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 COMPlus_EnableDiagnostics=0
export SEQURA_RUNTIME="$runtime exec --runtimeconfig $out/runtimeconfig.json"
exec "$runtime" exec --runtimeconfig "$out/runtimeconfig.json" "$out/$program.exe" "\$@"
END
    chmod +x "$out/$program"
done
