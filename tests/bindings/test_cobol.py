"""What is said of COBOL's sources: no line is longer than a line is."""

import unittest

from languages import ROOT

FOLDER = ROOT / "bindings" / "cobol"


class Cobol(unittest.TestCase):
    def test_no_statement_goes_beyond_column_72(self):
        """What stands there does not count: a text would lose its end unnoticed."""
        for path in (*FOLDER.glob("*.c[op][by]"), *(ROOT / "tests/cobol").glob("*.cob")):
            for line in path.read_text(encoding="utf-8").splitlines():
                if line[6:7] != "*":
                    self.assertLessEqual(len(line), 72, f"{path.name}: {line}")
                self.assertNotIn("\t", line)


if __name__ == "__main__":
    unittest.main()
