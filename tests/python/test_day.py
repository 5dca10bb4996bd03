"""sq_day: the figures between two moments. Each test says what it takes for the figures of a day."""

import datetime
import shutil
import time
from pathlib import Path

import orders
from outside import Stranger, Worker, armed
from till import Till

KINDS = "confirmed", "sold", "shipped", "refunded", "at_risk"
TOTAL = orders.TOTAL
DAY_MS = 86_400_000
#: Madrid, without a table of time zones on this machine.
MADRID = "CET-1CEST,M3.5.0,M10.5.0/3"


def text(ms):
    return datetime.datetime.fromtimestamp(ms / 1000, datetime.timezone.utc).isoformat(timespec="milliseconds")


def ms(moment):
    return round(datetime.datetime.fromisoformat(moment.replace("Z", "+00:00")).timestamp() * 1000)


def noon_here():
    """A time zone in which it is about noon now: no test runs over midnight."""
    return f"XXX{time.gmtime().tm_hour - 12:+d}"


class Day(Till):
    def setUp(self):
        super().setUp()
        self.began = time.time_ns() // 1_000_000 - 1000

    def day(self, client, since=None, until=None):
        """The figures of an interval, those of this test where there is none: nothing is sent, and nothing written."""
        since = text(self.began) if since is None else since
        until = text(time.time_ns() // 1_000_000 + 1000) if until is None else until
        before = self.rows("SELECT * FROM figures")
        with self.sends(0):
            answer = client.call("sq_day", since, until)
        self.assertEqual(before, self.rows("SELECT * FROM figures"))
        return answer

    def figures(self, client, since=None, until=None, merchant="shop_es"):
        """What is not nothing, of one merchant: cents and number."""
        answer = self.assertStatus("SQ_OK", self.day(client, since, until))
        self.assertEqual([], answer.document["warnings"])
        return self.of(answer.data, merchant)

    def of(self, data, merchant="shop_es"):
        self.assertEqual({*KINDS, "counts", "since", "until"}, set(data))
        self.assertEqual(set(KINDS), set(data["counts"]))
        found = {}
        for kind in KINDS:
            self.assertEqual({currency: set(each) for currency, each in data[kind].items()},
                             {currency: set(each) for currency, each in data["counts"][kind].items()})
            if merchant in data[kind].get("EUR", {}):
                found[kind] = data[kind]["EUR"][merchant], data["counts"][kind]["EUR"][merchant]
        return found

    def move(self, by_ms, condition="TRUE"):
        """What came to pass did so at another time."""
        Stranger.shared().write(self.journal, f"UPDATE figures SET at = at + {by_ms} WHERE {condition};")

    def test_from_the_confirmation_to_the_last_refund(self):
        client = self.open()
        self.assertEqual({}, self.figures(client))
        url, _, _ = self.confirmed(client)
        self.assertEqual({"confirmed": (TOTAL, 1), "at_risk": (TOTAL, 1)}, self.figures(client))
        self.assertStatus("SQ_OK", client.set_ref(url, "R-1"))
        sold = {"confirmed": (TOTAL, 1), "sold": (TOTAL, 1)}
        self.assertEqual(sold, self.figures(client))
        client.confirm(url, None)
        client.set_ref(url, "R-1")
        self.assertEqual(sold, self.figures(client), "asked twice, it happened once")
        shipped = self.assertStatus("SQ_OK", client.call("sq_ship", "R-1", [{"reference": "CAM-01", "quantity": 1}])).data
        first = shipped["amounts"]["shipped"]
        self.assertEqual({**sold, "shipped": (first, 1)}, self.figures(client))
        self.assertStatus("SQ_OK", client.call("sq_ship", "R-1", None))
        self.assertEqual({**sold, "shipped": (TOTAL, 2)}, self.figures(client))
        self.assertStatus("SQ_OK", client.call("sq_refund", "R-1", {"amount": 500, "reason": "A scratch"}))
        self.assertEqual({**sold, "shipped": (TOTAL, 2), "refunded": (500, 1)}, self.figures(client))
        self.assertStatus("SQ_OK", client.call("sq_refund", "R-1", None))
        self.assertEqual({**sold, "shipped": (TOTAL, 2), "refunded": (TOTAL, 2)}, self.figures(client))

    def test_a_cancelled_sale_is_given_back_whole(self):
        client = self.open()
        self.settled(client, ref="R-1")
        self.assertStatus("SQ_OK", client.call("sq_cancel", "R-1", None))
        self.assertEqual({"confirmed": (TOTAL, 1), "sold": (TOTAL, 1), "refunded": (TOTAL, 1)}, self.figures(client))

    def test_confirmed_with_its_reference_it_is_sold_at_once(self):
        for goods_leave, shipped in ((None, {}), ("with_the_order", {"shipped": (TOTAL, 1)}),
                                     ("after_the_sale", {"shipped": (TOTAL, 1)})):
            with self.subTest(goods_leave):
                client = self.open(goods_leave=goods_leave, journal=str(self.folder / str(goods_leave)))
                self.journal = self.folder / str(goods_leave)
                url, _, order = self.approved(client, orders.complete(ref=f"R-{goods_leave}"))
                self.assertEqual("settled", self.assertStatus("SQ_OK", client.confirm(url, order)).state)
                self.assertEqual({"confirmed": (TOTAL, 1), "sold": (TOTAL, 1), **shipped}, self.figures(client))
                client.close()

    def test_by_merchant(self):
        client = self.open(merchant_id=None, merchants={"ES": "shop_es", "FR": "shop_fr"})
        self.settled(client)
        for number in (1, 2):
            order = orders.other(orders.complete(), "/delivery_address/country_code", "FR")
            order["merchant"] = {}
            self.settled(client, order)
        self.assertEqual({"confirmed": (TOTAL, 1), "sold": (TOTAL, 1)}, self.figures(client))
        self.assertEqual({"confirmed": (2 * TOTAL, 2), "sold": (2 * TOTAL, 2)}, self.figures(client, merchant="shop_fr"))

    def test_a_refund_belongs_to_the_day_on_which_it_was_made(self):
        client = self.open()
        self.settled(client, ref="R-1")
        self.assertStatus("SQ_OK", client.call("sq_ship", "R-1", None))
        self.move(-3 * DAY_MS)
        self.assertStatus("SQ_OK", client.call("sq_refund", "R-1", {"amount": 700, "reason": "A scratch"}))
        self.assertEqual({"refunded": (700, 1)}, self.figures(client))
        since, until = text(self.began - 3 * DAY_MS), text(self.began - 2 * DAY_MS)
        self.assertEqual({"confirmed": (TOTAL, 1), "sold": (TOTAL, 1), "shipped": (TOTAL, 1)},
                         self.figures(client, since, until))
        # Longer ago than the log is kept.
        self.move(-400 * DAY_MS)
        since, until = text(self.began - 404 * DAY_MS), text(self.began - 402 * DAY_MS)
        self.assertEqual((TOTAL, 1), self.figures(client, since, until)["sold"])

    def test_the_first_moment_counts_and_the_last_does_not(self):
        client = self.open()
        self.settled(client)
        at = ms("2026-03-28T23:00:00Z")
        Stranger.shared().write(self.journal, f"UPDATE figures SET at = {at} WHERE sold IS NOT NULL; "
                                              f"UPDATE figures SET at = {at - 1} WHERE confirmed IS NOT NULL;")
        sold, confirmed = {"sold": (TOTAL, 1)}, {"confirmed": (TOTAL, 1)}
        for since, until, found in (
                ("2026-03-28T00:00:00+01:00", "2026-03-29T00:00:00+01:00", confirmed),
                ("2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00", sold),
                ("2026-03-29T00:00:00+01:00", "2026-03-29T00:00:00.001+01:00", sold),
                ("2026-03-29T00:00:00+01:00", "2026-03-29T00:00:00+01:00", {}),
                ("2026-03-28T23:00Z", "2026-03-29T04:30:00+05:30", {}),
                ("2026-03-28T22:59:59.999Z", "2026-03-28T23:00:00.001Z", {**confirmed, **sold})):
            self.assertEqual(found, self.figures(client, since, until), (since, until))

    def test_what_is_no_interval_is_refused(self):
        client = self.open()
        for since, until in (("2026-11-27", None), ("2026-11-27T10:00:00", None), (None, "now"), ("2026-02-30T00:00:00Z", None),
                             ("2026-11-27 10:00:00Z", None), ("1795230900", None),
                             ("2026-11-27T10:00:01+01:00", "2026-11-27T10:00:00+01:00"),
                             ("2026-11-27T10:00:00+01:00", "2026-11-27T10:00:00+02:00"), ("2999-01-01T00:00:00Z", None)):
            answer = self.assertStatus("SQ_INVALID_ARGUMENT", client.call("sq_day", since, until), "argument_out_of_range")
            self.assertIsNone(answer.data)
        self.assertStatus("SQ_INVALID_TEXT", client.call("sq_day", b"\xff", None))

    def elsewhere(self, zone, now, *arguments):
        """The figures as a till in another time zone has them at another time."""
        environment = {"TZ": zone}
        if now is not None:
            clock = self.folder / "clock"
            clock.write_text(str(ms(now) - time.time_ns() // 1_000_000))
            environment.update(armed(), SEQURA_POS_CLOCK=str(clock))
        worker = Worker("call", {"config": self.config(), "function": "sq_day", "arguments": list(arguments)}, **environment)
        self.assertEqual("calling", worker.next()["event"])
        done = worker.next()
        self.assertEqual("SQ_OK", done["status"], done)
        worker.end()
        return done["document"]["data"]

    def test_the_local_day_has_23_or_25_hours(self):
        self.open().close()
        for zone, now, since, until, hours in (
                (MADRID, "2027-03-28T12:00:00Z", "2027-03-27T23:00:00.000Z", "2027-03-28T22:00:00.000Z", 23),
                (MADRID, "2026-10-25T22:59:00Z", "2026-10-24T22:00:00.000Z", "2026-10-25T23:00:00.000Z", 25),
                (MADRID, "2026-11-27T23:00:00Z", "2026-11-27T23:00:00.000Z", "2026-11-28T23:00:00.000Z", 24),
                ("UTC0", "2026-11-27T23:00:00Z", "2026-11-27T00:00:00.000Z", "2026-11-28T00:00:00.000Z", 24),
                ("XXX+11:30", "2026-11-27T11:00:00Z", "2026-11-26T11:30:00.000Z", "2026-11-27T11:30:00.000Z", 24),
                # Clocks are changed at midnight.
                ("EET-2EEST,M3.5.0/0,M10.5.0/0", "2027-03-28T12:00:00Z", "2027-03-27T22:00:00.000Z",
                 "2027-03-28T21:00:00.000Z", 23),
                ("CST5CDT,M3.2.0/0,M11.1.0/1", "2026-11-01T05:30:00Z", "2026-11-01T04:00:00.000Z",
                 "2026-11-02T05:00:00.000Z", 25)):
            with self.subTest(zone, now=now):
                data = self.elsewhere(zone, now, None, None)
                self.assertEqual((since, until), (data["since"], data["until"]))
                self.assertEqual(hours, (ms(until) - ms(since)) / 3_600_000)

    def test_one_end_alone_and_texts_that_say_nothing(self):
        self.open().close()
        now = "2027-03-28T12:00:00Z"
        for since, until, begin, end in (
                ("2027-03-26T18:00:00+01:00", None, "2027-03-26T17:00:00.000Z", "2027-03-28T22:00:00.000Z"),
                (None, "2027-03-26T18:00:00+01:00", "2027-03-25T23:00:00.000Z", "2027-03-26T17:00:00.000Z"),
                (None, "2027-03-27T00:00:00+01:00", "2027-03-25T23:00:00.000Z", "2027-03-26T23:00:00.000Z"),
                ("", " ", "2027-03-27T23:00:00.000Z", "2027-03-28T22:00:00.000Z")):
            data = self.elsewhere(MADRID, now, since, until)
            self.assertEqual((begin, end), (data["since"], data["until"]), (since, until))

    def test_today_is_the_hosts(self):
        client = self.open()
        self.settled(client)
        data = self.elsewhere(noon_here(), None, None, None)
        self.assertEqual({"confirmed": (TOTAL, 1), "sold": (TOTAL, 1)}, self.of(data))
        self.move(-DAY_MS)
        self.assertEqual({}, self.of(self.elsewhere(noon_here(), None, None, None)))

    def test_a_clock_that_was_set_back_hides_nothing(self):
        client = self.open()
        self.settled(client)
        url, _, _ = self.approved(client, orders.complete(ref="R-2"))
        clock = self.folder / "clock"
        clock.write_text(str(-3 * DAY_MS))
        worker = Worker("confirm", {"config": self.config(), "url": url}, SEQURA_POS_CLOCK=str(clock), **armed())
        self.assertEqual("calling", worker.next()["event"])
        self.assertEqual("SQ_OK", worker.next()["status"])
        worker.end()
        self.settled(client)
        self.assertEqual({"confirmed": (2 * TOTAL, 2), "sold": (2 * TOTAL, 2)}, self.figures(client))
        since, until = text(self.began - 3 * DAY_MS), text(self.began - 2 * DAY_MS)
        self.assertEqual({"confirmed": (TOTAL, 1), "sold": (TOTAL, 1)}, self.figures(client, since, until))

    def test_what_is_at_risk_belongs_to_when_it_came_to_be(self):
        client = self.open()
        self.confirmed(client)
        url, _, order = self.approved(client)
        self.sim.fault("close_after", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.confirm(url, order))
        self.assertEqual({"confirmed": (TOTAL, 1), "at_risk": (2 * TOTAL, 2)}, self.figures(client))
        Stranger.shared().write(self.journal, f"UPDATE steps SET intended_at = intended_at - {DAY_MS}, "
                                              f"answered_at = answered_at - {DAY_MS};")
        self.assertEqual({"confirmed": (TOTAL, 1)}, self.figures(client))
        since, until = text(self.began - DAY_MS), text(self.began)
        self.assertEqual({"at_risk": (2 * TOTAL, 2)}, self.figures(client, since, until))
        # The answer comes today: today it is confirmed, and at risk until it has its reference.
        self.assertStatus("SQ_OK", client.call("sq_recover", url))
        self.assertEqual({"confirmed": (2 * TOTAL, 2), "at_risk": (TOTAL, 1)}, self.figures(client))
        self.assertEqual({"at_risk": (TOTAL, 1)}, self.figures(client, since, until))
        self.assertStatus("SQ_OK", client.set_ref(url, "R-1"))
        self.assertEqual({"confirmed": (2 * TOTAL, 2), "sold": (TOTAL, 1)}, self.figures(client))
        # One that surely was not confirmed is not at risk.
        url, _, order = self.approved(client)
        line = self.line()
        line.close()
        lost = self.open()
        self.assertNotEqual("SQ_OK", lost.confirm(url, order).name)
        self.assertEqual({"confirmed": (2 * TOTAL, 2), "sold": (TOTAL, 1)}, self.figures(client))

    def test_what_was_refused_did_not_happen(self):
        client = self.open()
        order = orders.complete()
        started = self.assertStatus("SQ_OK", client.start(order))
        client.send_form(started.url)
        self.assertStatus("SQ_CONFLICT", client.confirm(started.url, order))
        self.assertEqual({}, self.figures(client))
        _, _, _, ref = self.settled(client)
        self.assertStatus("SQ_OK", client.call("sq_ship", ref, None))
        before = self.figures(client)
        self.sim.fault("status", method="PUT", status=409, body='{"errors":["no"]}', content_type="application/json")
        self.assertNotEqual("SQ_OK", client.call("sq_refund", ref, None).name)
        self.assertEqual(before, self.figures(client))

    def test_changes_that_are_answered_together_are_counted_each(self):
        client = self.open()
        _, _, _, ref = self.settled(client)
        self.sim.fault("close_before", method="PUT", times=2)
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.call("sq_ship", ref, None))
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.call("sq_refund", ref, {"amount": 500, "reason": "A scratch"}))
        self.assertEqual({"confirmed": (TOTAL, 1), "sold": (TOTAL, 1)}, self.figures(client))
        self.assertStatus("SQ_OK", client.call("sq_recover", None))
        self.assertEqual({"confirmed": (TOTAL, 1), "sold": (TOTAL, 1), "shipped": (TOTAL, 1), "refunded": (500, 1)},
                         self.figures(client))

    def test_what_a_person_says_counts_as_the_answer(self):
        client = self.open()
        url, _, order = self.approved(client, orders.complete(ref="R-1"))
        self.sim.fault("close_before", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.confirm(url, order))
        self.assertStatus("SQ_OK", client.call("sq_resolve", url, "confirmed", "seen in the portal"))
        self.assertEqual({"confirmed": (TOTAL, 1), "sold": (TOTAL, 1)}, self.figures(client))
        self.assertStatus("SQ_OK", client.call("sq_resolve", url, "confirmed", "seen in the portal"))
        self.assertEqual({"confirmed": (TOTAL, 1), "sold": (TOTAL, 1)}, self.figures(client))

    def test_an_order_that_moves_to_another_till_counts_where_it_was_sold(self):
        client = self.open()
        self.settled(client, ref="R-1")
        self.assertStatus("SQ_OK", client.call("sq_ship", "R-1", None))
        document = self.assertStatus("SQ_OK", client.call("sq_hand_over", "R-1")).data["document"]
        here = {"confirmed": (TOTAL, 1), "sold": (TOTAL, 1), "shipped": (TOTAL, 1)}
        self.assertEqual(here, self.figures(client))
        self.journal = self.folder / "other"
        other = self.open()
        self.assertStatus("SQ_OK", other.call("sq_take_over", document))
        self.assertEqual({}, self.figures(other))
        self.assertStatus("SQ_OK", other.call("sq_refund", "R-1", {"amount": 500, "reason": "A scratch"}))
        self.assertEqual({"refunded": (500, 1)}, self.figures(other))
        self.journal = self.folder / "journal.db"
        self.assertEqual(here, self.figures(client))

    def test_an_update_counts_by_what_it_makes_of_the_total(self):
        client = self.open()
        self.settled(client, ref="R-1")
        cart = self.assertStatus("SQ_OK", client.order_info("R-1")).data["unshipped_cart"]
        less = [item for item in cart["items"] if item.get("reference") != "CAÑ-7"]
        removed, = [item["total_with_tax"] for item in cart["items"] if item not in less]
        for items, back in ((less, removed), (cart["items"], 0)):
            total = sum(item["total_with_tax"] for item in items)
            answer = client.call("sq_update_order", "R-1", {"unshipped_cart": {**cart, "items": items, "order_total_with_tax": total}})
            if answer.name == "SQ_OK":
                self.assertEqual(back, self.figures(client)["refunded"][0])

    def test_what_is_shipped_is_what_leaves_the_unshipped_cart(self):
        """Neither a line of the shipped cart that is taken out, nor the same goods twice."""
        client = self.open()
        self.settled(client, ref="R-1")
        self.assertStatus("SQ_OK", client.call("sq_ship", "R-1", None))
        self.assertStatus("SQ_OK", client.call("sq_refund", "R-1", {"items": [{"reference": "CAM-01", "quantity": 1}]}))
        self.assertStatus("SQ_OK", client.call("sq_refund", "R-1", {"items": [{"reference": "REB"}, {"reference": "CAM-01"}]}))
        self.assertEqual((TOTAL, 1), self.figures(client)["shipped"])
        client.close()
        self.journal = self.folder / "other.db"
        client = self.open()
        self.settled(client, ref="R-2")
        info = self.assertStatus("SQ_OK", client.call("sq_order_info", "R-2")).data
        whole, none = info["unshipped_cart"], info["shipped_cart"]
        for unshipped, shipped, expected in ((none, whole, TOTAL), (whole, none, 0), (none, whole, TOTAL)):
            self.assertStatus("SQ_OK", client.call("sq_update_order", "R-2", {"unshipped_cart": unshipped, "shipped_cart": shipped}))
            figures = self.figures(client)
            self.assertEqual((expected, None), (figures["shipped"][0], figures.get("refunded")))
        # Less of both: what left the shop, and what will not.
        cart = {**whole, "items": whole["items"][:1], "order_total_with_tax": whole["items"][0]["total_with_tax"]}
        client.close()
        self.journal = self.folder / "third.db"
        client = self.open()
        self.settled(client, ref="R-3")
        self.assertStatus("SQ_OK", client.call("sq_update_order", "R-3", {"unshipped_cart": none, "shipped_cart": cart}))
        figures = self.figures(client)
        part = cart["order_total_with_tax"]
        self.assertEqual((part, TOTAL - part), (figures["shipped"][0], figures["refunded"][0]))

    def test_more_than_can_be_counted_is_told_and_not_wrapped(self):
        client = self.open()
        self.settled(client)
        self.settled(client)
        Stranger.shared().write(self.journal, f"UPDATE figures SET sold = {2**63 - 1} WHERE sold IS NOT NULL;")
        answer = self.assertStatus("SQ_OK", self.day(client))
        self.assertEqual(["figures_incomplete"], answer.warned)
        self.assertEqual(({"shop_es": None}, {"shop_es": 2}),
                         (answer.data["sold"]["EUR"], answer.data["counts"]["sold"]["EUR"]))
        self.assertEqual({"shop_es": 2 * TOTAL}, answer.data["confirmed"]["EUR"])

    def test_what_has_no_amount_is_not_nothing(self):
        client = self.open()
        self.confirmed(client)
        self.confirmed(client)
        Stranger.shared().write(self.journal, "UPDATE orders SET amount = NULL WHERE id = 1")
        answer = self.assertStatus("SQ_OK", self.day(client))
        self.assertEqual((["figures_incomplete"], {"EUR": {"shop_es": None}}, {"EUR": {"shop_es": 2}}),
                         (answer.warned, answer.data["at_risk"], answer.data["counts"]["at_risk"]))
        self.assertEqual({"EUR": {"shop_es": None}}, client.pending().data["at_risk"])
        Stranger.shared().write(self.journal, "UPDATE orders SET currency = NULL WHERE id = 1")
        answer = self.assertStatus("SQ_OK", self.day(client))
        self.assertEqual((["figures_incomplete"], {"EUR": {"shop_es": TOTAL}}), (answer.warned, answer.data["at_risk"]))

    def test_a_journal_of_an_earlier_version_says_since_when(self):
        for version in ("v1", "v2"):
            self.journal = self.folder / f"{version}.db"
            shutil.copy(Path(__file__).parents[1] / "journals" / f"{version}.journal", self.journal)
            client = self.open()
            answer = self.assertStatus("SQ_OK", client.call("sq_day", "2020-01-01T00:00:00Z", None))
            self.assertIn("figures_incomplete", answer.warned)
            self.settled(client)
            self.assertEqual({"confirmed": (TOTAL, 1), "sold": (TOTAL, 1)}, self.of(self.assertStatus(
                "SQ_OK", self.day(client, text(time.time_ns() // 1_000_000 - 500))).data))
            client.close()

    def test_each_endpoint_has_its_own(self):
        client = self.open()
        self.settled(client)
        other = self.open(base_url=self.sim.http.replace("127.0.0.1", "localhost"))
        self.assertEqual({}, self.figures(other))
        self.assertEqual((TOTAL, 1), self.figures(client)["sold"])
