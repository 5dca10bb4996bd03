"""A reference that was given at the start is the order's, whatever a later text of the order leaves out."""

import json

import orders
from till import Till


class KeptReferences(Till):
    def started(self, client, **reference):
        """An approved order that was started with this merchant_reference: (url, uuid, the order without it)."""
        url, uuid, _ = self.approved(client, orders.complete(merchant_reference=reference))
        return url, uuid, orders.complete()

    def told(self, uuid):
        """The merchant_references of the PUTs for an order, as seQura got them."""
        bodies = [json.loads(body)["order"] for body in self.sim.bodies("PUT", f"/orders/{uuid}")]
        return [body.get("merchant_reference") for body in bodies]

    def test_the_confirmation_carries_it_and_settles_the_order_at_once(self):
        client = self.open()
        url, uuid, order = self.started(client, order_ref_1="R-1", order_ref_2="Z-1")
        answer = self.assertStatus("SQ_OK", client.confirm(url, order))
        self.assertEqual(("settled", "none", "R-1", "Z-1"),
                         (answer.state, answer.next, answer.order["order_ref_1"], answer.order["order_ref_2"]))
        self.assertEqual([{"order_ref_1": "R-1", "order_ref_2": "Z-1"}], self.told(uuid))
        self.assertEqual("R-1", self.sim.ledger(uuid)[-1]["order_ref_1"])
        self.assertEqual({}, client.pending().data["at_risk"])

    def test_blank_or_null_is_left_out_too(self):
        client = self.open()
        for number, given in enumerate(({}, None, {"order_ref_1": None}, {"order_ref_1": " "}, {"order_ref_2": "Z"})):
            with self.subTest(given):
                ref = f"R-{number}"
                url, uuid, order = self.started(client, order_ref_1=ref)
                order["merchant_reference"] = given
                answer = self.assertStatus("SQ_OK", client.confirm(url, order))
                self.assertEqual(("settled", ref), (answer.state, answer.order["order_ref_1"]))

    def test_what_is_wrong_is_not_left_out(self):
        client = self.open()
        url, uuid, order = self.started(client, order_ref_1="R-1")
        for given in (1.5, {}, [], True):
            order["merchant_reference"] = {"order_ref_1": given}
            self.assertIn("/merchant_reference/order_ref_1", self.assertStatus("SQ_INVALID_ORDER", client.confirm(url, order)).document["errors"][0]["pointer"])

    def test_a_number_stays_a_number(self):
        client = self.open()
        url, uuid, order = self.started(client, order_ref_1=4711)
        self.assertEqual("settled", self.assertStatus("SQ_OK", client.confirm(url, order)).state)
        self.assertEqual([{"order_ref_1": 4711}], self.told(uuid))

    def test_the_second_reference_is_kept_until_another_is_given(self):
        client = self.open()
        url, uuid, order = self.started(client, order_ref_1="R-1", order_ref_2="Z-1")
        order["merchant_reference"] = {"order_ref_2": "Z-2"}
        answer = self.assertStatus("SQ_OK", client.confirm(url, order))
        self.assertEqual(("settled", "R-1", "Z-2"), (answer.state, answer.order["order_ref_1"], answer.order["order_ref_2"]))

    def test_another_one_that_is_given_then_counts(self):
        client = self.open()
        url, uuid, order = self.started(client, order_ref_1="R-1", order_ref_2="Z-1")
        order["merchant_reference"] = {"order_ref_1": "R-2"}
        answer = self.assertStatus("SQ_OK", client.confirm(url, order))
        self.assertEqual(("settled", "R-2", "Z-1"), (answer.state, answer.order["order_ref_1"], answer.order["order_ref_2"]))
        self.assertEqual([{"order_ref_1": "R-2", "order_ref_2": "Z-1"}], self.told(uuid))

    def test_an_acknowledgement_does_not_lose_it(self):
        client = self.open()
        url, uuid, order = self.started(client, order_ref_1="R-1")
        self.assertEqual("R-1", self.assertStatus("SQ_OK", client.hold(url, order)).order["order_ref_1"])
        self.assertEqual("settled", self.assertStatus("SQ_OK", client.confirm(url, order)).state)
        self.assertEqual([{"order_ref_1": "R-1"}] * 2, self.told(uuid))

    def test_the_same_text_again_is_the_same_confirmation(self):
        client = self.open()
        url, uuid, order = self.started(client, order_ref_1="R-1", order_ref_2="Z-1")
        self.sim.fault("close_after", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.confirm(url, order))
        # Without an answer, with and without what was kept; then settled.
        full = dict(order, merchant_reference={"order_ref_1": "R-1", "order_ref_2": "Z-1"})
        other = dict(order, merchant_reference={"order_ref_1": "R-1", "order_ref_2": "Z-2"})
        with self.sends(0):
            self.assertStatus("SQ_WRONG_STATE", client.confirm(url, other))
        self.assertEqual("settled", self.assertStatus("SQ_OK", client.confirm(url, order)).state)
        with self.sends(0):
            for again in (order, full, None):
                self.assertEqual("settled", self.assertStatus("SQ_OK", client.confirm(url, again)).state)
            self.assertStatus("SQ_WRONG_STATE", client.confirm(url, other))
        self.assertEqual(1, self.sim.events(uuid).count("confirmed"))

    def test_recovery_sends_it_with_the_reference(self):
        client = self.open()
        url, uuid, order = self.started(client, order_ref_1="R-1")
        self.sim.fault("close_before", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.confirm(url, order))
        client.close()
        client = self.open()
        self.assertEqual("settled", self.assertStatus("SQ_OK", client.call("sq_recover", None)).data["orders"][0]["now"])
        self.assertEqual([{"order_ref_1": "R-1"}] * 2, self.told(uuid))

    def test_one_that_another_order_has_by_now_is_refused_until_another_is_given(self):
        # seQura has it from the start, and would refuse it whether the confirmation says it or not.
        client = self.open()
        first, _, order = self.started(client, order_ref_1="R-1")
        second = self.approved(client, orders.small(merchant_reference={"order_ref_1": "R-1"}))[0]
        self.assertEqual("settled", self.assertStatus("SQ_OK", client.confirm(first, order)).state)
        with self.sends(0):
            for text in (None, orders.small()):
                answer = self.assertStatus("SQ_DUPLICATE_ORDER_REF", client.confirm(second, text))
                self.assertEqual("choose_another_ref", answer.next)
        other = orders.small(merchant_reference={"order_ref_1": "R-2"})
        self.assertEqual("settled", self.assertStatus("SQ_OK", client.confirm(second, other)).state)

    def test_so_is_one_that_seQura_says_is_taken(self):
        self.settled(self.open(journal=str(self.folder / "another-till.db")), ref="R-1")
        client = self.open()
        url, uuid, order = self.started(client, order_ref_1="R-1")
        for _ in range(2):
            answer = self.assertStatus("SQ_DUPLICATE_ORDER_REF", client.confirm(url, order), "duplicate_order_ref")
            self.assertEqual(("choose_another_ref", "R-1"), (answer.next, answer.order["order_ref_1"]))
        order["merchant_reference"] = {"order_ref_1": "R-2"}
        self.assertEqual("settled", self.assertStatus("SQ_OK", client.confirm(url, order)).state)

    def test_an_order_of_another_journal_has_what_its_text_says(self):
        url, uuid, order = self.started(self.open(journal=str(self.folder / "another-till.db")), order_ref_1="R-1")
        client = self.open()
        answer = self.assertStatus("SQ_OK", client.confirm(url, order))
        self.assertEqual(("confirmed", None, "set_order_ref"), (answer.state, answer.order["order_ref_1"], answer.next))
        self.assertEqual("settled", self.assertStatus("SQ_OK", client.set_ref(url, "R-1")).state)

    def test_a_reference_registered_after_the_confirmation_is_not_missed_in_its_text(self):
        client = self.open()
        url, _, order = self.confirmed(client)
        self.assertStatus("SQ_OK", client.set_ref(url, "R-1", "Z-1"))
        with self.sends(0):
            self.assertEqual("settled", self.assertStatus("SQ_OK", client.confirm(url, order)).state)
