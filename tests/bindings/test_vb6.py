"""VB6 and VBA, which cannot be run here: what can be said of their files by reading them."""

import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from languages import FIRST_SALES, ROOT, TARGET, abi

sys.path.insert(0, str(ROOT / "tests" / "vb6"))

import conditions  # noqa: E402: it is in the folder just named

FOLDER = ROOT / "bindings" / "vb6"
SOURCES = sorted(path for path in FOLDER.iterdir() if path.suffix in (".bas", ".cls", ".vbp"))

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


class Procedure:
    """A Sub, Function or Property Get: what it takes, and what its lines are."""

    def __init__(self, module, public, name, arguments):
        self.module, self.public, self.name, self.body = module, public, name, []
        taken = [one for one in arguments.split(",") if one.strip()]
        self.least, self.most = sum("Optional " not in one for one in taken), len(taken)

    def __repr__(self):
        return f"{self.module}.{self.name}"


def procedures(path):
    """Of one file, as the compiler of VB6 sees it."""
    head = re.compile(r"(Public|Private|Friend) (?:Sub|Function|Property Get) (\w+) ?\((.*?)\)(?: As \w+)?")
    found, open_one = [], None
    for line in code(conditions.seen(read(path), ())).split("\r\n"):
        begins = head.fullmatch(line.strip())
        if begins:
            public, name, arguments = begins.groups()
            open_one = Procedure(path.stem, public != "Private", name, arguments)
            found.append(open_one)
        elif re.match(r"End (Sub|Function|Property)\b", line):
            open_one = None
        elif open_one and line.strip():
            open_one.body.append(line.strip())
    return found


#: Visual Basic's own, as far as it is used here: what begins a statement, and what is called.
WORDS = set("call case close const dim do else elseif end err exit for get if line loop next on open print redim resume "
            "select set".split())
FUNCTIONS = set("ccur cstr dir format iif instr instrrev int lcase left len lof ltrim mid msgbox right space split strcomp "
                "strconv string strptr ubound".split())


def uses(line):
    """(what the dot before it is of, name, how many arguments, is it a call by its looks) of each name in the line.

    Of a name without a dot that is None, of one behind a whole expression "?"."""
    for one in re.finditer(r"\b[A-Za-z_]\w*", line):
        chain = re.search(r"(?:[\w)]+\.)*$", line[:one.start()])
        before = chain[0].rstrip(".")
        if not before:
            before = None
        elif not re.fullmatch(r"\w+", before) or line[:chain.start()].endswith("."):
            before = "?"
        rest = re.sub(r"^\$", "", line[one.end():])
        begins = re.search(r"(?:^|\bThen |\bElse |: )$", line[:chain.start()])
        if rest.startswith("("):
            yield before, one[0], arguments_of(rest, 0), True
        elif begins and re.match(r" (?!= )", rest + " "):
            yield before, one[0], arguments_of(f"({rest.split(' Else ')[0]})", 0), True
        else:
            yield before, one[0], 0, False


