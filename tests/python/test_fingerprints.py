"""What tells a repeated call from a new one, held against literal values: a journal that was written years ago must still
know the same order, the same refund and the same report again, or it is done twice.

The values stand in tests/journals/fingerprints.json, each list with what every version has written, the first beside the
text that it is the SHA-256 of. A new way of computing them is added at the end of the lists; what stands before it stays,
and is still recognised. What earlier versions took and this one refuses is marked: it is known in journals, and not asked
again.
"""

import hashlib
import json

from abi import ROOT
from outside import Stranger
from till import Till

VECTORS = json.loads((ROOT / "tests" / "journals" / "fingerprints.json").read_text(encoding="utf-8"))
#: No order, change or report has it.
NONE = "00" * 32


class Fingerprints(Till):
    def each(self, kind, check):
        """Checks every vector of a kind that can be asked today, with everything forgotten before it."""
        for number, vector in enumerate(VECTORS[kind]):
            if vector.get("refused"):
                continue
            with self.subTest(f"{kind}/{number}"):
                self.sim.reset()
                for file in self.folder.iterdir():
                    file.unlink()
                check(self.open(), vector)
            self._close_clients()

    def lost(self, client, function, *arguments, method):
        """A call whose answer is lost; what seQura was asked."""
        self.sim.fault("close_after", method=method)
        answer = self.assertStatus("SQ_OUTCOME_UNKNOWN", client.call(function, *arguments))
        return answer, json.loads(self.sim.bodies()[-1])

    def write(self, script):
        Stranger.shared().write(self.journal, script)

    def computed_from(self, text, length=64):
        return hashlib.sha256(text.encode()).hexdigest()[:length]

    def test_what_is_refused_today_is_refused_whole(self):
        client = self.open()
        _, _, _, ref = self.settled(client)
        with self.sends(0):
            for vector in VECTORS["changes"]:
                if vector.get("refused"):
                    function, what = vector["call"]
                    self.assertStatus("SQ_INVALID_ORDER", client.call(function, ref, what))
            for vector in VECTORS["orders"]:
                if vector.get("refused"):
                    self.assertStatus("SQ_INVALID_ORDER", client.start(vector["order"]))

    # -- orders

    def order_fingerprint(self):
        row, = self.rows("SELECT fingerprint FROM orders")
        return row["fingerprint"]

    def test_an_order_has_the_fingerprint_that_it_always_had(self):
        def check(client, vector):
            self.lost(client, "sq_start_solicitation", vector["order"], method="POST")
            self.assertEqual(vector["fingerprints"][-1], self.order_fingerprint())
            self.assertEqual(vector["fingerprints"][0], self.computed_from(vector["content"]))

        self.each("orders", check)

    def test_an_order_is_known_again_by_every_fingerprint_that_it_ever_had(self):
        def check(client, vector):
            url, uuid, _ = self.approved(client, json.loads(vector["order"]))
            self.assertStatus("SQ_OK", client.confirm(url, vector["order"]))
            # Its text, while the journal has it, would say the same.
            self.write("UPDATE contents SET content = NULL")
            for fingerprint in vector["fingerprints"]:
                self.write(f"UPDATE orders SET fingerprint = x'{fingerprint}', version = version + 1")
                with self.sends(0):
                    self.assertStatus("SQ_OK", client.confirm(url, vector["order"]))
            self.write(f"UPDATE orders SET fingerprint = x'{NONE}', version = version + 1")
            self.assertStatus("SQ_WRONG_STATE", client.confirm(url, vector["order"]))

        self.each("orders", check)

    # -- changes of a sold order

    def lost_change(self, client, vector):
        """A sold order with the vector's change, of which no answer came; its reference."""
        _, _, _, ref = self.settled(client, json.loads(VECTORS["sold"]))
        if vector["call"][0] == "sq_refund":
            self.assertStatus("SQ_OK", client.call("sq_ship", ref, None))
        self.lost(client, vector["call"][0], ref, vector["call"][1], method="PUT")
        return ref

    def kept_change(self):
        row, = self.rows("SELECT request FROM steps WHERE answered_at IS NULL")
        return json.loads(row["request"])

    def keep(self, change):
        text = json.dumps(change, ensure_ascii=False).replace("'", "''")
        self.write(f"UPDATE steps SET request = '{text}' WHERE answered_at IS NULL")

    def test_a_change_has_the_fingerprint_that_it_always_had(self):
        def check(client, vector):
            self.lost_change(client, vector)
            self.assertEqual(vector["asked"][-1], self.kept_change()["asked"])
            self.assertEqual(vector["asked"][0], self.computed_from(vector["text"], 32))

        self.each("changes", check)

    def test_a_change_is_known_again_by_every_fingerprint_that_it_ever_had(self):
        def check(client, vector):
            ref = self.lost_change(client, vector)
            first = json.loads(self.sim.bodies()[-1])
            for asked in vector["asked"]:
                self.keep({**self.kept_change(), "asked": asked})
                _, again = self.lost(client, vector["call"][0], ref, vector["call"][1], method="PUT")
                self.assertEqual(first, again)
                self.assertIsNone(self.kept_change()["earlier"])
            # Another change goes on top of it, or is one too many.
            self.keep({**self.kept_change(), "asked": NONE[:32]})
            self.sim.fault("close_after", method="PUT")
            answer = client.call(vector["call"][0], ref, vector["call"][1])
            self.assertTrue(answer.name != "SQ_OUTCOME_UNKNOWN" or self.kept_change()["earlier"], answer.name)

        self.each("changes", check)

    # -- delivery reports

    def test_a_report_has_the_fingerprint_that_it_always_had(self):
        def check(client, vector):
            self.lost(client, "sq_send_delivery_report", vector["report"], method="POST")
            row, = self.rows("SELECT asked FROM reports")
            self.assertEqual(vector["asked"][-1], row["asked"])
            self.assertEqual(vector["asked"][0], self.computed_from(vector["content"]))

        self.each("reports", check)

    def test_a_report_is_known_again_by_every_fingerprint_that_it_ever_had(self):
        def check(client, vector):
            for asked, reports in [*((asked, 1) for asked in vector["asked"]), (NONE, 2)]:
                self.lost(client, "sq_send_delivery_report", vector["report"], method="POST")
                self.write(f"UPDATE reports SET asked = x'{asked}'")
                with self.sends(reports):
                    self.assertStatus("SQ_OK", client.call("sq_send_delivery_report", vector["report"]))

        self.each("reports", check)
