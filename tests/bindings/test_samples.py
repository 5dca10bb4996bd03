"""The whole tills, from one table: each language's does what the one in C does."""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import languages
from languages import ENVIRONMENT, REFERENCE, ROOT, simulator

ORDER = ROOT / "bindings" / "c" / "order.json"
PATIENCE_S = 120

CHANGED = "Invalid data: the cart has changed"
TAKEN = "Invalid data: order_ref_1 'R-1' is already in use"
NOTHING = "pending nothing: every sale with seQura is finished"


# What a row is made of. `{uuid}` in words stands for the order of the last form that was sent.

class Fault(dict):
    """seQura, or the line, misbehaves from here on."""


class Sale:
    """A run of the till in which the form comes, the shopper is approved, and the operator presses Enter."""

    def __init__(self, ticket, *more, ends=0, says=()):
        self.arguments, self.ends, self.says = ("--ref", ticket, *more), ends, says


class Killed(Sale):
    """The same; seQura confirms and does not say so, and the till is killed while it waits."""


class Run:
    """A run with nobody at the till. ORDER is the order's file. What it `hides` it does not say."""

    def __init__(self, *arguments, ends=0, says=(), hides=()):
        self.arguments, self.ends, self.says, self.hides = arguments, ends, says, hides


class Approved:
    """The shopper of the last form is approved."""


class Forgotten:
    """The last lines of the book are gone: the till was killed before it wrote them."""

    def __init__(self, lines):
        self.lines = lines


class Book:
    """What the book has now, each line as "state ticket"."""

    def __init__(self, *lines):
        self.lines = list(lines)


class Sold:
    """Book, journal and seQura say the same: all is sold under this number, and nothing is unfinished."""

    def __init__(self, ticket):
        self.ticket = ticket


class Asked:
    """So many requests came to seQura in all."""

    def __init__(self, requests):
        self.requests = requests


class Carts:
    """What seQura has of the last order: cents unshipped and shipped."""

    def __init__(self, *totals):
        self.totals = list(totals)


class KilledRun(Run):
    """A run that is killed while it waits for an answer, when seQura has these carts."""

    def __init__(self, *arguments, carts):
        self.arguments, self.carts = arguments, list(carts)


class Paid(dict):
    """seQura pays out."""


class Rules(dict):
    """What seQura does from now on."""


def looked(outcome, **step):
    """Somebody has looked in seQura's portal."""
    return Run("--resolve", "{uuid}", outcome, "--reason", "Begoña, en el portal", **step)


LOST = Fault(kind="close_before", method="PUT", state="confirmed")
LOST_REFERENCE = Fault(kind="close_before", method="PUT", state="")

