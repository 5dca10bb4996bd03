"""How large things may be, and what is never sent: refused with a clear word before anything leaves, whoever gives it;
and what an answer may cost, whoever sends it."""

import ctypes
import json
import os
import socket
import time
import unittest

import abi
import orders
from abi import Client
from outside import Worker
from simulator import KEY, Listener
from till import Till

MIB = 1 << 20
#: What is refused unread costs next to nothing; a library that reads or walks it first takes minutes.
AT_ONCE_S = 10


def cart(lines, discounts=0):
    items = [{"type": "product", "reference": f"P{n}", "name": f"Artículo {n}", "price_with_tax": 100, "quantity": 3,
              "total_with_tax": 300, "downloadable": False} for n in range(lines)]
    items += [{"type": "discount", "reference": f"D{n}", "name": "Rebaja", "total_with_tax": -7} for n in range(discounts)]
    return {"currency": "EUR", "gift": False, "order_total_with_tax": 300 * lines - 7 * discounts, "items": items}


def of_each(lines):
    return [{"reference": f"P{n}", "quantity": 1} for n in range(lines)]


class HowLarge(Till):
    def setUp(self):
        super().setUp()
        self.client = self.open()

    def too_large(self, answer, status="SQ_INVALID_ORDER", pointer=None):
        self.assertStatus(status, answer, "too_large")
        error, = answer.document["errors"]
        self.assertEqual(pointer, error["pointer"] or None)
        self.assertGreater(error["actual"], error["expected"])
        return error

    def test_five_thousand_lines_are_sold_shipped_and_given_back(self):
        client = self.open(timeouts={"connect_ms": 2000, "total_ms": 120_000}, journal=str(self.folder / "large.db"))
        order = orders.complete(cart=cart(5000, 100))
        url, uuid, order, ref = self.settled(client, order)
        for _ in range(2):
            self.assertStatus("SQ_OK", client.call("sq_ship", ref, of_each(5000)))
        answer = self.assertStatus("SQ_OK", client.call("sq_refund", ref, {"items": of_each(5000)}))
        self.assertEqual((500_000 - 233, 500_000 - 233 - 234), (answer.data["amounts"]["unshipped"], answer.data["amounts"]["shipped"] - 234))
        self.assertStatus("SQ_OK", client.call("sq_refund", ref, {"amount": 100}))
        self.assertStatus("SQ_OK", client.call("sq_ship", ref, None))
        self.assertStatus("SQ_OK", client.call("sq_order_info", ref))
        report = self.assertStatus("SQ_OK", client.call("sq_send_delivery_report", None))
        self.assertEqual(1, report.data["reports"][0]["orders"])

    def test_more_lines_than_any_cart_has(self):
        for name, lines in (("cart", 10_001), ("cart", 100_000)):
            order = orders.complete(cart={**cart(0), "items": [{"x": 1}] * lines})
            for given in (order, {"order": order}):
                error = self.too_large(self.client.start(given), pointer="/cart/items")
                self.assertEqual((10_000, lines), (error["expected"], error["actual"]))
                self.assertTrue(error["message"].startswith("cart.items has"), error["message"])
        self.assertNothingSent()
        # As many as may be are looked at.
        self.assertStatus("SQ_INVALID_ORDER", self.client.start(orders.complete(cart={**cart(0), "items": [{"x": 1}] * 10_000})))

    def test_three_hundred_thousand_lines_are_refused_at_once(self):
        order = json.dumps(orders.complete(cart=cart(300_000)))
        for call in (lambda: self.client.start(order), lambda: self.client.confirm("0ebeeda9-b7ec-4f06-87e8-0cb4bcc051a2", order),
                     lambda: self.client.call("sq_update_order", "R-1", order), lambda: self.client.call("sq_send_delivery_report", order)):
            with self.ends_within(AT_ONCE_S):
                self.too_large(call())
        self.assertNothingSent()

    def test_json_of_more_bytes_than_are_taken(self):
        for size, taken in ((8 * MIB, True), (8 * MIB + 1, False)):
            order = json.dumps(orders.complete())
            order += " " * (size - len(order.encode()))
            answer = self.client.start(order)
            if taken:
                self.assertStatus("SQ_OK", answer)
            else:
                self.assertEqual((8 * MIB, size), tuple(self.too_large(answer)[key] for key in ("expected", "actual")))

    def test_a_configuration_of_more_bytes_than_are_taken(self):
        config = json.dumps(self.config())
        for size, taken in ((MIB, True), (MIB + 1, False)):
            client = Client(config + " " * (size - len(config.encode())))
            self.clients.append(client)
            if taken:
                self.assertStatus("SQ_OK", client.opened)
            else:
                self.too_large(client.opened, "SQ_INVALID_CONFIG")

    def test_texts_of_more_bytes_than_are_taken(self):
        long, url = "x" * 4097, "0ebeeda9-b7ec-4f06-87e8-0cb4bcc051a2"
        client = self.client
        for answer in (client.send_form(long), client.send_form(url, long), client.send_form(url, "pp3", long), client.hold(long),
                       client.confirm(long), client.set_ref(long, "R"), client.set_ref(url, long), client.set_ref(url, "R", long),
                       client.payment_methods(long), client.call("sq_order_info", long), client.call("sq_abandon", long),
                       client.call("sq_resolve", long, "confirmed", "why"), client.call("sq_resolve", url, long, "why"),
                       client.call("sq_resolve", url, "confirmed", long),
                       client.call("sq_ship", long, None), client.call("sq_refund", long, None), client.call("sq_cancel", long, "x"),
                       client.call("sq_cancel", "R-1", long), client.call("sq_update_order", long, "{}"), client.call("sq_recover", long),
                       client.call("sq_disbursements", long), client.call("sq_log", long)):
            error = self.too_large(answer, "SQ_INVALID_ARGUMENT")
            self.assertEqual((4096, 4097), (error["expected"], error["actual"]))
        self.too_large(client.echo("x" * (8 * MIB + 1)), "SQ_INVALID_ARGUMENT")
        self.too_large(abi.call("sq_echo", ctypes.c_void_p(), "x" * (8 * MIB + 1)), "SQ_INVALID_ARGUMENT")
        self.assertStatus("SQ_OK", client.echo("ñ" * (4 * MIB)))
        self.assertNothingSent()

    def test_json_that_is_nested_deeper_than_any(self):
        def nested(depth):
            return "[" * depth + "]" * depth
        deep = {"start": lambda text: self.client.start(text), "ship": lambda text: self.client.call("sq_ship", "R", text),
                "refund": lambda text: self.client.call("sq_refund", "R", text), "update": lambda text: self.client.call("sq_update_order", "R", text),
                "report": lambda text: self.client.call("sq_send_delivery_report", text)}
        for name, call in deep.items():
            with self.subTest(name):
                self.too_large(call(nested(33)))
                self.assertNotIn("too_large", call(nested(32)).codes)
                for text in (nested(1_000_000), "[" * 1_000_000, '{"a":' * 100_000):
                    self.too_large(call(text))
        self.too_large(self.client.call("sq_log", nested(1000)), "SQ_INVALID_ARGUMENT")
        self.too_large(Client(nested(100_000)).opened, "SQ_INVALID_CONFIG")
        self.too_large(Client('{"order_defaults":' + nested(40) + "}").opened, "SQ_INVALID_CONFIG")

    def test_a_built_order_grows_no_further(self):
        order = ctypes.c_void_p()
        self.assertEqual(0, abi.lib.sq_order_new(None, ctypes.byref(order)))
        add = lambda: abi.lib.sq_order_add_item(order, None, b"R", b"N", 1, 1, 1)
        self.assertEqual({0}, {add() for _ in range(10_000)})
        self.assertEqual(abi.SQ_INVALID_ARGUMENT, add())
        self.assertEqual(abi.SQ_INVALID_ARGUMENT, abi.lib.sq_order_set_text(order, b"/x", b"x" * (8 * MIB + 1)))
        abi.lib.sq_order_free(order)

    def test_changes_without_an_answer_do_not_pile_up_without_end(self):
        _, _, _, ref = self.settled(self.client)
        self.assertStatus("SQ_OK", self.client.call("sq_ship", ref, None))
        self.sim.fault("close_before", method="PUT", times=0)
        names = [self.client.call("sq_refund", ref, {"amount": 1 + n, "reason": f"Motivo {n}"}).name for n in range(34)]
        self.assertEqual(["SQ_OUTCOME_UNKNOWN"] * 32 + ["SQ_WRONG_STATE"] * 2, names)
        self.sim.clear_faults()
        # All of them are asked for together, and it goes on.
        self.assertStatus("SQ_OK", self.client.call("sq_recover", None))
        answer = self.assertStatus("SQ_OK", self.client.call("sq_refund", ref, {"amount": 5}))
        self.assertEqual(sum(range(1, 33)) + 5, answer.data["amounts"]["refunded"])

    def test_strange_names_by_the_thousand_cost_no_more_than_they_are(self):
        order = orders.complete()
        order["customer"] = {f"given_nam{n}": "x" * 30 for n in range(50_000)}
        with self.ends_within(AT_ONCE_S):
            answer = self.client.start(order)
        self.assertStatus("SQ_INVALID_ORDER", answer)
        self.assertEqual((1000, "more_errors"), (len(answer.document["warnings"]), answer.warned[-1]))
        self.assertGreater(answer.document["warnings"][-1]["actual"], 49_000)

    def test_of_more_problems_than_are_listed_the_last_says_how_many(self):
        answer = self.client.start(orders.complete(cart={**cart(0), "items": [{}] * 10_000}))
        self.assertStatus("SQ_INVALID_ORDER", answer)
        self.assertEqual((1000, "more_errors"), (len(answer.codes), answer.codes[-1]))
        more = answer.document["errors"][-1]["actual"]
        self.assertGreater(more, 50_000)
        self.assertIn(f"{more + 998}", answer.document["operator_message"].replace(",", ""))


