"""Orders and results with types: what a language's own checker or compiler takes, and that it refuses a misspelt field by name;
and that such an order is the one of docs/orders/large.json, and is sold."""

import json
import re
import shutil
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path

import languages
from languages import ENVIRONMENT, ROOT, simulator

HERE = Path(__file__).resolve().parent / "types"


class Checker:
    """What says whether a program of a language is right."""

    #: The language's typed sale.
    program: str
    #: What stands in it, what stands there instead, and what of that must be named.
    misspelt: list

    def check(self, language, folder, source) -> str:
        """What it says of a source, nothing where all is well; leaves in the folder what `run` runs."""
        raise NotImplementedError

    def run(self, language, folder) -> list:
        raise NotImplementedError

    @staticmethod
    def said(command, **more) -> str:
        ran = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                             errors="replace", timeout=300, env={**ENVIRONMENT, **more})
        return ran.stdout if ran.returncode else ""


class Mypy(Checker):
    program = "typed.py"
    misspelt = [
        ("reference=\"BIC-20\"", "referense=\"BIC-20\"", "referense"), ("order_total_with_tax=", "order_total_with_taxes=", "order_total_with_taxes"),
        ("delivery_method=orders", "delivery_methode=orders", "delivery_methode"), ("order.cart.items =", "order.cart.itens =", "itens"),
        ('layout="desktop"', 'layout="dekstop"', "dekstop"), ('rating=80', 'rating="80"', '"rating"'),
        ('["missing"]', '["mising"]', "mising"), ('test["name"]', 'test["nane"]', "nane"), ('.data["unshipped_cart"]', '.data["unshiped_cart"]', "unshiped_cart"),
        ('amounts and amounts["approved"]', 'amounts["approved"]', '"Amounts | None"'),
    ]

    def mypy(self, language, *sources):
        # The package is the one that is installed from the wheel: it says that it has types.
        tools = language.out / "mypy"
        return self.said([tools / "bin" / "mypy", "--strict", "--cache-dir", tools / "cache", "--python-executable",
                          language.out / "venv" / "bin" / "python", *sources])

    def check(self, language, folder, source):
        language.build()
        (folder / self.program).write_text(source, encoding="utf-8")
        return self.mypy(language, folder / self.program)

    def run(self, language, folder):
        return [str(language.out / "venv" / "bin" / "python"), str(folder / self.program)]


class Mcs(Checker):
    """As the oldest compilers: Mono's, for C# 5."""

    program = "Typed.cs"
    misspelt = [
        ('Reference = "BIC-20"', 'Referense = "BIC-20"', "Referense"), ("OrderTotalWithTax =", "OrderTotalWithTaxes =", "OrderTotalWithTaxes"),
        ("DeliveryMethod =", "DeliveryMethode =", "DeliveryMethode"), ("SequraLayout.Desktop", "SequraLayout.Dekstop", "Dekstop"),
        ("order.Cart.Items.Add", "order.Cart.Itens.Add", "Itens"), ("first.Missing", "first.Mising", "Mising"),
        ("amounts.Approved", "amounts.Aproved", "Aproved"), (".SelfTestData", ".SelftestData", "SelftestData"),
        (".PendingData;", ".PendigData;", "PendigData"), ("Rating = 80", 'Rating = "80"', "long?"),
    ]

    def check(self, language, folder, source):
        language.build()
        (folder / self.program).write_text(source, encoding="utf-8")
        shutil.copy(language.out / "SequraPos.dll", folder)
        return self.said(["mcs", "-langversion:5", "-warn:4", "-warnaserror", "-nologo", f"-r:{folder}/SequraPos.dll",
                          f"-out:{folder}/typed.exe", folder / self.program])

    def run(self, language, folder):
        return ["mono", "--debug", str(folder / "typed.exe")]


