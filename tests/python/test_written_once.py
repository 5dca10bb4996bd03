"""One person, one address, written once: what an order says already need not be said again, and what it says is not changed."""

import base64
import hashlib
import json
import urllib.request

import orders
from outside import Stranger
from simulator import KEY, SECRET
from till import Till

ONCE = {
    "given_names": "Íñigo", "surnames": "Muñoz Güell", "address_line_1": "C/ de la Concepción 3, 1º",
    "postal_code": "28001", "city": "Madrid", "country_code": "ES", "mobile_phone": "+34 612 345 678",
}
WHOLE = dict(ONCE, company="", address_line_2="")


class WrittenOnce(Till):
    def sent(self, client, order, *warnings):
        """An order that is started, as seQura got it; what was given stands in it as it was."""
        started = self.assertStatus("SQ_OK", client.start(order))
        self.assertEqual(list(warnings), [one["code"] for one in started.document["warnings"]])
        return self.bodies()[-1]

    def bodies(self):
        return [json.loads(body)["order"] for body in self.sim.bodies("POST", "/orders")]

    def once(self, **customer):
        """An order whose person and address stand in delivery_address only."""
        order = orders.complete(delivery_address=ONCE)
        del order["invoice_address"]
        for name in ("given_names", "surnames"):
            del order["customer"][name]
        order["customer"].update(customer)
        return order


class Implied(WrittenOnce):
    def test_the_address_of_the_invoice_and_who_it_is(self):
        client = self.open()
        sent = self.sent(client, self.once())
        self.assertEqual((WHOLE, WHOLE), (sent["delivery_address"], sent["invoice_address"]))
        self.assertEqual(("Íñigo", "Muñoz Güell"), (sent["customer"]["given_names"], sent["customer"]["surnames"]))
        for nothing in (None, "", {}, {"city": ""}, dict.fromkeys(WHOLE, " ")):
            sent = self.sent(client, dict(self.once(), invoice_address=nothing))
            self.assertEqual(WHOLE, sent["invoice_address"], nothing)

    def test_the_other_way_round(self):
        client = self.open()
        order = self.once()
        order["invoice_address"] = order.pop("delivery_address")
        sent = self.sent(client, order)
        self.assertEqual((WHOLE, WHOLE), (sent["delivery_address"], sent["invoice_address"]))
        order = self.once(given_names="Íñigo", surnames="Muñoz Güell")
        for name in ("given_names", "surnames"):
            del order["delivery_address"][name]
        sent = self.sent(client, order)
        self.assertEqual(WHOLE, {name: sent["delivery_address"][name] for name in WHOLE})
        self.assertEqual(sent["delivery_address"], sent["invoice_address"])

    def test_nothing_that_is_given_is_changed(self):
        client = self.open()
        order = orders.complete()
        self.assertEqual(order, {name: self.sent(client, order)[name] for name in order})
        other = {"given_names": "Ana", "surnames": "Gil", "company": "Gil S.L.", "address_line_1": "C/ Mayor 1",
                 "address_line_2": "2º", "postal_code": "08001", "city": "Barcelona", "country_code": "ES"}
        order = orders.complete(invoice_address=other)
        self.assertEqual(other, self.sent(client, order)["invoice_address"])
        part = {"given_names": "Ana", "country_code": "ES"}
        answer = client.start(orders.complete(invoice_address=part))
        self.assertStatus("SQ_INVALID_ORDER", answer)
        self.assertIn("/invoice_address/city", [error["pointer"] for error in answer.document["errors"]])

    def test_one_name_goes_with_the_same_other_name_only(self):
        client = self.open()
        sent = self.sent(client, self.once(given_names="Íñigo"))
        self.assertEqual("Muñoz Güell", sent["customer"]["surnames"])
        sent = self.sent(client, self.once(given_names="Ana"), "missing_field")
        self.assertNotIn("surnames", sent["customer"])

    def test_order_defaults_may_hold_parts_of_addresses(self):
        client = self.open(order_defaults={"delivery_address": {"country_code": "ES", "city": "Madrid", "postal_code": "28001"},
                                           "invoice_address": {"country_code": "ES"}})
        order = self.once()
        for name in ("country_code", "city", "postal_code"):
            del order["delivery_address"][name]
        sent = self.sent(client, order)
        self.assertEqual((WHOLE, WHOLE), (sent["delivery_address"], sent["invoice_address"]))
        abroad = self.once()
        abroad["delivery_address"]["country_code"] = "FR"
        self.assertStatus("SQ_INVALID_ORDER", client.start(abroad))

    def test_what_may_be_missing_stays_missing(self):
        client = self.open()
        order = self.once(given_names="Íñigo", surnames="Muñoz Güell")
        order["merchant"]["options"] = {"addresses_may_be_missing": True}
        order["delivery_address"] = WHOLE
        self.assertNotIn("invoice_address", self.sent(client, order))

    def test_an_update_needs_no_empty_lines_either(self):
        client = self.open()
        _, _, _, ref = self.settled(client)
        self.assertStatus("SQ_OK", client.call("sq_update_order", ref, json.dumps({"delivery_address": dict(ONCE, country_code="España")})))
        told = json.loads(self.sim.bodies("PUT", "/merchants/")[-1])["order"]
        self.assertEqual(WHOLE, told["delivery_address"])


