"""The configuration: read strictly, every problem at once, and what each key does."""

import json
import os
import unittest

import abi
import orders
from abi import Client
from simulator import KEY, SECRET
from till import LANGUAGES, Till


class WhatIsRefused(Till):
    def refused(self, *expected, **changes):
        answer = self.try_open(**changes).opened
        self.assertStatus("SQ_INVALID_CONFIG", answer)
        self.assertEqual(sorted(expected), sorted((e["pointer"], e["code"]) for e in answer.document["errors"]),
                         answer.document["errors"])
        self.assertEqual("fix_configuration", answer.next)
        return answer

    def test_an_unknown_key_names_the_nearest_one(self):
        for key, nearest in (("acount_key", "account_key"), ("Journal", "journal"), ("time_outs", "timeouts"),
                             ("merchantid", "merchant_id"), ("lang", "language")):
            with self.subTest(key):
                answer = self.refused((f"/{key}", "unknown_key"), **{key: "x"})
                self.assertIn(nearest, answer.document["errors"][0]["message"])

    def test_unknown_keys_deeper_down_are_refused_too(self):
        answer = self.refused(("/timeouts/total", "unknown_key"), timeouts={"total": 5})
        self.assertIn("total_ms", answer.document["errors"][0]["message"])

    def test_every_problem_is_told_at_once(self):
        answer = Client({"account_key": 7, "language": "de", "timeouts": {"total_ms": -1}, "proxy": 5, "nonsense": 1,
                         "excluded_products": "A", "excluded_categories": [[]], "personal_data": "keep", "log_retention_days": "many"}).opened
        self.assertStatus("SQ_INVALID_CONFIG", answer)
        pointers = {error["pointer"] for error in answer.document["errors"]}
        self.assertLessEqual({"/environment", "/account_key", "/journal", "/language", "/timeouts/total_ms", "/proxy",
                              "/nonsense", "/excluded_products", "/excluded_categories", "/personal_data", "/log_retention_days"}, pointers)
        self.assertTrue([p for p in pointers if p.startswith("/account_secret")], pointers)

    def test_an_empty_configuration_lists_what_is_required(self):
        answer = Client({}).opened
        self.assertStatus("SQ_INVALID_CONFIG", answer)
        self.assertEqual({"/environment", "/account_key", "/account_secret", "/journal"},
                         {error["pointer"] for error in answer.document["errors"]})

    def test_values_of_the_wrong_kind(self):
        for key, value in (("environment", "production"), ("deployment", "klarna"), ("base_url", "not a url"),
                           ("base_url", "ftp://127.0.0.1/"), ("base_url", 7), ("account_key", ""), ("journal", 5),
                           ("timeouts", 30), ("roots", "windows"), ("proxy", "nonsense"), ("proxy", ""), ("language", "xx"),
                           ("merchants", []), ("merchants", {"ES": 5}), ("merchants", {"Spain": "x"}), ("order_defaults", []),
                           ("status_mapping", {"solicited": 7}), ("personal_data", {"keep_days": -1}),
                           ("log_retention_days", 0), ("log_retention_days", 1.5), ("merchant_id", "")):
            with self.subTest(key=key, value=value):
                answer = self.try_open(**{key: value, **({"merchant_id": None} if key == "merchants" else {})}).opened
                self.assertStatus("SQ_INVALID_CONFIG", answer)
                self.assertTrue(all(e["pointer"].startswith(f"/{key}") for e in answer.document["errors"]), answer.document)

    def test_http_is_for_loopback_only(self):
        for url in ("http://sandbox.sequrapi.com/", "http://192.168.1.10:8080/", "http://127.0.0.1.evil.example/",
                    "http://localhost.evil.example/", "http://0.0.0.0/", "http://10.0.0.1/"):
            with self.subTest(url):
                self.refused(("/base_url", "insecure_url"), base_url=url)
        for url in ("http://127.0.0.1:1/", "http://localhost:1/", "http://[::1]:1/", "http://127.9.9.9:1", "https://x.example"):
            with self.subTest(url):
                self.open(base_url=url, journal=":memory:").close()

    def test_credentials_do_not_belong_into_the_address(self):
        answer = self.refused(("/base_url", "invalid_url"), base_url="https://me:geheim-és-secreto@x.example/")
        self.assertNotIn("geheim", str(answer.document))

    def test_a_merchant_and_a_list_of_merchants_exclude_each_other(self):
        answer = self.try_open(merchants={"ES": "shop_es"}).opened
        self.assertStatus("SQ_INVALID_CONFIG", answer)
        self.assertIn("mutually_exclusive", answer.codes)

    def test_two_secrets_exclude_each_other(self):
        answer = self.try_open(account_secret_env="HOME").opened
        self.assertStatus("SQ_INVALID_CONFIG", answer)
        self.assertIn("mutually_exclusive", answer.codes)

    def test_what_is_no_json(self):
        for raw in ("{", "", "nonsense", "{\"a\": C:\\till}", "{} x"):
            with self.subTest(raw):
                answer = Client(raw).opened
                self.assertIn(answer.name, ("SQ_INVALID_JSON", "SQ_INVALID_ARGUMENT") if not raw else ("SQ_INVALID_JSON",))
        answer = Client("{\n\"a\":\n}").opened
        self.assertRegex(answer.document["errors"][0]["message"], r"line 3.*column 1")

    def test_what_is_no_object(self):
        for raw in ("[]", "7", "null", "\"x\""):
            self.assertStatus("SQ_INVALID_CONFIG", Client(raw).opened, "wrong_type")

    def test_bytes_that_are_no_text(self):
        answer = self.assertStatus("SQ_INVALID_TEXT", Client(b'{"account_key": "\xff"}').opened, "invalid_text")
        self.assertEqual(17, answer.document["errors"][0]["actual"])

    def test_no_configuration_and_no_place_for_the_client(self):
        self.assertStatus("SQ_INVALID_ARGUMENT", Client(None).opened, "null_argument")
        self.assertEqual(1001, abi.lib.sq_client_open(b"{}", None, None))

    def test_order_defaults_may_not_bring_a_callback(self):
        # Whether it is told when the client opens or with each order: it never reaches seQura.
        client = self.try_open(order_defaults={"merchant": {"notify_url": "https://shop.example/ipn"}})
        if client.opened.status == 0:
            self.assertStatus("SQ_INVALID_ORDER", client.start(orders.complete()), "callback_not_allowed")
        else:
            self.assertStatus("SQ_INVALID_CONFIG", client.opened)
        self.assertNothingSent()


