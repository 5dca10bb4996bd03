"""Our own echo: seQura refuses the second attempt because the first was processed. And what ends the doubt: a yes to the
same content, a disbursement that names the order, or a person who looked in the portal."""

import threading
import time
import unittest

import orders
from outside import Stranger
from simulator import SIGNED
from till import Till

#: What a repeated PUT may get, and the code that each has here.
ECHOES = (("already_confirmed", "unrecognised"), ("reference_not_unique", "duplicate_order_ref"),
          ("unrecognised", "unrecognised"))
CLEAR = (
    ("Invalid data: items' total_with_tax add up to 5055 (5055) but order_total_with_tax is 5097. The diff is 42.",
     "cart_total_mismatch"),
    ("Invalid data: order_total_with_tax 15497 is above the approved amount 5097", "amount_above_approved"),
    ("Invalid data: the cart has changed since it was approved", "cart_changed"),
    ("Invalid data: the delivery_address has changed since the order was approved", "address_changed"),
    ("Invalid data: the customer has changed since the order was approved", "customer_changed"),
    ("Invalid data: the order has not been approved yet", "not_approved"),
)

#: They name such a cause, and say that the order is confirmed.
DONE_AND_MORE = (
    "The cart cannot be changed: the order has already been confirmed",
    "The order has already been confirmed. items' total_with_tax add up to 5055 (5055) but order_total_with_tax is 5097.",
    "The total 15497 is above the approved amount, as the order is already confirmed",
    "The order is not approved: it is in state confirmed",
    "The order was confirmed at 10:00, and the delivery address differs",
    "The customer cannot be modified (state: completed)",
)


class Doubtful(Till):
    def doubtful(self, client, order=None, fault="close_after"):
        """A confirmation without an answer: (url, uuid, order)."""
        url, uuid, order = self.approved(client, order)
        self.sim.fault(fault, method="PUT", state="confirmed")
        self.assertEqual("confirming", self.assertStatus("SQ_OUTCOME_UNKNOWN", client.confirm(url, order)).state)
        return url, uuid, order

    def doubtful_ref(self, client, fault="close_after"):
        """A registration without an answer: (url, uuid, reference)."""
        url, uuid, _ = self.confirmed(client)
        ref = orders.new_ref()
        self.sim.fault(fault, method="PUT", state="")
        self.assertEqual("referencing", self.assertStatus("SQ_OUTCOME_UNKNOWN", client.set_ref(url, ref)).state)
        return url, uuid, ref

    def at_risk(self, client):
        return client.pending().data["at_risk"].get("EUR", {}).get("shop_es", 0)

    def assertInDoubt(self, client, url, answer, code, state, ref):
        self.assertStatus("SQ_OUTCOME_UNKNOWN", answer, code)
        self.assertEqual(409, answer.document["http"]["status"])
        info = client.call("sq_order_info", url)
        self.assertEqual((state, ref), (info.state, info.order["order_ref_1"]))
        self.assertEqual(orders.TOTAL, self.at_risk(client))

    def log(self, client, url):
        return client.call("sq_log", {"order": url}).data["entries"]


