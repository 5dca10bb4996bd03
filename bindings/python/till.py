"""A till that sells with seQura: what bindings/c does, in Python.

    python till.py CONFIG ORDER.json [--ref R-100] ...
    python till.py CONFIG --ship R-100 ...

    start ---> form ---> the operator: approved? ---> confirm ---> book ---> reference ---> receipt
                                                         1           2           3

1, 2 and 3 are seQura's own numbers. Two rules carry the whole of it: the sale is completed in the
till's own book only after the confirmation was done; the goods go only when the order's state is
"settled", that is when seQura has the ticket number too. Whatever happens in between, a power cut
included, the order's URL is in the book and the order is in the library's journal; from these two
the till goes on when it is started again.
"""

import argparse
import copy
import enum
import json
import os
import select
import sys
import textwrap
import time
from typing import Any, Callable, Dict, List, NamedTuple, Optional

import sequra_pos
from sequra_pos import Client, ErrorCode, Next, Result, State, Status


class Exit(enum.IntEnum):
    """What became of it: the exit statuses of the program."""

    DONE = 0  # sold: confirmed, completed, registered; or what was asked for is done
    USAGE = 1  # wrong command line, or a file of the till's own cannot be used
    NOT_SENT = 2  # the configuration or the order is wrong; nothing was sent (1xxx)
    REFUSED = 3  # seQura said no: nothing is sold (2xxx)
    NO_ANSWER = 4  # not known, or seQura was not reached: keep the goods, ask again (3xxx)
    MACHINE = 5  # this machine's journal, or a bug of the library (4xxx, 9xxx)
    NO_REFERENCE = 6  # confirmed, but seQura has no ticket number: keep the goods (any)
    WAITING = 7  # left open: the shopper has not been approved yet


class Stop(Exception):
    """The till's own trouble: a file, the command line."""


def exit_status(result: Result) -> Exit:
    by_class = {0: Exit.DONE, 1: Exit.NOT_SENT, 2: Exit.REFUSED, 3: Exit.NO_ANSWER}
    return by_class.get(sequra_pos.status_class(result.status), Exit.MACHINE)


def result_of(call: Callable[..., Result], *arguments: Any) -> Result:
    """What came of a call, done or not: a till has something to do in either case."""
    try:
        return call(*arguments)
    except sequra_pos.SequraError as error:
        if error.result is None:
            raise
        return error.result


# ---- what the operator sees ------------------------------------------------------------------------


def say(label: str, text: str) -> None:
    for line in textwrap.wrap(text, 86, break_long_words=False, break_on_hyphens=False) or [""]:
        print("  {:12}{}".format(label, line))
        label = ""


