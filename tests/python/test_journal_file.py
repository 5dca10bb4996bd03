"""The journal's file: that it is the file, whatever it is called, whoever moves it, and what lies beside it."""

import contextlib
import ctypes
import errno
import json
import os
import shutil
import signal
import socket
import sqlite3
import stat
import struct
import subprocess
import sys
import threading
import time
import unittest
from pathlib import Path

import abi
import orders
import shell
from abi import Client
from outside import Stranger, Worker
from simulator import SECRET
from till import Till, garbage

ID = "0123456789abcdef0123456789abcdef"
#: What a lock of a till that died says.
LOCK = f"sequra-pos till-lock of journal {ID}\n"


class Files(Till):
    def part(self, suffix):
        return Path(f"{self.journal}{suffix}")

    def family(self):
        """Everything beside the journal, by name."""
        return sorted(file.name for file in self.journal.parent.iterdir())

    def another_process(self, **changes):
        """Opens and closes the journal in another process; what the opening said."""
        worker = Worker("open", {"config": self.config(**changes)})
        said = worker.next()
        worker.end()
        return abi.Answer(0 if said["status"] == "SQ_OK" else -1, said["document"])

    def restarted(self, **changes):
        """A client of a till that was closed and started again."""
        self._close_clients()
        return self.open(**changes)

    def assertLost(self, answer):
        """Nothing was sent, the till is told why, and what to do."""
        self.assertStatus("SQ_JOURNAL", answer, "journal_lost")
        self.assertEqual("fix_configuration", answer.next)
        self.assertIsNone(answer.document["http"])
        message = answer.error("journal_lost")["message"]
        self.assertIn(str(self.journal), message)
        self.assertIn("open another", message)
        return message

    def at_risk(self, client):
        """The uuids of the orders that are listed as money at risk or unfinished."""
        return {order["uuid"]: order["state"] for order in self.assertStatus("SQ_OK", client.pending()).data["orders"]}

    def privates(self):
        """The names of what others than the owner may read or write."""
        return [file.name for file in self.journal.parent.iterdir() if stat.S_IMODE(file.lstat().st_mode) & 0o077]


