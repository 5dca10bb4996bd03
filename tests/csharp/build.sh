#!/bin/sh
# build.sh OUT: builds the assembly SequraPos as the oldest compilers would, and with it the player, the
# sample till and the own tests; programs run on Mono.
set -eu
out=$1
here=$(cd "$(dirname "$0")" && pwd)
binding=$SEQURA_POS_ROOT/bindings/csharp

compile() {
    mcs -langversion:5 -warn:4 -warnaserror -debug -nologo "$@"
}
compile -target:library -doc:"$out/SequraPos.xml" -out:"$out/SequraPos.dll" "$binding"/SequraPos/*.cs
compile -r:"$out/SequraPos.dll" -out:"$out/player.exe" "$here/Player.cs"
compile -r:"$out/SequraPos.dll" -out:"$out/till.exe" "$binding"/Till/*.cs
# The first sale as the README has it.
awk '/^```csharp$/ { inside = 1; next } /^```$/ && inside { exit } inside' "$binding/README.md" > "$out/FirstSale.cs"
compile -r:"$out/SequraPos.dll" -out:"$out/first_sale.exe" "$out/FirstSale.cs"
compile -r:"$out/SequraPos.dll" -r:"$out/first_sale.exe" -out:"$out/own_tests.exe" "$here"/OwnTests/*.cs

# The window, where Mono has Windows Forms.
compile -target:exe -r:"$out/SequraPos.dll" -r:System.Windows.Forms.dll -r:System.Drawing.dll -out:"$out/screen.exe" \
    "$binding"/WinForms/ScreenTill.cs

for program in player till first_sale own_tests screen; do
    cat > "$out/$program" <<END
#!/bin/sh
SEQURA_RUNTIME="mono --debug" exec mono --debug "$out/$program.exe" "\$@"
END
    chmod +x "$out/$program"
done
