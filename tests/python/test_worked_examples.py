"""Worked examples, to the cent: that of docs/after-the-sale.md, read from its own text, and those of seQura's order update."""

import json
import re
from pathlib import Path

import orders
from test_after_sale import JACKET, SHIRT, AfterSale

PAGE = Path(__file__).resolve().parents[2] / "docs" / "after-the-sale.md"


class Example(AfterSale):
    def carts(self):
        """The totals of every line that the simulated seQura has: (unshipped, shipped)."""
        sale = self.sim.order(self.uuid)["sale"]
        for name in ("unshipped_cart", "shipped_cart"):
            cart = sale[name]
            self.assertEqual(cart["order_total_with_tax"], sum(item["total_with_tax"] for item in cart["items"]))
        return sale["unshipped_cart"]["items"], sale["shipped_cart"]["items"]


class OfThePage(Example):
    def read(self):
        """The cart that is sold, the rows (function, what it is given, unshipped, shipped), the text below them."""
        section = PAGE.read_text(encoding="utf-8").split("\n## To the cent\n")[1].split("\n#")[0]
        sold, = re.findall(r"```json\n(.*?)```", section, re.DOTALL)
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line.startswith("|")]
        self.assertEqual(["call", "with", "unshipped cart, EUR", "shipped cart, EUR"], rows[0])
        return json.loads(sold), rows[2:], section.rsplit("|\n", 1)[1]

    def lines(self, cell):
        """The cents of each line of a cart such as `6.00 = 6.67 - 0.67`, which must add up."""
        total, _, sum_of = cell.partition(" = ")
        lines = [int(re.sub(r"[ +.]", "", term)) for term in re.findall(r"(?:^|[-+] )[\d.]+", sum_of)]
        self.assertEqual(int(total.replace(".", "")), sum(lines), cell)
        return lines

    def test_every_number_of_it(self):
        sold, rows, _ = self.read()
        client = self.open()
        _, self.uuid, _, ref = self.settled(client, orders.complete(cart=sold))
        self.assertEqual("*(sold)*", rows[0][0])
        self.assertEqual({"`sq_ship`", "`sq_refund`"}, {row[0] for row in rows[1:]})
        for function, given, *carts in rows:
            if function != "*(sold)*":
                answer = client.call(function.strip("`"), ref, None if given == "NULL" else given.strip("`"))
                self.assertStatus("SQ_OK", answer)
            expected = [self.lines(cell) for cell in carts]
            self.assertEqual(expected, [[item["total_with_tax"] for item in items] for items in self.carts()], function)
            amounts = self.info(client, ref).data["amounts"]
            self.assertEqual([sum(lines) for lines in expected], [amounts["unshipped"], amounts["shipped"]])

    def test_every_number_of_what_is_said_of_it(self):
        _, rows, said = self.read()
        left = [(self.lines(row[2]) + [0, 0])[:2] for row in rows[:4]]
        gone = [f"{(before - after) / sign / 100:.2f}"
                for one, next_one in zip(left, left[1:]) for before, after, sign in zip(one, next_one, (1, -1))]
        cup, off, second, second_off, third, third_off = gone
        half_of = f"{left[1][0] / 100:.2f}"
        self.assertEqual([cup, off, half_of, second, second_off, third, third_off], re.findall(r"\d+\.\d\d", said))


class OfTheOrderUpdate(Example):
    """An order of 8350: a shirt for 1250 and a jacket for 7100. Each row: the calls, and what each cart has then."""

    SHIP_ALL = ("sq_ship", None)
    ROWS = {
        "after confirm": ([], ["S1", "J1"], []),
        "ship all": ([SHIP_ALL], [], ["S1", "J1"]),
        "ship jacket only": ([("sq_ship", [{"reference": "J1"}])], ["S1"], ["J1"]),
        "then ship shirt": ([("sq_ship", [{"reference": "J1"}]), ("sq_ship", [{"reference": "S1"}])], [], ["J1", "S1"]),
        "return shirt after full ship": ([SHIP_ALL, ("sq_refund", {"items": [{"reference": "S1"}]})], [], ["J1"]),
        "partial refund by amount 500": ([SHIP_ALL, ("sq_refund", {"amount": 500})], [], ["S1", "J1", "r_1"]),
        "full refund after shipping": ([SHIP_ALL, ("sq_refund", None)], [], []),
        "cancel before shipping": ([("sq_cancel", None)], [], []),
        "cancel one unshipped line": ([("sq_update_order", "without the shirt")], ["J1"], []),
        "address change": ([("sq_update_order", "address")], ["S1", "J1"], []),
    }
    TOTALS = {"S1": 1250, "J1": 7100, "r_1": -500}

    def given(self, what):
        """What a call is given: JSON, or NULL."""
        if what == "without the shirt":
            items, _ = self.carts()
            what = {"unshipped_cart": {"currency": "EUR", "gift": False, "order_total_with_tax": 7100, "items": items[1:]}}
        elif what == "address":
            what = {"delivery_address": dict(orders.COMPLETE["delivery_address"], city="Cádiz")}
        return what and json.dumps(what)

    def test_every_row(self):
        client = self.open()
        for name, (calls, *expected) in self.ROWS.items():
            with self.subTest(name):
                ref = self.sold(client, SHIRT, JACKET)
                for function, what in calls:
                    self.assertStatus("SQ_OK", client.call(function, ref, self.given(what)))
                carts = [[(item["reference"], item["total_with_tax"]) for item in items] for items in self.carts()]
                self.assertEqual([[(item, self.TOTALS[item]) for item in items] for items in expected], carts)
        self.assertEqual("Cádiz", self.updates()[-1]["delivery_address"]["city"])
        reasons = [update["cancellation_reason"] for update in self.updates() if "cancellation_reason" in update]
        self.assertEqual(["unspecified"], reasons)
