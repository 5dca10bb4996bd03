"""The delivery report: what was shipped is told once a day, until seQura has taken it, and never forgotten."""

import json
import threading
import time
from datetime import datetime, timezone

import orders
from outside import Stranger
from simulator import SIGNED
from test_after_sale import JACKET, SHIRT, AfterSale, cart
from till import deadline_s, garbage


class DeliveryReport(AfterSale):
    def send(self, client, report=None):
        return client.call("sq_send_delivery_report", report and json.dumps(report))

    def told(self):
        """The reports that seQura has taken, oldest first."""
        return [entry["report"] for entry in self.sim.control("GET", "delivery_reports")["delivery_reports"]]

    def sent(self):
        return [json.loads(body)["delivery_report"] for body in self.sim.bodies("POST", "delivery_reports")]

    def shipped(self, client, *picks, **sale):
        ref = self.sold(client, **sale)
        self.assertStatus("SQ_OK", self.ship(client, ref, [{"reference": pick} for pick in picks] or None))
        return ref

    def refs(self, report):
        return [order["merchant_reference"]["order_ref_1"] for order in report["orders"]]


class FromTheJournal(DeliveryReport):
    def test_what_was_shipped_since_the_last_one(self):
        client = self.open()
        first = self.shipped(client, "J1")
        self.sold(client)                                   # nothing of it is shipped
        answer = self.assertStatus("SQ_OK", self.send(client))
        self.assertEqual([{"merchant_id": "shop_es", "orders": 1, "status": "SQ_OK", "errors": []}],
                         answer.data["reports"])
        report, = self.told()
        order, = report["orders"]
        self.assertEqual("shop_es", report["merchant"]["id"])
        self.assertEqual(("shipped", {"order_ref_1": first}), (order["state"], order["merchant_reference"]))
        self.assertEqual((cart(JACKET), cart(SHIRT)), (order["cart"], order["remaining_cart"]))
        self.assertLess(abs(time.time() - self.moment(order["sent_at"])), 120)
        self.assertNotIn("Muñoz", json.dumps(report, ensure_ascii=False))

        self.assertStatus("SQ_OK", self.ship(client, first))
        second = self.shipped(client)
        self.assertStatus("SQ_OK", self.send(client))
        self.assertEqual([first, second], self.refs(self.told()[1]))
        self.assertEqual(8350, self.told()[1]["orders"][0]["cart"]["order_total_with_tax"])

    def moment(self, text):
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc).timestamp()

    def test_even_when_there_is_nothing(self):
        client = self.open(order_defaults={"platform": PLATFORM})
        answer = self.assertStatus("SQ_OK", self.send(client))
        self.assertEqual({"merchant": {"id": "shop_es"}, "orders": [], "platform": PLATFORM}, self.told()[0])
        self.assertEqual(0, answer.data["reports"][0]["orders"])
        self.assertEqual(204, answer.document["http"]["status"])

    def test_what_came_back_before_is_not_told_as_delivered(self):
        client = self.open()
        ref = self.shipped(client)
        self.assertStatus("SQ_OK", self.refund(client, ref, {"items": [{"reference": "S1"}]}))
        self.shipped(client, ref="R-all-back")
        self.assertStatus("SQ_OK", self.refund(client, "R-all-back"))
        self.assertStatus("SQ_OK", self.send(client))
        order, = self.told()[0]["orders"]
        self.assertEqual((ref, cart(JACKET)), (order["merchant_reference"]["order_ref_1"], order["cart"]))
        self.assertStatus("SQ_OK", self.send(client))
        self.assertEqual([], self.told()[1]["orders"])

    def test_goods_that_went_over_the_counter_with_the_sale(self):
        client = self.open()
        order = {**orders_without_cart(), "shipped_cart": cart(SHIRT), "unshipped_cart": cart(JACKET)}
        order["merchant"] = {"id": "shop_es", "options": {"uses_shipped_cart": True}}
        _, _, _, ref = self.settled(client, order)
        self.assertStatus("SQ_OK", self.send(client))
        self.assertEqual([ref], self.refs(self.told()[0]))
        self.assertEqual(cart(SHIRT), self.told()[0]["orders"][0]["cart"])

    def test_a_shipment_that_an_update_tells_of(self):
        client = self.open()
        ref = self.sold(client)
        self.assertStatus("SQ_OK", self.update(client, ref, {"unshipped_cart": cart(SHIRT), "shipped_cart": cart(JACKET)}))
        self.assertStatus("SQ_OK", self.send(client))
        self.assertEqual([ref], self.refs(self.told()[0]))

    def test_a_shipment_that_was_refused_is_not_told(self):
        client = self.open()
        ref = self.sold(client)
        self.sim.fault("status", status=409, headers=SIGNED, times=1)
        self.assertStatus("SQ_CONFLICT", self.ship(client, ref))
        self.assertStatus("SQ_OK", self.send(client))
        self.assertEqual([], self.told()[0]["orders"])
        self.assertStatus("SQ_OK", self.ship(client, ref, [{"reference": "S1"}]))
        self.assertStatus("SQ_OK", self.send(client))
        self.sim.fault("status", status=409, headers=SIGNED, times=1)
        self.assertStatus("SQ_CONFLICT", self.ship(client, ref))
        self.assertStatus("SQ_OK", self.send(client))
        self.assertEqual([[], [ref], []], [self.refs(report) for report in self.told()])

    def test_a_shipment_whose_answer_was_lost_is_told_when_it_is_known(self):
        client = self.open(timeouts={"connect_ms": 2000, "total_ms": 2000})
        ref = self.sold(client)
        self.sim.fault("close_after", times=1)
        self.assertStatus("SQ_OUTCOME_UNKNOWN", self.ship(client, ref))
        self.assertStatus("SQ_OK", self.send(client))
        self.assertEqual([], self.told()[0]["orders"])
        self.assertStatus("SQ_OK", client.call("sq_recover", None))
        self.assertStatus("SQ_OK", self.send(client))
        self.assertEqual([ref], self.refs(self.told()[1]))

    def test_a_shipment_that_went_with_the_change_after_it(self):
        client = self.open(timeouts={"connect_ms": 2000, "total_ms": 2000})
        ref = self.sold(client)
        self.sim.fault("close_after", times=1)
        self.assertStatus("SQ_OUTCOME_UNKNOWN", self.ship(client, ref))
        self.assertStatus("SQ_OK", self.refund(client, ref, {"items": [{"reference": "S1"}]}))
        self.assertStatus("SQ_OK", self.send(client))
        self.assertEqual(([ref], cart(JACKET)), (self.refs(self.told()[0]), self.told()[0]["orders"][0]["cart"]))

    def test_every_merchant_has_its_own(self):
        client = self.open(merchant_id=None, merchants={"ES": "shop_es", "FR": "shop_fr"})
        ref = self.shipped(client)
        answer = self.assertStatus("SQ_OK", self.send(client))
        self.assertEqual([("shop_es", 1), ("shop_fr", 0)],
                         [(one["merchant_id"], one["orders"]) for one in answer.data["reports"]])
        self.assertEqual([("shop_es", [ref]), ("shop_fr", [])],
                         [(report["merchant"]["id"], self.refs(report)) for report in self.told()])

    def test_a_merchant_that_only_the_orders_name(self):
        client = self.open(merchant_id=None)
        answer = self.send(client)
        self.assertStatus("SQ_INVALID_CONFIG", answer, "missing_field")
        self.shipped(client)
        self.assertStatus("SQ_OK", self.send(client))
        self.assertEqual("shop_es", self.told()[0]["merchant"]["id"])

    def test_the_path_that_the_documentation_has_is_tried_first(self):
        client = self.open()
        for rule, paths in (("short_delivery_report_path", ["/orders/delivery_reports"]),
                            ("documented_delivery_report_path", ["/orders/delivery_reports", "/delivery_reports"])):
            with self.subTest(rule):
                self.sim.rules(**{rule: False})
                before = len(self.sim.requests("POST", "delivery_reports"))
                ref = self.shipped(client)
                self.assertStatus("SQ_OK", self.send(client))
                self.assertEqual([ref], self.refs(self.told()[-1]))
                self.assertEqual(paths, [one["path"] for one in self.sim.requests("POST", "delivery_reports")[before:]])
                self.sim.rules(short_delivery_report_path=True, documented_delivery_report_path=True)

    def test_it_carries_platform_and_delivery_method_and_nothing_of_the_shopper(self):
        for config in ({}, {"order_defaults": {"platform": {**orders.COMPLETE["platform"], "name": "defaults"}}}):
            with self.subTest(str(config)):
                self.sim.reset()
                client = self.open(journal=":memory:", **config)
                self.shipped(client)
                self.assertStatus("SQ_OK", self.send(client))
                report, = self.told()
                self.assertEqual(orders.COMPLETE["platform"], report["platform"])
                self.assertEqual({"merchant", "orders", "platform"}, set(report))
                order, = report["orders"]
                self.assertEqual(orders.COMPLETE["delivery_method"], order["delivery_method"])
                self.assertEqual({"cart", "delivery_method", "merchant_reference", "remaining_cart", "sent_at", "state"},
                                 set(order))
                # What the till gives goes before, and statistics are the till's alone.
                statistics = {"orders": [{"completed_at": "2026-11-27T10:00:00Z", "currency": "EUR"}]}
                platform = {**orders.COMPLETE["platform"], "name": "given"}
                self.shipped(client)
                self.assertStatus("SQ_OK", self.send(client, {"statistics": statistics, "platform": platform}))
                self.assertEqual((statistics, platform), (self.told()[-1]["statistics"], self.told()[-1]["platform"]))


