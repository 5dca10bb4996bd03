"""The journal: what cannot be recorded is not sent, files that are none, and who works on an order."""

import contextlib
import json
import os
import sqlite3
import subprocess
import threading
import time
import unittest
from pathlib import Path

import orders
from outside import Stranger, Worker
from till import Till, deadline_s, garbage

class WhatCannotBeRecorded(Till):
    QUICK = {"connect_ms": 500, "total_ms": 1000}

    def locked(self):
        """Another program holds the journal for itself."""
        return Stranger.shared().locked(self.journal)

    def test_nothing_is_sent_while_another_program_holds_the_journal(self):
        client = self.open(timeouts=self.QUICK)
        unlock = self.locked()
        with self.ends_within(deadline_s(1000)):
            answer = client.start(orders.complete())
        self.assertStatus("SQ_JOURNAL", answer, "journal_locked")
        self.assertIsNone(answer.document["http"])
        self.assertNothingSent()
        unlock()
        self.assertStatus("SQ_OK", client.start(orders.complete()))

    def test_no_step_of_a_sale_is_sent_that_cannot_be_recorded(self):
        client = self.open(timeouts=self.QUICK)
        url, uuid, order = self.approved(client)
        url_confirmed, _, _ = self.confirmed(client, orders.small())
        unlock = self.locked()
        with self.sends(0), self.ends_within(4 * deadline_s(1000)):
            for answer in (client.send_form(url), client.hold(url), client.confirm(url), client.set_ref(url_confirmed, "X")):
                self.assertStatus("SQ_JOURNAL", answer, "journal_locked")
        unlock()
        self.assertEqual("confirmed", self.assertStatus("SQ_OK", client.confirm(url)).state)

    def test_the_answer_reaches_the_till_though_it_cannot_be_recorded(self):
        # The outcome is told, with a warning; asking again finds out the rest.
        client = self.open(timeouts={"connect_ms": 500, "total_ms": 3000})
        url, uuid, order = self.approved(client)
        self.sim.fault("delay", ms=1500, method="PUT", state="confirmed")
        answers = []
        thread = threading.Thread(target=lambda: answers.append(client.confirm(url, order)))
        thread.start()
        limit = time.monotonic() + 20
        while not self.sim.requests("PUT"):
            self.assertLess(time.monotonic(), limit)
            time.sleep(0.02)
        unlock = self.locked()
        thread.join(30)
        unlock()
        answer = self.assertStatus("SQ_OK", answers[0])
        self.assertIn("outcome_not_recorded", answer.warned)
        self.assertEqual("confirmed", self.assertStatus("SQ_OK", client.confirm(url, order)).state)

    def test_the_journal_may_be_read_by_others_meanwhile(self):
        client = self.open()
        unlock = Stranger.shared().locked(self.journal, "BEGIN DEFERRED")
        self.settled(client)
        unlock()

    def test_a_full_disk_stops_the_sale_before_anything_is_sent(self):
        order = orders.complete()
        # Not even one page more fits into the write-ahead log.
        worker = Worker("disk_full", {"config": self.config(), "orders": [order], "room": 4096})
        said = worker.next()
        code, out, err = worker.end()
        self.assertEqual((0, b"", b""), (code, out, err))
        (status, codes, _, _), = said["answers"]
        self.assertEqual("SQ_JOURNAL", status)
        self.assertIn(codes[0], ("journal_full", "journal_failed"))
        self.assertEqual("SQ_OK", said["again"], "once there is room the sale goes on")
        self.assertEqual(1, len(self.sim.orders()))
        self.assertEqual(1, len(self.rows()))

    def test_a_disk_that_fills_up_while_selling_never_sends_what_it_could_not_record(self):
        several = [orders.small(1000 + number) for number in range(200)]
        worker = Worker("disk_full", {"config": self.config(), "orders": several, "room": 600_000})
        said = worker.next()
        worker.end()
        names = [answer[0] for answer in said["answers"]]
        self.assertEqual("SQ_JOURNAL", names[-1])
        self.assertEqual({"SQ_OK"}, set(names[:-1]))
        self.assertGreater(len(names), 1)
        # What seQura has is in the journal; nothing more, nothing less ("again" succeeded once there was room).
        # Where the disk had room for an intent and not for its outcome, the till was told with a warning, and
        # the journal has the order with its start still open.
        self.assertEqual("SQ_OK", said["again"])
        self.assertEqual(len(names), len(self.sim.orders()))
        rows = self.rows()
        self.assertEqual(len(names), len(rows))
        known = {row["uuid"] for row in rows if row["uuid"]}
        self.assertLessEqual(known, {order["uuid"] for order in self.sim.orders()})
        warned = [answer for answer in said["answers"] if "outcome_not_recorded" in answer[3]]
        self.assertEqual(len(names) - len(known), len(warned))
        self.assertLess(len(warned), 4)
        self.assertEqual({"soliciting"}, {row["state"] for row in rows if not row["uuid"]} | {"soliciting"})

    def test_a_full_file_system_is_told_as_such(self):
        tiny = self.folder / "tiny"
        tiny.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", tiny], capture_output=True)
        if mounted.returncode:
            self.skipTest("mounting a small file system is not allowed here")
        self.addCleanup(subprocess.run, ["umount", "-l", str(tiny)], capture_output=True)
        client = self.open(journal=str(tiny / "journal.db"))
        (tiny / "ballast").write_bytes(b"x" * 4096)
        with contextlib.suppress(OSError), open(tiny / "ballast", "ab", buffering=0) as ballast:
            while True:
                ballast.write(b"x" * 4096)
        for _ in range(300):
            answer = client.start(orders.complete())
            if answer.status:
                break
        self.assertStatus("SQ_JOURNAL", answer, "journal_full")
        self.assertIn(answer.next, ("fix_configuration", "call_again"))
        sent = len(self.sim.orders())
        self.assertStatus("SQ_JOURNAL", client.start(orders.complete()))
        self.assertEqual(sent, len(self.sim.orders()))
        (tiny / "ballast").unlink()
        self.assertStatus("SQ_OK", client.start(orders.complete()))
        client.close()


