"""What `sequra` says of a journal alone, with no configuration and no secret; nothing of it is changed."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import unittest
from contextlib import closing
from pathlib import Path

import orders
from outside import Stranger, Worker, asking, kill
from shell import PROGRAM, Shell

JOURNALS = Path(__file__).resolve().parents[1] / "journals"


class Looking(Shell):
    def setUp(self):
        super().setUp()
        self.elsewhere = self.folder / "elsewhere"
        self.elsewhere.mkdir()
        self.temporary = self.folder / "tmp"
        self.temporary.mkdir()

    def look(self, command, *arguments, journal=None, expect="SQ_OK", **options):
        done = self.sequra(command, *arguments, "--journal", journal or self.journal, expect=expect, cwd=self.elsewhere,
                           env={"TMPDIR": str(self.temporary)}, **options)
        self.assertEqual([], list(self.temporary.iterdir()), "the private copy is gone")
        return done

    def content(self, folder):
        return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file() and not file.name.endswith("-shm")}

    def killed(self):
        """A till that was killed while seQura's answer was on its way: (order confirmed at seQura, its files elsewhere)."""
        client = self.open()
        url, uuid, _ = self.approved(client, orders.complete("R-9"))
        self.sim.fault("delay", ms=3000, when="after", method="PUT")
        kill(asking("confirm", self.config(), self.sim, url=url))
        for suffix in ("", "-wal"):
            shutil.copy(f"{self.journal}{suffix}", self.elsewhere)
        return uuid, self.elsewhere / "journal.db"

    def test_the_journal_of_a_killed_till_tells_the_truth(self):
        uuid, journal = self.killed()
        before = self.content(self.elsewhere)
        told = json.loads(self.look("pending", "--json", journal=journal).stdout)
        order, = told["data"]["orders"]
        self.assertEqual((uuid, "confirming", "answer", "recover"),
                         (order["uuid"], order["state"], order["missing"], order["next"]))
        self.assertEqual("now", told["data"]["journal"]["as_of"])
        self.assertEqual({"EUR": {"shop_es": orders.TOTAL}}, told["data"]["at_risk"])
        shown = self.look("pending", journal=journal).stdout
        self.assertIn("R-9", shown)
        self.assertIn("confirmation unanswered", shown)
        self.assertIn("€154.97", shown)
        self.assertNotIn("checkpoint", shown)
        for name in (uuid, "R-9"):
            self.assertIn("confirm", self.look("order", name, journal=journal).stdout)
        self.assertEqual(before, self.content(self.elsewhere))
        self.assertEqual(["journal.db", "journal.db-wal"], sorted(file.name for file in self.elsewhere.iterdir()))

    def test_a_file_without_its_log_may_be_old_and_says_so(self):
        _, journal = self.killed()
        (self.elsewhere / "journal.db-wal").unlink()
        for language, words in self.in_every_language(es="puede ser antigua", en="may be old", fr="peut être ancienne",
                                                      it="può essere vecchia", pt="pode ser antiga"):
            self.assertIn(words, self.look("pending", "--language", language, journal=journal).stdout)
        told = json.loads(self.look("pending", "--json", journal=journal).stdout)
        self.assertEqual("last_checkpoint", told["data"]["journal"]["as_of"])
        self.assertEqual(["journal.db"], [file.name for file in self.elsewhere.iterdir()])

    def as_of(self, journal=None):
        return json.loads(self.look("pending", "--json", journal=journal).stdout)["data"]["journal"]["as_of"]

    def taken_away(self):
        """The file alone, as it is at this moment."""
        return shutil.copy(self.journal, self.elsewhere / "journal.db")

    def test_a_journal_that_was_closed_needs_nothing_beside_it(self):
        client = self.open()
        url, _, _, ref = self.settled(client)
        other = self.open()
        client.close()
        self.assertEqual("last_checkpoint", self.as_of(self.taken_away()), "the other till goes on")
        other.close()
        self.assertEqual(["journal.db"], [file.name for file in self.folder.glob("journal.db*")])
        for journal in (self.journal, self.taken_away()):
            self.assertEqual("now", self.as_of(journal))
            for command in (["pending"], ["order", ref], ["log"], ["verify"]):
                self.assertNotIn("checkpoint", self.look(*command, journal=journal).stdout, command)
        copy, again = self.folder / "copy.db", self.folder / "again.db"
        self.assertNotIn("checkpoint", self.look("backup", copy).stdout)
        self.assertEqual("copy", self.as_of(copy))
        self.assertNotIn("checkpoint", self.look("restore", copy, "--the-old-one-is-gone", journal=again).stdout)
        self.assertEqual("now", self.as_of(again))

    def test_from_the_moment_that_a_till_opens_it_nobody_knows(self):
        self.settled(self.open())
        self._close_clients()
        self.assertEqual("now", self.as_of())
        holder = Worker("hold", {"config": self.config()}, keep_open=True)
        holder.next()
        self.assertEqual("last_checkpoint", self.as_of(self.taken_away()), "nothing is written yet, and any moment may be")
        kill(holder)
        self.assertEqual("last_checkpoint", self.as_of(self.taken_away()))
        holder.process.stdin.close()
        for language, words in self.in_every_language(es="no falta nada", en="nothing is missing", fr="rien ne manque",
                                                      it="non manca nulla", pt="não falta nada"):
            self.assertIn(words, self.look("pending", "--language", language).stdout, "its log is empty")
        self.open().close()
        self.assertEqual("now", self.as_of(self.taken_away()), "the next till has closed it")

    def test_one_that_an_older_library_closed_may_be_old(self):
        for version in (1, 2):
            self.assertEqual("last_checkpoint", self.as_of(JOURNALS / f"v{version}.journal"))

    def test_what_another_program_began_to_write_is_not_read(self):
        """In a closed journal another SQLite writes as it likes: until it is done, the file beside it has what was."""
        self.settled(self.open(), ref="R-1")
        self._close_clients()
        with closing(sqlite3.connect(self.journal)) as other:
            other.executescript("PRAGMA cache_size = 1; PRAGMA synchronous = OFF; BEGIN IMMEDIATE;"
                                "UPDATE orders SET state = 'cancelled';"
                                "CREATE TABLE x (t); INSERT INTO x VALUES (zeroblob(200000));")
            for suffix in ("", "-journal"):
                shutil.copy(f"{self.journal}{suffix}", self.elsewhere)
        self.assertIn("complete", self.look("order", "R-1", journal=self.elsewhere / "journal.db").stdout)

    def test_a_log_that_was_cut_or_is_none_is_not_believed(self):
        _, journal = self.killed()
        log = self.elsewhere / "journal.db-wal"
        whole = log.read_bytes()
        shutil.copy(f"{self.journal}-shm", self.elsewhere)
        self.assertEqual("now", self.as_of(journal))
        for content in (whole[:len(whole) // 2 - 7], b"", b"x" * 100_000, whole[:32]):
            log.write_bytes(content)
            self.assertEqual("last_checkpoint", self.as_of(journal), len(content))
            self.assertEqual(content, log.read_bytes())
        log.unlink()
        self.assertEqual("last_checkpoint", self.as_of(journal))
        self.assertFalse(log.exists())
        # A copy of it, and the journal made of that, are no better.
        copy, again = self.folder / "copy.db", self.folder / "again.db"
        self.assertIn("may be old", self.look("backup", copy, journal=journal).stdout)
        self.assertIn("may be old", self.look("pending", journal=copy).stdout)
        self.assertIn("may be old", self.look("restore", copy, "--the-old-one-is-gone", journal=again).stdout)
        shown = self.look("pending", journal=again).stdout
        self.assertIn("may be old", shown)
        self.assertIn("restored from a copy", shown)

    def test_what_is_only_tried_is_never_taken_for_a_sale(self):
        self.confirmed(self.open())
        self._close_clients()
        for changes, is_test in (({"environment": "sandbox"}, True), ({"environment": "live"}, False), ({}, True)):
            self.configured(**changes)
            told = json.loads(self.sequra("pending", "--json", expect=0).stdout)
            self.assertEqual(is_test, told["operator_message"].startswith("TEST"), changes)
            for command in ("pending", "log"):
                self.assertEqual(is_test, "TEST: confirmed" in self.sequra(command, expect=0).stdout, command)
            told = json.loads(self.sequra("log", "--json", expect=0).stdout)
            self.assertEqual(is_test, told["operator_message"].startswith("TEST"), changes)
        # Without a configuration nobody knows whether this machine's seQura is a simulator or a gateway.
        (self.folder / "sequra.json").unlink()
        self.assertNotIn("TEST", self.sequra("pending", "--journal", self.journal, expect=0).stdout)
        Stranger.shared().write(self.journal, "UPDATE orders SET endpoint = 'https://sandbox.sequrapi.com/'")
        self.assertIn("TEST: confirmed", self.sequra("pending", "--journal", self.journal, expect=0).stdout)

    def test_a_sum_that_nobody_knows_is_not_nothing(self):
        for _ in range(2):
            self.confirmed(self.open(), orders.complete(delivery_method={"name": orders.new_ref()}))
        self._close_clients()
        Stranger.shared().write(self.journal, "UPDATE orders SET amount = 9223372036854775807, created_at = -9223372036854775808")
        self.assertIn("At risk: ? EUR", self.look("pending").stdout)

    def test_it_looks_beside_a_till_that_sells(self):
        client = self.open()
        url, _, _ = self.confirmed(client)
        before = self.content(self.folder)
        self.assertIn("confirmed, no receipt", self.look("pending").stdout)
        self.assertIn("SQ_OK", self.look("log", "--json").stdout)
        self.assertEqual(before, self.content(self.folder))
        self.assertStatus("SQ_OK", client.set_ref(url, "R-1"))
        self.assertIn("complete", self.look("order", "R-1").stdout)
        client.close()
        self.assertEqual([], [file.name for file in self.folder.glob("journal.db-till-*")])

    def test_journals_of_every_version_are_read_and_left(self):
        for version in (1, 2):
            journal = shutil.copy(JOURNALS / f"v{version}.journal", self.elsewhere)
            before = self.content(self.elsewhere)
            told = json.loads(self.look("pending", "--json", journal=journal).stdout)
            self.assertEqual((version, False), (told["data"]["journal"]["version"], told["data"]["journal"]["is_of_today"]))
            self.assertTrue(told["data"]["orders"])
            for order in told["data"]["orders"]:
                if order["uuid"]:
                    self.look("order", order["uuid"], journal=journal)
            self.look("log", journal=journal)
            self.look("verify", journal=journal)
            self.assertEqual(before, self.content(self.elsewhere), f"version {version}")

    def test_an_older_journal_that_a_till_has_open_is_not_migrated(self):
        """The till of that version goes on with it."""
        shutil.copy(JOURNALS / "v2.journal", self.journal)
        holder = Worker("hold_open", {"journal": str(self.journal)}, keep_open=True)
        self.assertEqual({"event": "open"}, holder.next())
        before = self.content(self.folder)
        self.assertIn("Sale", self.look("pending").stdout)
        self.assertEqual(before, self.content(self.folder))
        holder.process.stdin.close()
        holder.end()

    def test_a_newer_journal_is_none_that_it_reads(self):
        self.open().close()
        Stranger.shared().write(self.journal, "PRAGMA user_version = 99")
        self.assertIn("newer version", self.look("pending", expect="SQ_JOURNAL").stderr)

    def test_orders_of_several_endpoints_are_shown_together(self):
        self.confirmed(self.open())
        self.open(base_url=self.sim.http + "/two").close()
        Stranger.shared().write(self.journal, "UPDATE orders SET endpoint = 'https://live.sequrapi.com/' WHERE id = 1")
        self._close_clients()
        self.confirmed(self.open(), orders.complete())
        told = json.loads(self.look("pending", "--json").stdout)["data"]
        self.assertEqual(2, len(told["orders"]))
        # Nobody knows whether this machine's seQura is real: no sum has both.
        apart = f"shop_es, {self.sim.http}/"
        self.assertEqual({"EUR": {"shop_es": orders.TOTAL, apart: orders.TOTAL}}, told["at_risk"])
        shown = self.look("pending").stdout
        self.assertIn(f" {self.sim.http}/: ", shown)
        self.assertIn(f"€154.97 ({apart})", shown)
        self.assertNotIn("€309.94", shown)
        self.assertEqual(["https://live.sequrapi.com/"],
                         [one["url"].split("orders/")[0] for one in told["orders"] if "live" in one["url"]])
        for one in told["orders"]:
            self.look("order", one["uuid"])

    def test_orders_that_cannot_be_shown_are_told_of(self):
        for _ in range(2):
            self.confirmed(self.open(), orders.complete(delivery_method={"name": orders.new_ref()}))
        self._close_clients()
        Stranger.shared().write(self.journal, "UPDATE orders SET endpoint = 'nonsense' WHERE id = 1")
        said = self.look("pending").stderr
        self.assertIn('"nonsense" cannot be shown', said)
        self.assertIn("1 unfinished", said)
        Stranger.shared().write(self.journal, "UPDATE orders SET endpoint = 'nonsense'")
        shown = self.look("pending")
        self.assertIn("2 unfinished", shown.stderr)
        self.assertNotIn("Nothing is unfinished", shown.stdout + shown.stderr)

    def test_a_signal_leaves_no_private_copy(self):
        client = self.open()
        for _ in range(90):
            self.assertStatus("SQ_OK", client.send_form(client.start(orders.complete()).url))
        self._close_clients()
        for number in (signal.SIGTERM, signal.SIGINT):
            # It waits for somebody to read the rest.
            program = subprocess.Popen([PROGRAM, "log", "--whole", "--journal", self.journal], stdout=subprocess.PIPE,
                                       env={**os.environ, "TMPDIR": str(self.temporary)})
            program.stdout.read(1)
            private, = self.temporary.iterdir()
            self.assertEqual(0o700, private.stat().st_mode & 0o777)
            self.assertEqual([0o600], [file.stat().st_mode & 0o777 for file in private.glob("*.journal")])
            program.send_signal(number)
            self.assertEqual(130, program.wait(20))
            program.stdout.close()
            self.assertEqual([], list(self.temporary.iterdir()))

    def test_what_one_that_was_killed_left_goes_with_the_next(self):
        client = self.open()
        for _ in range(90):
            self.assertStatus("SQ_OK", client.send_form(client.start(orders.complete()).url))
        self._close_clients()
        others = self.temporary / ("sequra-" + "0" * 32)
        others.mkdir()
        (others / "copy").write_text("somebody's")
        program = subprocess.Popen([PROGRAM, "log", "--whole", "--journal", self.journal], stdout=subprocess.PIPE,
                                   env={**os.environ, "TMPDIR": str(self.temporary)})
        program.stdout.read(1)
        self.sequra("pending", "--journal", self.journal, env={"TMPDIR": str(self.temporary)})
        self.assertEqual(2, len(list(self.temporary.iterdir())), "it lives")
        program.kill()
        program.wait()
        program.stdout.close()
        self.assertEqual(2, len(list(self.temporary.iterdir())))
        self.sequra("pending", "--journal", self.journal, env={"TMPDIR": str(self.temporary)})
        self.assertEqual([others], list(self.temporary.iterdir()))
        shutil.rmtree(others)

    def test_every_result_goes_into_a_file_or_is_one_value(self):
        self.settled(self.open(), ref="R-1")
        out = self.folder / "out"
        for command in (["pending"], ["order", "R-1"], ["log"], ["log", "--whole"], ["verify"]):
            self.assertEqual("", self.look(*command, "--out", out).stdout)
            first, *_ = out.read_text().splitlines()
            self.assertTrue(json.loads(first))
        self.assertEqual("settled\n", self.look("order", "R-1", "--get", "/order/state").stdout)
        self.assertEqual("4\n", self.look("verify", "--get", "/entries").stdout)
        self.assertEqual("\n", self.look("order", "R-1", "--get", "/order/cart_ref").stdout)

    def test_a_till_that_was_killed_leaves_its_index_as_it_is(self):
        client = self.open()
        self.confirmed(client)
        for suffix in ("", "-wal", "-shm"):
            shutil.copy(f"{self.journal}{suffix}", self.elsewhere)
        before = {file.name: file.read_bytes() for file in self.elsewhere.iterdir()}
        self.assertIn("confirmed", self.look("pending", journal=self.elsewhere / "journal.db").stdout)
        self.assertEqual(before, {file.name: file.read_bytes() for file in self.elsewhere.iterdir()})

    @unittest.skipUnless(hasattr(os, "getuid") and os.getuid() == 0, "only root can be somebody else")
    def test_who_may_not_read_it_is_told_so(self):
        self.open().close()
        self.folder.chmod(0o755)
        done = self.sequra("pending", "--journal", self.journal, expect="SQ_JOURNAL", cwd="/", preexec_fn=lambda: os.setuid(65534))
        self.assertIn("cannot be read", done.stderr)
        self.assertNotIn("nothing was sent", done.stderr)

    def test_what_it_is_told_by_is_found(self):
        """The journal may be that of the configuration, whatever else is wrong with that."""
        self.confirmed(self.open())
        (self.folder / "sequra.json").write_text(json.dumps({"journal": "journal.db", "language": "it", "account_secret_env": "X"}))
        self.assertIn("confermata", self.sequra("pending", expect=0).stdout)
        self.assertIn("confirmée", self.sequra("pending", "--language", "fr", expect=0).stdout)
        (self.folder / "sequra.json").unlink()
        self.assertIn("--journal", self.sequra("pending", expect=1).stderr)
        for system, word in (("es_ES.UTF-8", "confirmada"), ("pt_PT.UTF-8", "confirmada"), ("fr_FR.UTF-8", "confirmée"), ("C", "confirmada")):
            self.assertIn(word, self.sequra("pending", "--journal", self.journal, expect=0, env={"LC_ALL": system}).stdout)

    def test_nothing_in_colour_and_no_bar_on_a_pipe(self):
        self.confirmed(self.open())
        for command in ("pending", "log"):
            done = self.look(command)
            self.assertNotIn("\x1b", done.stdout + done.stderr)

    def test_no_text_of_others_moves_the_cursor(self):
        client = self.open()
        url, _, _ = self.approved(client)
        self.sim.fault("conflict", errors=["The cart \x1b[2J is another"], method="PUT")
        self.assertStatus("SQ_CONFLICT", client.confirm(url))
        shown = self.look("log").stdout
        self.assertIn("The cart", shown)
        self.assertNotIn("\x1b", shown)
        self._close_clients()
        Stranger.shared().write(self.journal, "UPDATE orders SET merchant_id = 'shop' || char(27) || ']0;x' || char(7) || char(8238)")
        Stranger.shared().write(self.journal, "UPDATE orders SET state = 'confirmed', currency = 'E' || char(27)")
        shown = self.look("pending").stdout
        self.assertIn("At risk", shown)
        self.assertFalse({"\x1b", "\x07", "\u202e"} & set(shown))
        odd = self.folder / "j\x1b[31m.db"
        shutil.copy(self.journal, odd)
        for command in ("verify", "pending"):
            done = self.look(command, journal=odd)
            self.assertNotIn("\x1b", done.stdout + done.stderr)


class Doctor(Shell):
    def test_a_till_that_can_sell(self):
        self.configured()
        done = self.sequra("doctor", expect=0)
        for words in ("simulator", "shop_es", "Connection and TLS", "Free space", "not there yet"):
            self.assertIn(words, done.stdout)
        self.assertEqual(["sequra.json"], [file.name for file in self.folder.iterdir()])
        self.open().close()
        told = json.loads(self.sequra("doctor", "--json", expect=0).stdout)
        self.assertTrue(all(row["ok"] for row in told["data"]["rows"]), told["data"]["rows"])

    def test_what_is_wrong_is_said_with_what_to_do(self):
        self.configured(account_secret="wrong")
        self.assertIn("keys", self.sequra("doctor", expect="SQ_UNAUTHORIZED").stdout)
        self.configured(base_url="http://127.0.0.1:9/")
        self.sequra("doctor", expect="SQ_UNREACHABLE")
        self.configured(merchant_id="shop_xx")
        self.sequra("doctor", expect="SQ_FORBIDDEN")
        self.configured(jurnal="x")
        self.assertIn("journal", self.sequra("doctor", expect="SQ_INVALID_CONFIG").stdout)
        self.configured(journal=str(self.folder / "nowhere" / "journal.db"))
        self.sequra("doctor", expect="SQ_JOURNAL")

    def test_a_journal_is_left_as_it_is_whatever_is_wrong_with_it(self):
        self.configured()
        shutil.copy(JOURNALS / "v2.journal", self.journal)
        before = self.journal.read_bytes()
        self.sequra("doctor", expect=0)
        self.assertEqual(before, self.journal.read_bytes())
        for content in (b"pan, leche " * 1000, before[:5000] + b"x" * 8000):
            self.journal.write_bytes(content)
            done = self.sequra("doctor", expect="SQ_JOURNAL")
            self.assertNotIn("set aside", done.stdout + done.stderr)
            self.assertEqual(content, self.journal.read_bytes())
        self.assertEqual(["journal.db", "sequra.json"], sorted(file.name for file in self.folder.iterdir()))

    def test_a_copy_is_no_journal_to_sell_with(self):
        self.open().close()
        self.sequra("backup", "copy.db", "--journal", self.journal, expect=0)
        self.configured(journal=str(self.folder / "copy.db"))
        self.assertIn("copy", self.sequra("doctor", expect="SQ_JOURNAL").stdout)
