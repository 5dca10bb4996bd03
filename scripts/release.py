#!/usr/bin/env python3
"""Gathers what a version publishes, from what make dist and make dist-arm have made: release.py TAG FOLDER

FOLDER, which is made, gets every package of dist/ and dist-arm/, the bills of materials that are in their archives, each under a name
of its own, SHA256SUMS over all of them, and in notes.md what CHANGELOG.md says of the version. SHA256SUMS is signed, as
SHA256SUMS.asc, if SEQURA_POS_SIGNING_KEY holds a private key of gpg's; the notes say if it is not. Where TAG is not the
version of Cargo.toml with a v, the changelog has nothing to say of it, or a package is not the one that was made, it fails.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

from repository import ROOT, VERSION

#: What has made the packages in which folder.
MADE = {"make dist": ROOT / "dist", "make dist-arm": ROOT / "dist-arm"}


def notes(changelog: str) -> str:
    """What the changelog says of the version."""
    found = re.search(rf"^## \[{re.escape(VERSION)}\][^\n]*\n(.+?)(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL)
    if not found or not found.group(1).strip():
        sys.exit(f"release: CHANGELOG.md has no section [{VERSION}]")
    return found.group(1).strip() + "\n"


def intact():
    """The packages, as they were made."""
    packages = []
    for command, folder in MADE.items():
        sums = folder / "SHA256SUMS"
        listed = dict(reversed(line.split("  ")) for line in sums.read_text().splitlines()) if sums.exists() else None
        there = {path.name: path for path in folder.iterdir() if path != sums} if sums.exists() else {}
        if listed != {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in there.items()}:
            sys.exit(f"release: {folder.name}/ is not what {command} has made")
        packages += [there[name] for name in sorted(there)]
    return packages


def bills(archive: Path):
    """(name, content) of the bills of materials in an archive."""
    platform = archive.name.replace(".tar.gz", "").replace(".zip", "")
    if archive.suffix == ".zip":
        with zipfile.ZipFile(archive) as packed:
            found = {name: packed.read(name) for name in packed.namelist() if name.endswith(".cdx.json")}
    else:
        with tarfile.open(archive) as packed:
            found = {info.name: packed.extractfile(info).read() for info in packed if info.name.endswith(".cdx.json")}
    return [(f"{platform}.{Path(name).name}", content) for name, content in sorted(found.items())]


def signed(sums: Path, key: str):
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "GNUPGHOME": home}
        subprocess.run(["gpg", "--batch", "--quiet", "--import"], input=key.encode(), env=environment, check=True)
        subprocess.run(["gpg", "--batch", "--armor", "--detach-sign", sums], env=environment, check=True)


def main():
    tag, folder = sys.argv[1], Path(sys.argv[2])
    if tag != f"v{VERSION}":
        sys.exit(f"release: the tag {tag} is not v{VERSION}, which Cargo.toml says")
    said = notes((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    folder.mkdir(parents=True)
    for package in intact():
        shutil.copy(package, folder)
        if re.match(rf"sequra-pos-{re.escape(VERSION)}-(linux|windows)", package.name):
            for name, content in bills(package):
                (folder / name).write_bytes(content)
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in sorted(folder.iterdir())]
    (folder / "SHA256SUMS").write_text("".join(sums))
    key = os.environ.get("SEQURA_POS_SIGNING_KEY")
    if key:
        signed(folder / "SHA256SUMS", key)
    else:
        said += "\nSHA256SUMS is not signed: it says whether a file arrived whole, not who made it.\n"
    (folder / "notes.md").write_text(said, encoding="utf-8")
    print(f"{len(sums)} files with their SHA256SUMS{', signed,' if key else ', not signed,'} in {folder}")


if __name__ == "__main__":
    main()
