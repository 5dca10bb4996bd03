#!/usr/bin/env python3
"""Draws what `make test` does not: explore.py SECONDS runs every test that draws by chance, each with seeds that nobody
has tried, until the time is over (what is running then is let finish). At the end it says what to add to the tree, so that
`make test` tries from then on what has failed here.

Everything must be built: `make explore` sees to that.
"""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CARGO = ["cargo", "test", "--quiet", "--package", "sequra-pos", "--features", "crash-points,panic-on-demand"]
PYTHON = [sys.executable, "-m", "unittest"]
#: A test that takes longer hangs.
PATIENCE_S = 1800


class Draw:
    """A test that draws: its command, and the variable that has it begin with a seed."""

    def __init__(self, name, command, folder=".", variable="SEQURA_SEED"):
        self.name, self.command, self.folder, self.variable = name, command, ROOT / folder, variable
        self.spent_s = 0.0
        self.runs = 0

    def run(self, seed):
        """What it printed where it failed, or None."""
        began = time.monotonic()
        environment = {**os.environ, self.variable: str(seed)}
        try:
            ran = subprocess.run(self.command, cwd=self.folder, env=environment, stdin=subprocess.DEVNULL,
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                                 timeout=PATIENCE_S)
            said = ran.stdout if ran.returncode else None
        except subprocess.TimeoutExpired as hung:
            said = f"{(hung.stdout or b'').decode(errors='replace')}\nno end after {PATIENCE_S} s\n"
        self.spent_s += time.monotonic() - began
        self.runs += 1
        return said

    def to_add(self, seed, said):
        """The lines that tests themselves say; else what can be said of any."""
        lines = [line[line.index("Add to "):].rstrip(")]' ") for line in said.splitlines() if "Add to tests/" in line]
        return lines or [f"Nothing names a draw; {self.variable}={seed} repeats it: {' '.join(map(str, self.command))}"]


class Properties(Draw):
    """proptest notes what failed by itself, and tries that first from then on."""

    def to_add(self, seed, said):
        noted = subprocess.run(["git", "status", "--short", "--untracked-files=all", "*proptest-regressions*"], cwd=ROOT,
                               stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
        return [f"Add to the tree: {line[3:]}" for line in noted] or super().to_add(seed, said)


DRAWS = [
    Draw("sequences", [*CARGO, "--test", "crash", "sequences::"]),
    Draw("campaign", [*CARGO, "--test", "crash", "campaign::"]),
    Draw("power", [*CARGO, "--test", "power"]),
    Properties("properties", [*CARGO, "--lib", "order::"], variable="PROPTEST_RNG_SEED"),
    Draw("texts", [*PYTHON, "test_text"], "tests/python"),
    Draw("echo", [*PYTHON, "test_marshalling"], "tests/bindings"),
    Draw("lifetimes", [*PYTHON, "test_lifetimes"], "tests/bindings"),
]


def main():
    until = time.monotonic() + float(sys.argv[1])
    chance = random.SystemRandom()
    to_add = []
    good = list(DRAWS)
    while good and time.monotonic() < until:
        # Each in turn, and then whichever has had the least time.
        draw = min(good, key=lambda one: (one.runs > 0, one.spent_s))
        seed = chance.randrange(1, 1 << 48)
        print(f"{draw.name} {seed} … ", end="", flush=True)
        before_s = draw.spent_s
        said = draw.run(seed)
        print(f"{draw.spent_s - before_s:.0f} s, {'as expected' if said is None else 'FAILED'}", flush=True)
        if said is not None:
            print(said, flush=True)
            to_add += [line for line in draw.to_add(seed, said) if line not in to_add]
            # It would fail again before it comes to anything else.
            good.remove(draw)
    print(", ".join(f"{draw.runs} × {draw.name}" for draw in DRAWS))
    print("\n".join(to_add) or "Nothing failed: there is nothing to add.")
    return 1 if to_add else 0


if __name__ == "__main__":
    sys.exit(main())
