"""The whole tills, where the shop has agreed with seQura that they may ask again and again: --wait."""

import json
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import languages
from languages import ENVIRONMENT, FIRST_SALES, REFERENCE, ROOT, simulator

ORDER = ROOT / "bindings" / "c" / "order.json"
PATIENCE_S = 60


@languages.each(REFERENCE, without=[*FIRST_SALES, "c"])
class Waiting(languages.Case):
    def setUp(self):
        self.sim = simulator.shared()
        self.sim.reset()
        self.folder = Path(tempfile.mkdtemp(prefix="sequra-waiting-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        config = {"base_url": self.sim.http, "account_key": "sandbox_key", "account_secret": "sandbox_secret",
                  "merchants": {"ES": "shop_es"}, "journal": "journal", "proxy": "none", "language": "en"}
        (self.folder / "till.json").write_text(json.dumps(config))

    def begin(self, seconds, stdin=subprocess.DEVNULL):
        command = [*self.language.program("till"), "till.json", str(ORDER), "--quick", "--ref", "R-1", "--wait", str(seconds)]
        till = subprocess.Popen(command, cwd=self.folder, env=ENVIRONMENT, stdin=stdin, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT)
        limit = time.monotonic() + PATIENCE_S
        while not self.sim.sms() and till.poll() is None:
            self.assertLess(time.monotonic(), limit, "the form: never")
            time.sleep(0.01)
        return till

    def end(self, till, status):
        said = " ".join(till.communicate(timeout=PATIENCE_S)[0].decode("utf-8").split())
        self.assertEqual(status, till.returncode, said)
        self.assertIn("waiting for the shopper, up to", said)
        return said

    def confirmations(self):
        return len(self.sim.requests("PUT"))

    def test_it_comes_to_an_end(self):
        said = self.end(self.begin(1), 7)
        self.assertIn("--confirm", said)
        self.assertEqual(1, self.confirmations())

    def test_once_a_round_first_after_five_seconds(self):
        if self.language is REFERENCE:
            began = time.monotonic()
            till = self.begin(6)
            while not self.confirmations():
                time.sleep(0.05)
            self.assertGreater(time.monotonic() - began, 3)
            self.end(till, 7)
            self.assertEqual(2, self.confirmations())

    def test_an_approved_shopper_is_sold_to(self):
        till = self.begin(2)
        self.sim.approve(self.sim.sms()[-1]["uuid"])
        self.assertIn("book R-1 is now registered", self.end(till, 0))

    def test_enter_stops_it(self):
        # .NET has no keyboard where its input is a pipe.
        if not self.language.name.startswith("csharp"):
            till = self.begin(50, subprocess.PIPE)
            time.sleep(0.3)
            till.stdin.write(b"\n")
            till.stdin.flush()
            began = time.monotonic()
            said = self.end(till, 7)
            self.assertLess(time.monotonic() - began, 30, "it waited on")
            self.assertIn("--confirm", said)
            self.assertEqual(0, self.confirmations())

    def test_what_makes_no_sense_is_told(self):
        for seconds in ("x", "-1", "1000000"):
            ended = subprocess.run([*self.language.program("till"), "till.json", str(ORDER), "--wait", seconds], cwd=self.folder,
                                   env=ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True)
            self.assertEqual(1, ended.returncode, seconds)
        self.assertEqual([], self.sim.sms())
