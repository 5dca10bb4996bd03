"""PostgreSQL in folders of its own, under a user who may do nothing else; what happens to it is done with it here."""

import contextlib
import ctypes
import json
import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path

from simulator import free_port

PATIENCE_S = 120
_libc = ctypes.CDLL(None)


def programs() -> Path:
    """The newest PostgreSQL that is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    assert found, "PostgreSQL is not installed: scripts/setup.sh postgresql"
    return found[-1].parent


def owner():
    """Whose processes they are: PostgreSQL does not run as root."""
    if os.getuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            user = pwd.getpwnam(name)
            return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise AssertionError("there is no user postgres or nobody")


def ends_with_us(how=signal.SIGKILL):
    """What a process is started with, so that it does not outlive the tests; its starter must be the main thread."""
    return lambda: _libc.prctl(1, int(how))


def children(pid: int) -> list:
    """All that a process has started, and what those have."""
    found = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += [int(child), *children(int(child))]
    return found


class Cluster:
    """One server and its data."""

    def __init__(self, folder: Path, settings=()):
        self.folder, self.data, self.port = folder, folder / "data", free_port()
        self.settings, self.process, self.frozen = list(settings), None, []

    @classmethod
    def make(cls, folder: Path, settings=()) -> "Cluster":
        folder.mkdir(parents=True)
        made = cls(folder, settings)
        made._own()
        made.run("initdb", "--no-locale", "--encoding=UTF8", "--username=office", "--auth=trust", "--no-sync",
                 "--pgdata", made.data)
        made.start()
        made.sql("CREATE DATABASE office", "postgres")
        return made

    def _own(self):
        self.folder.chmod(0o700)
        if owner():
            os.chown(self.folder, owner()["user"], owner()["group"])

    def run(self, program, *arguments, **more):
        said = subprocess.run([programs() / program, *map(str, arguments)], cwd=self.folder, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "LC_ALL": "C"},
                              **{**owner(), **more})
        assert said.returncode == 0, f"{program}: {said.stderr.decode(errors='replace')}"
        return said.stdout

    @property
    def address(self):
        return f"host=127.0.0.1 port={self.port} user=office dbname=office"

    # -- its life

    def start(self):
        """Starts it, also again, and waits until it answers."""
        limit = time.monotonic() + PATIENCE_S
        while True:
            with open(self.folder / "log", "ab") as log:
                self.process = subprocess.Popen(
                    [programs() / "postgres", "-D", self.data, "-k", self.folder, "-p", str(self.port),
                     *(word for setting in ("listen_addresses=127.0.0.1", "max_connections=60", *self.settings)
                       for word in ("-c", setting))],
                    cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={**os.environ, "LC_ALL": "C"},
                    preexec_fn=ends_with_us(signal.SIGQUIT), **owner())
            while self.process.poll() is None:
                if self.answers():
                    return self
                assert time.monotonic() < limit, (self.folder / "log").read_text()[-2000:]
                time.sleep(0.03)
            # What was killed leaves its memory for a moment.
            assert time.monotonic() < limit, (self.folder / "log").read_text()[-2000:]
            time.sleep(0.1)

    def answers(self):
        with contextlib.suppress(AssertionError):
            self.run("pg_isready", "-q", "-h", self.folder, "-p", self.port)
            return True
        return False

    def kill(self):
        """Ends every process of it at once; what was written to its files stays."""
        self.thaw()
        pids = [self.process.pid, *children(self.process.pid)]
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def stop(self, how=signal.SIGINT):
        """Fast; SIGQUIT: at once, and it recovers when it is started again."""
        self.thaw()
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            try:
                self.process.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                self.kill()

    def freeze(self):
        self.frozen = [self.process.pid, *children(self.process.pid)]
        for pid in self.frozen:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)

    def thaw(self):
        for pid in self.frozen:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
        self.frozen = []

    # -- others of it

    def standby(self, folder: Path, name="standby") -> "Cluster":
        """A copy that follows; it runs when this returns."""
        folder.mkdir(parents=True)
        made = Cluster(folder, self.settings)
        made._own()
        source = f"host={self.folder} port={self.port} user=office application_name={name}"
        self.run("pg_basebackup", "--pgdata", made.data, "--write-recovery-conf", "--checkpoint=fast", "--no-sync",
                 "--dbname", source)
        return made.start()

    def promote(self):
        self.sql("SELECT pg_promote(true, 60)", "postgres")

    def backup(self, folder: Path):
        self.run("pg_basebackup", "--pgdata", folder, "--checkpoint=fast", "--no-sync", "-h", self.folder,
                 "-p", self.port, "-U", "office")

    def restore(self, folder: Path):
        """Instead of what there is, what was kept."""
        self.kill()
        shutil.rmtree(self.data)
        shutil.copytree(folder, self.data)
        if owner():
            for place, folders, files in os.walk(self.data):
                for name in [".", *folders, *files]:
                    os.chown(os.path.join(place, name), owner()["user"], owner()["group"])
        self.data.chmod(0o700)
        self.start()

    def dump(self) -> bytes:
        return self.run("pg_dump", "-h", self.folder, "-p", self.port, "-U", "office", "office")

    # -- what it knows

    def sql(self, statement, database="office") -> str:
        said = self.run("psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-U", "office", "-h", self.folder, "-p", self.port,
                        "-d", database, "-c", statement)
        return said.decode().strip()

    def rows(self, query) -> list:
        """What a query finds; bytes as hexadecimal digits behind \\x."""
        said = self.sql(f"SELECT row_to_json(found) FROM ({query}) AS found")
        return [json.loads(line) for line in said.splitlines()]
