"""What the tests of the pages need: the simulator, and tills in C that sell with it."""

import json
import os
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = Path(os.environ.get("SEQURA_POS_LIB_DIR", ROOT / "target" / "release")).resolve()
SANDBOX = Path(os.environ.get("SEQURA_SANDBOX", ROOT / "target" / "debug" / "sequra-sandbox")).resolve()
ORDER = json.loads((ROOT / "bindings" / "c" / "order.json").read_text(encoding="utf-8"))
SCRATCH = tempfile.TemporaryDirectory(prefix="sequra-browser-")
FOLDER = Path(SCRATCH.name)


class Simulator:
    def __init__(self, *words):
        ready = Path(tempfile.mkdtemp(dir=FOLDER)) / "ready"
        self.log = (ready.parent / "log").open("w+", encoding="utf-8")
        self.process = subprocess.Popen([SANDBOX, "--ready-file", ready, *words], stdout=self.log, stderr=self.log)
        end = time.monotonic() + 60
        while not ready.exists():
            assert self.process.poll() is None and time.monotonic() < end, "the simulator does not start"
            time.sleep(0.05)
        self.url = json.loads(ready.read_text())["http"]

    def ask(self, method, path, body=None, **headers):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, {"Content-Type": "application/json", **headers}, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def orders(self):
        return self.ask("GET", "/_sandbox/orders")["orders"]

    def said(self):
        self.log.seek(0)
        return self.log.read()

    def end(self):
        self.process.terminate()
        self.process.wait(30)
        self.log.close()


_program = FOLDER / "first_sale"


class Till:
    """bindings/c/first_sale.c at work; it waits for Enter when the form is out."""

    def __init__(self, configuration, ticket, order=None):
        if not _program.exists():
            subprocess.run(
                ["cc", "-std=c89", "-o", _program, ROOT / "bindings/c/first_sale.c", f"-I{ROOT / 'include'}",
                 f"-L{LIBRARY}", "-lsequra_pos", f"-Wl,-rpath,{LIBRARY}"], check=True)
        folder = Path(tempfile.mkdtemp(dir=FOLDER))
        (folder / "till.json").write_text(configuration, encoding="utf-8")
        (folder / "order.json").write_text(json.dumps(order or ORDER), encoding="utf-8")
        self.process = subprocess.Popen(
            [_program, "till.json", "order.json", ticket], cwd=folder,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def leaves(self):
        """Nobody presses Enter any more."""
        self.process.stdin.close()
        self.process.wait(60)

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(60)
        for stream in (self.process.stdin, self.process.stdout):
            stream.close()

    def enter(self):
        """The operator presses Enter; the exit status, and all that the till has said."""
        said, _ = self.process.communicate("\n", timeout=90)
        return self.process.returncode, said
