"""A shop's server that sells with seQura: python server.py CONFIG DATABASE ORDER.json PORT

    POST /sales                 a basket is begun: {"sale": 1}
    POST /sales/1/pay           the shopper gets the form
    POST /sales/1/approved      the shopper says so
    POST /sales/1/cancel        the sale is not wanted
    GET  /sales/1               what the operator's page shows meanwhile, and asks for once a second

Two things are never together: a transaction of the database, and a call to seQura. A call takes as long as timeouts.total_ms
and a second say, and holds no lock meanwhile; a transaction takes milliseconds, and what it rolls back, seQura has not heard:

    pay:       transaction (the sale waits)  ->  start, form
    approved:  confirm  ->  transaction (stock and ticket number, or none of it)  ->  after its commit: the reference
    start:     recover  ->  every sale whose last transaction was followed by no call: the call

A worker makes the calls, one at a time for each sale; its results are rows, and every page that asks sees them.
"""

import concurrent.futures
import json
import sqlite3
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Callable, Dict, List, Tuple

from sequra_pos import Client, Result, SequraError, State

SCHEMA = """
    CREATE TABLE IF NOT EXISTS sales (
        id INTEGER PRIMARY KEY,
        url TEXT,                    -- seQura's order; written before the shopper hears of it
        state TEXT NOT NULL DEFAULT '',      -- what seQura's answer said last
        shown TEXT NOT NULL DEFAULT 'Ready.',
        asking INTEGER NOT NULL DEFAULT 0,
        unwanted INTEGER NOT NULL DEFAULT 0,
        ticket TEXT UNIQUE);         -- given by the transaction that sells, and by no other
    CREATE TABLE IF NOT EXISTS stock (
        article TEXT PRIMARY KEY, pieces INTEGER NOT NULL CHECK (pieces >= 0));
"""

#: Before the confirmation: giving it up is enough.
OPEN = (State.SOLICITED, State.FORM_SENT, State.HELD, State.CONFLICTED)


