"""A chain: PostgreSQL, two offices on it, a line, seQura, and tills on disks that can be taken away."""

import contextlib
import hashlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import books
import simulator
from cluster import Cluster, ends_with_us
from line import Line
from programs import Forwarder, Office
from simulator import KEY, SECRET

HERE = Path(__file__).resolve().parent
#: Between a till's change and the office, where nothing is in the way any more; the machine may be busy.
DRAINED_WITHIN_S = 120


class Disk:
    """A till's disk: its journal, and the forwarder's folder."""

    def __init__(self, world, name):
        self.world, self.name = world, name
        self.folder = world.folder / "disks" / name
        self.folder.mkdir(parents=True)
        self.journal = self.folder / "till.journal"
        self.told_file = world.folder / "told" / f"{name}.jsonl"
        self.forwarder = Forwarder(self.folder / "forward", self.journal, world.line.url)
        self.pid, self.starts = None, 0
        self.destroyed = self.destroyed_at = self.reason = self.before = None

    # -- its till

    def sell(self, seed, pause_s=0.3, **more):
        self.stop_file.unlink(missing_ok=True)
        self.starts += 1
        config = {"base_url": self.world.sim.http, "account_key": KEY, "account_secret": SECRET, "merchant_id": "shop_es",
                  "journal": str(self.journal), "timeouts": {"connect_ms": 2000, "total_ms": 10000}, "proxy": "none",
                  "language": "en", "goods_leave": "later"}
        self.pid = self.world.tills.ask(config=config, told=str(self.told_file), seed=seed, pause_s=pause_s,
                                        name=f"{self.name}-{self.starts}", **more)

    @property
    def stop_file(self):
        return Path(f"{self.told_file}.stop")

    @property
    def told(self):
        if not self.told_file.exists():
            return []
        return [json.loads(line) for line in self.told_file.read_text().splitlines()]

    @property
    def is_selling(self):
        if self.pid is not None:
            with contextlib.suppress(OSError):
                os.kill(self.pid, 0)
                return True
        return False

    def wait_for(self, call, count=1, within_s=60):
        limit = time.monotonic() + within_s
        while sum(line["call"] == call for line in self.told) < count:
            broken = [line for line in self.told if line["call"] == "broken"]
            assert not broken and time.monotonic() < limit, (self.name, self.told[-3:])
            time.sleep(0.01)

    def stop_selling(self):
        self.stop_file.touch()

    def wait_till(self, within_s=60):
        limit = time.monotonic() + within_s
        while self.is_selling:
            assert time.monotonic() < limit, f"{self.name}'s till does not end: {self.told[-3:]}"
            time.sleep(0.01)
        broken = [line for line in self.told if line["call"] == "broken"]
        assert not broken, (self.name, broken)

    def kill_till(self):
        if self.is_selling:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            while self.is_selling:
                time.sleep(0.001)

    # -- what becomes of it

    def destroy(self, reason=""):
        """Gone, at whatever moment this is. Only the tests keep it, elsewhere."""
        self.kill_till()
        self.forwarder.kill()
        self.destroyed = self.world.folder / "gone" / self.name
        self.folder.rename(self.destroyed)
        self.destroyed_at, self.reason = time.monotonic(), reason

    def image(self, folder):
        """What a copy of the disk has, made while it is used."""
        shutil.copytree(self.forwarder.folder, folder / "forward", dirs_exist_ok=True)
        source, target = sqlite3.connect(self.journal, timeout=60), sqlite3.connect(folder / "till.journal")
        with contextlib.closing(source), contextlib.closing(target):
            source.backup(target)
            target.execute("PRAGMA journal_mode = wal")
        return folder

    def put_back(self, image, with_forwarder=True):
        """Yesterday's image instead of what there is."""
        self.kill_till()
        self.forwarder.kill()
        for name in ("till.journal", "till.journal-wal", "till.journal-shm"):
            (self.folder / name).unlink(missing_ok=True)
        shutil.copy(image / "till.journal", self.journal)
        if with_forwarder:
            shutil.rmtree(self.forwarder.folder)
            shutil.copytree(image / "forward", self.forwarder.folder)

    def clone(self, name):
        """The same disk in another machine."""
        made = Disk(self.world, name)
        self.image(made.folder)
        config = json.loads(made.forwarder.config.read_text())
        config["journals"] = [str(made.journal)]
        if "state" in config:
            config["state"] = config["state"].replace(str(self.folder), str(made.folder))
        made.forwarder.config.write_text(json.dumps(config))
        return made

    @property
    def book(self):
        return books.journal((self.destroyed or self.folder) / "till.journal")