class WhileATillHasItOpen(Files):
    """Whatever is done to the files between two calls: nothing is sent any more, and what was is not forgotten."""

    def setUp(self):
        super().setUp()
        self.journal = self.folder / "till" / "journal.db"
        self.journal.parent.mkdir()

    def harmed(self, harm, keeps=True, remembers=True):
        """A till with an order at risk and one to be confirmed; `harm`; then it goes on. What it is told."""
        client = self.open()
        self.risk, _, _ = self.confirmed(client)
        url, uuid, order = self.approved(client)
        harm()
        with self.sends(0):
            message = self.assertLost(client.confirm(url, order))
            for answer in (client.confirm(url, order), client.start(orders.complete()), client.set_ref(self.risk, "R-1"),
                           client.call("sq_send_delivery_report", None), client.call("sq_abandon", url)):
                self.assertLost(answer)
            # What it knew it still tells, and that it may not be so any more.
            for answer in (client.pending(), client.call("sq_recover", None), client.call("sq_order_info", self.risk)):
                if not remembers:
                    self.assertStatus("SQ_JOURNAL", answer, "journal_lost")
                    continue
                self.assertStatus("SQ_OK", answer)
                self.assertEqual(["journal_lost"], answer.warned)
            if remembers:
                self.assertEqual({self.risk.rsplit("/")[-1]: "confirmed", uuid: "form_sent"}, self.at_risk(client))
        self.assertEqual("approved", self.sim.order(uuid)["state"])
        if keeps:
            # In the same program, whether the first client is closed yet or not.
            for another in (self.open, self.restarted):
                again = another()
                self.assertFalse(again.opened.data["journal"]["created"])
                self.assertEqual({self.risk.rsplit("/")[-1]: "confirmed", uuid: "form_sent"}, self.at_risk(again))
            self.assertEqual("confirmed", self.assertStatus("SQ_OK", again.confirm(url, order)).state)
            self.assertEqual("settled", self.assertStatus("SQ_OK", again.set_ref(self.risk, "R-1")).state)
            self.assertEqual(1, self.another_process().data["journal"]["pending"])
        return message

    def remove(self, *suffixes):
        return lambda: [self.part(suffix).unlink() for suffix in suffixes]

    def test_the_journal_and_its_companions_are_deleted(self):
        self.assertIn("put back", self.harmed(self.remove("", "-wal", "-shm")))

    def test_the_journal_alone_is_deleted(self):
        self.assertIn("put back", self.harmed(self.remove("")))

    def test_everything_of_that_name_is_deleted(self):
        self.harmed(lambda: [file.unlink() for file in self.journal.parent.glob("journal.db*")])

    def test_its_companions_are_deleted(self):
        self.assertIn("brought into the journal", self.harmed(self.remove("-wal", "-shm")))

    def test_its_log_alone_is_deleted(self):
        self.harmed(self.remove("-wal"))

    def bring_half_of_its_log_into_it(self, says_so, *removed):
        """As a till leaves it that died at it: in another process, which drops none of this one's locks."""
        halved = """
import struct, sys
journal, says_so = sys.argv[1], sys.argv[2] == "True"
log, index = open(journal + "-wal", "rb").read(), open(journal + "-shm", "r+b")
page, = struct.unpack(">I", log[8:12])
frames, = struct.unpack("=I", index.read(20)[16:])
with open(journal, "r+b") as file:
    for at in range(max(1, frames // 2)):
        frame = log[32 + at * (24 + page):][:24 + page]
        number, = struct.unpack(">I", frame[:4])
        file.seek((number - 1) * page)
        file.write(frame[24:])
if says_so:
    index.seek(128)
    index.write(struct.pack("=I", frames))
"""
        subprocess.run([sys.executable, "-c", halved, str(self.journal), str(says_so)], check=True)
        self.remove(*removed)()

    def test_its_log_is_deleted_while_a_till_dies_that_brings_it_into_the_journal(self):
        self.assertIn("brought into the journal", self.harmed(lambda: self.bring_half_of_its_log_into_it(True, "-wal")))

    def test_its_companions_are_deleted_while_a_till_dies_that_brings_the_log_into_the_journal(self):
        self.assertIn("brought into the journal", self.harmed(lambda: self.bring_half_of_its_log_into_it(True, "-wal", "-shm")))

    def test_its_log_is_deleted_and_something_is_written_to_the_journal(self):
        message = self.harmed(lambda: self.bring_half_of_its_log_into_it(False, "-wal"), keeps=False)
        self.assertIn("another program has written to the journal", message)

    def test_the_index_of_its_log_alone_is_deleted(self):
        self.harmed(self.remove("-shm"))

    def test_the_journal_is_renamed(self):
        self.harmed(lambda: self.journal.rename(self.folder / "old.db"))
        with contextlib.closing(sqlite3.connect(self.folder / "old.db")) as old:
            self.assertEqual(("ok",), old.execute("PRAGMA quick_check").fetchone())

    def test_the_journal_and_its_companions_are_renamed(self):
        def rename():
            for suffix in ("", "-wal", "-shm"):
                self.part(suffix).rename(self.folder / f"old.db{suffix}")
        self.harmed(rename)

    def test_its_folder_is_renamed(self):
        self.harmed(lambda: self.journal.parent.rename(self.folder / "cleaned up"))

    def test_its_folder_is_deleted(self):
        self.harmed(lambda: shutil.rmtree(self.journal.parent))

    def test_a_copy_is_put_in_its_place(self):
        def replace():
            shutil.copy(self.journal, self.folder / "copy.db")
            os.replace(self.folder / "copy.db", self.journal)
        with self.other_process_for_copies():
            message = self.harmed(replace, keeps=False)
        # Nothing is overwritten: what was still held lies beside it.
        aside = self.held()
        self.assertIn(str(aside), message)
        self.assertEqual(0o600, stat.S_IMODE(aside.stat().st_mode))
        self._close_clients()
        again = self.open(journal=str(aside))
        self.assertEqual(2, again.opened.data["journal"]["pending"])

    def held(self):
        """What was still held, where another file was in the journal's place."""
        found, = [file for file in self.journal.parent.glob("journal.db.held-*") if not file.name.endswith(("-wal", "-shm"))]
        return found

    @contextlib.contextmanager
    def other_process_for_copies(self):
        """Python's own copying would open and close the files in this process."""
        copy, shutil.copy = shutil.copy, lambda a, b: subprocess.run(["cp", a, b], check=True)
        try:
            yield
        finally:
            shutil.copy = copy

    def test_another_journal_is_put_in_its_place(self):
        other = self.folder / "other.db"
        self.open(journal=str(other)).close()
        self.harmed(lambda: os.replace(other, self.journal), keeps=False)
        self.assertEqual(0, self.restarted().opened.data["journal"]["pending"])

    def test_a_link_to_it_is_put_in_its_place(self):
        def link():
            self.journal.rename(self.folder / "moved.db")
            self.journal.symlink_to(self.folder / "moved.db")
        # The same file, and not beside its companions any more: another till would look for them elsewhere.
        client = self.open()
        url, uuid, order = self.approved(client)
        link()
        with self.sends(0):
            self.assertLost(client.confirm(url, order))

    def test_its_log_is_replaced(self):
        def replace():
            (self.folder / "log").write_bytes(self.part("-wal").read_bytes())
            os.replace(self.folder / "log", self.part("-wal"))
        self.harmed(replace, keeps=False)

    def test_an_empty_file_is_put_in_its_place(self):
        # As a till leaves it that was about to make a journal, and saw this one.
        def replace():
            self.journal.unlink()
            self.journal.touch()
        self.assertIn("put back", self.harmed(replace))

    def test_its_log_is_replaced_by_an_empty_one(self):
        # As SQLite leaves it for a till that was about to open the journal.
        def replace():
            self.part("-wal").unlink()
            self.part("-wal").touch()
        self.assertIn("brought into the journal", self.harmed(replace))

    def cut(self, suffix, size):
        return lambda: os.truncate(self.part(suffix), size)

    def test_the_journal_is_emptied(self):
        self.harmed(self.cut("", 0), keeps=False)
        again = self.restarted()
        self.assertIn("journal_set_aside", again.opened.warned)

    def test_the_journal_is_cut(self):
        for size in (4096, 3 * 4096, 100):
            with self.subTest(size):
                self.harmed(self.cut("", size), keeps=False)
                self._close_clients()
                shutil.rmtree(self.journal.parent)
                self.journal.parent.mkdir()

    def test_its_log_is_cut(self):
        for size in (0, 32, 4096):
            with self.subTest(size):
                self.assertIn("cut", self.harmed(self.cut("-wal", size), keeps=False))
                self._close_clients()

    def test_the_log_of_an_older_journal_is_cut(self):
        # Its pages are of another length.
        older = Path(__file__).parent.parent / "journals" / "v2.journal"
        shutil.copy(older, self.journal)
        client = self.open()
        url, uuid, order = self.approved(client)
        log = self.part("-wal")
        os.truncate(log, log.stat().st_size - 1)
        with self.sends(0):
            self.assertLost(client.confirm(url, order))

    def test_the_index_of_its_log_is_cut(self):
        self.harmed(self.cut("-shm", 0), keeps=False, remembers=False)
        self.assertEqual(2, self.restarted().opened.data["journal"]["pending"])

    def test_all_three_are_emptied(self):
        self.harmed(lambda: [self.cut(suffix, 0)() for suffix in ("", "-wal", "-shm")], keeps=False, remembers=False)

    def test_an_older_copy_is_written_into_it(self):
        # `cp yesterday.db journal.db`: the same file, with another content, and not shorter.
        client = self.open()
        settled = self.settled(client)[0]
        copy = self.folder / "yesterday.db"
        subprocess.run(["cp", self.journal, copy], check=True)
        for number in range(3):
            self.settled(client)
        url, uuid, order = self.approved(client)
        with open(copy, "ab") as file:
            file.truncate(self.journal.stat().st_size)
        subprocess.run(["cp", copy, self.journal], check=True)
        with self.sends(0):
            self.assertIn("written over", self.assertLost(client.confirm(url, order)))

    def test_what_was_confirmed_is_there_after_a_till_that_noticed_nothing(self):
        harms = [self.remove(*suffixes) for suffixes in (("", "-wal", "-shm"), ("-wal", "-shm"), ("-wal",), ("-shm",), ("",))]
        harms.append(lambda: shutil.rmtree(self.journal.parent))
        for number, harm in enumerate(harms):
            with self.subTest(number):
                client = self.open()
                url, uuid, _ = self.confirmed(client)
                harm()
                client.close()
                self.assertEqual({uuid: "confirmed"}, self.at_risk(self.open()))
                self._close_clients()
                shutil.rmtree(self.journal.parent)
                self.journal.parent.mkdir()

    def test_an_answer_that_came_goes_back_with_a_warning_and_is_in_what_is_put_back(self):
        client = self.open()
        url, uuid, order = self.approved(client)
        self.sim.fault("delay", ms=1500, method="PUT", state="confirmed")
        answers = []
        thread = threading.Thread(target=lambda: answers.append(client.confirm(url, order)))
        thread.start()
        self.wait_for_put()
        self.remove("", "-wal", "-shm")()
        thread.join(30)
        answer = self.assertStatus("SQ_OK", answers[0])
        self.assertEqual(("confirmed", ["journal_lost"]), (answer.state, answer.warned))
        with self.sends(0):
            self.assertLost(client.set_ref(url, "R-1"))
        self.assertEqual({uuid: "confirmed"}, self.at_risk(self.restarted()))

    def test_an_answer_that_can_be_kept_nowhere_is_said_to_be_so(self):
        client = self.open()
        url, uuid, order = self.approved(client)
        self.sim.fault("delay", ms=1500, method="PUT", state="confirmed")
        answers = []
        thread = threading.Thread(target=lambda: answers.append(client.confirm(url, order)))
        thread.start()
        self.wait_for_put()
        (self.folder / "log").write_bytes(self.part("-wal").read_bytes())
        os.replace(self.folder / "log", self.part("-wal"))
        thread.join(30)
        answer = self.assertStatus("SQ_OK", answers[0])
        self.assertEqual({"journal_lost", "outcome_not_recorded"}, set(answer.warned))

    def wait_for_put(self):
        limit = time.monotonic() + 20
        while not self.sim.requests("PUT"):
            self.assertLess(time.monotonic(), limit)
            time.sleep(0.02)

    def test_another_till_does_not_begin_a_new_journal_meanwhile(self):
        client = self.open()
        url, uuid, _ = self.confirmed(client)
        self.remove("", "-wal", "-shm")()
        said = self.another_process()
        self.assertEqual(["journal_lost"], said.codes)
        self.assertFalse(self.journal.exists())
        client.close()
        self.assertEqual(1, self.another_process().data["journal"]["pending"])

    def test_a_place_that_was_taken_is_not_overwritten(self):
        client = self.open()
        url, uuid, _ = self.confirmed(client)
        self.remove("", "-wal", "-shm")()
        self.journal.write_text("the shopping list")
        with self.sends(0):
            self.assertLost(client.set_ref(url, "R-1"))
        self._close_clients()
        self.assertEqual("the shopping list", self.journal.read_text())
        aside = self.held()
        self.assertEqual({uuid: "confirmed"}, self.at_risk(self.open(journal=str(aside))))

    def test_nothing_is_left_of_putting_it_back(self):
        self.harmed(self.remove("", "-wal", "-shm"))
        self._close_clients()
        self.assertEqual(["journal.db"], self.family())

    def test_the_log_is_still_chained(self):
        self.harmed(self.remove("", "-wal", "-shm"))
        subprocess.run([shell.PROGRAM, "verify", "--journal", self.journal], check=True, stdout=subprocess.DEVNULL)

    def test_what_is_emptied_or_checkpointed_in_good_order_is_no_harm(self):
        client, other = self.open(), self.open()
        url, uuid, order = self.approved(client)
        for _ in range(3):
            self.settled(other)
            self.another_process()
            Stranger.shared().write(self.journal, "PRAGMA wal_checkpoint(TRUNCATE)")
            self.assertStatus("SQ_OK", client.start(orders.complete()))
        Stranger.shared().rows(self.journal, "SELECT count(*) FROM orders")
        self.assertStatus("SQ_OK", client.confirm(url, order))
        self.assertEqual([], client.pending().warned)


