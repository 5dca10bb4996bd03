"""The programs of the demonstration, and the machines that they are on; all of it goes at the end."""

import contextlib
import ctypes
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

from telling import Otherwise, answered, typed, wait_until

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "target" / "debug"
#: A till that has not been heard of for so long is silent here; at work it is an hour.
SILENT_AFTER_S = 15
TILL = "till"
SOURCES = "till program sale after_sale recovery unfinished records answer book text wait".split()
_libc = ctypes.CDLL(None)
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def _ends_with_us():
    _libc.prctl(1, int(signal.SIGTERM))


class Stage:
    """A folder for everything, and what runs."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="sequra-demo-"))
        self.running = []
        # PostgreSQL's user, who is another when this is root, comes through to its own folder and to nothing else.
        self.folder.chmod(0o711)
        self.scratch = self.folder / "tmp"
        self.scratch.mkdir()
        self.scratch.chmod(0o1777)

    def close(self):
        for process in reversed(self.running):
            if process.poll() is None:
                process.terminate()
        for process in reversed(self.running):
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            # What it was waiting for while it started.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        end = time.monotonic() + 20
        while self.folder.exists() and time.monotonic() < end:
            shutil.rmtree(self.folder, ignore_errors=True)
            time.sleep(0.05)

    def start(self, program, *words, log, **environment):
        """Begins a program that stays, away from this terminal's Ctrl-C: `close` ends it."""
        with open(self.folder / log, "ab") as file:
            process = subprocess.Popen(
                [BUILT / program, *map(str, words)], stdin=subprocess.DEVNULL, stdout=file, stderr=file,
                env={**os.environ, "TMPDIR": str(self.scratch), **environment}, start_new_session=True, preexec_fn=_ends_with_us)
        self.running.append(process)
        return process

    def until_ready(self, process, ready: Path, log):
        """Waits for the file in which a program says that it is there."""
        def is_so():
            if process.poll() is not None:
                raise Otherwise((self.folder / log).read_text(errors="replace"))
            return ready.exists() and ready.read_text()
        return wait_until(f"{process.args[0].name} starts", is_so, 90)