class Tills:
    """The program that tills are forked from."""

    def __init__(self):
        self.process = subprocess.Popen([sys.executable, HERE / "tills.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True, preexec_fn=ends_with_us(), env={**os.environ, "SEQURA_TEST_QUIET": "1"})

    def ask(self, **task):
        self.process.stdin.write(json.dumps(task) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def close(self):
        self.process.kill()
        with self.process.stdin, self.process.stdout:
            self.process.wait()


class World:
    def __init__(self, offices=2, settings=(), draw=lambda what: None, line=Line):
        # Whoever PostgreSQL runs as has to come through.
        self.folder = Path(tempfile.mkdtemp(prefix="sequra-office-"))
        self.folder.chmod(0o711)
        for name in ("disks", "told", "gone"):
            (self.folder / name).mkdir()
        self.closing = contextlib.ExitStack()
        self.closing.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self.sim = simulator.Simulator()
        self.closing.callback(self.sim.stop)
        self.forget()
        self.pg = Cluster.make(self.folder / "pg", settings)
        self.closing.callback(lambda: self.pg.stop())
        self.keys, self.offices, self.disks = self.folder / "keys", [], []
        for number in range(offices):
            self.add_office(f"office-{number}", self.pg.address)
        self.line = line([office.port for office in self.offices], draw)
        self.closing.callback(self.line.close)
        self.tills = Tills()
        self.closing.callback(self.tills.close)
        self.shelf = books.Shelf(self.keys)
        self.codes_made = 0

    def __enter__(self):
        return self

    def __exit__(self, *what):
        for disk in self.disks:
            disk.kill_till()
            disk.forwarder.kill()
        self.closing.close()

    def add_office(self, name, database, **settings):
        office = Office(self.folder / name, database, self.keys, **settings).start()
        self.closing.callback(office.kill)
        self.offices.append(office)
        return office

    def at_work(self):
        """The line leads to the offices that run."""
        self.line.ports = [office.port for office in self.offices if office.is_running]

    def forget(self):
        """seQura forgets, and approves of every shopper at once."""
        self.sim.reset()
        self.sim.rules(auto_approve_ms=0)

    def codes(self, count):
        """As `sequra-office code` makes them, many at a time."""
        now, codes = int(time.time() * 1000), []
        for _ in range(count):
            self.codes_made += 1
            codes.append(f"{'C' * 12}{self.codes_made:08d}")
        values = ", ".join(f"('\\x{hashlib.sha256(code.encode()).hexdigest()}', 'shop', '{code}', 'tests', {now}, {now + 10 ** 8})"
                           for code in codes)
        self.pg.sql(f"INSERT INTO codes (code_hash, shop, till, made_by, made_at, expires_at) VALUES {values}")
        return codes

    def disk(self, name) -> Disk:
        self.disks.append(Disk(self, name))
        return self.disks[-1]

    def enrolled(self, names, seeds, **selling) -> list:
        """Disks with tills that sell, known to the office."""
        made = [self.disk(name) for name in names]
        for disk, seed in zip(made, seeds):
            disk.sell(seed, **selling)
        for disk in made:
            disk.wait_for("open")
        codes = self.codes(len(made))
        with ThreadPoolExecutor(4) as pool:
            for done in [pool.submit(self.enrol, disk, code) for disk, code in zip(made, codes)]:
                done.result()
        return made

    @staticmethod
    def enrol(disk, code, tries=30):
        """The same code again and again, as its page says, until the office has answered."""
        while True:
            ended, said = disk.forwarder.call("enrol", "--journal", disk.journal, "--office", disk.forwarder.url, "--code",
                                              code, "--machine", "CAJA")
            tries -= 1
            if ended == 0:
                break
            # The office cannot be had now; nothing else may keep it.
            assert ended == 6 and tries, f"{disk.name}: {ended} {said}"
        disk.forwarder.change(ask_every_s=1)

    def drain(self, disks, within_s=DRAINED_WITHIN_S):
        """Waits until the office has what these disks have; what is wrong with that."""
        limit, left = time.monotonic() + within_s, list(disks)
        while left:
            left = [disk for disk in left if not self.is_drained(disk)]
            if left and time.monotonic() > limit:
                return [f"{disk.name}: the forwarder did not get through in {within_s} s: {disk.forwarder.said[-600:]}"
                        for disk in left]
            time.sleep(0.02)
        return []

    def is_drained(self, disk):
        with contextlib.closing(sqlite3.connect(f"file:{disk.journal}?mode=ro", uri=True, timeout=60)) as connection:
            found = connection.execute("SELECT journal_id, incarnation, (SELECT max(seq) FROM changes), epoch FROM forwarding").fetchone()
            nonce = found and connection.execute("SELECT nonce FROM changes WHERE seq = ?", (found[2],)).fetchone()
        # In a new epoch everything is to be said anew, also what was acknowledged in the one before.
        return bool(found) and found[3] >= self.line.epochs.get(found[0], 0) and \
            self.line.at(found[0], found[1]) == (found[2], nonce[0])
