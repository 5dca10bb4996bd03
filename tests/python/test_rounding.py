"""A line for a few cents of rounding, where the configuration asks for it; started and confirmed it is the same order."""

import json

import orders
from till import Till

LINE = {"max_cents": 3, "reference": "REDONDEO", "name": "Redondeo"}


class Rounding(Till):
    def order(self, total, *lines, **changes):
        """An order of lines that come to 5000, and a total."""
        order = orders.small(**changes)
        order["cart"]["order_total_with_tax"] = total
        return order

    def sent(self, method="POST", path="/orders"):
        return json.loads(self.sim.bodies(method, path)[-1])["order"]

    def added(self, answer, cents, at=1):
        """The warning that says of the line."""
        warning, = answer.document["warnings"]
        self.assertEqual(("rounding_line", f"/cart/items/{at}", cents), (warning["code"], warning["pointer"], warning["actual"]))
        self.assertIn("REDONDEO", warning["message"])


class Asked(Rounding):
    def test_a_discount_where_the_lines_are_too_much_a_handling_where_too_little(self):
        client = self.open(rounding_line=LINE)
        for total, kind, cents in ((4999, "discount", -1), (4997, "discount", -3), (5001, "handling", 1), (5003, "handling", 3)):
            answer = self.assertStatus("SQ_OK", client.start(self.order(total)))
            self.added(answer, cents)
            cart = self.sent()["cart"]
            self.assertEqual({"type": kind, "reference": "REDONDEO", "name": "Redondeo", "total_with_tax": cents}, cart["items"][-1])
            self.assertEqual(total, cart["order_total_with_tax"])
            self.assertEqual(total, answer.order["amount"])

    def test_only_within_its_cents_and_only_when_configured(self):
        for config, totals in ((LINE, (4996, 5004, 1, 9000)), ({"max_cents": 1}, (4998, 5002)), (None, (4999, 5001))):
            client = self.open(rounding_line=config)
            for total in totals:
                answer = self.assertStatus("SQ_INVALID_ORDER", client.start(self.order(total)), "cart_total_mismatch")
                self.assertEqual((5000, total), (answer.document["errors"][0]["expected"], answer.document["errors"][0]["actual"]))
        self.assertNothingSent()

    def test_a_cart_that_adds_up_is_not_touched(self):
        client = self.open(rounding_line=LINE)
        answer = self.assertStatus("SQ_OK", client.start(self.order(5000)))
        self.assertEqual([], answer.document["warnings"])
        self.assertEqual(1, len(self.sent()["cart"]["items"]))
        own = self.order(4999)
        own["cart"]["items"].append({"type": "discount", "reference": "MIO", "name": "Redondeo", "total_with_tax": -1})
        self.assertEqual([], self.assertStatus("SQ_OK", client.start(own)).document["warnings"])
        twice = self.order(4997)
        twice["cart"]["items"].append({"type": "discount", "reference": "REDONDEO", "name": "Redondeo", "total_with_tax": -2})
        self.assertStatus("SQ_INVALID_ORDER", client.start(twice), "cart_total_mismatch")

    def test_what_is_wrong_otherwise_stays_wrong(self):
        client = self.open(rounding_line=LINE)
        order = self.order(4999)
        order["cart"]["items"][0]["total_with_tax"] = "50"
        self.assertStatus("SQ_INVALID_ORDER", client.start(order))
        order = self.order(3)
        order["cart"]["items"] = []
        self.assertStatus("SQ_INVALID_ORDER", client.start(order))
        self.assertNothingSent()

    def test_each_of_two_carts(self):
        client = self.open(rounding_line=LINE)
        order = self.order(5000)
        cart = order.pop("cart")
        order["merchant"]["options"] = {"uses_shipped_cart": True}
        order.update(unshipped_cart=dict(cart, order_total_with_tax=5002), shipped_cart=dict(cart, order_total_with_tax=4999))
        answer = self.assertStatus("SQ_OK", client.start(order))
        self.assertEqual([("/unshipped_cart/items/1", 2), ("/shipped_cart/items/1", -1)],
                         [(one["pointer"], one["actual"]) for one in answer.document["warnings"]])
        self.assertEqual(10001, answer.order["amount"])

    def test_what_the_configuration_must_say(self):
        for wrong, pointer in (({}, "/rounding_line/max_cents"), ({"max_cents": 0}, "/rounding_line/max_cents"),
                               ({"max_cents": 101}, "/rounding_line/max_cents"), ({"max_cents": 1.5}, "/rounding_line/max_cents"),
                               ({"max_cents": 3, "reference": ""}, "/rounding_line/reference"),
                               ({"max_cents": 3, "reference": " x"}, "/rounding_line/reference"),
                               ({"max_cents": 3, "name": 7}, "/rounding_line/name"), ({"max_cents": 3, "nam": "x"}, "/rounding_line/nam"),
                               (3, "/rounding_line")):
            client = self.try_open(rounding_line=wrong)
            self.assertStatus("SQ_INVALID_CONFIG", client.opened)
            self.assertIn(pointer, [error["pointer"] for error in client.opened.document["errors"]], wrong)
        client = self.open(rounding_line={"max_cents": 3})
        self.assertStatus("SQ_OK", client.start(self.order(4999)))
        self.assertEqual(("REDONDEO", "Redondeo"), (self.sent()["cart"]["items"][-1]["reference"], self.sent()["cart"]["items"][-1]["name"]))

    def test_the_operator_is_told_in_every_language(self):
        for language, said in self.in_every_language(
                es="La cesta lleva una línea de redondeo de -0,01 €.", en="The basket has a rounding line of -€0.01.",
                fr="Le panier comporte une ligne d'arrondi de -0,01\u00a0€.", it="Il carrello ha una riga di arrotondamento di -0,01 €.",
                pt="O cesto tem uma linha de arredondamento de -0,01 €."):
            client = self.open(language=language, rounding_line=LINE, journal=str(self.folder / language))
            answer = self.assertStatus("SQ_OK", client.call("sq_check_order", self.order(4999)))
            self.assertEqual([said], [one["operator_message"] for one in answer.document["warnings"]])