class Machine:
    """A folder for a disk, and programs that are called there."""

    def __init__(self, stage, name, **environment):
        self.stage, self.name, self.disk = stage, name, stage.folder / name
        self.environment = {**os.environ, "COLUMNS": "100", **environment}
        self.disk.mkdir(mode=0o700)

    def call(self, program, *words, ends=0, shown=True):
        """One command, and what it says; with `shown`, as somebody sees it who types it."""
        if shown:
            typed(self.name, [program, *map(str, words)])
        where = self.stage.folder / program if program == TILL else BUILT / program
        said = subprocess.run([where, *map(str, words)], cwd=self.disk, env=self.environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
        text = said.stdout.decode(errors="replace")
        if said.returncode != ends:
            raise Otherwise(f"{program} {' '.join(map(str, words))}: ended with {said.returncode} and not {ends}:\n{text}")
        if shown:
            answered(self.without_places(text))
        return text

    def without_places(self, text):
        """As it would be said of a disk of its own; log lines without their time."""
        text = text.replace(f"{self.disk}/", "")
        return re.sub(r"^\d{4}-\d\d-\d\dT\S+ ", "", text, flags=re.MULTILINE)


class Sequra:
    """The simulator, and what it has in its books."""

    def __init__(self, stage):
        ready = stage.folder / "sequra.json"
        process = stage.start("sequra-sandbox", "--quiet", "--http", "0", "--ca-file", stage.folder / "ca.pem",
                              "--ready-file", ready, log="sequra.log")
        self.url = json.loads(stage.until_ready(process, ready, "sequra.log"))["http"]

    def ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_sandbox/{path}", data, method=method)
        with _direct.open(request, timeout=30) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def approve(self, uuid):
        self.ask("POST", f"orders/{uuid}/approve")

    def orders(self):
        return self.ask("GET", "orders")["orders"]

    def events(self, uuid):
        """What happened to an order, each with the reference that it had then."""
        return [(line["event"], line["order_ref_1"]) for line in self.ask("GET", "ledger")["ledger"] if line["uuid"] == uuid]


class Office(Machine):
    """`sequra-office try`: an office on a PostgreSQL that goes with it."""

    def __init__(self, stage):
        super().__init__(stage, "office")
        ready = self.disk / "ready"
        self.process = stage.start("sequra-office", "try", "--port", "0", "--ready-file", ready,
                                   "--silent-after-minutes", SILENT_AFTER_S / 60, log="office.log")
        told = stage.until_ready(self.process, ready, "office.log").splitlines()
        self.url, self.certificate, settings, self.user, self.password = told
        self.environment["SEQURA_OFFICE_SETTINGS"] = settings


class Till(Machine):
    """A machine with a till (bindings/c/till.c), its journal and its forwarder, all on one disk."""

    def __init__(self, stage, sequra, office, shop, till, name=None):
        super().__init__(stage, name or f"{shop.lower()}-{till}", SEQURA_CONFIG="till.json",
                         SEQURA_FORWARD_CONFIG="forward/forward.json")
        self.sequra, self.shop, self.till, self.forwarder = sequra, shop, f"Till {till}", None
        self.disk.joinpath("till.json").write_text(json.dumps({
            "base_url": sequra.url, "account_key": "sandbox_key", "account_secret": "sandbox_secret",
            "merchants": {"ES": "shop_es"}, "journal": "till.journal", "language": "en",
            "timeouts": {"connect_ms": 2000, "total_ms": 6000}}))
        shutil.copy(ROOT / "bindings" / "c" / "order.json", self.disk)
        shutil.copy(office.certificate, self.disk / "office.pem")

    @property
    def title(self):
        return f"{self.shop} · {self.till}"

    def enrol(self, office, shown):
        """Lets it in with a code of the office's, and has its forwarder run from now on."""
        said = office.call("sequra-office", "code", "--shop", self.shop, "--till", self.till, shown=shown)
        self.disk.joinpath("forward").mkdir(exist_ok=True)
        self.call("sequra-forward", "enrol", "--journal", "till.journal", "--office", office.url, "--ca-file", "office.pem",
                  "--code", said.split()[0], "--machine", self.name.upper(), shown=shown)
        config = self.disk / "forward" / "forward.json"
        config.write_text(json.dumps({**json.loads(config.read_text()), "ask_every_s": 2}))
        if shown:
            typed(self.name, ["sequra-forward", "run", "&"])
        log = f"{self.name}-forward.log"
        self.forwarder = self.stage.start("sequra-forward", "--config", config, "run", log=log)

    def begin(self, ticket, shown=False):
        """A sale, up to the shopper's yes."""
        self.call("till", "till.json", "order.json", "--ref", ticket, "--quick", ends=7, shown=shown)
        uuid = self.disk.joinpath("sales.txt").read_text().split()[-1].rsplit("/", 1)[-1]
        self.sequra.approve(uuid)
        return uuid

    def confirm(self, uuid, ends=0, shown=False):
        return self.call("till", "till.json", "--confirm", uuid, "--yes", "--quick", ends=ends, shown=shown)

    def sell(self, *tickets):
        for ticket in tickets:
            self.confirm(self.begin(ticket))

    def is_destroyed(self):
        """The power goes, and the disk with it: nothing of this machine is left."""
        self.forwarder.kill()
        self.forwarder.wait()
        shutil.rmtree(self.disk)


def compile_till(stage):
    """The C till, as `make demo` makes it."""
    here = ROOT / "bindings" / "c"
    command = [os.environ.get("CC", "cc"), "-std=c89", "-O", "-o", stage.folder / TILL, *(here / f"{name}.c" for name in SOURCES),
               f"-I{ROOT / 'include'}", f"-L{BUILT}", "-lsequra_pos", f"-Wl,-rpath,{BUILT}"]
    said = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if said.returncode != 0:
        raise Otherwise(f"cannot compile the till:\n{said.stdout}")
