"""The package sequra_pos, as its users have it: lifetimes, threads, texts, types, errors, where its library is."""

import ast
import asyncio
import concurrent.futures
import contextlib
import copy
import gc
import inspect
import json
import os
import pickle
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import types
import typing
import unittest
import urllib.request
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parents[2]
os.environ["SEQURA_TEST_QUIET"] = "1"
sys.path.insert(0, str(ROOT / "tests" / "python"))

import abi  # noqa: E402: the C ABI by plain ctypes, told its types by the header
import orders  # noqa: E402
import simulator  # noqa: E402

# From here on the library is the one in the wheel.
LIBRARY = os.environ.pop("SEQURA_POS_LIBRARY")
SIMULATOR = os.environ["SEQURA_SIMULATOR_URL"]

import sequra_pos  # noqa: E402
from sequra_pos import Client, OrderBuilder, Status  # noqa: E402
from sequra_pos._library import native  # noqa: E402

PACKAGE = Path(sequra_pos.__file__).parent


def config(**changes):
    return {"base_url": SIMULATOR, "account_key": "sandbox_key", "account_secret": "sandbox_secret",
            "merchant_id": "shop_es", "journal": ":memory:", "proxy": "none", "language": "en", **changes}


def approve(uuid):
    url = "{}/_sandbox/orders/{}/approve".format(SIMULATOR, uuid)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    opener.open(urllib.request.Request(url, method="POST", data=b"")).close()


def python(code, *arguments, cwd=None, **environment):
    """Runs a program of its own; (exit status, stdout, stderr)."""
    ran = subprocess.run([sys.executable, "-X", "dev", "-c", code, *arguments], env={**os.environ, **environment}, cwd=cwd,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True, timeout=120)
    return ran.returncode, ran.stdout, ran.stderr


on_linux = unittest.skipUnless(sys.platform == "linux", "reads /proc")


@contextlib.contextmanager
def planted():
    """A folder with libraries by the names that ours has, and a file that is there once one of them was loaded."""
    with tempfile.TemporaryDirectory() as folder:
        mark = Path(folder, "loaded")
        source = Path(folder, "planted.c")
        source.write_text("#include <stdio.h>\n__attribute__((constructor)) static void loaded(void) {{ "
                          "FILE *mark = fopen(\"{}\", \"w\"); if (mark) fclose(mark); }}\n"
                          "unsigned sq_abi_version(void) {{ return {}; }}\n".format(mark, sequra_pos.ABI_VERSION))
        for name in ["libsequra_pos.so", "libsequra_pos.so.1"]:
            subprocess.run(["cc", "-shared", "-fPIC", "-o", str(Path(folder, name)), str(source)], check=True)
        yield folder, mark


class Case(unittest.TestCase):
    def tearDown(self):
        gc.collect()
        self.assertEqual(0, sequra_pos.live_handles(), "handles are left over")


class Declarations(Case):
    def test_every_function_has_the_types_of_the_header(self):
        for name, declared in abi.FUNCTIONS.items():
            ours, theirs = getattr(native, name), getattr(abi.lib, name)
            self.assertEqual((theirs.restype, theirs.argtypes), (ours.restype, list(ours.argtypes)), name)

    def test_every_status_has_the_number_of_the_header(self):
        self.assertEqual(abi.STATUS_NAMES, {status.value: "SQ_" + status.name for status in Status})
        self.assertEqual(sequra_pos.ABI_VERSION, sequra_pos.abi_version())
        self.assertEqual(sequra_pos.__version__, sequra_pos.library_version())


