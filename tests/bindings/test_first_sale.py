"""Where a language's first sale is a program of its own: the page shows it as it is, and it sells."""

import json
import shutil
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import languages
from languages import ENVIRONMENT, ROOT, simulator

#: The others' are taken out of their pages, by their own tests.
SOURCES = {"cobol": "first_sale.cob", "pascal": "FirstSale.dpr"}


@languages.each(only=SOURCES)
class FirstSale(languages.Case):
    def test_the_readme_shows_it_as_it_is(self):
        folder = ROOT / "bindings" / self.language.name
        shown = (folder / "README.md").read_text(encoding="utf-8").split(f"```{self.language.name}\n")[1].split("```")[0]
        self.assertIn(shown, (folder / SOURCES[self.language.name]).read_text(encoding="utf-8"))
        self.assertLessEqual(len(shown.strip().splitlines()), 20)

    def test_it_sells(self):
        sim = simulator.shared()
        sim.reset()
        folder = Path(tempfile.mkdtemp(prefix="sequra-first-"))
        self.addCleanup(shutil.rmtree, folder)
        config = {"base_url": sim.http, "account_key": "sandbox_key", "account_secret": "sandbox_secret",
                  "merchants": {"ES": "shop_es"}, "journal": str(folder / "journal"), "proxy": "none", "language": "en"}
        (folder / "till.json").write_text(json.dumps(config))
        order = (ROOT / "bindings/c/order.json").read_text(encoding="utf-8")
        till = subprocess.Popen([*self.language.program("first_sale"), str(folder / "till.json"), order, "R-1"], env=ENVIRONMENT,
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        limit = time.monotonic() + 120
        while not sim.sms() and till.poll() is None:
            self.assertLess(time.monotonic(), limit, "the form never came")
            time.sleep(0.01)
        if sim.sms():
            sim.approve(sim.sms()[0]["uuid"])
        said, wrong = till.communicate(b"\n", timeout=120)
        self.assertEqual((0, b""), (till.returncode, wrong), said)
        self.assertIn(b"You may hand over the goods", said)
        order = sim.order(sim.sms()[0]["uuid"])
        self.assertEqual("R-1", order["order_ref_1"])
        self.assertIn("\u00cd\u00f1igo", json.dumps(order, ensure_ascii=False))


if __name__ == "__main__":
    unittest.main()
