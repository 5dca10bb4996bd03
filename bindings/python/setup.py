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

NAMES = {"win32": "sequra_pos.dll", "darwin": "libsequra_pos.dylib"}
NAME = NAMES.get(sys.platform, "libsequra_pos.so")


def library():
    named = os.environ.get("SEQURA_POS_LIBRARY")
    built = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "target", "release", NAME)
    path = named or built
    if not os.path.isfile(path):
        sys.exit("{} is not there: build it (cargo build --release), or name it with "
                 "SEQURA_POS_LIBRARY".format(path))
    return path


class WithLibrary(build_py):
    def run(self):
        super().run()
        shutil.copyfile(library(), os.path.join(self.build_lib, "sequra_pos", NAME))


class OfPlatform(bdist_wheel):
    """Any Python 3, but one platform: the library is called through ctypes."""

    def get_tag(self):
        return ("py3", "none", super().get_tag()[2])


class Binary(Distribution):
    def has_ext_modules(self):
        return True


setup(distclass=Binary, cmdclass={"build_py": WithLibrary, "bdist_wheel": OfPlatform})
