"""`sequra backup` and `sequra restore`: copies while tills sell, and a journal made of a copy when the old one is gone."""

import datetime
import json
import os
import resource
import shutil
import signal
import stat
import sqlite3
import subprocess
import time

import orders
from outside import Stranger, Worker
from shell import PROGRAM, Shell


def now():
    return time.time_ns() // 1_000_000


def moment(ms):
    return datetime.datetime.fromtimestamp(ms / 1000, datetime.timezone.utc).isoformat(timespec="milliseconds")


class Copies(Shell):
    def setUp(self):
        super().setUp()
        self.configured()
        self.copy = self.folder / "copy.db"

    def back_up(self, to=None, expect="SQ_OK", journal=None):
        return self.sequra("backup", to or self.copy, "--journal", journal or self.journal, "--json", expect=expect)

    def restore(self, copy=None, expect="SQ_OK", journal=None):
        return self.sequra("restore", copy or self.copy, "--journal", journal or self.journal, "--the-old-one-is-gone", "--json",
                           expect=expect)

    def lose(self):
        """The till's disk is gone, with all that lay on it but the copy and what was written beside it."""
        self._close_clients()
        for file in self.folder.glob("journal.db*"):
            file.unlink()

    def rows(self, query, place=None):
        """What stands in a copy, asked by another SQLite."""
        connection = sqlite3.connect(f"file:{place or self.copy}?mode=ro&immutable=1", uri=True)
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()

    def unanswered(self, client, function, *arguments):
        self.sim.fault("close_before", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.call(function, *arguments))

    # -- copies

    def test_a_copy_is_whole_while_two_tills_sell(self):
        tills = [Worker("sell", {"config": self.config()}, keep_open=True) for _ in range(2)]
        first = {till.next()["uuid"] for till in tills}
        for number in range(3):
            told = json.loads(self.back_up(self.folder / f"copy-{number}.db").stdout)
            self.assertEqual("now", told["data"]["as_of"])
        sold = set(first)
        for till in tills:
            till.process.stdin.close()
        for till in tills:
            while line := till.said.readline():
                sold.add(json.loads(line)["uuid"])
            till.end()
        for number in range(3):
            copy = self.folder / f"copy-{number}.db"
            self.assertEqual(0o600, stat.S_IMODE(copy.stat().st_mode))
            self.assertEqual([("ok",)], self.rows("PRAGMA integrity_check", copy))
            there = {uuid for uuid, in self.rows("SELECT uuid FROM orders WHERE uuid IS NOT NULL", copy)}
            self.assertLessEqual(first, there)
            self.assertLessEqual(there, sold)
            self.sequra("verify", "--journal", copy, expect=0)
        left = sorted(file.name for file in self.folder.iterdir() if file.name.startswith("copy"))
        self.assertEqual(["copy-0.db", "copy-1.db", "copy-2.db"], left)

    def test_what_a_copy_that_was_killed_left_goes_with_the_next(self):
        """Whatever the copy was to be called; and nothing else that has such a name."""
        client = self.open()
        for _ in range(60):
            self.assertStatus("SQ_OK", client.send_form(client.start(orders.complete()).url))
        folder = self.folder / "copies"
        folder.mkdir()
        others = folder / ("mine.db.incomplete-" + "0" * 32)
        others.write_text("the shopping list")
        for number in range(100):
            program = subprocess.Popen([PROGRAM, "backup", folder / f"{number}.db", "--journal", self.journal],
                                       stdout=subprocess.DEVNULL)
            while program.poll() is None and not list(folder.glob(f"{number}.db.incomplete-*/copy")):
                pass
            program.kill()
            program.wait()
            if left := list(folder.glob(f"{number}.db.incomplete-*")):
                break
        left, = left
        modes = [stat.S_IMODE(path.stat().st_mode) for path in (left, left / "copy")]
        self.assertEqual([0o700, 0o600], modes)
        self.assertStatus("SQ_JOURNAL", self.try_open(journal=str(left / "copy")).opened)
        self.back_up(folder / "next.db")
        self.assertEqual([others], list(folder.glob("*incomplete*")))
        self.assertEqual("the shopping list", others.read_text())

    def test_nothing_is_written_over(self):
        self.settled(self.open())
        self.copy.write_text("the shopping list")
        self.assertIn("exists", self.back_up(expect="SQ_JOURNAL").stdout)
        self.assertEqual("the shopping list", self.copy.read_text())
        (self.folder / "other.db-wal").write_text("")
        self.back_up(self.folder / "other.db", expect="SQ_JOURNAL")
        self.back_up(self.folder / "nowhere" / "copy.db", expect="SQ_JOURNAL")

    def test_no_till_sells_with_a_copy(self):
        self.settled(self.open())
        self.back_up()
        before = self.copy.read_bytes()
        for language, word in self.in_every_language(es="copia", en="copy", fr="copie", it="copia", pt="cópia"):
            refused = self.try_open(journal=str(self.copy), language=language)
            self.assertStatus("SQ_JOURNAL", refused.opened, "journal_is_a_copy")
            self.assertIn(word, refused.opened.document["operator_message"])
        self.assertEqual(before, self.copy.read_bytes())
        # A copy of a copy is one, too, of the same moment; and one that was made by cp.
        again, by_hand = self.folder / "again.db", self.folder / "by_hand.db"
        self.back_up(again, journal=self.copy)
        shutil.copy(self.copy, by_hand)
        for copy in (again, by_hand):
            self.assertStatus("SQ_JOURNAL", self.try_open(journal=str(copy)).opened, "journal_is_a_copy")
            self.assertEqual(self.rows("SELECT copied_at FROM journal"), self.rows("SELECT copied_at FROM journal", copy))

    def test_an_older_library_takes_a_copy_for_a_newer_journal_and_leaves_it(self):
        """Whatever version: `user_version` is above all that there are."""
        for version in (1, 2):
            kept = self.folder / f"v{version}.db"
            shutil.copy(f"{os.path.dirname(__file__)}/../journals/v{version}.journal", kept)
            copy = self.folder / f"copy-{version}.db"
            before = kept.read_bytes()
            self.back_up(copy, journal=kept)
            self.assertEqual(before, kept.read_bytes())
            self.assertEqual([(1_000_000 + version,)], self.rows("PRAGMA user_version", copy))
            self.assertIn("copy", self.sequra("pending", "--journal", copy, expect=0).stdout)
            journal = self.folder / f"restored-{version}.db"
            self.restore(copy, journal=journal)
            self.open(journal=str(journal), base_url="http://127.0.0.1:4711").close()

    # -- a journal made of a copy

    def test_a_copy_becomes_the_journal_when_the_old_one_is_gone(self):
        client = self.open()
        url, uuid, _ = self.confirmed(client)
        settled = self.settled(client)[-1]
        self.back_up()
        self.lose()
        self.restore()
        self.assertEqual(0o600, stat.S_IMODE(self.journal.stat().st_mode))
        client = self.open()
        self.assertEqual([uuid], [one["uuid"] for one in client.pending().data["orders"]])
        self.assertEqual("settled", self.assertStatus("SQ_OK", client.call("sq_order_info", settled)).state)
        self.assertEqual("settled", self.assertStatus("SQ_OK", client.set_ref(url, "R-after")).state)
        self.sequra("verify", "--journal", self.journal, expect=0)

    def test_confirmations_and_references_are_asked_again(self):
        client = self.open()
        url, uuid, _ = self.approved(client)
        self.unanswered(client, "sq_confirm", url, None)
        other, _, _ = self.confirmed(client)
        self.unanswered(client, "sq_set_order_ref", other, "R-ref", None)
        self.back_up()
        self.lose()
        self.restore()
        client = self.open()
        self.assertEqual("recover", client.opened.document["next"])
        answer = self.assertStatus("SQ_OK", client.call("sq_recover", None))
        self.assertEqual(["journal_restored"], answer.warned)
        recovered = answer.data["orders"]
        self.assertEqual(["confirmed", "settled"], [one["now"] for one in recovered])

    def test_changes_after_the_sale_are_for_a_person(self):
        client = self.open()
        ref = self.settled(client)[-1]
        self.unanswered(client, "sq_ship", ref, None)
        self.back_up()
        # What the old till does after that, the copy does not know.
        self.assertStatus("SQ_OK", client.call("sq_recover", None))
        self.assertStatus("SQ_OK", client.call("sq_refund", ref, '{"amount": 500}'))
        self.lose()
        self.restore()
        client = self.open()
        waiting, = self.assertStatus("SQ_OK", client.pending()).data["orders"]
        self.assertEqual((ref, "contact_sequra"), (waiting["order_ref_1"], waiting["next"]))
        with self.sends(0):
            recovered = self.assertStatus("SQ_OUTCOME_UNKNOWN", client.call("sq_recover", None), "journal_restored")
        self.assertEqual(1, recovered.data["remaining"])
        for language, words in self.in_every_language(es="portal", en="portal", fr="portail", it="portale", pt="portal"):
            told = self.open(language=language).call("sq_order_info", ref)
            self.assertIn(words, told.document["operator_message"])
        self.assertStatus("SQ_OK", client.call("sq_resolve", ref, "confirmed", "seen in the portal"))
        self.assertEqual([], client.pending().data["orders"])
        with self.sends(0):
            self.assertStatus("SQ_OK", client.call("sq_recover", None))

    def test_no_change_goes_on_from_carts_of_yesterday(self):
        """What the old till gave back after the copy was made is not taken again by the first refund of the new one."""
        client = self.open()
        ref = self.settled(client)[-1]
        open_ref = self.settled(client)[-1]
        self.assertStatus("SQ_OK", client.call("sq_ship", ref, None))
        self.unanswered(client, "sq_ship", open_ref, None)
        self.back_up()
        self.assertStatus("SQ_OK", client.call("sq_refund", ref, '{"amount": 500}'))
        info = client.call("sq_order_info", ref).data
        carts = {name: info[name] for name in ("unshipped_cart", "shipped_cart")}
        self.lose()
        self.restore()
        client = self.open()
        self.assertEqual(["journal_restored"], client.call("sq_order_info", ref).warned)
        for language, word in self.in_every_language(es="restauró", en="restored", fr="restauré", it="ripristinato", pt="restaurado"):
            for command in (["pending"], ["order", ref]):
                shown = self.sequra(*command, "--journal", self.journal, "--language", language, expect=0)
                self.assertIn(word, shown.stdout)
        self.assertIn("restored from a copy", shown.stderr)
        changes = [("sq_ship", None), ("sq_refund", '{"amount": 300}'), ("sq_refund", '{"amount": 300, "preview": true}'),
                   ("sq_cancel", None), ("sq_update_order", '{"trackings": []}'), ("sq_hand_over",),
                   ("sq_update_order", json.dumps({"shipped_cart": carts["shipped_cart"]}))]
        with self.sends(0):
            for name in (ref, open_ref):
                for function, *given in changes:
                    if (function, name) != ("sq_hand_over", open_ref):
                        self.assertStatus("SQ_WRONG_STATE", client.call(function, name, *given), "journal_restored")
        # As somebody has seen them in the portal; without an answer at first.
        self.sim.fault("close_before", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.call("sq_update_order", ref, json.dumps(carts)))
        self.assertStatus("SQ_WRONG_STATE", client.call("sq_refund", ref, '{"amount": 300}'), "journal_restored")
        self.assertStatus("SQ_OK", client.call("sq_recover", ref))
        self.assertStatus("SQ_OK", client.call("sq_refund", ref, '{"amount": 300}'))
        self.assertEqual(orders.TOTAL - 800, client.call("sq_order_info", ref).data["amounts"]["owed"])
        self.assertEqual([], client.call("sq_order_info", ref).warned)
        # What had no answer in the copy is said with them.
        info = client.call("sq_order_info", open_ref).data
        carts = {name: info[name] for name in ("unshipped_cart", "shipped_cart")}
        self.assertStatus("SQ_OK", client.call("sq_update_order", open_ref, json.dumps(carts)))
        self.assertEqual([], client.pending().data["orders"])
        # A change that has no answer now is sent again like any other.
        self.unanswered(client, "sq_refund", ref, '{"amount": 100}')
        self.assertEqual(["recover"], [one["next"] for one in client.pending().data["orders"]])
        self.assertStatus("SQ_OK", client.call("sq_recover", None))

    def test_a_receipt_of_what_the_old_till_may_have_paid_back_says_so(self):
        client = self.open()
        ref = self.settled(client)[-1]
        self.assertStatus("SQ_OK", client.call("sq_ship", ref, None))
        info = client.call("sq_order_info", ref).data
        carts = {name: info[name] for name in ("unshipped_cart", "shipped_cart")}
        self.assertEqual(([], "none"), (client.call("sq_receipt", ref, 32).warned, client.call("sq_receipt", ref, 32).next))
        self.back_up()
        self.assertStatus("SQ_OK", client.call("sq_refund", ref, '{"amount": 500}'))
        self.lose()
        self.restore()
        client = self.open()
        new = self.settled(client)[-1]
        for columns in (24, 80):
            told = self.assertStatus("SQ_OK", client.call("sq_receipt", ref, columns))
            self.assertEqual((["journal_restored"], "contact_sequra"), (told.warned, told.next))
            self.assertIn("clear this sale up", told.data["fields"]["next_steps"][0])
        self.assertEqual([], client.call("sq_receipt", new, 32).warned)
        # Until both carts are told.
        self.assertStatus("SQ_OK", client.call("sq_update_order", ref, json.dumps(carts)))
        told = self.assertStatus("SQ_OK", client.call("sq_receipt", ref, 32))
        self.assertEqual(([], "none"), (told.warned, told.next))

    def test_the_figures_of_what_the_old_till_did_after_the_copy_are_told_to_be_missing(self):
        """However the copy was made."""
        for way in ("backup", "cp"):
            self.lose()
            client = self.open()
            began = now()
            ref = self.settled(client)[-1]
            self.assertStatus("SQ_OK", client.call("sq_ship", ref, None))
            self.assertEqual([], self.figures(client, began, now() + 1000).warned)
            last, = super().rows("SELECT max(at) AS at FROM figures")
            client.close()
            self.copy = self.folder / f"{way}.db"
            self.back_up() if way == "backup" else shutil.copy(self.journal, self.copy)
            client = self.open()
            self.assertStatus("SQ_OK", client.call("sq_refund", ref, '{"amount": 500}'))
            self.settled(client)
            self.lose()
            self.restore()
            client = self.open()
            told = self.figures(client, began, now() + 1000)
            self.assertEqual(({"EUR": {"shop_es": orders.TOTAL}}, ["figures_incomplete"]), (told.data["sold"], told.warned))
            self.assertEqual(["figures_incomplete"], self.assertStatus("SQ_OK", client.call("sq_day", None, None)).warned)
            said = told.document["warnings"][0]["message"]
            self.assertIn(moment(last["at"])[:23], said)
            # What was sold before it is whole.
            self.assertEqual([], self.figures(client, began, last["at"]).warned)
            # Nothing tells how long the old till went on, until the new one sells.
            self.assertEqual(["figures_incomplete"], self.figures(client, last["at"] + 1, last["at"] + 2).warned)
            self.settled(client)
            first, = super().rows("SELECT max(at) AS at FROM figures")
            self.assertEqual(["figures_incomplete"], self.figures(client, began, now() + 1000).warned)
            self.assertEqual([], self.figures(client, first["at"] + 1, first["at"] + 1000).warned)
            client.close()

    def test_what_was_lost_before_an_earlier_restore_is_not_forgotten(self):
        for way in ("backup", "cp"):
            self.lose()
            client = self.open()
            self.settled(client)
            first, = super().rows("SELECT max(at) AS at FROM figures")
            moments = []
            for number in range(2):
                client.close()
                self.copy = self.folder / f"{way}-{number}.db"
                self.back_up() if way == "backup" else shutil.copy(self.journal, self.copy)
                self.lose()
                self.restore()
                client = self.open()
                self.settled(client)
                last, = super().rows("SELECT max(at) AS at FROM figures")
                moments.append(last["at"])
            for since, until, warned in ((first["at"], first["at"] + 1, True), (first["at"] + 1, first["at"] + 2, True),
                                         (moments[0] + 1, moments[1], True), (moments[1] + 1, moments[1] + 2, False)):
                self.assertEqual(warned, "figures_incomplete" in self.figures(client, since, until).warned, (way, since, moments))
            client.close()

    def figures(self, client, since, until):
        return self.assertStatus("SQ_OK", client.call("sq_day", moment(since), moment(until)))

    def test_a_sale_of_the_copy_ends_without_its_shipment(self):
        """It may have been settled, shipped and paid back since: to ship it all would undo that."""
        config = {"goods_leave": "after_the_sale"}
        client = self.open(**config)
        url, uuid, _ = self.approved(client, orders.complete("R-goods"))
        self.unanswered(client, "sq_confirm", url, None)
        self.back_up()
        self.lose()
        self.restore()
        client = self.open(**config)
        with self.sends(1):
            self.assertEqual("settled", self.assertStatus("SQ_OK", client.call("sq_recover", None)).data["orders"][0]["now"])
        to_ship, = client.pending().data["unshipped"]
        self.assertEqual("R-goods", to_ship["order_ref_1"])
        # A new sale is one like any other.
        url, _, _ = self.approved(client, orders.complete("R-new"))
        self.assertStatus("SQ_OK", client.confirm(url))
        self.assertEqual(["R-goods"], [one["order_ref_1"] for one in client.pending().data["unshipped"]])

    def test_a_sale_of_the_copy_that_a_person_finds_confirmed_ends_without_its_shipment_too(self):
        config = {"goods_leave": "after_the_sale"}
        client = self.open(**config)
        url, _, _ = self.approved(client, orders.complete("R-goods"))
        self.unanswered(client, "sq_confirm", url, None)
        self.back_up()
        self.lose()
        self.restore()
        client = self.open(**config)
        with self.sends(0):
            self.assertStatus("SQ_OK", client.call("sq_resolve", url, "confirmed", "seen in the portal"))
            self.assertEqual([], client.call("sq_recover", None).data["orders"])

    def test_a_form_a_hold_and_a_start_are_not_asked_again(self):
        client = self.open()
        self.sim.fault("close_before", method="POST")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.start(orders.complete()))
        started = client.start(orders.complete(delivery_method={"name": "Entrega"}))
        self.assertStatus("SQ_OK", client.send_form(started.url))
        self.sim.review(started.uuid)
        self.unanswered(client, "sq_hold", started.url, None)
        self.back_up()
        self.lose()
        self.restore()
        client = self.open()
        with self.sends(0):
            recovered = self.assertStatus("SQ_OK", client.call("sq_recover", None)).data["orders"]
        self.assertEqual(["abandoned", "form_sent"], [one["now"] for one in recovered])

    def test_a_report_without_an_answer_goes_into_the_next_one(self):
        client = self.open()
        ref = self.settled(client)[-1]
        self.assertStatus("SQ_OK", client.call("sq_ship", ref, None))
        self.sim.fault("close_before", method="POST")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.call("sq_send_delivery_report", None))
        self.back_up()
        self.lose()
        self.restore()
        client = self.open()
        with self.sends(0):
            self.assertStatus("SQ_OK", client.call("sq_recover", None))
        # What was given back since is not in the journal: the order waits until its carts were told.
        answer = self.assertStatus("SQ_OK", client.call("sq_send_delivery_report", None))
        self.assertEqual([0], [report["orders"] for report in answer.data["reports"]])
        self.assertEqual([("journal_restored", [ref])],
                         [(one["code"], one["actual"]) for one in answer.document["warnings"]])
        self.tell_both(client, ref)
        answer = self.assertStatus("SQ_OK", client.call("sq_send_delivery_report", None))
        self.assertEqual(([1], []), ([report["orders"] for report in answer.data["reports"]], answer.warned))
        answer = self.assertStatus("SQ_OK", client.call("sq_send_delivery_report", None))
        self.assertEqual([0], [report["orders"] for report in answer.data["reports"]])

    def tell_both(self, client, ref):
        """As somebody has seen them in the portal."""
        info = client.call("sq_order_info", ref).data
        carts = {name: info[name] for name in ("unshipped_cart", "shipped_cart")}
        self.assertStatus("SQ_OK", client.call("sq_update_order", ref, json.dumps(carts)))

    def test_a_clock_that_was_ahead_stops_nothing_that_came_later(self):
        client = self.open()
        old, ahead = self.settled(client)[-1], self.settled(client)[-1]
        client.close()
        Stranger.shared().write(self.journal, "UPDATE orders SET created_at = created_at + 2592000000 WHERE id = 2")
        Stranger.shared().write(self.journal, "UPDATE steps SET intended_at = intended_at + 2592000000 WHERE order_id = 2")
        self.back_up()
        self.lose()
        self.restore()
        client = self.open()
        new = self.settled(client)[-1]
        self.assertStatus("SQ_OK", client.call("sq_ship", new, None))
        for ref in (old, ahead):
            self.assertStatus("SQ_WRONG_STATE", client.call("sq_ship", ref, None), "journal_restored")
            self.tell_both(client, ref)
            self.assertStatus("SQ_OK", client.call("sq_ship", ref, None))
        # Restored once more, all of them are old.
        self.copy = self.folder / "again.db"
        self.back_up()
        self.lose()
        self.restore()
        client = self.open()
        for ref in (old, new):
            self.assertStatus("SQ_WRONG_STATE", client.call("sq_refund", ref, '{"amount": 1}'), "journal_restored")

    def test_a_sale_that_was_unfinished_in_the_copy_may_have_been_finished_since(self):
        client = self.open()
        confirmed, _, _ = self.confirmed(client)
        approved, _, _ = self.approved(client, orders.complete(delivery_method={"name": "Entrega"}))
        self.back_up()
        self.assertStatus("SQ_OK", client.set_ref(confirmed, "OLD-1"))
        self.assertStatus("SQ_OK", client.call("sq_ship", "OLD-1", None))
        self.lose()
        self.restore()
        client = self.open()
        self.assertEqual(["journal_restored"], client.pending().warned)
        self.assertIn("restored from a copy", self.sequra("pending", "--journal", self.journal, expect=0).stderr)
        self.assertEqual(["journal_restored"], client.call("sq_recover", None).warned)
        self.assertEqual(["journal_restored"], self.assertStatus("SQ_OK", client.set_ref(confirmed, "NEW-1")).warned)
        self.assertEqual(["journal_restored"], self.assertStatus("SQ_OK", client.confirm(approved)).warned)
        url, _, _ = self.confirmed(client, orders.complete(delivery_method={"name": "Otra"}))
        self.assertEqual([], self.assertStatus("SQ_OK", client.set_ref(url, "NEW-2")).warned)

    def test_nothing_is_restored_over_a_journal_or_beside_a_till(self):
        client = self.open()
        self.settled(client)
        self.back_up()
        self.assertIn("still runs", self.restore(expect="SQ_JOURNAL").stdout)
        self._close_clients()
        before = self.journal.read_bytes()
        self.assertIn("newer than any copy", self.restore(expect="SQ_JOURNAL").stdout)
        self.assertEqual(before, self.journal.read_bytes())
        # What is left of one is as good: SQLite would bring an old log into the new journal.
        self.journal.unlink()
        (self.folder / "journal.db-wal").write_bytes(b"something")
        self.assertIn("journal.db-wal", self.restore(expect="SQ_JOURNAL").stdout)
        self.assertFalse(self.journal.exists())
        self.sequra("restore", self.copy, "--journal", self.journal, expect=2)
        self.assertEqual([], [file.name for file in self.folder.iterdir() if "incomplete" in file.name])

    def test_a_journal_that_a_till_has_open_is_not_gone(self):
        self.open()
        self.assertIn("not gone", self.restore(self.journal, expect="SQ_JOURNAL", journal=self.folder / "other.db").stdout)

    def test_no_till_opens_what_an_interrupted_copy_left(self):
        self.settled(self.open())
        self._close_clients()
        left = shutil.copy(self.journal, self.folder / ("journal.db.incomplete-" + "0" * 32))
        self.assertIn("interrupted", self.assertStatus("SQ_JOURNAL", self.try_open(journal=str(left)).opened).document["errors"][0]["message"])

    def test_a_copy_that_lies_where_the_journal_was_becomes_it(self):
        self.settled(self.open())
        self.back_up()
        self.lose()
        shutil.copy(self.copy, self.journal)
        self.assertStatus("SQ_JOURNAL", self.try_open().opened, "journal_is_a_copy")
        self.restore(self.journal)
        self.open()

    def test_what_cp_has_made_is_restored_as_well(self):
        client = self.open()
        self.settled(client)
        self._close_clients()
        shutil.copy(self.journal, self.copy)
        self.lose()
        self.restore()
        self.open()

    def test_a_restore_that_is_interrupted_leaves_no_journal(self):
        """Whatever lies there then has another name, and the copy is a copy still."""
        self.settled(self.open())
        self.back_up()
        self.lose()
        folder = self.folder / "full"
        folder.mkdir()

        def on_a_full_disk():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

        done = self.sequra("restore", self.copy, "--journal", folder / "journal.db", "--the-old-one-is-gone",
                           preexec_fn=on_a_full_disk)
        self.assertNotEqual(0, done.returncode)
        self.assertFalse((folder / "journal.db").exists())
        self.assertStatus("SQ_JOURNAL", self.try_open(journal=str(self.copy)).opened, "journal_is_a_copy")
        self.restore()
        self.open()

    def test_what_is_no_journal_is_neither_copied_nor_set_aside(self):
        notes = self.folder / "notes.txt"
        notes.write_text("pan, leche " * 1000)
        for done in (self.back_up(expect="SQ_JOURNAL", journal=notes), self.restore(notes, expect="SQ_JOURNAL")):
            self.assertIn("no journal", done.stdout)
            self.assertNotIn("set aside", done.stdout + done.stderr)
        self.assertEqual({"notes.txt", "sequra.json"}, {file.name for file in self.folder.iterdir()})
