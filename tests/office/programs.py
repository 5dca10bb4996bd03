"""The office's and the forwarder's programs, as they are shipped, and how they end."""

import contextlib
import json
import os
import signal
import subprocess
import time
from pathlib import Path

from abi import find
from cluster import ends_with_us

OFFICE = find("SEQURA_OFFICE", "target/debug/sequra-office", "target/release/sequra-office")
FORWARD = find("SEQURA_FORWARD", "target/debug/sequra-forward", "target/release/sequra-forward")
STARTS_WITHIN_S = 120


class Program:
    """Something that runs until somebody ends it."""

    def __init__(self):
        self.process = None

    def begin(self, arguments, log, **environment):
        with open(log, "ab") as file:
            self.process = subprocess.Popen(
                list(map(str, arguments)), stdin=subprocess.DEVNULL, stdout=file, stderr=file,
                env={**os.environ, **environment}, preexec_fn=ends_with_us())

    @property
    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        if self.process:
            self.process.kill()
            self.process.wait()

    def end(self):
        """As an administrator ends it."""
        if self.is_running:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()
                raise AssertionError(f"{self.process.args[0]} did not end within 30 s of SIGTERM") from None

    def signal(self, what):
        if self.is_running:
            os.kill(self.process.pid, what)

    def freeze(self):
        self.signal(signal.SIGSTOP)

    def thaw(self):
        self.signal(signal.SIGCONT)


class Office(Program):
    """`sequra-office serve` on a database; `keys` is the folder of private keys, which offices may share."""

    def __init__(self, folder: Path, database: str, keys: Path, **settings):
        super().__init__()
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.keys, self.log = folder, keys, folder / "office.log"
        self.settings = folder / "office.json"
        self.write({"listen": "127.0.0.1:0", "database": database, "plain_http": True, "connections": 6,
                    "page_connections": 2, "patience_ms": 4000, "keys": str(keys), "folder": str(folder / "own"), **settings})
        self.url = None

    def write(self, settings):
        self.said = settings
        self.settings.write_text(json.dumps(settings))

    def start(self, prefix=(), **environment):
        ready = self.folder / "ready"
        ready.unlink(missing_ok=True)
        self.begin([*prefix, OFFICE, "--settings", self.settings, "serve", "--ready-file", ready], self.log, **environment)
        limit = time.monotonic() + STARTS_WITHIN_S
        while not ready.exists():
            assert self.is_running, self.log.read_text()[-2000:]
            assert time.monotonic() < limit, "the office does not start"
            time.sleep(0.01)
        self.url = ready.read_text().strip()
        return self

    @property
    def port(self):
        return int(self.url.rstrip("/").rsplit(":", 1)[1])

    def call(self, *words) -> str:
        """One of its commands."""
        said = subprocess.run([OFFICE, "--settings", self.settings, *words], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=STARTS_WITHIN_S)
        assert said.returncode == 0, f"{words}: {said.returncode} {said.stderr}"
        return said.stdout.strip()

    def code(self, till, shop="shop"):
        return self.call("code", "--shop", shop, "--till", till)

    def private(self, key) -> bytes:
        return (self.keys / f"{key}.key").read_bytes()


class Forwarder(Program):
    """`sequra-forward` with its own folder on the till's disk."""

    def __init__(self, folder: Path, journal: Path, url: str):
        super().__init__()
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.journal, self.url = folder, journal, url
        self.config, self.log = folder / "forward.json", folder / "forward.log"

    def words(self, *words):
        return [FORWARD, "--config", self.config, "--log", self.log, *words]

    def call(self, *words, prefix=(), timeout=120, **environment):
        """Its exit status, and what it says."""
        said = subprocess.run([*map(str, prefix), *map(str, self.words(*words))], stdin=subprocess.DEVNULL, timeout=timeout,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, **environment})
        return said.returncode, said.stdout.decode(errors="replace")

    def enrol(self, code):
        ended, said = self.call("enrol", "--journal", self.journal, "--office", self.url, "--code", code,
                                "--machine", "CAJA")
        assert ended == 0, f"{ended} {said}"
        self.change(ask_every_s=1)

    def change(self, **settings):
        kept = json.loads(self.config.read_text())
        self.config.write_text(json.dumps({**kept, **settings}))

    def start(self, prefix=(), **environment):
        self.begin([*prefix, *self.words("run")], self.folder / "out", **environment)
        return self

    def once(self, **more):
        return self.call("run", "--once", **more)

    @property
    def said(self):
        text = ""
        with contextlib.suppress(OSError):
            text = self.log.read_text(errors="replace")
        return text
