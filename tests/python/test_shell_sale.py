"""A sale from a shell or a batch file: every step is a program call, the status its exit status."""

import json
import os
import resource
import signal
import subprocess

import orders
from outside import Stranger
from shell import PROGRAM, Shell


class ASale(Shell):
    def setUp(self):
        super().setUp()
        self.configured()

    def test_a_whole_sale_and_what_comes_after_it(self):
        order = self.order()
        self.result("check", order)
        url = self.sequra("start", order, "--get", "/order/url", expect=0).stdout.strip()
        uuid = url.rsplit("/", 1)[-1]
        self.assertEqual("form_sent", self.result("form", url, "pp3")["order"]["state"])
        self.assertEqual("SQ_CONFLICT", self.result("confirm", url, expect="SQ_CONFLICT")["status"])
        self.sim.approve(uuid)
        self.assertEqual("confirmed", self.result("confirm", url, order)["order"]["state"])
        self.assertEqual("settled", self.result("ref", uuid, "R-1")["order"]["state"])
        items = self.file([{"reference": "CAM-01", "quantity": 1}], "items.json")
        self.assertGreater(self.result("ship", "R-1", items)["data"]["amounts"]["shipped"], 0)
        self.result("ship", "R-1", "--all")
        seen = self.result("refund", "R-1", "--amount", 500, "--reason", "roto", "--preview")
        self.assertEqual((True, 500), (seen["data"]["preview"], seen["data"]["given_back"]))
        with self.sends(1):
            self.assertEqual(500, self.result("refund", "R-1", "--amount", 500, "--reason", "roto")["data"]["given_back"])
        update = self.file({"trackings": [{"carrier": "MRW", "reference": "CAM-01", "tracking_number": "1"}]})
        self.sequra("update", "R-1", update)
        self.result("report", "--json")
        self.result("reconcile", "--json")

    def test_a_sale_under_review_and_one_that_is_cancelled(self):
        uuid = self.result("start", self.order("R-2"))["order"]["uuid"]
        self.result("form", uuid, "pp3", "--by", "sms")
        self.sim.review(uuid)
        self.assertEqual("held", self.result("hold", uuid)["order"]["state"])
        self.sim.approve(uuid)
        self.assertEqual("settled", self.result("confirm", uuid)["order"]["state"])
        self.assertEqual("cancelled", self.result("cancel", "R-2", "--reason", "customer_cancel")["order"]["state"])
        self.result("abandon", self.result("start", self.order())["order"]["uuid"], "--json")

    def test_what_is_printed_of_a_sale_and_of_a_day(self):
        ref = self.settled(self.open())[-1]
        self._close_clients()
        lines = self.result("receipt", ref, "--columns", 32)["data"]["lines"]
        self.assertTrue(lines and all(len(line) <= 32 for line in lines))
        self.result("receipt", ref, "--columns", 5, expect="SQ_INVALID_ARGUMENT")
        self.assertTrue(self.result("day")["data"])

    def test_what_a_till_asks_before_a_sale(self):
        self.assertIn("pp3", [one["product"] for one in self.result("methods")["data"]["methods"]])
        self.assertTrue(self.result("instalments", 30000, "--merchant", "ES")["data"]["agreements"])

    def test_everything_has_to_be_asked_for(self):
        """An empty variable of a batch file does not pay back a whole order."""
        for command in ("ship", "refund"):
            self.result(command, "R-1", expect="SQ_INVALID_ARGUMENT")
            self.assertIn("Say which goods", self.sequra(command, "R-1").stdout)
        self.assertNothingSent()

    def test_an_order_goes_from_one_till_to_another(self):
        uuid = self.result("start", self.order("R-3"))["order"]["uuid"]
        self.result("form", uuid, "pp3")
        self.sim.approve(uuid)
        self.result("confirm", uuid)
        document = self.sequra("hand-over", "R-3", "--get", "/data/document", expect=0).stdout
        other = self.file(self.config(journal=str(self.folder / "other.db")), "other.json")
        self.result("take-over", "-", "--config", other, input=document)
        self.result("ship", "R-3", "--all", "--config", other)
        self.result("ship", "R-3", "--all", expect="SQ_TAKEN_OVER")

    def test_the_order_comes_through_a_pipe_and_the_result_goes_into_a_file(self):
        out = self.folder / "result.json"
        done = self.sequra("start", "-", "--out", out, input=self.order().read_text(), expect=0)
        self.assertEqual("", done.stdout)
        self.assertEqual("SQ_OK", json.loads(out.read_text())["status"])
        names = {file.name for file in self.folder.iterdir()}
        self.assertFalse([name for name in names if name.startswith(".sequra-")], names)
        nowhere = self.folder / "nowhere" / "result.json"
        self.assertIn("result.json", self.sequra("methods", "--out", nowhere, expect=1).stderr)

    def test_what_cannot_be_written_is_known_before_anything_is_sent(self):
        nowhere = self.folder / "nowhere" / "result.json"
        with self.sends(0):
            self.sequra("start", self.order(), "--out", nowhere, expect=1)
        full = self.result("start", self.order())["order"]["uuid"]
        # What fails after all has happened all the same: its result is not lost.
        def on_a_full_disk():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (200, 200))
        done = self.sequra("methods", "--config", self.file(self.config(journal=":memory:"), "memory.json"), "--out", self.folder / "out",
                           preexec_fn=on_a_full_disk, expect=0)
        self.assertEqual("SQ_OK", json.loads(done.stdout)["status"])
        self.assertIn("sequra: ", done.stderr)
        self.assertTrue(full)

    def test_no_result_takes_the_place_of_what_is_dear(self):
        self.settled(self.open())
        self._close_clients()
        secret = self.file("sandbox_secret", "secret")
        self.configured(account_secret=None, account_secret_file="secret")
        self.file("x", "journal.db-wal2")
        for name in ("journal.db", "journal.db-wal", "journal.db-shm", "journal.db-forwarded", "journal.db-damaged", "sequra.json",
                     "secret"):
            path = self.folder / name
            # Whoever has opened the journal has counted in its header.
            content = lambda: path.read_bytes()[100 if name == "journal.db" else 0:] if path.exists() else None
            before = content()
            for command in (["methods"], ["pending", "--journal", self.journal]):
                self.assertIn("not written over", self.sequra(*command, "--out", path, expect=1).stderr)
            self.assertEqual(before, content(), name)
        self.assertTrue(secret.exists())
        # A pipe stays one, a link leads where it led, and who may read the file still may.
        pipe, link, file = self.folder / "pipe", self.folder / "link", self.file("{}", "result")
        os.mkfifo(pipe)
        with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE, text=True) as reader:
            self.sequra("methods", "--out", pipe, expect=0)
            self.assertEqual("SQ_OK", json.loads(reader.stdout.read())["status"])
        self.assertTrue(pipe.is_fifo())
        link.symlink_to(file)
        file.chmod(0o644)
        self.sequra("methods", "--out", link, expect=0)
        self.assertTrue(link.is_symlink())
        self.assertEqual("SQ_OK", json.loads(file.read_text())["status"])
        self.assertEqual(0o644, file.stat().st_mode & 0o777)

    def test_a_total_that_nobody_can_count_is_told_as_that(self):
        for _ in range(2):
            self.settled(self.open())
        self._close_clients()
        Stranger.shared().write(self.journal, "UPDATE orders SET amount = 9223372036854775807 WHERE id = 1")
        total = lambda: json.loads(self.sequra("reconcile", "--json", expect=0).stdout)["data"]["totals"]["EUR"]["shop_es"]
        self.assertEqual({"count": 2, "amount": None}, total()["not_yet_paid"])
        Stranger.shared().write(self.journal, "UPDATE orders SET amount = 9000000000000123456 WHERE id = 1")
        self.assertEqual({"count": 2, "amount": 9000000000000123456 + orders.TOTAL}, total()["not_yet_paid"])
        self.assertIn("€90000000000001389.53", self.sequra("reconcile", expect=0).stdout)
        Stranger.shared().write(self.journal, "UPDATE orders SET amount = 9223372036854775807 WHERE id = 1")
        self.assertIn("? EUR", self.sequra("reconcile", expect=0).stdout)

    def test_a_till_of_another_encoding(self):
        self.configured(text_encoding="windows-1252")
        order = self.folder / "order.json"
        order.write_bytes(json.dumps(orders.complete(), ensure_ascii=False).encode("cp1252"))
        out = self.folder / "out.json"
        self.sequra("start", order, "--out", out, "--language", "es", expect=0)
        said = json.loads(out.read_bytes().decode("cp1252"))
        self.assertIn("solicitud", said["operator_message"].lower())
        self.configured()
        self.result("start", order, expect="SQ_INVALID_TEXT")

    def test_what_is_wrong_has_its_own_exit_status(self):
        self.result("start", self.file("no JSON"), expect="SQ_INVALID_JSON")
        self.result("start", self.file({"cart": {}}), expect="SQ_INVALID_ORDER")
        self.result("confirm", "nothing", expect="SQ_UNKNOWN_ORDER")
        self.result("confirm", "https://example.com/orders/x", expect="SQ_FOREIGN_URL")
        self.assertIn("nowhere.json", self.sequra("start", "nowhere.json", expect=1).stderr)
        self.sequra("start", expect=2)
        self.sequra("nonsense", expect=2)
        self.configured(account_secret="wrong")
        self.result("start", self.order(), expect="SQ_UNAUTHORIZED")
        self.configured(base_url="http://127.0.0.1:9/")
        self.result("start", self.order(), expect="SQ_UNREACHABLE")
        self.configured(merchant="shop")
        self.result("start", self.order(), expect="SQ_INVALID_CONFIG")
        self.result("methods", "--config", "nowhere.json", expect="SQ_INVALID_CONFIG")

    def test_whoever_stops_reading_is_no_harm(self):
        for _ in range(3):
            self.result("start", self.order())
        whole = f"{PROGRAM} log --whole --journal {self.journal}"
        done = subprocess.run(["bash", "-o", "pipefail", "-c", f"{whole} | head -c 1; true"],
                              capture_output=True, text=True)
        self.assertEqual((0, "{", ""), (done.returncode, done.stdout, done.stderr))

    def test_recovery_and_a_persons_word(self):
        uuid = self.result("start", self.order("R-4"))["order"]["uuid"]
        self.result("form", uuid, "pp3")
        self.sim.approve(uuid)
        self.sim.fault("close_after", method="PUT")
        self.result("confirm", uuid, expect="SQ_OUTCOME_UNKNOWN")
        said = self.sequra("recover", expect=0)
        self.assertIn("R-4", said.stdout)
        self.assertIn("complete", said.stdout)
        self.result("resolve", uuid, "--confirmed", "--reason", "seen", "--json", expect="SQ_WRONG_STATE")
        self.sequra("resolve", uuid, "--reason", "seen", expect=2)
        entry = self.result("log", "--json")["data"]["entries"][0]["id"]
        self.result("dismiss", entry, "--json")
        self.result("dismiss", 10_000, "--json", expect="SQ_INVALID_ARGUMENT")