class LocksThatTheHostGaveUp(Files):
    """POSIX: whoever closes a file gives up all locks that his process has on it, SQLite's too."""

    def read_all(self):
        for suffix in ("", "-wal", "-shm"):
            self.part(suffix).read_bytes()

    def test_a_host_that_copies_the_files_and_another_till_that_comes_and_goes(self):
        client = self.open()
        for _ in range(3):
            url, uuid, order = self.approved(client)
            self.read_all()
            self.assertEqual([], self.another_process().codes)
            answer = client.confirm(url, order)
            self.assertStatus("SQ_OK", answer)
            self.read_all()
            self.another_process()
            self.assertEqual("settled", self.assertStatus("SQ_OK", client.set_ref(url, orders.new_ref())).state)
            rows = self.rows("SELECT state FROM orders WHERE uuid = ?", uuid)
            self.assertEqual([{"state": "settled"}], rows, "for everybody else too")

    def test_a_host_that_reads_with_its_own_sqlite(self):
        client = self.open()
        settled = self.settled(client)
        url, uuid, order = self.approved(client)
        with contextlib.closing(sqlite3.connect(self.journal)) as own:
            own.execute("SELECT count(*) FROM orders").fetchone()
        # As the last one, as it believes, that SQLite has tidied up.
        self.assertFalse(self.part("-wal").exists())
        with self.sends(0):
            self.assertIn("Nothing of it is missing", self.assertLost(client.confirm(url, order)))
        for another in (self.open, self.restarted):
            again = another()
            self.assertEqual({uuid: "form_sent"}, self.at_risk(again))
        self.assertEqual("confirmed", self.assertStatus("SQ_OK", again.confirm(url, order)).state)
        self.assertEqual([{"state": "confirmed"}], self.rows("SELECT state FROM orders WHERE uuid = ?", uuid))

    def test_a_second_client_of_the_program_before_the_first_has_noticed(self):
        first = self.open()
        url, uuid, order = self.approved(first)
        with contextlib.closing(sqlite3.connect(self.journal)) as own:
            own.execute("SELECT count(*) FROM orders").fetchone()
        second = self.open()
        self.assertEqual("confirmed", self.assertStatus("SQ_OK", second.confirm(url, order)).state)
        with self.sends(0):
            self.assertLost(first.confirm(url, order))
        first.close()
        self.assertEqual("settled", self.assertStatus("SQ_OK", second.set_ref(url, "R-1")).state)
        self.assertEqual([{"state": "settled"}], self.rows("SELECT state FROM orders WHERE uuid = ?", uuid))

    def test_another_program_that_tidies_up_as_the_last_one(self):
        client = self.open()
        url, uuid, order = self.approved(client)
        self.read_all()
        Stranger.shared().write(self.journal, "SELECT count(*) FROM orders")
        with self.sends(0):
            self.assertLost(client.confirm(url, order))
        self.assertEqual({uuid: "form_sent"}, self.at_risk(self.restarted()))

    def test_another_program_that_tidies_up_while_an_answer_is_waited_for(self):
        client = self.open()
        url, uuid, order = self.approved(client)
        self.sim.fault("delay", ms=2000, method="PUT", state="confirmed")
        answers = []
        thread = threading.Thread(target=lambda: answers.append(client.confirm(url, order)))
        thread.start()
        limit = time.monotonic() + 20
        while not self.sim.requests("PUT"):
            self.assertLess(time.monotonic(), limit)
            time.sleep(0.02)
        self.read_all()
        Stranger.shared().write(self.journal, "SELECT count(*) FROM orders")
        thread.join(30)
        answer = self.assertStatus("SQ_OK", answers[0])
        self.assertIn("journal_lost", answer.warned)
        # The answer may be lost to the journal, and then the till was told so; the order is not.
        again = self.restarted()
        state = self.at_risk(again)[uuid]
        self.assertIn(state, ("confirming", "confirmed"))
        if state == "confirming":
            self.assertIn("outcome_not_recorded", answer.warned)
        self.assertStatus("SQ_OK", again.call("sq_recover", None))
        self.assertEqual({uuid: "confirmed"}, self.at_risk(again))