TABLE = {
    "a good sale": [
        Sale("R-1", says=["start SQ_OK, HTTP 204: solicited; next: send_form", "form SQ_OK, HTTP 204: form_sent",
                          "confirm SQ_OK, HTTP 200: confirmed; next: set_order_ref", "book R-1 is now completed",
                          "reference SQ_OK, HTTP 200: settled", "book R-1 is now registered", "Ticket R-1 382,90 EUR",
                          "Pagado con seQura {uuid}"]),
        Book("started R-1", "completed R-1", "registered R-1"), Sold("R-1"), Asked(4),
    ],
    "the number goes with the order": [
        Sale("R-1", "--ref-first", says=["confirm SQ_OK, HTTP 200: settled"]),
        Book("started R-1", "completed R-1", "registered R-1"), Sold("R-1"), Asked(3),
    ],
    "the account is looked at first": [
        Run("ORDER", "--ref", "R-1", "--slow", ends=7,
            says=[NOTHING, "credentials SQ_OK, HTTP 200", "merchants shop_es in ES", "methods ", "pp3 ", "from "]),
    ],
    "a wrong order is not sent": [
        Run("WRONG", ends=2, says=["start SQ_INVALID_ORDER; next: fix_order",
                                   "cart_total_mismatch at /cart/order_total_with_tax"]),
        Asked(0),
    ],
    "a conflict at the confirmation": [
        Fault(kind="conflict", errors=[CHANGED], method="PUT"),
        Sale("R-1", ends=3, says=["confirm SQ_CONFLICT, HTTP 409: conflicted", "cart_changed", CHANGED,
                                  "Nothing is completed and no ticket number is sent: this sale does not take place.",
                                  "book R-1 is now refused"]),
        Book("started R-1", "refused R-1"), Run("--recover", says=["382,90 EUR conflicted: needs confirmation"]),
    ],
    "the number is another sale's": [
        Sale("R-1"),
        Run("ORDER", "--ref", "R-1", "--ref-first", ends=3, says=["start SQ_DUPLICATE_ORDER_REF"]),
        Sale("R-1", ends=6, says=["reference SQ_DUPLICATE_ORDER_REF", "--set-ref {uuid} ANOTHER-NUMBER"]),
        Run("--set-ref", "{uuid}", "R-2", says=["reference SQ_OK", "Ticket R-2"]), Sold("R-2"),
    ],
    "a lost answer": [
        LOST,
        Sale("R-1", ends=4, says=["confirm SQ_OUTCOME_UNKNOWN: confirming; next: recover",
                                  "Nothing is completed and nothing is off: keep the goods, take no other payment.",
                                  "till CONFIG --recover"]),
        Book("started R-1"),
        Run("--recover", says=["recover R-1 382,90 EUR confirming, now confirmed", "book R-1 is now registered"]),
        Sold("R-1"),
    ],
    "a lost reference": [
        LOST_REFERENCE,
        Sale("R-1", ends=6, says=["The sale stands and seQura has no ticket number for it: keep the goods until it has.",
                                  "till CONFIG --recover"]),
        Run("--pending", says=["382,90 EUR referencing: needs answer", "at risk 382,90 EUR",
                               "book R-1 382,90 EUR completed"]),
        Run("--recover", says=["R-1 382,90 EUR referencing, now settled"]), Sold("R-1"),
    ],
    "a lost start is nobody's": [
        Fault(kind="close_after", method="POST", path="/orders"),
        Run("ORDER", "--ref", "R-1", ends=4, says=["start SQ_OUTCOME_UNKNOWN: soliciting"]),
        Sale("R-1", says=["soliciting, now solicited", "Nobody has its form"]), Sold("R-1"),
    ],
    "killed in the confirmation, and started for the next shopper": [
        Killed("R-1"), Book("started R-1"),
        Run("ORDER", "--ref", "R-2", ends=7,
            says=["recover R-1 382,90 EUR confirming, now confirmed", "Ticket R-1 382,90 EUR", "form SQ_OK",
                  "The sale is left open; nothing is sold.", "till CONFIG --confirm {uuid}"]),
        Book("started R-1", "completed R-1", "registered R-1", "started R-2"),
        Approved(), Run("ORDER", "--confirm", "{uuid}", "--yes", says=["Ticket R-2"]), Sold("R-2"),
    ],
    "killed, and the number went with the order": [
        Killed("R-1", "--ref-first"), Run("--recover", says=["R-1 382,90 EUR confirming, now settled"]), Sold("R-1"),
    ],
    "killed before its book was written": [
        Sale("R-1"), Forgotten(1), Run("--recover", says=["book R-1 is now registered"]), Sold("R-1"),
        Forgotten(2), Run("--recover", says=["book R-1 is now registered"]),
        Book("started R-1", "completed R-1", "registered R-1"), Sold("R-1"), Run("--recover", says=[NOTHING]),
    ],
    "a conflict that recovery finds": [
        LOST, Sale("R-1", ends=4), Fault(kind="conflict", errors=[CHANGED], method="PUT"),
        Run("--recover", says=["R-1 382,90 EUR confirming, now conflicted", CHANGED, "Do not complete the sale"]),
        Book("started R-1", "refused R-1"), Run("--recover", says=["382,90 EUR conflicted: needs confirmation"]),
    ],
    "a taken number that recovery finds": [
        LOST_REFERENCE, Sale("R-1", ends=6), Fault(kind="conflict", errors=[TAKEN], method="PUT", times=2),
        # The first attempt may have taken it for this very sale: seQura's answer would be the same.
        Run("--recover", ends=4, says=["R-1 382,90 EUR still referencing"]),
        looked("not_confirmed", ends=6, says=["resolve SQ_OK: confirmed", "--set-ref {uuid} ANOTHER-NUMBER"]),
        Run("--set-ref", "{uuid}", "R-3", says=["reference SQ_OK"]), Sold("R-3"),
    ],
    "a taken number that went with the order": [
        LOST, Sale("R-1", "--ref-first", ends=4), Fault(kind="conflict", errors=[TAKEN], method="PUT", times=2),
        Run("--recover", ends=4, says=["R-1 382,90 EUR still confirming"]),
        looked("not_confirmed", says=["resolve SQ_OK: form_sent", "--confirm {uuid}"]),
        Run("ORDER", "--ref", "R-1", "--ref-first", "--confirm", "{uuid}", "--yes", ends=3,
            says=["--confirm {uuid} ORDER.json --ref-first --ref ANOTHER-NUMBER"]), Book("started R-1"),
        Run("ORDER", "--ref", "R-2", "--ref-first", "--confirm", "{uuid}", says=["confirm SQ_OK, HTTP 200: settled"]),
        Sold("R-2"),
    ],
    "seQura says no more than that it is confirmed": [
        Rules(repeated_confirm="already_confirmed"), Killed("R-1"),
        Run("--recover", ends=4, says=["R-1 382,90 EUR still confirming"]),
        Run("--resolve", "{uuid}", "confirmed", ends=1), looked("perhaps", ends=2, says=["resolve SQ_INVALID_ARGUMENT"]),
        looked("confirmed", says=["resolve SQ_OK: confirmed", "Ticket R-1 382,90 EUR"]), Sold("R-1"),
        looked("not_confirmed", ends=2, says=["resolve SQ_WRONG_STATE"]),
    ],
    "an order that the book does not have": [
        Killed("R-1"),
        Run("--recover", "--sales", "other.txt", says=["{uuid} 382,90 EUR confirming, now confirmed",
                                                       "--set-ref {uuid} NUMBER"]),
        Book("started R-1"), Run("--recover"), Sold("R-1"),
    ],
    "seQura out of reach stops no other sale": [
        Fault(LOST, times=2), Sale("R-1", ends=4), Run("--recover", ends=4, says=["R-1 382,90 EUR still confirming"]),
        LOST, Run("ORDER", "--ref", "R-2", ends=7, says=["still confirming", "form SQ_OK"]),
        Run("--recover", says=["book R-1 is now registered",
                               "waiting R-2 382,90 EUR form_sent to go on till CONFIG --confirm {uuid}"]),
    ],
    "the form once more, later": [
        Run("ORDER", "--ref", "R-1", ends=7), Run("--form", "{uuid}", ends=7, says=["form SQ_OK, HTTP 204: form_sent"]),
        Run("--confirm", "{uuid}", ends=7, says=["confirm SQ_CONFLICT", "not_approved", "--confirm {uuid}"]),
        Approved(), Run("--confirm", "{uuid}", says=["confirm SQ_OK", "Ticket R-1"]), Sold("R-1"),
    ],
    "the shopper leaves": [
        Run("ORDER", "--ref", "R-1", ends=7), Run("--abandon", "{uuid}", says=["abandon SQ_OK: abandoned"]),
        Book("started R-1", "abandoned R-1"), Run("--recover", says=[NOTHING]),
        Run("--confirm", "{uuid}", ends=2, says=["SQ_WRONG_STATE"]),
        # What may be sold is not given up.
        Killed("R-2"), Run("--abandon", "{uuid}", ends=2, says=["SQ_WRONG_STATE: confirming; next: recover"]),
        Run("--recover"), Sold("R-2"),
    ],
    "wrong command lines": [
        *[Run(*words, ends=1) for words in ((), ("--fantasy",), ("ORDER", "--ref"), ("ORDER", "--ref", "Nº 1"),
                                            ("ORDER", "ORDER"), ("--pending", "--recover"), ("--set-ref", "x"),
                                            ("--abandon",), ("NOT-THERE",))],
        Asked(0),
    ],
}

