"""Who said it: only seQura's own yes is a yes, only its own no is a no; the rest is asked again."""

import gzip
import itertools
import json
import unittest
import uuid as uuids

import orders
from simulator import SIGNED, Listener
from till import Till

HEX = {"X-Request-Id": "5a6b8f0e1c7d4e2f9a3b0d1c2e3f4a5b"}
PAGE = "<!DOCTYPE html>\n<html><title>Web access blocked</title></html>"

#: Body, is it a yes alone, is it one under seQura's X-Request-Id?
BODIES = (
    ("", True, True),
    (" \r\n", True, True),
    ("{}", True, True),
    ('{"undefined":true}', True, True),
    ("null", True, True),
    ("\ufeff{}", True, True),
    ("\ufeff\n ", True, True),
    ("OK", False, True),
    (PAGE, False, True),
    ("\ufeff \n" + PAGE, False, True),
    ('{"errors":["Invalid data: no"]}', False, False),
    ('{"errors":[]}', False, False),
    ('{"order":{"errors":{"cart":"no"}}}', False, False),
    ('{"errors":["Invalid data: ', False, False),
)


class Gateways(Till):
    """Everything that is asked of seQura, with somebody in between who answers."""

    def confirmation(self, client):
        url, uuid, order = self.approved(client)
        return "PUT", lambda: client.confirm(url, order), ("confirming", "confirmed")

    def reference(self, client):
        url, _, _ = self.confirmed(client)
        ref = orders.new_ref()
        return "PUT", lambda: client.set_ref(url, ref), ("referencing", "settled")

    def shipment(self, client):
        ref = self.settled(client)[3]
        return "PUT", lambda: client.call("sq_ship", ref, None), ("settled", "settled")

    def refund(self, client):
        ref = self.settled(client)[3]
        self.assertStatus("SQ_OK", client.call("sq_ship", ref, None))
        return "PUT", lambda: client.call("sq_refund", ref, '{"amount":500}'), ("settled", "settled")

    def cancellation(self, client):
        ref = self.settled(client)[3]
        return "PUT", lambda: client.call("sq_cancel", ref, None), ("settled", "cancelled")

    MONEY = (confirmation, reference, shipment, refund, cancellation)

    def each(self, client, asks=MONEY):
        for ask in asks:
            with self.subTest(ask.__name__):
                yield ask(self, client)

    def assertUnknown(self, answer, status):
        self.assertStatus("SQ_OUTCOME_UNKNOWN", answer, "not_sequras_answer")
        self.assertEqual((status, "recover"), (answer.document["http"]["status"], answer.next))

    def unanswered(self, client):
        return [order["missing"] for order in client.pending().data["orders"]].count("answer")

    def test_a_block_page_with_200_is_no_yes(self):
        client = self.open()
        for when, page in itertools.product(("before", "after"), ("html", "text")):
            for method, ask, (during, after) in self.each(client):
                self.sim.fault("block_page", status=200, page=page, request_id="hex", when=when, method=method)
                answer = ask()
                self.assertUnknown(answer, 200)
                self.assertEqual((during, 1), (answer.state, self.unanswered(client)))
                self.assertStatus("SQ_OK", client.call("sq_recover", answer.uuid))
                self.assertEqual((after, 0), (client.call("sq_order_info", answer.uuid).state, self.unanswered(client)))

    def test_a_gateways_no_is_no_no(self):
        client = self.open()
        pages = itertools.cycle(("html", "text", "json", "blank"))
        whens = itertools.cycle(("before", "after", "before"))
        for status in (400, 401, 403, 404, 407, 408, 409, 410, 413, 421, 425, 429, 431, 451, 499):
            for method, ask, (during, after) in self.each(client):
                self.sim.fault("block_page", status=status, page=next(pages), when=next(whens), method=method)
                answer = ask()
                self.assertUnknown(answer, status)
                self.assertEqual((during, 1), (answer.state, self.unanswered(client)), status)
                self.assertStatus("SQ_OK", client.call("sq_recover", answer.uuid))
                self.assertEqual((after, 0), (client.call("sq_order_info", answer.uuid).state, self.unanswered(client)))

    def test_a_gateways_fault_is_a_fault_still(self):
        client = self.open()
        for method, ask, (during, _) in self.each(client):
            self.sim.fault("block_page", status=511, method=method)
            answer = self.assertStatus("SQ_SERVER_ERROR", ask(), "server_error")
            self.assertEqual((during, 1), (answer.state, self.unanswered(client)))
            self.assertStatus("SQ_OK", client.call("sq_recover", answer.uuid))

    def test_money_at_risk_is_listed_until_seQura_has_spoken(self):
        client = self.open()
        url, uuid, order = self.approved(client)
        for status in (200, 403, 408):
            self.sim.fault("block_page", status=status, when="after", method="PUT")
            self.assertUnknown(client.confirm(url, order), status)
            self.assertEqual({"EUR": {"shop_es": orders.TOTAL}}, client.pending().data["at_risk"])
        self.assertStatus("SQ_OK", client.confirm(url, order))

    def test_it_says_what_came_and_does_not_quote_a_whole_page(self):
        client = self.open()
        url, _, order = self.approved(client)
        self.sim.fault("status", status=403, body="<p>Blocked by Ñandú</p>" + "x" * 5000, method="PUT")
        answer = client.confirm(url, order)
        message = answer.error("not_sequras_answer")["message"]
        self.assertIn("403", message)
        self.assertIn("<p>Blocked by Ñandú</p>", message)
        self.assertLess(len(message), 500)
        entry = client.call("sq_log", '{"attention":true}').data["entries"][0]
        self.assertEqual(("SQ_OUTCOME_UNKNOWN", 403), (entry["status"], entry["http"]["status"]))

    def test_what_a_page_says_of_the_shopper_is_not_logged(self):
        client = self.open()
        url, _, order = self.approved(client)
        self.sim.fault("status", status=403, body="<p>Blocked for inigo.munoz@example.es</p>", method="PUT")
        self.assertUnknown(client.confirm(url, order), 403)
        entry = client.call("sq_log", '{"attention":true}').data["entries"][0]
        self.assertNotIn("inigo", json.dumps(entry))

    def test_the_operator_hears_that_it_was_not_seQura(self):
        for language, words in self.in_every_language(es="en su lugar", en="in its place", fr="à sa place", it="al suo posto",
                                                      pt="no seu lugar"):
            client = self.open(language=language, journal=":memory:")
            url, _, order = self.approved(client)
            self.sim.fault("block_page", method="PUT")
            self.assertIn(words, client.confirm(url, order).document["operator_message"])

    def test_a_start_a_form_and_a_question_are_refused_as_ever(self):
        client = self.open()
        for status, name in ((403, "SQ_FORBIDDEN"), (404, "SQ_NOT_FOUND"), (408, "SQ_REFUSED"), (410, "SQ_GONE"),
                             (409, "SQ_CONFLICT"), (429, "SQ_RATE_LIMITED"), (451, "SQ_REFUSED")):
            with self.subTest(status):
                self.sim.fault("block_page", status=status)
                self.assertStatus(name, client.start(orders.complete()))
                url = client.start(orders.complete()).url
                self.sim.fault("block_page", status=status, path="form_deliveries")
                answer = self.assertStatus(name, client.send_form(url))
                self.assertEqual("solicited", answer.state, "nobody has said anything of the order")
                self.assertStatus("SQ_OK", client.send_form(url))
                self.sim.fault("block_page", status=status, path="payment_methods")
                self.assertStatus(name, client.payment_methods(url))
                self.assertStatus("SQ_OK", client.call("sq_abandon", url))

    def test_a_hold_is_refused_as_ever_and_the_order_stays_where_it_was(self):
        client = self.open()
        for status, name in ((403, "SQ_FORBIDDEN"), (409, "SQ_CONFLICT"), (410, "SQ_GONE")):
            started = client.start(orders.complete())
            client.send_form(started.url)
            self.sim.review(started.uuid)
            self.sim.fault("block_page", status=status, method="PUT")
            self.assertEqual("form_sent", self.assertStatus(name, client.hold(started.url)).state)
            self.assertEqual("held", self.assertStatus("SQ_OK", client.hold(started.url)).state)

    def test_a_login_page_starts_nothing_and_sends_no_form(self):
        client = self.open()
        self.sim.fault("block_page", status=200, method="POST")
        answer = client.start(orders.complete())
        self.assertUnknown(answer, 200)
        self.assertEqual("soliciting", answer.state)
        url = self.assertStatus("SQ_OK", client.start(orders.complete())).url
        self.sim.fault("block_page", status=200, path="form_deliveries")
        self.assertUnknown(client.send_form(url), 200)
        self.assertEqual([], self.sim.sms())
        self.assertEqual("form_sent", self.assertStatus("SQ_OK", client.send_form(url)).state)

    def test_a_report_that_somebody_else_has_answered_is_sent_again(self):
        client = self.open()
        ref = self.settled(client)[3]
        self.assertStatus("SQ_OK", client.call("sq_ship", ref, None))
        for status in (200, 403, 404, 409, 413):
            with self.subTest(status):
                self.sim.fault("block_page", status=status, path="delivery_reports", times=0)
                answer = client.call("sq_send_delivery_report", None)
                self.assertStatus("SQ_OUTCOME_UNKNOWN", answer, "not_sequras_answer")
                self.assertStatus("SQ_OUTCOME_UNKNOWN", client.call("sq_recover", None))
                self.sim.clear_faults()
        self.assertEqual([], self.sim.control("GET", "delivery_reports")["delivery_reports"])
        self.assertStatus("SQ_OK", client.call("sq_recover", None))
        report, = self.sim.control("GET", "delivery_reports")["delivery_reports"]
        self.assertEqual([ref], [order["merchant_reference"]["order_ref_1"] for order in report["report"]["orders"]])

    def test_a_question_answered_by_a_page_is_not_answered(self):
        client = self.open()
        for ask in (client.check_credentials, client.payment_methods):
            self.sim.fault("block_page", status=200)
            self.assertStatus("SQ_BAD_RESPONSE", ask(), "unreadable_answer")


