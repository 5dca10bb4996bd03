"""The good sale, from the first request to the registered reference, and what the books say afterwards."""

import json
import time
import unittest

import orders
from till import Till


class TheGoodSale(Till):
    def assertBooksAgree(self, client):
        """The ledger of seQura and the till's journal tell the same story of every order."""
        ledger = {}
        for line in self.sim.ledger():
            ledger[line["uuid"]] = line
        confirmed = {line["uuid"] for line in self.sim.ledger() if line["event"] == "confirmed"}
        for row in self.rows():
            line = ledger[row["uuid"]]
            self.assertEqual(line["amount"], row["amount"])
            self.assertEqual(line["currency"], row["currency"])
            self.assertEqual(line["merchant_id"], row["merchant_id"])
            self.assertEqual(row["uuid"] in confirmed, row["state"] in ("confirmed", "settled", "ref_conflicted"))
            if row["state"] == "settled":
                self.assertEqual(line["order_ref_1"], row["order_ref_1"])
        self.assertEqual(set(ledger), {row["uuid"] for row in self.rows()})
        pending = {order["uuid"] for order in client.pending().data["orders"]}
        finished = {row["uuid"] for row in self.rows() if row["state"] == "settled"}
        self.assertEqual(set(ledger) - finished, pending)

    def test_a_reference_that_is_there_from_the_start_settles_the_sale_at_its_confirmation(self):
        client, ref = self.open(), orders.new_ref()
        order = orders.complete(ref)
        started = self.assertStatus("SQ_OK", client.start({"order": order}))
        self.assertEqual(("solicited", "send_form"), (started.state, started.next))
        self.assertEqual(f"{self.sim.http}/orders/{started.uuid}", started.url)
        self.assertEqual(ref, started.order["order_ref_1"])
        self.assertEqual((orders.TOTAL, "EUR", "shop_es"),
                         (started.order["amount"], started.order["currency"], started.order["merchant_id"]))
        self.assertEqual((204, 1), (started.document["http"]["status"], started.attempts))

        form = self.assertStatus("SQ_OK", client.send_form(started.url))
        self.assertEqual(("form_sent", "confirm"), (form.state, form.next))
        self.assertEqual(["pp3"], [sms["product_code"] for sms in self.sim.sms()])

        self.sim.approve(started.uuid)
        confirmed = self.assertStatus("SQ_OK", client.confirm(started.url, order))
        self.assertEqual(("settled", "none", ref), (confirmed.state, confirmed.next, confirmed.order["order_ref_1"]))
        self.assertEqual(["solicited", "form_delivered", "approved", "confirmed"], self.sim.events(started.uuid))
        self.assertEqual([], client.pending().data["orders"])
        self.assertBooksAgree(client)

    def test_a_reference_that_is_known_afterwards_settles_the_sale_in_a_step_of_its_own(self):
        client, ref = self.open(), orders.new_ref()
        url, uuid, order = self.approved(client)
        confirmed = self.assertStatus("SQ_OK", client.confirm(url, order))
        self.assertEqual(("confirmed", "set_order_ref", None),
                         (confirmed.state, confirmed.next, confirmed.order["order_ref_1"]))
        self.assertEqual({"EUR": {"shop_es": orders.TOTAL}}, client.pending().data["at_risk"])
        self.assertEqual("order_ref_1", client.pending().data["orders"][0]["missing"])
        self.assertBooksAgree(client)

        settled = self.assertStatus("SQ_OK", client.set_ref(url, ref, "caja-3"))
        self.assertEqual(("settled", "none", ref, "caja-3"),
                         (settled.state, settled.next, settled.order["order_ref_1"], settled.order["order_ref_2"]))
        self.assertEqual("reference_registered", self.sim.events(uuid)[-1])
        self.assertEqual((ref, "caja-3"), (self.sim.order(uuid)["order_ref_1"], self.sim.order(uuid)["order_ref_2"]))
        self.assertEqual(({}, []), (client.pending().data["at_risk"], client.pending().data["orders"]))
        self.assertBooksAgree(client)

    def test_every_put_carries_the_whole_order_and_its_state(self):
        client = self.open()
        url, uuid, order, ref = self.settled(client)
        confirm, register = [json.loads(body)["order"] for body in self.sim.bodies("PUT")]
        self.assertEqual("confirmed", confirm["state"])
        self.assertIn(register.get("state"), ("", None))
        self.assertEqual(ref, register["merchant_reference"]["order_ref_1"])
        for sent in (confirm, register):
            for block in ("cart", "delivery_address", "invoice_address", "delivery_method", "merchant", "gui", "platform"):
                self.assertEqual(order[block], sent[block], block)

    def test_a_confirmation_without_the_order_sends_it_as_last_sent(self):
        client = self.open()
        url, uuid, order = self.approved(client)
        self.assertEqual("confirmed", self.assertStatus("SQ_OK", client.confirm(url, None)).state)
        sent = json.loads(self.sim.bodies("PUT")[0])["order"]
        self.assertEqual(order["cart"], sent["cart"])
        self.assertEqual("confirmed", sent["state"])

    def test_an_order_may_change_until_it_is_confirmed_and_the_last_one_stands(self):
        self.sim.rules(changed_cart_refused=False)
        client = self.open()
        url, uuid, order = self.approved(client)
        renamed = orders.other(order, "/cart/items/0/name", "Camisa nueva")
        self.assertStatus("SQ_OK", client.confirm(url, renamed))
        self.assertStatus("SQ_OK", client.set_ref(url, orders.new_ref()))
        register = json.loads(self.sim.bodies("PUT")[-1])["order"]
        self.assertEqual("Camisa nueva", register["cart"]["items"][0]["name"])

    def test_the_library_decides_the_state_whatever_the_order_says(self):
        client = self.open()
        order = orders.complete(state="confirmed")
        started = self.assertStatus("SQ_OK", client.start(order))
        self.assertIn(json.loads(self.sim.bodies("POST", "/orders")[0])["order"].get("state"), ("", None))
        self.sim.approve(started.uuid)
        self.assertStatus("SQ_OK", client.confirm(started.url, orders.complete(state="on_hold")))
        self.assertEqual("confirmed", json.loads(self.sim.bodies("PUT")[0])["order"]["state"])

    def test_a_bare_uuid_is_as_good_as_the_url(self):
        client = self.open()
        started = self.assertStatus("SQ_OK", client.start(orders.complete()))
        self.assertStatus("SQ_OK", client.send_form(started.uuid))
        self.sim.approve(started.uuid)
        self.assertStatus("SQ_OK", client.confirm(started.uuid))
        settled = self.assertStatus("SQ_OK", client.set_ref(started.uuid, orders.new_ref()))
        self.assertEqual(started.url, settled.url)
        self.assertStatus("SQ_OK", client.payment_methods(started.uuid))

    def test_the_form_need_not_be_sent_by_the_library(self):
        # Legacy shops hand the link to the shopper themselves; confirming from "solicited" is the normal order then.
        client = self.open()
        started = self.assertStatus("SQ_OK", client.start(orders.complete()))
        self.sim.approve(started.uuid)
        self.assertEqual("confirmed", self.assertStatus("SQ_OK", client.confirm(started.url)).state)

    def test_the_form_can_be_sent_twice(self):
        client = self.open()
        started = client.start(orders.complete())
        self.assertStatus("SQ_OK", client.send_form(started.url))
        self.assertStatus("SQ_OK", client.send_form(started.url, "pp5", "permanente"))
        self.assertEqual([("pp3", None), ("pp5", "permanente")],
                         [(sms["product_code"], sms.get("campaign")) for sms in self.sim.sms()])

    def test_a_product_of_blanks_is_none(self):
        client = self.open()
        url = client.start(orders.complete()).url
        with self.sends(0):
            for nothing in (None, "", " ", "   ", "\t\n", "\u00a0\u3000"):
                answer = self.assertStatus("SQ_INVALID_ARGUMENT", client.send_form(url, nothing), "null_argument")
                self.assertIn("product_code", answer.document["errors"][0]["message"])
        self.assertStatus("SQ_OK", client.send_form(url))

    def test_over_https_the_authority_of_the_configuration_is_trusted(self):
        client = self.open(base_url=self.sim.https, roots={"file": self.sim.ca_file})
        url, uuid, _, ref = self.settled(client)
        self.assertTrue(url.startswith(self.sim.https + "/orders/"))
        self.assertEqual({"https"}, {request["scheme"] for request in self.sim.requests()})
        self.assertEqual(ref, self.sim.ledger(uuid)[-1]["order_ref_1"])

    def test_goods_that_are_carried_away_at_once_may_be_in_a_shipped_cart(self):
        order = orders.complete()
        cart = order.pop("cart")
        order["merchant"]["options"] = {"uses_shipped_cart": True}
        order["shipped_cart"] = cart
        order["unshipped_cart"] = {"currency": "EUR", "gift": False, "order_total_with_tax": 0, "items": []}
        client = self.open()
        url, uuid, _, _ = self.settled(client, order)
        self.assertEqual(orders.TOTAL, self.sim.ledger(uuid)[-1]["amount"])
        self.assertEqual(orders.TOTAL, self.rows()[0]["amount"])

    def test_a_sale_uses_one_connection_for_all_its_requests(self):
        client = self.open()
        self.settled(client)
        self.assertEqual({"connections": 1, "requests": 4}, self.sim.stats())

    def test_over_https_too_a_sale_uses_one_connection(self):
        client = self.open(base_url=self.sim.https, roots={"file": self.sim.ca_file})
        self.settled(client)
        self.assertEqual({"connections": 1, "requests": 4}, self.sim.stats())

    def test_every_request_names_its_merchant_and_authorises_itself(self):
        self.settled(self.open())
        for request in self.sim.requests():
            headers = {name: value for name, value in (
                request["headers"].items() if isinstance(request["headers"], dict) else request["headers"])}
            self.assertEqual("shop_es", headers["sequra-merchant-id"])
            self.assertIn("application/json", headers["content-type"])
            self.assertIn("application/json", headers["accept"])
            self.assertIn("authorization", headers)

    def test_another_journal_can_confirm_an_order_with_its_url_and_the_whole_order(self):
        url, uuid, order = self.approved(self.open())
        stranger = self.open(journal=str(self.folder / "other.db"))
        confirmed = self.assertStatus("SQ_OK", stranger.confirm(url, order))
        self.assertEqual("confirmed", confirmed.state)
        self.assertEqual("settled", self.assertStatus("SQ_OK", stranger.set_ref(url, orders.new_ref())).state)

    def test_a_sale_goes_on_after_the_program_was_started_again(self):
        first = self.open()
        url, uuid, order = self.confirmed(first)
        first.close()
        second = self.open()
        self.assertEqual(1, second.opened.data["journal"]["pending"])
        self.assertEqual("settled", self.assertStatus("SQ_OK", second.set_ref(url, orders.new_ref())).state)

    def test_the_journal_is_at_rest_after_the_sale_and_holds_no_content_of_it(self):
        client = self.open()
        _, uuid, _, ref = self.settled(client)
        row, = self.rows()
        self.assertEqual(("settled", 1, None, ref), (row["state"], row["finished"], row["content"], row["order_ref_1"]))
        self.assertTrue(all(step["answered_at"] for step in self.rows("SELECT * FROM steps")))
        self.assertNotIn("Güell", json.dumps(self.rows("SELECT * FROM log"), ensure_ascii=False, default=str))

    def test_an_unfinished_order_keeps_its_content_because_the_reference_needs_it(self):
        self.confirmed(self.open())
        self.assertIn("Güell", self.rows("SELECT content FROM contents")[0]["content"])

    def test_the_request_id_in_the_buffer_is_the_one_seQura_noted(self):
        client = self.open()
        url, uuid, order = self.approved(client)
        answer = client.confirm(url, order)
        self.assertEqual(self.sim.ledger(uuid)[-1]["request_id"], answer.document["http"]["request_id"])

    def test_several_sales_each_go_their_own_way(self):
        client = self.open()
        settled = self.settled(client)[1]
        confirmed = self.confirmed(client, orders.small(6000))[1]
        started = client.start(orders.small(7000)).uuid
        self.assertEqual([confirmed, started], [order["uuid"] for order in client.pending().data["orders"]])
        self.assertEqual({"EUR": {"shop_es": 6000}}, client.pending().data["at_risk"])
        self.assertEqual("settled", self.rows("SELECT state FROM orders WHERE uuid = ?", settled)[0]["state"])
        self.assertBooksAgree(client)

    def test_pending_has_all_that_the_contract_names_and_sends_nothing(self):
        client = self.open()
        client.start(orders.complete())
        with self.sends(0):
            order, = client.pending().data["orders"]
        self.assertEqual(
            {"url", "uuid", "state", "shop_status", "order_ref_1", "order_ref_2", "cart_ref", "merchant_id", "amount",
             "currency", "portal_url", "age_s", "missing", "next"}, set(order))
        self.assertEqual(("form", "send_form"), (order["missing"], order["next"]))


