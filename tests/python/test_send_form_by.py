"""The form by SMS or by mail: sq_send_form_by, of which sq_send_form is the one by SMS."""

import json
import unittest

import orders
from outside import Stranger
from till import Till


def reached_by(phone):
    order = orders.complete()
    for name in ("delivery_address", "invoice_address"):
        order[name].pop("mobile_phone", None)
        if phone is not None:
            order[name]["mobile_phone"] = phone
    order["customer"]["email"] = ADDRESS
    return order


ADDRESS = "nombre@example.es"
BY_MAIL = {"es": "correo electrónico", "en": "by e-mail", "fr": "courrier électronique", "it": "per e-mail", "pt": "por e-mail"}
MOBILE = {"es": "móvil", "en": "mobile", "fr": "mobile", "it": "cellulare", "pt": "telemóvel"}


class ByChannel(Till):
    def started(self, phone="612 345 678", **config):
        self.client = self.open(**config)
        return self.assertStatus("SQ_OK", self.client.start(reached_by(phone))).url

    def form_requests(self):
        return [json.loads(row["request"])
                for row in self.rows("SELECT request FROM steps WHERE step = 'send_form' ORDER BY id")]

    def test_a_mail_goes_to_the_customers_address(self):
        for phone in ("612 345 678", "933 033 033", "+33 6 12 34 56 78", None):
            with self.subTest(phone):
                self.sim.reset()
                url = self.started(phone, journal=":memory:")
                with self.sends(1):
                    answer = self.assertStatus("SQ_OK", self.client.send_form_by(url, "email", "pp5", "verano"))
                self.assertEqual(("send_form_by", "form_sent", "confirm"),
                                 (answer.document["operation"], answer.state, answer.next))
                self.assertEqual(["product_unchecked"], answer.warned)
                mail, = self.sim.emails()
                self.assertEqual((ADDRESS, "pp5", "verano"), (mail["email"], mail["product_code"], mail["campaign"]))
                self.assertEqual([], self.sim.sms())
                self.assertNotIn(ADDRESS, str(answer.document))

    def test_by_sms_is_what_sq_send_form_does(self):
        said = []
        for by in (lambda url: self.client.send_form(url), lambda url: self.client.send_form_by(url, "sms")):
            for phone in ("612 345 678", "933 033 033", None):
                url = self.started(phone, journal=":memory:")
                document = by(url).document
                said.append([document[name] for name in ("status", "next", "warnings", "errors", "operator_message")])
        self.assertEqual(said[:3], said[3:])
        self.assertEqual((2, 0), (len(self.sim.sms()), len(self.sim.emails())))

    def test_product_and_campaign_are_checked_for_a_mail_too(self):
        url = self.started()
        with self.sends(0):
            self.assertStatus("SQ_INVALID_ORDER", self.client.send_form_by(url, "email", "pp5"), "null_argument")
        self.assertStatus("SQ_OK", self.client.payment_methods(url))
        with self.sends(0):
            self.assertStatus("SQ_INVALID_ORDER", self.client.send_form_by(url, "email", "pp6"), "product_not_offered")
        self.assertEqual([], self.assertStatus("SQ_OK", self.client.send_form_by(url, "email")).warned)

    def test_another_channel_is_refused_with_those_that_there_are(self):
        url = self.started()
        for channel in (None, "", "  ", "fax", "SMS", "Email", "e-mail", "embedded_form", "sms,email"):
            with self.subTest(channel), self.sends(0):
                answer = self.assertStatus("SQ_INVALID_ARGUMENT", self.client.send_form_by(url, channel))
                message = answer.document["errors"][0]["message"]
                self.assertTrue("channel" in message and "sms" in message and "email" in message, message)
        self.assertEqual([], self.form_requests())

    def test_the_operator_hears_of_a_mail_and_not_of_a_mobile(self):
        for language, said in BY_MAIL.items():
            with self.subTest(language):
                url = self.started(journal=":memory:", language=language)
                document = self.client.send_form_by(url, "email").document
                self.assertIn(said, document["operator_message"])
                answers = [document, self.client.order_info(url).document]
                self.sim.fault("status", status=409, path="form_deliveries",
                               body=json.dumps({"errors": ["Invalid data: no"]}), content_type="application/json")
                answers.append(self.client.send_form_by(url, "email").document)
                self.sim.fault("close_after", path="form_deliveries")
                answers.append(self.client.send_form_by(url, "email").document)
                for one in answers:
                    self.assertNotIn(MOBILE[language], one["operator_message"])
                self.assertIn(MOBILE[language], self.client.send_form(url).document["operator_message"])

    def test_where_the_form_is_due_no_channel_is_named(self):
        for language, mobile in MOBILE.items():
            with self.subTest(language):
                client = self.open(journal=":memory:", language=language)
                started = client.start(orders.complete())
                for answer in (started, client.order_info(started.url)):
                    self.assertEqual("send_form", answer.next)
                    self.assertNotIn(mobile, answer.document["operator_message"])

    def test_the_other_channel_is_another_form(self):
        url = self.started()
        self.sim.fault("close_after", path="form_deliveries")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", self.client.send_form(url))
        with self.sends(1):
            self.assertStatus("SQ_OK", self.client.send_form_by(url, "email"))
        self.assertStatus("SQ_OK", self.client.send_form_by(url, "sms"))
        # The form whose answer was lost is left for the one by mail, which is another.
        self.assertEqual(["email", "sms"], [one["channel"] for one in self.form_requests()])
        self.assertEqual((2, 1), (len(self.sim.sms()), len(self.sim.emails())))

    def test_a_form_that_an_older_version_recorded_is_one_by_sms(self):
        url = self.started()
        self.sim.fault("close_after", path="form_deliveries")
        self.assertStatus("SQ_OUTCOME_UNKNOWN", self.client.send_form(url))
        self.client.close()
        Stranger.shared().write(self.journal, "UPDATE steps SET request = json_remove(request, '$.channel') "
                                              "WHERE step = 'send_form'")
        self.client = self.open()
        self.assertEqual("SQ_OK", self.client.call("sq_recover", url).name)
        self.assertStatus("SQ_OK", self.client.send_form_by(url, "email"))
        self.assertEqual(["email"], [one.get("channel") for one in self.form_requests()][-1:])

    def test_sequra_may_refuse_the_channel(self):
        self.sim.rules(form_by_email=False)
        url = self.started()
        answer = self.client.send_form_by(url, "email")
        self.assertEqual(("SQ_CONFLICT", "solicited"), (answer.name, answer.state))
        self.assertStatus("SQ_OK", self.client.send_form(url))


if __name__ == "__main__":
    unittest.main()
