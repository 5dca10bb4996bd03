"""After the sale: ship, refund, cancel, update, as seQura documents the order update."""

import json

import orders
from simulator import SIGNED
from till import Till


def cart(*lines):
    """A cart of (reference, quantity, price, total)."""
    items = [{"type": "product", "reference": reference, "name": reference, "quantity": quantity,
              "price_with_tax": price, "total_with_tax": total, "downloadable": False}
             for reference, quantity, price, total in lines]
    return {"currency": "EUR", "gift": False, "order_total_with_tax": sum(line[3] for line in lines), "items": items}


SHIRT = ("S1", 1, 1250, 1250)
JACKET = ("J1", 1, 7100, 7100)


class AfterSale(Till):
    def sold(self, client, *lines, ref=None, **changes):
        """A settled order of a shirt and a jacket, or of other lines; its reference."""
        order = orders.complete(cart=cart(*(lines or (SHIRT, JACKET))), **changes)
        self.url, self.uuid, _, ref = self.settled(client, order, ref)
        return ref

    def totals(self):
        """What the simulated seQura has: (unshipped, shipped)."""
        last = self.updates()[-1]
        return last["unshipped_cart"]["order_total_with_tax"], last["shipped_cart"]["order_total_with_tax"]

    def updates(self):
        return [json.loads(body)["order"] for body in self.sim.bodies("PUT", "/merchants/")]

    def ship(self, client, ref, items=None):
        return client.call("sq_ship", ref, items and json.dumps(items))

    def refund(self, client, ref, what=None):
        return client.call("sq_refund", ref, what and json.dumps(what))

    def cancel(self, client, ref, reason=None):
        return client.call("sq_cancel", ref, reason)

    def update(self, client, ref, what):
        return client.call("sq_update_order", ref, json.dumps(what))

    def info(self, client, order):
        return self.assertStatus("SQ_OK", client.call("sq_order_info", order))


class Shipping(AfterSale):
    def test_everything_in_one(self):
        client = self.open()
        ref = self.sold(client)
        answer = self.assertStatus("SQ_OK", self.ship(client, ref))
        self.assertEqual((0, 8350), self.totals())
        self.assertEqual({"delivery": "shipped", "approved": 8350, "unshipped": 0, "shipped": 8350, "refunded": 0,
                          "owed": 8350}, answer.data["amounts"])
        self.assertEqual(("settled", "none", 8350), (answer.state, answer.next, answer.order["amount"]))

    def test_item_by_item_until_all_is_out(self):
        client = self.open()
        ref = self.sold(client)
        answer = self.assertStatus("SQ_OK", self.ship(client, ref, [{"reference": "J1", "quantity": 1}]))
        self.assertEqual(((1250, 7100), "partly_shipped"), (self.totals(), answer.data["amounts"]["delivery"]))
        self.assertStatus("SQ_OK", self.ship(client, ref, [{"reference": "S1"}]))
        self.assertEqual((0, 8350), self.totals())
        with self.sends(0):
            self.assertStatus("SQ_OK", self.ship(client, ref))
            self.assertStatus("SQ_INVALID_ORDER", self.ship(client, ref, [{"reference": "S1"}]), "no_such_line")

    def test_what_seQura_is_told_is_what_is_documented(self):
        client = self.open()
        ref = self.sold(client, ref="A14/12345")
        self.assertStatus("SQ_OK", self.ship(client, ref, [{"reference": "J1"}]))
        request, = self.sim.requests("PUT", "/merchants/")
        self.assertEqual("/merchants/shop_es/orders/A14%2F12345", request["path"])
        told, = self.updates()
        self.assertEqual("shop_es", told["merchant"]["id"])
        self.assertEqual("A14/12345", told["merchant_reference"]["order_ref_1"])
        self.assertEqual(orders.COMPLETE["platform"], told["platform"])
        self.assertEqual(cart(SHIRT), told["unshipped_cart"])
        self.assertEqual(cart(JACKET), told["shipped_cart"])
        self.assertNotIn("Muñoz", json.dumps(told, ensure_ascii=False))

    def test_cents_do_not_get_lost(self):
        client = self.open()
        ref = self.sold(client, ("A", 3, 333, 1000))
        seen = []
        for _ in range(3):
            self.assertStatus("SQ_OK", self.ship(client, ref, [{"reference": "A", "quantity": 1}]))
            seen.append(self.totals())
        self.assertEqual((0, 1000), seen[-1])
        self.assertTrue(all(sum(totals) == 1000 for totals in seen))

    def test_items_with_one_reference_are_told_apart_by_line(self):
        client = self.open()
        ref = self.sold(client, ("A", 1, 500, 500), ("A", 1, 400, 400))
        answer = self.assertStatus("SQ_INVALID_ORDER", self.ship(client, ref, [{"reference": "A"}]), "ambiguous_line")
        self.assertEqual(("/0/line", [0, 1]), (answer.document["errors"][0]["pointer"], answer.document["errors"][0]["expected"]))
        self.assertStatus("SQ_OK", self.ship(client, ref, [{"reference": "A", "line": 1}]))
        self.assertEqual((500, 400), self.totals())

    def test_every_problem_is_said_at_once_and_nothing_sent(self):
        client = self.open()
        ref = self.sold(client)
        with self.sends(0):
            answer = self.ship(client, ref, [{"reference": "S1", "quantity": 2}, {"reference": "X"}])
            self.assertStatus("SQ_INVALID_ORDER", answer, "more_than_there_is", "no_such_line")
            self.assertEqual((1, 2), (answer.document["errors"][0]["expected"], answer.document["errors"][0]["actual"]))
            for wrong in ([], {}, [1], [{}], [{"reference": ""}], [{"reference": "S1", "quantity": -1}],
                          [{"reference": "S1", "quantity": 1.5}], [{"reference": "S1", "quantty": 1}],
                          [{"reference": "S1", "amount": 1.5}], [{"reference": "S1"}, {"reference": "S1"}]):
                self.assertStatus("SQ_INVALID_ORDER", client.call("sq_ship", ref, json.dumps(wrong)))
            self.assertStatus("SQ_INVALID_JSON", client.call("sq_ship", ref, "[{"), "invalid_json")

    def test_an_order_that_began_with_a_shipped_cart(self):
        client = self.open()
        order = orders.complete(unshipped_cart=cart(SHIRT), shipped_cart=cart(JACKET))
        del order["cart"]
        order["merchant"]["options"] = {"uses_shipped_cart": True}
        _, _, _, ref = self.settled(client, order)
        self.assertEqual("partly_shipped", self.info(client, ref).data["amounts"]["delivery"])
        self.assertStatus("SQ_OK", self.ship(client, ref))
        self.assertEqual((0, 8350), self.totals())


