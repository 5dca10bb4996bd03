"""Closing, freeing, collecting, threads: the own tests of each language, and that nothing is left over."""

import re
import subprocess

import languages
import seeds
from conductor import Player
from languages import ENVIRONMENT, simulator


@languages.each()
class Lifetimes(languages.Case):
    def test_the_languages_own_tests(self):
        for seed in seeds.of("lifetimes"):
            with self.subTest(seeds.add("lifetimes", seed)):
                self.own_tests_begin_with(seed)

    def own_tests_begin_with(self, seed):
        sim = simulator.shared()
        sim.reset()
        environment = {**ENVIRONMENT, "SEQURA_SIMULATOR_URL": sim.http, "SEQURA_SEED": str(seed)}
        ran = subprocess.run(self.language.program("own_tests"), env=environment, stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", timeout=600)
        self.assertEqual(0, ran.returncode, ran.stdout)
        last = ran.stdout.rstrip("\n").rsplit("\n", 1)[-1]
        counted = re.fullmatch(r"(\d+) passed, 0 failed", last)
        self.assertTrue(counted, f"the last line is {last!r}")
        self.assertGreater(int(counted[1]), 0)

    def test_what_is_closed_and_freed_can_be_closed_and_freed_again_and_not_used(self):
        with Player(self.language) as player:
            config = ('{"base_url": "http://127.0.0.1:1", "account_key": "k", "account_secret": "s", "merchant_id": "m",'
                      ' "journal": ":memory:", "proxy": "none"}')
            self.assertEqual(0, player.ask("open", "till", config).status)
            self.assertEqual(0, player.ask("order_new", "order", "till").status)
            self.assertEqual((0, "-", ""), player.ask("close", "till"))
            # The C function says that it is closed; a language's own way of closing has nothing to say.
            self.assertIn(player.ask("close", "till").status, (0, 1002))
            for _ in range(2):
                self.assertEqual((0, "-", ""), player.ask("order_free", "order"))
            for used in (("call", "till", "pending"), ("call", "till", "echo", "x"), ("order_new", "other", "till"),
                         ("order_set_int", "order", "/x", 1), ("order_json", "order")):
                answer = player.ask(*used)
                # The language's own error; one that goes on to the library has the library's.
                self.assertIn(answer.status, (-1, 1002), used)
                self.assertNotEqual("-", answer.exception, used)
                self.assertNotEqual("", answer.text, used)
            self.assertEqual(0, player.ask("call", None, "echo", "x").status, "the player goes on")
