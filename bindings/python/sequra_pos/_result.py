"""What came of a call."""

import json
import weakref
from ctypes import byref, c_uint32, c_void_p, create_string_buffer
from typing import TYPE_CHECKING, Any, Callable, Dict, Generic, List, NamedTuple, Optional, cast

from . import _errors
from ._declarations import Status
from ._library import native
from ._text import Encoding

if TYPE_CHECKING:
    # Of the type checker's own: Result alone is a Result of anything.
    from typing_extensions import TypeVar

    Data = TypeVar("Data", covariant=True, default=Any)
else:
    from typing import TypeVar

    Data = TypeVar("Data", covariant=True)


class Order(NamedTuple):
    """The order that a result is about. What is not known (yet) is None."""

    url: str  # None only while the start has no answer
    uuid: str  # likewise
    state: Optional[str]  # one of State
    shop_status: Optional[str]
    order_ref_1: Optional[str]
    order_ref_2: Optional[str]
    merchant_id: Optional[str]
    amount: Optional[int]  # cents
    currency: Optional[str]
    portal_url: Optional[str]
    cart_ref: Optional[str]  # the till's own key, cart.cart_ref


class Http(NamedTuple):
    """The request of a call, and its answer."""

    status: Optional[int]
    request_id: Optional[str]
    attempts: int
    elapsed_ms: int


class Problem(NamedTuple):
    """One thing that is wrong, or in warnings deserves a look."""

    code: str  # one of ErrorCode
    message: str
    pointer: Optional[str]  # the place, as a JSON pointer
    expected: Any
    actual: Any
    operator_message: Optional[str]  # for the person at the till, of an order that is wrong


def _named(kind: Any, value: Dict[str, Any]) -> Any:
    # A newer library may say more; document has it.
    return kind(*(value.get(field) for field in kind._fields))


class Result(Generic[Data]):
    """What came of a call, done or not. `document` has all of it, as dicts and lists; what `data` holds
    is told in sequra_pos.results."""

    def __init__(self, handle: Optional[int], encoding: Encoding) -> None:
        self._handle = handle
        self._encoding = encoding
        self._document = None  # type: Optional[Dict[str, Any]]
        self._free = weakref.finalize(self, native.sq_buffer_free, handle)

    # -- all of it

    @property
    def text(self) -> str:
        """The JSON."""
        return self._encoding.plain(native.sq_buffer_text(self._living()))

    @property
    def document(self) -> Dict[str, Any]:
        """The JSON, read; the same dict each time."""
        if self._document is None:
            self._document = json.loads(self.text)
        return self._document

    def value(self, pointer: str) -> str:
        """One value by JSON pointer (RFC 6901): a text bare, anything else as JSON. `document` is
        what Python programs read; this is what programs without JSON do. A pointer that finds
        nothing is InvalidCall.

        `pointer`: "/order/url", "/errors/0/code".
        """
        handle, where = self._living(), self._encoding.text("pointer", pointer)
        room = c_uint32()
        status = native.sq_buffer_get(handle, where, None, byref(room))
        if status == Status.BUFFER_TOO_SMALL:
            memory = create_string_buffer(room.value)
            status = native.sq_buffer_get(handle, where, memory, byref(room))
            if status == Status.OK:
                return self._encoding.plain(memory.raw[: room.value - 1])
        raise _errors.of_status(status, "{} finds nothing".format(pointer))

    # -- what most programs want

    @property
    def status(self) -> int:
        """One of Status (or a number that this package does not know yet)."""
        return known_status(self.document["code"])

    @property
    def name(self) -> str:
        """The status's name: "SQ_OK"."""
        return cast(str, self.document["status"])

    @property
    def operation(self) -> str:
        """Which call it is of: one of Operation."""
        return cast(str, self.document["operation"])

    @property
    def order(self) -> Order:
        """The order it is about; all None where it is about none."""
        return cast(Order, _named(Order, self.document["order"] or {}))

    @property
    def http(self) -> Optional[Http]:
        """The request; None where nothing was sent."""
        http = self.document["http"]
        return None if http is None else _named(Http, http)

    @property
    def errors(self) -> List[Problem]:
        """Everything that is wrong."""
        return [_named(Problem, one) for one in self.document["errors"]]

    @property
    def warnings(self) -> List[Problem]:
        """What deserves a look although the call went its way."""
        return [_named(Problem, one) for one in self.document["warnings"]]

    @property
    def operator_message(self) -> str:
        """For the person at the till, in the configured language."""
        return cast(str, self.document["operator_message"])

    @property
    def next(self) -> str:
        """What the till should do now: one of Next."""
        return cast(str, self.document["next"])

    @property
    def data(self) -> Data:
        """What only this operation returns, as dicts and lists: of Client.pending a
        results.PendingData. None where it returns nothing, and mostly where the call failed."""
        return cast(Data, self.document["data"])

    # -- its life

    def free(self) -> None:
        """Gives the library's memory back now; otherwise that happens when Python forgets the
        result. `document`, once read, stays."""
        self._free()

    def _living(self) -> int:
        if not self._free.alive:
            raise _errors.ClosedError("this result is freed")
        return self._handle or 0

    @property
    def size(self) -> int:
        """Bytes of the JSON in the library's memory."""
        return cast(int, native.sq_buffer_len(self._living()))

    def __repr__(self) -> str:
        if self._document is None and not self._free.alive:
            return "<Result, freed>"
        state = " " + self.order.state if self.order.state else ""
        return "<Result of {}: {}{}, next {}>".format(self.operation, self.name, state, self.next)


def known_status(status: int) -> int:
    """The number as a Status where it is one."""
    try:
        return Status(status)
    except ValueError:
        return status


def finish(function: Callable[..., int], encoding: Encoding, *arguments: Any) -> Result[Any]:
    """Calls a function whose last parameter receives a result; raises where it is not done."""
    out = c_void_p()
    status = function(*arguments, byref(out))
    result: Result[Any] = Result(out.value, encoding)
    if status != Status.OK:
        raise _errors.of_result(status, result)
    return result
