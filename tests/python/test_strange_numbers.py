"""Numbers in a journal that no till has written: whatever stands there, no call breaks off in the middle of it."""

import sqlite3

import orders
from outside import Stranger
from shell import Shell
from till import Till

EXTREMES = (-(2**63), 2**63 - 1, -1)


class StrangeNumbers(Till):
    def test_no_number_in_a_journal_breaks_a_call(self):
        client = self.open()
        url, uuid, order = self.approved(client)
        self.assertStatus("SQ_OK", client.confirm(url, order))
        settled = self.settled(client, orders.complete(), "T-1")[0]
        self.sim.fault("close_after", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.call("sq_ship", settled, None))
        client.close()
        whole = self.journal.read_bytes()
        for table, column in self.numbers():
            for number in EXTREMES:
                self.journal.write_bytes(whole)
                with self.subTest(table=table, column=column, number=number):
                    self.ask(table, column, number, uuid)

    def numbers(self):
        with sqlite3.connect(self.journal) as db:
            tables = [name for name, in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")]
            columns = [(table, column[1]) for table in tables for column in db.execute(f"PRAGMA table_info({table})")
                       if column[2] == "INTEGER" and column[5] == 0]
            found = [(table, column) for table, column in columns if db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]]
        db.close()
        self.assertIn(("orders", "created_at"), found)
        return found

    def ask(self, table, column, number, uuid):
        db = sqlite3.connect(self.journal)
        try:
            with db:
                db.execute(f"UPDATE {table} SET {column} = ?", [number])
        except sqlite3.IntegrityError:
            return
        finally:
            db.close()
        client = self.try_open()
        if client.handle:
            for answer in (client.pending(), client.call("sq_log", None), client.order_info(uuid), client.call("sq_receipt", "T-1", 42),
                           client.call("sq_day", "2020-01-01T00:00:00Z", None), client.call("sq_reconcile"),
                           client.call("sq_recover", None), client.call("sq_refund", "T-1", '{"amount": 5}')):
                self.assertNotEqual("SQ_INTERNAL", answer.name, answer.document)
                if column in ("amount", "paid", "confirmed", "sold", "shipped", "refunded"):
                    self.assertNotEqual("SQ_JOURNAL", answer.name, answer.document)
            client.close()
        for beside in self.journal.parent.glob(self.journal.name + "-*"):
            beside.unlink()


MOST = 2**63 - 1


