"""Starts the simulated seQura and talks to its control interface; and worse servers than that."""

import atexit
import base64
import contextlib
import json
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

from abi import find

KEY, SECRET = "sandbox_key", "sandbox_secret"

#: What makes an answer seQura's, in the `headers` of a fault.
SIGNED = {"X-Request-Id": "5a6b8f0e-1c7d-4e2f-9a3b-0d1c2e3f4a5b"}

# Control calls go to loopback and must not wander through a proxy of the machine.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Simulator:
    """A running simulator program."""

    def __init__(self, *arguments):
        program = find("SEQURA_SANDBOX", "target/debug/sequra-sandbox", "target/release/sequra-sandbox")
        self.folder = Path(tempfile.mkdtemp(prefix="sequra-tests-"))
        ready = self.folder / "ready.json"
        self.process = subprocess.Popen(
            [program, "--quiet", "--bad-tls", "--ready-file", str(ready), "--ca-file", str(self.folder / "ca.pem"),
             *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        )
        limit = time.monotonic() + 30
        while not ready.exists():
            if self.process.poll() is not None:
                raise RuntimeError(f"the simulator ended with {self.process.returncode}")
            if time.monotonic() > limit:
                self.process.kill()
                raise RuntimeError("the simulator is not ready after 30 s")
            time.sleep(0.01)
        told = json.loads(ready.read_text())
        self.http, self.https = told["http"], told["https"]
        self.ca_file, self.bad_tls = told["ca_file"], told["bad_tls"]

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def control(self, method: str, path: str, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.http}/_sandbox/{path}", data=data, method=method)
        try:
            with _opener.open(request, timeout=30) as answer:
                content = answer.read()
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.code} {error.read().decode()}") from None
        return json.loads(content) if content else None

    # What the shopper and seQura do
    def approve(self, uuid):
        return self.control("POST", f"orders/{uuid}/approve")

    def review(self, uuid):
        return self.control("POST", f"orders/{uuid}/review")

    def reject(self, uuid):
        return self.control("POST", f"orders/{uuid}/reject")

    def cancel(self, uuid):
        return self.control("POST", f"orders/{uuid}/cancel")

    # What it knows
    def order(self, uuid):
        return self.control("GET", f"orders/{uuid}")

    def orders(self):
        return self.control("GET", "orders")["orders"]

    def ledger(self, uuid=None):
        return [line for line in self.control("GET", "ledger")["ledger"] if uuid in (None, line["uuid"])]

    def events(self, uuid=None):
        return [line["event"] for line in self.ledger(uuid)]

    def requests(self, method=None, path=None):
        return [request for request in self.control("GET", "requests")["requests"]
                if method in (None, request["method"]) and (path is None or path in request["path"])]

    def bodies(self, method=None, path=None):
        """The bytes of the bodies it received."""
        return [base64.b64decode(request["body_base64"]) for request in self.requests(method, path)]

    def stats(self):
        return self.control("GET", "stats")

    def sms(self):
        return self.control("GET", "sms")["sms"]

    def emails(self):
        return self.control("GET", "emails")["emails"]

    # How it behaves
    def fault(self, kind, **fields):
        self.control("POST", "faults", {"kind": kind, **fields})

    def clear_faults(self):
        self.control("DELETE", "faults")

    def rules(self, **changes):
        self.control("PUT", "rules", changes)

    def reset(self):
        self.control("POST", "reset")


_shared = None


def shared() -> Simulator:
    """One simulator for the whole run; `reset` between tests."""
    global _shared
    if _shared is None:
        _shared = Simulator()
        atexit.register(_shared.stop)
    return _shared


class Listener:
    """A socket that notes who connects, and behaves as `behave(connection)` says; it never accepts without one."""

    def __init__(self, behave=None, backlog=16, accept=True, room=None, port=0):
        self.socket = socket.socket()
        if room:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)  # before listen: connections inherit it
        if port:  # also while its connections end
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(("127.0.0.1", port))
        self.socket.listen(backlog)
        self.port = self.socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.accepted = []
        self.behave = behave
        self.closing = False
        self.thread = threading.Thread(target=self._run, daemon=True) if accept else None
        if self.thread:
            self.socket.settimeout(0.1)
            self.thread.start()

    def _run(self):
        while not self.closing:
            try:
                connection, _ = self.socket.accept()
            except socket.timeout:
                continue
            except OSError:  # closed, or down
                time.sleep(0.01)
                continue
            self.accepted.append(connection)
            if self.behave:
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        try:
            self.behave(connection)
        except OSError:
            pass

    def close(self):
        self.closing = True
        if self.thread:
            self.thread.join(5)
        self.socket.close()
        for connection in self.accepted:
            connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Line(Listener):
    """A way to the simulator that can be down."""

    def __init__(self, sim):
        place = ("127.0.0.1", int(sim.http.rsplit(":", 1)[1]))
        # The system takes back a port that it has chosen as soon as nobody listens.
        super().__init__(lambda connection: relay(connection, place), port=free_port())

    def down(self):
        return down(self.socket)


@contextlib.contextmanager
def down(listening):
    """Nobody listens there, and nobody else can begin to."""
    listening.shutdown(socket.SHUT_RDWR)
    try:
        yield
    finally:
        listening.listen()


class HeldLine(Listener):
    """A way to the simulator. What comes back is held while it is not `free`: so long a call is under way."""

    def __init__(self, sim):
        self.place = ("127.0.0.1", int(sim.http.rsplit(":", 1)[1]))
        self.free = threading.Event()
        self.free.set()
        super().__init__(self.pass_on)

    def pass_on(self, connection):
        relay(connection, self.place, self.back)
        connection.shutdown(socket.SHUT_RDWR)

    def back(self, connection, data):
        self.free.wait(120)
        connection.sendall(data)


class Tunnel(Listener):
    """A proxy: `connected` are the places it was asked for, and `authorised` how; whatever they are, it leads to the
    simulator. What goes back to the till passes through `back(connection, bytes)`."""

    def __init__(self, sim, answer=b"HTTP/1.1 200 Connection established\r\n\r\n", back=socket.socket.sendall):
        self.place = ("127.0.0.1", int(sim.https.rsplit(":", 1)[1].strip("/")))
        self.base_url = f"https://sequra.test:{self.place[1]}/"
        self.answer, self.back = answer, back
        self.connected, self.authorised = [], []
        super().__init__(self._tunnel)

    def _tunnel(self, connection):
        head = b""
        while b"\r\n\r\n" not in head:
            head += connection.recv(1)
        lines = head.decode().split("\r\n")
        self.connected.append(lines[0])
        self.authorised += [line for line in lines if line.lower().startswith("proxy-authorization:")]
        self.back(connection, self.answer)
        relay(connection, self.place, self.back)


def relay(connection, place, back=socket.socket.sendall):
    """Passes on what goes there, and what comes back by `back`."""
    with socket.create_connection(place) as there:
        def forth():
            for data in iter(lambda: connection.recv(65536), b""):
                there.sendall(data)
        thread = threading.Thread(target=lambda: _quietly(forth), daemon=True)
        thread.start()
        for data in iter(lambda: there.recv(65536), b""):
            back(connection, data)


def _quietly(body):
    try:
        body()
    except OSError:
        pass


def drop_by_drop(pause_s=0.05):
    """Sends one byte at a time."""
    def back(connection, data):
        for byte in data:
            connection.sendall(bytes([byte]))
            time.sleep(pause_s)
    return back


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
