"""Giving up what will not become a sale."""

import json

import orders
from simulator import SIGNED
from till import Till


class Abandoning(Till):
    def abandon(self, client, order):
        return client.call("sq_abandon", order)

    def test_an_order_that_is_given_up_is_asked_nothing_more(self):
        client = self.open()
        url, uuid, order = self.approved(client)
        with self.sends(0):
            answer = self.assertStatus("SQ_OK", self.abandon(client, url))
            self.assertEqual(("abandoned", "none"), (answer.state, answer.next))
            self.assertEqual([], client.pending().data["orders"])
            self.assertEqual([], client.call("sq_recover", None).data["orders"])
            self.assertStatus("SQ_WRONG_STATE", client.confirm(url, order), "wrong_state")
            self.assertStatus("SQ_OK", self.abandon(client, uuid))
        self.assertEqual([None], [row["content"] for row in self.rows("SELECT content FROM contents")])

    def test_an_unsent_confirmation_may_be_given_up_and_is_never_sent(self):
        # The line was down, and the shopper paid by card.
        line, client = self.line(), self.open()
        url, uuid, order = self.approved(client, orders.complete(ref="R-CARD"))
        self.unreachable(line, url, order)
        with self.sends(0):
            self.assertStatus("SQ_OK", self.abandon(client, "R-CARD"))
            self.assertStatus("SQ_OK", client.call("sq_recover", None))
        self.assertEqual("approved", self.sim.events(uuid)[-1])

    def test_what_may_be_confirmed_cannot_be_given_up(self):
        client = self.open()
        url, uuid, order = self.approved(client)
        self.sim.fault("close_after", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.confirm(url, order))
        answer = self.assertStatus("SQ_WRONG_STATE", self.abandon(client, url), "wrong_state")
        self.assertEqual(("confirming", "recover"), (answer.state, answer.next))
        self.assertStatus("SQ_OK", client.call("sq_recover", url))
        answer = self.assertStatus("SQ_WRONG_STATE", self.abandon(client, url), "wrong_state")
        self.assertEqual("set_order_ref", answer.next)
        self.assertStatus("SQ_OK", client.set_ref(url, "R-1"))
        self.assertEqual("settled", self.assertStatus("SQ_WRONG_STATE", self.abandon(client, "R-1")).state)

    def test_of_two_orders_with_one_reference_the_one_is_meant_that_can_be_given_up(self):
        client = self.open()
        first, _, order = self.approved(client, orders.complete(ref="R-1"))
        second, _, _ = self.approved(client, orders.complete(ref="R-1"))
        answer = self.assertStatus("SQ_INVALID_ARGUMENT", self.abandon(client, "R-1"), "argument_out_of_range")
        self.assertIn("2 orders", answer.error("argument_out_of_range")["message"])
        self.assertStatus("SQ_OK", client.confirm(first, order))
        self.assertEqual(second, self.assertStatus("SQ_OK", self.abandon(client, "R-1")).url)

    def test_it_needs_no_attention_in_the_log_afterwards(self):
        client = self.open()
        url, _, order = self.approved(client)
        self.sim.fault("conflict", errors=["Invalid data: the cart has changed"], method="PUT")
        self.assertStatus("SQ_CONFLICT", client.confirm(url, order))
        self.assertEqual(1, len(client.call("sq_log", '{"attention":true}').data["entries"]))
        self.assertStatus("SQ_OK", self.abandon(client, url))
        self.assertEqual([], client.call("sq_log", '{"attention":true}').data["entries"])
        newest = client.call("sq_log", None).data["entries"][0]
        self.assertEqual(("abandon", "abandoned", "SQ_OK", None),
                         (newest["operation"], newest["order"]["state"], newest["status"], newest["http"]["status"]))

    def test_what_nobody_touches_for_long_is_given_up_when_a_client_is_opened(self):
        client = self.open()
        self.assertStatus("SQ_OK", client.start(orders.complete()))
        self.approved(client)
        url, _, _ = self.confirmed(client)
        doubtful, _, order = self.approved(client)
        self.sim.fault("close_after", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.confirm(doubtful, order))
        client.close()
        self.let_days_pass(31)
        states = sorted(entry["state"] for entry in self.open().pending().data["orders"])
        self.assertEqual(["confirmed", "confirming"], states, "money is never given up")
        self.assertEqual(2, len(self.rows("SELECT * FROM contents WHERE content IS NULL")))

    def test_what_only_the_clock_calls_old_is_given_up_when_seQura_has_said_what_day_it_is(self):
        client = self.open()
        self.approved(client)
        client.close()
        self.let_days_pass(31, used=False)
        client = self.open()
        self.assertEqual(["clock_doubtful"], client.opened.warned)
        self.assertEqual(1, len(client.pending().data["orders"]))
        self.assertStatus("SQ_OK", client.call("sq_check_credentials"))
        self.assertEqual([], client.pending().data["orders"])

    def test_how_long_is_said_by_the_configuration(self):
        client = self.open()
        self.approved(client)
        client.close()
        self.let_days_pass(10)
        self.assertEqual(1, len(self.open(abandon_after_days=11).pending().data["orders"]))
        self.assertEqual([], self.open(abandon_after_days=9).pending().data["orders"])

    def test_recovery_sends_no_confirmation_that_never_left_and_is_a_day_old(self):
        line, client = self.line(), self.open()
        url, uuid, order = self.approved(client)
        self.unreachable(line, url, order)
        self.let_days_pass(2.01)
        with self.sends(0):
            entry, = client.call("sq_recover", None).data["orders"]
        self.assertEqual(("confirming", "form_sent", None, "confirm"),
                         (entry["was"], entry["now"], entry["status"], entry["next"]))
        self.assertStatus("SQ_OK", client.confirm(url, order))
        # One that is younger is sent.
        url, uuid, order = self.approved(client)
        self.unreachable(line, url, order)
        self.let_days_pass(0.9)
        with self.sends(1):
            entry, = [entry for entry in client.call("sq_recover", None).data["orders"] if entry["uuid"] == uuid]
        self.assertEqual(("confirming", "confirmed"), (entry["was"], entry["now"]))

    def unreachable(self, line, url, order):
        """Confirms it over a line that is down."""
        with line.down():
            client = self.open()
            self.assertStatus("SQ_UNREACHABLE", client.confirm(url, order))
            client.close()


