"""What is refused before anything is sent: every problem of an order at once, each with its place."""

import json
import unittest

import orders
from till import Till

CALLBACKS = {
    "notify_url": "https://shop.example/ipn", "return_url": "https://shop.example/back",
    "approved_url": "https://shop.example/ok", "edit_url": "https://shop.example/edit",
    "abort_url": "https://shop.example/abort", "approved_callback": "onApproved", "rejected_callback": "onRejected",
    "partpayment_details_getter": "getDetails", "events_webhook": {"url": "https://shop.example/events"},
}


class OrdersThatAreRefused(Till):
    def setUp(self):
        super().setUp()
        self.client = self.open(journal=":memory:")

    def refused(self, order, *expected):
        """Refused; `expected` are (pointer, code) pairs that must be among the errors, and be all of them."""
        answer = self.assertStatus("SQ_INVALID_ORDER", self.client.start(order))
        self.assertEqual(sorted(expected), sorted((e["pointer"], e["code"]) for e in answer.document["errors"]),
                         json.dumps(answer.document["errors"], ensure_ascii=False, indent=1))
        self.assertEqual("fix_order", answer.next)
        self.assertIsNone(answer.document["http"])
        self.assertEqual([], self.sim.requests())
        return answer

    def check(self, pointer, value, code, place=None):
        with self.subTest(pointer=pointer, value=value):
            self.refused(orders.other(orders.complete(), pointer, value), (place or pointer, code))

    def test_the_complete_order_is_accepted(self):
        self.assertStatus("SQ_OK", self.client.start(orders.complete()))
        self.assertStatus("SQ_OK", self.client.start({"order": orders.complete()}))

    def test_every_required_field_that_is_missing_is_told_at_once(self):
        required = [f"/{block}" for block in ("cart", "delivery_method", "delivery_address", "invoice_address", "customer",
                                              "gui", "platform")]
        self.refused({"merchant": {"id": "shop_es"}}, *[(pointer, "missing_field") for pointer in required])

    def test_each_required_field_is_told_with_its_place(self):
        fields = {
            "/delivery_method": ("name",), "/gui": ("layout",),
            "/platform": ("name", "version", "uname", "db_name", "db_version"),
            "/delivery_address": ("address_line_1", "postal_code", "city", "country_code"),
            "/invoice_address": ("address_line_1", "postal_code", "city", "country_code"),
            "/customer": ("email", "logged_in", "language_code", "ip_number"),
            "/cart": ("currency", "gift", "order_total_with_tax", "items"),
            "/cart/items/0": ("reference", "name", "price_with_tax", "quantity", "total_with_tax", "downloadable"),
            "/cart/items/2": ("reference", "name", "price_with_tax", "quantity", "total_with_tax", "downloadable"),
            "/cart/items/3": ("reference", "name", "total_with_tax"),
            "/cart/items/4": ("reference", "name", "total_with_tax"),
            "/cart/items/5": ("reference", "name", "total_with_tax"),
        }
        for block, names in fields.items():
            for name in names:
                with self.subTest(f"{block}/{name}"):
                    answer = self.client.start(orders.other(orders.complete(), f"{block}/{name}", ...))
                    self.assertStatus("SQ_INVALID_ORDER", answer)
                    self.assertEqual(["missing_field"], answer.at(f"{block}/{name}"), answer.document["errors"])
        self.assertNothingSent()

    def test_twelve_problems_are_twelve_errors(self):
        order = orders.complete()
        for pointer, value in (
            ("/cart/currency", "euros"), ("/cart/items/0/quantity", 0), ("/cart/items/1/price_with_tax", "79,00"),
            ("/cart/items/2/ends_on", "2027-01-01"), ("/cart/items/3/name", ...), ("/customer/email", "no-at-sign"),
            ("/customer/date_of_birth", "20/01/1980"), ("/customer/language_code", "español"),
            ("/delivery_address/country_code", "Hispania"), ("/invoice_address/city", 7), ("/gui/layout", "wide"),
            ("/merchant/notify_url", "https://shop.example/ipn"),
        ):
            order = orders.other(order, pointer, value)
        answer = self.assertStatus("SQ_INVALID_ORDER", self.client.start(order))
        pointers = [error["pointer"] for error in answer.document["errors"]]
        for pointer in ("/cart/currency", "/cart/items/0/quantity", "/cart/items/1/price_with_tax", "/cart/items/3/name",
                        "/customer/email", "/customer/date_of_birth", "/customer/language_code",
                        "/delivery_address/country_code", "/invoice_address/city", "/gui/layout", "/merchant/notify_url"):
            self.assertIn(pointer, pointers)
        self.assertTrue([pointer for pointer in pointers if pointer.startswith("/cart/items/2")], pointers)

    def test_each_callback_is_refused_at_its_place_and_all_of_them_at_once(self):
        everything = orders.complete()
        for name, value in CALLBACKS.items():
            everything["merchant"][name] = value
            with self.subTest(name):
                answer = self.client.start(orders.other(orders.complete(), f"/merchant/{name}", value))
                self.assertStatus("SQ_INVALID_ORDER", answer, "callback_not_allowed")
                self.assertTrue(answer.document["errors"][0]["pointer"].startswith(f"/merchant/{name}"))
        answer = self.assertStatus("SQ_INVALID_ORDER", self.client.start(everything))
        self.assertEqual(sorted(CALLBACKS), sorted(e["pointer"].split("/")[2] for e in answer.document["errors"]))
        self.assertNothingSent()

    def test_a_timeout_url_is_a_callback_too(self):
        order = orders.other(orders.complete(), "/merchant/timeout", {"timeout_at": "2030-01-01T00:00:00Z",
                                                                      "timeout_url": "https://shop.example/late"})
        answer = self.assertStatus("SQ_INVALID_ORDER", self.client.start(order))
        self.assertEqual(["callback_not_allowed"], answer.codes)

    def test_sums_come_with_the_numbers_and_are_never_repaired(self):
        order = orders.other(orders.complete(), "/cart/order_total_with_tax", 15500)
        answer = self.refused(order, ("/cart/order_total_with_tax", "cart_total_mismatch"))
        error = answer.document["errors"][0]
        self.assertEqual((15497, 15500), (error["expected"], error["actual"]))

    def test_sums_that_overflow_are_refused_and_harm_nothing(self):
        order = orders.complete()
        for number in (0, 1):
            order["cart"]["items"][number].update(price_with_tax=(1 << 63) - 1, total_with_tax=(1 << 63) - 1)
        order["cart"]["order_total_with_tax"] = -2
        self.assertStatus("SQ_INVALID_ORDER", self.client.start(order))
        for huge in (10 ** 30, -(10 ** 30), 1 << 63):
            order = orders.other(orders.complete(), "/cart/order_total_with_tax", huge)
            self.assertStatus("SQ_INVALID_ORDER", self.client.start(order))
        self.assertNothingSent()

    def test_money_is_integer_cents(self):
        for value in (154.97, 15497.0, 1.5e4):
            self.check("/cart/order_total_with_tax", value, "not_an_integer")
        for pointer in ("/cart/items/0/price_with_tax", "/cart/items/0/quantity", "/cart/items/0/total_with_tax"):
            with self.subTest(pointer):
                answer = self.client.start(orders.other(orders.complete(), pointer, 2.5))
                self.assertStatus("SQ_INVALID_ORDER", answer)
                self.assertEqual(["not_an_integer"], answer.at(pointer))

    def test_wrong_values_are_told_with_their_place(self):
        for pointer, value, code in (
            ("/cart/currency", "EURO", "invalid_currency"),
            ("/cart/currency", "XYZ", "invalid_currency"),
            ("/delivery_address/country_code", "XX", "invalid_country"),
            ("/customer/email", "nobody", "invalid_email"),
            ("/customer/date_of_birth", "1980-02-30", "invalid_date"),
            ("/customer/ip_number", "999.1.1.1", "invalid_ip_address"),
            ("/customer/logged_in", "perhaps", "invalid_value"),
            ("/cart/gift", "no", "wrong_type"),
            ("/cart/items/2/ends_in", "1 year", "invalid_duration"),
            ("/customer", [], "wrong_type"),
            ("/cart/items", {}, "wrong_type"),
        ):
            with self.subTest(pointer=pointer, value=value):
                answer = self.client.start(orders.other(orders.complete(), pointer, value))
                self.assertStatus("SQ_INVALID_ORDER", answer)
                self.assertEqual([code], answer.at(pointer), answer.document["errors"])
        self.assertNothingSent()

    def test_a_service_ends_on_a_date_or_in_a_time_and_never_both_or_neither(self):
        both = orders.other(orders.complete(), "/cart/items/2/ends_on", "2030-01-01")
        neither = orders.other(orders.complete(), "/cart/items/2/ends_in", ...)
        for order in (both, neither):
            answer = self.assertStatus("SQ_INVALID_ORDER", self.client.start(order))
            self.assertEqual(1, len(answer.codes), answer.codes)
            self.assertTrue(answer.document["errors"][0]["pointer"].startswith("/cart/items/2"))
        only_date = orders.other(both, "/cart/items/2/ends_in", ...)
        self.assertStatus("SQ_OK", self.client.start(only_date))

    def test_a_discount_and_another_payment_are_negative(self):
        for number in (4, 5):
            order = orders.other(orders.complete(), f"/cart/items/{number}/total_with_tax", 1500)
            order["cart"]["order_total_with_tax"] += 3000
            answer = self.assertStatus("SQ_INVALID_ORDER", self.client.start(order))
            self.assertEqual(1, len(answer.at(f"/cart/items/{number}/total_with_tax")), answer.document["errors"])

    def test_no_total_is_zero_or_negative(self):
        for total in (0, -100):
            order = orders.small(total if total else 100)
            order["cart"]["order_total_with_tax"] = total
            order["cart"]["items"][0].update(total_with_tax=total)
            self.assertIn(self.client.start(order).name, ("SQ_INVALID_ORDER", "SQ_CONFLICT"))

    def test_an_item_type_that_nobody_knows_names_the_known_ones(self):
        order = orders.other(orders.complete(), "/cart/items/0/type", "produkt")
        answer = self.assertStatus("SQ_INVALID_ORDER", self.client.start(order))
        self.assertEqual(["unknown_item_type"], answer.at("/cart/items/0/type"))
        self.assertIn("product", answer.error("unknown_item_type")["message"])

    def test_a_cart_and_a_shipped_cart_exclude_each_other(self):
        order = orders.complete()
        order["merchant"]["options"] = {"uses_shipped_cart": True}
        answer = self.assertStatus("SQ_INVALID_ORDER", self.client.start(order))
        self.assertEqual({"/cart", "/shipped_cart", "/unshipped_cart"}, {e["pointer"] for e in answer.document["errors"]})

    def test_addresses_may_be_missing_where_the_merchant_says_so(self):
        order = orders.complete()
        order["merchant"]["options"] = {"addresses_may_be_missing": True}
        del order["delivery_address"], order["invoice_address"]
        order["customer"]["mobile_phone"] = "+34612345678"
        self.assertNotEqual("SQ_INVALID_ORDER", self.client.start(order).name)

    def test_the_form_by_sms_needs_a_mobile_number(self):
        order = orders.complete()
        for address in ("delivery_address", "invoice_address"):
            del order[address]["mobile_phone"]
        started = self.client.start(order)
        if started.status == 0:
            with self.sends(0):
                answer = self.client.send_form(started.url)
        else:
            answer = started
        self.assertStatus("SQ_INVALID_ORDER", answer, "mobile_phone_required")
        self.assertIn("mobile_phone", answer.document["errors"][0]["pointer"])

    def test_unknown_fields_pass_untouched_with_a_warning_that_names_the_nearest(self):
        order = orders.complete()
        order["delivery_adress"] = {"a": [1, 2.50, {"b": None}], "ñ": "€"}
        order["customer"]["emial"] = "x"
        order["cart"]["items"][0]["colour"] = "añil"
        answer = self.assertStatus("SQ_OK", self.client.start(order))
        warnings = {warning["pointer"]: warning for warning in answer.document["warnings"]}
        self.assertEqual({"/delivery_adress", "/customer/emial", "/cart/items/0/colour"}, set(warnings))
        self.assertEqual({"unknown_field"}, set(answer.warned))
        self.assertIn("delivery_address", warnings["/delivery_adress"]["message"])
        self.assertIn("email", warnings["/customer/emial"]["message"])
        body, = self.sim.bodies("POST", "/orders")
        sent = json.loads(body)["order"]
        self.assertEqual(order["delivery_adress"], sent["delivery_adress"])
        self.assertEqual(("x", "añil"), (sent["customer"]["emial"], sent["cart"]["items"][0]["colour"]))
        self.assertIn(b"2.5", body)

    def test_numbers_of_unknown_fields_keep_their_digits(self):
        raw = json.dumps(orders.complete())
        raw = raw[:-1] + ', "exotic": {"big": 123456789012345678901234567890, "exact": 0.1000000000000000055511151231257827, "e": 1E400}}'
        answer = self.client.start(raw)
        if answer.status == 0:
            body, = self.sim.bodies("POST", "/orders")
            for digits in (b"123456789012345678901234567890", b"0.1000000000000000055511151231257827"):
                self.assertIn(digits, body)
        else:
            self.assertIn(answer.name, ("SQ_INVALID_JSON", "SQ_INVALID_ORDER"))

    def test_a_line_that_does_not_multiply_is_a_warning(self):
        order = orders.complete()
        order["cart"]["items"][0]["total_with_tax"] = 5999
        order["cart"]["order_total_with_tax"] -= 1
        answer = self.assertStatus("SQ_OK", self.client.start(order))
        self.assertIn("line_total_differs", answer.warned)

    def test_a_confirmation_is_checked_like_a_start(self):
        url, _, order = self.approved(self.client)
        with self.sends(0):
            answer = self.client.confirm(url, orders.other(order, "/cart/order_total_with_tax", 1))
            self.assertStatus("SQ_INVALID_ORDER", answer, "cart_total_mismatch")
            self.assertStatus("SQ_INVALID_ORDER", self.client.hold(url, orders.other(order, "/customer/email", 7)))
            self.assertStatus("SQ_INVALID_ORDER", self.client.confirm(url, orders.other(order, "/merchant/id", "shop_fr")))
        self.assertEqual("confirmed", self.assertStatus("SQ_OK", self.client.confirm(url, order)).state)

    def test_no_personal_value_is_repeated_in_an_error(self):
        order = orders.complete()
        order["customer"].update(email="inigo.sin.arroba", date_of_birth="el veinte", nin="12345678Z-secreto")
        order["delivery_address"].update(mobile_phone="seis uno dos", country_code="Villa Personal")
        answer = self.assertStatus("SQ_INVALID_ORDER", self.client.start(order))
        said = json.dumps(answer.document, ensure_ascii=False)
        for personal in ("inigo.sin.arroba", "el veinte", "secreto", "seis uno dos"):
            self.assertNotIn(personal, said)

    def test_what_is_not_json_comes_with_line_and_column(self):
        for raw in ("{", " ", "nonsense", '{"a":\n  1,\n  }', '{"a":1}{"b":2}', "{'a':1}", '{"a":01}', "NaN"):
            with self.subTest(raw):
                answer = self.assertStatus("SQ_INVALID_JSON", self.client.start(raw), "invalid_json")
                self.assertRegex(answer.document["errors"][0]["message"], r"line \d+.*column \d+")
        self.assertIn("line 3", self.client.start('{"a":\n  1,\n  }').document["errors"][0]["message"])

    def test_json_that_is_no_order(self):
        for raw in ("[]", "7", '"text"', "null", "{}", '{"order":[]}', '{"order":null}'):
            with self.subTest(raw):
                self.assertIn(self.client.start(raw).name, ("SQ_INVALID_ORDER", "SQ_INVALID_JSON"))

    def test_json_nested_ten_thousand_deep_harms_nothing(self):
        for deep in ('{"a":' * 100_000 + "1" + "}" * 100_000, "[" * 1_000_000):
            self.assertIn(self.client.start(deep).name, ("SQ_INVALID_JSON", "SQ_INVALID_ORDER"))

    def test_a_key_that_is_there_twice_harms_nothing(self):
        raw = json.dumps(orders.complete())[:-1] + ', "gui": {"layout": "smartphone"}}'
        self.assertIn(self.client.start(raw).name, ("SQ_OK", "SQ_INVALID_JSON", "SQ_INVALID_ORDER"))

    def test_a_reference_must_be_a_reference(self):
        url, _, _ = self.confirmed(self.client)
        with self.sends(0):
            for ref, names in ((None, {"SQ_INVALID_ARGUMENT"}), ("", {"SQ_INVALID_ARGUMENT"}),
                               (b"\xff", {"SQ_INVALID_TEXT"})):
                with self.subTest(ref):
                    self.assertIn(self.client.set_ref(url, ref).name, names)
            self.assertStatus("SQ_INVALID_TEXT", self.client.set_ref(url, "R", b"\xff"))


if __name__ == "__main__":
    unittest.main()
