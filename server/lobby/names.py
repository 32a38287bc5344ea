"""Names of guests: cleaned, never empty, never twice.

Owns: what a name may look like. Must not know: sessions, sockets. Invariant: `clean` returns text
that a screen can show in one line, at most `NAME_MAX` code points long, and cleaning it again
changes nothing.
"""

import random
import unicodedata
from collections.abc import Container

NAME_MAX = 16  # code points, as the wire's NAME
# Combining marks on one letter, beyond those NFKC composes: more would climb into other lines.
MARKS_MAX = 1

# Names that would let a guest speak for the house, compared without case, spaces and punctuation.
RESERVED = frozenset({"admin", "administrator", "bot", "moderator", "server", "skirmish", "system"})

FIRST = (
    "Amber", "Bold", "Brisk", "Calm", "Clever", "Cosmic", "Dusty", "Eager", "Fleet", "Gentle",
    "Happy", "Lucky", "Mellow", "Nimble", "Quick", "Quiet", "Rapid", "Silver", "Sunny", "Swift",
)  # fmt: skip
SECOND = (
    "Badger", "Comet", "Dingo", "Falcon", "Ferret", "Gecko", "Heron", "Ibis", "Koala", "Lynx",
    "Marten", "Newt", "Otter", "Panda", "Puffin", "Raven", "Robin", "Stoat", "Tapir", "Wren",
)  # fmt: skip


def clean(text: str) -> str:
    """Return `text` as a name, or "" when nothing fit for one is left."""
    name = _trim(_printable(unicodedata.normalize("NFKC", text)))
    # Cutting and dropping can bring letters together that compose: what is stored is what NFKC
    # leaves alone.
    return name if unicodedata.normalize("NFKC", name) == name else ""


def is_reserved(name: str) -> bool:
    """Whether `name` belongs to the house."""
    return "".join(filter(str.isalnum, name.casefold())) in RESERVED


def invent(rng: random.Random) -> str:
    """Return a friendly name for somebody who gave none."""
    return f"{rng.choice(FIRST)} {rng.choice(SECOND)}"


def key_of(name: str) -> str:
    """Return what two names that people take for the same share."""
    return unicodedata.normalize("NFKC", name.casefold())


def make_unique(name: str, taken_keys: Container[str]) -> str:
    """Return `name`, with the smallest number from 2 on behind it when its key is taken."""
    candidate, number = name, 1
    while key_of(candidate) in taken_keys:
        number += 1
        ending = f" {number}"
        candidate = name[: NAME_MAX - len(ending)].rstrip() + ending
    return candidate


def _printable(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for character in text:
        category = unicodedata.category(character)[0]
        if category == "C":
            continue  # control, format (bidirectional overrides, joiners), private, unassigned
        shown = " " if category == "Z" else character  # every kind of space and line separator
        marks = marks + 1 if category == "M" else 0
        if marks <= (MARKS_MAX if kept and kept[-1] != " " else 0):
            kept.append(shown)
    return "".join(kept)


def _trim(text: str) -> str:
    return " ".join(text.split())[:NAME_MAX].rstrip()
