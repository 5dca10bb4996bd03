"""Texts on their way into the library and out of it, in the encoding that its client speaks."""

import codecs
from typing import Any, Tuple, Union

from ._block import json_of

#: Names of the Encoding Standard that Python has under another one.
_PYTHON_NAMES = {"windows-874": "cp874", "x-mac-cyrillic": "mac_cyrillic", "iso-8859-8-i": "iso8859_8"}


def _what_the_encoding_lacks(error: UnicodeError) -> Tuple[str, int]:
    """JSON can say every character in ASCII; and where Python's table has a gap, the library's has the
    control character of that number."""
    if isinstance(error, UnicodeEncodeError):
        units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass").hex()
        return "".join("\\u" + units[at : at + 4] for at in range(0, len(units), 4)), error.end
    if isinstance(error, UnicodeDecodeError):
        return "".join(chr(byte) for byte in error.object[error.start : error.end]), error.end
    raise error


codecs.register_error("sequra_pos", _what_the_encoding_lacks)


class Encoding:
    """One text encoding, by its name in the Encoding Standard."""

    def __init__(self, name: str) -> None:
        self.name = name
        try:
            self._codec = codecs.lookup(_PYTHON_NAMES.get(name.lower(), name)).name
        except LookupError:
            raise LookupError(
                "Python does not know the text_encoding {}; leave it out of the configuration".format(name)
            ) from None

    def text(self, name: str, text: str) -> bytes:
        """A text as the library takes it."""
        if not isinstance(text, str):
            raise TypeError("{} must be a str, not {}".format(name, type(text).__name__))
        if "\0" in text:
            raise ValueError("{} has a NUL in it".format(name))
        return text.encode(self._codec)

    def json(self, name: str, value: Union[str, Any]) -> bytes:
        """JSON as the library takes it: of a text that is JSON, or of a dict, a list, an orders.Order, ..."""
        if not isinstance(value, str):
            return json_of(value).encode("ascii")
        if "\0" in value:
            raise ValueError("{} has a NUL in it".format(name))
        return value.encode(self._codec, "sequra_pos")

    def plain(self, text: bytes) -> str:
        """What the library says."""
        return text.decode(self._codec, "sequra_pos")


UTF_8 = Encoding("UTF-8")
