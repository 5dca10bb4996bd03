"""The few cents between a till's total and its rounded lines, as a host has them: agreed once, the same ever after."""

import json

import orders
from test_after_sale import cart
from test_fitting_tills import LINES, Host

ROUNDING = {"max_cents": 3, "reference": "REDONDEO", "name": "Redondeo"}


def off_by(cents, ref=None, lines=LINES):
    order = orders.complete(ref, cart=cart(*lines))
    order["cart"]["order_total_with_tax"] += cents
    return order


class Rounding(Host):
    def begun(self, cents, ref, **config):
        """An order that the shopper has completed, begun with the rounding line where it is off; its URL."""
        client = self.open(rounding_line=ROUNDING, **config)
        url, self.uuid, _ = self.approved(client, off_by(cents, ref))
        client.close()
        return url

    def test_what_was_agreed_is_confirmed_whatever_is_configured_by_then(self):
        for later in (ROUNDING, None, {**ROUNDING, "name": "Other", "reference": "X"}, {"max_cents": 1}):
            for cents in (2, -2, 0):
                for text in (True, False):
                    with self.subTest((later, cents, text)):
                        ref = orders.new_ref()
                        url = self.begun(cents, ref)
                        client = self.open(rounding_line=later)
                        answer = client.confirm(url, off_by(cents, ref) if text else None)
                        self.assertEqual("settled", self.assertStatus("SQ_OK", answer).state)
                        self.assertEqual((2500 + cents, 0), self.at_sequra())
                        client.close()

    def test_what_was_agreed_without_a_line_gets_none(self):
        url = self.begun(0, "R-1")
        client = self.open(rounding_line=ROUNDING)
        with self.sends(0):
            answer = self.assertStatus("SQ_INVALID_ORDER", client.confirm(url, off_by(2, "R-1")), "cart_total_mismatch")
        self.assertEqual("form_sent", answer.state)
        self.assertEqual("settled", self.assertStatus("SQ_OK", client.confirm(url, off_by(0, "R-1"))).state)

    def test_after_a_refused_change_the_order_as_it_was_agreed(self):
        url = self.begun(2, "R-1")
        client = self.open(rounding_line=ROUNDING)
        fits = off_by(0, "R-1", (LINES[0], ("B", 1, 502, 502)))
        self.assertStatus("SQ_CONFLICT", client.confirm(url, fits), "cart_changed")
        self.assertEqual("settled", self.assertStatus("SQ_OK", client.confirm(url, off_by(2, "R-1"))).state)
        self.assertEqual((2502, 0), self.at_sequra())

    def test_asked_again_after_it_was_shipped_it_is_the_answer_of_the_first_time(self):
        for later in (ROUNDING, None):
            ref = orders.new_ref()
            url = self.begun(2, ref)
            client = self.open(rounding_line=later, goods_leave="after_the_sale")
            for requests in (2, 0, 0):
                with self.sends(requests):
                    self.assertStatus("SQ_OK", client.confirm(url, off_by(2, ref)))
            self.assertEqual((0, 2502), self.at_sequra())
            client.close()

    def test_every_cent_comes_back(self):
        for way in ("with_the_order", "after_the_sale"):
            for cents in (3, -3):
                ref = orders.new_ref()
                url = self.begun(cents, ref, goods_leave=way)
                client = self.open(rounding_line=ROUNDING, goods_leave=way)
                self.assertStatus("SQ_OK", client.confirm(url, off_by(cents, ref)))
                back = [self.assertStatus("SQ_OK", self.refund(client, ref, what)).data["given_back"]
                        for what in ({"items": [{"reference": "A", "quantity": 1}], "amount": 638}, {"items": [{"reference": "B"}]}, None)]
                self.assertEqual((2500 + cents, (0, 0)), (sum(back), self.at_sequra()), json.dumps(back))
                client.close()
