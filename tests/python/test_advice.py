"""What the till is told to do: at the call, and by whoever asks later, before and after a restart."""

import json

import orders
import simulator
from outside import asking, kill
from till import Till

NOT_APPROVED = "Invalid data: the order has not been approved yet"
ABOVE = "Invalid data: order_total_with_tax 15497 is above the approved amount 15000"


def no(status, *texts):
    """A no of seQura's, in its own words."""
    body = "HTTP Basic: Access denied." if status == 401 else json.dumps({"errors": list(texts) or ["no"]})
    return "status", {"status": status, "body": body, "content_type": "application/json"}


#: Every answer that a call can get, and its absence.
ANSWERS = [
    no(400), no(401), no(403, "Bad merchant id 'x' for y"), no(404), no(410), no(422), no(429),
    no(409), no(409, NOT_APPROVED), no(409, ABOVE),
    no(409, "Invalid data: the cart has changed since it was approved"),
    no(409, "Invalid data: the customer has changed since the order was approved"),
    no(409, "Invalid data: order_ref_1 'R' is already in use for merchant 'shop_es'"),
    ("status", {"status": 500}), ("status", {"status": 503}),
    ("close_before", {}), ("close_after", {}), ("redirect", {"location": "/elsewhere"}), ("garbage", {}),
]


class Advice(Till):
    def later(self, client, uuid):
        """The advice about an order wherever it is given: {place: next}."""
        said = {"sq_order_info": self.assertStatus("SQ_OK", client.call("sq_order_info", uuid)).next}
        listed = {order["uuid"]: order["next"] for order in client.pending().data["orders"]}
        if uuid in listed:
            said["sq_pending"] = listed[uuid]
        newest = client.call("sq_log", json.dumps({"order": uuid})).data["entries"][0]
        actions = [action for action in newest["actions"] if action != "dismiss"]
        if uuid in listed or newest["order"]["state"] != "settled":  # of a sold order the entry itself says what was refused
            said["sq_log"] = actions[0] if actions else "none"
        else:
            self.assertEqual([], actions)
        return said

    def reopened(self, client):
        client.close()
        return self.open()


