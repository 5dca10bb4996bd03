"""Cases in which money could be lost or sold twice, each found by somebody who tried to."""

import base64
import fcntl
import os
import stat
import threading
import time
import uuid as uuids

import orders
from outside import Stranger, Worker, armed
from simulator import KEY, SECRET, SIGNED
from till import Till, deadline_s


class HardCases(Till):
    def wait_for_put(self, count=1):
        limit = time.monotonic() + 20
        while len(self.sim.requests("PUT")) < count:
            self.assertLess(time.monotonic(), limit)
            time.sleep(0.01)

    def test_recovery_does_not_confirm_what_the_till_was_just_told_is_refused(self):
        till, other = self.open(), self.open()
        url, uuid, order = self.approved(till)
        self.sim.fault("delay", ms=800, method="PUT")
        self.sim.fault("conflict", errors=["Invalid data: the order has not been approved yet"], method="PUT")
        told = []
        calling = threading.Thread(target=lambda: told.append(till.confirm(url, order)))
        calling.start()
        self.wait_for_put()
        recovered = other.call("sq_recover", None)
        calling.join(30)
        if told[0].name == "SQ_CONFLICT":
            self.assertEqual("conflicted", till.call("sq_recover", url).state)
            self.assertEqual(1, len(self.sim.requests("PUT")))
        entry = recovered.data["orders"][0]
        self.assertEqual((told[0].state, None), (entry["now"], entry["status"]), "nothing was sent for it")

    def test_a_410_does_not_make_a_doubtful_confirmation_forgotten(self):
        client = self.open()
        url, uuid, order = self.approved(client)
        self.sim.fault("close_after", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.confirm(url, order))
        self.sim.fault("status", status=410, headers=SIGNED, method="PUT")
        answer = self.assertStatus("SQ_GONE", client.call("sq_recover", None))
        self.assertEqual("contact_sequra", answer.next)
        self.assertEqual({"EUR": {"shop_es": order["cart"]["order_total_with_tax"]}}, client.pending().data["at_risk"])
        self.assertEqual("confirmed", self.assertStatus("SQ_OK", client.confirm(url)).state)

    def test_a_blank_reference_settles_nothing(self):
        client = self.open()
        url, _, _ = self.confirmed(client)
        with self.sends(0):
            for ref in ("  ", " R-5", "R-5 ", "R\t5", "R" * 256):
                self.assertStatus("SQ_INVALID_ORDER", client.set_ref(url, ref), "invalid_value")
            self.assertStatus("SQ_INVALID_ORDER", client.set_ref(url, "R-5", " "), "invalid_value")
            answer = client.start(orders.complete(merchant_reference={"order_ref_1": "R-5 "}))
            self.assertEqual("/merchant_reference/order_ref_1", answer.error("invalid_value")["pointer"])
        self.assertEqual("settled", self.assertStatus("SQ_OK", client.set_ref(url, "R" * 255)).state)

    def test_another_second_reference_is_not_ignored(self):
        client = self.open()
        url, _, _ = self.confirmed(client)
        self.assertStatus("SQ_OK", client.set_ref(url, "R-1", "Z-1"))
        self.assertStatus("SQ_OK", client.set_ref(url, "R-1", "Z-1"))
        self.assertStatus("SQ_OK", client.set_ref(url, "R-1"))
        with self.sends(1):
            self.assertStatus("SQ_OK", client.set_ref(url, "R-1", "Z-2"))
        self.assertEqual("Z-2", self.sim.orders()[-1]["order_ref_2"])

    def test_one_order_has_one_name_in_capitals_too(self):
        client = self.open()
        url, uuid, order = self.confirmed(client)
        self.assertEqual("settled", self.assertStatus("SQ_OK", client.set_ref(uuid.upper(), "R-1")).state)
        self.assertStatus("SQ_OK", client.confirm(url.replace(uuid, uuid.upper()), order))
        self.assertEqual(1, len(self.rows()))

    def test_a_known_answer_waits_for_the_journal(self):
        client = self.open(timeouts={"connect_ms": 500, "total_ms": 20000})
        url, _, order = self.approved(client)
        self.sim.fault("delay", ms=700, method="PUT")
        told = []
        calling = threading.Thread(target=lambda: told.append(client.confirm(url, order)))
        calling.start()
        self.wait_for_put()
        unlock = Stranger.shared().locked(self.journal)
        time.sleep(2.5)
        unlock()
        calling.join(60)
        self.assertEqual(("SQ_OK", []), (told[0].name, told[0].warned))

    def test_a_till_that_slept_does_not_undo_what_another_did(self):
        till, other = self.open(), self.open()
        url, uuid, order = self.approved(till)
        self.sim.fault("delay", ms=1500, when="after", method="PUT")
        told = []
        calling = threading.Thread(target=lambda: told.append(till.confirm(url, order)))
        calling.start()
        self.wait_for_put()
        # As if the clock had jumped past the end of its claim.
        Stranger.shared().write(self.journal, "UPDATE orders SET claimed_until = 0")
        self.assertStatus("SQ_OK", other.confirm(url, order))
        self.assertEqual("settled", self.assertStatus("SQ_OK", other.set_ref(url, "R-77")).state)
        calling.join(30)
        self.assertEqual(("SQ_OK", "settled"), (told[0].name, told[0].state))
        self.assertIn("outcome_not_recorded", told[0].warned)
        self.assertEqual([], till.pending().data["orders"])

    def test_tills_that_start_together_all_open(self):
        for round in range(6):
            place = str(self.folder / f"together-{round}.db")
            answers, tills, gate = [], [], threading.Barrier(8)

            def begin():
                gate.wait()
                till = self.try_open(journal=place)
                tills.append(till)
                answers.append((till.opened.name, till.opened.codes))

            threads = [threading.Thread(target=begin) for _ in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
            self.assertEqual([("SQ_OK", [])] * 8, answers)
            for till in tills:
                till.close()

    def opened_while(self, stop, do, journal):
        """What a till is told that opens the journal, and that is kept between two looks at it while `do` is done, at this one
        of its stops. None: it does not stop so often."""
        here = self.folder / "here"
        till = Worker("open", {"config": self.config(journal=str(journal))}, SEQURA_POS_PAUSE_AT=f"opening:{here}", **armed())
        reached, limit = 0, time.monotonic() + 60
        while till.process.poll() is None:
            self.assertLess(time.monotonic(), limit)
            if here.exists():
                reached += 1
                if reached == stop:
                    do(journal)
                here.unlink()
            time.sleep(0.001)
        said = till.next()
        till.end()
        return (said["status"], [error["message"] for error in said["document"]["errors"]]) if reached >= stop else None

    def at_every_stop(self, prepare, do):
        stop = 1
        while True:
            with self.subTest(stop=stop):
                journal = self.folder / f"stop-{stop}.db"
                prepare(journal)
                told = self.opened_while(stop, do, journal)
                self._close_clients()
                if told is None:
                    break
                self.assertEqual(("SQ_OK", []), told)
            stop += 1
        self.assertGreater(stop, 6, "the till was stopped")

    def another_opens(self, journal):
        self.assertStatus("SQ_OK", self.try_open(journal=str(journal)).opened)

    def test_a_till_that_opens_a_new_journal_when_another_has_just_made_it_is_not_told_that_it_is_lost(self):
        self.at_every_stop(lambda journal: None, self.another_opens)

    def test_a_till_that_opens_a_journal_which_others_close_and_open_is_not_told_that_it_is_lost(self):
        def closed_and_opened(journal):
            self._close_clients()
            self.another_opens(journal)

        self.at_every_stop(self.another_opens, closed_and_opened)
        self.at_every_stop(self.another_opens, lambda journal: self._close_clients())

    def test_a_till_that_opens_a_journal_while_its_log_is_brought_into_it_is_not_told_that_it_is_lost(self):
        # SQLite has written the pages into the journal, and waits for the disk before it says so in the index of the log.
        self.at_every_stop(self.another_opens, lambda journal: os.utime(journal))

    def test_a_till_that_only_looks_whether_a_dead_one_lives_is_not_taken_for_it(self):
        client = self.open()
        holder = Worker("hold", {"config": self.config()}, keep_open=True)
        self.assertEqual("SQ_OK", holder.next()["status"])
        client.close()
        locks = list(self.folder.glob("journal.db-till-*"))
        self.assertEqual(1, len(locks))
        holder.process.kill()
        holder.process.stdin.close()
        holder.end()
        for suffix in ("", "-wal", "-shm"):
            os.unlink(f"{self.journal}{suffix}")
        with open(locks[0], "rb") as looking:
            # As a till does that looks, and is kept from going on.
            fcntl.flock(looking, fcntl.LOCK_SH)
            self.assertStatus("SQ_OK", self.try_open().opened)

    def test_the_journal_is_for_its_owner_only(self):
        client = self.open()
        self.approved(client)
        for name in os.listdir(self.folder):
            if "-till-" not in name:
                mode = stat.S_IMODE(os.stat(self.folder / name).st_mode)
                self.assertEqual(0, mode & 0o077, f"{name} is {mode:o}")

    def test_the_secret_is_in_no_file(self):
        client = self.open()
        _, uuid, _ = self.approved(client)
        client.call("sq_log", None)

        def files_with(*words):
            # "-till-" is what the test itself has written.
            return [name for name in os.listdir(self.folder) if "-till-" not in name
                    and any(word in (self.folder / name).read_bytes() for word in words)]

        self.assertEqual([], files_with(SECRET.encode(), base64.b64encode(f"{KEY}:{SECRET}".encode())))
        # The search finds what is there.
        self.assertNotEqual([], files_with(uuid.encode()))

    def test_a_proxy_that_cannot_be_used_is_not_passed_over(self):
        for value in ("socks5://127.0.0.1:1", "::::"):
            worker = Worker("open", {"config": self.config(base_url="https://sandbox.sequrapi.com/", proxy="environment")},
                            HTTPS_PROXY=value, ALL_PROXY="", HTTP_PROXY="")
            said = worker.next()
            worker.end()
            self.assertEqual(("SQ_INVALID_CONFIG", "/proxy"), (said["status"], said["document"]["errors"][0]["pointer"]))

    def test_a_secret_that_is_no_text_is_not_shown(self):
        worker = Worker("open", {"config": self.config(account_secret=None, account_secret_env="TILL_SECRET")},
                        TILL_SECRET=os.fsdecode(b"top\xf1secret"))
        said = worker.next()
        worker.end()
        self.assertEqual("SQ_INVALID_CONFIG", said["status"])
        self.assertNotIn("secret\"", str(said["document"]["errors"][0]["message"]))
        self.assertNotIn("top", str(said["document"]))

    def test_all_merchants_together_have_one_deadline(self):
        client = self.open(merchant_id=None, merchants={"ES": "shop_es", "FR": "shop_fr", "IT": "shop_it", "PT": "shop_pt"},
                           timeouts={"connect_ms": 500, "total_ms": 9000})
        self.sim.fault("delay", ms=8000, path="payment_methods", times=0)
        with self.ends_within(deadline_s(9000)):
            client.payment_methods()
        self.sim.clear_faults()
