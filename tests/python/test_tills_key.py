"""The till's own key: every call that takes an order takes its URL, uuid, order_ref_1 or cart.cart_ref."""

import unittest
import uuid as uuids

import orders
from outside import Stranger
from till import Till

#: Names that tills give: with blanks, letters, signs; one that looks like a uuid, and some that look like URLs.
NAMES = ["C-1", "A 14/12345", " Caja nº 7 – Ñ ", "ÇA/1€ «x»", "12", "0", "%2e%2e", "'; DROP TABLE orders; --", "C\t1", "x" * 200,
         "0ebeeda9-b7ec-4f06-87e8-0cb4bcc051a2", "0EBEEDA9-B7EC-4F06-87E8-0CB4BCC051A2", "http://shop.example/carts/1",
         "https://sandbox.sequrapi.com/orders/0ebeeda9-b7ec-4f06-87e8-0cb4bcc051a2"]


def with_key(key, ref=None, **changes):
    order = orders.complete(ref, **changes)
    order["cart"]["cart_ref"] = key
    return order


class ByItsKey(Till):
    def started(self, client, key, ref=None):
        answer = self.assertStatus("SQ_OK", client.start(with_key(key, ref)))
        return answer.url, answer.uuid

    def sale(self, client, key, name, ref):
        """A whole sale, and all that comes after it, in which the order is called only `name`."""
        order = with_key(key)
        _, uuid = self.started(client, key)
        self.assertStatus("SQ_OK", client.payment_methods(name))
        self.assertStatus("SQ_OK", client.send_form(name))
        self.assertStatus("SQ_OK", client.send_form_by(name, "email"))
        self.sim.review(uuid)
        self.assertStatus("SQ_OK", client.hold(name))
        self.sim.approve(uuid)
        self.assertEqual("confirmed", self.assertStatus("SQ_OK", client.confirm(name, order)).state)
        self.assertEqual("confirmed", self.assertStatus("SQ_OK", client.confirm(name)).state)
        self.assertEqual("confirmed", self.assertStatus("SQ_OK", client.call("sq_recover", name)).state)
        self.assertStatus("SQ_WRONG_STATE", client.call("sq_abandon", name))
        self.assertStatus("SQ_WRONG_STATE", client.call("sq_resolve", name, "confirmed", "seen"))
        self.assertEqual("settled", self.assertStatus("SQ_OK", client.set_ref(name, ref)).state)
        for call in (("sq_ship", name, None), ("sq_refund", name, {"amount": 100}),
                     ("sq_update_order", name, {"trackings": []}), ("sq_refund", name, None)):
            answer = self.assertStatus("SQ_OK", client.call(*call))
            self.assertEqual((uuid, ref, key), (answer.uuid, answer.order["order_ref_1"], answer.order["cart_ref"]))
        answer = self.assertStatus("SQ_OK", client.order_info(name))
        self.assertEqual((uuid, 0), (answer.uuid, answer.data["amounts"]["owed"]))
        self.assertStatus("SQ_OK", client.call("sq_cancel", name, None))
        entries = self.assertStatus("SQ_OK", client.call("sq_log", {"order": name})).data["entries"]
        self.assertEqual({uuid}, {entry["order"]["uuid"] for entry in entries})
        self.assertGreater(len(entries), 8)

    def test_every_call_takes_whatever_a_till_writes_there(self):
        client = self.open()
        for number, name in enumerate(NAMES):
            with self.subTest(name):
                self.sale(client, name, name, f"R-{number}")

    def test_a_till_that_writes_windows_1252_is_understood(self):
        client = self.open("windows-1252", text_encoding="windows-1252")
        self.sale(client, "Caña – €", "Caña – €", "R-1")

    def test_a_number_is_as_good_as_its_digits(self):
        client = self.open()
        url, _ = self.started(client, 1207)
        answer = self.assertStatus("SQ_OK", client.order_info("1207"))
        self.assertEqual((url, "1207"), (answer.url, answer.order["cart_ref"]))

    def test_a_url_or_a_known_uuid_comes_first_then_order_ref_1_then_the_key(self):
        client = self.open()
        url, uuid, _, _ = self.settled(client, ref="R-1")
        other, other_uuid, _, _ = self.settled(client, with_key(uuid), ref="R-2")
        third, _, _, _ = self.settled(client, with_key("R-1"), ref="R-3")
        self.settled(client, with_key(url), ref="R-4")
        for name, meant in ((url, url), (uuid, url), (uuid.upper(), url), (f"  {uuid}\n", url), ("R-1", url), ("R-2", other),
                            (other_uuid, other), ("R-3", third)):
            with self.subTest(name):
                self.assertEqual(meant, self.assertStatus("SQ_OK", client.order_info(name)).url)
                self.assertEqual(meant, self.assertStatus("SQ_OK", client.call("sq_ship", name, None)).url)

    def test_of_one_reference_the_order_is_meant_that_is_alive(self):
        client = self.open()
        for end in ("sq_abandon", "sq_cancel"):
            with self.subTest(end):
                key = f"C-{end}"
                for _ in range(3):
                    if end == "sq_cancel":
                        url, _, _, _ = self.settled(client, with_key(key))
                        self.assertStatus("SQ_OK", client.call(end, key, None))
                    else:
                        url, _ = self.started(client, key)
                        self.assertStatus("SQ_OK", client.call(end, key))
                        # Of those that were, the last.
                        self.assertEqual(url, self.assertStatus("SQ_OK", client.call(end, key)).url)
                    self.assertEqual(url, self.assertStatus("SQ_OK", client.order_info(key)).url)
                alive, _ = self.started(client, key)
                self.assertEqual(alive, self.assertStatus("SQ_OK", client.send_form(key)).url)
                self.assertEqual(alive, client.order_info(key).url)

    def test_asked_twice_a_call_means_the_same_order(self):
        """The kinds of names are tried in turn, and the first that any order has, or had, decides."""
        client = self.open()
        for number, (call, *rest) in enumerate([("sq_cancel", None), ("sq_refund", None)]):
            with self.subTest(call):
                ticket = f"K-{number}"
                first, first_uuid, _, _ = self.settled(client, ref=ticket)
                other, other_uuid, _, _ = self.settled(client, with_key(ticket))
                if call == "sq_refund":
                    self.assertStatus("SQ_OK", client.call("sq_ship", ticket, None))
                for _ in range(3):
                    self.assertEqual(first, self.assertStatus("SQ_OK", client.call(call, ticket, *rest)).url)
                self.assertEqual("settled", client.order_info(other).state)
                self.assertEqual(orders.TOTAL, client.order_info(other).data["amounts"]["owed"])
        first, _ = self.started(client, None, "K-9")
        other, _ = self.started(client, "K-9")
        for _ in range(3):
            self.assertEqual(first, self.assertStatus("SQ_OK", client.call("sq_abandon", "K-9")).url)
            self.assertEqual(first, self.assertStatus("SQ_OK", client.order_info("K-9")).url)
        self.assertEqual("solicited", client.order_info(other).state)
        again, _ = self.started(client, None, "K-9")
        self.assertEqual(again, client.order_info("K-9").url)

    def test_a_key_that_the_order_has_no_more_names_it_no_more(self):
        client = self.open()
        url, uuid, _ = self.approved(client, with_key("OLD"))
        self.sim.rules(changed_cart_refused=False)
        self.assertStatus("SQ_OK", client.confirm("OLD", with_key("NEW")))
        self.assertEqual("NEW", client.order_info("NEW").order["cart_ref"])
        self.assertStatus("SQ_UNKNOWN_ORDER", client.order_info("OLD"))
        other, _ = self.started(client, "OLD")
        self.assertEqual(other, self.assertStatus("SQ_OK", client.order_info("OLD")).url)

    def test_two_that_are_alive_are_both_named_and_nothing_is_sent(self):
        client = self.open()
        first, _, _, _ = self.settled(client, with_key("C-1"), ref="R-1")
        second, _ = self.started(client, "C-1")
        journal = self.rows()
        with self.sends(0):
            for call in (("sq_payment_methods", "C-1"), ("sq_send_form", "C-1", "pp3", None),
                         ("sq_send_form_by", "C-1", "sms", "pp3", None), ("sq_hold", "C-1", None),
                         ("sq_confirm", "C-1", None), ("sq_confirm", "C-1", with_key("C-1")),
                         ("sq_set_order_ref", "C-1", "R-2", None), ("sq_abandon", "C-1"), ("sq_recover", "C-1"),
                         ("sq_resolve", "C-1", "confirmed", "seen"), ("sq_order_info", "C-1"), ("sq_ship", "C-1", None),
                         ("sq_refund", "C-1", None), ("sq_cancel", "C-1", None), ("sq_update_order", "C-1", {"trackings": []})):
                with self.subTest(call[0]):
                    answer = self.assertStatus("SQ_INVALID_ARGUMENT", client.call(*call), "argument_out_of_range")
                    problem = answer.error("argument_out_of_range")
                    self.assertEqual([first, second], problem["actual"])
                    for url in (first, second):
                        self.assertIn(url, problem["message"])
                    self.assertEqual("fix_order", answer.next)
        self.assertEqual(journal, self.rows())
        self.assertEqual(first, client.order_info("R-1").url)
        self.assertStatus("SQ_OK", client.call("sq_abandon", second))
        self.assertEqual(first, client.order_info("C-1").url)

    def test_two_merchants_may_have_one_order_ref_1(self):
        client = self.open(merchant_id=None, merchants={"ES": "shop_es", "FR": "shop_fr"})
        urls = []
        for merchant, country in (("shop_es", "ES"), ("shop_fr", "FR")):
            order = orders.complete(merchant={"id": merchant})
            for name in ("delivery_address", "invoice_address"):
                order[name]["country_code"] = country
            urls.append(self.settled(client, order, ref="R-1")[0])
        with self.sends(0):
            answer = self.assertStatus("SQ_INVALID_ARGUMENT", client.call("sq_ship", "R-1", None))
        self.assertEqual(urls, answer.document["errors"][0]["actual"])

    def test_one_whose_start_has_no_answer_is_found_and_waits_for_recovery(self):
        client = self.open()
        self.sim.fault("close_after", method="POST")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.start(with_key("C-1")))
        with self.sends(0):
            for call in (("sq_payment_methods", "C-1"), ("sq_send_form", "C-1", "pp3", None), ("sq_confirm", "C-1", None)):
                answer = self.assertStatus("SQ_WRONG_STATE", client.call(*call), "wrong_state")
                self.assertEqual(("soliciting", "recover", "C-1"), (answer.state, answer.next, answer.order["cart_ref"]))
        self.assertEqual("solicited", self.assertStatus("SQ_OK", client.call("sq_recover", "C-1")).state)
        self.assertStatus("SQ_OK", client.send_form("C-1"))

    def test_a_name_that_nobody_knows_is_no_reason_to_sell_again(self):
        client = self.open()
        with self.sends(0):
            for call in (("sq_payment_methods", "C-9"), ("sq_send_form", "C-9", "pp3", None), ("sq_confirm", "C-9", None),
                         ("sq_confirm", "C-9", orders.complete()), ("sq_hold", "C-9", None), ("sq_set_order_ref", "C-9", "R-1", None),
                         ("sq_order_info", "C-9"), ("sq_ship", "C-9", None)):
                with self.subTest(call):
                    answer = self.assertStatus("SQ_UNKNOWN_ORDER", client.call(*call), "unknown_order")
                    self.assertEqual("fix_order", answer.next)

    def test_urls_and_uuids_of_orders_that_are_not_here_stay_as_they_were(self):
        first = self.open(journal=":memory:")
        url, uuid, order = self.approved(first)
        client = self.open()
        for name in (url, uuid):
            self.assertStatus("SQ_UNKNOWN_ORDER", client.confirm(name), "unknown_order")
        with self.sends(0):
            for name in (f"https://sandbox.sequrapi.com/orders/{uuid}", "http://shop.example/1", "ftp://x"):
                self.assertStatus("SQ_FOREIGN_URL", client.confirm(name, order), "foreign_url")
        self.assertEqual("confirmed", self.assertStatus("SQ_OK", client.confirm(uuid, order)).state)
        unknown = str(uuids.uuid5(uuids.NAMESPACE_URL, "nobody's"))
        self.assertEqual("SQ_FORBIDDEN", client.payment_methods(unknown).name)

    def test_the_key_stays_where_an_update_leaves_it_out_and_changes_where_it_says_another(self):
        client = self.open()
        self.settled(client, with_key("C-1"), ref="R-1")
        carts = self.assertStatus("SQ_OK", client.order_info("C-1")).data
        update = {name: dict(carts[name]) for name in ("unshipped_cart", "shipped_cart")}
        for cart in update.values():
            del cart["cart_ref"]
        self.assertEqual("C-1", self.assertStatus("SQ_OK", client.call("sq_update_order", "R-1", update)).order["cart_ref"])
        for cart in update.values():
            cart["cart_ref"] = "C-2"
        self.assertEqual("C-2", self.assertStatus("SQ_OK", client.call("sq_update_order", "C-1", update)).order["cart_ref"])
        self.assertEqual("R-1", self.assertStatus("SQ_OK", client.order_info("C-2")).order["order_ref_1"])

    def test_it_stands_in_every_result_and_list(self):
        client = self.open()
        url, _ = self.started(client, "C-1")
        self.assertEqual("C-1", client.pending().data["orders"][0]["cart_ref"])
        self.assertEqual("C-1", client.order_info(url).order["cart_ref"])
        client.close()
        client = self.open(personal_data="scrub_when_settled")
        self.assertEqual("C-1", client.confirm(url).order["cart_ref"])
        started = client.start(orders.complete())
        self.assertIsNone(started.order["cart_ref"])
        for blank in ("", "  ", None):
            self.assertIsNone(client.start(with_key(blank)).order["cart_ref"])

    def test_one_of_an_older_version_is_found_while_it_is_unfinished(self):
        client = self.open()
        url, _ = self.started(client, "C-1")
        client.close()
        Stranger.shared().write(self.journal, "DELETE FROM names")
        client = self.open()
        self.assertEqual(url, self.assertStatus("SQ_OK", client.order_info("C-1")).url)
        self.assertStatus("SQ_UNKNOWN_ORDER", client.order_info("C-2"))

    def test_a_till_that_writes_the_same_into_all_of_them_waits_for_none_of_it(self):
        client = self.open()
        for _ in range(40):
            self.started(client, "1")
        answer = self.assertStatus("SQ_INVALID_ARGUMENT", client.order_info("1"), "argument_out_of_range")
        self.assertEqual(10, len(answer.document["errors"][0]["actual"]))


if __name__ == "__main__":
    unittest.main()
