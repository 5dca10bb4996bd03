#!/bin/sh
# build.sh OUT: compiles the binding into a jar, and the first sale, the player and the own tests against it,
# for Java 8 and with javac alone. JNA is Debian's, or JNA_JAR.
set -eu
out=$1
here=$(cd "$(dirname "$0")" && pwd)
binding=$SEQURA_POS_ROOT/bindings/java
jna=${JNA_JAR:-/usr/share/java/jna.jar}

compile() {
    classes=$1
    path=$2
    shift 2
    rm -rf "$classes"
    mkdir -p "$classes"
    javac --release 8 -Xlint:all -Xlint:-options -Xdoclint:html,reference,syntax -Werror -encoding UTF-8 \
        -cp "$path" -d "$classes" "$@"
}

compile "$out/classes" "$jna" "$binding"/src/main/java/org/sequrapos/*.java
jar cf "$out/sequra-pos.jar" -C "$out/classes" .
compile "$out/sample-classes" "$out/sequra-pos.jar" "$binding"/sample/*.java
compile "$out/test-classes" "$out/sequra-pos.jar:$jna" "$here"/*.java

program() {
    cat > "$out/$1" <<END
#!/bin/sh
exec java -Xshare:auto -XX:TieredStopAtLevel=1 -cp "$out/$2:$out/sequra-pos.jar:$jna" $3 "\$@"
END
    chmod +x "$out/$1"
}
program player test-classes Player
program first_sale sample-classes FirstSale
program own_tests test-classes OwnTests
program screen sample-classes SwingTill
