"""The line between forwarders and offices, and the one witness who has seen every answer: what is acknowledged is what has
come out of an office here, whether or not anybody got to hear it."""

import contextlib
import json
import random
import socket
import threading
import time
from urllib.parse import parse_qs, urlsplit

import simulator

#: What can become of a request, and of its answer.
FAULTS = ("refused", "lost", "half", "closed", "slow", "twice", "late")
#: Requests that are kept to be sent again much later.
MOST_KEPT = 40


class Message:
    """A request or an answer, whole."""

    def __init__(self, reader, head):
        self.head = head
        while b"\r\n\r\n" not in self.head:
            data = reader(65536)
            if not data:
                raise OSError("it ended in the middle")
            self.head += data
        at = self.head.index(b"\r\n\r\n") + 4
        self.head, body = self.head[:at], self.head[at:]
        lines = self.head.decode("latin-1").split("\r\n")
        self.first = lines[0]
        self.fields = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
        length = int(self.fields.get("content-length", "0"))
        while len(body) < length:
            data = reader(65536)
            if not data:
                raise OSError("it ended in the middle")
            body += data
        self.body, self.rest = body[:length], body[length:]

    @property
    def bytes(self):
        return self.head + self.body

    @property
    def json(self):
        with contextlib.suppress(ValueError):
            return json.loads(self.body)
        return None


class Line:
    """Passes on to one of `ports`; what goes wrong is drawn by `draw(kind)` for each request, which gives a fault or None."""

    def __init__(self, ports=(), draw=lambda path: None):
        self.ports, self.draw, self.is_cut = list(ports), draw, False
        self.lock = threading.Lock()
        self.acknowledged = {}   # (journal_id, incarnation) -> every position that was acknowledged, in its order
        self.epochs = {}         # journal_id -> the newest epoch it was told
        self.kept, self.counted, self.turn = [], {}, 0
        self.listener = simulator.Listener(self._serve, backlog=128, port=simulator.free_port())
        self.url = self.listener.url

    def close(self):
        self.listener.close()

    # -- who asks for which stream

    @staticmethod
    def stream(request):
        path = urlsplit(request.first.split(" ")[1])
        if path.query:
            asked = {name: values[0] for name, values in parse_qs(path.query).items()}
        else:
            asked = request.json or {}
        return path.path.rsplit("/", 1)[-1], (asked.get("journal_id"), asked.get("incarnation"))

    def at(self, journal_id, incarnation):
        """The last position that was acknowledged, or None."""
        with self.lock:
            positions = self.acknowledged.get((journal_id, incarnation))
            return positions[-1] if positions else None

    def forget(self, journal_ids):
        """Nobody asks for these any more."""
        with self.lock:
            for stream in [stream for stream in self.acknowledged if stream[0] in journal_ids]:
                del self.acknowledged[stream]

    def note(self, request, answer):
        what, stream = self.stream(request)
        status = int(answer.first.split(" ")[1])
        with self.lock:
            self.counted[what, status] = self.counted.get((what, status), 0) + 1
            said = answer.json
            # What is refused with a standing says where the office stands as well.
            standing = said if status == 200 else (said or {}).get("standing")
            if not standing:
                return
            self.epochs[stream[0]] = max(standing["epoch"], self.epochs.get(stream[0], 0))
            position = standing["position"] and (standing["position"]["seq"], standing["position"]["nonce"])
            before = self.acknowledged.setdefault(stream, [])
            if position and (not before or position[0] > before[-1][0]):
                before.append(position)

    # -- passing on

    def _there(self):
        with self.lock:
            self.turn += 1
            port = self.ports[self.turn % len(self.ports)]
        return socket.create_connection(("127.0.0.1", port), 10)

    def exchange(self, request, half_close=False):
        """One request on a connection of its own."""
        with self._there() as there:
            there.settimeout(60)
            there.sendall(request.bytes)
            if half_close:
                there.shutdown(socket.SHUT_WR)
            answer = Message(there.recv, b"")
        self.note(request, answer)
        return answer

    def again(self, chance: random.Random, count=3):
        """What was sent long ago comes once more, as from a buffer somewhere on the way."""
        with self.lock:
            old = chance.sample(self.kept, min(count, len(self.kept)))
        for request in old:
            with contextlib.suppress(OSError, ValueError):
                self.exchange(request)

    def _serve(self, connection):
        with connection:
            rest = b""
            while not self.listener.closing:
                try:
                    request = Message(connection.recv, rest)
                    rest = request.rest
                except OSError:
                    return
                if not self._answer(connection, request):
                    return

    def _answer(self, connection, request):
        what, _ = self.stream(request)
        fault = "refused" if self.is_cut or not self.ports else self.draw(what)
        if fault == "refused":
            return False
        if what == "frames":
            with self.lock:
                if len(self.kept) < MOST_KEPT:
                    self.kept.append(request)
                else:
                    self.kept[self.turn % MOST_KEPT] = request
        if fault == "late":
            time.sleep(0.3)
        try:
            if fault == "twice":
                self.exchange(request)
            answer = self.exchange(request, half_close=fault == "half")
        except OSError:
            return False
        if fault == "lost":
            return False
        if fault == "closed":
            connection.sendall(answer.bytes[:len(answer.bytes) // 2])
            return False
        if fault == "slow":
            time.sleep(0.3)
        try:
            connection.sendall(answer.bytes)
        except OSError:
            return False
        return "close" not in answer.fields.get("connection", "")
