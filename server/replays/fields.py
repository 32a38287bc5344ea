"""The state of a world as names and values: `player[3].health` → 75.

Owns: the name of each value in a world. Must not know: what any of them means. Invariant: it walks
the same fields as `game.state.dump`, so nothing of the state is left out except the position
history, which only repeats where players stood.
"""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from game.state import NOT_STATE
from game.world import World

Value = int | str | bytes
SINGULAR = {"players": "player", "shots": "shot", "pad_ready_ticks": "pad", "flags": "flag"}
LEFT_OUT = ("history", *NOT_STATE)
_TABLES = {short: name for name, short in SINGULAR.items()}
_PATH = re.compile(
    r"((?P<table>player|shot|pad|flag)\[(?P<key>\d{1,9})\])?(?P<rest>(\.?[a-z_]+(\[\d{1,9}\])?)*)"
)


def fields_of(world: World) -> dict[str, Value]:
    """Return every field of the state by name, in a fixed order."""
    return dict(_walk_class(world, ""))


def field_of(world: World, name: str) -> Value | None:
    """Return one field by its name in `fields_of`, without reading the others."""
    found = _PATH.fullmatch(name)
    if found is None:
        return None
    value: Any = world
    table = _TABLES.get(found["table"] or "")
    if table is not None:
        value = _item(getattr(world, table), int(found["key"]))
    for step in re.findall(r"[a-z_]+|\[\d+\]", found["rest"] or ""):
        if value is None:
            return None
        if step[0] == "[":
            value = _item(value, int(step[1:-1]))
        else:
            value = getattr(value, step, None) if is_dataclass(value) else None
    is_value = isinstance(value, (int, str, bytes)) and not name.startswith(LEFT_OUT)
    return (int(value) if isinstance(value, int) else value) if is_value else None


def difference(one: World, other: World) -> list[tuple[str, Value | None, Value | None]]:
    """Return the fields in which two worlds differ; None stands for a missing one."""
    before, after = fields_of(one), fields_of(other)
    names = [*before, *(name for name in after if name not in before)]
    return [
        (name, before.get(name), after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    ]


def _item(container: Any, key: int) -> Any:
    """Return an item of a dict or list; None when there is none."""
    if isinstance(container, dict):
        return container.get(key)
    is_there = isinstance(container, (list, tuple)) and key < len(container)
    return container[key] if is_there else None


def _walk(value: Any, name: str) -> Iterator[tuple[str, Value]]:
    if isinstance(value, (str, bytes)):
        yield name, value
    elif isinstance(value, int):
        yield name, int(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _walk(item, f"{name}[{key}]")
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from _walk(item, f"{name}[{index}]")
    else:
        yield from _walk_class(value, f"{name}.")


def _walk_class(value: Any, prefix: str) -> Iterator[tuple[str, Value]]:
    for each in fields(value):
        if each.name not in LEFT_OUT:
            name = each.name if prefix else SINGULAR.get(each.name, each.name)
            yield from _walk(getattr(value, each.name), prefix + name)
