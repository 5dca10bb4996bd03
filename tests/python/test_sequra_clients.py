"""Orders as seQura's own published clients build them, each through a whole sale; and what those clients hear, read as
they read it.

The kinds, their formats and their words are those of integration-core, php-client and the modules for WooCommerce, Magento,
PrestaShop and osCommerce. The shop, its people and its amounts are this file's own.
"""

import base64
import json
import unittest
import uuid as uuids
from urllib.parse import urlsplit

import orders
from simulator import Listener
from till import Till

PLATFORM = {"name": "viveros", "version": "3.1", "uname": "Linux caja", "db_name": "mysql", "db_version": "8.0"}


def address(**changes) -> dict:
    """Where a gardener of Logroño lives; a change to `...` leaves a field out."""
    return changed({
        "given_names": "Begoña", "surnames": "Ruiz de Azúa", "company": "", "address_line_1": "Camino de los Tilos 14",
        "address_line_2": "", "postal_code": "26004", "city": "Logroño", "country_code": "ES",
        "mobile_phone": "677 010 203",
    }, changes)


def customer(**changes) -> dict:
    return changed({
        "given_names": "Begoña", "surnames": "Ruiz de Azúa", "email": "begona@vivero.example", "logged_in": True,
        "language_code": "es-ES", "ip_number": "192.0.2.61", "user_agent": "Mozilla/5.0 (X11; Linux x86_64)",
    }, changes)


def changed(block: dict, changes: dict) -> dict:
    return {key: value for key, value in (block | changes).items() if value is not ...}


def product(total, quantity=1, **changes) -> dict:
    return changed({
        "type": "product", "reference": "OLI-3", "name": "Olivo en maceta", "price_with_tax": total // quantity,
        "quantity": quantity, "total_with_tax": total, "downloadable": False,
    }, changes)


def line(kind, total, **changes) -> dict:
    return changed({"type": kind, "reference": kind.upper(), "name": kind, "total_with_tax": total}, changes)


def cart(*items, **changes) -> dict:
    return changed({
        "currency": "EUR", "gift": False, "order_total_with_tax": sum(item["total_with_tax"] for item in items),
        "items": list(items),
    }, changes)


def order(*items, **changes) -> dict:
    """What all of them have in common; a change to `...` leaves a block out."""
    return changed({
        "state": "", "merchant": {"id": "shop_es"}, "cart": cart(*items or [product(6450, 3)]),
        "delivery_method": {"name": "Reparto propio"}, "delivery_address": address(), "invoice_address": address(),
        "customer": customer(), "gui": {"layout": "desktop"}, "platform": dict(PLATFORM),
    }, changes)


NAMES = "given_names", "surnames"


class Clients(Till):
    """A till that sells what a client has built."""

    def sold(self, order, form=True, **config):
        """Start, form, approval, confirmation and reference; returns the answers of the steps by their names."""
        client, ref = self.open(journal=str(self.folder / f"{uuids.uuid4()}.db"), **config), orders.new_ref()
        steps = {"start": self.assertStatus("SQ_OK", client.start({"order": order}))}
        url, uuid = steps["start"].url, steps["start"].uuid
        if form:
            steps["form"] = self.assertStatus("SQ_OK", client.send_form(url, "pp3"))
        self.sim.approve(uuid)
        steps["confirm"] = self.assertStatus("SQ_OK", client.confirm(url, order))
        self.assertEqual(("confirmed", "set_order_ref"), (steps["confirm"].state, steps["confirm"].next))
        # Core repeats what it has confirmed, with both references: the shop's number and seQura's uuid.
        steps["reference"] = self.assertStatus("SQ_OK", client.set_ref(url, ref, uuid))
        self.assertEqual(("settled", "none", ref), (steps["reference"].state, steps["reference"].next,
                                                    steps["reference"].order["order_ref_1"]))
        self.assertSentAsItCame(order, uuid)
        self.assertEqual((ref, uuid), (self.sim.order(uuid)["order_ref_1"], self.sim.order(uuid)["order_ref_2"]))
        self.assertEqual(order["cart"]["order_total_with_tax"], self.sim.ledger(uuid)[-1]["amount"])
        self.assertEqual(([], {}), (client.pending().data["orders"], client.pending().data["at_risk"]))
        return steps

    def assertSentAsItCame(self, order, uuid):
        """Every block, in all three requests, with its empty texts and its own formats."""
        requests = [request for request in self.sim.requests() if request["path"] in ("/orders", f"/orders/{uuid}")]
        self.assertEqual(["POST", "PUT", "PUT"], [request["method"] for request in requests[-3:]])
        for request in requests[-3:]:
            sent = json.loads(base64.b64decode(request["body_base64"]))["order"]
            for name, block in order.items():
                if name not in ("state", "merchant_reference"):
                    there = sent[name]
                    if name == "customer":  # who it is may stand in the address only
                        there = {field: value for field, value in there.items() if field in block or field not in NAMES}
                    self.assertEqual(block, there, name)

    def codes(self, answer):
        """The warnings as (place, code)."""
        return [(warning["pointer"], warning["code"]) for warning in answer.document["warnings"]]


