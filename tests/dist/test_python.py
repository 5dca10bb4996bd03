"""The wheels, chosen by pip itself and installed into an environment that has nothing else; the package of sources."""

import contextlib
import os
import re
import shutil
import sys
import unittest
from email import message_from_bytes
from pathlib import Path

from stranger import ARM, CLEAN, DIST, ROOT, VERSION, WORK, Case, contents, package, run, sample

WHEELS = ["manylinux_2_28_aarch64", "manylinux_2_28_armv7l"] if ARM else ["win32", "win_amd64", "manylinux_2_28_x86_64"]
README = ROOT / "bindings" / "python" / "README.md"


def pythons():
    """(version, program) of each Python at hand that the package is for and that makes environments."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for program in {sys.executable, *pyenv.glob("*/bin/python3"), *(f"python3.{minor}" for minor in range(7, 30))}:
        with contextlib.suppress(AssertionError, OSError):
            version = tuple(map(int, run(program, "-c", "import sys, ensurepip, venv; print(*sys.version_info[:2])").split()))
            if version >= (3, 7):
                yield version, str(program)


class Wheels(unittest.TestCase):
    """Of any platform."""

    def test_the_wheel_that_pip_chooses_elsewhere(self):
        for platform in WHEELS:
            folder = WORK / "wheels" / platform
            shutil.rmtree(folder, ignore_errors=True)
            run(sys.executable, "-m", "pip", "download", "--no-index", "--find-links", DIST, "--no-deps", "--only-binary", ":all:",
                "--platform", platform, "--python-version", "3.8", "--dest", folder, "sequra-pos")
            self.assertEqual([f"sequra_pos-{VERSION}-py3-none-{platform}.whl"], [path.name for path in folder.iterdir()])

    def test_what_a_wheel_says_of_itself(self):
        there = sorted(DIST.glob("*.whl"))
        self.assertEqual(len(WHEELS), len(there))
        for path in there:
            with self.subTest(path.name):
                files = contents(path)
                info = f"sequra_pos-{VERSION}.dist-info"
                tag = message_from_bytes(files[f"{info}/WHEEL"])
                self.assertEqual((path.stem.split("-", 2)[2], "false"), (tag["Tag"], tag["Root-Is-Purelib"]))
                told = message_from_bytes(files[f"{info}/METADATA"])
                self.assertEqual((VERSION, ">=3.7"), (told["Version"], told["Requires-Python"]))
                self.assertIsNone(told["Requires-Dist"])
                # One native library, under the name that the package looks for.
                native = [name for name in files if re.search(r"\.(so|dll)", name)]
                self.assertEqual(["sequra_pos/" + ("sequra_pos.dll" if "win" in tag["Tag"] else "libsequra_pos.so")], native)
                for licence in ["MIT", "APACHE", "THIRD-PARTY.txt"]:
                    self.assertIn(f"{info}/licenses/LICENSE-{licence}", files)


class Python(Case):
    def environment(self, python=sys.executable):
        """A fresh virtual environment; its Python."""
        run(python, "-m", "venv", self.folder / "venv")
        return self.folder / "venv" / "bin" / "python"

    def installed(self, python):
        run(python, "-m", "pip", "install", "--no-index", "--find-links", DIST, "--only-binary", ":all:", "sequra-pos")
        self.assertIn(f"sequra-pos=={VERSION}", run(python, "-m", "pip", "freeze").replace("_", "-"))

    def first_sale(self, python):
        (self.folder / "first_sale.py").write_text(sample(README, "python"), encoding="utf-8")
        self.sell([python, "first_sale.py", "till.json", "order.json", "R-100"])
        where = run(python, "-c", "import sequra_pos; print(sequra_pos.__file__)", cwd=self.folder)
        self.assertTrue(where.startswith(str(self.folder)), where)

    def test_the_wheel_that_pip_chooses_here(self):
        python = self.environment()
        self.installed(python)
        self.first_sale(python)

    def test_the_oldest_python_at_hand(self):
        version, oldest = min(pythons())
        print(f"oldest Python at hand: {version[0]}.{version[1]}", flush=True)
        python = self.environment(oldest)
        self.installed(python)
        self.first_sale(python)

    def test_the_sources_make_a_wheel_with_a_library_of_ones_own(self):
        python = self.environment()
        # What builds wheels is fetched from where pip gets everything; here it is there already.
        tools = ROOT / "target" / "tools" / "python" / "bin" / "pip"
        words = ["wheel", "--no-index", "--no-deps", "--no-build-isolation", "--wheel-dir", self.folder, package("sequra_pos-*.tar.gz")]
        with self.assertRaisesRegex(AssertionError, "name it with SEQURA_POS_LIBRARY"):
            run(tools, *words)
        library = ROOT / "target" / "release" / "libsequra_pos.so"
        run(tools, *words, env={**CLEAN, "SEQURA_POS_LIBRARY": str(library)})
        wheel = next(self.folder.glob("*.whl"))
        self.assertEqual(library.read_bytes(), contents(wheel)["sequra_pos/libsequra_pos.so"])
        run(python, "-m", "pip", "install", "--no-index", wheel)
        self.first_sale(python)


if __name__ == "__main__":
    unittest.main()