class TheHeldSale(Till):
    def test_a_review_is_acknowledged_and_confirmed_once_it_is_approved(self):
        client = self.open()
        order = orders.complete()
        started = client.start(order)
        client.send_form(started.url)
        self.sim.review(started.uuid)
        held = self.assertStatus("SQ_OK", client.hold(started.url, order))
        self.assertEqual(("held", "confirm"), (held.state, held.next))
        self.assertEqual("on_hold", json.loads(self.sim.bodies("PUT")[0])["order"]["state"])
        self.sim.approve(started.uuid)
        self.assertEqual("confirmed", self.assertStatus("SQ_OK", client.confirm(started.url, order)).state)
        self.assertEqual("settled", self.assertStatus("SQ_OK", client.set_ref(started.url, orders.new_ref())).state)
        self.assertEqual(["solicited", "form_delivered", "needs_review", "held", "approved", "confirmed",
                          "reference_registered"], self.sim.events(started.uuid))

    def test_the_shopper_of_the_sandbox_goes_through_review_by_himself(self):
        self.sim.rules(review_ms=300)
        client = self.open()
        order = orders.review(orders.complete(orders.new_ref()))
        started = client.start(order)
        client.send_form(started.url)
        self.assertStatus("SQ_OK", client.hold(started.url))
        limit = time.monotonic() + 20
        while self.sim.order(started.uuid)["state"] != "approved":
            self.assertLess(time.monotonic(), limit, "the review takes too long")
            time.sleep(0.05)
        self.assertEqual("settled", self.assertStatus("SQ_OK", client.confirm(started.url)).state)

    def test_holding_what_is_not_under_review_is_a_conflict(self):
        client = self.open()
        started = client.start(orders.complete())
        answer = self.assertStatus("SQ_CONFLICT", client.hold(started.url))
        self.assertIn("not under review", answer.document["errors"][0]["message"])
        self.assertNotIn("confirmed", self.sim.events())

    def test_a_held_order_that_seQura_cancels_is_gone_at_the_confirmation(self):
        client = self.open()
        started = client.start(orders.complete())
        client.send_form(started.url)
        self.sim.review(started.uuid)
        self.assertStatus("SQ_OK", client.hold(started.url))
        self.sim.reject(started.uuid)
        answer = self.assertStatus("SQ_GONE", client.confirm(started.url), "gone")
        self.assertEqual("restart_checkout", answer.next)
        # The contract does not say which of the two dead ends a 410 leads to.
        self.assertIn(answer.state, ("cancelled", "abandoned"))
        self.assertEqual([], client.pending().data["orders"])


