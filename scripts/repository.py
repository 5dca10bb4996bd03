"""Where the repository is, which version it has, and of when it is: for the scripts beside this one."""

import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "target"


def run(*command, **options):
    return subprocess.run([str(word) for word in command], check=True, cwd=options.pop("cwd", ROOT), **options)


def output(*command, **options) -> str:
    return run(*command, stdout=subprocess.PIPE, universal_newlines=True, **options).stdout


VERSION = re.search(r'^version = "(.+)"', (ROOT / "Cargo.toml").read_text(), re.MULTILINE).group(1)
EPOCH = int(os.environ.get("SOURCE_DATE_EPOCH") or output("git", "log", "-1", "--format=%ct"))