class WhatTheKeysDo(Till):
    def sent(self):
        return json.loads(self.sim.bodies("POST", "/orders")[-1])["order"]

    def test_the_secret_may_come_from_a_file(self):
        place = self.folder / "señas.txt"
        for content in (SECRET, SECRET + "\n", SECRET + "\r\n"):
            with self.subTest(content):
                place.write_text(content, encoding="utf-8", newline="")
                client = self.open(account_secret=None, account_secret_file=str(place), journal=":memory:")
                self.assertStatus("SQ_OK", client.check_credentials())

    def test_a_secret_file_that_is_not_there_or_empty_is_a_problem_of_the_configuration(self):
        (self.folder / "empty").write_text("")
        for name in ("missing", "empty", "."):
            answer = self.try_open(account_secret=None, account_secret_file=str(self.folder / name)).opened
            self.assertStatus("SQ_INVALID_CONFIG", answer)
            self.assertEqual("/account_secret_file", answer.document["errors"][0]["pointer"])

    def test_the_secret_may_come_from_the_environment(self):
        # The library reads the C environment, so it must be set there: os.environ does so.
        os.environ["SEQURA_TEST_SECRET"] = SECRET
        self.addCleanup(os.environ.pop, "SEQURA_TEST_SECRET", None)
        client = self.open(account_secret=None, account_secret_env="SEQURA_TEST_SECRET")
        self.assertStatus("SQ_OK", client.check_credentials())
        answer = self.try_open(account_secret=None, account_secret_env="SEQURA_NO_SUCH_VARIABLE").opened
        self.assertStatus("SQ_INVALID_CONFIG", answer)
        self.assertEqual("/account_secret_env", answer.document["errors"][0]["pointer"])

    def test_a_secret_with_accents_and_a_colon_authorises(self):
        client = self.open(account_secret="geheim-és-secreto")
        self.assertStatus("SQ_UNAUTHORIZED", client.check_credentials())  # and the schema check: it is shown nowhere

    def test_order_defaults_lie_under_every_order(self):
        order = orders.complete()
        defaults = {"platform": order.pop("platform"), "gui": order.pop("gui"),
                    "customer": {"ip_number": order["customer"].pop("ip_number"), "email": "nobody@example.es"},
                    "delivery_method": {"name": "default", "days": "2"}}
        client = self.open(order_defaults=defaults)
        self.assertStatus("SQ_OK", client.start(order))
        sent = self.sent()
        self.assertEqual(orders.COMPLETE["platform"], sent["platform"])
        self.assertEqual(("127.0.0.1", "inigo.munoz@example.es"), (sent["customer"]["ip_number"], sent["customer"]["email"]))
        self.assertEqual({"name": "Recogida en tienda", "days": "2"}, sent["delivery_method"])

    def test_order_defaults_lie_under_the_confirmation_too(self):
        order = orders.complete()
        client = self.open(order_defaults={"platform": order.pop("platform")})
        url, uuid, _ = self.approved(client, order)
        self.assertStatus("SQ_OK", client.confirm(url, order))
        self.assertEqual(orders.COMPLETE["platform"], json.loads(self.sim.bodies("PUT")[0])["order"]["platform"])

    def test_the_merchant_is_filled_in(self):
        order = orders.complete()
        del order["merchant"]
        answer = self.assertStatus("SQ_OK", self.open().start(order))
        self.assertEqual(("shop_es", "shop_es"), (self.sent()["merchant"]["id"], answer.order["merchant_id"]))

    def test_an_order_may_name_another_merchant_than_the_configuration_and_is_told_so(self):
        # "May be left out where the configuration decides it": what the order says itself counts.
        answer = self.open().start(orders.complete(merchant={"id": "shop_fr"}))
        self.assertIn("merchant_mismatch", answer.warned)
        self.assertEqual("shop_fr", json.loads(self.sim.bodies("POST")[-1])["order"]["merchant"]["id"])

    def test_a_country_that_its_merchant_does_not_sell_in(self):
        client = self.open(merchant_id=None, merchants={"ES": "shop_es", "PT": "shop_fr", "IT": "nobody"})
        answer = self.assertStatus("SQ_OK", client.check_credentials())
        self.assertEqual([("merchant_mismatch", "nobody", None), ("merchant_mismatch", "PT", ["FR"])],
                         [(one["code"], one["actual"], one["expected"]) for one in answer.document["warnings"]])
        self.assertIn("sells in PT as merchant shop_fr, who may sell in FR only", answer.document["warnings"][1]["message"])

    def test_merchants_go_by_the_selling_country(self):
        client = self.open(merchant_id=None, merchants={"ES": "shop_es", "FR": "shop_fr", "PT": "shop_pt"})
        for country, merchant in (("ES", "shop_es"), ("FR", "shop_fr"), ("PT", "shop_pt")):
            order = orders.complete()
            del order["merchant"]
            for address in ("delivery_address", "invoice_address"):
                order[address]["country_code"] = country
            answer = self.assertStatus("SQ_OK", client.start(order))
            self.assertEqual(merchant, answer.order["merchant_id"])
            headers = self.sim.requests("POST")[-1]["headers"]
            self.assertEqual(merchant, dict(headers if isinstance(headers, list) else headers.items())["sequra-merchant-id"])
        order["delivery_address"]["country_code"] = order["invoice_address"]["country_code"] = "IT"
        with self.sends(0):
            answer = self.assertStatus("SQ_INVALID_ORDER", client.start(order))
        self.assertIn("no_merchant_for_country", answer.codes)

    def test_without_a_configured_merchant_each_order_names_its_own(self):
        client = self.open(merchant_id=None)
        self.assertStatus("SQ_OK", client.start(orders.complete()))
        order = orders.complete()
        del order["merchant"]
        answer = self.assertStatus("SQ_INVALID_ORDER", client.start(order))
        self.assertEqual(["missing_field"], answer.at("/merchant") + answer.at("/merchant/id"))

    def test_the_store_is_put_into_every_order_that_has_none(self):
        client = self.open(store_ref="tienda-7")
        client.start(orders.complete())
        self.assertEqual("tienda-7", self.sent()["merchant"]["store_ref"])
        client.start(orders.complete(merchant={"id": "shop_es", "store_ref": "tienda-8"}))
        self.assertEqual("tienda-8", self.sent()["merchant"]["store_ref"])

    def test_the_states_of_seQura_become_the_shops_own(self):
        mapping = {"solicited": "PENDIENTE", "approved": "PAGADO", "needs_review": "EN REVISIÓN", "cancelled": None}
        client = self.open(status_mapping=mapping)
        started = client.start(orders.complete(orders.new_ref()))
        self.assertEqual("PENDIENTE", started.order["shop_status"])
        client.send_form(started.url)
        self.sim.review(started.uuid)
        self.assertEqual("EN REVISIÓN", client.hold(started.url).order["shop_status"])
        self.sim.approve(started.uuid)
        self.assertEqual("PAGADO", client.confirm(started.url).order["shop_status"])

    def test_the_portal_is_known_where_the_environment_is(self):
        client = self.open(environment="sandbox")
        started = self.assertStatus("SQ_OK", client.start(orders.complete()))
        self.assertEqual(f"https://portal-sandbox.sequra.com/orders/{started.uuid}", started.order["portal_url"])

    def test_each_language_speaks_for_itself(self):
        said = {}
        for language in (*LANGUAGES, None):
            client = self.open(language=language, journal=":memory:")
            said[language] = client.start(orders.complete()).document["operator_message"]
        self.assertEqual(said["es"], said[None], "Spanish where none is named")
        self.assertEqual(len(LANGUAGES), len(set(said.values())), said)

    def test_null_counts_as_not_given(self):
        client = Client(dict(self.config(journal=":memory:"), store_ref=None, roots=None, shop_order_url=None))
        self.clients.append(client)
        self.assertStatus("SQ_OK", client.opened)

    def test_proxy_none_passes_by_the_proxy_of_the_environment(self):
        from simulator import free_port
        os.environ["HTTP_PROXY"] = os.environ["ALL_PROXY"] = f"http://127.0.0.1:{free_port()}"
        for name in ("HTTP_PROXY", "ALL_PROXY"):
            self.addCleanup(os.environ.pop, name, None)
        self.assertStatus("SQ_OK", self.open(proxy="none", journal=":memory:").check_credentials())

    def test_roots_that_cannot_be_read_are_a_problem_of_the_configuration(self):
        (self.folder / "empty.pem").write_text("")
        (self.folder / "nonsense.pem").write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
        for name in ("missing.pem", "empty.pem", "nonsense.pem"):
            with self.subTest(name):
                answer = self.try_open(base_url=self.sim.https, roots={"file": str(self.folder / name)}).opened
                self.assertStatus("SQ_INVALID_CONFIG", answer)
                self.assertIn("/roots", answer.document["errors"][0]["pointer"])


