#!/usr/bin/env python3
"""Writes what a library promises to the programs that were linked with it: abi.py LIBRARY > abi/1/sequra_pos.abi

In the form of abidw, which abidiff compares with a library (tests/library/abi.rs), but only the functions of the
header and the types that they take and give: what else stands in the debug information is ours to
change, and says where on which machine it was compiled. The library is one with debug information.
"""

import subprocess
import sys
import xml.etree.ElementTree as ElementTree

ABIDW = ["abidw", "--no-corpus-path", "--no-show-locs", "--no-comp-dir-path", "--drop-private-types"]


def types_of(element):
    """The types that this declaration, or anything in it, is made of, in order."""
    return [each.get("type-id") for each in element.iter() if "type-id" in each.attrib]


def record(library):
    said = subprocess.run([*ABIDW, library], stdout=subprocess.PIPE, check=True).stdout
    corpus = ElementTree.fromstring(said)
    functions = [each for each in corpus.iter("function-decl") if each.get("elf-symbol-id", "").startswith("sq_")]
    functions.sort(key=lambda each: each.get("name"))
    # The types stand at all depths, in the namespaces of the crate.
    types = {each.get("id"): each for each in corpus.iter() if "id" in each.attrib}
    needed = [each for function in functions for each in types_of(function)]
    for each in needed:  # which grows meanwhile
        needed += [more for more in types_of(types[each]) if more not in needed]
    needed = list(dict.fromkeys(needed))

    for unit in corpus.findall("abi-instr"):
        corpus.remove(unit)
    unit = ElementTree.SubElement(corpus, "abi-instr", {"address-size": "64", "path": "src/ffi", "language": "LANG_Rust"})
    unit.extend([types[each] for each in needed] + functions)
    # Numbers of our own: those of abidw depend on all that was left out.
    numbers = {}
    for each in unit.iter():
        for key in ("id", "type-id"):
            if key in each.attrib:
                each.set(key, numbers.setdefault(each.get(key), f"type-id-{1 + len(numbers)}"))
    ElementTree.indent(corpus)
    return ElementTree.tostring(corpus, encoding="unicode") + "\n"


if __name__ == "__main__":
    sys.stdout.write(record(*sys.argv[1:]))
