"""What a journal is asked when it is kept for later versions, and by them: make_journal.py writes the answers down,
test_older_journals.py holds those of the present library against them."""

import json

#: Whose words the faults below are in: an answer with such an id is seQura's own.
REQUEST_ID = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"

PLATFORM = {"name": "till", "version": "1", "uname": "linux", "db_name": "sqlite", "db_version": "3"}

#: What the configuration of the tills that wrote the journal had beside what every test's has.
CONFIG = {"merchant_id": None, "merchants": {"ES": "shop_es", "FR": "shop_fr", "IT": "shop_it"},
          "order_defaults": {"platform": PLATFORM}, "abandon_after_days": 36500, "log_retention_days": 36500}


def say_yes(sim):
    """Whatever is asked of an order, seQura says yes, also of those that this simulator never heard of."""
    for method, path, status in [("PUT", "/merchants/", 204), ("PUT", "/orders/", 200), ("POST", "delivery_reports", 204)]:
        sim.fault("status", status=status, method=method, path=path, times=0, headers={"X-Request-Id": REQUEST_ID})


def look(client, named):
    """What the journal says of itself and of its orders, without a word from seQura."""
    entries, after = [], None
    while True:
        page = client.call("sq_log", json.dumps({"limit": 50, "after": after})).data
        entries += page["entries"]
        after = page["after"]
        if not page["has_more"]:
            break
    return {"pending": client.pending().data, "log": entries,
            "info": {name: info(client, order) for name, order in named.items()}}


def info(client, order):
    answer = client.call("sq_order_info", order)
    # What happened to it is in the log.
    history = [entry["id"] for entry in answer.data.pop("history")]
    return {"order": answer.order, **answer.data, "history": history}


def compare(client):
    """The settled orders beside what the disbursements that were read have paid."""
    return client.call("sq_reconcile").data


def kept(client, sim):
    """What is known of the payment methods where seQura does not say."""
    sim.fault("status", status=503, method="GET", times=0)
    return client.payment_methods().data


def sent(sim, before):
    """What was asked of seQura since it had so many requests, in an order that does not depend on the tills'. Whichever of
    its two addresses a delivery report goes to first: that is another one since 0.2."""
    asked = [[request["method"], request["path"].replace("/orders/delivery_reports", "/delivery_reports"), json.loads(request["body"])]
             for request in sim.requests()[before:] if request["method"] != "GET"]
    return sorted(asked, key=lambda one: json.dumps(one, sort_keys=True))


def recover(client, sim):
    """What recovery sends to a seQura that says yes, and how each order ends."""
    before = sim.stats()["requests"]
    answer = client.call("sq_recover", None)
    return {
        "status": answer.name,
        "sent": sent(sim, before),
        # One that was started only now has a uuid that nobody knew.
        "orders": sorted([entry["was"] != "soliciting" and entry["uuid"] or "", entry["was"], entry["now"],
                          entry["status"]] for entry in answer.data["orders"]),
        "reports": answer.data["reports"],
        "remaining": answer.data["remaining"],
    }


def again(client, sim, function, *arguments):
    """What one call sends, and where it leaves its order."""
    before = sim.stats()["requests"]
    answer = client.call(function, *arguments)
    return {"call": [function, *arguments], "status": answer.name, "state": answer.state, "sent": sent(sim, before)}
