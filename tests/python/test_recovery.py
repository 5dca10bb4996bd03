"""Recovery: what was begun is finished, whatever happened in between."""

import os
import threading

import orders
from outside import asking, kill
from till import Till, deadline_s


class Recovery(Till):
    def recover(self, client, order=None):
        return client.call("sq_recover", order)

    def one(self, answer):
        self.assertEqual(1, len(answer.data["orders"]), answer.data)
        return answer.data["orders"][0]

    def test_a_confirmation_whose_answer_was_lost_ends_as_confirmed(self):
        client = self.open()
        url, uuid, order = self.approved(client)
        self.sim.fault("close_after", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.confirm(url, order))
        with self.sends(1):
            answer = self.assertStatus("SQ_OK", self.recover(client))
        entry = self.one(answer)
        self.assertEqual(("confirming", "confirmed", "SQ_OK"), (entry["was"], entry["now"], entry["status"]))
        self.assertEqual((0, "recover"), (answer.data["remaining"], answer.next))
        # The reference is the till's to give; recovery sends nothing more.
        with self.sends(0):
            entry = self.one(self.recover(client))
        self.assertEqual((None, "set_order_ref", "order_ref_1"), (entry["status"], entry["next"], entry["missing"]))
        self.assertStatus("SQ_OK", client.set_ref(url, orders.new_ref()))
        self.assertEqual([], self.recover(client).data["orders"])
        first, again = self.sim.bodies("PUT", f"/orders/{uuid}")[:2]
        self.assertEqual(first, again, "the same content again")

    def test_a_confirmation_whose_answer_was_lost_ends_as_conflicted(self):
        client = self.open()
        url, uuid, order = self.approved(client)
        self.sim.fault("close_before", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.confirm(url, order))
        self.sim.fault("conflict", errors=["Invalid data: the cart has changed since it was approved"], method="PUT")
        answer = self.assertStatus("SQ_OK", self.recover(client))
        entry = self.one(answer)
        self.assertEqual(("confirming", "conflicted", "SQ_CONFLICT"), (entry["was"], entry["now"], entry["status"]))
        self.assertEqual([("cart_changed", "Invalid data: the cart has changed since it was approved")],
                         [(error["code"], error["message"]) for error in entry["errors"]])
        self.assertEqual({}, client.pending().data["at_risk"])

    def test_a_reference_whose_registration_failed_is_registered(self):
        client = self.open()
        url, uuid, _ = self.confirmed(client)
        ref = orders.new_ref()
        self.sim.fault("status", status=503, method="PUT")
        self.assertStatus("SQ_SERVER_ERROR", client.set_ref(url, ref))
        entry = self.one(self.assertStatus("SQ_OK", self.recover(client, ref)))
        self.assertEqual(("referencing", "settled"), (entry["was"], entry["now"]))
        self.assertEqual(ref, self.sim.order(uuid)["order_ref_1"])

    def test_a_lost_start_is_sent_again_and_gets_its_url(self):
        client = self.open()
        self.sim.fault("close_after", method="POST")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.start(orders.complete()))
        entry = self.one(self.assertStatus("SQ_OK", self.recover(client)))
        self.assertEqual(("soliciting", "solicited"), (entry["was"], entry["now"]))
        self.sim.approve(entry["uuid"])
        self.assertStatus("SQ_OK", client.confirm(entry["url"]))

    def test_the_shopper_gets_no_second_sms_unasked(self):
        client = self.open()
        started = client.start(orders.complete())
        self.sim.fault("close_after", path="form_deliveries")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.send_form(started.url))
        with self.sends(0):
            entry = self.one(self.assertStatus("SQ_OK", self.recover(client)))
        self.assertEqual(("solicited", "send_form"), (entry["now"], entry["next"]))
        self.assertEqual(1, len(self.sim.sms()))
        self.assertEqual("form_sent", self.assertStatus("SQ_OK", client.send_form(started.url)).state)

    def test_one_that_fails_does_not_stop_the_others(self):
        client = self.open()
        urls = []
        for _ in range(3):
            url, uuid, order = self.approved(client)
            self.sim.fault("close_after", method="PUT")
            self.assertStatus("SQ_OUTCOME_UNKNOWN", client.confirm(url, order))
            urls.append((url, uuid))
        self.sim.fault("status", status=500, path=urls[1][1])
        answer = self.assertStatus("SQ_SERVER_ERROR", self.recover(client))
        self.assertEqual(["confirmed", "confirming", "confirmed"], [entry["now"] for entry in answer.data["orders"]])
        self.assertEqual(1, answer.data["remaining"])
        answer = self.assertStatus("SQ_OK", self.recover(client, urls[1][0]))
        self.assertEqual(("confirmed", "confirmed"), (self.one(answer)["now"], answer.state))

    def test_it_ends_within_its_deadline_and_says_what_remains(self):
        client = self.open()
        for _ in range(4):
            url, _, order = self.approved(client)
            self.sim.fault("close_after", method="PUT")
            client.confirm(url, order)
        self.sim.fault("delay", ms=60000, method="PUT", times=0)
        hurried = self.open(timeouts={"connect_ms": 500, "total_ms": 1500})
        with self.ends_within(deadline_s(1500)):
            answer = self.recover(hurried)
        self.assertNotEqual("SQ_OK", answer.name)
        self.assertEqual(4, answer.data["remaining"])
        self.sim.clear_faults()
        self.assertEqual(0, self.assertStatus("SQ_OK", self.recover(client)).data["remaining"])

    def test_what_nobody_knows_is_said_to_be_unknown(self):
        client = self.open()
        self.assertStatus("SQ_UNKNOWN_ORDER", self.recover(client, "R-nobody"), "unknown_order")
        self.assertStatus("SQ_INVALID_ARGUMENT", self.recover(client, ""), "null_argument")
        url, _, _, ref = self.settled(client)
        with self.sends(0):
            for name in (url, url.rsplit("/", 1)[1], ref):
                self.assertEqual("settled", self.assertStatus("SQ_OK", self.recover(client, name)).state)

    def test_a_till_that_was_killed_is_finished_at_once_by_its_successor(self):
        client = self.open()
        url, uuid, order = self.approved(client)
        client.close()
        self.sim.fault("delay", ms=3000, when="after", method="PUT")
        kill(asking("confirm", self.config(), self.sim, url=url))
        # The dead till's claim would last ten minutes; that it is dead shows at once.
        successor = self.open()
        self.assertEqual(1, successor.opened.data["journal"]["pending"])
        with self.ends_within(deadline_s(10000) - 2):
            entry = self.one(self.assertStatus("SQ_OK", self.recover(successor)))
        self.assertEqual("confirmed", entry["now"])
        self.assertEqual(["journal.db", "journal.db-shm", "journal.db-wal"],
                         sorted(name for name in os.listdir(self.folder) if "-till-" not in name))
        successor.close()
        self.assertEqual([], [name for name in os.listdir(self.folder) if "-till-" in name], "nothing is left behind")

    def test_two_tills_that_recover_at_once_never_send_one_thing_twice(self):
        client = self.open()
        uuids = []
        for _ in range(4):
            url, uuid, order = self.approved(client)
            self.sim.fault("close_before", method="PUT")
            client.confirm(url, order)
            uuids.append(uuid)
        self.sim.fault("delay", ms=150, method="PUT", times=0)
        before = len(self.sim.requests("PUT"))
        others = [self.open(), self.open()]
        threads = [threading.Thread(target=self.recover, args=(other,)) for other in others]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.sim.clear_faults()
        sent = [request["path"] for request in self.sim.requests("PUT")[before:]]
        self.assertEqual(sorted(f"/orders/{uuid}" for uuid in uuids), sorted(sent))
        self.assertEqual(["confirmed"] * 4, [entry["state"] for entry in client.pending().data["orders"]])
