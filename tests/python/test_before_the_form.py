"""Before the form is sent: a number that a message can reach, and a product that seQura offers for the order."""

import json
import time
import unittest

import orders
from outside import Stranger
from till import Till


def with_phone(number, country="ES", invoice=None):
    order = orders.complete()
    for name, given in (("delivery_address", number), ("invoice_address", number if invoice is None else invoice)):
        order[name]["country_code"] = country
        order[name].pop("mobile_phone")
        if given is not None:
            order[name]["mobile_phone"] = given
    return order


class TheNumber(Till):
    def sent(self, order, **config):
        client = self.open(**config)
        started = self.assertStatus("SQ_OK", client.start(order))
        before = len(self.sim.sms())
        answer = client.send_form(started.url)
        return answer, len(self.sim.sms()) - before

    def test_a_landline_or_no_number_is_refused_before_sending(self):
        for number, code in (("933 033 033", "not_a_mobile"), ("+34 833 033 033", "not_a_mobile"),
                             ("+33 1 42 68 53 00", "not_a_mobile"), (None, "mobile_phone_required")):
            with self.subTest(number):
                self.sim.reset()
                client = self.open(journal=":memory:")
                url = self.assertStatus("SQ_OK", client.start(with_phone(number))).url
                with self.sends(0):
                    answer = self.assertStatus("SQ_INVALID_ORDER", client.send_form(url), code)
                self.assertEqual(("/delivery_address/mobile_phone", "fix_order", "solicited"),
                                 (answer.document["errors"][0]["pointer"], answer.next, answer.state))
                self.assertIn("mobile", answer.document["operator_message"])

    def test_one_number_that_can_be_reached_is_enough(self):
        for first, second in (("933 033 033", "612 345 678"), ("612 345 678", "933 033 033"), ("+44 7700 900123", "612345678")):
            with self.subTest(first):
                answer, _ = self.sent(with_phone(first, invoice=second), journal=":memory:")
                self.assertNotEqual("SQ_INVALID_ORDER", answer.name)
                self.assertNotIn("foreign_mobile", answer.warned)

    def test_a_mobile_of_another_country_is_sent_with_a_warning(self):
        self.sim.rules(sms_spanish_mobile_only=False)
        words = self.in_every_language(
            es="puede que no le llegue", en="may not arrive", fr="n'arrivera peut-être pas", it="potrebbe non arrivare",
            pt="pode não chegar")
        for language, said in words:
            for number in ("+33 6 12 34 56 78", "+44 7700 900123"):
                with self.subTest(language=language, number=number):
                    answer, messages = self.sent(with_phone(number), journal=":memory:", language=language)
                    self.assertEqual(("SQ_OK", 1), (answer.name, messages))
                    self.assertIn("foreign_mobile", answer.warned)
                    self.assertIn(said, answer.document["operator_message"])
                    self.assertNotIn("7700", str(answer.document))
        for number in ("+34 612 345 678", "612345678", "34 612345678", "+34 (0)612 345 678"):
            with self.subTest(number):
                answer, _ = self.sent(with_phone(number), journal=":memory:")
                self.assertNotIn("foreign_mobile", answer.warned)
                self.assertNotIn("arrive", answer.document["operator_message"])