LOST_CHANGE = Fault(kind="close_before", method="PUT")
DEAR = "Invalid data: order_total_with_tax 50000 is above the confirmed amount 38290"

AFTER_THE_SALE = {
    "goods go out in parts and come back": [
        Sale("R-1"),
        # One of two helmets, with its share of what lowers the price, and the way to the shopper.
        Run("--ship", "R-1", "CAS-07=1", says=[
            "ship SQ_OK, HTTP 204: settled", "book R-1 is now changing", "book R-1 is now partly_shipped",
            "carts unshipped 331,74, shipped 51,16; owed 382,90 of 382,90 EUR"]),
        Carts(33174, 5116),
        Run("--info", "R-1", says=[
            "info SQ_OK: settled", "sale R-1, form pp3", "carts unshipped 331,74, shipped 51,16",
            "unshipped 1 BIC-20 349,00; 1 CAS-07 45,50; REB-11 -17,93; EFE-01 -44,83",
            "shipped 1 CAS-07 45,50; ENV-01 12,90; REB-11 -2,07; EFE-01 -5,17", "paid out 0,00 EUR",
            "set_order_ref SQ_OK, HTTP 200", "ship SQ_OK, HTTP 204"]),
        Run("--ship", "R-1", says=["unshipped 0,00, shipped 382,90"]), Carts(0, 38290),
        Run("--refund", "R-1", "CAS-07=1", "REB-11", says=["shipped 362,57; owed 362,57"]),
        Run("--refund", "R-1", "--reason", "Rasguño en el \"cuadro\"", "--amount", "500",
            says=["shipped 357,57; owed 357,57 of 382,90 EUR"]),
        Run("--refund", "{uuid}"), Carts(0, 0),
        Book("started R-1", "completed R-1", "registered R-1", *[f"{word} R-1" for state in (
            "partly_shipped", "shipped", "partly_refunded", "partly_refunded", "refunded") for word in ("changing", state)]),
    ],
    "what is sold and still to be shipped": [
        Run("--pending", says=[NOTHING], hides=["to ship", "unshipped"]),
        Sale("R-1"), Sale("R-2"), Run("--ship", "R-1", "CAS-07=1"),
        Run("--pending", says=[NOTHING + " to ship R-1 331,74 EUR to ship R-2 382,90 EUR unshipped 714,64 EUR"]),
        Run("--ship", "R-2"), Run("--pending", says=["to ship R-1 331,74 EUR unshipped 331,74 EUR"], hides=["R-2"]),
        Run("--ship", "R-1"), Run("--pending", says=[NOTHING], hides=["to ship", "unshipped"]),
    ],
    "what cannot be is not sent": [
        Sale("R-1"),
        Run("--ship", "R-1", "CAS-07=3", "GUA-01=1", ends=2, says=["more_than_there_is at /0/quantity",
                                                                   "no_such_line at /1/reference"]),
        Run("--refund", "R-1", ends=2, says=["refund SQ_WRONG_STATE: settled"]),
        Run("--ship", "R-9", ends=2, says=["ship SQ_UNKNOWN_ORDER"]),
        Run("--info", "R-9", ends=2, says=["info SQ_UNKNOWN_ORDER"]),
        Asked(4), Book("started R-1", "completed R-1", *["registered R-1", "changing R-1"] * 2, "registered R-1"),
    ],
    "a sale is cancelled once": [
        Sale("R-1"),
        Run("--cancel", "R-1", "--reason", "customer_cancel", says=["cancel SQ_OK, HTTP 204: cancelled",
                                                                    "owed 0,00 of 382,90 EUR"]),
        Run("--ship", "R-1", ends=2, says=["ship SQ_WRONG_STATE: cancelled"]), Run("--cancel", "R-1"), Asked(5),
        Book("started R-1", "completed R-1", "registered R-1", "changing R-1", "cancelled R-1", "cancelled R-1"),
    ],
    "what seQura refuses is in the log until it is dismissed": [
        Sale("R-1"), Run("--update", "R-1", "DEAR", ends=3, says=["update SQ_CONFLICT, HTTP 409: settled", DEAR]),
        Carts(38290, 0), Sale("R-2"),
        Run("--log", says=[f"attention 5 R-1 update_order SQ_CONFLICT, HTTP 409 {DEAR} to do: --dismiss 5", "R-2"]),
        Run("--log", "R-1", says=["attention 5 R-1"]), Run("--dismiss", "5"), Run("--log", says=["log 5 R-1"]),
        Run("--dismiss", "999", ends=2, says=["dismiss SQ_INVALID_ARGUMENT"]),
        Run("--update", "R-1", "NOT-THERE", ends=1),
    ],
    "a change without an answer goes with the next": [
        Sale("R-1"), LOST_CHANGE,
        Run("--ship", "R-1", "CAS-07=1", ends=4, says=["ship SQ_OUTCOME_UNKNOWN", "till CONFIG --recover"]),
        Carts(38290, 0), Run("--ship", "R-1", "BIC-20=1"), Carts(3826, 34464),
    ],
    "the same again is the same change": [
        Sale("R-1"), Fault(kind="close_after", method="PUT"), Run("--ship", "R-1", "CAS-07=1", ends=4),
        Run("--ship", "R-1", "CAS-07=1"), Carts(33174, 5116),
        Book("started R-1", "completed R-1", "registered R-1", "changing R-1", "changing R-1", "partly_shipped R-1"),
    ],
    "killed before the answer": [
        Sale("R-1"), KilledRun("--cancel", "R-1", carts=(0, 0)),
        Run("ORDER", "--ref", "R-2", ends=7, says=["recover R-1 382,90 EUR was being changed", "book R-1 is now cancelled"]),
        Book("started R-1", "completed R-1", "registered R-1", "changing R-1", "cancelled R-1", "started R-2"),
    ],
    "killed between the answer and the book": [
        Sale("R-1"), Run("--ship", "R-1"), Forgotten(1), Run("--recover", says=["was being changed"]),
        Book("started R-1", "completed R-1", "registered R-1", "changing R-1", "shipped R-1"),
    ],
    "a refusal that recovery finds leaves the sale as it was": [
        Sale("R-1"), LOST_CHANGE, Run("--ship", "R-1", ends=4), LOST_CHANGE,
        Run("--recover", ends=4, says=["R-1 382,90 EUR still changing"]),
        Fault(kind="conflict", errors=["Invalid data: not today"], method="PUT"),
        Run("--recover", says=["was being changed Invalid data: not today"]),
        Book("started R-1", "completed R-1", "registered R-1", "changing R-1", "registered R-1"), Carts(38290, 0),
    ],
    "payouts": [
        Sale("R-1"), Sale("R-2"), Sale("R-3"),
        Paid(merchant="shop_es", adjust={"R-2": -50}, leave_out=["R-3"],
             unknown=[{"order_ref_1": "R-9", "amount_with_tax": 700, "maximum_amount_with_tax": 700}]),
        Run("--reconcile", says=["reconcile SQ_OK, HTTP 200", "paid R-1 382,90 EUR",
                                 "differing R-2 382,90 EUR, but paid 382,40 EUR", "not paid R-3 382,90 EUR",
                                 "unknown R-9 7,00 EUR"]),
    ],
    "what was shipped is reported once": [
        Sale("R-1"), Sale("R-2"), Run("--ship", "R-1"), Fault(kind="close_after", method="POST"),
        Run("--report", ends=4, says=["told shop_es, orders shipped: 1: SQ_OUTCOME_UNKNOWN"]),
        Run("--report", says=["told shop_es, orders shipped: 1: SQ_OK"]),
        Run("--report", says=["told shop_es, orders shipped: 0: SQ_OK"]),
    ],
    "how much a month": [
        Run("--instalments", "39999", "ES", says=["instalments SQ_OK, HTTP 200",
                                                  "3 payments of €138.33; total €414.99; APR 25.00%"]),
        Fault(kind="close_before", path="credit_agreements"),
        Run("--instalments", "39999", "ES", says=["instalments SQ_OK", "3 payments of €138.33", "as of 2"]),
        Run("--instalments", "0", "ES", ends=2, says=["instalments SQ_INVALID_ARGUMENT"]),
        Run("--instalments", "39,99", ends=1), Run("--instalments", "39999", "ES", "FR", ends=1),
    ],
    "the self-test": [
        Run("--self-test", says=["self-test SQ_OK", "well name_resolution", "well connection", "well clock",
                                 "well credentials", "well journal", "well free_space"]),
    ],
    "wrong command lines": [
        *[Run(*words, ends=1) for words in (
            ("--ship",), ("--update", "R-1"), ("--ship", "R-1", "CAS-07=one"), ("--ship", "R-1", "=1"),
            ("--ship", "R-1", "--amount", "5"), ("--ship", "R-1", "--reason", "none"),
            ("--refund", "R-1", "CAS-07=1", "--amount", "5"), ("--refund", "R-1", "--amount", "5.00"),
            ("--ship", "R-1", "--cancel", "R-1"), ("--log", "R-1", "R-2"), ("--dismiss", "all"))],
        Asked(0),
    ],
}


