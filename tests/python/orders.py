"""A complete, valid order: several kinds of items, a Spanish customer with accents."""

import copy
import itertools

_numbers = itertools.count(1)

COMPLETE = {
    "merchant": {"id": "shop_es"},
    "cart": {
        "currency": "EUR",
        "gift": False,
        "order_total_with_tax": 15497,
        "items": [
            {"type": "product", "reference": "CAM-01", "name": "Camisa de algodón añil", "price_with_tax": 3000,
             "quantity": 2, "total_with_tax": 6000, "downloadable": False},
            {"reference": "CAÑ-7", "name": "Caña de pescar «Iñaki»", "price_with_tax": 7900, "quantity": 1,
             "total_with_tax": 7900, "downloadable": False, "manufacturer": "Muñoz e Hijos"},
            {"type": "service", "reference": "SRV-1", "name": "Garantía ampliada", "price_with_tax": 4000,
             "quantity": 1, "total_with_tax": 4000, "downloadable": False, "ends_in": "P1Y"},
            {"type": "handling", "reference": "ENV", "name": "Envío", "total_with_tax": 597},
            {"type": "discount", "reference": "REB", "name": "Rebaja de otoño", "total_with_tax": -1500},
            {"type": "other_payment", "reference": "VALE", "name": "Vale de 15 €", "total_with_tax": -1500},
        ],
    },
    "delivery_method": {"name": "Recogida en tienda"},
    "delivery_address": {
        "given_names": "Íñigo", "surnames": "Muñoz Güell", "company": "",
        "address_line_1": "C/ de la Concepción 3, 1º", "address_line_2": "", "postal_code": "28001",
        "city": "Madrid", "country_code": "ES", "mobile_phone": "+34 612 345 678",
    },
    "invoice_address": {
        "given_names": "Íñigo", "surnames": "Muñoz Güell", "company": "",
        "address_line_1": "C/ de la Concepción 3, 1º", "address_line_2": "", "postal_code": "28001",
        "city": "Madrid", "country_code": "ES", "mobile_phone": "+34 612 345 678",
    },
    "customer": {
        "given_names": "Íñigo", "surnames": "Muñoz Güell", "email": "inigo.munoz@example.es",
        "logged_in": "unknown", "language_code": "es-ES", "ip_number": "127.0.0.1", "user_agent": None,
        "nin": "23232323T", "date_of_birth": "1980-01-20",
    },
    "gui": {"layout": "desktop"},
    "platform": {"name": "tests", "version": "1", "uname": "linux", "db_name": "sqlite", "db_version": "3"},
}
TOTAL = 15497


def complete(ref=None, **changes) -> dict:
    """A fresh copy. `ref` becomes its order_ref_1; `changes` replace whole blocks."""
    order = copy.deepcopy(COMPLETE)
    order.update(copy.deepcopy(changes))
    if ref is not None:
        order["merchant_reference"] = {"order_ref_1": ref}
    return order


def new_ref(prefix: str = "T") -> str:
    """A reference that no other test of this process uses."""
    return f"{prefix}-{next(_numbers)}"


def other(order: dict, pointer: str, value) -> dict:
    """A copy of `order` with another value at a JSON pointer; `...` removes what is there."""
    order = copy.deepcopy(order)
    *path, last = pointer.lstrip("/").split("/")
    place = order
    for step in path:
        place = place[int(step)] if isinstance(place, list) else place.setdefault(step, {})
    if isinstance(place, list):
        last = int(last)
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return order


def small(total: int = 5000, **changes) -> dict:
    """An order of one product."""
    order = complete(**changes)
    order["cart"]["order_total_with_tax"] = total
    order["cart"]["items"] = [
        {"type": "product", "reference": "P1", "name": "Paño", "price_with_tax": total, "quantity": 1,
         "total_with_tax": total, "downloadable": False},
    ]
    return order


def review(order: dict) -> dict:
    """The shopper of seQura's sandbox who goes to review first, and is approved after it."""
    order = copy.deepcopy(order)
    for block in ("customer", "delivery_address", "invoice_address"):
        order[block]["given_names"], order[block]["surnames"] = "Review Test Approve", "Review Test Approve"
    return order