class TheSameWhenAskedLater(Advice):
    """The advice of the call is the advice of every question about the order, until something else happens to it; but
    what has no final answer is for recovery."""

    def expected(self, client, uuid, answer):
        open_ones = [order["uuid"] for order in client.pending().data["orders"] if order["missing"] == "answer"]
        if answer.status // 1000 == 3:
            self.assertIn(uuid, open_ones)
        return {"recover"} if uuid in open_ones else {answer.next}

    def everywhere(self, prepare, ask, path):
        client = self.open()
        for kind, fields in ANSWERS:
            with self.subTest(kind, **fields):
                self.sim.clear_faults()
                url, uuid = prepare(client)
                self.sim.fault(kind, path=path, **fields)
                answer = ask(client, url)
                self.assertNotEqual(0, answer.status)
                expected = self.expected(client, uuid, answer)
                self.assertEqual(expected, set(self.later(client, uuid).values()), answer.name)
                client = self.reopened(client)
                self.assertEqual(expected, set(self.later(client, uuid).values()), f"{answer.name}, reopened")

    def approved_one(self, client):
        url, uuid, _ = self.approved(client)
        return url, uuid

    def test_after_the_form(self):
        def started(client):
            answer = client.start(orders.complete())
            return answer.url, answer.uuid
        self.everywhere(started, lambda client, url: client.send_form(url), "form_deliveries")

    def test_after_an_acknowledgement(self):
        self.everywhere(self.approved_one, lambda client, url: client.hold(url), "/orders/")

    def test_after_a_confirmation(self):
        self.everywhere(self.approved_one, lambda client, url: client.confirm(url), "/orders/")

    def test_after_a_confirmation_asked_again_when_there_was_no_answer(self):
        def doubtful(client):
            url, uuid, _ = self.approved(client)
            self.sim.fault("close_before", method="PUT")
            self.assertStatus("SQ_OUTCOME_UNKNOWN", client.confirm(url))
            return url, uuid
        self.everywhere(doubtful, lambda client, url: client.confirm(url), "/orders/")

    def test_after_a_reference(self):
        def confirmed(client):
            url, uuid, _ = self.confirmed(client)
            return url, uuid
        self.everywhere(confirmed, lambda client, url: client.set_ref(url, orders.new_ref()), "/orders/")

    def test_after_a_change_of_what_was_sold(self):
        def settled(client):
            _, uuid, _, ref = self.settled(client)
            return ref, uuid
        self.everywhere(settled, lambda client, ref: client.call("sq_ship", ref, None), "/merchants/")

    def test_after_a_change_asked_again_when_there_was_no_answer(self):
        def doubtful(client):
            _, uuid, _, ref = self.settled(client)
            self.sim.fault("close_before", method="PUT")
            self.assertStatus("SQ_OUTCOME_UNKNOWN", client.call("sq_ship", ref, None))
            return ref, uuid
        self.everywhere(doubtful, lambda client, ref: client.call("sq_ship", ref, None), "/merchants/")

    def test_of_a_start_that_was_refused(self):
        client = self.open()
        for kind, fields in ANSWERS:
            self.sim.fault(kind, method="POST", **fields)
            answer = client.start(orders.complete())
            newest = client.call("sq_log", None).data["entries"][0]
            expected = answer.next if answer.status // 1000 == 2 else "recover"
            self.assertEqual(expected, newest["actions"][0], (kind, fields))
            client.start(orders.complete())

    def test_of_a_delivery_report_without_an_answer(self):
        client = self.open()
        for kind, fields in ANSWERS:
            self.sim.fault(kind, path="delivery_reports", times=2 if fields.get("status") == 404 else 1, **fields)
            answer = client.call("sq_send_delivery_report", None)
            newest = client.call("sq_log", None).data["entries"][0]
            if answer.status // 1000 == 3:
                self.assertEqual([answer.next, "dismiss"], newest["actions"], (kind, fields))
                self.assertEqual("recover", client.pending().next)
            self.assertStatus("SQ_OK", client.call("sq_send_delivery_report", None))

    def test_when_nobody_is_there(self):
        lonely = simulator.Simulator()
        client = self.open(base_url=lonely.http, timeouts={"connect_ms": 500, "total_ms": 1000})
        try:
            answer = client.start(orders.complete())
            client.send_form(answer.url)
        finally:
            lonely.stop()
        self.assertEqual("call_again", self.assertStatus("SQ_UNREACHABLE", client.confirm(answer.url)).next)
        self.assertEqual({"recover"}, set(self.later(client, answer.uuid).values()))

    def test_when_the_journal_says_no_in_seQuras_place(self):
        client = self.open()
        ref = self.settled(client)[3]
        url, uuid, _ = self.approved(client, orders.small())
        with self.sends(0):
            answer = self.assertStatus("SQ_DUPLICATE_ORDER_REF", client.confirm(url, orders.small(merchant_reference={"order_ref_1": ref})))
        self.assertEqual({"choose_another_ref"}, {answer.next, *self.later(client, uuid).values()} - {"confirm"})
        self.assertEqual("choose_another_ref", client.call("sq_order_info", uuid).next)


