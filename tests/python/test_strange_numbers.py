"""Numbers in a journal that no till has written: whatever stands there, no call breaks off in the middle of it."""

import sqlite3

import orders
from till import Till

EXTREMES = (-(2**63), 2**63 - 1, -1)


class StrangeNumbers(Till):
    def test_no_number_in_a_journal_breaks_a_call(self):
        client = self.open()
        url, uuid, order = self.approved(client)
        self.assertStatus("SQ_OK", client.confirm(url, order))
        settled = self.settled(client, orders.complete(), "T-1")[0]
        self.sim.fault("close_after", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.call("sq_ship", settled, None))
        client.close()
        whole = self.journal.read_bytes()
        for table, column in self.numbers():
            for number in EXTREMES:
                self.journal.write_bytes(whole)
                with self.subTest(table=table, column=column, number=number):
                    self.ask(table, column, number, uuid)

    def numbers(self):
        with sqlite3.connect(self.journal) as db:
            tables = [name for name, in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")]
            columns = [(table, column[1]) for table in tables for column in db.execute(f"PRAGMA table_info({table})")
                       if column[2] == "INTEGER" and column[5] == 0]
            found = [(table, column) for table, column in columns if db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]]
        db.close()
        self.assertIn(("orders", "created_at"), found)
        return found

    def ask(self, table, column, number, uuid):
        db = sqlite3.connect(self.journal)
        try:
            with db:
                db.execute(f"UPDATE {table} SET {column} = ?", [number])
        except sqlite3.IntegrityError:
            return
        finally:
            db.close()
        client = self.try_open()
        if client.handle:
            for answer in (client.pending(), client.call("sq_log", None), client.order_info(uuid), client.call("sq_recover", None)):
                self.assertNotEqual("SQ_INTERNAL", answer.name, answer.document)
            client.close()
        for beside in self.journal.parent.glob(self.journal.name + "-*"):
            beside.unlink()