class FilesThatAreNoJournal(Till):
    def refused(self, *codes, journal=None):
        client = self.try_open(**({"journal": str(journal)} if journal else {}))
        self.assertStatus("SQ_JOURNAL", client.opened, *codes)
        self.assertIn(client.opened.next, ("fix_configuration", "call_again"))
        return client.opened

    def test_a_folder_that_is_not_there(self):
        answer = self.refused(journal=self.folder / "missing" / "journal.db")
        self.assertIn("missing", answer.document["errors"][0]["message"])
        self.assertFalse((self.folder / "missing").exists())

    def test_a_folder_as_the_journal(self):
        self.refused(journal=self.folder)

    def test_a_path_below_a_file(self):
        (self.folder / "file").write_text("text")
        self.refused(journal=self.folder / "file" / "journal.db")

    def test_a_database_of_another_program_is_left_as_it_is(self):
        with contextlib.closing(sqlite3.connect(self.journal)) as other:
            other.executescript("CREATE TABLE receipts (id INTEGER); PRAGMA application_id = 305419896; PRAGMA user_version = 3;")
        before = self.journal.read_bytes()
        self.refused()
        self.assertEqual(before, self.journal.read_bytes())

    def test_a_database_of_another_program_that_left_no_mark_is_left_as_it_is(self):
        with contextlib.closing(sqlite3.connect(self.journal)) as other:
            other.executescript("CREATE TABLE receipts (id INTEGER); INSERT INTO receipts VALUES (1);")
        before = self.journal.read_bytes()
        self.refused()
        self.assertEqual(before, self.journal.read_bytes())

    def test_a_journal_of_a_newer_version_is_refused_and_left_as_it_is(self):
        self.open().close()
        with contextlib.closing(sqlite3.connect(self.journal)) as other:
            version, = other.execute("PRAGMA user_version").fetchone()
            other.execute(f"PRAGMA user_version = {version + 1}")
        self.refused("journal_too_new")
        self.assertEqual([(version + 1,)], [tuple(row.values()) for row in self.rows("PRAGMA user_version")])

    def damaged(self, place=0, size=8192):
        """Closes everything and writes over a part of the journal; returns what is there now."""
        self._close_clients()
        for suffix in ("-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(f"{self.journal}{suffix}")
        with open(self.journal, "r+b") as file:
            file.seek(place)
            file.write(garbage(size))
        return self.journal.read_bytes()

    def assertSetAside(self, client, content):
        """The journal was put out of the way whole, and the till told where."""
        warning, = client.opened.document["warnings"]
        self.assertEqual("journal_set_aside", warning["code"])
        aside = Path(warning["actual"])
        self.assertIn(str(aside), warning["message"])
        self.assertRegex(aside.name, r"^journal\.db\.damaged-\d{4}-\d\d-\d\dT\d{6}(-\d+)?$")
        # But for the header, which says whether it is open.
        self.assertEqual(content[100:], aside.read_bytes()[100:])
        return warning["message"]

    def test_a_damaged_journal_is_set_aside_and_reported(self):
        self.confirmed(self.open())
        damaged = self.damaged()
        client = self.open()
        self.assertIn("0 unfinished", self.assertSetAside(client, damaged))
        self.settled(client)
        client.close()
        self.assertEqual([], self.open().opened.document["warnings"], "told once")

    def test_unfinished_orders_that_can_still_be_read_go_on(self):
        client = self.open()
        url, _, _ = self.confirmed(client)
        self.assertStatus("SQ_OK", client.start(orders.complete()))
        self.settled(client)
        place, size = self.page("orders_by_uuid")
        client.close()
        damaged = self.damaged(place, size)
        # Opening does not look there; the first who needs it finds out, and nothing is sent.
        client = self.open()
        with self.sends(0):
            answer = self.assertStatus("SQ_JOURNAL", client.set_ref(url, "R-1"), "journal_corrupt")
        self.assertEqual("fix_configuration", answer.next)
        self._close_clients()
        client = self.open()
        self.assertIn("2 unfinished", self.assertSetAside(client, damaged))
        self.assertEqual(2, client.opened.data["journal"]["pending"])
        self.assertEqual("settled", self.assertStatus("SQ_OK", client.set_ref(url, "R-1")).state)

    def test_what_is_still_to_be_shipped_goes_on_too(self):
        client = self.open()
        sold = [self.settled(client) for _ in range(3)]
        url, refs = sold[0][0], [one[3] for one in sold]
        self.assertStatus("SQ_OK", client.call("sq_ship", refs[0], None))
        place, size = self.page("orders_by_uuid")
        damaged = self.damaged(place, size)
        client = self.open()
        self.assertStatus("SQ_JOURNAL", client.set_ref(url, "R-9"), "journal_corrupt")
        self._close_clients()
        client = self.open()
        self.assertIn("0 unfinished", self.assertSetAside(client, damaged))
        self.assertEqual(refs[1:], [one["order_ref_1"] for one in client.pending().data["unshipped"]])
        for ref in refs[1:]:
            self.assertStatus("SQ_OK", client.call("sq_ship", ref, None))
        self.assertEqual([], client.pending().data["unshipped"])

    def test_a_journal_that_others_use_is_not_set_aside(self):
        client = self.open()
        self.confirmed(client)
        with open(self.journal, "r+b") as file:
            file.write(garbage(100))
        other = self.try_open()
        self.assertStatus("SQ_JOURNAL", other.opened, "journal_corrupt")
        self.assertIn("another till", other.opened.error("journal_corrupt")["message"])

    def test_a_text_file_is_left_as_it_is(self):
        self.journal.write_text("Lista de la compra: pan, leche\n" * 200, encoding="utf-8")
        text = self.journal.read_bytes()
        self.refused("journal_corrupt")
        self.assertEqual(text, self.journal.read_bytes())
        self.assertEqual([self.journal], list(self.folder.iterdir()))

    def test_the_write_ahead_log_of_a_journal_that_was_deleted_is_kept(self):
        client = self.open()
        self.assertStatus("SQ_OK", client.start(orders.complete()))
        log = Path(f"{self.journal}-wal").read_bytes()
        self._close_clients()
        self.journal.unlink()
        Path(f"{self.journal}-wal").write_bytes(log)
        warning, = self.open().opened.document["warnings"]
        self.assertEqual(log, Path(warning["actual"] + "-wal").read_bytes())

    def test_an_empty_file_becomes_a_journal(self):
        self.journal.write_bytes(b"")
        self.assertStatus("SQ_OK", self.open().start(orders.complete()))

    def test_a_device_is_no_journal(self):
        self.refused(journal="/dev/full")

    @unittest.skipIf(os.geteuid() == 0, "root may write everywhere")
    def test_a_folder_that_may_not_be_written(self):
        self.folder.chmod(0o500)
        self.addCleanup(self.folder.chmod, 0o700)
        self.refused("journal_read_only")

    def test_a_file_system_that_is_read_only(self):
        target = Path("/proc/sequra-journal.db")  # not even root may create files there
        self.refused(journal=target)

    def test_the_journal_carries_its_marks(self):
        self.open()
        (application, ), = [tuple(row.values()) for row in self.rows("PRAGMA application_id")]
        (version, ), = [tuple(row.values()) for row in self.rows("PRAGMA user_version")]
        (mode, ), = [tuple(row.values()) for row in self.rows("PRAGMA journal_mode")]
        self.assertNotEqual(0, application)
        self.assertGreaterEqual(version, 1)
        self.assertEqual("wal", mode)

    def test_its_path_and_what_is_pending_are_told_when_it_opens(self):
        self.confirmed(self.open())
        client = self.open()
        self.assertEqual({"path": str(self.journal), "created": False, "pending": 1}, client.opened.data["journal"])

    def test_a_path_with_accents_and_spaces(self):
        place = self.folder / "Señor Muñoz" / "diario nº 1 €.db"
        place.parent.mkdir()
        client = self.open(journal=str(place))
        self.assertEqual(str(place), client.opened.data["journal"]["path"])
        self.assertTrue(place.exists())

    def test_a_journal_in_memory_leaves_no_file(self):
        self.settled(self.open(journal=":memory:"))
        self.assertEqual([], list(self.folder.iterdir()))

    def test_orders_of_another_endpoint_are_told_and_not_mixed_up(self):
        self.confirmed(self.open())
        client = self.open(base_url=self.sim.https, roots={"file": self.sim.ca_file})
        self.assertIn("other_endpoint", client.opened.warned)
        self.assertEqual([], client.pending().data["orders"])


class SomebodyElseIsAtIt(Till):
    def test_another_process_that_works_on_the_order_is_waited_for_until_the_deadline(self):
        client = self.open(timeouts={"connect_ms": 500, "total_ms": 1000})
        url, uuid, order = self.approved(client)
        self.sim.fault("delay", ms=4000, method="PUT")
        worker = Worker("confirm", {"config": self.config(timeouts={"connect_ms": 2000, "total_ms": 20000}), "url": url,
                                    "order": order})
        self.assertEqual("calling", worker.next()["event"])
        limit = time.monotonic() + 20
        while not self.sim.requests("PUT"):
            self.assertLess(time.monotonic(), limit)
            time.sleep(0.02)
        with self.ends_within(deadline_s(1000)), self.sends(0):
            answer = client.confirm(url, order)
        self.assertStatus("SQ_BUSY", answer, "order_busy")
        self.assertEqual("call_again", answer.next)
        self.assertEqual("SQ_OK", worker.next()["status"])
        worker.end()
        # What the other one learnt is known here too, without asking.
        with self.sends(0):
            again = self.assertStatus("SQ_OK", client.confirm(url, order))
        self.assertEqual(("confirmed", 0), (again.state, again.attempts))

    def test_another_process_that_finishes_in_time_is_waited_for(self):
        client = self.open(timeouts={"connect_ms": 500, "total_ms": 20000})
        url, uuid, order = self.approved(client)
        self.sim.fault("delay", ms=700, method="PUT")
        worker = Worker("confirm", {"config": self.config(timeouts={"connect_ms": 2000, "total_ms": 20000}), "url": url})
        worker.next()
        while not self.sim.requests("PUT"):
            time.sleep(0.02)
        answer = self.assertStatus("SQ_OK", client.confirm(url, order))
        self.assertEqual(("confirmed", 0), (answer.state, answer.attempts))
        self.assertEqual("SQ_OK", worker.next()["status"])
        worker.end()
        self.assertEqual(1, len(self.sim.requests("PUT")))

    def test_two_clients_on_one_journal_are_as_two_processes(self):
        first, second = self.open(), self.open(timeouts={"connect_ms": 500, "total_ms": 1000})
        url, uuid, order = self.approved(first)
        self.sim.fault("delay", ms=3000, method="PUT")
        answers = []
        thread = threading.Thread(target=lambda: answers.append(first.confirm(url, order)))
        thread.start()
        while not self.sim.requests("PUT"):
            time.sleep(0.02)
        self.assertStatus("SQ_BUSY", second.confirm(url, order), "order_busy")
        # Another order is nobody's business but this client's.
        self.assertStatus("SQ_OK", second.start(orders.small()))
        thread.join(30)
        self.assertStatus("SQ_OK", answers[0])

    def test_a_process_that_was_killed_at_it_does_not_block_the_order_for_ever(self):
        client = self.open()
        url, uuid, order = self.approved(client)
        self.sim.fault("delay", ms=1500, method="PUT", when="after")
        worker = Worker("confirm", {"config": self.config(timeouts={"connect_ms": 500, "total_ms": 1500}), "url": url})
        worker.next()
        while not self.sim.requests("PUT"):
            time.sleep(0.02)
        worker.process.kill()
        worker.end()
        self.assertEqual("confirming", client.pending().data["orders"][0]["state"])
        # The claim runs out with the killed one's own deadline; this client's deadline of 10 s is longer.
        answer = self.assertStatus("SQ_OK", client.confirm(url, order))
        self.assertEqual("confirmed", answer.state)
        self.assertEqual(1, self.sim.events(uuid).count("confirmed"))


class QuietPrograms(Till):
    def test_nothing_is_printed_whatever_goes_wrong(self):
        worker = Worker("errors", {"config": self.config(), "order": orders.complete(), "ca_file": self.sim.ca_file,
                                   "bad_tls": list(self.sim.bad_tls.values())}, RUST_LOG="trace", RUST_BACKTRACE="full")
        said = worker.next()
        self.assertEqual((0, b"", b""), worker.end())
        self.assertEqual(0, said["live"])
        self.assertLessEqual({0, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009, 2409, 2403, 3001, 3003, 4001},
                             set(said["statuses"]))


if __name__ == "__main__":
    unittest.main()


class PersonalData(Till):
    """What is personal is in the journal's files while an order needs it, and not a byte of it afterwards."""

    def person(self, mark):
        order = orders.complete()
        for block in ("delivery_address", "invoice_address"):
            order[block].update(given_names=f"Nombre-{mark}", surnames=f"Apellidos-{mark}", phone="+34911234567",
                                address_line_1=f"Calle-{mark}", city=f"Ciudad-{mark}", mobile_phone="+34677123987")
        order["customer"].update(given_names=f"Nombre-{mark}", surnames=f"Apellidos-{mark}",
                                 email=f"correo-{mark}@example.es", nin="X1234567L")
        words = [f"{word}-{mark}" for word in ("Nombre", "Apellidos", "Calle", "Ciudad", "correo")]
        return order, [*words, "X1234567L", "677123987", "911234567"]

    def there(self, words):
        """Which of the words are in a file of the journal."""
        content = b"".join(file.read_bytes() for file in self.folder.iterdir() if file.is_file())
        return [word for word in words if word.encode() in content]

    def test_no_byte_is_left_once_an_order_is_settled(self):
        client = self.open()
        order, words = self.person("A")
        url, _, _ = self.confirmed(client, order)
        self.assertEqual(words, self.there(words))
        self.assertStatus("SQ_OK", client.set_ref(url, "R-1"))
        self.assertEqual([], self.there(words), "while the client is open")
        client.close()
        self.assertEqual([], self.there(words))

    def test_other_orders_keep_theirs_and_change_nothing_about_it(self):
        client = self.open()
        people = {}
        for number in range(12):
            order, words = self.person(f"{number:03}")
            url, _, _ = self.approved(client, order)
            people[url] = (order, words[:5])
        for number, (url, (order, words)) in enumerate(people.items()):
            if number % 3 == 0:
                self.assertStatus("SQ_OK", client.confirm(url, dict(order, merchant_reference={"order_ref_1": f"R-{number}"})))
            elif number % 3 == 1:
                self.assertStatus("SQ_OK", client.call("sq_abandon", url))
            self.assertEqual(words if number % 3 == 2 else [], self.there(words))
        self.assertEqual(4 * 5, sum(len(self.there(words)) for _, words in people.values()))

    def test_a_reader_that_holds_it_up_only_delays_it(self):
        client = self.open()
        order, words = self.person("B")
        url, _, _ = self.confirmed(client, order)
        unlock = Stranger.shared().locked(self.journal, "BEGIN DEFERRED")
        self.rows("SELECT count(*) FROM orders")
        with self.ends_within(3):
            self.assertStatus("SQ_OK", client.set_ref(url, "R-1"))
        unlock()
        client.close()
        self.open()
        self.assertEqual([], self.there(words))

    def test_a_till_that_was_killed_before_it_is_cleaned_up_after(self):
        order, words = self.person("C")
        client = self.open()
        url, _, _ = self.confirmed(client, order)
        # Somebody who is reading keeps the killed till from tidying up, and `client` keeps SQLite from doing it when
        # the reader goes.
        unlock = Stranger.shared().locked(self.journal, "BEGIN DEFERRED")
        worker = Worker("settle_and_die", {"config": self.config(), "url": url})
        self.assertEqual("settled", worker.next()["state"])
        worker.end()
        unlock()
        self.assertNotEqual([], self.there(words))
        self.open()
        self.assertEqual([], self.there(words))
