"""The simulator's pages in Chromium: a till in C sells, and the person beside it is this test.

Pictures of the pages are left in target/pictures.
"""

import copy
import http.server
import json
import os
import re
import tempfile
import threading
import unittest
from pathlib import Path

from browser import Browser
from stage import FOLDER, ORDER, ROOT, SCRATCH, Simulator, Till

PICTURES = Path(os.environ.get("SEQURA_PICTURES", ROOT / "target" / "pictures"))

# Every text against what is behind it: WCAG's contrast, and what is below 4.5, or 3 where it is large.
CONTRAST = """
const channel = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
const parse = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
const behind = (one) => {
  for (; one; one = one.parentElement) {
    const colour = parse(getComputedStyle(one).backgroundColor);
    if (colour.length === 3 || colour[3] === 1) return colour;
  }
  return [255, 255, 255];
};
const poor = [];
for (const one of document.querySelectorAll("body *")) {
  const own = Array.from(one.childNodes).some((node) => node.nodeType === 3 && node.data.trim());
  if (!own || !one.checkVisibility() || one.closest(".unseen, .skip, option")) continue;
  const style = getComputedStyle(one);
  const [a, b] = [light(parse(style.color)), light(behind(one))].sort((x, y) => y - x);
  const ratio = (a + 0.05) / (b + 0.05);
  if (ratio < (parseFloat(style.fontSize) >= 24 ? 3 : 4.5)) poor.push(one.textContent.trim() + " " + ratio.toFixed(2));
}
return poor;
"""

# What a screen reader would say nothing of.
UNNAMED = """
const named = (one) => one.getAttribute("aria-label") || one.textContent.trim() || (one.labels && one.labels.length > 0);
return Array.from(document.querySelectorAll("a[href], button, select, input:not([type=hidden]), textarea"))
  .filter((one) => !named(one)).map((one) => one.outerHTML);
"""


def setUpModule():
    PICTURES.mkdir(parents=True, exist_ok=True)


def tearDownModule():
    SCRATCH.cleanup()


class Pages(unittest.TestCase):
    language = "es-ES,es"
    javascript = True

    def setUp(self):
        self.simulator = Simulator()
        self.addCleanup(self.simulator.end)
        self.browser = Browser(tempfile.mkdtemp(dir=FOLDER), self.language, javascript=self.javascript)
        self.addCleanup(self.browser.close)
        self.home()

    def home(self):
        self.browser.go(self.simulator.url + "/")

    def till(self, ticket, order=None):
        """With the configuration that the page shows."""
        configuration = self.browser.script("return document.querySelector('#account-0 pre').textContent")
        return self.ended(Till(configuration, ticket, order))

    def ended(self, till):
        self.addCleanup(till.end)
        return till

    def uuid(self, count):
        """That of the latest of so many orders, when its form is out."""
        def delivered():
            orders = self.simulator.orders()
            return len(orders) == count and orders[-1]["form_delivered"] and orders[-1]["uuid"]
        return self.browser.eventually("an order", delivered)

    def row(self, uuid):
        return self.browser.text(f"#orders tr:has(a[href$='{uuid}'])")

    def shows(self, css, *words):
        def there():
            text = self.browser.text(css)
            return all(word in text for word in words)
        self.browser.eventually(f"{words} in {css}", there)

    def picture(self, name):
        self.browser.picture(PICTURES / f"{name}.png")


