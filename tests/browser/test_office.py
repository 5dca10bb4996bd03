"""The office's pages in Chromium: somebody logs in and looks around, on a desktop and on a phone.

Pictures of the pages are left in target/pictures.
"""

import base64
import hashlib
import json
import os
import ssl
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import test_pages
from browser import Browser
from stage import ROOT

OFFICE = Path(os.environ.get("SEQURA_OFFICE", ROOT / "target" / "debug" / "sequra-office")).resolve()
DAY = 86_400_000
SCRATCH = tempfile.TemporaryDirectory(prefix="sequra-office-pages-")
FOLDER = Path(SCRATCH.name)


def tearDownModule():
    SCRATCH.cleanup()


class Office:
    """`sequra-office try`, with a chain in it that tills would have brought."""

    def __init__(self):
        folder = Path(tempfile.mkdtemp(dir=FOLDER))
        ready = folder / "ready"
        self.log = (folder / "log").open("w+", encoding="utf-8")
        self.process = subprocess.Popen([OFFICE, "try", "--port", "0", "--ready-file", ready], stdout=self.log, stderr=self.log)
        end = time.monotonic() + 90
        while not ready.exists():
            assert self.process.poll() is None and time.monotonic() < end, self.said()
            time.sleep(0.05)
        self.url, self.certificate, self.settings, self.user, self.password = ready.read_text().splitlines()

    def said(self):
        self.log.seek(0)
        return self.log.read()

    def sql(self, statement):
        given = dict(word.split("=", 1) for word in json.loads(Path(self.settings).read_text())["database"].split())
        programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/psql"))
        psql = [programs[-1] if programs else "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-U", given["user"], "-h", given["host"],
                "-p", given["port"], "-d", given["dbname"], "-c", statement]
        # Its folder is its owner's alone, or root's who made it.
        subprocess.run(psql, check=True, cwd="/")

    def end(self):
        self.process.terminate()
        self.process.wait(60)
        self.log.close()


