"""A part of goods by its amount, what goods that come back are worth to the till, and a look before anything is done."""

import json

import orders
from test_after_sale import AfterSale, cart

CHEESE = ("Q1", 1, 790, 790)
CUPS = ("CUP", 3, 1000, 3000)


class Returns(AfterSale):
    def lines(self):
        """Each line that the simulated seQura has, of both carts: reference, quantity, total. Each cart adds up."""
        last = self.updates()[-1]
        carts = last["unshipped_cart"], last["shipped_cart"]
        for cart in carts:
            self.assertEqual(cart["order_total_with_tax"], sum(item["total_with_tax"] for item in cart["items"]))
        self.assertNotIn("sequra_pos", json.dumps(carts))
        return [[(item["reference"], item.get("quantity"), item["total_with_tax"]) for item in cart["items"]]
                for cart in carts]

    def shipped(self, client, *lines, others=()):
        """A sold order of goods and of other lines (type, reference, total), all of it shipped."""
        ref = self.sold(client, *lines) if not others else self.sold_with(client, lines, others)
        self.assertStatus("SQ_OK", self.ship(client, ref))
        return ref

    def sold_with(self, client, lines, others):
        whole = cart(*lines)
        whole["items"] += [{"type": kind, "reference": reference, "name": reference, "total_with_tax": total}
                           for kind, reference, total in others]
        whole["order_total_with_tax"] = sum(item["total_with_tax"] for item in whole["items"])
        self.url, self.uuid, _, ref = self.settled(client, orders.complete(cart=whole))
        return ref


