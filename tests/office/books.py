"""The books: a till's journal, the office's rows of each of its lives, and seQura's ledger; each as plain values, so that
they can be held against each other, and spoilt by a test that wants to see that it is noticed."""

import base64
import json
import sqlite3
from dataclasses import dataclass, field

import hpke

#: The tables of an order, and by what they are its own.
PARTS = {"orders": "id", "contents": "order_id", "steps": "order_id", "refusals": "order_id", "unshipped": "order_id"}


@dataclass
class Journal:
    """A till's book."""

    journal_id: str = None
    incarnation: str = None
    epoch: int = None
    orders: dict = field(default_factory=dict)    # number -> [(table, row)], 0: what is no order's
    log: dict = field(default_factory=dict)       # number -> row
    notes: list = field(default_factory=list)     # (seq, nonce, order_id)

    @property
    def newest(self):
        return self.notes[-1][:2] if self.notes else None

    def holds(self, position):
        return any(note[:2] == tuple(position) for note in self.notes)

    def not_told(self, position):
        """What was noted behind a position; all of it where there is none."""
        return {order_id for seq, _, order_id in self.notes if position is None or seq > position[0]}

    def own(self, order_id):
        return next(row for table, row in self.orders[order_id] if table == "orders")


@dataclass
class Life:
    """What the office has of one life of a journal."""

    incarnation: str
    parent: str
    why: str
    position: tuple
    entries_until: int
    broken_at: int
    orders: dict = field(default_factory=dict)    # number -> [(table, row)], opened
    columns: dict = field(default_factory=dict)   # number -> what stands in the columns that are looked for
    log: dict = field(default_factory=dict)
    aside: list = field(default_factory=list)
    closed: list = field(default_factory=list)    # what could not be opened


def plain(rows):
    """In an order in which they can be compared."""
    return sorted(((table, {name: value for name, value in row.items()}) for table, row in rows),
                  key=lambda part: (part[0], part[1].get("id") or 0, part[1].get("uuid") or ""))


def journal(path) -> Journal:
    """A till's journal. Not in a till's own process: whoever closes a file there lets go of its locks."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=60)
    connection.row_factory = sqlite3.Row
    try:
        connection.execute("BEGIN")
        def rows(query):
            return [dict(row) for row in connection.execute(query)]
        book = Journal()
        for row in rows("SELECT * FROM forwarding"):
            book.journal_id, book.incarnation, book.epoch = row["journal_id"], row["incarnation"], row["epoch"]
        for row in rows("SELECT id FROM orders ORDER BY id"):
            book.orders[row["id"]] = []
        for table, key in PARTS.items():
            for row in rows(f"SELECT * FROM {table} ORDER BY {key}"):
                book.orders[row[key]].append((table, row))
        numbers = {(row["uuid"], row["endpoint"]): row["id"] for row in rows("SELECT id, uuid, endpoint FROM orders")}
        book.orders[0] = [("reports", row) for row in rows("SELECT * FROM reports ORDER BY id")]
        for row in rows("SELECT * FROM taken_over"):
            book.orders[numbers.get((row["uuid"], row["endpoint"]), 0)].append(("taken_over", row))
        book.log = {row["id"]: row for row in rows("SELECT * FROM log")}
        book.notes = [(row["seq"], row["nonce"], row["order_id"]) for row in rows("SELECT * FROM changes ORDER BY seq")]
    finally:
        connection.close()
    book.orders = {number: plain(rows) for number, rows in book.orders.items()}
    return book


def _bytes(text):
    """As row_to_json writes bytea."""
    return None if text is None else bytes.fromhex(text[2:])


def _cell(value, box):
    if isinstance(value, dict):
        if "sealed" in value:
            if value["sealed"] >= len(box):
                raise hpke.CannotOpen
            return box[value["sealed"]]
        return base64.b64decode(value["bytes"])
    return value


class Shelf:
    """The office's rows, opened with its private keys; a box that was opened once is not opened again."""

    def __init__(self, keys):
        self.keys, self.opened = keys, {}

    def _box(self, stream, what, number, key, box):
        if box is None:
            return []
        whose = f"{stream[0]} {stream[1]} {what} {number}"
        if (box, whose) not in self.opened:
            place = self.keys / f"{key}.key"
            if not place.exists():
                raise hpke.CannotOpen
            said = hpke.opened(place.read_bytes(), box, whose)
            self.opened[box, whose] = [_cell(value, ()) for value in json.loads(said)]
        return self.opened[box, whose]

    def lives(self, cluster, journal_id) -> dict:
        """Every life of a journal's, by its incarnation."""
        return self.all(cluster, [journal_id])[journal_id]

    def all(self, cluster, journal_ids) -> dict:
        """The lives of each of these journals."""
        found = {journal_id: {} for journal_id in journal_ids}
        of_them = "journal_id IN ({})".format(", ".join(f"'{journal_id}'" for journal_id in journal_ids))
        for row in cluster.rows(f"SELECT * FROM streams WHERE {of_them} ORDER BY begun_at"):
            position = None if row["seq"] is None else (row["seq"], row["nonce"])
            found[row["journal_id"]][row["incarnation"]] = Life(
                row["incarnation"], row["parent"], row["why"], position, row["entries"], row["chain_broken_at_entry"])
        for row in cluster.rows(f"SELECT * FROM orders WHERE {of_them}"):
            self._order(found[row["journal_id"]][row["incarnation"]], row["journal_id"], row)
        for row in cluster.rows(f"SELECT * FROM entries WHERE {of_them} ORDER BY entry_id"):
            self._entry(found[row["journal_id"]][row["incarnation"]], row["journal_id"], row)
        for row in cluster.rows(f"SELECT journal_id, incarnation, what, id, reason FROM set_aside WHERE {of_them}"):
            found[row["journal_id"]][row["incarnation"]].aside.append((row["what"], row["id"], row["reason"]))
        return found

    def _entry(self, life, journal_id, row):
        try:
            box = self._box((journal_id, life.incarnation), "entry", row["entry_id"], row["key_id"], _bytes(row["sealed"]))
            said = json.loads(_bytes(row["row"]))
            life.log[row["entry_id"]] = {name: _cell(value, box) for name, value in said.items()}
        except hpke.CannotOpen:
            life.closed.append(("entry", row["entry_id"]))

    def _order(self, life, journal_id, row):
        number = row["order_id"]
        rows, sealed = json.loads(_bytes(row.pop("rows"))), _bytes(row.pop("sealed"))
        life.columns[number] = row
        try:
            box = self._box((journal_id, life.incarnation), "order", number, row["key_id"], sealed)
            life.orders[number] = plain([(part["table"], {name: _cell(value, box) for name, value in part["row"].items()})
                                         for part in rows])
        except hpke.CannotOpen:
            life.closed.append(("order", number))


def ledger(sim) -> dict:
    """seQura's: what became of each order, by its uuid."""
    return {order["uuid"]: order for order in sim.orders()}
