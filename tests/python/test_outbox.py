"""A journal that is enrolled with an office: every change is noted where it is made, and what the office has taken over is
its own. A small program plays the forwarder, by SQL."""

import json
import os
import shutil
import time

import orders
from forwarder import MOST, TABLES, Forwarder, triggers
from outside import Stranger, Worker, armed
from till import Till
from test_hand_over import CHANGES, OTHERS

HOUR_MS = 3_600_000
#: Every call that takes an order and would go on with it, before its sale and after.
CALLS = CHANGES + OTHERS + [("sq_recover",), ("sq_hand_over",)]


class Enrolled(Till):
    def setUp(self):
        super().setUp()
        self.till = self.open()
        self.forwarder = Forwarder(self.journal)

    def enrol(self):
        self.forwarder.enrol()
        self.forwarder.carry()

    def reopened(self, **config):
        self.till.close()
        self.till = self.open(**config)
        return self.till

    def one(self, query, *parameters):
        row, = self.rows(query, *parameters)
        return next(iter(row.values()))


class Notes(Enrolled):
    def test_without_an_enrolment_there_is_nothing_of_it(self):
        self.settled(self.till)
        self.assertEqual(0, self.one("SELECT count(*) FROM changes"))
        self.assertEqual([], self.rows("SELECT * FROM sqlite_schema WHERE type = 'trigger'"))
        self.assertNotIn("forwarding", self.till.pending().data)
        self.assertNotIn("forwarding", [row["name"] for row in self.till.call("sq_self_test").data["tests"]])
        # What somebody leaves beside it makes no enrolment.
        self.journal.with_name(self.journal.name + "-forwarded").write_text("{}")
        self.assertNotIn("forwarding", self.till.pending().data)

    def test_an_enrolled_journal_is_opened_and_one_with_other_triggers_is_not(self):
        self.enrol()
        self.till.close()
        whole = self.journal.read_bytes()
        self.till = self.open()
        self.till.close()
        for script, named in (
            ("DROP TRIGGER noted_steps_UPDATE", "trigger noted_steps_UPDATE is missing"),
            ("DROP TRIGGER changes_oldest", "trigger changes_oldest is missing"),
            ("DROP TRIGGER noted_log_INSERT; CREATE TRIGGER noted_log_INSERT AFTER INSERT ON log BEGIN DELETE FROM log; END",
             "trigger noted_log_INSERT is not as this library makes it"),
            ("CREATE TRIGGER noted_log_DELETE AFTER DELETE ON log BEGIN INSERT INTO changes (order_id, nonce) VALUES (0, 0); END",
             "trigger noted_log_DELETE is none of this library's"),
        ):
            with self.subTest(script):
                self.journal.write_bytes(whole)
                Stranger.shared().write(self.journal, script)
                refused = self.assertStatus("SQ_JOURNAL", self.try_open().opened, "journal_strange")
                self.assertIn(named, refused.error("journal_strange")["message"])
        # An index of somebody's does no harm beside them.
        self.journal.write_bytes(whole)
        Stranger.shared().write(self.journal, "CREATE INDEX mine ON orders (created_at)")
        self.till = self.open()
        self.settled(self.till)

    def test_what_the_office_was_told_is_what_the_journal_has(self):
        """Only what was noted is carried there, after each call."""
        self.settled(self.till, ref="R-0")
        self.enrol()
        self.assertEqual(self.forwarder.here(), self.forwarder.there(), "what was there before, too")
        till, sim = self.till, self.sim

        def step(name, *arguments, **keywords):
            answer = name(*arguments, **keywords)
            notes = self.forwarder.carry()
            self.assertEqual(self.forwarder.here(), self.forwarder.there(), (name, arguments))
            return answer, notes

        order = orders.complete(goods_leave=None)
        del order["goods_leave"]
        started, notes = step(till.start, order)
        self.assertTrue(notes)
        url, uuid = started.url, started.uuid
        step(till.send_form, url)
        step(till.confirm, url, order)  # not approved yet: refused
        other, _ = step(till.start, orders.complete())
        sim.fault("status", status=429, body='{"errors": ["Too many requests"]}')
        self.assertStatus("SQ_RATE_LIMITED", step(till.send_form, other.url)[0])
        # What was refused of it, and nothing else, is past.
        _, notes = step(till.call, "sq_recover", other.uuid)
        self.assertEqual([other.uuid], [row["uuid"] for note in notes for row in self.forwarder.office["orders"][note["order_id"]]])
        sim.approve(uuid)
        step(till.confirm, url, order)
        step(till.set_ref, url, "R-1")
        _, notes = step(till.order_info, "R-1")
        self.assertEqual([], notes, "a question changes nothing")
        step(till.call, "sq_ship", "R-1", [{"reference": "CAM-01", "quantity": 1}])
        step(till.call, "sq_ship", "R-1", None)
        step(till.call, "sq_refund", "R-1", {"amount": 100})
        step(till.set_ref, url, "R-1", "Z-1")
        _, notes = step(till.call, "sq_send_delivery_report", None)
        self.assertIn(0, [note["order_id"] for note in notes], "a report is no order's")
        with_form = self.approved(till)
        step(till.call, "sq_abandon", with_form[0])
        lost = self.approved_after(till)
        step(till.confirm, lost)
        step(till.call, "sq_resolve", lost, "confirmed", "seen")
        step(till.set_ref, lost, "R-2")
        step(till.call, "sq_cancel", "R-2", "customer")
        sim.fault("status", status=503, path="/delivery_reports")
        step(till.call, "sq_send_delivery_report", {"orders": []})
        step(till.call, "sq_recover", None)
        step(till.call, "sq_reconcile")
        document = step(till.call, "sq_hand_over", "R-1")[0].data["document"]
        entry = till.call("sq_log", None).data["entries"][0]["id"]
        step(till.call, "sq_log_dismiss", entry)
        kept = self.reopened(personal_data={"keep_days": 30})
        self.settled(kept, ref="R-3")
        step(kept.pending)
        self.let_days_pass(40)
        step(self.reopened)
        self.assertGreater(len(json.loads(document)), 3)

    def approved_after(self, till):
        """An order whose next step seQura takes, and nobody hears that it did."""
        url = self.approved(till)[0]
        self.forwarder.carry()
        self.sim.fault("close_after")
        return url

    def test_every_note_has_a_number_of_its_own_and_a_nonce_that_nobody_guesses(self):
        self.enrol()
        for _ in range(3):
            self.settled(self.till)
        notes = self.rows("SELECT seq, nonce FROM changes ORDER BY seq")
        self.assertGreater(len(notes), 30)
        self.assertEqual(len(notes), len({note["nonce"] for note in notes}))
        self.assertEqual(list(range(1, len(notes) + 1)), [note["seq"] for note in notes])
        self.assertGreater(len({note["nonce"] >> 52 for note in notes}), 20, "spread over all numbers")

    def test_a_change_and_its_note_are_one(self):
        self.enrol()
        for at, is_there in (("intent_written:1", False), ("after_intent:1", True), ("outcome_written:1", True), ("after_outcome:1", True)):
            with self.subTest(at):
                url, uuid, _ = self.approved(self.till)
                self.forwarder.carry()
                before = self.forwarder.here()
                worker = Worker("confirm", {"config": self.config(), "url": url}, **{**armed(), "SEQURA_POS_CRASH_AT": at})
                self.assertEqual("calling", worker.next()["event"])
                worker.end()
                is_changed = self.forwarder.here() != before
                self.assertEqual(is_there, is_changed, "whether the till died before it")
                self.assertEqual(is_changed, bool(self.forwarder.noted()))
                self.forwarder.carry()
                self.assertEqual(self.forwarder.here(), self.forwarder.there())
                self.till.call("sq_recover", None)
                self.forwarder.carry()

    def test_two_disks_that_go_on_from_one_are_told_apart(self):
        self.settled(self.till, ref="R-1")
        self.enrol()
        self.till.close()
        clone = self.folder / "clone.db"
        shutil.copy(self.journal, clone)
        other = Forwarder(clone)
        other.at = self.forwarder.at
        self.assertTrue(other.holds(self.forwarder.at), "until one of them goes on they are the same")
        tills = self.open(), self.open(journal=str(clone))
        for till in tills:
            self.assertStatus("SQ_OK", till.call("sq_ship", "R-1", None))
        self.forwarder.carry()
        self.assertFalse(other.holds(self.forwarder.at))
        self.assertEqual(self.forwarder.at[0], other.newest()[0], "though both count alike")
        # And yesterday's disk, put back.
        for till in tills:
            till.close()
        shutil.copy(clone, self.folder / "yesterday.db")
        till = self.open(journal=str(clone))
        self.assertStatus("SQ_OK", till.call("sq_refund", "R-1", {"amount": 100}))
        other.carry()
        till.close()
        shutil.copy(self.folder / "yesterday.db", clone)
        self.assertFalse(other.holds(other.at))

    def test_what_the_office_has_may_go_but_for_the_newest(self):
        self.enrol()
        self.settled(self.till)
        self.forwarder.carry()
        self.forwarder.acknowledge()
        self.assertEqual(self.forwarder.at, self.forwarder.newest())
        self.assertEqual(1, self.one("SELECT count(*) FROM changes"))
        with self.assertRaises(AssertionError):
            Stranger.shared().write(self.journal, "DELETE FROM changes")
        seq = self.forwarder.at[0]
        self.settled(self.till)
        self.assertEqual(seq + 1, self.forwarder.noted()[0]["seq"], "no number is given twice")

    def test_of_a_forwarder_that_never_comes_the_oldest_notes_go(self):
        self.enrol()
        self.forwarder.write(f"INSERT INTO changes (seq, order_id, nonce) VALUES ({MOST + 1}, 0, 7)")
        self.settled(self.till)
        count, oldest, newest = self.rows("SELECT count(*) AS count, min(seq) AS oldest, max(seq) AS newest FROM changes")[0].values()
        self.assertEqual(newest - MOST + 1, oldest if count == MOST else newest - MOST + 1)
        self.assertEqual(0, self.one("SELECT count(*) FROM changes WHERE seq <= ?", newest - MOST))
        self.assertLess(count, MOST)

    def test_a_damaged_journal_goes_on_enrolled_with_its_fences(self):
        url, uuid, _ = self.confirmed(self.till)
        gone = self.confirmed(self.till)[1]
        self.enrol()
        self.forwarder.fence(gone, "C-7")
        self.forwarder.carry()
        incarnation = self.rows("SELECT * FROM forwarding")
        place, size = self.page("orders_by_held_ref")
        self.till.close()
        with open(self.journal, "r+b") as file:
            file.seek(place)
            file.write(bytes([255]) * size)
        with open(self.journal, "r+b") as file:
            file.seek(self.page("log")[0])
            file.write(bytes([255]) * size)
        (self.journal.with_name(self.journal.name + "-damaged")).write_text(
            f"sequra-pos damage-mark of journal {incarnation[0]['journal_id']}\n")
        self.till = self.open()
        self.assertIn("journal_set_aside", self.till.opened.warned)
        self.assertEqual(incarnation, self.rows("SELECT * FROM forwarding"))
        self.assertEqual(len(triggers()), self.one("SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'"))
        # The office sees that this is not the disk that it knew, and what goes on is noted.
        self.assertFalse(self.forwarder.holds(self.forwarder.at))
        again = Forwarder(self.journal)
        again.carry()
        self.assertEqual(again.here(), again.there())
        self.assertEqual(2, len(again.there()["orders"]))
        with self.sends(0):
            self.assertStatus("SQ_TAKEN_OVER", self.till.set_ref(gone, "R-9"), "taken_by_office")
        self.assertStatus("SQ_OK", self.till.set_ref(url, "R-1"))
        self.assertTrue(again.noted())