class ByAmount(Returns):
    def test_a_part_of_what_was_weighed_comes_back(self):
        client = self.open()
        ref = self.shipped(client, CHEESE, ("B", 1, 500, 500))
        answer = self.assertStatus("SQ_OK", self.refund(client, ref, {"items": [{"reference": "Q1", "amount": 268}]}))
        self.assertEqual([[], [("Q1", 1, 522), ("B", 1, 500)]], self.lines())
        self.assertEqual((268, 268), (answer.data["given_back"], answer.data["amounts"]["refunded"]))
        self.assertStatus("SQ_OK", self.refund(client, ref, {"items": [{"reference": "Q1", "amount": 522}]}))
        self.assertEqual([[], [("B", 1, 500)]], self.lines())

    def test_a_part_of_what_was_weighed_is_shipped_and_is_one_piece_again(self):
        client = self.open()
        ref = self.sold(client, CHEESE)
        self.assertStatus("SQ_OK", self.ship(client, ref, [{"reference": "Q1", "amount": 268}]))
        self.assertEqual([[("Q1", 1, 522)], [("Q1", 1, 268)]], self.lines())
        self.assertStatus("SQ_OK", self.ship(client, ref, [{"reference": "Q1", "amount": 122}]))
        self.assertEqual([[("Q1", 1, 400)], [("Q1", 1, 390)]], self.lines())
        self.assertStatus("SQ_OK", self.ship(client, ref))
        self.assertEqual([[], [("Q1", 1, 790)]], self.lines())

    def test_pieces_count_wherever_some_of_them_is(self):
        client = self.open()
        ref = self.sold(client, CUPS)
        for step, expected in (([{"reference": "CUP", "amount": 500}], [("CUP", 3, 2500), ("CUP", 1, 500)]),
                               ([{"reference": "CUP", "amount": 1000}], [("CUP", 2, 1500), ("CUP", 2, 1500)]),
                               ([{"reference": "CUP", "quantity": 1}], [("CUP", 1, 750), ("CUP", 3, 2250)]),
                               (None, [("CUP", 3, 3000)])):
            self.assertStatus("SQ_OK", self.ship(client, ref, step))
            self.assertEqual(expected, sum(self.lines(), []))
        self.assertStatus("SQ_OK", self.refund(client, ref, {"items": [{"reference": "CUP", "amount": 1000}]}))
        self.assertEqual([[], [("CUP", 2, 2000)]], self.lines())

    def test_goods_shipped_by_quantity_and_by_amount_are_one_line_at_the_end(self):
        client = self.open()
        ref = self.sold(client, CUPS)
        for step in ([{"reference": "CUP", "quantity": 1}], [{"reference": "CUP", "amount": 500}], None):
            self.assertStatus("SQ_OK", self.ship(client, ref, step))
        self.assertEqual([[], [("CUP", 3, 3000)]], self.lines())

    def test_a_discount_that_goes_without_its_goods_is_no_refund(self):
        """The shopper would owe more by it."""
        client = self.open()
        ref = self.shipped(client, CHEESE, ("B", 1, 210, 210), ("BACK", 1, -300, -300),
                           others=[("discount", "OFF", -100), ("other_payment", "CASH", -50)])
        with self.sends(0):
            for items, given_back in (([{"reference": "OFF"}], -100), ([{"reference": "OFF", "amount": -1}], -1),
                                      ([{"reference": "CASH"}], -50), ([{"reference": "BACK"}], -236)):
                for more in ({}, {"preview": True}):
                    answer = self.assertStatus("SQ_INVALID_ORDER", self.refund(client, ref, {"items": items, **more}), "negative_total")
                    error, = answer.document["errors"]
                    self.assertEqual(("/items", 0, given_back), (error["pointer"], error["expected"], error["actual"]))
                    self.assertIn("Name the goods", error["message"])
        self.assertEqual(0, client.order_info(ref).data["amounts"]["refunded"])
        # Worth nothing, it goes all the same; and so does what was paid back before, with the goods.
        nothing = {"items": [{"reference": "OFF"}, {"reference": "Q1", "amount": 100}, {"reference": "CASH", "amount": 0},
                             {"reference": "BACK", "quantity": 0}]}
        self.assertEqual(0, self.assertStatus("SQ_OK", self.refund(client, ref, nothing)).data["given_back"])
        self.assertStatus("SQ_OK", self.refund(client, ref, {"amount": 10}))
        with self.sends(0):
            self.assertStatus("SQ_INVALID_ORDER", self.refund(client, ref, {"items": [{"reference": "r_1"}]}), "negative_total")
        self.assertStatus("SQ_OK", self.refund(client, ref, None))
        self.assertEqual([[], []], self.lines())

    def test_a_discount_that_is_shipped_alone_changes_nothing_that_is_owed(self):
        client = self.open()
        ref = self.sold_with(client, [CHEESE], [("discount", "OFF", -100)])
        with self.sends(0):
            answer = self.assertStatus("SQ_INVALID_ORDER", self.ship(client, ref, [{"reference": "OFF"}]), "negative_total")
            self.assertEqual("/shipped_cart/order_total_with_tax", answer.document["errors"][0]["pointer"])
        self.assertStatus("SQ_OK", self.ship(client, ref, [{"reference": "Q1", "amount": 500}, {"reference": "OFF", "amount": 0}]))
        answer = self.assertStatus("SQ_OK", self.ship(client, ref, [{"reference": "OFF"}]))
        self.assertEqual((690, 0), (answer.data["amounts"]["owed"], answer.data["amounts"]["refunded"]))

    def test_discounts_go_with_an_amount_by_its_share(self):
        client = self.open()
        ref = self.shipped(client, CHEESE, ("B", 1, 210, 210), others=[("discount", "OFF", -100)])
        self.assertStatus("SQ_OK", self.refund(client, ref, {"items": [{"reference": "Q1", "amount": 500}]}))
        self.assertEqual([[], [("Q1", 1, 290), ("B", 1, 210), ("OFF", None, -50)]], self.lines())
        self.assertStatus("SQ_OK", self.refund(client, ref, {"items": [{"reference": "Q1", "amount": 290}, {"reference": "B"}]}))
        self.assertEqual([[], []], self.lines())

    def test_never_more_than_is_there(self):
        client = self.open()
        ref = self.shipped(client, CHEESE)
        with self.sends(0):
            for amount in (791, -1, 10**12, -790):
                answer = self.refund(client, ref, {"items": [{"reference": "Q1", "amount": amount}]})
                self.assertStatus("SQ_INVALID_ORDER", answer, "more_than_there_is")
                error, = answer.document["errors"]
                self.assertEqual(("/items/0/amount", 790, amount), (error["pointer"], error["expected"], error["actual"]))
                self.assertIn("790 cents", error["message"])
            both = {"items": [{"reference": "Q1", "quantity": 1, "amount": 5}]}
            self.assertStatus("SQ_INVALID_ORDER", self.refund(client, ref, both), "mutually_exclusive")
            for wrong in (2.68, "268", True):
                answer = self.refund(client, ref, {"items": [{"reference": "Q1", "amount": wrong}]})
                self.assertStatus("SQ_INVALID_ORDER", answer, "not_an_integer")
        self.assertStatus("SQ_OK", self.refund(client, ref, {"items": [{"reference": "Q1", "amount": 0}]}))
        self.assertEqual([[], [("Q1", 1, 790)]], self.lines())

    def test_the_same_part_again_while_it_has_no_answer_is_the_same_part(self):
        client = self.open()
        ref = self.shipped(client, CHEESE)
        self.sim.fault("close_after", method="PUT")
        part = {"items": [{"reference": "Q1", "amount": 268}]}
        self.assertStatus("SQ_OUTCOME_UNKNOWN", self.refund(client, ref, part))
        answer = self.assertStatus("SQ_OK", self.refund(client, ref, part))
        self.assertEqual((268, [[], [("Q1", 1, 522)]]), (answer.data["given_back"], self.lines()))


