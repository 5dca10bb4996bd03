"""The thin layer between the tests and the C ABI: ctypes, told its types by the header itself.

Nothing here interprets. Argument and result types are read out of include/sequra_pos.h, so that a
function whose header and library disagree shows in the tests; every buffer that any test receives
passes the check of schema.py on its way.
"""

import ctypes
import json
import os
import re
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple, Optional

import schema

ROOT = Path(__file__).resolve().parents[2]
HEADER = ROOT / "include" / "sequra_pos.h"


def find(variable: str, *places: str) -> Path:
    """The built artefact that `variable` names, or the first of `places` that is there."""
    named = os.environ.get(variable)
    candidates = [Path(named), ROOT / named] if named else [ROOT / place for place in places]
    for candidate in candidates:
        if candidate.exists():
            return candidate.resolve()
    raise FileNotFoundError(
        f"none of {', '.join(map(str, candidates))}: build it (cargo build), or set {variable}"
    )


LIBRARY = find("SEQURA_POS_LIBRARY", "target/release/libsequra_pos.so", "target/debug/libsequra_pos.so")

# ---------------------------------------------------------------------------------------------
# The header, read

_TYPES = {
    "void": None,
    "int32_t": ctypes.c_int32,
    "sq_status": ctypes.c_int32,
    "uint32_t": ctypes.c_uint32,
    "int64_t": ctypes.c_int64,
    "const char *": ctypes.c_char_p,
    "char *": ctypes.c_void_p,
    "uint32_t *": ctypes.POINTER(ctypes.c_uint32),
    "sq_client *": ctypes.c_void_p,
    "sq_order *": ctypes.c_void_p,
    "sq_buffer *": ctypes.c_void_p,
    "const sq_buffer *": ctypes.c_void_p,
    "sq_client **": ctypes.POINTER(ctypes.c_void_p),
    "sq_order **": ctypes.POINTER(ctypes.c_void_p),
    "sq_buffer **": ctypes.POINTER(ctypes.c_void_p),
}


class Declaration(NamedTuple):
    """One function of the header."""

    name: str
    result: str
    arguments: list  # of C types, as text
    names: list  # of the arguments
    cdecl: bool  # SQ_CALL is written in it


def read_header(text: str):
    """The macros and the functions that the header declares."""
    text = re.sub(r"/\*.*?\*/", " ", text, flags=re.S)
    macros = {name: int(value) for name, value in re.findall(r"^#define (SQ_\w+) (-?\d+)\s*$", text, re.M)}
    functions = {}
    declaration = r"SQ_API\s+((?:const\s+)?\w+)\s*(\*?)\s*(SQ_CALL\s+)?(sq_\w+)\s*\(([^)]*)\)\s*;"
    for base, star, call, name, arguments in re.findall(declaration, text):
        types, names = [], []
        for argument in arguments.split(","):
            argument = " ".join(argument.split())
            if argument in ("", "void"):
                continue
            base_type, stars, own_name = re.fullmatch(r"(.*?)\s*(\**)(\w+)", argument).groups()
            types.append(f"{base_type} {stars}".strip())
            names.append(own_name)
        functions[name] = Declaration(name, f"{base} {star}".strip(), types, names, bool(call))
    return macros, functions


MACROS, FUNCTIONS = read_header(HEADER.read_text(encoding="utf-8"))
globals().update(MACROS)

#: Number of a status -> its name, from the header.
STATUS_NAMES = {value: name for name, value in MACROS.items() if name != "SQ_ABI_VERSION"}

lib = ctypes.CDLL(str(LIBRARY))
# Said aloud, because a release build that somebody left behind would otherwise be tested unnoticed.
if "SEQURA_TEST_QUIET" not in os.environ:
    print(f"testing {LIBRARY}, built {time.strftime('%Y-%m-%d %H:%M:%S', time.localtime(LIBRARY.stat().st_mtime))}",
          file=sys.stderr)
_lacking = [name for name in FUNCTIONS if not hasattr(lib, name)]
if _lacking:
    raise ImportError(f"{LIBRARY} lacks {', '.join(_lacking)} of {HEADER.name}: it is older than the header; build it, "
                      "or name another with SEQURA_POS_LIBRARY")
for _declaration in FUNCTIONS.values():
    _function = getattr(lib, _declaration.name)
    _function.restype = _TYPES[_declaration.result]
    _function.argtypes = [_TYPES[argument] for argument in _declaration.arguments]

#: What stands before all that the operator reads of what is only tried, in one language or another.
MARK = re.compile("(PRUEBA|TEST|PROVA|TESTE): ")


# ---------------------------------------------------------------------------------------------
# Calling

