"""Texts: Windows-1252 tills, \\uXXXX escapes, bad bytes, and everything through sq_echo and back."""

import ctypes
import json
import random
import unittest

import abi
import orders
import schema
import seeds
from till import Plain, Till

NAME, STREET = "Íñigo Muñoz Güell", "C/ de la Concepción 3, 1º"


def get(buffer, pointer, room=4096, encoding="utf-8"):
    """sq_buffer_get as bytes."""
    memory, length = ctypes.create_string_buffer(room), ctypes.c_uint32(room)
    status = abi.lib.sq_buffer_get(buffer, abi.text(pointer, encoding), ctypes.addressof(memory), ctypes.byref(length))
    assert status == 0, status
    assert length.value == len(memory.value) + 1
    return memory.value


class WindowsTills(Till):
    def order(self):
        order = orders.complete()
        for address in ("delivery_address", "invoice_address"):
            order[address].update(given_names="Íñigo", surnames="Muñoz Güell", address_line_1=STREET)
        order["cart"]["items"][5]["name"] = "Vale de 15 €"  # € is 0x80 in Windows-1252
        return order

    def test_a_till_in_windows_1252_sells_to_inigo_munoz_guell(self):
        client = self.open("windows-1252", text_encoding="windows-1252", language="es")
        url, uuid, order = self.approved(client, self.order())
        ref = "Caja nº 1-Ñ"
        self.assertStatus("SQ_OK", client.confirm(url, order))
        settled = self.assertStatus("SQ_OK", client.set_ref(url, ref))
        self.assertEqual(ref, settled.order["order_ref_1"])
        self.assertEqual(ref, self.sim.ledger(uuid)[-1]["order_ref_1"])
        bodies = self.sim.bodies("POST", "/orders")[:1] + self.sim.bodies("PUT")
        self.assertEqual(3, len(bodies))
        for body in bodies:
            sent = json.loads(body.decode("utf-8"))["order"]
            for address in ("delivery_address", "invoice_address"):
                self.assertEqual(("Íñigo", "Muñoz Güell", STREET),
                                 tuple(sent[address][key] for key in ("given_names", "surnames", "address_line_1")))
            self.assertEqual("Vale de 15 €", sent["cart"]["items"][5]["name"])

    def test_what_the_operator_reads_comes_back_in_windows_1252(self):
        client = self.open("windows-1252", text_encoding="windows-1252", language="es")
        answer = client.start(self.order())
        with self.assertRaises(UnicodeDecodeError, msg="an accent in UTF-8 would decode"):
            answer.raw.decode("utf-8")
        self.assertRegex(answer.document["operator_message"], "[áéíóúñ]")
        self.assertEqual(answer.document, json.loads(answer.raw.decode("windows-1252")))

    def test_what_the_encoding_lacks_is_escaped_in_json(self):
        client = self.open("windows-1252", text_encoding="windows-1252")
        text = "Žofia Жук 漢字 😀 — 3 €"
        self.sim.fault("conflict", errors=[text], method="POST")
        answer = client.start(self.order())
        self.assertStatus("SQ_CONFLICT", answer)
        self.assertEqual(text, answer.document["errors"][0]["message"])
        self.assertIn(b"\\ud83d\\ude00", answer.raw.lower())
        self.assertIn("3 €".encode("windows-1252"), answer.raw)

    def test_sq_buffer_get_gives_it_bare_in_the_encoding_with_a_question_mark_for_what_it_lacks(self):
        client = self.open("windows-1252", text_encoding="windows-1252")
        self.sim.fault("conflict", errors=["Señor Жук: 3 €"], method="POST")
        out = ctypes.c_void_p()
        abi.lib.sq_start_solicitation(client.handle, abi.text(self.order(), "windows-1252"), ctypes.byref(out))
        self.assertEqual("Señor ???: 3 €".encode("windows-1252"), get(out, "/errors/0/message"))
        abi.lib.sq_buffer_free(out)

    def test_escapes_in_the_input_hold_what_the_encoding_lacks(self):
        client = self.open("windows-1252", text_encoding="windows-1252")
        order = self.order()
        order["customer"]["company"] = "Жук 漢字 😀"
        escaped = json.dumps(order, ensure_ascii=True)
        self.assertStatus("SQ_OK", client.start(escaped))
        self.assertEqual("Жук 漢字 😀", json.loads(self.sim.bodies("POST", "/orders")[0])["order"]["customer"]["company"])

    def test_utf_8_bytes_in_a_windows_till_are_not_taken_for_utf_8(self):
        client = self.open("windows-1252", text_encoding="windows-1252")
        self.assertEqual("Ã±", client.echo("ñ".encode("utf-8")).data["text"])

    def test_windows_bytes_in_a_utf_8_till_are_refused_with_their_place(self):
        client = self.open()
        answer = self.assertStatus("SQ_INVALID_TEXT", client.start(json.dumps(self.order(), ensure_ascii=False).encode("cp1252")))
        self.assertEqual(["invalid_text"], answer.codes)
        raw = json.dumps(self.order(), ensure_ascii=False).encode("cp1252")
        first = next(number for number, byte in enumerate(raw) if byte > 127)
        self.assertEqual(first, answer.document["errors"][0]["actual"])
        self.assertNothingSent()

    def test_the_opening_says_what_texts_are_in_failed_or_not(self):
        self.assertEqual("UTF-8", self.open().opened.data["text_encoding"])
        self.assertEqual("windows-1252", self.open("windows-1252", text_encoding="latin1").opened.data["text_encoding"])
        failed = self.try_open("windows-1252", text_encoding="latin1", journal="/no hay, señor/journal").opened
        self.assertStatus("SQ_JOURNAL", failed)
        self.assertEqual({"text_encoding": "windows-1252"}, failed.data)
        # A refused configuration names no encoding that holds: its buffer is UTF-8.
        self.assertIsNone(self.try_open(text_encoding="latin1", journal=None).opened.data)

    def test_the_configuration_itself_may_be_in_the_encoding_it_names(self):
        place = self.folder / "Señor Muñoz.db"
        client = self.open("windows-1252", text_encoding="windows-1252", journal=str(place))
        self.assertTrue(place.exists(), list(self.folder.iterdir()))
        self.assertEqual(str(place), client.opened.data["journal"]["path"])

    def test_other_encodings_that_the_standard_knows(self):
        for label, python in (("iso-8859-15", "iso-8859-15"), ("latin1", "cp1252"), ("ibm866", "cp866"), ("UTF8", "utf-8"),
                              ("windows-1250", "cp1250"), ("x-mac-roman", "mac_roman"), ("koi8-r", "koi8-r"),
                              ("shift_jis", "shift_jis"), ("gbk", "gbk")):
            with self.subTest(label):
                text = {"ibm866": "Жук", "windows-1250": "Žofia", "koi8-r": "Жук", "shift_jis": "漢字カナ",
                        "gbk": "汉字"}.get(label, "ñandú")
                client = self.open(python, text_encoding=label, journal=":memory:")
                self.assertEqual(text, self.assertStatus("SQ_OK", client.echo(text)).data["text"])

    def test_an_encoding_that_nobody_knows_is_a_configuration_error(self):
        for label in ("ebcdic", "utf-9", "", 7, "cp1047"):
            with self.subTest(label):
                answer = self.try_open(text_encoding=label).opened
                self.assertStatus("SQ_INVALID_CONFIG", answer)
                self.assertEqual("/text_encoding", answer.document["errors"][0]["pointer"])

    def test_utf_16_cannot_be_an_encoding_of_c_strings(self):
        # NUL-terminated texts in UTF-16 would end at their first byte: whatever else, it must not open and then misread.
        for label in ("utf-16", "utf-16le", "utf-16be"):
            with self.subTest(label):
                self.assertStatus("SQ_INVALID_CONFIG", self.try_open(text_encoding=label).opened)


