"""typed.py CONFIG: docs/orders/large.json written with the package's types, and sold; test_types.py checks and misspells it."""

import json
import sys
from typing import Dict

from sequra_pos import Client, State, orders, results


def large() -> orders.Order:
    address = orders.Address(
        given_names="Íñigo", surnames="Muñoz Güell", company="", address_line_1="C/ de la Concepción 3",
        address_line_2="1º", postal_code="15001", city="A Coruña", state="A Coruña", country_code="ES",
        mobile_phone="612345678", extra="Portal B")
    return orders.Order(
        merchant=orders.Merchant(
            id="shop_es", store_ref="madrid-3", operator_ref="ana", options=orders.Options(immutable_customer_data=True)),
        merchant_reference=orders.MerchantReference(order_ref_1="T3-000123", order_ref_2="F-2026-77"),
        cart=orders.Cart(
            currency="EUR", gift=True, cart_ref="M3-4711", created_at="2026-11-27T12:25:20+01:00",
            order_total_with_tax=44690,
            items=[
                orders.Product(
                    reference="BIC-20", name="Bicicleta plegable Ñandú 20\"", quantity=1, price_with_tax=34900,
                    total_with_tax=34900, downloadable=False, category="Bicicletas", manufacturer="Ñandú, S. A.",
                    product_id=4711, restockable=True),
                orders.Product(
                    reference="GRA-7", name="Gravilla a granel 2,345 kg", quantity=1, price_with_tax=1000,
                    total_with_tax=1000, downloadable=False),
                orders.Service(
                    reference="GAR-2", name="Garantía ampliada, dos años", quantity=1, price_with_tax=14500,
                    total_with_tax=14500, downloadable=False, ends_in="P2Y"),
                orders.Handling(reference="ENV-01", name="Envío a domicilio", total_with_tax=1290),
                orders.Discount(reference="REB-11", name="Rebaja de otoño", total_with_tax=-2000),
                orders.OtherPayment(reference="EFE-01", name="Pagado en efectivo", total_with_tax=-5000),
            ]),
        delivery_method=orders.DeliveryMethod(
            name="Envío a domicilio", days="2", provider="Correos", home_delivery=True),
        delivery_address=address,
        invoice_address=orders.Address(
            given_names="Íñigo", surnames="Muñoz Güell", company="Talleres Sur, S. L.",
            address_line_1="Av. de la Estación 12", address_line_2="", postal_code="15002", city="A Coruña",
            country_code="ES", vat_number="B12345678"),
        customer=orders.Customer(
            title="mr", given_names="Íñigo", surnames="Muñoz Güell", email="inigo.munoz@example.es", nin="23232323T",
            nin_control="IDESP", date_of_birth="1980-01-20", ref="C-1001", logged_in=True, language_code="es-ES",
            ip_number="127.0.0.1", user_agent=None, created_at="2019-05-02T10:00:00+02:00", rating=80,
            previous_orders=[
                orders.PreviousOrder(
                    created_at="2026-03-01T12:00:00+01:00", amount=3990, currency="EUR", status="shipped",
                    raw_status="entregado", payment_method="CC", country_code="ES"),
            ]),
        gui=orders.Gui(layout="desktop"),
        platform=orders.Platform(
            name="TPV Norte", version="7.2", uname="Windows 7", db_name="dBase", db_version="IV", plugin_version="1.0"))


def at_risk(pending: results.PendingData) -> Dict[str, int]:
    return {currency: sum(cents or 0 for cents in of.values()) for currency, of in pending["at_risk"].items()}


def main() -> None:
    order = large()
    print(json.dumps(order.document()))
    # What seQura has newly, and this package does not know.
    assert order.cart
    order.cart.other_fields["its_name"] = [1]
    order.cart.items = [*order.cart.items, orders.Handling(
        reference="ENV-02", name="Bolsa", total_with_tax=0, other_fields={"its_name": None})]
    with Client.open_file(sys.argv[1]) as till:
        till.check_order(order)
        url = till.start_solicitation(order).order.url
        till.send_form(url, "pp3")
        waiting = till.pending().data
        print(waiting["orders"][0]["missing"], waiting["orders"][0]["amount"], json.dumps(at_risk(waiting)), flush=True)
        sys.stdin.readline()
        sold = till.confirm(url, order)
        changed = till.update_order("T3-000123", orders.Order(delivery_address=order.invoice_address))
        amounts = changed.data["amounts"]
        tests = till.self_test().data["tests"]
        print(sold.order.state == State.SETTLED, amounts and amounts["approved"], [test["name"] for test in tests][0])
        print(json.dumps(till.order_info(url).data["unshipped_cart"]))


if __name__ == "__main__":
    main()
