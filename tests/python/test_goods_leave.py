"""When the goods leave: `goods_leave`, what is sold and still to be shipped, and the second reference that follows."""

import json
import os
import signal
import subprocess
import sys

import orders
from abi import ROOT
from outside import Stranger, armed
from test_after_sale import JACKET, SHIRT, AfterSale, cart

LATER, WITH, AFTER = "later", "with_the_order", "after_the_sale"
EMPTY = {"currency": "EUR", "gift": False, "order_total_with_tax": 0, "items": []}


class Leaving(AfterSale):
    def order(self, ref=None, **changes):
        return orders.complete(ref, cart=cart(SHIRT, JACKET), **changes)

    def both(self, unshipped, shipped, **changes):
        order = self.order(**changes)
        del order["cart"]
        order["merchant"] = {"id": "shop_es", "options": {"uses_shipped_cart": True}}
        return {**order, "unshipped_cart": unshipped, "shipped_cart": shipped}

    def sent(self, path="/orders/"):
        return [json.loads(body)["order"] for body in self.sim.bodies("PUT", path)]

    def started(self):
        bodies = [json.loads(body) for body in self.sim.bodies("POST", "/orders")]
        return [body["order"] for body in bodies if "order" in body]

    def shipment(self, uuid):
        return self.sim.order(uuid)["sale"]["shipment"]

    def unshipped(self, client):
        data = client.pending().data
        return [one["order_ref_1"] for one in data["unshipped"]], data["unshipped_total"]

    def assertNothingToShip(self, client):
        self.assertEqual(([], {}), self.unshipped(client))

    def assertShipped(self, client, uuid, ref):
        """seQura knows it, and nobody has anything to do."""
        self.assertEqual("shipped", self.shipment(uuid))
        self.assertNothingToShip(client)
        self.assertEqual([], client.pending().data["orders"])
        self.assertEqual(("shipped", "none"), (lambda a: (a.data["amounts"]["delivery"], a.next))(self.info(client, ref)))


class Configuration(Leaving):
    def test_one_of_three_words(self):
        for word in (LATER, WITH, AFTER, None):
            self.open(goods_leave=word).close()
        answer = self.try_open(goods_leave="at_once").opened
        self.assertStatus("SQ_INVALID_CONFIG", answer, "invalid_value")
        self.assertEqual("/goods_leave", answer.document["errors"][0]["pointer"])
        for word in (LATER, WITH, AFTER):
            self.assertIn(word, answer.document["errors"][0]["message"])


