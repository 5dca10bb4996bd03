"""Whatever the server does, a call ends within total_ms and a second; see till.SLACK_S for the bound."""

import json
import socket
import threading
import time
import unittest

import orders
from outside import Stranger
from simulator import Listener, drop_by_drop, relay
from till import Till, deadline_s

TOTAL_MS = 700


def keep_silent(connection):
    while connection.recv(65536):
        pass


def drip(head):
    """A server that sends `head` and then one byte every 50 ms, for ever."""
    def behave(connection):
        connection.recv(65536)
        connection.sendall(head)
        for _ in range(1200):
            connection.sendall(b"x")
            time.sleep(0.05)
    return behave


class Deadlines(Till):
    def timely(self, base_url, *names, call=None, **changes):
        """A call that must end in time, and its answer."""
        changes.setdefault("journal", ":memory:")
        client = self.open(base_url=base_url, timeouts={"connect_ms": 400, "total_ms": TOTAL_MS}, **changes)
        with self.ends_within(deadline_s(TOTAL_MS)):
            answer = (call or (lambda c: c.start(orders.complete())))(client)
        self.assertIn(answer.name, names, answer.document)
        return answer

    def test_a_server_that_never_answers(self):
        with Listener(keep_silent) as server:
            answer = self.timely(server.url, "SQ_OUTCOME_UNKNOWN")
            self.assertEqual((["timed_out"], "recover"), (answer.codes, answer.next))
            self.timely(server.url, "SQ_OUTCOME_UNKNOWN", call=lambda c: c.check_credentials())
            self.timely(server.url, "SQ_OUTCOME_UNKNOWN", call=lambda c: c.payment_methods())

    def test_a_server_that_drips_its_head(self):
        with Listener(drip(b"HTTP/1.1 204 No Content\r\nX-Slow: ")) as server:
            self.timely(server.url, "SQ_OUTCOME_UNKNOWN", "SQ_BAD_RESPONSE")

    def test_a_server_that_drips_its_body(self):
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n"
        with Listener(drip(head)) as server:
            self.timely(server.url, "SQ_OUTCOME_UNKNOWN", call=lambda c: c.check_credentials())

    def test_a_server_that_drips_chunks(self):
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n8000\r\n"
        with Listener(drip(head)) as server:
            self.timely(server.url, "SQ_OUTCOME_UNKNOWN", call=lambda c: c.check_credentials())

    def test_a_server_that_sends_headers_without_end(self):
        def behave(connection):
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\n")
            while True:
                connection.sendall(b"X-More: " + b"y" * 4000 + b"\r\n")

        with Listener(behave) as server:
            self.timely(server.url, "SQ_BAD_RESPONSE", "SQ_OUTCOME_UNKNOWN")

    def test_a_server_that_informs_without_end(self):
        def behave(connection):
            connection.recv(65536)
            while True:
                connection.sendall(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")
                time.sleep(0.01)

        with Listener(behave) as server:
            self.timely(server.url, "SQ_BAD_RESPONSE", "SQ_OUTCOME_UNKNOWN")

    def test_a_server_that_accepts_but_does_not_shake_hands(self):
        with Listener(keep_silent) as server:
            url = server.url.replace("http:", "https:")
            answer = self.timely(url, "SQ_TLS", "SQ_UNREACHABLE")
            self.assertNotEqual("recover", answer.next)

    def test_a_server_that_accepts_nothing(self):
        # Its queue of one is full, so that further connections get no answer at all.
        with Listener(backlog=0, accept=False) as server:
            fillers = []
            try:
                for _ in range(4):
                    filler = socket.socket()
                    filler.setblocking(False)
                    filler.connect_ex(("127.0.0.1", server.port))
                    fillers.append(filler)
                time.sleep(0.1)
                answer = self.timely(server.url, "SQ_UNREACHABLE")
                self.assertEqual("call_again", answer.next)
            finally:
                for filler in fillers:
                    filler.close()

    def test_a_server_that_reads_nothing(self):
        # The order is larger than what the sockets hold on the way: the library is stuck while it sends. Taking so large an
        # order in costs a debug build on a loaded machine more than TOTAL_MS, hence a longer deadline.
        with Listener(lambda connection: time.sleep(30), room=4096) as server:
            client = self.open(base_url=server.url, timeouts={"connect_ms": 2000, "total_ms": 4000}, journal=":memory:")
            order = orders.complete()
            order["cart"]["items"][0]["description"] = "x" * 8_000_000
            with self.ends_within(deadline_s(4000)):
                answer = client.start(order)
            # It never had the whole request: "never reached seQura" is as true as "may have been processed" is careful.
            self.assertIn(answer.name, ("SQ_OUTCOME_UNKNOWN", "SQ_UNREACHABLE", "SQ_INVALID_ORDER"))

    def test_a_server_that_takes_an_order_byte_by_byte(self):
        # Whatever of the order it takes within the time of one write, the next write has not the whole time again.
        def sip(connection):
            while connection.recv(64):
                time.sleep(0.05)

        with Listener(sip, room=4096) as server:
            client = self.open(base_url=server.url, timeouts={"connect_ms": 2000, "total_ms": 2000}, journal=":memory:")
            order = orders.complete()
            order["cart"]["items"][0]["description"] = "x" * 2_000_000
            with self.ends_within(deadline_s(2000)):
                self.assertStatus("SQ_OUTCOME_UNKNOWN", client.start(order), "timed_out")

    def test_a_server_that_informs_without_end_and_without_a_pause(self):
        def behave(connection):
            connection.recv(65536)
            while True:
                connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" * 500)

        with Listener(behave) as server:
            self.timely(server.url, "SQ_BAD_RESPONSE", "SQ_OUTCOME_UNKNOWN")

    def test_what_surrounds_a_body_without_end(self):
        chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        for name, head, more in (("an extension of a chunk", chunked + b"5;x=", b"y" * 100), ("chunks of one byte", chunked, b"1\r\n[\r\n"),
                                 ("a trailer", chunked + b"2\r\n[]\r\n0\r\nX: ", b"y" * 100),
                                 ("trailers", chunked + b"2\r\n[]\r\n0\r\n", b"X-More: y\r\n"),
                                 ("a length in digits", chunked, b"0" * 100), ("a status line", b"HTTP/1.1 200 ", b"y" * 100)):
            for pause in (0, 0.05):
                def behave(connection):
                    connection.recv(65536)
                    connection.sendall(head)
                    while True:
                        connection.sendall(more)
                        time.sleep(pause)

                with self.subTest(name, pause=pause), Listener(behave) as server:
                    self.timely(server.url, "SQ_OUTCOME_UNKNOWN", "SQ_BAD_RESPONSE", call=lambda c: c.check_credentials())

    def test_tls_byte_by_byte(self):
        place = ("127.0.0.1", int(self.sim.https.rsplit(":", 1)[1].strip("/")))
        drop = drop_by_drop()
        with self.subTest("the handshake"), Listener(lambda connection: relay(connection, place, drop)) as slow:
            url = f"https://localhost:{slow.port}/"
            self.timely(url, "SQ_TLS", "SQ_UNREACHABLE", roots={"file": self.sim.ca_file})
        self.assertNothingSent()
        passed = []

        def answers_slowly(connection, data):
            passed.append(len(data))
            (drop if sum(passed) > 4000 else socket.socket.sendall)(connection, data)

        with self.subTest("the answers"), Listener(lambda connection: relay(connection, place, answers_slowly)) as slow:
            client = self.open(base_url=f"https://localhost:{slow.port}/", roots={"file": self.sim.ca_file}, journal=":memory:",
                               timeouts={"connect_ms": 2000, "total_ms": 2000})
            names = set()
            for _ in range(5):
                with self.ends_within(deadline_s(2000)):
                    names.add(client.check_credentials().name)
            self.assertIn("SQ_OUTCOME_UNKNOWN", names)

    def test_recovery_of_many_orders(self):
        client = self.open(timeouts={"connect_ms": 500, "total_ms": 5000}, merchant_id=None)
        self.sim.fault("close_before", times=0)
        many = 150
        for number in range(many):
            self.assertStatus("SQ_OUTCOME_UNKNOWN", client.start(orders.small(1000 + number, merchant={"id": f"m-{number}"})))
        client.close()
        self.sim.clear_faults()
        self.sim.fault("delay", ms=60_000, times=0)
        client = self.open(timeouts={"connect_ms": 500, "total_ms": TOTAL_MS}, merchant_id=None)
        with self.ends_within(deadline_s(TOTAL_MS)):
            answer = client.call("sq_recover", None)
        self.sim.clear_faults()
        self.assertEqual("SQ_OUTCOME_UNKNOWN", answer.name)
        self.assertEqual((many, many), (answer.data["remaining"], len(answer.data["orders"])))
        self.assertEqual({"SQ_OUTCOME_UNKNOWN", "SQ_BUSY"}, {order["status"] for order in answer.data["orders"]})

    def test_reports_of_many_merchants_while_somebody_holds_the_journal(self):
        countries = [a + b for a in "ABCDEFGH" for b in "ABCDEFGH"]
        client = self.open(timeouts={"connect_ms": 400, "total_ms": TOTAL_MS}, merchant_id=None,
                           merchants={country: f"shop_{country}" for country in countries})
        unlock = Stranger.shared().locked(self.journal)
        with self.ends_within(deadline_s(TOTAL_MS)):
            answer = client.call("sq_send_delivery_report", None)
        unlock()
        self.assertEqual("SQ_JOURNAL", answer.name)
        self.assertEqual(len(countries), len(answer.data["reports"]))
        self.assertEqual({"SQ_JOURNAL", "SQ_BUSY"}, {report["status"] for report in answer.data["reports"]})
        self.assertNothingSent()

    def test_disbursements_without_end(self):
        # Each of them is quick; together they are not, and what was read is kept for the next time.
        def behave(connection):
            while request := connection.recv(65536):
                path = request.split(b" ")[1].decode()
                body = json.dumps([{"disbursement": {"reference": str(n), "path": f"/merchants/shop_es/disbursements/{n}"}}
                                   for n in range(2000)] if path.endswith("disbursements") else {"disbursement": {}})
                time.sleep(0.05)
                connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())

        with Listener(behave) as server:
            answer = self.timely(server.url, "SQ_UNREACHABLE", "SQ_OUTCOME_UNKNOWN", call=lambda c: c.call("sq_reconcile"))
        self.assertIn("totals", answer.data)

    def test_many_threads_of_one_client_while_somebody_holds_the_journal(self):
        # Each waits for the other process, and none for the patience of the others.
        client = self.open(timeouts={"connect_ms": 400, "total_ms": 1000})
        unlock = Stranger.shared().locked(self.journal)
        answers = []
        with self.ends_within(deadline_s(1000)):
            threads = [threading.Thread(target=lambda n=n: answers.append(client.start(orders.small(1000 + n)))) for n in range(24)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        unlock()
        self.assertEqual({"SQ_JOURNAL"}, {answer.name for answer in answers})

    def test_the_self_test_has_one_deadline_for_all_its_rows(self):
        total = 8000  # as long again would be beyond what a busy machine explains
        with Listener(keep_silent) as server:
            client = self.open(base_url=server.url, timeouts={"connect_ms": 400, "total_ms": total})
            unlock = Stranger.shared().locked(self.journal)
            with self.ends_within(deadline_s(total)):
                rows = {row["name"]: row["ok"] for row in client.call("sq_self_test").data["tests"]}
            unlock()
        self.assertEqual((False, False), (rows["connection"], rows["journal"]))

    def test_a_delayed_confirmation_is_doubtful_and_found_out_by_asking_again(self):
        client = self.open(timeouts={"connect_ms": 500, "total_ms": TOTAL_MS})
        url, uuid, order = self.approved(client)
        self.sim.fault("delay", ms=3000, method="PUT", when="after")
        with self.ends_within(deadline_s(TOTAL_MS)):
            answer = client.confirm(url, order)
        self.assertStatus("SQ_OUTCOME_UNKNOWN", answer, "timed_out")
        self.assertEqual("confirming", answer.state)
        self.assertEqual("confirmed", self.assertStatus("SQ_OK", client.confirm(url, order)).state)

    def test_a_thread_that_waits_for_its_turn_keeps_its_own_deadline(self):
        # Two threads, one order: the second one waits for the first, and gives up at its deadline as one that is busy.
        client = self.open(timeouts={"connect_ms": 400, "total_ms": TOTAL_MS})
        url, uuid, order = self.approved(client)
        self.sim.fault("delay", ms=60_000, method="PUT", times=0)
        answers = []
        with self.ends_within(2 * deadline_s(TOTAL_MS)):
            threads = [threading.Thread(target=lambda: answers.append(client.confirm(url, order))) for _ in range(3)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        self.sim.clear_faults()
        self.assertLessEqual({answer.name for answer in answers}, {"SQ_OUTCOME_UNKNOWN", "SQ_BUSY"})


if __name__ == "__main__":
    unittest.main()