class Bodies(Till):
    """What stands in an answer, with seQura's X-Request-Id and without."""

    def yes(self, client, status, body, headers):
        url, uuid, order = self.approved(client)
        self.sim.fault("status_after", status=status, body=body, headers=headers, method="PUT")
        return client.confirm(url, order)

    def test_each_body_of_a_yes(self):
        client = self.open()
        kinds = itertools.cycle(("application/json", "text/html", "text/plain", "image/png", ""))
        for body, alone, signed in BODIES:
            for headers, is_yes in (({}, alone), (HEX, alone), (SIGNED, signed)):
                with self.subTest(body, **headers):
                    answer = self.yes(client, 200, body, {**headers, "Content-Type": next(kinds)})
                    if is_yes:
                        self.assertEqual("confirmed", self.assertStatus("SQ_OK", answer).state)
                    else:
                        self.assertStatus("SQ_OUTCOME_UNKNOWN", answer, "not_sequras_answer")
                        self.assertEqual("confirming", answer.state)

    def test_each_code_of_a_yes(self):
        client = self.open()
        for status in (200, 201, 202, 203, 204, 205, 206, 207, 226, 299):
            with self.subTest(status):
                answer = self.yes(client, status, "", SIGNED)
                if status in (200, 204):
                    self.assertEqual("confirmed", self.assertStatus("SQ_OK", answer).state)
                else:
                    self.assertStatus("SQ_OUTCOME_UNKNOWN", answer, "not_sequras_answer")
                    self.assertEqual(("confirming", status), (answer.state, answer.document["http"]["status"]))

    def test_each_code_of_a_change(self):
        client = self.open()
        for status in (200, 201, 202, 203, 204, 206):
            with self.subTest(status):
                ref = self.settled(client)[3]
                self.sim.fault("status_after", status=status, headers=SIGNED, method="PUT")
                name = "SQ_OK" if status in (200, 202, 204) else "SQ_OUTCOME_UNKNOWN"
                self.assertStatus(name, client.call("sq_ship", ref, None))

    def test_each_code_of_a_start_and_a_form(self):
        client = self.open()
        for status in (200, 201, 202, 204):
            with self.subTest(status):
                location = {"Location": f"{self.sim.http}/orders/{uuids.uuid4()}"}
                self.sim.fault("status_after", status=status, headers={**SIGNED, **location}, method="POST")
                answer = client.start(orders.complete(orders.new_ref()))
                self.assertStatus("SQ_OK" if status in (201, 204) else "SQ_OUTCOME_UNKNOWN", answer)
                url = client.start(orders.complete(orders.new_ref())).url
                self.sim.fault("status_after", status=status, headers=SIGNED, path="form_deliveries")
                self.assertStatus("SQ_OK" if status == 204 else "SQ_OUTCOME_UNKNOWN", client.send_form(url))

    def test_a_start_wants_a_uuid(self):
        for last in ("sign_in", "9", "5a6b8f0e1c7d4e2f9a3b0d1c2e3f4a5b", "new"):
            self.sim.fault("foreign_location", url=f"{self.sim.http}/orders/{last}")
            answer = self.open(journal=":memory:").start(orders.complete())
            self.assertStatus("SQ_BAD_RESPONSE", answer, "foreign_location")
            self.assertIsNone(answer.order["url"])

    def test_each_body_of_a_no(self):
        client = self.open()
        for body, own in (
            ('{"errors":["Invalid data: the cart has changed since it was approved"]}', True),
            ('{"errors":[{"title":"the cart has changed"}]}', True),
            ('{"errors":{"cart":["the cart has changed"]}}', True),
            ('{"errors":"the cart has changed"}', True),
            ('\ufeff{"errors":["the cart has changed"]}', True),
            ("HTTP Basic: Access denied.\n", True),
            ("HTTP Basic: Access denied. Ask your administrator.", False),
            ('{"errors":[]}', False), ('{"errors":{}}', False), ('{"errors":null}', False), ('{"errors":""}', False),
            ('{"error":"Forbidden"}', False), ('[{"errors":["no"]}]', False), ('{"errors":["Inval', False),
            ("Forbidden", False), (PAGE, False), ("", False),
        ):
            for status, headers in itertools.product((403, 409), ({}, HEX, SIGNED)):
                with self.subTest(body, status=status, **headers):
                    url, _, order = self.approved(client)
                    self.sim.fault("status", status=status, body=body, headers=headers, method="PUT")
                    answer = client.confirm(url, order)
                    if own or headers == SIGNED:
                        self.assertStatus({403: "SQ_FORBIDDEN", 409: "SQ_CONFLICT"}[status], answer)
                        self.assertEqual({403: "form_sent", 409: "conflicted"}[status], answer.state)
                    else:
                        self.assertStatus("SQ_OUTCOME_UNKNOWN", answer, "not_sequras_answer")
                        self.assertEqual("confirming", answer.state)

    def test_a_204_that_announces_a_body_is_nobodys_yes_but_under_seQuras_header(self):
        said = b'{"errors":["Invalid data: no"]}'
        signed = f"X-Request-Id: {SIGNED['X-Request-Id']}"
        for name, framed, body in (
            ("a page", ["Content-Length: 6"], b"<html>"),
            ("errors", [f"Content-Length: {len(said)}"], said),
            ("chunks", ["Transfer-Encoding: chunked"], b"%x\r\n%s\r\n0\r\n\r\n" % (len(said), said)),
        ):
            with self.subTest(name):
                answer = self.answered(framed, body, "204 No Content")
                self.assertStatus("SQ_OUTCOME_UNKNOWN", answer, "not_sequras_answer")
                self.assertEqual(("confirming", 204), (answer.state, answer.document["http"]["status"]))
                self.assertStatus("SQ_OK", self.answered([*framed, signed], body, "204 No Content"))
        for framed in ([], ["Content-Length: 0"]):
            self.assertStatus("SQ_OK", self.answered(framed, b"", "204 No Content"))

    def test_of_two_request_ids_seQuras_counts(self):
        for headers in (["X-Request-Id: 1", f"X-Request-Id: {SIGNED['X-Request-Id']}"],
                        [f"X-Request-Id: {SIGNED['X-Request-Id']}", "X-Request-Id: 1"]):
            answer = self.answered([*headers, "Content-Length: 2"], b"no", "409 Conflict")
            self.assertStatus("SQ_CONFLICT", answer, "unrecognised")
            self.assertEqual(SIGNED["X-Request-Id"], answer.document["http"]["request_id"])

    # -- below HTTP's surface

    def answered(self, headers, body, status="200 OK", version="HTTP/1.1"):
        """A confirmation that gets exactly these bytes, and then the end of the connection."""
        head = "\r\n".join([f"{version} {status}", *headers, "", ""])

        def answer(connection):
            request = b""
            while not request.endswith(b"}}"):
                request += connection.recv(1 << 16)
            self.request = request
            connection.sendall(head.encode() + body)
            connection.close()

        with Listener(answer) as server:
            client = self.open(base_url=server.url, journal=":memory:", timeouts={"connect_ms": 2000, "total_ms": 3000})
            return client.confirm(f"{server.url}/orders/{uuids.uuid4()}", orders.complete())

    def test_nobody_asks_for_a_coded_answer(self):
        self.answered([], b"")
        self.assertIn(b"\r\naccept-encoding: identity\r\n", self.request.lower())

    def test_what_can_be_read_is_read(self):
        text = '{"errors":["Invalid data: the cart has changed since it was approved (€, ñ)"]}'
        said = json.loads(text)["errors"][0]
        for name, body in (
            ("UTF-8", text.encode()),
            ("UTF-8 with its mark", text.encode("utf-8-sig")),
            ("UTF-16LE", b"\xff\xfe" + text.encode("utf-16-le")),
            ("UTF-16BE", b"\xfe\xff" + text.encode("utf-16-be")),
            ("Windows-1252", text.encode("cp1252")),
        ):
            with self.subTest(name):
                # Another journal began this order: it is tried once more, the other way, and on another connection.
                answer = self.answered([f"Content-Length: {len(body)}", "Connection: close"], body, "409 Conflict")
                self.assertStatus("SQ_CONFLICT", answer, "cart_changed")
                self.assertEqual(said, answer.document["errors"][0]["message"])
                yes = self.answered([f"Content-Length: {len(body)}"], body)
                self.assertStatus("SQ_OUTCOME_UNKNOWN", yes, "not_sequras_answer")

    def test_what_cannot_be_read_is_no_yes_and_no_gibberish(self):
        signed = f"X-Request-Id: {SIGNED['X-Request-Id']}"
        packed = gzip.compress(b'{"errors":["Invalid data: no"]}', mtime=0)
        for name, headers, body in (
            ("gzip", ["Content-Encoding: gzip"], packed),
            ("gzip that nobody tells of", [], packed),
            ("deflate", ["Content-Encoding: deflate"], b"x\x9c\xabV\x00\x00"),
            ("brotli", ["Content-Encoding: br"], b"{}"),
            ("two codings", ["Content-Encoding: identity", "Content-Encoding: gzip"], packed),
            ("a transfer coding", ["Transfer-Encoding: gzip"], packed),
            ("UTF-16 without its mark", [], "{}".encode("utf-16-le")),
            ("half a character", [], b"\xff\xfe\x00\xd8"),
            ("bytes", [], bytes(range(256))),
        ):
            with self.subTest(name):
                length = [] if name == "a transfer coding" else [f"Content-Length: {len(body)}"]
                for more in ([], [signed]):
                    answer = self.answered([*headers, *length, *more], body)
                    self.assertStatus("SQ_OUTCOME_UNKNOWN", answer, "not_sequras_answer")
                answer = self.answered([*headers, *length], body, "409 Conflict")
                self.assertStatus("SQ_OUTCOME_UNKNOWN", answer, "not_sequras_answer")
                answer = self.answered([*headers, *length, signed], body, "409 Conflict")
                self.assertStatus("SQ_CONFLICT", answer, "unrecognised")
                message = answer.document["errors"][0]["message"]
                self.assertTrue(message.isascii() and message.isprintable(), message)
        blank = self.answered(["Content-Encoding: gzip", "Content-Length: 0"], b"")
        self.assertStatus("SQ_OK", blank)


