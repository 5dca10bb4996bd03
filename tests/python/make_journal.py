"""Writes a journal with an order in every state, and what it says of them, for later versions to be tested with.

    make journal-fixture     writes tests/journals/v<N>.journal and v<N>.json, N being the schema's version

Run it once, when a new schema version is done, and commit what it wrote: files of published versions are never
written again. test_older_journals.py opens each of them with the present library.
"""

import contextlib
import json
import shutil
import sqlite3
import sys
import tempfile
from pathlib import Path

import orders
import simulator
from abi import ROOT, Client
from simulator import KEY, SECRET

FOLDER = ROOT / "tests" / "journals"


def fill(client, sim):
    """One order in each state that can be reached."""

    def approved(name):
        order = orders.complete()
        order["customer"]["email"] = f"{name}@example.es"
        started = client.start(order)
        client.send_form(started.url)
        sim.approve(started.uuid)
        return started.url, order

    def confirmed(name):
        url, order = approved(name)
        assert client.confirm(url, order).state == "confirmed"
        return url

    client.start(orders.complete())
    url, _ = approved("form-sent")
    url, order = approved("held")
    client.hold(url, order)
    url, order = approved("conflicted")
    sim.fault("conflict", errors=["Invalid data: the cart has changed since it was approved"], method="PUT")
    assert client.confirm(url, order).state == "conflicted"
    confirmed("confirmed")
    url = confirmed("settled")
    assert client.set_ref(url, "A14/1").state == "settled"
    url, order = approved("settled-at-once")
    order["merchant_reference"] = {"order_ref_1": "A14/2", "order_ref_2": "Z-2"}
    assert client.confirm(url, order).state == "settled"
    url = confirmed("ref-conflicted")
    assert client.set_ref(url, "A14/1").state == "ref_conflicted"
    url = confirmed("referencing")
    sim.fault("close_after", method="PUT")
    assert client.set_ref(url, "A14/3").state == "referencing"
    url, order = approved("confirming")
    sim.fault("close_after", method="PUT")
    assert client.confirm(url, order).state == "confirming"
    url, order = approved("abandoned")
    sim.fault("status", status=410, headers=simulator.SIGNED, method="PUT")
    assert client.confirm(url, order).state == "abandoned"
    sim.fault("close_before", method="POST")
    client.start(orders.complete())
    # Seen to by the operator.
    client.call("sq_log_dismiss", client.call("sq_log", '{"attention":true}').data["entries"][-1]["id"])


def main():
    sim = simulator.shared()
    folder = Path(tempfile.mkdtemp())
    journal = folder / "journal"
    config = {
        "base_url": sim.http, "account_key": KEY, "account_secret": SECRET, "merchant_id": "shop_es",
        "journal": str(journal), "timeouts": {"connect_ms": 2000, "total_ms": 10000}, "proxy": "none",
        "language": "en",
    }
    client = Client(config)
    fill(client, sim)
    told = {
        "endpoint": sim.http,
        "pending": client.pending().data,
        "log": client.call("sq_log", None).data["entries"],
        "settled": [entry["uuid"] for entry in sim.orders() if entry["order_ref_1"] in ("A14/1", "A14/2")],
    }
    client.close()
    with contextlib.closing(sqlite3.connect(journal)) as database:
        version, = database.execute("PRAGMA user_version").fetchone()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    target = FOLDER / f"v{version}.journal"
    if target.exists():
        sys.exit(f"{target.name} is there already: journals of published versions are never written again")
    FOLDER.mkdir(exist_ok=True)
    shutil.copyfile(journal, target)
    (FOLDER / f"v{version}.json").write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    shutil.rmtree(folder)
    print(f"{target.name}: {target.stat().st_size} bytes, {len(told['pending']['orders'])} unfinished orders")


if __name__ == "__main__":
    main()