class TheAccount(Till):
    def test_the_credentials_name_the_merchants_and_their_countries(self):
        answer = self.assertStatus("SQ_OK", self.open().check_credentials())
        self.assertEqual([("shop_es", "ES", ["ES"], "EUR", True), ("shop_fr", "FR", ["FR"], "EUR", False),
                          ("shop_it", "IT", ["IT"], "EUR", False), ("shop_pt", "PT", ["PT"], "EUR", False)],
                         [(m["id"], m["country"], m["allowed_countries"], m["currency"], m["configured"])
                          for m in answer.data["merchants"]])

    def test_a_configured_merchant_that_the_account_lacks_is_a_warning(self):
        answer = self.open(merchant_id=None, merchants={"ES": "shop_es", "FR": "shop_zz"}).check_credentials()
        self.assertStatus("SQ_OK", answer)
        self.assertEqual(1, len(answer.document["warnings"]), answer.document["warnings"])
        self.assertIn("shop_zz", answer.document["warnings"][0]["message"])

    def test_payment_methods_of_the_merchant_are_flat_and_know_their_category(self):
        answer = self.assertStatus("SQ_OK", self.open().payment_methods())
        found = {method["product"]: method for method in answer.data["methods"]}
        self.assertEqual("part_payment", found["pp3"]["category"])
        self.assertEqual(["Paga ahora", "Paga después", "Paga fraccionado", "Paga fraccionado"],
                         [found[one]["category_title"] for one in ("fp1", "i1", "sp1", "pp3")])
        self.assertEqual("shop_es", found["pp3"]["merchant_id"])
        self.assertIs(False, answer.data["from_cache"])
        self.assertIn("min_amount", found["pp3"])

    def test_payment_methods_are_kept_for_when_sequra_cannot_be_reached(self):
        client = self.open()
        urls = {amount: client.start(order).url
                for amount, order in ((orders.TOTAL, orders.complete()), (1000, orders.small(1000)))}
        seen = self.assertStatus("SQ_OK", client.payment_methods())
        self.assertEqual((False, None), (seen.data["from_cache"], seen.data["as_of"]))
        client.close()
        self.sim.fault("close_before", path="payment_methods", times=0)
        client = self.open()
        answer = self.assertStatus("SQ_OK", client.payment_methods())
        self.assertEqual((seen.data["methods"], True), (answer.data["methods"], answer.data["from_cache"]))
        self.assertRegex(answer.data["as_of"], r"^\d{4}-\d\d-\d\dT")
        self.assertEqual(["connection_lost"], answer.warned)
        # For an order: what the merchant has, held against the amount.
        fitting = set()
        for amount, url in urls.items():
            answer = self.assertStatus("SQ_OK", client.payment_methods(url))
            self.assertTrue(answer.data["from_cache"])
            for method in answer.data["methods"]:
                least, most = method["min_amount"] or 0, method["max_amount"] or 10**9
                self.assertEqual(least <= amount <= most, method["fits"], method)
                fitting.add(method["fits"])
        self.assertEqual({True, False}, fitting)

    def test_of_several_merchants_it_is_said_when_any_answers_from_what_was_kept(self):
        def asked(*lost):
            for merchant in lost:
                self.sim.fault("close_before", path=f"merchants/{merchant}/payment_methods")
            return self.assertStatus("SQ_OK", client.payment_methods())
        client = self.open(merchant_id=None, merchants={"ES": "shop_es", "FR": "shop_fr", "IT": "shop_it"})
        # So that the second merchant's list is kept at a later moment than the first's.
        self.sim.fault("delay", ms=5, path="merchants/shop_fr/payment_methods")
        seen = asked()
        self.assertEqual((False, None), (seen.data["from_cache"], seen.data["as_of"]))
        oldest = asked("shop_es").data["as_of"]
        # Each time the others are seen anew.
        for lost in (["shop_es"], ["shop_es", "shop_fr"], ["shop_es", "shop_fr", "shop_it"]):
            answer = asked(*lost)
            self.assertEqual((True, oldest), (answer.data["from_cache"], answer.data["as_of"]), lost)
            self.assertEqual(["connection_lost"] * len(lost), answer.warned)
            self.assertEqual(seen.data["methods"], answer.data["methods"])
        answer = asked("shop_fr")
        self.assertIs(True, answer.data["from_cache"])
        self.assertGreater(answer.data["as_of"], oldest)
        self.assertIs(False, asked().data["from_cache"])

    def test_what_was_never_seen_cannot_be_kept(self):
        self.sim.fault("close_before", path="payment_methods", times=0)
        self.assertStatus("SQ_OUTCOME_UNKNOWN", self.open().payment_methods())
        self.sim.clear_faults()
        self.sim.fault("status", status=403, path="payment_methods")
        client = self.open()
        self.assertStatus("SQ_FORBIDDEN", client.payment_methods())
        # A refusal is an answer.
        self.assertStatus("SQ_OK", client.payment_methods())
        self.sim.fault("status", status=403, path="payment_methods")
        self.assertStatus("SQ_FORBIDDEN", client.payment_methods())

    def test_payment_methods_of_an_order_come_from_the_order(self):
        client = self.open()
        started = client.start(orders.complete())
        answer = self.assertStatus("SQ_OK", client.payment_methods(started.url))
        self.assertIn("pp3", [method["product"] for method in answer.data["methods"]])
        self.assertEqual(f"/orders/{started.uuid}/payment_methods", self.sim.requests("GET")[-1]["path"])

    def test_an_order_without_a_journal_entry_has_payment_methods_too(self):
        started = self.open().start(orders.complete())
        answer = self.open(journal=":memory:").payment_methods(started.url)
        self.assertStatus("SQ_OK", answer)

    def test_payment_methods_of_all_configured_merchants_name_theirs(self):
        client = self.open(merchant_id=None, merchants={"ES": "shop_es", "FR": "shop_fr"})
        answer = self.assertStatus("SQ_OK", client.payment_methods())
        self.assertEqual({"shop_es", "shop_fr"}, {method["merchant_id"] for method in answer.data["methods"]})

    def test_payment_methods_need_a_merchant(self):
        answer = self.open(merchant_id=None).payment_methods()
        self.assertStatus("SQ_INVALID_CONFIG", answer)
        self.assertEqual("fix_configuration", answer.next)
        self.assertNothingSent()


if __name__ == "__main__":
    unittest.main()
