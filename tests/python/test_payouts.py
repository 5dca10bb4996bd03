"""What seQura has paid out, and whether it is what was sold."""

import json

import orders
from simulator import Listener
from till import Till


class Payouts(Till):
    def disburse(self, **what):
        return self.sim.control("POST", "disburse", what)

    def reconcile(self, client):
        return client.call("sq_reconcile")

    def ok(self, client):
        return self.assertStatus("SQ_OK", self.reconcile(client)).data

    def sold(self, client, *refs):
        for ref in refs:
            self.settled(client, ref=ref)

    @staticmethod
    def refs(entries):
        return [entry["order_ref_1"] for entry in entries]


class Disbursements(Payouts):
    def test_the_list_and_one_of_it(self):
        client = self.open()
        self.sold(client, "R-1", "R-2")
        self.disburse(issue_date="2026-11-01")
        answer = self.assertStatus("SQ_OK", client.call("sq_disbursements", None))
        head, = answer.data["disbursements"]
        self.assertEqual(("shop_es", "2026-11-01", "EUR", 2 * orders.TOTAL),
                         (head["merchant_id"], head["issue_date"], head["currency"], head["disbursed_amount"]))
        one = self.assertStatus("SQ_OK", client.call("sq_disbursements", head["path"])).data["disbursement"]
        self.assertEqual(["R-1", "R-2"], sorted(line["order_ref_1"] for line in one["lines"]))
        self.assertEqual({orders.TOTAL}, {line["amount_with_tax"] for line in one["lines"]})
        self.assertEqual(head["reference"], one["reference"])
        with_host = self.assertStatus("SQ_OK", client.call("sq_disbursements", self.sim.http + head["path"]))
        self.assertEqual(one, with_host.data["disbursement"])

    def test_of_every_merchant_that_is_configured(self):
        client = self.open(merchant_id=None, merchants={"ES": "shop_es", "FR": "shop_fr"})
        self.sold(client, "R-1")
        french = orders.complete()
        for block in ("delivery_address", "invoice_address"):
            french[block]["country_code"] = "FR"
        del french["merchant"]
        self.settled(client, french, "R-2")
        self.disburse()
        heads = client.call("sq_disbursements", None).data["disbursements"]
        self.assertEqual(["shop_es", "shop_fr"], [head["merchant_id"] for head in heads])
        self.assertEqual({"shop_es", "shop_fr"}, set(self.ok(client)["totals"]["EUR"]))

    def test_what_cannot_be_had(self):
        client = self.open()
        self.assertStatus("SQ_NOT_FOUND", client.call("sq_disbursements", "/merchants/shop_es/disbursements/nothing"))
        self.assertStatus("SQ_FORBIDDEN", self.open(merchant_id="shop_of_others").call("sq_disbursements", None))
        with self.sends(0):
            self.assertStatus("SQ_FOREIGN_URL", client.call("sq_disbursements", "https://evil.example/merchants/a/disbursements/b"),
                              "foreign_url")
            self.assertStatus("SQ_INVALID_CONFIG", self.open(merchant_id=None).call("sq_disbursements", None), "missing_field")


