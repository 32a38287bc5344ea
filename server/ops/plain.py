"""Foreign text on a terminal: characters that are not printable are escaped.

Owns: which characters reach a terminal as they are. Must not know: who writes what. Invariant: no
escape sequence, no control character and no mark that changes the direction of writing gets
through, so no remote text can move the cursor, or colour, hide or forge a line.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast

JOINERS = "\u200c\u200d"  # zero width, and part of names in many scripts
LAYOUT = "\n\t"  # in our own texts


def escaped(text: str, kept: str = JOINERS) -> str:
    r"""Return the text with escapes in Python's notation, such as `\x1b` and `\u202e`."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() or character in kept else _spelled(character)
        for character in text
    )


def _spelled(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


class PlainStream:
    """A text stream that escapes what is written; all else is passed to the stream behind it."""

    def __init__(self, raw: TextIO) -> None:
        """Write to `raw`."""
        self.raw = raw

    def write(self, text: str) -> int:
        """Write a text; line breaks and tabs stay."""
        self.raw.write(escaped(text, JOINERS + LAYOUT))
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        """Write each line."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.raw, name)


def raw_of(stream: TextIO) -> TextIO:
    """Return the stream behind, for code that does its own escaping and writes colours."""
    return stream.raw if isinstance(stream, PlainStream) else stream


@contextmanager
def plain_output() -> Iterator[None]:
    """Escape what this process writes to its standard streams.

    The escaping stays when an exception propagates, for the traceback that Python then writes.
    """
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (cast(TextIO, PlainStream(stream)) for stream in before)
    try:
        yield
    except SystemExit:
        sys.stdout, sys.stderr = before
        raise
    sys.stdout, sys.stderr = before