# Twelve shops with four tills each: one is silent with money at risk, another lags, one disk was copied.
CHAIN = """
INSERT INTO tills (journal_id, shop, till, machine, token_hash, enrolled_at, forwarder, schema, heard_at, skew_ms)
SELECT md5(n::text), (ARRAY['Bilbao Centro', 'Sevilla Nervión', 'A Coruña', 'Valencia Colón', 'Zaragoza', 'Murcia', 'Málaga Este',
  'Gijón', 'Palma', 'León', 'Cádiz', 'Lleida'])[1 + n / 4], 'Caja ' || (1 + n % 4), 'TPV-' || (100 + n), decode(md5(n::text), 'hex'),
  {now} - 40 * {day}, '0.1.0', CASE WHEN n = 30 THEN 2 ELSE 3 END,
  CASE WHEN n IN (9, 17) THEN {now} - 9 * 3600000 ELSE {now} - 1000 * n END, CASE WHEN n = 21 THEN 5400000 ELSE 40 END
FROM generate_series(0, 47) n;
INSERT INTO streams (journal_id, incarnation, why, begun_at, seq, nonce, newest_seq, moved_at, heard_at, entries, head_id)
SELECT md5(n::text), md5('life ' || n), 'enrolled', {now} - 40 * {day}, 900, 1, CASE WHEN n = 12 THEN 1312 ELSE 900 END,
  {now} - CASE WHEN n IN (9, 17) THEN 9 * 3600000 WHEN n = 12 THEN 3000000 ELSE 5000 END,
  {now} - CASE WHEN n IN (9, 17) THEN 9 * 3600000 ELSE 1000 END, 60, 60 FROM generate_series(0, 47) n;
INSERT INTO streams (journal_id, incarnation, parent, why, begun_at, seq, nonce, newest_seq, moved_at, heard_at, entries, head_id)
SELECT md5('5'), md5('copy'), md5('life 5'), 'elsewhere', {now} - {day}, 40, 1, 40, {now} - 2000, {now} - 1000, 0, 0;
INSERT INTO orders (journal_id, incarnation, order_id, seq, schema, endpoint, merchant_id, uuid, state, order_ref_1, amount, currency,
  created_at, updated_at, finished, doubtful, open_step, at_risk, at_risk_since, rows)
SELECT md5(n::text), md5('life ' || n), i, i, 3, 'https://live.sequrapi.com', 'shop_es', md5(n || '-' || i)::uuid::text, state, reference,
  4990 + 3170 * i + 10 * n, 'EUR', {now} - age - 90000, {now} - age, state = 'settled', state = 'confirming',
  CASE state WHEN 'confirming' THEN 'confirm' WHEN 'referencing' THEN 'set_order_ref' END,
  CASE WHEN state <> 'settled' THEN 4990 + 3170 * i + 10 * n END, CASE WHEN state <> 'settled' THEN {now} - age END, ''
FROM (SELECT n, i, CASE WHEN n = 9 AND i > 17 THEN (ARRAY['confirmed', 'referencing', 'confirming'])[i - 17] WHEN n = 26 AND i = 20 THEN 'confirmed'
  ELSE 'settled' END AS state, CASE WHEN n = 9 AND i = 18 THEN NULL ELSE 'T-' || n || '-' || (1000 + i) END AS reference,
  CASE WHEN n = 9 THEN 9 * 3600000 ELSE 120000 END + (20 - i) * 700000::bigint AS age
  FROM generate_series(0, 47) n, generate_series(1, 20) i) o;
INSERT INTO entries (journal_id, incarnation, entry_id, at, order_id, uuid, order_ref_1, amount, currency, step, state, status, row)
SELECT md5(n::text), md5('life ' || n), i, {now} - CASE WHEN n = 9 THEN 9 * 3600000 ELSE 120000 END - (60 - i) * 240000::bigint, o,
  md5(n || '-' || o)::uuid::text, CASE WHEN i % 3 = 0 AND NOT (n = 9 AND o = 18) THEN 'T-' || n || '-' || (1000 + o) END,
  4990 + 3170 * o + 10 * n, 'EUR',
  (ARRAY['set_order_ref', 'start_solicitation', 'confirm'])[1 + i % 3], (ARRAY['settled', 'solicited', 'confirmed'])[1 + i % 3],
  CASE WHEN n = 9 AND i = 59 THEN 3002 ELSE 0 END, '' FROM generate_series(0, 47) n, generate_series(1, 60) i, LATERAL (SELECT (i + 2) / 3 AS o) q;
INSERT INTO risk SELECT {now} / {day} - d, 'EUR', (ARRAY[264580, 0, 15980, 5990, 0, 31400, 22150, 8990, 0, 12990, 161200, 4990, 7990])[1 + d], 2
  FROM generate_series(0, 12) d;
INSERT INTO set_aside SELECT md5('33'), md5('life 33'), 'entry', 41, {now} - {day}, 'uuid has a NUL in it', '';
ANALYZE;
"""