class Echoes(Doubtful):
    def test_of_a_confirmation(self):
        client = self.open()
        for rule, code in ECHOES:
            with self.subTest(rule):
                self.sim.reset()
                ref = orders.new_ref()
                url, uuid, order = self.doubtful(client, orders.complete(ref))
                self.sim.rules(repeated_confirm=rule)
                for ask in (lambda: client.confirm(url, order), lambda: client.confirm(url)):
                    answer = ask()
                    self.assertInDoubt(client, url, answer, code, "confirming", ref)
                    self.assertEqual("contact_sequra", answer.next)
                entry, = self.assertStatus("SQ_OUTCOME_UNKNOWN", client.call("sq_recover", url)).data["orders"]
                self.assertEqual(("confirming", "confirming", "SQ_OUTCOME_UNKNOWN"),
                                 (entry["was"], entry["now"], entry["status"]))
                self.assertEqual([code], [error["code"] for error in entry["errors"]])
                # Neither sold elsewhere, nor with another content or number.
                with self.sends(0):
                    self.assertStatus("SQ_WRONG_STATE", client.call("sq_abandon", url))
                    self.assertStatus("SQ_WRONG_STATE", client.confirm(url, orders.complete(orders.new_ref())))
                    self.assertStatus("SQ_WRONG_STATE", client.set_ref(url, orders.new_ref()))
                # A yes to the same content is certain.
                self.sim.rules(repeated_confirm="accepted")
                self.assertEqual("settled", self.assertStatus("SQ_OK", client.call("sq_recover", url)).state)

    def test_of_a_confirmation_without_a_reference(self):
        client = self.open()
        url, uuid, order = self.doubtful(client)
        self.sim.rules(repeated_confirm="reference_not_unique")
        self.assertInDoubt(client, url, client.confirm(url), "unrecognised", "confirming", None)

    def test_of_a_reference(self):
        client = self.open()
        for rule, code in ECHOES:
            with self.subTest(rule):
                self.sim.reset()
                url, uuid, ref = self.doubtful_ref(client)
                self.sim.rules(repeated_reference=rule)
                answer = client.set_ref(url, ref)
                self.assertInDoubt(client, url, answer, code, "referencing", ref)
                self.assertEqual("contact_sequra", answer.next)
                self.assertStatus("SQ_OUTCOME_UNKNOWN", client.call("sq_recover", None), code)
                with self.sends(0):
                    self.assertStatus("SQ_WRONG_STATE", client.set_ref(url, orders.new_ref()))
                self.sim.rules(repeated_reference="accepted")
                self.assertEqual("settled", self.assertStatus("SQ_OK", client.set_ref(url, ref)).state)

    def test_a_crash_leaves_the_same_doubt(self):
        client = self.open()
        url, uuid, order = self.doubtful(client, orders.complete(orders.new_ref()))
        client.close()
        self.sim.rules(repeated_confirm="reference_not_unique")
        successor = self.open()
        self.assertStatus("SQ_OUTCOME_UNKNOWN", successor.call("sq_recover", None), "duplicate_order_ref")
        self.assertEqual(orders.TOTAL, self.at_risk(successor))

    def test_a_cause_that_cannot_be_an_echo_is_a_no(self):
        client = self.open()
        for text, code in CLEAR:
            with self.subTest(code):
                url, uuid, order = self.doubtful(client, fault="close_before")
                self.sim.fault("conflict", errors=[text], method="PUT")
                answer = self.assertStatus("SQ_CONFLICT", client.confirm(url, order), code)
                self.assertEqual(("conflicted", 0), (answer.state, self.at_risk(client)))

    def test_a_cause_that_cannot_be_an_echo_is_a_no_to_a_reference(self):
        client = self.open()
        for text, code in CLEAR:
            with self.subTest(code):
                url, uuid, ref = self.doubtful_ref(client, fault="close_before")
                self.sim.fault("conflict", errors=[text], method="PUT")
                answer = self.assertStatus("SQ_CONFLICT", client.set_ref(url, ref), code)
                self.assertEqual("confirmed", answer.state)
                self.assertEqual("settled", self.assertStatus("SQ_OK", client.set_ref(url, orders.new_ref())).state)

    def test_of_several_causes_one_that_may_be_an_echo_keeps_the_doubt(self):
        client = self.open()
        for text in ("Invalid data: the order has already been confirmed", "Invalid data: ¿qué?",
                     "Invalid data: order_ref_1 'R-1' is already in use for merchant 'shop_es'"):
            url, uuid, order = self.doubtful(client)
            self.sim.fault("conflict", errors=[CLEAR[2][0], text], method="PUT")
            answer = self.assertStatus("SQ_OUTCOME_UNKNOWN", client.confirm(url, order))
            self.assertEqual(("confirming", 2), (answer.state, len(answer.codes)))
            self.assertStatus("SQ_OK", client.confirm(url, order))

    def test_a_text_that_says_both_keeps_the_doubt(self):
        client = self.open()
        for text in DONE_AND_MORE:
            for ask in (self.doubtful, self.doubtful_ref):
                with self.subTest(text, ask=ask.__name__):
                    url, uuid, sent = ask(client)
                    self.sim.fault("conflict", errors=[text], method="PUT")
                    answer = client.confirm(url, sent) if ask == self.doubtful else client.set_ref(url, sent)
                    self.assertStatus("SQ_OUTCOME_UNKNOWN", answer, "unrecognised")
                    self.assertEqual("contact_sequra", answer.next)
                    self.assertStatus("SQ_OK", client.call("sq_recover", url))

    def test_a_text_that_only_denies_it_is_a_no(self):
        client = self.open()
        for text, code in (("The order cannot be confirmed: the cart has changed", "cart_changed"),
                           ("The order is not confirmed, as it has not been approved", "not_approved"),
                           ("The total 15497 is above the confirmed amount 5097", "amount_above_approved")):
            with self.subTest(text):
                url, uuid, order = self.doubtful(client, fault="close_before")
                self.sim.fault("conflict", errors=[text], method="PUT")
                self.assertStatus("SQ_CONFLICT", client.confirm(url, order), code)

    def test_a_409_without_a_word_keeps_the_doubt(self):
        client = self.open()
        for body in ("", '{"errors":[]}', '{"message":"no"}', "<html>Conflict</html>"):
            url, uuid, order = self.doubtful(client)
            self.sim.fault("status", status=409, body=body, headers=SIGNED, method="PUT")
            answer = self.assertStatus("SQ_OUTCOME_UNKNOWN", client.confirm(url, order), "unrecognised")
            self.assertEqual("confirming", answer.state)
            self.assertStatus("SQ_OK", client.confirm(url, order))

    def test_without_doubt_each_of_them_is_a_no(self):
        client = self.open()
        taken = "Invalid data: order_ref_1 'R-1' is already in use for merchant 'shop_es'"
        for text, name in (("Invalid data: the order has already been confirmed", "SQ_CONFLICT"),
                           (taken, "SQ_DUPLICATE_ORDER_REF"), ("Invalid data: ¿qué?", "SQ_CONFLICT")):
            url, uuid, order = self.approved(client)
            self.sim.fault("conflict", errors=[text], method="PUT")
            self.assertEqual("conflicted", self.assertStatus(name, client.confirm(url, order)).state)
        url, _, _ = self.confirmed(client)
        self.sim.fault("conflict", errors=[taken], method="PUT")
        self.assertEqual("ref_conflicted", self.assertStatus("SQ_DUPLICATE_ORDER_REF", client.set_ref(url, "R-1")).state)

    def test_what_never_left_is_no_attempt(self):
        line = self.line()
        url, uuid, order = self.approved(self.open())
        with line.down():
            self.assertStatus("SQ_UNREACHABLE", self.open().confirm(url, order))
        self.sim.fault("conflict", errors=["Invalid data: ¿qué?"], method="PUT")
        answer = self.assertStatus("SQ_CONFLICT", self.open().call("sq_confirm", url, order), "unrecognised")
        self.assertEqual("conflicted", answer.state)

    def test_a_reference_that_really_is_anothers_stays_in_doubt_too(self):
        # seQura says the same words. Nobody but a person can tell the two apart.
        ref = orders.new_ref()
        self.settled(self.open(journal=str(self.folder / "another-till.db")), ref=ref)
        client = self.open()
        url, uuid, order = self.doubtful(client, orders.complete(ref), fault="close_before")
        self.assertInDoubt(client, url, client.confirm(url, order), "duplicate_order_ref", "confirming", ref)

    def test_of_a_change_after_the_sale(self):
        client = self.open()
        for text in ("Invalid data: the order has been cancelled", "Invalid data: ¿qué?"):
            with self.subTest(text):
                ref = self.settled(client)[3]
                self.sim.fault("close_after", method="PUT")
                self.assertStatus("SQ_OUTCOME_UNKNOWN", client.call("sq_cancel", ref, None))
                self.sim.fault("conflict", errors=[text], method="PUT")
                answer = self.assertStatus("SQ_OUTCOME_UNKNOWN", client.call("sq_cancel", ref, None), "unrecognised")
                self.assertEqual(("settled", 409), (answer.state, answer.document["http"]["status"]))
                self.assertEqual("answer", client.pending().data["orders"][0]["missing"])
                self.assertEqual("cancelled", self.assertStatus("SQ_OK", client.call("sq_recover", ref)).state)

                ref = self.settled(client)[3]
                self.assertStatus("SQ_OK", client.call("sq_ship", ref, None))
                self.sim.fault("close_after", method="PUT")
                self.assertStatus("SQ_OUTCOME_UNKNOWN", client.call("sq_refund", ref, None))
                self.sim.fault("conflict", errors=[text], method="PUT")
                self.assertStatus("SQ_OUTCOME_UNKNOWN", client.call("sq_refund", ref, None), "unrecognised")
                self.assertStatus("SQ_OK", client.call("sq_recover", ref))
                self.assertEqual("refunded", client.call("sq_order_info", ref).data["amounts"]["delivery"])

    def test_a_change_that_leaves_something_is_no_news_to_seQura_and_has_no_echo(self):
        client = self.open()
        ref = self.settled(client)[3]
        self.sim.fault("close_before", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.call("sq_ship", ref, None))
        self.sim.fault("conflict", errors=["Invalid data: ¿qué?"], method="PUT")
        self.assertStatus("SQ_CONFLICT", client.call("sq_ship", ref, None), "unrecognised")
        self.assertEqual([], client.pending().data["orders"])

    def test_a_clear_no_to_a_change_is_one(self):
        client = self.open()
        ref = self.settled(client)[3]
        self.sim.fault("close_before", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.call("sq_ship", ref, None))
        for text in ("Invalid data: order_total_with_tax 9 is above the confirmed amount 5",
                     CLEAR[0][0].replace("data: ", "data: In shipped_cart, ")):
            self.sim.fault("conflict", errors=[text], method="PUT")
            self.assertStatus("SQ_CONFLICT", client.call("sq_ship", ref, None))
            self.assertEqual([], client.pending().data["orders"])

    def test_the_operator_is_sent_to_the_portal(self):
        for language, words in self.in_every_language(es="portal de seQura", en="seQura's portal", fr="portail de seQura",
                                                      it="portale di seQura", pt="portal da seQura"):
            self.sim.reset()
            client = self.open(language=language, journal=":memory:")
            url, _, order = self.doubtful(client)
            self.sim.rules(repeated_confirm="already_confirmed")
            self.assertIn(words, client.confirm(url, order).document["operator_message"])


