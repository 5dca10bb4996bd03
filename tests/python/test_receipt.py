"""sq_receipt: what a till prints for the shopper, line by line, and as fields."""

import json
import unicodedata

import orders
from till import Till

MARK = dict(es="PRUEBA", en="TEST", fr="TEST", it="PROVA", pt="TESTE")
#: What a settled sale says, and one that is only confirmed.
PAID = dict(es="Pagado con seQura", en="Paid with seQura", fr="Payé avec seQura", it="Pagato con seQura", pt="Pago com a seQura")
PENDING = dict(es="Pendiente de referencia", en="Awaiting its reference", fr="En attente de référence",
               it="In attesa di riferimento", pt="A aguardar referência")
NOT_FISCAL = dict(es="No es un documento fiscal", en="Not a fiscal document", fr="Ceci n'est pas un document fiscal",
                  it="Non è un documento fiscale", pt="Não é um documento fiscal")
TOTAL = dict(es="154,97 €", en="€154.97", fr="154,97\u00a0€", it="154,97 €", pt="154,97 €")
GIVEN_BACK = "Refunded in full"


def columns_of(line):
    """How many columns a line takes, counted in another way than the library does."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


class Receipt(Till):
    def receipt(self, client, order, columns=32):
        with self.sends(0):
            answer = client.call("sq_receipt", order, columns)
        if answer.name == "SQ_OK":
            for line in answer.data["lines"]:
                self.assertLessEqual(columns_of(line), columns, line)
                self.assertLessEqual(len(line), columns, line)
                self.assertTrue(line.isprintable(), ascii(line))
                self.assertEqual(line, unicodedata.normalize("NFC", line))
        return answer

    def lines(self, client, order, columns=32):
        return self.assertStatus("SQ_OK", self.receipt(client, order, columns)).data["lines"]

    def cart(self, *items, currency="EUR"):
        return {"currency": currency, "gift": False, "items": list(items),
                "order_total_with_tax": sum(item["total_with_tax"] for item in items)}

    def goods(self, name, quantity, price, **more):
        return {"reference": name[:20].strip() or "X", "name": name, "quantity": quantity, "price_with_tax": price,
                "total_with_tax": quantity * price, "downloadable": False, **more}

    def sold(self, client, cart, ref="R-1"):
        order = orders.complete()
        order["cart"] = cart
        return self.settled(client, order, ref)

    def test_of_a_settled_sale(self):
        client = self.open(language="es")
        discount = {"type": "discount", "reference": "5", "name": "Descuento", "total_with_tax": -400}
        self.sold(client, self.cart(self.goods("Camisa azul", 2, 1800), self.goods("Pantalón", 1, 4000), discount))
        answer = self.assertStatus("SQ_OK", self.receipt(client, "R-1"))
        self.assertEqual("""
         *** PRUEBA ***
Camisa azul
2 x 18,00                  36,00
Pantalón                   40,00
Descuento                  -4,00
--------------------------------
TOTAL                    72,00 €
PRUEBA: Pagado con seQura
                         72,00 €
