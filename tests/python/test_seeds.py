"""No test draws what no seed of tests/seeds.txt says: a gate that is red today is red again tomorrow."""

import re
import unittest

import seeds
from abi import ROOT

#: How chance without a seed is written in the languages of the tests.
CHANCE = re.compile("|".join([
    r"\burandom\b", r"\bSystemRandom\b", r"\brandom\.(random|rand\w+|choice|shuffle|sample|getrandbits)\(", r"\bRandom\(\)",
    r"\bsrand\(\s*time", r"\bRandomize\b", r"\bthread_rng\b", r"\bfrom_(entropy|os_rng)\b",
    r"\bMath\.random\b", r"\brandomUUID\b", r"\bgetrandom\(", r"\barc4random",
]))
#: A new proptest draws without a seed unless it says otherwise; see draws() in src/order/tests.rs.
PROPTEST = re.compile(r"proptest!\s*\{(?!\s*#!\[proptest_config\([^\n]*\bdraws\(\))")


class Seeds(unittest.TestCase):
    def sources(self):
        for folder in ("tests", "sandbox/tests", "src"):
            for file in sorted((ROOT / folder).rglob("*")):
                if file.is_file() and file.suffix in (".c", ".cob", ".cpp", ".cs", ".hpp", ".java", ".pas", ".py", ".rs", ".sh"):
                    yield file, file.read_text(encoding="utf-8")

    def test_nothing_is_drawn_without_a_seed(self):
        found = []
        for file, text in self.sources():
            # The library itself needs keys and names that nobody can guess.
            patterns = [PROPTEST] if file.is_relative_to(ROOT / "src") else [CHANCE, PROPTEST]
            if file.name != "test_seeds.py":
                found += [f"{file.relative_to(ROOT)}: {match[0]}" for pattern in patterns for match in pattern.finditer(text)]
        self.assertEqual([], found)

    def test_every_seed_is_drawn_from(self):
        lines = [line.split() for line in seeds.LIST.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
        text = "".join(text for _, text in self.sources())
        for name, *numbers in lines:
            self.assertRegex(" ".join(numbers), r"^\d+( \d+)?$", name)
            self.assertIn(f'of("{name}")', text, f"nothing draws {name}")
