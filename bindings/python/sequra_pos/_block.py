"""What the classes of orders.py have in common, and what an old Python lacks for results.py."""

import json
import sys
from typing import Any, Dict, Mapping, Optional, Tuple


class Block:
    """A part of an order. What it knows is set when it is made, or later; None is left out."""

    __slots__ = ("other_fields",)

    #: What is said as null where there is nothing to say.
    _NULLS: Tuple[str, ...] = ()

    def __init__(self, other_fields: Optional[Mapping[str, Any]] = None) -> None:
        #: Fields that this package does not know; they are sent as they are.
        self.other_fields: Dict[str, Any] = dict(other_fields or {})

    def document(self) -> Dict[str, Any]:
        """The same as dicts and lists, as JSON has it."""
        names = (name for kind in reversed(type(self).__mro__) for name in vars(kind).get("__slots__", ()))
        said = {name: getattr(self, name, None) for name in names if name != "other_fields"}
        document = {name: plain(value) for name, value in said.items() if value is not None or name in self._NULLS}
        document.update(plain(self.other_fields))
        return document

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Block):
            return NotImplemented
        return type(self) is type(other) and self.document() == other.document()

    __hash__ = None  # type: ignore[assignment]  # it may change

    # Nothing of a shopper in a log: it shows what it is, and not what is in it.


class _Entry(Block):
    """An entry of a list, which says by its type what it is."""

    __slots__ = ()

    _TYPE = ""

    def document(self) -> Dict[str, Any]:
        document = super().document()
        return {"type": self._TYPE, **document} if self._TYPE else document


class Item(_Entry):
    """A line of a cart: one of the classes over this one."""

    __slots__ = ()


class Tracking(_Entry):
    """Where a parcel is: one of the classes over this one."""

    __slots__ = ()


def json_of(value: Any) -> str:
    """JSON of dicts, lists and Blocks."""
    return json.dumps(value, default=_document)


def _document(value: Any) -> Dict[str, Any]:
    if isinstance(value, Block):
        return value.document()
    raise TypeError("an order has no {}".format(type(value).__name__))


def plain(value: Any) -> Any:
    """A value with whatever Blocks are in it as dicts."""
    if isinstance(value, Block):
        return value.document()
    if isinstance(value, Mapping):
        return {name: plain(entry) for name, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    return value


if sys.version_info < (3, 8):

    class _Named(type):
        """Makes plain dicts' types of what a later Python has as a TypedDict."""

        def __new__(mcs, name: str, bases: Any, body: Any, total: bool = True) -> Any:
            return type.__new__(mcs, name, (dict,), body)

        def __init__(cls, name: str, bases: Any, body: Any, total: bool = True) -> None:
            super().__init__(name, bases, body)

    TypedDict = _Named("TypedDict", (dict,), {})
