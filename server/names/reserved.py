"""Reserved names: those that sound like the server's staff, and those of its bots.

Owns: the words (`reserved.txt`), and the search for them in a name. Must not know: who asks.
Invariant: a name is judged by its look, so no case, spacing, accent, foreign letter or digit hides
a word.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache

from attrs import frozen

from server.names.letters import letters, rows
from server.names.lookalikes import keys_of

BOT_NAMES = (
    "Ada", "Basil", "Cleo", "Dice", "Echo", "Fern", "Gizmo", "Hazel",
    "Iris", "Juno", "Kit", "Lux", "Moss", "Nova", "Onyx", "Pip",
)  # fmt: skip

DIGITS = "0123456789"
# Digits and signs that stand for letters; 0, 1 and | are covered by their look.
LEET = str.maketrans("345789@$!€£+", "eastbgasielt")
HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
DOUBLED = re.compile(r"(.)\1+")
LONG_FROM = 5  # letters: reserved words of this length do not arise from other words by chance


@frozen
class _ReservedNames:
    """The words by their keys."""

    words: frozenset[str]
    compounds: dict[str, int]  # by key: the length of a reserved word, 0 for a company word
    lengths: tuple[int, ...]  # of the compounds
    anywhere: tuple[str, ...]
    ends: tuple[str, ...]
    bots: dict[str, str]


def is_reserved(name: str) -> bool:
    """Whether people would take a player of this name for the server's staff or for a bot."""
    reserved = _reserved_names()
    return any(_is_of(spelling, reserved) for spelling in {name, name.translate(LEET)})


def bot_keys() -> Mapping[str, str]:
    """Return the bots' names by their keys; people may not have them."""
    return _reserved_names().bots


def bot_alike(name: str) -> str:
    """Return the bot's name that people would take `name` for, or ""."""
    bots = _reserved_names().bots
    return next((bots[key] for key in keys_of(name) if key in bots), "")


def _is_of(name: str, reserved: _ReservedNames) -> bool:
    words = _words(name)
    if any(_is_word(word, reserved) for whole in words for word in {whole, *HUMP.split(whole)}):
        return True
    # House words may be spelled with spaces. A short one counts only in a name without spaces, or
    # when each letter stands alone, because Bo T is a name.
    is_spelled = len(words) == 1 or max(map(len, words), default=0) == 1
    whole = "".join(words)
    for key in {key for form in {whole, whole.strip(DIGITS)} for key in keys_of(form)}:
        if any(word in key for word in reserved.anywhere):
            return True
        if _is_made_of(key, reserved, 1 if is_spelled else LONG_FROM):
            return True
    return False


def _words(name: str) -> list[str]:
    """Split a name at spaces and punctuation."""
    kind = letters().kind
    shown = "".join(
        " " if it == " " or kind(it) == "P" else it for it in name if kind(it) or it == " "
    )
    return shown.split()


def _is_word(word: str, reserved: _ReservedNames) -> bool:
    forms = {word, word.strip(DIGITS), word.lstrip(DIGITS), word.rstrip(DIGITS)}
    forms |= {form.translate(LEET) for form in forms}
    forms |= {_single(form) for form in forms}
    keys = {key for form in forms if form for key in keys_of(form)}
    return not reserved.words.isdisjoint(keys) or any(
        key.startswith(reserved.ends) or key.endswith(reserved.ends) for key in keys
    )


def _is_made_of(text: str, reserved: _ReservedNames, shortest: int) -> bool:
    """Whether `text` consists of reserved words and company words only, without spaces."""
    # By position in the text where words end: whether a reserved word was among them.
    reached = {0: False}
    for start in range(len(text)):
        if start not in reached:
            continue
        for length in reserved.lengths:
            letter_count = reserved.compounds.get(text[start : start + length])
            if letter_count is None or 0 < letter_count < shortest:
                continue
            end = min(start + length, len(text))
            reached[end] = reached.get(end, False) or reached[start] or letter_count > 0
    return reached.get(len(text), False)


def _single(word: str) -> str:
    """Reduce repeated letters of a word longer than `LONG_FROM` to one."""
    return DOUBLED.sub(r"\1", word.casefold()) if len(word) > LONG_FROM else word


@cache
def _reserved_names() -> _ReservedNames:
    lists: defaultdict[str, set[str]] = defaultdict(set)
    for name, *listed in rows("reserved.txt"):
        lists[name].update(listed)
    spoken = {form for word in lists["word"] for form in (word, f"{word}s")}
    spoken |= {_single(word) for word in spoken}
    compounds = dict.fromkeys(_keys(lists["company"]), 0)
    compounds |= {key: len(word) for word in {*spoken, *lists["alone"]} for key in keys_of(word)}
    return _ReservedNames(
        words=_keys(spoken),
        compounds=compounds,
        lengths=tuple(sorted(set(map(len, compounds)))),
        anywhere=tuple(_keys(lists["anywhere"])),
        ends=tuple(_keys(lists["end"])),
        bots={key: name for name in BOT_NAMES for key in keys_of(name)},
    )


def _keys(names: Iterable[str]) -> frozenset[str]:
    return frozenset(key for name in names for key in keys_of(name))
