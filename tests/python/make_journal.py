"""Writes a journal as a till leaves it that is killed in the middle of many calls, and what the library of today says of
it and does with it, for later versions to be tested with.

    make journals            writes tests/journals/v<N>.journal and v<N>.json, N being the schema's version

It is run once for each schema, before the next one is begun, and what it wrote is committed: a journal of a published
version is never written again. test_older_journals.py opens each of them with the present library.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import old_journal
import orders
import simulator
from abi import ROOT, Client
from simulator import KEY, SECRET

FOLDER = ROOT / "tests" / "journals"
#: Longer than this program runs: who waits so long for an answer is killed meanwhile.
FOREVER_MS = 600_000


def ok(answer, *states):
    assert answer.name == "SQ_OK" and (not states or answer.state in states), answer.document
    return answer


def lost(answer, *states):
    assert answer.name == "SQ_OUTCOME_UNKNOWN" and (not states or answer.state in states), answer.document
    return answer


def cart(*lines):
    items = [{"type": "product", "reference": reference, "name": reference, "quantity": quantity,
              "price_with_tax": price, "total_with_tax": quantity * price, "downloadable": False}
             for reference, quantity, price in lines]
    return {"currency": "EUR", "gift": False, "order_total_with_tax": sum(item["total_with_tax"] for item in items),
            "items": items}


class Shop:
    """The till that fills the journal; it is killed at the end of it."""

    def __init__(self, config, sim, line):
        self.config, self.sim, self.line = config, sim, line
        self.client = Client(config)
        #: Every order by what became of it: its url, or its reference where it has no url.
        self.named = {}
        #: Calls that later versions make again.
        self.again = []

    # -- towards one state each

    def order(self, name, country="ES", lines=(("S1", 2, 1250), ("J1", 1, 7100), ("CAÑ-7", 3, 333))):
        order = orders.complete()
        order["customer"]["email"] = name.replace(",", "").replace(" ", ".") + "@example.es"
        if lines:
            order["cart"] = cart(*lines)
        for block in ("delivery_address", "invoice_address"):
            order[block]["country_code"] = country
        del order["merchant"]
        return order

    def started(self, name, **how):
        order = self.order(name, **how)
        answer = ok(self.client.start(order), "solicited")
        self.named[name] = answer.url
        return answer, order

    def approved(self, name, **how):
        started, order = self.started(name, **how)
        ok(self.client.send_form(started.url), "form_sent")
        self.sim.approve(started.uuid)
        return started.url, order

    def confirmed(self, name, **how):
        url, order = self.approved(name, **how)
        ok(self.client.confirm(url, order), "confirmed")
        return url, order

    def sold(self, name, **how):
        """A settled order; its reference is its name."""
        url, order = self.confirmed(name, **how)
        ok(self.client.set_ref(url, f"A14/{name}"), "settled")
        return f"A14/{name}"

    def sold_and_shipped(self, name, **how):
        ref = self.sold(name, **how)
        ok(self.client.call("sq_ship", ref, None))
        return ref

    # -- calls without an answer

    def loses(self, function, *arguments, method="PUT", kind="close_after"):
        """A call whose answer is lost."""
        self.sim.fault(kind, method=method)
        return lost(self.client.call(function, *arguments))

    def hangs(self, function, *arguments, method="PUT"):
        """A call that waits for its answer when the till is killed."""
        self.sim.fault("delay", ms=FOREVER_MS, method=method)
        before = self.sim.stats()["requests"]
        threading.Thread(target=self.client.call, args=(function, *arguments), daemon=True).start()
        while self.sim.stats()["requests"] == before:
            time.sleep(0.01)

    def comes_again(self, function, *arguments):
        self.again.append([function, *arguments])

    # -- the whole

    def fill(self):
        self.questions()
        self.unfinished_sales()
        self.finished_sales()
        self.payouts()
        self.changes_without_an_answer()
        self.unanswered_sales()
        self.reports()
        # The newest of the refusals was seen to by the operator.
        failed = self.client.call("sq_log", '{"attention":true}').data["entries"]
        seen = next(entry for entry in failed if entry["status"] == "SQ_FORBIDDEN")
        ok(self.client.call("sq_log_dismiss", seen["id"]))

    def questions(self):
        ok(self.client.payment_methods())

    def unfinished_sales(self):
        client, sim = self.client, self.sim
        self.started("solicited")
        self.started("solicited in France", country="FR")
        self.approved("form_sent")
        url, order = self.approved("held")
        ok(client.hold(url, order), "held")
        url, order = self.approved("conflicted")
        sim.fault("conflict", errors=["Invalid data: the cart has changed since it was approved"], method="PUT")
        assert client.confirm(url, order).state == "conflicted"
        self.confirmed("confirmed")
        url, order = self.approved("not allowed")
        sim.fault("status", status=403, method="PUT", headers={"X-Request-Id": old_journal.REQUEST_ID})
        assert client.confirm(url, order).name == "SQ_FORBIDDEN"
        url, order = self.approved("too often")
        sim.fault("status", status=429, method="PUT", headers={"X-Request-Id": old_journal.REQUEST_ID})
        assert client.confirm(url, order).name == "SQ_RATE_LIMITED"
        # Surely never left: the line of this till was down.
        url, order = self.approved("unsent confirmation")
        with simulator.down(self.line):
            elsewhere = Client(self.config)
            assert elsewhere.confirm(url, order).name == "SQ_UNREACHABLE"
            elsewhere.close()

    def finished_sales(self):
        client, sim = self.client, self.sim
        self.sold("unshipped")
        url, order = self.approved("settled at once")
        order["merchant_reference"] = {"order_ref_1": "A14/at-once", "order_ref_2": "Z-2"}
        ok(client.confirm(url, order), "settled")
        self.comes_again("sq_confirm", url, json.dumps(order))
        self.comes_again("sq_confirm", url, json.dumps({**order, "gui": {"layout": "mobile"}}))
        self.comes_again("sq_set_order_ref", url, "A14/at-once", None)
        self.sold_and_shipped("shipped", lines=None)
        ref = self.sold("partly shipped", lines=None)
        ok(client.call("sq_ship", ref, '[{"reference":"CAM-01","quantity":1},{"reference":"ENV"}]'))
        ref = self.sold_and_shipped("refunded")
        ok(client.call("sq_refund", ref, None))
        ref = self.sold_and_shipped("an amount refunded")
        ok(client.call("sq_refund", ref, '{"amount":500,"reason":"Rasguño"}'))
        ref = self.sold_and_shipped("one came back")
        ok(client.call("sq_refund", ref, '{"items":[{"reference":"S1","quantity":1}]}'))
        ref = self.sold("updated")
        ok(client.call("sq_update_order", ref, json.dumps({"unshipped_cart": cart(("J1", 1, 7000))})))
        self.sold_and_shipped("sold in France", country="FR")
        ref = self.sold("cancelled")
        ok(client.call("sq_cancel", ref, "customer_cancel"), "cancelled")
        url, _ = self.approved("abandoned")
        ok(client.call("sq_abandon", url), "abandoned")
        url, order = self.approved("gone")
        sim.fault("status", status=410, method="PUT", headers={"X-Request-Id": old_journal.REQUEST_ID})
        assert client.confirm(url, order).state == "abandoned"
        ref = self.sold("refused change")
        dear = json.dumps({"unshipped_cart": cart(("J1", 1, 990_000))})
        assert client.call("sq_update_order", ref, dear).name == "SQ_CONFLICT"
        url, _ = self.confirmed("ref_conflicted")
        assert client.set_ref(url, ref).state == "ref_conflicted"

    def payouts(self):
        self.sim.control("POST", "disburse", {
            "issue_date": "2026-11-20", "adjust": {"A14/one came back": -50},
            "leave_out": [one["order_ref_1"] for one in self.sim.orders()
                          if one["order_ref_1"] not in (None, "A14/shipped", "A14/one came back")],
        })
        self.sim.control("POST", "disburse", {
            "issue_date": "2026-11-21", "merchant": "shop_fr",
            "unknown": [{"order_ref_1": "ANOTHER-TILLS", "amount_with_tax": 1234, "maximum_amount_with_tax": 1234}],
        })
        ok(self.client.call("sq_reconcile"))

    def changes_without_an_answer(self):
        """One of every kind, each asked again by later versions: some answers were lost, some never waited for."""
        person = {**orders.COMPLETE["customer"], "given_names": "Zacarías"}
        ship_some = '[{"reference":"CAÑ-7","quantity":2},{"reference":"S1","line":0}]'
        one_line = '[{"reference":"J1"}]'
        amount = '{"amount":700,"reason":"Rasguño «ñ» \\"1\\""}'
        asked = {
            "lost update": (self.sold, "sq_update_order", json.dumps({"customer": person, "trackings": []})),
            "killed update": (self.sold, "sq_update_order", json.dumps({"unshipped_cart": cart(("J1", 1, 7000))})),
            "lost shipment of all": (self.sold, "sq_ship", None),
            "killed shipment of some": (self.sold, "sq_ship", ship_some),
            "lost refund of all": (self.sold_and_shipped, "sq_refund", None),
            "lost refund of goods": (self.sold_and_shipped, "sq_refund", '{"items":[{"reference":"S1","quantity":1}]}'),
            "killed refund of an amount": (self.sold_and_shipped, "sq_refund", amount),
            "lost refund of an amount": (self.sold_and_shipped, "sq_refund", '{"amount":300}'),
            "killed refund of goods": (self.sold_and_shipped, "sq_refund", '{"items":[{"reference":"CAÑ-7"}]}'),
            "lost cancellation": (self.sold, "sq_cancel", "customer_cancel"),
            "killed cancellation": (self.sold, "sq_cancel", None),
        }
        for name, (sale, function, what) in asked.items():
            ref = sale(name)
            (self.hangs if name.startswith("killed") else self.loses)(function, ref, what)
            self.comes_again(function, ref, what)
        # Another change than the one without an answer goes on top of it; each asked again is the same.
        for name in ("shipped, then refunded", "shipped, then refunded otherwise"):
            ref = self.sold_and_shipped(name)
            self.loses("sq_refund", ref, '{"amount":100}', kind="close_before")
            self.loses("sq_refund", ref, '{"amount":200}')
        self.comes_again("sq_refund", "A14/shipped, then refunded", '{"amount":200}')
        self.comes_again("sq_refund", "A14/shipped, then refunded otherwise", '{"amount":100}')
        # Sold with another journal, taken over by an update: one without an answer.
        other = Client({**self.config, "journal": ":memory:"})
        here, self.client = self.client, other
        order = self.order("sold elsewhere")
        ref, elsewhere = "A14/sold elsewhere", ok(self.client.start(order)).url
        ok(self.client.send_form(elsewhere))
        self.sim.approve(elsewhere.rsplit("/", 1)[1])
        ok(self.client.confirm(elsewhere, {**order, "merchant_reference": {"order_ref_1": ref}}), "settled")
        self.client = here
        other.close()
        both = json.dumps({"merchant": {"id": "shop_es"}, "unshipped_cart": cart(("J1", 1, 7100), ("CAÑ-7", 3, 333)),
                           "shipped_cart": cart(("S1", 2, 1250)), "customer": person})
        self.loses("sq_update_order", ref, both)
        self.named["sold elsewhere"] = ref
        self.comes_again("sq_update_order", ref, both)

    def unanswered_sales(self):
        """An order in every …ing state, twice: its answer was lost, and the till was killed before it came."""
        client = self.client
        self.sim.fault("close_before", method="POST")
        lost(client.start(self.order("lost start")), "soliciting")
        self.comes_again("sq_start_solicitation", json.dumps(self.order("lost start")))
        self.hangs("sq_start_solicitation", json.dumps(self.order("killed start")), method="POST")
        self.comes_again("sq_start_solicitation", json.dumps(self.order("killed start")))
        started, _ = self.started("killed form")
        self.hangs("sq_send_form", started.url, "pp3", None, method="POST")
        for how, asks in (("lost", self.loses), ("killed", self.hangs)):
            url, order = self.approved(f"{how} hold")
            asks("sq_hold", url, json.dumps(order))
            url, order = self.approved(f"{how} confirmation")
            asks("sq_confirm", url, json.dumps(order))
            self.comes_again("sq_confirm", url, json.dumps(order))
            self.comes_again("sq_confirm", url, json.dumps({**order, "gui": {"layout": "mobile"}}))
            url, order = self.approved(f"{how} confirmation with its reference")
            asks("sq_confirm", url, json.dumps({**order, "merchant_reference": {"order_ref_1": f"A14/{how}-at-once"}}))
            url, order = self.confirmed(f"{how} reference")
            asks("sq_set_order_ref", url, f"A14/{how}", "Z-3")
            self.comes_again("sq_set_order_ref", url, f"A14/{how}", "Z-3")
            self.comes_again("sq_set_order_ref", url, f"A14/{how} otherwise", None)

    def reports(self):
        """Each merchant's has no answer, and goods have been shipped since: one that the till gave, one that the journal
        made, one that the till gave and was killed with."""
        delivery = {"state": "delivered", "sent_at": "2026-11-20T18:00:00+01:00",
                    "merchant_reference": {"order_ref_1": "ANOTHER-TILLS"}, "cart": cart(("S1", 1, 1250))}
        given = json.dumps({"merchant": {"id": "shop_fr"}, "orders": [delivery]})
        statistics = json.dumps({"merchant": {"id": "shop_it"}, "statistics": {"orders": []}})
        self.loses("sq_send_delivery_report", given, method="POST")
        self.hangs("sq_send_delivery_report", statistics, method="POST")
        self.hangs("sq_send_delivery_report", None, method="POST")
        for report in (given, statistics, None):
            self.comes_again("sq_send_delivery_report", report)
        self.sold_and_shipped("shipped since the report")


def fill(config, line):
    """In a process of its own: says what it made, and waits to be killed. `line` is the descriptor that the line
    listens with."""
    sim = simulator.Simulator.__new__(simulator.Simulator)
    sim.http = config["base_url"]
    shop = Shop(config, sim, socket.socket(fileno=line))
    # What seQura has been told of, before the report that has no answer.
    shop.sold_and_shipped("shipped and told")
    ok(shop.client.call("sq_send_delivery_report", None))
    shop.fill()
    print(json.dumps({"named": shop.named, "again": shop.again}), flush=True)
    signal.pause()


def filled(config, line):
    """Has the journal filled by a till that is then killed."""
    with subprocess.Popen([sys.executable, __file__, json.dumps(config), str(line)], stdout=subprocess.PIPE, pass_fds=[line],
                          env={**os.environ, "SEQURA_TEST_QUIET": "1"}) as till:
        said = till.stdout.readline()
        till.kill()
    assert said, "the till ended before it had filled the journal"
    with contextlib.closing(sqlite3.connect(config["journal"])) as database:
        version, = database.execute("PRAGMA user_version").fetchone()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return json.loads(said), version


def told(sim, config, journal, made):
    """What the present library says of the journal, and does with it; each question is asked of a copy."""
    def asked(question):
        copy = Path(tempfile.mkdtemp()) / "journal"
        shutil.copyfile(journal, copy)
        clients = []

        def opened(**changes):
            clients.append(Client({**config, "journal": str(copy), **changes}))
            return clients[-1]

        answer = question(opened)
        for client in clients:
            client.close()
        shutil.rmtree(copy.parent)
        return answer

    said = {
        "endpoint": config["base_url"],
        "config": old_journal.CONFIG,
        "named": made["named"],
        **asked(lambda opened: old_journal.look(opened(), made["named"])),
        "methods": asked(lambda opened: old_journal.kept(opened(), sim)),
    }
    unfinished = {order["uuid"] for order in said["pending"]["orders"]}
    said["settled"] = [info["order"]["uuid"] for info in said["info"].values()
                       if info["order"]["state"] == "settled" and info["order"]["uuid"] not in unfinished | {None}]
    # From here on as every later version finds it: with a simulator that knows nothing of these sales.
    sim.reset()
    old_journal.say_yes(sim)
    said["reconciled"] = asked(lambda opened: old_journal.compare(opened()))
    said["again"] = [asked(lambda opened, call=call: old_journal.again(opened(), sim, *call)) for call in made["again"]]
    said["recovery"] = asked(lambda opened: old_journal.recover(opened(), sim))
    return said


def written(said):
    """JSON of which a person can compare two versions: a line for each entry of a list or an object within."""
    def line(value):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)

    def block(value):
        if isinstance(value, list):
            return "[\n" + ",\n".join(f"  {line(one)}" for one in value) + "\n ]"
        if isinstance(value, dict):
            return "{\n" + ",\n".join(f"  {line(key)}: {line(one)}" for key, one in sorted(value.items())) + "\n }"
        return line(value)

    return "{\n" + ",\n".join(f" {line(key)}: {block(value)}" for key, value in sorted(said.items())) + "\n}\n"


def main():
    sim = simulator.shared()
    line = simulator.Line(sim)
    folder = Path(tempfile.mkdtemp())
    journal = folder / "journal"
    config = {
        "base_url": line.url, "account_key": KEY, "account_secret": SECRET, "journal": str(journal),
        "timeouts": {"connect_ms": 2000, "total_ms": FOREVER_MS}, "proxy": "none", "language": "en",
        **{key: value for key, value in old_journal.CONFIG.items() if value is not None},
    }
    made, version = filled(config, line.socket.fileno())
    target = FOLDER / f"v{version}.journal"
    if target.exists():
        sys.exit(f"{target.name} is there already: journals of published versions are never written again")
    config["timeouts"]["total_ms"] = 10_000
    said = told(sim, config, journal, made)
    shutil.copyfile(journal, target)
    target.with_suffix(".json").write_text(written(said), encoding="utf-8")
    shutil.rmtree(folder)
    print(f"{target.name}: {target.stat().st_size} bytes, {len(said['pending']['orders'])} unfinished orders")


if __name__ == "__main__":
    fill(json.loads(sys.argv[1]), int(sys.argv[2])) if sys.argv[1:] else main()
