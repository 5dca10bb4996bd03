"""The languages that have a binding: where they are, built once for each run."""

import functools
import os
import re
import subprocess
import sys
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tests" / "python"))
# Not the release build that may be there too: that one does not panic on demand.
os.environ.setdefault("SEQURA_POS_LIBRARY", "target/debug/libsequra_pos.so")

import abi  # noqa: E402: they are in the folder just named
import simulator  # noqa: E402, F401: for the tests

#: Where the languages are built, each into a folder of its own.
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve() / "bindings"

#: Nothing is built again: `python3 languages.py` has built everything, and what is to be tried is not the building.
BUILT = "SEQURA_BINDINGS_BUILT" in os.environ

#: The languages that have no whole till but a first sale: its source, in bindings/<language>.
FIRST_SALES = {"cobol": "first_sale.cob", "cpp": "first_sale.cpp", "java": "sample/FirstSale.java"}

#: What builds, players, tills and own tests may rely on. A make that calls these tests has no say in theirs.
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith(("SEQURA_", "MAKE", "MFLAGS"))},
    "SEQURA_POS_ROOT": str(ROOT),
    "SEQURA_POS_LIBRARY": str(abi.LIBRARY),
}


class Language:
    """A language with a build.sh."""

    def __init__(self, script: Path):
        #: tests/python and tests/c are suites of the C ABI: the languages are in python_binding and c_player.
        self.name = re.sub("_(binding|player)$", "", script.parent.name)
        self.script = script
        self.out = TARGET / self.name

    @functools.lru_cache(maxsize=None)
    def build(self):
        """Builds it, once; raises where that fails or says anything."""
        if BUILT:
            return
        self.out.mkdir(parents=True, exist_ok=True)
        built = subprocess.run(["sh", self.script, self.out], env=ENVIRONMENT, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        assert built.returncode == 0, f"{self.script} ended with {built.returncode}:\n{built.stdout}"
        assert not built.stdout, f"{self.script} is not quiet:\n{built.stdout}"

    def program(self, name: str) -> list:
        """The command of its `player`, `till` or `first_sale`, or `own_tests`."""
        self.build()
        path = self.out / name
        assert path.exists(), f"{self.script} leaves no {name}"
        return [str(path)]

    def __repr__(self):
        return self.name


class Reference(Language):
    """What all languages are compared with: the C ABI by plain ctypes, and the till in C."""

    def __init__(self):
        self.name = "reference"
        self.out = TARGET / self.name

    @functools.lru_cache(maxsize=None)
    def build(self):
        if BUILT:
            return
        self.out.mkdir(parents=True, exist_ok=True)
        # Linked by its name, as a till is: the name that the library gives itself is found beside it.
        for name in ("libsequra_pos.so", "libsequra_pos.so.1"):
            (self.out / name).unlink(missing_ok=True)
            (self.out / name).symlink_to(abi.LIBRARY)
        subprocess.run(["make", "-s", "-C", ROOT / "bindings/c", f"LIB_DIR={self.out}", f"OUT={self.out}",
                        f"{self.out}/till"], check=True, env=ENVIRONMENT)

    def program(self, name: str) -> list:
        if name == "player":
            return [sys.executable, "-B", str(HERE / "reference.py")]
        self.build()
        return [str(self.out / name)]


REFERENCE = Reference()


def find() -> list:
    """The languages asked for: all, or those that SEQURA_BINDINGS names."""
    wanted = os.environ.get("SEQURA_BINDINGS")
    # Those deeper down need more than most machines have, and must be asked for.
    scripts = (ROOT / "tests").glob("**/build.sh" if wanted else "*/build.sh")
    languages = [Language(script) for script in sorted(scripts)]
    if not wanted:
        return languages
    names = wanted.split(",")
    unknown = set(names) - {language.name for language in languages}
    assert not unknown, f"SEQURA_BINDINGS names {', '.join(sorted(unknown))}: there is no such tests/*/build.sh"
    return [language for language in languages if language.name in names]


def each(*others: Language, only=None, without=()):
    """Decorator of a test case: every test of it becomes one test for each language, and for `others`.

    `only`: the names of the languages it is about, if not all; `without`: those it is not about.
    """

    def decorate(case):
        tests = [name for name in dir(case) if name.startswith("test")]
        for test in tests:
            function = getattr(case, test)
            for language in (*others, *(one for one in find() if (only is None or one.name in only) and one.name not in without)):
                def run(self, function=function, language=language):
                    self.language = language
                    function(self)
                run.__doc__ = function.__doc__
                setattr(case, f"{test}__{language.name}", run)
            delattr(case, test)
        return case

    return decorate


class Case(unittest.TestCase):
    """A test of one language, which `each` sets."""

    maxDiff = None
    language: Language


if __name__ == "__main__":
    for one in (REFERENCE, *find()):
        print(one, flush=True)
        one.build()