class ByAnyName(Files):
    def setUp(self):
        super().setUp()
        self.addCleanup(os.chdir, os.getcwd())

    def test_a_relative_path_is_told_in_full_and_stays(self):
        os.chdir(self.folder)
        client = self.open(journal="journal.db")
        self.assertEqual(str(self.journal), client.opened.data["journal"]["path"])
        self.assertTrue(client.opened.data["journal"]["created"])
        url, uuid, order = self.approved(client)
        os.chdir("/")
        self.assertEqual("settled", self.settle(client, url, order))
        self.assertEqual([], [name for name in os.listdir("/") if name.startswith("journal.db")])
        client.close()
        self.assertEqual(["journal.db"], self.family())

    def settle(self, client, url, order):
        self.assertStatus("SQ_OK", client.confirm(url, order))
        return self.assertStatus("SQ_OK", client.set_ref(url, orders.new_ref())).state

    def busy(self, name, after_opening=lambda: None, at=None):
        """While one till confirms, another that has the journal by another name is kept away."""
        client = self.open(journal=str(at or self.journal))
        url, uuid, order = self.approved(client)
        self.sim.fault("delay", ms=2500, method="PUT", state="confirmed")
        after_opening()
        worker = Worker("confirm", {"config": self.config(), "url": url, "order": order})
        worker.next()
        limit = time.monotonic() + 20
        while not self.sim.requests("PUT"):
            self.assertLess(time.monotonic(), limit)
            time.sleep(0.02)
        other = self.open(journal=name, timeouts={"connect_ms": 500, "total_ms": 800})
        self.assertEqual(str(self.journal), other.opened.data["journal"]["path"])
        with self.sends(0):
            self.assertStatus("SQ_BUSY", other.call("sq_recover", None), "order_busy")
        self.assertEqual("SQ_OK", worker.next()["status"])
        worker.end()

    def test_a_link_to_the_file(self):
        link = self.folder / "link.db"
        link.symlink_to(self.journal)
        self.open().close()
        self.busy(str(link))
        self._close_clients()
        self.assertEqual({"journal.db", "link.db"}, set(self.family()))

    def test_a_link_to_its_folder(self):
        link = self.folder.with_name(self.folder.name + "-link")
        link.symlink_to(self.folder)
        self.addCleanup(link.unlink)
        self.busy(str(link / "journal.db"))

    def test_a_path_that_goes_up_and_down(self):
        (self.folder / "down").mkdir()
        self.busy(str(self.folder / "down" / ".." / "." / "journal.db"))

    def test_a_folder_that_is_mounted_twice(self):
        again = self.folder / "again"
        again.mkdir()
        place = self.folder / "place"
        place.mkdir()
        if subprocess.run(["mount", "--bind", place, again], capture_output=True).returncode:
            self.skipTest("mounting is not allowed here")
        self.addCleanup(subprocess.run, ["umount", "-l", str(again)], capture_output=True)
        self.journal = place / "journal.db"
        client = self.open()
        url, uuid, order = self.approved(client)
        other = self.open(journal=str(again / "journal.db"))
        self.assertEqual("confirmed", self.assertStatus("SQ_OK", other.confirm(url, order)).state)
        self.assertEqual("settled", self.assertStatus("SQ_OK", client.set_ref(url, "R-1")).state)
        self.assertEqual({}, self.at_risk(other))

    def test_a_file_that_is_mounted_by_itself(self):
        self.open().close()
        alone = self.folder / "alone.db"
        alone.write_bytes(b"")
        if subprocess.run(["mount", "--bind", self.journal, alone], capture_output=True).returncode:
            self.skipTest("mounting is not allowed here")
        self.addCleanup(subprocess.run, ["umount", "-l", str(alone)], capture_output=True)
        client = self.try_open(journal=str(alone))
        self.assertStatus("SQ_JOURNAL", client.opened, "journal_failed")
        self.assertIn("Mount the folder", client.opened.document["errors"][0]["message"])
        self.assertFalse(Path(f"{alone}-wal").exists())

    def test_a_file_with_two_names(self):
        self.open().close()
        other = self.folder / "other.db"
        other.hardlink_to(self.journal)
        for name in (self.journal, other):
            client = self.try_open(journal=str(name))
            self.assertStatus("SQ_JOURNAL", client.opened, "journal_failed")
            self.assertIn("hard links", client.opened.document["errors"][0]["message"])
        other.unlink()
        self.open()

    def test_a_working_directory_that_is_gone(self):
        gone = self.folder / "gone"
        gone.mkdir()
        os.chdir(gone)
        gone.rmdir()
        self.assertStatus("SQ_JOURNAL", self.try_open(journal="journal.db").opened, "journal_failed")
        self.assertStatus("SQ_OK", self.open().start(orders.complete()))

    def test_odd_names(self):
        for name in ("a?b#c.db", "a*[x].db", "100%25.db", "-wal", "two\nlines.db", "journal.db-till-0123456789abcdef",
                     "ñandú €.db", " .db", "file:x.db", "x.db-damaged"):
            with self.subTest(name):
                place = self.folder / "odd" / name
                place.parent.mkdir(exist_ok=True)
                client = self.open(journal=str(place))
                self.settled(client)
                self.assertTrue(client.opened.data["journal"]["created"])
                again = self.open(journal=str(place))
                self.assertFalse(again.opened.data["journal"]["created"])
                self.assertEqual(str(place), again.opened.data["journal"]["path"])
                again.close()
                client.close()
        self.assertEqual(10, len(list((self.folder / "odd").iterdir())))

    def test_long_names_are_refused_before_anything_is_made(self):
        for name in ("x" * 255, "x" * 240, "x" * 300, os.path.join(*["y" * 200] * 2, "x" * 150)):
            place = self.folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            client = self.try_open(journal=str(place))
            self.assertStatus("SQ_JOURNAL", client.opened, "journal_failed")
            self.assertIn("too long", client.opened.document["errors"][0]["message"])
            self.assertEqual([], list(place.parent.glob("x*")))
        self.settled(self.open(journal=str(self.folder / ("x" * 220))))

    def test_a_folder_that_is_no_text(self):
        place = os.fsencode(self.folder) + b"/caf\xe9"
        os.mkdir(place)
        os.chdir(place)
        client = self.open(journal="journal.db")
        self.settled(client)
        self.assertEqual({b"journal.db", b"journal.db-wal", b"journal.db-shm"},
                         {name for name in os.listdir(place) if b"-till-" not in name})