class WhatTheySend(Clients):
    def test_php_client_with_everything_that_it_documents(self):
        rich = order(
            product(7060, 2, perishable=False, personalized=False, restockable=True, category="frutales",
                    description="Injertado, dos años", manufacturer="Viveros del Ebro", supplier="Agro Rioja",
                    product_id="6", url="http://vivero.example/frutales/olivo", tracking_reference="uno"),
            line("handling", 242), line("discount", -750), line("other_payment", -750),
            trackings=[
                {"type": "pickup_store", "reference": "uno", "operator_ref": "044-2", "store_ref": "norte",
                 "tracking_number": "RJ17", "available_at": "2026-02-05T13:21:22+01:00",
                 "delivered_at": "2026-02-05T19:21:22+01:00", "address_line_1": "Calle Mayor 2", "address_line_2": "bajo",
                 "postal_code": "26001", "city": "Logroño", "state": "La Rioja", "country_code": "ES"},
                {"type": "postal", "reference": "dos", "carrier": "Correos", "tracking_number": "TX9",
                 "tracking_url": "https://envios.example/TX9", "delivered_at": "2026-02-06T09:00:00+01:00"}],
            delivery_method={"name": "Urgente", "days": "¡Mañana mismo!", "provider": "Correos", "home_delivery": True},
            customer=customer(
                title="mr", ref=123, date_of_birth="1975-11-02", nin="23232323T", company="", vat_number="",
                created_at="2024-08-15T21:07:37+01:00", updated_at="2025-09-27T16:50:25+01:00", rating=100,
                nin_control="15012028F2", previous_orders=[{
                    "created_at": "2025-06-11T12:27:40+02:00", "amount": 4656, "currency": "EUR", "raw_status": "Enviado",
                    "status": "shipped", "payment_method_raw": "PayPal", "payment_method": "PP", "postal_code": "26004",
                    "country_code": "ES"}]),
            gui={"layout": "mobile"}, platform=PLATFORM | {"plugin_version": "2.0", "php_version": "8.2"})
        self.assertEqual([], self.codes(self.sold(rich)["start"]))

    def test_core_with_every_kind_of_line_and_the_total_put_right(self):
        # What its shop declares and what the lines come to differ: core adds a line of its own for it.
        for difference in (line("discount", -3, reference="additional_discount", name="Discount"),
                           line("handling", 5, reference="additional_handling", name="Surcharge")):
            steps = self.sold(order(
                product(6000, 2), product(1499, reference="SUS-1"),
                {"type": "service", "reference": "POD", "name": "Poda anual", "ends_in": "P3Y6M4DT12H30M5S",
                 "price_with_tax": 2500, "quantity": 1, "total_with_tax": 2500, "downloadable": False,
                 "supplier": "Podas Iregua", "rendered": False},
                {"type": "invoice_fee", "total_with_tax": 295}, line("registration", 1000), difference))
            self.assertEqual([], self.codes(steps["start"]))

    def test_references_that_are_numbers(self):
        # WooCommerce and PrestaShop give the number of a row: of the cart, of the customer, of the product.
        self.sold(order(cart=cart(product(6450, 3, product_id=31), cart_ref=1207), customer=customer(ref=88)))

    def test_moments_without_a_zone_and_days_as_moments(self):
        # Magento and PrestaShop put a T where the database has a blank; osCommerce gives the day alone.
        self.sold(order(customer=customer(previous_orders=[
            {"created_at": "2025-07-01T10:00:00", "amount": 4656, "currency": "EUR"},
            {"created_at": "2025-07-02", "amount": 99, "currency": "EUR"},
            {"created_at": "2025-07-03T10:00:00+0200", "amount": 0, "currency": "EUR"}])))

    def test_fields_of_older_builders_pass_untouched(self):
        # Prices without tax are gone from the documentation; the builders still send them.
        self.sold(order(
            cart=cart(product(6450, 3, tax_rate=0, price_without_tax=2150, total_without_tax=6450),
                      line("invoice_fee", 295, tax_rate=0, total_without_tax=295),
                      order_total_without_tax=6745, order_total_tax=0),
            platform=PLATFORM | {"php_os": "Linux"}))


