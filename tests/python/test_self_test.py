"""sq_self_test: one row for each thing that a sale needs."""

import email.utils
import json
import os
import shutil
import subprocess
import threading
import time

from simulator import Listener, free_port
from till import Till

NAMES = ["name_resolution", "connection", "clock", "credentials", "journal", "free_space"]


class SelfTest(Till):
    def self_test(self, client):
        answer = client.call("sq_self_test")
        self.assertEqual(NAMES, [row["name"] for row in answer.data["tests"]])
        return answer, {row["name"]: row for row in answer.data["tests"]}

    def bad(self, rows):
        return [name for name in NAMES if not rows[name]["ok"]]

    def test_all_is_well(self):
        client = self.open()
        with self.sends(1):
            answer, rows = self.self_test(client)
        self.assertStatus("SQ_OK", answer)
        self.assertEqual([], self.bad(rows))
        self.assertIn("shop_es", [merchant["id"] for merchant in rows["credentials"]["detail"]["merchants"]])
        self.assertLess(abs(rows["clock"]["detail"]["skew_s"]), 60)
        self.assertEqual(str(self.journal), rows["journal"]["detail"]["path"])
        self.assertEqual([], [file.name for file in self.folder.iterdir() if "room" in file.name], "nothing is left")
        self.assertEqual([], client.call("sq_log", None).data["entries"])

    def test_a_merchant_of_another_deployment_deserves_a_look(self):
        merchants = json.dumps([{"ref": ref, "country": "ES", "realm": realm} for ref, realm in (
            ("shop_es", "svea"), ("shop_fr", "sequra"), ("shop_pt", None), ("other", "elsewhere"))])
        selling = {"merchant_id": None, "merchants": {"ES": "shop_es", "FR": "shop_fr", "PT": "shop_pt"}}
        for deployment, merchant in ((None, "shop_es"), ("sequra", "shop_es"), ("svea", "shop_fr")):
            with self.subTest(deployment):
                client = self.open(journal=":memory:", deployment=deployment, **selling)
                self.sim.fault("status", status=200, body=merchants, content_type="application/json", times=2)
                told = self.assertStatus("SQ_OK", client.check_credentials()).document["warnings"]
                answer, rows = self.self_test(client)
                self.assertStatus("SQ_OK", answer)
                self.assertIn("credentials", self.bad(rows))
                for warnings in (told, answer.document["warnings"]):
                    found = [one for one in warnings if "deployment" in one["message"]]
                    self.assertEqual(1, len(found), warnings)
                    self.assertEqual(("merchant_mismatch", deployment or "sequra"), (found[0]["code"], found[0]["actual"]))
                    self.assertIn(merchant, found[0]["message"])

    def test_side_by_side_they_are_not_in_each_others_way(self):
        # Of one client, and of several tills with one journal. None touches a file that it has not made.
        strange = [self.folder / f"journal.room-{os.getpid()}", self.folder / f"journal.db-room-{os.getpid()}"]
        for file in strange:
            file.write_text("somebody's")
        client = self.open()
        tills = [client, client] + [self.open() for _ in range(4)]
        answers = []
        for _ in range(3):
            threads = [threading.Thread(target=lambda till=till: answers.append(self.self_test(till)[0])) for till in tills]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        self.assertEqual({"SQ_OK"}, {answer.name for answer in answers}, [answer.document["errors"] for answer in answers])
        self.assertEqual(["somebody's"] * 2, [file.read_text() for file in strange])
        self.assertEqual(2, len([file for file in self.folder.iterdir() if "room" in file.name]), "nothing is left")

    def test_nobody_there(self):
        answer, rows = self.self_test(self.open(base_url=f"http://127.0.0.1:{free_port()}"))
        self.assertStatus("SQ_UNREACHABLE", answer)
        self.assertEqual(["connection", "credentials"], self.bad(rows))
        self.assertEqual("call_again", answer.next)

    def test_a_name_that_is_none(self):
        answer, rows = self.self_test(self.open(base_url="https://no-such-host.invalid"))
        self.assertStatus("SQ_UNREACHABLE", answer)
        self.assertIn("name_resolution", self.bad(rows))

    def test_a_certificate_nobody_trusts(self):
        answer, rows = self.self_test(self.open(base_url=self.sim.https))
        self.assertStatus("SQ_TLS", answer)
        self.assertEqual(["connection", "credentials"], self.bad(rows))

    def test_a_wrong_password(self):
        answer, rows = self.self_test(self.open(account_secret="wrong"))
        self.assertStatus("SQ_UNAUTHORIZED", answer)
        self.assertEqual((["credentials"], "fix_configuration"), (self.bad(rows), answer.next))

    def test_a_merchant_the_account_does_not_have(self):
        for configured in ({"merchant_id": "shop_of_others"},
                           {"merchant_id": None, "merchants": {"ES": "shop_es", "FR": "shop_of_others"}}):
            answer, rows = self.self_test(self.open(**configured))
            self.assertStatus("SQ_FORBIDDEN", answer, "bad_merchant_id")
            self.assertEqual((["credentials"], "fix_configuration"), (self.bad(rows), answer.next))
            self.assertEqual("shop_of_others", answer.document["errors"][0]["actual"])
            self.assertIn("shop_of_others", rows["credentials"]["message"])
            self.assertIn("shop_es", [merchant["id"] for merchant in rows["credentials"]["detail"]["merchants"]])

    def test_several_that_it_does_not_have_are_all_named(self):
        merchants = {"ES": "shop_es", "FR": "one_of_others", "IT": "two_of_others"}
        answer, rows = self.self_test(self.open(merchant_id=None, merchants=merchants))
        self.assertStatus("SQ_FORBIDDEN", answer, "bad_merchant_id", "bad_merchant_id")
        for name in ("one_of_others", "two_of_others"):
            self.assertIn(name, rows["credentials"]["message"])

    def test_a_merchant_of_another_country_is_a_warning(self):
        answer, rows = self.self_test(self.open(merchant_id=None, merchants={"ES": "shop_es", "PT": "shop_fr"}))
        self.assertStatus("SQ_OK", answer)
        self.assertEqual((["credentials"], ["merchant_mismatch"]), (self.bad(rows), answer.warned))
        answer, rows = self.self_test(self.open(merchant_id=None, merchants={"ES": "shop_es", "FR": "shop_fr"}))
        self.assertEqual([], self.bad(rows))

    def test_a_clock_that_is_wrong(self):
        for ahead, expected in ((-3600, 3600), (3600, -3600)):
            def behave(connection, ahead=ahead):
                connection.recv(65536)
                date = email.utils.formatdate(time.time() + ahead, usegmt=True).encode()
                connection.sendall(b"HTTP/1.1 200 OK\r\nDate: %s\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]" % date)
            with Listener(behave) as server:
                answer, rows = self.self_test(self.open(base_url=server.url, merchant_id=None))
            self.assertStatus("SQ_OK", answer)
            self.assertEqual((["clock"], ["clock_skew"]), (self.bad(rows), answer.warned))
            self.assertLess(abs(rows["clock"]["detail"]["skew_s"] - expected), 60)

    def test_a_journal_somebody_holds(self):
        from outside import Stranger
        client = self.open(timeouts={"connect_ms": 500, "total_ms": 1000})
        unlock = Stranger.shared().locked(self.journal)
        answer, rows = self.self_test(client)
        unlock()
        self.assertStatus("SQ_JOURNAL", answer)
        self.assertEqual(["journal"], self.bad(rows))

    def test_a_disk_that_is_nearly_full(self):
        tiny = self.folder / "tiny"
        tiny.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", tiny], capture_output=True).returncode:
            self.skipTest("mounting a small file system is not allowed here")
        self.addCleanup(subprocess.run, ["umount", "-l", str(tiny)], capture_output=True)
        client = self.open(journal=str(tiny / "journal.db"))
        answer, rows = self.self_test(client)
        self.assertStatus("SQ_JOURNAL", answer, "journal_full")
        self.assertEqual(["free_space"], self.bad(rows))
        self.assertGreater(shutil.disk_usage(tiny).free, 2 << 20, "the trial is removed")
        client.close()