class StrangeAmounts(Shell):
    """Each is a number; it is their sum that is none. What else there is to say is said."""

    def write(self, script):
        self._close_clients()
        Stranger.shared().write(self.journal, script)

    def sequras(self, *command):
        return self.sequra(*command, "--journal", self.journal, expect=0).stdout

    def test_what_is_unshipped_is_listed_whatever_it_comes_to(self):
        self.settled(self.open(), ref="R-1")
        # More than are listed: the journal counts them.
        self.write(f"""
            WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 1001)
            INSERT INTO orders (id, endpoint, merchant_id, uuid, state, order_ref_1, amount, currency, created_at, updated_at,
                                finished, holds_ref, version)
                SELECT i, endpoint, merchant_id, 'u-' || i, state, 'R-' || i, amount, currency, created_at, updated_at, 1, 1, 1
                FROM orders, n WHERE id = 1;
            INSERT OR REPLACE INTO unshipped SELECT id, endpoint, {MOST} FROM orders""")
        answer = self.assertStatus("SQ_OK", self.open().pending())
        self.assertEqual((1000, {"EUR": {"shop_es": None}}), (len(answer.data["unshipped"]), answer.data["unshipped_total"]))
        self.assertIn("To be shipped: ? EUR (shop_es)", self.sequras("pending"))
        self.write("UPDATE unshipped SET amount = 100")
        self.assertEqual({"EUR": {"shop_es": 100_100}}, self.open().pending().data["unshipped_total"])

    def test_what_two_endpoints_have_at_risk_is_not_what_one_of_them_has(self):
        for _ in range(3):
            self.confirmed(self.open(), orders.complete(delivery_method={"name": orders.new_ref()}))
        self.write(f"UPDATE orders SET amount = {MOST} WHERE id < 3; UPDATE orders SET endpoint = 'https://live.sequrapi.com/' WHERE id < 3;"
                   "UPDATE orders SET endpoint = 'https://live.sequra.svea.com/' WHERE id = 3")
        self.assertIn("At risk: ? EUR (shop_es)", self.sequras("pending"))

    def test_what_is_paid_is_compared_whatever_it_comes_to(self):
        client = self.open()
        self.settled(client, ref="R-1")
        self.settled(client, ref="R-2")
        lines = ", ".join(f"(1, '{ref}', {MOST})" for ref in ("R-1", "R-1", "R-x", "R-x"))
        self.write(f"""
            INSERT INTO disbursements (id, endpoint, merchant_id, path, currency)
                SELECT 1, endpoint, merchant_id, '/merchants/shop_es/disbursements/1', 'EUR' FROM orders LIMIT 1;
            INSERT INTO disbursements_read VALUES (1);
            INSERT INTO payouts (disbursement_id, order_ref_1, amount) VALUES {lines}""")
        data = self.assertStatus("SQ_OK", self.open().call("sq_reconcile")).data
        one, = data["differing"]
        unknown, = data["unknown_here"]
        self.assertEqual((["R-1", MOST], ["R-x", MOST]),
                         ([one["order_ref_1"], one["paid"]], [unknown["order_ref_1"], unknown["paid"]]))
        self.assertEqual(["R-2"], [order["order_ref_1"] for order in data["not_yet_paid"]])
        self.assertIsNone(data["totals"]["EUR"]["shop_es"]["unknown_here"]["amount"])
        self.configured()
        self.assertIn("? EUR", self.sequra("reconcile", expect=0).stdout)

    def test_carts_of_amounts_that_no_sale_comes_to_are_none(self):
        for path in ("shipped_cart.items[0].total_with_tax", "shipped_cart.order_total_with_tax", "approved"):
            for number in (MOST, -MOST - 1, 10**12 + 1):
                client = self.open()
                _, _, _, ref = self.settled(client)
                self.assertStatus("SQ_OK", client.call("sq_ship", ref, None))
                self.write(f"UPDATE contents SET carts = json_set(carts, '$.{path}', {number}) WHERE order_id = (SELECT max(id) FROM orders)")
                client = self.open()
                for call in (("sq_order_info", ref), ("sq_receipt", ref, 42), ("sq_pending",), ("sq_refund", ref, '{"amount": 5}'),
                             ("sq_refund", ref, None), ("sq_ship", ref, None), ("sq_hand_over", ref)):
                    self.assertNotIn(client.call(*call).name, ("SQ_INTERNAL", "SQ_JOURNAL"), (path, number, call))

    def test_figures_are_noted_whatever_they_come_to(self):
        order = orders.complete()
        sold = order.pop("cart")
        shipped, unshipped = dict(sold, items=sold["items"][:1]), dict(sold, items=sold["items"][1:])
        for part in (shipped, unshipped):
            part["order_total_with_tax"] = sum(item["total_with_tax"] for item in part["items"])
        order |= {"merchant": {"id": "shop_es", "options": {"uses_shipped_cart": True}},
                  "shipped_cart": shipped, "unshipped_cart": unshipped}
        client = self.open()
        url, _, order = self.approved(client, order)
        self.assertStatus("SQ_OK", client.confirm(url, order))
        self.write(f"UPDATE orders SET amount = {-MOST - 1}")
        self.assertStatus("SQ_OK", self.open().set_ref(url, "R-1"))
        shipped, = [row["shipped"] for row in self.rows("SELECT shipped FROM figures WHERE shipped IS NOT NULL")]
        self.assertEqual(-MOST - 1, shipped)
        self.assertStatus("SQ_OK", self.open().call("sq_day", None, None))
