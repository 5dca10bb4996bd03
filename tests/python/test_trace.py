"""The trace that support can ask for: what stands in it, what never does, and that no sale minds what becomes of it."""

import json
import os
import re
import stat
import subprocess
import time
import unittest
from pathlib import Path

import orders
from abi import Client
from outside import Worker
from simulator import KEY, SECRET
from till import Till

#: Every step, and what its line has beside the time, the process, the call, and how long it took.
STEPS = {
    "opened": ["version", "base_url"],
    "begins": ["operation"],
    "intended": ["what", "order"],
    "attempted": ["method", "order", "attempt", "http", "request_id", "failed"],
    "recorded": ["order", "well"],
    "ends": ["operation", "order", "state", "status", "next", "errors"],
}
UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Traced(Till):
    def setUp(self):
        super().setUp()
        self.trace = self.folder / "till.trace"
        self.other = self.folder / "till.trace.1"

    def tracing(self, max_bytes=None, **changes):
        settings = {"file": str(self.trace), **({"max_bytes": max_bytes} if max_bytes else {})}
        return self.open(trace=settings, **changes)

    def lines(self, path=None):
        return [self.line_of(line) for line in (path or self.trace).read_bytes().splitlines()]

    def line_of(self, text):
        line = json.loads(text)
        self.assertEqual(["at", "process", "call", "step", "ms", "since_ms", *STEPS[line["step"]]], list(line))
        self.assertRegex(line["at"], r"^2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        return line

    def steps(self, operation):
        """The steps of the last call of this operation."""
        lines = self.lines()
        call = [line for line in lines if line.get("operation") == operation][-1]["call"]
        return [line for line in lines if line["call"] == call]


class WhatIsWritten(Traced):
    def test_one_line_for_each_step(self):
        client = self.tracing()
        url, uuid, _, ref = self.settled(client)
        self.assertEqual("opened", self.lines()[0]["step"])
        for operation, http, state in (("start_solicitation", 204, "solicited"), ("send_form", 204, "form_sent"),
                                       ("confirm", 200, "confirmed"), ("set_order_ref", 200, "settled")):
            begins, intended, attempted, recorded, ends = self.steps(operation)
            self.assertEqual(["begins", "intended", "attempted", "recorded", "ends"],
                             [line["step"] for line in (begins, intended, attempted, recorded, ends)])
            self.assertEqual(operation, intended["what"])
            self.assertEqual((http, 1, None), (attempted["http"], attempted["attempt"], attempted["failed"]))
            self.assertRegex(attempted["request_id"], UUID)
            self.assertEqual((uuid, True), (recorded["order"], recorded["well"]))
            self.assertEqual((uuid, state, "SQ_OK", []), (ends["order"], ends["state"], ends["status"], ends["errors"]))
            started = operation == "start_solicitation"
            self.assertEqual([None if started else uuid] * 2, [intended["order"], attempted["order"]])
            self.assertEqual({os.getpid()}, {line["process"] for line in self.lines()})
            since = [line["since_ms"] for line in self.steps(operation)]
            self.assertEqual(sorted(since), since)

    def test_attempts_failures_and_calls_that_ask_nothing(self):
        client = self.tracing()
        url, uuid, order = self.approved(client)
        self.sim.fault("close_after", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.confirm(url, order))
        attempted = [line for line in self.steps("confirm") if line["step"] == "attempted"]
        self.assertEqual([("connection_lost", None, uuid)], [(line["failed"], line["http"], line["order"]) for line in attempted])
        self.assertStatus("SQ_OK", client.call("sq_recover", None))
        self.assertIn(uuid, [line["order"] for line in self.steps("recover") if line["step"] == "attempted"])
        client.pending()
        self.assertEqual(["begins", "ends"], [line["step"] for line in self.steps("pending")])
        # Refused before it came to the shop.
        self.assertStatus("SQ_INVALID_ARGUMENT", client.call("sq_set_order_ref", None, "R", None))
        self.assertEqual(("ends", ["null_argument"]), (self.lines()[-1]["step"], self.lines()[-1]["errors"]))
        away = self.tracing(base_url="http://127.0.0.1:1", journal=":memory:")
        self.assertStatus("SQ_UNREACHABLE", away.check_credentials())
        attempts = [line for line in self.steps("check_credentials") if line["step"] == "attempted"]
        self.assertEqual([1, 2, 3], [line["attempt"] for line in attempts])
        self.assertEqual({"connection_failed"}, {line["failed"] for line in attempts})

    def test_nothing_of_the_shopper_nothing_secret_and_nobody_elses_words(self):
        client = self.tracing(proxy="none", store_ref="tienda-7")
        order = orders.complete("TICKET-4711")
        url, _, _ = self.approved(client, order)
        self.sim.fault("status", status=409, method="PUT", headers={"X-Request-Id": "Íñigo-28001 geheim"},
                       body='{"errors":["Invalid data: Íñigo Muñoz of Madrid has changed"]}')
        self.assertEqual("SQ_CONFLICT", client.confirm(url, order).name)
        self.assertStatus("SQ_OK", client.confirm(url, order))
        client.call("sq_refund", "TICKET-4711", {"amount": 500, "reason": "Muñoz"})
        client.call("sq_order_info", "Muñoz Güell")
        client.call("sq_set_order_ref", "inigo.munoz@example.es", "612345678", None)
        text = self.trace.read_text(encoding="utf-8").lower()
        self.assertTrue(text.isascii())
        for word in (KEY, SECRET, "ticket", "4711", "inigo", "munoz", "madrid", "28001", "612", "23232323", "geheim",
                     "basic", "cam-01", "15497", "shop_es", "tienda", "changed"):
            self.assertNotIn(word.lower(), re.sub(UUID, "", text), word)

    def test_without_it_nothing_is_written_anywhere(self):
        before = set(self.folder.iterdir())
        self.settled(self.open())
        self.assertEqual([], [path.name for path in set(self.folder.iterdir()) - before if "trace" in path.name])

    def test_it_is_its_owners_like_the_journal(self):
        client = self.tracing(max_bytes=1000)
        self.settled(client)
        for path in (self.trace, self.other):
            self.assertEqual(stat.S_IMODE(self.journal.stat().st_mode), stat.S_IMODE(path.stat().st_mode))
        self.assertEqual(0o600, stat.S_IMODE(self.trace.stat().st_mode))

    def test_a_relative_path_belongs_to_the_configurations_folder(self):
        path = self.folder / "till.json"
        path.write_text(json.dumps(self.config(trace={"file": "here.trace"})))
        client = Client(path=str(path))
        self.clients.append(client)
        self.assertStatus("SQ_OK", client.opened)
        client.pending()
        self.assertEqual(3, len(self.lines(self.folder / "here.trace")))


    def test_a_ticket_number_that_looks_like_a_uuid_is_no_order(self):
        client = self.tracing()
        number = "5a6b8f0e-1c7d-4e2f-9a3b-0d1c2e3f4a5b"
        _, uuid, _, _ = self.settled(client, ref=number)
        self.assertStatus("SQ_OK", client.call("sq_ship", number, None))
        self.assertNotIn(number, self.trace.read_text())
        self.assertIn(uuid, [line.get("order") for line in self.steps("ship")])

    @unittest.skipUnless(Path("/proc/locks").exists(), "only Linux shows its locks")
    def test_another_clients_journal_keeps_its_locks(self):
        """A process that closes any descriptor of a file loses all its locks on it."""
        selling = self.open()
        self.settled(selling)
        locks = self.locks_of(self.journal)
        self.assertTrue(locks)
        self.trace = self.journal
        client = self.tracing(journal=str(self.folder / "mine.db"))
        self.assertEqual(["doubtful_setting"], client.opened.warned)
        client.pending()
        self.settled(client)
        self.assertEqual(locks, self.locks_of(self.journal))

    @staticmethod
    def locks_of(path):
        inode = f":{path.stat().st_ino} "
        mine = [line.split() for line in Path("/proc/locks").read_text().splitlines() if inode in line and f" {os.getpid()} " in line]
        return sorted(tuple(line[1:4] + line[6:]) for line in mine)


class WhatTheConfigurationSays(Traced):
    def test_what_is_refused(self):
        for settings, pointer, code in (
            ({}, "/trace/file", "missing_field"), ({"file": ""}, "/trace/file", "empty_text"), ("x", "/trace", "wrong_type"),
            ({"file": "x", "max_bytes": 0}, "/trace/max_bytes", "out_of_range"),
            ({"file": "x", "max_bytes": "1"}, "/trace/max_bytes", "out_of_range"),
            ({"file": "x", "max_byte": 5000}, "/trace/max_byte", "unknown_key"),
            ({"file": str(self.journal)}, "/trace/file", "invalid_value"),
            ({"file": str(self.journal) + "-wal"}, "/trace/file", "invalid_value"),
            ({"file": str(self.folder / "." / "JOURNAL.db.lock")}, "/trace/file", "invalid_value"),
        ):
            with self.subTest(settings):
                answer = self.try_open(trace=settings).opened
                self.assertStatus("SQ_INVALID_CONFIG", answer, code)
                self.assertEqual(pointer, answer.document["errors"][0]["pointer"])


class NoSaleMinds(Traced):
    """Wherever the trace leads, the sale is sold, and the opening says that nothing is traced."""

    def sold_untraced(self, why, **changes):
        client = self.tracing(**changes)
        self.assertEqual(["doubtful_setting"], client.opened.warned)
        warning, = client.opened.document["warnings"]
        self.assertEqual("/trace/file", warning["pointer"])
        self.assertIn("cannot be written, and nothing is traced", warning["message"])
        self.assertIn(why, warning["message"])
        self.settled(client)
        client.close()

    def test_what_is_there_is_no_file_of_its_own(self):
        kept = self.folder / "kept.txt"
        kept.write_text("mine\n")
        (self.folder / "empty").write_text("")
        no_file = "not a file of its own"
        for make, why in ((lambda path: path.mkdir(), no_file), (os.mkfifo, no_file), (lambda path: path.symlink_to(kept), no_file),
                          (lambda path: path.symlink_to(self.folder / "nowhere"), no_file),
                          (lambda path: os.link(self.folder / "empty", path), "several names"),
                          (lambda path: path.write_text("somebody else's\n"), "something else in it")):
            with self.subTest(why):
                make(self.trace)
                self.sold_untraced(why)
                self.trace.rmdir() if self.trace.is_dir() and not self.trace.is_symlink() else self.trace.unlink()
        self.assertEqual("mine\n", kept.read_text())
        self.assertFalse((self.folder / "nowhere").exists())
        self.assertEqual("", (self.folder / "empty").read_text())

    def test_a_pipe_whose_reader_is_slow(self):
        os.mkfifo(self.trace)
        reader = os.open(self.trace, os.O_RDONLY | os.O_NONBLOCK)
        self.addCleanup(os.close, reader)
        self.sold_untraced("not a file of its own")

    def test_devices_and_folders_that_are_not_there(self):
        for path, why in (("/dev/full", "not a file of its own"), ("/dev/null", "not a file of its own"),
                          (str(self.folder / "no" / "till.trace"), "")):
            with self.subTest(path):
                self.trace = Path(path)
                self.sold_untraced(why)

    def test_what_may_not_be_written(self):
        self.trace.write_text("")
        self.trace.chmod(0o400)
        self.folder.chmod(0o500)
        self.addCleanup(self.folder.chmod, 0o700)
        if os.access(self.trace, os.W_OK):
            self.trace.chmod(0o600)  # The superuser may: the file system must say no.
            if subprocess.run(["chattr", "+i", self.trace], capture_output=True).returncode:
                self.skipTest("nothing here keeps this user from writing")
            self.addCleanup(subprocess.run, ["chattr", "-i", self.trace])
        self.folder.chmod(0o700)
        self.sold_untraced("")
        self.assertEqual("", self.trace.read_text())

    def test_a_full_disk_and_the_room_that_comes_back(self):
        tiny = self.folder / "tiny"
        tiny.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", tiny], capture_output=True).returncode:
            self.skipTest("no file system can be mounted here")
        self.addCleanup(subprocess.run, ["umount", "-l", tiny], capture_output=True)
        self.trace = tiny / "till.trace"
        client = self.tracing()
        self.settled(client)
        room = os.statvfs(tiny).f_bavail * os.statvfs(tiny).f_bsize
        (tiny / "filler").write_bytes(b"x" * room)
        for _ in range(5):
            self.settled(client)  # The last page takes a part of a line, and no more.
        broken = self.trace.read_bytes()
        (tiny / "filler").unlink()
        self.settled(client)
        whole, wrong = [], []
        for line in self.trace.read_bytes().splitlines():
            try:
                whole.append(json.loads(line))
            except ValueError:
                wrong.append(line)
        self.assertLessEqual(len(wrong), 1, "what broke off stands on a line of its own")
        self.assertEqual("ends", whole[-1]["step"])
        self.assertGreater(len(self.trace.read_bytes()), len(broken))

    def test_it_is_taken_away_while_the_till_sells(self):
        client = self.tracing()
        self.trace.unlink()
        self.settled(client)
        self.assertEqual("begins", self.lines()[0]["step"])
        self.trace.unlink()
        os.mkfifo(self.trace)
        self.settled(client)

    def test_it_costs_no_more_than_a_write(self):
        def many(client):
            began = time.perf_counter()
            for _ in range(300):
                client.pending()
            return time.perf_counter() - began
        off = min(many(client) for client in [self.open()] * 3)
        on = min(many(client) for client in [self.tracing()] * 3)
        # Two lines a call; the bound is generous, as the machine may be busy.
        self.assertLess((on - off) / 600, 0.002)


class TwoFilesInTurn(Traced):
    def test_neither_becomes_larger_and_no_line_is_broken(self):
        client = self.tracing(max_bytes=2000)
        for _ in range(5):
            self.settled(client)
        for path in (self.trace, self.other):
            self.assertLessEqual(path.stat().st_size, 2000)
        calls = [line["call"] for line in self.lines(self.other) + self.lines()]
        self.assertEqual(sorted(calls), calls)
        self.assertEqual("ends", self.lines()[-1]["step"])
        self.assertEqual({"till.trace", "till.trace.1"}, {p.name for p in self.folder.iterdir() if "trace" in p.name})

    def test_another_programs_file_is_not_replaced(self):
        self.other.write_text("mine\n")
        client = self.tracing(max_bytes=1000)
        self.settled(client)
        self.assertEqual("mine\n", self.other.read_text())
        self.assertLessEqual(self.trace.stat().st_size, 1000)
        self.other.unlink()
        self.settled(client)
        self.assertTrue(self.lines(self.other))

    def test_threads_and_processes_write_whole_lines_to_one_trace(self):
        for max_bytes in (10_000_000, 5000):
            with self.subTest(max_bytes):
                for path in (self.trace, self.other):
                    path.unlink(missing_ok=True)
                config = self.config(trace={"file": str(self.trace), "max_bytes": max_bytes})
                workers = [Worker("many_calls", {"config": config, "threads": 4, "calls": 60}) for _ in range(3)]
                ended = [worker.end() for worker in workers]
                self.assertEqual([(0, b"", b"")] * 3, ended)
                lines = self.lines() + (self.lines(self.other) if self.other.exists() else [])
                if max_bytes > 5000:
                    self.assertEqual(3 * (1 + 4 * 60 * 2), len(lines))
                    calls = {(line["process"], line["call"]) for line in lines}
                    self.assertEqual(3 * (1 + 4 * 60), len(calls))
                else:
                    for path in (self.trace, self.other):
                        # A few lines may be on their way while it is turned.
                        self.assertLessEqual(path.stat().st_size, max_bytes + 12 * 300)

    def test_a_process_that_was_forked_traces_its_own_calls(self):
        client = self.tracing()
        child = os.fork()
        if child == 0:
            mine = Client(self.config(journal=":memory:", trace={"file": str(self.trace)}))
            mine.pending()
            mine.close()
            os._exit(0)
        self.assertEqual(0, os.waitpid(child, 0)[1])
        client.pending()
        lines = self.lines()
        self.assertEqual({os.getpid(), child}, {line["process"] for line in lines})
        self.assertEqual(["opened", "begins", "ends"], [line["step"] for line in lines if line["process"] == child])
