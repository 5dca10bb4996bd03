"""Texts go there and come back, in every language: `echo`, with and without a client."""

import json
import random

import languages
import seeds
from conductor import Player
from languages import REFERENCE

#: Rounds of random texts in each encoding.
ROUNDS = 300

ACCENTED = "Íñigo Muñoz Güell, C/ de la Concepción 3, 1º"
TEXTS = ("", "a", ACCENTED, "😀🏳️‍🌈 漢字 Жук مرحبا", "\x01\x1f\x7f", "\\ \" / \b\f\n\r\t \\N \\t \\\\n", "\ufeffBOM",
         "\uffff\U0010ffff", "e\u0301", "{\"a\":1}", "\u2028\u2029\u0085\u00a0", "\t\n", " both ends ", "null", "\\N ")

#: What Windows-1252 can write; its five free places stand for control characters.
CP1252 = [bytes([number]).decode("cp1252") for number in range(1, 256) if number not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)]


def any_character(chance) -> str:
    while True:
        point = chance.choice((chance.randrange(1, 128), chance.randrange(128, 0x800), chance.randrange(0x800, 0x10000),
                               chance.randrange(0x10000, 0x110000)))
        if not 0xD800 <= point < 0xE000:
            return chr(point)


def config(encoding: str) -> str:
    return json.dumps({"base_url": "http://127.0.0.1:1", "account_key": "k", "account_secret": "s", "merchant_id": "m",
                       "journal": ":memory:", "proxy": "none", "text_encoding": encoding})


@languages.each(REFERENCE)
class Marshalling(languages.Case):
    def echo(self, player, client, text, *, bare=False):
        answer = player.ask("call", client, "echo", text)
        self.assertEqual((0, "-"), (answer.status, answer.exception), answer.text[:300])
        data = answer.document["data"]
        # Not assertEqual: what differs in a MiB is not to be shown.
        self.assertTrue(data["text"] == text, (text[:100], data["text"][:100]))
        self.assertEqual(len(text.encode()), data["bytes"])
        if bare:
            answer = player.ask("value", "/data/text")
            self.assertTrue((answer.status, answer.text) == (0, text), (text[:100], answer.text[:100]))

    def test_texts_come_back_as_they_went_in(self):
        with Player(self.language) as player:
            for text in TEXTS:
                self.echo(player, None, text, bare=True)

    def test_one_mebibyte_comes_back(self):
        with Player(self.language) as player:
            for text in ("x" * (1 << 20), "Ñ" * (1 << 19), "😀" * (1 << 18)):
                self.echo(player, None, text, bare=True)

    def test_windows_1252_comes_back(self):
        with Player(self.language) as player:
            self.assertEqual(0, player.ask("open", "till", config("windows-1252")).status)
            for text in ("", ACCENTED, "3 €", "".join(CP1252), "Ñ" * (1 << 20)):
                self.echo(player, "till", text, bare=True)
            for seed in seeds.of("echo"):
                chance = random.Random(seed)
                with self.subTest(seeds.add("echo", seed)):
                    for _ in range(ROUNDS):
                        length = chance.choice((1, 2, 10, 100, 3000))
                        self.echo(player, "till", "".join(chance.choice(CP1252) for _ in range(length)))
            self.assertEqual(0, player.ask("close", "till").status)

    def test_random_texts_come_back(self):
        with Player(self.language) as player:
            self.assertEqual(0, player.ask("open", "till", config("utf-8")).status)
            for seed in seeds.of("echo"):
                chance = random.Random(seed)
                with self.subTest(seeds.add("echo", seed)):
                    for number in range(ROUNDS):
                        length = chance.choice((1, 2, 3, 10, 100, 3000))
                        text = "".join(any_character(chance) for _ in range(length))
                        self.echo(player, chance.choice((None, "till")), text, bare=number % 4 == 0)
            self.assertEqual(0, player.ask("close", "till").status)

    def test_bytes_that_are_no_text_are_refused_with_their_place(self):
        """Languages of bytes only: a Unicode text has no such bytes."""
        with Player(self.language) as player:
            if not player.bytes:
                return
            for raw, place in ((b"\xff", 0), (b"abc\xff", 3), (b"x\xed\xa0\x80", 1)):
                answer = player.ask("call", None, "echo", raw)
                self.assertEqual(1003, answer.status)
                self.assertEqual(place, answer.document["errors"][0]["actual"])
