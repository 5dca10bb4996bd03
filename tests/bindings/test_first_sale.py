"""The first sales, from one table: each sells, and finishes at its start what an earlier run was killed in."""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import languages
from languages import ENVIRONMENT, FIRST_SALES, ROOT, simulator

ORDER = ROOT / "bindings" / "c" / "order.json"
PATIENCE_S = 120

CHANGED = "Invalid data: the cart has changed"
TAKEN = "Invalid data: order_ref_1 'R-1' is already in use"
COMPLETED = " is completed in the till's own books."

#: Those that have a whole till: their first sale finishes at its start nothing but the sale of its own ticket number.
SIMPLE = {"c": "first_sale.c", "csharp": "README.md", "pascal": "FirstSale.dpr", "python": "README.md"}
SOURCES = {**FIRST_SALES, **SIMPLE}


# What a row is made of.

class Fault(dict):
    """seQura, or the line, misbehaves from here on."""


class Sale:
    """A run in which the form comes, the shopper is approved, and the operator presses Enter."""

    def __init__(self, ticket, *says, ends=0, order=ORDER):
        self.words, self.ends, self.says = ("till.json", order, ticket), ends, says


class Killed(Sale):
    """The same; it is killed while the operator has not answered, or while it waits for seQura to confirm."""

    def __init__(self, ticket, confirming=False):
        super().__init__(ticket)
        self.confirming = confirming


class GoneOn(Sale):
    """A run that goes on with what an earlier one left open: its form is not sent again."""


class Run:
    """A run with nobody at the till, and no form."""

    def __init__(self, *words, ends=1, says=()):
        self.words, self.ends, self.says = words, ends, says


class Asked:
    """So many requests came to seQura in all."""

    def __init__(self, requests):
        self.requests = requests


class Sold:
    """The order of the last form is confirmed at seQura under this number; by all orders, these events so often."""

    def __init__(self, ticket, **events):
        self.ticket, self.events = ticket, events


class Alone:
    """The next run finds nothing unfinished."""


SOLD = "You may hand over the goods"
USAGE = "CONFIG ORDER.json TICKET"

