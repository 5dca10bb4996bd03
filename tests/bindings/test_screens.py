"""The tills with a screen (docs/threads-and-screens.md), from one table: a worker, its answers in the screen's thread, and
what Cancel means before, during and after the confirmation."""

import atexit
import functools
import json
import os
import queue
import shutil
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

import languages
from languages import ENVIRONMENT, ROOT, simulator

ORDER = ROOT / "bindings" / "c" / "order.json"
PATIENCE_S = 120

#: What each has on its screen: the window of its own toolkit, or in Pascal a loop over CheckSynchronize.
SCREENS = ("cpp", "csharp", "java", "pascal", "pascal_unicode")

ASKED = "screen: seQura is being asked. Keep the goods, take no other payment. [cancel]"
REMEMBERED = "screen: What is asked cannot be taken back: the sale is undone as soon as seQura has answered. Keep the goods."
CLOSING = "screen: The till closes when seQura has answered."


@functools.lru_cache(maxsize=None)
def display():
    """A screen for all of them, in memory."""
    read, write = os.pipe()
    server = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-noreset", "-screen", "0", "800x600x24", "-nolisten", "tcp"],
                              pass_fds=[write], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(write)
    atexit.register(server.wait)
    atexit.register(server.terminate)
    with os.fdopen(read) as told:
        number = told.readline().strip()
    assert number, "Xvfb does not start"
    return ":" + number


class Till:
    """A running till: its keys, and what its operator sees."""

    def __init__(self, language, folder):
        self.process = subprocess.Popen(
            [*language.program("screen"), "till.json", "order.json"], cwd=folder, env={**ENVIRONMENT, "DISPLAY": display()},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
        self.lines, self.seen = queue.Queue(), []
        self.errors = []
        self.readers = [threading.Thread(target=one, daemon=True)
                        for one in (self._read, lambda: self.errors.append(self.process.stderr.read()))]
        for reader in self.readers:
            reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line.decode("utf-8").rstrip("\r\n"))
        self.lines.put(None)

    def press(self, key):
        self.process.stdin.write(key.encode() + b"\n")
        self.process.stdin.flush()

    def sees(self, *words):
        """The next thing that is shown has these words."""
        try:
            line = self.lines.get(timeout=PATIENCE_S)
        except queue.Empty:
            line = None
        self.seen.append(line)
        assert line is not None, (self.seen, self.errors)
        for word in words:
            assert word in line, (word, self.seen)
        return line

    def ends(self):
        self.process.stdin.close()
        assert self.process.wait(PATIENCE_S) == 0, (self.seen, self.errors)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def tidy(self):
        self.kill()
        for reader in self.readers:
            reader.join()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            stream.close()


