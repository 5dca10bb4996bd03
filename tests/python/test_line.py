"""The line fails: what never arrived, what may have arrived, answers that are none; and asking again after each."""

import json
import time
import unittest

import orders
import simulator
from outside import Stranger
from simulator import Listener
from till import Till, deadline_s


class NeverArrived(Till):
    """3001: surely not processed."""

    def test_nobody_listens(self):
        client = self.open(base_url=f"http://127.0.0.1:{simulator.free_port()}", timeouts={"connect_ms": 500, "total_ms": 800})
        for answer in (client.check_credentials(), client.payment_methods(), client.start(orders.complete())):
            self.assertStatus("SQ_UNREACHABLE", answer, "connection_failed")
            self.assertEqual("call_again", answer.next)
            self.assertIsNone(answer.document["http"]["status"])

    def test_the_name_does_not_resolve(self):
        client = self.open(base_url="https://no-such-host.invalid/", timeouts={"connect_ms": 2000, "total_ms": 3000})
        with self.ends_within(deadline_s(3000)):
            answer = client.start(orders.complete())
        self.assertStatus("SQ_UNREACHABLE", answer)
        self.assertIn(answer.codes[0], ("name_not_resolved", "timed_out"))

    def test_a_start_that_never_arrived_is_started_once_when_it_is_called_again(self):
        port = simulator.free_port()
        client = self.open(base_url=f"http://127.0.0.1:{port}", timeouts={"connect_ms": 500, "total_ms": 1500})
        self.assertStatus("SQ_UNREACHABLE", client.start(orders.complete()))
        self.assertStatus("SQ_UNREACHABLE", client.start(orders.complete()))
        self.assertLessEqual(len(self.rows()), 1)
        late = simulator.Simulator("--http", str(port))
        try:
            started = self.assertStatus("SQ_OK", client.start(orders.complete()))
            self.assertEqual([started.uuid], [order["uuid"] for order in late.orders()])
            self.assertEqual(1, len([row for row in self.rows() if not row["finished"]]))
        finally:
            late.stop()

    def test_a_confirmation_that_never_arrived_falls_back_and_can_be_repeated_or_changed(self):
        first = simulator.Simulator()
        port = first.http.rsplit(":", 1)[1]
        client = self.open(base_url=first.http, timeouts={"connect_ms": 500, "total_ms": 1500})
        try:
            started = client.start(orders.complete())
            self.assertStatus("SQ_OK", client.send_form(started.url))
        finally:
            first.stop()
        answer = self.assertStatus("SQ_UNREACHABLE", client.confirm(started.url, orders.complete()))
        self.assertEqual("call_again", answer.next)
        # Surely not sent: another content is no contradiction.
        self.assertStatus("SQ_UNREACHABLE", client.confirm(started.url, orders.complete(orders.new_ref())))
        # Header, sq_pending: the money of orders "that are confirmed, or may be". This one surely is not.
        self.assertEqual({}, client.pending().data["at_risk"])


class BadCertificates(Till):
    """3003, and nothing of the request is sent."""

    def test_each_of_them_is_refused_before_anything_is_sent(self):
        for name, url in self.sim.bad_tls.items():
            with self.subTest(name):
                journal = str(self.folder / f"{name}.db")
                client = self.open(base_url=url, roots={"file": self.sim.ca_file}, journal=journal)
                for answer in (client.check_credentials(), client.start(orders.complete())):
                    self.assertStatus("SQ_TLS", answer, "tls_failed")
                    self.assertEqual("fix_configuration", answer.next)
                self.assertNothingSent()

    def test_the_authority_of_the_simulator_is_unknown_without_its_file(self):
        for roots in (None, "bundled", "system"):
            with self.subTest(roots):
                client = self.open(base_url=self.sim.https, roots=roots, journal=":memory:")
                self.assertStatus("SQ_TLS", client.start(orders.complete()), "tls_failed")
        self.assertNothingSent()

    def test_a_server_that_does_not_speak_tls_is_refused(self):
        client = self.open(base_url=self.sim.http.replace("http:", "https:"), roots={"file": self.sim.ca_file})
        self.assertStatus("SQ_TLS", client.start(orders.complete()), "tls_failed")
        self.assertNothingSent()