class Errors(Case):
    def test_a_problem_is_typed(self):
        order = orders.complete()
        order["cart"]["order_total_with_tax"] += 1
        with Client(config()) as till, self.assertRaises(sequra_pos.InvalidOrder) as raised:
            till.start_solicitation(order)
        error = raised.exception
        self.assertEqual((Status.INVALID_ORDER, "SQ_INVALID_ORDER", "cart_total_mismatch", "fix_order"),
                         (error.status, error.name, error.code, error.next))
        problem, = error.errors
        self.assertEqual(("/cart/order_total_with_tax", orders.TOTAL, orders.TOTAL + 1),
                         (problem.pointer, problem.expected, problem.actual))
        self.assertEqual(sequra_pos.ErrorCode.CART_TOTAL_MISMATCH, error.code)
        self.assertTrue(error.operator_message)
        self.assertIn("SQ_INVALID_ORDER: ", str(error))
        self.assertEqual(error.result.document["errors"][0]["code"], error.code)

    def test_the_subclasses_are_the_thousands(self):
        from sequra_pos import _errors
        for status in Status:
            kind = type(_errors.of_status(status, "x"))
            base = {1: "InvalidCall", 2: "Refused", 3: "NoAnswer", 4: "MachineError", 9: "InternalError"}
            if status != Status.OK:
                self.assertTrue(issubclass(kind, getattr(sequra_pos, base[status // 1000])), status)
        self.assertIs(sequra_pos.DuplicateOrderRef, type(_errors.of_status(2001, "x")))
        self.assertTrue(issubclass(sequra_pos.DuplicateOrderRef, sequra_pos.Conflict))
        # One that a newer library has.
        unknown = _errors.of_status(7777, "x")
        self.assertEqual((sequra_pos.SequraError, 7777), (type(unknown), unknown.status))

    def test_an_error_can_go_to_another_process(self):
        with self.assertRaises(sequra_pos.InvalidCall) as raised:
            Client({})
        for other in (pickle.loads(pickle.dumps(raised.exception)), copy.copy(raised.exception)):
            self.assertEqual((type(raised.exception), str(raised.exception)), (type(other), str(other)))

    def test_a_client_that_does_not_open_says_why(self):
        for wrong, kind in (({}, sequra_pos.InvalidCall), ("{", sequra_pos.InvalidCall),
                            (config(journal="/is/not/there/journal"), sequra_pos.MachineError)):
            with self.assertRaises(kind) as raised:
                Client(wrong)
            self.assertTrue(raised.exception.errors)
        with self.assertRaises(sequra_pos.InvalidCall):
            Client.open_file(Path("is-not-there.json"))


class Sales(Case):
    def test_a_sale(self):
        with Client(config()) as till:
            started = till.start_solicitation(orders.complete("P-1"))
            self.assertEqual((Status.OK, "SQ_OK", "start_solicitation", "send_form"),
                             (started.status, started.name, started.operation, started.next))
            self.assertEqual((orders.TOTAL, "EUR", "solicited"),
                             (started.order.amount, started.order.currency, started.order.state))
            self.assertEqual(204, started.http.status)
            till.send_form(started.order.url, "pp3")
            with self.assertRaises(sequra_pos.Conflict) as raised:
                till.confirm(started.order.url)
            self.assertEqual("not_approved", raised.exception.code)
            approve(started.order.uuid)
            confirmed = till.confirm(started.order.url)
            self.assertEqual((sequra_pos.State.SETTLED, sequra_pos.Next.NONE),
                             (confirmed.order.state, confirmed.next))
            self.assertIn("confirm: SQ_OK settled", repr(confirmed))
            shipped = till.ship("P-1", [{"reference": "CAM-01", "quantity": 1}])
            self.assertEqual("partly_shipped", shipped.data["amounts"]["delivery"])

    def test_a_sale_of_an_order_that_was_built(self):
        with Client(config()) as till, OrderBuilder() as order:
            order.add_item("product", "CAÑ-7", "Caña «Iñaki» 😀", quantity=1, price_with_tax=7900, total_with_tax=7900)
            order.add_item("handling", "ENV", "Envío", total_with_tax=597)
            whole = orders.complete()
            for block in ("delivery_address", "invoice_address", "customer", "gui", "platform"):
                for key, value in whole[block].items():
                    if value is not None:
                        order.set("/{}/{}".format(block, key), value)
            order.set("/cart/currency", "EUR")
            order.set("/cart/gift", False)
            order.set("/cart/order_total_with_tax", 8497)
            order.set("/customer/user_agent", "till")
            order.set("/delivery_method/name", "Recogida")
            self.assertIs(False, order.document["cart"]["gift"])
            self.assertEqual(8497, till.start_solicitation(order).order.amount)
            with self.assertRaises(sequra_pos.InvalidCall) as raised:
                order.set("no pointer", 1)
            self.assertEqual((Status.INVALID_ARGUMENT, [], None),
                             (raised.exception.status, raised.exception.errors, raised.exception.code))

    def test_the_first_sale_of_the_readme(self):
        readme = (ROOT / "bindings/python/README.md").read_text(encoding="utf-8")
        code = readme.split("```python\n")[1].split("```")[0]
        self.assertLessEqual(len(code.strip().splitlines()), 45)
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "till.json").write_text(json.dumps(config()))
            order = dict(orders.complete(), merchant_reference={"order_ref_1": "P-2"})
            Path(folder, "order.json").write_text(json.dumps(order))
            # The shopper is approved while the operator is asked.
            code = code.replace('input("', 'approve(order.uuid) or print("')
            names, here = {"approve": approve, "print": lambda *_, **__: None}, os.getcwd()
            os.chdir(folder)
            try:
                with mock.patch.object(sys, "argv", ["first_sale.py", "till.json", "order.json", "P-2"]):
                    with self.assertRaises(SystemExit) as ended:
                        exec(compile(code, "README.md", "exec"), names)
            finally:
                os.chdir(here)
        self.assertEqual(0, ended.exception.code)
        self.assertEqual("settled", names["sold"].order.state)


class Lifetimes(Case):
    def test_closed_twice_and_used_after(self):
        till = Client(config())
        self.assertFalse(till.closed)
        till.close()
        till.close()
        self.assertTrue(till.closed)
        for use in (till.pending, lambda: till.echo("x"), lambda: OrderBuilder(till), lambda: till.confirm("x")):
            with self.assertRaisesRegex(sequra_pos.ClosedError, "this client is closed"):
                use()
        order = OrderBuilder()
        order.free()
        order.free()
        for use in (order.json, lambda: order.set("/x", 1), lambda: order.add_item(None, "x", "x", total_with_tax=1)):
            with self.assertRaisesRegex(ValueError, "this order is freed"):
                use()

    def test_a_result_outlives_its_client_and_its_memory(self):
        with Client(config()) as till:
            result = till.pending()
        self.assertEqual([], result.data["orders"])
        self.assertEqual("SQ_OK", result.value("/status"))
        result.free()
        result.free()
        self.assertEqual("SQ_OK", result.name, "what was read stays")
        for use in (lambda: result.text, lambda: result.value("/status"), lambda: result.size):
            with self.assertRaisesRegex(sequra_pos.ClosedError, "this result is freed"):
                use()
        unread = sequra_pos.echo("x")
        unread.free()
        self.assertEqual("<Result, freed>", repr(unread))

    def test_collected_in_any_order(self):
        chance = random.Random(int(os.environ["SEQURA_SEED"]))
        for _ in range(50):
            till = Client(config())
            things = [till, till.opened, till.pending(), OrderBuilder(till), OrderBuilder(), till.echo("x")]
            try:
                till.confirm("nobody")
            except sequra_pos.SequraError as error:
                # A cycle, that only the collector finds.
                things.append([error, things])
            chance.shuffle(things)
            del till
            while things:
                things.pop()
                if chance.random() < 0.1:
                    gc.collect()

    def test_what_is_left_open_at_the_end_of_the_program_is_no_trouble(self):
        code = ("import sequra_pos, json, sys\n"
                "till = sequra_pos.Client(sys.argv[1])\n"
                "kept = [till.pending(), sequra_pos.OrderBuilder(till)]\n"
                "kept.append(kept)\n"
                "class Late:\n"
                "    def __del__(self): till.close()\n"
                "late = Late()\n")
        self.assertEqual((0, "", ""), python(code, json.dumps(config())))

    def test_freed_by_two_threads_at_once(self):
        for _ in range(200):
            till, result, order = Client(config()), sequra_pos.echo("x"), OrderBuilder()
            frees = [till.close, result.free, order.free] * 2
            together(frees)


class Threads(Case):
    def test_one_client_for_many(self):
        done = []

        def sell(number):
            ref = "T-{}".format(number)
            order = till.start_solicitation(orders.complete(ref)).order
            till.send_form(order.url, "pp3")
            approve(order.uuid)
            self.assertEqual("settled", till.confirm(order.url).order.state)
            for _ in range(20):
                self.assertEqual(ref, till.order_info(ref).order.order_ref_1)
            done.append(number)

        with Client(config()) as till:
            together([lambda number=number: sell(number) for number in range(8)])
        self.assertEqual(set(range(8)), set(done))

    def test_closed_while_others_call(self):
        till = Client(config())
        seen = set()

        def call():
            while True:
                try:
                    till.echo("Íñigo" * 100)
                except sequra_pos.ClosedError:
                    return
                except sequra_pos.InvalidCall as error:
                    # Closed between the look and the call: the library says so.
                    seen.add(error.status)
        callers = [threading.Thread(target=call) for _ in range(4)]
        for caller in callers:
            caller.start()
        till.close()
        for caller in callers:
            caller.join(60)
        self.assertLessEqual(seen, {Status.INVALID_HANDLE})

    def test_an_order_built_by_many(self):
        with OrderBuilder() as order:
            together([lambda number=number: [order.add_item(None, "R-{}".format(number), "x", quantity=1, price_with_tax=1,
                                                            total_with_tax=1) for _ in range(50)]
                      for number in range(4)])
            self.assertEqual(200, len(order.document["cart"]["items"]))


def together(functions):
    """Calls all at once, each in a thread of its own; raises what one raises."""
    errors, gate = [], threading.Barrier(len(functions))

    def run(function):
        gate.wait()
        try:
            function()
        except BaseException as error:
            errors.append(error)
    threads = [threading.Thread(target=run, args=(function,)) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    if errors:
        raise errors[0]


class Texts(Case):
    #: The Encoding Standard's, but for those that cannot be C strings.
    ENCODINGS = """UTF-8 IBM866 ISO-8859-2 ISO-8859-3 ISO-8859-4 ISO-8859-5 ISO-8859-6 ISO-8859-7 ISO-8859-8
        ISO-8859-8-I ISO-8859-10 ISO-8859-13 ISO-8859-14 ISO-8859-15 ISO-8859-16 KOI8-R KOI8-U macintosh windows-874
        windows-1250 windows-1251 windows-1252 windows-1253 windows-1254 windows-1255 windows-1256 windows-1257
        windows-1258 x-mac-cyrillic GBK gb18030 Big5 EUC-JP Shift_JIS EUC-KR""".split()

    def test_texts_that_cannot_be(self):
        with Client(config()) as till:
            for call, error in ((lambda: till.echo("a\0b"), ValueError), (lambda: till.echo("\ud800"), ValueError),
                                (lambda: till.echo(b"bytes"), TypeError), (lambda: till.echo(None), TypeError),
                                (lambda: till.send_form("x", 3), TypeError), (lambda: Client(3), sequra_pos.InvalidCall),
                                (lambda: Client('{"a": "\0"}'), ValueError),
                                (lambda: Client.open_file("a\0b"), ValueError),
                                (lambda: till.start_solicitation({"a": {1, 2}}), TypeError)):
                with self.assertRaises(error):
                    call()

    def test_numbers_that_cannot_be(self):
        with Client(config()) as till, OrderBuilder() as order:
            for wrong, error in ((2**63, OverflowError), (-2**63 - 1, OverflowError), (1.0, TypeError), (None, TypeError)):
                with self.assertRaises(error):
                    order.set("/x", wrong)
                with self.assertRaises(error):
                    till.log_dismiss(wrong)
                with self.assertRaises(error):
                    order.add_item(None, "x", "x", total_with_tax=wrong)
            for right in (2**63 - 1, -2**63):
                order.set("/x", right)
                self.assertEqual(right, order.document["x"])

    def test_every_encoding_that_a_configuration_can_name(self):
        words = ["Íñigo", "Žofia", "Жук", "Γιώργος", "שלום", "مرحبا", "สวัสดี", "漢字", "汉字", "한글", "3 €"]
        for name in self.ENCODINGS:
            with Client(config(text_encoding=name)) as till:
                self.assertEqual(name, till.text_encoding)
                held = 0
                for word in words:
                    try:
                        echoed = till.echo(word)
                    except UnicodeEncodeError:
                        continue
                    held += 1
                    self.assertEqual(word, echoed.data["text"], name)
                    if name != "EUC-JP":  # which the library reads with more characters than it writes
                        self.assertEqual(word, echoed.value("/data/text"), name)
                self.assertTrue(held, name)
                # JSON can say everything in every encoding.
                with self.assertRaises(sequra_pos.InvalidOrder) as raised:
                    till.start_solicitation(json.dumps({"Жук 漢字 😀 ñ": 1}, ensure_ascii=False))
                self.assertIn("/Жук 漢字 😀 ñ", [one.pointer for one in raised.exception.result.warnings])

    def test_every_byte_of_windows_1252(self):
        with Client(config(text_encoding="windows-1252")) as till:
            with OrderBuilder(till) as order:
                order.set("/x", "".join(map(chr, range(1, 128))) + "ÿ€")
                self.assertEqual("".join(map(chr, range(1, 128))) + "ÿ€", order.document["x"])
            # The five bytes that Python's table has no character for.
            self.assertEqual("\x81\x8d\x8f\x90\x9d", till._encoding.plain(b"\x81\x8d\x8f\x90\x9d"))

    def test_a_failed_opening_in_another_encoding(self):
        place = "/no hay tal carpeta, señor"
        with self.assertRaises(sequra_pos.MachineError) as raised:
            Client(config(text_encoding="windows-1252", journal=place + "/journal", language="es"))
        self.assertIn(place, raised.exception.errors[0].message)

    def test_a_configuration_file_with_a_name_of_any_kind(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in ("señor.json", "漢字 😀.json"):
                path = Path(folder, name)
                path.write_text(json.dumps(config()))
                Client.open_file(path).close()
                Client.open_file(str(path)).close()


class TheLibrary(Case):
    def test_it_is_the_one_in_the_package(self):
        if sys.platform == "linux":
            sequra_pos.load()
            self.assertIn(str(PACKAGE), Path("/proc/self/maps").read_text())

    #: Loads the library, from the place named if one is; says which was loaded.
    LOADS = ("import sequra_pos, sys\n"
             "if len(sys.argv) > 1: sequra_pos.load(sys.argv[1])\n"
             "sequra_pos.abi_version()\n"
             "with open('/proc/self/maps') as maps:\n"
             "    print(*sorted({line.split(None, 5)[5].strip() for line in maps if 'sequra_pos' in line}))\n")

    def loads(self, *arguments, **environment):
        status, stdout, stderr = python(self.LOADS, *arguments, **environment)
        self.assertEqual((0, ""), (status, stderr))
        return stdout.strip()

    def fails(self, *arguments, **environment):
        status, stdout, stderr = python(self.LOADS, *arguments, **environment)
        self.assertEqual((1, ""), (status, stdout))
        return stderr

    def sources(self):
        """A folder with the package as it is in the repository, without a library."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        package = Path(folder.name, "sequra_pos")
        package.mkdir()
        for path in PACKAGE.glob("*.py"):
            shutil.copy(str(path), str(package))
        return folder.name

    @on_linux
    def test_the_program_names_it(self):
        self.assertEqual(LIBRARY, self.loads(LIBRARY))
        for path in ["libsequra_pos.so", "./libsequra_pos.so", os.path.relpath(LIBRARY)]:
            self.assertRegex(self.fails(path), "ImportError: the sequra_pos library is not found.*: not an absolute path")

    @on_linux
    def test_the_variable_names_it_only_where_the_package_has_none(self):
        own = str(PACKAGE / "libsequra_pos.so")
        for named in [LIBRARY, "/not/there.so", "libsequra_pos.so", ""]:
            self.assertEqual(own, self.loads(SEQURA_POS_LIBRARY=named))
        sources = self.sources()
        self.assertEqual(LIBRARY, self.loads(PYTHONPATH=sources, SEQURA_POS_LIBRARY=LIBRARY))
        for named in ["libsequra_pos.so", "./libsequra_pos.so", os.path.relpath(LIBRARY)]:
            said = self.fails(PYTHONPATH=sources, SEQURA_POS_LIBRARY=named)
            self.assertIn("SEQURA_POS_LIBRARY: an absolute path. Tried: {}: not an absolute path".format(named), said)
        self.assertIn("Tried: nothing", self.fails(PYTHONPATH=sources))

    @on_linux
    def test_nothing_is_looked_for_elsewhere(self):
        """A library that somebody has put where the system looks is not loaded: with a package that has one, and without."""
        for sources in [None, self.sources()]:
            with planted() as (folder, mark):
                environment = {"LD_LIBRARY_PATH": folder, "PATH": folder + os.pathsep + os.environ["PATH"]}
                if sources:
                    environment["PYTHONPATH"] = sources
                python(self.LOADS, cwd=folder, **environment)
                # Nor by its name.
                for name in ["libsequra_pos.so", "libsequra_pos.so.1"]:
                    python(self.LOADS, cwd=folder, SEQURA_POS_LIBRARY=name, **environment)
                    python(self.LOADS, name, cwd=folder, **environment)
                self.assertFalse(mark.exists(), "the planted library was loaded")
                # The trap works.
                python("import ctypes; ctypes.CDLL('libsequra_pos.so')", cwd=folder, **environment)
                self.assertTrue(mark.exists())

    def test_another_library_is_not_taken_for_it(self):
        if sys.platform == "linux":
            with open("/proc/self/maps") as maps:
                other = next(line.split()[-1] for line in maps if "/libc" in line and ".so" in line)
            self.assertIn("ImportError: {} is not the sequra_pos library".format(other), self.fails(other))

    def test_a_name_that_leads_nowhere_is_said(self):
        status, _, stderr = python("import sequra_pos; sequra_pos.load('/not/there.so')")
        self.assertEqual(1, status)
        self.assertRegex(stderr, r"ImportError: the sequra_pos library is not found.*SEQURA_POS_LIBRARY.*/not/there\.so")
        sequra_pos.abi_version()
        with self.assertRaises(RuntimeError):
            sequra_pos.load("another.so")

    def test_it_can_be_asked_about_itself(self):
        self.assertEqual(("SQ_CONFLICT", 2, "SQ_UNKNOWN_STATUS", -1),
                         (sequra_pos.status_name(2409), sequra_pos.status_class(2409), sequra_pos.status_name(7),
                          sequra_pos.status_class(7)))
        self.assertEqual(sequra_pos.ABI_VERSION, sequra_pos.build_info()["abi"])


class ThePackage(Case):
    def test_every_file_is_python_3_7(self):
        for path in [*PACKAGE.glob("*.py"), ROOT / "bindings/python/till.py"]:
            source = path.read_text(encoding="utf-8")
            if sys.version_info >= (3, 8):
                ast.parse(source, feature_version=(3, 7))
            else:
                ast.parse(source)

    def test_types_are_said_of_everything_public(self):
        self.assertTrue((PACKAGE / "py.typed").exists())
        for name in sequra_pos.__all__:
            thing = getattr(sequra_pos, name, None)
            members = [thing] if inspect.isfunction(thing) else [
                member for key, member in vars(thing).items()
                if inspect.isfunction(member) and (key == "__init__" or not key.startswith("_"))
                and member.__module__.startswith("sequra_pos")] if inspect.isclass(thing) else []
            for member in members:
                parameters = set(inspect.signature(member).parameters) - {"self", "cls"}
                annotated = set(member.__annotations__)
                self.assertEqual(parameters | {"return"}, annotated & (parameters | {"return"}), member.__qualname__)
                self.assertTrue(member.__doc__ or member.__name__ == "__init__", member.__qualname__)

    def test_the_types_can_be_read(self):
        self.assertEqual(sequra_pos.Result[None], typing.get_type_hints(Client.confirm)["return"])
        self.assertEqual(sequra_pos.Result[sequra_pos.results.PendingData], typing.get_type_hints(Client.pending)["return"])
        if sys.version_info >= (3, 8):
            for name in sequra_pos.orders.__all__:
                self.assertTrue(typing.get_type_hints(getattr(sequra_pos.orders, name).__init__), name)
            self.assertEqual(int, typing.get_type_hints(sequra_pos.results.UnfinishedOrder)["age_s"])

    def test_a_misspelt_field_is_refused_when_the_program_runs_too(self):
        from sequra_pos import orders as typed
        with self.assertRaisesRegex(TypeError, "layuot"):
            typed.Gui(layuot="desktop")
        with self.assertRaisesRegex(AttributeError, "layuot"):
            typed.Gui(layout="desktop").layuot = "desktop"

    def test_an_order_with_types_says_what_it_holds_as_json_and_not_in_a_log(self):
        from sequra_pos import orders as typed
        order = typed.Order(customer=typed.Customer(email="a@example.es", other_fields={"its_name": [typed.Gui(layout="mobile")]}))
        document = {"customer": {"email": "a@example.es", "user_agent": None, "its_name": [{"layout": "mobile"}]}}
        self.assertEqual(document, order.document())
        self.assertEqual(order, typed.Order(customer=typed.Customer(email="a@example.es", other_fields=document["customer"])))
        self.assertNotEqual(order, typed.Order())

        class Ours(typed.Gui):
            __slots__ = ("note",)
        ours = Ours(layout="mobile")
        ours.note = "x"
        self.assertEqual({"layout": "mobile", "note": "x"}, ours.document())
        self.assertEqual(order, copy.deepcopy(order))
        self.assertNotIn("example.es", repr(order) + repr(order.customer))
        # In a dict, too.
        with Client(config()) as till, self.assertRaises(sequra_pos.InvalidOrder) as raised:
            till.start_solicitation({"gui": typed.Gui(layout="mobile"), "cart": {"items": [typed.InvoiceFee(total_with_tax=1)]}})
        self.assertNotIn("/gui/layout", [problem.pointer for problem in raised.exception.errors])
        self.assertNotIn("/cart/items/0/type", [problem.pointer for problem in raised.exception.errors])

    def test_everything_public_exists(self):
        for name in sequra_pos.__all__:
            self.assertTrue(hasattr(sequra_pos, name), name)


class Awaited(Case):
    """Calls of an event loop. The line holds seQura's answer back as long as it is not free."""

    def setUp(self):
        self.line = simulator.HeldLine(types.SimpleNamespace(http=SIMULATOR))
        self.addCleanup(self.line.close)
        self.addCleanup(self.line.free.set)
        self.till = Client(config(base_url=self.line.url))
        self.addCleanup(self.till.close)

    def tearDown(self):
        self.line.free.set()
        self.till.close()
        super().tearDown()

    def approved(self, number):
        started = self.till.start_solicitation({**orders.complete(), "merchant_reference": {"order_ref_1": number}}).order
        self.till.send_form(started.url, "pp3")
        approve(started.uuid)
        return started.url

    async def until(self, come):
        for _ in range(2000):
            if come():
                return
            await asyncio.sleep(0.01)
        self.fail("it does not come")

    def state(self, url):
        return self.till.order_info(url).order.state

    def test_every_call_is_there_to_be_awaited_with_the_same_arguments(self):
        functions = {name: one for name, one in vars(Client).items() if inspect.isfunction(one)}
        calls = {name: one for name, one in functions.items() if "Result[" in str(typing.get_type_hints(one).get("return"))}
        names = {name for name in calls if not name.startswith("_") and not name.endswith("_async")}
        self.assertIn("confirm", names)
        self.assertEqual({name + "_async" for name in names}, {name for name in calls if name.endswith("_async")})
        for name in names:
            once, awaited = getattr(Client, name), getattr(Client, name + "_async")
            self.assertTrue(inspect.iscoroutinefunction(awaited), name)
            self.assertEqual(inspect.signature(once), inspect.signature(awaited), name)

    def test_the_loop_goes_on_meanwhile(self):
        async def sale():
            till = await Client.open_async(config(base_url=self.line.url))
            with till:
                order = {**orders.complete(), "merchant_reference": {"order_ref_1": "AW-1"}}
                started = (await till.start_solicitation_async(order)).order
                await till.send_form_async(started.url, "pp3")
                approve(started.uuid)
                self.line.free.clear()
                confirming = asyncio.ensure_future(till.confirm_async(started.url, order))
                for _ in range(20):
                    await asyncio.sleep(0.01)
                self.assertFalse(confirming.done())
                self.line.free.set()
                return (await confirming).order.state
        self.assertEqual("settled", asyncio.run(sale()))

    def test_a_cancelled_wait_leaves_the_call_alone(self):
        url = self.approved("AW-2")

        async def cancelled():
            self.line.free.clear()
            with self.assertRaises(asyncio.TimeoutError):
                await asyncio.wait_for(self.till.confirm_async(url), 0.3)
            self.assertEqual("confirming", self.state(url))
            self.line.free.set()
            await self.until(lambda: self.state(url) == "settled")
        asyncio.run(cancelled())

    @unittest.skipIf(sys.version_info < (3, 9), "asyncio.run waits for threads since then")
    def test_a_loop_that_ends_waits_for_the_call(self):
        url = self.approved("AW-3")

        async def ends():
            self.line.free.clear()
            asyncio.ensure_future(self.till.confirm_async(url))
            await self.until(lambda: self.state(url) == "confirming")
            asyncio.get_running_loop().call_later(0, threading.Timer(0.3, self.line.free.set).start)
            await asyncio.sleep(0.05)
        asyncio.run(ends())
        self.assertEqual("settled", self.state(url))

    def test_what_waits_for_a_thread_is_sent_as_it_was_and_not_at_all_once_it_is_cancelled(self):
        workers = concurrent.futures.ThreadPoolExecutor(1)

        async def one_thread():
            busy = threading.Event()
            loop = asyncio.get_running_loop()
            loop.set_default_executor(workers)
            loop.run_in_executor(None, busy.wait, 60)
            order = {**orders.complete(), "merchant_reference": {"order_ref_1": "AW-4"}}
            starting = asyncio.ensure_future(self.till.start_solicitation_async(order))
            never = asyncio.ensure_future(self.till.start_solicitation_async(orders.complete()))
            await asyncio.sleep(0.05)
            order["merchant_reference"]["order_ref_1"] = "AW-5"
            never.cancel()
            busy.set()
            self.assertEqual("AW-4", (await starting).order.order_ref_1)
            with self.assertRaises(asyncio.CancelledError):
                await never
            self.assertEqual(1, len((await self.till.pending_async()).data["orders"]))
        asyncio.run(one_thread())
        workers.shutdown()

    def test_a_client_that_is_closed_meanwhile_ends_with_the_call(self):
        url = self.approved("AW-6")

        async def closed():
            self.line.free.clear()
            confirming = asyncio.ensure_future(self.till.confirm_async(url))
            await self.until(lambda: self.state(url) == "confirming")
            self.till.close()
            self.line.free.set()
            self.assertEqual("settled", (await confirming).order.state)
            with self.assertRaises(sequra_pos.ClosedError):
                await self.till.confirm_async(url)
        asyncio.run(closed())


def main():
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules[__name__])
    ran = unittest.TextTestRunner(stream=sys.stdout).run(suite)
    failed = len(ran.failures) + len(ran.errors)
    print("{} passed, {} failed".format(ran.testsRun - failed - len(ran.skipped), failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
