"""Where something is wrong: whatever a caller writes, each problem has an RFC 6901 pointer into it, also under names that
have a slash or a tilde in them."""

import json

import orders
from abi import Client
from till import Till

#: A name that a pointer cannot have as it is, and how a pointer has it.
NAME, STEP = "a/b~c", "a~1b~0c"
#: Written twice, below a name that must be escaped.
TWICE = {NAME: [0, {"x": 1, "\0": 2}]}
TWICE_AT = f"/{STEP}/1/x"

CART = {"currency": "EUR", "gift": False, "order_total_with_tax": 300, "items": [
    {"type": "product", "reference": f"P{n}", "name": "Paño", "price_with_tax": 100, "quantity": 1, "total_with_tax": 100,
     "downloadable": False} for n in range(3)]}


def text(document):
    """As JSON; the name that is only a NUL is written like its neighbour."""
    return json.dumps(document).replace('"\\u0000"', '"x"')


def found(document, pointer):
    """What stands at a pointer; a last step may lead to what is not there."""
    steps = pointer.split("/")
    assert steps.pop(0) == "", pointer
    for at, step in enumerate(steps):
        assert "~" not in step.replace("~0", "").replace("~1", ""), pointer
        step = step.replace("~1", "/").replace("~0", "~")
        if isinstance(document, list):
            assert step == str(int(step)), pointer
            document = document[int(step)]
        elif step in document or at < len(steps) - 1:
            document = document[step]
        else:
            return None
    return document