TABLE = {
    "sold, twice, and once more the same": [
        Sale("R-1", "R-1" + COMPLETED, SOLD), Sold("R-1"), Asked(4), Sale("R-2", "R-2" + COMPLETED, SOLD), Sold("R-2"), Asked(8),
        # Which sale it is, the ticket number says.
        Run("till.json", ORDER, "R-1", ends=0, says=["R-1" + COMPLETED, SOLD]), Asked(8),
    ],
    "how it is used": [Run(*words, says=[USAGE]) for words in ((), ("till.json", ORDER), ("till.json", ORDER, "R-1", "R-2"))],
    "every error with its place": [
        Run("till.json", "wrong.json", "R-1", says=["SQ_INVALID_ORDER", "cart_total_mismatch", "/cart/order_total_with_tax",
                                                    "invalid_email", "/customer/email"]),
        Run("wrong-till.json", ORDER, "R-1", says=["SQ_INVALID_CONFIG", "missing_field", "/journal", "unknown_key", "/langage"]),
        Run("till.json", "not there.json", "R-1", says=["not there.json"]), Run("not there.json", ORDER, "R-1", says=["file_unreadable"]),
        Asked(0),
    ],
    "a conflict at the confirmation: the basket is sold anew": [
        Fault(kind="conflict", errors=[CHANGED], method="PUT"),
        Sale("R-1", "SQ_CONFLICT", "cart_changed", "/cart", CHANGED, ends=1), Sale("R-1", "R-1: conflicted; next: restart_checkout", SOLD),
        Sold("R-1", solicited=2), Alone(),
    ],
    "killed in the confirmation, and started for the next shopper": [
        Killed("R-1", confirming=True),
        Sale("R-2", "R-1: confirming, now confirmed; next: set_order_ref", "R-1" + COMPLETED, "R-2" + COMPLETED, SOLD),
        Sold("R-2", confirmed=2, reference_registered=2), Alone(),
    ],
    "killed while the shopper had the form, and gone on with": [
        Killed("R-1"), Sale("R-2", "R-1: form_sent; next: confirm", "R-2" + COMPLETED, SOLD),
        GoneOn("R-1", "R-1" + COMPLETED, SOLD), Sold("R-2", solicited=2, form_delivered=2, confirmed=2), Alone(),
    ],
    "a lost answer, while seQura stays out of reach": [
        Fault(kind="close_before", method="PUT", state="confirmed", times=2), Sale("R-1", "SQ_OUTCOME_UNKNOWN", "connection_lost", ends=1),
        Sale("R-2", "R-1: confirming, now confirming; next: recover", "connection_lost", "R-2" + COMPLETED, SOLD), Sold("R-2", confirmed=1),
        Sale("R-3", "R-1: confirming, now confirmed", "R-1" + COMPLETED), Sold("R-3", confirmed=3, reference_registered=3), Alone(),
    ],
    "a lost reference": [
        Fault(kind="close_after", method="PUT", state=""), Sale("R-1", "R-1" + COMPLETED, "SQ_OUTCOME_UNKNOWN", ends=1),
        Sale("R-2", "R-1: referencing, now settled; next: none", "R-1" + COMPLETED), Sold("R-2", reference_registered=2), Alone(),
    ],
    "a lost start is nobody's": [
        Fault(kind="close_after", method="POST", path="/orders"), Run("till.json", ORDER, "R-1", says=["SQ_OUTCOME_UNKNOWN"]),
        Sale("R-1", "orders/", ": soliciting, now solicited", SOLD), Sold("R-1"), Alone(),
    ],
    "a number that is another sale's": [
        Fault(kind="conflict", errors=[TAKEN], method="PUT", state=""),
        Sale("R-1", "R-1" + COMPLETED, "SQ_DUPLICATE_ORDER_REF", "duplicate_order_ref", ends=1),
        Run("till.json", ORDER, "R-1", says=["R-1: ref_conflicted; next: choose_another_ref"]), Sold(None),
    ],
}


#: What each of them does.
OF_ALL = {
    "sold, twice, and once more the same": [
        Sale("R-1", "R-1" + COMPLETED, SOLD), Sold("R-1"), Asked(4), Sale("R-2", "R-2" + COMPLETED, SOLD), Sold("R-2"), Asked(8),
        Run("till.json", ORDER, "R-1", ends=0, says=[SOLD]), Asked(8),
    ],
    "a lost reference, and once more the same": [
        Fault(kind="close_after", method="PUT", state=""), Sale("R-1", "R-1" + COMPLETED, "SQ_OUTCOME_UNKNOWN", ends=1),
        Run("till.json", ORDER, "R-1", ends=0, says=[SOLD]), Sold("R-1", solicited=1, confirmed=1),
    ],
    "how it is used": TABLE["how it is used"],
    "every error with its place": TABLE["every error with its place"],
}


@languages.each(only=[*FIRST_SALES, "pascal"])
class AsThePageShowsIt(languages.Case):
    def test_the_readme_shows_it_as_it_is(self):
        folder = ROOT / "bindings" / self.language.name
        shown = (folder / "README.md").read_text(encoding="utf-8").split(f"```{self.language.name}\n")[1].split("```")[0]
        source = (folder / SOURCES[self.language.name]).read_text(encoding="utf-8")
        self.assertIn(shown, source)
        self.assertLessEqual(len(shown.strip().splitlines()), 45)
        # Those of COBOL are short, and its divisions alone take fifty.
        self.assertLessEqual(len(source.splitlines()), 235 if self.language.name == "cobol" else 165)


