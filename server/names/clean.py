"""Turn typed text into a name: every living script intact, nothing that does not fit on one line.

Owns: the length of a name, and its replacements. Must not know: who has it, which are taken.
Invariants: a name has at most `CLUSTERS_MAX` clusters and `NAME_MAX` code points, is in NFC, is
never cut inside a cluster, shows something besides punctuation, and cleaning it again changes
nothing. `letters.py` says which characters stay, `clusters.py` where.
"""

import unicodedata
from collections.abc import Iterator

from attrs import frozen

from server.names.clusters import Builder
from server.names.letters import letters

CLUSTERS_MAX = 16  # what people count as letters
NAME_MAX = 40  # code points, as the wire's NAME
TYPED_MAX = 128  # code points; nothing beyond is read
ROUNDS_MAX = 4  # two are enough for anything people type
SHOWN = frozenset("LNSE")


@frozen
class Cleaned:
    """A name, and what was done to it. `text` is "" when nothing typed can be a name."""

    text: str
    was_shortened: bool = False
    has_losses: bool = False  # something visible was dropped


def clean(typed: str) -> Cleaned:
    """Return the typed text as a name."""
    text, has_losses, was_shortened = typed[:TYPED_MAX], False, len(typed) > TYPED_MAX
    table = letters()
    for _ in range(ROUNDS_MAX):
        # Dropping characters can bring others together that compose, or leave a joiner with nothing
        # to join, so this repeats until nothing changes.
        builder = Builder(_plain(text))
        kept = list(_fitting(builder.clusters))
        name = "".join(kept).strip()
        has_losses |= builder.has_losses
        was_shortened |= len(kept) < len(builder.clusters)
        if name == text:
            break
        text = name
    else:
        return Cleaned("", has_losses=True)
    if not any(table.kind(character) in SHOWN for character in name):
        return Cleaned("", has_losses=True)
    return Cleaned(name, was_shortened, has_losses)


def _plain(text: str) -> str:
    """Return NFC, with full-width, bold and other forms replaced by their plain letters."""
    if text.isascii():
        return text
    composed = unicodedata.normalize("NFC", text)
    return unicodedata.normalize("NFC", "".join(map(_decomposed, composed)))


def _decomposed(character: str) -> str:
    if letters().kind(character) != "D":
        return character
    codes = unicodedata.decomposition(character).split()
    parts = [chr(int(code, 16)) for code in codes if not code.startswith("<")]
    return "".join(map(_decomposed, parts))


def _fitting(clusters: list[str]) -> Iterator[str]:
    length = 0
    for cluster in clusters[:CLUSTERS_MAX]:
        length += len(cluster)
        if length > NAME_MAX:
            return
        yield cluster
