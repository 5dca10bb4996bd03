"""What seQura has paid out, and whether it is what was sold."""

import json

import orders
from outside import Stranger
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


class WhatCannotBeRead(Payouts):
    """A disbursement is read whole or not at all: a warning says what is wrong with it, and it is asked for again."""

    def answered(self, body, **fields):
        """The next answer about one disbursement."""
        self.sim.fault("bad_json", body=body if isinstance(body, str) else json.dumps(body), path="/disbursements/", **fields)

    def line(self, ref="R-1", amount=orders.TOTAL, **more):
        return {"order_ref_1": ref, "amount_with_tax": amount, "maximum_amount_with_tax": orders.TOTAL, **more}

    #: An answer, and where in it something cannot be read.
    def unreadable(self):
        yield {}, ""
        yield [], ""
        yield {"disbursement": {}}, ""
        yield {"disbursement": {"currency": "EUR", "orders": []}}, ""
        yield [self.line(), self.line("R-2", "154.97")], "/1/amount_with_tax"
        yield [self.line(), self.line("R-2", 154.97)], "/1/amount_with_tax"
        yield [self.line(), self.line("R-2", 15497.0)], "/1/amount_with_tax"
        yield [self.line(), self.line("R-2", None)], "/1/amount_with_tax"
        yield [self.line(), self.line("R-2", 2 ** 63 - 1)], "/1/amount_with_tax"
        yield [self.line(), self.line("R-2", -2 ** 63)], "/1/amount_with_tax"
        yield [self.line(), self.line("R-2", 2 ** 64)], "/1/amount_with_tax"
        yield [self.line(), self.line("", 5)], "/1/order_ref_1"
        yield [self.line(), self.line({}, 5)], "/1/order_ref_1"
        yield [self.line(), {"amount_with_tax": 5}], "/1/order_ref_1"
        yield [self.line(), {"order_ref_1": "R-2"}], "/1/amount_with_tax"
        yield [self.line(), self.line("R-2"), self.line()], "/2"
        yield {"orders": [self.line()], "lines": [self.line()]}, "/orders/0"
        yield {"disbursement": {"currency": "COP", "lines": [self.line()]}}, "/currency"
        yield [self.line(currency="COP")], "/0/currency"

    def test_nothing_of_it_is_taken_a_warning_says_what_and_where_and_it_is_asked_for_again(self):
        client = self.open()
        self.sold(client, "R-1", "R-2")
        made, = self.disburse(merchant="shop_es")["disbursements"]
        for body, pointer in self.unreadable():
            with self.subTest(body):
                self.answered(body)
                answer = self.assertStatus("SQ_OK", self.reconcile(client))
                warning, = answer.document["warnings"]
                self.assertEqual(("unreadable_answer", pointer), (warning["code"], warning["pointer"]))
                for said in ("shop_es", made["reference"], "again"):
                    self.assertIn(said, warning["message"])
                data = answer.data
                self.assertEqual((0, [], ["R-1", "R-2"]), (data["read"], data["paid"], self.refs(data["not_yet_paid"])))
                self.assertEqual([], self.rows("SELECT * FROM payouts") + self.rows("SELECT * FROM disbursements"))
        answer = self.assertStatus("SQ_OK", self.reconcile(client))
        self.assertEqual((1, ["R-1", "R-2"], []), (answer.data["read"], sorted(self.refs(answer.data["paid"])), answer.warned))

    def test_neither_is_one_that_is_no_json_or_not_there_and_the_others_are_read(self):
        client = self.open()
        for status, (kind, fields) in enumerate((
                ("bad_json", {}), ("bad_json", {"body": "null"}), ("bad_json", {"body": '"paid"'}),
                ("status", {"status": 404, "body": '{"errors":["no"]}', "content_type": "application/json"}),
                ("status", {"status": 410, "body": '{"errors":["no"]}', "content_type": "application/json"}),
                ("status", {"status": 403, "body": '{"errors":["no"]}', "content_type": "application/json"}))):
            with self.subTest(kind, **fields):
                earlier, later = f"R-{status}-1", f"R-{status}-2"
                self.sold(client, earlier)
                self.disburse(merchant="shop_es")
                self.sold(client, later)
                self.disburse(merchant="shop_es")
                # The newest is the first in the list.
                self.sim.fault(kind, path="/disbursements/", times=1, **fields)
                answer = self.assertStatus("SQ_OK", self.reconcile(client))
                self.assertEqual((1, 1), (answer.data["read"], len(answer.warned)))
                self.assertIn(earlier, self.refs(answer.data["paid"]))
                self.assertEqual([later], self.refs(answer.data["not_yet_paid"]))
                self.assertIn(later, self.refs(self.ok(client)["paid"]))

    def test_neither_is_one_that_names_errors_or_says_two_things_at_once(self):
        client = self.open()
        self.sold(client, "R-1", "R-2")
        self.disburse(merchant="shop_es")
        lines = json.dumps([self.line(), self.line("R-2")])
        for body in ('{"errors":["Try later"],"lines":' + lines + "}",
                     lines.replace('"amount_with_tax": 15497', '"amount_with_tax": 15497, "amount_with_tax": 1', 1),
                     '{"disbursed_amount":0,"currency":"EUR","lines":[]}',  # the list says 30994
                     '{"disbursement":{"lines":[]},"disbursement":{"lines":' + lines + "}}"):
            with self.subTest(body):
                self.answered(body)
                answer = self.assertStatus("SQ_OK", self.reconcile(client))
                self.assertEqual(["unreadable_answer"], answer.warned)
                self.assertEqual((0, ["R-1", "R-2"]), (answer.data["read"], self.refs(answer.data["not_yet_paid"])))
        self.assertEqual(1, self.ok(client)["read"])

    def test_a_broken_line_is_no_disbursement_that_cannot_be_read(self):
        client = self.open()
        self.sold(client, "R-1")
        self.disburse()
        self.sim.fault("status", status=503, path="/disbursements/")
        answer = self.assertStatus("SQ_SERVER_ERROR", self.reconcile(client))
        self.assertEqual(([], ["R-1"]), (answer.warned, self.refs(answer.data["not_yet_paid"])))

    def listed(self, *entries):
        self.sim.fault("bad_json", body=json.dumps([{"disbursement": entry} for entry in entries]), path="shop_es/disbursements")

    def test_an_entry_of_the_list_that_leads_nowhere(self):
        client = self.open()
        self.sold(client, "R-1")
        made, = self.disburse(merchant="shop_es")["disbursements"]
        good = {"currency": "EUR", "reference": made["reference"], "path": made["path"]}
        for wrong in ({}, {"path": None}, {"path": 7}, {"path": ""}, {"path": "/merchants/shop_es"},
                      {"path": "https://evil.example" + made["path"]},
                      {"path": made["path"].replace("shop_es", "shop_fr")}):
            with self.subTest(wrong):
                self.listed({**wrong, "reference": "D-7", "currency": "EUR"})
                before = self.sim.stats()["requests"]
                answer = self.assertStatus("SQ_OK", self.reconcile(client))
                self.assertEqual(1, self.sim.stats()["requests"] - before, "only the list was asked for")
                warning, = answer.document["warnings"]
                self.assertEqual(("unreadable_answer", "/path"), (warning["code"], warning["pointer"]))
                self.assertIn("D-7", warning["message"])
        self.listed({"reference": "D-7"}, good, good)
        answer = self.assertStatus("SQ_OK", self.reconcile(client))
        self.assertEqual((1, ["R-1"], 1), (answer.data["read"], self.refs(answer.data["paid"]), len(answer.warned)))
        self.assertEqual(orders.TOTAL, answer.data["paid"][0]["paid"], "what is listed twice pays once")

    def test_a_currency_nobody_said(self):
        client = self.open()
        self.sold(client, "R-1")
        made, = self.disburse(merchant="shop_es")["disbursements"]
        for said in (None, "", "euro", 978, "€€€"):
            with self.subTest(said):
                self.listed({"path": made["path"], **({} if said is None else {"currency": said})})
                self.answered([self.line()])
                answer = self.assertStatus("SQ_OK", self.reconcile(client))
                self.assertEqual((["unreadable_answer"], []), (answer.warned, answer.data["paid"]))
        self.assertEqual(["R-1"], self.refs(self.ok(client)["paid"]))

    def test_what_one_says_of_them_alone_is_said_of_it_too(self):
        client = self.open()
        self.sold(client, "R-1")
        made, = self.disburse(merchant="shop_es")["disbursements"]
        for body, pointer in self.unreadable():
            with self.subTest(body):
                self.answered(body)
                answer = self.assertStatus("SQ_OK", client.call("sq_disbursements", made["path"]))
                if pointer == "/currency":  # another one than in the list
                    continue
                self.assertIn(pointer, [warning["pointer"] for warning in answer.document["warnings"]])
        for body in ("null", "7", '"paid"'):
            self.answered(body)
            self.assertStatus("SQ_BAD_RESPONSE", client.call("sq_disbursements", made["path"]), "unreadable_answer")
        answer = self.assertStatus("SQ_OK", client.call("sq_disbursements", made["path"]))
        self.assertEqual(([], 1), (answer.warned, len(answer.data["disbursement"]["lines"])))

    def test_one_merchants_warning_is_not_lost_behind_the_next_merchant(self):
        client = self.open(merchant_id=None, merchants={"ES": "shop_es", "FR": "shop_fr"})
        self.sold(client, "R-1")
        self.disburse(merchant="shop_es")
        self.sim.fault("bad_json", body="{}", path="shop_es/disbursements/")
        answer = self.assertStatus("SQ_OK", self.reconcile(client))
        self.assertEqual(["unreadable_answer"], answer.warned)


    def test_one_merchants_list_that_cannot_be_read_does_not_stop_the_next_merchant(self):
        client = self.open(merchant_id=None, merchants={"ES": "shop_es", "FR": "shop_fr"})
        french = orders.complete(merchant={"id": "shop_fr"})
        for block in ("delivery_address", "invoice_address"):
            french[block]["country_code"] = "FR"
        self.settled(client, french, "R-2")
        self.disburse()
        for body in ("{}", "[1]", "null", '{"disbursements":[]}'):
            self.sim.fault("bad_json", body=body, path="shop_es/disbursements")
            answer = self.assertStatus("SQ_BAD_RESPONSE", self.reconcile(client), "unreadable_answer")
            self.assertEqual(["R-2"], self.refs(answer.data["paid"]))
            self.sim.fault("bad_json", body=body, path="shop_es/disbursements")
            answer = self.assertStatus("SQ_BAD_RESPONSE", client.call("sq_disbursements", None), "unreadable_answer")
            self.assertEqual(["shop_fr"], [head["merchant_id"] for head in answer.data["disbursements"]])
        with self.sends(1):
            self.sim.fault("status", status=503, path="disbursements", times=0)
            self.assertStatus("SQ_SERVER_ERROR", self.reconcile(client))