@languages.each(only=SOURCES)
class FirstSale(languages.Case):
    def setUp(self):
        self.sim = simulator.shared()

    def test_the_table(self):
        for title, row in (TABLE if self.language.name in FIRST_SALES else OF_ALL).items():
            with self.subTest(title):
                self.begin()
                for step in row:
                    {Fault: self.fault, Sale: self.sell, GoneOn: self.go_on, Killed: self.kill, Run: self.run_alone, Asked: self.check_asked,
                     Sold: self.check_sold, Alone: self.check_alone}[type(step)](step)

    def test_it_sells(self):
        self.begin()
        self.sell(Sale("R-1", "R-1" + COMPLETED, SOLD))
        self.check_sold(Sold("R-1"))
        self.assertIn("\u00cd\u00f1igo", json.dumps(self.sim.order(self.sim.sms()[0]["uuid"]), ensure_ascii=False))

    # -- the rows

    def begin(self):
        self.sim.reset()
        self.folder = Path(tempfile.mkdtemp(prefix="sequra-first-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        config = {"base_url": self.sim.http, "account_key": "sandbox_key", "account_secret": "sandbox_secret",
                  "merchants": {"ES": "shop_es"}, "journal": "journal", "proxy": "none", "language": "en"}
        (self.folder / "till.json").write_text(json.dumps(config))
        config["langage"] = config.pop("journal")
        (self.folder / "wrong-till.json").write_text(json.dumps(config))
        wrong = json.loads(ORDER.read_text(encoding="utf-8"))
        wrong["cart"]["order_total_with_tax"] += 1
        wrong["customer"]["email"] = "nobody"
        (self.folder / "wrong.json").write_text(json.dumps(wrong))

    def start(self, words, stdin):
        return subprocess.Popen([*self.language.program("first_sale"), *map(str, words)], cwd=self.folder, env=ENVIRONMENT, stdin=stdin,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)

    def end(self, till, step, pressed=None):
        said = till.communicate(pressed, timeout=PATIENCE_S)[0].decode("utf-8")
        self.assertEqual(step.ends, till.returncode, (step.words, said))
        for words in step.says:
            self.assertIn(words, said)
        return said

    def until(self, come, what):
        limit = time.monotonic() + PATIENCE_S
        while not come():
            self.assertLess(time.monotonic(), limit, f"{what}: never")
            time.sleep(0.01)

    def run_alone(self, step):
        return self.end(self.start(step.words, subprocess.DEVNULL), step)

    def begins(self, step):
        """A sale whose shopper has the form, and is approved; the operator has said nothing yet."""
        forms = len(self.sim.sms())
        till = self.start(step.words, subprocess.PIPE)
        self.until(lambda: len(self.sim.sms()) > forms or till.poll() is not None, "the form")
        if till.poll() is None:
            self.sim.approve(self.sim.sms()[-1]["uuid"])
        return till

    def sell(self, step):
        self.end(self.begins(step), step, b"\n")

    def go_on(self, step):
        self.end(self.start(step.words, subprocess.PIPE), step, b"\n")

    def kill(self, step):
        if step.confirming:
            self.fault(Fault(kind="delay", ms=60000, when="after", method="PUT", state="confirmed"))
        till = self.begins(step)
        if step.confirming:
            till.stdin.write(b"\n")
            till.stdin.flush()
            uuid = self.sim.sms()[-1]["uuid"]
            self.until(lambda: self.sim.order(uuid)["state"] == "confirmed", "the confirmation")
        os.killpg(till.pid, signal.SIGKILL)
        till.communicate()

    def fault(self, step):
        self.sim.fault(**step)

    def check_asked(self, step):
        self.assertEqual(step.requests, self.sim.stats()["requests"])

    def check_sold(self, step):
        order = self.sim.order(self.sim.sms()[-1]["uuid"])
        self.assertEqual(("confirmed", step.ticket), (order["state"], order["order_ref_1"]))
        for event, times in step.events.items():
            self.assertEqual(times, self.sim.events().count(event), (event, self.sim.events()))

    def check_alone(self, _):
        self.assertNotIn("; next: ", self.run_alone(Run("till.json", "not there.json", "R-9")))


if __name__ == "__main__":
    unittest.main()
