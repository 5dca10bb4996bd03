"""How much a month, before there is an order: what an amount costs in instalments."""

import json
import time
from urllib.parse import parse_qs

from outside import Stranger
from simulator import SIGNED
from till import Till

PATH = "credit_agreements"
#: 399.99 € in 3, as public code shows it.
FIGURES = {
    "instalment_count": 3, "total_with_tax": 39999, "instalment_amount": 13333, "instalment_fee": 500,
    "instalment_total": 13833, "grand_total": 41499, "cost_of_credit": 1500, "apr": 2500,
}
KEPT = f"SELECT * FROM kept_answers WHERE name LIKE '{PATH}/%'"


def money(cents):
    return {"value": cents, "string": f"{cents / 100} €"}


#: What is said of an agreement, and what it is about.
WHOLE = {"instalment_count": 3, "total_with_tax": money(39999), "instalment_total": money(13833), "grand_total": money(41499),
         "apr": money(2500)}
ONCE = {**WHOLE, "instalment_count": 1, "instalment_total": money(41499)}


class CreditAgreements(Till):
    def answer(self, body, times=1, status=200):
        """What seQura says the next time, whatever it is."""
        self.sim.fault("status", path=PATH, times=times, status=status, headers=SIGNED, body=json.dumps(body))

    def ask(self, client, cents=39999, whom="ES", currency=None):
        return self.assertStatus("SQ_OK", client.credit_agreements(cents, whom, currency))

    # -- what is asked, and how it is read

    def test_the_example(self):
        answer = self.ask(self.open())
        first = answer.data["agreements"][0]
        self.assertEqual(FIGURES, {name: first[name] for name in FIGURES})
        self.assertEqual(("shop_es", "ES", "EUR", None), tuple(first[n] for n in ("merchant_id", "country", "currency",
                                                                                "product")))
        self.assertEqual((False, None), (answer.data["from_cache"], answer.data["as_of"]))
        raw = answer.data["raw"][0]
        self.assertEqual(("shop_es", "ES", "138,33 €"), (raw["merchant_id"], raw["country"],
                                                          raw["answer"][0]["instalment_total"]["string"]))
        self.assertEqual([], self.rows())

    def test_it_is_asked_as_clients_ask(self):
        self.ask(self.open(), 39999, "es")
        request = self.sim.requests()[-1]
        self.assertEqual(("GET", "/merchants/shop_es/credit_agreements"), (request["method"], request["path"]))
        self.assertEqual({"total_with_tax": ["39999"], "currency": ["EUR"], "locale": ["es-ES"], "country": ["ES"]},
                         parse_qs(request["query"]))
        self.assertEqual("shop_es", request["headers"]["sequra-merchant-id"])

    def test_lists_by_product_and_plain_numbers_are_read(self):
        client = self.open()
        self.sim.rules(credit_agreements_by_product=True)
        self.assertEqual(["pp3"] * 3, [one["product"] for one in self.ask(client).data["agreements"]])
        plain = {"instalment_count": 3, "total_with_tax": 39999, "instalment_total": 13833, "grand_total": 41499, "apr": 2500, "news": {"a": 1}}
        for body, product in (([plain], None), ({"pp9": [plain], "sp1": []}, "pp9"), ({"credit_agreements": [plain]}, None),
                              ({"credit_agreements": {"pp3": plain}}, "pp3"), ([{**plain, "product": "pp6"}], "pp6")):
            self.answer(body)
            answer = self.ask(client)
            one, = answer.data["agreements"]
            self.assertEqual((product, 13833, None), (one["product"], one["instalment_total"], one["cost_of_credit"]), body)
            self.assertEqual(body, answer.data["raw"][0]["answer"])
            self.assertIn("3 payments of €138.33; total €414.99; APR 25.00%", answer.document["operator_message"])

    def test_nothing_offered_is_an_answer_and_something_else_is_none(self):
        client = self.open()
        for body in ([], {}, {"pp3": []}):
            self.answer(body)
            answer = self.ask(client)
            self.assertEqual([], answer.data["agreements"])
            self.assertNotRegex(answer.document["operator_message"], r"\d")
        self.assertEqual([], self.ask(client, 100).data["agreements"], "below what is financed")
        for body in ("no", 5, None, {"message": "no"}, [1], [{"message": "no"}]):
            self.answer(body)
            self.assertStatus("SQ_BAD_RESPONSE", client.credit_agreements(39999, "ES", None), "unreadable_answer")

    # -- whom and where

    def test_the_merchant_and_its_country(self):
        both = dict(merchant_id=None, merchants={"ES": "shop_es", "FR": "shop_fr"})
        default = dict(order_defaults={"delivery_address": {"country_code": "ES"}})
        for config, whom, asked in (
            ({}, "ES", ["shop_es/ES"]),
            (default, None, ["shop_es/ES"]), (default, "", ["shop_es/ES"]), (default, "   ", ["shop_es/ES"]),
            (default, "shop_es", ["shop_es/ES"]),
            (both, None, ["shop_es/ES", "shop_fr/FR"]), (both, "FR", ["shop_fr/FR"]), (both, "shop_fr", ["shop_fr/FR"]),
            (dict(merchant_id=None, order_defaults={"merchant": {"id": "shop_es"}}), "ES", ["shop_es/ES"]),
        ):
            with self.subTest(config=config, whom=whom):
                client = self.open(**config)
                answer = self.ask(client, whom=whom, currency="")
                found = [f"{one['merchant_id']}/{one['country']}" for one in answer.data["agreements"]]
                self.assertEqual(asked, list(dict.fromkeys(found)))
                self.assertEqual([], answer.warned)
                client.close()

    def test_codes_are_taken_in_any_case_of_letters(self):
        client = self.open()
        for whom in ("ES", "es", "Es", " es "):
            for currency in ("EUR", "eur", "Eur", " eur "):
                answer = self.ask(client, whom=whom, currency=currency)
                query = parse_qs(self.sim.requests()[-1]["query"])
                self.assertEqual((["ES"], ["EUR"]), (query["country"], query["currency"]))
                self.assertEqual(("ES", "EUR"), tuple(answer.data["agreements"][0][n] for n in ("country", "currency")))
                self.assertIn("€138.33", answer.document["operator_message"])
        self.assertEqual(1, len(self.rows(KEPT)), "it is one question")

    def test_what_makes_no_sense_is_refused_before_anything_is_asked(self):
        one, both = {}, dict(merchant_id=None, merchants={"ES": "shop_es", "FR": "shop_fr"})
        none = dict(merchant_id=None)
        for config, arguments, status, code in (
            (one, (0, "ES", None), "SQ_INVALID_ARGUMENT", "argument_out_of_range"),
            (one, (-1, "ES", None), "SQ_INVALID_ARGUMENT", "argument_out_of_range"),
            (one, (-2**63, "ES", None), "SQ_INVALID_ARGUMENT", "argument_out_of_range"),
            (one, (1, None, None), "SQ_INVALID_ARGUMENT", "null_argument"),
            (one, (1, "shop_es", None), "SQ_INVALID_ARGUMENT", "null_argument"),
            (both, (1, "shop_pt", None), "SQ_INVALID_ARGUMENT", "null_argument"),
            (one, (1, "XX", None), "SQ_INVALID_ARGUMENT", "argument_out_of_range"),
            (one, (1, "no merchant", None), "SQ_INVALID_ARGUMENT", "argument_out_of_range"),
            (one, (1, "../x", None), "SQ_INVALID_ARGUMENT", "argument_out_of_range"),
            (both, (1, "PT", None), "SQ_INVALID_ARGUMENT", "no_merchant_for_country"),
            (one, (1, "ES", "EU"), "SQ_INVALID_ARGUMENT", "invalid_currency"),
            (one, (1, "ES", "xxy"), "SQ_INVALID_ARGUMENT", "invalid_currency"),
            (one, (1, "ES", "EURO"), "SQ_INVALID_ARGUMENT", "invalid_currency"),
            (none, (1, None, None), "SQ_INVALID_CONFIG", "missing_field"),
            (none, (1, "ES", None), "SQ_INVALID_CONFIG", "missing_field"),
        ):
            with self.subTest(config=config, arguments=arguments):
                client = self.open(**config)
                self.assertStatus(status, client.credit_agreements(*arguments), code)
                client.close()
        self.assertNothingSent()

    # -- when seQura cannot be reached

    def test_what_was_last_said_answers_with_its_time(self):
        client = self.open()
        seen = self.ask(client)
        client.close()
        client = self.open()
        self.sim.fault("close_before", path=PATH, times=0)
        answer = self.ask(client)
        self.assertEqual((seen.data["agreements"], seen.data["raw"], True),
                         (answer.data["agreements"], answer.data["raw"], answer.data["from_cache"]))
        self.assertRegex(answer.data["as_of"], r"^\d{4}-\d\d-\d\dT")
        self.assertEqual(["connection_lost"], answer.warned)
        self.assertIn("as it said 1 min ago: 3 payments of", answer.document["operator_message"])
        self.assertNotIn("SQ_OK", client.credit_agreements(40000, "ES", None).name, "another amount was never asked")
        self.assertNotIn("SQ_OK", client.credit_agreements(39999, "ES", "USD").name)

    def test_not_longer_than_a_day_and_none_of_the_future(self):
        client = self.open()
        self.ask(client)
        self.sim.fault("close_before", path=PATH, times=0)
        at, = self.rows(KEPT)
        for hours, is_kept in ((23.9, True), (24.1, False), (-1, False), (3, True)):
            moment = int(time.time() * 1000 - hours * 3_600_000)
            Stranger.shared().write(self.journal, f"UPDATE kept_answers SET at = {moment}")
            answer = client.credit_agreements(39999, "ES", None)
            self.assertEqual(is_kept, answer.name == "SQ_OK", hours)
        self.assertIn("3 h ago", answer.document["operator_message"])
        self.sim.clear_faults()
        Stranger.shared().write(self.journal, "UPDATE kept_answers SET at = 5")
        self.ask(client, 5000)
        self.assertEqual(1, len(self.rows(KEPT)), "the old one is gone")

    def test_the_last_hundred(self):
        client = self.open()
        self.assertStatus("SQ_OK", client.payment_methods())
        for cents in range(5000, 5120):
            self.ask(client, cents)
        self.assertEqual(100, len(self.rows(KEPT)))
        self.sim.fault("close_before", path=PATH, times=0)
        self.assertEqual("SQ_OK", client.credit_agreements(5119, "ES", None).name)
        self.assertNotEqual("SQ_OK", client.credit_agreements(5000, "ES", None).name)
        methods = self.rows("SELECT * FROM kept_answers WHERE name LIKE 'payment_methods/%'")
        self.assertEqual(1, len(methods), "other answers stay")

    def test_what_cannot_be_kept_or_read_disturbs_nothing(self):
        client = self.open()
        self.ask(client)
        unlock = Stranger.shared().locked(self.journal, "BEGIN IMMEDIATE")
        with self.ends_within(2):
            self.ask(client, 6000)
        unlock()
        self.assertEqual(1, len(self.rows(KEPT)), "nobody waits for somebody else who writes")
        for damage in ("'not JSON'", "'5'", "'[1]'", "''"):
            Stranger.shared().write(self.journal, f"UPDATE kept_answers SET answer = {damage}")
            self.sim.fault("close_before", path=PATH)
            self.assertNotEqual("SQ_OK", client.credit_agreements(39999, "ES", None).name, damage)
        self.ask(client)
        self.answer([{"instalment_count": 3, "total_with_tax": 7777, "more": "x" * 100_000}])
        self.ask(client, 7777)
        self.assertNotIn("7777", json.dumps([row["name"] for row in self.rows(KEPT)]), "what is large is not kept")

    def test_a_no_of_sequras_is_a_no(self):
        client = self.open()
        self.ask(client)
        self.answer({"errors": ["no"]}, status=403)
        self.assertStatus("SQ_FORBIDDEN", client.credit_agreements(39999, "ES", None))

    # -- an answer to another question

    def test_what_another_amount_costs_is_no_answer(self):
        client = self.open()
        other = {**WHOLE, "total_with_tax": money(10000)}
        for body in ([other], [WHOLE, other], [other, WHOLE], {"pp3": [WHOLE], "pp6": [other]},
                     [{**WHOLE, "total_with_tax": 10000}], [{**WHOLE, "total_with_tax": -39999}]):
            with self.subTest(body):
                self.answer(body)
                answer = self.assertStatus("SQ_BAD_RESPONSE", client.credit_agreements(39999, "ES", None),
                                           "unreadable_answer")
                error, = answer.document["errors"]
                self.assertEqual((39999, True), (error["expected"], error["actual"] in (10000, -39999)))
                self.assertNotRegex(answer.document["operator_message"], r"\d")
                self.assertIsNone(answer.data)
        self.assertNothingKept(client)

    def test_what_does_not_say_its_amount_is_shown_and_neither_said_nor_kept(self):
        client = self.open()
        for nothing in ({}, {"total_with_tax": None}, {"total_with_tax": {"string": "399,99 €"}},
                        {"total_with_tax": {"value": "39999"}}, {"total_with_tax": 399.99}):
            with self.subTest(nothing):
                part = {**{name: value for name, value in WHOLE.items() if name != "total_with_tax"}, **nothing}
                self.answer([part])
                answer = self.ask(client)
                self.assertNotRegex(answer.document["operator_message"], r"\d")
                self.assertEqual((None, 13833), tuple(answer.data["agreements"][0][name]
                                                      for name in ("total_with_tax", "instalment_total")))
                self.assertEqual([part], answer.data["raw"][0]["answer"])
                self.answer([{**part, "instalment_total": money(1)}, WHOLE])
                message = self.ask(client).document["operator_message"]
                self.assertEqual(1, message.count("payments of"), message)
        self.assertNothingKept(client)

    def test_what_was_kept_of_another_amount_answers_nothing(self):
        client = self.open()
        self.ask(client)
        self.sim.fault("close_before", path=PATH, times=0)
        for kept in ([{**WHOLE, "total_with_tax": 10000}], [{**WHOLE, "total_with_tax": None}]):
            Stranger.shared().write(self.journal, f"UPDATE kept_answers SET answer = '{json.dumps(kept)}'")
            self.assertNotEqual("SQ_OK", client.credit_agreements(39999, "ES", None).name)

    def assertNothingKept(self, client):
        self.assertEqual([], self.rows(KEPT))
        self.sim.fault("close_before", path=PATH)
        answer = client.credit_agreements(39999, "ES", None)
        self.assertEqual((None, False), (answer.data, answer.name == "SQ_OK"))

    # -- what is said

    def test_an_offer_is_said_whole_or_not_at_all(self):
        client = self.open()
        for name in WHOLE:
            for value in (None, {"string": "…"}, {"value": "1"}, 1.5, ...):
                with self.subTest(name, value=value):
                    part = {key: one for key, one in {**WHOLE, name: value}.items() if one is not ...}
                    self.answer([part, ONCE])
                    message = self.ask(client).said
                    self.assertEqual("With seQura: 1 payment of €414.99; total €414.99; APR 25.00%.", message)

    def test_figures_that_cannot_be_are_shown_and_not_said(self):
        client = self.open()
        for figures in ({"grand_total": 1}, {"grand_total": 39998}, {"instalment_total": 100}, {"instalment_total": 20000},
                        {"instalment_total": 13832}, {"instalment_total": 13834}, {"instalment_count": 4},
                        {"instalment_count": 0}, {"instalment_count": -3}, {"apr": -1}, {"apr": 0},
                        {"instalment_total": 13333, "grand_total": 39999}, {"cost_of_credit": 1}, {"cost_of_credit": -1500},
                        {"instalment_amount": 13333, "instalment_fee": 5000}, {"max_financed_amount": 39998},
                        {"instalment_count": 2**63 - 1, "instalment_total": 2**63 - 1}, {"grand_total": 2**63 - 1}):
            with self.subTest(figures):
                wrong = {**WHOLE, **{name: money(value) for name, value in figures.items()}}
                self.answer([wrong])
                answer = self.ask(client)
                self.assertNotRegex(answer.document["operator_message"], r"\d")
                one, = answer.data["agreements"]
                self.assertEqual(figures, {name: one[name] for name in figures})
                self.answer([wrong, ONCE])
                self.assertEqual("With seQura: 1 payment of €414.99; total €414.99; APR 25.00%.",
                                 self.ask(client).said)

    def test_figures_that_differ_by_rounding_are_said(self):
        client = self.open()
        for figures in ({"grand_total": 41501}, {"grand_total": 41497}, {"cost_of_credit": 1500, "instalment_amount": 13333,
                        "instalment_fee": 500, "max_financed_amount": 39999}, {"cost_of_credit": 1502},
                        {"instalment_total": 13333, "grand_total": 39999, "apr": 0}):
            self.answer([{**WHOLE, **{name: money(value) for name, value in figures.items()}}])
            self.assertIn("3 payments of", self.ask(client).document["operator_message"], figures)
        for cents in range(5000, 5100):
            self.assertEqual(3, self.ask(client, cents).document["operator_message"].count("payments of"), cents)

    def test_of_several_sellers_each_offer_says_where_it_holds(self):
        both = dict(merchant_id=None, merchants={"ES": "shop_es", "FR": "shop_fr"})
        offer = "3 payments of €138.33; total €414.99; APR 25.00%"
        client = self.open(**both)
        message = self.ask(client, whom=None).said
        self.assertTrue(message.startswith(f"With seQura: {offer} (ES) / {offer} (FR) / 6 payments of"), message)
        self.assertLessEqual(len(message), 320)
        self.assertEqual(message.count("payments of"), message.count(" (ES)") + message.count(" (FR)"))
        for es, fr, said in (([WHOLE], [], f"{offer} (ES)"), ([], [WHOLE], f"{offer} (FR)"),
                             ([WHOLE, WHOLE], [WHOLE], f"{offer} (ES) / {offer} (FR)"),
                             ([ONCE, WHOLE], [WHOLE], f"1 payment of €414.99; total €414.99; APR 25.00% (ES) / {offer} (FR) / "
                                                      f"{offer} (ES)")):
            self.answer(es)
            self.sim.fault("status", path="shop_fr/" + PATH, status=200, headers=SIGNED, body=json.dumps(fr))
            self.assertEqual(f"With seQura: {said}.", self.ask(client, whom=None).said)
        for whom in ("ES", "shop_fr", "fr"):
            message = self.ask(client, whom=whom).said
            self.assertTrue(message.startswith(f"With seQura: {offer} / 6 payments of"), message)
        self.sim.fault("close_before", path=PATH, times=0)
        message = self.ask(client, whom=None).document["operator_message"]
        self.assertIn(f"ago: {offer} (ES)", message)

    def test_it_is_said_in_every_language(self):
        for language, said in self.in_every_language(
                es="Con seQura: 3 pagos de 138,33 €; total 414,99 €; TAE 25,00 %",
                en="With seQura: 3 payments of €138.33; total €414.99; APR 25.00%",
                fr="Avec seQura : 3 paiements de 138,33\u00a0€ ; total 414,99\u00a0€ ; TAEG 25,00\u00a0%",
                it="A rate con seQura: 3 rate da 138,33 €; totale 414,99 €; TAEG 25,00 %",
                pt="Com a seQura: 3 pagamentos de 138,33 €; total 414,99 €; TAEG 25,00 %"):
            client = self.open(language=language)
            message = self.ask(client).said
            self.assertTrue(message.startswith(said), message)
            self.assertLessEqual(len(message), 320)
            client.close()