class Program:
    """All files: who calls whom."""

    def __init__(self):
        paths = [path for path in SOURCES if path.suffix != ".vbp"]
        self.texts = {path.stem: code(conditions.seen(read(path), ())) for path in paths}
        self.procedures = [one for path in paths for one in procedures(path)]
        self.own, self.public, self.members = {}, {}, {path.stem: {} for path in paths if path.suffix == ".cls"}
        for one in self.procedures:
            self.own[one.module, one.name.lower()] = one
            if one.module in self.members:
                if one.public:
                    self.members[one.module][one.name.lower()] = one
            elif one.public:
                self.public[one.name.lower()] = one
        self.declared = {name.lower() for text in self.texts.values()
                         for name in re.findall(r"Declare (?:Function|Sub) (\w+)", text)}
        # A class's public variables are asked for like properties.
        for name in self.members:
            for field in re.findall(r"^Public (\w+) As \w+\r$", self.texts[name], re.M):
                self.members[name][field.lower()] = Procedure(name, True, field, "")
        self.globals = {}
        for name, text in self.texts.items():
            if name not in self.members:
                self.globals.update(self.variables(text, "Public "))

    def variables(self, text, keyword=""):
        """Variable -> class, of those that are one of ours."""
        found = re.findall(rf"\b{keyword}(\w+) As (?:New )?(\w+)\b", text)
        return {name.lower(): of_class for name, of_class in found if of_class in self.members}

    def called(self, procedure):
        """(called procedures, how many arguments each gets), and what in it is nobody's."""
        text = self.texts[procedure.module]
        variables = {**self.globals, **self.variables(text)}
        names = {name.lower() for name in re.findall(r"\b(\w+)(?:\(\))? As ", text)}
        found, unknown = [], []
        for line in procedure.body:
            if re.match(r"(?:Dim|Const) |\w+:$|On Error |Resume\b", line):
                continue
            for before, name, count, looks in uses(line):
                lower = name.lower()
                if before is None:
                    one = self.own.get((procedure.module, lower)) or self.public.get(lower)
                    if one is not None and not (one is procedure and not looks):
                        found.append(([one], count, line))
                    elif looks and one is None and lower not in WORDS | FUNCTIONS | names | self.declared:
                        unknown.append((name, line))
                elif before.lower() in variables:
                    one = self.members[variables[before.lower()]].get(lower)
                    if one is None:
                        unknown.append((f"{before}.{name}", line))
                    else:
                        found.append(([one], count, line))
                elif before == "?":
                    found.append(([of[lower] for of in self.members.values() if lower in of], count, line))
        return found, unknown

    def reached(self):
        """What is called from Main, directly or not."""
        left = [one for one in self.procedures if one.name == "Main"]
        done = set()
        while left:
            one = left.pop()
            if one not in done:
                done.add(one)
                left += [each for called, _, _ in self.called(one)[0] for each in called]
        return done


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
        called = set()
        for path in SOURCES:
            if path.name == "SequraPos.bas":
                continue
            for line in code(read(path)).split("\r\n"):
                for call in re.finditer(r"\b(sq_[a-z_0-9]+)\(", line):
                    self.assertIn(call[1], abi.FUNCTIONS, line)
                    self.assertEqual(len(abi.FUNCTIONS[call[1]].arguments), arguments_of(line, call.end() - 1), line)
                    called.add(call[1])
                # Money: never by way of a Double.
                self.assertNotRegex(line, r"/ ?10000|CDbl|As Double|As Single", path.name)
        self.assertEqual(set(abi.FUNCTIONS), called, "functions that the classes do not offer")

    def test_the_library_is_never_looked_for(self):
        """Windows looks for a DLL when the first function of it is called: by then it must be loaded, from its own folder.
        So every call has a handle, which nobody has before, or comes after a check."""
        unguarded = []
        for path in SOURCES:
            if path.name == "SequraPos.bas":
                continue
            checked = False
            for line in code(read(path)).split("\r\n"):
                if re.match(r"(Public|Private|Friend) (Sub|Function|Property)", line):
                    checked = False
                checked = checked or line.strip() in ("SqNeedLibrary", "SqCheckLibrary")
                for call, handle in re.findall(r"\b(sq_[a-z_0-9]+)\(([\w.]*)", line):
                    by_handle = handle in ("Handle", "Started", "client.Handle") or f"If {handle} <> 0 Then Call {call}" in line
                    if not checked and not by_handle:
                        unguarded.append(f"{path.name}: {line.strip()}")
        self.assertEqual([], unguarded)
        text = code(read(FOLDER / "SequraText.bas"))
        loads = re.search(r"Public Sub SqLoadLibrary.*?End Sub", text, re.S)[0]
        # An absolute path, or none: what is refused is refused before the system is asked.
        self.assertRegex(loads, r'(?s)Mid\$\(folder, 2, 2\) <> ".*" And Left\$\(folder, 2\) <> ".*SqRaise SQ_OWN_LIBRARY.*LoadLibraryEx\(file, 0, ')
        for beginning in [read(FOLDER / "FirstSale.bas"), (FOLDER / "README.md").read_text(encoding="utf-8")]:
            self.assertLess(beginning.index("SqLoadLibrary App.Path"), beginning.index(".OpenFile "))

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
        project = read(FOLDER / "FirstSale.vbp")
        named = re.findall(r"^(Module|Class)=(\w+); (\S+)\r$", project, re.M)
        self.assertEqual({path.name for path in SOURCES} - {"FirstSale.vbp"}, {file for _, _, file in named})
        for kind, name, file in named:
            self.assertEqual({"Module": ".bas", "Class": ".cls"}[kind], Path(file).suffix)
            self.assertEqual(Path(file).stem, name)


class FirstSale(unittest.TestCase):
    """What the compiler would say of it, and whether it does what those do that are run."""

    @classmethod
    def setUpClass(cls):
        cls.program = Program()

    def test_what_is_called_is_there_and_gets_its_arguments(self):
        for procedure in self.program.procedures:
            found, unknown = self.program.called(procedure)
            self.assertEqual([], unknown, procedure)
            for called, count, line in found:
                # Of an expression's result the class is not known here: then any that has such a member.
                self.assertTrue(not called or any(one.least <= count <= one.most for one in called),
                                f"{procedure}: {called} with {count} arguments in: {line}")

    def test_what_the_first_sale_in_cpp_asks_of_the_library_it_asks_too(self):
        source = (ROOT / "bindings" / "cpp" / FIRST_SALES["cpp"]).read_text(encoding="utf-8")
        wanted = {f"sq_{name}" for name in re.findall(r"\btill\.(\w+)\(", source)}
        self.assertEqual(set(), wanted - set(abi.FUNCTIONS))
        asked = {name for one in self.program.reached() for line in one.body for name in re.findall(r"\bsq_\w+", line)}
        self.assertGreater(len(wanted), 6)
        self.assertEqual(set(), wanted - asked)

    def test_nothing_of_it_is_left_uncalled(self):
        own = {one for one in self.program.procedures if one.module == "FirstSale"}
        self.assertEqual(set(), own - self.program.reached())


class Syntax(unittest.TestCase):
    """With a grammar of VBA, in an environment of its own."""

    @classmethod
    def setUpClass(cls):
        cls.python = TARGET / "vb6" / "parser" / "bin" / "python"
        subprocess.run([ROOT / "scripts" / "tools.sh", cls.python.parents[1], "vba"], check=True)

    def check(self, *paths):
        ran = subprocess.run([self.python, ROOT / "tests" / "vb6" / "syntax.py", *paths], stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True)
        return ran.returncode, ran.stdout

    def test_every_file_is_visual_basic(self):
        self.assertEqual((0, ""), self.check(*(path for path in SOURCES if path.suffix != ".vbp")))

    def test_the_readme_shows_the_first_sale_as_it_is(self):
        readme = (FOLDER / "README.md").read_text(encoding="utf-8")
        sale = readme.split("```vb\n")[1].split("```")[0]
        self.assertIn(sale.replace("\n", "\r\n"), read(FOLDER / "FirstSale.bas"))
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