class ReadStrictly(Till):
    """What a lenient reader would take for something: the last of two keys, 100 for 1e2, half a text for a whole one."""

    def places(self, answer, status="SQ_INVALID_ORDER"):
        self.assertEqual(status, answer.name, answer.document)
        return [(error["code"], error["pointer"]) for error in answer.document["errors"]]

    def calls(self, client):
        """Each call that takes JSON about an order, with what may stand around it."""
        return {"start": lambda text: client.start('{"merchant":%s}' % text),
                "start, wrapped": lambda text: client.start('{"order":{"merchant":%s}}' % text),
                "confirm": lambda text: client.confirm("0ebeeda9-b7ec-4f06-87e8-0cb4bcc051a2", '{"merchant":%s}' % text),
                "hold": lambda text: client.hold("0ebeeda9-b7ec-4f06-87e8-0cb4bcc051a2", '{"merchant":%s}' % text),
                "update": lambda text: client.call("sq_update_order", "R", '{"merchant":%s}' % text),
                "update, wrapped": lambda text: client.call("sq_update_order", "R", '{"order":{"merchant":%s}}' % text),
                "refund": lambda text: client.call("sq_refund", "R", '{"merchant":%s}' % text),
                "report": lambda text: client.call("sq_send_delivery_report", '{"merchant":%s}' % text),
                "report, wrapped": lambda text: client.call("sq_send_delivery_report", '{"delivery_report":{"merchant":%s}}' % text)}

    def test_a_key_given_twice_is_named_with_its_place(self):
        client = self.open()
        for name, call in self.calls(client).items():
            with self.subTest(name):
                self.assertEqual([("duplicate_key", "/merchant/id")], self.places(call('{"id":"shop_es","id":"other"}')))
        answer = client.call("sq_ship", "R", '[{"reference":"A"},{"reference":"B","quantity":1,"quantity":2}]')
        self.assertEqual([("duplicate_key", "/1/quantity")], self.places(answer))
        answer = client.call("sq_log", '{"limit":1,"limit":2}')
        self.assertEqual([("duplicate_key", "/limit")], self.places(answer, "SQ_INVALID_ARGUMENT"))
        self.assertNothingSent()

    def test_a_key_given_twice_in_a_configuration(self):
        config = json.dumps(self.config())[:-1]
        for more, place in (('"journal":"/elsewhere"', "/journal"), ('"account_secret":"geheim-és-secreto"', "/account_secret"),
                            ('"order_defaults":{"gui":{"a":1,"a":2}}', "/order_defaults/gui/a"), ('"acc\\u006funt_key":"x"', "/account_key")):
            answer = Client(f"{config},{more}}}").opened
            self.assertEqual([("duplicate_key", place)], self.places(answer, "SQ_INVALID_CONFIG"))
            self.assertIn("twice", answer.document["errors"][0]["message"])
        self.assertFalse(self.journal.exists())

    def test_numbers_that_would_not_go_on_as_they_stand(self):
        client = self.open()
        for number, code in (("1e2", "not_an_integer"), ("1E2", "not_an_integer"), ("-0", "not_an_integer"), ("1.5e3", "not_an_integer"),
                             ("9223372036854775808", "out_of_range"), ("-9223372036854775809", "out_of_range"),
                             ("123456789012345678901234567890", "out_of_range")):
            for name, call in self.calls(client).items():
                with self.subTest(name, number=number):
                    self.assertEqual([(code, "/merchant/x")], self.places(call('{"x":%s}' % number)))
        order = json.dumps(orders.complete()).replace('"order_total_with_tax": 15497', '"order_total_with_tax": 154.97e2')
        self.assertEqual([("not_an_integer", "/cart/order_total_with_tax")], self.places(client.start(order)))
        self.assertNothingSent()

    def test_texts_that_c_programs_would_misread(self):
        client = self.open()
        for name, call in self.calls(client).items():
            with self.subTest(name):
                self.assertEqual([("invalid_value", "/merchant/id")], self.places(call('{"id":"shop\\u0000_es"}')))
                for lone in ("\\ud800", "\\udc00", "\\ud83dx"):
                    self.assertEqual([("invalid_json", None)], self.places(call('{"id":"%s"}' % lone), "SQ_INVALID_JSON"))
        answer = Client(json.dumps(self.config(journal=str(self.journal) + "\0.db"))).opened
        self.assertEqual([("invalid_value", "/journal")], self.places(answer, "SQ_INVALID_CONFIG"))
        self.assertNothingSent()

    def test_what_is_well_is_passed_on_as_it_stands(self):
        order = orders.complete()
        order["merchant"]["notification_parameters"] = {"a": -0.5, "b": 9223372036854775807, "c": [1.25, {"a": "\\u0000 é 😀"}], "b\\": {}}
        self.assertStatus("SQ_OK", self.open().start(order))
        self.assertEqual(order["merchant"]["notification_parameters"],
                         json.loads(self.sim.bodies("POST")[0])["order"]["merchant"]["notification_parameters"])


