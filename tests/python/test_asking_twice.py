"""The same question again: one answer, one sale; and questions whose time has not come, or is over."""

import unittest

import orders
from simulator import Listener
from till import Till

UUID = "0ebeeda9-b7ec-4f06-87e8-0cb4bcc051a2"


class AskingTwice(Till):
    def same(self, first, again):
        for field in ("status", "order", "errors", "operator_message", "next", "warnings", "data"):
            self.assertEqual(first.document[field], again.document[field], field)
        self.assertEqual((1, 0), (first.attempts, again.attempts))
        self.assertEqual(first.document["http"]["request_id"], again.document["http"]["request_id"])

    def test_the_same_confirmation_again_has_the_same_answer_and_sends_nothing(self):
        client = self.open()
        url, uuid, order = self.approved(client)
        first = client.confirm(url, order)
        with self.sends(0):
            self.same(first, client.confirm(url, order))
            self.same(first, client.confirm(url, {"order": order}))
            self.same(first, client.confirm(uuid, order))
            self.same(first, client.confirm(url, None))

    def test_the_order_of_keys_and_the_state_do_not_make_another_content(self):
        client = self.open()
        url, uuid, order = self.approved(client)
        first = client.confirm(url, order)
        shuffled = {key: order[key] for key in reversed(order)}
        with self.sends(0):
            self.same(first, client.confirm(url, shuffled))
            self.same(first, client.confirm(url, dict(order, state="confirmed")))

    def test_other_content_after_the_confirmation_is_the_wrong_state(self):
        client = self.open()
        url, uuid, order = self.confirmed(client)
        with self.sends(0):
            answer = client.confirm(url, orders.other(order, "/cart/items/0/name", "Otra"))
        self.assertStatus("SQ_WRONG_STATE", answer, "wrong_state")
        self.assertEqual(("confirmed", "set_order_ref"), (answer.state, answer.next))

    def test_the_same_confirmation_after_the_settlement_survives_the_scrubbing(self):
        client = self.open()
        order = orders.complete(orders.new_ref())
        url, uuid, _ = self.approved(client, order)
        first = client.confirm(url, order)
        self.assertIsNone(self.rows()[0]["content"])
        with self.sends(0):
            self.same(first, client.confirm(url, order))
            self.same(first, client.confirm(url, None))
            self.assertStatus("SQ_WRONG_STATE", client.confirm(url, orders.other(order, "/customer/email", "a@b.es")))

    def test_the_same_reference_again_has_the_same_answer_and_another_is_the_wrong_state(self):
        client, ref = self.open(), orders.new_ref()
        url, uuid, order = self.confirmed(client)
        first = client.set_ref(url, ref)
        with self.sends(0):
            self.same(first, client.set_ref(url, ref))
            answer = self.assertStatus("SQ_WRONG_STATE", client.set_ref(url, orders.new_ref()))
        self.assertEqual("settled", answer.state)
        self.assertEqual(ref, self.sim.ledger(uuid)[-1]["order_ref_1"])

    def test_the_answer_is_the_same_after_the_program_was_started_again(self):
        client = self.open()
        url, uuid, order = self.approved(client)
        first = client.confirm(url, order)
        client.close()
        with self.sends(0):
            self.same(first, self.open().confirm(url, order))

    def test_the_same_order_started_twice_is_two_orders_once_the_first_is_answered(self):
        # Two shoppers may buy the same; and seQura's solicitations are not unique.
        client = self.open()
        first, second = client.start(orders.complete()), client.start(orders.complete())
        self.assertNotEqual(first.uuid, second.uuid)
        self.assertEqual(2, len(self.rows()))

    def test_a_start_without_an_answer_is_not_continued_by_another_order(self):
        client = self.open()
        self.sim.fault("close_after", method="POST")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.start(orders.complete()))
        self.assertStatus("SQ_OK", client.start(orders.small()))
        self.assertEqual(["soliciting", "solicited"], [row["state"] for row in self.rows()])