class ForWhom(Payouts):
    def one(self, client, currency, *lines, path="shop_es/disbursements"):
        """The next list has one disbursement, of these (reference, amount)."""
        merchant = path.split("/")[0]
        head = {"currency": currency, "reference": orders.new_ref("D"), "path": f"/merchants/{merchant}/disbursements/{orders.new_ref()}"}
        self.sim.fault("bad_json", body=json.dumps([{"disbursement": head}]), path=path)
        body = [{"order_ref_1": ref, "amount_with_tax": amount} for ref, amount in lines]
        self.sim.fault("bad_json", body=json.dumps({"disbursement": {**head, "orders": body}}), path=head["path"])
        return self.ok(client)

    def test_another_currency_pays_nothing(self):
        client = self.open()
        self.sold(client, "R-1")
        data = self.one(client, "COP", ("R-1", orders.TOTAL))
        self.assertEqual(([], ["R-1"]), (data["paid"], self.refs(data["not_yet_paid"])))
        unknown, = data["unknown_here"]
        self.assertEqual(("R-1", "COP", orders.TOTAL), (unknown["order_ref_1"], unknown["currency"], unknown["paid"]))
        self.assertEqual({"COP", "EUR"}, set(data["totals"]))
        data = self.one(client, "eur", ("R-1", orders.TOTAL))
        self.assertEqual((["R-1"], ["R-1"]), (self.refs(data["paid"]), self.refs(data["unknown_here"])))

    def test_another_merchant_with_the_same_reference_is_not_paid(self):
        client = self.open(merchant_id=None, merchants={"ES": "shop_es", "FR": "shop_fr"})
        self.sold(client, "R-1")
        data = self.one(client, "EUR", ("R-1", orders.TOTAL), path="shop_fr/disbursements")
        self.assertEqual(([], ["R-1"]), (data["paid"], self.refs(data["not_yet_paid"])))
        self.assertEqual(["shop_fr"], [entry["merchant_id"] for entry in data["unknown_here"]])

    def test_what_is_taken_back_is_no_longer_paid(self):
        client = self.open()
        self.sold(client, "R-1")
        self.assertEqual(["R-1"], self.refs(self.one(client, "EUR", ("R-1", orders.TOTAL))["paid"]))
        data = self.one(client, "EUR", ("R-1", -500))
        self.assertEqual(orders.TOTAL - 500, data["differing"][0]["paid"])
        data = self.one(client, "EUR", ("R-1", 500 - orders.TOTAL))
        self.assertEqual([orders.TOTAL, -500, 500 - orders.TOTAL], [one["amount"] for one in data["not_yet_paid"][0]["payouts"]])

    def test_two_lines_of_one_order_are_both_paid(self):
        client = self.open()
        self.sold(client, "R-1")
        data = self.one(client, "EUR", ("R-1", 15000), ("R-1", orders.TOTAL - 15000))
        self.assertEqual(["R-1"], self.refs(data["paid"]))

    def test_the_largest_sums_are_counted(self):
        client = self.open()
        largest = 10 ** 12
        data = self.one(client, "EUR", *((f"X-{number}", largest) for number in range(200)))
        self.assertEqual(200 * largest, data["totals"]["EUR"]["shop_es"]["unknown_here"]["amount"])


