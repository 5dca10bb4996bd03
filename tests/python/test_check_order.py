"""What a till can ask before it sends an order: everything that is wrong or missing, in the operator's words."""

import orders
from till import Till


class CheckOrder(Till):
    def check(self, client, order):
        """What is said of an order; nothing is recorded, and nothing sent."""
        before = self.everything()
        with self.sends(0):
            answer = client.call("sq_check_order", order)
        self.assertEqual(before, self.everything())
        self.assertEqual(("check_order", None, None), (
            answer.document["operation"], answer.document["order"], answer.document["http"]))
        for problem in answer.document["errors"] + answer.document["warnings"]:
            self.assertRegex(problem["operator_message"], r"^[A-ZÁÉÍÓÚÑÀÈÌÒÙÂÊÔÇ].*\.$")
        return answer

    def everything(self):
        tables = [row["name"] for row in self.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {table: self.rows(f"SELECT * FROM {table}") for table in sorted(tables)}

    def said(self, client, order):
        """The operator's sentence of each error."""
        return [error["operator_message"] for error in self.check(client, order).document["errors"]]

    def test_an_order_that_can_be_started(self):
        client = self.open()
        answer = self.assertStatus("SQ_OK", self.check(client, orders.complete()))
        self.assertEqual(([], [], "none"), (answer.document["errors"], answer.document["warnings"], answer.next))
        self.assertIn("are complete", answer.document["operator_message"])
        self.assertStatus("SQ_OK", self.check(client, {"order": orders.complete()}))

    def test_what_the_start_would_say_and_the_shoppers_own_first(self):
        client = self.open()
        order = orders.other(orders.complete(), "/customer/email", ...)
        order = orders.other(order, "/delivery_address/postal_code", " ")
        order = orders.other(order, "/cart/order_total_with_tax", 1)
        order = orders.other(order, "/platform/name", ...)
        answer = self.assertStatus("SQ_INVALID_ORDER", self.check(client, order))
        pointers = [error["pointer"] for error in answer.document["errors"]]
        self.assertEqual(["/delivery_address/postal_code", "/customer/email", "/cart/order_total_with_tax", "/platform/name"],
                         pointers)
        self.assertEqual("fix_order", answer.next)
        started = self.assertStatus("SQ_INVALID_ORDER", client.start(order))
        self.assertEqual(sorted(pointers), sorted(error["pointer"] for error in started.document["errors"]))
        self.assertEqual({error["pointer"]: error["operator_message"] for error in started.document["errors"]},
                         {error["pointer"]: error["operator_message"] for error in answer.document["errors"]})

    def test_each_names_its_field_in_every_language(self):
        fields = "/customer/email", "/customer/nin", "/delivery_address/postal_code", "/cart/items/1/name", "/platform/uname"
        order = orders.complete()
        for pointer in fields:
            order = orders.other(order, pointer, 7 if pointer.endswith("nin") else ...)
        for language, expected in self.in_every_language(
                es=["Falta el código postal de la dirección de entrega.", "Falta el correo electrónico del cliente.",
                    "Un dato de la venta no es correcto: el número del DNI o NIE del cliente.",
                    "Falta la descripción del artículo 2.", "Falta el campo /platform/uname."],
                en=["The postcode of the delivery address is missing.", "The e-mail address of the customer is missing.",
                    "A detail of the sale is not right: the identity card number of the customer.",
                    "The description of item 2 is missing.", "The field /platform/uname is missing."],
                fr=["Il manque le code postal de l'adresse de livraison.", "Il manque l'adresse électronique du client.",
                    "Une donnée de la vente n'est pas correcte\u00a0: le numéro de la pièce d'identité du client.",
                    "Il manque la désignation de l'article 2.", "Il manque le champ /platform/uname."],
                it=["Manca il CAP dell'indirizzo di consegna.", "Manca l'indirizzo e-mail del cliente.",
                    "Un dato della vendita non è corretto: il codice fiscale del cliente.",
                    "Manca la descrizione dell'articolo 2.", "Manca il campo /platform/uname."],
                pt=["Falta o código postal da morada de entrega.", "Falta o e-mail do cliente.",
                    "Um dado da venda não está correto: o número de identificação do cliente.",
                    "Falta a descrição do artigo 2.", "Falta o campo /platform/uname."]):
            client = self.open(language=language, journal=str(self.folder / language))
            self.journal = self.folder / language
            self.assertEqual(expected, self.said(client, order))

    def test_several_things_are_missing_in_the_plural(self):
        client = self.open(language="es")
        order = orders.complete()
        del order["customer"], order["cart"]["items"], order["delivery_address"]["address_line_1"]
        self.assertEqual(["Faltan la calle y el número de la dirección de entrega.", "Faltan los datos del cliente.",
                          "Faltan los artículos."], self.said(client, order))

    def test_a_warning_has_its_sentence_too(self):
        client = self.open(language="es")
        order = orders.other(orders.complete(), "/delivery_address/mobile_phone", ...)
        order = orders.other(order, "/invoice_address/mobile_phone", ...)
        order = orders.other(order, "/cart/items/0/price_with_tax", 2999)
        answer = self.assertStatus("SQ_OK", self.check(client, order))
        self.assertEqual(["mobile_phone_required", "line_total_differs"],
                         [warning["code"] for warning in answer.document["warnings"]])
        first = answer.document["warnings"][0]["operator_message"]
        self.assertIn("Falta el móvil del cliente", first)
        self.assertIn(first, answer.document["operator_message"])

    def test_a_country_that_is_missing_is_never_the_shops_code(self):
        client = self.open(language="es", merchant_id=None, merchants={"ES": "shop_es", "FR": "shop_fr"})
        for bare in (False, True):
            order = orders.complete(merchant={} if bare else {"id": ""})
            for address in ("delivery_address", "invoice_address"):
                del order[address]["country_code"]
            said = self.said(client, order)
            self.assertEqual("Falta el país de la dirección de entrega.", said[0])
            self.assertFalse([one for one in said if "tienda" in one], said)
            del order["merchant"]
            self.assertFalse([one for one in self.said(client, order) if "tienda" in one])
        none = orders.complete(merchant={"options": {"addresses_may_be_missing": True}})
        del none["delivery_address"], none["invoice_address"]
        self.assertEqual(["Falta el país de la dirección de entrega."], self.said(client, none))
        answer = self.check(client, orders.complete(merchant={}, delivery_address={
            **orders.COMPLETE["delivery_address"], "country_code": "XX"}))
        self.assertStatus("SQ_INVALID_ORDER", answer, "invalid_country")

    def test_a_sole_merchant_sells_where_no_country_decides(self):
        client = self.open(language="es", merchant_id=None, merchants={"ES": "shop_es"})
        order = orders.complete(merchant={"options": {"addresses_may_be_missing": True}})
        del order["delivery_address"], order["invoice_address"]
        self.assertStatus("SQ_OK", self.check(client, order))
        started = self.assertStatus("SQ_OK", client.start(order))
        self.assertEqual("shop_es", started.order["merchant_id"])
        client = self.open(language="es", merchant_id=None, merchants={"ES": "shop_es", "FR": "shop_es"})
        self.assertStatus("SQ_OK", self.check(client, order))
        abroad = orders.complete(merchant={})
        abroad["delivery_address"]["country_code"] = "IT"
        self.assertStatus("SQ_INVALID_ORDER", self.check(client, abroad), "no_merchant_for_country")

    def test_a_reference_that_is_taken(self):
        client = self.open()
        self.settled(client, ref="R-1")
        answer = self.assertStatus("SQ_DUPLICATE_ORDER_REF", self.check(client, orders.complete(ref="R-1")), "duplicate_order_ref")
        self.assertEqual("choose_another_ref", answer.next)
        self.assertIn("R-1", answer.document["errors"][0]["operator_message"])
        self.assertStatus("SQ_OK", self.check(client, orders.complete(ref="R-2")))

    def test_of_many_problems_the_last_entry_says_how_many(self):
        client = self.open()
        order = orders.complete()
        order["cart"]["items"] = [{"type": "product"} for _ in range(300)]
        del order["customer"]["email"]
        answer = self.assertStatus("SQ_INVALID_ORDER", self.check(client, order))
        self.assertEqual("more_errors", answer.codes[-1])

    def test_elsewhere_a_warning_needs_no_sentence(self):
        client = self.open()
        order = orders.other(orders.complete(), "/cart/items/0/price_with_tax", 2999)
        warning, = self.assertStatus("SQ_OK", client.start(order)).document["warnings"]
        self.assertIsNone(warning["operator_message"])
