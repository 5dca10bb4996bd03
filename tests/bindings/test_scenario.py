"""One scenario for every language: each does what is expected, and all answer the same, field by field."""

import copy
import json
import re
import shutil
import tempfile
import unittest

import languages
from conductor import Player
from languages import HERE, REFERENCE, abi, simulator

SCENARIO = json.loads((HERE / "scenario.json").read_text(encoding="utf-8"))
MISSING = object()


def at(document, pointer):
    """The value at a JSON pointer; MISSING where there is none."""
    for step in pointer.split("/")[1:]:
        step = step.replace("~1", "/").replace("~0", "~")
        try:
            document = document[int(step)] if isinstance(document, list) else document[step]
        except (KeyError, IndexError, ValueError, TypeError):
            return MISSING
    return document


def put(document, pointer, value):
    """Puts a value at a JSON pointer, or takes out what is there ("...")."""
    *path, last = pointer.split("/")[1:]
    for step in path:
        document = document[int(step)] if isinstance(document, list) else document.setdefault(step, {})
    last = int(last) if isinstance(document, list) else last
    if value == "...":
        del document[last]
    else:
        document[last] = value


class Run:
    """The scenario, or some of it, played by one language; `answers` has what came of each step."""

    def __init__(self, language):
        self.language = language
        self.sim = simulator.shared()
        self.answers = []

    def chapter(self, chapter):
        self.sim.reset()
        folder = tempfile.mkdtemp(prefix="sequra-scenario-")
        self.names = {"simulator": self.sim.http, "folder": folder}
        for name, given in SCENARIO["given"].items():
            self.names[name] = self.filled(copy.deepcopy(given))
        self.names["till"].update(chapter.get("config", {}))
        # As Windows sees it, through wine.
        on_windows = "Z:" + folder.replace("/", "\\")
        self.steady = Steady({self.sim.http: "<simulator>", f"{on_windows}\\": "<folder>/", on_windows: "<folder>",
                              folder: "<folder>"})
        self.player = Player(self.language)
        opened = set()
        try:
            for number, step in enumerate(chapter["steps"]):
                try:
                    if "kill" in step:
                        self.player.kill()
                        self.player = Player(self.language)
                        opened = set()
                    else:
                        self.step(step, f"{chapter['title']}, step {number + 1}", opened)
                except AssertionError as error:
                    raise AssertionError(f"{self.language}: {chapter['title']}, step {number + 1}, "
                                         f"{json.dumps(step, ensure_ascii=False)[:300]}:\n{error}") from None
            for client in opened:
                self.player.ask("close", client)
            self.player.quit()
        finally:
            self.player.kill()
            shutil.rmtree(folder, ignore_errors=True)

    def step(self, step, title, opened):
        expected = self.filled(step.get("expect", {}))
        if "simulator" in step:
            document = self.sim.control(*self.filled(step["simulator"]))
        else:
            verb, *arguments = step["ask"]
            arguments = [self.argument(one) for one in arguments]
            answer = self.player.ask(verb, *arguments)
            status = abi.STATUS_NAMES.get(answer.status, str(answer.status))
            assert status == expected.pop("status", "SQ_OK"), f"{status}: {answer.text[:2000]}"
            assert (answer.exception == "-") == (answer.status == 0), f"{status} is the exception {answer.exception}"
            if verb == "open" and answer.status == 0:
                opened.add(arguments[0])
            elif verb == "close":
                opened.discard(arguments[0])
            document = self.document(verb, answer)
            if verb in ("open", "open_file", "call"):
                assert document["code"] == answer.status, answer
            self.answers.append((title, status, self.steady.of(document)))
        for pointer, value in expected.items():
            found = document if pointer == "text" else at(document, pointer)
            assert found == value, f"{pointer} is {'not there' if found is MISSING else found!r}, expected {value!r}, in " \
                                   f"{json.dumps(document, ensure_ascii=False)[:3000]}"
        for name, pointer in step.get("remember", {}).items():
            self.names[name] = at(document, pointer)
            assert self.names[name] is not MISSING, f"{pointer} is not in {document}"

    @staticmethod
    def document(verb, answer):
        """What the answer's text says; messages of errors without a result are each language's own."""
        if answer.status != 0 and verb not in ("open", "open_file", "call"):
            return None
        return json.loads(answer.text) if answer.text[:1] in ("{", "[") else answer.text

    def argument(self, argument):
        argument = self.filled(argument)
        if isinstance(argument, (dict, list)):
            return json.dumps(argument, ensure_ascii=False)
        return argument

    def filled(self, value):
        """Puts what is remembered in; a text that is nothing but ${name} becomes that value itself."""
        if isinstance(value, dict) and "given" in value:
            document = copy.deepcopy(self.names[value["given"]])
            for pointer, change in value.items():
                if pointer != "given":
                    put(document, pointer, self.filled(change))
            return document
        if isinstance(value, dict):
            return {key: self.filled(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self.filled(one) for one in value]
        if not isinstance(value, str):
            return value
        whole = re.fullmatch(r"\$\{(\w+)\}", value)
        if whole:
            return self.names[whole[1]]
        return re.sub(r"\$\{(\w+)\}", lambda found: str(self.names[found[1]]), value)


class Steady:
    """Replaces what changes from run to run by placeholders, the same for the same."""

    KINDS = (
        ("uuid", r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
        ("time", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)"),
        ("hash", r"\b[0-9a-f]{64}\b"),
        ("build", r"\b\d+ ms\b"),
        # In the document of a hand-over: which one, of which journal, when.
        ("link", r"\b[0-9a-f]{32}\b"),
        ("moment", r"\b\d{13}\b"),
        # A system's own words for what it says no to.
        ("system", r"(?<=: )[^:]*\(os error \d+\)"),
    )
    PATTERN = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in KINDS))
    #: Fields that measure something, or are drawn by chance.
    MEASURED = {"elapsed_ms", "age_s", "durable_write_ms", "skew_s", "free_bytes", "request_id", "detail", "path"}
    #: How the library was built.
    BUILD = {"features", "profile", "target"}

    def __init__(self, known):
        self.known = known
        self.seen = {}

    def text(self, text):
        for one, name in self.known.items():
            text = text.replace(one, name)

        def placeholder(found):
            kind = found.lastgroup
            of_kind = self.seen.setdefault(kind, {})
            # Times may coincide or not: which is which says nothing.
            number = "" if kind in ("time", "system") else of_kind.setdefault(found[0], len(of_kind) + 1)
            return f"<{kind} {number}>"
        return self.PATTERN.sub(placeholder, text)

    def of(self, value, key=None):
        if key in self.BUILD:
            return f"<{key}>"
        if key in self.MEASURED and value is not None and not isinstance(value, (dict, list)):
            return f"<{key}>" if not isinstance(value, str) else self.text(value) if key == "path" else f"<{key}>"
        if isinstance(value, dict):
            return {name: self.of(one, name) for name, one in value.items()}
        if isinstance(value, list):
            return [self.of(one) for one in value]
        return self.text(value) if isinstance(value, str) else value