class WorthToTheTill(Returns):
    """Two goods of 10.00, a discount of 2.00: 18.00."""

    def two(self, client, *others):
        return self.shipped(client, ("A", 1, 1000, 1000), ("B", 1, 1000, 1000),
                            others=others or [("discount", "OFF", -200)])

    def back(self, client, ref, amount, *references, **more):
        given = {"items": [{"reference": reference} for reference in references], "amount": amount, **more}
        return self.refund(client, ref, given)

    def test_the_discount_goes_as_far_as_it_makes_up_for_the_amount(self):
        for amount, left in ((900, -100), (950, -150), (1000, -200), (800, None), (801, -1)):
            with self.subTest(amount):
                client = self.open()
                ref = self.two(client)
                answer = self.assertStatus("SQ_OK", self.back(client, ref, amount, "A"))
                expected = [("B", 1, 1000)] + ([("OFF", None, left)] if left else [])
                self.assertEqual([[], expected], self.lines())
                self.assertEqual((amount, 1800 - amount), (answer.data["given_back"], answer.data["amounts"]["owed"]))

    def test_what_no_discount_makes_up_for_is_a_line_of_its_own(self):
        client = self.open()
        ref = self.two(client)
        self.assertStatus("SQ_OK", self.back(client, ref, 638, "A", reason="Gastos"))
        self.assertEqual([[], [("B", 1, 1000), ("r_1", None, 162)]], self.lines())
        line = self.updates()[-1]["shipped_cart"]["items"][-1]
        self.assertEqual(("handling", "Gastos"), (line["type"], line["name"]))
        client = self.open()
        ref = self.two(client)
        self.assertStatus("SQ_OK", self.back(client, ref, 1100, "A"))
        self.assertEqual([[], [("B", 1, 1000), ("OFF", None, -200), ("r_1", None, -100)]], self.lines())
        self.assertEqual("other_payment", self.updates()[-1]["shipped_cart"]["items"][-1]["type"])

    def test_all_of_it_for_all_of_it_leaves_nothing(self):
        client = self.open()
        ref = self.two(client, ("discount", "OFF", -200), ("handling", "ENV", 495))
        answer = self.assertStatus("SQ_OK", self.back(client, ref, 2295, "A", "B"))
        self.assertEqual([[], []], self.lines())
        self.assertEqual("refunded", answer.data["amounts"]["delivery"])

    def test_a_cash_part(self):
        client = self.open()
        ref = self.two(client, ("other_payment", "CASH", -500))
        self.assertStatus("SQ_OK", self.back(client, ref, 638, "A"))
        self.assertEqual([[], [("B", 1, 1000), ("CASH", None, -138)]], self.lines())

    def test_never_more_than_is_there(self):
        client = self.open()
        ref = self.two(client)
        with self.sends(0):
            answer = self.assertStatus("SQ_INVALID_ORDER", self.back(client, ref, 1801, "A"), "more_than_there_is")
            error, = answer.document["errors"]
            self.assertEqual(("/amount", 1800, 1801), (error["pointer"], error["expected"], error["actual"]))
            self.assertStatus("SQ_INVALID_ORDER", self.back(client, ref, -1, "A"), "out_of_range")
            self.assertStatus("SQ_INVALID_ORDER", self.back(client, ref, 5, "X"), "no_such_line")
            self.assertStatus("SQ_INVALID_ORDER", self.back(client, ref, 5, "A", reason=7), "wrong_type")
        self.assertStatus("SQ_OK", self.back(client, ref, 0, "A"))
        self.assertEqual(1800, sum(total for _, _, total in self.lines()[1]))

    def test_the_same_again_while_it_has_no_answer(self):
        client = self.open()
        ref = self.two(client)
        self.sim.fault("close_after", method="PUT", times=2)
        self.assertStatus("SQ_OUTCOME_UNKNOWN", self.back(client, ref, 638, "A"))
        self.assertStatus("SQ_OUTCOME_UNKNOWN", self.refund(client, ref, {"amount": 100}))
        answer = self.assertStatus("SQ_OK", self.back(client, ref, 638, "A"))
        self.assertEqual((638, 738), (answer.data["given_back"], answer.data["amounts"]["refunded"]))


