"""Naming a player: from the text they typed to the name they get, and the note about it.

Owns: the steps between, and the messages about what changed. Must not know: sessions.
Invariants: an assigned name shares no key with a taken name or a bot's; players who typed another
one are told why, unless the difference is invisible.
"""

import itertools
import random
import unicodedata
from collections.abc import Container, Iterator

from attrs import frozen

from server.names.clean import CLUSTERS_MAX, NAME_MAX, Cleaned, clean
from server.names.clusters import Builder
from server.names.letters import letters
from server.names.lookalikes import keys_of, look_of
from server.names.reserved import bot_keys, is_reserved

NOTE_MAX = 120  # code points, as the wire's TEXT
NOT_A_NAME = "a name needs a letter, a digit or an emoji that screens can show"
RESERVED = "that name reads like the server's staff or a bot"
TOO_LONG = "it was too long"
LOSSES = "some characters cannot be in names"
PLAINER = "it is written in plain letters"
TAKEN = "a name like that is taken"
SMALL_NUMBERS = range(2, 10)
EVEN_NAMELESS = "Guest"  # replaces a name that cannot be cut to make room for a number


@frozen
class Named:
    """An assigned name, and why it is not what the player typed; "" when it is."""

    text: str
    note: str = ""


def fault_of(typed: str) -> str:
    """Return why this cannot be a name, or "" when it can."""
    return _fault_of(clean(typed).text)


def settle(typed: str, made_up: str, taken: Container[str], rng: random.Random) -> Named:
    """Return a free name as close as possible to the typed one, or else to `made_up`.

    `taken` has the keys of all names in use.
    """
    cleaned = clean(typed)
    fault = _fault_of(cleaned.text)
    if fault:
        name = make_unique(made_up, taken, rng)
        asked = typed.strip()
        return Named(name, f"You are {name} until you choose a name: {fault}" if asked else "")
    name = make_unique(cleaned.text, taken, rng)
    reasons = _reasons(typed, cleaned, name)
    if not reasons:
        return Named(name)
    note = f"You are {name} here: {', '.join(reasons)}"
    return Named(name, note if len(note) <= NOTE_MAX else f"You are {name} here: {LOSSES}")


def make_unique(name: str, taken: Container[str], rng: random.Random) -> str:
    """Return `name`, with a number behind it when one of its keys is taken.

    Small numbers are tried in order and larger ones at random, so that it takes a few tries however
    many players have the name. `name` has been cleaned.
    """
    if _is_free(keys_of(name), taken):
        return name
    stems: dict[int, tuple[str, str, str]] = {}
    for number in _numbers(rng):
        ending = f" {number}"
        if len(ending) not in stems:
            stem = _cut(name, len(ending))
            stems[len(ending)] = (stem, *keys_of(stem))
        stem, said, look = stems[len(ending)]
        if _is_free((f"{said}{number}", look + look_of(str(number))), taken):
            return stem + ending
    raise AssertionError("numbers do not end")


def _fault_of(name: str) -> str:
    if not name:
        return NOT_A_NAME
    return RESERVED if is_reserved(name) else ""


def _is_free(keys: tuple[str, str], taken: Container[str]) -> bool:
    bots = bot_keys()
    return not any(key in taken or key in bots for key in keys)


def _numbers(rng: random.Random) -> Iterator[int]:
    yield from SMALL_NUMBERS
    for digits in itertools.count(2):
        for _ in range(3):
            yield rng.randrange(10 ** (digits - 1), 10**digits)


def _cut(name: str, room: int) -> str:
    """Return `name`, cut by whole clusters if needed to fit an ending of `room` code points."""
    if len(name) + room <= CLUSTERS_MAX:  # a cluster is at least one code point
        return name
    clusters = Builder(name).clusters[: CLUSTERS_MAX - room]
    while sum(map(len, clusters)) > NAME_MAX - room:
        clusters.pop()
    return clean("".join(clusters)).text or EVEN_NAMELESS


def _reasons(typed: str, cleaned: Cleaned, name: str) -> list[str]:
    reasons = []
    if cleaned.was_shortened:
        reasons.append(TOO_LONG)
    if cleaned.has_losses:
        reasons.append(LOSSES)
    if not reasons and _shown(typed) != _shown(cleaned.text):
        reasons.append(PLAINER)
    if name != cleaned.text:
        reasons.append(TAKEN)
    return reasons


def _shown(text: str) -> str:
    """Return the visible characters of a text, without spaces."""
    kind = letters().kind
    return "".join(it for it in unicodedata.normalize("NFC", text) if kind(it))