class ASaleOnThePage(Pages):
    def test_a_till_sells_while_the_buttons_are_pressed(self):
        browser = self.browser
        self.assertIn("Todavía ninguno", browser.text("#orders"))
        till = self.till("R-100")
        uuid = self.uuid(1)
        # Nobody reloads the page: it shows by itself what has come.
        browser.eventually("the order's row", lambda: "solicitado" in self.row(uuid))
        self.assertIn("Íñigo Muñoz Güell", self.row(uuid))
        self.assertIn("382,90 €", self.row(uuid))
        self.assertIn(f"/orders/{uuid}/pumbaa_form?product=pp3", self.simulator.said())
        browser.click(f"#approve-{uuid}")
        browser.eventually("the approval", lambda: "aprobado" in self.row(uuid))
        status, said = till.enter()
        self.assertEqual(status, 0, said)
        browser.eventually("the sale", lambda: "confirmado" in self.row(uuid) and "R-100" in self.row(uuid))
        self.shows("#ledger", "referencia registrada", "confirmado", "aprobado", "formulario enviado")
        self.shows("#requests", "PUT", "/orders", "200", "204")
        self.assertEqual(browser.complaints(), [])

    def test_the_shopper_approves_on_the_phone(self):
        browser = self.browser
        till = self.till("R-200")
        uuid = self.uuid(1)
        browser.click("#messages .button")
        self.assertIn(f"/orders/{uuid}/pumbaa_form?product=pp3", browser.url)
        self.shows("#form", "382,90 €", "shop_es", "Íñigo", "Fracciona tu pago", "12 ×")
        self.picture("phone")
        for width in (320, 390):
            browser.size(width, 800)
            self.assertLessEqual(browser.script("return document.documentElement.scrollWidth"), width)
        self.picture("phone-390")
        browser.scheme("dark")
        self.assertEqual(browser.script(CONTRAST), [])
        self.picture("phone-dark")
        browser.scheme("light")
        self.assertEqual(browser.script(CONTRAST), [])
        self.assertEqual(browser.script(UNNAMED), [])
        browser.click("a.leave")
        self.shows("#form", "ha salido del formulario")
        self.assertEqual(self.simulator.orders()[0]["state"], "solicited")
        browser.click("#form a.button")
        browser.click("fieldset input[value='6']")
        browser.click("#form button.approve")
        self.shows("#form", "Aprobado")
        self.assertIn("product=pp3", browser.url)
        self.picture("phone-approved")
        status, said = till.enter()
        self.assertEqual(status, 0, said)
        self.shows("#form", "confirmado")
        self.assertEqual(browser.complaints(), [])

    def test_an_answer_is_lost_because_the_page_was_told_so(self):
        browser = self.browser
        browser.click("#kind option[value='lost_answer']")
        browser.click("#target option[value='confirm']")
        browser.click("form.arm button")
        self.shows("#faults", "La respuesta se pierde", "una confirmación", "una vez")
        till = self.till("R-300")
        uuid = self.uuid(1)
        browser.click(f"#approve-{uuid}")
        browser.eventually("the approval", lambda: "aprobado" in self.row(uuid))
        status, said = till.enter()
        self.assertEqual(status, 1, said)
        self.assertIn("SQ_OUTCOME_UNKNOWN", said)
        self.shows("#faults", "todo va bien")
        self.shows("#requests", "sin respuesta", "close_after")
        browser.eventually("the request", lambda: browser.all("#requests .badge.fault"))
        browser.click("#requests details:has(.badge.fault) summary")
        self.shows("#requests details[open]", "La respuesta se perdió", "seQura ha procesado", '"state": "confirmed"')
        self.assertIn("confirmado", self.row(uuid))

    def test_review_and_refusal(self):
        browser = self.browser
        till = self.till("R-400")
        uuid = self.uuid(1)
        browser.click(f"#review-{uuid}")
        browser.eventually("the review", lambda: "en revisión" in self.row(uuid))
        self.assertEqual(browser.all(f"#review-{uuid}"), [])
        browser.click(f"#orders a[href$='{uuid}']")
        self.shows("#order", "en revisión", "Bicicleta plegable", "382,90")
        self.picture("order")
        browser.click(f"#reject-{uuid}")
        self.shows("#order .facts", "cancelado")
        status, said = till.enter()
        self.assertEqual(status, 1, said)

    def test_rules_and_faults_by_hand(self):
        browser = self.browser
        browser.click("#rules > summary")
        self.assertIn("Una confirmación antes", browser.text("#rules"))
        browser.click("#confirm_requires_approval option[value='off']")
        browser.find("#sms_limit").type("\ue009a\ue0003")
        browser.click("form.rules button")
        self.shows("#rules > summary", "distintas de lo habitual: 2")
        rules = self.simulator.ask("GET", "/_sandbox/rules")
        self.assertEqual((rules["confirm_requires_approval"], rules["sms_limit"]), (False, 3))
        browser.click("#rules > summary")
        browser.find("#update_status").type("\ue009a\ue000200x")
        browser.click("form.rules button")
        self.shows("main", "Eso no se puede hacer", "update_status")
        self.home()
        for kind in ("slow", "garbage"):
            browser.click(f"#kind option[value='{kind}']")
            browser.click("form.arm button")
        self.shows("#faults", "5 segundos", "ni siquiera es HTTP")
        browser.click("#remove-1")
        browser.eventually("one less", lambda: "5 segundos" not in browser.text("#faults"))
        self.assertEqual([one["kind"] for one in self.simulator.ask("GET", "/_sandbox/faults")["faults"]], ["garbage"])
        browser.click("#reset > summary")
        browser.click("#reset button")
        self.shows("#faults", "todo va bien")
        self.assertTrue(self.simulator.ask("GET", "/_sandbox/rules")["confirm_requires_approval"])

    def test_by_the_keyboard_alone(self):
        browser = self.browser
        self.till("R-500")
        uuid = self.uuid(1)
        browser.eventually("the order's row", lambda: self.row(uuid))
        for _ in range(40):
            browser.press("\ue004")
            if browser.script("return document.activeElement.id") == f"approve-{uuid}":
                break
        # What has the focus keeps it while the page changes.
        self.simulator.ask("POST", "/_sandbox/faults", {"kind": "close_before"})
        self.shows("#faults", "La línea se corta")
        self.assertEqual(browser.script("return document.activeElement.id"), f"approve-{uuid}")
        browser.press("\ue007")
        browser.eventually("the approval", lambda: "aprobado" in self.row(uuid))