class Refunding(AfterSale):
    def test_goods_that_came_back(self):
        client = self.open()
        ref = self.sold(client)
        self.assertStatus("SQ_OK", self.ship(client, ref))
        answer = self.assertStatus("SQ_OK", self.refund(client, ref, {"items": [{"reference": "S1", "quantity": 1}]}))
        self.assertEqual((0, 7100), self.totals())
        self.assertEqual((1250, 7100), (answer.data["amounts"]["refunded"], answer.order["amount"]))
        self.assertStatus("SQ_OK", self.refund(client, ref))
        self.assertEqual((0, 0), self.totals())
        self.assertEqual("refunded", self.info(client, ref).data["amounts"]["delivery"])
        with self.sends(0):
            self.assertStatus("SQ_OK", self.refund(client, ref))

    def test_an_amount(self):
        client = self.open()
        ref = self.sold(client)
        self.assertStatus("SQ_OK", self.ship(client, ref))
        self.assertStatus("SQ_OK", self.refund(client, ref, {"amount": 500, "reason": "Rasguño"}))
        self.assertEqual((0, 7850), self.totals())
        line = self.updates()[-1]["shipped_cart"]["items"][-1]
        self.assertEqual({"type": "other_payment", "reference": "r_1", "name": "Rasguño", "total_with_tax": -500}, line)
        answer = self.refund(client, ref, {"amount": 7851})
        self.assertStatus("SQ_INVALID_ORDER", answer, "more_than_there_is")
        self.assertEqual(7850, answer.document["errors"][0]["expected"])

    def test_what_was_not_shipped_cannot_come_back(self):
        client = self.open()
        ref = self.sold(client)
        with self.sends(0):
            for what in (None, {"amount": 1}, {"items": [{"reference": "S1"}]}):
                self.assertStatus("SQ_WRONG_STATE", self.refund(client, ref, what), "wrong_state")
        self.assertStatus("SQ_OK", self.ship(client, ref, [{"reference": "J1"}]))
        answer = self.refund(client, ref, {"items": [{"reference": "S1"}]})
        self.assertStatus("SQ_INVALID_ORDER", answer, "no_such_line")
        self.assertEqual("/items/0/reference", answer.document["errors"][0]["pointer"])

    def test_a_refund_says_one_thing(self):
        client = self.open()
        ref = self.sold(client)
        self.assertStatus("SQ_OK", self.ship(client, ref))
        for wrong, code in (({}, "missing_field"), ({"amount": 5, "items": [{"reference": "S1", "quantity": 1, "amount": 5}]}, "mutually_exclusive"),
                            ({"amount": 0}, "out_of_range"), ({"amount": "5"}, "not_an_integer"),
                            ({"ammount": 5}, "unknown_key"), ({"amount": 5, "reason": 7}, "wrong_type"),
                            ({"items": "", "amount": "", "reason": ""}, "missing_field"), ({"items": [{"reference": "S1", "quantity": ""}]}, "not_an_integer"),
                            ({"items": [{"reference": "S1"}], "reason": "x"}, "forbidden_field")):
            answer = client.call("sq_refund", ref, json.dumps(wrong))
            self.assertEqual("SQ_INVALID_ORDER", answer.name, wrong)
            self.assertIn(code, answer.codes)


    def test_an_empty_reason_is_none(self):
        client = self.open()
        ref = self.sold(client)
        self.assertStatus("SQ_OK", self.ship(client, ref))
        for blank in ("", "   ", "\u00a0"):
            self.assertStatus("SQ_OK", self.refund(client, ref, {"amount": 5, "reason": blank}))
        self.assertStatus("SQ_OK", self.refund(client, ref, {"items": "", "amount": 5, "reason": " "}))
        self.assertStatus("SQ_OK", self.refund(client, ref, {"items": [{"reference": "S1", "quantity": 1}], "amount": "", "reason": ""}))


