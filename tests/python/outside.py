"""Other processes: programs that use the library by themselves, and one that is a stranger at the journal."""

import atexit
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import abi

HERE = Path(__file__).resolve().parent


def armed():
    """The environment of a process that ends, or waits, at numbered points: the shipped library has none, so it uses the one
    that is built for that."""
    if "crash_points" in json.loads(abi.lib.sq_build_info())["features"]:
        return {}
    return {"SEQURA_POS_LIBRARY": str(abi.find("SEQURA_POS_ARMED_LIBRARY", "target/debug/libsequra_pos.so"))}


class Worker:
    """A process of its own; see worker.py. What it says comes through a pipe of its own, so that its stdout and
    stderr show what the library prints."""

    def __init__(self, job, task, keep_open=False, **environment):
        read, write = os.pipe()
        self.process = subprocess.Popen(
            [sys.executable, "-c",
             f"import os,sys; os.dup2({write}, 3) if {write} != 3 else None; sys.argv = ['worker.py', {job!r}];"
             f"sys.path.insert(0, {str(HERE)!r}); import runpy; runpy.run_path({str(HERE / 'worker.py')!r}, run_name='__main__')"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, pass_fds=(write,),
            env={**os.environ, "SEQURA_TEST_QUIET": "1", **environment},
        )
        os.close(write)
        self.said = os.fdopen(read)
        self.say(task)
        if not keep_open:
            self.process.stdin.close()

    def say(self, task):
        self.process.stdin.write(json.dumps(task).encode() + b"\n")
        self.process.stdin.flush()

    def next(self):
        line = self.said.readline()
        if not line:
            raise AssertionError(f"the worker ended without a word: {self.process.stderr.read().decode()}")
        return json.loads(line)

    def end(self):
        self.process.wait(60)
        self.said.close()
        with self.process.stdout, self.process.stderr:
            return self.process.returncode, self.process.stdout.read(), self.process.stderr.read()


def asking(job, config, sim, **task):
    """A till in another process, with seQura's answer on its way to it."""
    before = sim.stats()["requests"]
    worker = Worker(job, {"config": {**config, "timeouts": {"connect_ms": 2000, "total_ms": 600_000}}, **task})
    assert worker.next()["event"] == "calling"
    limit = time.monotonic() + 20
    while sim.stats()["requests"] == before:
        assert time.monotonic() < limit
        time.sleep(0.02)
    return worker


def kill(worker):
    os.kill(worker.process.pid, signal.SIGKILL)
    worker.end()


class Stranger:
    """Another program that opens the journal; see `stranger` in worker.py."""

    _shared = None

    @classmethod
    def shared(cls):
        if cls._shared is None:
            cls._shared = cls()
            atexit.register(cls._shared.end)
        return cls._shared

    def __init__(self):
        self.worker = Worker("stranger", {}, keep_open=True)

    def do(self, what, journal, query="", parameters=()):
        self.worker.say({"do": what, "journal": str(journal), "query": query, "parameters": list(parameters)})
        said = self.worker.next()
        assert "error" not in said, said["error"]
        return said

    def rows(self, journal, query, *parameters):
        """What a query finds. Bytes come as hexadecimal."""
        return self.do("read", journal, query, parameters)["rows"]

    def write(self, journal, script):
        self.do("write", journal, script)

    def locked(self, journal, how="BEGIN EXCLUSIVE"):
        """Holds the journal until the function that this returns is called."""
        self.do("lock", journal, how)
        return lambda: self.do("unlock", journal)

    def end(self):
        self.worker.process.stdin.close()
        self.worker.end()
