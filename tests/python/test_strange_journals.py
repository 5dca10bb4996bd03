"""A journal that somebody has written into: nothing in it acts, and nothing of it is believed that is not ours."""

import orders
from outside import Stranger
from till import Till


class StrangeJournals(Till):
    def setUp(self):
        super().setUp()
        client = self.open()
        self.settled(client)
        self.uuid = self.approved(client)[1]
        client.close()

    def opened(self):
        return self.try_open().opened

    def change(self, script):
        Stranger.shared().write(self.journal, script)

    def family(self):
        """But for what SQLite itself puts beside a database that is open, and leaves where it was not ours."""
        return sorted(file.name for file in self.folder.iterdir() if not file.name.endswith(("-wal", "-shm")))

    def test_what_acts_by_itself_or_is_not_ours_is_refused_by_its_name_and_left(self):
        whole = self.journal.read_bytes()
        for script, named in (
            ("CREATE TRIGGER free AFTER INSERT ON steps BEGIN UPDATE orders SET state = 'settled'; END", "trigger free"),
            ("CREATE VIEW sales AS SELECT * FROM orders", "view sales"),
            ("CREATE TABLE notes (id)", "table notes"),
            ("ALTER TABLE orders ADD COLUMN mine TEXT", "table orders"),
            ("ALTER TABLE log RENAME TO old; CREATE VIEW log AS SELECT * FROM old", "log"),
            ("DROP TABLE refusals", "table refusals is missing"),
            ("DROP INDEX orders_by_uuid", "index orders_by_uuid is missing"),
            ("DROP INDEX orders_by_held_ref; CREATE INDEX orders_by_held_ref ON orders (order_ref_1)", "index orders_by_held_ref"),
            ("CREATE UNIQUE INDEX mine ON orders (created_at)", "index mine"),
            ("CREATE INDEX mine ON steps (length(hex(zeroblob(100000000))))", "index mine"),
            ("CREATE INDEX mine ON orders (id) WHERE length(zeroblob(100000000))", "index mine"),
            ("CREATE TEMP TABLE x (id); ALTER TABLE payouts RENAME COLUMN amount TO cents", "table payouts"),
        ):
            with self.subTest(script):
                for companion in ("-wal", "-shm"):
                    self.journal.with_name(self.journal.name + companion).unlink(missing_ok=True)
                self.journal.write_bytes(whole)
                self.change(script)
                changed = self.journal.read_bytes()
                before = self.family()
                answer = self.opened()
                self.assertStatus("SQ_JOURNAL", answer, "journal_strange")
                self.assertIn(named, answer.error("journal_strange")["message"])
                self.assertEqual(before, self.family(), "nothing is set aside, nothing put beside it")
                self.assertEqual(changed, self.journal.read_bytes())

    def test_values_that_nobody_here_wrote_are_no_bug_of_ours_and_fill_no_memory(self):
        whole = self.journal.read_bytes()
        for script in (
            "INSERT INTO days (date, number) VALUES (-9223372036854775807, 9223372036854775807)",
            "UPDATE days SET date = 9223372036854775807, number = -5",
            "UPDATE log SET id = 9223372036854775807 WHERE id = (SELECT max(id) FROM log)",
            "UPDATE orders SET version = 9223372036854775807, amount = 9223372036854775807",
            "UPDATE log SET description = hex(zeroblob(20000000))",
            "UPDATE contents SET content = hex(zeroblob(50000000))",
            "UPDATE log SET request_id = hex(zeroblob(50000000))",
        ):
            with self.subTest(script):
                for companion in ("-wal", "-shm"):
                    self.journal.with_name(self.journal.name + companion).unlink(missing_ok=True)
                self.journal.write_bytes(whole)
                self.change(script)
                client = self.open()
                url = self.uuid
                for answer in (client.call("sq_order_info", url), client.call("sq_log", {}), client.confirm(url),
                               client.start(orders.complete()), client.call("sq_reconcile"), client.pending()):
                    self.assertIn(answer.name, ("SQ_OK", "SQ_JOURNAL"))
                    self.assertLess(len(answer.raw), 100_000)
                client.close()

    def test_further_indexes_and_statistics_do_no_harm(self):
        self.change("CREATE INDEX mine ON orders (created_at); create index if not exists Ours on orders(state desc, id); "
                    "ANALYZE")
        client = self.open()
        self.settled(client)
        self.assertEqual([], client.opened.warned)

    def test_an_older_journal_is_held_against_its_own_version(self):
        from abi import ROOT
        whole = (ROOT / "tests" / "journals" / "v1.journal").read_bytes()
        self.journal.write_bytes(whole)
        self.change("CREATE TRIGGER free AFTER INSERT ON steps BEGIN DELETE FROM log; END")
        self.assertIn("trigger free", self.assertStatus("SQ_JOURNAL", self.opened(), "journal_strange").error("journal_strange")["message"])
        self.journal.write_bytes(whole)
        self.open()