class Office_Pages(unittest.TestCase):
    """One office for all, as they only look."""

    javascript = False

    @classmethod
    def setUpClass(cls):
        test_pages.setUpModule()
        cls.office = Office()
        cls.addClassCleanup(cls.office.end)
        cls.office.sql(CHAIN.format(now=int(time.time() * 1000), day=f"{DAY}::bigint"))
        cls.lost = hashlib.md5(b"9").hexdigest()

    def setUp(self):
        certificate = ssl.PEM_cert_to_DER_cert(Path(self.office.certificate).read_text())
        self.browser = Browser(tempfile.mkdtemp(dir=FOLDER), "es-ES,es", javascript=self.javascript,
                               arguments=[f"--ignore-certificate-errors-spki-list={key_of(certificate)}"])
        self.addCleanup(self.browser.close)
        self.browser.go(self.office.url + "/tills")
        self.browser.find("#name").type(self.office.user)
        self.browser.find("#password").type(self.office.password)
        self.browser.find("button.main").click()
        self.at("/tills")

    def at(self, path):
        self.browser.eventually(path, lambda: self.browser.url == self.office.url + path)

    def go(self, path):
        self.browser.go(self.office.url + path)

    def picture(self, name):
        self.browser.picture(test_pages.PICTURES / f"office-{name}.png")

    def pages(self):
        life = hashlib.md5(b"life 9").hexdigest()
        return {
            "now": "/", "tills": "/tills", "red": "/tills?only=red", "till": f"/tills/{self.lost}",
            "forked": f"/tills/{hashlib.md5(b'5').hexdigest()}", "order": f"/tills/{self.lost}/{life}/orders/18",
            "audit": "/audit", "account": "/account",
        }

    def test_the_way_from_the_login_to_the_order_of_a_lost_till(self):
        browser = self.browser
        browser.click("nav a[href='/']")
        self.at("/")
        self.assertIn("Alguien tiene que mirar", browser.text(".verdict"))
        self.assertIn("A Coruña · Caja 2", browser.text("#owing ~ table tr.red"))
        browser.click("tr.red a")
        self.at(f"/tills/{self.lost}")
        self.assertIn("Llame a la tienda", browser.text("main"))
        self.assertIn("quizá confirmado", browser.text("main"))
        browser.click("#owed ~ table a")
        self.at(self.pages()["order"])
        self.assertIn("Qué ha pasado", browser.text("main"))
        browser.click("a[hreflang=en]")
        self.at(self.pages()["order"] + "?lang=en")
        self.assertIn("What has happened", browser.text("main"))
        self.go("/tills")
        browser.find("#q").type("coru")
        browser.find(".search button").click()
        browser.eventually("four tills", lambda: len(browser.all("table.list tbody tr")) == 4)
        browser.click("details.enrol summary")
        browser.find("#shop").type("Cuenca")
        browser.find("#till").type("Caja 1")
        browser.find("details.enrol button").click()
        self.at("/codes")
        self.assertRegex(browser.text("pre.code"), r"^[A-Z2-9]{5}(-[A-Z2-9]{5}){3}$")
        browser.click(".who button")
        self.at("/login")
        self.go("/")
        self.assertTrue(browser.url.endswith("/login"), browser.url)
        self.assertEqual(browser.complaints(), [])

    def test_the_picture_of_the_manual(self):
        self.browser.size(1280, 900)
        self.go("/?lang=en")
        self.assertIn("Somebody has to look", self.browser.text(".verdict"))
        self.picture("in-english")

    def test_every_page_on_a_desktop_and_on_a_phone(self):
        browser = self.browser
        for name, path in self.pages().items():
            with self.subTest(name):
                browser.size(1280, 900)
                self.go(path)
                self.picture(name)
                for width in (320, 360, 390):
                    browser.size(width, 800)
                    self.assertLessEqual(browser.cdp("Page.getLayoutMetrics")["cssContentSize"]["width"], width)
                browser.size(360, 800)
                self.picture(f"{name}-phone")
        self.assertEqual(browser.complaints(), [])


class WithScripts(Office_Pages):
    """Scripts of ours to look with: the pages have none and allow none."""

    javascript = True

    def test_every_text_can_be_read_and_every_control_has_a_name(self):
        browser = self.browser
        for name, path in self.pages().items():
            for scheme in ("light", "dark"):
                with self.subTest(name, scheme=scheme):
                    browser.scheme(scheme)
                    self.go(path)
                    self.assertEqual(browser.script(test_pages.CONTRAST), [])
                    self.assertEqual(browser.script(test_pages.UNNAMED), [])
                    self.assertEqual(browser.script("return Array.from(document.querySelectorAll('table')).filter((t) => !t.querySelector('th[scope]')).length"), 0)
                    if scheme == "dark" and name in ("now", "till"):
                        self.picture(f"{name}-dark")

    test_the_way_from_the_login_to_the_order_of_a_lost_till = None
    test_every_page_on_a_desktop_and_on_a_phone = None
    test_the_picture_of_the_manual = None


def key_of(certificate):
    """The certificate's public key, as Chromium names it."""
    spki = subprocess.run(["openssl", "x509", "-inform", "DER", "-pubkey", "-noout"], input=certificate, capture_output=True, check=True)
    der = base64.b64decode("".join(line for line in spki.stdout.decode().splitlines() if "-----" not in line))
    return base64.b64encode(hashlib.sha256(der).digest()).decode()


if __name__ == "__main__":
    unittest.main()