class NeverSent(Till):
    """What cannot be a header, an address or a name of an account is refused where it is given."""

    MERCHANTS = ("shop\nes", "shop\r\nX-Evil: 1", "shop es", "shop_ñ", 'shop"es', "\u2028", "", " shop_es", "shop_es\t", "\x7f",
                 ".", "..", "%2E%2E", ".%2e", "a/../b", "x" * 256)

    def test_merchants(self):
        for merchant in self.MERCHANTS:
            with self.subTest(merchant):
                answer = self.try_open(merchant_id=merchant).opened
                self.assertStatus("SQ_INVALID_CONFIG", answer)
                self.assertEqual("/merchant_id", answer.document["errors"][0]["pointer"])
                if merchant.strip() == merchant:  # of a list they are taken without their blanks
                    answer = self.try_open(merchant_id=None, merchants={"ES": merchant}).opened
                    self.assertStatus("SQ_INVALID_CONFIG", answer)
        client = self.open(merchant_id=None, journal=str(self.folder / "open.db"))
        for merchant in self.MERCHANTS:
            with self.subTest(merchant):
                answer = self.assertStatus("SQ_INVALID_ORDER", client.start(orders.complete(merchant={"id": merchant})))
                self.assertIn("/merchant/id", [error["pointer"] for error in answer.document["errors"]])
                report = client.call("sq_send_delivery_report", {"merchant": {"id": merchant}, "orders": []})
                self.assertStatus("SQ_INVALID_ORDER", report)
                empty = {"currency": "EUR", "gift": False, "order_total_with_tax": 0, "items": []}
                update = {"unshipped_cart": empty, "shipped_cart": empty, "merchant": {"id": merchant}}
                self.assertStatus("SQ_INVALID_ORDER", client.call("sq_update_order", "R-ELSEWHERE", update))
        self.assertEqual([], self.rows(journal=self.folder / "open.db"))
        self.assertNothingSent()

    def test_accounts(self):
        for key in ("a:b", "a\nb", "a\tb", "cuenta_ñ", "账号", "\x7f"):
            with self.subTest(key):
                answer = self.assertStatus("SQ_INVALID_CONFIG", self.try_open(account_key=key).opened, "invalid_value")
                self.assertEqual("/account_key", answer.document["errors"][0]["pointer"])

    def test_secrets(self):
        place = self.folder / "secret"
        for secret in ("one\ntwo", "one\ttwo", "\x01", "one\x7f", "one\u0085two"):
            with self.subTest(secret):
                place.write_text(secret, encoding="utf-8")
                for changes in ({"account_secret": secret}, {"account_secret": None, "account_secret_file": str(place)}):
                    answer = self.assertStatus("SQ_INVALID_CONFIG", self.try_open(**changes).opened, "invalid_value")
                    self.assertNotIn("one", answer.document["errors"][0]["message"].replace("one line", ""))

    def test_references(self):
        client = self.open()
        url, _, order = self.confirmed(client)
        for ref in (".", "..", "%2E%2E", "%2e", ".%2E", "%252e%252e", "../R-1", "R/../1", "R\\..\\1", "./R"):
            with self.subTest(ref), self.sends(0):
                answer = self.assertStatus("SQ_INVALID_ORDER", client.set_ref(url, ref), "invalid_value")
                self.assertEqual("/merchant_reference/order_ref_1", answer.document["errors"][0]["pointer"])
                self.assertIn("invalid_value", self.assertStatus("SQ_INVALID_ORDER", client.start(orders.complete(ref))).codes)
                empty = {"currency": "EUR", "gift": False, "order_total_with_tax": 0, "items": []}
                answer = client.call("sq_update_order", ref, {"unshipped_cart": empty, "shipped_cart": empty})
                self.assertStatus("SQ_INVALID_ORDER", answer, "invalid_value")
        # The second one is a part of no address.
        self.assertStatus("SQ_OK", client.set_ref(url, "R...1", ".."))

    def test_what_is_the_address_of_no_order(self):
        client, base = self.open(), self.sim.http.rstrip("/")
        order = "0ebeeda9-b7ec-4f06-87e8-0cb4bcc051a2"
        host, port = base.removeprefix("http://").split(":")
        for url in (f"{base}/orders/delivery_reports", f"{base}/orders/payment_methods", f"{base}/orders/..", f"{base}/orders/%2e%2e",
                    f"http://{host}:+{port}/orders/{order}", f"http://{host}:/orders/{order}", f"http://@{host}:{port}/orders/{order}",
                    f"http://[::1%25lo]:{port}/orders/{order}"):
            with self.subTest(url):
                self.assertStatus("SQ_FOREIGN_URL", client.confirm(url, orders.complete()))
        for path in ("/merchants/shop_es/disbursements/%2E%2E", "/merchants/../disbursements/1", "/merchants/%2e%2e/disbursements/1",
                     "/merchants/a%2f..%2fb/disbursements/1", '/merchants/shop"es/disbursements/1'):
            with self.subTest(path):
                self.assertStatus("SQ_INVALID_ARGUMENT", client.call("sq_disbursements", path))
        self.assertNothingSent()

    def test_what_is_the_address_of_nobody(self):
        for url in ("https://h:+443/", "https://h:/", "https://h:0/", "https://h:65536/", "https://me@h/", "https://@h/", "https://[fe80::1%25eth0]/",
                    "https://[fe80::1%eth0]/", "https://[::1/", "https://h..x/", "https://h%41/", "https://-h/", "https://h\\x/", "https://h#x/"):
            with self.subTest(url):
                answer = self.assertStatus("SQ_INVALID_CONFIG", self.try_open(base_url=url).opened, "invalid_url")
                self.assertEqual("/base_url", answer.document["errors"][0]["pointer"])
        for url in ("http://proxy:+3128", "http://proxy:", "http://proxy:0", "http://proxy:99999", "http://[::1%25lo]:1", "http://proxy/x", "ftp://proxy"):
            with self.subTest(url):
                answer = self.try_open(base_url="https://sequra.test/", proxy=url).opened
                self.assertStatus("SQ_INVALID_CONFIG", answer, "invalid_url")
                self.assertEqual("/proxy", answer.document["errors"][0]["pointer"])


