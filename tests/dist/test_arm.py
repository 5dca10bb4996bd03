"""The archives and wheels for Linux on ARM, run under qemu: compiled against, and in the hands of somebody who has nothing
else, in a Debian that is older than this one, with its own C library and Python."""

import ensurepip
import shutil
import subprocess
import unittest
from pathlib import Path

import test_archives
import test_first_steps
import test_python
from stranger import ARM, CLEAN, DIST, EMULATORS, ROOT, VERSION, Case, run, sample
from test_debian import SUITES


def load_tests(_loader, tests, _pattern):
    """`make test-arm` alone has packed what is looked at here."""
    return tests if ARM else unittest.TestSuite()


def tree(platform: str) -> Path:
    """A minimal Debian for this machine with Python, unpacked only: nothing in it was set up. Made once."""
    architecture = {"linux-aarch64": "arm64", "linux-armv7": "armhf"}[platform]
    made = ROOT / "target" / f"debian-{architecture}"
    if (made / "made").exists():
        return made
    trouble = ""
    for suite in SUITES:
        shutil.rmtree(made, ignore_errors=True)
        print(f"\na system to run in: Debian {suite}, {architecture}", flush=True)
        done = subprocess.run(["debootstrap", "--foreign", f"--arch={architecture}", "--variant=minbase", "--include=python3,python3-distutils", suite, str(made)],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode == 0:
            break
        trouble = done.stdout
    else:
        raise AssertionError(f"debootstrap: {trouble}")
    packages = made / "var" / "cache" / "apt" / "archives"
    for package in packages.glob("*.deb"):
        run("dpkg-deb", "--extract", package, made)
    shutil.rmtree(packages)
    (made / "made").write_text(suite)
    return made


def inside(platform: str) -> list:
    """What runs a program with the libraries of that tree."""
    emulator = EMULATORS[platform][0]
    return [emulator, "-L", str(tree(platform))]


# Compiled against, in every way.

class Aarch64(test_archives.Linux):
    platform, cc = "linux-aarch64", ["aarch64-linux-gnu-gcc"]
    emulator = EMULATORS["linux-aarch64"]
    cmake = ["-DCMAKE_SYSTEM_NAME=Linux", "-DCMAKE_SYSTEM_PROCESSOR=aarch64", "-DCMAKE_C_COMPILER=aarch64-linux-gnu-gcc",
             "-DCMAKE_CXX_COMPILER=aarch64-linux-gnu-g++"]


class Armv7(test_archives.Linux):
    platform, cc = "linux-armv7", ["arm-linux-gnueabihf-gcc"]
    emulator = EMULATORS["linux-armv7"]
    cmake = ["-DCMAKE_SYSTEM_NAME=Linux", "-DCMAKE_SYSTEM_PROCESSOR=armv7l", "-DCMAKE_C_COMPILER=arm-linux-gnueabihf-gcc",
             "-DCMAKE_CXX_COMPILER=arm-linux-gnueabihf-g++"]


# As the README says, in the older system.

class FirstStepsOnAarch64(test_first_steps.FirstSteps):
    platform = "linux-aarch64"

    def words(self, command):
        return [*inside(self.platform), *command]

    def environment(self):
        return CLEAN


class FirstStepsOnArmv7(FirstStepsOnAarch64):
    platform = "linux-armv7"


# The wheels, by the older system's Python.

class PythonOnAarch64(Case):
    platform, wheel = "linux-aarch64", "manylinux_2_28_aarch64"

    def test_pip_chooses_the_wheel_and_it_sells(self):
        root = tree(self.platform)
        python = [*inside(self.platform), str(next((root / "usr" / "bin").glob("python3.?*"))), "-B"]
        # The pip of this machine's Python, which is for any.
        pip = next((Path(ensurepip.__file__).parent / "_bundled").glob("pip-*.whl"), None) or next(Path("/usr/share/python-wheels").glob("pip-*.whl"))
        site = self.folder / "site"
        said = run(*python, f"{pip}/pip", "install", "--no-index", "--find-links", DIST, "--only-binary", ":all:", "--no-compile",
                   "--target", site, "sequra-pos")
        self.assertIn(f"sequra_pos-{VERSION}-py3-none-{self.wheel}.whl", said)
        (self.folder / "first_sale.py").write_text(sample(test_python.README, "python"), encoding="utf-8")
        self.sell([*python, "first_sale.py", "till.json", "order.json", "R-100"], env={**CLEAN, "PYTHONPATH": str(site)})


class PythonOnArmv7(PythonOnAarch64):
    platform, wheel = "linux-armv7", "manylinux_2_28_armv7l"


Wheels = test_python.Wheels


if __name__ == "__main__":
    unittest.main()
