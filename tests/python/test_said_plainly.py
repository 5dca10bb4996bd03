"""What is said where a stranger goes wrong first: which file, which key, which address, which deadline, in whose language."""

import json
import socket
from pathlib import Path

import orders
from abi import Client
from simulator import KEY, SECRET
from test_whose_answer import PAGE
from till import LANGUAGES, Till

NO_ORDER = "11111111-1111-4111-8111-111111111111"
#: The beginning of what each language says of a configuration that is not right.
NOT_RIGHT = {"es": "La configuración de la caja", "en": "The till's settings", "fr": "Les réglages de la caisse",
             "it": "Le impostazioni della cassa", "pt": "A configuração da caixa"}


class Files(Till):
    """A file of the configuration that cannot be read: which one, and where it was looked for."""

    def from_file(self, path=None, **changes):
        path = path or self.folder / "till.json"
        path.write_text(json.dumps(self.config(**changes)), encoding="utf-8")
        answer = Client(path=str(path)).opened
        return self.assertStatus("SQ_INVALID_CONFIG", answer, "file_unreadable").document

    def test_the_configuration_itself(self):
        for path, said in ((self.folder / "none.json", f"there is no such file in the folder {self.folder}"),
                           (self.folder / "no" / "none.json", f"there is no folder {self.folder / 'no'}"),
                           (self.folder, "it is a folder")):
            document = self.assertStatus("SQ_INVALID_CONFIG", Client(path=str(path)).opened, "file_unreadable").document
            self.assertEqual(f"The configuration file cannot be read: {path}: {said}.", document["errors"][0]["message"])
            self.assertTrue(document["operator_message"].startswith("La caja no puede leer su configuración para seQura."))

    def test_a_relative_one_is_the_working_directorys(self):
        message = Client(path="surely-not-there.json").opened.document["errors"][0]["message"]
        self.assertIn(f"{Path.cwd() / 'surely-not-there.json'} (looked for in the working directory)", message)
        self.assertIn(f"no such file in the folder {Path.cwd()}", message)

    def test_what_it_names(self):
        (self.folder / "junk.pem").write_text("nothing")
        (self.folder / "latin").write_bytes(b"\xff\xfe\xfd")
        secret = {"account_secret": None}
        for changes, pointer, name, said in (
            ({**secret, "account_secret_file": "none.txt"}, "/account_secret_file", "none.txt", "there is no such file in the folder"),
            ({**secret, "account_secret_file": "no/none.txt"}, "/account_secret_file", "no/none.txt", "there is no folder"),
            ({**secret, "account_secret_file": "latin"}, "/account_secret_file", "latin", "it is not UTF-8 text"),
            ({"roots": {"file": "none.pem"}}, "/roots/file", "none.pem", "there is no such file in the folder"),
            ({"roots": {"file": "junk.pem"}}, "/roots/file", "junk.pem", "it holds no PEM certificate"),
        ):
            with self.subTest(name):
                document = self.from_file(**changes)
                error, = document["errors"]
                self.assertEqual(pointer, error["pointer"])
                self.assertIn(f"{self.folder / name}: {said}", error["message"])
                self.assertIn(f"({pointer})", document["operator_message"])

    def test_a_variable_that_is_not_there_is_no_file(self):
        document = self.from_file(account_secret=None, account_secret_env="SEQURA_SURELY_NOT_THERE")
        self.assertIn("has no such variable", document["errors"][0]["message"])
        self.assertIn("(/account_secret_env)", document["operator_message"])


