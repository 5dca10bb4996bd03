"""Drives a player: one line there, one line back. README.md says what the lines are."""

import codecs
import json
import os
import re
import select
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

from languages import ENVIRONMENT, Language

#: Longer than any call may take, on a machine that is busy with other things too.
PATIENCE_S = 120

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_PLAIN = {"\\": "\\", "t": "\t", "n": "\n", "r": "\r"}


def escaped(field) -> str:
    """A field of a line; None is NULL."""
    return "\\N" if field is None else field.translate(_ESCAPES)


def plain(field: str):
    """What a field of a line says."""
    return None if field == "\\N" else re.sub(r"\\(.)", lambda found: _PLAIN[found[1]], field)


class Answer(NamedTuple):
    """What the language's user sees of a call."""

    status: int
    exception: str  # "-" for none
    text: str

    @property
    def document(self) -> dict:
        return json.loads(self.text)


class Player:
    """A player of a language, running."""

    def __init__(self, language: Language, **environment):
        self.language = language
        self.silent = tempfile.TemporaryFile()
        #: Encoding of each name's texts, and of the last result's.
        self.encodings = {None: "utf-8"}
        self.last = "utf-8"
        self.process = subprocess.Popen(
            language.program("player"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.silent,
            env={**ENVIRONMENT, **environment}, start_new_session=True, bufsize=0,
        )
        self.rest = b""
        word, self.name, kind = self._line().decode("ascii").split("\t")
        assert word == "ready" and kind in ("unicode", "bytes"), (word, kind)
        self.bytes = kind == "bytes"

    # -- lines

    def _line(self) -> bytes:
        pieces = [self.rest]
        while b"\n" not in pieces[-1]:
            ready, _, _ = select.select([self.process.stdout], [], [], PATIENCE_S)
            piece = os.read(self.process.stdout.fileno(), 1 << 16) if ready else b""
            if not piece:
                what = "ended" if ready else "said nothing for too long"
                raise AssertionError(f"the player of {self.language} {what}: {self.stderr()}")
            pieces.append(piece)
        line, self.rest = b"".join(pieces).split(b"\n", 1)
        return line

    def _write(self, line: bytes):
        # What the player says meanwhile must not block it: an answer comes after its whole request.
        view = memoryview(line)
        while view:
            view = view[os.write(self.process.stdin.fileno(), view):]

    def ask(self, *fields) -> Answer:
        """One request. Fields are texts, None, or integers; bytes go to a player of bytes as they are."""
        encoding = self._encoding(fields)
        wire = encoding if self.bytes else "utf-8"
        ready = []
        for field in fields:
            if isinstance(field, bytes):
                assert self.bytes, "bytes are for players of bytes"
                field = escaped(field.decode("latin-1")).encode("latin-1")
            else:
                field = escaped(str(field) if isinstance(field, int) else field).encode(wire)
            ready.append(field)
        self._write(b"\t".join(ready) + b"\n")
        line = self._line()
        try:
            status, exception, text = line.decode(wire).split("\t")
        except (UnicodeDecodeError, ValueError) as error:
            raise AssertionError(f"{fields[:3]}: {self.language} answered {line[:200]!r}: {error}") from None
        return Answer(int(status), exception, plain(text) or "")

    def _encoding(self, fields) -> str:
        """The encoding of this line's texts: of the client it is for."""
        verb, *rest = fields
        if verb in ("open", "open_file"):
            self.encodings[rest[0]] = _text_encoding(rest[1] if verb == "open" else _content(rest[1]))
        elif verb == "order_new":
            self.encodings[rest[0]] = self.encodings[rest[1]]
        elif verb == "value":
            return self.last
        elif verb == "library":
            return "utf-8"
        encoding = self.encodings.get(rest[0] if rest else None, "utf-8")
        if verb in ("open", "open_file", "call"):
            self.last = encoding
        return encoding

    # -- the end

    def quit(self):
        """Ends the player; it must have been silent, and have left nothing."""
        left = self.ask("library", "live_handles").text
        assert left == "0", f"the player of {self.language} leaves {left} handles"
        self._write(b"quit\n")
        try:
            status = self.process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"the player of {self.language} does not quit") from None
        more = self.rest + self.process.stdout.read()
        said = self.stderr()
        self.kill()
        assert (status, more, said) == (0, b"", ""), \
            f"the player of {self.language} ended with {status}, said {more!r}, and on stderr: {said}"

    def stderr(self) -> str:
        self.silent.seek(0)
        return self.silent.read().decode(errors="replace")

    def kill(self):
        """SIGKILL: what a power cut is to a process."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.silent):
            stream.close()

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is None and self.process.poll() is None:
            self.quit()
        else:
            self.kill()


def _content(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        return "{}"


def _text_encoding(config: str) -> str:
    label = json.loads(config).get("text_encoding", "utf-8")
    return codecs.lookup(label).name
