"""Orders as seQura's own clients and tills without null send them: each goes through start and confirmation, is sent as
it came, and what is not as documented is a warning with its place."""

import ctypes
import json
import unittest

import abi
import orders
from abi import lib
from till import Till

BLANKS = ("", " ", "        ", "\t", "\u00a0", " \t\r\n\u3000")
#: What the operator's sentence says of the form, in each language.
FORM = {
    "es": "el formulario de seQura puede pedírselos.",
    "en": "the seQura form may ask the customer for them.",
    "fr": "le formulaire seQura peut les lui demander.",
    "it": "il modulo di seQura può chiederglieli.",
    "pt": "o formulário da seQura pode pedir-lhos.",
}
#: Optional fields, of every kind that a row can be.
OPTIONAL = (
    "/state", "/merchant_reference", "/merchant/notify_url", "/merchant/edit_url", "/merchant/store_ref",
    "/merchant/operator_ref", "/merchant/options", "/merchant/options/has_jquery", "/merchant/timeout/timeout_at",
    "/merchant/notification_parameters", "/merchant_reference/order_ref_1", "/merchant_reference/order_ref_2",
    "/cart/cart_ref", "/cart/created_at", "/cart/updated_at", "/cart/delivery_method", "/cart/items/0/type",
    "/cart/items/0/url", "/cart/items/0/category", "/cart/items/0/product_id", "/cart/items/0/perishable",
    "/cart/items/2/ends_on", "/cart/items/2/rendered", "/cart/subscription_total_price", "/shipped_cart",
    "/unshipped_cart", "/trackings", "/delivery_method/days", "/delivery_method/provider",
    "/delivery_method/home_delivery", "/delivery_address/phone", "/delivery_address/state",
    "/delivery_address/vat_number", "/customer/date_of_birth", "/customer/nin", "/customer/ref",
    "/customer/created_at", "/customer/updated_at", "/customer/rating", "/customer/title", "/customer/user_agent",
    "/customer/nin_control", "/customer/previous_orders", "/customer/vehicle", "/instore", "/instore/code",
    "/platform/php_version", "/first_charge_date",
)


def with_history(order, **changes):
    """The order with an earlier one of the shopper's."""
    earlier = {"created_at": "2026-01-02T10:00:00+01:00", "amount": 1000, "currency": "EUR"}
    order["customer"]["previous_orders"] = [{**earlier, **changes}]
    return order


