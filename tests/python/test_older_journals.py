"""Journals that earlier versions have written go on with the present one: nothing in them is lost, changed or done twice.

Each is opened as if it had been left a moment ago. Its times are moved to now in a copy, as a stranger would, but for
those that are not reckoned with: the log's, which its hashes cover, and when goods left, which seQura is told.

What a version told is what is expected, but where it was wrong: 0.1.0 refunded 100 cents a second time when they were
asked for again after another refund without an answer ("shipped, then refunded otherwise").
"""

import contextlib
import json
import shutil
import subprocess
import time
from datetime import datetime, timedelta, timezone

import old_journal
from abi import ROOT
from outside import Stranger
from shell import PROGRAM
from till import Till

FOLDER = ROOT / "tests" / "journals"
FILES = sorted(FOLDER.glob("v*.journal"))
MOMENT = "%Y-%m-%dT%H:%M:%S.%fZ"


def is_reckoned_with(table, column):
    return (column == "at" or column.endswith(("_at", "_until"))) and table != "log" and column != "shipped_at"


def but_whose_platform(told):
    """Since 0.2 a delivery report carries the platform that its orders were sold with, and not the configured one."""
    for _, path, body in told["sent"]:
        if path == "/delivery_reports":
            del body["delivery_report"]["platform"]
    return told