class WhatWasSaid(Advice):
    def refused(self, client, *texts):
        url, uuid, order = self.approved(client)
        self.sim.fault("conflict", errors=list(texts), method="PUT")
        return url, uuid, order, self.assertStatus("SQ_CONFLICT", client.confirm(url, order))

    def test_a_shopper_who_has_not_finished_is_not_refused(self):
        client = self.open()
        started = client.start(orders.complete())
        url, uuid = started.url, started.uuid
        self.assertStatus("SQ_OK", client.send_form(url))
        told = self.assertStatus("SQ_CONFLICT", client.confirm(url), "not_approved")
        for again in (False, True):
            asked = self.reopened(client) if again else client
            info = asked.call("sq_order_info", uuid)
            self.assertEqual(("conflicted", "confirm"), (info.state, info.next))
            self.assertEqual(told.document["operator_message"], info.document["operator_message"])
            self.assertNotIn("not accepted", info.document["operator_message"])
            refused = self.assertStatus("SQ_WRONG_STATE", asked.set_ref(url, "R-1"))
            self.assertIn("is not approved yet", refused.document["operator_message"])
            # The link again, because the SMS got lost: what is due is the confirmation all the same.
            again = self.assertStatus("SQ_OK", asked.send_form(url))
            self.assertEqual("confirm", again.next)
            self.assertIsNone(asked.call("sq_order_info", uuid).data["refusal"])
            self.assertStatus("SQ_CONFLICT", asked.confirm(url), "not_approved")
        self.sim.approve(uuid)
        self.assertEqual("confirmed", self.assertStatus("SQ_OK", asked.confirm(url)).state)
        self.assertEqual("set_order_ref", asked.call("sq_order_info", uuid).next)

    def test_the_reason_is_given_later_in_codes_and_numbers_and_never_in_words(self):
        client = self.open()
        _, uuid, order, told = self.refused(client, ABOVE, f"Invalid data: {order_name()} has changed")
        error = {"code": "amount_above_approved", "pointer": "/cart/order_total_with_tax", "expected": 15000, "actual": 15497}
        client = self.reopened(client)
        info = client.call("sq_order_info", uuid)
        listed, = client.pending().data["orders"]
        refusal = info.data["refusal"]
        self.assertEqual(("confirm", "SQ_CONFLICT", error), (refusal["operation"], refusal["status"], refusal["errors"][0]))
        self.assertEqual(2, len(refusal["errors"]))
        self.assertEqual(("restart_checkout", "restart_checkout"), (info.next, listed["next"]))
        self.assertIn("150.00", info.document["operator_message"])
        kept, = self.rows("SELECT * FROM refusals")
        self.assertNotIn(order_name(), json.dumps(kept, ensure_ascii=False))
        self.assertNotIn("approved amount", json.dumps(kept))

    def test_it_is_past_once_it_is_done_after_all_or_given_up(self):
        client = self.open()
        first, second = self.refused(client, ABOVE), self.refused(client, NOT_APPROVED)
        self.assertEqual(2, len(self.rows("SELECT * FROM refusals")))
        self.assertStatus("SQ_OK", client.confirm(first[0]))
        self.assertIsNone(client.call("sq_order_info", first[1]).data["refusal"])
        self.assertStatus("SQ_OK", client.call("sq_abandon", second[0]))
        self.assertEqual([], self.rows("SELECT * FROM refusals"))

    def test_who_goes_on_with_an_order_is_told_what_it_needs(self):
        # The keys were corrected, the minute is over: a till that asks for the order by its name is not sent in circles.
        client = self.open()
        for (kind, fields), due in ((no(401), "confirm"), (no(429), "confirm"), (no(403), "confirm"), (no(400), "confirm")):
            url, uuid, _ = self.approved(client)
            self.sim.fault(kind, method="PUT", **fields)
            refused = client.confirm(url)
            client = self.reopened(client)
            self.assertEqual({refused.next}, set(self.later(client, uuid).values()))
            # To settle what can be settled is not to go on with it.
            self.assertStatus("SQ_OK", client.call("sq_recover", None))
            self.assertEqual(refused.next, client.call("sq_order_info", uuid).next)
            with self.sends(0):
                self.assertEqual(due, client.call("sq_recover", uuid).next)
            self.assertEqual({due}, set(self.later(client, uuid).values()))
        # What stands in conflict stays so.
        _, uuid, _, _ = self.refused(client, ABOVE)
        self.assertEqual("restart_checkout", client.call("sq_recover", uuid).next)
        self.assertEqual("restart_checkout", client.call("sq_order_info", uuid).next)

    def test_a_no_that_is_not_the_orders_own_is_past_where_the_order_is_in_conflict_too(self):
        # seQura refused the cart, then the keys: who goes on with the order is not sent to the keys for ever, and not to
        # the end of a sale either.
        client = self.open()
        for kind, fields in (no(401), no(429), no(403), no(404)):
            for again in (None, orders.complete()):
                url, uuid, _, _ = self.refused(client, "Invalid data: the cart has changed since it was approved")
                self.sim.fault(kind, method="PUT", **fields)
                refused = client.confirm(url, again)
                self.assertEqual("conflicted", refused.state)
                self.assertNotEqual("fix_order", refused.next)
                self.assertEqual({refused.next}, set(self.later(client, uuid).values()))
                client = self.reopened(client)
                with self.sends(0):
                    answer = self.assertStatus("SQ_OK", client.call("sq_recover", uuid))
                entry, = answer.data["orders"]
                self.assertEqual(("conflicted", "fix_order"), (answer.state, answer.next))
                self.assertEqual(("conflicted", "conflicted", "fix_order", None, []),
                                 (entry["was"], entry["now"], entry["next"], entry["status"], entry["errors"]))
                self.assertEqual({"fix_order"}, set(self.later(client, uuid).values()) - {"none"})
                self.assertEqual("conflicted", client.call("sq_order_info", uuid).state)
                self.assertStatus("SQ_OK", client.confirm(url))
        # The shopper's cart was another one, and seQura's no to it is the order's own: it stays.
        _, uuid, _, _ = self.refused(client, ABOVE)
        self.assertEqual("restart_checkout", client.call("sq_recover", uuid).next)

    def test_a_held_order_is_no_longer_refused(self):
        client = self.open()
        url, uuid, _, _ = self.refused(client, ABOVE)
        self.assertStatus("SQ_OK", client.hold(url))
        self.assertEqual({"confirm"}, set(self.later(client, uuid).values()) - {"none"})

    def test_a_refused_shipment_is_known_until_a_change_is_taken(self):
        client = self.open()
        _, uuid, _, ref = self.settled(client)
        self.sim.fault("conflict", errors=["no"], method="PUT")
        self.assertEqual("contact_sequra", self.assertStatus("SQ_CONFLICT", client.call("sq_ship", ref, None)).next)
        client = self.reopened(client)
        info = client.call("sq_order_info", ref)
        self.assertEqual(("settled", "contact_sequra", "ship"), (info.state, info.next, info.data["refusal"]["operation"]))
        self.assertEqual(("none", []), (client.pending().next, client.pending().data["orders"]))
        self.assertStatus("SQ_OK", client.call("sq_ship", ref, None))
        self.assertEqual("none", client.call("sq_order_info", ref).next)

    def test_or_until_the_operator_has_seen_to_it(self):
        client = self.open()
        _, uuid, _, ref = self.settled(client)
        self.sim.fault("conflict", errors=["no"], method="PUT")
        client.call("sq_ship", ref, None)
        url = self.refused(client, ABOVE)[0]
        second, first = client.call("sq_log", '{"attention":true}').data["entries"]
        for entry in (second, first):
            self.assertStatus("SQ_OK", client.call("sq_log_dismiss", entry["id"]))
        self.assertEqual("none", client.call("sq_order_info", ref).next)
        # An order that is not finished still needs what it needs.
        self.assertEqual("restart_checkout", client.call("sq_order_info", url).next)

    def test_a_refused_change_does_not_hide_that_the_one_before_it_has_no_answer(self):
        client = self.open()
        _, uuid, _, ref = self.settled(client)
        self.sim.fault("close_before", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.call("sq_ship", ref, json.dumps([{"reference": "CAM-01"}])))
        self.sim.fault("conflict", errors=["no"], method="PUT")
        answer = self.assertStatus("SQ_CONFLICT", client.call("sq_ship", ref, None))
        self.assertEqual(["outcome_not_recorded"], answer.warned)
        self.assertEqual({"recover"}, set(self.later(client, uuid).values()))