_reference = []


def reference():
    """What the reference player answers, once for all languages."""
    if not _reference:
        run = Run(REFERENCE)
        for chapter in SCENARIO["chapters"]:
            run.chapter(chapter)
        _reference.extend(run.answers)
    return _reference


def differences(one, other, place=""):
    """Where two values are unlike, as (pointer, one, other)."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in {**one, **other}:
            yield from differences(one.get(key, MISSING), other.get(key, MISSING), f"{place}/{key}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, pair in enumerate(zip(one, other)):
            yield from differences(*pair, f"{place}/{number}")
    elif type(one) is not type(other) or one != other:
        yield place, one, other


@languages.each()
class Scenario(languages.Case):
    def test_the_scenario(self):
        expected = reference()
        run = Run(self.language)
        for chapter in SCENARIO["chapters"]:
            run.chapter(chapter)
        self.assertEqual([title for title, *_ in expected], [title for title, *_ in run.answers])
        problems = [f"{title}{place}: the reference says {one!r}, {self.language} {other!r}"
                    for (title, status, document), (_, other_status, other_document) in zip(expected, run.answers)
                    for place, one, other in differences([status, document], [other_status, other_document])]
        self.assertEqual([], problems)


class TheScenarioItself(unittest.TestCase):
    def test_the_reference_plays_it_the_same_twice(self):
        first = reference()
        again = Run(REFERENCE)
        for chapter in SCENARIO["chapters"]:
            again.chapter(chapter)
        self.assertEqual([], list(differences(first, again.answers)))

    def test_it_calls_every_function_that_takes_a_client_and_gives_a_result(self):
        called = {"sq_" + step["ask"][2] for chapter in SCENARIO["chapters"] for step in chapter["steps"]
                  if step.get("ask", [""])[0] == "call"}
        wanted = {name for name, declared in abi.FUNCTIONS.items()
                  if declared.arguments[:1] == ["sq_client *"] and declared.arguments[-1] == "sq_buffer **"}
        self.assertEqual(set(), wanted - called, "functions that no step calls")
        self.assertEqual(set(), called - wanted, "steps that call no function of the header")

    def test_differences_are_found(self):
        one = {"a": [1, {"b": None}], "c": "x"}
        for change, place in (({"a": [1, {"b": 0}], "c": "x"}, "/a/1/b"), ({"a": [1], "c": "x"}, "/a"),
                              ({"a": [1, {"b": None}]}, "/c"), ({"a": [True, {"b": None}], "c": "x"}, "/a/0")):
            self.assertEqual([place], [where for where, *_ in differences(one, change)])
        self.assertEqual([], list(differences(one, copy.deepcopy(one))))


if __name__ == "__main__":
    unittest.main()
