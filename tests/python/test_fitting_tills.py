"""What a host's own model makes of the calls: keys that meet, returns that are asked twice, other tills. Written from what
was asked for, not from how it was built."""

import json

import orders
from test_after_sale import cart
from till import Till

LINES = ("A", 2, 1000, 2000), ("B", 1, 500, 500)


class Host(Till):
    def sale(self, client, ref=None, cart_ref=None, lines=LINES, **changes):
        """A sold order, settled where it has its number; its URL."""
        order = orders.complete(ref, cart=cart(*lines), **changes)
        if cart_ref:
            order["cart"]["cart_ref"] = cart_ref
        url, self.uuid, order = self.approved(client, order)
        answer = self.assertStatus("SQ_OK", client.confirm(url, order))
        self.assertEqual("settled" if ref else "confirmed", answer.state)
        return url

    def shipped(self, client, ref, **more):
        url = self.sale(client, ref, **more)
        self.assertStatus("SQ_OK", client.call("sq_ship", url, None))
        return url

    def refund(self, client, key, what):
        return client.call("sq_refund", key, json.dumps(what) if what else None)

    def at_sequra(self, url=None):
        """What the simulated seQura has: cents unshipped and shipped."""
        sale = self.sim.order(url.rsplit("/", 1)[-1] if url else self.uuid)["sale"]
        return sale["unshipped_cart"]["order_total_with_tax"], sale["shipped_cart"]["order_total_with_tax"]


class Keys(Host):
    BOTH = {"merchant_id": None, "merchants": {"ES": "shop_es", "IT": "shop_it"}}

    def test_a_number_that_two_merchants_have_is_nobodys(self):
        client = self.open(**self.BOTH)
        spain = self.sale(client, "X")
        home = {**orders.COMPLETE["delivery_address"], "country_code": "IT"}
        italy = self.sale(client, "X", merchant={"id": "shop_it"}, delivery_address=home)
        with self.sends(0):
            for function, *rest in (["sq_order_info"], ["sq_ship", None], ["sq_refund", None], ["sq_cancel", None], ["sq_recover"],
                                    ["sq_abandon"], ["sq_update_order", '{"trackings": []}'], ["sq_set_order_ref", "X", "Y"]):
                answer = client.call(function, "X", *rest)
                self.assertStatus("SQ_INVALID_ARGUMENT", answer)
                for url in (spain, italy):
                    self.assertIn(url, answer.document["errors"][0]["message"])
        self.assertStatus("SQ_OK", client.call("sq_ship", italy, None))
        self.assertEqual(((2500, 0), (0, 2500)), (self.at_sequra(spain), self.at_sequra(italy)))

    def test_a_number_that_seQura_refused_names_nobody(self):
        self.sale(self.open(journal=str(self.folder / "other.db")), "R-1")
        client = self.open()
        order = orders.complete("R-1")
        url, _, _ = self.approved(client, order)
        self.assertStatus("SQ_DUPLICATE_ORDER_REF", client.confirm(url, order))
        self.assertStatus("SQ_OK", client.confirm(url, orders.complete("R-2")))
        with self.sends(0):
            for function in ("sq_ship", "sq_refund", "sq_cancel"):
                self.assertStatus("SQ_UNKNOWN_ORDER", client.call(function, "R-1", None))

    def test_another_endpoints_orders_have_other_numbers(self):
        client = self.open()
        url = self.sale(client, "R-1", cart_ref="C-1")
        client.close()
        self.line()
        client = self.open()
        with self.sends(0):
            for key in ("R-1", "C-1", url.rsplit("/", 1)[-1]):
                self.assertStatus("SQ_UNKNOWN_ORDER", client.call("sq_refund", key, None))
        self.assertEqual((2500, 0), self.at_sequra(url))

    def test_of_two_baskets_with_one_number_the_one_that_goes_on(self):
        client = self.open()
        first = self.assertStatus("SQ_OK", client.start(orders.other(orders.small(), "/cart/cart_ref", "C-1"))).url
        second = self.assertStatus("SQ_OK", client.start(orders.other(orders.small(6000), "/cart/cart_ref", "C-1"))).url
        with self.sends(0):
            self.assertStatus("SQ_INVALID_ARGUMENT", client.call("sq_confirm", "C-1", None))
            self.assertStatus("SQ_INVALID_ARGUMENT", client.call("sq_abandon", "C-1"))
        self.assertStatus("SQ_OK", client.call("sq_abandon", first))
        self.assertEqual(second, self.assertStatus("SQ_OK", client.send_form("C-1")).url)