@languages.each(REFERENCE, without=languages.FIRST_SALES)
class Samples(languages.Case):
    def setUp(self):
        self.sim = simulator.shared()

    def test_the_table(self):
        for title, row in TABLE.items():
            with self.subTest(title):
                self.play(row)

    def test_after_the_sale(self):
        for title, row in AFTER_THE_SALE.items():
            with self.subTest(title):
                self.play(row)

    def test_what_is_wrong_with_the_machine(self):
        self.begin()
        self.configure(journal="no such folder/journal")
        self.run_till(Run("--pending", ends=5, says=["open SQ_JOURNAL"]))
        self.configure(base_url="http://127.0.0.1:1")
        self.run_till(Run("ORDER", ends=4, says=["start SQ_UNREACHABLE"]))
        self.configure(journal=None)
        self.run_till(Run("--pending", ends=2, says=["open SQ_INVALID_CONFIG", "missing_field at /journal"]))
        (self.folder / "till.json").unlink()
        self.run_till(Run("--pending", ends=2, says=["open SQ_INVALID_CONFIG", "file_unreadable"]))

    # -- the rows

    def play(self, row):
        self.begin()
        for step in row:
            {Fault: self.fault, Sale: self.sell, Killed: self.kill, Run: self.run_till, Approved: self.approve,
             Forgotten: self.forget, Book: self.check_book, Sold: self.check_sold, Asked: self.check_asked,
             Carts: self.check_carts, KilledRun: self.kill_run, Paid: self.pay, Rules: self.rule}[type(step)](step)

    def begin(self):
        self.sim.reset()
        self.folder = Path(tempfile.mkdtemp(prefix="sequra-sample-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.configure()
        wrong = json.loads(ORDER.read_text(encoding="utf-8"))
        wrong["cart"]["order_total_with_tax"] += 1
        (self.folder / "wrong.json").write_text(json.dumps(wrong))
        item = {"type": "product", "reference": "BIC-21", "name": "Bicicleta", "quantity": 1, "price_with_tax": 50000,
                "total_with_tax": 50000, "downloadable": False}
        dear = {"unshipped_cart": {"currency": "EUR", "gift": False, "order_total_with_tax": 50000, "items": [item]}}
        (self.folder / "dear.json").write_text(json.dumps(dear))

    def configure(self, **changes):
        config = {"base_url": self.sim.http, "account_key": "sandbox_key", "account_secret": "sandbox_secret",
                  "merchants": {"ES": "shop_es"}, "journal": "journal", "proxy": "none", "language": "en", **changes}
        config = {key: value for key, value in config.items() if value is not None}
        (self.folder / "till.json").write_text(json.dumps(config))

    def words(self, text):
        sms = self.sim.sms()
        return text.replace("{uuid}", sms[-1]["uuid"] if sms else "{uuid}")

    def start(self, arguments, stdin):
        places = {"ORDER": str(ORDER), "WRONG": "wrong.json", "NOT-THERE": "not there.json", "DEAR": "dear.json"}
        arguments = [places.get(one) or self.words(one) for one in arguments]
        # Most runs do not look at the account: that is another four requests.
        if "--slow" in arguments:
            arguments.remove("--slow")
        else:
            arguments.insert(0, "--quick")
        return subprocess.Popen([*self.language.program("till"), "till.json", *arguments], cwd=self.folder, env=ENVIRONMENT, stdin=stdin,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)

    def end(self, till, step, pressed=b""):
        out, errors = till.communicate(pressed or None, timeout=PATIENCE_S)
        # Lines are broken at words; a row looks for words.
        said = " ".join(out.decode("utf-8").split())
        self.assertEqual(step.ends, till.returncode, (step.arguments, said, errors.decode(errors="replace")))
        self.assertEqual(step.ends == 1, bool(errors), f"a wrong command line, and nothing else, is for stderr: {errors}")
        for words in step.says:
            self.assertIn(self.words(words), said)
        for words in getattr(step, "hides", ()):
            self.assertNotIn(words, said)

    def until(self, come, what):
        limit = time.monotonic() + PATIENCE_S
        while not come():
            self.assertLess(time.monotonic(), limit, f"{what}: never")
            time.sleep(0.01)

    def run_till(self, step):
        self.end(self.start(step.arguments, subprocess.DEVNULL), step)

    def begins(self, step):
        """A till at a sale whose shopper is approved; the operator has said nothing yet."""
        forms = len(self.sim.sms())
        till = self.start(("ORDER", *step.arguments), subprocess.PIPE)
        self.until(lambda: len(self.sim.sms()) > forms or till.poll() is not None, "the form")
        if till.poll() is None:
            self.approve(None)
        return till

    def sell(self, step):
        self.end(self.begins(step), step, b"\n")

    def kill(self, step):
        self.fault(Fault(kind="delay", ms=60000, when="after", method="PUT", state="confirmed"))
        till = self.begins(step)
        till.stdin.write(b"\n")
        till.stdin.flush()
        uuid = self.sim.sms()[-1]["uuid"]
        self.until(lambda: self.sim.order(uuid)["state"] == "confirmed", "the confirmation")
        os.killpg(till.pid, signal.SIGKILL)
        till.communicate()

    def kill_run(self, step):
        self.fault(Fault(kind="delay", ms=60000, when="after", method="PUT"))
        till = self.start(step.arguments, subprocess.DEVNULL)
        self.until(lambda: self.carts() == step.carts, "the change")
        os.killpg(till.pid, signal.SIGKILL)
        till.communicate()

    def pay(self, step):
        self.sim.control("POST", "disburse", step)

    def rule(self, step):
        self.sim.rules(**step)

    def carts(self):
        sale = self.sim.order(self.sim.sms()[-1]["uuid"])["sale"]
        return [sale[cart]["order_total_with_tax"] for cart in ("unshipped_cart", "shipped_cart")]

    def check_carts(self, step):
        self.assertEqual(step.totals, self.carts())

    def fault(self, step):
        self.sim.fault(**step)

    def approve(self, _):
        self.sim.approve(self.sim.sms()[-1]["uuid"])

    def book(self):
        lines = (self.folder / "sales.txt").read_text(encoding="utf-8").splitlines()
        return [" ".join(line.split()[:2]) for line in lines]

    def forget(self, step):
        path = self.folder / "sales.txt"
        path.write_text("".join(path.read_text().splitlines(True)[:-step.lines]))

    def check_book(self, step):
        self.assertEqual(step.lines, self.book())

    def check_sold(self, step):
        self.assertEqual(f"registered {step.ticket}", self.book()[-1])
        # Whoever has the number now: the last order of the book.
        url = (self.folder / "sales.txt").read_text(encoding="utf-8").splitlines()[-1].split()[-1]
        order = self.sim.order(url.rsplit("/", 1)[-1])
        self.assertEqual(("confirmed", step.ticket), (order["state"], order["order_ref_1"]))
        self.run_till(Run("--pending", says=[NOTHING]))

    def check_asked(self, step):
        self.assertEqual(step.requests, self.sim.stats()["requests"])
