"""A world as plain tuples and back, and its digest in 16 bytes.

Owns: the generic walk over attrs fields, so that a field nobody thought of is dumped, loaded and
digested anyway. Must not know: what any field means. Invariant: `load(dump(w)) == w`, and equal
dumps mean equal worlds.

The digest hashes the `repr` of the dump. That is stable because a dump holds nothing but exact
ints, strs, bytes and tuples of them, whose repr is fixed by the language (PEP 3131 and 616 left
ASCII alone, and an int has one decimal form); enum members and numpy-like ints are flattened to
`int` first.
"""

from collections.abc import Callable
from functools import cache
from hashlib import blake2b
from operator import attrgetter
from typing import Any, get_args, get_origin

import attrs

from game.arena import Arena
from game.tuning import TUNING, Tuning
from game.world import World

Dumped = tuple[Any, ...]

# The config names the map and the journal names the tuning: they are not state.
NOT_STATE = ("arena", "tuning")

attrs.resolve_types(World)


def dump(world: World) -> Dumped:
    """Nested tuples of ints, strs and bytes, in field order."""
    dumped: Dumped = _dump(world)
    return dumped


def load(dumped: Dumped, arena: Arena, tuning: Tuning = TUNING) -> World:
    """The world that `dump` took apart."""
    world: World = _load_class(World, dumped, {"arena": arena, "tuning": tuning})
    return world


def digest(world: World) -> bytes:
    """16 bytes that name this state."""
    return blake2b(repr(_dump(world)).encode(), digest_size=16).digest()


def dump_tuning(tuning: Tuning) -> Dumped:
    """The numbers of the rules, for a journal."""
    dumped: Dumped = _dump(tuning)
    return dumped


def load_tuning(dumped: Dumped) -> Tuning:
    """The tuning that `dump_tuning` took apart."""
    tuning: Tuning = _load_class(Tuning, dumped, {})
    return tuning


def _dump(value: Any) -> Any:
    kind = type(value)
    if kind is int or kind is str or kind is bytes:
        return value
    if kind is list or kind is tuple:
        return tuple([item if type(item) is int else _dump(item) for item in value])
    if kind is dict:
        return tuple([(_dump(key), _dump(item)) for key, item in value.items()])
    if isinstance(value, int):  # a member of an enum
        return int(value)
    fields = _fields_of(value.__class__)(value)
    return tuple([item if type(item) is int else _dump(item) for item in fields])


@cache
def _fields_of(cls: type) -> Callable[[Any], Dumped]:
    """What reads all state fields of an instance at once, in order."""
    names = _state_names(cls)
    assert len(names) > 1, f"{cls.__name__} is too small to be taken apart"
    getter: Callable[[Any], Dumped] = attrgetter(*names)
    return getter


def _state_names(cls: type) -> list[str]:
    return [field.name for field in attrs.fields(cls) if field.name not in NOT_STATE]


def _load_class(cls: Any, dumped: Dumped, given: dict[str, Any]) -> Any:
    attrs.resolve_types(cls)
    kinds = {field.name: field.type for field in attrs.fields(cls)}
    names = _state_names(cls)
    assert len(names) == len(dumped), f"{cls.__name__} has {len(names)} fields, not {len(dumped)}"
    values = {name: _load(kinds[name], item) for name, item in zip(names, dumped, strict=True)}
    return cls(**values, **given)


def _load(kind: Any, dumped: Any) -> Any:
    if kind is int or kind is str or kind is bytes:
        assert isinstance(dumped, kind), f"{dumped!r} is no {kind.__name__}"
        return dumped
    if attrs.has(kind):
        return _load_class(kind, dumped, {})
    container: Callable[[Any], Any] | None = get_origin(kind)
    inner = get_args(kind)
    if container is dict:
        return {_load(inner[0], key): _load(inner[1], item) for key, item in dumped}
    assert container in (list, tuple), f"no way to load a {kind}"
    return container(_load(inner[0], item) for item in dumped)