@languages.each(only=SCREENS)
class Screens(languages.Case):
    def setUp(self):
        self.sim = simulator.shared()
        self.sim.reset()
        self.line = simulator.HeldLine(self.sim)
        self.addCleanup(self.line.close)
        self.addCleanup(self.line.free.set)
        self.folder = Path(tempfile.mkdtemp(prefix="sequra-screen-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.configure()
        order = json.loads(ORDER.read_text(encoding="utf-8"))
        order["merchant_reference"] = {"order_ref_1": "R-1"}
        (self.folder / "order.json").write_text(json.dumps(order, ensure_ascii=False), encoding="utf-8")

    # -- what happens

    def configure(self, **more):
        config = {"base_url": self.line.url, "account_key": "sandbox_key", "account_secret": "sandbox_secret",
                  "merchants": {"ES": "shop_es"}, "journal": "journal", "proxy": "none", "language": "en", **more}
        (self.folder / "till.json").write_text(json.dumps(config))

    def begin(self):
        till = Till(self.language, self.folder)
        self.addCleanup(till.tidy)
        till.sees("What was left open")
        till.sees("[pay]")
        return till

    def with_the_shopper(self):
        till = self.begin()
        till.press("pay")
        till.sees("The form is being sent. [cancel]")
        till.sees("[approved] [cancel]")
        self.sim.approve(self.sim.sms()[-1]["uuid"])
        return till

    def order(self):
        return self.sim.order(self.sim.orders()[-1]["uuid"])

    def events(self):
        return self.sim.events()

    def asked_while_held(self, till):
        """The confirmation has reached seQura, and its answer is on its way for as long as we like."""
        self.line.free.clear()
        till.press("approved")
        self.assertEqual(ASKED, till.sees())

    def until_confirmed(self):
        limit = time.monotonic() + PATIENCE_S
        while self.order()["state"] != "confirmed":
            self.assertLess(time.monotonic(), limit)
            time.sleep(0.01)

    def check_cancelled(self):
        sold = self.order()
        self.assertEqual("R-1", sold["order_ref_1"])
        self.assertEqual(0, sold["sale"]["unshipped_cart"]["order_total_with_tax"])
        self.assertEqual(0, sold["sale"]["shipped_cart"]["order_total_with_tax"])

    # -- the table

    def test_sold_while_the_screen_goes_on(self):
        till = self.with_the_shopper()
        self.asked_while_held(till)
        till.press("look")
        self.assertEqual(ASKED, till.sees())
        self.line.free.set()
        self.assertTrue(till.sees().endswith(" [cancel]"))
        self.assertEqual(("confirmed", "R-1"), (self.order()["state"], self.order()["order_ref_1"]))
        # And back again: what is sold is cancelled at seQura.
        till.press("cancel")
        till.sees("The sale is being undone at seQura.")
        self.assertNotIn("[", till.sees())
        till.ends()
        self.check_cancelled()

    def test_cancelled_before_the_confirmation(self):
        till = self.begin()
        self.line.free.clear()
        till.press("pay")
        till.sees("The form is being sent. [cancel]")
        till.press("cancel")
        till.sees(REMEMBERED)
        self.line.free.set()
        till.sees("The sale is being given up.")
        self.assertNotIn("[", till.sees())
        till.ends()
        self.assertNotIn("confirmed", self.events())

    def test_cancelled_during_the_confirmation(self):
        self.cancel_during()

    def cancel_during(self):
        till = self.with_the_shopper()
        self.asked_while_held(till)
        till.press("cancel")
        self.assertEqual(REMEMBERED + " [cancel]", till.sees())
        self.line.free.set()
        till.sees("The sale is being undone at seQura.")
        self.assertNotIn("[", till.sees())
        till.ends()
        self.check_cancelled()

    def test_cancelled_during_the_confirmation_of_goods_that_leave_with_it(self):
        self.configure(goods_leave="with_the_order")
        self.cancel_during()

    def test_cancelled_while_nobody_knows(self):
        till = self.with_the_shopper()
        self.sim.fault("close_after", method="PUT", state="confirmed")
        till.press("approved")
        self.assertEqual(ASKED, till.sees())
        till.sees("[approved] [cancel]")
        till.press("cancel")
        till.sees(REMEMBERED)
        self.assertEqual(["confirmed"], [event for event in self.events() if event in ("confirmed", "cancelled")])
        till.press("approved")
        till.sees("seQura is being asked again.")
        till.sees("The sale is being undone at seQura.")
        self.assertNotIn("[", till.sees())
        till.ends()
        self.check_cancelled()

    def test_closed_during_the_confirmation(self):
        till = self.with_the_shopper()
        self.asked_while_held(till)
        till.process.stdin.close()
        till.sees(CLOSING)
        self.until_confirmed()
        self.line.free.set()
        self.assertEqual(0, till.process.wait(PATIENCE_S), (till.seen, till.errors))
        self.assertEqual(("confirmed", "R-1"), (self.order()["state"], self.order()["order_ref_1"]))

    def test_killed_during_the_confirmation_and_started_again(self):
        till = self.with_the_shopper()
        self.asked_while_held(till)
        self.until_confirmed()
        till.kill()
        self.line.free.set()
        self.begin().ends()
        self.assertEqual(2, len(self.sim.requests("PUT", "/orders/")))
        self.assertEqual(("confirmed", "R-1"), (self.order()["state"], self.order()["order_ref_1"]))


if __name__ == "__main__":
    unittest.main()
