"""What is raised when a call is not done."""

from typing import TYPE_CHECKING, Any, List, Optional, Type, cast

from ._declarations import Next, Status
from ._library import native

if TYPE_CHECKING:
    from ._result import Order, Problem, Result


class SequraError(Exception):
    """A call that was not done. `status` says what came of it; the subclasses are its thousands.

    Everything else is in `result`, and from there: `errors`, `next`, `operator_message`, `order`.
    Calls on an OrderBuilder and Result.value give no result: `result` is None there.
    """

    def __init__(self, status: int, message: str, result: "Optional[Result]" = None) -> None:
        super().__init__(status, message)
        #: One of Status.
        self.status = status
        #: For whoever reads the log. Operators read operator_message.
        self.message = message
        #: The whole result.
        self.result = result

    def __str__(self) -> str:
        return "{}: {}".format(self.name, self.message)

    @property
    def name(self) -> str:
        """The status's name: "SQ_CONFLICT"."""
        return cast(str, native.sq_status_name(self.status).decode("ascii"))

    @property
    def errors(self) -> "List[Problem]":
        """Everything that is wrong, each with code, message, pointer, expected, actual."""
        return self.result.errors if self.result else []

    @property
    def code(self) -> Optional[str]:
        """The first problem's code: one of ErrorCode."""
        errors = self.errors
        return errors[0].code if errors else None

    @property
    def order(self) -> "Optional[Order]":
        """The order it is about; None without a result."""
        return self.result.order if self.result else None

    @property
    def next(self) -> str:
        """What the till should do now: one of Next."""
        return self.result.next if self.result else Next.NONE.value

    @property
    def operator_message(self) -> str:
        """For the person at the till, in the configured language."""
        return self.result.operator_message if self.result else ""

    def __reduce__(self) -> Any:
        # A result is of this process; its words can go to another (multiprocessing, a log queue).
        return _again, (type(self), self.status, self.message)


class InvalidCall(SequraError):
    """1xxx: the call was wrong; nothing was sent."""


class InvalidOrder(InvalidCall):
    """1006: the order was refused before sending; `errors` has every problem, with its place."""


class Refused(SequraError):
    """2xxx: seQura said no; asking again unchanged will not help."""


class Conflict(Refused):
    """HTTP 409: seQura refuses the order as it is now. Do not complete the sale. `errors` says what
    is different: cart_changed, amount_above_approved, not_approved, ..."""


class DuplicateOrderRef(Conflict):
    """The order_ref_1 is another order's: choose another one."""


class NoAnswer(SequraError):
    """3xxx: no final answer; calling again is safe, and Client.recover will."""


class OutcomeUnknown(NoAnswer):
    """It may have been processed. The goods stay, no other payment is taken; the same call, now or
    after a restart, finds out."""


class MachineError(SequraError):
    """4xxx: this machine: the journal cannot be written, or another till is at work."""


class InternalError(SequraError):
    """A bug of the library, caught. Close the client and open another."""


class ClosedError(ValueError):
    """An object was used after it was closed or freed: Python's own, no call was made."""


_OF_CLASS = {1: InvalidCall, 2: Refused, 3: NoAnswer, 4: MachineError, 9: InternalError}
_OF_STATUS = {
    Status.INVALID_ORDER: InvalidOrder,
    Status.CONFLICT: Conflict,
    Status.DUPLICATE_ORDER_REF: DuplicateOrderRef,
    Status.OUTCOME_UNKNOWN: OutcomeUnknown,
}


def of_status(status: int, message: str, result: "Optional[Result]" = None) -> SequraError:
    """The exception of a status."""
    kind: Type[SequraError] = _OF_CLASS.get(native.sq_status_class(status), SequraError)
    kind = _OF_STATUS.get(status, kind)  # type: ignore[call-overload]
    try:
        status = Status(status)
    except ValueError:
        pass  # a status that this package does not know yet
    return kind(status, message, result)


def of_result(status: int, result: "Result") -> SequraError:
    """The exception of a call that gave a result."""
    # Only where the library could allocate nothing at all there is none.
    if not result.size:
        return of_status(status, "the library gave no result")
    problems = result.errors
    more = " (and {} more)".format(len(problems) - 1) if len(problems) > 1 else ""
    message = problems[0].message + more if problems else result.operator_message
    return of_status(status, message, result)


def _again(kind: "Type[SequraError]", status: int, message: str) -> SequraError:
    return kind(status, message)