class NotNow(Till):
    def test_no_reference_before_the_confirmation(self):
        client = self.open()
        started = client.start(orders.complete())
        for prepare in (lambda: None, lambda: client.send_form(started.url)):
            prepare()
            with self.sends(0):
                answer = self.assertStatus("SQ_WRONG_STATE", client.set_ref(started.url, "R"), "wrong_state")
            self.assertEqual(answer.state, answer.document["errors"][0]["actual"])

    def test_no_form_and_no_hold_after_the_confirmation(self):
        client = self.open()
        url, uuid, order = self.confirmed(client)
        with self.sends(0):
            self.assertEqual("set_order_ref", self.assertStatus("SQ_WRONG_STATE", client.send_form(url)).next)
            self.assertStatus("SQ_WRONG_STATE", client.hold(url, order))

    def test_nothing_after_the_settlement(self):
        client = self.open()
        url = self.settled(client)[0]
        with self.sends(0):
            for answer in (client.send_form(url), client.hold(url)):
                self.assertStatus("SQ_WRONG_STATE", answer, "wrong_state")
                self.assertEqual("none", answer.next)

    def test_the_form_can_be_sent_again_after_a_confirmation_that_came_too_early(self):
        # The operator was too quick, the SMS was lost: the order lives at seQura, and next says "confirm".
        client = self.open()
        url = client.start(orders.complete()).url
        client.send_form(url)
        self.assertStatus("SQ_CONFLICT", client.confirm(url), "not_approved")
        self.assertStatus("SQ_OK", client.send_form(url))

    def test_an_order_that_the_journal_does_not_know(self):
        client = self.open()
        for url in (UUID, f"{self.sim.http}/orders/{UUID}"):
            for answer in (client.confirm(url), client.hold(url), client.send_form(url), client.set_ref(url, "R")):
                self.assertStatus("SQ_UNKNOWN_ORDER", answer, "unknown_order")
        self.assertNothingSent()


class ForeignUrls(Till):
    def test_they_are_refused_before_any_connection(self):
        client = self.open()
        with Listener() as elsewhere:
            local = f"127.0.0.1:{self.sim.http.rsplit(':', 1)[1]}"
            for url in (f"{elsewhere.url}/orders/{UUID}", f"https://127.0.0.1:{elsewhere.port}/orders/{UUID}",
                        f"https://evil.example/orders/{UUID}", f"https://{local}/orders/{UUID}",
                        f"http://localhost:{local.rsplit(':', 1)[1]}/orders/{UUID}",
                        f"http://user:secret@{local}/orders/{UUID}", f"http://{local}@127.0.0.1:{elsewhere.port}/orders/{UUID}",
                        f"ftp://{local}/orders/{UUID}", f"http://127.0.0.1.evil.example/orders/{UUID}"):
                for name, answer in (("confirm", client.confirm(url, orders.complete())), ("hold", client.hold(url)),
                                     ("form", client.send_form(url)), ("ref", client.set_ref(url, "R")),
                                     ("methods", client.payment_methods(url))):
                    with self.subTest(url, call=name):
                        self.assertStatus("SQ_FOREIGN_URL", answer, "foreign_url")
                        self.assertIsNone(answer.document["http"])
            self.assertEqual([], elsewhere.accepted)
        self.assertNothingSent()

    def test_addresses_that_are_no_orders_are_refused(self):
        client = self.open()
        for url in (f"{self.sim.http}/", f"{self.sim.http}/orders", f"{self.sim.http}/merchants/{UUID}", "", "../../x",
                    f"//evil.example/orders/{UUID}", f"http://127.0.0.1:80.evil.example/orders/{UUID}", "/orders/", "http://[::1",
                    f"http:\\\\127.0.0.1:1\\orders\\{UUID}",
                    f"{self.sim.http}/orders/{UUID}/../../merchants/credentials", f"{self.sim.http}/orders/{UUID}?x=1#y"):
            with self.subTest(url):
                answer = client.confirm(url, orders.complete())
                self.assertIn(answer.name, ("SQ_FOREIGN_URL", "SQ_INVALID_ARGUMENT", "SQ_UNKNOWN_ORDER"))
        self.assertNothingSent()

    def test_a_reference_of_the_shops_is_no_uuid(self):
        # Nobody knows where the order would be.
        client = self.open()
        self.assertStatus("SQ_UNKNOWN_ORDER", client.confirm("R-100", orders.complete()))
        self.assertNothingSent()

    def test_the_same_endpoint_in_other_letters_is_the_same(self):
        client = self.open(base_url=self.sim.http + "/")
        url, uuid, order = self.approved(client)
        self.assertEqual("confirmed", client.confirm(url.replace("http:", "HTTP:"), order).state)


if __name__ == "__main__":
    unittest.main()
