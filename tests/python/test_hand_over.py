"""One shop, several tills: an order moves from one journal to another, closed in the one and gone on with in the other."""

import json
import unittest

import orders
from outside import Worker, armed
from till import Till

#: Every call that would change a settled order.
CHANGES = [("sq_ship", None), ("sq_refund", None), ("sq_refund", {"amount": 100}), ("sq_refund", {"amount": 100, "preview": True}),
           ("sq_cancel", None),
           ("sq_update_order", {"trackings": []})]
#: And every other call that takes an order and would go on with it.
OTHERS = [("sq_send_form", "pp3", None), ("sq_send_form_by", "sms", "pp3", None), ("sq_hold", None), ("sq_confirm", None),
          ("sq_set_order_ref", "R-1", None), ("sq_set_order_ref", "R-9", None), ("sq_set_order_ref", "R-1", "Z-9"), ("sq_abandon",), ("sq_resolve", "confirmed", "seen")]


class SeveralTills(Till):
    def setUp(self):
        super().setUp()
        self.a, self.b = self.till("a"), self.till("b")

    def till(self, name, **config):
        return self.open(journal=str(self.folder / f"{name}.db"), **config)

    def sold(self, till, ref="R-1", ship=True, **changes):
        """A settled order, all of it shipped."""
        order = orders.complete(**changes)
        order["cart"]["cart_ref"] = f"C-{ref}"
        url, uuid, _, _ = self.settled(till, order, ref=ref)
        if ship:
            self.assertStatus("SQ_OK", till.call("sq_ship", ref, None))
        return url, uuid

    def handed(self, till, order="R-1"):
        with self.sends(0):
            answer = self.assertStatus("SQ_OK", till.call("sq_hand_over", order))
        return answer.data["document"]

    def takes(self, till, document):
        with self.sends(0):
            return self.assertStatus("SQ_OK", till.call("sq_take_over", document))

    def owed(self, uuid):
        """What seQura thinks is owed, cents."""
        sale = self.sim.order(uuid)["sale"]
        return sale["unshipped_cart"]["order_total_with_tax"] + sale["shipped_cart"]["order_total_with_tax"]

    def entries(self, till, operation):
        return [entry for entry in till.call("sq_log", None).data["entries"] if entry["operation"] == operation]