#: A till whose language has no null: COBOL pads with blanks, others leave the text empty.
NOTHING = ("", "    ")


class WhatTheySendAndTheDocumentationForbids(Clients):
    """What is inferred to be taken: it is sent as it came, and a warning says where it may fall short."""

    def assertPlaces(self, answer, *places):
        """Each is warned of once, and nothing else is."""
        self.assertEqual(sorted(places), sorted(place for place, _ in self.codes(answer)), self.codes(answer))

    def test_php_clients_own_test_order(self):
        steps = self.sold(order(
            merchant={"id": "shop_es", "edit_url": ""},
            invoice_address=address(address_line_1="", postal_code="", city="")))
        self.assertTrue({"/invoice_address/address_line_1", "/invoice_address/postal_code", "/invoice_address/city"}
                        <= {place for place, _ in self.codes(steps["start"])}, self.codes(steps["start"]))

    def test_php_client_puts_a_total_right_with_a_line_that_has_no_reference(self):
        for difference in (line("discount", -1, reference="", name="ajuste"), line("handling", 2, reference="")):
            self.sold(order(product(6000, 2), product(1499, reference="SUS-1"), difference))

    def test_core_at_its_smallest(self):
        # Neither names nor a telephone: the form asks the shopper.
        nameless = address(given_names=..., surnames=..., mobile_phone=...)
        steps = self.sold(order(delivery_address=nameless, invoice_address=nameless,
                                customer=customer(given_names=..., surnames=..., logged_in="unknown")), form=False)
        places = {place for place, _ in self.codes(steps["start"])}
        self.assertTrue({f"/{block}/{name}" for block in ("delivery_address", "invoice_address", "customer")
                         for name in ("given_names", "surnames")} <= places, places)

    def test_core_where_the_merchant_takes_orders_without_addresses(self):
        blank = {name: "" for name in ("company", "address_line_1", "address_line_2", "postal_code", "city", "country_code")}
        steps = self.sold(order(merchant={"id": "shop_es", "options": {"addresses_may_be_missing": True}},
                                delivery_address=dict(blank), invoice_address=blank | {"given_names": "", "surnames": ""}),
                          form=False)
        self.assertEqual([], [place for place, _ in self.codes(steps["start"]) if "_address" in place and not place.endswith("mobile_phone")])

    def test_woocommerce_of_today(self):
        # Previous orders carry the shop's own words; an order without a date has an empty one.
        steps = self.sold(order(
            cart=cart(product(6450, 3, product_id=31, category="<a>Frutales</a>", description=""), line("handling", 595),
                      cart_ref="b7a1", created_at="2026-07-01T10:00:00+00:00", updated_at="2026-07-01T10:04:11+00:00"),
            delivery_method={"name": "default", "provider": "default"},
            delivery_address=address(state="", extra="", vat_number=""),
            customer=customer(
                language_code="es", ref=88, ip_number="", user_agent="", company="", vat_number="",
                previous_orders=[
                    {"created_at": "2025-06-11T12:27:40+00:00", "amount": 4656, "currency": "EUR", "raw_status": "completed",
                     "status": "Completado", "payment_method_raw": "bacs", "payment_method": "Transferencia bancaria"},
                    {"created_at": "", "amount": 990, "currency": "EUR", "raw_status": "processing", "status": "Procesando",
                     "payment_method_raw": "", "payment_method": "", "postal_code": "26004", "country_code": "ES"}])))
        self.assertIn("/customer/ip_number", {place for place, _ in self.codes(steps["start"])})

    def test_woocommerce_of_yesterday_says_in_the_cart_how_it_is_delivered(self):
        for method in ({"name": "Mensajero", "days": "", "provider": "flat_rate"}, {"name": "", "provider": ""}):
            self.sold(order(
                cart=cart(product(6450, 3, reference="", tax_rate=0, total_without_tax=6450), delivery_method=method),
                delivery_method=..., customer=customer(date_of_birth="", nin="", language_code="es")))

    def test_magento_and_its_guest(self):
        # No names of the guest, the database's moments, the shop's locale; and only a telephone.
        home = address(mobile_phone=..., phone="941 20 30 40", state="La Rioja")
        self.sold(order(
            cart=cart(product(6450, 3, category="", description="", product_id="31", url="https://vivero.example/olivo"),
                      line("handling", 595, reference="shipping cost", name="Shipping cost"),
                      cart_ref="1207", created_at="2026-07-01 10:00:00", updated_at="2026-07-01 10:04:11"),
            delivery_method={"name": "", "home_delivery": True}, delivery_address=home, invoice_address=home,
            customer=customer(given_names=..., surnames=..., logged_in=False, language_code="es_ES", company="",
                              previous_orders=[])), form=False)

    def test_magento_and_its_customer(self):
        self.sold(order(customer=customer(
            language_code="ca_ES", date_of_birth="", created_at="2024-07-01 10:00:00", updated_at="2024-07-01 10:00:00",
            previous_orders=[{
                "created_at": "2025-07-01T10:00:00", "amount": 4656, "currency": "EUR", "raw_status": "complete",
                "status": "shipped", "payment_method_raw": "", "payment_method": "", "postal_code": "", "country_code": ""}])))

    def test_prestashop(self):
        # A voucher of the shop's own has neither code nor description; the database has no date, the proxy passes its own on.
        steps = self.sold(order(
            cart=cart(product(6450, 3, reference="31", product_id="31"), line("handling", 595, reference="shipping", name="SEUR"),
                      line("discount", -645, reference="", name=""),
                      cart_ref=1207, created_at="2026-07-01 10:00:00", updated_at="2026-07-01 10:04:11",
                      delivery_method={"name": "SEUR", "days": "24 h"}),
            delivery_method=..., merchant={"id": "shop_es", "options": None},
            customer=customer(ref="88", language_code="es", created_at="2024-07-01 10:00:00",
                              ip_number="192.0.2.61, 198.51.100.7",
                              updated_at="0000-00-00 00:00:00", previous_orders=[{
                                  "created_at": "2025-07-01T10:00:00", "amount": 4656, "currency": "EUR", "raw_status": "",
                                  "status": "processing", "payment_method_raw": "", "payment_method": "O/redsys",
                                  "postal_code": None}])))
        self.assertNotIn("/merchant/options", {place for place, _ in self.codes(steps["start"])})

    def test_oscommerce(self):
        self.sold(order(
            cart=cart(product(6450, 3, manufacturer="", category="", description="", url="www.vivero.example/olivo"),
                      created_at="2026-07-01T10:00:00+02:00", delivery_method={"name": "Correos", "provider": ""}),
            delivery_method=..., customer=customer(ref="88", language_code="espanol", previous_orders=[
                {"created_at": "", "amount": 4656, "currency": "EUR"}])))

    def test_spanish_mobiles_as_people_write_them(self):
        for number in ("34666666666", "+34 (0)666 666 666", "0034 666-66-66-66", "666.666.666", "(+34) 666666666"):
            with self.subTest(number):
                home = address(mobile_phone=number)
                self.assertEqual([], self.codes(self.sold(order(delivery_address=home, invoice_address=home))["start"]))

    def test_a_till_without_null(self):
        # Every optional text, and no warning for any of them: nothing was said there.
        for nothing in NOTHING:
            with self.subTest(nothing):
                steps = self.sold(order(
                    cart=cart(
                        product(6450, 3, **{name: nothing for name in (
                            "category", "description", "manufacturer", "supplier", "product_id", "url", "tracking_reference")}),
                        cart_ref=nothing, created_at=nothing, updated_at=nothing),
                    merchant={"id": "shop_es", "store_ref": nothing, "operator_ref": nothing, "tag_ref": nothing},
                    merchant_reference={"order_ref_1": nothing, "order_ref_2": nothing},
                    delivery_method={"name": "Reparto propio", "days": nothing, "provider": nothing},
                    delivery_address=address(phone=nothing, state=nothing, extra=nothing, vat_number=nothing),
                    customer=customer(**{name: nothing for name in (
                        "title", "ref", "date_of_birth", "nin", "company", "vat_number", "created_at", "updated_at",
                        "nin_control")}),
                    instore={"code": nothing}, first_charge_date=nothing))
                self.assertPlaces(steps["start"])
                self.assertEqual((None, None), (steps["start"].order["order_ref_1"], steps["start"].order["order_ref_2"]))
                self.assertIsNone(steps["confirm"].order["order_ref_1"])

    def test_a_service_that_says_twice_when_it_ends_but_once_with_nothing(self):
        service = {"type": "service", "reference": "POD", "name": "Poda anual", "price_with_tax": 2500, "quantity": 1,
                   "total_with_tax": 2500, "downloadable": False}
        for nothing in NOTHING:
            self.sold(order(service | {"ends_in": "P1Y", "ends_on": nothing}))
            self.sold(order(service | {"ends_in": nothing, "ends_on": "2030-01-31"}))
            answer = self.open(journal=":memory:").start(order(service | {"ends_in": nothing, "ends_on": nothing}))
            self.assertStatus("SQ_INVALID_ORDER", answer, "mutually_exclusive")


