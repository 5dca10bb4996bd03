"""The way out of the shop's network: through the proxy that is named, never around it; and by none to this machine."""

import socket
import unittest

import orders
from outside import Worker
from simulator import Listener, Tunnel, drop_by_drop, free_port
from till import Till, deadline_s

NO_PROXIES = {name: "" for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
                                    "no_proxy", "NO_PROXY")}


class ThroughAProxy(Till):
    def behind(self, tunnel, **changes):
        changes = {"base_url": tunnel.base_url, "roots": {"file": self.sim.ca_file}, "proxy": tunnel.url, **changes}
        return self.open(**changes)

    def test_a_sale_goes_through_it(self):
        with Tunnel(self.sim) as tunnel:
            client = self.behind(tunnel)
            self.assertEqual([], client.opened.document["warnings"])
            self.settled(client)
            self.assertEqual({f"CONNECT sequra.test:{tunnel.place[1]} HTTP/1.1"}, set(tunnel.connected))
            self.assertEqual([], tunnel.authorised)

    def test_its_own_credentials_are_for_it_alone(self):
        with Tunnel(self.sim) as tunnel:
            client = self.behind(tunnel, proxy=tunnel.url.replace("//", "//till:p%40ss@"))
            self.assertStatus("SQ_OK", client.check_credentials())
            self.assertEqual(["Proxy-Authorization: Basic dGlsbDpwQHNz"], tunnel.authorised)
            headers = str(self.sim.requests()[-1]["headers"]).lower()
            self.assertNotIn("proxy-auth", headers)

    def test_one_that_is_not_there_is_not_gone_around(self):
        client = self.open(base_url=f"https://sequra.test:{free_port()}/", roots={"file": self.sim.ca_file},
                           proxy=f"http://127.0.0.1:{free_port()}", timeouts={"connect_ms": 500, "total_ms": 800})
        self.assertStatus("SQ_UNREACHABLE", client.start(orders.complete()))
        self.assertNothingSent()

    def test_one_that_refuses_is_not_gone_around(self):
        for answer in (b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", b"HTTP/1.1 407 Who are you\r\n\r\n",
                       b"SSH-2.0-OpenSSH_9.2\r\n", b""):
            with self.subTest(answer), Listener(lambda c: (c.recv(65536), c.sendall(answer), c.close())) as proxy:
                client = self.open(base_url="https://sequra.test/", proxy=proxy.url, journal=":memory:",
                                   timeouts={"connect_ms": 500, "total_ms": 800})
                answered = self.assertStatus("SQ_UNREACHABLE", client.start(orders.complete()))
                self.assertEqual("call_again", answered.next)
                self.assertTrue(proxy.accepted)
        self.assertNothingSent()

    def test_one_that_answers_byte_by_byte_has_no_more_time_than_one_that_is_silent(self):
        # Each byte used to have the whole time again: 2 s became 135.
        long = b"HTTP/1.1 200 Connection established\r\n" + b"X-Filler: " + b"x" * 4000 + b"\r\n\r\n"
        for answer in (long, long.replace(b"\r\n\r\n", b"")):
            with Tunnel(self.sim, answer, drop_by_drop()) as tunnel:
                client = self.behind(tunnel, journal=":memory:", timeouts={"connect_ms": 2000, "total_ms": 700})
                with self.ends_within(deadline_s(700)):
                    self.assertStatus("SQ_UNREACHABLE", client.start(orders.complete()))
        self.assertNothingSent()

    def test_one_that_keeps_silent(self):
        with Listener(lambda connection: connection.recv(65536) and connection.recv(1)) as proxy:
            client = self.open(base_url="https://sequra.test/", proxy=proxy.url, journal=":memory:",
                               timeouts={"connect_ms": 400, "total_ms": 700})
            with self.ends_within(deadline_s(700)):
                answer = self.assertStatus("SQ_UNREACHABLE", client.start(orders.complete()))
            self.assertNotEqual("recover", answer.next)

    def test_the_handshake_through_it_has_the_same_time(self):
        answer = b"HTTP/1.1 200 Connection established\r\n\r\n"
        drop = drop_by_drop()
        back = lambda connection, data: connection.sendall(data) if data == answer else drop(connection, data)
        with Tunnel(self.sim, answer, back) as tunnel:
            client = self.behind(tunnel, journal=":memory:", timeouts={"connect_ms": 60_000, "total_ms": 1000})
            with self.ends_within(deadline_s(1000)):
                self.assertIn(client.start(orders.complete()).name, ("SQ_UNREACHABLE", "SQ_TLS"))
        self.assertNothingSent()


