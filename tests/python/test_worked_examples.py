"""Worked examples, to the cent: that of docs/after-the-sale.md, read from its own text, and those of seQura's order update."""

import json
import re
from pathlib import Path

import orders
from test_after_sale import JACKET, SHIRT, AfterSale
from test_measured import built

PAGE = Path(__file__).resolve().parents[2] / "docs" / "after-the-sale.md"


class Example(AfterSale):
    def carts(self):
        """The totals of every line that the simulated seQura has: (unshipped, shipped)."""
        sale = self.sim.order(self.uuid)["sale"]
        for name in ("unshipped_cart", "shipped_cart"):
            cart = sale[name]
            self.assertEqual(cart["order_total_with_tax"], sum(item["total_with_tax"] for item in cart["items"]))
        return sale["unshipped_cart"]["items"], sale["shipped_cart"]["items"]

    def lines(self, cell):
        """The cents of each line of a cart such as `6.00 = 6.67 - 0.67`, which must add up."""
        total, _, sum_of = cell.partition(" = ")
        lines = [int(re.sub(r"[ +.]", "", term)) for term in re.findall(r"(?:^|[-+] )[\d.]+", sum_of)]
        self.assertEqual(int(total.replace(".", "")), sum(lines), cell)
        return lines


class OfThePage(Example):
    def read(self):
        """The cart that is sold, the rows (function, what it is given, unshipped, shipped), the text below them."""
        section = PAGE.read_text(encoding="utf-8").split("\n## To the cent\n")[1].split("\n#")[0]
        sold, = re.findall(r"```json\n(.*?)```", section, re.DOTALL)
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line.startswith("|")]
        self.assertEqual(["call", "with", "unshipped cart, EUR", "shipped cart, EUR"], rows[0])
        return json.loads(sold), rows[2:], section.rsplit("|\n", 1)[1]

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


class OfTheGuides(Example):
    """Five carts, the same in each language: every number is what comes of it."""

    PAGES = {"en": "## Five carts, to the cent", "es": "## Cinco cestas, al céntimo"}

    def read(self, language):
        """Each example: its cart, and its rows (function, what it is given, given back, cart) with cents."""
        text = (PAGE.parent / f"guide.{language}.md").read_text(encoding="utf-8")
        _, *sections = text.split(f"\n{self.PAGES[language]}\n")[1].split("\n## ")[0].split("\n### ")
        for section in sections:
            cart, = re.findall(r"```json\n(.*?)```", section, re.DOTALL)
            rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line.startswith("| `sq_")]
            yield json.loads(cart), [(function.strip("`"), None if given == "NULL" else given.strip("`"), self.cents(back), self.lines(left))
                                     for function, given, back, left in rows], section

    def cents(self, text):
        return int(re.sub(r"[.,]", "", text)) if text else None

    def lines(self, cell):
        return super().lines(cell.replace(",", "."))

    def test_each_is_the_same_in_every_language(self):
        english, spanish = ([(cart, rows) for cart, rows, _ in self.read(language)] for language in self.PAGES)
        self.assertEqual(5, len(english))
        self.assertEqual(english, spanish)

    def test_every_number_of_them(self):
        for cart, rows, _ in self.read("en"):
            config = dict(rounding_line={"max_cents": 3}, language="en")
            client = self.open(**config)
            _, self.uuid, _, ref = self.settled(client, orders.complete(cart=cart))
            for function, given, back, left in rows:
                if "refund" in function:
                    client.close()
                    self.let_days_pass(12)
                    client = self.open(**config)
                answer = self.assertStatus("SQ_OK", client.call(function, ref, given))
                there = answer.data["shipped_cart"]["items"] if answer.data.get("preview") else self.carts()[1]
                self.assertEqual(left, [item["total_with_tax"] for item in there], given)
                if back is not None:
                    self.assertEqual(back, answer.data["given_back"])
                    self.assertIn(f"€{back / 100:.2f}", answer.document["operator_message"])
            client.close()

    def test_the_tax_is_what_the_first_says(self):
        for language in self.PAGES:
            _, _, section = next(iter(self.read(language)))
            table = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line.startswith("| ")]
            rows = [(name, self.cents(net), self.cents(gross)) for name, net, gross in (row for row in table if len(row) == 3)
                    if net[0].isdigit()]
            *lines, (_, net, gross) = rows
            self.assertEqual(net, sum(net for _, net, _ in lines))
            for _, net_of_it, gross_of_it in rows:
                self.assertEqual(gross_of_it, (net_of_it * 121 + 50) // 100)
            self.assertEqual(1, gross - sum(gross for *_, gross in lines))

    def test_the_scale_is_what_the_last_says(self):
        for language in self.PAGES:
            cart, _, section = list(self.read(language))[-1]
            prices = [self.cents(price) for price in re.findall(r" (?:at|a) (\d+[.,]\d\d)", section)]
            weights = [item["name"].split()[1] for item in cart["items"]]
            lines = [(None, item["reference"], item["name"].split()[0], weight, "kg", price)
                     for item, price, weight in zip(cart["items"], prices, weights, strict=True)]
            self.assertEqual(cart["items"], built(*lines))

    def test_every_number_of_what_is_said_below_a_table(self):
        for language in self.PAGES:
            for _, rows, section in self.read(language):
                known = {abs(line) for *_, left in rows for line in left} | {back for *_, back, _ in rows if back}
                for (*_, before), (*_, after) in zip(rows, rows[1:]):
                    known |= {abs(one - other) for one in before for other in after}
                for number in re.findall(r"(?<!\d)\d+[.,]\d\d(?!\d)", section.rsplit("|\n", 1)[1]):
                    self.assertIn(self.cents(number), known, section.splitlines()[0])