#: Beside what is asked for: a group of methods without one, nulls, and a campaign that began in the year 22.
METHODS = {"payment_options": [
    {"title": "Paga ahora", "description": None, "icon": None, "category": "pay_now", "methods": []},
    {"title": "Paga fraccionado", "description": "Hoy solo la primera cuota", "icon": None, "category": "part_payment",
     "methods": [
         {"product": "pp3", "campaign": None, "title": "Desde 9,10 €/mes", "long_title": "Desde 9,10 €/mes", "claim": None,
          "description": None, "icon": "<svg/>", "cost": {"setup_fee": 0, "instalment_fee": 300, "down_payment_fees": 300,
                                                           "instalment_total": 910},
          "cost_description": None, "starts_at": "0022-02-22T22:36:44Z", "ends_at": "2222-02-22T21:02:00Z", "widget": None,
          "info_widget": None},
         {"product": "pp5", "campaign": "verano", "title": "Paga el mes que viene", "long_title": "El mes que viene",
          "claim": "Sin coste", "description": None, "icon": None, "cost": {"setup_fee": 295, "instalment_fee": 0},
          "cost_description": "+ 2,95 €", "starts_at": "2000-02-22T21:22:00Z", "ends_at": "2222-02-22T21:22:00Z"}]},
]}


