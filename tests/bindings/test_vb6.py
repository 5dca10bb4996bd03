"""VB6 and VBA, which cannot be run here: what can be said of their files by reading them."""

import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from languages import ROOT, TARGET, abi

sys.path.insert(0, str(ROOT / "tests" / "vb6"))

import conditions  # noqa: E402: it is in the folder just named

FOLDER = ROOT / "bindings" / "vb6"
SOURCES = sorted(path for path in FOLDER.iterdir() if path.suffix in (".bas", ".cls", ".frm", ".vbp"))
PARSER = "antlr4-vba==0.0.67"

#: What is defined, and what follows: is it PtrSafe, is a name `sqs_...`, what is an address.
PLATFORMS = {"VB6": ((), False, True, "Long"), "VBA on 32 bits": (("VBA7",), True, True, "LongPtr"),
             "VBA on 64 bits": (("VBA7", "Win64"), True, False, "LongPtr")}


def read(path):
    return path.read_bytes().decode("cp1252")


def code(text):
    """Without comments and the contents of texts, each statement in one line."""
    text = re.sub(r" _\r\n\s*", " ", text)
    text = re.sub(r'"(?:[^"\r]|"")*"', '""', text)
    return re.sub(r"'[^\r]*", "", text)


def declared(text):
    """Name -> (PtrSafe, alias, [(how, type)], returned type or None) of each Declare."""
    found = {}
    for line in re.sub(r" _\r\n\s*", " ", text).split("\r\n"):
        declaration = re.fullmatch(r'Public Declare (PtrSafe )?(Sub|Function) (\w+) Lib "sequra_pos.dll"'
                                   r'(?: Alias "(\w+)")? ?\((.*)\)(?: As (\w+))?', line.strip())
        if not line.startswith("Public Declare"):
            continue
        assert declaration, line
        safe, kind, name, alias, arguments, returned = declaration.groups()
        assert (kind == "Function") == (returned is not None), line
        taken = [re.fullmatch(r"(ByVal|ByRef) (\w+) As (\w+)", one.strip()).groups()
                 for one in arguments.split(",") if one.strip()]
        names = [name.lower() for _, name, _ in taken]
        assert len(names) == len(set(names)), line
        assert name not in found, f"{name} is declared twice"
        found[name] = (bool(safe), alias, [(how, of_type) for how, _, of_type in taken], returned)
    return found


def expected(address):
    """C type -> (how, type), as an argument."""
    return {"sq_status": ("ByVal", "Long"), "int32_t": ("ByVal", "Long"), "uint32_t": ("ByVal", "Long"),
            # 8 bytes, by value: nothing else of VB6's has them.
            "int64_t": ("ByVal", "Currency"), "const char *": ("ByVal", "String"), "char *": ("ByVal", "String"),
            "uint32_t *": ("ByRef", "Long"), "sq_client *": ("ByVal", address), "sq_order *": ("ByVal", address),
            "sq_buffer *": ("ByVal", address), "const sq_buffer *": ("ByVal", address),
            "sq_client **": ("ByRef", address), "sq_order **": ("ByRef", address), "sq_buffer **": ("ByRef", address)}


def arguments_of(line, at):
    """How many arguments stand in the parentheses that open at `at`."""
    depth, count, empty = 0, 0, True
    for letter in line[at:]:
        if letter == "(":
            depth += 1
        elif letter == ")":
            depth -= 1
            if depth == 0:
                return 0 if empty else count + 1
        elif depth == 1 and letter == ",":
            count += 1
        if depth >= 1 and letter not in "( ":
            empty = False
    raise AssertionError(f"parentheses do not close: {line}")


