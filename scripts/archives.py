"""Archives of files that are sorted, belong to root and have one time: the same entries give the same bytes."""

import gzip
import io
import os
import tarfile
import time
import zipfile
from pathlib import Path
from typing import Dict, NamedTuple

from repository import EPOCH, ROOT, output


class Entry(NamedTuple):
    content: bytes = b""
    executable: bool = False
    link: str = ""


Entries = Dict[str, Entry]


def entry(path: Path) -> Entry:
    return Entry(path.read_bytes(), os.access(path, os.X_OK))


def write_tar_gz(path: Path, entries: Entries):
    with open(path, "wb") as file, \
            gzip.GzipFile("", "wb", 9, file, EPOCH) as packed, \
            tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, one in sorted(entries.items()):
            info = tarfile.TarInfo(name)
            info.mtime, info.uname, info.gname = EPOCH, "root", "root"
            info.mode = 0o755 if one.executable or one.link else 0o644
            if one.link:
                info.type, info.linkname = tarfile.SYMTYPE, one.link
            info.size = len(one.content)
            archive.addfile(info, io.BytesIO(one.content))


def write_zip(path: Path, entries: Entries):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, one in sorted(entries.items()):
            info = zipfile.ZipInfo(name, time.gmtime(EPOCH)[:6])
            info.create_system, info.compress_type = 3, zipfile.ZIP_DEFLATED
            info.external_attr = (0o100755 if one.executable else 0o100644) << 16
            archive.writestr(info, one.content)


def write_tree(folder: Path, entries: Entries):
    for name, one in entries.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if one.link:
            path.symlink_to(one.link)
        else:
            path.write_bytes(one.content)
            path.chmod(0o755 if one.executable else 0o644)


def tracked(*folders: str) -> Entries:
    """What git knows in these folders, as it is now: no leavings of a build."""
    names = output("git", "ls-files", "-z", "--", *folders).split("\0")
    return {name: entry(ROOT / name) for name in names if name and (ROOT / name).is_file()}