class WhatIsNotSoldWithSequra(Till):
    def test_an_excluded_item_is_refused_with_its_place_before_anything_is_sent(self):
        client = self.open(excluded_products=["CAÑ-7", 4711], excluded_categories=["Tabaco"])
        order = orders.complete()
        order["cart"]["items"][0].update(category="TABACO")
        order["cart"]["items"][2].update(product_id=4711)
        with self.sends(0):
            answer = self.assertStatus("SQ_INVALID_ORDER", client.start(order), *["excluded_item"] * 3)
        self.assertEqual([("/cart/items/0/category", "TABACO"), ("/cart/items/1/reference", "CAÑ-7"),
                          ("/cart/items/2/product_id", "4711")],
                         [(error["pointer"], error["actual"]) for error in answer.document["errors"]])
        self.assertEqual("fix_order", answer.next)
        url, _, order = self.approved(self.open())
        order["cart"]["items"][1]["reference"] = "CAÑ-7"
        self.assertStatus("SQ_INVALID_ORDER", client.confirm(url, order), "excluded_item")

    def test_everything_else_is_sold(self):
        client = self.open(excluded_products=["CAÑ"], excluded_categories=["tabacos"])
        self.assertStatus("SQ_OK", client.start(orders.complete()))


class ConfigurationFiles(Till):
    def file(self, content, name="config.json"):
        place = self.folder / name
        place.write_bytes(content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode())
        return place

    def from_file(self, place, encoding="utf-8"):
        client = Client(path=str(place), encoding=encoding)
        self.clients.append(client)
        return client

    def test_a_file_opens_like_its_text(self):
        client = self.from_file(self.file(self.config()))
        self.assertStatus("SQ_OK", client.opened)
        self.settled(client)

    def test_a_byte_order_mark_and_accents_in_the_path_are_no_trouble(self):
        content = b"\xef\xbb\xbf" + json.dumps(self.config()).encode()
        self.assertStatus("SQ_OK", self.from_file(self.file(content, "configuración nº 1 — €.json")).opened)

    def test_a_file_in_windows_1252_that_says_so(self):
        place = self.folder / "Señor Muñoz.db"
        config = self.config(text_encoding="windows-1252", journal=str(place))
        client = self.from_file(self.file(json.dumps(config, ensure_ascii=False).encode("cp1252")), "windows-1252")
        self.assertStatus("SQ_OK", client.opened)
        self.assertTrue(place.exists())

    def test_files_that_cannot_be_read(self):
        big = self.file(json.dumps(self.config()).encode() + b" " * (1 << 20), "big.json")
        for place in (self.folder / "missing.json", self.folder, big):
            with self.subTest(place.name):
                self.assertStatus("SQ_INVALID_CONFIG", self.from_file(place).opened, "file_unreadable")

    def test_files_that_hold_no_configuration(self):
        self.assertStatus("SQ_INVALID_JSON", self.from_file(self.file(b"{")).opened)
        self.assertStatus("SQ_INVALID_JSON", self.from_file(self.file(b"")).opened)
        self.assertStatus("SQ_INVALID_TEXT", self.from_file(self.file(b'{"a":"\xff"}')).opened)
        self.assertStatus("SQ_INVALID_CONFIG", self.from_file(self.file({"nonsense": 1})).opened)
        self.assertIn(self.from_file(self.file(json.dumps(self.config()).encode("utf-16"))).opened.name,
                      ("SQ_INVALID_TEXT", "SQ_INVALID_JSON"))

    def test_no_path(self):
        self.assertEqual(1001, abi.lib.sq_client_open_file(None, None, None))
        import ctypes
        handle = ctypes.c_void_p(0x5555)
        self.assertEqual(1001, abi.lib.sq_client_open_file(None, ctypes.byref(handle), None))
        self.assertIsNone(handle.value)
        self.assertEqual(1001, abi.lib.sq_client_open_file(str(self.file(self.config())).encode(), None, None))


if __name__ == "__main__":
    unittest.main()
