"""The program `sequra`, as a shell or a batch file calls it."""

import json
import os
import subprocess
from pathlib import Path

import orders
from abi import ROOT, find
from till import Till

PROGRAM = find("SEQURA", "target/debug/sequra", "target/release/sequra")

#: Of the table in docs/sequra.md, which is held against the program.
EXIT = {}
for line in (ROOT / "docs/sequra.md").read_text(encoding="utf-8").splitlines():
    cells = [cell.strip(" `") for cell in line.strip("|").split("|")]
    if len(cells) == 3 and cells[0].isdigit() and cells[1].startswith("SQ_"):
        EXIT[cells[1]] = int(cells[0])


class Shell(Till):
    def sequra(self, *arguments, expect=None, **options):
        """Runs it in the folder of the till. `expect`: a status, or an exit status."""
        environment = {**os.environ, "LC_ALL": "en_GB.UTF-8", **options.pop("env", {})}
        done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, encoding="utf-8",
                              cwd=options.pop("cwd", self.folder), env=environment, timeout=120, **options)
        if expect is not None:
            self.assertEqual(EXIT.get(expect, expect), done.returncode, f"{arguments}\n{done.stdout}{done.stderr}")
        return done

    def result(self, *arguments, expect="SQ_OK", **options):
        """The result that a call gives, and the sentence for the operator."""
        done = self.sequra(*arguments, expect=expect, **options)
        result = json.loads(done.stdout)
        self.assertEqual(result["operator_message"], done.stderr.strip().splitlines()[-1])
        if isinstance(expect, str):
            self.assertEqual(expect, result["status"])
        return result

    def configured(self, **changes):
        """Its configuration, in the till's folder."""
        (self.folder / "sequra.json").write_text(json.dumps(self.config(**changes)))

    def file(self, content, name="file.json") -> Path:
        path = self.folder / name
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return path

    def order(self, ref=None, name="order.json", **changes) -> Path:
        return self.file(orders.complete(ref, **changes), name)