class Endings(Till):
    """How an answer ends: what was cut short has not been said."""

    answered = Bodies.answered

    def test_framed_as_it_should_be(self):
        for name, headers, body, version in (
            ("a length", ["Content-Length: 2"], b"{}", "HTTP/1.1"),
            ("the same length twice", ["Content-Length: 2", "Content-Length: 2"], b"{}", "HTTP/1.1"),
            ("more than its length", ["Content-Length: 2"], b"{}<html>", "HTTP/1.1"),
            ("chunks", ["Transfer-Encoding: chunked"], b"1\r\n{\r\n1;x=y\r\n}\r\n0\r\n\r\n", "HTTP/1.1"),
            ("chunks, and trailers", ["Transfer-Encoding: Chunked"], b"2\r\n{}\r\n0\r\nX-Sum: 1\r\n\r\n", "HTTP/1.1"),
            ("chunks whose last one came, and no more", ["Transfer-Encoding: chunked"], b"2\r\n{}\r\n0\r\n", "HTTP/1.1"),
            ("the end of the connection", ["Connection: close"], b"{}", "HTTP/1.1"),
            ("HTTP/1.0 with a length", ["Content-Length: 2"], b"{}", "HTTP/1.0"),
            ("HTTP/1.0 to the end", [], b"{}", "HTTP/1.0"),
            ("HTTP/1.0 to the end, blank", [], b"", "HTTP/1.0"),
        ):
            with self.subTest(name):
                self.assertEqual("confirmed", self.assertStatus("SQ_OK", self.answered(headers, body, version=version)).state)

    def test_cut_short(self):
        for name, headers, body, version in (
            ("less than its length", ["Content-Length: 3"], b"{}", "HTTP/1.1"),
            ("nothing of its length", ["Content-Length: 2"], b"", "HTTP/1.1"),
            ("two lengths", ["Content-Length: 2", "Content-Length: 3"], b"{}", "HTTP/1.1"),
            ("a length that is none", ["Content-Length: two"], b"{}", "HTTP/1.1"),
            ("no last chunk", ["Transfer-Encoding: chunked"], b"2\r\n{}\r\n", "HTTP/1.1"),
            ("half a chunk", ["Transfer-Encoding: chunked"], b"9\r\n{}", "HTTP/1.1"),
            ("no chunk at all", ["Transfer-Encoding: chunked"], b"", "HTTP/1.1"),
            ("chunks that are none", ["Transfer-Encoding: chunked"], b"{}", "HTTP/1.1"),
            ("half its JSON to the end", [], b'{"order":', "HTTP/1.1"),
            ("HTTP/1.0 with less than its length", ["Content-Length: 3"], b"{}", "HTTP/1.0"),
            ("HTTP/1.0 with chunks", ["Transfer-Encoding: chunked"], b"2\r\n{}\r\n0\r\n\r\n", "HTTP/1.0"),
        ):
            for status in ("200 OK", "409 Conflict"):
                with self.subTest(name, status=status):
                    answer = self.answered(headers, body, status, version)
                    self.assertIn(answer.name, ("SQ_OUTCOME_UNKNOWN", "SQ_BAD_RESPONSE"))
                    self.assertEqual(("confirming", "recover"), (answer.state, answer.next))

    def test_over_tls_only_a_close_notify_ends_a_body_without_a_length(self):
        signed = f"X-Request-Id: {SIGNED['X-Request-Id']}\r\n"
        client = self.open(base_url=self.sim.https, roots={"file": self.sim.ca_file})
        for version, body in itertools.product(("1.1", "1.0"), ("", "{}", "OK")):
            text = f"HTTP/{version} 200 OK\r\n{signed}Connection: close\r\n\r\n{body}"
            for close_notify in (True, False):
                with self.subTest(text, close_notify=close_notify):
                    url, uuid, order = self.approved(client)
                    self.sim.fault("garbage", text=text, close_notify=close_notify, method="PUT")
                    answer = client.confirm(url, order)
                    if close_notify:
                        self.assertEqual("confirmed", self.assertStatus("SQ_OK", answer).state)
                    else:
                        self.assertStatus("SQ_OUTCOME_UNKNOWN", answer, "connection_lost")
                        self.assertEqual(("confirming", 200), (answer.state, answer.document["http"]["status"]))

    def test_over_tls_a_length_needs_no_close_notify(self):
        client = self.open(base_url=self.sim.https, roots={"file": self.sim.ca_file})
        for framed in ("Content-Length: 2\r\n\r\n{}", "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"):
            url, uuid, order = self.approved(client)
            self.sim.fault("garbage", text=f"HTTP/1.1 200 OK\r\n{framed}", method="PUT")
            self.assertStatus("SQ_OK", client.confirm(url, order))

    def test_a_no_that_was_cut_short_is_no_no(self):
        client = self.open()
        url, uuid, order = self.approved(client)
        text = '{"errors":["Invalid data: the cart has changed since it was approved"]}'
        self.sim.fault("garbage", when="before", method="PUT", text=(
            f"HTTP/1.1 409 Conflict\r\nX-Request-Id: {uuids.uuid4()}\r\nContent-Length: {len(text) + 1}\r\n\r\n{text}"))
        answer = self.assertStatus("SQ_OUTCOME_UNKNOWN", client.confirm(url, order), "connection_lost")
        self.assertEqual(("confirming", 409), (answer.state, answer.document["http"]["status"]))

    def test_what_is_left_of_one_answer_is_not_the_next_ones(self):
        left = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

        def answer(connection):
            while request := connection.recv(1 << 16):
                if request.endswith(b"}}") or b"Content-Length: 0" in request or request.startswith(b"GET"):
                    connection.sendall(b"HTTP/1.1 409 Conflict\r\nContent-Length: 0\r\n\r\n" + left)

        with Listener(answer) as server:
            client = self.open(base_url=server.url, journal=":memory:", timeouts={"connect_ms": 2000, "total_ms": 3000})
            for _ in range(3):
                answered = client.confirm(f"{server.url}/orders/{uuids.uuid4()}", orders.small())
                self.assertEqual(("SQ_OUTCOME_UNKNOWN", 409), (answered.name, answered.document["http"]["status"]))


