"""The transaction log: what was attempted, what needs attention, and nothing about the shopper."""

import json

import orders
from till import Till


class TransactionLog(Till):
    def log(self, client, **query):
        answer = self.assertStatus("SQ_OK", client.call("sq_log", json.dumps(query) if query else None))
        return answer.data

    def entries(self, client, **query):
        return self.log(client, **query)["entries"]

    def test_every_attempt_has_its_entry(self):
        client = self.open(shop_order_url="https://shop.example/tickets/{order_ref_1}")
        url, uuid, order, ref = self.settled(client, ref="A14/12345")
        found = self.entries(client)
        self.assertEqual(["set_order_ref", "confirm", "send_form", "start_solicitation"], [e["operation"] for e in found])
        newest = found[0]
        self.assertEqual((uuid, url, ref, "settled"), tuple(newest["order"][k] for k in ("uuid", "url", "order_ref_1", "state")))
        self.assertEqual("https://shop.example/tickets/A14%2F12345", newest["order"]["shop_url"])
        self.assertEqual(("SQ_OK", 200, []), (newest["status"], newest["http"]["status"], newest["actions"]))
        seen = [request["request_id"] for request in self.sim.requests()]
        self.assertEqual(seen, [entry["http"]["request_id"] for entry in reversed(found)])
        self.assertRegex(newest["at"], r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")

    def test_what_needs_attention_comes_first_until_it_is_dismissed_or_put_right(self):
        client = self.open()
        url, _, order = self.approved(client)
        self.sim.fault("conflict", errors=["Computer says no"], method="PUT")
        self.assertStatus("SQ_CONFLICT", client.confirm(url, order))
        url_lost, _, order_lost = self.approved(client)
        self.sim.fault("close_after", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.confirm(url_lost, order_lost))
        self.settled(client)

        wanting = self.entries(client, attention=True)
        self.assertEqual(["SQ_OUTCOME_UNKNOWN", "SQ_CONFLICT"], [e["status"] for e in wanting])
        self.assertEqual([e["id"] for e in wanting], [e["id"] for e in self.entries(client)[:2]])
        self.assertEqual((["recover", "dismiss"], "Computer says no"), (wanting[0]["actions"], wanting[1]["description"]))

        # One is put right by recovery, the other seen to by the operator.
        self.assertStatus("SQ_OK", client.call("sq_recover", None))
        self.assertEqual(["SQ_CONFLICT"], [e["status"] for e in self.entries(client, attention=True)])
        self.assertStatus("SQ_OK", client.call("sq_log_dismiss", wanting[1]["id"]))
        self.assertStatus("SQ_OK", client.call("sq_log_dismiss", wanting[1]["id"]))
        self.assertEqual([], self.entries(client, attention=True))
        self.assertTrue([e for e in self.entries(client) if e["id"] == wanting[1]["id"]][0]["dismissed"])
        self.assertStatus("SQ_INVALID_ARGUMENT", client.call("sq_log_dismiss", 10 ** 9), "argument_out_of_range")

    def test_it_is_read_page_by_page_each_entry_once(self):
        client = self.open()
        for number in range(3):
            url, _, order = self.approved(client)
            if number != 1:
                self.sim.fault("conflict", errors=["no"], method="PUT")
            client.confirm(url, order)
        whole = [entry["id"] for entry in self.entries(client)]
        self.assertEqual(9, len(whole))
        for limit in (1, 2, 4, 9):
            paged, after = [], None
            while True:
                page = self.log(client, limit=limit, **({"after": after} if after else {}))
                paged += [entry["id"] for entry in page["entries"]]
                if not page["has_more"]:
                    break
                self.assertEqual(limit, len(page["entries"]))
                after = page["after"]
            self.assertEqual(whole, paged, f"in pages of {limit}")

    def test_it_is_filtered(self):
        client = self.open()
        url, uuid, _, ref = self.settled(client)
        self.approved(client)
        self.assertEqual(6, len(self.entries(client)))
        for name in (uuid, url):
            self.assertEqual(4, len(self.entries(client, order=name)))
        self.assertEqual(["set_order_ref"], [e["operation"] for e in self.entries(client, order=ref)])
        self.assertEqual(2, len(self.entries(client, state="form_sent")))
        self.assertEqual([], self.entries(client, until="2020-01-01"))
        self.assertEqual(6, len(self.entries(client, since="2020-01-01T00:00:00+01:00")))

    def test_a_wrong_query_is_told_what_is_wrong(self):
        client = self.open()
        answer = client.call("sq_log", json.dumps({"sinc": "2020-01-01", "until": "yesterday", "limit": 0, "state": "happy", "attention": 1}))
        self.assertStatus("SQ_INVALID_ARGUMENT", answer)
        self.assertEqual({"/sinc", "/until", "/limit", "/state", "/attention"}, {e["pointer"] for e in answer.document["errors"]})
        self.assertIn("since", answer.error("unknown_key")["message"])
        self.assertStatus("SQ_INVALID_JSON", client.call("sq_log", "{"), "invalid_json")
        self.assertStatus("SQ_INVALID_ARGUMENT", client.call("sq_log", "[]"), "wrong_type")

    def test_the_shopper_is_not_in_it(self):
        client = self.open()
        url, _, order = self.approved(client)
        address, customer = order["delivery_address"], order["customer"]
        said = f"Invalid data: {customer['given_names']} {customer['surnames']}, {address['address_line_1']}, {customer['email']} is unknown"
        self.sim.fault("conflict", errors=[said], method="PUT")
        told = self.assertStatus("SQ_CONFLICT", client.confirm(url, order))
        self.assertEqual(said, told.document["errors"][0]["message"], "the till hears it whole")
        kept = json.dumps(self.entries(client), ensure_ascii=False)
        for value in (customer["given_names"], customer["surnames"], address["address_line_1"], customer["email"]):
            self.assertNotIn(value, kept)
        self.assertIn("is unknown", kept)

    def words(self, client):
        return [entry["description"] for entry in self.entries(client) if entry["description"]]

    def refused(self, client, said="Invalid data: the cart has changed since it was approved"):
        """An order that was refused in these words."""
        url, _, order = self.approved(client)
        self.sim.fault("conflict", errors=[said], method="PUT")
        self.assertStatus("SQ_CONFLICT", client.confirm(url, order))
        return url, order

    def test_words_go_when_the_order_is_sold_and_what_they_meant_stays(self):
        client = self.open()
        said = "Invalid data: items' total_with_tax add up to 5055 (1000+4055) but order_total_with_tax is 5097. The diff is 42."
        url, order = self.refused(client, said)
        self.assertEqual([said], self.words(client))
        hashes = [entry["hash"] for entry in self.entries(client)]
        self.assertStatus("SQ_OK", client.confirm(url, order))
        self.assertEqual([], self.words(client))
        self.assertEqual([], self.rows("SELECT * FROM log_words"))
        entry = next(entry for entry in self.entries(client) if entry["errors"])
        self.assertEqual([{"code": "cart_total_mismatch", "pointer": "/cart/order_total_with_tax", "expected": 5055, "actual": 5097}],
                         entry["errors"])
        self.assertLessEqual(set(hashes), {entry["hash"] for entry in self.entries(client)}, "the chain stays as it was")

    def test_words_go_when_the_order_is_given_up_or_the_operator_has_seen_them(self):
        client = self.open()
        url, _ = self.refused(client)
        self.refused(client, "something else")
        self.assertEqual(2, len(self.words(client)))
        self.assertStatus("SQ_OK", client.call("sq_abandon", url))
        self.assertEqual(["something else"], self.words(client))
        entry = next(entry for entry in self.entries(client) if entry["description"])
        self.assertStatus("SQ_OK", client.call("sq_log_dismiss", entry["id"]))
        self.assertEqual([], self.words(client))

    def test_words_on_a_sold_order_stay_until_it_is_done_or_some_days_are_over(self):
        client = self.open()
        _, _, _, ref = self.settled(client)
        name = "Zacarías"
        self.sim.fault("conflict", errors=[f"{name} may not"], method="PUT")
        self.assertStatus("SQ_CONFLICT", client.call("sq_ship", ref, None))
        self.assertEqual([f"{name} may not"], self.words(client), "there is nothing left to compare with")
        self.assertStatus("SQ_OK", client.call("sq_ship", ref, None))
        self.assertEqual([], self.words(client))

        self.sim.fault("conflict", errors=[f"{name} may not"], method="PUT")
        self.assertStatus("SQ_CONFLICT", client.call("sq_refund", ref, None))
        self._close_clients()
        self.assertEqual([f"{name} may not"], self.words(self.open()))
        self._close_clients()
        self.assertEqual([], self.words(self.open(refusal_days=0)))
        self._close_clients()
        self.assertNotIn(name.encode(), b"".join(file.read_bytes() for file in self.folder.iterdir()))