class OlderJournals(Till):
    @contextlib.contextmanager
    def left_by(self, file):
        """A version's journal as the till's own; gives what that version's library told."""
        text = file.with_suffix(".json").read_text(encoding="utf-8")
        # The simulator listens elsewhere today.
        told = json.loads(text.replace(json.loads(text)["endpoint"], self.sim.http))
        with self.subTest(file.name):
            self.bring_here(file)
            try:
                yield told
            finally:
                self.put_away()

    def bring_here(self, file):
        shutil.copyfile(file, self.journal)
        self.journal.chmod(0o600)
        tables = {}
        for row in self.rows("SELECT t.name AS 'table', c.name AS 'column' FROM sqlite_schema t, pragma_table_info(t.name) c "
                             "WHERE t.type = 'table'"):
            tables.setdefault(row["table"], []).append(row["column"])
        newest, = self.rows("SELECT max(updated_at) AS ms FROM orders")
        self.moved_ms = int(time.time() * 1000) - newest["ms"]
        script = []
        for table, columns in tables.items():
            script += [f"UPDATE {table} SET {column} = {column} + {self.moved_ms};"
                       for column in columns if is_reckoned_with(table, column)]
            if "endpoint" in columns:
                script.append(f"UPDATE {table} SET endpoint = '{self.sim.http}/';")
        Stranger.shared().write(self.journal, "BEGIN;" + "".join(script) + "COMMIT;")

    def put_away(self):
        self._close_clients()
        self.sim.reset()
        for file in self.folder.iterdir():
            file.unlink()

    def opened(self, told, **changes):
        config = {"abandon_after_days": 36500, "log_retention_days": 36500, **told.get("config", {}), **changes}
        client = self.open(**config)
        self.assertEqual([], client.opened.warned)
        return client

    def moved(self, text):
        """A time that was moved with the journal."""
        moment = datetime.strptime(text, MOMENT).replace(tzinfo=timezone.utc) + timedelta(milliseconds=self.moved_ms)
        return moment.strftime(MOMENT)[:-4] + "Z"

    def assertTold(self, told, now, where=""):
        """All that was told is still said; more may be said beside it. Entries that have a name are found by it."""
        if isinstance(told, dict):
            self.assertIsInstance(now, dict, where)
            for key, value in told.items():
                self.assertIn(key, now, where)
                if key == "age_s":
                    self.assertGreaterEqual(now[key], value, f"{where}/{key}")
                else:
                    wanted = self.moved(value) if key in ("settled_at", "as_of") else value
                    self.assertTold(wanted, now[key], f"{where}/{key}")
        elif isinstance(told, list):
            for name in ("id", "uuid"):
                if told and all(isinstance(one, dict) and one.get(name) for one in told):
                    told, now = ({one[name]: one for one in many} for many in (told, now))
                    return self.assertTold(told, now, where)
            self.assertEqual(len(told), len(now), where)
            for number, one in enumerate(told):
                self.assertTold(one, now[number], f"{where}/{number}")
        else:
            self.assertEqual(told, now, where)

    # -- the tests

    def test_everything_is_as_the_older_version_told_it(self):
        for file in FILES:
            with self.left_by(file) as told:
                now = old_journal.look(self.opened(told), told.get("named", {}))
                # Orders without a uuid have no name: they stand in the order in which they were begun.
                for what in (told, now):
                    orders = what["pending"]["orders"]
                    what["pending"]["orders"] = [one for one in orders if one["uuid"]]
                    what["nameless"] = [one for one in orders if not one["uuid"]]
                    what["unfinished"] = len(orders)
                wanted = {key: told[key] for key in ("pending", "nameless", "unfinished", "log", "info") if key in told}
                self.assertTold(wanted, now)

    def test_its_log_is_whole(self):
        for file in FILES:
            with self.left_by(file) as told:
                self.opened(told)
                self._close_clients()
                done = subprocess.run([PROGRAM, "verify", "--journal", self.journal], capture_output=True, text=True)
                self.assertEqual(0, done.returncode, done.stdout + done.stderr)
                self.assertIn(max(told["log"], key=lambda entry: entry["id"])["hash"], done.stdout)

    def test_what_was_begun_with_it_is_finished(self):
        for file in FILES:
            with self.left_by(file) as told:
                old_journal.say_yes(self.sim)
                self.assertTold(told["recovery"], old_journal.recover(self.opened(told), self.sim))

    def test_the_same_call_again_is_no_second_one(self):
        for file in FILES:
            with self.left_by(file) as told:
                for before in told.get("again", []):
                    with self.subTest(json.dumps(before["call"], ensure_ascii=False)[:80]):
                        self.put_away()
                        self.bring_here(file)
                        old_journal.say_yes(self.sim)
                        again = old_journal.again(self.opened(told), self.sim, *before["call"])
                        self.assertEqual(but_whose_platform(before), but_whose_platform(again))

    def test_what_was_paid_and_known_of_seQura_is_kept(self):
        for file in FILES:
            with self.left_by(file) as told:
                if "reconciled" in told:
                    self.assertTold(told["reconciled"], old_journal.compare(self.opened(told)))
                    methods, kept = told["methods"], old_journal.kept(self.opened(told), self.sim)
                    # Of several merchants the oldest; 0.1.0 said when the last one's were seen.
                    self.assertLessEqual(kept.pop("as_of"), self.moved(methods.pop("as_of")))
                    self.assertTold(methods, kept)

    def test_its_settled_orders_are_still_answered_from_the_journal(self):
        for file in FILES:
            with self.left_by(file) as told:
                client = self.opened(told)
                with self.sends(0):
                    for uuid in told["settled"]:
                        self.assertEqual("settled", self.assertStatus("SQ_OK", client.call("sq_recover", uuid)).state)

    def test_what_it_sold_and_has_not_shipped_is_listed(self):
        for file in FILES:
            with self.left_by(file) as told:
                client = self.opened(told)
                listed = {one["uuid"] or one["order_ref_1"]: one["unshipped"] for one in client.pending().data["unshipped"]}
                sold = self.rows("SELECT coalesce(uuid, order_ref_1) AS name FROM orders WHERE state = 'settled' "
                                 "AND paid IS NOT amount AND endpoint = ?", f"{self.sim.http}/")
                answers = {row["name"]: client.order_info(row["name"]) for row in sold}
                amounts = {name: answer.data["amounts"]["unshipped"] for name, answer in answers.items()}
                self.assertEqual({name: cents for name, cents in amounts.items() if cents}, listed)
                self.assertTrue(listed)