class Answer(NamedTuple):
    """What a call gave: the number it returned, and its buffer (None where it wrote none)."""

    status: int
    document: Optional[dict]
    raw: Optional[bytes] = None

    @property
    def name(self) -> str:
        return STATUS_NAMES.get(self.status, str(self.status))

    @property
    def codes(self) -> list:
        """The codes of its errors, in their order."""
        return [error["code"] for error in self.document["errors"]]

    @property
    def warned(self) -> list:
        return [warning["code"] for warning in self.document["warnings"]]

    @property
    def order(self) -> dict:
        return self.document["order"]

    @property
    def state(self) -> Optional[str]:
        return (self.document["order"] or {}).get("state")

    @property
    def url(self) -> str:
        return self.document["order"]["url"]

    @property
    def uuid(self) -> str:
        return self.document["order"]["uuid"]

    @property
    def next(self) -> str:
        return self.document["next"]

    @property
    def data(self) -> Any:
        return self.document["data"]

    @property
    def said(self) -> str:
        """What the operator reads, without the mark of what is only tried."""
        return MARK.sub("", self.document["operator_message"], count=1)

    @property
    def attempts(self) -> Optional[int]:
        return self.document["http"] and self.document["http"]["attempts"]

    def error(self, code: str) -> dict:
        """The one error with this code."""
        found = [error for error in self.document["errors"] if error["code"] == code]
        assert len(found) == 1, f"{len(found)} errors {code} in {self.document['errors']}"
        return found[0]

    def at(self, pointer: str) -> list:
        """The codes of the errors at this place."""
        return [error["code"] for error in self.document["errors"] if error["pointer"] == pointer]


def text(value, encoding: str = "utf-8"):
    """An argument as bytes: None stays NULL, bytes stay, a dict or list becomes JSON."""
    if value is None or isinstance(value, bytes):
        return value
    if not isinstance(value, str):
        value = json.dumps(value, ensure_ascii=False)
    return value.encode(encoding)


def take(pointer, encoding: str = "utf-8"):
    """A buffer's bytes and document; frees it. (None, None) for NULL."""
    handle = pointer.value
    if not handle:
        return None, None
    raw = lib.sq_buffer_text(handle)
    assert lib.sq_buffer_len(handle) == len(raw), "sq_buffer_len and sq_buffer_text disagree"
    lib.sq_buffer_free(handle)
    return raw, json.loads(raw.decode(encoding))


def call(function: str, *arguments, encoding: str = "utf-8") -> Answer:
    """Calls a function whose last parameter is `sq_buffer **out`, checks and frees its buffer."""
    out = ctypes.c_void_p()
    ready = [text(argument, encoding) if not isinstance(argument, (int, ctypes._SimpleCData)) else argument
             for argument in arguments]
    status = getattr(lib, function)(*ready, ctypes.byref(out))
    raw, document = take(out, encoding)
    assert document is not None, f"{function} returned {status} and wrote no buffer"
    schema.check(document, returned=status, function=function)
    return Answer(status, document, raw)


class Client:
    """A client handle with its encoding. Only remembers; `opened` is what opening answered."""

    def __init__(self, config=None, *, path=None, encoding: str = "utf-8"):
        self.encoding = encoding
        handle, out = ctypes.c_void_p(), ctypes.c_void_p()
        if path is not None:
            status = lib.sq_client_open_file(text(path), ctypes.byref(handle), ctypes.byref(out))
        else:
            status = lib.sq_client_open(text(config, encoding), ctypes.byref(handle), ctypes.byref(out))
        try:
            raw, document = take(out, encoding)
        except UnicodeDecodeError:
            raise AssertionError("the answer of sq_client_open is not in the client's encoding")
        schema.check(document, returned=status, function="sq_client_open")
        self.opened = Answer(status, document, raw)
        self.handle = handle.value
        assert bool(self.handle) == (status == 0), "a client exactly when it opened"
        #: live, sandbox, simulator, or None where nobody knows.
        self.mode = document["data"]["mode"] if self.handle else None
        self._is_marked(self.opened)

    def close(self) -> int:
        handle, self.handle = self.handle, None
        return lib.sq_client_close(handle)

    def call(self, function: str, *arguments) -> Answer:
        answer = call(function, self.handle, *arguments, encoding=self.encoding)
        if answer.name != "SQ_INVALID_HANDLE":
            self._is_marked(answer)
        return answer

    def _is_marked(self, answer):
        """Whatever the operator reads, a test is never taken for a sale, nor a sale for a test."""
        said = answer.document["operator_message"]
        if self.handle:
            assert bool(MARK.match(said)) == (self.mode in ("sandbox", "simulator")), f"{self.mode}: {said}"

    def check_credentials(self):
        return self.call("sq_check_credentials")

    def payment_methods(self, url=None):
        return self.call("sq_payment_methods", url)

    def start(self, order):
        return self.call("sq_start_solicitation", order)

    def credit_agreements(self, cents, whom=None, currency=None):
        return self.call("sq_credit_agreements", whom, cents, currency)

    def send_form(self, url, product="pp3", campaign=None):
        return self.call("sq_send_form", url, product, campaign)

    def order_info(self, order):
        return self.call("sq_order_info", order)

    def send_form_by(self, url, channel, product="pp3", campaign=None):
        return self.call("sq_send_form_by", url, channel, product, campaign)

    def hold(self, url, order=None):
        return self.call("sq_hold", url, order)

    def confirm(self, url, order=None):
        return self.call("sq_confirm", url, order)

    def set_ref(self, url, ref_1, ref_2=None):
        return self.call("sq_set_order_ref", url, ref_1, ref_2)

    def pending(self):
        return self.call("sq_pending")

    def echo(self, value):
        return self.call("sq_echo", value)


def live_handles() -> int:
    return lib.sq_live_handles()