class Later(Leaving):
    """What is settled and not shipped shows."""

    def test_what_is_sold_and_not_shipped_is_listed_with_age_and_amount(self):
        client = self.open(merchant_id=None, merchants={"ES": "shop_es", "FR": "shop_fr"})
        one, two = self.sold(client), self.sold(client, SHIRT)
        french = orders.small(5000)
        french["merchant"] = {"id": "shop_fr"}
        for block in ("delivery_address", "invoice_address"):
            french[block]["country_code"] = "FR"
        self.sim.rules(sms_spanish_mobile_only=False)
        _, _, _, three = self.settled(client, french)
        self.let_days_pass(2)
        answer = client.pending()
        self.assertEqual(([], {}, "none"), (answer.data["orders"], answer.data["at_risk"], answer.next))
        listed = answer.data["unshipped"]
        self.assertEqual([(one, 8350, 8350), (two, 1250, 1250), (three, 5000, 5000)],
                         [(each["order_ref_1"], each["amount"], each["unshipped"]) for each in listed])
        self.assertEqual({"EUR": {"shop_es": 9600, "shop_fr": 5000}}, answer.data["unshipped_total"])
        for each in listed:
            self.assertEqual(("settled", "ship"), (each["state"], each["next"]))
            self.assertGreaterEqual(each["age_s"], 2 * 86400)
        self.assertEqual(set(self.info(client, one).order) | {"age_s", "unshipped", "next"}, set(listed[0]))
        self.assertStatus("SQ_OK", self.ship(client, one))
        self.assertEqual(([two, three], {"EUR": {"shop_es": 1250, "shop_fr": 5000}}), self.unshipped(client))

    def test_a_reference_in_the_order_settles_it_unshipped(self):
        client = self.open()
        url, _, order = self.approved(client, self.order("IN-IT"))
        self.assertEqual(([], {}), self.unshipped(client))
        self.assertEqual(("settled", "none"), (lambda a: (a.state, a.next))(client.confirm(url, order)))
        self.assertEqual((["IN-IT"], {"EUR": {"shop_es": 8350}}), self.unshipped(client))
        again = self.open()
        self.assertEqual((["IN-IT"], {"EUR": {"shop_es": 8350}}), self.unshipped(again))

    def test_a_part_of_it_stays_until_the_rest_is_out(self):
        client = self.open()
        ref = self.sold(client)
        self.assertStatus("SQ_OK", self.ship(client, ref, [{"reference": "J1"}]))
        one, = client.pending().data["unshipped"]
        self.assertEqual((8350, 1250, {"EUR": {"shop_es": 1250}}),
                         (one["amount"], one["unshipped"], self.unshipped(client)[1]))
        self.assertStatus("SQ_OK", self.refund(client, ref, {"amount": 100}))
        self.assertEqual({"EUR": {"shop_es": 1250}}, self.unshipped(client)[1])
        self.assertStatus("SQ_OK", self.ship(client, ref, [{"reference": "S1"}]))
        self.assertNothingToShip(client)

    def test_what_is_cancelled_or_taken_out_need_not_be_shipped(self):
        client = self.open()
        ref = self.sold(client)
        self.assertStatus("SQ_OK", self.cancel(client, ref))
        self.assertNothingToShip(client)
        ref = self.sold(client)
        self.assertStatus("SQ_OK", self.ship(client, ref, [{"reference": "J1"}]))
        self.assertStatus("SQ_OK", self.update(client, ref, {"unshipped_cart": EMPTY}))
        self.assertNothingToShip(client)
        ref = self.sold(client)
        self.assertStatus("SQ_OK", self.update(client, ref, {"unshipped_cart": cart(SHIRT)}))
        self.assertEqual(([ref], {"EUR": {"shop_es": 1250}}), self.unshipped(client))

    def test_an_order_with_both_carts_counts_by_what_is_left_of_it(self):
        client = self.open()
        for unshipped, shipped, left in ((cart(SHIRT), cart(JACKET), {"EUR": {"shop_es": 1250}}),
                                         (cart(SHIRT, JACKET), EMPTY, {"EUR": {"shop_es": 8350}}),
                                         (EMPTY, cart(SHIRT, JACKET), {})):
            url, uuid, _, ref = self.settled(client, self.both(unshipped, shipped))
            self.assertEqual(([ref] if left else [], left), self.unshipped(client))
            self.assertStatus("SQ_OK", self.ship(client, ref))
            self.assertShipped(client, uuid, ref)

    def test_a_shipment_without_an_answer_is_not_known_to_be_shipped(self):
        client = self.open()
        ref = self.sold(client)
        self.sim.fault("close_after", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", self.ship(client, ref))
        one, = client.pending().data["unshipped"]
        self.assertEqual((ref, "recover"), (one["order_ref_1"], one["next"]))
        self.assertStatus("SQ_OK", client.call("sq_recover", None))
        self.assertNothingToShip(client)

    def test_what_seQura_refuses_to_have_shipped_stays(self):
        client = self.open()
        ref = self.sold(client)
        self.sim.fault("conflict", errors=["Nobody knows why"], method="PUT")
        self.assertStatus("SQ_CONFLICT", self.ship(client, ref))
        one, = client.pending().data["unshipped"]
        self.assertEqual((ref, "contact_sequra"), (one["order_ref_1"], one["next"]))
        self.assertStatus("SQ_OK", self.ship(client, ref))
        self.assertNothingToShip(client)

    def test_a_reference_without_an_answer_settles_it_at_recovery(self):
        client = self.open()
        url, _, _ = self.confirmed(client, self.order())
        self.sim.fault("close_after", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.set_ref(url, "LOST"))
        self.assertNothingToShip(client)
        self.assertStatus("SQ_OK", client.call("sq_recover", None))
        self.assertEqual((["LOST"], {"EUR": {"shop_es": 8350}}), self.unshipped(client))

    def test_what_a_person_says_is_settled_is_to_be_shipped(self):
        client = self.open()
        url, _, _ = self.confirmed(client, self.order())
        self.sim.fault("close_after", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.set_ref(url, "SEEN"))
        self.assertStatus("SQ_OK", client.call("sq_resolve", url, "confirmed", "It is in the portal"))
        self.assertEqual((["SEEN"], {"EUR": {"shop_es": 8350}}), self.unshipped(client))

    def test_what_was_sold_with_another_journal_counts_once_it_is_taken_over(self):
        elsewhere = self.open(journal=str(self.folder / "elsewhere.journal"))
        ref = self.sold(elsewhere)
        client = self.open()
        self.assertStatus("SQ_OK", self.update(client, ref, {"unshipped_cart": cart(SHIRT), "shipped_cart": cart(JACKET)}))
        self.assertEqual(([ref], {"EUR": {"shop_es": 1250}}), self.unshipped(client))

    def test_another_endpoints_are_not_listed(self):
        self.sold(self.open())
        other = self.open(base_url=self.sim.http.replace("127.0.0.1", "localhost"))
        self.assertNothingToShip(other)

    def test_of_many_the_oldest_are_listed_and_all_are_counted(self):
        client = self.open()
        ref = self.sold(client)
        Stranger.shared().write(self.journal, """
            WITH RECURSIVE copies (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copies WHERE n < 1200)
            INSERT INTO orders (id, endpoint, merchant_id, uuid, state, order_ref_1, amount, currency, created_at, updated_at,
                                finished, holds_ref, version)
            SELECT id + n, endpoint, merchant_id, uuid || n, state, order_ref_1 || '-' || n, amount, currency, created_at,
                   updated_at, finished, holds_ref, version FROM orders, copies WHERE id = 1;
            INSERT INTO unshipped SELECT id, endpoint, amount FROM orders WHERE id > 1;""")
        listed, total = self.unshipped(client)
        self.assertEqual((1000, ref, {"EUR": {"shop_es": 1201 * 8350}}), (len(listed), listed[0], total))


class WithTheOrder(Leaving):
    """The confirmation is the delivery."""

    def test_the_till_writes_cart_and_seQura_is_told_that_it_was_shipped(self):
        client = self.open(goods_leave=WITH)
        url, uuid, order, ref = self.settled(client, self.order())
        start, = self.started()
        confirmed, referenced = self.sent()
        for told in (start, confirmed, referenced):
            self.assertNotIn("cart", told)
            self.assertEqual((order["cart"], EMPTY), (told["shipped_cart"], told["unshipped_cart"]))
            self.assertEqual({"uses_shipped_cart": True}, told["merchant"]["options"])
        self.assertShipped(client, uuid, ref)
        info = self.info(client, ref)
        self.assertEqual((8350, 0, 8350), (info.order["amount"], info.data["amounts"]["unshipped"],
                                           info.data["amounts"]["shipped"]))
        with self.sends(1):
            self.assertStatus("SQ_OK", client.call("sq_send_delivery_report", None))
        report, = [json.loads(body)["delivery_report"] for body in self.sim.bodies("POST", "/orders/delivery_reports")]
        self.assertEqual([(ref, order["cart"]["order_total_with_tax"], [])],
                         [(one["merchant_reference"]["order_ref_1"], one["cart"]["order_total_with_tax"],
                           one["remaining_cart"]["items"]) for one in report["orders"]])

    def test_one_call_is_the_whole_of_it(self):
        client = self.open(goods_leave=WITH, status_mapping={"approved": "paid", "shipped": "gone"})
        url, uuid, order = self.approved(client, self.order("ONE-CALL"))
        with self.sends(1):
            answer = self.assertStatus("SQ_OK", client.confirm(url, order))
        self.assertEqual(("settled", "none", "gone", []), (answer.state, answer.next, answer.order["shop_status"], answer.warned))
        self.assertIn("hand over", answer.document["operator_message"])
        self.assertShipped(client, uuid, "ONE-CALL")

    def test_what_is_wrong_is_said_of_the_cart_that_the_till_wrote(self):
        client = self.open(goods_leave=WITH, excluded_products=["J1"])
        answer = self.assertStatus("SQ_INVALID_ORDER", client.start(orders.other(self.order(), "/cart/order_total_with_tax", 1)))
        self.assertEqual(["/cart/items/1/reference", "/cart/order_total_with_tax"],
                         sorted(error["pointer"] for error in answer.document["errors"]))

    def test_the_empty_cart_has_what_a_cart_must_have_and_the_tills_own_key(self):
        client = self.open(goods_leave=WITH)
        order = orders.other(orders.other(self.order(), "/cart/cart_ref", "TICKET 7"), "/cart/gift", True)
        order = orders.other(order, "/cart/created_at", "2024-01-31T12:25:20+01:00")
        self.assertStatus("SQ_OK", client.start(order))
        start, = self.started()
        self.assertEqual({**EMPTY, "gift": True, "cart_ref": "TICKET 7"}, start["unshipped_cart"])
        self.assertEqual(order["cart"], start["shipped_cart"])

    def test_an_order_decides_for_itself(self):
        client = self.open(goods_leave=WITH)
        asked = orders.other(self.order(), "/merchant/options", {"uses_shipped_cart": False})
        for order, left in ((asked, 8350), (self.both(cart(SHIRT), cart(JACKET)), 1250)):
            url, uuid, _, ref = self.settled(client, order)
            self.assertEqual(([ref], {"EUR": {"shop_es": left}}), self.unshipped(client))
            self.assertEqual(order["merchant"], self.sent()[-1]["merchant"])
            self.assertStatus("SQ_OK", self.ship(client, ref))
            self.assertShipped(client, uuid, ref)

    def test_the_same_order_again_is_the_same(self):
        client = self.open(goods_leave=WITH)
        url, uuid, order = self.approved(client, self.order())
        self.assertStatus("SQ_OK", client.confirm(url, order))
        with self.sends(0):
            for again in (order, None, json.loads(json.dumps(order))):
                self.assertEqual("confirmed", self.assertStatus("SQ_OK", client.confirm(url, again)).state)
        self.assertStatus("SQ_OK", client.set_ref(url, "AGAIN"))
        with self.sends(0):
            for again in (order, None):
                self.assertEqual("settled", self.assertStatus("SQ_OK", client.confirm(url, again)).state)
            self.assertStatus("SQ_WRONG_STATE", client.confirm(url, orders.small(8350)))
        self.assertStatus("SQ_OK", self.refund(client, "AGAIN", {"amount": 50}))
        with self.sends(0):
            self.assertEqual("settled", self.assertStatus("SQ_OK", client.confirm(url, order)).state)

    def test_what_was_begun_with_one_setting_is_confirmed_with_the_same_content(self):
        for begun, then, shipped in ((WITH, LATER, True), (WITH, AFTER, True), (LATER, WITH, False), (AFTER, WITH, False),
                                     (LATER, AFTER, False), (AFTER, LATER, False)):
            for given in (True, False):
                with self.subTest(f"{begun}, then {then}, {given}"):
                    first = self.open(goods_leave=begun)
                    url, uuid, order = self.approved(first, self.order())
                    first.close()
                    client = self.open(goods_leave=then)
                    self.sim.fault("close_before", method="PUT")
                    self.assertStatus("SQ_OUTCOME_UNKNOWN", client.confirm(url, order if given else None))
                    self.assertEqual("confirmed", self.assertStatus("SQ_OK", client.confirm(url, order if given else None)).state)
                    ref = orders.new_ref("SET")
                    self.assertStatus("SQ_OK", client.set_ref(url, ref))
                    told = [json.loads(body)["order"] for body in self.sim.bodies("PUT", f"/orders/{uuid}")]
                    self.assertEqual({"shipped_cart" if shipped else "cart"},
                                     {name for one in told for name in ("cart", "shipped_cart") if name in one})
                    # Goods that leave at once are shipped, whichever way is left to say so.
                    if shipped or then != LATER:
                        self.assertShipped(client, uuid, ref)
                    else:
                        self.assertEqual([ref], self.unshipped(client)[0])
                        self.assertStatus("SQ_OK", self.ship(client, ref))
                    client.close()
                    # It is the same order to every setting, also when nothing is left of the shopper.
                    for setting in (LATER, WITH, AFTER):
                        other = self.open(goods_leave=setting)
                        with self.sends(0):
                            self.assertEqual("settled", self.assertStatus("SQ_OK", other.confirm(url, order)).state)
                        other.close()

    def test_a_changed_order_goes_on_as_it_was_begun(self):
        first = self.open(goods_leave=WITH)
        url, uuid, order = self.approved(first, self.order())
        first.close()
        client = self.open()
        changed = orders.other(order, "/customer/ip_number", "192.0.2.7")
        self.assertStatus("SQ_OK", client.confirm(url, changed))
        told, = self.sent()
        self.assertEqual((order["cart"], "192.0.2.7"), (told["shipped_cart"], told["customer"]["ip_number"]))
        # One that was begun with two carts, of which not all was shipped, is not said to be shipped by anybody.
        url, uuid, _ = self.approved(client, self.both(cart(SHIRT, JACKET), EMPTY))
        other = self.open(goods_leave=WITH)
        self.assertStatus("SQ_CONFLICT", other.confirm(url, self.order()), "cart_changed")
        self.assertIn("cart", self.sent()[-1])

    def test_an_order_of_another_journal_is_taken_as_the_configuration_says(self):
        first = self.open(goods_leave=WITH, journal=str(self.folder / "first.journal"))
        url, uuid, order = self.approved(first, self.order())
        client = self.open(goods_leave=WITH)
        self.assertStatus("SQ_OK", client.confirm(url, order))
        self.assertStatus("SQ_OK", client.set_ref(url, "OTHERS"))
        self.assertShipped(client, uuid, "OTHERS")

    def test_one_that_another_journal_began_otherwise_goes_on_as_it_was_begun(self):
        for begun in (LATER, WITH, AFTER):
            for here in (LATER, WITH, AFTER):
                for held in (False, True):
                    with self.subTest(f"{begun}, here {here}, {held}"):
                        first = self.open(journal=str(self.folder / "first.journal"), goods_leave=begun)
                        client = self.open(goods_leave=here)
                        ref = orders.new_ref("ELSEWHERE")
                        url, uuid, order = self.approved(first, self.order(ref))
                        other = (begun == WITH) != (here == WITH)
                        if held:
                            with self.sends(1 + other):
                                self.assertStatus("SQ_OK", client.hold(url, order))
                        follows = begun != WITH and here != LATER
                        with self.sends(1 + (other and not held) + follows):
                            answer = self.assertStatus("SQ_OK", client.confirm(url, order))
                        self.assertEqual(("settled", "none", [], 1 + (other and not held)),
                                         (answer.state, answer.next, answer.warned, answer.attempts))
                        self.assertEqual(begun == WITH, "shipped_cart" in self.sent(f"/orders/{uuid}")[-1])
                        if begun == WITH or here != LATER:
                            self.assertShipped(client, uuid, ref)
                        with self.sends(0):
                            self.assertStatus("SQ_OK", client.confirm(url, order))
                        self._close_clients()
                        self.journal.unlink()

    def test_what_was_changed_is_refused_whichever_way_it_is_said(self):
        first = self.open(journal=str(self.folder / "first.journal"))
        client = self.open(goods_leave=WITH)
        url, uuid, order = self.approved(first, self.order())
        for _ in range(2):
            with self.sends(2):
                self.assertStatus("SQ_CONFLICT", client.confirm(url, orders.small(5000)), "cart_changed")
        self.assertStatus("SQ_OK", client.confirm(url, order))
        # Of what this journal began, and of an order that says it itself, nothing is tried.
        url, uuid, order = self.approved(client, self.order())
        with self.sends(1):
            self.assertStatus("SQ_CONFLICT", client.confirm(url, orders.small(5000)), "cart_changed")
        url, uuid, order = self.approved(first, self.order())
        with self.sends(1):
            self.assertStatus("SQ_CONFLICT", client.confirm(url, self.both(cart(SHIRT), cart(JACKET))), "cart_changed")

    def test_the_other_way_without_an_answer_is_asked_again_as_it_was_sent(self):
        for kind in ("close_before", "close_after"):
            for begun, here in ((LATER, WITH), (WITH, LATER), (WITH, AFTER)):
                with self.subTest(f"{kind}, {begun}, {here}"):
                    first = self.open(journal=str(self.folder / "first.journal"), goods_leave=begun)
                    client = self.open(goods_leave=here)
                    url, uuid, order = self.approved(first, self.order())
                    self.sim.fault(kind, method="PUT", path="/orders/", skip=1)
                    self.assertStatus("SQ_OUTCOME_UNKNOWN", client.confirm(url, order))
                    with self.sends(1):
                        self.assertEqual("confirmed", self.assertStatus("SQ_OK", client.confirm(url, order)).state)
                    ref = orders.new_ref("AGAIN")
                    self.assertStatus("SQ_OK", client.set_ref(url, ref))
                    self.assertShipped(client, uuid, ref)

    def test_a_lost_start_is_recovered_as_it_was(self):
        client = self.open(goods_leave=WITH)
        self.sim.fault("close_after", method="POST")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.start(self.order()))
        client.close()
        client = self.open()
        one, = self.assertStatus("SQ_OK", client.call("sq_recover", None)).data["orders"]
        first, again = self.sim.bodies("POST", "/orders")
        self.assertEqual(first, again)
        self.sim.approve(one["uuid"])
        self.assertStatus("SQ_OK", client.confirm(one["url"], self.order()))
        self.assertStatus("SQ_OK", client.set_ref(one["url"], "BACK"))
        self.assertShipped(client, one["uuid"], "BACK")

    def test_held_and_confirmed(self):
        client = self.open(goods_leave=WITH)
        order = self.order()
        started = client.start(order)
        client.send_form(started.url)
        self.sim.review(started.uuid)
        self.assertStatus("SQ_OK", client.hold(started.url, order))
        self.sim.approve(started.uuid)
        self.assertStatus("SQ_OK", client.confirm(started.url, order))
        self.assertEqual([True, True], ["shipped_cart" in told for told in self.sent()])

    def test_nothing_is_left_to_ship_and_that_is_said(self):
        client = self.open(goods_leave=WITH)
        url, uuid, _, ref = self.settled(client, self.order())
        with self.sends(0):
            answer = self.assertStatus("SQ_OK", self.ship(client, ref))
            self.assertEqual((None, "none", "shipped", 0), (answer.document["http"], answer.next, answer.data["amounts"]["delivery"],
                                                      answer.data["amounts"]["unshipped"]))
            self.assertStatus("SQ_INVALID_ORDER", self.ship(client, ref, [{"reference": "S1"}]), "no_such_line")

    def test_it_is_refunded_and_updated_like_what_was_shipped(self):
        client = self.open(goods_leave=WITH)
        url, uuid, _, ref = self.settled(client, self.order())
        self.assertStatus("SQ_WRONG_STATE", self.cancel(client, ref))
        self.assertStatus("SQ_OK", self.refund(client, ref, {"items": [{"reference": "S1"}]}))
        self.assertEqual((0, 7100), self.totals())
        self.assertStatus("SQ_OK", self.update(client, ref, {"shipped_cart": cart(("J1", 1, 7000, 7000))}))
        self.assertStatus("SQ_OK", self.refund(client, ref))
        self.assertEqual((0, 0), self.totals())
        self.assertNothingToShip(client)

    def test_defaults_may_say_it_too(self):
        client = self.open(goods_leave=WITH, order_defaults={"merchant": {"options": {"has_jquery": True}}})
        url, uuid, _, ref = self.settled(client, self.order())
        self.assertEqual({"has_jquery": True, "uses_shipped_cart": True}, self.sent()[-1]["merchant"]["options"])
        self.assertShipped(client, uuid, ref)

    def test_seQura_pays_it(self):
        self.sim.rules(disburse_shipped_only=True)
        client = self.open(goods_leave=WITH)
        url, uuid, _, ref = self.settled(client, self.order())
        later = self.open(journal=str(self.folder / "later.journal"))
        self.settled(later, self.order())
        made = self.sim.control("POST", "disburse", {"merchant": "shop_es"})
        self.assertIn(ref, json.dumps(made))
        answer = self.assertStatus("SQ_OK", client.call("sq_reconcile"))
        self.assertEqual([ref], [one["order_ref_1"] for one in answer.data["paid"]])