class MostLikelyNotMeant(Till):
    """Allowed, and said: a warning when the client is opened."""

    def warned(self, opened):
        return [(warning["code"], warning["pointer"]) for warning in opened.document["warnings"]]

    def test_a_path_with_a_backslash_that_is_none(self):
        # In JSON "C:\till\new.journal" holds a TAB and the end of a line.
        folder = self.folder / "C:\till"
        folder.mkdir()
        client = self.open(journal=f"{folder}\new.journal")
        warning, = client.opened.document["warnings"]
        self.assertEqual(("doubtful_setting", "/journal"), (warning["code"], warning["pointer"]))
        self.assertIn("twice", warning["message"])
        # Where it cannot be opened, that is why.
        answer = self.try_open(journal=str(self.folder / "C:\tnowhere" / "new.journal")).opened
        self.assertStatus("SQ_JOURNAL", answer)
        self.assertEqual([("doubtful_setting", "/journal")], self.warned(answer))

    def test_what_else_is_allowed(self):
        secret = self.folder / "secret"
        secret.write_text(" padded ")
        for changes, pointer in (({"timeouts": {"total_ms": 999}}, "/timeouts/total_ms"), ({"account_secret": " padded"}, "/account_secret"),
                                 ({"account_secret": None, "account_secret_file": str(secret)}, "/account_secret_file"),
                                 ({"account_key": KEY + " "}, "/account_key")):
            with self.subTest(pointer):
                client = self.open(journal=":memory:", **changes)
                self.assertEqual([("doubtful_setting", pointer)], self.warned(client.opened))
                self.assertNotIn("padded", json.dumps(client.opened.document))

    def test_nothing_is_said_of_what_is_usual(self):
        secret = self.folder / "secret"
        secret.write_text("\ufeffsandbox_secret\r\n", encoding="utf-8")
        client = self.open(account_secret=None, account_secret_file=str(secret), timeouts={"total_ms": 1000})
        self.assertEqual([], self.warned(client.opened))
        self.assertStatus("SQ_OK", client.check_credentials())