class RepeatedAnswers(Till):
    """A gateway that says to a start what seQura said to another: the sale that it stands for must not be this one's."""

    def test_an_order_that_is_known_is_no_answer_to_the_start_of_another(self):
        for host in (self.sim.http, "https://gateway.example"):
            for sold in ("solicited", "form_sent", "confirmed", "settled"):
                with self.subTest(host, sold=sold):
                    client = self.open(journal=str(self.folder / f"{orders.new_ref()}.db"))
                    known = self.known(client, sold)
                    self.sim.fault("foreign_location", url=f"{host}/orders/{known.uuid}")
                    answer = self.assertStatus("SQ_BAD_RESPONSE", client.start(orders.small(7000)), "foreign_location")
                    self.assertEqual((None, "soliciting"), (answer.order["url"], answer.state))
                    kept = client.call("sq_order_info", known.url)
                    self.assertEqual((sold, orders.TOTAL), (kept.state, kept.order["amount"]))
                    self.assertStatus("SQ_OK", client.call("sq_recover", None))

    def known(self, client, state):
        if state == "solicited":
            return client.start(orders.complete())
        if state == "form_sent":
            started = client.start(orders.complete())
            return self.assertStatus("SQ_OK", client.send_form(started.url))
        url = (self.confirmed if state == "confirmed" else self.settled)(client)[0]
        return client.call("sq_order_info", url)

    def test_what_names_no_order_of_the_web_is_no_location(self):
        uuid = "0ebeeda9-b7ec-4f06-87e8-0cb4bcc051a2"
        for location in ("https://gateway.example/orders/00000000-0000-0000-0000-000000000000", f"https:///orders/{uuid}",
                         f"javascript:orders/{uuid}", f"//host\t/orders/{uuid}", f"ftp://host/orders/{uuid}"):
            with self.subTest(location):
                client = self.open(journal=":memory:")
                self.sim.fault("foreign_location", url=location)
                self.assertStatus("SQ_BAD_RESPONSE", client.start(orders.small()), "foreign_location")


if __name__ == "__main__":
    unittest.main()