class SameOrder(Rounding):
    def test_start_confirm_and_again(self):
        client = self.open(rounding_line=LINE)
        order = self.order(4999)
        url, uuid, _ = self.approved(client, order)
        self.added(self.assertStatus("SQ_OK", client.confirm(url, order)), -1)
        with self.sends(0):
            self.added(self.assertStatus("SQ_OK", client.confirm(url, order)), -1)
        self.assertEqual("settled", self.assertStatus("SQ_OK", client.set_ref(url, orders.new_ref())).state)
        with self.sends(0):
            self.assertStatus("SQ_OK", client.confirm(url, order))
        ref = client.call("sq_order_info", url).order["order_ref_1"]
        self.assertStatus("SQ_OK", client.call("sq_ship", ref, None))
        with self.sends(0):
            self.assertStatus("SQ_OK", client.confirm(url, order))

    def test_goods_that_leave_with_the_order(self):
        order = self.order(4999)
        for other in (LINE, None, dict(LINE, reference="ROUND")):
            client = self.open(rounding_line=LINE, goods_leave="with_the_order")
            url, uuid, _ = self.approved(client, order)
            client.close()
            client = self.open(rounding_line=other, goods_leave="with_the_order")
            answer = self.assertStatus("SQ_OK", client.confirm(url, order))
            self.assertEqual(["rounding_line"], [one["code"] for one in answer.document["warnings"]])
            self.assertEqual("REDONDEO", self.sent("PUT", f"/orders/{uuid}")["shipped_cart"]["items"][-1]["reference"])
            client.close()

    def test_as_last_sent_is_told_too(self):
        client = self.open(rounding_line=LINE)
        url, uuid, _ = self.approved(client, self.order(5003))
        self.added(self.assertStatus("SQ_OK", client.confirm(url, None)), 3)

    def test_a_start_without_an_answer_goes_on(self):
        client = self.open(rounding_line=LINE)
        self.sim.fault("close_before", method="POST")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.start(self.order(4999)))
        self.assertStatus("SQ_OK", client.start(self.order(4999)))
        self.assertEqual(1, len(self.rows()))

    def test_confirmed_with_another_configuration_it_is_what_was_approved(self):
        others = (None, {"max_cents": 1}, {"max_cents": 3, "reference": "ROUND", "name": "Rounding"}, {"max_cents": 100})
        for other in others:
            for total in (4997, 5003):
                client = self.open(rounding_line=LINE)
                order = self.order(total)
                url, uuid, _ = self.approved(client, order)
                client.close()
                client = self.open(rounding_line=other)
                answer = self.assertStatus("SQ_OK", client.confirm(url, order))
                self.assertEqual("confirmed", answer.state, other)
                self.added(answer, total - 5000)
                sent = self.sent("PUT", f"/orders/{uuid}")
                self.assertEqual("REDONDEO", sent["cart"]["items"][-1]["reference"])
                with self.sends(0):
                    self.assertStatus("SQ_OK", client.confirm(url, order))
                client.close()

    def test_from_another_journal_by_its_url(self):
        order = self.order(4999)
        url, uuid, _ = self.approved(self.open(rounding_line=LINE), order)
        other = self.open(journal=str(self.folder / "none"))
        self.assertStatus("SQ_INVALID_ORDER", other.confirm(url, order), "cart_total_mismatch")
        other = self.open(journal=str(self.folder / "otherwise"), rounding_line=dict(LINE, reference="ROUND"))
        answer = self.assertStatus("SQ_CONFLICT", other.confirm(url, order))
        self.assertEqual(["rounding_line"], [one["code"] for one in answer.document["warnings"]])

    def test_the_same_from_another_journal_with_the_same_configuration(self):
        order = self.order(4999)
        url, uuid, _ = self.approved(self.open(rounding_line=LINE), order)
        other = self.open(journal=str(self.folder / "other"), rounding_line=LINE)
        self.added(self.assertStatus("SQ_OK", other.confirm(url, order)), -1)

    def test_another_total_is_another_order(self):
        client = self.open(rounding_line=LINE)
        for total, others in ((4999, (4998, 5001)), (5000, (5002, 4999))):
            url, uuid, order = self.approved(client, self.order(total))
            for other in others:
                with self.sends(0):
                    self.assertStatus("SQ_INVALID_ORDER", client.confirm(url, self.order(other)), "cart_total_mismatch")
            self.assertEqual("confirmed", self.assertStatus("SQ_OK", client.confirm(url, order)).state)

    def test_the_same_again_after_it_was_shipped_and_the_configuration_changed(self):
        for total in (4998, 5003):
            for what in (None, [{"reference": "A"}], [{"reference": "A", "amount": 1000}]):
                client = self.open(rounding_line=LINE)
                order = self.order(total)
                order["cart"]["items"] = [dict(order["cart"]["items"][0], reference=name, price_with_tax=2500, total_with_tax=2500)
                                          for name in ("A", "B")]
                url, _, _, ref = self.settled(client, order)
                self.assertStatus("SQ_OK", client.call("sq_ship", ref, what and json.dumps(what)))
                client.close()
                for other in (None, dict(LINE, reference="ROUND")):
                    client = self.open(rounding_line=other)
                    with self.sends(0):
                        self.assertStatus("SQ_OK", client.confirm(url, order))
                    client.close()

    def test_as_agreed_after_something_else_was_refused(self):
        client = self.open(rounding_line=LINE)
        url, uuid, order = self.approved(client, self.order(4998))
        fits = self.order(4998)
        fits["cart"]["items"][0].update(price_with_tax=4998, total_with_tax=4998)
        self.assertStatus("SQ_CONFLICT", client.confirm(url, fits))
        answer = self.assertStatus("SQ_OK", client.confirm(url, order))
        self.added(answer, -2)
        self.assertEqual("confirmed", answer.state)