class WhatIsNoFile(Till):
    """Nothing that a configuration names keeps the opening waiting, or is read without end."""

    def test_pipes_devices_and_folders(self):
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        link = self.folder / "link"
        link.symlink_to("/dev/zero")
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(self.folder / "socket"))
        self.addCleanup(listener.close)
        reading, writing = os.pipe()
        self.addCleanup(os.close, reading)
        self.addCleanup(os.close, writing)
        for path in (pipe, link, "/dev/zero", "/dev/random", "/dev/tty", self.folder, self.folder / "socket",
                     f"/proc/self/fd/{reading}"):
            for changes, pointer in (({"base_url": self.sim.https, "roots": {"file": str(path)}}, "/roots/file"),
                                     ({"account_secret": None, "account_secret_file": str(path)}, "/account_secret_file")):
                with self.subTest(path=path, pointer=pointer), self.ends_within(AT_ONCE_S):
                    answer = self.assertStatus("SQ_INVALID_CONFIG", self.try_open(**changes).opened, "file_unreadable")
                    self.assertEqual(pointer, answer.document["errors"][0]["pointer"])
            with self.subTest(path=path), self.ends_within(AT_ONCE_S):
                self.assertStatus("SQ_INVALID_CONFIG", Client(path=str(path)).opened, "file_unreadable")
            with self.subTest(path=path, roots="system"), self.ends_within(AT_ONCE_S):
                worker = Worker("open", {"config": self.config(base_url=self.sim.https, roots="system")}, SSL_CERT_FILE=str(path))
                self.assertEqual("SQ_INVALID_CONFIG", worker.next()["status"])
                worker.end()

    def test_files_that_are_too_large(self):
        for size, pointer in ((4 * MIB + 1, "/roots/file"), (1 << 40, "/roots/file"), (MIB + 1, "/account_secret_file"), (1 << 40, "/account_secret_file")):
            place = self.folder / f"large-{size}"
            with open(place, "wb") as file:
                file.truncate(size)
            changes = ({"base_url": self.sim.https, "roots": {"file": str(place)}} if pointer == "/roots/file"
                       else {"account_secret": None, "account_secret_file": str(place)})
            with self.subTest(size=size, pointer=pointer), self.ends_within(AT_ONCE_S):
                answer = self.assertStatus("SQ_INVALID_CONFIG", self.try_open(**changes).opened, "file_unreadable")
                self.assertIn(str(size), answer.document["errors"][0]["message"])