class AfterTheSale(Leaving):
    """Shipping is the sale's last step."""

    def test_it_is_sent_by_itself_after_the_reference(self):
        client = self.open(goods_leave=AFTER, status_mapping={"shipped": "gone"})
        url, uuid, order = self.confirmed(client, self.order())
        with self.sends(2):
            answer = self.assertStatus("SQ_OK", client.set_ref(url, "BY-ITSELF"))
        self.assertEqual(("settled", "none", [], "gone"), (answer.state, answer.next, answer.warned, answer.order["shop_status"]))
        self.assertIn("hand over", answer.document["operator_message"])
        self.assertEqual((0, 8350), self.totals())
        self.assertShipped(client, uuid, "BY-ITSELF")
        with self.sends(0):
            self.assertStatus("SQ_OK", client.set_ref(url, "BY-ITSELF"))
            self.assertStatus("SQ_OK", client.confirm(url, order))
            self.assertStatus("SQ_OK", self.ship(client, "BY-ITSELF"))
            self.assertEqual([], client.call("sq_recover", None).data["orders"])
        log = client.call("sq_log", json.dumps({"order": "BY-ITSELF"})).data["entries"]
        self.assertEqual(["ship", "set_order_ref"], [entry["operation"] for entry in log][:2])

    def test_and_after_a_confirmation_that_has_its_reference(self):
        client = self.open(goods_leave=AFTER)
        url, uuid, order = self.approved(client, self.order("WITH-IT"))
        with self.sends(2):
            answer = self.assertStatus("SQ_OK", client.confirm(url))
        self.assertEqual(("confirm", "settled", "none"), (answer.document["operation"], answer.state, answer.next))
        self.assertShipped(client, uuid, "WITH-IT")

    def test_nothing_of_the_shopper_is_kept_for_it(self):
        client = self.open(goods_leave=AFTER)
        url, _, _ = self.confirmed(client, self.order())
        self.sim.fault("close_before", path="/merchants/")
        client.set_ref(url, "BARE")
        client.close()
        for file in self.folder.iterdir():
            self.assertNotIn("Muñoz".encode(), file.read_bytes(), file)

    def failing(self, client, ref, kind, **fields):
        """A settled order of which the shipment has failed; the answer of the reference."""
        url, self.uuid, _ = self.confirmed(client, self.order())
        self.sim.fault(kind, path="/merchants/", **fields)
        answer = self.assertStatus("SQ_OK", client.set_ref(url, ref))
        self.sim.clear_faults()
        return answer

    def test_where_it_fails_the_sale_stands_and_it_is_to_be_shipped(self):
        signed = {"X-Request-Id": "2cb1cc84-8c36-4b0d-8a2f-9d6c66e05a5b"}
        for kind, fields in (("close_before", {}), ("close_after", {}), ("status", {"status": 503}),
                             ("status", {"status": 401, "body": "HTTP Basic: Access denied."}),
                             ("status", {"status": 404, "headers": signed}), ("status", {"status": 429, "headers": signed}),
                             ("status", {"status": 410, "headers": signed}), ("status", {"status": 403, "body": "<html>"})):
            with self.subTest(f"{kind} {fields}"):
                client = self.open(goods_leave=AFTER)
                ref = orders.new_ref("F")
                answer = self.failing(client, ref, kind, **fields)
                self.assertEqual(("settled", "ship", ["not_shipped"]), (answer.state, answer.next, answer.warned))
                self.assertIn("hand over", answer.document["operator_message"])
                for told in (client.pending(), self.open(goods_leave=LATER).pending()):
                    one, = told.data["orders"]
                    self.assertEqual((ref, "settled", "shipment", "ship"),
                                     (one["order_ref_1"], one["state"], one["missing"], one["next"]))
                    self.assertEqual({}, told.data["at_risk"])
                    self.assertEqual(([ref], "recover"), ([each["order_ref_1"] for each in told.data["unshipped"]], told.next))
                self.assertEqual("ship", self.info(client, ref).next)
                self.assertEqual("recover", self.open().opened.next)
                one, = self.assertStatus("SQ_OK", client.call("sq_recover", None)).data["orders"]
                self.assertEqual(("settled", "settled", "SQ_OK", "none"), (one["was"], one["now"], one["status"], one["next"]))
                self.assertShipped(client, self.uuid, ref)
                self._close_clients()

    def test_the_till_may_ship_it_as_well(self):
        client = self.open(goods_leave=AFTER)
        self.failing(client, "TILL", "close_after")
        self.assertStatus("SQ_INVALID_ORDER", self.ship(client, "TILL", [{"reference": "S1"}]), "no_such_line")
        with self.sends(1):
            self.assertEqual("none", self.assertStatus("SQ_OK", self.ship(client, "TILL")).next)
        self.assertShipped(client, self.uuid, "TILL")

    def test_the_same_call_again_ships_it_too(self):
        client = self.open(goods_leave=AFTER)
        answer = self.failing(client, "SAME", "close_before")
        with self.sends(1):
            again = self.assertStatus("SQ_OK", client.set_ref(answer.url, "SAME"))
        self.assertEqual(("settled", "none", []), (again.state, again.next, again.warned))
        self.assertShipped(client, self.uuid, "SAME")

    def test_what_seQura_refuses_is_a_persons(self):
        client = self.open(goods_leave=AFTER)
        answer = self.failing(client, "NO", "conflict", errors=["Nobody knows why"])
        self.assertEqual(("settled", "contact_sequra", ["not_shipped"]), (answer.state, answer.next, answer.warned))
        self.assertIn("Nobody knows why", answer.document["warnings"][0]["message"])
        with self.sends(0):
            self.assertStatus("SQ_OK", client.call("sq_recover", None))
        told = client.pending().data
        self.assertEqual(([], ["NO"]), (told["orders"], [one["order_ref_1"] for one in told["unshipped"]]))
        self.assertStatus("SQ_OK", self.ship(client, "NO"))
        self.assertShipped(client, self.uuid, "NO")

    def test_what_comes_back_before_it_is_shipped_is_told_with_it(self):
        client = self.open(goods_leave=AFTER)
        self.failing(client, "RETURN", "close_before")
        self.assertStatus("SQ_OK", self.refund(client, "RETURN", {"items": [{"reference": "S1"}]}))
        self.assertEqual((0, 7100), self.totals())
        self.assertShipped(client, self.uuid, "RETURN")

    def test_a_refund_that_is_refused_leaves_it_to_be_shipped(self):
        client = self.open(goods_leave=AFTER)
        self.failing(client, "APART", "close_before")
        self.sim.fault("conflict", errors=["Nobody knows why"], path="/merchants/")
        self.assertStatus("SQ_CONFLICT", self.refund(client, "APART", {"amount": 100}))
        self.assertEqual("ship", client.pending().data["orders"][0]["next"])
        self.assertStatus("SQ_OK", client.call("sq_recover", None))
        self.assertShipped(client, self.uuid, "APART")

    def test_recovery_of_the_reference_ships_it(self):
        client = self.open(goods_leave=AFTER)
        for order, ask, was in ((self.order(), lambda url: client.set_ref(url, "RECOVERED"), "referencing"),
                                (self.order("RECOVERED-2"), lambda url: client.confirm(url), "confirming")):
            url, uuid, _ = self.approved(client, order)
            if was == "referencing":
                self.assertStatus("SQ_OK", client.confirm(url))
            self.sim.fault("close_after", method="PUT")
            self.assertStatus("SQ_OUTCOME_UNKNOWN", ask(url))
            self.assertNothingToShip(client)
            one, = self.assertStatus("SQ_OK", client.call("sq_recover", None)).data["orders"]
            self.assertEqual((was, "settled", "SQ_OK", "none"), (one["was"], one["now"], one["status"], one["next"]))
            self.assertShipped(client, uuid, one["order_ref_1"])

    def test_what_a_person_says_is_settled_is_shipped_by_recovery(self):
        client = self.open(goods_leave=AFTER)
        url, uuid, _ = self.confirmed(client, self.order())
        self.sim.fault("close_after", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.set_ref(url, "SEEN"))
        answer = self.assertStatus("SQ_OK", client.call("sq_resolve", url, "confirmed", "It is in the portal"))
        self.assertEqual(("settled", "ship"), (answer.state, answer.next))
        self.assertStatus("SQ_OK", client.call("sq_recover", None))
        self.assertShipped(client, uuid, "SEEN")
        # And of the shipment itself: it was not, whatever the library believes.
        self.failing(client, "NOT-SEEN", "close_after")
        self.assertStatus("SQ_OK", client.call("sq_resolve", "NOT-SEEN", "not_confirmed", "It is not in the portal"))
        self.assertEqual((["NOT-SEEN"], {"EUR": {"shop_es": 8350}}), self.unshipped(client))

    def test_an_order_decides_for_itself(self):
        client = self.open(goods_leave=AFTER)
        asked = orders.other(self.order(), "/merchant/options", {"uses_shipped_cart": False})
        for order, left in ((asked, 8350), (self.both(cart(SHIRT), cart(JACKET)), 1250), (self.both(EMPTY, cart(SHIRT)), None)):
            url, uuid, _ = self.confirmed(client, order)
            with self.sends(1):
                answer = self.assertStatus("SQ_OK", client.set_ref(url, orders.new_ref("OWN")))
            self.assertEqual(("settled", "none", []), (answer.state, answer.next, answer.warned))
            self.assertEqual({"EUR": {"shop_es": left}} if left else {}, self.unshipped(client)[1])
            self.assertStatus("SQ_OK", self.ship(client, answer.order["order_ref_1"]))

    def test_it_is_said_in_every_language_that_it_is_still_to_be_told(self):
        for language, words in self.in_every_language(
                en="handed over", es="se ha entregado", fr="a été remise", it="è stata consegnata", pt="foi entregue"):
            client = self.open(goods_leave=AFTER, language=language)
            self.assertIn(words, self.failing(client, orders.new_ref("L"), "close_before").document["operator_message"])
            client.call("sq_recover", None)
            client.close()

    def test_two_tills_that_recover_it_send_it_once(self):
        client = self.open(goods_leave=AFTER)
        self.failing(client, "TWO", "close_before")
        before = len(self.updates())
        for till in (client, self.open(goods_leave=AFTER), self.open()):
            self.assertStatus("SQ_OK", till.call("sq_recover", None))
        self.assertEqual(1, len(self.updates()) - before)

    def test_the_call_ends_in_time(self):
        client = self.open(goods_leave=AFTER, timeouts={"connect_ms": 500, "total_ms": 1500})
        url, _, _ = self.confirmed(client, self.order())
        self.sim.fault("delay", ms=20000, path="/merchants/")
        with self.ends_within(1.5 + 1 + 6):
            answer = self.assertStatus("SQ_OK", client.set_ref(url, "SLOW"))
        self.assertEqual(("settled", "ship", ["not_shipped"]), (answer.state, answer.next, answer.warned))