class Shop:
    """The books and the worker."""

    def __init__(self, till: Client, path: str, order: Dict[str, Any]) -> None:
        self.till, self.order = till, order
        self.books = sqlite3.connect(path, check_same_thread=False)
        self.books.row_factory = sqlite3.Row
        self.lock = threading.Lock()
        self.worker = concurrent.futures.ThreadPoolExecutor(4)
        with self.lock, self.books:
            self.books.executescript(SCHEMA)
            for article, pieces in self.goods():
                self.books.execute("INSERT OR IGNORE INTO stock VALUES (?, ?)", (article, pieces))
            self.books.execute("UPDATE sales SET asking = 0")  # what was asked when the last run ended, recovery knows

    def goods(self) -> List[Tuple[str, int]]:
        return [(line["reference"], line["quantity"]) for line in self.order["cart"]["items"] if line["type"] == "product"]

    def begin(self) -> int:
        with self.lock, self.books:
            return self.books.execute("INSERT INTO sales DEFAULT VALUES").lastrowid or 0

    def sale(self, number: int) -> sqlite3.Row:
        with self.lock:
            row: sqlite3.Row = self.books.execute("SELECT * FROM sales WHERE id = ?", (number,)).fetchone()
            return row

    def write(self, number: int, **values: Any) -> None:
        with self.lock, self.books:
            for column, value in values.items():
                self.books.execute(f"UPDATE sales SET {column} = ? WHERE id = ?", (value, number))

    # -- what the operator does; the page has its answer at once

    def press(self, number: int, key: str) -> None:
        """The key's step goes to the worker, unless another of this sale is under way."""
        step = {"pay": self.pay, "approved": self.approved, "cancel": self.cancel}[key]
        with self.lock, self.books:
            taken = self.books.execute("UPDATE sales SET asking = 1 WHERE id = ? AND asking = 0", (number,)).rowcount
            if not taken and key == "cancel":
                # What is asked cannot be taken back; the worker looks at this when the answer is there.
                self.books.execute("UPDATE sales SET unwanted = 1, shown = 'It is undone as soon as seQura has answered. "
                                   "Keep the goods.' WHERE id = ?", (number,))
        if taken:
            self.worker.submit(self.work, number, step)

    def work(self, number: int, step: Callable[[int], None]) -> None:
        try:
            step(number)
            if self.sale(number)["unwanted"]:
                self.cancel(number)
        finally:
            self.write(number, asking=0)

    def ask(self, number: int, call: Callable[..., Result], *arguments: Any) -> Result:
        """A call, with no transaction open; what came of it is written down and shown."""
        try:
            answer = call(*arguments)
        except SequraError as error:
            if error.result is None:
                raise
            answer = error.result
        if answer.order:
            self.write(number, url=answer.order.url, state=answer.order.state)
        self.write(number, shown=answer.operator_message)
        return answer

    # -- the steps, in the worker

    def pay(self, number: int) -> None:
        self.write(number, shown="The form is being sent.", unwanted=0)
        if not self.sale(number)["url"]:
            self.ask(number, self.till.start_solicitation, self.order)
        if self.sale(number)["url"]:
            self.ask(number, self.till.send_form, self.sale(number)["url"], "pp3")

    def approved(self, number: int) -> None:
        sale = self.sale(number)
        self.write(number, shown="seQura is being asked. Keep the goods, take no other payment.")
        if sale["state"] in (*OPEN, State.CONFIRMING):
            self.ask(number, self.till.confirm, sale["url"], self.order)
        self.finish(number)

    def finish(self, number: int) -> None:
        """From "confirmed" on: the books, and after their commit the reference. The same again does no harm."""
        sale = self.sale(number)
        if sale["state"] == State.CONFIRMED and not sale["ticket"] and not sale["unwanted"]:
            try:
                self.complete(number)
            except sqlite3.Error as error:
                # Nothing is sold here. At seQura it is confirmed, and has no reference: sq_pending names it, with the
                # money at risk, until the books take it after all, or it is undone.
                self.write(number, shown=f"Not in the books ({error}): keep the goods. Again, or cancel.")
                return
        sale = self.sale(number)
        if sale["ticket"] and sale["state"] in (State.CONFIRMED, State.REFERENCING):
            self.ask(number, self.till.set_order_ref, sale["url"], sale["ticket"])

    def complete(self, number: int) -> None:
        """The sale in the shop's own books: all of it, or nothing."""
        with self.lock, self.books:
            for article, pieces in self.goods():
                self.books.execute("UPDATE stock SET pieces = pieces - ? WHERE article = ?", (pieces, article))
            self.books.execute("UPDATE sales SET ticket = 'T1-' || id WHERE id = ?", (number,))

    def cancel(self, number: int) -> None:
        """Before the confirmation the order is given up; after it, it is undone at seQura, under a number of its own; while
        nobody knows, it is remembered. The shop's own counter-entry, stock included, is a transaction of its own, after
        the answer; it is left out here."""
        sale = self.sale(number)
        if sale["state"] in OPEN:
            self.ask(number, self.till.abandon, sale["url"])
        elif sale["state"] in (State.CONFIRMED, State.SETTLED):
            if sale["state"] == State.CONFIRMED:
                # seQura cancels what has a reference. No ticket: the number says that none belongs to it.
                self.ask(number, self.till.set_order_ref, sale["url"], sale["ticket"] or f"VOID-T1-{number}")
            if self.sale(number)["state"] == State.SETTLED:
                self.ask(number, self.undo, sale["url"])
        elif sale["state"]:
            self.write(number, unwanted=1)
            return
        if self.sale(number)["state"] in (State.ABANDONED, State.CANCELLED, State.SETTLED):
            self.write(number, unwanted=0)

    def undo(self, url: str) -> Result:
        """What has not left is cancelled; what has, as goods_leave of the configuration says, comes back."""
        amounts = self.till.order_info(url).data["amounts"]
        is_here = amounts is not None and amounts["shipped"] == 0
        return self.till.cancel(url, "customer_cancel") if is_here else self.till.refund(url)

    def start(self) -> None:
        """What the last run was ended in: first seQura's answers, then what has not followed its transaction."""
        try:
            self.till.recover()
        except SequraError:
            pass  # out of reach: it keeps, and stops no other sale
        with self.lock:
            sales = self.books.execute("SELECT id, url FROM sales WHERE url IS NOT NULL").fetchall()
        for sale in sales:
            self.ask(sale["id"], self.till.order_info, sale["url"])
            if self.sale(sale["id"])["unwanted"]:
                self.cancel(sale["id"])
            elif self.sale(sale["id"])["ticket"]:
                self.finish(sale["id"])


class Page(BaseHTTPRequestHandler):
    shop: Shop

    def do_GET(self) -> None:
        self.answer(dict(self.shop.sale(int(self.path.split("/")[2]))))

    def do_POST(self) -> None:
        words = self.path.split("/")[1:]
        if len(words) == 1:
            self.answer({"sale": self.shop.begin()})
        else:
            self.shop.press(int(words[1]), words[2])
            self.answer({})

    def answer(self, value: Dict[str, Any]) -> None:
        text = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_: Any) -> None:
        pass


def main() -> None:
    config, database, order, port = sys.argv[1:]
    with Client.open_file(config) as till:
        Page.shop = Shop(till, database, json.loads(Path(order).read_text(encoding="utf-8")))
        Page.shop.start()
        server = ThreadingHTTPServer(("127.0.0.1", int(port)), Page)
        print("ready", server.server_address[1], flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