class WithoutJavaScript(Pages):
    javascript = False

    # Without it chromedriver has no scripts of its own, either: what is shown is asked of the simulator.
    def test_a_sale(self):
        browser = self.browser
        configuration = browser.cdp("DOM.getDocument")
        node = browser.cdp("DOM.querySelector", nodeId=configuration["root"]["nodeId"], selector="#account-0 pre")
        text = browser.cdp("DOM.getOuterHTML", nodeId=node["nodeId"])["outerHTML"]
        text = re.sub("<[^>]*>", "", text).replace("&quot;", '"')
        till = self.ended(Till(text, "R-600"))
        uuid = self.uuid(1)
        self.home()
        browser.click(f"#approve-{uuid}")
        browser.eventually("the approval", lambda: self.simulator.orders()[0]["state"] == "approved")
        status, said = till.enter()
        self.assertEqual(status, 0, said)


class Strangers(Pages):
    def setUp(self):
        super().setUp()
        self.till("R-700")
        self.order = self.uuid(1)

    def page_of_somebody_else(self, host):
        """Another program's page, which does what it can."""
        target = f"http://{host}:{self.simulator.url.rsplit(':', 1)[1]}"
        press = f"{target}/_sandbox/page/orders/{self.order}/approve"
        control = f"{target}/_sandbox/orders/{self.order}/approve"
        page = f"""<!DOCTYPE html><title>elsewhere</title><iframe name=hidden></iframe>
            <form id=a method=post action="{press}" target=hidden><input name=back value=home></form>
            <form id=b method=post action="{control}" target=hidden></form>
            <script>
            (async () => {{
              const told = [];
              for (const path of ["/", "/_sandbox/orders", "/_sandbox/page/ledger"])
                await fetch("{target}" + path).then((a) => a.text()).then((t) => told.push(t), () => {{}});
              for (const url of ["{press}", "{control}"])
                await fetch(url, {{method: "POST", mode: "no-cors", body: new URLSearchParams({{back: "home"}})}}).catch(() => {{}});
              document.getElementById("a").submit();
              await new Promise((r) => setTimeout(r, 300));
              document.getElementById("b").submit();
              await new Promise((r) => setTimeout(r, 300));
              document.title = "done " + told.length;
            }})();
            </script>""".encode()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(page)

            def log_message(self, *words):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f"http://{host}:{server.server_address[1]}/"

    def test_a_page_on_another_port_is_not_obeyed_and_told_nothing(self):
        for host in ("127.0.0.1", "localhost", "evil.example"):
            with self.subTest(host):
                self.browser.go(self.page_of_somebody_else(host))
                self.browser.eventually("its end", lambda: self.browser.script("return document.title").startswith("done"))
                self.assertEqual(self.browser.script("return document.title"), "done 0")
                self.assertEqual(self.simulator.orders()[0]["state"], "solicited")

    def test_a_name_that_leads_here_is_no_name_of_ours(self):
        port = self.simulator.url.rsplit(":", 1)[1]
        for path in ("/", "/_sandbox/page/orders", "/_sandbox/orders"):
            self.browser.go(f"http://evil.example:{port}{path}")
            self.assertIn("is no name of this simulator", self.browser.text())
            self.assertNotIn(self.order, self.browser.text())

    def test_a_link_from_elsewhere_may_be_followed(self):
        self.browser.go(self.page_of_somebody_else("127.0.0.1"))
        self.browser.script(f"location.href = {json.dumps(self.simulator.url + '/')}")
        self.browser.eventually("the page", lambda: self.browser.all("#orders"))