def order_name():
    return orders.COMPLETE["customer"]["given_names"]


class WhenToRecover(Advice):
    """`recover` is said of the whole only where something has no answer, or money is at risk."""

    def both(self, client, expected):
        self.assertEqual(expected, client.pending().next)
        client = self.reopened(client)
        self.assertEqual(expected, client.opened.next)
        return client

    def test_not_for_sales_that_are_merely_under_way(self):
        client = self.open()
        self.assertEqual("none", client.opened.next)
        client.start(orders.complete())
        client = self.both(client, "none")
        self.approved(client)
        url, _, _ = self.approved(client)
        self.assertStatus("SQ_OK", client.hold(url))
        client = self.both(client, "none")
        self.assertEqual(3, client.opened.data["journal"]["pending"])
        url, _, order = self.approved(client)
        self.sim.fault("conflict", errors=[NOT_APPROVED], method="PUT")
        client.confirm(url, order)
        client = self.both(client, "none")
        self.assertEqual("none", client.call("sq_recover", None).next)
        self.settled(client)
        self.both(client, "none")

    def test_for_a_step_without_an_answer(self):
        client = self.open()
        self.sim.fault("close_before", method="POST")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.start(orders.complete()))
        self.both(client, "recover")

    def test_for_a_change_without_an_answer(self):
        client = self.open()
        ref = self.settled(client)[3]
        self.sim.fault("close_before", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.call("sq_ship", ref, None))
        client = self.both(client, "recover")
        self.assertStatus("SQ_OK", client.call("sq_recover", None))
        self.both(client, "none")

    def test_for_money_at_risk(self):
        client = self.open()
        url, _, _ = self.confirmed(client)
        client = self.both(client, "recover")
        self.assertEqual("recover", client.call("sq_recover", None).next)
        self.assertStatus("SQ_OK", client.set_ref(url, "R-1"))
        self.assertEqual("none", client.call("sq_recover", None).next)
        self.both(client, "none")

    def test_for_a_delivery_report_without_an_answer(self):
        client = self.open()
        self.sim.fault("close_before", path="delivery_reports")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.call("sq_send_delivery_report", None))
        self.assertEqual(["shop_es"], client.pending().data["open_reports"])
        client = self.both(client, "recover")
        self.assertStatus("SQ_OK", client.call("sq_recover", None))
        self.assertEqual([], client.pending().data["open_reports"])
        self.both(client, "none")