class HandingOver(SeveralTills):
    def test_a_change_at_the_first_till_cannot_undo_one_at_the_second(self):
        _, uuid = self.sold(self.a)
        # By its carts alone, as it was: each till gives back from carts of its own.
        info = self.a.order_info("R-1").data
        carts = {name: info[name] for name in ("unshipped_cart", "shipped_cart")}
        adopted = self.assertStatus("SQ_OK", self.b.call("sq_update_order", "R-1", carts))
        self.assertEqual(["not_handed_over"], adopted.warned)
        self.assertStatus("SQ_OK", self.b.call("sq_refund", "R-1", {"amount": 100}))
        self.assertStatus("SQ_OK", self.a.call("sq_refund", "R-1", {"amount": 100}))
        self.assertEqual(orders.TOTAL - 100, self.owed(uuid))  # 2.00 were given back, and 1.00 is known
        # Handed over: the first till changes it no more.
        _, uuid = self.sold(self.a, "R-2")
        document = self.handed(self.a, "R-2")
        self.assertEqual([], self.takes(self.b, document).warned)
        self.assertStatus("SQ_OK", self.b.call("sq_refund", "R-2", {"amount": 100}))
        with self.sends(0):
            self.assertStatus("SQ_TAKEN_OVER", self.a.call("sq_refund", "R-2", {"amount": 100}), "taken_over")
            self.assertStatus("SQ_TAKEN_OVER", self.a.call("sq_update_order", "R-2", carts), "taken_over")
        self.assertStatus("SQ_OK", self.b.call("sq_refund", "R-2", {"amount": 100}))
        self.assertEqual(orders.TOTAL - 200, self.owed(uuid))

    def test_everything_that_would_change_it_is_refused_from_then_on(self):
        url, uuid = self.sold(self.a, ship=False)
        document = self.handed(self.a)
        for name in (url, uuid, "R-1", "C-R-1"):
            for call, *rest in CHANGES + OTHERS:
                with self.subTest((call, name)), self.sends(0):
                    answer = self.assertStatus("SQ_TAKEN_OVER", self.a.call(call, name, *rest), "taken_over")
                    self.assertEqual((1011, "none", "R-1", uuid),
                                     (answer.status, answer.next, answer.order["order_ref_1"], answer.uuid))
                    self.assertIn("R-1", answer.error("taken_over")["message"])
                    self.assertIn("nother till", answer.document["operator_message"])
        info = self.assertStatus("SQ_OK", self.a.order_info("R-1"))
        self.assertEqual(("settled", orders.TOTAL), (info.state, info.data["amounts"]["owed"]))
        self.assertEqual({"document_id", "at"}, set(info.data["handed_over"]))
        self.assertEqual("SQ_OK", self.a.payment_methods(url).name)
        # What only shows it says so.
        for answer in (info, self.assertStatus("SQ_OK", self.a.call("sq_recover", "R-1"))):
            self.assertEqual((["taken_over"], "The sale is handed over to another till."),
                             (answer.warned, answer.said))
        self.a.close()
        self.a = self.till("a")
        self.assertStatus("SQ_TAKEN_OVER", self.a.call("sq_ship", "R-1", None))
        self.assertEqual(document, self.handed(self.a))

    def test_the_other_till_goes_on_from_both_carts_as_they_are(self):
        _, uuid = self.sold(self.a, ship=False)
        self.assertStatus("SQ_OK", self.a.call("sq_ship", "R-1", [{"reference": "CAM-01", "quantity": 1}]))
        self.assertStatus("SQ_OK", self.a.call("sq_refund", "R-1", {"amount": 500}))
        before = self.assertStatus("SQ_OK", self.a.order_info("R-1"))
        taken = self.takes(self.b, self.handed(self.a))
        after = self.assertStatus("SQ_OK", self.b.order_info("R-1"))
        for name in ("unshipped_cart", "shipped_cart", "amounts"):
            self.assertEqual(before.data[name], after.data[name])
        self.assertEqual(before.order, after.order)
        self.assertEqual(after.order, taken.order)
        self.assertEqual(before.data["amounts"]["owed"], taken.data["amounts"]["owed"])
        self.assertIsNone(after.data["handed_over"])
        for name in ("C-R-1", after.url, uuid, "R-1"):
            self.assertStatus("SQ_OK", self.b.call("sq_refund", name, {"amount": 100}))
        self.assertEqual(orders.TOTAL - 900, self.owed(uuid))
        self.assertStatus("SQ_OK", self.b.call("sq_ship", "R-1", None))
        self.assertStatus("SQ_OK", self.b.call("sq_refund", "R-1", None))
        self.assertEqual(0, self.owed(uuid))

    def test_both_references_go_with_it(self):
        url, _ = self.sold(self.a)
        self.assertStatus("SQ_OK", self.a.set_ref(url, "R-1", "Factura 1/Ñ"))
        taken = self.takes(self.b, self.handed(self.a))
        self.assertEqual(("R-1", "Factura 1/Ñ"), (taken.order["order_ref_1"], taken.order["order_ref_2"]))
        self.assertStatus("SQ_OK", self.b.set_ref(url, "R-1", "Factura 2/Ñ"))
        back = self.takes(self.a, self.handed(self.b))
        self.assertEqual("Factura 2/Ñ", back.order["order_ref_2"])
        self.assertEqual("Factura 2/Ñ", self.a.order_info("R-1").order["order_ref_2"])

    def test_its_document_says_nothing_of_the_shopper(self):
        for config in ({}, {"personal_data": {"keep_days": 30}}):
            with self.subTest(config):
                self.sim.reset()
                a, b = self.till(f"pa{len(config)}", **config), self.till(f"pb{len(config)}", **config)
                self.sold(a)
                document = self.handed(a)
                document.encode("ascii")
                plain = json.dumps(json.loads(document), ensure_ascii=False)
                self.takes(b, document)
                b.close()
                kept = b"".join(path.read_bytes() for path in self.folder.glob(f"pb{len(config)}.db*") if path.is_file())
                for word in ("Íñigo", "Muñoz Güell", "Concepción", "28001", "Madrid", "612 345 678", "inigo.munoz",
                             "23232323T", "1980-01-20", "127.0.0.1", "sandbox_secret", "sandbox_key"):
                    self.assertNotIn(word, plain.replace(self.sim.http, ""))
                    if word != "127.0.0.1":
                        self.assertNotIn(word.encode(), kept)

    def test_asked_again_it_is_the_same_document(self):
        url, uuid = self.sold(self.a)
        document = self.handed(self.a)
        for name in ("R-1", url, uuid, "C-R-1"):
            with self.sends(0):
                again = self.assertStatus("SQ_OK", self.a.call("sq_hand_over", name))
            self.assertEqual((document, ["taken_over"]), (again.data["document"], again.warned))
        self.assertEqual(1, len(self.entries(self.a, "hand_over")))
        entry, = self.entries(self.a, "hand_over")
        self.assertIn(json.loads(document)["chain"][0]["id"], entry["description"])

    def test_taken_over_twice_it_is_one_order_that_stays_as_it_is(self):
        _, uuid = self.sold(self.a)
        document = self.handed(self.a)
        self.takes(self.b, document)
        self.takes(self.b, document)
        self.assertStatus("SQ_OK", self.b.call("sq_refund", "R-1", {"amount": 100}))
        again = self.takes(self.b, document)
        self.assertEqual((orders.TOTAL - 100,) * 2, (again.order["amount"], again.data["amounts"]["owed"]))
        self.assertEqual(orders.TOTAL - 100, self.b.order_info("R-1").data["amounts"]["owed"])
        self.assertEqual(1, len(self.entries(self.b, "take_over")))
        self.assertEqual(1, len(self.rows(journal=self.folder / "b.db")))
        self.assertStatus("SQ_OK", self.b.call("sq_refund", "R-1", {"amount": 100}))
        self.assertEqual(orders.TOTAL - 200, self.owed(uuid))
        # And with a change that has no answer.
        self.sim.fault("close_after", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", self.b.call("sq_refund", "R-1", {"amount": 100}))
        self.assertEqual("recover", self.takes(self.b, document).next)
        self.assertStatus("SQ_OK", self.b.call("sq_recover", "R-1"))
        self.assertEqual(orders.TOTAL - 300, self.owed(uuid))

    def test_it_goes_there_and_comes_back(self):
        _, uuid = self.sold(self.a)
        first = self.handed(self.a)
        self.takes(self.b, first)
        self.assertStatus("SQ_OK", self.b.call("sq_refund", "R-1", {"amount": 100}))
        second = self.handed(self.b)
        self.assertEqual([], self.takes(self.a, second).warned)
        self.assertStatus("SQ_OK", self.a.call("sq_refund", "R-1", {"amount": 100}))
        self.assertStatus("SQ_TAKEN_OVER", self.b.call("sq_refund", "R-1", {"amount": 100}))
        self.assertEqual(orders.TOTAL - 200, self.owed(uuid))
        # The older documents reset nothing, and are no way around it.
        self.assertEqual(orders.TOTAL - 200, self.takes(self.a, first).order["amount"])
        self.assertEqual(orders.TOTAL - 200, self.takes(self.a, second).order["amount"])
        with self.sends(0):
            answer = self.assertStatus("SQ_TAKEN_OVER", self.b.call("sq_take_over", first), "taken_over")
        self.assertEqual("none", answer.next)
        # Once around, by way of a third.
        c = self.till("c")
        self.takes(c, self.handed(self.a))
        self.takes(self.b, self.handed(c))
        self.assertStatus("SQ_OK", self.b.call("sq_refund", "R-1", {"amount": 100}))
        self.takes(self.a, self.handed(self.b))
        self.assertEqual(orders.TOTAL - 300, self.a.order_info("R-1").data["amounts"]["owed"])
        for till in (self.b, c):
            self.assertStatus("SQ_TAKEN_OVER", till.call("sq_ship", "R-1", None))

    def test_its_own_document_does_not_open_it_again(self):
        _, uuid = self.sold(self.a)
        first = self.handed(self.a)
        with self.sends(0):
            self.assertStatus("SQ_TAKEN_OVER", self.a.call("sq_take_over", first), "taken_over")
        self.takes(self.b, first)
        self.assertStatus("SQ_OK", self.b.call("sq_refund", "R-1", {"amount": 100}))
        with self.sends(0):
            self.assertStatus("SQ_TAKEN_OVER", self.a.call("sq_take_over", first), "taken_over")
            self.assertStatus("SQ_TAKEN_OVER", self.a.call("sq_refund", "R-1", {"amount": 100}))
        second = self.handed(self.b)
        self.takes(self.a, second)
        for document in (first, second):
            with self.sends(0):
                self.assertStatus("SQ_TAKEN_OVER", self.b.call("sq_take_over", document), "taken_over")
        self.assertStatus("SQ_OK", self.a.call("sq_refund", "R-1", {"amount": 100}))
        self.assertEqual(orders.TOTAL - 200, self.owed(uuid))

    def test_one_that_nobody_took_over_comes_back_by_way_of_another_journal(self):
        _, uuid = self.sold(self.a)
        between = self.till("between")
        self.takes(between, self.handed(self.a))
        self.takes(self.a, self.handed(between))
        self.assertStatus("SQ_OK", self.a.call("sq_refund", "R-1", {"amount": 100}))
        self.assertEqual(orders.TOTAL - 100, self.owed(uuid))

    def test_two_that_took_one_document_over_are_found_out_where_they_meet(self):
        self.sold(self.a)
        document = self.handed(self.a)
        c = self.till("c")
        self.takes(self.b, document)
        self.takes(c, document)
        from_b = self.handed(self.b)
        answer = self.assertStatus("SQ_WRONG_STATE", c.call("sq_take_over", from_b), "taken_over_twice")
        self.assertIn(json.loads(from_b)["chain"][-1]["journal"], answer.error("taken_over_twice")["message"])
        self.assertStatus("SQ_OK", c.call("sq_refund", "R-1", {"amount": 100}))
        self.takes(self.a, from_b)
        with self.sends(0):
            self.assertStatus("SQ_WRONG_STATE", self.a.call("sq_take_over", self.handed(c)), "taken_over_twice")
        self.assertEqual(orders.TOTAL, self.a.order_info("R-1").data["amounts"]["owed"])

    def test_a_journal_that_has_the_order_and_never_handed_it_over_says_so(self):
        self.sold(self.a)
        info = self.a.order_info("R-1").data
        self.assertStatus("SQ_OK", self.b.call("sq_update_order", "R-1",
                                               {name: info[name] for name in ("unshipped_cart", "shipped_cart")}))
        with self.sends(0):
            answer = self.assertStatus("SQ_WRONG_STATE", self.a.call("sq_take_over", self.handed(self.b)), "not_handed_over")
            self.assertEqual(("settled", "none"), (answer.state, answer.next))
            self.assertStatus("SQ_TAKEN_OVER", self.b.call("sq_ship", "R-1", None))

    def test_one_that_was_adopted_by_its_carts_moves_on_too(self):
        _, uuid = self.sold(self.a)
        info = self.a.order_info("R-1").data
        self.assertStatus("SQ_OK", self.b.call("sq_update_order", "R-1",
                                               {name: info[name] for name in ("unshipped_cart", "shipped_cart")}))
        c = self.till("c")
        taken = self.takes(c, self.handed(self.b))
        self.assertEqual((None, "R-1"), (taken.order["uuid"], taken.order["order_ref_1"]))
        self.takes(self.b, self.handed(c))
        self.assertStatus("SQ_OK", self.b.call("sq_refund", "R-1", {"amount": 100}))
        self.assertEqual(orders.TOTAL - 100, self.owed(uuid))

    def test_a_till_that_began_the_sale_takes_it_over_from_the_one_that_ended_it(self):
        url, uuid, order = self.approved(self.a)
        self.assertStatus("SQ_OK", self.b.confirm(url, order))
        self.assertStatus("SQ_OK", self.b.set_ref(url, "R-1"))
        self.assertEqual(1, len(self.a.pending().data["orders"]))
        self.assertEqual("settled", self.takes(self.a, self.handed(self.b)).state)
        self.assertEqual([], self.a.pending().data["orders"])
        self.assertStatus("SQ_OK", self.a.call("sq_ship", "R-1", None))
        self.a.close()
        for path in self.folder.glob("a.db*"):
            if path.is_file():
                self.assertNotIn("Muñoz Güell".encode(), path.read_bytes())

    def test_only_a_settled_order_without_an_open_change_can_be_handed_over(self):
        order = orders.complete()
        started = self.a.start(order)
        steps = [lambda: self.a.send_form(started.url), lambda: self.sim.approve(started.uuid),
                 lambda: self.a.confirm(started.url)]
        with self.sends(0):
            self.assertStatus("SQ_UNKNOWN_ORDER", self.a.call("sq_hand_over", "R-9"), "unknown_order")
            self.assertStatus("SQ_INVALID_ARGUMENT", self.a.call("sq_hand_over", None))
            self.assertStatus("SQ_INVALID_ARGUMENT", self.a.call("sq_hand_over", " "))
        for step in [lambda: None] + steps:
            step()
            answer = self.assertStatus("SQ_WRONG_STATE", self.a.call("sq_hand_over", started.url), "wrong_state")
            self.assertIsNone(answer.data)
        self.assertStatus("SQ_OK", self.a.set_ref(started.url, "R-1"))
        self.assertStatus("SQ_OK", self.a.call("sq_ship", "R-1", None))
        self.sim.fault("close_before", method="PUT")
        self.assertNotEqual("SQ_OK", self.a.call("sq_refund", "R-1", {"amount": 100}).name)
        answer = self.assertStatus("SQ_WRONG_STATE", self.a.call("sq_hand_over", "R-1"), "wrong_state")
        self.assertEqual("recover", answer.next)
        self.assertStatus("SQ_OK", self.a.call("sq_recover", "R-1"))
        self.assertStatus("SQ_OK", self.a.call("sq_hand_over", "R-1"))
        self.sold(self.a, "R-2", ship=False)
        self.assertStatus("SQ_OK", self.a.call("sq_cancel", "R-2", None))
        self.assertStatus("SQ_WRONG_STATE", self.a.call("sq_hand_over", "R-2"), "wrong_state")

    def test_what_is_no_document_as_it_was_written_is_refused(self):
        self.sold(self.a)
        document = self.handed(self.a)
        fields = json.loads(document)
        with self.sends(0):
            for wrong in (None, "", "  "):
                self.assertStatus("SQ_INVALID_ARGUMENT", self.b.call("sq_take_over", wrong), "null_argument")
            for cut in (1, 2, 10, len(document) // 2, len(document) - 1):
                self.assertStatus("SQ_INVALID_JSON", self.b.call("sq_take_over", document[:cut]), "invalid_json")
            for other in ("{}", "[]", "12", "null", '""', '"x"', json.dumps(orders.complete())):
                self.assertIn(self.b.call("sq_take_over", other).name, ("SQ_INVALID_ARGUMENT", "SQ_INVALID_JSON"))
            for name in fields:
                for value in (None, 1, "x", [], {}, fields[name] + 1 if isinstance(fields[name], int) else "y"):
                    if value == fields[name]:
                        continue
                    edited = dict(fields, **{name: value})
                    self.assertStatus("SQ_INVALID_ARGUMENT", self.b.call("sq_take_over", edited), "invalid_document")
                less = dict(fields)
                del less[name]
                self.assertStatus("SQ_INVALID_ARGUMENT", self.b.call("sq_take_over", less), "invalid_document")
            more = dict(fields, more=1)
            self.assertStatus("SQ_INVALID_ARGUMENT", self.b.call("sq_take_over", more), "invalid_document")
            cheaper = document.replace(str(orders.TOTAL), "1")
            self.assertStatus("SQ_INVALID_ARGUMENT", self.b.call("sq_take_over", cheaper), "invalid_document")
            twice = document[:-1] + ',"endpoint":"x"}'
            self.assertNotEqual("SQ_OK", self.b.call("sq_take_over", twice).name)
            for depth in (40, 100_000):
                self.assertNotEqual("SQ_OK", self.b.call("sq_take_over", "[" * depth).name)
        self.assertEqual([], self.rows(journal=self.folder / "b.db"))
        self.assertEqual([], self.b.call("sq_log", None).data["entries"])
        # However a program has written the same JSON anew, it is the same document.
        self.takes(self.b, json.dumps(fields, indent=2, ensure_ascii=False, sort_keys=True))

    def test_as_it_stands_in_a_result_it_is_taken_too(self):
        self.sold(self.a)
        self.takes(self.b, json.dumps(self.handed(self.a)))

    def test_one_of_another_endpoint_is_refused(self):
        self.sold(self.a)
        document = self.handed(self.a)
        other = self.open(base_url=None, environment="sandbox", journal=":memory:")
        with self.sends(0):
            answer = self.assertStatus("SQ_FOREIGN_URL", other.call("sq_take_over", document), "foreign_url")
        self.assertIn("sandbox.sequrapi.com", answer.error("foreign_url")["message"])
        self.assertIsNone(answer.order)

    def test_tills_that_write_in_other_encodings_hand_over_to_each_other(self):
        a = self.till("wa", encoding="windows-1252", text_encoding="windows-1252")
        c = self.till("wc", encoding="iso-8859-15", text_encoding="iso-8859-15")
        self.sold(a, "Caña 1 €")
        document = self.handed(a, "Caña 1 €")
        before = a.order_info("Caña 1 €").data
        self.takes(c, document)
        self.assertEqual(before["shipped_cart"], c.order_info("Caña 1 €").data["shipped_cart"])

    def test_nothing_is_owed_for_it_here_any_more_and_there_it_is(self):
        self.sold(self.a)
        document = self.handed(self.a)
        self.assertEqual(([], {}, "none"), (self.a.pending().data["orders"], self.a.pending().data["at_risk"], self.a.pending().next))
        self.assertEqual([], self.assertStatus("SQ_OK", self.a.call("sq_recover", None)).data["orders"])
        compared = self.a.call("sq_reconcile").data
        self.assertEqual(([], []), (compared["not_yet_paid"], compared["differing"]))
        report, = self.assertStatus("SQ_OK", self.a.call("sq_send_delivery_report", None)).data["reports"]
        self.assertEqual(0, report["orders"])
        self.takes(self.b, document)
        self.assertEqual(["R-1"], [one["order_ref_1"] for one in self.b.call("sq_reconcile").data["not_yet_paid"]])
        report, = self.assertStatus("SQ_OK", self.b.call("sq_send_delivery_report", None)).data["reports"]
        self.assertEqual(1, report["orders"])
        report, = self.assertStatus("SQ_OK", self.b.call("sq_send_delivery_report", None)).data["reports"]
        self.assertEqual(0, report["orders"])
        # What was reported is not reported again.
        self.takes(self.a, self.handed(self.b))
        report, = self.assertStatus("SQ_OK", self.a.call("sq_send_delivery_report", None)).data["reports"]
        self.assertEqual(0, report["orders"])

    def test_goods_that_are_still_to_be_shipped_are_the_other_tills_to_ship(self):
        self.sold(self.a, ship=False)
        self.assertEqual({"EUR": {"shop_es": orders.TOTAL}}, self.a.pending().data["unshipped_total"])
        document = self.handed(self.a)
        self.assertEqual(([], {}), (self.a.pending().data["unshipped"], self.a.pending().data["unshipped_total"]))
        self.takes(self.b, document)
        self.assertEqual({"EUR": {"shop_es": orders.TOTAL}}, self.b.pending().data["unshipped_total"])
        self.assertEqual(["R-1"], [one["order_ref_1"] for one in self.b.pending().data["unshipped"]])
        self.assertStatus("SQ_OK", self.b.call("sq_ship", "R-1", None))
        self.assertEqual({}, self.b.pending().data["unshipped_total"])
        # A shipment of the sale's own that has no answer is an open change.
        c = self.till("c", goods_leave="after_the_sale")
        self.sim.fault("close_after", method="PUT", path="merchants")
        order = orders.complete()
        url, _, _ = self.approved(c, order)
        self.assertStatus("SQ_OK", c.confirm(url))
        c.set_ref(url, "R-2")
        if c.order_info("R-2").next != "none":
            self.assertEqual("recover", self.assertStatus("SQ_WRONG_STATE", c.call("sq_hand_over", "R-2")).next)
            self.assertStatus("SQ_OK", c.call("sq_recover", None))
        self.takes(self.b, self.handed(c, "R-2"))
        self.assertEqual("shipped", self.b.order_info("R-2").data["amounts"]["delivery"])

    def test_an_order_that_an_open_report_tells_of_waits_for_it(self):
        self.sold(self.a)
        self.sim.fault("close_after", path="delivery_reports")
        self.assertNotEqual("SQ_OK", self.a.call("sq_send_delivery_report", None).name)
        answer = self.assertStatus("SQ_WRONG_STATE", self.a.call("sq_hand_over", "R-1"), "wrong_state")
        self.assertEqual("recover", answer.next)
        self.assertStatus("SQ_OK", self.a.call("sq_recover", None))
        self.assertStatus("SQ_OK", self.a.call("sq_hand_over", "R-1"))

    def test_its_reference_stays_taken_here(self):
        self.sold(self.a)
        self.handed(self.a)
        url, _, order = self.confirmed(self.a)
        with self.sends(0):
            self.assertStatus("SQ_DUPLICATE_ORDER_REF", self.a.set_ref(url, "R-1"))

    def test_of_one_key_the_order_that_goes_on_here_is_meant(self):
        self.sold(self.a)
        self.handed(self.a)
        order = orders.complete()
        order["cart"]["cart_ref"] = "C-R-1"
        url = self.assertStatus("SQ_OK", self.a.start(order)).url
        self.assertEqual(url, self.assertStatus("SQ_OK", self.a.order_info("C-R-1")).url)

    def test_the_log_stays_whole_and_says_both(self):
        self.sold(self.a)
        self.takes(self.b, self.handed(self.a))
        for till, operation in ((self.a, "hand_over"), (self.b, "take_over")):
            entry, = self.entries(till, operation)
            self.assertEqual(("SQ_OK", "settled", "R-1", None),
                             (entry["status"], entry["order"]["state"], entry["order"]["order_ref_1"], entry["http"]["status"]))
            history = till.order_info("R-1").data["history"]
            self.assertIn(operation, [one["operation"] for one in history])

    def test_the_operator_is_told_in_every_language(self):
        said = {"es": "Otra caja", "en": "Another till", "fr": "autre caisse", "it": "altra cassa", "pt": "Outra caixa"}
        for number, (language, words) in enumerate(self.in_every_language(**said)):
            with self.subTest(language):
                till = self.till(f"l{number}", language=language)
                self.sold(till, f"R-{number}")
                over = self.assertStatus("SQ_OK", till.call("sq_hand_over", f"R-{number}"))
                self.assertTrue(over.document["operator_message"])
                answer = self.assertStatus("SQ_TAKEN_OVER", till.call("sq_ship", f"R-{number}", None))
                self.assertIn(words, answer.document["operator_message"])

    def test_what_it_takes_does_not_grow_with_what_was_handed_over_before(self):
        self.sold(self.a)
        document = self.handed(self.a)
        for _ in range(30):
            self.takes(self.b, document)
            document = self.handed(self.b)
            self.takes(self.a, document)
            document = self.handed(self.a)
        self.assertEqual(61, len(json.loads(document)["chain"]))
        self.takes(self.b, document)
        self.assertStatus("SQ_OK", self.b.call("sq_refund", "R-1", None))

    def test_a_journal_from_before_the_hand_over_is_found_out(self):
        self.sold(self.a)
        self.a.close()
        copies = {path: path.read_bytes() for path in self.folder.glob("a.db*") if path.is_file()}
        self.a = self.till("a")
        document = self.handed(self.a)
        self.a.close()
        for path, content in copies.items():
            path.write_bytes(content)
        self.a = self.till("a")
        self.takes(self.b, document)
        self.assertStatus("SQ_OK", self.b.call("sq_refund", "R-1", {"amount": 100}))
        with self.sends(0):
            self.assertStatus("SQ_WRONG_STATE", self.a.call("sq_take_over", self.handed(self.b)), "not_handed_over")


class KilledOnTheWay(SeveralTills):
    """The till's process ends at each point that the call comes to, as a power cut would end it."""

    def points(self, name, function, *arguments):
        """Which points the call comes to, the opening's before it; nothing ends it."""
        trace = self.folder / "trace"
        self.play(name, function, *arguments, SEQURA_POS_CRASH_TRACE=str(trace))
        return trace.read_text().split()

    def play(self, name, function, *arguments, **environment):
        """The call, in a process of its own; what it said, where it came so far."""
        config = self.config(journal=str(self.folder / f"{name}.db"))
        worker = Worker("call", {"config": config, "function": function, "arguments": arguments}, **armed(), **environment)
        try:
            worker.next()
            return worker.next()
        except AssertionError:
            return None
        finally:
            worker.end()

    def start_afresh(self):
        self.sim.reset()
        for till in (self.a, self.b):
            if till.handle:
                till.close()
        for path in self.folder.glob("[ab].db*"):
            path.unlink()
        self.a = self.till("a")
        _, uuid = self.sold(self.a)
        self.a.close()
        return uuid

    def test_wherever_a_till_dies_the_order_is_in_one_place_and_whole(self):
        self.start_afresh()
        out = self.points("a", "sq_hand_over", "R-1")
        self.assertEqual(["handed_over", "before_return", "after_return"], out[-3:])
        document = self.play("a", "sq_hand_over", "R-1")["document"]["data"]["document"]
        into = self.points("b", "sq_take_over", document)
        self.assertEqual(["taken_over", "before_return", "after_return"], into[-3:])
        for ending in range(1, len(out) + 1):
            for second in range(1, len(into) + 1):
                with self.subTest(hand_over=ending, take_over=second):
                    uuid = self.start_afresh()
                    self.play("a", "sq_hand_over", "R-1", SEQURA_POS_CRASH_AT=f"any:{ending}")
                    self.a = self.till("a")
                    closed = self.a.order_info("R-1").data["handed_over"]
                    document = self.handed(self.a)
                    chain = json.loads(document)["chain"]
                    self.assertEqual(closed["document_id"] if closed else chain[0]["id"], chain[0]["id"])
                    self.assertStatus("SQ_TAKEN_OVER", self.a.call("sq_refund", "R-1", None))
                    self.play("b", "sq_take_over", document, SEQURA_POS_CRASH_AT=f"any:{second}")
                    self.b = self.till("b")
                    self.takes(self.b, document)
                    self.assertStatus("SQ_OK", self.b.call("sq_refund", "R-1", {"amount": 100}))
                    self.assertEqual(orders.TOTAL - 100, self.owed(uuid))
                    self.assertEqual((1, 1), (len(self.entries(self.a, "hand_over")), len(self.entries(self.b, "take_over"))))
                    self.assertEqual(1, len(self.rows(journal=self.folder / "b.db")))


if __name__ == "__main__":
    unittest.main()