class Disbursements(Doubtful):
    """What seQura has paid for was confirmed."""

    def in_doubt(self, client, ref=None):
        ref = ref or orders.new_ref()
        self.sim.rules(repeated_confirm="reference_not_unique", repeated_reference="reference_not_unique")
        return *self.doubtful(client, orders.complete(ref))[:2], ref

    def reconcile(self, client):
        return self.assertStatus("SQ_OK", client.call("sq_reconcile"))

    def test_it_settles_a_confirmation(self):
        client = self.open()
        url, uuid, ref = self.in_doubt(client)
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.call("sq_recover", None))
        self.reconcile(client)
        self.assertEqual(orders.TOTAL, self.at_risk(client), "nothing has been paid")
        self.sim.control("POST", "disburse")
        self.assertEqual([ref], [order["order_ref_1"] for order in self.reconcile(client).data["paid"]])
        info = client.call("sq_order_info", ref)
        self.assertEqual(("settled", ref, orders.TOTAL), (info.state, info.order["order_ref_1"], info.data["amounts"]["paid"]))
        self.assertEqual(([], 0), (client.pending().data["orders"], self.at_risk(client)))
        entry = self.log(client, url)[0]
        self.assertEqual(("reconcile", "settled", "SQ_OK"), (entry["operation"], entry["order"]["state"], entry["status"]))
        self.assertEqual([], [row for row in self.rows("SELECT * FROM contents WHERE content IS NOT NULL")])
        with self.sends(0):
            self.assertStatus("SQ_OK", client.call("sq_recover", None))
            self.assertStatus("SQ_OK", client.set_ref(url, ref))
        self.assertStatus("SQ_OK", client.call("sq_ship", ref, None))
        before = len(self.log(client, url))
        self.reconcile(client)
        self.assertEqual(before, len(self.log(client, url)), "once")

    def test_it_settles_a_reference(self):
        client = self.open()
        url, uuid, ref = self.doubtful_ref(client)
        self.sim.control("POST", "disburse")
        self.reconcile(client)
        self.assertEqual("settled", client.call("sq_order_info", url).state)

    def test_one_of_another_amount_may_be_anothers(self):
        # Another till's order has the reference, and seQura has paid for that one.
        ref = orders.new_ref()
        self.settled(self.open(journal=str(self.folder / "another-till.db")), orders.small(5000), ref=ref)
        client = self.open()
        url, uuid, _ = self.doubtful(client, orders.complete(ref), fault="close_before")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.call("sq_recover", None), "duplicate_order_ref")
        self.sim.control("POST", "disburse")
        answer = self.reconcile(client)
        self.assertEqual([ref], [one["order_ref_1"] for one in answer.data["unknown_here"]])
        self.assertEqual(("confirming", orders.TOTAL), (client.call("sq_order_info", url).state, self.at_risk(client)))

    def test_one_in_another_currency_or_of_another_merchant_is_anothers(self):
        client = self.open()
        url, uuid, ref = self.in_doubt(client)
        self.sim.control("POST", "disburse")
        self.reconcile(self.open(journal=str(self.folder / "elsewhere.db")))
        for column, value in (("currency", "COP"), ("merchant_id", "shop_fr")):
            # As if the one that was read had been so.
            self.reconcile_with(client, column, value)
            self.assertEqual("confirming", client.call("sq_order_info", url).state)

    def reconcile_with(self, client, column, value):
        stranger = Stranger.shared()
        stranger.write(self.journal, "DELETE FROM payouts")
        stranger.write(self.journal, "DELETE FROM disbursements_read")
        stranger.write(self.journal, "DELETE FROM disbursements")
        path = self.sim.control("GET", "disbursements")["disbursements"][0]["path"]
        merchant, currency = ("shop_es", "COP") if column == "currency" else ("shop_fr", "EUR")
        endpoint = self.rows()[0]["endpoint"]
        ref = self.rows()[0]["order_ref_1"]
        stranger.write(self.journal, "INSERT INTO disbursements (id, endpoint, merchant_id, path, currency) "
                                     f"VALUES (1, '{endpoint}', '{merchant}', '{path}', '{currency}')")
        stranger.write(self.journal, f"INSERT INTO payouts (disbursement_id, order_ref_1, amount) VALUES (1, '{ref}', {orders.TOTAL})")
        stranger.write(self.journal, "INSERT INTO disbursements_read (disbursement_id) VALUES (1)")
        self.reconcile(client)

    def test_what_surely_never_left_is_not_settled_by_it(self):
        ref = orders.new_ref()
        self.settled(self.open(journal=str(self.folder / "another-till.db")), orders.complete(), ref)
        line = self.line()
        url, uuid, order = self.approved(self.open(), orders.complete(ref))
        with line.down():
            self.assertStatus("SQ_UNREACHABLE", self.open().confirm(url, order))
        self.sim.control("POST", "disburse")
        client = self.open()
        self.reconcile(client)
        self.assertEqual("confirming", client.call("sq_order_info", url).state)