class TheProduct(Till):
    def setUp(self):
        super().setUp()
        self.client = self.open()
        self.url = self.assertStatus("SQ_OK", self.client.start(orders.complete())).url

    def refused(self, *form):
        with self.sends(0):
            answer = self.assertStatus("SQ_INVALID_ORDER", self.client.send_form(self.url, *form), "product_not_offered")
        self.assertEqual("fix_order", answer.next)
        return answer

    def list_of(self, *methods):
        """seQura's list for the order, once."""
        body = {"payment_options": [{"category": "part_payment", "title": "Paga", "methods": list(methods)}]}
        self.sim.fault("status", status=200, body=json.dumps(body), content_type="application/json", path="payment_methods")
        self.assertStatus("SQ_OK", self.client.payment_methods(self.url))

    def test_a_product_of_the_list_is_sent_without_a_word(self):
        self.assertStatus("SQ_OK", self.client.payment_methods(self.url))
        with self.sends(1):
            answer = self.assertStatus("SQ_OK", self.client.send_form(self.url, "pp3"))
        self.assertEqual([], answer.warned)
        self.assertEqual([], self.client.send_form(self.url, "sp1", "permanente").warned)
        self.assertEqual([], self.client.send_form(self.url, "sp1").warned)

    def test_a_product_that_the_order_cannot_have_is_refused(self):
        self.assertStatus("SQ_OK", self.client.payment_methods(self.url))
        for form in (("pp6",), ("pp3", "verano"), ("sp1", "otra"), ("pp9",)):
            with self.subTest(form):
                message = self.refused(*form).document["operator_message"]
                self.assertIn("chosen seQura product", message)
        # Another order has another list, and another till of the journal has the same.
        self.client.close()
        self.client = self.open()
        self.refused("pp6")
        other = self.client.start(orders.other(orders.complete(), "/cart/items/0/name", "Otra")).url
        self.assertEqual(["product_unchecked"], self.client.send_form(other, "pp6").warned)

    def test_an_amount_outside_the_limits_is_refused_with_the_limit(self):
        for limits, passed in (({"min_amount": 20000}, 20000), ({"max_amount": 10000, "min_amount": 1}, 10000)):
            with self.subTest(str(limits)):
                self.list_of({"product": "pp3", "campaign": None, **limits})
                error, = self.refused("pp3").document["errors"]
                self.assertEqual((passed, orders.TOTAL), (error["expected"], error["actual"]))
        self.assertIn("154.97", self.refused("pp3").document["operator_message"])
        # One of two campaigns is enough where none is asked for.
        self.list_of({"product": "pp3", "campaign": "a", "min_amount": 20000}, {"product": "pp3", "campaign": "b"})
        self.refused("pp3", "a")
        self.assertStatus("SQ_OK", self.client.send_form(self.url, "pp3"))

    def test_without_a_list_or_with_an_old_one_it_is_sent_with_a_warning(self):
        with self.sends(1):
            answer = self.assertStatus("SQ_OK", self.client.send_form(self.url, "pp6"))
        self.assertEqual(["product_unchecked"], answer.warned)
        self.assertStatus("SQ_OK", self.client.payment_methods(self.url))
        self.refused("pp6")
        self.client.close()
        Stranger.shared().write(self.journal, f"UPDATE kept_answers SET at = {int(time.time() * 1000) - 600_001} "
                                              "WHERE name LIKE 'form_products/%'")
        self.client = self.open()
        with self.sends(1):
            answer = self.assertStatus("SQ_OK", self.client.send_form(self.url, "pp6"))
        self.assertEqual(["product_unchecked"], answer.warned)

    def test_the_merchants_list_and_one_of_the_cache_refuse_nothing(self):
        self.assertStatus("SQ_OK", self.client.payment_methods())
        self.sim.fault("status", status=503, path="orders/", method="GET")
        self.assertTrue(self.assertStatus("SQ_OK", self.client.payment_methods(self.url)).data["from_cache"])
        self.assertEqual(["product_unchecked"], self.assertStatus("SQ_OK", self.client.send_form(self.url, "pp6")).warned)

    def test_lists_do_not_grow_without_end(self):
        for number in range(105):
            url = self.client.start(orders.other(orders.complete(), "/cart/items/0/name", f"N {number}")).url
            self.assertStatus("SQ_OK", self.client.payment_methods(url))
        self.assertEqual(100, len(self.rows("SELECT * FROM kept_answers WHERE name LIKE 'form_products/%'")))
        self.assertEqual([], self.client.send_form(url).warned)

    def test_the_product_by_which_the_shopper_chooses_is_on_no_list(self):
        url = self.client.start(orders.complete()).url
        self.assertStatus("SQ_OK", self.client.payment_methods(url))
        with self.sends(1):
            self.client.send_form(url, "tbs")


if __name__ == "__main__":
    unittest.main()
