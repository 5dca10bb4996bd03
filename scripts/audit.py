#!/usr/bin/env python3
"""Holds every crate in every Cargo.lock of the repository against what is known and allowed (make audit).

    audit.py    advisories, licences, where each comes from: with cargo-deny, by deny.toml

Nothing is asked of anybody: what is known stands in scripts/advisories.txt, which is written by hand, as
of the day that is named there. A crate that does not stand in it is an error, so that none is taken for
harmless because nobody has looked.
"""

import argparse
import datetime
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Dict, List, NamedTuple, Set

ROOT = Path(__file__).resolve().parents[1]
LIST = ROOT / "scripts" / "advisories.txt"
DENY = ROOT / "target" / "tools" / "bin" / "cargo-deny"
VERSION = "0.20.2"
# Where cargo-deny looks for the database of its own default address.
DATABASE = ROOT / "target" / "audit" / "advisory-db-3157b0e258782691"

class Advisory(NamedTuple):
    number: str
    kind: str
    #: Requirements, of which a version that does not have it fulfils one.
    harmless: List[str]


def workspaces() -> List[Path]:
    """The folders with a Cargo.lock."""
    listed = subprocess.run(["git", "ls-files", "Cargo.lock", "*/Cargo.lock"], check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    return [(ROOT / path).parent for path in listed.stdout.splitlines()]


def locked() -> Set[str]:
    """The names of all crates that are built for anything here."""
    texts = [(folder / "Cargo.lock").read_text() for folder in workspaces()]
    return {name for text in texts for name in re.findall(r'^name = "(.+)"\nversion = ".+"\nsource = ', text, re.MULTILINE)}


def read(text: str) -> Dict[str, List[Advisory]]:
    """By crate."""
    known: Dict[str, List[Advisory]] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            crate, *rest = [word.strip() for word in line.split("|")]
            entries = known.setdefault(crate, [])
            if rest:
                number, kind, harmless = rest
                entries.append(Advisory(number, kind, harmless.split("; ") if harmless else []))
    return known


# -------------------------------------------------------------------------------------------------

def write_database(known: Dict[str, List[Advisory]]):
    """As cargo-deny reads it."""
    shutil.rmtree(DATABASE, ignore_errors=True)
    for crate, advisories in known.items():
        for one in advisories:
            path = DATABASE / "crates" / crate / f"{one.number}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            # Its day does not matter here, but cargo-deny wants one.
            day = f"{one.number.split('-')[1]}-01-01"
            lines = ["```toml", "[advisory]", f'id = "{one.number}"', f'package = "{crate}"', f'date = "{day}"']
            if one.kind in ("unmaintained", "unsound", "notice"):
                lines.append(f'informational = "{one.kind}"')
            harmless = ", ".join(f'"{requirement}"' for requirement in one.harmless)
            lines += ["[versions]", f"patched = [{harmless}]", "```", "", f"# {crate}: {one.kind}", ""]
            path.write_text("\n".join(lines))
    # By the time of this file cargo-deny tells the age; the day of the list is shown instead.
    fetched = DATABASE / ".git" / "FETCH_HEAD"
    fetched.parent.mkdir(parents=True, exist_ok=True)
    fetched.touch()


def check(manifest: Path, config: Path) -> bool:
    # What follows is offline. Cargo itself says where a lock is not its manifest's.
    if subprocess.run(["cargo", "fetch", "--quiet", "--locked", "--manifest-path", manifest], cwd=ROOT).returncode:
        return False
    command = [DENY, "--locked", "--offline", "--manifest-path", manifest, "--config", config, "check", "--hide-inclusion-graph"]
    return subprocess.run([str(word) for word in command], cwd=ROOT).returncode == 0


def audit(config: Path, text: str) -> int:
    known = read(text)
    day = datetime.date.fromisoformat(re.search(r"as of (\S+)\.", text).group(1))
    unknown = sorted(locked() - set(known))
    for crate in unknown:
        print(f"{crate} is in a Cargo.lock, and not in {LIST.name}: nobody has looked up what is known of it", file=sys.stderr)
    print(f"{len(known)} crates, {sum(map(len, known.values()))} advisories about them, as of {day}", flush=True)
    write_database(known)
    good = [check(folder / "Cargo.toml", config) for folder in workspaces()]
    return 0 if all(good) and not unknown else 1


def install():
    if not DENY.exists() or VERSION not in subprocess.run([DENY, "--version"], stdout=subprocess.PIPE, text=True).stdout:
        print(f"cargo-deny {VERSION}, some minutes", flush=True)
        subprocess.run(["cargo", "install", "--quiet", "--locked", "--force", "--root", DENY.parents[1], f"cargo-deny@{VERSION}"],
                       check=True, cwd=ROOT)


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    # For the tests of this script.
    words.add_argument("--config", type=Path, default=ROOT / "deny.toml", help=argparse.SUPPRESS)
    words.add_argument("--list", type=Path, default=LIST, help=argparse.SUPPRESS)
    chosen = words.parse_args()
    install()
    return audit(chosen.config, chosen.list.read_text())


if __name__ == "__main__":
    sys.exit(main())