class Preview(Returns):
    def test_the_carts_and_the_amount_and_nothing_done(self):
        client = self.open()
        ref = self.shipped(client, CHEESE, ("B", 1, 210, 210), others=[("discount", "OFF", -100)])
        before = self.journal_as_it_is()
        for what, given_back, left in (
                ({"items": [{"reference": "Q1"}]}, 711, [("B", 210), ("OFF", -21)]),
                ({"items": [{"reference": "Q1", "amount": 268}]}, 241, [("Q1", 522), ("B", 210), ("OFF", -73)]),
                ({"items": [{"reference": "Q1"}], "amount": 700}, 700, [("B", 210), ("OFF", -10)]),
                ({"amount": 5}, 5, [("Q1", 790), ("B", 210), ("OFF", -100), ("r_1", -5)]),
                ({}, 900, [])):
            with self.sends(0):
                answer = self.assertStatus("SQ_OK", self.refund(client, ref, dict(what, preview=True)))
            cart = answer.data["shipped_cart"]
            self.assertEqual(left, [(item["reference"], item["total_with_tax"]) for item in cart["items"]], what)
            self.assertEqual((given_back, True, given_back, 900 - given_back, cart["order_total_with_tax"]), (
                answer.data["given_back"], answer.data["preview"], answer.data["amounts"]["refunded"],
                answer.data["amounts"]["owed"], 900 - given_back))
            self.assertEqual([], answer.data["unshipped_cart"]["items"])
            self.assertEqual(before, self.journal_as_it_is())
        real = self.assertStatus("SQ_OK", self.refund(client, ref, {"items": [{"reference": "Q1", "amount": 268}]}))
        self.assertEqual(241, real.data["given_back"])

    def journal_as_it_is(self):
        tables = [row["name"] for row in self.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {table: self.rows(f"SELECT * FROM {table}") for table in sorted(tables)}

    def test_it_refuses_what_the_call_would_refuse(self):
        client = self.open()
        ref = self.sold(client, CHEESE)
        look = {"items": [{"reference": "Q1"}], "preview": True}
        self.assertStatus("SQ_WRONG_STATE", self.refund(client, ref, look), "wrong_state")
        self.assertStatus("SQ_UNKNOWN_ORDER", self.refund(client, "nobody's", look), "unknown_order")
        self.assertStatus("SQ_OK", self.ship(client, ref))
        self.assertStatus("SQ_INVALID_ORDER", self.refund(client, ref, {"items": [{"reference": "X"}], "preview": True}), "no_such_line")
        for wrong in ("yes", 1, "true", "", " ", None, [], {}):
            self.assertStatus("SQ_INVALID_ORDER", self.refund(client, ref, {"amount": 5, "preview": wrong}), "wrong_type")
        self.assertStatus("SQ_INVALID_ORDER", self.refund(client, ref, {"preview": False}), "missing_field")
        self.assertStatus("SQ_OK", self.refund(client, ref, {"amount": 5, "preview": False}))
        self.assertEqual([[], [("Q1", 1, 790), ("r_1", None, -5)]], self.lines())

    def test_a_change_without_an_answer_is_part_of_it(self):
        client = self.open()
        ref = self.shipped(client, CUPS)
        self.sim.fault("close_after", method="PUT")
        one = {"items": [{"reference": "CUP", "quantity": 1}]}
        self.assertStatus("SQ_OUTCOME_UNKNOWN", self.refund(client, ref, one))
        again = self.assertStatus("SQ_OK", self.refund(client, ref, dict(one, preview=True)))
        self.assertEqual((1000, 2000), (again.data["given_back"], again.data["amounts"]["owed"]))
        more = self.assertStatus("SQ_OK", self.refund(client, ref, {"amount": 300, "preview": True}))
        self.assertEqual((300, 1700), (more.data["given_back"], more.data["amounts"]["owed"]))

    def test_the_operator_reads_the_amount_in_every_language(self):
        for language, (done, looked_at) in self.in_every_language(
                es=("La devolución de 2,68 €", "Se devolverían 1,00 €"), en=("The refund of €2.68", "A refund of €1.00 would"),
                fr=("Le remboursement de 2,68\u00a0€", "serait de 1,00\u00a0€"), it=("Il rimborso di 2,68 €", "sarebbe di 1,00 €"),
                pt=("O reembolso de 2,68 €", "seria de 1,00 €")):
            client = self.open(language=language, journal=str(self.folder / language))
            ref = self.shipped(client, CHEESE)
            answer = self.refund(client, ref, {"amount": 100, "preview": True})
            self.assertIn(looked_at, answer.document["operator_message"])
            answer = self.refund(client, ref, {"items": [{"reference": "Q1", "amount": 268}]})
            self.assertIn(done, answer.document["operator_message"])