class Cancelling(AfterSale):
    def test_before_anything_was_shipped(self):
        client = self.open()
        ref = self.sold(client)
        answer = self.assertStatus("SQ_OK", self.cancel(client, ref, "customer_cancel"))
        self.assertEqual(((0, 0), "cancelled", "none"), (self.totals(), answer.state, answer.next))
        self.assertEqual("customer_cancel", self.updates()[-1]["cancellation_reason"])
        with self.sends(0):
            self.assertStatus("SQ_OK", self.cancel(client, ref))
            for answer in (self.ship(client, ref), self.refund(client, ref),
                           self.update(client, ref, {"trackings": []})):
                self.assertStatus("SQ_WRONG_STATE", answer, "wrong_state")
        self.assertEqual([], client.pending().data["orders"])

    def test_the_reason_may_be_left_out(self):
        client = self.open()
        ref = self.sold(client)
        self.assertStatus("SQ_OK", self.cancel(client, ref))
        self.assertEqual("unspecified", self.updates()[-1]["cancellation_reason"])

    def test_not_once_something_was_shipped(self):
        client = self.open()
        ref = self.sold(client)
        self.assertStatus("SQ_OK", self.ship(client, ref, [{"reference": "S1"}]))
        with self.sends(0):
            answer = self.assertStatus("SQ_WRONG_STATE", self.cancel(client, ref), "wrong_state")
        self.assertIn("sq_refund", answer.error("wrong_state")["message"])

    def test_nothing_is_changed_that_is_not_settled(self):
        client = self.open()
        url, uuid, _ = self.approved(client)
        with self.sends(0):
            self.assertStatus("SQ_WRONG_STATE", self.cancel(client, url), "wrong_state")
            self.assertStatus("SQ_WRONG_STATE", self.ship(client, uuid), "wrong_state")
        self.assertStatus("SQ_OK", client.confirm(url))
        with self.sends(0):
            answer = self.assertStatus("SQ_WRONG_STATE", self.ship(client, url), "wrong_state")
            self.assertEqual("set_order_ref", answer.next)
            self.assertStatus("SQ_UNKNOWN_ORDER", self.ship(client, "R-nobody"), "unknown_order")