class WhatIsHostileOrMuch(Pages):
    def test_what_tills_send_stays_text(self):
        order = copy.deepcopy(ORDER)
        nasty = "\"><script>window.evil=1</script><img src=x onerror=window.evil=1>'&lt;"
        order["customer"]["given_names"] = order["cart"]["items"][0]["name"] = nasty
        self.till(nasty[:40], order)
        uuid = self.uuid(1)
        browser = self.browser
        browser.eventually("the row", lambda: nasty in self.row(uuid))
        places = ["/", "/_sandbox/page/orders", f"/_sandbox/page/orders/{uuid}", "/_sandbox/page/messages",
                  "/_sandbox/page/requests", "/_sandbox/page/requests/1", "/_sandbox/page/ledger",
                  f"/orders/{uuid}/pumbaa_form?product=%3Cscript%3Ewindow.evil=1%3C/script%3E"]
        for place in places:
            browser.go(self.simulator.url + place)
            self.assertIsNone(browser.script("return window.evil || null"), place)
            self.assertEqual(browser.complaints(), [], place)

    def test_five_thousand_orders_are_paged(self):
        order = {"order": {**copy.deepcopy(ORDER), "merchant": {"id": "shop_es"}, "state": ""}}
        body = json.dumps(order).encode()
        self.sell(5000, body)
        browser = self.browser
        self.home()
        self.shows("#orders", "(5000)")
        self.assertEqual(len(browser.all("#orders tbody tr")), 10)
        browser.go(self.simulator.url + "/_sandbox/page/orders")
        self.assertEqual(len(browser.all("#orders tbody tr")), 25)
        self.shows(".pager", "4976–5000 de 5000")
        browser.click(".pager a[rel=next]")
        self.shows(".pager", "4951–4975 de 5000")
        self.assertLess(len(browser.script("return document.documentElement.outerHTML")), 100_000)
        browser.go(self.simulator.url + "/_sandbox/page/orders?until=25")
        self.shows(".pager", "1–25 de 5000")
        self.assertEqual(browser.all(".pager a[rel=next]"), [])

    def sell(self, count, body):
        import base64
        import http.client
        host = self.simulator.url.split("//")[1]
        connection = http.client.HTTPConnection(host)
        secret = base64.b64encode(b"sandbox_key:sandbox_secret").decode()
        for _ in range(count):
            connection.request("POST", "/orders", body, {"Content-Type": "application/json", "Authorization": f"Basic {secret}"})
            answer = connection.getresponse()
            answer.read()
            self.assertEqual(answer.status, 204)
        connection.close()


class Looks(Pages):
    """Pictures, which people look at; and what can be said of them without."""

    def fill(self):
        for number, deed in enumerate(["approve", "review", "reject", None], 1):
            order = copy.deepcopy(ORDER)
            names = [("Íñigo", "Muñoz Güell"), ("María del Carmen", "Núñez"), ("Àlex", "Puig"), ("Begoña", "Etxeberria")][number - 1]
            order["customer"]["given_names"], order["customer"]["surnames"] = names
            order["merchant_reference"] = {"order_ref_1": f"T-10{number}"}
            till = self.till(f"T-10{number}", order)
            uuid = self.uuid(number)
            if deed:
                self.simulator.ask("POST", f"/_sandbox/orders/{uuid}/{deed}")
            if deed == "approve":
                till.enter()
            else:
                till.leaves()
        self.simulator.ask("POST", "/_sandbox/faults", {"kind": "close_after", "method": "PUT", "state": "confirmed"})
        self.simulator.ask("POST", "/_sandbox/faults", {"kind": "drip", "bytes_per_s": 3})

    def test_every_page_in_every_light_and_width(self):
        self.fill()
        browser = self.browser
        places = {"home": "/", "orders": "/_sandbox/page/orders", "messages": "/_sandbox/page/messages",
                  "requests": "/_sandbox/page/requests", "request": "/_sandbox/page/requests/1", "ledger": "/_sandbox/page/ledger",
                  "refused": "/_sandbox/page/orders/none"}
        for scheme in ("light", "dark"):
            browser.scheme(scheme)
            for width in (1280, 320):
                browser.size(width, 900)
                for name, place in places.items():
                    with self.subTest(page=name, width=width, scheme=scheme):
                        browser.go(self.simulator.url + place)
                        browser.script("for (const one of document.querySelectorAll('details')) one.open = true")
                        self.assertEqual(browser.script(CONTRAST), [])
                        self.assertEqual(browser.script(UNNAMED), [])
                        self.assertLessEqual(browser.script("return document.documentElement.scrollWidth"), width)
                        browser.go(self.simulator.url + place)
                        self.picture(f"{name}-{width}-{scheme}")
        self.assertEqual([one for one in browser.complaints() if "404" not in one], [])

    def test_both_languages(self):
        browser = self.browser
        self.assertEqual(browser.script("return document.documentElement.lang"), "es")
        browser.click(".languages a[lang=en]")
        self.shows("main", "None yet", "Bad luck")
        # It is kept, on the other pages and the next day.
        browser.go(self.simulator.url + "/_sandbox/page/ledger")
        self.assertEqual(browser.text("h1"), "Ledger")

    def test_the_end_of_the_simulator_is_shown(self):
        simulator = Simulator()
        self.addCleanup(simulator.end)
        self.browser.go(simulator.url + "/")
        simulator.process.terminate()
        self.browser.eventually("the word of it", lambda: "ya no contesta" in self.browser.text())


class InEnglish(Pages):
    language = "en-GB,en"

    def test_the_picture_of_the_readme(self):
        Looks.fill(self)
        self.browser.size(1280, 900)
        self.home()
        self.assertEqual(self.browser.script("return document.documentElement.lang"), "en")
        self.picture("overview")


if __name__ == "__main__":
    unittest.main()