class Returns(Host):
    PART = {"items": [{"reference": "A", "quantity": 1}], "amount": 638}

    def test_a_preview_beside_a_change_without_an_answer(self):
        client = self.open()
        self.shipped(client, "R-1")
        one = {"items": [{"reference": "A", "quantity": 1}]}
        self.sim.fault("close_before", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", self.refund(client, "R-1", one))
        tables = [row["name"] for row in self.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        before = {table: self.rows(f"SELECT * FROM {table}") for table in tables}
        with self.sends(0):
            # The same is the same; another comes on top of it.
            self.assertEqual(1000, self.assertStatus("SQ_OK", self.refund(client, "R-1", {**one, "preview": True})).data["given_back"])
            other = self.assertStatus("SQ_OK", self.refund(client, "R-1", {"items": [{"reference": "B"}], "preview": True}))
        self.assertEqual((500, 1500), (other.data["given_back"], other.data["amounts"]["refunded"]))
        self.assertEqual(before, {table: self.rows(f"SELECT * FROM {table}") for table in tables})
        self.assertStatus("SQ_OK", self.refund(client, "R-1", one))
        self.assertEqual((0, 1500), self.at_sequra())

    def test_what_is_no_clear_preview_does_nothing(self):
        client = self.open()
        self.shipped(client, "R-1")
        with self.sends(0):
            for doubtful in ("true", 1, 0, "false", [], {}):
                self.assertStatus("SQ_INVALID_ORDER", self.refund(client, "R-1", {"items": [{"reference": "A"}], "preview": doubtful}))

    def test_the_tills_own_amount_is_given_back_once(self):
        for kind in ("close_before", "close_after"):
            client = self.open()
            ref = orders.new_ref()
            self.shipped(client, ref)
            self.sim.fault(kind, method="PUT")
            self.assertStatus("SQ_OUTCOME_UNKNOWN", self.refund(client, ref, self.PART))
            client.close()
            client = self.open()
            self.assertEqual(638, self.assertStatus("SQ_OK", self.refund(client, ref, self.PART)).data["given_back"])
            self.assertEqual((0, 2500 - 638), self.at_sequra())
            self.assertEqual("SQ_OK", client.call("sq_recover", None).name)
            self.assertEqual((0, 2500 - 638), self.at_sequra())
            client.close()

    def test_returns_one_after_another_come_to_what_was_paid(self):
        client = self.open()
        self.shipped(client, "R-1", lines=(("A", 1, 1000, 1000), ("B", 1, 1000, 1000)))
        back = {"items": [{"reference": "A"}], "amount": 638}
        given = [self.assertStatus("SQ_OK", self.refund(client, "R-1", back)).data["given_back"]]
        # It has come back already.
        self.assertStatus("SQ_INVALID_ORDER", self.refund(client, "R-1", back), "no_such_line")
        given += [self.assertStatus("SQ_OK", self.refund(client, "R-1", {"items": [{"reference": "B"}]})).data["given_back"]]
        given += [self.assertStatus("SQ_OK", self.refund(client, "R-1", None)).data["given_back"]]
        self.assertEqual(([638, 1000, 362], (0, 0)), (given, self.at_sequra()))


class Checks(Host):
    def check(self, client, order):
        return client.call("sq_check_order", json.dumps(order, ensure_ascii=False))

    def places(self, value, at=""):
        yield at
        entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for name, part in entries:
            yield from self.places(part, f"{at}/{name}")

    def said(self, answer):
        """What is wrong and what looks wrong, each with its place."""
        lists = answer.document["errors"], answer.document["warnings"]
        return [sorted((one["code"], one["pointer"] or "") for one in problems) for problems in lists]

    def test_a_check_says_what_the_start_will_say(self):
        client = self.open()
        seen = set()
        for place in list(self.places(orders.COMPLETE))[1:]:
            for value in (..., None, "", "x", -1, [], True):
                # Whether the account has such a merchant, only seQura knows.
                if place == "/merchant/id" and value not in (..., None, ""):
                    continue
                order = orders.other(orders.COMPLETE, place, value)
                requests = self.sim.stats()["requests"]
                check = self.check(client, order)
                self.assertEqual(requests, self.sim.stats()["requests"])
                start = client.start(order)
                self.assertEqual((start.name, self.said(start)), (check.name, self.said(check)), (place, value))
                seen.add(check.name)
        self.assertEqual({"SQ_OK", "SQ_INVALID_ORDER"}, seen)

    def test_a_check_leaves_nothing(self):
        client = self.open()
        tables = [row["name"] for row in self.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        before = {table: self.rows(f"SELECT * FROM {table}") for table in tables}
        for order in (orders.complete("R-1"), {}, orders.other(orders.complete("R-1"), "/customer/email", ...)):
            self.check(client, order)
        self.assertEqual(before, {table: self.rows(f"SELECT * FROM {table}") for table in tables})
        self.assertNothingSent()
        # And it is no order yet: its number is free.
        self.assertStatus("SQ_OK", client.start(orders.complete("R-1")))

    def test_written_once_is_the_same_order_as_written_out(self):
        client = self.open()
        once = orders.complete("R-1")
        del once["invoice_address"]
        for name in ("given_names", "surnames", "company", "address_line_2"):
            del once["delivery_address"][name]
        url, _, _ = self.approved(client, once)
        sent = json.loads(self.sim.bodies("POST", "/orders")[0])["order"]
        whole = orders.complete("R-1")
        for block in ("delivery_address", "invoice_address", "customer"):
            self.assertEqual(whole[block], sent[block], block)
        self.assertEqual("settled", self.assertStatus("SQ_OK", client.confirm(url, once)).state)
        with self.sends(0):
            self.assertStatus("SQ_OK", client.confirm(url, whole))
            self.assertStatus("SQ_OK", client.confirm(url, once))

    def test_a_country_by_its_name_decides_the_merchant(self):
        client = self.open(merchant_id=None, merchants={"ES": "shop_es", "FR": "shop_fr"})
        for name, code in (("España", "ES"), ("espagne", "ES"), ("ESP", "ES"), ("Francia", "FR"), ("FRANÇA", "FR"), ("fra", "FR")):
            order = orders.complete()
            del order["merchant"]
            for block in ("delivery_address", "invoice_address"):
                order[block]["country_code"] = name
            self.assertIn("country_understood", self.assertStatus("SQ_OK", self.check(client, order)).warned)
            self.assertStatus("SQ_OK", client.start(order))
            sent = json.loads(self.sim.bodies("POST", "/orders")[-1])["order"]
            self.assertEqual((code, code, f"shop_{code.lower()}"),
                             (sent["delivery_address"]["country_code"], sent["invoice_address"]["country_code"], sent["merchant"]["id"]))


class GoodsLeave(Host):
    """What left with the receipt is shipped once, and what was not said to have left is not."""

    WAYS = ("later", "with_the_order", "after_the_sale")

    def unshipped(self, client):
        answer = self.assertStatus("SQ_OK", client.call("sq_pending"))
        return [order["order_ref_1"] for order in answer.data["unshipped"]], answer.data["unshipped_total"]

    def test_the_configuration_changes_between_start_and_confirmation(self):
        for first in self.WAYS:
            for then in self.WAYS:
                for text in (True, False):
                    with self.subTest((first, then, text)):
                        ref = orders.new_ref()
                        order = orders.small(**orders.complete(ref))
                        client = self.open(goods_leave=first)
                        url, _, _ = self.approved(client, order)
                        client.close()
                        client = self.open(goods_leave=then)
                        self.assertEqual("settled", self.assertStatus("SQ_OK", client.confirm(url, order if text else None)).state)
                        # Begun as shipped, it is; otherwise the present word counts.
                        stays = then == "later" and first != "with_the_order"
                        self.assertEqual((5000, 0) if stays else (0, 5000), self.at_sequra(url))
                        self.assertEqual(([ref] if stays else []), [one for one in self.unshipped(client)[0] if one == ref])
                        client.close()

    def test_to_say_so_ships_nothing_that_was_sold_before(self):
        client = self.open()
        old = self.sale(client, "R-1")
        client.close()
        for way in ("after_the_sale", "with_the_order"):
            client = self.open(goods_leave=way)
            with self.sends(0):
                self.assertStatus("SQ_OK", client.call("sq_recover", None))
                self.assertStatus("SQ_OK", client.call("sq_recover", "R-1"))
            self.assertEqual(((2500, 0), (["R-1"], {"EUR": {"shop_es": 2500}})), (self.at_sequra(old), self.unshipped(client)))
            client.close()

    def test_what_was_to_be_shipped_is_whatever_is_said_later(self):
        for kind in ("close_before", "close_after"):
            client = self.open(goods_leave="after_the_sale")
            ref = orders.new_ref()
            self.sim.fault(kind, method="PUT", path="/merchants/")
            url = self.sale(client, ref)
            self.assertEqual([ref], self.unshipped(client)[0])
            client.close()
            client = self.open(goods_leave="later")
            self.assertStatus("SQ_OK", client.call("sq_recover", None))
            self.assertEqual(((0, 2500), ([], {})), (self.at_sequra(url), self.unshipped(client)))
            client.close()

    def test_a_return_before_the_shipment_has_its_answer(self):
        for kind in ("close_before", "close_after"):
            client = self.open(goods_leave="after_the_sale")
            ref = orders.new_ref()
            self.sim.fault(kind, method="PUT", path="/merchants/")
            url = self.sale(client, ref)
            self.assertStatus("SQ_WRONG_STATE", self.refund(client, ref, None))
            self.assertStatus("SQ_OK", self.refund(client, ref, {"items": [{"reference": "A", "quantity": 1}]}))
            for call in (("sq_recover", None), ("sq_ship", ref, None)):
                self.assertStatus("SQ_OK", client.call(*call))
                self.assertEqual((0, 1500), self.at_sequra(url))
            client.close()

    def test_the_shipment_goes_under_the_number_that_was_taken_in_the_end(self):
        self.sale(self.open(journal=str(self.folder / "other.db")), "R-1")
        client = self.open(goods_leave="after_the_sale")
        url = self.sale(client)
        self.assertStatus("SQ_DUPLICATE_ORDER_REF", client.set_ref(url, "R-1"))
        self.assertEqual((2500, 0), self.at_sequra(url))
        self.assertStatus("SQ_OK", client.set_ref(url, "R-2"))
        self.assertEqual(((0, 2500), ["/merchants/shop_es/orders/R-2"]),
                         (self.at_sequra(url), [one["path"] for one in self.sim.requests("PUT", "/merchants/")]))

    def test_what_a_person_has_seen_is_shipped_too(self):
        client = self.open(goods_leave="after_the_sale")
        order = orders.complete("R-1", cart=cart(*LINES))
        url, _, _ = self.approved(client, order)
        self.sim.fault("close_after", method="PUT", state="confirmed")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.confirm(url, order))
        self.assertEqual("ship", self.assertStatus("SQ_OK", client.call("sq_resolve", "R-1", "confirmed", "portal")).next)
        self.assertEqual(["R-1"], self.unshipped(client)[0])
        self.assertStatus("SQ_OK", client.call("sq_recover", None))
        self.assertEqual(((0, 2500), ([], {})), (self.at_sequra(url), self.unshipped(client)))


class Hands(Host):
    """An order that goes from till to till is one till's at a time, and is paid back once."""

    ONE = {"items": [{"reference": "A", "quantity": 1}]}

    def setUp(self):
        super().setUp()
        self.tills = {name: self.open(journal=str(self.folder / f"{name}.db")) for name in ("one", "two")}

    def hand_over(self, name):
        return self.assertStatus("SQ_OK", self.tills[name].call("sq_hand_over", "R-1")).data["document"]

    def take_over(self, name, document):
        return self.tills[name].call("sq_take_over", document)

    def given_back(self, name, key="R-1"):
        """One piece comes back at this till."""
        answer = self.assertStatus("SQ_OK", self.refund(self.tills[name], key, self.ONE))
        return answer.data["given_back"]

    def test_what_is_given_back_at_two_tills_comes_to_what_seQura_knows(self):
        self.shipped(self.tills["one"], "R-1", cart_ref="C-1")
        first = self.hand_over("one")
        self.assertStatus("SQ_OK", self.take_over("two", first))
        back = self.given_back("two", "C-1")
        second = self.hand_over("two")
        self.assertStatus("SQ_OK", self.take_over("one", second))
        back += self.given_back("one")
        self.assertEqual((0, 2500 - back), self.at_sequra())
        with self.sends(0):
            # Whoever has handed it on cannot know who has it: no document of before opens it again.
            for document in (first, second):
                self.assertStatus("SQ_TAKEN_OVER", self.take_over("two", document))
                self.assertStatus("SQ_TAKEN_OVER", self.refund(self.tills["two"], "R-1", self.ONE))

    def test_the_origin_does_not_take_its_own_document_back(self):
        self.shipped(self.tills["one"], "R-1")
        document = self.hand_over("one")
        self.assertStatus("SQ_OK", self.take_over("two", document))
        self.given_back("two")
        self.given_back("two")
        self.assertStatus("SQ_TAKEN_OVER", self.take_over("one", document))
        self.assertStatus("SQ_TAKEN_OVER", self.refund(self.tills["one"], "R-1", self.ONE))
        self.assertEqual((0, 500), self.at_sequra())

    def test_taken_twice_by_one_till_it_is_the_same_order(self):
        self.shipped(self.tills["one"], "R-1")
        document = self.hand_over("one")
        self.assertEqual(document, self.hand_over("one"))
        for _ in range(2):
            self.assertStatus("SQ_OK", self.take_over("two", document))
            self.given_back("two")
        self.assertEqual((0, 500), self.at_sequra())

    def test_what_is_not_shipped_yet_is_in_one_list(self):
        self.sale(self.tills["one"], "R-1")
        document = self.hand_over("one")
        self.assertStatus("SQ_OK", self.take_over("two", document))
        unshipped = {name: till.call("sq_pending").data["unshipped_total"] for name, till in self.tills.items()}
        self.assertEqual({"one": {}, "two": {"EUR": {"shop_es": 2500}}}, unshipped)
        self.assertStatus("SQ_OK", self.tills["two"].call("sq_ship", "R-1", None))
        reports = []
        for till in self.tills.values():
            self.assertStatus("SQ_OK", till.call("sq_send_delivery_report", None))
            reports.append([order["merchant_reference"]["order_ref_1"]
                            for order in json.loads(self.sim.bodies("POST", "delivery")[-1])["delivery_report"]["orders"]])
        self.assertEqual([[], ["R-1"]], reports)

    def test_a_shipment_without_an_answer_stays_where_it_is(self):
        client = self.open(goods_leave="after_the_sale")
        self.sim.fault("close_before", method="PUT", path="/merchants/")
        self.sale(client, "R-1")
        self.assertStatus("SQ_WRONG_STATE", client.call("sq_hand_over", "R-1"))
        self.assertStatus("SQ_OK", client.call("sq_recover", None))
        document = self.assertStatus("SQ_OK", client.call("sq_hand_over", "R-1")).data["document"]
        self.assertStatus("SQ_OK", self.take_over("two", document))
        self.assertEqual(1000, self.given_back("two"))
        self.assertEqual((0, 1500), self.at_sequra())


class NumbersThatMeet(Host):
    """One sale's ticket has the number of another's basket."""

    def setUp(self):
        super().setUp()
        self.client = self.open()
        self.ticket = self.sale(self.client, "K")
        self.basket = self.sale(self.client, "R-2", cart_ref="K")

    def test_cancelled_twice_is_one_sale_cancelled(self):
        for _ in range(3):
            self.assertStatus("SQ_OK", self.client.call("sq_cancel", "K", None))
        self.assertEqual(((0, 0), (2500, 0)), (self.at_sequra(self.ticket), self.at_sequra(self.basket)))

    def test_a_cancelled_ticket_is_no_other_sale(self):
        self.assertStatus("SQ_OK", self.client.call("sq_cancel", "K", None))
        with self.sends(0):
            for function in ("sq_ship", "sq_refund"):
                self.assertStatus("SQ_WRONG_STATE", self.client.call(function, "K", None))
        self.assertEqual((2500, 0), self.at_sequra(self.basket))