class ChangesOfSoldOrders(Till):
    """A change without an answer, and seQura has cancelled the order meanwhile: it must not be asked for ever."""

    def test_one_that_seQura_knows_nothing_of_can_be_given_up(self):
        client = self.open(timeouts={"connect_ms": 2000, "total_ms": 2000})
        _, _, _, ref = self.settled(client)
        customer = {**orders.COMPLETE["customer"], "given_names": "Zacarías"}
        self.sim.fault("close_before", times=1)
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.call("sq_update_order", ref, json.dumps({"customer": customer})))
        self.assertStatus("SQ_WRONG_STATE", client.call("sq_abandon", ref))
        # Whoever stands in between knows nothing of it.
        for status in (404, 410):
            self.sim.fault("block_page", status=status)
            self.assertStatus("SQ_OUTCOME_UNKNOWN", client.call("sq_recover", None), "not_sequras_answer")
            self.assertStatus("SQ_WRONG_STATE", client.call("sq_abandon", ref))
        self.sim.fault("status", status=404, headers=SIGNED, times=1)
        self.assertStatus("SQ_NOT_FOUND", client.call("sq_recover", None))
        self.assertEqual(1, len(client.call("sq_pending").data["orders"]))
        answer = self.assertStatus("SQ_OK", client.call("sq_abandon", ref))
        self.assertEqual(("settled", ref), (answer.state, answer.order["order_ref_1"]))
        self.assertEqual([], client.call("sq_pending").data["orders"])
        for file in self.folder.iterdir():
            self.assertNotIn("Zacar".encode(), file.read_bytes(), file.name)
        with self.sends(0):
            self.assertStatus("SQ_OK", client.call("sq_recover", None))
            self.assertStatus("SQ_WRONG_STATE", client.call("sq_abandon", ref))
        self.assertStatus("SQ_OK", client.call("sq_ship", ref, None))