class WhatLiesBesideIt(Files):
    def start_and_settle(self):
        client = self.open()
        self.settled(client)
        client.close()

    def locks(self):
        return [name for name in self.family() if "-till-" in name]

    def test_what_only_begins_like_a_lock_stays(self):
        for name in ("2", "notes.txt", "0123456789abcde", "0123456789abcdef0", "0123456789ABCDEF", "0123456789abcdeg"):
            self.part(f"-till-{name}").write_text("mine")
        self.start_and_settle()
        self.assertEqual(6, len(self.locks()))
        self.assertEqual({"mine"}, {(self.folder / name).read_text() for name in self.locks()})

    def test_another_tills_journal_of_such_a_name_stays_and_goes_on(self):
        for name in ("2", "0123456789abcdef"):
            place = self.part(f"-till-{name}")
            other = self.open(journal=str(place))
            url, uuid, order = self.approved(other)
            before = place.stat().st_ino
            self.start_and_settle()
            self.assertEqual(before, place.stat().st_ino)
            # This process still has its locks on it: nobody else could remove its log.
            Stranger.shared().write(place, "SELECT count(*) FROM orders")
            self.assertEqual("confirmed", self.assertStatus("SQ_OK", other.confirm(url, order)).state)
            rows = self.rows("SELECT state FROM orders WHERE uuid = ?", uuid, journal=place)
            self.assertEqual([{"state": "confirmed"}], rows)

    def test_what_has_the_name_of_a_lock_and_is_none_stays_and_keeps_nobody(self):
        elsewhere = self.folder / "elsewhere"
        elsewhere.write_text(LOCK)
        for number, make in enumerate((
            os.mkfifo, os.mkdir, lambda path: os.symlink(elsewhere, path), lambda path: os.symlink("nowhere", path),
            lambda path: path.write_text("mine"), lambda path: path.write_text(""), lambda path: path.write_text(LOCK + "more"),
            lambda path: path.write_text(LOCK), lambda path: path.write_bytes(b"\0" * 70),
            lambda path: socket.socket(socket.AF_UNIX).bind(str(path)),
        )):
            make(self.part(f"-till-{number:016x}"))
        with self.ends_within(30):
            self.start_and_settle()
        self.assertEqual(10, len(self.locks()))
        self.assertEqual(LOCK, elsewhere.read_text())

    def test_a_dead_tills_lock_goes_and_only_that(self):
        first = Worker("hold", {"config": self.config()}, keep_open=True)
        first.next()
        lock, = self.locks()
        text = (self.folder / lock).read_text()
        self.assertRegex(text, r"^sequra-pos till-lock of journal [0-9a-f]{32}\nholds( [0-9]+:[0-9]+){3}\n$")
        os.kill(first.process.pid, signal.SIGKILL)
        first.process.stdin.close()
        first.end()
        older = self.part("-till-00000000000000aa")
        older.write_bytes(b"")
        other = self.part("-till-00000000000000bb")
        other.write_text(LOCK)
        self.open()
        self.assertEqual(1 + 2, len(self.locks()))
        self.assertNotIn(lock, self.locks())
        self.assertTrue(older.exists() and other.exists())

    def test_a_lock_that_was_removed_is_there_again_before_the_next_request(self):
        client = self.open()
        url, uuid, order = self.approved(client)
        lock, = self.locks()
        for harm in (lambda place: place.unlink(), lambda place: place.rename(self.folder / "moved")):
            harm(self.folder / lock)
            self.assertStatus("SQ_OK", client.start(orders.complete()))
            self.assertEqual([lock], self.locks())
        client.close()
        self.assertEqual([], self.locks())

    def test_a_lock_that_was_replaced_is_not_removed(self):
        client = self.open()
        lock = self.folder / self.locks()[0]
        lock.unlink()
        lock.write_text("mine")
        client.close()
        self.assertEqual("mine", lock.read_text())

    def test_companions_that_are_another_kind_of_thing(self):
        elsewhere = self.folder / "elsewhere"
        elsewhere.write_text("mine")
        for suffix in ("-wal", "-shm", "-journal"):
            for kind, make in (("pipe", os.mkfifo), ("folder", os.mkdir), ("link", lambda path: os.symlink(elsewhere, path)),
                               ("nowhere", lambda path: os.symlink("nowhere", path)), ("text", lambda path: path.write_text("mine " * 99))):
                with self.subTest(suffix=suffix, kind=kind):
                    make(self.part(suffix))
                    with self.ends_within(20):
                        client = self.try_open()
                    self.assertStatus("SQ_JOURNAL", client.opened, "journal_failed")
                    self.assertIn(str(self.part(suffix)), client.opened.document["errors"][0]["message"])
                    self.assertEqual([f"elsewhere", f"journal.db{suffix}"], self.family())
                    if kind == "text":
                        self.assertEqual("mine " * 99, self.part(suffix).read_text())
                    shutil.rmtree(self.part(suffix)) if kind == "folder" else self.part(suffix).unlink()
        self.assertEqual("mine", elsewhere.read_text())
        self.start_and_settle()

    def test_a_damage_mark_that_is_another_kind_of_thing(self):
        elsewhere = self.folder / "elsewhere"
        elsewhere.write_text("mine")
        client = self.open()
        url, uuid, order = self.approved(client)
        client.close()
        for kind, make in (("pipe", os.mkfifo), ("folder", os.mkdir), ("link", lambda path: os.symlink(elsewhere, path)),
                           ("text", lambda path: path.write_text("mine")), ("empty", lambda path: path.write_text(""))):
            with self.subTest(kind):
                mark = self.part("-damaged")
                make(mark)
                with self.ends_within(20):
                    client = self.open()
                self.assertEqual([], client.opened.warned)
                self.assertStatus("SQ_OK", client.start(orders.complete()))
                client.close()
                self.assertTrue(os.path.lexists(mark), "it was made by somebody else")
                if kind == "text":
                    self.assertEqual("mine", mark.read_text())
                shutil.rmtree(mark) if kind == "folder" else mark.unlink()
        self.assertEqual("mine", elsewhere.read_text())

    def damaged(self):
        """An order's URL; its journal has a page of its tables written over that opening does not look at."""
        client = self.open()
        url, _, _ = self.confirmed(client)
        place, size = self.page("orders_by_uuid")
        client.close()
        with open(self.journal, "r+b") as file:
            file.seek(place)
            file.write(b"\xff" * size)
        return url

    def test_a_damage_mark_that_is_in_the_way_is_not_overwritten(self):
        elsewhere = self.folder / "elsewhere"
        elsewhere.write_text("mine")
        self.damaged()
        with open(self.journal, "r+b") as file:
            file.write(b"not a database at all")
        before = self.journal.read_bytes()
        for make in (os.mkfifo, lambda path: os.symlink(elsewhere, path), lambda path: path.write_text("mine")):
            make(self.part("-damaged"))
            with self.ends_within(20):
                client = self.try_open()
            self.assertStatus("SQ_JOURNAL", client.opened, "journal_corrupt")
            self.assertIn("in the way", client.opened.document["errors"][0]["message"])
            self.assertEqual(before, self.journal.read_bytes())
            self.part("-damaged").unlink()
        self.assertEqual("mine", elsewhere.read_text())
        self.assertIn("journal_set_aside", self.open().opened.warned)

    def test_damage_that_is_found_is_noted_with_the_journals_name(self):
        url = self.damaged()
        client = self.open()
        self.assertStatus("SQ_JOURNAL", client.call("sq_order_info", url), "journal_corrupt")
        text = self.part("-damaged").read_text()
        self.assertRegex(text, r"^sequra-pos damage-mark of journal [0-9a-f]{32}\n$")
        self.assertIn("journal_set_aside", self.restarted().opened.warned)
        self.assertFalse(self.part("-damaged").exists())

    def test_what_an_older_version_noted_is_acted_upon_once(self):
        shutil.copy(Path(__file__).resolve().parents[1] / "journals/v1.journal", self.journal)
        self.journal.chmod(0o600)
        self.part("-damaged").write_bytes(b"")
        client = self.open()
        self.assertEqual([], [code for code in client.opened.warned if code == "journal_set_aside"])
        self.assertFalse(self.part("-damaged").exists())

    def test_the_trial_of_the_free_space_overwrites_nothing(self):
        client = self.open()
        for name in (f"journal.room-{os.getpid()}", f"journal.db-room-{os.getpid()}", f"journal.db.room-{os.getpid()}"):
            (self.folder / name).write_text("mine")
        client.call("sq_self_test")
        for name in (f"journal.room-{os.getpid()}", f"journal.db-room-{os.getpid()}", f"journal.db.room-{os.getpid()}"):
            self.assertEqual("mine", (self.folder / name).read_text())