class Reconciling(Payouts):
    def test_paid_not_yet_paid_differing_and_unknown(self):
        client = self.open(shop_order_url="https://shop.example/{order_ref_1}")
        self.sold(client, "R-paid", "R-late", "R-wrong")
        self.disburse(merchant="shop_es", leave_out=["R-late"], adjust={"R-wrong": -100},
                      unknown=[{"order_ref_1": "R-elsewhere", "amount_with_tax": 700, "maximum_amount_with_tax": 700}])
        data = self.ok(client)
        paid, = data["paid"]
        self.assertEqual(("R-paid", orders.TOTAL, orders.TOTAL), (paid["order_ref_1"], paid["amount"], paid["paid"]))
        self.assertEqual("https://shop.example/R-paid", paid["shop_url"])
        self.assertEqual([orders.TOTAL], [payout["amount"] for payout in paid["payouts"]])
        late, = data["not_yet_paid"]
        self.assertEqual(("R-late", 0, []), (late["order_ref_1"], late["paid"], late["payouts"]))
        wrong, = data["differing"]
        self.assertEqual(("R-wrong", orders.TOTAL, orders.TOTAL - 100), (wrong["order_ref_1"], wrong["amount"], wrong["paid"]))
        unknown, = data["unknown_here"]
        self.assertEqual(("R-elsewhere", 700, "shop_es"), (unknown["order_ref_1"], unknown["paid"], unknown["merchant_id"]))
        self.assertEqual({"paid_out": {"count": 3, "amount": 2 * orders.TOTAL - 100 + 700},
                          "not_yet_paid": {"count": 1, "amount": orders.TOTAL},
                          "differing": {"count": 1, "amount": 100},
                          "unknown_here": {"count": 1, "amount": 700}}, data["totals"]["EUR"]["shop_es"])

    def test_each_disbursement_is_read_once_and_kept(self):
        client = self.open()
        self.sold(client, "R-1")
        self.disburse()
        with self.sends(2):
            self.assertEqual(1, self.ok(client)["read"])
        with self.sends(1):
            data = self.ok(client)
        self.assertEqual((0, ["R-1"]), (data["read"], self.refs(data["paid"])))
        client.close()
        with self.sends(1):
            self.assertEqual(["R-1"], self.refs(self.ok(self.open())["paid"]))

    def test_the_next_disbursement_puts_it_right(self):
        client = self.open()
        self.sold(client, "R-1", "R-2")
        self.disburse(leave_out=["R-2"], adjust={"R-1": 30}, merchant="shop_es")
        self.assertEqual((["R-1"], ["R-2"]), (self.refs(self.ok(client)["differing"]), self.refs(self.ok(client)["not_yet_paid"])))
        self.disburse()
        data = self.ok(client)
        self.assertEqual(["R-1", "R-2"], sorted(self.refs(data["paid"])))
        first = next(entry for entry in data["paid"] if entry["order_ref_1"] == "R-1")
        self.assertEqual([orders.TOTAL + 30, -30], [payout["amount"] for payout in first["payouts"]])
        self.assertEqual([], data["not_yet_paid"] + data["differing"])

    def test_an_order_that_is_settled_later_is_matched_then(self):
        first, second = self.open(), self.open(journal=str(self.folder / "other.db"))
        url, _, _ = self.confirmed(first)
        self.assertStatus("SQ_OK", first.set_ref(url, "R-1"))
        self.disburse()
        self.assertEqual(["R-1"], self.refs(self.ok(second)["unknown_here"]))
        # The other till's journal takes the order over, with its URL and all.
        self.assertStatus("SQ_OK", second.confirm(url, orders.complete(ref="R-1")))
        data = self.ok(second)
        self.assertEqual(([], ["R-1"]), (data["unknown_here"], self.refs(data["paid"])))

    def test_what_is_known_is_compared_when_seQura_cannot_be_asked(self):
        client = self.open()
        self.sold(client, "R-1", "R-2")
        self.disburse(leave_out=["R-2"], merchant="shop_es")
        self.ok(client)
        self.sim.fault("status", status=503, path="disbursements", times=0)
        answer = self.assertStatus("SQ_SERVER_ERROR", self.reconcile(client))
        self.assertEqual((["R-1"], ["R-2"]), (self.refs(answer.data["paid"]), self.refs(answer.data["not_yet_paid"])))

    def test_a_disbursement_that_broke_off_is_read_the_next_time(self):
        client = self.open()
        self.sold(client, "R-1")
        self.disburse()
        self.sim.fault("truncate", bytes=20, path="/disbursements/")
        self.assertNotEqual("SQ_OK", self.reconcile(client).name)
        self.assertEqual(["R-1"], self.refs(self.ok(client)["paid"]))

    def test_two_tills_of_one_journal_count_nothing_twice(self):
        first, second = self.open(), self.open()
        self.sold(first, "R-1")
        self.disburse()
        self.ok(first)
        self.assertEqual(orders.TOTAL, self.ok(second)["paid"][0]["paid"])

    def test_lines_are_found_wherever_they_stand(self):
        client = self.open()
        self.sold(client, "R-1")
        self.sim.rules(disbursement_lines_field="orders")
        self.disburse()
        self.assertEqual(["R-1"], self.refs(self.ok(client)["paid"]))

    def test_a_list_that_is_none_is_said_to_be_none(self):
        for body in (b"{}", b"[1]", b"null", b"[", b'{"disbursements":[]}'):
            def behave(connection, body=body):
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
                                   b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
            with Listener(behave) as server:
                client = self.open(base_url=server.url)
                self.assertStatus("SQ_BAD_RESPONSE", self.reconcile(client), "unreadable_answer")
                client.close()