class ReadByOlderVersions(Payouts):
    """What 0.1.0 recorded of a disbursement, which passed over what it could not read, is asked for again."""

    def recorded(self, made, *lines, currency="EUR"):
        """As 0.1.0 recorded it; (reference, amount, order) each."""
        script = f"""INSERT INTO disbursements (id, endpoint, merchant_id, path, reference, issue_date, currency)
            VALUES (7, '{self.sim.http}/', 'shop_es', '{made["path"]}', '{made["reference"]}', '2026-11-01', '{currency}');"""
        for ref, amount, order_id in lines:
            script += f"""INSERT INTO payouts (disbursement_id, order_id, order_ref_1, amount) VALUES (7, {order_id}, '{ref}', {amount});
                UPDATE orders SET paid = {amount} WHERE id = {order_id};"""
        Stranger.shared().write(self.journal, script)

    def test_one_of_which_nothing_or_not_all_was_read(self):
        for lines in ((), (("R-1", orders.TOTAL, 1),)):
            with self.subTest(lines):
                self.sim.reset()
                client = self.open()
                self.sold(client, "R-1", "R-2")
                made, = self.disburse(merchant="shop_es")["disbursements"]
                self.recorded(made, *lines)
                data = self.ok(client)
                self.assertEqual((1, ["R-1", "R-2"]), (data["read"], sorted(self.refs(data["paid"]))))
                self.assertEqual({orders.TOTAL}, {entry["paid"] for entry in data["paid"]})
                with self.sends(1):
                    self.assertEqual(0, self.ok(client)["read"])
                client.close()
                for file in self.folder.iterdir():
                    file.unlink()

    def test_two_amounts_that_cannot_be_broke_it_for_ever(self):
        client = self.open()
        self.sold(client, "R-1", "R-2")
        made, = self.disburse(merchant="shop_es")["disbursements"]
        self.recorded(made, ("R-1", 2 ** 63 - 1, 1), ("R-2", 2 ** 63 - 1, 2), ("R-3", 2 ** 63 - 1, "NULL"))
        # Asked again it cannot be had; what was recorded is taken back all the same.
        self.sim.fault("status", status=503, path="/disbursements/")
        answer = self.assertStatus("SQ_SERVER_ERROR", self.reconcile(client))
        self.assertEqual((["R-1", "R-2"], [], []), tuple(self.refs(answer.data[name]) for name in ("not_yet_paid", "differing", "unknown_here")))
        self.assertEqual(["R-1", "R-2"], sorted(self.refs(self.ok(client)["paid"])))

    def test_another_currency_that_paid(self):
        client = self.open()
        self.sold(client, "R-1")
        self.recorded({"path": "/merchants/shop_es/disbursements/old", "reference": "D-1"}, ("R-1", orders.TOTAL, 1), currency="COP")
        data = self.ok(client)
        self.assertEqual(([], ["R-1"], ["R-1"]), tuple(self.refs(data[name]) for name in ("paid", "not_yet_paid", "unknown_here")))

    def test_what_seQura_no_longer_lists_stays_as_it_was_read(self):
        client = self.open()
        self.sold(client, "R-1")
        self.recorded({"path": "/merchants/shop_es/disbursements/old", "reference": "D-1"}, ("R-1", orders.TOTAL, 1))
        self.assertEqual((0, ["R-1"]), (lambda data: (data["read"], self.refs(data["paid"])))(self.ok(client)))
