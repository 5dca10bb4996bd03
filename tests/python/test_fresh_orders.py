"""The orders that the documentation shows are sold as they stand there, without one refused call."""

import json
import unittest
from pathlib import Path

from till import Till

ORDERS = Path(__file__).parents[2] / "docs/orders"
#: How each gets its form: seQura sends SMS to Spanish mobiles alone.
CHANNELS = {"small": "sms", "large": "sms", "spain": "sms", "france": "email", "portugal": "email"}


class AsTheyAreShown(Till):
    def test_each_is_sold(self):
        self.assertEqual(set(CHANNELS), {path.stem for path in ORDERS.glob("*.json")})
        client = self.open(merchant_id=None, merchants={"ES": "shop_es", "FR": "shop_fr", "PT": "shop_pt"})
        for name, channel in CHANNELS.items():
            with self.subTest(name):
                order = json.loads((ORDERS / f"{name}.json").read_text(encoding="utf-8"))
                checked = self.assertStatus("SQ_OK", client.call("sq_check_order", order))
                self.assertEqual([], checked.document["warnings"])
                started = self.assertStatus("SQ_OK", client.start(order))
                self.assertStatus("SQ_OK", client.payment_methods(started.url))
                self.assertStatus("SQ_OK", client.send_form_by(started.url, channel))
                self.sim.approve(started.uuid)
                sold = self.assertStatus("SQ_OK", client.confirm(started.url, order))
                if sold.state != "settled":
                    sold = self.assertStatus("SQ_OK", client.set_ref(started.url, f"{name}-1"))
                self.assertEqual("settled", sold.state)

    def test_what_the_countries_have_in_common(self):
        for name, country in (("spain", "ES"), ("france", "FR"), ("portugal", "PT")):
            order = json.loads((ORDERS / f"{name}.json").read_text(encoding="utf-8"))
            self.assertEqual(country, order["delivery_address"]["country_code"])
            kinds = [item.get("type") for item in order["cart"]["items"]]
            self.assertTrue({"product", "discount", "other_payment"} <= set(kinds))

    def test_a_mobile_that_no_sms_goes_to_is_told_as_that(self):
        client = self.open(merchant_id=None, merchants={"FR": "shop_fr"})
        started = client.start(json.loads((ORDERS / "france.json").read_text(encoding="utf-8")))
        answer = self.assertStatus("SQ_CONFLICT", client.send_form(started.url), "foreign_mobile")
        self.assertEqual("/delivery_address/mobile_phone", answer.document["errors"][0]["pointer"])
        self.assertIn("of another country", answer.document["operator_message"])
        self.assertStatus("SQ_OK", client.send_form_by(started.url, "email"))


if __name__ == "__main__":
    unittest.main()
