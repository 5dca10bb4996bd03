"""Where the native library is, and its functions with their types."""

import ctypes
import os
import sys
import threading
from typing import Any, List, Optional, Union

from ._declarations import ABI_VERSION, FUNCTIONS

if sys.platform == "win32":
    _NAMES = ["sequra_pos.dll"]
elif sys.platform == "darwin":
    _NAMES = ["libsequra_pos.dylib"]
else:
    # The second is the name that the library gives itself: its ABI's.
    _NAMES = ["libsequra_pos.so", "libsequra_pos.so.1"]


def _candidates() -> List[str]:
    """Where the library may be: the variable's place and no other, or beside this package, or
    where the system looks."""
    named = os.environ.get("SEQURA_POS_LIBRARY")
    if named:
        return [named]
    here = os.path.dirname(os.path.abspath(__file__))
    beside = [os.path.join(here, name) for name in _NAMES]
    return [path for path in beside if os.path.exists(path)] + _NAMES


def _open(path: Optional[str]) -> ctypes.CDLL:
    tried = []
    for candidate in [path] if path else _candidates():
        try:
            library = ctypes.CDLL(candidate)
        except OSError as error:
            tried.append("{}: {}".format(candidate, error))
            continue
        # Another version of the ABI would be called wrongly, and nothing would say so.
        try:
            version = library.sq_abi_version()
        except AttributeError:
            raise ImportError("{} is not the sequra_pos library".format(candidate)) from None
        if version != ABI_VERSION:
            raise ImportError(
                "{} has version {} of the ABI; this package is for {}".format(
                    candidate, version, ABI_VERSION
                )
            )
        return library
    raise ImportError(
        "the sequra_pos library is not found; name it with the variable SEQURA_POS_LIBRARY or with "
        "sequra_pos.load(path). Tried: " + "; ".join(tried)
    )


class _Native:
    """The functions of the library, by their C names; loads it when the first is asked for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._path = None  # type: Optional[str]
        self._loaded = False

    def load(self, path: Optional[str] = None) -> None:
        with self._lock:
            if self._loaded:
                if path is not None and path != self._path:
                    raise RuntimeError("the library is loaded already; call load before all else")
                return
            library = _open(path)
            for name, (result, arguments) in FUNCTIONS.items():
                try:
                    function = getattr(library, name)
                except AttributeError:
                    # An older library, which serves whoever does not need this function.
                    continue
                function.restype = result
                function.argtypes = arguments
                setattr(self, name, function)
            self._path = path
            self._loaded = True

    def __getattr__(self, name: str) -> Any:
        # Only asked for what is not there: a function, before the library is loaded.
        if name not in FUNCTIONS:
            raise AttributeError(name)
        self.load()
        try:
            return self.__dict__[name]
        except KeyError:
            raise NotImplementedError("this sequra_pos library is too old: it has no " + name) from None


native = _Native()


def load(path: "Union[str, os.PathLike[str], None]" = None) -> None:
    """Loads the native library now, from `path` where it is given.

    Without this call it is loaded when it is first needed: from the place that the variable
    SEQURA_POS_LIBRARY names, or beside this package, or where the system looks. ImportError where
    it is not found, or is not of this package's ABI version.
    """
    native.load(None if path is None else os.fspath(path))