class Echo(Plain):
    def echo(self, text):
        return abi.call("sq_echo", None, text)

    def round_trip(self, text):
        answer = self.assertStatus("SQ_OK", self.echo(text))
        self.assertEqual((text, len(text.encode())), (answer.data["text"], answer.data["bytes"]))

    def test_texts_come_back_as_they_went_in(self):
        for text in ("", "a", NAME, STREET, "😀🏳️‍🌈", "\x01\x1f\x7f", "\\ \" / \b\f\n\r\t", "\ufeffBOM", "\uffff\U0010ffff",
                     "e\u0301", "مرحبا", "{\"a\":1}", "\u2028\u2029"):
            with self.subTest(ascii(text)):
                self.round_trip(text)

    def test_one_mebibyte_comes_back(self):
        self.round_trip("Ñ" * (1 << 19))
        self.round_trip("x" * (1 << 20))

    def test_random_texts_come_back(self):
        for seed in seeds.of("texts"):
            chance = random.Random(seed)
            with self.subTest(seeds.add("texts", seed)):
                for _ in range(300):
                    length = chance.choice((1, 2, 3, 10, 100, 5000))
                    self.round_trip("".join(self.character(chance) for _ in range(length)))

    @staticmethod
    def character(chance):
        while True:
            point = chance.choice((chance.randrange(1, 128), chance.randrange(128, 0x800), chance.randrange(0x800, 0x10000),
                                   chance.randrange(0x10000, 0x110000)))
            if not 0xD800 <= point < 0xE000:
                return chr(point)

    def test_bad_bytes_are_refused_with_their_place(self):
        for raw, place in ((b"\xff", 0), (b"abc\xff", 3), ("ñ".encode() + b"\xf1", 2), (b"x\xed\xa0\x80", 1),
                           (b"\xc0\xaf", 0), (b"ok\xf4\x90\x80\x80", 2), (b"cut\xe2\x82", 3),
                           (("😀" * 10).encode() + b"\x80", 40)):
            with self.subTest(raw):
                answer = self.assertStatus("SQ_INVALID_TEXT", self.echo(raw), "invalid_text")
                self.assertEqual(place, answer.document["errors"][0]["actual"])

    def test_random_bytes_are_text_exactly_when_python_says_so(self):
        for seed in seeds.of("texts"):
            chance = random.Random(seed)
            with self.subTest(seeds.add("texts", seed)):
                for _ in range(500):
                    bounds = ((1, 256), (0xC2, 0xF5), (0x80, 0xC0), (65, 66))
                    raw = bytes(chance.randrange(*chance.choice(bounds)) for _ in range(chance.randrange(1, 8)))
                    self.is_text_when_python_says_so(raw)

    def is_text_when_python_says_so(self, raw):
        try:
            expected, status = raw.decode("utf-8"), "SQ_OK"
        except UnicodeDecodeError as error:
            expected, status = error.start, "SQ_INVALID_TEXT"
        answer = self.assertStatus(status, self.echo(raw))
        self.assertEqual(expected, answer.data["text"] if status == "SQ_OK" else answer.document["errors"][0]["actual"])

    def test_no_text_is_not_the_empty_text(self):
        self.assertStatus("SQ_INVALID_ARGUMENT", self.echo(None), "null_argument")

    def test_it_works_without_a_buffer_to_write_to(self):
        self.assertEqual(0, abi.lib.sq_echo(None, b"x", None))
        self.assertEqual(1003, abi.lib.sq_echo(None, b"\xff", None))


if __name__ == "__main__":
    unittest.main()
