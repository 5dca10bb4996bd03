"""The oracle can see: books that are right but for one thing are found wrong in that; and each thing that an office could do
wrong is done once, at its rows or on the line to it, and seen."""

import base64
import copy
import unittest

import setting  # noqa: F401, the way to the other tests' modules
import books
import oracle
import privacy
from world import World


class Spoilt(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = World(offices=1)
        try:
            cls.disk, = cls.world.enrolled(["one"], [7], pause_s=0, most=12)
            cls.disk.wait_for("close")
            cls.disk.forwarder.start()
            assert cls.world.drain([cls.disk]) == []
            cls.disk.forwarder.end()
            cls.journal = cls.disk.book
            cls.sold = {uuid for uuid, order in books.ledger(cls.world.sim).items()
                        if any(line["event"] == "confirmed" for line in order["history"])}
        except BaseException:
            cls.world.__exit__()
            raise

    @classmethod
    def tearDownClass(cls):
        cls.world.__exit__()

    def lives(self):
        return self.world.shelf.lives(self.world.pg, self.journal.journal_id)

    @property
    def life(self):
        return self.lives()[self.journal.incarnation]

    def one(self, *states):
        """An order in one of these states: its number."""
        return next(number for number in self.journal.orders if number and self.journal.own(number)["state"] in states)

    def wrong(self, change):
        """What is said when the rows have been changed so, and only so long."""
        statement, undo = change
        self.world.pg.sql(statement)
        try:
            return oracle.rows_agree(self.journal, self.life, whole=True)
        finally:
            self.world.pg.sql(undo)

    def test_what_is_right_is_right(self):
        self.assertEqual([], oracle.rows_agree(self.journal, self.life, whole=True))
        self.assertEqual([], oracle.acknowledged_stays(self.world.line, self.lives(), self.journal.journal_id))
        told = self.destroyed()
        self.assertEqual(([], [], []), (told.lost, told.not_told, told.unlisted))
        self.assertEqual(len(self.sold), len(told.kept))
        self.assertTrue(told.at_risk)

    def destroyed(self, life=None, acknowledged=None):
        return oracle.Destroyed(self.journal, acknowledged or self.journal.newest, life or self.life, self.sold, "nothing")

    def test_a_column_that_was_changed(self):
        number = self.one("settled")
        for column, to in (("amount", "amount + 1"), ("state", "'confirmed'"), ("uuid", "'x'"), ("order_ref_1", "NULL"),
                           ("updated_at", "updated_at - 1")):
            keep = f"UPDATE orders SET {column} = (SELECT {column} FROM kept WHERE kept.order_id = orders.order_id)"
            self.world.pg.sql("CREATE TABLE kept AS SELECT * FROM orders")
            said = self.wrong((f"UPDATE orders SET {column} = {to} WHERE order_id = {number}", f"{keep}; DROP TABLE kept"))
            self.assertEqual(1, len(said), said)
            self.assertIn(f"the column {column} says", said[0])

    def test_a_row_that_was_changed_is_gone_or_is_too_many(self):
        number = self.one("settled")
        whole = "CREATE TABLE kept AS TABLE orders"
        back = "DELETE FROM orders; INSERT INTO orders SELECT * FROM kept; DROP TABLE kept"
        changed = ("UPDATE orders SET rows = convert_to(replace(convert_from(rows, 'UTF8'), '\"settled\"', '\"confirmed\"'), 'UTF8') "
                   f"WHERE order_id = {number}")
        for statement, expected in (
            (changed, "orders.state is 'settled' at the till and 'confirmed' at the office"),
            (f"DELETE FROM orders WHERE order_id = {number}", f"order {number}: the office lacks it"),
            (f"INSERT INTO orders SELECT journal_id, incarnation, 99, seq, endpoint, merchant_id, uuid, state, order_ref_1, amount, "
             f"currency, created_at, updated_at, finished, open_step, doubtful, at_risk, at_risk_since, rows, NULL, NULL FROM orders "
             f"WHERE order_id = {number}", "the office has order 99, which the journal has not"),
        ):
            said = self.wrong((f"{whole}; {statement}", back))
            self.assertTrue(any(expected in text for text in said), (expected, said))

    def test_a_box_that_is_another_orders(self):
        first, second = (number for number in (self.one("settled"), self.one("confirmed")))
        said = self.wrong((f"CREATE TABLE kept AS TABLE orders; UPDATE orders SET sealed = (SELECT sealed FROM kept WHERE order_id = {first}) "
                           f"WHERE order_id = {second}", "DELETE FROM orders; INSERT INTO orders SELECT * FROM kept; DROP TABLE kept"))
        self.assertTrue(any(f"('order', {second}) cannot be opened" in text for text in said), said)

    def test_an_entry_that_was_changed_or_is_gone(self):
        for statement, expected in (
            ("UPDATE entries SET row = convert_to(replace(convert_from(row, 'UTF8'), '\"confirmed\"', '\"settled\"'), 'UTF8')",
             "log.state is 'confirmed' at the till"),
            ("DELETE FROM entries WHERE entry_id = 3", "the till has log there, the office None"),
        ):
            said = self.wrong((f"CREATE TABLE kept AS TABLE entries; {statement}",
                               "DELETE FROM entries; INSERT INTO entries SELECT * FROM kept; DROP TABLE kept"))
            self.assertTrue(any(expected in text for text in said), (expected, said))

    def test_what_was_acknowledged_and_is_gone(self):
        seq, nonce = self.journal.newest
        stays = lambda: oracle.acknowledged_stays(self.world.line, self.lives(), self.journal.journal_id)  # noqa: E731
        for change, expected in ((f"seq = seq - 1, nonce = nonce", f"the office stands at ({seq - 1}, {nonce})"),
                                 ("nonce = 1", "the office has the nonce 1 there"),
                                 ("seq = NULL, nonce = NULL", "the office stands at None")):
            self.world.pg.sql(f"UPDATE streams SET {change}")
            said = stays()
            self.world.pg.sql(f"UPDATE streams SET seq = {seq}, nonce = {nonce}")
            self.assertEqual(1, len(said), said)
            self.assertIn(expected, said[0])
        self.assertEqual([], stays())

    def test_an_order_that_is_lost_or_not_listed(self):
        life, number = self.life, self.one("confirmed")
        uuid = self.journal.own(number)["uuid"]
        gone = copy.deepcopy(life)
        del gone.columns[number]
        self.assertIn(uuid, self.destroyed(gone).lost[0])
        stale = copy.deepcopy(life)
        stale.columns[number]["state"] = "form_sent"
        self.assertIn(uuid, self.destroyed(stale).lost[0])
        without = copy.deepcopy(life)
        without.columns[number]["at_risk"] = None
        self.assertIn("its money at risk is None", self.destroyed(without).lost[0])
        # What was noted behind the position is no loss, and is counted.
        first = next(seq for seq, _, what in self.journal.notes if what != 0) - 1
        self.assertEqual(len(self.sold), len(self.destroyed(life, (first, 0)).not_told))

    def test_a_life_that_goes_by_anothers_name(self):
        journal = copy.deepcopy(self.journal)
        before = journal.incarnation, (journal.newest[0] + 3, 1)
        self.assertIn("still goes by that name", oracle.forked(journal, before, {})[0])
        self.assertEqual([], oracle.forked(journal, (journal.incarnation, journal.newest), {}))
        lives = self.lives()
        self.assertEqual([], oracle.history_stays(lives, self.lives()))
        gone = copy.deepcopy(lives)
        del gone[journal.incarnation].orders[1], gone[journal.incarnation].log[2]
        self.assertEqual(2, len(oracle.history_stays(lives, gone)))

    def test_a_name_that_lies_about(self):
        world = self.world
        self.assertEqual([], privacy.found(privacy.at_rest(world)))
        said = b"the shopper Quintanapalla called"
        for number, hidden in enumerate((said.decode(), said.hex(), base64.b64encode(said).decode(), base64.b64encode(said[1:]).decode())):
            world.pg.sql(f"INSERT INTO audit VALUES ('\\x{number:02x}', 1, 'tests', 'said', NULL, '{hidden}')")
            found = privacy.found(privacy.at_rest(world))
            self.assertTrue(any("base/" in text for text in found), hidden)
            self.assertTrue(any("pg_wal/" in text for text in found), hidden)
            self.assertTrue(any("dump.sql" in text for text in found), hidden)
            # A table that is written anew; of its old file and the WAL nothing stays.
            world.pg.sql("TRUNCATE audit")
            world.pg.sql("SELECT pg_switch_wal()", "postgres")
            world.pg.sql("CHECKPOINT", "postgres")
        log = world.offices[0].folder / "planted"
        log.write_bytes(b"..." + "Quintanapalla".encode("utf-16-le"))
        self.assertTrue(privacy.found([log]), "two bytes a letter")
        log.unlink()
