"""Orders built value by value."""

import json
import weakref
from ctypes import byref, c_void_p
from typing import TYPE_CHECKING, Any, Dict, Optional, Union, cast

from . import _errors
from ._declarations import Status
from ._library import native
from ._result import Result
from ._text import UTF_8

if TYPE_CHECKING:
    from ._client import Client


class OrderBuilder:
    """An order being built, by JSON pointers. A dict serves as well; this is for tills whose
    tickets are lines, not trees.

    `client`: whose text_encoding the texts go through; without one all of Unicode does.
    """

    def __init__(self, client: "Optional[Client]" = None) -> None:
        self._encoding = UTF_8 if client is None else client._encoding
        order = c_void_p()
        status = native.sq_order_new(None if client is None else client._living(), byref(order))
        if status != Status.OK:
            raise _errors.of_status(status, "the order cannot be begun")
        self._handle = order.value
        self._free = weakref.finalize(self, native.sq_order_free, order.value)

    def set(self, pointer: str, value: Union[str, int, bool]) -> None:
        """Sets a text, a whole number or a flag at a JSON pointer; what the pointer leads through is
        made where it is not there, and "-" as an index appends to a list.

        "/customer/email", "/cart/items/0/category", "/cart/order_total_with_tax" (cents).
        """
        order, where = self._living(), self._encoding.text("pointer", pointer)
        if isinstance(value, bool):
            status = native.sq_order_set_flag(order, where, int(value))
        elif isinstance(value, int):
            status = native.sq_order_set_int(order, where, int64("value", value))
        else:
            status = native.sq_order_set_text(order, where, self._encoding.text("value", value))
        if status != Status.OK:
            raise _errors.of_status(status, "nothing can be set at {!r}".format(pointer))

    def add_item(
        self,
        type: Optional[str],
        reference: Optional[str],
        name: Optional[str],
        *,
        quantity: int = 0,
        price_with_tax: int = 0,
        total_with_tax: int
    ) -> None:
        """Appends an item to the cart. Amounts are cents, negative for discounts and other payments.

        `type`: one of ItemType; None is a product. `quantity` and `price_with_tax` count for products
        and services only. The cart's own total is never computed: set "/cart/order_total_with_tax".
        """
        texts = [
            None if text is None else self._encoding.text(what, text)
            for what, text in (("type", type), ("reference", reference), ("name", name))
        ]
        numbers = [
            int64("quantity", quantity),
            int64("price_with_tax", price_with_tax),
            int64("total_with_tax", total_with_tax),
        ]
        status = native.sq_order_add_item(self._living(), *texts, *numbers)
        if status != Status.OK:
            raise _errors.of_status(status, "the item cannot be added")

    def add_measured(
        self,
        type: Optional[str],
        reference: Optional[str],
        name: str,
        quantity: str,
        unit: str,
        *,
        price_with_tax: int
    ) -> None:
        """Appends goods that were weighed or measured, as one piece: "Queso 0,345 kg", at `quantity`
        ("0.345", a text: no float is exact) times the price of one `unit` ("kg"), a half cent going up.
        """
        if not isinstance(quantity, str):
            raise TypeError("quantity must be a text such as \"0.345\": a float is not exact")
        texts = [
            None if text is None else self._encoding.text(what, text)
            for what, text in (
                ("type", type), ("reference", reference), ("name", name), ("quantity", quantity), ("unit", unit)
            )
        ]
        price = int64("price_with_tax", price_with_tax)
        status = native.sq_order_add_measured(self._living(), *texts, price)
        if status != Status.OK:
            raise _errors.of_status(status, "goods cannot be measured as {!r} {!r}".format(quantity, unit))

    def json(self) -> str:
        """The order as built so far. It is not checked here."""
        out = c_void_p()
        status = native.sq_order_json(self._living(), byref(out))
        built: Result[None] = Result(out.value, self._encoding)
        if status != Status.OK:
            raise _errors.of_result(status, built)
        text = built.text
        built.free()
        return text

    @property
    def document(self) -> Dict[str, Any]:
        """The order as built so far, as dicts and lists; changing them does not change the order."""
        return cast(Dict[str, Any], json.loads(self.json()))

    def free(self) -> None:
        """Gives the library's memory back now; otherwise that happens when Python forgets it."""
        self._free()

    def _living(self) -> int:
        if not self._free.alive:
            raise _errors.ClosedError("this order is freed")
        return self._handle or 0

    def __enter__(self) -> "OrderBuilder":
        return self

    def __exit__(self, *_: Any) -> None:
        self.free()


def int64(name: str, value: int, bits: int = 64) -> int:
    """A whole number that fits; ctypes would cut it off."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("{} must be an int, not {}".format(name, type(value).__name__))
    if not -(2 ** (bits - 1)) <= value < 2 ** (bits - 1):
        raise OverflowError("{} does not fit into {} bits".format(name, bits))
    return value


def int32(name: str, value: int) -> int:
    """The same for 32 bits."""
    return int64(name, value, 32)