class WhereItIs(Till):
    def setUp(self):
        super().setUp()
        self.client = self.open()

    def places(self, answer, document, *expected, list="errors"):
        """Exactly these, each of which stands in what was written."""
        said = answer.document[list]
        self.assertEqual(sorted(expected), sorted((one["pointer"], one["code"]) for one in said), said)
        for pointer, _ in expected:
            found(document, pointer)

    def refused(self, function, document, *expected, before=(), status="SQ_INVALID_ORDER"):
        answer = self.client.call(function, *before, text(document))
        self.assertStatus(status, answer)
        self.places(answer, document, *expected)

    def everywhere(self, function, document, *expected, before=(), outer=None):
        """The same with and without an outer key, where there may be one."""
        self.refused(function, document, *expected, before=before)
        if outer:
            answer = self.client.call(function, *before, text({outer: document}))
            self.places(answer, document, *expected)

    def test_in_an_order(self):
        item = orders.complete()["cart"]["items"][0]
        for document, *expected in (
            (orders.complete(cart={"currency": "EUR", "gift": False, "order_total_with_tax": 6000, "items": [{**item, "name": 7}]}),
             ("/cart/items/0/name", "wrong_type")),
            (orders.complete(cart={"currency": "EUR", "gift": False, "order_total_with_tax": 0, "items": [{**item, "total_with_tax": 0}, 7]}),
             ("/cart/items/1", "wrong_type"), ("/cart/order_total_with_tax", "out_of_range")),
            (orders.complete(**TWICE), (TWICE_AT, "duplicate_key")),
            (orders.complete(customer={**orders.complete()["customer"], **TWICE}), ("/customer" + TWICE_AT, "duplicate_key")),
            (orders.complete(**{NAME: [{"~/": 1e300}]}), (f"/{STEP}/0/~0~1", "not_an_integer")),
        ):
            with self.subTest(expected):
                self.everywhere("sq_start_solicitation", document, *expected, outer="order")
        self.assertNothingSent()

    def test_what_an_order_is_warned_of(self):
        document = orders.complete(**{NAME: 1})
        document["cart"]["items"][1][NAME] = 2
        document["customer"][NAME] = {"x": 3}
        answer = self.assertStatus("SQ_OK", self.client.start(document))
        self.places(answer, document, *((f"{at}/{STEP}", "unknown_field") for at in ("", "/cart/items/1", "/customer")), list="warnings")

    def test_in_what_is_shipped(self):
        for document, *expected in (
            ([{"reference": "P0"}, {"reference": "P1", NAME: 1}], (f"/1/{STEP}", "unknown_key")),
            ([{"reference": "P0"}, {"reference": "P1", **TWICE}], ("/1" + TWICE_AT, "duplicate_key")),
            ([7, {"quantity": 1}], ("/0", "wrong_type"), ("/1/reference", "missing_field")),
            ([{"reference": "P0", "quantity": "1", "line": -1, "amount": 10 ** 13}],
             ("/0/quantity", "not_an_integer"), ("/0/line", "out_of_range"), ("/0/amount", "out_of_range")),
            ({NAME: 1}, ("", "wrong_type")),
            ([], ("", "wrong_type")),
        ):
            with self.subTest(expected):
                self.refused("sq_ship", document, *expected, before=("R-1",))

    def test_in_a_refund(self):
        for document, *expected in (
            ({"items": [{"reference": "P0", NAME: 1}]}, (f"/items/0/{STEP}", "unknown_key")),
            ({"items": [{"reference": "P0"}], **TWICE}, (TWICE_AT, "duplicate_key")),
            ({"amount": 0, NAME: 1, "reason": 7}, (f"/{STEP}", "unknown_key"), ("/amount", "out_of_range"), ("/reason", "wrong_type")),
            ({"amount": 1, "items": []}, ("/items", "wrong_type")),
            ({"items": [{"reference": ""}], "reason": "x"}, ("/items/0/reference", "missing_field"), ("/reason", "forbidden_field")),
            ({"reason": "x"}, ("/items", "missing_field")),
            ([], ("", "wrong_type")),
        ):
            with self.subTest(expected):
                self.refused("sq_refund", document, *expected, before=("R-1",))

    def test_in_an_update(self):
        ref = self.settled(self.client, orders.complete(cart=CART))[3]
        wrong = {**CART, "items": [*CART["items"][:2], {**CART["items"][2], "total_with_tax": "100", NAME: 1}]}
        for document, *expected in (
            ({"unshipped_cart": wrong}, ("/unshipped_cart/items/2/total_with_tax", "not_an_integer")),
            ({"delivery_address": {**orders.complete()["delivery_address"], "city": ["x"]}}, ("/delivery_address/city", "wrong_type")),
            ({"delivery_address": TWICE}, ("/delivery_address" + TWICE_AT, "duplicate_key")),
            ({NAME: 1, "cart": CART}, ("/cart", "forbidden_field")),
            ({"trackings": [7]}, ("/trackings/0", "wrong_type")),
        ):
            with self.subTest(expected):
                self.everywhere("sq_update_order", document, *expected, before=(ref,), outer="order")

    def test_in_a_delivery_report(self):
        delivered = {"sent_at": "2026-11-21T09:00:00+01:00", "state": "delivered", "merchant_reference": {"order_ref_1": "R-1"}, "cart": CART}
        wrong = {**CART, "items": [CART["items"][0], {**CART["items"][1], "quantity": "1"}, CART["items"][2]]}
        for document, *expected in (
            ({"orders": [], NAME: 1}, (f"/{STEP}", "unknown_key")),
            ({"orders": [delivered, {**delivered, **TWICE}]}, ("/orders/1" + TWICE_AT, "duplicate_key")),
            ({"orders": [delivered, 7]}, ("/orders/1", "wrong_type")),
            ({"orders": [delivered, {**delivered, "cart": wrong}]}, ("/orders/1/cart/items/1/quantity", "not_an_integer")),
            ({"orders": [{**delivered, "remaining_cart": wrong}]}, ("/orders/0/remaining_cart/items/1/quantity", "not_an_integer")),
            ({"orders": [{**delivered, "sent_at": "soon", "state": NAME, "merchant_reference": {}}]}, ("/orders/0/sent_at", "invalid_date"),
             ("/orders/0/state", "missing_field"), ("/orders/0/merchant_reference/order_ref_1", "missing_field")),
            ({"orders": [], "statistics": {"orders": [{"completed_at": "soon"}]}},
             ("/statistics/orders/0/completed_at", "invalid_date"), ("/statistics/orders/0/currency", "missing_field")),
            ({"orders": [], "statistics": 7}, ("/statistics", "wrong_type")),
            ({"orders": {NAME: 1}, "broken_orders": [[]]}, ("/orders", "wrong_type"), ("/broken_orders/0", "wrong_type")),
        ):
            with self.subTest(expected):
                self.everywhere("sq_send_delivery_report", document, *expected, outer="delivery_report")

    def test_in_a_query_of_the_log(self):
        for document, *expected in (
            ({NAME: 1}, (f"/{STEP}", "unknown_key")),
            (TWICE, (TWICE_AT, "duplicate_key")),
            ({"limit": 0, "since": "soon", "until": 7, "state": NAME, "order": "", "attention": 1, "after": 0},
             *((f"/{key}", "invalid_value") for key in ("limit", "since", "until", "state", "order", "attention", "after"))),
        ):
            with self.subTest(expected):
                answer = self.client.call("sq_log", text(document))
                self.places(answer, document, *expected)

    def test_in_a_configuration(self):
        for changes, *expected in (
            ({NAME: 1}, (f"/{STEP}", "unknown_key")),
            ({"timeouts": {NAME: 1, "total_ms": 0}}, (f"/timeouts/{STEP}", "unknown_key"), ("/timeouts/total_ms", "out_of_range")),
            ({"order_defaults": TWICE}, ("/order_defaults" + TWICE_AT, "duplicate_key")),
            ({"merchant_id": None, "merchants": {NAME: 5}}, (f"/merchants/{STEP}", "invalid_country"), (f"/merchants/{STEP}", "wrong_type")),
            ({"status_mapping": {NAME: "x", "shipped": []}}, (f"/status_mapping/{STEP}", "unknown_key"), ("/status_mapping/shipped", "wrong_type")),
            ({"roots": {NAME: 1}}, (f"/roots/{STEP}", "unknown_key"), ("/roots/file", "missing_field")),
            ({"personal_data": {NAME: 1, "keep_days": -1}}, (f"/personal_data/{STEP}", "unknown_key"), ("/personal_data", "invalid_value"),
             ("/personal_data/keep_days", "out_of_range")),
            ({"account_secret_env": "X/~"}, ("/account_secret", "mutually_exclusive")),
        ):
            with self.subTest(expected):
                document = self.config(**changes)
                answer = Client(text(document)).opened
                self.places(answer, document, *expected)