class Javac(Checker):
    program = "Typed.java"
    misspelt = [
        ('reference("BIC-20")', 'referense("BIC-20")', "referense"), (".orderTotalWithTax(", ".orderTotalWithTaxes(", "orderTotalWithTaxes"),
        (".deliveryMethod(", ".deliveryMethode(", "deliveryMethode"), ("Layout.DESKTOP", "Layout.DEKSTOP", "DEKSTOP"),
        ("first.getMissing()", "first.getMising()", "getMising"), ("amounts.getApproved()", "amounts.getAproved()", "getAproved"),
        ("tests.get(0).getName()", "tests.get(0).getNane()", "getNane"), ("Data.SelfTestData.of", "Data.SelftestData.of", "SelftestData"),
        ('.name("Bolsa").totalWithTax(0)', '.name("Bolsa").totalWithTax("0")', "String cannot be converted to long"),
    ]

    def check(self, language, folder, source):
        language.build()
        (folder / self.program).write_text(source, encoding="utf-8")
        return self.said(["javac", "--release", "8", "-Xlint:all", "-Xlint:-options", "-Werror", "-encoding", "UTF-8", "-cp",
                          language.out / "sequra-pos.jar", "-d", folder, folder / self.program])

    def run(self, language, folder):
        jna = ENVIRONMENT.get("JNA_JAR", "/usr/share/java/jna.jar")
        return ["java", "-cp", f"{folder}:{language.out / 'sequra-pos.jar'}:{jna}", "Typed"]


CHECKERS = {"python": Mypy(), "csharp": Mcs(), "java": Javac()}


@languages.each(only=tuple(CHECKERS))
class Types(languages.Case):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="sequra-types-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    @property
    def checker(self):
        return CHECKERS[self.language.name]

    def source(self):
        return (HERE / self.checker.program).read_text(encoding="utf-8")

    def test_a_misspelt_field_is_refused_by_name(self):
        source = self.source()
        for right, wrong, _ in self.checker.misspelt:
            self.assertEqual(1, source.count(right), right)
            source = source.replace(right, wrong)
        said = self.checker.check(self.language, self.folder, source)
        for _, wrong, named in self.checker.misspelt:
            with self.subTest(wrong):
                self.assertIn(named, said)

    def test_an_order_with_types_is_the_one_of_the_docs_and_is_sold(self):
        sim = simulator.shared()
        sim.reset()
        (self.folder / "till.json").write_text(json.dumps({
            "base_url": sim.http, "account_key": "sandbox_key", "account_secret": "sandbox_secret", "journal": "journal",
            "proxy": "none", "language": "en"}))
        self.assertEqual("", self.checker.check(self.language, self.folder, self.source()))
        program = subprocess.Popen([*self.checker.run(self.language, self.folder), "till.json"], cwd=self.folder,
                                   env={name: value for name, value in ENVIRONMENT.items() if name != "SEQURA_POS_LIBRARY"}
                                   if self.language.name == "python" else ENVIRONMENT,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
        self.addCleanup(lambda: (program.kill(), program.communicate()) if program.poll() is None else None)
        stop = threading.Timer(120, program.kill)
        stop.start()
        self.addCleanup(stop.cancel)
        large = json.loads((ROOT / "docs/orders/large.json").read_text(encoding="utf-8"))
        self.assertEqual(large, json.loads(program.stdout.readline()))
        self.assertEqual('confirmation 44690 {}', program.stdout.readline().strip())
        order, = sim.orders()
        sim.approve(order["uuid"])
        rest, errors = program.communicate("\n")
        self.assertEqual("", errors)
        told, cart = rest.splitlines()
        self.assertEqual("True 44690 name_resolution", told)
        # What the types do not know goes to seQura all the same.
        cart = json.loads(cart)
        self.assertEqual([1], cart["its_name"])
        self.assertEqual({"type": "handling", "reference": "ENV-02", "name": "Bolsa", "total_with_tax": 0, "its_name": None},
                         cart["items"][-1])


@languages.each(only=("python",))
class PythonSources(languages.Case):
    """The package itself, its samples and its page."""

    def test_mypy_has_nothing_to_say(self):
        self.language.build()
        binding = ROOT / "bindings" / "python"
        sources = [binding / "sequra_pos", binding / "till.py", binding / "server.py"]
        page = (binding / "README.md").read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as folder:
            first_sale = Path(folder, "first_sale.py")
            first_sale.write_text(re.search(r"```python\n(.*?)```", page, re.DOTALL)[1], encoding="utf-8")
            self.assertEqual("", CHECKERS["python"].mypy(self.language, *sources, first_sale))


if __name__ == "__main__":
    unittest.main()
