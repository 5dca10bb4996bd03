#!/bin/sh
# cmake.sh OUT: configures and builds find_package/ in fresh folders: cmake-installed, with the binding
# installed; cmake-here, with it where it is in the repository. CMake is silent unless it fails.
set -eu
out=$1
binding=$SEQURA_POS_ROOT/bindings/cpp
project=$SEQURA_POS_ROOT/tests/cpp/find_package

quietly() {
    "$@" > "$out/cmake.log" 2>&1 || { cat "$out/cmake.log"; exit 1; }
}
build() {
    folder=$1
    shift
    quietly cmake "$@" -B "$folder" -DCMAKE_BUILD_TYPE=Debug
    quietly cmake --build "$folder"
}

rm -rf "$out"/cmake-* "$out/prefix"
build "$out/cmake-binding" -S "$binding" -DSequraPos_LIBRARY="$out/libsequra_pos.so"
quietly cmake --install "$out/cmake-binding" --prefix "$out/prefix"
build "$out/cmake-installed" -S "$project" -DCMAKE_PREFIX_PATH="$out/prefix"
build "$out/cmake-here" -S "$project" -DSequraPos_DIR="$binding/cmake" -DSequraPos_LIBRARY="$out/libsequra_pos.so"

# Of a version that is not there yet, it is not found.
sed 's/SequraPos 0.1 /SequraPos 9.1 /' "$project/CMakeLists.txt" > "$out/cmake-binding/CMakeLists.txt"
if cmake -S "$out/cmake-binding" -B "$out/cmake-newer" -DCMAKE_PREFIX_PATH="$out/prefix" > "$out/cmake.log" 2>&1; then
    echo "version 9.1 is found"
    exit 1
fi
grep -q 'compatible with requested version "9.1"' "$out/cmake.log" || { cat "$out/cmake.log"; exit 1; }
