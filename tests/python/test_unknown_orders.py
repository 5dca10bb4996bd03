"""seQura does not have an order (any more): 403 `Bad order id` as recorded, and what the till should do then."""

import unittest

import orders
from simulator import SIGNED
from till import Till

BAD_ORDER = '{"errors":["Bad order id \'%s\' for sandbox_key"]}'


class AnOrderThatSeQuraNoLongerHas(Till):
    """The simulator is reset: the journal has an order, seQura has none."""

    def lost(self, answer, following, *codes):
        self.assertStatus("SQ_FORBIDDEN", answer, *(codes or ("bad_order_id",)))
        self.assertEqual(following, answer.next)
        self.assertTrue(answer.document["errors"][0]["message"].startswith("Bad order id '"))
        return answer

    def test_one_that_is_not_confirmed_is_started_again(self):
        client = self.open()
        for step in (client.send_form, client.hold, client.confirm, client.payment_methods):
            with self.subTest(step.__name__):
                url, uuid, order = self.approved(client)
                self.sim.reset()
                answer = self.lost(step(url), "restart_checkout")
                self.assertEqual("form_sent", answer.state)
                self.assertIn("cannot be found at seQura", answer.document["operator_message"])
                # What the call was told is known later, too; a question is no part of the order's life.
                following = "confirm" if step == client.payment_methods else "restart_checkout"
                found, = [one for one in client.pending().data["orders"] if one["uuid"] == uuid]
                self.assertEqual(following, found["next"])
                self.assertEqual("SQ_OK", client.call("sq_abandon", url).name)

    def test_one_that_may_be_confirmed_is_for_seQura_to_say(self):
        client = self.open()
        url, _, order = self.approved(client)
        self.sim.fault("close_after", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.confirm(url, order))
        self.sim.reset()
        for again in (lambda: client.confirm(url, order), lambda: client.call("sq_recover", url),
                      lambda: client.call("sq_recover", None)):
            self.lost(again(), "contact_sequra")
            self.assertEqual("contact_sequra", client.payment_methods(url).next)
            self.assertEqual("confirming", client.pending().data["orders"][0]["state"])
            self.assertNotEqual("SQ_OK", client.call("sq_abandon", url).name)

    def test_one_that_may_be_confirmed_stays_so_where_an_address_is_unknown(self):
        for status, body in ((403, BAD_ORDER % "x"), (404, "<html>")):
            with self.subTest(status):
                self.sim.reset()
                client = self.open()
                url, uuid, order = self.approved(client)
                self.sim.fault("close_after", method="PUT")
                self.assertStatus("SQ_OUTCOME_UNKNOWN", client.confirm(url, order))
                self.sim.fault("status", status=status, body=body, headers=SIGNED, method="PUT")
                answer = client.confirm(url, order)
                self.assertEqual(("confirming", "contact_sequra"), (answer.state, answer.next))
                self.assertEqual("confirmed", self.assertStatus("SQ_OK", client.call("sq_recover", url)).state)
                client.close()
                self.journal = self.folder / "other.db"

    def test_one_that_is_confirmed_is_never_sold_again(self):
        client = self.open()
        url, _, _ = self.confirmed(client)
        self.sim.reset()
        self.lost(client.payment_methods(url), "contact_sequra")
        answer = self.lost(client.set_ref(url, orders.new_ref()), "contact_sequra")
        self.assertEqual("referencing", answer.state)
        self.assertEqual("referencing", self.lost(client.call("sq_recover", url), "contact_sequra").state)

    def test_one_that_is_settled_is_for_seQura_to_say(self):
        client = self.open()
        url, _, _, ref = self.settled(client)
        self.sim.fault("status", status=403, body=BAD_ORDER % ref, headers=SIGNED, method="PUT")
        self.assertEqual("settled", self.lost(client.call("sq_ship", ref, None), "contact_sequra").state)
        self.sim.fault("close_before", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.call("sq_cancel", ref, None))
        self.sim.fault("status", status=403, body=BAD_ORDER % ref, headers=SIGNED, method="PUT")
        self.assertEqual("settled", self.lost(client.call("sq_cancel", ref, None), "contact_sequra").state)
        self.assertEqual("cancelled", self.assertStatus("SQ_OK", client.call("sq_recover", url)).state)

    def test_with_the_keys_of_another_account_the_configuration_is_wrong(self):
        for step in ("sq_payment_methods", "sq_confirm", "sq_set_order_ref"):
            with self.subTest(step):
                client = self.open()
                url, uuid, order = self.confirmed(client) if step == "sq_set_order_ref" else self.approved(client)
                client.close()
                stranger = self.open(account_key="other_key", account_secret="other_secret")
                more = {"sq_confirm": [None], "sq_set_order_ref": [orders.new_ref(), None]}.get(step, [])
                answer = self.lost(stranger.call(step, url, *more), "fix_configuration", "bad_order_id", "bad_merchant_id")
                self.assertEqual("shop_es", answer.error("bad_merchant_id")["actual"])
                stranger.close()
                # Nothing is lost by it.
                client = self.open()
                done = client.set_ref(url, more[0]) if step == "sq_set_order_ref" else client.confirm(url, order)
                self.assertStatus("SQ_OK", done)
                client.close()

    def test_whose_the_merchant_is_is_asked_only_then_and_need_not_be_answered(self):
        client = self.open()
        url, _, _ = self.approved(client)
        self.sim.reset()
        with self.sends(2):
            self.lost(client.confirm(url), "restart_checkout")
        self.sim.fault("status", status=503, path="credentials", times=3)
        self.lost(client.confirm(url), "restart_checkout")
        self.sim.clear_faults()
        self.sim.rules(unknown_orders_forbidden=False)
        with self.sends(1):
            self.assertEqual("restart_checkout", self.assertStatus("SQ_NOT_FOUND", client.confirm(url), "not_found").next)
        with self.sends(2):
            self.lost(client.payment_methods(url), "restart_checkout")


if __name__ == "__main__":
    unittest.main()