Referencia                   R-1
--------------------------------
seQura envía al cliente las
condiciones del crédito por
correo electrónico.
Lo que queda por pagar se paga a
seQura, no a la tienda.
   No es un documento fiscal
         *** PRUEBA ***""".split("\n")[1:], answer.data["lines"])
        self.assertEqual({
            "test": "PRUEBA", "currency": "EUR", "sold": 7200, "refunded": 0, "total": 7200, "total_text": "72,00 €",
            "payment": "PRUEBA: Pagado con seQura", "order_ref_1": "R-1", "not_fiscal": "No es un documento fiscal",
            "next_steps": ["seQura envía al cliente las condiciones del crédito por correo electrónico.",
                           "Lo que queda por pagar se paga a seQura, no a la tienda."],
            "items": [{"type": "product", "reference": "Camisa azul", "name": "Camisa azul", "quantity": 2, "price": 1800, "total": 3600},
                      {"type": "product", "reference": "Pantalón", "name": "Pantalón", "quantity": 1, "price": 4000, "total": 4000},
                      {"type": "discount", "reference": "5", "name": "Descuento", "quantity": None, "price": None, "total": -400}],
        }, answer.data["fields"])
        self.assertEqual("simulator", answer.data["mode"])
        self.assertEqual(("settled", "none"), (answer.state, answer.next))

    def test_it_is_made_of_what_stays_and_says_nothing_of_the_shopper(self):
        client = self.open()
        _, uuid, order, ref = self.settled(client)
        self.assertEqual([None], [row["content"] for row in self.rows("SELECT content FROM contents")])
        said = json.dumps(self.assertStatus("SQ_OK", self.receipt(client, ref, 80)).document, ensure_ascii=False).lower()
        for block in ("customer", "delivery_address", "invoice_address"):
            for field in ("given_names", "surnames", "email", "nin", "address_line_1", "postal_code", "mobile_phone"):
                value = order[block].get(field)
                if value:
                    self.assertNotIn(str(value).lower(), said)

    def test_in_every_language_and_mode(self):
        for number, (language, mark) in enumerate(self.in_every_language(**MARK)):
            for environment in (None, "sandbox", "live"):
                with self.subTest(language, environment=environment):
                    client = self.open(language=language, environment=environment)
                    url, _, order = self.confirmed(client)
                    pending = self.assertStatus("SQ_OK", self.receipt(client, url)).data
                    ref = f"R-{number}-{environment}"
                    self.assertStatus("SQ_OK", client.set_ref(url, ref))
                    settled = self.assertStatus("SQ_OK", self.receipt(client, url)).data
                    marked = environment != "live"
                    before = f"{mark}: " * marked
                    for data, words, other in ((pending, PENDING, PAID), (settled, PAID, PENDING)):
                        text = " ".join(data["lines"])
                        spread = " ".join(text.split())
                        self.assertEqual(before + words[language], data["fields"]["payment"])
                        self.assertIn(before + words[language], spread)
                        self.assertNotIn(other[language], spread)
                        self.assertIn(NOT_FISCAL[language], spread)
                        self.assertEqual(NOT_FISCAL[language], data["fields"]["not_fiscal"])
                        self.assertIn(TOTAL[language].replace("\u00a0", " "), spread)
                        self.assertEqual(TOTAL[language], data["fields"]["total_text"])
                        ends = [data["lines"][0], data["lines"][-1]]
                        self.assertEqual([marked] * 2, [f"*** {mark} ***" in line for line in ends])
                        self.assertEqual(3 * marked, spread.count(mark))
                        self.assertEqual(mark if marked else None, data["fields"]["test"])
                        for step in data["fields"]["next_steps"]:
                            self.assertIn(step, spread)
                    self.assertEqual((None, ref), (pending["fields"]["order_ref_1"], settled["fields"]["order_ref_1"]))
                    self.assertIn(ref, " ".join(settled["lines"]))
                    self.assertEqual((3, 2), (len(pending["fields"]["next_steps"]), len(settled["fields"]["next_steps"])))
                    client.close()

    def test_it_is_found_like_any_order(self):
        client = self.open()
        order = orders.complete()
        order["cart"]["cart_ref"] = "K-1"
        url, uuid, _, ref = self.settled(client, order)
        said = [self.lines(client, name) for name in (url, uuid, ref, "K-1")]
        self.assertEqual([said[0]] * 4, said)
        self.assertStatus("SQ_UNKNOWN_ORDER", self.receipt(client, "R-none"), "unknown_order")
        for nothing in (None, "", "  "):
            self.assertStatus("SQ_INVALID_ARGUMENT", self.receipt(client, nothing), "null_argument")
        self.assertStatus("SQ_INVALID_TEXT", self.receipt(client, b"\xff"))

    def test_paper_has_24_to_80_columns(self):
        client = self.open()
        _, _, _, ref = self.settled(client)
        for columns in (-2**31, -1, 0, 1, 23, 81, 2**31 - 1):
            answer = self.assertStatus("SQ_INVALID_ARGUMENT", self.receipt(client, ref, columns), "argument_out_of_range")
            self.assertEqual(columns, answer.document["errors"][0]["actual"])
        said = []
        for columns in range(24, 81):
            lines = self.lines(client, ref, columns)
            self.assertIn("-" * columns, lines)
            said.append("".join("".join(lines).split()).replace("-", ""))
        self.assertEqual(1, len(set(said)), "the same on every paper")

    def test_in_every_other_state_there_is_none(self):
        client = self.open(language="es")
        order = orders.complete(ref="R-9")
        started = self.assertStatus("SQ_OK", client.start(order))
        states = []

        def refused(name=started.url):
            answer = self.assertStatus("SQ_WRONG_STATE", self.receipt(client, name), "wrong_state")
            self.assertIsNone(answer.data)
            self.assertIn("Ahora no se puede hacer esto", answer.said)
            states.append(answer.state)

        refused()
        client.send_form(started.url)
        refused()
        client.confirm(started.url, order)
        refused()
        self.sim.approve(started.uuid)
        self.sim.fault("close_before", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.confirm(started.url, order))
        refused()
        self.assertStatus("SQ_OK", client.confirm(started.url, order))
        self.assertStatus("SQ_OK", self.receipt(client, started.url))
        self.assertStatus("SQ_OK", client.call("sq_cancel", "R-9", None))
        refused("R-9")
        # One whose reference is taken is not settled, and not merely without one.
        url, _, _ = self.confirmed(client, orders.complete())
        self.sim.fault("close_before", method="PUT")
        client.set_ref(url, "R-10")
        refused(url)
        self.assertStatus("SQ_OK", client.call("sq_recover", url))
        self.assertStatus("SQ_OK", self.receipt(client, url))
        other = self.assertStatus("SQ_OK", client.start(orders.complete(ref="R-11")))
        self.assertStatus("SQ_OK", client.call("sq_abandon", other.url))
        refused(other.url)
        self.assertEqual(["solicited", "form_sent", "conflicted", "confirming", "cancelled", "referencing", "abandoned"], states)

    def test_what_went_back_is_not_paid(self):
        client = self.open()
        cart = self.cart(self.goods("Shirt", 2, 1800), self.goods("Trousers", 1, 4000))
        self.sold(client, cart)
        self.assertStatus("SQ_OK", client.call("sq_ship", "R-1", [{"reference": "Shirt", "quantity": 1}]))
        lines = self.lines(client, "R-1")
        self.assertIn("2 x 18.00                  36.00", lines, "a line of which a part was shipped is one line")
        self.assertEqual(lines, self.lines(client, "R-1"))
        self.assertStatus("SQ_OK", client.call("sq_refund", "R-1", {"items": [{"reference": "Shirt", "quantity": 1}]}))
        answer = self.assertStatus("SQ_OK", self.receipt(client, "R-1", 40))
        self.assertEqual(["Shirt                              18.00", "Trousers                           40.00", "-" * 40,
                          "Sold for                          €76.00", "Refunded                         -€18.00",
                          "TOTAL                             €58.00", "TEST: Paid with seQura            €58.00"],
                         answer.data["lines"][1:8])
        self.assertEqual((7600, 1800, 5800), tuple(answer.data["fields"][name] for name in ("sold", "refunded", "total")))
        self.assertStatus("SQ_OK", client.call("sq_ship", "R-1", None))
        self.assertStatus("SQ_OK", client.call("sq_refund", "R-1", {"amount": 500, "reason": "A scratch"}))
        answer = self.assertStatus("SQ_OK", self.receipt(client, "R-1", 40))
        self.assertIn("A scratch                          -5.00", answer.data["lines"])
        self.assertIn("TOTAL                             €53.00", answer.data["lines"])
        self.assertStatus("SQ_OK", client.call("sq_refund", "R-1", None))
        answer = self.assertStatus("SQ_OK", self.receipt(client, "R-1", 40))
        said = "\n".join(answer.data["lines"])
        self.assertNotIn("Paid with seQura", said)
        self.assertIn(GIVEN_BACK, said)
        fields = answer.data["fields"]
        self.assertEqual(("TEST: " + GIVEN_BACK, 7600, 7600, 0, [], []),
                         tuple(fields[name] for name in ("payment", "sold", "refunded", "total", "items", "next_steps")))

    def test_what_went_back_by_its_amount_has_no_price_that_is_not_its_own(self):
        client = self.open()
        self.sold(client, self.cart(self.goods("Cheese", 3, 790), self.goods("Ham", 1, 899)))
        self.assertStatus("SQ_OK", client.call("sq_ship", "R-1", None))
        self.assertStatus("SQ_OK", client.call("sq_refund", "R-1", {"items": [{"reference": "Cheese", "amount": 268}]}))
        lines = self.lines(client, "R-1")
        self.assertIn("3 x                        21.02"[:32], lines)

    def test_a_change_without_an_answer_is_told(self):
        client = self.open()
        self.sold(client, self.cart(self.goods("Shirt", 2, 1800)))
        self.assertStatus("SQ_OK", client.call("sq_ship", "R-1", None))
        before = self.lines(client, "R-1")
        self.sim.fault("close_before", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.call("sq_refund", "R-1", None))
        after = self.assertStatus("SQ_OK", self.receipt(client, "R-1"))
        self.assertEqual("recover", after.next)
        self.assertEqual("A change of this sale awaits seQura's answer.", after.data["fields"]["next_steps"][0])
        self.assertEqual(set(before), set(before) & set(after.data["lines"]))
        self.assertStatus("SQ_OK", client.call("sq_recover", None))
        self.assertIn("TEST: " + GIVEN_BACK, self.receipt(client, "R-1").data["fields"]["payment"])

    def test_an_order_that_another_till_has_is_that_tills(self):
        client = self.open()
        self.sold(client, self.cart(self.goods("Shirt", 2, 1800)))
        document = self.assertStatus("SQ_OK", client.call("sq_hand_over", "R-1")).data["document"]
        self.assertStatus("SQ_TAKEN_OVER", self.receipt(client, "R-1"), "taken_over")
        other = self.open(journal=str(self.folder / "other"))
        self.assertStatus("SQ_OK", other.call("sq_take_over", document))
        self.assertIn("TOTAL                     €36.00", self.lines(other, "R-1"))

    def test_names_of_every_kind(self):
        # Every character that takes two columns and that this machine's tables know, and some that shops like.
        wide = [chr(c) for c in range(0x20000) if unicodedata.name(chr(c), "") and unicodedata.east_asian_width(chr(c)) in "WF"
                and chr(c).isprintable() and unicodedata.is_normalized("NFC", chr(c)) and not unicodedata.combining(chr(c))
                and not 0x3400 <= c < 0xd7a4 and not 0x17000 <= c < 0x18cd5]
        wide = ["".join(wide[at:at + 200]) for at in range(0, len(wide), 200)]
        names = wide + ["⭐" * 20, "⏰⏳⏩⬛" * 9, "日本の傘 " * 9, "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen", "a\tb\r\nc\u2028d\x7fe\x1b[31mf",
                 "Espan\u0303a Cafe\u0301", "Z\u0351\u0332a\u0321lgo", "\u202eevil\u202c \u200bx", "👩\u200d👩\u200d👧 ❤\ufe0f x",
                 "한국어 이름", "\u0e01\u0e33 ไทย", "x" * 250, "ﷺ", "\u0301\u0301", "C\u0327a va", "- 50 %", "1.000,00"]
        client = self.open()
        items = [self.goods(name, 2, 1000 + at, reference=f"A-{at}") for at, name in enumerate(names)]
        self.sold(client, self.cart(*items))
        for columns in range(24, 81):
            self.lines(client, "R-1", columns)
        said = self.assertStatus("SQ_OK", self.receipt(client, "R-1", 80))
        self.assertEqual(names, [item["name"] for item in said.data["fields"]["items"]], "fields have them as they are")
        for line in ("España Café", "Zalgo", "evil x", "a b c d e [31mf", "Ça va"):
            self.assertIn(line, said.data["lines"])

    def test_no_line_is_an_amount_without_a_word(self):
        words = dict(es="Gastos", en="Fee", fr="Frais", it="Spese", pt="Despesas")
        for number, (language, word) in enumerate(self.in_every_language(**words)):
            client = self.open(language=language)
            fee = {"type": "invoice_fee", "total_with_tax": 295}
            unseen = self.goods("\u200b\u202e", 1, 700, reference="Z-9")
            self.sold(client, self.cart(self.goods("Camisa", 1, 1800), unseen, fee), f"R-{number}")
            answer = self.assertStatus("SQ_OK", self.receipt(client, f"R-{number}"))
            lines = [line for line in answer.data["lines"] if line.startswith((word, "Z-9"))]
            self.assertEqual(["Z-9", word], [line.split()[0] for line in lines])
            items = answer.data["lines"][:answer.data["lines"].index("-" * 32)]
            self.assertFalse([line for line in items if line.strip()[:1].isdigit()])
            self.assertEqual(["product", "product", "invoice_fee"], [one["type"] for one in answer.data["fields"]["items"]])
            client.close()

    def test_an_amount_that_goes_back_without_a_reason_is_named_in_the_tills_language(self):
        words = dict(es="Devolución", en="Refund", fr="Remboursement", it="Rimborso", pt="Reembolso")
        for number, (language, word) in enumerate(self.in_every_language(**words)):
            client = self.open(language=language)
            goods = self.goods("Camisa", 2, 1800)
            self.sold(client, self.cart(goods), f"R-{number}")
            self.assertStatus("SQ_OK", client.call("sq_ship", f"R-{number}", None))
            self.assertStatus("SQ_OK", client.call("sq_refund", f"R-{number}", {"amount": 500}))
            self.assertStatus("SQ_OK", client.call("sq_refund", f"R-{number}", {"amount": 300, "reason": "Rasguño"}))
            items = self.assertStatus("SQ_OK", self.receipt(client, f"R-{number}")).data["fields"]["items"]
            self.assertEqual(["Camisa", word, "Rasguño"], [item["name"] for item in items])
            client.close()

    def test_a_sale_that_sequra_says_no_about_is_to_be_cleared_up(self):
        steps = dict(es="debe aclarar", en="clear this sale up", fr="clarifier", it="chiarire", pt="esclarecer")
        for number, (language, words) in enumerate(self.in_every_language(**steps)):
            client = self.open(language=language)
            _, uuid, _, ref = self.settled(client, ref=f"R-{number}")
            told = self.assertStatus("SQ_OK", self.receipt(client, ref))
            self.assertEqual(([], "none", 2), (told.warned, told.next, len(told.data["fields"]["next_steps"])))
            self.sim.cancel(uuid)
            refused = self.assertStatus("SQ_NOT_FOUND", client.call("sq_ship", ref, None))
            told = self.assertStatus("SQ_OK", self.receipt(client, ref))
            self.assertEqual(([refused.document["errors"][0]["code"]], "contact_sequra"), (told.warned, told.next))
            self.assertIn(words, told.data["fields"]["next_steps"][0])
            self.assertIn(words.split()[0], " ".join(told.data["lines"]))
            client.close()

    def test_a_till_in_another_encoding_counts_what_it_prints(self):
        for encoding in ("windows-1252", "iso-8859-15", "iso-8859-2", "cp1251", "shift_jis", "euc-kr"):
            client = self.open(encoding, text_encoding="windows-1251" if encoding == "cp1251" else encoding, language="es",
                               journal=":memory:")
            order = orders.complete()
            order["cart"] = self.cart(self.goods("Camisa nin\\u0303o".encode().decode("unicode_escape"), 1, 123456789),
                                      self.goods("日本 😀 €", 1, 1000), self.goods("Привет мир Привет ××°°±± ΑΒΓΔΕΖΗΘ", 1, 1000))
            text = json.dumps(order)
            url, uuid, _ = self.approved(client, text)
            self.assertStatus("SQ_OK", client.confirm(url, text))
            self.assertStatus("SQ_OK", client.set_ref(url, encoding))
            for columns in (24, 32, 48):
                answer = self.assertStatus("SQ_OK", client.call("sq_receipt", url, columns))
                for line in answer.data["lines"]:
                    # Nothing in it is escaped, and each byte is a column.
                    self.assertLessEqual(len(line.encode(encoding)), columns, line)
            has_euro = encoding in ("windows-1252", "iso-8859-15", "cp1251", "euc-kr")
            total = "1.234.587,89 €" if has_euro else "1.234.587,89 EUR"
            self.assertIn("TOTAL".ljust(48 - len(total.encode(encoding))) + total, answer.data["lines"])
            self.assertIn("Camisa ni" + ("ñ" if encoding in ("windows-1252", "iso-8859-15") else "n") + "o",
                          "\n".join(answer.data["lines"]))
            client.close()

    def test_amounts_of_every_size(self):
        client = self.open(language="es")
        most = 10**12 // 4
        self.sold(client, self.cart(self.goods("Oro", 1, most), self.goods("Plata", 1, 1)))
        for columns in range(24, 81):
            self.lines(client, "R-1", columns)
        self.assertIn("TOTAL   2.500.000.000,01 €", self.lines(client, "R-1", 26))

    def test_it_changes_nothing(self):
        client = self.open()
        _, _, _, ref = self.settled(client)
        tables = [row["name"] for row in self.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        before = {table: self.rows(f"SELECT * FROM {table}") for table in tables}
        self.receipt(client, ref)
        self.assertEqual(before, {table: self.rows(f"SELECT * FROM {table}") for table in tables})