class WhatIsAnswered(Till):
    def size(self):
        return sum(file.stat().st_size for file in self.folder.iterdir() if file.name.startswith(self.journal.name))

    def test_ten_refusals_of_four_megabytes_make_no_journal_of_forty(self):
        client = self.open()
        text = "No, porque " + "no " * 1_300_000
        for _ in range(10):
            url, _, order = self.approved(client)
            self.sim.fault("conflict", errors=[text], method="PUT")
            answer = self.assertStatus("SQ_CONFLICT", client.confirm(url, order))
            # The till has it whole; the log keeps what anybody will read.
            self.assertEqual(text, answer.document["errors"][0]["message"])
        self.assertLess(self.size(), 2 * MIB)
        entry = client.call("sq_log", {"attention": True}).data["entries"][0]
        self.assertEqual(text[:2000] + "…", entry["description"])

    def test_more_errors_than_anybody_reads(self):
        client = self.open()
        url, _, order = self.approved(client)
        body = json.dumps({"errors": ["x"] * 800_000}, separators=(",", ":"))
        self.sim.fault("status", status=409, body=body, method="PUT")
        answer = self.assertStatus("SQ_CONFLICT", client.confirm(url, order))
        self.assertEqual((1000, "more_errors", 800_000 - 999), (len(answer.codes), answer.codes[-1], answer.document["errors"][-1]["actual"]))
        self.assertLess(len(answer.raw), MIB)
        self.assertLess(self.size(), MIB)

    def test_that_a_reference_is_taken_is_the_whole_story_only_where_nothing_else_is_said(self):
        client = self.open()
        url, _, order = self.approved(client)
        taken = "order_ref_1 is already in use for this merchant"
        self.sim.fault("status", status=409, body=json.dumps({"errors": [taken] * 5000}), method="PUT")
        self.assertStatus("SQ_CONFLICT", client.confirm(url, order))

    def test_a_NUL_ends_no_text(self):
        for encoding, said in (("utf-8", "antes�después"), ("windows-1252", "antes?después")):
            client = self.open(encoding, text_encoding=encoding, journal=str(self.folder / f"{encoding}.db"))
            url, _, order = self.approved(client)
            self.sim.fault("conflict", errors=["antes\0después", "\\u0000 stays"], method="PUT")
            handle, out = client.handle, ctypes.c_void_p()
            status = abi.lib.sq_confirm(handle, abi.text(url), None, ctypes.byref(out))
            self.assertEqual(abi.SQ_CONFLICT, status)
            room = ctypes.c_uint32(100)
            text = ctypes.create_string_buffer(100)
            self.assertEqual(0, abi.lib.sq_buffer_get(out, b"/errors/0/message", text, ctypes.byref(room)))
            self.assertEqual(said, text.raw[:room.value - 1].decode(encoding))
            raw, document = abi.take(out, encoding)
            self.assertNotIn(b"\\u0000d", raw)
            self.assertEqual(["antes�después", "\\u0000 stays"], [error["message"] for error in document["errors"]])
            log, = [entry for entry in client.call("sq_log", None).data["entries"] if entry["status"] == "SQ_CONFLICT"]
            self.assertEqual("antes�después | \\u0000 stays", log["description"])

    def test_json_that_is_nested_without_end(self):
        client = self.open()
        for body in ("[" * 100_000, "[" * 100_000 + "]" * 100_000, '{"payment_options":' + "[" * 1000 + "]" * 1000 + "}"):
            self.sim.fault("bad_json", body=body)
            self.assertStatus("SQ_BAD_RESPONSE", client.payment_methods(), "unreadable_answer")
            self.sim.fault("status", status=409, body=body, method="GET")
            self.assertStatus("SQ_CONFLICT", client.check_credentials())

    def test_headers_that_are_longer_than_any(self):
        def behave(connection):
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 409 Conflict\r\nX-Request-Id: " + b"x" * 50_000 + b"\r\nContent-Length: 17\r\nConnection: close\r\n\r\n"
                               b'{"errors":["no"]}')
        with Listener(behave) as server:
            client = self.open(base_url=server.url)
            answer = client.start(orders.complete())
        self.assertIn(answer.name, ("SQ_CONFLICT", "SQ_OUTCOME_UNKNOWN"))
        self.assertIsNone(answer.document["http"]["request_id"])

    def test_a_long_refusal_of_an_order_that_says_much_of_somebody(self):
        client = self.open(timeouts={"connect_ms": 2000, "total_ms": 60_000})
        order = orders.complete()
        relatives = [{"given_names": f"Nombre{n}", "nin": f"{n:08}T", "date_of_birth": f"{1900 + n % 100}-{1 + n // 100 % 12:02}-{1 + n // 1200:02}"}
                     for n in range(9000)]
        order["customer"]["relatives"] = relatives
        url, _, order = self.approved(client, order)
        quoted = "".join(f"{one['date_of_birth']} {one['given_names']} {one['nin']} Güell 3-4-2001, " for one in relatives)
        self.sim.fault("conflict", errors=[(quoted * 10)[:3_500_000]], method="PUT")
        began = time.monotonic()
        self.assertStatus("SQ_CONFLICT", client.confirm(url, order))
        self.assertLess(time.monotonic() - began, 20)  # a walk over the text for each of them took a minute
        entry, = [entry for entry in client.call("sq_log", None).data["entries"] if entry["status"] == "SQ_CONFLICT"]
        self.assertIn("3-4-2001", entry["description"])
        for personal in ("Nombre", "Güell", "1900-", "00000000T"):
            self.assertNotIn(personal, entry["description"])


if __name__ == "__main__":
    unittest.main()