class Declarations(unittest.TestCase):
    def test_every_function_is_declared_as_the_header_has_it(self):
        text = read(FOLDER / "SequraPos.bas")
        for platform, (defined, safe, stdcall, address) in PLATFORMS.items():
            with self.subTest(platform):
                wanted = {}
                types = expected(address)
                for name, one in abi.FUNCTIONS.items():
                    # A text that comes back is not a String: VB6 would free it.
                    returns = {"void": None, "const char *": address}
                    returned = returns[one.result] if one.result in returns else types[one.result][1]
                    alias = name.replace("sq_", "sqs_", 1) if stdcall else None
                    wanted[name] = (safe, alias, [types[argument] for argument in one.arguments], returned)
                self.assertEqual(wanted, declared(conditions.seen(text, defined)))

    def test_every_status_has_the_number_of_the_header(self):
        text = read(FOLDER / "SequraPos.bas")
        members = re.search(r"Public Enum SqStatus\r\n(.*?)End Enum", text, re.S)[1]
        found = {name: int(number) for name, number in re.findall(r"^    (SQ_\w+) = (\d+)\r$", members, re.M)}
        self.assertEqual({name: number for number, name in abi.STATUS_NAMES.items()}, found)
        self.assertIn(f"SQ_ABI As Long = {abi.MACROS['SQ_ABI_VERSION']}\r\n", text)

    def test_the_layer_calls_with_as_many_arguments_as_are_declared(self):
        called = 0
        for path in SOURCES:
            if path.name == "SequraPos.bas":
                continue
            for line in code(read(path)).split("\r\n"):
                for call in re.finditer(r"\b(sq_[a-z_0-9]+)\(", line):
                    self.assertIn(call[1], abi.FUNCTIONS, line)
                    self.assertEqual(len(abi.FUNCTIONS[call[1]].arguments), arguments_of(line, call.end() - 1), line)
                    called += 1
                # Money: never by way of a Double.
                self.assertNotRegex(line, r"/ ?10000|CDbl|As Double|As Single", path.name)
        self.assertGreaterEqual(called, len(abi.FUNCTIONS))


    def test_what_is_named_is_there(self):
        """What the compiler would say: a constant or a member of a class that nobody has."""
        constants, members = set(), {}
        for path in SOURCES:
            text = code(read(path))
            constants |= {name.lower() for name in re.findall(r"^ *(?:Public Const )?(S[Qq]_?\w+)(?: As \w+)? = ",
                                                              text, re.M)}
            constants |= {name.lower() for name in re.findall(r"^Public (?:Sub|Function|Enum) (\w+)", text, re.M)}
            if path.suffix == ".cls":
                members[path.stem] = {name.lower() for name in re.findall(
                    r"^(?:Public|Friend) (?:Sub|Function|Property Get) (\w+)", text, re.M)}
        constants |= {name for name in abi.FUNCTIONS} | {name.lower() for name in members}
        readme = (FOLDER / "README.md").read_text(encoding="utf-8")
        texts = {path.name: code(read(path)) for path in SOURCES if path.suffix != ".vbp"}
        shown = "\n".join(block.split("```")[0] for block in readme.split("```vb\n")[1:])
        texts["README.md"] = code(shown.replace("\n", "\r\n"))
        for name, text in texts.items():
            if name != "SequraPos.bas":
                for used in re.findall(r"\bS[Qq][A-Z_]\w+", text):
                    self.assertTrue(used.lower() in constants, f"{name}: {used}")
            variables = dict(re.findall(r"\b(\w+) As (?:New )?(Sequra(?:Client|Order|Result))\b", text))
            for variable, of_class in variables.items():
                for member in re.findall(rf"\b{variable}\.(\w+)", text):
                    self.assertIn(member.lower(), members[of_class], f"{name}: {variable}.{member}")


class Files(unittest.TestCase):
    def test_they_are_as_visual_basic_reads_them(self):
        for path in SOURCES:
            raw, text = path.read_bytes(), read(path)
            self.assertEqual(raw.count(b"\n"), raw.count(b"\r\n"), f"{path.name}: lines end in CR LF")
            self.assertTrue(raw.endswith(b"\r\n"), path.name)
            self.assertNotIn(b"\t", raw, path.name)
            if not raw.isascii():
                self.assertRaises(UnicodeDecodeError, raw.decode, "utf-8")
            for line in text.split("\r\n"):
                self.assertLessEqual(len(line), 1023, path.name)
                # A comment that ends in " _" would take the next line along.
                self.assertFalse("'" in line and line.endswith(" _"), line)
            self.assertNotRegex(text, r"(?: _\r\n[^\r]*){25}", f"{path.name}: more than 24 continuations")

    def test_modules_say_their_names_and_declare_their_variables(self):
        for path in SOURCES:
            if path.suffix != ".vbp":
                self.assertIn(f'Attribute VB_Name = "{path.stem}"\r\n', read(path))
                self.assertIn("\r\nOption Explicit\r\n", read(path))

    def test_the_project_has_all_of_them(self):
        project = read(FOLDER / "Till.vbp")
        named = re.findall(r"^(?:Form=|(?:Module|Class)=\w+; )(\S+)\r$", project, re.M)
        self.assertEqual({path.name for path in SOURCES} - {"Till.vbp"}, set(named))


class Syntax(unittest.TestCase):
    """With a grammar of VBA, in an environment of its own."""

    @classmethod
    def setUpClass(cls):
        cls.python = TARGET / "vb6" / "parser" / "bin" / "python"
        if not cls.python.exists() or subprocess.run([cls.python, "-c", "import antlr4_vba"]).returncode:
            subprocess.run([sys.executable, "-m", "venv", "--clear", cls.python.parents[1]], check=True)
            subprocess.run([cls.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PARSER],
                           check=True)

    def check(self, *paths):
        ran = subprocess.run([self.python, ROOT / "tests" / "vb6" / "syntax.py", *paths], stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True)
        return ran.returncode, ran.stdout

    def test_every_file_is_visual_basic(self):
        self.assertEqual((0, ""), self.check(*(path for path in SOURCES if path.suffix != ".vbp")))

    def test_the_readme_s_first_sale_is(self):
        readme = (FOLDER / "README.md").read_text(encoding="utf-8")
        sale = readme.split("```vb\n")[1].split("```")[0]
        self.assertLessEqual(len(sale.strip().splitlines()), 25)
        self.assertEqual((0, ""), self.check_text(sale))

    def test_what_is_none_is_found(self):
        self.assertEqual((0, ""), self.check_text("Sub A()\n    B 1\nEnd Sub\n"))
        for wrong in ("Sub A()\n    B 1,\nEnd Function\n", "Sub A(\nEnd Sub\n", "Sub A()\n    If 1 Then B Else\n"):
            status, said = self.check_text(wrong)
            self.assertEqual(1, status, wrong)
            self.assertTrue(said)

    def check_text(self, text):
        with tempfile.NamedTemporaryFile("w", suffix=".bas", encoding="cp1252", newline="\r\n") as file:
            file.write('Attribute VB_Name = "Snippet"\n' + text)
            file.flush()
            return self.check(file.name)


if __name__ == "__main__":
    unittest.main()
