"""Sell with seQura ("buy now, pay later") from a till that seQura cannot call back.

    import sequra_pos

    with sequra_pos.Client.open_file("till.json") as till:
        url = till.start_solicitation(order).order.url

Everything is done by the library sequra_pos, which these classes call: Client (a till's connection
to seQura and to its journal), orders (an order with types), OrderBuilder (orders line by line), Result
(what came of a call; what its data holds: results), and the exceptions, of which SequraError is the
base. Any function from any thread.
"""

import json
from typing import Any, Dict, cast

from . import orders, results
from ._client import Client
from ._declarations import (
    ABI_VERSION,
    VERSION,
    ErrorCode,
    ItemType,
    Next,
    Operation,
    State,
    Status,
)
from ._errors import (
    ClosedError,
    Conflict,
    DuplicateOrderRef,
    InternalError,
    InvalidCall,
    InvalidOrder,
    MachineError,
    NoAnswer,
    OutcomeUnknown,
    Refused,
    SequraError,
)
from ._library import load, native
from ._order import OrderBuilder
from ._result import Http, Order, Problem, Result, finish
from ._text import UTF_8

__version__ = VERSION

__all__ = [
    "ABI_VERSION",
    "Client",
    "ClosedError",
    "Conflict",
    "DuplicateOrderRef",
    "ErrorCode",
    "Http",
    "InternalError",
    "InvalidCall",
    "InvalidOrder",
    "ItemType",
    "MachineError",
    "Next",
    "NoAnswer",
    "Operation",
    "Order",
    "OrderBuilder",
    "OutcomeUnknown",
    "Problem",
    "Refused",
    "Result",
    "SequraError",
    "State",
    "Status",
    "abi_version",
    "build_info",
    "echo",
    "library_version",
    "live_handles",
    "load",
    "orders",
    "results",
    "status_class",
    "status_name",
]


def abi_version() -> int:
    """The ABI version of the loaded library; equals ABI_VERSION."""
    return cast(int, native.sq_abi_version())


def library_version() -> str:
    """The loaded library's version, e.g. "1.2.3"."""
    return cast(str, native.sq_version().decode("ascii"))


def build_info() -> Dict[str, Any]:
    """How the library was built: version, abi, target, features, sqlite, tls."""
    return cast(Dict[str, Any], json.loads(native.sq_build_info().decode("utf-8")))


def status_name(status: int) -> str:
    """The name of a status, e.g. "SQ_CONFLICT"; "SQ_UNKNOWN_STATUS" for a number that is none."""
    return cast(str, native.sq_status_name(status).decode("ascii"))


def status_class(status: int) -> int:
    """The thousand of a status, which says what kind it is; -1 for a number that is no status."""
    return cast(int, native.sq_status_class(status))


def live_handles() -> int:
    """How many clients, results and orders the library has given out and not got back."""
    return cast(int, native.sq_live_handles())


def echo(text: str) -> Result[results.EchoData]:
    """Gives a text back in /data/text, for testing."""
    return finish(native.sq_echo, UTF_8, None, UTF_8.text("text", text))