class NotAnAnswer(Till):
    """3004 and 3500, at the start and at the confirmation."""

    BROKEN = (
        ("redirect", {"location": "https://example.com/elsewhere"}, "redirected"),
        ("redirect", {"location": "/orders/elsewhere", "status": 307}, "redirected"),
        ("garbage", {}, "not_http"),
        ("garbage", {"when": "before"}, "not_http"),
        ("garbage", {"text": "SSH-2.0-OpenSSH_9.2\r\n"}, "not_http"),
        ("huge", {"bytes": 64 << 20}, "answer_too_large"),
        ("huge", {"bytes": 64 << 20, "chunked": True}, "answer_too_large"),
    )

    def test_at_the_start(self):
        for number, (kind, fields, code) in enumerate(self.BROKEN):
            with self.subTest(kind, **fields):
                self.sim.clear_faults()
                client = self.open(journal=str(self.folder / f"{number}.db"))
                self.sim.fault(kind, method="POST", **fields)
                answer = self.assertStatus("SQ_BAD_RESPONSE", client.start(orders.complete()), code)
                self.assertEqual("soliciting", answer.state)
                self.assertIsNone(answer.order["url"])
                self.assertIn(answer.next, ("call_again", "recover", "contact_sequra"))
                self.assertEqual("solicited", self.assertStatus("SQ_OK", client.start(orders.complete())).state)
                self.assertEqual(1, len(self.rows(journal=self.folder / f"{number}.db")))

    def test_at_the_confirmation_the_outcome_stays_open(self):
        for number, (kind, fields, code) in enumerate(self.BROKEN):
            with self.subTest(kind, **fields):
                self.sim.clear_faults()
                client = self.open(journal=str(self.folder / f"{number}.db"))
                url, uuid, order = self.approved(client)
                self.sim.fault(kind, method="PUT", **fields)
                answer = self.assertStatus("SQ_BAD_RESPONSE", client.confirm(url, order), code)
                self.assertEqual("confirming", answer.state)
                self.assertEqual({"EUR": {"shop_es": orders.TOTAL}}, client.pending().data["at_risk"])
                self.assertEqual("confirmed", self.assertStatus("SQ_OK", client.confirm(url, order)).state)
                self.assertEqual(1, self.sim.events(uuid).count("confirmed"))

    def test_a_start_needs_its_location(self):
        self.sim.fault("no_location")
        client = self.open()
        answer = self.assertStatus("SQ_BAD_RESPONSE", client.start(orders.complete()), "missing_location")
        self.assertIsNone(answer.order and answer.order["url"])
        self.assertStatus("SQ_OK", client.start(orders.complete()))

    def test_of_a_location_elsewhere_only_the_uuid_counts_and_nothing_connects_to_it(self):
        with Listener() as elsewhere:
            for url, host in ((f"http://127.0.0.1:{elsewhere.port}/orders/{{uuid}}", f"127.0.0.1:{elsewhere.port}"),
                              (f"https://localhost:{elsewhere.port}/{{uuid}}", f"localhost:{elsewhere.port}"),
                              ("https://evil.example/orders/{uuid}/?a=b", "evil.example"),
                              (f"{self.sim.https}/orders/{{uuid}}", self.sim.https.split("//")[1]),
                              (self.sim.http.replace("http://", "http://user:pass@") + "/orders/{uuid}",
                               self.sim.http.split("//")[1]),
                              ("//evil.example/orders/{uuid}", "evil.example"),
                              ("/other/path/{uuid}", "127.0.0.1")):
                with self.subTest(url):
                    self.sim.clear_faults()
                    self.sim.fault("foreign_location", url=url)
                    client = self.open(journal=":memory:")
                    answer = self.assertStatus("SQ_OK", client.start(orders.complete()))
                    self.assertEqual(["foreign_location"], answer.warned)
                    warning, = answer.document["warnings"]
                    self.assertEqual(host, warning["actual"])
                    self.assertIn(f"({host})", warning["message"])
                    self.assertNotIn("pass", str(answer.document["warnings"]))
                    self.assertEqual(f"{self.sim.http}/orders/{answer.uuid}", answer.url)
                    self.assertStatus("SQ_OK", client.send_form(answer.url))
                    self.sim.approve(answer.uuid)
                    self.assertStatus("SQ_OK", client.confirm(answer.url))
            self.assertEqual([], elsewhere.accepted)

    def test_of_the_own_location_a_slash_a_query_and_a_fragment_are_no_fault(self):
        for end in ("/", "?", "?locale=es-ES", "#form", "/?a=/b#c/d"):
            for start in (self.sim.http, ""):
                with self.subTest(start + end):
                    self.sim.clear_faults()
                    self.sim.fault("foreign_location", url=f"{start}/orders/{{uuid}}{end}")
                    answer = self.assertStatus("SQ_OK", self.open(journal=":memory:").start(orders.complete()))
                    self.assertEqual([], answer.warned)
                    self.assertEqual(f"{self.sim.http}/orders/{answer.uuid}", answer.url)

    def test_a_location_elsewhere_without_a_uuid_at_its_end_is_refused(self):
        for url in ("https://evil.example/login?next=/orders/{uuid}", "https://evil.example/#/orders/{uuid}",
                    "https://evil.example/orders/{uuid}/form_v2", "https://evil.example/orders/9",
                    "https://evil.example/orders/5a6b8f0e1c7d4e2f9a3b0d1c2e3f4a5b", "https://evil.example/x{uuid}"):
            with self.subTest(url):
                self.sim.clear_faults()
                self.sim.fault("foreign_location", url=url)
                answer = self.open(journal=":memory:").start(orders.complete())
                self.assertStatus("SQ_BAD_RESPONSE", answer, "foreign_location")
                self.assertIsNone(answer.order and answer.order["url"])

    def test_starts_in_vain_end_with_a_question_to_seQura(self):
        for kind, fields, code in (("no_location", {}, "missing_location"),
                                   ("foreign_location", {"url": "/sign_in"}, "foreign_location")):
            with self.subTest(kind):
                self.sim.reset()
                self.sim.fault(kind, method="POST", times=4, **fields)
                client = self.open()
                order = orders.other(orders.complete(orders.new_ref()), "/cart/items/0/name", kind)
                ref = order["merchant_reference"]["order_ref_1"]
                for answer in (client.start(order), client.call("sq_recover", ref)):
                    self.assertEqual("recover", self.assertStatus("SQ_BAD_RESPONSE", answer, code).next)
                third = self.assertStatus("SQ_BAD_RESPONSE", client.start(order), code)
                self.assertEqual("contact_sequra", third.next)
                # Nobody starts it over and over: it is said later, too, by another till as well.
                other = self.open()
                self.assertEqual("contact_sequra", other.pending().data["orders"][-1]["next"])
                with self.sends(0):
                    for name in (None, ref):
                        again = self.assertStatus("SQ_BAD_RESPONSE", other.call("sq_recover", name), code)
                        self.assertEqual("contact_sequra", again.next)
                # Another order has nothing to do with it, and a person may try once more.
                another = orders.other(orders.complete(orders.new_ref()), "/cart/items/0/name", f"not {kind}")
                self.assertEqual("recover", client.start(another).next)
                self.assertEqual("solicited", self.assertStatus("SQ_OK", client.start(order)).state)
                self.assertEqual("send_form", client.call("sq_recover", ref).next)
                for one in client.pending().data["orders"]:
                    if one["state"] == "soliciting":
                        self.assertEqual("recover", one["next"])
                self.assertStatus("SQ_OK", client.call("sq_recover", None))

    def test_starts_in_vain_that_are_an_hour_old_do_not_count(self):
        self.sim.fault("no_location", times=5)
        client = self.open()
        order = orders.complete(orders.new_ref())
        for _ in range(2):
            self.assertEqual("recover", client.start(order).next)
        client.close()
        Stranger.shared().write(self.journal, "UPDATE log SET at = at - 3600001")
        client = self.open()
        self.assertEqual("recover", client.start(order).next)
        self.assertEqual("recover", client.start(order).next)
        self.assertEqual("contact_sequra", client.start(order).next)
        self.sim.clear_faults()
        client.close()
        Stranger.shared().write(self.journal, "UPDATE orders SET updated_at = updated_at - 3600001")
        self.assertStatus("SQ_OK", self.open().call("sq_recover", None))

    def test_a_location_that_is_no_order_is_refused(self):
        for url in (f"{self.sim.http}/", f"{self.sim.http}/orders/", "http://", ""):
            with self.subTest(url):
                self.sim.clear_faults()
                self.sim.fault("foreign_location", url=url)
                answer = self.open(journal=":memory:").start(orders.complete())
                self.assertStatus("SQ_BAD_RESPONSE", answer)
                self.assertIn(answer.codes[0], ("missing_location", "foreign_location"))

    def test_a_relative_location_is_on_the_configured_endpoint(self):
        # RFC 9110 allows it; refusing it would be an answer too, but a wrong address would not.
        self.sim.fault("foreign_location", url="/orders/{uuid}")
        answer = self.open().start(orders.complete())
        if answer.status == 0:
            self.assertEqual(f"{self.sim.http}/orders/{answer.uuid}", answer.url)
        else:
            self.assertStatus("SQ_BAD_RESPONSE", answer)

    def test_no_redirect_is_followed(self):
        with Listener() as elsewhere:
            for status in (301, 302, 303, 307, 308):
                self.sim.fault("redirect", location=f"{elsewhere.url}/orders", status=status)
                answer = self.open(journal=":memory:").start(orders.complete())
                self.assertStatus("SQ_BAD_RESPONSE", answer, "redirected")
                self.assertEqual(status, answer.document["http"]["status"])
            self.assertEqual([], elsewhere.accepted)

    def test_a_fault_of_seQuras_own_is_a_server_error_and_the_outcome_stays_open(self):
        client = self.open()
        for status in (500, 502, 503, 504, 599):
            with self.subTest(status):
                url, uuid, order = self.approved(client)
                self.sim.fault("status_after", status=status, body="<h1>We're sorry</h1>", method="PUT")
                answer = self.assertStatus("SQ_SERVER_ERROR", client.confirm(url, order), "server_error")
                self.assertEqual(("confirming", status), (answer.state, answer.document["http"]["status"]))
                self.assertIn("We're sorry", answer.document["errors"][0]["message"])
                self.assertIn(answer.next, ("call_again", "recover"))
                with self.sends(1):
                    self.assertEqual("confirmed", self.assertStatus("SQ_OK", client.confirm(url, order)).state)

    def test_a_server_error_is_not_retried_within_the_call(self):
        self.sim.fault("status", status=503, method="POST")
        with self.sends(1):
            self.assertStatus("SQ_SERVER_ERROR", self.open().start(orders.complete()))

    def test_a_list_of_methods_that_is_no_json_is_a_bad_answer(self):
        client = self.open()
        for body in (None, "[]", '{"payment_options":7}', "null"):
            with self.subTest(body):
                self.sim.fault("bad_json", **({} if body is None else {"body": body}))
                self.assertStatus("SQ_BAD_RESPONSE", client.payment_methods(), "unreadable_answer")

    def test_credentials_that_are_no_json_are_a_bad_answer(self):
        client = self.open()
        for body in (None, "{}", '[7]'):
            with self.subTest(body):
                self.sim.fault("bad_json", **({} if body is None else {"body": body}))
                self.assertStatus("SQ_BAD_RESPONSE", client.check_credentials(), "unreadable_answer")