class NothingLost(DeliveryReport):
    def test_no_answer_and_it_is_sent_again_as_it_was(self):
        for again in ["the next call", "recovery", "another till after this one died"]:
            with self.subTest(again):
                self.sim.reset()
                client = self.open(timeouts={"connect_ms": 2000, "total_ms": 2000})
                first = self.shipped(client)
                self.sim.fault("close_after", times=1)
                answer = self.assertStatus("SQ_OUTCOME_UNKNOWN", self.send(client))
                self.assertEqual("SQ_OUTCOME_UNKNOWN", answer.data["reports"][0]["status"])
                second = self.shipped(client)
                if again == "recovery":
                    answer = self.assertStatus("SQ_OK", client.call("sq_recover", None))
                    self.assertEqual((["SQ_OK"], 0), ([one["status"] for one in answer.data["reports"]],
                                                      answer.data["remaining"]))
                    self.assertEqual(2, len(self.sent()))
                elif again != "the next call":
                    client = self.open()
                answer = self.assertStatus("SQ_OK", self.send(client))
                sent = self.sent()
                self.assertEqual(sent[0], sent[1])
                self.assertEqual([[first], [first], [second]], [self.refs(report) for report in sent])
                client.close()

    def test_not_reached_and_it_waits(self):
        client = self.open()
        ref = self.shipped(client)
        self.sim.fault("close_before", times=1)
        self.assertStatus("SQ_OUTCOME_UNKNOWN", self.send(client))
        self.assertStatus("SQ_OK", client.call("sq_recover", None))
        self.assertEqual([ref], self.refs(self.told()[-1]))

    def test_recovery_says_what_it_could_not_send(self):
        client = self.open()
        self.shipped(client)
        self.sim.fault("status", status=503, times=2)
        self.assertStatus("SQ_SERVER_ERROR", self.send(client))
        answer = self.assertStatus("SQ_SERVER_ERROR", client.call("sq_recover", None))
        self.assertEqual(1, answer.data["remaining"])
        self.assertEqual("SQ_SERVER_ERROR", answer.data["reports"][0]["status"])
        self.assertStatus("SQ_OK", client.call("sq_recover", None))

    def test_refused_and_its_orders_go_into_the_next(self):
        client = self.open()
        ref = self.shipped(client)
        self.sim.fault("status", status=409, times=1, body='{"errors":["no"]}')
        answer = self.assertStatus("SQ_CONFLICT", self.send(client))
        self.assertEqual("contact_sequra", answer.next)
        self.assertStatus("SQ_OK", self.send(client))
        self.assertEqual([ref], self.refs(self.told()[0]))

    def test_one_merchants_failure_does_not_stop_the_others(self):
        client = self.open(merchant_id=None, merchants={"ES": "shop_es", "FR": "shop_fr"})
        self.sim.fault("status", status=500, times=1)
        answer = self.assertStatus("SQ_SERVER_ERROR", self.send(client))
        self.assertEqual(["SQ_SERVER_ERROR", "SQ_OK"], [one["status"] for one in answer.data["reports"]])

    def test_shipped_while_the_report_was_on_its_way(self):
        client = self.open(timeouts={"connect_ms": 2000, "total_ms": 2000})
        ref = self.shipped(client, "J1")
        self.sim.fault("close_after", times=1)
        self.assertStatus("SQ_OUTCOME_UNKNOWN", self.send(client))
        self.assertStatus("SQ_OK", self.ship(client, ref))
        self.assertStatus("SQ_OK", self.send(client))
        self.assertEqual([7100, 7100, 8350], [report["orders"][0]["cart"]["order_total_with_tax"] for report in self.sent()])

    def test_one_that_is_never_answered_is_given_up_and_its_orders_are_not(self):
        client = self.open(timeouts={"connect_ms": 2000, "total_ms": 2000})
        ref = self.shipped(client)
        self.sim.fault("close_after", times=1)
        self.assertStatus("SQ_OUTCOME_UNKNOWN", self.send(client))
        client.close()
        self.let_days_pass(31)
        client = self.open()
        self.assertEqual([], self.rows("SELECT * FROM reports"))
        self.assertStatus("SQ_OK", self.send(client))
        self.assertEqual([ref], self.refs(self.told()[-1]))

    def test_a_damaged_journal_takes_the_shipment_over(self):
        client = self.open(timeouts={"connect_ms": 2000, "total_ms": 2000})
        ref = self.shipped(client, "J1")
        self.sim.fault("close_after", times=1)
        self.assertStatus("SQ_OUTCOME_UNKNOWN", self.send(client))
        self.sim.fault("status", status=503, times=1)
        self.assertStatus("SQ_SERVER_ERROR", self.refund(client, ref))      # so the order is unfinished
        place, size = self.page("log_failures")
        client.close()
        with open(self.journal, "r+b") as file:
            file.seek(place)
            file.write(garbage(size))
        client = self.open()
        client.call("sq_log", None)
        client.close()
        client = self.open()
        self.assertEqual(["journal_set_aside"], [warning["code"] for warning in client.opened.document["warnings"]])
        self.assertEqual([0], [order["to_report"] for order in self.rows()])
        self.assertStatus("SQ_OK", self.send(client))
        self.assertEqual([ref], self.refs(self.told()[-1]))

    def test_another_till_that_is_sending_one_is_waited_for(self):
        first, second = self.open(), self.open()
        ref = self.shipped(first)
        self.sim.fault("delay", ms=1200, path="delivery_reports", times=1)
        told = []
        sending = threading.Thread(target=lambda: told.append(self.send(first)))
        sending.start()
        while not self.sim.requests("POST", "delivery_reports"):
            time.sleep(0.02)
        self.assertStatus("SQ_OK", self.send(second))
        sending.join(30)
        self.assertStatus("SQ_OK", told[0])
        self.assertEqual([[ref], []], [self.refs(report) for report in self.told()])
        # Not for longer than the call may take.
        hasty = self.open(timeouts={"connect_ms": 300, "total_ms": 500})
        self.sim.fault("delay", ms=3000, path="delivery_reports", times=1)
        before = len(self.sent())
        sending = threading.Thread(target=lambda: self.send(first))
        sending.start()
        while len(self.sim.requests("POST", "delivery_reports")) == before:
            time.sleep(0.02)
        with self.ends_within(deadline_s(500)):
            self.assertStatus("SQ_BUSY", self.send(hasty), "order_busy")
        sending.join(30)

    def test_what_cannot_be_recorded_is_not_sent(self):
        client = self.open(timeouts={"connect_ms": 1000, "total_ms": 1000})
        self.shipped(client)
        unlock = Stranger.shared().locked(self.journal)
        with self.sends(0):
            self.assertStatus("SQ_JOURNAL", self.send(client), "journal_locked")
        unlock()
        self.assertStatus("SQ_OK", self.send(client))