class KilledAtIt(Advice):
    """An attempt at which a till died has no entry in the log, and is shown there all the same."""

    def killed(self, job, path, **task):
        self.sim.fault("delay", ms=20000, when="after", path=path)
        return asking(job, self.config(), self.sim, **task)

    def kill(self, worker):
        kill(worker)
        self.sim.clear_faults()

    def wanting(self, client, **query):
        return client.call("sq_log", json.dumps({"attention": True, **query})).data["entries"]

    def test_a_confirmation(self):
        client = self.open()
        url, uuid, order = self.approved(client, orders.complete(ref="R-1"))
        worker = self.killed("confirm", f"/orders/{uuid}", url=url)
        self.assertEqual([], self.wanting(client), "it is being worked on")
        self.kill(worker)
        for again in (False, True):
            asked = self.reopened(client) if again else client
            self.assertEqual(orders.TOTAL, asked.pending().data["at_risk"]["EUR"]["shop_es"])
            entry, = self.wanting(asked)
            self.assertEqual(("confirm", "SQ_OUTCOME_UNKNOWN", True, False, ["recover"]),
                             tuple(entry[key] for key in ("operation", "status", "needs_attention", "dismissed", "actions")))
            self.assertEqual((uuid, "R-1", "confirming", orders.TOTAL),
                             tuple(entry["order"][key] for key in ("uuid", "order_ref_1", "state", "amount")))
            self.assertEqual((None, {"status": None, "request_id": None, "elapsed_ms": None}), (entry["hash"], entry["http"]))
            self.assertLess(entry["id"], 0)
            self.assertStatus("SQ_INVALID_ARGUMENT", asked.call("sq_log_dismiss", entry["id"]))
            self.assertEqual(entry["id"], asked.call("sq_log", None).data["entries"][0]["id"])
            self.assertEqual("recover", asked.call("sq_order_info", uuid).next)
        self.assertStatus("SQ_OK", asked.call("sq_recover", None))
        self.assertEqual([], self.wanting(asked))

    def test_one_that_had_no_answer_before(self):
        client = self.open()
        url, uuid, order = self.approved(client)
        self.sim.fault("status", status=503, method="PUT")
        self.assertStatus("SQ_SERVER_ERROR", client.confirm(url, order))
        self.kill(self.killed("confirm", f"/orders/{uuid}", url=url))
        self.assertEqual("recover", client.pending().data["orders"][0]["next"])
        self.assertEqual(["confirm", "confirm"], [entry["operation"] for entry in self.wanting(client)])

    def test_a_delivery_report(self):
        client = self.open()
        self.kill(self.killed("call", "delivery_reports", function="sq_send_delivery_report", arguments=[None]))
        entry, = self.wanting(client)
        self.assertEqual(("send_delivery_report", None, "shop_es", ["recover"]),
                         tuple(entry[key] for key in ("operation", "order", "merchant_id", "actions")))
        self.assertStatus("SQ_OK", client.call("sq_recover", None))
        self.assertEqual([], self.wanting(client))

    def test_they_are_filtered_and_read_page_by_page_like_entries(self):
        client = self.open()
        sold = [self.approved(client, orders.complete(ref=f"R-{number}")) for number in range(3)]
        self.sim.fault("conflict", errors=["no"], method="PUT")
        client.confirm(sold[0][0])
        for url, uuid, _ in sold[1:]:
            self.kill(self.killed("confirm", f"/orders/{uuid}", url=url))
        whole = client.call("sq_log", None).data["entries"]
        self.assertEqual([True] * 3 + [False] * 6, [entry["needs_attention"] for entry in whole])
        self.assertEqual(["R-2", "R-1", "R-0"], [entry["order"]["order_ref_1"] for entry in whole[:3]])
        for limit in (1, 2, 3, 4, 9):
            paged, after = [], None
            while True:
                page = client.call("sq_log", json.dumps({"limit": limit, **({"after": after} if after else {})})).data
                paged += [entry["id"] for entry in page["entries"]]
                if not page["has_more"]:
                    break
                self.assertEqual(limit, len(page["entries"]))
                after = page["after"]
            self.assertEqual([entry["id"] for entry in whole], paged, f"in pages of {limit}")
        self.assertEqual(["R-1"], [entry["order"]["order_ref_1"] for entry in self.wanting(client, order="R-1")])
        self.assertEqual(["R-1"], [entry["order"]["order_ref_1"] for entry in self.wanting(client, order=sold[1][1])])
        self.assertEqual(2, len(self.wanting(client, state="confirming")))
        self.assertEqual([], self.wanting(client, until="2020-01-01"))