class MayHaveArrived(Till):
    """3002: sent, and no complete answer came back."""

    LOST = (
        ("close_before", {}, False),
        ("close_after", {}, True),
        ("reset", {}, False),
        ("reset", {"when": "after"}, True),
        ("truncate", {"bytes": 9, "of": "answer"}, True),
    )

    def test_the_confirmation_is_doubtful_and_the_same_again_settles_the_doubt(self):
        client = self.open()
        for kind, fields, processed in self.LOST:
            with self.subTest(kind, **fields):
                url, uuid, order = self.approved(client)
                self.sim.fault(kind, method="PUT", state="confirmed", **fields)
                answer = self.assertStatus("SQ_OUTCOME_UNKNOWN", client.confirm(url, order), "connection_lost")
                self.assertEqual(("confirming", "recover"), (answer.state, answer.next))
                self.assertEqual(processed, "confirmed" in self.sim.events(uuid))
                pending = client.pending().data
                self.assertEqual("answer", pending["orders"][-1]["missing"])
                self.assertEqual(orders.TOTAL, pending["at_risk"]["EUR"]["shop_es"])

                other = orders.other(order, "/cart/items/0/name", "Otra")
                with self.sends(0):
                    refused = self.assertStatus("SQ_WRONG_STATE", client.confirm(url, other))
                    self.assertEqual(("confirming", "recover"), (refused.state, refused.next))
                    self.assertStatus("SQ_WRONG_STATE", client.set_ref(url, orders.new_ref()))

                with self.sends(1):
                    again = self.assertStatus("SQ_OK", client.confirm(url, order))
                self.assertEqual("confirmed", again.state)
                self.assertEqual(1, self.sim.events(uuid).count("confirmed"))
                self.assertStatus("SQ_OK", client.set_ref(url, orders.new_ref()))

    def test_without_an_order_the_doubtful_one_is_asked_again(self):
        client = self.open()
        url, uuid, order = self.approved(client)
        self.sim.fault("close_after", method="PUT", state="confirmed")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.confirm(url, order))
        self.assertEqual("confirmed", self.assertStatus("SQ_OK", client.confirm(url)).state)
        first, second = self.sim.bodies("PUT")
        self.assertEqual(json.loads(first), json.loads(second))

    def test_a_lost_confirmation_is_not_repeated_within_the_call(self):
        client = self.open()
        url, uuid, order = self.approved(client)
        self.sim.fault("close_before", method="PUT", times=0)
        with self.sends(1):
            self.assertStatus("SQ_OUTCOME_UNKNOWN", client.confirm(url, order))

    def test_a_lost_start_continues_the_same_order_of_the_journal(self):
        for number, (kind, fields, processed) in enumerate(self.LOST):
            with self.subTest(kind, **fields):
                journal = self.folder / f"{number}.db"
                client = self.open(journal=str(journal))
                self.sim.fault(kind, method="POST", **fields)
                answer = self.assertStatus("SQ_OUTCOME_UNKNOWN", client.start(orders.complete()), "connection_lost")
                self.assertEqual("soliciting", answer.state)
                self.assertEqual(["answer"], [order["missing"] for order in client.pending().data["orders"]])
                self.assertEqual("solicited", self.assertStatus("SQ_OK", client.start(orders.complete())).state)
                self.assertEqual(1, len(self.rows(journal=journal)))

    def test_a_lost_registration_is_doubtful_and_the_same_again_settles_it(self):
        client = self.open()
        for kind, fields, processed in self.LOST:
            with self.subTest(kind, **fields):
                url, uuid, order = self.confirmed(client)
                ref = orders.new_ref()
                self.sim.fault(kind, method="PUT", **fields)
                answer = self.assertStatus("SQ_OUTCOME_UNKNOWN", client.set_ref(url, ref))
                self.assertEqual(("referencing", "recover"), (answer.state, answer.next))
                self.assertEqual("settled", self.assertStatus("SQ_OK", client.set_ref(url, ref)).state)
                self.assertEqual(1, self.sim.events(uuid).count("reference_registered"))

    def test_another_reference_has_to_wait_until_the_doubtful_one_is_answered(self):
        # House rule: what may have reached seQura is asked again with the same content.
        client = self.open()
        url, uuid, order = self.confirmed(client)
        self.sim.fault("close_after", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.set_ref(url, orders.new_ref()))
        with self.sends(0):
            answer = client.set_ref(url, orders.new_ref())
        self.assertStatus("SQ_WRONG_STATE", answer)
        self.assertEqual(("referencing", "recover"), (answer.state, answer.next))

    def test_the_operator_is_not_sent_in_circles_where_seQura_registered_the_doubtful_reference(self):
        # seQura has R-1 and changes it no more. "Choose another" would be refused for ever.
        self.sim.rules(reference_can_change=False)
        client, ref = self.open(), orders.new_ref()
        url, uuid, order = self.confirmed(client)
        self.sim.fault("close_after", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.set_ref(url, ref))
        answer = client.set_ref(url, orders.new_ref())
        self.assertNotEqual(("SQ_DUPLICATE_ORDER_REF", "choose_another_ref"), (answer.name, answer.next))
        self.assertEqual("settled", self.assertStatus("SQ_OK", client.set_ref(url, ref)).state)

    def test_a_lost_form_is_not_in_the_way_of_the_confirmation(self):
        client = self.open()
        started = client.start(orders.complete())
        self.sim.fault("close_after", path="form_deliveries")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.send_form(started.url))
        self.sim.approve(started.uuid)
        self.assertEqual("confirmed", self.assertStatus("SQ_OK", client.confirm(started.url)).state)

    def test_a_lost_hold_is_not_in_the_way_of_the_confirmation(self):
        client = self.open()
        started = client.start(orders.complete())
        client.send_form(started.url)
        self.sim.review(started.uuid)
        self.sim.fault("close_after", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.hold(started.url))
        self.sim.approve(started.uuid)
        self.assertEqual("confirmed", self.assertStatus("SQ_OK", client.confirm(started.url)).state)

    def test_a_refusal_of_the_account_does_not_clear_the_doubt(self):
        client = self.open()
        url, uuid, order = self.approved(client)
        self.sim.fault("close_after", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.confirm(url, order))
        self.sim.fault("status", status=401, body="HTTP Basic: Access denied.", method="PUT")
        self.assertEqual("confirming", self.assertStatus("SQ_UNAUTHORIZED", client.confirm(url, order)).state)
        self.assertStatus("SQ_WRONG_STATE", client.confirm(url, orders.other(order, "/cart/items/0/name", "Otra")))
        self.assertEqual("confirmed", self.assertStatus("SQ_OK", client.confirm(url, order)).state)

    def test_a_lost_form_may_be_sent_again(self):
        client = self.open()
        url = client.start(orders.complete()).url
        self.sim.fault("close_after", path="form_deliveries")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.send_form(url))
        self.assertEqual("form_sent", self.assertStatus("SQ_OK", client.send_form(url)).state)

    def test_a_lost_hold_can_be_repeated(self):
        client = self.open()
        started = client.start(orders.complete())
        client.send_form(started.url)
        self.sim.review(started.uuid)
        self.sim.fault("close_after", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.hold(started.url))
        self.assertEqual("held", self.assertStatus("SQ_OK", client.hold(started.url)).state)

    def test_an_unknown_outcome_survives_the_end_of_the_program(self):
        first = self.open()
        url, uuid, order = self.approved(first)
        self.sim.fault("close_after", method="PUT", state="confirmed")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", first.confirm(url, order))
        first.close()
        second = self.open()
        self.assertEqual("confirming", second.pending().data["orders"][0]["state"])
        self.assertStatus("SQ_WRONG_STATE", second.confirm(url, orders.other(order, "/cart/items/0/name", "Otra")))
        self.assertEqual("confirmed", self.assertStatus("SQ_OK", second.confirm(url, order)).state)

    def test_a_body_that_ends_too_early_is_no_complete_answer(self):
        client = self.open()
        self.sim.fault("truncate", bytes=20)
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.check_credentials(), "connection_lost")

    def test_after_a_lost_answer_the_next_call_makes_a_new_connection(self):
        client = self.open()
        url, uuid, order = self.approved(client)
        self.sim.fault("close_after", method="PUT")
        client.confirm(url, order)
        self.assertEqual(1, self.assertStatus("SQ_OK", client.confirm(url, order)).attempts)


class ConnectionsThatWentStale(Till):
    def test_a_connection_that_the_server_closed_between_two_calls_is_not_in_the_way(self):
        # Servers close idle connections; the till must not tell the operator "outcome unknown" for that.
        def one_answer(connection):
            connection.recv(1 << 20)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n[]")
            connection.close()

        with Listener(one_answer) as server:
            client = self.open(base_url=server.url)
            for _ in range(4):
                self.assertStatus("SQ_OK", client.check_credentials())
                time.sleep(0.3)  # its end of the connection is here by then


if __name__ == "__main__":
    unittest.main()