class SecondReference(Leaving):
    """It can follow: a ticket number that exists only after the books are written."""

    def has(self, client, ref_1, ref_2):
        self.assertEqual((ref_1, ref_2), (self.sim.order(self.uuid)["order_ref_1"], self.sim.order(self.uuid)["order_ref_2"]))
        for till in (client, self.open()):
            told = self.info(till, ref_1).order
            self.assertEqual((ref_1, ref_2, "settled"), (told["order_ref_1"], told["order_ref_2"], told["state"]))

    def test_set_order_ref_of_a_settled_order(self):
        client = self.open()
        ref = self.sold(client)
        with self.sends(1):
            answer = self.assertStatus("SQ_OK", client.set_ref(self.url, ref, "BOOK-1"))
        self.assertEqual(("set_order_ref", "settled", ref, "BOOK-1", "none", None),
                         (answer.document["operation"], answer.state, answer.order["order_ref_1"], answer.order["order_ref_2"],
                          answer.next, answer.data))
        self.assertIn("registered", answer.document["operator_message"])
        self.has(client, ref, "BOOK-1")
        with self.sends(0):
            self.assertStatus("SQ_OK", client.set_ref(self.url, ref, "BOOK-1"))
            self.assertStatus("SQ_OK", client.set_ref(self.url, ref))
            self.assertStatus("SQ_WRONG_STATE", client.set_ref(self.url, "ANOTHER", "BOOK-1"))
            self.assertStatus("SQ_WRONG_STATE", client.set_ref(self.url, "ANOTHER", "BOOK-2"))
            for wrong in (" ", "A\tB", "R" * 256):
                answer = self.assertStatus("SQ_INVALID_ORDER", client.set_ref(self.url, ref, wrong), "invalid_value")
                self.assertEqual(("/merchant_reference/order_ref_2", "settled", "fix_order"),
                                 (answer.document["errors"][0]["pointer"], answer.state, answer.next))
            self.assertStatus("SQ_OK", client.set_ref(self.url, ref, ""))
        self.assertStatus("SQ_OK", client.set_ref(self.url, ref, "BOOK-2"))
        self.has(client, ref, "BOOK-2")
        self.assertEqual((8350, 0), self.totals())

    def test_update_order_of_a_settled_order(self):
        client = self.open()
        for known in ({}, {"order_ref_1": "BOTH"}):
            ref = self.sold(client, ref="BOTH" if known else None)
            with self.sends(1):
                answer = self.assertStatus("SQ_OK", self.update(client, ref, {"merchant_reference": {**known, "order_ref_2": "N-7"}}))
            self.assertEqual("N-7", answer.order["order_ref_2"])
            self.has(client, ref, "N-7")
        for wrong in ("A\u0007B", {"a": 1}, 1.5):
            with self.sends(0):
                self.assertStatus("SQ_INVALID_ORDER", self.update(client, ref, {"merchant_reference": {"order_ref_2": wrong}}))
        self.has(client, ref, "N-7")
        self.assertStatus("SQ_OK", self.update(client, ref, {"merchant_reference": {"order_ref_2": 12}}))
        self.has(client, ref, "12")
        self.assertStatus("SQ_INVALID_ORDER", self.update(client, ref, {"merchant_reference": {"order_ref_1": "X", "order_ref_2": "Y"}}))

    def test_it_stays_through_what_comes_after(self):
        client = self.open()
        ref = self.sold(client)
        self.assertStatus("SQ_OK", client.set_ref(self.url, ref, "BOOK-1"))
        self.assertStatus("SQ_OK", self.ship(client, ref))
        self.assertEqual({"order_ref_1": ref, "order_ref_2": "BOOK-1"}, self.updates()[-1]["merchant_reference"])
        self.assertStatus("SQ_OK", client.set_ref(self.url, ref, "BOOK-2"))
        self.assertEqual((0, 8350), self.totals())
        self.assertStatus("SQ_OK", client.call("sq_send_delivery_report", None))
        report, = [json.loads(body)["delivery_report"] for body in self.sim.bodies("POST", "/orders/delivery_reports")]
        self.assertEqual("BOOK-2", report["orders"][0]["merchant_reference"]["order_ref_2"])

    def test_one_without_an_answer_is_told_by_recovery(self):
        client = self.open()
        ref = self.sold(client)
        self.sim.fault("close_before", method="PUT")
        answer = self.assertStatus("SQ_OUTCOME_UNKNOWN", client.set_ref(self.url, ref, "LATE"))
        self.assertEqual(("set_order_ref", None), (answer.document["operation"], answer.order["order_ref_2"]))
        self.assertStatus("SQ_OK", client.call("sq_recover", None))
        self.has(client, ref, "LATE")

    def test_it_goes_with_a_shipment_that_has_no_answer(self):
        client = self.open(goods_leave=AFTER)
        self.url, self.uuid, _ = self.confirmed(client, self.order())
        self.sim.fault("close_before", path="/merchants/")
        self.assertStatus("SQ_OK", client.set_ref(self.url, "FIRST"))
        answer = self.assertStatus("SQ_OK", client.set_ref(self.url, "FIRST", "SECOND"))
        self.assertEqual((0, 8350), self.totals())
        self.has(client, "FIRST", "SECOND")
        self.assertShipped(client, self.uuid, "FIRST")

    def test_not_before_the_sale_is_settled_and_not_after_its_end(self):
        client = self.open()
        ref = self.sold(client)
        self.assertStatus("SQ_OK", self.cancel(client, ref))
        with self.sends(0):
            self.assertStatus("SQ_WRONG_STATE", client.set_ref(self.url, ref, "TOO-LATE"))


