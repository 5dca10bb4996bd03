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


_HERE = os.path.dirname(os.path.abspath(__file__))


def _candidates() -> List[str]:
    """Where the library may be: in this package's folder. Where that has none, as in the repository, it is
    what the variable names. Never where the system looks: a library that somebody has put into the
    current folder, or into one of the PATH's, would run with all that the till may do."""
    beside = [path for path in (os.path.join(_HERE, name) for name in _NAMES) if os.path.exists(path)]
    named = os.environ.get("SEQURA_POS_LIBRARY")
    return beside or ([named] if named else [])


def _load(path: str) -> ctypes.CDLL:
    # By its name alone, the system would look for it; a relative path is another file's tomorrow.
    if not os.path.isabs(path) or (sys.platform == "win32" and not os.path.splitdrive(path)[0]):
        raise OSError("not an absolute path")
    if sys.platform == "win32" and sys.version_info >= (3, 8):
        # LOAD_WITH_ALTERED_SEARCH_PATH: what the library needs itself is looked for beside it first, and
        # then where Windows has its own.
        return ctypes.CDLL(path, winmode=0x8)
    return ctypes.CDLL(path)


def _open(path: Optional[str]) -> ctypes.CDLL:
    tried = []
    for candidate in [path] if path else _candidates():
        try:
            library = _load(candidate)
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
        "the sequra_pos library is not found; put {} into {}, or name it with sequra_pos.load(path) or, in "
        "development, with the variable SEQURA_POS_LIBRARY: an absolute path. Tried: {}".format(
            _NAMES[0], _HERE, "; ".join(tried) or "nothing"
        )
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
    """Loads the native library now, from `path` where it is given: an absolute path.

    Without this call it is loaded from this package's folder when it is first needed; where that has
    none, in development, from the absolute path that the variable SEQURA_POS_LIBRARY names.
    ImportError where it is not found, or is not of this package's ABI version.
    """
    native.load(None if path is None else os.fspath(path))
