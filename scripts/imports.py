#!/usr/bin/env python3
"""Which functions of Windows a program or DLL imports, held against a list of those it may.

    imports.py FILE...                 lists them, in the form of the list
    imports.py --allowed LIST FILE...  fails if one is not in the list

The list has a DLL's name in brackets, and under it the functions allowed of that DLL, one a line,
perhaps with a remark behind it; # begins a comment. Delayed imports count like others.
"""

import argparse
import pathlib
import struct
import sys

PE32, PE32_PLUS = 0x10B, 0x20B
IMPORTS, DELAYED_IMPORTS = 1, 13


class BadFile(Exception):
    """Not a PE file, or one that does not hold what it says."""


class Image:
    """A PE file, as far as its imports: offsets as in the "PE Format" of Microsoft's documentation."""

    def __init__(self, content):
        self.content = content
        header = self.number("<I", 0x3C)
        if content[:2] != b"MZ" or content[header : header + 4] != b"PE\0\0":
            raise BadFile("not a PE file")
        sections = self.number("<H", header + 6)
        optional = header + 24
        self.wide = self.number("<H", optional) == PE32_PLUS
        if not self.wide and self.number("<H", optional) != PE32:
            raise BadFile("neither PE32 nor PE32+")
        self.base = self.number("<Q", optional + 24) if self.wide else self.number("<I", optional + 28)
        self.directories = optional + (112 if self.wide else 96)
        self.directory_count = self.number("<I", self.directories - 4)
        table = optional + self.number("<H", header + 20)
        # Of each: where it is in memory, how long it is in the file, where it is in the file.
        self.sections = [struct.unpack_from("<III", content, table + 40 * i + 12) for i in range(sections)]

    def number(self, kind, offset):
        try:
            return struct.unpack_from(kind, self.content, offset)[0]
        except struct.error:
            raise BadFile("it ends too early") from None

    def offset(self, address):
        for memory, length, file in self.sections:
            if memory <= address < memory + length:
                return file + address - memory
        raise BadFile(f"nothing is at {address:#x}")

    def text(self, address):
        start = self.offset(address)
        return self.content[start : self.content.index(b"\0", start)].decode("ascii")

    def directory(self, which):
        """Where a table is; None where there is none."""
        if which >= self.directory_count:
            return None
        address = self.number("<I", self.directories + 8 * which)
        return self.offset(address) if address else None

    def names(self, address):
        """The functions of a table of names; #N for one that is imported by its number."""
        kind, size, by_number = ("<Q", 8, 1 << 63) if self.wide else ("<I", 4, 1 << 31)
        at = self.offset(address)
        while entry := self.number(kind, at):
            yield f"#{entry & 0xFFFF}" if entry & by_number else self.text(entry + 2)
            at += size

    def imports(self):
        """Pairs of DLL and function."""
        at = self.directory(IMPORTS)
        while at is not None and (name := self.number("<I", at + 12)):
            # Some linkers leave out the first of the two tables.
            table = self.number("<I", at) or self.number("<I", at + 16)
            yield from ((self.text(name), function) for function in self.names(table))
            at += 20
        at = self.directory(DELAYED_IMPORTS)
        while at is not None and (name := self.number("<I", at + 4)):
            # Of old, addresses in memory were written here.
            base = 0 if self.number("<I", at) & 1 else self.base
            table = self.number("<I", at + 16)
            yield from ((self.text(name - base), function) for function in self.names(table - base))
            at += 32


def read(path):
    try:
        return sorted(set(Image(pathlib.Path(path).read_bytes()).imports()), key=by_dll)
    except BadFile as error:
        sys.exit(f"{path}: {error}")


def by_dll(pair):
    return pair[0].lower(), pair[1]


def allowed(path):
    """The pairs of a list; DLLs' names do not depend on case."""
    pairs, dll = set(), None
    for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines():
        words = line.split("#", 1)[0].split()
        if words and words[0].startswith("["):
            dll = words[0].strip("[]").lower()
        elif words:
            pairs.add((dll, words[0]))
    return pairs


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--allowed", metavar="LIST")
    parser.add_argument("files", nargs="+", metavar="FILE")
    options = parser.parse_args()
    if options.allowed is None:
        last = None
        for dll, function in sorted({pair for path in options.files for pair in read(path)}, key=by_dll):
            if dll != last:
                print(f"[{dll}]")
            last = dll
            print(function)
        return 0
    known = allowed(options.allowed)
    wrong = 0
    for path in options.files:
        found = read(path)
        for dll, function in found:
            if (dll.lower(), function) not in known:
                print(f"{path} imports {function} of {dll}, which is not in {options.allowed}", file=sys.stderr)
                wrong = 1
        print(f"{path}: {len(found)} imports of {len({dll.lower() for dll, _ in found})} DLLs")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