class Language(Till):
    """A configuration that is refused is refused in the language that it asks for."""

    def said(self, raw):
        raw = raw if isinstance(raw, (bytes, str)) else json.dumps(raw)
        given = Client(raw).opened
        path = self.folder / "refused.json"
        path.write_bytes(raw if isinstance(raw, bytes) else raw.encode())
        in_file = Client(path=str(path)).opened
        self.assertEqual((given.name, given.document["operator_message"]),
                         (in_file.name, in_file.document["operator_message"]))
        return given.document["operator_message"]

    def test_whatever_is_wrong_with_it(self):
        for language in LANGUAGES:
            start = NOT_RIGHT[language]
            for raw in ({"language": language}, {**self.config(language=language), "account_key": 7},
                        {**self.config(language=language), "base_url": "x", "journal": None},
                        f'{{"account_key": "a",, "language" : "{language}"}}',
                        f'{{"language":"{language}","journal":"a","journal":"b"}}',
                        f'{{"language": "{language}", "account_key": "'.encode() + b'\xff"}',
                        f'\ufeff{{"language": "{language}"}}',
                        f'{{"language":"{language}","journal":"C:\\till"}}'):
                with self.subTest(raw=raw):
                    self.assertTrue(self.said(raw).startswith(start), self.said(raw))

    def test_a_language_that_is_none(self):
        for asked, language in (("en-GB", "en"), ("EN", "en"), ("fr_FR", "fr"), ("pt-PT", "pt"), ("de", "es"), ("", "es"),
                                ("ñ", "es"), (7, "es"), (None, "es"), (["en"], "es")):
            with self.subTest(asked):
                self.assertTrue(self.said({**self.config(), "language": asked, "account_key": 7}).startswith(NOT_RIGHT[language]))

    def test_another_key_is_no_language(self):
        self.assertTrue(self.said('{"order_defaults": {"customer": {"language_code": "en"}},}').startswith(NOT_RIGHT["es"]))


class Addresses(Till):
    def test_a_base_url_without_its_scheme(self):
        for given, meant in (("sandbox.sequrapi.com", "https://sandbox.sequrapi.com/"), ("localhost:8080", "http://localhost:8080/"),
                             ("//live.sequrapi.com/", "https://live.sequrapi.com/"), ("127.0.0.1:1", "http://127.0.0.1:1/"),
                             ("gate.shop.es/sequra", "https://gate.shop.es/sequra")):
            with self.subTest(given):
                answer = self.assertStatus("SQ_INVALID_CONFIG", self.try_open(base_url=given).opened, "invalid_url")
                message = answer.document["errors"][0]["message"]
                self.assertIn("has no scheme", message)
                self.assertTrue(message.endswith(f" {meant}"), message)
        for given in ("nonsense", "not a url", "ftp://x.example/", "me:geheim@x.example", "x.example/?secret=geheim"):
            with self.subTest(given):
                answer = self.assertStatus("SQ_INVALID_CONFIG", self.try_open(base_url=given).opened, "invalid_url")
                self.assertNotIn("has no scheme", str(answer.document))
                self.assertNotIn("geheim", str(answer.document))

    def test_an_order_url_without_its_scheme(self):
        client = self.open()
        given = f"{self.sim.http.split('://')[1]}/orders/{NO_ORDER}"
        for answer in (client.confirm(given), client.set_ref(given, "R-1"), client.send_form(given), client.order_info(given)):
            self.assertStatus("SQ_UNKNOWN_ORDER", answer, "unknown_order")
            self.assertIn("without its scheme", answer.document["errors"][0]["message"])
        self.assertNotIn("scheme", client.confirm("T3/orden").document["errors"][0]["message"])
        self.assertNothingSent()

    def test_an_order_url_of_another_place_says_which(self):
        client = self.open()
        for given, said in ((f"https://other.example/orders/{NO_ORDER}", "it is on https://other.example/"),
                            (f"{self.sim.http}/{NO_ORDER}", "and no order's"), ("https://me:geheim@x/", "no address that can be read")):
            answer = self.assertStatus("SQ_FOREIGN_URL", client.confirm(given), "foreign_url")
            self.assertIn(said, answer.document["errors"][0]["message"])
            self.assertNotIn("geheim", str(answer.document))
        self.assertNothingSent()

    def test_a_base_url_with_a_path_is_told_of_where_nothing_is_found_there(self):
        client = self.open(base_url=f"{self.sim.http}/api/v1")
        self.assertEqual([], client.opened.warned)
        for answer in (client.check_credentials(), client.start(orders.complete())):
            self.assertStatus("SQ_NOT_FOUND", answer, "not_found", "not_found")
            self.assertEqual("fix_configuration", answer.next)
            page, hint = answer.document["errors"]
            self.assertTrue(page["message"].startswith("HTTP 404, with a web page instead of an answer: "), page)
            self.assertNotIn("<", page["message"])
            self.assertTrue(page["actual"].startswith("<!DOCTYPE html>"), "the page is there whole")
            self.assertEqual(("/base_url", f"{self.sim.http}/api/v1/"), (hint["pointer"], hint["actual"]))
            self.assertIn("the path /api/v1/", hint["message"])

    def test_a_path_that_cannot_be_meant_is_a_warning_at_the_opening(self):
        for url, is_strange in (("https://sandbox.sequrapi.com/orders", True), ("https://live.sequra.svea.com/api", True),
                                ("http://127.0.0.1:1/orders/", True), ("https://gate.shop.es/merchants", True),
                                ("https://live.sequrapi.com/", False), ("https://gate.shop.es/sequra", False),
                                ("https://notsequrapi.com/api", False)):
            with self.subTest(url):
                client = self.open(base_url=url, journal=":memory:")
                self.assertEqual(["doubtful_setting"] * is_strange, client.opened.warned)
                if is_strange:
                    self.assertIn("has a path (/", client.opened.document["warnings"][0]["message"])

    def test_a_page_is_told_by_its_words(self):
        client = self.open()
        for status in (400, 403, 404, 410, 409, 422, 429, 500, 503):
            self.sim.fault("status", status=status, body=PAGE, method="POST")
            error = client.start(orders.complete()).document["errors"][0]
            self.assertEqual(f"HTTP {status}, with a web page instead of an answer: Web access blocked", error["message"])
            self.assertEqual(PAGE, error["actual"])


