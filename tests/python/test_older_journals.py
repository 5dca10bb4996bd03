"""Journals that earlier versions have written go on with the present one: nothing in them is lost or changed."""

import json
import shutil

from abi import ROOT
from outside import Stranger
from till import Till

FOLDER = ROOT / "tests" / "journals"


class OlderJournals(Till):
    def versions(self):
        files = sorted(FOLDER.glob("v*.journal"))
        self.assertTrue(files)
        for file in files:
            with self.subTest(file.name):
                shutil.copyfile(file, self.journal)
                self.journal.chmod(0o600)
                told = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
                # The simulator listens elsewhere today.
                Stranger.shared().write(self.journal, f"UPDATE orders SET endpoint = '{self.sim.http}/'")
                here = json.loads(json.dumps(told).replace(told["endpoint"], self.sim.http))
                yield here
                self._close_clients()
                for suffix in ("", "-wal", "-shm"):
                    self.journal.with_name(self.journal.name + suffix).unlink(missing_ok=True)

    def test_everything_is_as_the_older_version_told_it(self):
        for told in self.versions():
            client = self.open(abandon_after_days=36500, log_retention_days=36500)
            self.assertEqual([], client.opened.warned)
            now = client.pending().data
            self.assertEqual(told["pending"]["at_risk"], now["at_risk"])
            known = {order["uuid"]: order for order in now["orders"]}
            for order in told["pending"]["orders"]:
                for key, value in order.items():
                    if key != "age_s":
                        self.assertEqual(value, known[order["uuid"]][key], key)
            entries = {entry["id"]: entry for entry in client.call("sq_log", None).data["entries"]}
            for entry in told["log"]:
                for key, value in entry.items():
                    self.assertEqual(value, entries[entry["id"]][key], key)

    def test_what_was_begun_with_it_is_finished(self):
        for told in self.versions():
            client = self.open(abandon_after_days=36500)
            before = self.sim.stats()["requests"]
            client.call("sq_recover", None)
            sent = self.sim.requests()[before:]
            # A start, a confirmation and a reference had no answer; this simulator never heard of the latter two.
            self.assertEqual(["POST", "PUT", "PUT"], sorted(request["method"] for request in sent))
            named = {order["uuid"] for order in told["pending"]["orders"] if order["missing"] == "answer"}
            for request in sent:
                if request["method"] == "PUT":
                    self.assertIn(request["path"].rsplit("/", 1)[1], named)
                    self.assertIn("Muñoz Güell", request["body"])

    def test_its_settled_orders_are_still_answered_from_the_journal(self):
        for told in self.versions():
            client = self.open(abandon_after_days=36500)
            self.assertEqual(2, len(told["settled"]))
            with self.sends(0):
                for uuid in told["settled"]:
                    self.assertEqual("settled", self.assertStatus("SQ_OK", client.call("sq_recover", uuid)).state)
