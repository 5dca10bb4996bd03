"""What most tests begin with: a simulator, a folder for the journal, and clients that are closed at the end."""

import contextlib
import json
import random
import re
import shutil
import tempfile
import time
import unittest
from pathlib import Path

import abi
import orders
import simulator
from abi import Client
from outside import Stranger
from simulator import KEY, SECRET

#: A call ends within total_ms + 1 s (rule 10). On top of that the machine of the tests may be busy:
#: with 2 loaded cores a thread that is due can wait for seconds, so the bound is generous. It still
#: tells a library that keeps the deadline from one that does not, because the servers that these
#: tests use would keep it waiting for a minute or for ever.
SLACK_S = 6.0

#: The languages of messages, as the page on configuration names them; it is held against the library.
LANGUAGES = re.findall(r"`(\w+)`", re.search(r"^\| `language` \|([^|]*)\|", (
    Path(__file__).parents[2] / "docs/configuration.md").read_text(encoding="utf-8"), re.MULTILINE)[1])


def deadline_s(total_ms: int) -> float:
    return total_ms / 1000 + 1 + SLACK_S


def garbage(size: int) -> bytes:
    """Bytes that mean nothing, the same each time."""
    return random.Random(1).randbytes(size)


class Till(unittest.TestCase):
    """A test with a simulated seQura that has forgotten everything before it."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.sim = simulator.shared()
        cls.handles_before = abi.live_handles()
        assert cls.handles_before == 0, f"{cls.handles_before} handles leaked before {cls.__name__}"

    @classmethod
    def tearDownClass(cls):
        left = abi.live_handles()
        if left:
            raise AssertionError(f"{cls.__name__} left {left} handles")

    def setUp(self):
        self.sim.reset()
        self.base_url = self.sim.http
        self.folder = Path(tempfile.mkdtemp(prefix="sequra-till-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.journal = self.folder / "journal.db"
        self.clients = []
        self.addCleanup(self._close_clients)

    def _close_clients(self):
        for client in self.clients:
            if client.handle:
                client.close()

    # -- clients

    def config(self, **changes) -> dict:
        """A valid configuration; a change to None leaves the key out."""
        config = {
            "base_url": self.base_url, "account_key": KEY, "account_secret": SECRET, "merchant_id": "shop_es",
            "journal": str(self.journal), "timeouts": {"connect_ms": 2000, "total_ms": 10000}, "proxy": "none",
            "language": "en",
        }
        config.update(changes)
        return {key: value for key, value in config.items() if value is not None}

    def open(self, encoding="utf-8", **changes) -> Client:
        """A client, which must open."""
        client = self.try_open(encoding, **changes)
        self.assertStatus("SQ_OK", client.opened)
        return client

    def try_open(self, encoding="utf-8", **changes) -> Client:
        client = Client(self.config(**changes), encoding=encoding)
        self.clients.append(client)
        return client

    def line(self) -> simulator.Line:
        """From now on clients reach seQura by a line that can be down."""
        line = simulator.Line(self.sim)
        self.addCleanup(line.close)
        self.base_url = line.url
        return line

    # -- sales

    def approved(self, client, order=None):
        """An order that the shopper has completed: (url, uuid, order)."""
        order = orders.complete() if order is None else order
        started = self.assertStatus("SQ_OK", client.start(order))
        self.assertStatus("SQ_OK", client.send_form(started.url))
        self.sim.approve(started.uuid)
        return started.url, started.uuid, order

    def confirmed(self, client, order=None):
        """A confirmed order without its reference."""
        url, uuid, order = self.approved(client, order)
        answer = self.assertStatus("SQ_OK", client.confirm(url, order))
        self.assertEqual("confirmed", answer.state)
        return url, uuid, order

    def settled(self, client, order=None, ref=None):
        """A settled order; returns its url, uuid, order and reference."""
        ref = ref or orders.new_ref()
        url, uuid, order = self.confirmed(client, order)
        self.assertEqual("settled", self.assertStatus("SQ_OK", client.set_ref(url, ref)).state)
        return url, uuid, order, ref

    # -- expectations

    def assertStatus(self, name: str, answer: abi.Answer, *codes: str) -> abi.Answer:
        """The status, and where given, the codes of the errors in their order."""
        said = json.dumps(answer.document, ensure_ascii=False)
        self.assertEqual(name, answer.name, said)
        if codes:
            self.assertEqual(list(codes), answer.codes, said)
        return answer

    def in_every_language(self, **words):
        """Each language with what is said in it; none is left out."""
        self.assertEqual(sorted(LANGUAGES), sorted(words))
        return words.items()

    def assertNothingSent(self):
        self.assertEqual([], [(r["method"], r["path"]) for r in self.sim.requests()])

    @contextlib.contextmanager
    def sends(self, count: int):
        """Exactly so many requests reach seQura within."""
        before = self.sim.stats()["requests"]
        yield
        self.assertEqual(count, self.sim.stats()["requests"] - before, "requests at seQura")

    @contextlib.contextmanager
    def ends_within(self, seconds: float):
        began = time.monotonic()
        yield
        self.assertLess(time.monotonic() - began, seconds)

    def let_days_pass(self, days, used=True):
        """Makes everything in the journal, all of which happened just now, older by so many days, on each of which it
        was used, or on none."""
        ms, day = int(days * 86_400_000), 86_400_000
        dates = -((int(time.time() * 1000) % day - ms) // day)
        Stranger.shared().write(self.journal, f"""
            UPDATE orders SET created_at = created_at - {ms}, updated_at = updated_at - {ms};
            UPDATE contents SET finished_at = finished_at - {ms};
            UPDATE reports SET begun_at = begun_at - {ms};
            UPDATE days SET date = date - {dates}, confirmed_at = confirmed_at - {ms};""")
        if used and dates:
            Stranger.shared().write(self.journal, f"""
                WITH RECURSIVE later (day) AS (VALUES (1) UNION ALL SELECT day + 1 FROM later WHERE day < {dates})
                INSERT INTO days (date, number) SELECT day + first.date, day + first.number
                    FROM later JOIN (SELECT max(date) AS date, max(number) AS number FROM days) first;""")

    def rows(self, query="SELECT * FROM orders ORDER BY id", *parameters, journal=None):
        """Reads the journal as a stranger would."""
        return Stranger.shared().rows(journal or self.journal, query, *parameters)

    def page(self, name):
        """Where the first page of a table or an index is in the journal's file, and how long it is."""
        found, = self.rows("SELECT rootpage, page_size FROM sqlite_schema, pragma_page_size WHERE name = ?", name)
        return (found["rootpage"] - 1) * found["page_size"], found["page_size"]


class Plain(unittest.TestCase):
    """A test without a simulator, that leaves no handle."""

    @classmethod
    def setUpClass(cls):
        assert abi.live_handles() == 0, f"handles leaked before {cls.__name__}"

    @classmethod
    def tearDownClass(cls):
        left = abi.live_handles()
        if left:
            raise AssertionError(f"{cls.__name__} left {left} handles")

    def assertStatus(self, name, answer, *codes):
        said = json.dumps(answer.document, ensure_ascii=False)
        self.assertEqual(name, answer.name, said)
        if codes:
            self.assertEqual(list(codes), answer.codes, said)
        return answer