class Keys(Till):
    def test_which_key_where_and_never_the_secret(self):
        for changes, key in (({"account_key": "nobody"}, "nobody"), ({"account_secret": "geheim-és-secreto"}, KEY)):
            client = self.open(**changes, journal=":memory:")
            tested = client.call("sq_self_test")
            answers = (client.check_credentials(), client.start(orders.complete()), client.payment_methods(), tested)
            for answer in answers:
                self.assertStatus("SQ_UNAUTHORIZED", answer, "access_denied", "access_denied")
                own, hint = answer.document["errors"]
                self.assertIn(own["message"], ("Access denied", "HTTP Basic: Access denied."))
                self.assertEqual(("/account_key", key), (hint["pointer"], hint["actual"]))
                for part in (self.sim.http, f'"{key}"', "account_secret", "base_url"):
                    self.assertIn(part, hint["message"])
                self.assertNotIn(changes.get("account_secret", SECRET), str(answer.document))
            row, = [row for row in tested.data["tests"] if row["name"] == "credentials"]
            self.assertIn(f'"{key}"', row["message"])
            # It is told, and kept nowhere.
            said = [entry["errors"] for entry in client.call("sq_log", "{}").data["entries"]]
            self.assertTrue(said and KEY not in str(said) and "account_key" not in str(said), said)

    def test_which_world(self):
        # Nobody is asked: what would be said is known without.
        for environment in ("sandbox", "live"):
            client = self.open(base_url=self.sim.http, environment=environment, account_key="nobody", journal=":memory:")
            hint = client.check_credentials().document["errors"][1]
            self.assertIn("environment says", hint["message"])


class WhatIsOfAnotherKind(Till):
    """A list for an object, an object for a list, and an order without anything."""

    def test_what_is_given_is_named_and_what_should_be_is_shown(self):
        client = self.open()
        _, _, _, ref = self.settled(client)
        for call, value, shown in (
            (lambda v: client.call("sq_refund", ref, v), [{"reference": "CAM-01"}], '{"items": [{"reference": "CAM-01"'),
            (lambda v: client.call("sq_refund", ref, v), "500", '"amount": 500'),
            (lambda v: client.call("sq_update_order", ref, v), [], '{"delivery_address": {'),
            (lambda v: client.call("sq_ship", ref, v), {"items": []}, '[{"reference": "CAM-01"'),
            (lambda v: client.call("sq_send_delivery_report", v), [], '{"orders": []}'),
            (lambda v: client.call("sq_log", v), [], '{"attention": true}'),
            (client.start, [], '{"order": …}'), (lambda v: client.call("sq_check_order", v), '"x"', '{"order": …}'),
        ):
            with self.subTest(shown):
                answer = call(value)
                self.assertIn(answer.name, ("SQ_INVALID_ORDER", "SQ_INVALID_ARGUMENT"))
                self.assertEqual(["wrong_type"], answer.codes)
                self.assertIn(shown, answer.document["errors"][0]["message"])
                self.assertIn("The till did not prepare the data properly", answer.document["operator_message"])
        for value, kind in (([], "a list"), ("7", "a number"), ('"x"', "a text"), ("true", "true or false")):
            message = client.call("sq_refund", ref, value).document["errors"][0]["message"]
            self.assertTrue(message.startswith(f"A refund is {kind} but must be an object: "), message)

    def test_of_an_order_that_says_nothing_first_is_what_the_configuration_cannot_say(self):
        client = self.open(merchant_id=None)
        for answer in (client.start({}), client.start({"customer": {}, "cart": {}})):
            pointers = [error["pointer"] for error in answer.document["errors"]]
            configurable = [p for p in pointers if p.split("/")[1] in ("merchant", "platform", "gui", "delivery_method")
                            or p in ("/cart/currency", "/cart/gift", "/customer/logged_in", "/customer/language_code",
                                     "/customer/ip_number", "/customer/user_agent")]
            self.assertEqual(configurable, pointers[-len(configurable):])
            self.assertIn(pointers[0].split("/")[1], ("cart", "customer"))
            told = [error["pointer"] for error in answer.document["errors"] if "order_defaults" in error["message"]]
            self.assertEqual(configurable, told)
        for answer in (client.start({}), client.call("sq_check_order", {})):
            self.assertEqual("/cart", answer.document["errors"][0]["pointer"])