class Killed(Leaving):
    """A till that ends anywhere between the reference and the shipment: whoever comes next is told, and ships."""

    SCRIPT = "import sys, json; sys.path.insert(0, sys.argv[1]); from abi import Client; c = Client(json.loads(sys.argv[2]))\n" \
             "assert c.handle; {}(c, *json.loads(sys.argv[3]))"

    def till(self, call, config, arguments, env):
        script = self.SCRIPT.format(call)
        command = [sys.executable, "-c", script, str(ROOT / "tests/python"), json.dumps(config), json.dumps(arguments)]
        return subprocess.run(command, env={**os.environ, "SEQURA_TEST_QUIET": "1", **armed(), **env}, capture_output=True, text=True,
                              timeout=60)

    def points(self, call, order, arguments):
        """How many points the call of a till comes to, opening included."""
        trace = self.folder / f"{call}.trace"
        url, _, _ = self.begun(order)
        config = self.config(goods_leave=AFTER)
        ended = self.till(call, config, [url, *arguments("TRACED")], {"SEQURA_POS_CRASH_TRACE": str(trace)})
        self.assertEqual((0, ""), (ended.returncode, ended.stderr))
        return trace.read_text().split()

    def begun(self, order):
        client = self.open(goods_leave=AFTER)
        made = self.confirmed(client, order) if order.get("merchant_reference") is None else self.approved(client, order)
        client.close()
        return made

    def test_at_every_point(self):
        for call, order, arguments in (("Client.set_ref", lambda ref: self.order(), lambda ref: [ref]),
                                       ("Client.confirm", self.order, lambda ref: [])):
            points = self.points(call, order("TRACED"), arguments)
            if "before_shipment" not in points:
                self.fail(f"the shipment is no step of its own: {points}")
            shipping = points.index("before_shipment")
            for number in range(1, len(points) + 1):
                with self.subTest(f"{call}, {points[number - 1]}, {number}"):
                    self.sim.reset()
                    self.journal = self.folder / f"{call}-{number}.journal"
                    ref = orders.new_ref("KILLED")
                    url, uuid, _ = self.begun(order(ref))
                    ended = self.till(call, self.config(goods_leave=AFTER), [url, *arguments(ref)],
                                      {"SEQURA_POS_CRASH_AT": f"any:{number}"})
                    self.assertEqual(-signal.SIGKILL, ended.returncode, ended.stderr)
                    self.comes_next(url, uuid, ref, call, number - 1 >= shipping)

    def comes_next(self, url, uuid, ref, call, was_settled):
        # Another setting ships it all the same: it was intended.
        client = self.open(goods_leave=LATER if was_settled else AFTER)
        told = client.pending().data
        if was_settled and told["orders"]:
            one, = told["orders"]
            self.assertEqual((ref, "shipment", "ship"), (one["order_ref_1"], one["missing"], one["next"]))
        known = self.info(client, url)
        if known.state == "settled" and not told["unshipped"]:
            self.assertEqual("shipped", self.shipment(uuid), "nobody may be told that it is shipped when it is not")
        self.assertStatus("SQ_OK", client.call("sq_recover", None))
        if self.info(client, url).state != "settled":
            self.assertStatus("SQ_OK", client.set_ref(url, ref) if call == "Client.set_ref" else client.confirm(url))
        self.assertShipped(client, uuid, ref)
        client.close()
