"""Whatever the server does, a call ends within total_ms and a second; see till.SLACK_S for the bound."""

import socket
import threading
import time
import unittest

import orders
from simulator import Listener
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

    def test_a_proxy_that_keeps_silent(self):
        with Listener(keep_silent) as proxy:
            answer = self.timely(self.sim.https, "SQ_UNREACHABLE", roots={"file": self.sim.ca_file}, proxy=proxy.url)
            self.assertNotEqual("recover", answer.next)
        self.assertNothingSent()

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