class WhatIsNoJournal(Files):
    def refused(self, content, code="journal_corrupt"):
        """The file stays, and nothing is put beside it."""
        self.journal.write_bytes(content)
        before = self.family()
        client = self.try_open()
        self.assertStatus("SQ_JOURNAL", client.opened, code)
        self.assertEqual("fix_configuration", client.opened.next)
        self.assertIn(str(self.journal), client.opened.document["errors"][0]["message"])
        self.assertEqual(content, self.journal.read_bytes())
        self.assertEqual(before, self.family())

    def test_files_of_other_programs(self):
        dbf = b"\x03" + bytes(range(1, 32)) + b"NOMBRE\0\0\0\0\0C" * 9 + b"\r" + b"Juan      " * 500
        for content in (json.dumps(self.config()).encode(), dbf, b"fecha;total\n2026-01-01;12,50\n" * 300, b"\x89PNG\r\n\x1a\n" + garbage(5000),
                        b"x", b"\0" * 8192, b"SQLite format 3\0" + b"\x07" * 4080, garbage(16384), b"a sqPJ " * 4096):
            with self.subTest(content[:12]):
                self.refused(content)

    def test_a_text_that_only_names_our_tables(self):
        self.refused(b"CREATE UNIQUE INDEX orders_by_held_ref ON orders (order_ref_1);\n" * 100)

    def test_the_configuration_itself(self):
        place = self.folder / "till.json"
        config = json.dumps(self.config(journal=str(place))).encode()
        place.write_bytes(config)
        client = Client(path=str(place))
        self.clients.append(client)
        self.assertStatus("SQ_JOURNAL", client.opened, "journal_corrupt")
        self.assertEqual(["till.json"], self.family())
        self.assertEqual(config, place.read_bytes())

    def set_aside(self, content):
        self.journal.write_bytes(content)
        client = self.open()
        self.assertIn("journal_set_aside", client.opened.warned)
        self.assertTrue(client.opened.data["journal"]["created"])
        aside, = [Path(one["actual"]) for one in client.opened.document["warnings"] if one["code"] == "journal_set_aside"]
        self.assertEqual(content, aside.read_bytes())
        self.settled(client)

    def test_what_shows_a_trace_of_a_journal_is_set_aside(self):
        marked = bytearray(garbage(8192))
        marked[68:72] = b"sqPJ"
        self.set_aside(bytes(marked))

    def test_a_write_ahead_log_beside_it_is_a_trace(self):
        self.part("-wal").write_bytes(bytes.fromhex("377f0682") + garbage(5000))
        self.set_aside(garbage(8192))

    def test_a_dead_tills_lock_beside_it_is_a_trace(self):
        self.part("-till-00000000000000aa").write_text(LOCK)
        self.set_aside(garbage(8192))

    def test_a_damage_mark_beside_it_is_a_trace(self):
        self.part("-damaged").write_text(LOCK.replace("till-lock", "damage-mark"))
        self.set_aside(garbage(8192))

    def test_a_log_of_another_kind_is_none(self):
        self.part("-wal").write_bytes(b"the log of a captain\n" * 99)
        self.refused(garbage(8192))

    def test_paths_that_lead_to_no_file(self):
        pipe, plug = self.folder / "pipe", self.folder / "plug"
        os.mkfifo(pipe)
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as listener:
            listener.bind(str(plug))
            (self.folder / "to the pipe").symlink_to(pipe)
            for name in (pipe, plug, "/dev/null", "/dev/full", self.folder, self.folder / "to the pipe", "/"):
                with self.subTest(str(name)), self.ends_within(10):
                    client = self.try_open(journal=str(name))
                    self.assertStatus("SQ_JOURNAL", client.opened, "journal_failed")
                    self.assertRegex(client.opened.document["errors"][0]["message"], "pipe|socket|device|folder")

    def test_a_link_to_nothing_is_not_followed(self):
        target = self.folder / "target.db"
        self.journal.symlink_to(target)
        client = self.try_open()
        self.assertStatus("SQ_JOURNAL", client.opened, "journal_failed")
        self.assertIn(str(target), client.opened.document["errors"][0]["message"])
        self.assertEqual(["journal.db"], self.family())

    def test_links_that_lead_to_each_other(self):
        self.journal.symlink_to(self.folder / "a")
        (self.folder / "a").symlink_to(self.journal)
        with self.ends_within(10):
            self.assertStatus("SQ_JOURNAL", self.try_open().opened, "journal_failed")

    def test_a_folder_that_is_read_only(self):
        # Even root cannot write here.
        client = self.try_open(journal="/sys/journal.db")
        self.assertStatus("SQ_JOURNAL", client.opened)

    def test_whether_it_was_made_is_told(self):
        client = self.open()
        self.assertEqual({"path": str(self.journal), "created": True, "pending": 0}, client.opened.data["journal"])
        self.assertFalse(self.open().opened.data["journal"]["created"])
        self.assertEqual({"path": None, "created": True, "pending": 0}, self.open(journal=":memory:").opened.data["journal"])


