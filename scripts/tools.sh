#!/bin/sh
# Installs the tools of a list that come from the Python package index:
# scripts/tools.sh FOLDER LIST [PIP'S OPTIONS], into the environment in FOLDER, which is made where it is
# not there. LIST is one of scripts/tools/, and names each file's sum: pip takes no other file. Nothing is
# built from sources, as what builds them would come without one. What was installed stays.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$1
list=$here/tools/$2.txt
shift 2
! cmp -s "$list" "$folder/tools.txt" || exit 0
"${PYTHON:-python3}" -m venv --clear "$folder"
"$folder/bin/pip" install --quiet --disable-pip-version-check --require-hashes --no-deps --only-binary :all: \
    --requirement "$list" "$@"
cp "$list" "$folder/tools.txt"