class WhatSequraTakes(Till):
    def warned(self, answer):
        """Where the order deserves a look."""
        return sorted((warning["pointer"], warning["code"]) for warning in answer.document["warnings"])

    def goes_through(self, order, *warnings, language="en", form=False):
        """Started and confirmed; sent as it came both times; `warnings` are all (pointer, code)."""
        client = self.open(language=language)
        before = len(self.sim.bodies("POST", "/orders"))
        started = self.assertStatus("SQ_OK", client.start(order))
        self.assertEqual(sorted(warnings), self.warned(started), json.dumps(started.document["warnings"], indent=1))
        for warning in started.document["warnings"]:
            self.assertTrue(warning["message"])
        self.assertEqual(form, FORM[language] in started.document["operator_message"],
                         started.document["operator_message"])
        sent = [json.loads(body) for body in self.sim.bodies("POST", "/orders")[before:]]
        self.assertEqual(1, len(sent))
        as_it_came = {name: value for name, value in order.items() if name != "state"}
        sent[0]["order"].pop("state")
        self.assertEqual(as_it_came, sent[0]["order"])
        uuid = started.uuid
        self.sim.approve(uuid)
        confirmed = self.assertStatus("SQ_OK", client.confirm(started.url, order))
        self.assertEqual("confirmed", self.sim.order(uuid)["state"])
        return client, started, confirmed

    def test_blank_optional_texts(self):
        for blank in BLANKS:
            for pointer in OPTIONAL:
                with self.subTest(pointer=pointer, blank=blank):
                    order = orders.other(orders.complete(), pointer, blank)
                    self.assertEqual([], self.problems(order))

    def ship(self, client, ref, items=None):
        return client.call("sq_ship", ref, items)

    def refund(self, client, ref, refund=None):
        return client.call("sq_refund", ref, refund)

    def update(self, client, ref, update):
        return client.call("sq_update_order", ref, json.dumps(update))

    def problems(self, order):
        """What is wrong or doubtful about an order that is only started."""
        if not hasattr(self, "once"):
            self.once = self.open(journal=":memory:")
        answer = self.once.start(order)
        self.assertStatus("SQ_OK", answer)
        return self.warned(answer)

    def test_all_optional_texts_blank_at_once(self):
        order = with_history(orders.complete(), raw_status="", status="", payment_method_raw=" ", payment_method="",
                             postal_code="", country_code="  ")
        for pointer in OPTIONAL:
            block = pointer.count("/") == 1 and pointer not in ("/state", "/first_charge_date")
            if not block and pointer not in ("/merchant/options", "/customer/previous_orders"):
                order = orders.other(order, pointer, "   ")
        self.goes_through(order)

    def test_blank_blocks_of_fixed_records(self):
        for pointer, names in (("/merchant_reference", ("order_ref_1", "order_ref_2")),
                               ("/customer/vehicle", ("plaque", "brand", "first_registration_date")),
                               ("/merchant/timeout", ("timeout_at", "timeout_url")), ("/instore", ("code",))):
            for blank in BLANKS:
                order = orders.other(orders.complete(), pointer, {name: blank for name in names})
                self.assertEqual([], self.problems(order), pointer)
                self.assertStatus("SQ_INVALID_ORDER", self.once.start(orders.other(order, pointer, [blank])))

    def test_an_empty_reference_settles_nothing(self):
        for blank in BLANKS:
            order = orders.complete(ref=blank)
            client, started, confirmed = self.goes_through(order)
            self.assertIsNone(started.document["order"]["order_ref_1"])
            self.assertEqual("confirmed", confirmed.document["order"]["state"])
            self.assertEqual("set_order_ref", confirmed.next)
            ref = orders.new_ref("E")
            settled = client.set_ref(started.url, ref, "")
            self.assertEqual("settled", self.assertStatus("SQ_OK", settled).document["order"]["state"])
            self.assertIsNone(settled.document["order"]["order_ref_2"])

    def test_php_clients_own_test_order(self):
        order = orders.complete()
        order["merchant"]["edit_url"] = ""
        order["invoice_address"].update(address_line_1="", address_line_2="", postal_code="", city="")
        places = [(f"/invoice_address/{name}", "empty_text") for name in ("address_line_1", "postal_code", "city")]
        self.goes_through(order, *places, form=True)

    def test_corrections_of_totals_without_a_reference(self):
        order = orders.small(5000)
        for kind, total in (("handling", 7), ("discount", -7)):
            line = {"type": kind, "reference": "", "name": "Ajuste", "total_with_tax": total}
            order["cart"]["items"].append(line)
        places = [("/cart/items/1/reference", "empty_text"), ("/cart/items/2/reference", "empty_text")]
        client, started, _ = self.goes_through(order, *places)
        ref = orders.new_ref("C")
        self.assertStatus("SQ_OK", client.set_ref(started.url, ref))
        self.assertStatus("SQ_OK", self.ship(client, ref))
        self.assertStatus("SQ_OK", self.refund(client, ref))

    def test_a_delivery_method_in_the_cart_only(self):
        order = orders.complete()
        order["cart"]["delivery_method"] = order.pop("delivery_method")
        self.goes_through(order, ("/delivery_method", "missing_field"))
        order["delivery_method"] = " "
        client, started, _ = self.goes_through(order, ("/delivery_method", "missing_field"))
        ref = orders.new_ref("D")
        self.assertStatus("SQ_OK", client.set_ref(started.url, ref))
        self.assertStatus("SQ_OK", self.ship(client, ref))
        self.assertStatus("SQ_OK", client.call("sq_send_delivery_report", None))

    def test_both_carts_with_the_delivery_method_in_one(self):
        order = orders.complete()
        cart = order.pop("cart")
        cart["delivery_method"] = order.pop("delivery_method")
        order["merchant"]["options"] = {"uses_shipped_cart": True}
        order["unshipped_cart"] = {"currency": "EUR", "gift": False, "order_total_with_tax": 0, "items": []}
        order["shipped_cart"], order["cart"] = cart, ""
        self.goes_through(order, ("/delivery_method", "missing_field"))

    def test_a_locale_for_a_language(self):
        order = orders.other(orders.complete(), "/customer/language_code", "es_ES")
        self.goes_through(order, ("/customer/language_code", "invalid_language"))

    def test_no_names(self):
        for name in (..., "", " ", None):
            order, places = orders.complete(), []
            for block in ("customer", "delivery_address", "invoice_address"):
                for field in ("given_names", "surnames"):
                    order = orders.other(order, f"/{block}/{field}", name)
                    code = "empty_text" if isinstance(name, str) else "missing_field"
                    places.append((f"/{block}/{field}", code))
            self.goes_through(order, *places, form=True)
        for language in FORM:
            self.goes_through(order, *places, language=language, form=True)

    def test_times_with_a_blank(self):
        order = orders.complete()
        places = ("/cart/created_at", "/cart/updated_at", "/customer/created_at")
        for pointer in places:
            order = orders.other(order, pointer, "2026-07-01 10:00:00")
        self.goes_through(order, *[(pointer, "invalid_date") for pointer in places])

    def test_previous_orders_in_the_shops_own_words(self):
        order = with_history(orders.complete(), created_at="", status="wc-completed", payment_method="bacs")
        place = "/customer/previous_orders/0"
        self.goes_through(order, (f"{place}/created_at", "empty_text"), (f"{place}/status", "invalid_value"),
                          (f"{place}/payment_method", "invalid_value"))

    def test_no_name_of_the_delivery_and_no_address_of_the_machine(self):
        order = orders.other(orders.complete(), "/delivery_method/name", "")
        order = orders.other(order, "/customer/ip_number", "  ")
        self.goes_through(order, ("/delivery_method/name", "empty_text"), ("/customer/ip_number", "empty_text"))

    def test_blank_addresses_where_they_may_be_missing(self):
        names = ("given_names", "surnames", "company", "address_line_1", "address_line_2", "postal_code", "city")
        phone = ("/delivery_address/mobile_phone", "mobile_phone_required")
        for blank in ({}, "", {name: "" for name in names}, {**{name: " " for name in names}, "country_code": "ES"}):
            order = orders.complete(delivery_address=blank, invoice_address=blank)
            order["merchant"]["options"] = {"addresses_may_be_missing": True}
            self.goes_through(order, phone)
            del order["merchant"]["options"]
            self.assertStatus("SQ_INVALID_ORDER", self.open(journal=":memory:").start(order))

    def test_spanish_mobiles_as_shops_write_them(self):
        for number in ("34666666666", "+34 (0)666 666 666", "0034 (0) 666666666", "34 666 666 666"):
            order = orders.complete()
            for block in ("delivery_address", "invoice_address"):
                order[block]["mobile_phone"] = number
            client, started, _ = self.goes_through(order)
            again = self.assertStatus("SQ_OK", client.start(order))
            self.assertStatus("SQ_OK", client.send_form(again.url, "pp3", ""))
        for number in ("34933033033", "+34 933 033 033"):
            order = orders.complete()
            for block in ("delivery_address", "invoice_address"):
                order[block]["mobile_phone"] = number
            self.assertEqual([("/delivery_address/mobile_phone", "invalid_phone")], self.problems(order))

    def test_what_a_blank_leaves_to_the_defaults_and_to_the_configuration(self):
        defaults = {"platform": orders.COMPLETE["platform"], "gui": {"layout": "desktop"},
                    "customer": {"ip_number": "192.0.2.7", "nin_control": " "}, "delivery_method": {"name": "Tienda"}}
        client = self.open(order_defaults=defaults, store_ref="S-1")
        order = orders.complete(platform="", gui=" ", delivery_method={"name": ""})
        order["merchant"] = {"id": "", "store_ref": "\u00a0"}
        order["customer"].update(ip_number=" ", nin_control="", ref="")
        answer = self.assertStatus("SQ_OK", client.start(order))
        self.assertEqual([], answer.document["warnings"])
        sent = json.loads(self.sim.bodies("POST", "/orders")[-1])["order"]
        self.assertEqual({"id": "shop_es", "store_ref": "S-1"}, sent["merchant"])
        self.assertEqual(("192.0.2.7", "", ""), tuple(sent["customer"][name] for name in ("ip_number", "nin_control", "ref")))
        self.assertEqual((defaults["platform"], defaults["gui"], "Tienda"),
                         (sent["platform"], sent["gui"], sent["delivery_method"]["name"]))

    def test_goods_without_an_article_number(self):
        for blank in ("", " "):
            order = orders.other(orders.complete(), "/cart/items/0/reference", blank)
            order = orders.other(order, "/cart/items/2/reference", blank)
            client, started, _ = self.goes_through(
                order, ("/cart/items/0/reference", "empty_text"), ("/cart/items/2/reference", "empty_text"))
            ref = orders.new_ref("G")
            self.assertStatus("SQ_OK", client.set_ref(started.url, ref))
            self.assertStatus("SQ_OK", self.ship(client, ref))
            self.assertStatus("SQ_OK", self.refund(client, ref, {"amount": 100, "reason": "Tara"}))

    def test_a_voucher_without_code_and_name(self):
        order = orders.other(orders.complete(), "/cart/items/4/reference", "")
        order = orders.other(order, "/cart/items/4/name", " ")
        self.goes_through(order, ("/cart/items/4/reference", "empty_text"), ("/cart/items/4/name", "empty_text"))

    def test_a_chain_of_proxies(self):
        for chain in ("192.0.2.61, 198.51.100.7", "192.0.2.61,2001:db8::1, 198.51.100.7"):
            client, started, _ = self.goes_through(
                orders.other(orders.complete(), "/customer/ip_number", chain), ("/customer/ip_number", "invalid_ip_address"))
            self.assertNotIn("192.0.2.61", json.dumps(started.document), "it is the shopper's own")

    def test_no_date_as_databases_write_it(self):
        optional = ("/cart/created_at", "/cart/updated_at", "/customer/created_at", "/customer/updated_at",
                    "/customer/date_of_birth", "/first_charge_date", "/cart/items/2/ends_on")
        for none in ("0000-00-00", "0000-00-00 00:00:00"):
            order = orders.complete()
            for pointer in optional:
                order = orders.other(order, pointer, none)
            self.goes_through(order, *[(pointer, "invalid_date") for pointer in optional])

    def test_a_day_with_a_time_of_nothing(self):
        order = orders.other(orders.complete(), "/customer/date_of_birth", "1980-01-20 00:00:00")
        self.goes_through(order, ("/customer/date_of_birth", "invalid_date"))

    def test_an_address_of_the_web_without_its_scheme(self):
        order = orders.other(orders.complete(), "/cart/items/1/url", "www.shop.example/fishing?rod=7")
        self.goes_through(order, ("/cart/items/1/url", "invalid_url"))

    def test_a_language_by_its_name(self):
        for word in ("espanol", "english", "Deutsch"):
            order = orders.other(orders.complete(), "/customer/language_code", word)
            self.goes_through(order, ("/customer/language_code", "invalid_language"))

    def test_a_blank_default_fills_nothing(self):
        """It is as if it were not there: what the till has forgotten is refused as without it."""
        forgotten = (
            "/customer/ip_number", "/customer/user_agent", "/customer/email", "/invoice_address/city",
            "/invoice_address/address_line_1", "/delivery_address/city", "/delivery_method/name", "/cart/currency",
            "/platform/name", "/gui/layout", "/merchant_reference/order_ref_1", "/delivery_method", "/platform",
        )
        numbered = orders.complete(merchant_reference={"order_ref_1": "A", "order_ref_2": "B"})
        for pointer in forgotten:
            *block, name = pointer[1:].split("/")
            order = orders.other(numbered, pointer, ...)
            for blank in BLANKS:
                with self.subTest(pointer=pointer, blank=blank), self.sends(0):
                    defaults = {block[0]: {name: blank}} if block else {name: blank}
                    client = self.open(journal=":memory:", order_defaults=defaults)
                    answer = self.assertStatus("SQ_INVALID_ORDER", client.start(order), "missing_field")
                    self.assertEqual([pointer], [error["pointer"] for error in answer.document["errors"]])

    def test_what_a_blank_default_leaves_of_an_order(self):
        """An empty company is a company's name; what is the merchant's own stays; of an optional block nothing is left."""
        defaults = {
            "delivery_address": {"company": "", "state": " "}, "customer": {"vehicle": {"plaque": ""}, "nin": "", "rating": ""},
            "instore": {"code": " "}, "merchant": {"notification_parameters": {"till": ""}, "options": {}}, "first_charge_date": "",
        }
        client = self.open(order_defaults=defaults)
        order = orders.other(orders.complete(), "/delivery_address/company", ...)
        started = self.assertStatus("SQ_OK", client.start(order))
        self.assertEqual([], self.warned(started))
        sent = json.loads(self.sim.bodies("POST", "/orders")[-1])["order"]
        self.assertEqual(dict(order["delivery_address"], company=""), sent["delivery_address"])
        self.assertEqual(order["customer"], sent["customer"])
        self.assertEqual({**order["merchant"], "notification_parameters": {"till": ""}, "options": {}}, sent["merchant"])
        self.assertEqual(set(order) | {"state"}, set(sent))

    def test_a_blank_is_kept_as_it_came(self):
        """To leave out what was sent empty is another order."""
        client = self.open()
        order = orders.other(orders.complete(), "/customer/ref", "")
        url = self.assertStatus("SQ_OK", client.start(order)).url
        self.sim.approve(url.rsplit("/", 1)[-1])
        prints = {row["fingerprint"] for row in self.rows()}
        self.assertStatus("SQ_OK", client.start(orders.other(order, "/customer/ref", ...)))
        self.assertEqual(2, len(prints | {row["fingerprint"] for row in self.rows()}))
        self.assertStatus("SQ_OK", client.confirm(url, order))

    def test_updates_take_it_too(self):
        client = self.open()
        ref = orders.new_ref("U")
        self.settled(client, ref=ref)
        address = dict(orders.COMPLETE["delivery_address"], given_names="", surnames=" ", phone="", state=" ")
        update = {"delivery_address": address, "customer": "", "cart": " ", "shipped_cart": "",
                  "merchant": {"id": " "}, "merchant_reference": {"order_ref_1": "", "order_ref_2": ""}}
        self.assertStatus("SQ_OK", self.update(client, ref, update))
        del address["city"]
        self.assertStatus("SQ_INVALID_ORDER", self.update(client, ref, {"delivery_address": address}))
        self.assertStatus("SQ_INVALID_ORDER", self.update(client, ref, {"delivery_address": {**address, "city": ""}}))

    def test_an_empty_argument_is_never_everything(self):
        client = self.open()
        ref = orders.new_ref("N")
        self.settled(client, ref=ref)
        for blank in BLANKS:
            with self.sends(0):
                self.assertStatus("SQ_INVALID_JSON", self.ship(client, ref, blank))
                self.assertStatus("SQ_INVALID_JSON", self.refund(client, ref, blank))
        self.assertStatus("SQ_OK", self.ship(client, ref))
        for blank in BLANKS:
            with self.sends(0):
                self.assertStatus("SQ_INVALID_JSON", self.refund(client, ref, blank))

    def test_a_blank_argument_is_null_where_null_is_none(self):
        client = self.open()
        for blank in BLANKS:
            started = self.assertStatus("SQ_OK", client.start(orders.complete()))
            self.assertStatus("SQ_OK", client.send_form(started.url, "pp3", blank))
            self.assertNotIn("campaign", json.loads(self.sim.bodies("POST", "/form_deliveries")[-1]))
            self.assertStatus("SQ_INVALID_ORDER", client.send_form(started.url, "pp5", blank), "null_argument")
            self.sim.approve(started.uuid)
            self.assertStatus("SQ_OK", client.confirm(started.url))
            settled = self.assertStatus("SQ_OK", client.set_ref(started.url, orders.new_ref("A"), ""))
            self.assertIsNone(settled.order["order_ref_2"])

    def test_what_is_refused_rightly_still_is(self):
        for pointer, value, code in (
            ("/cart/order_total_with_tax", 15498, "cart_total_mismatch"), ("/cart/currency", "", "empty_text"),
            ("/cart/currency", "testCurrency", "invalid_currency"), ("/cart/items/0/reference", ..., "missing_field"),
            ("/cart/items/2/reference", None, "missing_field"), ("/cart/items/0/name", "", "empty_text"),
            ("/cart/items/3/name", " ", "empty_text"), ("/cart/items/4/name", ..., "missing_field"),
            ("/cart/items/5/reference", "", "empty_text"), ("/cart/items/5/name", "", "empty_text"),
            ("/customer/ip_number", "192.0.2.61, caja", "invalid_ip_address"),
            ("/customer/ip_number", "192.0.2.61,", "invalid_ip_address"),
            ("/customer/date_of_birth", "0000-00-01", "invalid_date"), ("/customer/date_of_birth", "1980-13-20 00:00:00", "invalid_date"),
            ("/customer/date_of_birth", "1980-01-20 10:00:00", "invalid_date"), ("/cart/created_at", "0000-00-00 10:00:00", "invalid_date"),
            ("/customer/previous_orders", [{"created_at": "0000-00-00", "amount": 1, "currency": "EUR"}], "invalid_date"),
            ("/cart/items/0/url", "/fishing", "invalid_url"), ("/cart/items/0/url", "ftp://shop.example/x", "invalid_url"),
            ("/cart/items/0/url", "javascript:a.b()", "invalid_url"), ("/cart/items/0/url", "me@shop.example", "invalid_url"),
            ("/customer/language_code", "e", "invalid_language"), ("/customer/language_code", "es ES", "invalid_language"), ("/customer/language_code", "español", "invalid_language"), ("/cart/items/3/reference", ..., "missing_field"),
            ("/cart/items/0/type", "gift_card", "unknown_item_type"), ("/delivery_method", ..., "missing_field"),
            ("/delivery_method/name", ..., "missing_field"), ("/customer/ip_number", "1.2.3", "invalid_ip_address"),
            ("/customer/ip_number", ..., "missing_field"), ("/customer/email", " ", "empty_text"),
            ("/customer/language_code", "spanish_", "invalid_language"), ("/cart/created_at", "2026-02-31 10:00:00", "invalid_date"),
            ("/delivery_address/city", "", "empty_text"), ("/delivery_address/postal_code", " ", "empty_text"),
            ("/invoice_address/city", ..., "missing_field"), ("/invoice_address/country_code", "", "empty_text"),
            ("/merchant/notify_url", "https://shop.example/ipn", "callback_not_allowed"),
            ("/merchant_reference", {}, "missing_field"), ("/platform/name", "", "empty_text"),
        ):
            with self.subTest(pointer=pointer, value=value), self.sends(0):
                answer = self.open(journal=":memory:").start(orders.other(orders.complete(), pointer, value))
                self.assertStatus("SQ_INVALID_ORDER", answer, code)

    def test_a_service_that_ends_on_no_date_does_not_end(self):
        service = {"type": "service", "reference": "S", "name": "Poda", "price_with_tax": 100, "quantity": 1,
                   "total_with_tax": 100, "downloadable": False, "ends_on": "0000-00-00"}
        order = orders.small(100)
        order["cart"]["items"] = [service]
        with self.sends(0):
            self.assertStatus("SQ_INVALID_ORDER", self.open(journal=":memory:").start(order), "mutually_exclusive")

    def test_orders_built_without_json(self):
        order = ctypes.c_void_p()
        lib.sq_order_new(None, ctypes.byref(order))
        self.addCleanup(lib.sq_order_free, order)
        self.assertEqual(0, lib.sq_order_set_text(order, b"/customer", b" "))
        self.assertEqual(0, lib.sq_order_set_text(order, b"/customer/email", b""))
        self.assertEqual(0, lib.sq_order_add_item(order, b"  ", b"P1", b"P", 1, 100, 100))
        self.assertEqual(0, lib.sq_order_set_text(order, b"/cart/items/0/url", b" "))
        out = ctypes.c_void_p()
        self.assertEqual(0, lib.sq_order_json(order, ctypes.byref(out)))
        built = abi.take(out)[-1]
        self.assertEqual({"email": ""}, built["customer"])
        self.assertEqual([{"reference": "P1", "name": "P", "quantity": 1, "price_with_tax": 100, "total_with_tax": 100,
                           "downloadable": False, "url": " "}], built["cart"]["items"])


if __name__ == "__main__":
    unittest.main()
