"""What chance begins with: the seeds of tests/seeds.txt, so that every run draws the same."""

import os
from pathlib import Path

LIST = Path(__file__).resolve().parents[1] / "seeds.txt"


def of(what: str) -> list:
    """The seeds of what is drawn: that of SEQURA_SEED alone, or else those of the list."""
    given = os.environ.get("SEQURA_SEED")
    if given:
        return [int(given.split()[0])]
    lines = [line.split() for line in LIST.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    seeds = [int(words[1]) for words in lines if words[0] == what]
    assert seeds, f"{LIST.name} has no seed of {what}"
    return seeds


def add(what: str, seed: int) -> str:
    """What to do about a seed that failed."""
    return f"Add to tests/{LIST.name}, where it is not there yet: {what} {seed}"