class Countries(WrittenOnce):
    def test_names_and_three_letters_are_understood_with_a_warning(self):
        client = self.open(merchant_id=None, merchants={"ES": "shop_es", "FR": "shop_fr"})
        for written in ("España", "espana", "SPAIN", "Espagne", "Spagna", "Espanha", "ESP", "es", " ES "):
            order = orders.complete(merchant={}, delivery_address=dict(WHOLE, country_code=written))
            started = self.assertStatus("SQ_OK", client.start(order))
            warning, = started.document["warnings"]
            self.assertEqual(("country_understood", "/delivery_address/country_code", "ES", None), (
                warning["code"], warning["pointer"], warning["expected"], warning["actual"]))
            self.assertEqual(("ES", "shop_es"), (self.bodies()[-1]["delivery_address"]["country_code"], started.order["merchant_id"]))

    def test_what_is_no_country_is_refused(self):
        client = self.open()
        for written in ("Hispania", "XX", "XXX", "Madrid", "E"):
            order = orders.complete(delivery_address=dict(WHOLE, country_code=written))
            self.assertStatus("SQ_INVALID_ORDER", client.start(order), "invalid_country")

    def test_wherever_a_country_stands(self):
        client = self.open()
        order = orders.complete()
        order["customer"]["previous_orders"] = [{"created_at": "2024-01-31T12:25:20+01:00", "amount": 1, "currency": "EUR",
                                                 "country_code": "Italia"}]
        order["trackings"] = [{"type": "pickup_point", "reference": "1", "country_code": "PRT"}]
        sent = self.sent(client, order, "country_understood", "country_understood")
        self.assertEqual(("IT", "PT"), (sent["customer"]["previous_orders"][0]["country_code"], sent["trackings"][0]["country_code"]))


class Again(WrittenOnce):
    """What is added is added each time: it is the same order."""

    def test_the_same_text_is_the_same_order(self):
        client = self.open()
        order = self.once()
        order["delivery_address"]["country_code"] = "España"
        url, uuid, _ = self.approved(client, order)
        self.assertEqual("confirmed", self.assertStatus("SQ_OK", client.confirm(url, order)).state)
        with self.sends(0):
            self.assertStatus("SQ_OK", client.confirm(url, order))
        whole = orders.complete(delivery_address=WHOLE, invoice_address=WHOLE)
        with self.sends(0):
            self.assertStatus("SQ_OK", client.confirm(url, whole))

    def test_a_start_without_an_answer_goes_on(self):
        client = self.open()
        self.sim.fault("close_before", method="POST")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.start(self.once()))
        self.assertStatus("SQ_OK", client.start(self.once()))
        self.assertEqual(1, len(self.rows()))

    def test_another_till_confirms_it_by_its_url(self):
        url, uuid, order = self.approved(self.open(), self.once())
        other = self.open(journal=str(self.folder / "other"))
        self.assertEqual("confirmed", self.assertStatus("SQ_OK", other.confirm(url, order)).state)


class BegunByAnEarlierVersion(WrittenOnce):
    """It added nothing: what it started is confirmed as it was started, or told to be another content."""

    def begun(self, client, order):
        """An order that an earlier version has started as it was given, and whose shopper is done."""
        started = self.assertStatus("SQ_OK", client.start(orders.complete()))
        request = urllib.request.Request(f"{self.sim.http}/orders", json.dumps({"order": order}).encode(), {
            "Content-Type": "application/json", "Authorization": "Basic " + base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()})
        with urllib.request.urlopen(request) as answer:
            url = answer.headers["Location"]
        uuid = url.rsplit("/", 1)[1]
        text = json.dumps(order, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        client.close()
        quoted = text.replace("'", "''")
        Stranger.shared().write(self.journal, f"""
            UPDATE orders SET uuid = '{uuid}', fingerprint = x'{hashlib.sha256(text.encode()).hexdigest()}'
                WHERE uuid = '{started.uuid}';
            UPDATE contents SET content = '{quoted}';""")
        client = self.open()
        self.assertStatus("SQ_OK", client.send_form(url))
        self.sim.approve(uuid)
        return client, url

    def bare(self):
        order = orders.complete()
        for name in ("given_names", "surnames"):
            del order["customer"][name]
        return order

    def test_it_is_confirmed_as_it_was_started(self):
        order = self.bare()
        client, url = self.begun(self.open(), order)
        self.assertEqual("confirmed", self.assertStatus("SQ_OK", client.confirm(url, order)).state)
        sent = json.loads(self.sim.bodies("PUT", "/orders/")[-1])["order"]
        self.assertEqual(order, {name: sent[name] for name in order})
        with self.sends(0):
            self.assertStatus("SQ_OK", client.confirm(url, order))

    def test_another_content_is_told_by_sequra(self):
        order = self.bare()
        client, url = self.begun(self.open(), order)
        other = orders.other(order, "/delivery_address/city", "Cádiz")
        self.assertStatus("SQ_CONFLICT", client.confirm(url, other))

    def test_its_start_without_an_answer_goes_on(self):
        client = self.open()
        self.sim.fault("close_before", method="POST")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.start(orders.complete()))
        order = self.bare()
        text = json.dumps(order, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        quoted = text.replace("'", "''")
        client.close()
        Stranger.shared().write(self.journal, f"""
            UPDATE orders SET fingerprint = x'{hashlib.sha256(text.encode()).hexdigest()}';
            UPDATE contents SET content = '{quoted}';""")
        client = self.open()
        self.assertStatus("SQ_OK", client.start(order))
        self.assertEqual(1, len(self.rows()))
        self.assertNotIn("surnames", self.bodies()[-1]["customer"])