class Fences(Enrolled):
    def fenced(self, ref="C-7"):
        url, uuid, order = self.confirmed(self.till, {**orders.complete(), "cart": {**orders.complete()["cart"], "cart_ref": "K-1"}})
        self.forwarder.fence(uuid, ref)
        return url, uuid, order

    def assertFenced(self, answer, ref="C-7"):
        self.assertStatus("SQ_TAKEN_OVER", answer, "taken_by_office")
        self.assertEqual((1011, "none", ref), (answer.status, answer.next, answer.order["order_ref_1"]))
        self.assertIn("Central", answer.error("taken_by_office")["message"])
        self.assertEqual(ref, answer.error("taken_by_office")["actual"])
        self.assertIn("The office finishes this sale, so nothing was sent.", answer.document["operator_message"])
        return answer

    def test_nothing_is_sent_for_an_order_that_the_office_has_taken_over(self):
        for enrolled in (False, True):
            if enrolled:
                self.sim.reset()
                self.journal = self.folder / "enrolled.db"
                self.till, self.forwarder = self.open(), Forwarder(self.journal)
                self.enrol()
            url, uuid, order = self.fenced()
            for name in (url, uuid, "C-7", "K-1"):
                for call, *rest in CALLS:
                    with self.subTest((call, name)), self.sends(0):
                        self.assertFenced(self.till.call(call, name, *rest))
            with self.sends(0):
                self.assertFenced(self.till.confirm(url, order))
            self.reopened()
            with self.sends(0):
                self.assertFenced(self.till.set_ref(url, "R-1"))

    def test_its_receipt_is_the_offices(self):
        settled, uuid, _, _ = self.settled(self.till, ref="R-1")
        self.assertStatus("SQ_OK", self.till.call("sq_receipt", settled, 32))
        self.forwarder.fence(uuid)
        for url in (settled, self.fenced()[0], self.fenced(None)[0]):
            with self.sends(0):
                told = self.assertStatus("SQ_TAKEN_OVER", self.till.call("sq_receipt", url, 32), "taken_by_office")
            self.assertIsNone(told.data)

    def test_the_figures_of_a_day_say_what_has_gone_to_the_office(self):
        """What was confirmed here, and may have been: whether it is at risk, the office knows."""
        def day():
            answer = self.assertStatus("SQ_OK", self.till.call("sq_day", "2020-01-01T00:00:00Z", None))
            return answer.data["at_risk"], answer.warned

        self.confirmed(self.till)
        url, doubtful, order = self.approved(self.till)
        self.sim.fault("close_after", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", self.till.confirm(url, order))
        _, settled, _, _ = self.settled(self.till, ref="R-1")
        _, solicited, _ = self.approved(self.till)
        at_risk = {"EUR": {"shop_es": 2 * orders.TOTAL}}
        for uuid in (settled, solicited):
            self.forwarder.fence(uuid)
            self.assertEqual((at_risk, []), day())
        for number, uuid in enumerate((doubtful, self.one("SELECT min(uuid) FROM orders WHERE state = 'confirmed'"))):
            self.forwarder.fence(uuid)
            left = {"EUR": {"shop_es": orders.TOTAL}} if number == 0 else {}
            self.assertEqual((left, ["figures_incomplete"]), day())
            # Closed, they are told all the same; and only to whoever asks for the day on which they were confirmed.
            self.reopened()
            self.assertEqual((left, ["figures_incomplete"]), day())
            before = self.till.call("sq_day", "2020-01-01T00:00:00Z", "2020-01-02T00:00:00Z")
            self.assertEqual([], before.warned)

    def test_each_language_says_so(self):
        url, _, _ = self.fenced()
        for language, said in self.in_every_language(
                es="La central termina esta venta, así que no se ha enviado nada.",
                en="The office finishes this sale, so nothing was sent.",
                fr="Le siège termine cette vente, rien n'a donc été envoyé.",
                it="La sede termina questa vendita, quindi non è stato inviato nulla.",
                pt="A central termina esta venda, por isso nada foi enviado."):
            self.assertIn(said, self.reopened(language=language).set_ref(url, "R-1").document["operator_message"])

    def test_a_settled_order_is_changed_by_the_office_alone(self):
        url, uuid, _, _ = self.settled(self.till, ref="R-1")
        self.forwarder.fence(uuid, "R-1")
        for name in (url, "R-1"):
            for call, *rest in CALLS:
                with self.subTest((call, name)), self.sends(0):
                    self.assertFenced(self.till.call(call, name, *rest), "R-1")
        pending = self.till.pending()
        self.assertEqual(([], {}), (pending.data["unshipped"], pending.data["unshipped_total"]))

    def test_it_is_no_more_this_tills_to_finish(self):
        self.confirmed(self.till)
        _, uuid, _ = self.confirmed(self.till)
        self.forwarder.fence(uuid, "C-7")
        pending = self.assertStatus("SQ_OK", self.till.pending())
        self.assertEqual(1, len(pending.data["orders"]))
        self.assertEqual({"EUR": {"shop_es": orders.TOTAL}}, pending.data["at_risk"])
        self.assertEqual(1, len(self.assertStatus("SQ_OK", self.till.call("sq_recover", None)).data["orders"]))
        for _ in range(2):
            self.assertEqual(1, self.reopened().opened.data["journal"]["pending"])
        self.forwarder.fence(pending.data["orders"][0]["uuid"])
        reopened = self.reopened().opened
        self.assertEqual((0, "none"), (reopened.data["journal"]["pending"], reopened.next))

    def test_what_only_shows_it_says_so(self):
        _, uuid, _ = self.fenced()
        info = self.assertStatus("SQ_OK", self.till.order_info("K-1"))
        self.assertEqual((["taken_by_office"], "none", "C-7", "confirmed"),
                         (info.warned, info.next, info.order["order_ref_1"], info.state))
        self.assertIn("The office finishes this sale.", info.document["operator_message"])
        self.assertEqual({"by": "Central", "order_ref_1": "C-7", "at": "2027-01-15T08:00:00.000Z"}, info.data["taken_over"])
        # Which reference may be decided later.
        self.forwarder.fence(uuid, None)
        self.assertIsNone(self.till.order_info(uuid).order["order_ref_1"])
        self.assertFenced(self.till.set_ref(uuid, "R-1"), None)

    def test_a_fence_of_an_order_that_is_not_here_is_obeyed_too(self):
        url, uuid, order = self.approved(self.till)
        other = self.open(journal=str(self.folder / "other.db"))
        self.settled(other)
        Forwarder(self.folder / "other.db").fence(uuid, "C-7")
        with self.sends(0):
            answer = self.assertStatus("SQ_TAKEN_OVER", other.confirm(url, order), "taken_by_office")
            self.assertIn("C-7", answer.error("taken_by_office")["message"])
        document = self.handed(url, order)
        with self.sends(0):
            self.assertStatus("SQ_TAKEN_OVER", other.call("sq_take_over", document), "taken_by_office")

    def handed(self, url, order):
        self.assertStatus("SQ_OK", self.till.confirm(url, order))
        self.assertStatus("SQ_OK", self.till.set_ref(url, "R-5"))
        return self.till.call("sq_hand_over", "R-5").data["document"]

    def paused(self, at, url, job="confirm", **task):
        """A call of another till that waits at this point, and what lets it go on."""
        here = self.folder / "here"
        worker = Worker(job, {"config": self.config(), "url": url, **task}, **{**armed(), "SEQURA_POS_PAUSE_AT": f"{at}:{here}"})
        self.assertEqual("calling", worker.next()["event"])
        self.wait_for(here.exists)
        return worker, here.unlink

    def wait_for(self, come):
        limit = time.monotonic() + 60
        while not come():
            self.assertLess(time.monotonic(), limit)
            time.sleep(0.001)

    def test_one_that_was_written_before_the_claim_is_obeyed_however_late(self):
        self.enrol()
        url, uuid, order = self.approved(self.till)
        worker, go_on = self.paused("before_intent", url)
        self.forwarder.fence(uuid, "C-7")
        with self.sends(0):
            go_on()
            said = worker.next()
            worker.end()
        self.assertEqual("SQ_TAKEN_OVER", said["status"], said)
        self.assertEqual("form_sent", self.till.order_info(uuid).state)

    def test_a_call_that_had_its_claim_goes_to_its_end(self):
        self.enrol()
        url, uuid, order = self.approved(self.till)
        worker, go_on = self.paused("before_send", url)
        self.forwarder.fence(uuid, "C-7")
        # Nobody closes it under that call.
        other = self.open()
        self.assertEqual(0, self.one("SELECT finished FROM orders WHERE uuid = ?", uuid))
        go_on()
        said = worker.next()
        worker.end()
        self.assertEqual("SQ_OK", said["status"], said)
        self.forwarder.carry()
        self.assertEqual(self.forwarder.here(), self.forwarder.there(), "what seQura said of it reaches the office")
        self.assertEqual("confirmed", other.order_info(uuid).state)
        with self.sends(0):
            self.assertFenced(other.set_ref(uuid, "R-1"))
        # From then on it is closed, and nothing of the shopper stays.
        self.reopened()
        row, = self.rows("SELECT state, finished, contents.content, contents.carts FROM orders JOIN contents ON order_id = orders.id "
                         "WHERE uuid = ?", uuid)
        self.assertEqual(("confirmed", 1, None), (row["state"], row["finished"], row["content"]))
        self.assertIn("CAM-01", row["carts"])

    def test_what_is_settled_here_has_the_reference_that_sequra_took(self):
        """The office takes the order over between the reference and the shipment that ends the sale."""
        after = {"goods_leave": "after_the_sale"}
        till = self.reopened(**after)
        order = orders.complete("F-1")
        url, uuid, _ = self.approved(till, order)
        worker, go_on = self.paused("before_shipment", url, config=self.config(**after), order=order)
        self.forwarder.fence(uuid, "OFF-1")
        with self.sends(0):
            go_on()
            said = worker.next()
            worker.end()
        document = said["document"]
        self.assertEqual(("SQ_OK", "settled", "F-1"), (said["status"], document["order"]["state"], document["order"]["order_ref_1"]))
        self.assertIn("F-1", document["operator_message"])
        warning, = [one for one in document["warnings"] if one["code"] == "not_shipped"]
        self.assertIn("Central", warning["message"])
        self.assertNotIn("sq_ship", warning["message"])
        self.assertEqual("none", document["next"])
        info = self.assertStatus("SQ_OK", till.order_info(uuid))
        self.assertEqual(("F-1", "OFF-1"), (info.order["order_ref_1"], info.data["taken_over"]["order_ref_1"]))
        answer = self.assertStatus("SQ_TAKEN_OVER", till.call("sq_ship", "F-1", None), "taken_by_office")
        self.assertEqual("F-1", answer.order["order_ref_1"])
        self.assertIn("OFF-1", answer.error("taken_by_office")["message"])

    def test_a_step_without_an_answer_is_not_sent_again(self):
        url, uuid, order = self.approved(self.till)
        self.sim.fault("close_after")
        self.till.confirm(url, order)
        self.forwarder.fence(uuid)
        with self.sends(0):
            self.assertEqual([], self.assertStatus("SQ_OK", self.till.call("sq_recover", None)).data["orders"])
            self.assertFenced(self.till.call("sq_recover", uuid), None)
        self.reopened()
        step, = self.rows("SELECT * FROM steps WHERE step = 'confirm'")
        self.assertEqual(("{}", True), (step["request"], step["answered_at"] is not None))

    def test_personal_data_stays_for_its_days_and_no_longer(self):
        url, uuid, _ = self.confirmed(self.reopened(personal_data={"keep_days": 30}))
        self.forwarder.fence(uuid)
        content = "SELECT content IS NULL FROM contents"
        self.reopened(personal_data={"keep_days": 30})
        self.assertEqual(0, self.one(content))
        self.let_days_pass(40)
        self.till = self.reopened(personal_data={"keep_days": 30})
        self.till.check_credentials()
        self.reopened(personal_data={"keep_days": 30})
        self.assertEqual(1, self.one(content))

    def test_a_delivery_report_tells_nothing_of_it(self):
        for ref in ("R-1", "R-2"):
            self.settled(self.till, ref=ref)
            self.assertStatus("SQ_OK", self.till.call("sq_ship", ref, None))
        uuid = self.till.order_info("R-1").uuid
        # One that is open already is not sent as it is.
        self.sim.fault("status", status=503, path="/delivery_reports")
        self.till.call("sq_send_delivery_report", None)
        self.sim.clear_faults()
        self.assertEqual(1, len(self.till.pending().data["open_reports"]))
        self.forwarder.fence(uuid, "R-1")
        with self.sends(0):
            self.assertStatus("SQ_OK", self.till.call("sq_recover", None))
        self.assertEqual([], self.till.pending().data["open_reports"])
        sent = self.assertStatus("SQ_OK", self.till.call("sq_send_delivery_report", None))
        self.assertEqual([1], [report["orders"] for report in sent.data["reports"]])
        body = self.sim.bodies(path="delivery_reports")[-1]
        self.assertEqual((0, 1), (body.count(b"R-1"), body.count(b"R-2")))


class Progress(Enrolled):
    """What the forwarder leaves beside the journal is told, and never disturbs."""

    def setUp(self):
        super().setUp()
        self.enrol()
        self.side = self.journal.with_name(self.journal.name + "-forwarded")

    def say(self, position=None, journal_id=None, **what):
        seq, nonce = position or self.forwarder.at
        now = int(time.time() * 1000)
        said = {"seq": seq, "nonce": nonce, "acknowledged_at": now, "seen_at": now, "trouble": None, **what}
        journal_id = journal_id or self.one("SELECT journal_id FROM forwarding")
        self.side.write_text(f"sequra-pos forwarding of journal {journal_id}\n{json.dumps(said)}")

    def told(self):
        """The same in both places: what is told, and whether it deserves a look."""
        pending = self.assertStatus("SQ_OK", self.till.pending())
        tested = self.assertStatus("SQ_OK", self.till.call("sq_self_test"))
        row, = [row for row in tested.data["tests"] if row["name"] == "forwarding"]
        self.assertEqual(pending.data["forwarding"], row["detail"])
        self.assertEqual("forwarding_lags" in pending.warned, not row["ok"])
        self.assertEqual("forwarding_lags" in tested.warned, not row["ok"])
        return row["detail"], row["ok"]

    def test_how_far_behind_the_office_is(self):
        told, ok = self.told()
        self.assertEqual((None, None, None, False), (told["behind"], told["seen_at"], told["since"], ok))
        self.say()
        told, ok = self.told()
        self.assertEqual((0, None, True), (told["behind"], told["since"], ok))
        self.settled(self.till)
        told, ok = self.told()
        self.assertEqual(len(self.forwarder.noted()), told["behind"])
        self.assertEqual((True, True), (told["since"] is not None, ok))
        self.say(trouble="no connection")
        self.assertEqual("no connection", self.told()[0]["trouble"])
        # Not at work for over an hour; or at work, and the office has had nothing for as long.
        self.say(seen_at=int(time.time() * 1000) - HOUR_MS - 60_000)
        self.assertFalse(self.told()[1])
        self.say()
        Stranger.shared().write(self.journal, f"UPDATE log SET at = at - {HOUR_MS + 60_000}")
        self.assertFalse(self.told()[1])
        self.forwarder.carry()
        self.say()
        self.assertTrue(self.told()[1])

    def test_what_says_nothing_of_this_disk_says_nothing(self):
        self.settled(self.till)
        self.say()
        whole = self.side.read_text()
        for position in ((10**9, 1), (self.forwarder.at[0], self.forwarder.at[1] ^ 1), (-5, 0), ([1.5], 0), (2**70, {})):
            with self.subTest(position):
                self.say(position)
                self.assertEqual((None, None), (self.told()[0]["behind"], self.told()[0]["since"]))
        for text in (b"", whole[:40].encode(), whole[:90].encode(), whole[:-1].encode(), b"\xff" * 1000, b"\0" * 10_000_000,
                     whole.replace(whole[34:66], "0" * 32).encode(), whole.replace("{", "[").encode(),
                     (whole.split("\n")[0] + "\n" + json.dumps({"seq": "1", "seen_at": 1e400, "trouble": 7})).encode()):
            with self.subTest(text[:60]):
                self.side.write_bytes(text)
                told, ok = self.told()
                self.assertEqual((None, None, None, False), (told["behind"], told["seen_at"], told["trouble"], ok))
        self.side.unlink()
        for make in (self.side.mkdir, lambda: self.side.symlink_to(self.journal), lambda: os.mkfifo(self.side)):
            make()
            with self.ends_within(5):
                self.assertIsNone(self.told()[0]["behind"])
                self.settled(self.till)
            if self.side.is_dir():
                self.side.rmdir()
            else:
                self.side.unlink()
        # Times that no clock shows.
        self.say(seen_at=2**63 - 1, acknowledged_at=-2**63, trouble="x" * 80)
        self.assertFalse(self.told()[1])


if __name__ == "__main__":
    import unittest

    unittest.main()
