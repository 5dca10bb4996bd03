"""The command that checks the transaction log of a journal, and what anybody can check without it."""

import hashlib
import json

from outside import Stranger
from shell import Shell


class Verify(Shell):
    def run_it(self, command, *arguments, expect):
        done = self.sequra(command, *arguments, "--journal", self.journal)
        self.assertEqual(expect, done.returncode, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def sold(self):
        """A journal with a few entries, which nobody has open."""
        client = self.open()
        for _ in range(3):
            self.settled(client)
        hashes = [entry["hash"] for entry in client.call("sq_log", None).data["entries"]]
        client.close()
        return hashes

    def test_a_whole_log_is_told_to_be_whole(self):
        newest, *_, oldest = self.sold()
        said = self.run_it("verify", expect=0)
        self.assertIn("entries 1 to 12", said)
        self.assertIn(newest, said)
        self.assertIn("Each entry follows from the one before", said)
        self.assertIn("only against a hash that was noted elsewhere", said)
        for noted in (oldest.upper(), oldest[:16]):
            self.assertIn("that of entry 1.", self.run_it("verify", "--contains", noted, expect=0))
        self.assertIn("16 digits", self.run_it("verify", "--contains", oldest[:15], expect=1))

    def test_it_leaves_no_trace_and_works_beside_a_till(self):
        self.sold()
        before = {file.name: file.read_bytes() for file in self.folder.iterdir()}
        self.run_it("verify", expect=0)
        self.assertEqual(before, {file.name: file.read_bytes() for file in self.folder.iterdir()})
        self.settled(self.open())
        self.assertIn("entries 1 to 16", self.run_it("verify", expect=0))

    def test_edits_and_gaps_are_found(self):
        self.sold()
        whole = self.journal.read_bytes()
        for script, entry in (
            ("UPDATE log SET amount = amount + 1 WHERE id = 4", 4),
            ("UPDATE log SET status = 0, http_status = 200 WHERE id = 7; UPDATE log SET at = at + 1 WHERE id = 5", 5),
            ("DELETE FROM log WHERE id = 6", 7),
            ("DELETE FROM log WHERE id < 3", 3),
        ):
            self.journal.write_bytes(whole)
            Stranger.shared().write(self.journal, script)
            self.assertIn(f"broken at entry {entry}:", self.run_it("verify", expect=3))

    def test_what_was_cut_off_shows_to_who_noted_a_hash(self):
        newest, *_ = self.sold()
        Stranger.shared().write(self.journal, "DELETE FROM log WHERE id > 10")
        self.run_it("verify", expect=0)
        self.assertIn("No entry has the noted hash", self.run_it("verify", "--contains", newest, expect=3))

    def test_hashes_that_were_computed_anew_show_only_to_who_noted_one(self):
        newest, *_ = self.sold()
        entries = [json.loads(line) for line in self.run_it("log", "--whole", expect=0).splitlines()]
        previous, script = bytes(32), []
        for entry in entries:
            covered = json.loads(entry["covered"])
            if entry["id"] == 4:
                covered[6] += 1
                script.append("UPDATE log SET amount = amount + 1 WHERE id = 4")
            text = json.dumps(covered, ensure_ascii=False, separators=(",", ":"))
            hash = hashlib.sha256(previous + text.encode()).digest()
            script.append(f"UPDATE log SET previous_hash = x'{previous.hex()}', hash = x'{hash.hex()}' WHERE id = {entry['id']}")
            previous = hash
        Stranger.shared().write(self.journal, ";".join(script))
        self.run_it("verify", expect=0)
        self.run_it("verify", "--contains", newest, expect=3)

    def test_anybody_can_compute_the_hashes(self):
        self.sold()
        previous = bytes(32)
        lines = self.run_it("log", "--whole", expect=0).splitlines()
        self.assertEqual(12, len(lines))
        for line in map(json.loads, lines):
            self.assertEqual(previous.hex(), line["previous_hash"])
            previous = hashlib.sha256(previous + line["covered"].encode()).digest()
            self.assertEqual(previous.hex(), line["hash"])
            covered = json.loads(line["covered"])
            for key in ("id", "uuid", "merchant_id", "order_ref_1", "amount", "state", "status", "http_status"):
                self.assertIn(line[key], covered)

    def test_what_it_cannot_read_is_said_and_left(self):
        for journal, words in ((self.folder / "nowhere", "no such file"), (self.folder, "not a file")):
            self.assertIn(words, self.sequra("verify", "--journal", journal, expect="SQ_JOURNAL").stderr)
        self.journal.write_text("pan, leche " * 1000)
        said = self.sequra("verify", "--journal", self.journal, expect="SQ_JOURNAL").stderr
        self.assertIn("it is no journal", said)
        self.assertNotIn("set aside", said)
        self.assertEqual(["journal.db"], [file.name for file in self.folder.iterdir()])
        self.assertIn("Usage: sequra verify", self.sequra("verify", "--nonsense", expect=2).stderr)
