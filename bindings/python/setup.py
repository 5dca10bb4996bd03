"""Builds the wheel of one platform: the package, and the native library in it.

The library is the one that the variable SEQURA_POS_LIBRARY names, or else the one that
`cargo build --release` has left in the repository. All else is in pyproject.toml.
"""

import os
import shutil
import sys

from setuptools import Distribution, setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_py import build_py

SUFFIX = {"win32": ".dll", "darwin": ".dylib"}.get(sys.platform, ".so")
NAMES = {".dll": "sequra_pos.dll", ".dylib": "libsequra_pos.dylib", ".so": "libsequra_pos.so"}


def library():
    """Where the library is, and its name in the package. It may be of another platform, whose wheel is
    made here with --plat-name."""
    named = os.environ.get("SEQURA_POS_LIBRARY")
    built = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "target", "release", NAMES[SUFFIX])
    path = named or built
    if not os.path.isfile(path):
        sys.exit("{} is not there: build it (cargo build --release), or name it with "
                 "SEQURA_POS_LIBRARY".format(path))
    return path, NAMES.get(os.path.splitext(path)[1], NAMES[".so"])


class WithLibrary(build_py):
    def run(self):
        super().run()
        path, name = library()
        shutil.copyfile(path, os.path.join(self.build_lib, "sequra_pos", name))


class OfPlatform(bdist_wheel):
    """Any Python 3, but one platform: the library is called through ctypes."""

    def get_tag(self):
        return ("py3", "none", super().get_tag()[2])


class Binary(Distribution):
    def has_ext_modules(self):
        return True


setup(distclass=Binary, cmdclass={"build_py": WithLibrary, "bdist_wheel": OfPlatform})
