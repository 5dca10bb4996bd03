"""The demonstration of the office: three shops sell, a till's disk is lost, and what it owed is finished on another machine.

`make demo-office` calls this when everything is built. Every scene states what it expects; the first thing that comes
otherwise ends it with a failure. Nothing is left behind: no process, no PostgreSQL, no folder.
"""

import shutil
import signal
import sys

import picture
from pages import Visitor
from stage import SILENT_AFTER_S, Office, Sequra, Stage, Till, compile_till
from telling import Otherwise, answered, bold, expect, failed, is_watched, plain, say, scene, tell, typed, wait_until

SHOPS = ("Bilbao", "Sevilla", "Valencia")
LOST = "Sevilla · Till 2"
NOW = ("", "Money at risk", "Where it is at risk", "Tills that are not as they should be")
SALES = 6 * 2 + 1 + 5 + 1


class Demonstration:
    def __init__(self, stage):
        self.stage = stage
        compile_till(stage)
        self.sequra = Sequra(stage)
        self.sold = {}      # ticket -> who sold it

    def look(self, path, *parts, expected=()):
        """What a page shows."""
        page = self.visitor.look(path)
        say(" │")
        answered(page.shown(*parts), "│ ")
        say(" │")
        expect(page.whole, *expected)
        return page

    def waits_for(self, path, words):
        """Until the page says so."""
        wait_until(f"{path}: {words}", lambda: words in self.visitor.look(path).whole)

    def sell(self, till, *numbers):
        for number in numbers:
            ticket = f"{till.shop[0]}{till.till[-1]}-{number}"
            till.sell(ticket)
            self.sold[ticket] = till.name

    # -- the scenes

    def head_office(self):
        scene("Head office")
        tell("An office, a PostgreSQL of its own (as a user who may do nothing else; no service of this system is touched), and "
             "somebody who may log in.")
        typed("office", ["sequra-office", "try"])
        self.office = Office(self.stage)
        answered(f"{self.office.url}, user {self.office.user}")
        self.visitor = Visitor(self.office.url, self.office.certificate, self.office.user, self.office.password)

    def tills_are_let_in(self):
        scene("Each till is let in by a code, which is good once")
        self.tills = {}
        for shop in SHOPS:
            for number in (1, 2):
                till = Till(self.stage, self.sequra, self.office, shop, number)
                till.call("till", "till.json", "--pending", shown=False)
                till.enrol(self.office, shown=not self.tills)
                self.tills[till.title] = till
        tell("Likewise at the five others. From now on the office has within a second what is in a till's journal; what may name a "
             "shopper is sealed before it leaves the till, to a key that is not in the database.")

    def everybody_sells(self):
        scene("The six sell")
        for till in self.tills.values():
            self.sell(till, 101, 102)
        tell("Two sales each: started, confirmed, and the ticket's number registered with seQura as its reference. Somebody logs in "
             "at the office and looks at the page Tills, and at the page Now:")
        for till in self.tills.values():
            wait_until(till.title, lambda: self.office_has(f"{till.shop[0]}{till.till[-1]}-102"))
        self.look("/tills", "", expected=[LOST, "SEVILLA-2"])
        self.look("/", *NOW[:2], expected=["Nothing has been at risk for longer than a sale takes", "None: every order"])

    def the_reference_does_not_arrive(self):
        scene("seQura confirms a sale, and the line breaks before the reference arrives")
        till = self.tills[LOST]
        tell("Íñigo buys a bicycle and two helmets at the second till in Sevilla. His phone says: approved.")
        self.ticket = "S2-103"
        self.uuid = till.begin(self.ticket)
        self.sequra.ask("POST", "faults", {"kind": "close_before", "method": "PUT", "path": self.uuid, "state": "", "times": 0})
        said = till.confirm(self.uuid, ends=6, shown=True)
        expect(said, "confirm SQ_OK, HTTP 200: confirmed", "reference SQ_OUTCOME_UNKNOWN: referencing")
        self.sold[self.ticket] = till.name
        tell("The till would send it again, before its next sale at the latest. The office has heard of it (\"just now\" is the last "
             "minute), and nobody has to do anything yet:")
        wait_until("the office has the order", lambda: self.at_office(self.ticket, "reference under way"))
        self.look("/", *NOW[:3], expected=["382.90 € 1 order"])

    def the_disk_is_destroyed(self):
        scene("Before it does, the machine dies, and its disk with it")
        till = self.tills[LOST]
        tell(f"kill -9, and the folder that was the disk of {till.name} is deleted: the till's book, the journal, the forwarder's token. "
             "Nothing in the shop knows of the order any more, and without its reference seQura never pays it.")
        till.is_destroyed()
        self.says_sequra("confirmed", None)
        for title, other in self.tills.items():
            if title != LOST:
                self.sell(other, 103)
        tell(f"The five others go on selling. After an hour without a word from it (here {SILENT_AFTER_S} seconds, so that nobody "
             "waits) the office says of a till that it is silent:")
        self.waits_for("/", "silent, with money at risk")
        page = self.look("/", *NOW, expected=["Somebody has to look: tills with money at risk are not heard of", f"{LOST} [silent]",
                                              "1 silent, with money at risk"])
        taken = picture.take(self.stage, self.visitor, self.office.user, self.office.password)
        if taken:
            tell(f"A picture of it: {taken}")
        self.place = page.links[LOST]
        tell("One click further, the page of the till:")
        self.look(self.place, "", "Money at risk", "Its lives", "Its journal", expected=[self.ticket, "Call the shop"])

    def the_journal_is_made_again(self):
        scene("The journal is made again, on a new machine, and finishes the order")
        tell("The private keys are in the folder that the office's settings name, so --keys is not needed.")
        self.office.call("sequra-office", "journal", self.place.rsplit("/", 1)[-1], "--out", "sevilla-2.copy")
        self.new = Till(self.stage, self.sequra, self.office, "Sevilla", 2, "sevilla-2-new")
        shutil.copy(self.office.disk / "sevilla-2.copy", self.new.disk)
        tell("The file is taken to the new machine, on which there are the till and its configuration, and nothing else.")
        self.new.call("sequra", "restore", "sevilla-2.copy", "--the-old-one-is-gone")
        self.sequra.ask("DELETE", "faults")
        said = self.new.call("sequra", "recover")
        expect(said, f"{self.ticket} receipt unanswered complete", "OK")
        self.says_sequra("reference_registered", self.ticket)

    def the_till_goes_on(self):
        scene("The new machine takes the till's place")
        self.new.enrol(self.office, shown=True)
        self.sell(self.new, 104)
        tell("It has sold again, as S2-104. At the office:")
        wait_until("the office has what the new machine sold", lambda: self.office_has("S2-104"))
        self.waits_for("/", "Nothing has been at risk")
        self.look("/", *NOW[:2], expected=["None: every order that seQura has confirmed has its reference"])
        self.look(self.place, "", "Its lives", expected=[f"{LOST} [well]", "the disk was put back or copied"])

    def the_books(self):
        scene("What each side has in its books")
        orders = {order["order_ref_1"]: order for order in self.sequra.orders()}
        say(f"\n  {'ticket':<9}{'confirmed at':<16}{'finished at':<16}{'the office':<13}{'seQura':<26}{'EUR':>8}")
        total = 0
        for ticket, machine in sorted(self.sold.items()):
            order = orders.get(ticket)
            if not order or order["state"] != "confirmed" or not self.office_has(ticket):
                raise Otherwise(f"the books do not agree on {ticket}")
            total += order["amount"]
            finished = self.new.name if ticket == self.ticket else machine
            say(f"  {ticket:<9}{machine:<16}{finished:<16}{'settled':<13}{'to be paid as ' + ticket:<26}{euros(order['amount']):>8}")
        say(f"  {'':<54}{'together':<26}{euros(total):>8}")
        if len(self.sold) != SALES or len(orders) != SALES:
            raise Otherwise(f"{len(self.sold)} were sold, and seQura has {len(orders)}")

    # -- what others have

    def at_office(self, ticket, state):
        """Whether the office has the order of this name so."""
        named = self.visitor.look(f"/tills?q={ticket}").parts.get("Orders of this name", [])
        return any(f"[{state}]" in line for line in named)

    def office_has(self, ticket):
        return self.at_office(ticket, "settled")

    def says_sequra(self, event, reference):
        """The last line of seQura's ledger about the order."""
        last = self.sequra.events(self.uuid)[-1]
        if last != (event, reference):
            raise Otherwise(f"seQura's ledger says {last}")
        tell(f"seQura's ledger says last of the order: {event}, order_ref_1 {reference or 'none'}.")

    def play(self):
        self.head_office()
        self.tills_are_let_in()
        self.everybody_sells()
        self.the_reference_does_not_arrive()
        self.the_disk_is_destroyed()
        self.the_journal_is_made_again()
        self.the_till_goes_on()
        self.the_books()