class Updating(AfterSale):
    def test_carts(self):
        client = self.open()
        ref = self.sold(client)
        answer = self.assertStatus("SQ_OK", self.update(client, ref, {"unshipped_cart": cart(JACKET)}))
        self.assertEqual(((7100, 0), 7100), (self.totals(), answer.order["amount"]))
        self.assertStatus("SQ_OK", self.ship(client, ref))
        self.assertEqual((0, 7100), self.totals())

    def test_addresses_go_out_and_are_not_kept(self):
        client = self.open()
        ref = self.sold(client)
        address = dict(orders.COMPLETE["delivery_address"], address_line_1="Plaza-Nueva-77", city="Cádiz")
        self.assertStatus("SQ_OK", self.update(client, ref, {"order": {"delivery_address": address}}))
        self.assertEqual(address, self.updates()[-1]["delivery_address"])
        content = b"".join(file.read_bytes() for file in self.folder.iterdir() if file.is_file())
        self.assertNotIn(b"Plaza-Nueva-77", content)
        self.assertStatus("SQ_OK", self.ship(client, ref))
        self.assertNotIn("delivery_address", self.updates()[-1])

    def test_everything_wrong_is_said_at_once(self):
        client = self.open()
        ref = self.sold(client)
        wrong = dict(cart(JACKET), order_total_with_tax=7000)
        with self.sends(0):
            answer = self.update(client, ref, {
                "unshipped_cart": wrong, "shipped_cart": dict(cart(), currency="USD"),
                "delivery_address": {"city": "Cádiz"}, "merchant": {"id": "shop_fr"}})
        self.assertStatus("SQ_INVALID_ORDER", answer)
        pointers = [error["pointer"] for error in answer.document["errors"]]
        for pointer in ("/unshipped_cart/order_total_with_tax", "/shipped_cart/currency", "/merchant/id",
                        "/delivery_address/postal_code"):
            self.assertIn(pointer, pointers)
        mismatch = next(e for e in answer.document["errors"] if e["code"] == "cart_total_mismatch")
        self.assertEqual((7100, 7000), (mismatch["expected"], mismatch["actual"]))

    def test_an_update_that_leaves_nothing_is_no_cancellation(self):
        client = self.open()
        ref = self.sold(client)
        with self.sends(0):
            answer = self.update(client, ref, {"unshipped_cart": cart()})
        self.assertIn("sq_cancel", self.assertStatus("SQ_WRONG_STATE", answer, "wrong_state").error("wrong_state")["message"])
        self.assertStatus("SQ_OK", self.ship(client, ref, [{"reference": "S1"}]))
        self.assertStatus("SQ_OK", self.update(client, ref, {"unshipped_cart": cart()}))
        self.assertEqual((0, 1250), self.totals())

    def test_what_says_nothing_is_refused(self):
        client = self.open()
        ref = self.sold(client)
        for wrong in ({}, {"cart": cart(JACKET)}, [], {"unshipped_cart": None}, {"unshipped_cart": 7}):
            self.assertStatus("SQ_INVALID_ORDER", self.update(client, ref, wrong))
        self.assertStatus("SQ_INVALID_ARGUMENT", client.call("sq_update_order", ref, None))

    def test_what_seQura_refuses_changes_nothing(self):
        client = self.open()
        ref = self.sold(client)
        dear = cart(SHIRT, ("J1", 1, 9900, 9900))
        answer = self.assertStatus("SQ_CONFLICT", self.update(client, ref, {"unshipped_cart": dear}))
        self.assertEqual(("settled", 8350), (answer.state, answer.order["amount"]))
        self.assertEqual([], client.pending().data["orders"])
        entry, = client.call("sq_log", '{"attention":true}').data["entries"]
        self.assertEqual(("update_order", "SQ_CONFLICT"), (entry["operation"], entry["status"]))
        self.assertTrue(entry["description"])
        self.assertStatus("SQ_OK", self.ship(client, ref))
        self.assertEqual((0, 8350), self.totals())