class AShopperWhoIsRejected(Till):
    WORDS = {"es": ("seQura ha rechazado esta compra.", "Ofrezca al cliente otra forma de pago."),
             "en": ("seQura has refused this purchase.", "Offer the customer another way to pay."),
             "fr": ("seQura a refusé cet achat.", "Proposez au client un autre moyen de paiement."),
             "it": ("seQura ha rifiutato questo acquisto.", "Proponga al cliente un altro modo di pagare."),
             "pt": ("A seQura recusou esta compra.", "Proponha ao cliente outra forma de pagamento.")}

    def assertRejected(self, language, answer):
        first, last = self.WORDS[language]
        said = answer.document["operator_message"]
        self.assertTrue(first[1:] in said and said.endswith(last), said)

    def test_is_told_so_then_and_later(self):
        for language in LANGUAGES:
            for gone in (True, False):
                with self.subTest(language=language, gone=gone):
                    self.sim.rules(dead_orders_are_gone=gone)
                    client = self.open(language=language)
                    started = client.start(orders.complete())
                    client.send_form(started.url)
                    self.sim.reject(started.uuid)
                    answer = client.confirm(started.url)
                    self.assertStatus("SQ_GONE" if gone else "SQ_CONFLICT", answer, "gone")
                    self.assertEqual(("rejected", "restart_checkout"), (answer.document["errors"][0]["actual"], answer.next))
                    self.assertRejected(language, answer)
                    client.close()
                    client = self.open(language=language)
                    self.assertRejected(language, client.order_info(started.url))

    def test_what_else_becomes_of_an_order_is_no_rejection(self):
        client = self.open()
        for end, expected in (("cancelled", "cancelled"), ("expired", "expired"), ("forgotten", None)):
            url, uuid, order = self.approved(client)
            self.sim.fault("status", status=410, body=f'{{"errors":["Invalid data: the order has been {end}"]}}', method="PUT")
            answer = self.assertStatus("SQ_GONE", client.confirm(url), "gone")
            self.assertEqual(expected, answer.document["errors"][0]["actual"])
            self.assertIn("Start the sale with seQura again", answer.document["operator_message"])


class Deadlines(Till):
    def silent(self):
        """Takes every connection, and never answers."""
        listening = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listening.close)
        return f"127.0.0.1:{listening.getsockname()[1]}"

    def test_a_deadline_is_told_by_its_name_and_value(self):
        client = self.open(base_url=f"http://{self.silent()}", timeouts={"connect_ms": 300, "total_ms": 400}, journal=":memory:")
        for answer in (client.check_credentials(), client.start(orders.complete())):
            self.assertStatus("SQ_OUTCOME_UNKNOWN", answer, "timed_out")
            self.assertIn("within the 400 ms of timeouts.total_ms, which are for the whole call", answer.document["errors"][0]["message"])

    def test_and_so_is_that_of_a_connection(self):
        client = self.open(base_url=f"https://{self.silent()}", timeouts={"connect_ms": 200, "total_ms": 300}, journal=":memory:")
        answer = self.assertStatus("SQ_UNREACHABLE", client.check_credentials(), "connection_failed")
        self.assertIn("within the 200 ms of timeouts.connect_ms", answer.document["errors"][0]["message"])
