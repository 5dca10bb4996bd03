"""A bug of the library, on demand: in each language an error, a poisoned handle, a living process, and silence.

Functions panic that SEQURA_POS_PANIC_IN names, in a library built with the feature panic-on-demand. That the
player's stdout has nothing but answers, and its stderr nothing at all, is asserted whenever a player quits.
"""

import json

import languages
from conductor import Player
from languages import REFERENCE, abi

CONFIG = json.dumps({"base_url": "http://127.0.0.1:1", "account_key": "k", "account_secret": "s", "merchant_id": "m",
                     "journal": ":memory:", "proxy": "none"})

#: Some call of each function of a client.
CALLS = {
    "check_credentials": (), "self_test": (), "payment_methods": (None,), "credit_agreements": (None, 1, None), "check_order": ("{}",), "start_solicitation": ("{}",),
    "send_form": ("x", "pp3", None), "send_form_by": ("x", "email", "pp3", None),
    "hold": ("x", None), "confirm": ("x", None), "set_order_ref": ("x", "R-1", None),
    "abandon": ("x",), "resolve": ("x", "confirmed", "y"), "order_info": ("x",), "receipt": ("x", 32), "update_order": ("R-1", "{}"), "ship": ("R-1", None),
    "refund": ("R-1", None), "cancel": ("R-1", None),
    "hand_over": ("x",), "take_over": ("x",),
    "send_delivery_report": (None,), "disbursements": (None,), "pending": (), "day": (None, None), "recover": (None,),
    "reconcile": (), "log": (None,), "log_dismiss": (1,), "echo": ("x",),
}


@languages.each(REFERENCE)
class Panics(languages.Case):
    def assertPanicked(self, answer, function):
        self.assertEqual(9001, answer.status, answer)
        self.assertNotEqual("-", answer.exception)
        document = answer.document
        self.assertEqual((9001, "SQ_INTERNAL", "recover"), (document["code"], document["status"], document["next"]))
        self.assertEqual("internal", document["errors"][0]["code"])
        self.assertIn(f"asked to panic in {function}", document["errors"][0]["message"])
        self.assertTrue(document["operator_message"])

    def assertPoisoned(self, answer):
        self.assertEqual(1002, answer.status, answer)
        self.assertNotEqual("-", answer.exception)
        self.assertEqual("poisoned_handle", answer.document["errors"][0]["code"])

    def test_a_panic_is_an_error_and_poisons_its_client_only(self):
        with Player(self.language, SEQURA_POS_PANIC_IN="confirm") as player:
            for name in ("one", "other"):
                self.assertEqual(0, player.ask("open", name, CONFIG).status)
            self.assertPanicked(player.ask("call", "one", "confirm", "x", None), "confirm")
            self.assertEqual("internal", player.ask("value", "/errors/0/code").text)
            self.assertPoisoned(player.ask("call", "one", "pending"))
            self.assertPoisoned(player.ask("call", "one", "confirm", "x", None))
            # The other client, a new one, and closing go on.
            self.assertEqual(0, player.ask("call", "other", "pending").status)
            self.assertEqual(0, player.ask("call", None, "echo", "x").status)
            self.assertEqual(0, player.ask("close", "one").status)
            self.assertEqual(0, player.ask("open", "one", CONFIG).status)
            self.assertEqual(0, player.ask("call", "one", "pending").status)
            for name in ("one", "other"):
                self.assertEqual(0, player.ask("close", name).status)

    def test_in_any_function_of_a_client(self):
        declared = {name[3:] for name, one in abi.FUNCTIONS.items()
                    if one.arguments[:1] == ["sq_client *"] and one.arguments[-1] == "sq_buffer **"}
        self.assertEqual(declared, set(CALLS), "a function is new: say here how it is called")
        with Player(self.language, SEQURA_POS_PANIC_IN=",".join(CALLS)) as player:
            for function, arguments in CALLS.items():
                self.assertEqual(0, player.ask("open", "till", CONFIG).status)
                self.assertPanicked(player.ask("call", "till", function, *arguments), function)
                self.assertPoisoned(player.ask("call", "till", "pending"))
                self.assertEqual(0, player.ask("close", "till").status)

    def test_in_the_opening(self):
        with Player(self.language, SEQURA_POS_PANIC_IN="client_open") as player:
            self.assertPanicked(player.ask("open", "till", CONFIG), "client_open")
            self.assertEqual("1", player.ask("library", "abi_version").text)

    def test_while_an_order_is_built(self):
        with Player(self.language, SEQURA_POS_PANIC_IN="order_set_int") as player:
            for name in ("one", "other"):
                self.assertEqual(0, player.ask("order_new", name, None).status)
            answer = player.ask("order_set_int", "one", "/x", 1)
            self.assertEqual(9001, answer.status)
            self.assertNotEqual("-", answer.exception)
            self.assertEqual(1002, player.ask("order_set_text", "one", "/x", "x").status)
            self.assertEqual(1002, player.ask("order_json", "one").status)
            self.assertEqual(0, player.ask("order_set_text", "other", "/x", "x").status)
            self.assertEqual('{"x":"x"}', player.ask("order_json", "other").text)
            for name in ("one", "other"):
                self.assertEqual(0, player.ask("order_free", name).status)
        with Player(self.language, SEQURA_POS_PANIC_IN="order_json") as player:
            self.assertEqual(0, player.ask("order_new", "one", None).status)
            self.assertEqual(9001, player.ask("order_json", "one").status)
            self.assertEqual(1002, player.ask("order_set_text", "one", "/x", "x").status)
            self.assertEqual(0, player.ask("order_free", "one").status)
