"""The forwarder's part, played by SQL at the journal's file, and the office's: what it has been told."""

from outside import Stranger

#: Of which tables what is noted, and for which order; as src/journal/noting.rs has it.
NOTED = [
    ("orders", ("INSERT", "UPDATE"), "NEW.id"),
    ("contents", ("INSERT", "UPDATE"), "{row}.order_id"),
    ("steps", ("INSERT", "UPDATE"), "{row}.order_id"),
    ("refusals", ("INSERT", "UPDATE", "DELETE"), "{row}.order_id"),
    ("unshipped", ("INSERT", "UPDATE", "DELETE"), "{row}.order_id"),
    ("reports", ("INSERT", "UPDATE", "DELETE"), "0"),
    ("log", ("INSERT",), "-NEW.id"),
    ("taken_over", ("INSERT", "UPDATE"),
     "coalesce((SELECT id FROM orders WHERE uuid = NEW.uuid AND endpoint = NEW.endpoint), 0)"),
]
#: Where the ms stand that a nonce has in it.
MS = {"orders": "updated_at", "log": "at", "taken_over": "at"}
#: As many notes are kept.
MOST = 1_000_000
#: The tables of an order, and their key.
TABLES = {"orders": "id", "contents": "order_id", "steps": "order_id", "refusals": "order_id", "unshipped": "order_id"}


def triggers():
    def nonce(table):
        return f"random() / 2 + (NEW.{MS[table]} & 4398046511103)" if table in MS else "random()"

    made = [f"CREATE TRIGGER noted_{table}_{event} AFTER {event} ON {table} BEGIN INSERT INTO changes (order_id, nonce) "
            f"VALUES ({order.format(row='OLD' if event == 'DELETE' else 'NEW')}, {nonce(table)}); END"
            for table, events, order in NOTED for event in events]
    return made + [
        f"CREATE TRIGGER changes_oldest AFTER INSERT ON changes BEGIN DELETE FROM changes WHERE seq <= NEW.seq - {MOST}; END",
        "CREATE TRIGGER changes_newest BEFORE DELETE ON changes WHEN OLD.seq = (SELECT max(seq) FROM changes) BEGIN "
        "SELECT RAISE(ABORT, 'the newest change stays: no number is given twice'); END",
    ]


class Forwarder:
    """Carries what has changed, note by note, to an office that keeps the rows."""

    def __init__(self, journal):
        self.journal = journal
        self.at = (0, 0)
        self.office = {table: {} for table in TABLES}
        self.reports, self.log = [], {}

    def rows(self, query, *parameters):
        return Stranger.shared().rows(self.journal, query, *parameters)

    def write(self, script):
        Stranger.shared().write(self.journal, f"BEGIN IMMEDIATE; {script}; COMMIT;")

    def enrol(self, incarnation="i-1"):
        everything = "; ".join(
            f"INSERT INTO changes (order_id, nonce) SELECT {what}, random() FROM {table}"
            for what, table in (("-id", "log"), ("id", "orders"), ("0", "(SELECT 1)")))
        self.write(f"INSERT INTO forwarding (id, journal_id, incarnation, epoch) SELECT 1, journal_id, '{incarnation}', 1 FROM journal; "
                   + "; ".join(triggers()) + "; " + everything)

    def fence(self, uuid, ref=None, by="Central", epoch=1):
        """The office takes an order over."""
        ref = "NULL" if ref is None else f"'{ref}'"
        self.write(f"INSERT OR REPLACE INTO taken_over (endpoint, uuid, epoch, taken_by, order_ref_1, at) "
                   f"SELECT endpoint, '{uuid}', {epoch}, '{by}', {ref}, 1800000000000 FROM (SELECT endpoint FROM orders LIMIT 1)")

    def newest(self):
        found, = self.rows("SELECT seq, nonce FROM changes ORDER BY seq DESC LIMIT 1")
        return found["seq"], found["nonce"]

    def noted(self):
        """What has changed since the last time, without taking it along."""
        return self.rows("SELECT * FROM changes WHERE seq > ? ORDER BY seq", self.at[0])

    def holds(self, position):
        return bool(self.rows("SELECT 1 FROM changes WHERE seq = ? AND nonce = ?", *position))

    def carry(self):
        """Takes what was noted to the office, and only that."""
        notes = self.noted()
        for order_id in sorted({note["order_id"] for note in notes}):
            if order_id < 0:
                entry, = self.rows("SELECT * FROM log WHERE id = ?", -order_id)
                self.log[-order_id] = entry
            elif order_id == 0:
                self.reports = self.rows("SELECT * FROM reports ORDER BY id")
            else:
                for table, key in TABLES.items():
                    self.office[table][order_id] = self.rows(f"SELECT * FROM {table} WHERE {key} = ? ORDER BY {key}", order_id)
        if notes:
            self.at = notes[-1]["seq"], notes[-1]["nonce"]
        return notes

    def acknowledge(self):
        """The office has everything up to here."""
        self.write(f"DELETE FROM changes WHERE seq < {self.at[0]}")

    def there(self):
        """What the office has."""
        tables = {table: [row for order_id in sorted(orders) for row in orders[order_id]]
                  for table, orders in self.office.items()}
        return {**tables, "reports": self.reports, "log": [self.log[number] for number in sorted(self.log)]}

    def here(self):
        """What the journal has."""
        tables = {table: self.rows(f"SELECT * FROM {table} ORDER BY {key}" + (", id" if table == "steps" else ""))
                  for table, key in TABLES.items()}
        return {**tables, "reports": self.rows("SELECT * FROM reports ORDER BY id"), "log": self.rows("SELECT * FROM log ORDER BY id")}
