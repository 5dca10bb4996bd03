"""What is only tried is never taken for a sale, nor a sale for what is only tried: `mode`, and the operator's sentences."""

import json

import orders
from till import Till

#: What the operator reads first, in each language, of what is only tried.
MARKS = dict(es="PRUEBA: ", en="TEST: ", fr="TEST: ", it="PROVA: ", pt="TESTE: ")
LIVE, SANDBOX = "https://live.sequrapi.com/", "https://sandbox.sequrapi.com/"


class Mode(Till):
    def test_the_opening_says_what_it_is_and_where(self):
        for base_url, environment, deployment, mode, endpoint in (
                (self.base_url, None, None, "simulator", self.base_url.rstrip("/") + "/"),
                (self.base_url, "sandbox", None, "sandbox", self.base_url.rstrip("/") + "/"),
                (self.base_url, "live", None, "live", self.base_url.rstrip("/") + "/"),
                ("http://localhost:9/a", None, None, "simulator", "http://localhost:9/a/"),
                ("http://[::1]:9/", None, None, "simulator", "http://[::1]:9/"),
                (None, "sandbox", None, "sandbox", SANDBOX),
                (None, "live", None, "live", LIVE),
                (None, "sandbox", "svea", "sandbox", "https://next-sandbox.sequra.svea.com/"),
                (None, "live", "svea", "live", "https://live.sequra.svea.com/"),
                (LIVE, None, None, "live", LIVE), (SANDBOX, None, None, "sandbox", SANDBOX),
                ("https://LIVE.SequraPI.com:443", None, None, "live", LIVE),
                ("https://live.sequra.svea.com/", None, None, "live", "https://live.sequra.svea.com/"),
                ("https://sandbox.sequra.svea.com/", None, None, "sandbox", "https://sandbox.sequra.svea.com/"),
                ("https://gateway.shop.example/", None, None, None, "https://gateway.shop.example/"),
                ("https://gateway.shop.example/", "live", None, "live", "https://gateway.shop.example/"),
                ("https://sandbox.sequrapi.com.example/", None, None, None, "https://sandbox.sequrapi.com.example/"),
                ("https://10.1.2.3/", None, None, None, "https://10.1.2.3/")):
            with self.subTest(base_url=base_url, environment=environment, deployment=deployment):
                client = self.open(base_url=base_url, environment=environment, deployment=deployment)
                data = client.opened.data
                self.assertEqual((mode, endpoint), (data["mode"], data["endpoint"]))
                self.assertEqual(str(self.journal), data["journal"]["path"])
                client.close()

    def test_the_path_is_absolute_and_a_new_journal_told(self):
        for again in (False, True):
            client = self.open()
            self.assertEqual({"path": str(self.journal), "created": not again, "pending": 0}, client.opened.data["journal"])
            client.close()

    def test_what_the_operator_reads_begins_with_it_in_every_language(self):
        for language, mark in self.in_every_language(**MARKS):
            for environment, base_url, is_test in (
                    (None, self.base_url, True), ("sandbox", self.base_url, True), ("sandbox", None, True),
                    ("sandbox", "https://gateway.shop.example/", True), (None, SANDBOX, True),
                    ("live", self.base_url, False), ("live", None, False), (None, LIVE, False),
                    (None, "https://gateway.shop.example/", False)):
                with self.subTest(language, environment=environment, base_url=base_url):
                    client = self.open(language=language, environment=environment, base_url=base_url, journal=":memory:")
                    incomplete = orders.other(orders.complete(), "/customer/email", ...)
                    answers = [client.opened, client.call("sq_check_order", orders.complete()),
                               client.start(incomplete), client.order_info("R-1"), client.confirm("R-1", None),
                               client.set_ref("R-1", ""), client.call("sq_ship", "R-1", b"\xff"), client.call("sq_pending"),
                               # What the boundary refuses itself.
                               client.call("sq_confirm", None, None), client.call("sq_ship", None, None)]
                    for answer in answers:
                        said = answer.document["operator_message"]
                        self.assertEqual(is_test, said.startswith(mark), said)
                        self.assertEqual(is_test, any(mark in said for mark in MARKS.values()), said)
                        # The sentences about one thing stand beside fields, under the one about the sale.
                        for problem in answer.document["errors"]:
                            self.assertFalse((problem["operator_message"] or "").startswith(mark), problem)
                    client.close()

    def test_a_sale_from_its_start_to_its_return(self):
        for environment, mark in ((None, "TEST: "), ("sandbox", "TEST: "), ("live", "")):
            client = self.open(environment=environment)
            url, _, _, ref = self.settled(client)
            answers = [client.confirm(url, None), client.order_info(url), client.call("sq_recover", url),
                       client.call("sq_ship", ref, None), client.call("sq_refund", ref, {"amount": 100, "reason": "x"}),
                       client.call("sq_cancel", ref, None), client.call("sq_reconcile"), client.call("sq_log", None)]
            for answer in answers:
                self.assertTrue(answer.document["operator_message"].startswith(mark + answer.said), answer.document)
            client.close()

    def test_the_self_test_says_it(self):
        for environment, mode in ((None, "simulator"), ("sandbox", "sandbox"), ("live", "live")):
            client = self.open(environment=environment)
            self.assertEqual(mode, self.assertStatus("SQ_OK", client.call("sq_self_test")).data["mode"])
            client.close()
        client = self.open(base_url="https://no-such-host.invalid/", timeouts={"connect_ms": 300, "total_ms": 500})
        answer = client.call("sq_self_test")
        self.assertNotEqual("SQ_OK", answer.name)
        self.assertIsNone(answer.data["mode"])

    def test_through_a_gateway_on_this_machine_it_warns_at_every_opening(self):
        gateway = {"base_url": self.sim.https, "roots": {"file": self.sim.ca_file}, "environment": "live"}
        file = self.folder / "config.json"
        file.write_text(json.dumps(self.config(**gateway)), encoding="utf-8")
        for _ in range(3):
            for client in (self.open(**gateway), self.opened_by(file)):
                warning, = client.opened.document["warnings"]
                self.assertEqual(("doubtful_setting", "/environment"), (warning["code"], warning["pointer"]))
                self.assertIn("this very machine", warning["message"])
                self.assertIn(self.sim.https, warning["message"])
                self.assertEqual("live", client.opened.data["mode"])
                self.assertNotIn("TEST", self.assertStatus("SQ_OK", client.check_credentials()).document["operator_message"])
                client.close()

    def opened_by(self, file):
        client = type(self.open(journal=":memory:"))(path=str(file))
        self.clients.append(client)
        self.assertStatus("SQ_OK", client.opened)
        return client

    def test_it_warns_wherever_the_host_is_known_for_something_else(self):
        for environment, base_url, warned in (
                ("live", self.base_url, True), ("live", "http://localhost:9/", True),
                ("live", "https://0.0.0.0:9/", True), ("live", "https://till.localhost:9/", True), ("live", SANDBOX, True),
                ("live", "https://sandbox.sequra.svea.com/", True), ("sandbox", LIVE, True),
                ("sandbox", "https://live.sequra.svea.com/", True),
                ("live", LIVE, False), ("live", None, False), ("live", "https://gateway.shop.example/", False),
                ("sandbox", self.base_url, False), ("sandbox", SANDBOX, False), ("sandbox", None, False),
                ("sandbox", "https://gateway.shop.example/", False), (None, LIVE, False), (None, self.base_url, False)):
            with self.subTest(environment=environment, base_url=base_url):
                client = self.open(environment=environment, base_url=base_url)
                self.assertEqual(["doubtful_setting"] * warned, client.opened.warned)
                client.close()