class APersonEndsIt(Doubtful):
    REASON = "Ana looked in the portal at 12:40"

    def resolve(self, client, order, outcome, reason=REASON):
        with self.sends(0):
            return client.call("sq_resolve", order, outcome, reason)

    def test_confirmed(self):
        client = self.open()
        url, uuid, order = self.doubtful(client)
        self.sim.rules(repeated_confirm="already_confirmed")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.call("sq_recover", None))
        before = len(self.log(client, url))
        answer = self.assertStatus("SQ_OK", self.resolve(client, url, "confirmed"))
        self.assertEqual(("confirmed", "set_order_ref", None), (answer.state, answer.next, answer.document["http"]))
        self.assertEqual(orders.TOTAL, self.at_risk(client), "its reference is missing")
        entries = self.log(client, url)
        self.assertEqual(before + 1, len(entries))
        self.assertEqual(("resolve", "SQ_OK", "confirmed", self.REASON), (
            entries[0]["operation"], entries[0]["status"], entries[0]["order"]["state"], entries[0]["description"]))
        self.assertEqual([], client.call("sq_log", '{"attention":true}').data["entries"])
        # What seQura says later counts.
        self.assertEqual("settled", self.assertStatus("SQ_OK", client.set_ref(url, "R-1")).state)

    def test_confirmed_under_its_reference_is_settled(self):
        client = self.open()
        url, uuid, order = self.doubtful(client, orders.complete("R-100"))
        answer = self.assertStatus("SQ_OK", self.resolve(client, "R-100", "confirmed"))
        self.assertEqual(("settled", "R-100", "none"), (answer.state, answer.order["order_ref_1"], answer.next))
        self.assertEqual(([], 0), (client.pending().data["orders"], self.at_risk(client)))
        self.assertEqual([], [row for row in self.rows("SELECT * FROM contents WHERE content IS NOT NULL")])
        with self.sends(0):
            self.assertStatus("SQ_OK", client.confirm(url, order))
            self.assertStatus("SQ_OK", client.set_ref(url, "R-100"))
        self.assertStatus("SQ_OK", client.call("sq_ship", "R-100", None))

    def test_not_confirmed(self):
        client = self.open()
        url, uuid, order = self.doubtful(client, orders.complete("R-100"), fault="close_before")
        answer = self.assertStatus("SQ_OK", self.resolve(client, uuid, "not_confirmed"))
        self.assertEqual(("form_sent", "confirm", 0), (answer.state, answer.next, self.at_risk(client)))
        with self.sends(0):
            self.assertEqual([], client.call("sq_recover", None).data["orders"])
        # The number is free again, and the order as well.
        other = self.approved(client, orders.complete("R-100"))[0]
        self.assertEqual("settled", self.assertStatus("SQ_OK", client.confirm(other)).state)
        self.assertStatus("SQ_DUPLICATE_ORDER_REF", client.confirm(url, order))
        self.assertStatus("SQ_OK", client.call("sq_abandon", url))

    def test_after_not_confirmed_a_yes_of_seQuras_counts(self):
        client = self.open()
        url, uuid, order = self.doubtful(client)
        self.assertStatus("SQ_OK", self.resolve(client, url, "not_confirmed"))
        self.assertEqual("confirmed", self.assertStatus("SQ_OK", client.confirm(url, order)).state)

    def test_after_not_confirmed_a_disbursement_counts(self):
        client = self.open()
        url, uuid, order = self.doubtful(client, orders.complete("R-100"))
        self.assertStatus("SQ_OK", self.resolve(client, url, "not_confirmed"))
        self.sim.control("POST", "disburse")
        self.assertStatus("SQ_OK", client.call("sq_reconcile"))
        self.assertEqual("settled", client.call("sq_order_info", "R-100").state)

    def test_a_reference(self):
        client = self.open()
        url, uuid, ref = self.doubtful_ref(client)
        answer = self.assertStatus("SQ_OK", self.resolve(client, ref, "confirmed"))
        self.assertEqual(("settled", ref), (answer.state, answer.order["order_ref_1"]))
        url, uuid, ref = self.doubtful_ref(client, fault="close_before")
        answer = self.assertStatus("SQ_OK", self.resolve(client, url, "not_confirmed"))
        self.assertEqual(("confirmed", "set_order_ref", orders.TOTAL), (answer.state, answer.next, self.at_risk(client)))
        self.assertEqual("settled", self.assertStatus("SQ_OK", client.set_ref(url, ref)).state)

    def test_a_change_after_the_sale(self):
        client = self.open()
        for function, argument, state, delivery in (("sq_ship", None, "settled", "shipped"), ("sq_cancel", None, "cancelled", None)):
            for outcome in ("confirmed", "not_confirmed"):
                with self.subTest(function, outcome=outcome):
                    ref = self.settled(client)[3]
                    self.sim.fault("close_after" if outcome == "confirmed" else "close_before", method="PUT")
                    self.assertStatus("SQ_OUTCOME_UNKNOWN", client.call(function, ref, argument))
                    answer = self.assertStatus("SQ_OK", self.resolve(client, ref, outcome))
                    self.assertEqual([], client.pending().data["orders"])
                    if outcome == "confirmed":
                        self.assertEqual(state, answer.state)
                        if delivery:
                            self.assertEqual(delivery, client.call("sq_order_info", ref).data["amounts"]["delivery"])
                    else:
                        amounts = client.call("sq_order_info", ref).data["amounts"]
                        self.assertEqual(("settled", "unshipped"), (answer.state, amounts["delivery"]))
                        self.assertStatus("SQ_OK", client.call(function, ref, argument))

    def test_of_two_changes_the_earlier_one_is_open_on_its_own(self):
        client = self.open()
        ref = self.settled(client)[3]
        self.sim.fault("close_before", method="PUT", times=2)
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.call("sq_ship", ref, '[{"reference":"CAM-01","quantity":1}]'))
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.call("sq_ship", ref, '[{"reference":"CAÑ-7"}]'))
        self.assertStatus("SQ_OK", self.resolve(client, ref, "not_confirmed"))
        self.assertEqual("answer", client.pending().data["orders"][0]["missing"])
        self.assertStatus("SQ_OK", client.call("sq_recover", ref))
        self.assertEqual("partly_shipped", client.call("sq_order_info", ref).data["amounts"]["delivery"])

    def test_goods_that_went_with_the_order_are_reported(self):
        client = self.open()
        order = orders.complete("R-1")
        order["merchant"]["options"] = {"uses_shipped_cart": True}
        cart = order.pop("cart")
        order["shipped_cart"] = cart
        order["unshipped_cart"] = {**cart, "items": [], "order_total_with_tax": 0}
        url, uuid, _ = self.doubtful(client, order)
        self.assertEqual("settled", self.assertStatus("SQ_OK", self.resolve(client, url, "confirmed")).state)
        self.assertStatus("SQ_OK", client.call("sq_send_delivery_report", None))
        report = self.sim.control("GET", "delivery_reports")["delivery_reports"][-1]["report"]
        self.assertEqual(["R-1"], [one["merchant_reference"]["order_ref_1"] for one in report["orders"]])

    def test_the_same_said_again_is_said_once(self):
        client = self.open()
        for outcome, opposite in (("confirmed", "not_confirmed"), ("not_confirmed", "confirmed")):
            url, uuid, order = self.doubtful(client)
            first = self.assertStatus("SQ_OK", self.resolve(client, url, outcome))
            count = len(self.log(client, url))
            again = self.assertStatus("SQ_OK", self.resolve(client, url, outcome, "another reason"))
            self.assertEqual((first.state, count), (again.state, len(self.log(client, url))))
            self.assertStatus("SQ_WRONG_STATE", self.resolve(client, url, opposite), "wrong_state")
        # Once something has happened since, it is a word about something else.
        self.assertStatus("SQ_OK", client.confirm(url, order))
        self.assertStatus("SQ_WRONG_STATE", self.resolve(client, url, "not_confirmed"))

    def test_only_for_what_is_at_risk_and_unknown(self):
        line, client = self.line(), self.open()
        solicited = client.start(orders.complete()).url
        approved = self.approved(client)[0]
        unsent = self.approved(client)[0]
        with line.down():
            self.assertStatus("SQ_UNREACHABLE", self.open().confirm(unsent))
        confirmed = self.confirmed(client)[0]
        settled, _, _, ref = self.settled(client)
        stuck = self.confirmed(client)[0]
        self.assertStatus("SQ_DUPLICATE_ORDER_REF", client.set_ref(stuck, ref))
        conflicted = self.approved(client)[0]
        self.sim.fault("conflict", errors=["Invalid data: the cart has changed"], method="PUT")
        self.assertStatus("SQ_CONFLICT", client.confirm(conflicted))
        abandoned = self.approved(client)[0]
        self.assertStatus("SQ_OK", client.call("sq_abandon", abandoned))
        held = client.start(orders.complete()).url
        client.send_form(held)
        self.sim.fault("close_after", path="form_deliveries")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.send_form(held))
        for order in (solicited, approved, unsent, confirmed, settled, stuck, conflicted, abandoned, held):
            before = client.call("sq_order_info", order)
            for outcome in ("confirmed", "not_confirmed"):
                answer = self.assertStatus("SQ_WRONG_STATE", self.resolve(client, order, outcome), "wrong_state")
                self.assertEqual(before.state, answer.state)
            self.assertEqual(before.data["history"], client.call("sq_order_info", order).data["history"])

    def test_what_it_needs(self):
        client = self.open()
        url, uuid, order = self.doubtful(client)
        for arguments, code in (
            ((url, "confirmed", None), "null_argument"), ((url, "confirmed", ""), "null_argument"),
            ((url, "confirmed", " \t\n"), "null_argument"), ((url, None, "why"), "null_argument"),
            ((None, "confirmed", "why"), "null_argument"), ((url, "yes", "why"), "argument_out_of_range"),
            ((url, "Confirmed", "why"), "argument_out_of_range"), ((url, "settled", "why"), "argument_out_of_range"),
        ):
            answer = self.assertStatus("SQ_INVALID_ARGUMENT", client.call("sq_resolve", *arguments), code)
            self.assertEqual("resolve", answer.document["operation"])
        self.assertIn("confirmed, not_confirmed", client.call("sq_resolve", url, "yes", "why").document["errors"][0]["message"])
        self.assertStatus("SQ_UNKNOWN_ORDER", client.call("sq_resolve", "R-nobody", "confirmed", "why"), "unknown_order")
        self.assertStatus("SQ_INVALID_TEXT", client.call("sq_resolve", url, "confirmed", b"\xff"), "invalid_text")
        self.assertEqual("confirming", client.call("sq_order_info", url).state)

    def test_a_reason_is_kept_short_and_without_the_shopper(self):
        client = self.open()
        url, uuid, order = self.doubtful(client)
        reason = "Llamó Íñigo, inigo.munoz@example.es, +34 612 345 678. " + "ñ " * 1300
        self.assertStatus("SQ_OK", self.resolve(client, url, "confirmed", reason))
        kept = self.log(client, url)[0]["description"]
        self.assertTrue(kept.startswith("Llamó …, ….…@example.es, +…. ñ"), kept)
        self.assertEqual(300, len(kept))

    def test_seQuras_words_on_what_is_done_go_and_no_others(self):
        words = lambda: [row["words"] for row in self.rows("SELECT words FROM log_words ORDER BY entry_id")]
        client = self.open()
        url, uuid, order = self.doubtful(client)
        self.sim.rules(repeated_confirm="already_confirmed")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.call("sq_recover", None))
        self.assertEqual(2, len(words()))
        self.assertStatus("SQ_OK", self.resolve(client, url, "confirmed"))
        self.assertEqual([], words())
        # A shipment was refused, and the cancellation has no answer: the word is about that alone.
        ref = self.settled(client)[3]
        self.sim.fault("conflict", errors=["nothing goes out today"], method="PUT")
        self.assertStatus("SQ_CONFLICT", client.call("sq_ship", ref, None))
        self.sim.fault("close_before", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.call("sq_cancel", ref, None))
        refused = words()
        self.assertEqual(["nothing goes out today"], [text for text in refused if "today" in text])
        self.assertStatus("SQ_OK", self.resolve(client, ref, "not_confirmed"))
        self.assertEqual(refused, words())

    def test_a_till_that_is_asking_right_now_is_heard_first(self):
        client = self.open()
        url, uuid, order = self.doubtful(client)
        self.sim.fault("delay", ms=1500, when="after", method="PUT")
        told = []
        asking = threading.Thread(target=lambda: told.append(client.confirm(url, order)))
        asking.start()
        while len(self.sim.requests("PUT", uuid)) < 2:
            time.sleep(0.02)
        hurried = self.open(timeouts={"connect_ms": 200, "total_ms": 200})
        answer = hurried.call("sq_resolve", url, "not_confirmed", self.REASON)
        asking.join(30)
        self.assertStatus("SQ_BUSY", answer, "order_busy")
        self.assertEqual("confirmed", self.assertStatus("SQ_OK", told[0]).state)
        self.assertStatus("SQ_WRONG_STATE", self.resolve(client, url, "not_confirmed"))

    def test_of_two_orders_with_one_reference_the_one_in_doubt_is_meant(self):
        client = self.open()
        self.approved(client, orders.complete("R-1"))
        url, uuid, _ = self.doubtful(client, orders.complete("R-1"))
        self.assertEqual(uuid, self.assertStatus("SQ_OK", self.resolve(client, "R-1", "confirmed")).uuid)

    def test_the_log_stays_whole(self):
        client = self.open()
        url, uuid, order = self.doubtful(client)
        self.assertStatus("SQ_OK", self.resolve(client, url, "confirmed"))
        self.assertStatus("SQ_OK", client.set_ref(url, "R-1"))
        entries = self.log(client, url)
        self.assertEqual(["set_order_ref", "resolve", "confirm"], [entry["operation"] for entry in entries[:3]])

    def test_the_operator_hears_where_the_sale_stands(self):
        client = self.open(language="es")
        url, uuid, order = self.doubtful(client)
        message = self.resolve(client, url, "not_confirmed").document["operator_message"]
        self.assertIn("formulario", message)
        self.assertNotIn("puede entregar", message.lower())

    def test_by_word_of_a_till_in_another_encoding(self):
        client = self.open(encoding="cp1252", text_encoding="windows-1252")
        url, uuid, order = self.doubtful(client)
        self.assertStatus("SQ_OK", client.call("sq_resolve", url, "confirmed", "Añil en el portal €"))
        self.assertEqual("Añil en el portal €", self.log(client, url)[0]["description"])


if __name__ == "__main__":
    unittest.main()