def euros(cents):
    return f"{cents / 100:.2f}"


def introduction():
    say(f"{bold}A till's disk is lost, and the office knows what it owed{plain}")
    say("Three shops with two tills each (bindings/c/till.c) sell with a simulated seQura. Beside each till sequra-forward carries")
    say("its journal to sequra-office. Before the $ stands the machine on which something is typed. Behind │ stand the office's")
    say("pages as somebody gets them who has logged in, as text and without their forms. TEST is how the library says that this")
    say("is not the real seQura.")


def play_on(shown):
    say("\nEvery scene ended as it should, and the books agree.")
    say(f"""
{bold}Play on yourself{plain}
An office with a throw-away PostgreSQL, and a simulated seQura, in a terminal each:

    target/debug/sequra-office try
    target/debug/sequra-sandbox --http 8080 --open

The office says where its pages are (https://127.0.0.1:8443/; the certificate is its own, so the browser asks), who may log in, and
where its certificate is. The page Tills makes a code. A till, its sale (you are the shopper, on the simulator's page), and its
forwarder, in a third; CERTIFICATE and CODE are what the office says:

    make -C bindings/c LIB_DIR=../../target/debug build/first_sale
    cd bindings/c && build/first_sale simulator.json order.json R-1
    export SEQURA_FORWARD_CONFIG="$(mktemp -d)/forward.json" PATH="$PWD/../../target/debug:$PATH"
    sequra-forward enrol --journal till.journal --office https://127.0.0.1:8443 --ca-file CERTIFICATE --code CODE
    sequra-forward run

What the pages mean and what to do about it: docs/office.md. For a till's machine: docs/forward.md.""")
    if is_watched():
        office = shown.office
        say(f"\nThe shops of the scenes are still there: {office.url}/ (user {office.user}, password {office.password}),\n"
            f"and their seQura: {shown.sequra.url}/")
        input("Enter ends them. ")


def main():
    def ends(*_):
        raise SystemExit(1)
    signal.signal(signal.SIGTERM, ends)
    signal.signal(signal.SIGHUP, ends)
    stage = Stage()
    try:
        introduction()
        shown = Demonstration(stage)
        shown.play()
        play_on(shown)
        return 0
    except Otherwise as why:
        failed(why)
        return 1
    except (KeyboardInterrupt, EOFError):
        say()
        return 130
    finally:
        for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(one, signal.SIG_IGN)
        stage.close()


if __name__ == "__main__":
    sys.exit(main())
