"""Looks for shoppers in all that lies at rest outside the tills' own journals."""

import base64
import os
from pathlib import Path

from tills import MARKS


def forms(mark: str) -> list:
    """As what a name may be written down."""
    raw = mark.encode()
    # In base64 the letters depend on where the text begins; those that hang together with its neighbours are left out.
    encoded = []
    for at in range(3):
        text = base64.b64encode(b"\0" * at + raw)[:(at + len(raw)) // 3 * 4]
        encoded.append(text[4:] if at else text)
    return [raw, raw.upper(), raw.lower(), raw.hex().encode(), raw.hex().upper().encode(), raw.decode().encode("utf-16-le"),
            *(text for text in encoded if len(text) > 7)]


def files(folder) -> list:
    return [Path(place) / name for place, _, names in os.walk(folder) for name in names]


def at_rest(world) -> list:
    """The office's and the database's files, a dump, and the forwarders' own."""
    world.pg.sql("CHECKPOINT", "postgres")
    dump = world.folder / "dump.sql"
    dump.write_bytes(world.pg.dump())
    found = [*files(world.pg.folder), dump, *files(world.keys)]
    for office in world.offices:
        found += files(office.folder)
    for disk in world.disks:
        if not disk.destroyed:
            found += files(disk.forwarder.folder)
            found += [path for path in disk.folder.iterdir() if path.is_file() and not path.name.startswith("till.journal")]
            found += [disk.folder / "till.journal-forwarded"]
    return [path for path in found if path.is_file()]


def found(paths) -> list:
    """Which mark stands where."""
    looked_for = [(mark, form) for mark in MARKS for form in forms(mark)]
    wrong = []
    for path in paths:
        data = path.read_bytes()
        wrong += [f"{path}: {mark} as {form!r}" for mark, form in looked_for if form in data]
    return wrong
