"""The differences between two worlds, in words.

Owns: the walk over the fields of both. Must not know: journals. Invariant: it names the first field
that differs, in field order; worlds without a difference are equal.
"""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from game.state import NOT_STATE
from game.world import World


def difference(replayed: World, written: World) -> str:
    """`players[3].x is 1536, the journal says 1540`; "" for equal worlds."""
    return next(_differences(replayed, written, ""), "")


def _differences(ours: Any, theirs: Any, where: str) -> Iterator[str]:
    if is_dataclass(ours):
        for name in [each.name for each in fields(ours) if each.name not in NOT_STATE]:
            path = f"{where}.{name}" if where else name
            yield from _differences(getattr(ours, name), getattr(theirs, name), path)
    elif isinstance(ours, dict):
        if list(ours) != list(theirs):  # their order is part of a world
            yield f"{where} are {_shown(list(ours))}, the journal says {_shown(list(theirs))}"
        for key in [key for key in ours if key in theirs]:
            yield from _differences(ours[key], theirs[key], f"{where}[{key}]")
    elif isinstance(ours, list | tuple) and len(ours) == len(theirs):
        for index, (item, other) in enumerate(zip(ours, theirs, strict=True)):
            yield from _differences(item, other, f"{where}[{index}]")
    elif ours != theirs:
        yield f"{where} is {_shown(ours)}, the journal says {_shown(theirs)}"


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:59]}…"
