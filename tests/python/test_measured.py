"""Goods that are weighed: one piece, at what they come to, with the measure in the name."""

import ctypes
import json

import orders
from abi import lib
from till import Till


def built(*lines, client=None):
    """The items of an order that is built of lines that were measured: (type, reference, name, quantity, unit, price)."""
    order, out = ctypes.c_void_p(), ctypes.c_void_p()
    assert lib.sq_order_new(client and client.handle, ctypes.byref(order)) == 0
    try:
        for kind, reference, name, quantity, unit, price in lines:
            texts = [text and text.encode() for text in (kind, reference, name, quantity, unit)]
            status = lib.sq_order_add_measured(order, *texts, price)
            assert status == 0, (status, quantity, price)
        assert lib.sq_order_json(order, ctypes.byref(out)) == 0
        text = ctypes.string_at(lib.sq_buffer_text(out)).decode()
        lib.sq_buffer_free(out)
        return json.loads(text)["cart"]["items"]
    finally:
        lib.sq_order_free(order)


class Measured(Till):
    def test_a_line_that_was_weighed(self):
        item, = built(("product", "Q1", "Queso", "0.345", "kg", 1990))
        self.assertEqual({"type": "product", "reference": "Q1", "name": "Queso 0,345 kg", "quantity": 1, "price_with_tax": 687,
                          "total_with_tax": 687, "downloadable": False}, item)

    def test_a_half_cent_goes_up_and_no_float_is_asked(self):
        rows = (("0.345", 1990, 687), ("0,345", 1990, 687), ("1.005", 100, 101), ("2.675", 100, 268), ("0.5", 1, 1),
                ("0.4", 1, 0), ("0.345", -1990, -687), ("999999999.999999", 1, 10**9), (".5", 100, 50))
        items = built(*((None, "Q1", "Queso", quantity, "kg", price) for quantity, price, _ in rows))
        self.assertEqual([total for *_, total in rows], [item["total_with_tax"] for item in items])
        self.assertTrue(all(item["price_with_tax"] == item["total_with_tax"] for item in items))

    def test_the_name_has_the_decimal_sign_of_the_clients_language(self):
        for language, expected in self.in_every_language(
                es="Queso 0,345 kg", fr="Queso 0,345 kg", it="Queso 0,345 kg", pt="Queso 0,345 kg", en="Queso 0.345 kg"):
            client = self.open(language=language, journal=str(self.folder / language))
            for quantity in ("0.345", "0,345"):
                item, = built((None, "Q1", "Queso", quantity, "kg", 1990), client=client)
                self.assertEqual(expected, item["name"])
        item, = built((None, "L1", "Aceite", "1,500", "l", 899))
        self.assertEqual(("Aceite 1,500 l", 1349), (item["name"], item["total_with_tax"]))

    def test_it_is_sold_without_a_warning_and_comes_back_in_part(self):
        client = self.open()
        items = built((None, "Q1", "Queso", "0.397", "kg", 1990), (None, "J1", "Jamón", "0.150", "kg", 5990))
        order = orders.complete()
        order["cart"].update(items=items, order_total_with_tax=sum(item["total_with_tax"] for item in items))
        answer = self.assertStatus("SQ_OK", client.call("sq_check_order", order))
        self.assertEqual([], answer.document["warnings"])
        _, _, _, ref = self.settled(client, order)
        self.assertStatus("SQ_OK", client.call("sq_ship", ref, None))
        answer = client.call("sq_refund", ref, json.dumps({"items": [{"reference": "Q1", "amount": 268}]}))
        self.assertEqual((268, 790 + 899 - 268), (self.assertStatus("SQ_OK", answer).data["given_back"], answer.data["amounts"]["owed"]))

    def test_the_refusal_of_a_fraction_says_what_to_do(self):
        client = self.open()
        for fraction in (0.345, "0.345", "0,345"):
            answer = client.start(orders.other(orders.complete(), "/cart/items/0/quantity", fraction))
            self.assertStatus("SQ_INVALID_ORDER", answer, "not_an_integer")
            message = answer.document["errors"][0]["message"]
            for said in ("quantity 1", "Queso 0,345 kg", "sq_order_add_measured"):
                self.assertIn(said, message)