class WhatTheyHear(Clients):
    def hear(self, status, body, **fields):
        self.sim.fault("status", status=status, body=body if isinstance(body, str) else json.dumps(body),
                       content_type="application/json", **fields)

    def test_a_group_without_methods_is_no_fault_and_each_method_has_its_group(self):
        client = self.open()
        url = client.start(order()).url
        self.hear(200, METHODS, method="GET")
        methods = self.assertStatus("SQ_OK", client.payment_methods(url)).data["methods"]
        self.assertEqual([("pp3", None, "part_payment"), ("pp5", "verano", "part_payment")],
                         [(method["product"], method["campaign"], method["category"]) for method in methods])
        self.assertEqual([300, 0], [method["cost"]["instalment_fee"] for method in methods])

    def test_whose_merchant_it_is_not_is_a_matter_of_the_configuration(self):
        client = self.open()
        for ask, body, code in (
            (lambda: client.start(order()), "Bad merchant id 'shop_es' for vivero", "bad_merchant_id"),
            (client.payment_methods, "Bad merchant id 'shop_es' for vivero", "bad_merchant_id"),
        ):
            self.hear(403, {"errors": [body]})
            answer = self.assertStatus("SQ_FORBIDDEN", ask(), code)
            self.assertEqual((body, "fix_configuration"), (answer.error(code)["message"], answer.next))

    def test_no_access_to_a_change_after_the_sale(self):
        client = self.open()
        _, _, _, ref = self.settled(client)
        self.hear(403, {"errors": ["You do not have access to this URL"]}, method="PUT")
        answer = self.assertStatus("SQ_FORBIDDEN", client.call("sq_ship", ref, None), "no_access_to_url")
        self.assertEqual("settled", answer.state)

    def test_denied_in_either_form(self):
        client = self.open()
        for body in ('{"errors":["Access denied"]}', "HTTP Basic: Access denied."):
            self.hear(401, body)
            answer = self.assertStatus("SQ_UNAUTHORIZED", client.check_credentials(), "access_denied", "access_denied")
            self.assertEqual("fix_configuration", answer.next)

    # -- as core and php-client read a start and a refusal

    def test_where_an_order_is_may_be_said_with_what_follows_its_path(self):
        # Core takes the last segment of the path, whatever comes after it.
        for after in ("/", "?source=api", "#top", "/?source=api#top"):
            with self.subTest(after):
                self.sim.reset()
                self.sim.fault("foreign_location", url=self.sim.http + "/orders/{uuid}" + after)
                answer = self.assertStatus("SQ_OK", self.open(journal=":memory:").start(order()))
                known, = self.sim.orders()
                self.assertEqual((f"{self.sim.http}/orders/{known['uuid']}", []), (answer.url, answer.warned))

    def test_a_gateway_that_shows_its_own_host_gets_no_credentials(self):
        with Listener() as gateway:
            for place in (gateway.url, "https://gateway.example", "http://10.0.0.7:8080/proxy/v1",
                          self.sim.http.replace("http:", "https:")):
                with self.subTest(place):
                    self.sim.reset()
                    self.sim.fault("foreign_location", url=place + "/orders/{uuid}")
                    client = self.open(journal=":memory:")
                    answer = self.assertStatus("SQ_OK", client.start(order()))
                    self.assertEqual(f"{self.sim.http}/orders/{self.sim.orders()[0]['uuid']}", answer.url)
                    said, = answer.document["warnings"]
                    self.assertIn(urlsplit(place).hostname, said["message"])
                    self.assertStatus("SQ_OK", client.send_form(answer.url))
                    self.sim.approve(answer.uuid)
                    self.assertStatus("SQ_OK", client.confirm(answer.url))
                    self.assertStatus("SQ_OK", client.payment_methods(answer.url))
                    self.assertStatus("SQ_OK", client.set_ref(answer.url, orders.new_ref()))
            self.assertEqual([], gateway.accepted)

    def test_elsewhere_only_a_uuid_in_its_usual_form_counts(self):
        for last in ("5a6b8f0e1c7d4e2f9a3b0d1c2e3f4a5b", "sign_in", "9", "{5a6b8f0e-1c7d-4e2f-9a3b-0d1c2e3f4a5b}", "",
                     "5a6b8f0e-1c7d-4e2f-9a3b-0d1c2e3f4a5b/form"):
            with self.subTest(last):
                self.sim.fault("foreign_location", url=f"https://gateway.example/orders/{last}")
                answer = self.open(journal=":memory:").start(order())
                self.assertStatus("SQ_BAD_RESPONSE", answer)
                self.assertIsNone(answer.order["url"])

    def test_of_an_error_with_a_title_the_title_is_what_is_said(self):
        client = self.open()
        url, _, sold = self.approved(client, order())
        self.hear(409, {"errors": [
            {"title": "Invalid data: the order has expired", "detail": "expired_at: 2026-07-01", "code": "E42"},
            {"title": "Algo más", "detail": "d"}]}, method="PUT")
        answer = self.assertStatus("SQ_CONFLICT", client.confirm(url, sold))
        self.assertEqual(["Invalid data: the order has expired", "Algo más"],
                         [error["message"] for error in answer.document["errors"]])

    def test_an_order_that_seQura_has_no_longer(self):
        client = self.open()
        url, uuid, sold = self.approved(client, order())
        gone = {"errors": [f"Bad order id '{uuid}' for sandbox_key"]}
        self.hear(403, gone, method="GET")
        answer = self.assertStatus("SQ_FORBIDDEN", client.payment_methods(url), "bad_order_id")
        self.assertEqual("restart_checkout", answer.next)
        self.sim.fault("close_after", method="PUT")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", client.confirm(url, sold))
        self.hear(403, gone, method="PUT")
        answer = client.confirm(url, sold)
        self.assertEqual("contact_sequra", answer.next)
        self.assertEqual({"EUR": {"shop_es": 6450}}, client.pending().data["at_risk"])


if __name__ == "__main__":
    unittest.main()
