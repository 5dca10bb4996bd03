"""How the demonstration speaks, and what it does when something comes otherwise than it says."""

import os
import sys
import textwrap
import time

WIDTH = 110
bold, dim, red, plain = ("\033[1m", "\033[2m", "\033[31m", "\033[0m") if sys.stdout.isatty() else ("",) * 4


class Otherwise(Exception):
    """A scene did not go as it should."""


class Scene:
    number, name = 0, "the preparations"


def say(text=""):
    print(text, flush=True)


def scene(name):
    Scene.number, Scene.name = Scene.number + 1, name
    say(f"\n{bold}{Scene.number}. {name}{plain}")


def tell(text):
    for line in textwrap.wrap(text, WIDTH - 2, break_long_words=False, break_on_hyphens=False):
        say(f"{dim}# {line}{plain}")


def typed(machine, words):
    """A command as somebody types it there."""
    line, first = f"{dim}{machine}${plain}", len(machine) + 1
    wide = first
    for word in words:
        word = f"'{word}'" if " " in word else word
        if wide + len(word) > WIDTH - 3 and word.startswith("-"):
            line, wide = f"{line} \\\n{' ' * first}", first
        line, wide = f"{line} {word}", wide + len(word) + 1
    say(line)


def answered(text, edge=" "):
    """What a program says, or with an edge a page; a long line goes on below itself, but a table's."""
    for line in text.splitlines():
        if "   " in line.strip():
            say(f" {edge}{line}".rstrip())
            continue
        before = len(line) - len(line.lstrip()) + 2
        for part in textwrap.wrap(line, WIDTH - 2, subsequent_indent=" " * before, break_on_hyphens=False,
                                  break_long_words=False, drop_whitespace=True) or [""]:
            say(f" {edge}{part}".rstrip())


def expect(text, *words):
    as_one = " ".join(text.split())
    for word in words:
        if word not in as_one:
            raise Otherwise(f"this was to be said: {word}\n--- and this was:\n{text}")


def wait_until(what, is_so, seconds=60):
    """Gives what `is_so` gives, once it is something."""
    end = time.monotonic() + seconds
    while True:
        found = is_so()
        if found:
            return found
        if time.monotonic() > end:
            raise Otherwise(f"{what}: not within {seconds} s")
        time.sleep(0.1)


def failed(why):
    sys.stdout.flush()
    print(f"\n{red}demo: in \"{Scene.name}\": {why}{plain}", file=sys.stderr)


def is_watched():
    """Somebody sits before it who can press Enter."""
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("CI") is None
