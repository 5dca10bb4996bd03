"""The server whose books are a database (docs/threads-and-screens.md): no transaction around a call, the reference after the
commit, and what a rollback leaves."""

import json
import shutil
import sqlite3
import subprocess
import tempfile
import time
import unittest
import urllib.request
from pathlib import Path

import languages
from languages import ENVIRONMENT, ROOT, simulator

ORDER = ROOT / "bindings" / "c" / "order.json"
PATIENCE_S = 120
LOCAL = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@languages.each(only=("python",))
class Server(languages.Case):
    def setUp(self):
        self.sim = simulator.shared()
        self.sim.reset()
        self.line = simulator.HeldLine(self.sim)
        self.addCleanup(self.line.close)
        self.addCleanup(self.line.free.set)
        self.folder = Path(tempfile.mkdtemp(prefix="sequra-server-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        config = {"base_url": self.line.url, "account_key": "sandbox_key", "account_secret": "sandbox_secret",
                  "merchants": {"ES": "shop_es"}, "journal": "journal", "proxy": "none", "language": "en"}
        (self.folder / "till.json").write_text(json.dumps(config))
        self.process = None

    def start(self):
        self.process = subprocess.Popen(
            [*self.language.program("server"), "till.json", "shop.db", str(ORDER), "0"], cwd=self.folder, env=ENVIRONMENT,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline().split()[1])

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def call(self, method, path):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/sales{path}", method=method)
        with LOCAL.open(request, timeout=PATIENCE_S) as answer:
            return json.loads(answer.read())

    def sale(self, number):
        return self.call("GET", f"/{number}")

    def press(self, number, key):
        self.call("POST", f"/{number}/{key}")

    def until(self, come, what):
        limit = time.monotonic() + PATIENCE_S
        while not come():
            self.assertLess(time.monotonic(), limit, what)
            time.sleep(0.01)

    def done(self, number):
        self.until(lambda: not self.sale(number)["asking"], "the answer")
        return self.sale(number)

    def with_the_shopper(self):
        if not self.process:
            self.start()
            self.addCleanup(self.kill)
        number = self.call("POST", "")["sale"]
        self.press(number, "pay")
        self.assertEqual("form_sent", self.done(number)["state"])
        self.sim.approve(self.sim.sms()[-1]["uuid"])
        return number

    def at_sequra(self, sale):
        return self.sim.order(sale["url"].rsplit("/", 1)[-1])

    def pieces(self):
        books = sqlite3.connect(self.folder / "shop.db")
        self.addCleanup(books.close)
        return {pieces for pieces, in books.execute("SELECT pieces FROM stock")}

    def check_undone(self, sale, reference):
        order = self.at_sequra(sale)
        self.assertEqual(("cancelled", reference), (sale["state"], order["order_ref_1"]))
        self.assertEqual(0, order["sale"]["unshipped_cart"]["order_total_with_tax"])

    def test_the_page_and_the_books_go_on_while_sequra_is_asked(self):
        number = self.with_the_shopper()
        self.line.free.clear()
        self.press(number, "approved")
        self.until(lambda: self.at_sequra(self.sale(number))["state"] == "confirmed", "the confirmation")
        self.assertIn("Keep the goods", self.sale(number)["shown"])
        # No transaction is open: another sale is written meanwhile, by the server and by the shop's other programs.
        other = self.call("POST", "")["sale"]
        with sqlite3.connect(self.folder / "shop.db", timeout=0) as books:
            books.execute("DELETE FROM sales WHERE id = ?", (other,))
        books.close()
        self.line.free.set()
        sale = self.done(number)
        self.assertEqual(("settled", "T1-1"), (sale["state"], sale["ticket"]))
        self.assertEqual("T1-1", self.at_sequra(sale)["order_ref_1"])
        self.assertEqual({0}, self.pieces())
        self.press(number, "cancel")
        self.check_undone(self.done(number), "T1-1")

    def test_what_is_rolled_back_has_no_reference_and_is_undone(self):
        for number in (first := self.with_the_shopper(), second := self.with_the_shopper()):
            self.press(number, "approved")
            self.done(number)
        self.assertEqual("settled", self.sale(first)["state"])
        # The last pieces are gone: the whole transaction is rolled back, after the confirmation.
        sale = self.sale(second)
        self.assertEqual(("confirmed", None), (sale["state"], sale["ticket"]))
        self.assertIn("CHECK constraint failed", sale["shown"])
        self.assertIsNone(self.at_sequra(sale)["order_ref_1"])
        self.assertEqual({0}, self.pieces())
        # Started again, nothing of it is sold unasked; again does the same again; cancel undoes it at seQura.
        self.kill()
        self.start()
        self.assertEqual("confirmed", self.sale(second)["state"])
        self.press(second, "approved")
        self.assertIn("CHECK constraint failed", self.done(second)["shown"])
        self.press(second, "cancel")
        self.check_undone(self.done(second), "VOID-T1-2")

    def test_killed_between_the_commit_and_the_reference(self):
        number = self.with_the_shopper()
        self.sim.fault("close_before", method="PUT", state="")
        self.press(number, "approved")
        sale = self.done(number)
        self.assertEqual(("referencing", "T1-1"), (sale["state"], sale["ticket"]))
        with sqlite3.connect(self.folder / "shop.db") as books:  # as if killed before the reference's answer was written
            books.execute("UPDATE sales SET state = 'confirmed'")
        books.close()
        self.kill()
        self.start()
        sale = self.sale(number)
        self.assertEqual(("settled", "T1-1"), (sale["state"], self.at_sequra(sale)["order_ref_1"]))

    def test_cancelled_before_and_during_the_confirmation(self):
        number = self.with_the_shopper()
        self.press(number, "cancel")
        self.assertEqual("abandoned", self.done(number)["state"])
        number = self.with_the_shopper()
        self.line.free.clear()
        self.press(number, "approved")
        self.until(lambda: self.at_sequra(self.sale(number))["state"] == "confirmed", "the confirmation")
        self.press(number, "cancel")
        self.assertIn("undone as soon as seQura has answered", self.sale(number)["shown"])
        self.line.free.set()
        sale = self.done(number)
        self.check_undone(sale, f"VOID-T1-{number}")
        self.assertIsNone(sale["ticket"])


if __name__ == "__main__":
    unittest.main()