class WhoMayReadIt(Files):
    def test_what_is_made_is_the_owners_whatever_the_umask(self):
        for umask in (0o000, 0o022, 0o777):
            with self.subTest(oct(umask)):
                self.addCleanup(os.umask, os.umask(umask))
                try:
                    client = self.open(journal=str(self.folder / f"{umask}.db"))
                    self.confirmed(client)
                    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in self.folder.iterdir()}
                finally:
                    os.umask(0o022)
                self.assertEqual({0o600}, set(modes.values()), modes)
                self.assertEqual(4, len([name for name in modes if name.startswith(f"{umask}.db")]))
                client.close()
        self.assertEqual([], self.privates())

    def test_what_is_put_back_is_the_owners(self):
        self.addCleanup(os.umask, os.umask(0))
        client = self.open()
        self.confirmed(client)
        self.journal.unlink()
        client.close()
        self.assertEqual(0o600, stat.S_IMODE(self.journal.stat().st_mode))

    def test_a_file_that_was_there_keeps_its_rights_and_that_is_told(self):
        for mode, who in ((0o644, "everybody"), (0o666, "everybody"), (0o640, "group"), (0o660, "group"), (0o602, "everybody")):
            self.open().close()
            self.journal.chmod(mode)
            client = self.open()
            self.assertEqual(["journal_readable"], client.opened.warned)
            warning, = client.opened.document["warnings"]
            self.assertIn(who, warning["actual"])
            self.assertIn(str(self.journal), warning["message"])
            self.assertEqual(mode, stat.S_IMODE(self.journal.stat().st_mode))
            client.close()
        self.journal.chmod(0o600)
        self.assertEqual([], self.open().opened.warned)

    def test_an_empty_file_that_was_there_keeps_its_rights_too(self):
        self.journal.write_bytes(b"")
        self.journal.chmod(0o644)
        client = self.open()
        self.assertEqual((["journal_readable"], True), (client.opened.warned, client.opened.data["journal"]["created"]))

    def test_a_companion_that_others_can_read_is_told(self):
        client = self.open()
        self.assertStatus("SQ_OK", client.start(orders.complete()))
        reader = Stranger.shared().locked(self.journal, "BEGIN DEFERRED")
        self.addCleanup(reader)
        self.part("-wal").chmod(0o644)
        other = self.open()
        warning, = other.opened.document["warnings"]
        self.assertIn(str(self.part("-wal")), warning["message"])

    def test_a_link_to_nothing_is_no_way_around(self):
        self.addCleanup(os.umask, os.umask(0))
        self.journal.symlink_to(self.folder / "public.db")
        self.try_open()
        self.assertFalse((self.folder / "public.db").exists())


class WhereItLies(Files):
    #: An LD_PRELOAD library that says of every file system that it is of the kind that the environment names.
    SHIM = r"""
        #include <stdlib.h>
        #include <sys/statfs.h>
        int statfs(const char *path, struct statfs *found)
        {
            (void)path;
            __builtin_memset(found, 0, sizeof *found);
            found->f_type = strtol(getenv("SEQURA_TEST_F_TYPE"), NULL, 16);
            return 0;
        }
    """

    def on(self, number):
        shim = self.folder / "shim.so"
        if not shim.exists():
            if not shutil.which("cc"):
                self.skipTest("no C compiler")
            subprocess.run(["cc", "-shared", "-fPIC", "-x", "c", "-", "-o", shim], input=self.SHIM.encode(), check=True)
        worker = Worker("open", {"config": self.config()}, LD_PRELOAD=str(shim), SEQURA_TEST_F_TYPE=number)
        said = worker.next()
        worker.end()
        return said

    def test_another_machines_disk_is_refused(self):
        for number in ("6969", "ff534d42", "fe534d42", "517b", "1021997"):
            said = self.on(number)
            self.assertEqual("SQ_JOURNAL", said["status"], number)
            error, = said["document"]["errors"]
            self.assertEqual("journal_remote", error["code"])
            self.assertIn(str(self.journal), error["message"])
            self.assertEqual("fix_configuration", said["document"]["next"])
            self.assertFalse(self.journal.exists())
        self.assertEqual("SQ_OK", self.on("ef53")["status"])

    def test_a_file_system_that_fetches_from_elsewhere_is_refused(self):
        place = self.folder / "mounted"
        place.mkdir()
        with Fuse(self, place, "fuse.sshfs"):
            client = self.try_open(journal=str(place / "journal.db"))
            self.assertStatus("SQ_JOURNAL", client.opened, "journal_remote")
            self.assertIn("sshfs", client.opened.document["errors"][0]["message"])

    def test_a_synchronised_folder_is_told(self):
        for name, whose in (("Dropbox", "Dropbox"), ("OneDrive - Muñoz S.L.", "OneDrive"), ("Google Drive/Mi caja", "Google Drive"),
                            ("Nextcloud", "Nextcloud"), ("iCloudDrive/x/y", "iCloud")):
            place = self.folder / name / "journal.db"
            place.parent.mkdir(parents=True)
            client = self.open(journal=str(place))
            self.assertEqual(["journal_synchronised"], client.opened.warned)
            self.assertEqual(whose, client.opened.document["warnings"][0]["actual"])
            self.settled(client)

    def test_a_synchronised_folder_is_known_by_what_lies_in_it(self):
        for mark in (".dropbox.cache", ".stfolder"):
            place = self.folder / mark[1:] / "down" / "journal.db"
            place.parent.mkdir(parents=True)
            (place.parent.parent / mark).mkdir()
            self.assertEqual(["journal_synchronised"], self.open(journal=str(place)).opened.warned)

    def test_a_folder_that_is_called_alike_is_not(self):
        place = self.folder / "dropboxes" / "journal.db"
        place.parent.mkdir()
        self.assertEqual([], self.open(journal=str(place)).opened.warned)


class Fuse:
    """An empty file system in user space, answered by a thread of this process."""

    def __init__(self, test, place, kind):
        self.place = str(place).encode()
        if os.geteuid() or not os.path.exists("/dev/fuse"):
            test.skipTest("mounting is not allowed here")
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.device = os.open("/dev/fuse", os.O_RDWR)
        options = f"fd={self.device},rootmode=40000,user_id=0,group_id=0".encode()
        if self.libc.mount(b"till@office:", self.place, kind.encode(), 0, options):
            os.close(self.device)
            test.skipTest(f"mounting is not allowed here ({errno.errorcode[ctypes.get_errno()]})")
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        INIT, GETATTR, STATFS, LOOKUP, ACCESS = 26, 3, 17, 1, 34
        FORGET, BATCH_FORGET = 2, 42
        attributes = struct.pack("<6Q10I", 1, 0, 0, 0, 0, 0, 0, 0, 0, 0o40700, 2, 0, 0, 0, 512, 0)
        while True:
            try:
                request = os.read(self.device, 1 << 17)
            except OSError:
                return
            _, code, unique = struct.unpack_from("<IIQ", request)
            answers = {
                INIT: struct.pack("<4I2H2I2H8I", 7, 31, 0, 0, 1, 1, 4096, 1, 1, 0, *[0] * 8)[:64].ljust(64, b"\0"),
                GETATTR: struct.pack("<QII", 1, 0, 0) + attributes,
                STATFS: struct.pack("<5Q4I6I", 9, 9, 9, 9, 9, 512, 255, 512, 0, *[0] * 6),
                ACCESS: b"",
            }
            if code in (FORGET, BATCH_FORGET):
                continue
            body = answers.get(code)
            error = 0 if body is not None else -(errno.ENOENT if code == LOOKUP else errno.ENOSYS)
            answer = struct.pack("<IiQ", 16 + len(body or b""), error, unique) + (body or b"")
            with contextlib.suppress(OSError):
                os.write(self.device, answer)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.libc.umount2(self.place, 2)
        os.close(self.device)