class WithoutAnAnswer(AfterSale):
    def test_it_is_sent_again_by_recovery(self):
        client = self.open()
        ref = self.sold(client)
        for fault in ("close_before", "close_after"):
            self.sim.fault(fault, method="PUT")
            self.assertStatus("SQ_OUTCOME_UNKNOWN", self.ship(client, ref))
            entry, = client.pending().data["orders"]
            self.assertEqual(("settled", "answer", "recover"), (entry["state"], entry["missing"], entry["next"]))
            self.assertEqual({}, client.pending().data["at_risk"])
            entry, = self.assertStatus("SQ_OK", client.call("sq_recover", None)).data["orders"]
            self.assertEqual(("settled", "SQ_OK"), (entry["now"], entry["status"]))
            self.assertEqual((0, 8350), self.totals())
            self.assertEqual([], client.pending().data["orders"])
            ref = self.sold(client)

    def test_the_same_call_again_is_the_same_shipment(self):
        client = self.open()
        ref = self.sold(client, ("A", 3, 100, 300))
        one = [{"reference": "A", "quantity": 1}]
        self.sim.fault("close_after", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", self.ship(client, ref, one))
        self.assertStatus("SQ_OK", self.ship(client, ref, one))
        self.assertEqual((200, 100), self.totals())
        self.assertStatus("SQ_OK", self.ship(client, ref, one))
        self.assertEqual((100, 200), self.totals())

    def test_it_is_the_same_after_another_one_was_asked_for_meanwhile(self):
        # A till that keeps what had no answer in a queue, and goes through it when the line is back.
        some = [("sq_refund", {"amount": 100}), ("sq_refund", {"amount": 200, "reason": "Rasguño"}),
                ("sq_refund", {"items": [{"reference": "A", "quantity": 1}]})]
        for fault in ("close_before", "close_after"):
            client = self.open()
            ref = self.sold(client, ("A", 5, 1000, 5000))
            self.assertStatus("SQ_OK", self.ship(client, ref))
            queue = [(function, ref, json.dumps(what)) for function, what in some]
            for _ in range(3):
                for call in queue:
                    self.sim.fault(fault, method="PUT")
                    self.assertStatus("SQ_OUTCOME_UNKNOWN", client.call(*call))
            for call in queue[:2]:
                self.sim.fault(fault, method="PUT")
                self.assertStatus("SQ_OUTCOME_UNKNOWN", client.call(*call))
            answer = self.assertStatus("SQ_OK", client.call(*queue[2]))
            # One of five, less its share of what was paid back before.
            self.assertEqual(((0, 3760), 1240), (self.totals(), answer.data["amounts"]["refunded"]))
            self.assertEqual([], client.pending().data["orders"])
            # Once it is answered, the same is another one.
            self.assertStatus("SQ_OK", client.call(*queue[0]))
            self.assertEqual((0, 3660), self.totals())
            client.close()

    def test_the_order_in_which_a_call_names_its_lines_makes_no_other(self):
        client = self.open()
        ref = self.sold(client, ("A", 3, 100, 300), ("B", 3, 100, 300))
        one, other = {"reference": "A", "quantity": 1}, {"reference": "B", "quantity": 2}
        self.sim.fault("close_after", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", self.ship(client, ref, [one, other]))
        self.assertStatus("SQ_OK", self.ship(client, ref, [other, one]))
        self.assertEqual((300, 300), self.totals())

    def test_everything_is_everything_whatever_was_asked_for_meanwhile(self):
        client = self.open()
        ref = self.sold(client)
        self.assertStatus("SQ_OK", self.ship(client, ref, [{"reference": "S1"}]))
        self.sim.fault("close_before", method="PUT", times=2)
        self.assertStatus("SQ_OUTCOME_UNKNOWN", self.refund(client, ref))
        self.assertStatus("SQ_OUTCOME_UNKNOWN", self.ship(client, ref))
        self.assertStatus("SQ_OK", self.refund(client, ref))
        self.assertEqual((0, 0), self.totals())

    def test_the_next_change_includes_it(self):
        client = self.open()
        ref = self.sold(client)
        self.sim.fault("close_before", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", self.ship(client, ref, [{"reference": "S1"}]))
        self.assertStatus("SQ_OK", self.ship(client, ref, [{"reference": "J1"}]))
        self.assertEqual((0, 8350), self.totals())
        self.assertEqual([], client.pending().data["orders"])

    def test_one_that_is_refused_does_not_take_the_earlier_one_with_it(self):
        client = self.open()
        ref = self.sold(client)
        self.sim.fault("close_before", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", self.ship(client, ref, [{"reference": "S1"}]))
        dear = cart(("J1", 1, 9900, 9900))
        answer = self.assertStatus("SQ_CONFLICT", self.update(client, ref, {"unshipped_cart": dear}))
        self.assertTrue(answer.document["warnings"])
        entry, = client.pending().data["orders"]
        self.assertEqual("recover", entry["next"])
        self.assertStatus("SQ_OK", client.call("sq_recover", ref))
        self.assertEqual((7100, 1250), self.totals())

    def test_one_recovery_finishes_both(self):
        client = self.open()
        ref = self.sold(client)
        self.sim.fault("close_before", method="PUT", times=2)
        self.assertStatus("SQ_OUTCOME_UNKNOWN", self.ship(client, ref, [{"reference": "S1"}]))
        dear = cart(("J1", 1, 9900, 9900))
        self.assertStatus("SQ_OUTCOME_UNKNOWN", self.update(client, ref, {"unshipped_cart": dear}))
        answer = self.assertStatus("SQ_OK", client.call("sq_recover", None))
        self.assertEqual((0, "SQ_OK"), (answer.data["remaining"], answer.data["orders"][0]["status"]))
        self.assertEqual(((7100, 1250), []), (self.totals(), client.pending().data["orders"]))

    def test_a_refusal_of_another_kind_does_not_say_that_it_was_not_done(self):
        for status in (401, 404, 410, 429):
            client = self.open()
            ref = self.sold(client)
            self.sim.fault("close_after", method="PUT")
            self.assertStatus("SQ_OUTCOME_UNKNOWN", self.ship(client, ref))
            self.sim.fault("status", status=status, headers=SIGNED, method="PUT")
            self.assertEqual((2000 + status, "recover"), (self.ship(client, ref).status, client.pending().data["orders"][0]["next"]))
            self.assertStatus("SQ_OK", client.call("sq_recover", ref))
            self.assertEqual(8350, self.info(client, ref).data["amounts"]["shipped"], status)
            client.close()

    def test_neither_does_one_that_was_refused_for_another_reason(self):
        for status in (401, 404, 410, 429):
            client = self.open()
            ref = self.sold(client)
            self.sim.fault("close_after", method="PUT")
            self.assertStatus("SQ_OUTCOME_UNKNOWN", self.ship(client, ref, [{"reference": "S1"}]))
            self.sim.fault("status", status=status, headers=SIGNED, method="PUT")
            answer = self.ship(client, ref, [{"reference": "J1"}])
            self.assertEqual((2000 + status, "settled"), (answer.status, answer.state))
            self.assertStatus("SQ_OK", client.call("sq_recover", ref))
            self.assertEqual((7100, 1250), self.totals(), status)
            client.close()

    def test_goods_of_which_seQura_never_heard_do_not_come_back(self):
        client = self.open()
        ref = self.sold(client)
        self.sim.fault("close_before", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", self.ship(client, ref))
        # Both carts empty, and nothing shipped before: seQura would cancel the order.
        with self.sends(0):
            answer = self.assertStatus("SQ_WRONG_STATE", self.refund(client, ref), "wrong_state")
        self.assertEqual("recover", answer.next)
        self.assertStatus("SQ_OK", client.call("sq_recover", ref))
        self.assertStatus("SQ_OK", self.refund(client, ref))
        self.assertEqual((0, 0), self.totals())
        self.assertStatus("SQ_OK", self.update(client, ref, {"unshipped_cart": cart(SHIRT)}))

    def test_everything_may_be_asked_for_on_top_of_what_was_all_of_it(self):
        for fault in ("close_before", "close_after"):
            client = self.open()
            ref = self.sold(client)
            self.sim.fault(fault, method="PUT")
            self.assertStatus("SQ_OUTCOME_UNKNOWN", self.ship(client, ref, [{"reference": "S1"}, {"reference": "J1"}]))
            with self.sends(1):
                self.assertStatus("SQ_OK", self.ship(client, ref))
            self.assertEqual((0, 8350), self.totals())
            self.sim.fault(fault, method="PUT")
            back = {"items": [{"reference": "S1"}, {"reference": "J1"}]}
            self.assertStatus("SQ_OUTCOME_UNKNOWN", self.refund(client, ref, back))
            # That nothing was shipped would not be so, and that all of it is paid back nobody knows yet.
            with self.sends(1):
                answer = self.assertStatus("SQ_OK", self.refund(client, ref))
            self.assertEqual(((0, 0), "settled", 8350), (self.totals(), answer.state, answer.data["amounts"]["refunded"]))
            self.assertEqual([], client.pending().data["orders"])
            with self.sends(0):
                self.assertStatus("SQ_OK", self.refund(client, ref))
            client.close()

    def test_offline_for_a_while(self):
        client = self.open()
        ref = self.sold(client, ("A", 5, 100, 500))
        self.sim.fault("close_before", method="PUT", times=0)
        for quantity in (1, 2):
            self.assertStatus("SQ_OUTCOME_UNKNOWN", self.ship(client, ref, [{"reference": "A", "quantity": quantity}]))
        self.assertStatus("SQ_OUTCOME_UNKNOWN", self.refund(client, ref, {"items": [{"reference": "A", "quantity": 1}]}))
        self.sim.clear_faults()
        self.assertStatus("SQ_OK", client.call("sq_recover", None))
        self.assertEqual((200, 200), self.totals())
        self.assertEqual({"delivery": "partly_shipped", "approved": 500, "unshipped": 200, "shipped": 200,
                          "refunded": 100, "owed": 400, "paid": 0}, self.info(client, ref).data["amounts"])

    def test_nobody_of_the_shopper_is_left_once_it_is_answered(self):
        client = self.open()
        ref = self.sold(client)
        address = dict(orders.COMPLETE["delivery_address"], address_line_1="Plaza-Nueva-77")
        self.sim.fault("close_before", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", self.update(client, ref, {"delivery_address": address}))
        self.assertStatus("SQ_OK", self.ship(client, ref))
        self.assertEqual("Plaza-Nueva-77", self.updates()[-1]["delivery_address"]["address_line_1"])
        content = b"".join(file.read_bytes() for file in self.folder.iterdir() if file.is_file())
        self.assertNotIn(b"Plaza-Nueva-77", content)

    def test_nothing_goes_on_top_of_a_cancellation(self):
        client = self.open()
        ref = self.sold(client)
        self.sim.fault("close_after", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", self.cancel(client, ref))
        with self.sends(0):
            answer = self.assertStatus("SQ_WRONG_STATE", self.ship(client, ref), "wrong_state")
        self.assertEqual("recover", answer.next)

    def test_a_404_says_that_the_lost_cancellation_was_done(self):
        client = self.open()
        ref = self.sold(client)
        # Without a doubt a 404 is a 404.
        self.sim.fault("status", status=404, headers=SIGNED, method="PUT")
        answer = self.assertStatus("SQ_NOT_FOUND", self.cancel(client, ref))
        self.assertEqual(("settled", "contact_sequra", []), (answer.state, answer.next, client.pending().data["orders"]))
        self.sim.fault("close_after", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", self.cancel(client, ref))
        self.sim.fault("status", status=404, headers=SIGNED, method="PUT")
        answer = self.assertStatus("SQ_OK", self.cancel(client, ref))
        self.assertEqual(("cancelled", ["not_found"]), (answer.state, answer.warned))

    def test_a_till_that_was_replaced_finishes_it(self):
        client = self.open()
        ref = self.sold(client)
        self.sim.fault("close_after", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", self.cancel(client, ref))
        client.close()
        answer = self.assertStatus("SQ_OK", self.open().call("sq_recover", ref))
        self.assertEqual("cancelled", answer.state)


class OrderInfo(AfterSale):
    def test_it_tells_the_whole_story(self):
        client = self.open(status_mapping={"approved": "paid", "shipped": "sent"})
        ref = self.sold(client)
        self.assertEqual("paid", self.info(client, ref).order["shop_status"])
        self.assertStatus("SQ_OK", self.ship(client, ref))
        with self.sends(0):
            for name in (ref, self.url, self.uuid):
                answer = self.info(client, name)
        self.assertEqual(("sent", ref), (answer.order["shop_status"], answer.order["order_ref_1"]))
        self.assertEqual(["start_solicitation", "send_form", "confirm", "set_order_ref", "ship"],
                         [entry["operation"] for entry in answer.data["history"]])
        self.assertEqual({"product": "pp3", "campaign": None}, answer.data["payment_method"])
        self.assertEqual(cart(SHIRT, JACKET), answer.data["shipped_cart"])
        self.assertFalse(answer.data["needs_review"])

    def test_an_order_under_review(self):
        client = self.open()
        started = client.start(orders.complete())
        self.assertStatus("SQ_OK", client.send_form(started.url))
        self.sim.review(started.uuid)
        self.assertStatus("SQ_OK", client.hold(started.url))
        answer = self.info(client, started.url)
        self.assertEqual((True, None), (answer.data["needs_review"], answer.data["amounts"]))

    def test_an_order_nobody_knows(self):
        self.assertStatus("SQ_UNKNOWN_ORDER", self.open().call("sq_order_info", "R-nobody"), "unknown_order")


class SoldWithAnotherJournal(AfterSale):
    """A till whose journal was lost, or another till of the shop: an update that says all of the order takes it over."""

    def stranger(self, **changes):
        return self.open(journal=str(self.folder / "another.db"), **changes)

    CARTS = {"unshipped_cart": cart(SHIRT), "shipped_cart": cart(JACKET)}

    def test_it_is_taken_over_and_goes_on_like_any_other(self):
        ref = self.sold(self.open(), ref="A14/12345")
        client = self.stranger(order_defaults={"platform": orders.COMPLETE["platform"]})
        answer = self.assertStatus("SQ_OK", self.update(client, ref, self.CARTS))
        self.assertEqual(("settled", ref, 8350, None),
                         (answer.state, answer.order["order_ref_1"], answer.order["amount"], answer.order["uuid"]))
        self.assertEqual((1250, 7100), self.totals())
        self.assertEqual(orders.COMPLETE["platform"], self.updates()[-1]["platform"])
        self.assertStatus("SQ_OK", self.ship(client, ref))
        self.assertStatus("SQ_OK", self.refund(client, ref, {"items": [{"reference": "J1"}]}))
        self.assertEqual((0, 1250), self.totals())
        self.assertEqual("update_order", self.info(client, ref).data["history"][0]["operation"])
        self.assertEqual([None], [row["content"] for row in self.rows(journal=self.folder / "another.db")])

    def test_one_that_seQura_does_not_have_leaves_nothing(self):
        client = self.stranger()
        self.assertStatus("SQ_NOT_FOUND", self.update(client, "R-nobody", self.CARTS))
        self.assertStatus("SQ_UNKNOWN_ORDER", self.ship(client, "R-nobody"))
        self.assertEqual([], client.call("sq_pending").data["orders"])
        self.assertEqual(["abandoned"], [row["state"] for row in self.rows(journal=self.folder / "another.db")])
        # And it may still come to be.
        self.sold(self.open(), ref="R-nobody")
        self.assertStatus("SQ_OK", self.update(client, "R-nobody", self.CARTS))

    def test_one_that_seQura_does_not_have_is_given_up_by_recovery_too(self):
        client = self.stranger(timeouts={"connect_ms": 2000, "total_ms": 2000})
        self.sim.fault("close_before", times=1)
        self.assertStatus("SQ_OUTCOME_UNKNOWN", self.update(client, "R-nobody", self.CARTS))
        answer = self.assertStatus("SQ_OK", client.call("sq_recover", None))
        self.assertEqual((["abandoned"], ["SQ_NOT_FOUND"]), ([one["now"] for one in answer.data["orders"]],
                                                             [one["status"] for one in answer.data["orders"]]))

    def test_an_answer_that_was_lost_is_asked_for_again(self):
        ref = self.sold(self.open())
        client = self.stranger(timeouts={"connect_ms": 2000, "total_ms": 2000})
        customer = orders.COMPLETE["customer"]
        self.sim.fault("close_after", times=1)
        self.assertStatus("SQ_OUTCOME_UNKNOWN", self.update(client, ref, {**self.CARTS, "customer": customer}))
        self.assertEqual(["answer"], [order["missing"] for order in client.call("sq_pending").data["orders"]])
        self.assertStatus("SQ_OK", client.call("sq_recover", None))
        self.assertEqual([(1250, 7100)] * 2, [(told["unshipped_cart"]["order_total_with_tax"],
                                              told["shipped_cart"]["order_total_with_tax"]) for told in self.updates()])
        client.close()
        for file in self.folder.glob("another.db*"):
            self.assertNotIn("Muñoz".encode(), file.read_bytes(), file.name)

    def test_what_does_not_say_all_of_it_is_not_sent(self):
        ref = self.sold(self.open())
        client = self.stranger()
        with self.sends(0):
            for said in ({"shipped_cart": cart(JACKET)}, {"customer": orders.COMPLETE["customer"]}):
                self.assertStatus("SQ_UNKNOWN_ORDER", self.update(client, ref, said))
            wrong = cart(SHIRT)
            wrong["order_total_with_tax"] = 1
            answer = self.assertStatus("SQ_INVALID_ORDER", self.update(client, ref, {**self.CARTS, "shipped_cart": wrong}),
                                       "cart_total_mismatch")
            self.assertEqual("/shipped_cart/order_total_with_tax", answer.document["errors"][0]["pointer"])
            self.assertStatus("SQ_INVALID_ORDER", self.update(client, ref, {**self.CARTS, "shipped_cart": 7}), "wrong_type")
            several = self.stranger(merchant_id=None, merchants={"ES": "shop_es", "FR": "shop_fr"})
            self.assertStatus("SQ_INVALID_ORDER", self.update(several, ref, self.CARTS), "missing_field")
            url = self.url.replace(self.uuid, "00000000-0000-4000-8000-000000000000")
            self.assertStatus("SQ_UNKNOWN_ORDER", self.update(client, url, self.CARTS))
        self.assertStatus("SQ_OK", self.update(several, ref, {**self.CARTS, "merchant": {"id": "shop_es"}}))