class ToThisMachine(Till):
    """Whatever is said of a proxy, a loopback address is reached by none: in the clear it would have the credentials."""

    def test_a_proxy_that_is_named_is_not_used_and_that_is_said(self):
        with Listener() as proxy:
            for base_url in (self.sim.http, self.sim.http.replace("127.0.0.1", "localhost"), self.sim.https):
                with self.subTest(base_url):
                    client = self.open(base_url=base_url, roots={"file": self.sim.ca_file}, proxy=proxy.url, journal=":memory:")
                    warning, = client.opened.document["warnings"]
                    self.assertEqual(("doubtful_setting", "/proxy"), (warning["code"], warning["pointer"]))
                    self.assertStatus("SQ_OK", client.check_credentials())
            self.assertEqual([], proxy.accepted)

    def test_one_of_the_environment_is_not_used_either(self):
        with Listener() as proxy:
            said = opened(self.config(proxy="environment"), https_proxy=proxy.url, ALL_PROXY=proxy.url, HTTP_PROXY=proxy.url)
            self.assertEqual(("SQ_OK", []), (said["status"], said["document"]["warnings"]))
            self.assertEqual([], proxy.accepted)


class OfTheEnvironment(Till):
    """As curl has it, and as docs/configuration.md says."""

    CONFIG = {"base_url": "https://sequra.test/", "proxy": "environment", "timeouts": {"connect_ms": 400, "total_ms": 700}}

    def used(self, proxy, **environment):
        """Whether a call goes to that proxy."""
        before = len(proxy.accepted)
        said = opened(self.config(journal=":memory:", **self.CONFIG), **environment)
        self.assertEqual("SQ_OK", said["status"], said["document"])
        return len(proxy.accepted) > before

    def test_which_variables_are_read(self):
        with Listener(socket.socket.close) as proxy, Listener(socket.socket.close) as other:
            for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
                self.assertTrue(self.used(proxy, **{name: proxy.url}), name)
                self.assertTrue(self.used(proxy, **{name: proxy.url.replace("http://", "")}), name)
            self.assertTrue(self.used(proxy, https_proxy=proxy.url, ALL_PROXY=other.url))
            self.assertFalse(self.used(proxy, HTTP_PROXY=proxy.url, http_proxy=proxy.url))
            self.assertEqual([], other.accepted)

    def test_what_is_excepted(self):
        with Listener(socket.socket.close) as proxy:
            for excepted, used in (("x.es, sequra.test", False), ("x.es sequra.test", False), (".test", False), ("*.test", False),
                                   ("*", False), ("SEQURA.TEST:443", False), ("sequra.test:80", True), ("equra.test", True),
                                   ("10.0.0.0/8", True), ("", True)):
                for name in ("NO_PROXY", "no_proxy"):
                    with self.subTest(excepted):
                        self.assertEqual(used, self.used(proxy, https_proxy=proxy.url, **{name: excepted}))

    def test_one_that_cannot_be_used_is_not_passed_over(self):
        for value in ("socks5://127.0.0.1:1", "::::", "http://proxy.shop:99999", "http://proxy.shop:", b"http://pr\xf1xy".decode(errors="surrogateescape")):
            with self.subTest(value):
                said = opened(self.config(journal=":memory:", **self.CONFIG), HTTPS_PROXY=value)
                self.assertEqual(("SQ_INVALID_CONFIG", "/proxy"), (said["status"], said["document"]["errors"][0]["pointer"]))


def opened(config, **environment):
    """What opening gave in a process with this environment, which then asked a question."""
    worker = Worker("ask", {"config": config}, **{**NO_PROXIES, **environment})
    said = worker.next()
    worker.end()
    return said


if __name__ == "__main__":
    unittest.main()