def money(cents: Any, currency: Optional[str] = None) -> str:
    """38290 as people write it: 382,90."""
    if not isinstance(cents, int):
        return str(cents)
    sign, cents = ("-", -cents) if cents < 0 else ("", cents)
    text = "{}{:,},{:02}".format(sign, cents // 100, cents % 100)
    head, tail = text.rsplit(",", 1)
    return head.replace(",", ".") + "," + tail + (" " + currency if currency else "")


def show(label: str, result: Result) -> None:
    line = result.name
    if result.http and result.http.status:
        line += ", HTTP {}".format(result.http.status)
    if result.order.state:
        line += ": " + result.order.state
    if result.next != Next.NONE:
        line += "; next: " + result.next
    say(label, line)
    show_problems("", result.errors)
    show_problems("warning", result.warnings)
    if result.operator_message:
        say("operator >>", result.operator_message)


def show_problems(label: str, problems: List[sequra_pos.Problem]) -> None:
    for problem in problems:
        place = " at " + problem.pointer if problem.pointer else ""
        say(label, "{}{}: {}".format(problem.code, place, problem.message))


def say_how_to_go_on(url: str, option: str, more: str = "") -> None:
    say("to go on", " ".join(["till CONFIG", option, url.rsplit("/", 1)[-1], more]).rstrip())


def say_recover() -> None:
    """What has no answer yet is found out by the till itself, for all such orders at once."""
    say("to go on", "till CONFIG --recover; the next sale begins with it too")


# ---- the till's own book ---------------------------------------------------------------------------


class Sale(NamedTuple):
    """A sale as the book has it now."""

    state: str  # started, completed, registered, refused, abandoned; changing, and what came of that
    ticket: str
    amount: str
    currency: str
    time: str
    url: str

    def is_open(self) -> bool:
        return self.state in ("started", "completed", "changing")

    def line(self, words: str) -> str:
        cents = int(self.amount) if self.amount.isdigit() else self.amount
        return "{} {} {}".format(self.ticket, money(cents, self.currency), words)


class Book:
    """A text file to which one line is added for each step of a sale. The last line of a sale is
    what it has come to. A real till has a table for this."""

    def __init__(self, path: str) -> None:
        self.path = path

    def add(self, state: str, ticket: str, amount: Any, currency: str, url: str) -> None:
        """On the disk before it returns: only then may the sale go on."""
        when = time.strftime("%Y-%m-%dT%H:%M:%S")
        line = "{:15}  {}  {} {}  {}  {}\n".format(state, ticket, amount, currency, when, url)
        try:
            with open(self.path, "ab+") as book:
                # A till that lost its power in the middle of a line leaves half a line.
                if book.tell() > 0:
                    book.seek(-1, os.SEEK_END)
                    if book.read(1) != b"\n":
                        line = "\n" + line
                book.write(line.encode("utf-8"))
                book.flush()
                os.fsync(book.fileno())
        except OSError as error:
            raise Stop("cannot write {}: {}".format(self.path, error)) from None

    def sales(self) -> List[Sale]:
        """Every sale as it stands now, oldest first."""
        try:
            with open(self.path, "rb") as book:
                lines = book.read().decode("utf-8", "replace").split("\n")[:-1]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise Stop("cannot read {}: {}".format(self.path, error)) from None
        found = {}  # type: Dict[str, Sale]
        for line in lines:
            words = line.split()
            if len(words) == 6:
                sale = Sale(*words)
                found[sale.url] = sale
        return list(found.values())

    def find(self, url_or_uuid: str) -> Optional[Sale]:
        """A whole URL must be the same whole URL: a uuid on somebody else's host is another order."""
        for sale in self.sales():
            if url_or_uuid in (sale.url, sale.url.rsplit("/", 1)[-1]):
                return sale
        return None


def is_ticket(text: str) -> bool:
    """Ticket numbers go into the order, the book and the screen as they are."""
    return bool(text) and all("!" <= letter <= "~" and letter not in '"\\' for letter in text)


# ---- waiting for the shopper -----------------------------------------------------------------------


class Wait:
    """Where the shop has agreed with seQura that the till may ask again and again (--wait): a decent till begins
    with pauses of five seconds, makes them longer, and comes to an end."""

    FIRST_PAUSE, LONGEST_PAUSE = 5.0, 60.0

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        self.until = None  # type: Optional[float]
        self.pause = self.FIRST_PAUSE

    def for_round(self) -> bool:
        """Waits until the next round. False: that was the last one, or the operator has pressed Enter."""
        if self.until is None:
            self.until = time.monotonic() + self.seconds
            say("waiting", "for the shopper, up to {} s; Enter stops it".format(self.seconds))
            sys.stdout.flush()
        left = self.until - time.monotonic()
        if left <= 0 or is_stopped_within(min(self.pause, left)):
            return False
        self.pause = min(self.pause * 1.5, self.LONGEST_PAUSE)
        return True


def is_stopped_within(seconds: float) -> bool:
    """Waits so long, or until the operator presses Enter. Without anybody there it only waits."""
    if os.name == "nt":
        import msvcrt  # of Windows alone

        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if msvcrt.kbhit() and msvcrt.getwch() == "\r":  # type: ignore[attr-defined, unused-ignore]
                return True
            time.sleep(0.1)
        return False
    if not select.select([sys.stdin], [], [], seconds)[0]:
        return False
    if sys.stdin.readline():
        return True
    time.sleep(seconds)
    return False


# ---- the sale --------------------------------------------------------------------------------------


class Till:
    """The till, and the sale that it is at."""

    def __init__(self, client: Client, options: argparse.Namespace) -> None:
        self.client = client
        self.book = Book(options.sales)
        self.order_file = options.order  # type: Optional[str]
        self.ticket = options.ref or ""
        self.url = options.url or ""  # of the order at seQura
        self.product = options.product
        self.ref_first = options.ref_first
        self.asks = not options.yes
        self.wait = Wait(options.wait) if options.wait else None

    def order(self) -> Optional[Dict[str, Any]]:
        """The order as it is at this moment; None without an order file: as it was last sent."""
        if self.order_file is None:
            return None
        try:
            with open(self.order_file, encoding="utf-8-sig") as file:
                order: Dict[str, Any] = json.load(file)
        except (OSError, ValueError) as error:
            raise Stop("cannot read {}: {}".format(self.order_file, error)) from None
        order = order.get("order", order)
        if self.ref_first:
            order["merchant_reference"] = {"order_ref_1": self.ticket}
        return order

    def ask(self, question: str) -> Optional[str]:
        """The operator's answer; None when nobody is there."""
        if not self.asks:
            return None
        print("  {:12}{} ".format("operator ?", question), end="", flush=True)
        line = sys.stdin.readline()
        if not line.endswith("\n"):
            print()
        return line.rstrip("\r\n") if line else None

    def is_approved(self) -> bool:
        """The shopper says "approved", or it is time to ask seQura again."""
        if self.wait:
            return self.wait.for_round()
        if not self.asks:
            return True
        answer = self.ask("does the shopper's phone say approved? [Enter = yes, n = no]")
        return answer is not None and answer[:1] not in ("n", "N")

    def another_ticket(self) -> bool:
        while True:
            answer = self.ask("another ticket number for this sale:")
            if answer is None:
                return False
            if is_ticket(answer):
                self.ticket = answer
                return True

    def record(self, state: str, result: Result) -> None:
        """Writes into the book what the order of the result has come to."""
        order = result.order
        self.url = order.url or self.url  # the operator may have given the bare uuid
        amount = "?" if order.amount is None else order.amount
        self.book.add(state, self.ticket, amount, order.currency or "?", self.url)
        say("book", "{} is now {}".format(self.ticket, state))

    def sell(self) -> Exit:
        self.ticket = self.ticket or new_ticket()
        started = result_of(self.client.start_solicitation, self.order())
        show("start", started)
        if started.status != Status.OK:
            return exit_status(started)
        # Before anything reaches the shopper, the till knows where the order is.
        self.url = started.order.url
        self.record("started", started)
        return self.send_form()

    def send_form(self) -> Exit:
        """The link to seQura's form goes to the shopper's mobile. The shopper fills it in, never the
        staff."""
        sent = result_of(self.client.send_form, self.url, self.product)
        show("form", sent)
        if exit_status(sent) == Exit.NO_ANSWER or sent.status == Status.RATE_LIMITED:
            say_how_to_go_on(self.url, "--form")
        if sent.status != Status.OK:
            return exit_status(sent)
        if self.is_approved():
            return self.confirm()
        say("", "The sale is left open; nothing is sold. When the shopper leaves: --abandon instead.")
        say_how_to_go_on(self.url, "--confirm")
        return Exit.WAITING

    def confirm(self) -> Exit:
        """Step 1: the whole order once more, as it is at this moment, for seQura to say whether it is
        still the one that was approved."""
        while True:
            answer = result_of(self.client.confirm, self.url, self.order())
            show("confirm", answer)
            if answer.status == Status.OK:
                return self.complete(answer)
            early = bool(answer.errors) and answer.errors[0].code == ErrorCode.NOT_APPROVED
            early = early or bool(self.wait and answer.status == Status.RATE_LIMITED)
            taken = answer.status == Status.DUPLICATE_ORDER_REF
            if early and (self.asks or self.wait) and self.is_approved():
                continue
            if taken and self.ref_first and self.another_ticket():
                continue
            if early:
                say_how_to_go_on(self.url, "--confirm")
                return Exit.WAITING
            became = exit_status(answer)
            if became == Exit.NO_ANSWER:
                say("", "Nothing is completed and nothing is off: keep the goods, take no other payment.")
                say_recover()
            elif taken:
                self.say_another_number()
            elif became == Exit.REFUSED:
                say("", "Nothing is completed and no ticket number is sent: this sale does not take place.")
                if answer.order.state == State.CONFLICTED and self.ticket:
                    self.record("refused", answer)
            return became

    def complete(self, answer: Result) -> Exit:
        """Step 2: only now is the sale completed in the till's book."""
        self.adopt_ticket(answer)
        self.ticket = self.ticket or new_ticket()
        self.record("completed", answer)
        return self.register(answer)

    def register(self, answer: Result) -> Exit:
        return self.settled(answer) if answer.order.state == State.SETTLED else self.set_reference()

    def set_reference(self) -> Exit:
        """Step 3: seQura learns the ticket number. Without it, it never pays the shop."""
        while True:
            answer = result_of(self.client.set_order_ref, self.url, self.ticket)
            show("reference", answer)
            if answer.status == Status.OK:
                return self.settled(answer)
            taken = answer.status == Status.DUPLICATE_ORDER_REF
            if taken and self.another_ticket():
                continue
            unpaid = (State.CONFIRMED, State.REFERENCING, State.REF_CONFLICTED)
            if answer.order.state not in unpaid:
                return exit_status(answer)
            say("", "The sale stands and seQura has no ticket number for it: keep the goods until it has.")
            if taken:
                say_how_to_go_on(self.url, "--set-ref", "ANOTHER-NUMBER")
            else:
                say_recover()
            return Exit.NO_REFERENCE

    def settled(self, answer: Result) -> Exit:
        self.adopt_ticket(answer)
        self.record("registered", answer)
        price = money(answer.order.amount, answer.order.currency)
        for line in ("-" * 55, "Ticket {:20} {:>27}".format(self.ticket, price),
                     "Pagado con seQura   {:>35}".format(answer.order.uuid or ""), "-" * 55):
            print(" " * 14 + line)
        return Exit.DONE

    def adopt_ticket(self, answer: Result) -> None:
        """A settled order has the ticket number that seQura has: it may have been settled long ago."""
        if answer.order.state == State.SETTLED and answer.order.order_ref_1:
            self.ticket = answer.order.order_ref_1

    def say_another_number(self) -> None:
        say_how_to_go_on(self.url, "--confirm", "ORDER.json --ref-first --ref ANOTHER-NUMBER")

    def abandon(self) -> Exit:
        """The shopper left: the till asks nothing of the order any more."""
        answer = result_of(self.client.abandon, self.url)
        show("abandon", answer)
        if answer.status == Status.OK and self.ticket:
            self.record("abandoned", answer)
        return exit_status(answer)

    def resolve(self, outcome: str, reason: str) -> Exit:
        """Somebody has looked in seQura's portal what became of the order: confirmed, or not_confirmed.
        Goes on from there."""
        answer = result_of(self.client.resolve, self.url, outcome, reason)
        show("resolve", answer)
        self.url = None
        return self.recover(1) if answer.status == Status.OK else exit_status(answer)

    # ---- what the till was killed in, or got no answer to ------------------------------------------

    def recover(self, pending: int) -> Exit:
        """Brings every open sale of the book to where its order is. Asks the operator nothing; where
        the operator has to act, it says how."""
        became, recovered = Exit.DONE, []  # type: Exit, List[Dict[str, Any]]
        if pending:
            answer = result_of(self.client.recover)
            became = exit_status(answer)
            recovered = (answer.data or {}).get("orders", [])
            if answer.status != Status.OK:
                show("recover", answer)
        self.show_recovered(recovered)
        # The book too: the till may have been killed when the journal was done and the book was not.
        by_url = {order["url"]: order for order in recovered if order["url"]}
        for sale in self.book.sales():
            if sale.is_open() and sale.url != self.url:
                finished = self.at(sale).bring_up_to_date(sale, by_url.get(sale.url))
                became = became or finished
        return became

    def at(self, sale: Sale) -> "Till":
        """The till at another sale, alone: the operator has another shopper to serve."""
        till = copy.copy(self)
        till.url, till.ticket, till.order_file = sale.url, sale.ticket, None
        till.ref_first = till.asks = False
        return till

    def show_recovered(self, recovered: List[Dict[str, Any]]) -> None:
        """Of the orders that changed, or that somebody has to do something for."""
        for order in recovered:
            changed = order["was"] != order["now"]
            named = self.url in (order["url"], order["uuid"])
            if not changed and (named or order["next"] == Next.NONE):
                continue
            sale = self.book.find(order["url"]) if order["url"] else None
            changing = sale is not None and sale.state == "changing"
            if changing and order["next"] == Next.NONE:
                continue  # what came of the change is said when the book is brought up to date
            still = "still changing" if changing else "still " + order["now"]
            words = "{}, now {}".format(order["was"], order["now"]) if changed else still
            say("recover", sale.line(words) if sale else order_line(order) + " " + words)
            if sale is None and not named and order["url"]:
                self.see_to_stranger(order)

    def see_to_stranger(self, order: Dict[str, Any]) -> None:
        """An order that the book does not have. One whose start has just been answered is nobody's:
        its form was never sent, and its basket is sold as a new order. Any other is for the operator."""
        nobodys = order["was"] == State.SOLICITING and order["status"] == "SQ_OK"
        if nobodys and result_of(self.client.abandon, order["url"]).status == Status.OK:
            say("", "Nobody has its form: it is given up, and the basket is sold as a new order.")
        else:
            say_what_is_due(order["url"], order["next"])

    def bring_up_to_date(self, sale: Sale, listed: Optional[Dict[str, Any]]) -> Exit:
        """Writes into the book what has become of the sale, and finishes it where seQura has confirmed
        it."""
        if listed and listed["next"] == Next.RECOVER:
            return Exit.DONE  # still no answer: it has just been tried
        # By its name, for the whole order. Nothing of it waits for an answer now, so nothing is sent.
        answer = result_of(self.client.recover, self.url)
        state = answer.order.state
        if answer.status == Status.UNKNOWN_ORDER:
            say("recover", sale.line("is not in this journal"))
        elif answer.status != Status.OK or state is None:
            show("recover", answer)
            return exit_status(answer)
        elif sale.state == "changing":
            say("recover", sale.line("was being changed"))
            if listed and listed["status"] != "SQ_OK":
                self.say_why(answer)
            return self.record_change()
        elif state in (State.CONFIRMED, State.SETTLED):
            if state == State.SETTLED:
                say("operator >>", answer.operator_message)
            return self.complete(answer) if sale.state == "started" else self.register(answer)
        elif state == State.REF_CONFLICTED:
            say("operator >>", answer.operator_message)
            if sale.state == "started":
                self.record("completed", answer)
            say_what_is_due(self.url, Next.CHOOSE_ANOTHER_REF)
            return Exit.NO_REFERENCE
        elif state in (State.ABANDONED, State.CANCELLED):
            self.record(state, answer)
        elif listed and listed["status"] == "SQ_DUPLICATE_ORDER_REF":
            self.say_another_number()
        elif listed and listed["status"] == "SQ_CONFLICT":
            self.say_why(answer)
            say("operator >>", answer.operator_message)
            self.record("refused", answer)
        else:
            say("waiting", sale.line(state))
            say_what_is_due(self.url, answer.next)
        return Exit.DONE

    def say_why(self, answer: Result) -> None:
        """seQura's own words on what it refused: the library's log has them."""
        entries = self.client.log({"limit": 1, "order": answer.order.uuid}).data["entries"]
        say("", entries[0]["description"] or "")

    # ---- after the sale, which its ticket number names (or its URL or uuid) --------------------------
    #
    #     book: changing ---> the call ---> what does the library's journal say? ---> book
    #
    # A till that dies in between finds "changing" in its book when it is started again, and does the
    # last two steps: it needs not know how far it had come.

    def change(self, label: str, call: Callable[..., Result], sale: str, asked: Any) -> Exit:
        # Only a settled order can be changed. Of any other, the call itself says why not.
        before = result_of(self.client.order_info, sale)
        settled = before.order.state == State.SETTLED
        if settled:
            self.url, self.ticket = before.order.url, before.order.order_ref_1 or ""
            self.record("changing", before)
        answer = result_of(call, self.url if settled else sale, asked)
        show(label, answer)
        if not settled and answer.status == Status.OK:
            # It was cancelled before, and may not be in the book yet.
            self.url, self.ticket = answer.order.url, answer.order.order_ref_1 or ""
        became = exit_status(answer)
        recorded = self.record_change() if settled or answer.status == Status.OK else Exit.DONE
        return became or recorded

    def record_change(self) -> Exit:
        """Writes into the book what the sale has come to."""
        info = result_of(self.client.order_info, self.url)
        if info.status != Status.OK:
            show("info", info)
            return exit_status(info)
        if info.next == Next.RECOVER:
            say("to go on", "till CONFIG --recover; or the same change again; or the next one, which takes it "
                            "along")
            return Exit.NO_ANSWER
        show_totals(info)
        amounts = info.data["amounts"]
        state = {"unshipped": "registered"}.get(amounts["delivery"], amounts["delivery"])
        if info.order.state == State.CANCELLED:
            state = "cancelled"
        elif state == "shipped" and amounts["refunded"]:
            state = "partly_refunded"
        self.record(state, info)
        return Exit.DONE

    def ship(self, sale: str, items: List[str]) -> Exit:
        return self.change("ship", self.client.ship, sale, items_of(items) or None)

    def refund(self, sale: str, items: List[str], cents: Optional[int], reason: Optional[str]) -> Exit:
        asked = {"items": items_of(items)} if items else None  # type: Optional[Dict[str, Any]]
        if cents is not None:
            asked = {"amount": cents, "reason": reason} if reason else {"amount": cents}
        return self.change("refund", self.client.refund, sale, asked)

    def cancel(self, sale: str, reason: Optional[str]) -> Exit:
        return self.change("cancel", self.client.cancel, sale, reason)

    def update(self, sale: str, file: str) -> Exit:
        try:
            with open(file, encoding="utf-8-sig") as changes:
                return self.change("update", self.client.update_order, sale, changes.read())
        except OSError as error:
            raise Stop("cannot read {}: {}".format(file, error)) from None

    def info(self, sale: str) -> Exit:
        """Where it stands; nothing is sent."""
        info = result_of(self.client.order_info, sale)
        show("info", info)
        if info.status != Status.OK:
            return exit_status(info)
        line = info.order.order_ref_1 or info.order.uuid
        if info.data["payment_method"]:
            line += ", form " + info.data["payment_method"]["product"]
        say("sale", line + (", " + info.order.portal_url if info.order.portal_url else ""))
        if info.data["amounts"]:
            show_totals(info)
            show_cart("unshipped", info.data["unshipped_cart"])
            show_cart("shipped", info.data["shipped_cart"])
            if info.data["amounts"].get("paid") is not None:
                say("paid out", money(info.data["amounts"]["paid"], info.order.currency))
        for number, entry in enumerate(info.data["history"]):
            say("" if number else "history", "{} {}".format(entry["at"], entry_line(entry)))
        return Exit.DONE

    # ---- for the office and for support --------------------------------------------------------------

    def show_log(self, sale: str) -> Exit:
        """What was asked of seQura; what needs attention first. Nothing is sent."""
        query = {"limit": 20, "order": sale} if sale else {"limit": 20}
        log = result_of(self.client.log, query)
        if log.status != Status.OK:
            show("log", log)
            return exit_status(log)
        for entry in log.data["entries"]:
            # A delivery report is about no order.
            order = entry["order"] or {}
            name = order.get("order_ref_1") or order.get("uuid") or ""
            line = "{} {} {}".format(entry["id"], name, entry_line(entry))
            say("attention" if entry["needs_attention"] else "log", line)
            if entry["description"]:
                say("", entry["description"])
            if entry["needs_attention"]:
                actions = ["--dismiss {}".format(entry["id"]) if action == "dismiss" else action
                           for action in entry["actions"]]
                say("", "to do: " + ", or ".join(actions))
        if not log.data["entries"]:
            say("log", "nothing")
        return Exit.DONE

    def dismiss(self, entry: int) -> Exit:
        answer = result_of(self.client.log_dismiss, entry)
        show("dismiss", answer)
        return exit_status(answer)

    def show_payouts(self) -> Exit:
        answer = result_of(self.client.reconcile)
        show("reconcile", answer)
        kinds = (("paid", "paid", "{ref} {owed}"), ("differing", "differing", "{ref} {owed}, but paid {paid}"),
                 ("not paid", "not_yet_paid", "{ref} {owed}"), ("unknown", "unknown_here", "{ref} {paid}"))
        for label, kind, words in kinds:
            entries = (answer.data or {}).get(kind, [])
            lines = [words.format(ref=one["order_ref_1"], owed=money(one.get("amount"), one["currency"]),
                                  paid=money(one.get("paid"), one["currency"])) for one in entries]
            if lines:
                say(label, "; ".join(lines))
        return exit_status(answer)

    def report(self) -> Exit:
        answer = result_of(self.client.send_delivery_report)
        show("report", answer)
        for one in (answer.data or {}).get("reports", []):
            say("told", "{merchant_id}, orders shipped: {orders}: {status}".format(**one))
        return exit_status(answer)

    def self_test(self) -> Exit:
        answer = result_of(self.client.self_test)
        show("self-test", answer)  # why a row failed is among the errors, or the warnings
        for row in (answer.data or {}).get("tests", []):
            line, detail = row["name"], row["detail"] or {}
            for words, name in ((", of {}", "host"), (", seconds fast: {}", "skew_s"),
                                (", ms for a durable write: {}", "durable_write_ms")):
                line += words.format(detail[name]) if detail.get(name) is not None else ""
            say("well" if row["ok"] else "NOT WELL", line)
        return exit_status(answer)

    # ---- looking -------------------------------------------------------------------------------------

    def show_pending(self) -> Exit:
        """What the library's journal holds that is not finished. Nothing is sent for this."""
        answer = result_of(self.client.pending)
        if answer.status != Status.OK:
            show("pending", answer)
            return exit_status(answer)
        for order in answer.data["orders"]:
            say("pending", "{} {}: needs {}".format(order_line(order), order["state"], order["missing"]))
        for currency, merchants in answer.data["at_risk"].items():
            for cents in merchants.values():
                say("at risk", money(cents, currency))
        if not answer.data["orders"]:
            say("pending", "nothing: every sale with seQura is finished")
        return Exit.DONE

    def show_unshipped(self) -> Exit:
        """What is sold and still to be shipped: seQura pays what was shipped. Nothing is sent for this."""
        answer = result_of(self.client.pending)
        data = answer.data or {}
        for order in data.get("unshipped", []):
            say("to ship", order["order_ref_1"] + " " + money(order["unshipped"], order["currency"]))
        for currency, merchants in data.get("unshipped_total", {}).items():
            for cents in merchants.values():
                say("unshipped", money(cents, currency))
        return exit_status(answer)

    def show_book(self) -> Exit:
        for sale in self.book.sales():
            if sale.is_open():
                say("book", sale.line(sale.state))
        return Exit.DONE

    def check_account(self) -> Exit:
        """Not needed for each sale: does seQura know this shop, and what may its shoppers choose from?"""
        answer = result_of(self.client.check_credentials)
        show("credentials", answer)
        if answer.status != Status.OK:
            return exit_status(answer)
        say("merchants", ", ".join("{id} in {country}".format(**one) for one in answer.data["merchants"]))
        answer = result_of(self.client.payment_methods)
        if answer.status != Status.OK:
            show("methods", answer)
            return exit_status(answer)
        say("methods", "; ".join(map(method_line, answer.data["methods"])))
        return Exit.DONE


    def instalments(self, cents: int, country: Optional[str]) -> Exit:
        """How much a month? Shown is the whole of an offer, with its cost, or nothing of it."""
        answer = result_of(self.client.credit_agreements, cents, country)
        show("instalments", answer)
        if answer.status == Status.OK and answer.data["from_cache"]:
            say("as of", answer.data["as_of"])
        return exit_status(answer)


def items_of(words: List[str]) -> List[Dict[str, Any]]:
    """CAS-07=1: one of these; BIC-20: all that is left of those."""
    items = []
    for word in words:
        reference, equals, quantity = word.rpartition("=")
        items.append({"reference": reference, "quantity": int(quantity)} if equals else {"reference": word})
    return items


def is_item(word: str) -> bool:
    reference, equals, quantity = word.rpartition("=")
    return bool(word) and (not equals or (bool(reference) and is_number(quantity)))


def is_number(text: str) -> bool:
    """Whole, and not more than a till can have: what is mistyped is not to be guessed."""
    return 0 < len(text) <= 9 and all(digit in "0123456789" for digit in text)


def show_totals(info: Result) -> None:
    """The totals of both carts, and what the shopper owes of what was sold."""
    amounts = {name: money(cents) for name, cents in info.data["amounts"].items()}
    say("carts", "unshipped {unshipped}, shipped {shipped}; owed {owed} of {approved} {currency}".format(
        currency=info.order.currency, **amounts))


def show_cart(label: str, cart: Optional[Dict[str, Any]]) -> None:
    """What is in it: 1 BIC-20 349,00; ENV-01 12,90."""
    lines = []
    for item in (cart or {}).get("items", []):
        words = [str(item["quantity"])] if item.get("quantity") is not None else []
        words += [item.get("reference") or item.get("type") or "", money(item["total_with_tax"])]
        lines.append(" ".join(words))
    say(label, "; ".join(lines) or "nothing")


def entry_line(entry: Dict[str, Any]) -> str:
    http = entry["http"] or {}
    line = "{operation} {status}".format(**entry)
    return line + (", HTTP {}".format(http["status"]) if http.get("status") else "")


def new_ticket() -> str:
    """A real till takes the next number of its counter."""
    return time.strftime("T-%Y%m%d-%H%M%S")


def order_line(order: Dict[str, Any]) -> str:
    line = order["uuid"] or "(its order URL has not come yet)"
    if order["amount"] is not None and order["currency"]:
        line += " " + money(order["amount"], order["currency"])
    return line


def method_line(method: Dict[str, Any]) -> str:
    line = "{} {}".format(method["product"], method["title"])
    for words, limit in ((", from ", method["min_amount"]), (", up to ", method["max_amount"])):
        line += words + money(limit) if limit is not None else ""
    return line


def say_what_is_due(url: str, due: str) -> None:
    """What the operator has to do for the order, from `next`."""
    if due == Next.SEND_FORM:
        say_how_to_go_on(url, "--form")
    elif due in (Next.CONFIRM, Next.FIX_ORDER):
        say_how_to_go_on(url, "--confirm")
    elif due == Next.SET_ORDER_REF:
        say_how_to_go_on(url, "--set-ref", "NUMBER")
    elif due == Next.CHOOSE_ANOTHER_REF:
        say_how_to_go_on(url, "--set-ref", "ANOTHER-NUMBER")


# ---- the program -------------------------------------------------------------------------------------


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> Any:
        self.print_usage(sys.stderr)
        print("{}: {}".format(self.prog, message), file=sys.stderr)
        raise SystemExit(int(Exit.USAGE))


def command_line(arguments: List[str]) -> argparse.Namespace:
    parser = Parser(prog="till", description="Sells with seQura.", allow_abbrev=False,
                    epilog="exit status: 0 done; 1 usage or a file; 2 nothing sent; 3 refused; 4 no answer, "
                           "ask again; 5 this machine; 6 confirmed without its reference; 7 not approved yet")
    parser.add_argument("config", metavar="CONFIG")
    parser.add_argument("order", metavar="ORDER.json", nargs="?", help="sell it")
    entry = parser.add_mutually_exclusive_group()
    entry.add_argument("--recover", action="store_true", help="finish what was left unfinished")
    entry.add_argument("--pending", action="store_true", help="what is unfinished, or still to be shipped")
    entry.add_argument("--form", metavar="ORDER-URL", help="go on with the form")
    entry.add_argument("--confirm", metavar="ORDER-URL", help="go on with the confirmation")
    entry.add_argument("--set-ref", nargs=2, metavar=("ORDER-URL", "NUMBER"), help="go on with the reference")
    entry.add_argument("--abandon", metavar="ORDER-URL", help="the shopper left: give it up")
    entry.add_argument("--resolve", nargs=2, metavar=("ORDER-URL", "OUTCOME"), help="somebody looked in seQura's "
                       "portal: confirmed, or not_confirmed")
    entry.add_argument("--ship", nargs="+", metavar=("NUMBER", "ITEM[=QUANTITY]"), help="goods of a sale went out; "
                       "none named: all that is left")
    entry.add_argument("--refund", nargs="+", metavar=("NUMBER", "ITEM[=QUANTITY]"), help="goods came back; none "
                       "named: all that went out; or an --amount is paid back")
    entry.add_argument("--cancel", metavar="NUMBER", help="nothing of the sale takes place")
    entry.add_argument("--update", nargs=2, metavar=("NUMBER", "CHANGES.json"), help="carts, addresses, trackings")
    entry.add_argument("--info", metavar="NUMBER", help="where the sale stands")
    entry.add_argument("--log", nargs="?", const="", metavar="NUMBER", help="what was asked of seQura; what needs "
                       "attention first")
    entry.add_argument("--dismiss", metavar="ENTRY", help="an entry of the log is seen to")
    entry.add_argument("--reconcile", action="store_true", help="the sales against seQura's payouts")
    entry.add_argument("--report", action="store_true", help="what was shipped since the last one; daily, even if "
                       "nothing")
    entry.add_argument("--instalments", nargs="+", metavar=("CENTS", "COUNTRY"), help="how much a month? before "
                       "anything is sold")
    entry.add_argument("--self-test", action="store_true", help="does everything work on this machine?")
    parser.add_argument("--amount", metavar="CENTS", help="with --refund: so much is paid back")
    parser.add_argument("--reason", metavar="TEXT", help="with --refund --amount, --cancel, or --resolve")
    parser.add_argument("--ref", metavar="NUMBER", help="the ticket number, seQura's order_ref_1 (default: made "
                                                        "of the time)")
    parser.add_argument("--ref-first", action="store_true", help="send it with the order: the confirmation then "
                                                                 "settles the sale")
    parser.add_argument("--product", metavar="CODE", default="pp3", help="seQura's product for the form")
    parser.add_argument("--sales", metavar="FILE", default="sales.txt", help="the till's own book")
    parser.add_argument("--yes", action="store_true", help="do not ask the operator: the shopper is approved")
    parser.add_argument("--wait", metavar="SECONDS", help="ask seQura again and again instead, for so long; seQura has "
                                                          "to agree to it")
    parser.add_argument("--quick", action="store_true", help="without looking at the account first")
    options = parser.parse_intermixed_args(arguments)
    if options.set_ref:
        options.url, options.ref = options.set_ref
    else:
        options.url = options.form or options.confirm or options.abandon or (options.resolve or [None])[0]
    after = any((options.ship, options.refund, options.cancel, options.update, options.info,
                 options.log is not None, options.dismiss, options.reconcile, options.report, options.instalments,
                 options.self_test))
    if not options.order and not (after or options.url or options.recover or options.pending):
        parser.error("what is to be sold? ORDER.json is missing")
    if options.order and after:
        parser.error("{} is one word too many".format(options.order))
    items = (options.ship or options.refund or [""])[1:]
    if not all(map(is_item, items)):
        parser.error("an item is REFERENCE or REFERENCE=QUANTITY")
    if options.amount is not None and (not options.refund or items or not is_number(options.amount)):
        parser.error("--amount is whole cents, and goes with --refund NUMBER alone")
    if options.reason is not None and not (options.cancel or options.resolve) and options.amount is None:
        parser.error("--reason goes with --cancel, --resolve, or --refund NUMBER --amount CENTS")
    if options.resolve and options.reason is None:
        parser.error("--resolve wants a --reason: who looked, and when")
    if options.dismiss is not None and not is_number(options.dismiss):
        parser.error("--dismiss wants the number of an entry")
    if options.instalments and not (is_number(options.instalments[0]) and len(options.instalments) <= 2):
        parser.error("--instalments wants whole cents, and perhaps a country")
    if options.ref_first and not options.order:
        parser.error("--ref-first needs ORDER.json")
    if options.wait is not None and not (is_number(options.wait) and len(options.wait) <= 5):
        parser.error("--wait wants whole seconds")
    options.wait = int(options.wait or 0)
    if options.ref is not None and not is_ticket(options.ref):
        parser.error("a ticket number has no spaces, quotes or accents")
    return options


def run(till: Till, options: argparse.Namespace) -> Exit:
    known = till.book.find(till.url) if till.url else None
    if known:
        # What the command line says goes before the book.
        till.url, till.ticket = known.url, till.ticket or known.ticket
    # A change after the sale takes along what has no answer of its own order. Were that recovered first,
    # a command that is given again for want of an answer would ship as many goods again.
    sells = bool(options.order or options.form or options.confirm or options.set_ref) and not options.abandon
    became = Exit.DONE
    # What was left unfinished comes first. Where it cannot be finished now, it stops no other sale.
    if sells or options.recover:
        recovered = till.recover(till.client.opened.data["journal"]["pending"])
        if options.recover:
            became = recovered
    if options.recover or options.pending or (sells and not options.quick):
        shown = till.show_pending()
        became = became or shown
    if became != Exit.DONE or options.recover:
        return became
    if options.pending:
        return till.show_unshipped() or till.show_book()
    if options.abandon:
        return till.abandon()
    if options.resolve:
        return till.resolve(options.resolve[1], options.reason)
    if options.form:
        return till.send_form()
    if options.confirm:
        return till.confirm()
    if options.set_ref:
        return till.set_reference()
    if options.ship:
        return till.ship(options.ship[0], options.ship[1:])
    if options.refund:
        cents = None if options.amount is None else int(options.amount)
        return till.refund(options.refund[0], options.refund[1:], cents, options.reason)
    if options.cancel:
        return till.cancel(options.cancel, options.reason)
    if options.update:
        return till.update(*options.update)
    if options.info:
        return till.info(options.info)
    if options.log is not None:
        return till.show_log(options.log)
    if options.dismiss:
        return till.dismiss(int(options.dismiss))
    if options.reconcile:
        return till.show_payouts()
    if options.report:
        return till.report()
    if options.instalments:
        return till.instalments(int(options.instalments[0]), (options.instalments + [None])[1])
    if options.self_test:
        return till.self_test()
    if not options.quick:
        became = till.check_account()
    return till.sell() if became == Exit.DONE else became


def main(arguments: List[str]) -> Exit:
    options = command_line(arguments)
    try:
        client = Client.open_file(options.config)
    except sequra_pos.SequraError as error:
        if error.result is None:
            raise
        show("open", error.result)
        return exit_status(error.result)
    with client:
        show_problems("warning", client.opened.warnings)
        try:
            return run(Till(client, options), options)
        except Stop as stop:
            print("till: {}".format(stop), file=sys.stderr)
            return Exit.USAGE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
