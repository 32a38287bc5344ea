"""Text of others on a terminal: what is not printed is spelled out.

Owns: which characters reach a terminal as they are. Must not know: who writes what. Invariant: no
escape sequence, no control character and no mark that changes the direction of writing comes
through, so nobody at the other end moves the cursor, colours, hides or forges a line.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast

JOINERS = "\u200c\u200d"  # zero width, and a part of names in many scripts
LAYOUT = "\n\t"  # of texts that are ours


def escaped(text: str, kept: str = JOINERS) -> str:
    r"""The text with `\x1b` for an escape and `\u202e` for an override, as Python spells them."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() or character in kept else _spelled(character)
        for character in text
    )


def _spelled(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


class PlainStream:
    """A text stream that writes escaped; all else is the stream's."""

    def __init__(self, raw: TextIO) -> None:
        """Write to `raw`."""
        self.raw = raw

    def write(self, text: str) -> int:
        """Write a text; its lines and tabs stay."""
        self.raw.write(escaped(text, JOINERS + LAYOUT))
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        """Write each."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.raw, name)


def raw_of(stream: TextIO) -> TextIO:
    """The stream behind, for those who escape what they write themselves, and have colours."""
    return stream.raw if isinstance(stream, PlainStream) else stream


@contextmanager
def plain_output() -> Iterator[None]:
    """Escape what this process writes to its standard streams.

    It stays so when an exception escapes, for the traceback that Python then writes.
    """
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (cast(TextIO, PlainStream(stream)) for stream in before)
    try:
        yield
    except SystemExit:
        sys.stdout, sys.stderr = before
        raise
    sys.stdout, sys.stderr = before