class AfterTheSale(Rounding):
    def test_it_goes_back_with_the_last_goods(self):
        for total in (4999, 5003):
            client = self.open(rounding_line=LINE)
            order = self.order(total)
            order["cart"]["items"] = [dict(order["cart"]["items"][0], reference=name, price_with_tax=2500, total_with_tax=2500)
                                      for name in ("A", "B")]
            _, _, _, ref = self.settled(client, order)
            self.assertStatus("SQ_OK", client.call("sq_ship", ref, None))
            for name in ("A", "B"):
                answer = self.assertStatus("SQ_OK", client.call("sq_refund", ref, json.dumps({"items": [{"reference": name}]})))
            self.assertEqual((0, total), (answer.data["amounts"]["owed"], answer.data["amounts"]["refunded"]))
            client.close()


class WithTheGoods(Rounding):
    """Where the goods leave with the order, what the till writes as its cart is sent as the one that is shipped."""

    def test_it_is_confirmed_with_the_line_that_it_was_begun_with(self):
        for later in ({"rounding_line": LINE}, {"rounding_line": None}, {"rounding_line": {**LINE, "name": "Otro"}}):
            for goods_leave in ("with_the_order", "later"):
                with self.subTest(later=later, goods_leave=goods_leave):
                    journal = self.folder / f"{len(self.sim.bodies('POST', '/orders'))}.db"
                    client = self.open(rounding_line=LINE, goods_leave="with_the_order", journal=str(journal))
                    order = self.order(4998)
                    url = self.assertStatus("SQ_OK", client.start(order)).url
                    self.sim.approve(url.rpartition("/")[2])
                    client.close()
                    client = self.open(**later, goods_leave=goods_leave, journal=str(journal))
                    answer = self.assertStatus("SQ_OK", client.confirm(url, order))
                    self.assertEqual("confirmed", answer.order["state"])
                    sent = self.sent("PUT", url.rpartition("/")[2])
                    self.assertEqual(-2, sent["shipped_cart"]["items"][-1]["total_with_tax"])
                    client.close()