class RelativePathsOfAConfigurationFile(Files):
    def setUp(self):
        super().setUp()
        self.addCleanup(os.chdir, os.getcwd())
        self.shop, self.elsewhere = self.folder / "shop", self.folder / "elsewhere"
        self.shop.mkdir()
        self.elsewhere.mkdir()
        os.chdir(self.elsewhere)

    def from_file(self, name="till.json", path=None, **changes):
        place = self.shop / name
        place.write_text(json.dumps(self.config(**changes)))
        client = Client(path=str(path or place))
        self.clients.append(client)
        return client

    def test_the_journal_is_in_the_files_folder_wherever_the_program_is_started(self):
        client = self.from_file(journal="journal.db")
        self.assertStatus("SQ_OK", client.opened)
        self.assertEqual((str(self.shop / "journal.db"), True, []),
                         (client.opened.data["journal"]["path"], client.opened.data["journal"]["created"], client.opened.warned))
        url, uuid, _ = self.confirmed(client)
        for place in ("/", self.shop, self.folder, self.elsewhere):
            os.chdir(place)
            for path in (self.shop / "till.json", os.path.relpath(self.shop / "till.json")):
                again = self.from_file(journal="journal.db", path=path)
                self.assertEqual({uuid: "confirmed"}, self.at_risk(again))
                self.assertEqual([], again.opened.warned)
        self.assertEqual([], list(self.elsewhere.iterdir()))

    def test_a_link_to_the_file_means_the_files_folder(self):
        self.from_file(journal="journal.db").close()
        link = self.elsewhere / "till.json"
        link.symlink_to(self.shop / "till.json")
        client = self.from_file(journal="journal.db", path=link)
        self.assertEqual((str(self.shop / "journal.db"), False),
                         (client.opened.data["journal"]["path"], client.opened.data["journal"]["created"]))

    def test_one_that_only_the_working_directory_has_is_used_and_told(self):
        old = self.open(journal="journal.db")
        url, uuid, _ = self.confirmed(old)
        client = self.from_file(journal="journal.db")
        self.assertEqual({uuid: "confirmed"}, self.at_risk(client))
        self.assertEqual(["other_folder"], client.opened.warned)
        warning, = client.opened.document["warnings"]
        self.assertEqual(("/journal", str(self.elsewhere / "journal.db")), (warning["pointer"], warning["actual"]))
        for place in (self.shop, self.elsewhere):
            self.assertIn(str(place / "journal.db"), warning["message"])
        self.assertFalse((self.shop / "journal.db").exists())

    def test_where_both_have_one_it_is_refused(self):
        for folder in (self.shop, self.elsewhere):
            self.open(journal=str(folder / "journal.db")).close()
        client = self.from_file(journal="journal.db")
        self.assertStatus("SQ_INVALID_CONFIG", client.opened, "ambiguous_path")
        error = client.opened.error("ambiguous_path")
        self.assertEqual("/journal", error["pointer"])
        for folder in (self.shop, self.elsewhere):
            self.assertIn(str(folder / "journal.db"), error["message"])

    def test_where_both_are_one_it_is_that_one(self):
        self.open(journal=str(self.shop / "journal.db")).close()
        (self.elsewhere / "journal.db").symlink_to(self.shop / "journal.db")
        client = self.from_file(journal="journal.db")
        self.assertStatus("SQ_OK", client.opened)
        self.assertEqual(str(self.shop / "journal.db"), client.opened.data["journal"]["path"])

    def test_the_secret(self):
        (self.shop / "secret.txt").write_text(SECRET)
        client = self.from_file(account_secret=None, account_secret_file="secret.txt")
        self.assertStatus("SQ_OK", client.check_credentials())
        (self.elsewhere / "secret.txt").write_text("another")
        client = self.from_file(account_secret=None, account_secret_file="secret.txt")
        self.assertStatus("SQ_INVALID_CONFIG", client.opened, "ambiguous_path")
        self.assertEqual("/account_secret_file", client.opened.error("ambiguous_path")["pointer"])
        self.assertNotIn("another", str(client.opened.document["errors"][0]["message"]).replace("another.", ""))
        (self.shop / "secret.txt").unlink()
        (self.elsewhere / "secret.txt").write_text(SECRET)
        client = self.from_file(account_secret=None, account_secret_file="secret.txt")
        self.assertEqual(["other_folder"], client.opened.warned)
        self.assertStatus("SQ_OK", client.check_credentials())
        (self.elsewhere / "secret.txt").unlink()
        client = self.from_file(account_secret=None, account_secret_file="secret.txt")
        self.assertStatus("SQ_INVALID_CONFIG", client.opened, "file_unreadable")
        self.assertIn(str(self.shop / "secret.txt"), client.opened.document["errors"][0]["message"])

    def test_the_certificates(self):
        shutil.copy(self.sim.ca_file, self.shop / "ca.pem")
        (self.shop / "down").mkdir()
        shutil.copy(self.sim.ca_file, self.shop / "down/ca.pem")
        for path in ("ca.pem", "down/ca.pem", "./down/../ca.pem"):
            client = self.from_file(base_url=self.sim.https, roots={"file": path})
            self.assertStatus("SQ_OK", client.check_credentials())
            self.assertEqual([], client.opened.warned)
        shutil.copy(self.sim.ca_file, self.elsewhere / "ca.pem")
        client = self.from_file(base_url=self.sim.https, roots={"file": "ca.pem"})
        self.assertEqual([("/roots/file", "ambiguous_path")],
                         [(e["pointer"], e["code"]) for e in client.opened.document["errors"]])
        (self.shop / "ca.pem").unlink()
        client = self.from_file(base_url=self.sim.https, roots={"file": "ca.pem"})
        self.assertEqual(["other_folder"], client.opened.warned)

    def test_every_unclear_path_is_told_at_once(self):
        for folder in (self.shop, self.elsewhere):
            for name in ("journal.db", "secret.txt", "ca.pem"):
                (folder / name).write_text("x")
        client = self.from_file(journal="journal.db", account_secret=None, account_secret_file="secret.txt", roots={"file": "ca.pem"})
        self.assertStatus("SQ_INVALID_CONFIG", client.opened)
        self.assertEqual({"/journal", "/account_secret_file", "/roots/file"},
                         {e["pointer"] for e in client.opened.document["errors"] if e["code"] == "ambiguous_path"})

    def test_paths_in_full_and_no_file_are_what_they_were(self):
        client = self.from_file(journal=str(self.elsewhere / "full.db"))
        self.assertEqual(str(self.elsewhere / "full.db"), client.opened.data["journal"]["path"])
        self.assertStatus("SQ_OK", self.from_file(journal=":memory:").opened)
        self.assertEqual(str(self.elsewhere / "text.db"), self.open(journal="text.db").opened.data["journal"]["path"])


if __name__ == "__main__":
    unittest.main()