class Given(DeliveryReport):
    def delivery(self, ref="R-1", **changes):
        return {"state": "delivered", "sent_at": "2026-11-20T18:00:00+01:00",
                "merchant_reference": {"order_ref_1": ref}, "cart": cart(SHIRT), **changes}

    def test_the_tills_own(self):
        client = self.open()
        kept = self.shipped(client)
        report = {"orders": [self.delivery()]}
        self.assertStatus("SQ_OK", self.send(client, {"delivery_report": report}))
        self.assertEqual(report["orders"], self.told()[0]["orders"])
        self.assertStatus("SQ_OK", self.send(client))
        self.assertEqual([kept], self.refs(self.told()[1]))

    def test_statistics_beside_what_the_journal_knows(self):
        client = self.open()
        ref = self.shipped(client)
        statistics = {"orders": [{"completed_at": "2026-11-20T18:00:00+01:00", "currency": "EUR", "amount": 5097,
                                  "payment_method": "CC"}]}
        self.assertStatus("SQ_OK", self.send(client, {"statistics": statistics}))
        self.assertEqual(([ref], statistics), (self.refs(self.told()[0]), self.told()[0]["statistics"]))
        self.assertStatus("SQ_OK", self.send(client))
        self.assertEqual([], self.told()[1]["orders"])

    def test_the_same_again_after_no_answer_is_the_same_report(self):
        client = self.open(timeouts={"connect_ms": 2000, "total_ms": 2000})
        self.sim.fault("close_after", times=1)
        report = {"orders": [self.delivery()]}
        self.assertStatus("SQ_OUTCOME_UNKNOWN", self.send(client, report))
        self.assertStatus("SQ_OK", self.send(client, report))
        self.assertEqual(2, len(self.sent()))
        self.sim.fault("close_after", times=1)
        self.assertStatus("SQ_OUTCOME_UNKNOWN", self.send(client, report))
        self.assertStatus("SQ_OK", self.send(client, {"orders": [self.delivery("R-2")]}))
        self.assertEqual([["R-1"], ["R-1"], ["R-1"], ["R-1"], ["R-2"]], [self.refs(report) for report in self.sent()])

    def test_nothing_is_reported_of_an_order_without_a_reference(self):
        client = self.open()
        for place in ("orders", "broken_orders"):
            for nothing, code in (("", "empty_text"), ("   ", "empty_text"), ("\t\u00a0\u3000", "empty_text"),
                                  (None, "missing_field"), ([], "wrong_type"), ({}, "wrong_type"),
                                  (True, "wrong_type")):
                with self.subTest(place, nothing=nothing), self.sends(0):
                    answer = self.send(client, {place: [self.delivery(), self.delivery(nothing)]})
                    self.assertStatus("SQ_INVALID_ORDER", answer, code)
                    self.assertIn(code, answer.at(f"/{place}/1/merchant_reference/order_ref_1"))
                    self.assertEqual([], answer.at(f"/{place}/0/merchant_reference/order_ref_1"))
        for blank in ("", "  "):
            answer = self.send(client, {"orders": [self.delivery(merchant_reference=blank)]})
            self.assertStatus("SQ_INVALID_ORDER", answer)
        self.assertNothingSent()
        self.assertStatus("SQ_OK", self.send(client, {"orders": [self.delivery(4711)]}))

    def test_everything_that_is_wrong_at_once(self):
        client = self.open()
        wrong = cart(SHIRT)
        wrong["order_total_with_tax"] = 1200
        report = {
            "orders": [self.delivery(state="lost", sent_at="yesterday"), self.delivery(cart=wrong), 7,
                       {"state": "shipped"}, self.delivery(remaining_cart={**cart(JACKET), "currency": "XX"})],
            "statistics": {"orders": [{"amount": 5}]}, "nonsense": 1,
        }
        with self.sends(0):
            answer = self.send(client, report)
        self.assertStatus("SQ_INVALID_ORDER", answer)
        found = {(error["pointer"], error["code"]) for error in answer.document["errors"]}
        for wanted in [("/orders/0/state", "missing_field"), ("/orders/0/sent_at", "invalid_date"),
                       ("/orders/1/cart/order_total_with_tax", "cart_total_mismatch"), ("/orders/2", "wrong_type"),
                       ("/orders/3/merchant_reference/order_ref_1", "missing_field"), ("/orders/3/cart", "missing_field"),
                       ("/orders/4/remaining_cart/currency", "invalid_currency"),
                       ("/statistics/orders/0/completed_at", "missing_field"),
                       ("/statistics/orders/0/currency", "missing_field"), ("/nonsense", "unknown_key")]:
            self.assertIn(wanted, found)
        mismatch, = [error for error in answer.document["errors"] if error["code"] == "cart_total_mismatch"]
        self.assertEqual((1250, 1200), (mismatch["expected"], mismatch["actual"]))
        self.assertTrue(mismatch["message"].startswith("cart.order_total_with_tax"), mismatch["message"])

    def test_what_says_nothing_is_left_out(self):
        client = self.open(order_defaults={"platform": PLATFORM})
        kept = self.shipped(client)
        blank = {name: " " for name in ("orders", "statistics", "broken_orders", "merchant", "platform")}
        self.assertStatus("SQ_OK", self.send(client, blank))
        self.assertEqual(([kept], "tests"), (self.refs(self.told()[0]), self.told()[0]["platform"]["name"]))
        self.assertStatus("SQ_OK", self.send(client, {"merchant": {"id": "  "}, "orders": []}))
        for changes in ({"sent_at": ""}, {"sent_at": "   "}, {"sent_at": None}, {"remaining_cart": " "}, {"trackings": ""},
                        {"delivery_method": "", "customer": " ", "delivery_address": ""}):
            with self.subTest(changes):
                report = {"orders": [self.delivery(**changes)]}
                answer = self.assertStatus("SQ_OK", self.send(client, report))
                self.assertEqual([], answer.document["warnings"])
                self.assertEqual(report["orders"], self.told()[-1]["orders"], "as it came")

    def test_times_as_databases_write_them(self):
        client = self.open()
        for time in ("2026-07-01 10:00:00", "2026-07-01 10:00"):
            report = {"orders": [self.delivery(sent_at=time)], "statistics": {"orders": [{"completed_at": time, "currency": "EUR"}]}}
            answer = self.assertStatus("SQ_OK", self.send(client, report))
            self.assertEqual([("/orders/0/sent_at", "invalid_date"), ("/statistics/orders/0/completed_at", "invalid_date")],
                             [(warning["pointer"], warning["code"]) for warning in answer.document["warnings"]])
            self.assertEqual((report["orders"], report["statistics"]), (self.told()[-1]["orders"], self.told()[-1]["statistics"]))
        for time in ("2026-07-01", "2013-12-24T13:14:15+0100"):
            report = {"orders": [self.delivery(sent_at=time)], "statistics": {"orders": [{"completed_at": time, "currency": "EUR"}]}}
            self.assertEqual([], self.assertStatus("SQ_OK", self.send(client, report)).document["warnings"])
        for none in ("0000-00-00", "0000-00-00 00:00:00"):
            answer = self.assertStatus("SQ_OK", self.send(client, {"orders": [self.delivery(sent_at=none)]}))
            self.assertEqual(["/orders/0/sent_at"], [warning["pointer"] for warning in answer.document["warnings"]])
        for wrong in ("", "0000-00-00", "2026-02-31 10:00:00", 7, "2026-07-01  10:00"):
            with self.sends(0):
                report = {"statistics": {"orders": [{"completed_at": wrong, "currency": "EUR"}]}}
                answer = self.assertStatus("SQ_INVALID_ORDER", self.send(client, report))
                self.assertEqual(["/statistics/orders/0/completed_at"], [error["pointer"] for error in answer.document["errors"]])
        for wrong in ("2026-02-31 10:00:00", 7, [], "0000-00-01"):
            with self.sends(0):
                self.assertStatus("SQ_INVALID_ORDER", self.send(client, {"orders": [self.delivery(sent_at=wrong)]}), "invalid_date")

    def test_an_empty_rest_need_not_say_whether_it_is_a_gift(self):
        client = self.open()
        nothing = {"currency": "EUR", "order_total_with_tax": 0, "items": []}
        self.assertStatus("SQ_OK", self.send(client, {"orders": [self.delivery(remaining_cart=nothing)]}))
        rest = {key: value for key, value in cart(JACKET).items() if key != "gift"}
        for wrong in ({**nothing, "order_total_with_tax": 5}, {**nothing, "currency": ""}, rest):
            with self.sends(0):
                self.assertStatus("SQ_INVALID_ORDER", self.send(client, {"orders": [self.delivery(remaining_cart=wrong)]}))

    def test_of_which_merchant(self):
        client = self.open(merchant_id=None, merchants={"ES": "shop_es", "FR": "shop_fr"})
        answer = self.assertStatus("SQ_INVALID_ORDER", self.send(client, {"orders": []}), "missing_field")
        self.assertEqual((["shop_es", "shop_fr"], "/merchant/id"), (answer.document["errors"][0]["expected"], answer.document["errors"][0]["pointer"]))
        self.assertStatus("SQ_OK", self.send(client, {"orders": [], "merchant": {"id": "shop_fr"}}))
        self.assertEqual(["shop_fr"], [report["merchant"]["id"] for report in self.told()])

    def test_nothing_of_a_shopper_stays(self):
        client = self.open()
        report = {"orders": [self.delivery(customer={"given_names": "Zacarías", "surnames": "Quijano", "email": "z@q.es",
                                                     "logged_in": "unknown", "language_code": "es-ES"})]}
        self.sim.fault("status", status=409, times=1, body='{"errors":["Zacarías Quijano is unknown"]}')
        self.assertStatus("SQ_CONFLICT", self.send(client, report))
        for file in self.folder.iterdir():
            content = file.read_bytes()
            for word in ["Zacar", "Quijano", "z@q.es"]:
                self.assertNotIn(word.encode(), content, file.name)


class InTheLog(DeliveryReport):
    def test_an_entry_without_an_order(self):
        client = self.open(merchant_id=None, merchants={"ES": "shop_es", "FR": "shop_fr"})
        self.sim.fault("status", status=409, times=1, body='{"errors":["no such thing"]}')
        self.assertStatus("SQ_CONFLICT", self.send(client))
        entries = client.call("sq_log", None).data["entries"]
        self.assertEqual(2, len(entries))
        first = entries[0]
        self.assertEqual(("send_delivery_report", None, "shop_es", "SQ_CONFLICT", True, ["call_again", "dismiss"]),
                         (first["operation"], first["order"], first["merchant_id"], first["status"],
                          first["needs_attention"], first["actions"]))
        self.assertIn("no such thing", first["description"])
        self.assertStatus("SQ_OK", self.send(client))
        self.assertEqual([], client.call("sq_log", json.dumps({"attention": True})).data["entries"])


PLATFORM = {"name": "till", "version": "1", "uname": "linux", "db_name": "none", "db_version": "0"}


def orders_without_cart():
    order = orders.complete()
    del order["cart"]
    return order
