"""A world as plain tuples and back, and its digest in 16 bytes.

Owns: the generic walk over the fields of records, so that new fields are dumped, loaded and
digested without further code. Must not know: what any field means. Invariant: `load(dump(w)) == w`,
and equal dumps mean equal worlds.

A dump is a tuple of the fields, in their order. A dict of entities, which hold only ints and lists
of ints, is one byte string with four bytes per int: for each entity its key, its int fields, and
its lists, each after its length. (As tuples, sixteen players take four times as long, and a running
match dumps its world every second.)

The digest hashes the `repr` of the dump. That is stable because a dump holds nothing but exact
ints, strs, bytes and tuples of them, whose repr is fixed by the language (PEP 3131 and 616 left
ASCII alone, and an int has one decimal form); enum members and numpy-like ints are flattened to
`int` first.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cache, lru_cache
from hashlib import blake2b
from itertools import islice
from operator import attrgetter
from struct import pack, unpack
from typing import Any, get_origin

from mypy_extensions import i64

from game.arena import Arena
from game.tuning import TUNING, CircleStage, Tuning, WeaponTuning
from game.world import Circle, Flag, MatchConfig, Player, Shot, World

Dumped = tuple[Any, ...]

PLAIN = frozenset((int, str, bytes))

# The config names the map and the journal names the tuning: they are not state.
NOT_STATE = ("arena", "tuning")

# Fields that are records, and what the containers among the fields hold. A compiled class knows its
# own annotations only as far as `list` and `dict`.
RECORDS: Mapping[str, type] = {"config": MatchConfig, "circle": Circle}
ITEMS: Mapping[str, type] = {
    "players": Player,
    "shots": Shot,
    "flags": Flag,
    "ammo": int,
    "pad_ready_ticks": int,
    "team_scores": int,
    "history": bytes,
    "vote_maps": str,
    "weapons": WeaponTuning,
    "circle_stages": CircleStage,
}


def dump(world: World) -> Dumped:
    """Tuples of ints, strs, bytes and tuples, in field order."""
    dumped: Dumped = _dump(world)
    return dumped


def load(dumped: Dumped, arena: Arena, tuning: Tuning = TUNING) -> World:
    """The world of a `dump`."""
    world: World = _load_class(World, dumped, {"arena": arena, "tuning": tuning})
    return world


def digest(world: World) -> bytes:
    """16 bytes that identify this state."""
    return blake2b(repr(_dump(world)).encode(), digest_size=16).digest()


def dump_tuning(tuning: Tuning) -> Dumped:
    """The numbers of the rules, for a journal."""
    dumped: Dumped = _dump(tuning)
    return dumped


def load_tuning(dumped: Dumped) -> Tuning:
    """The tuning of a `dump_tuning`."""
    tuning: Tuning = _load_class(Tuning, dumped, {})
    return tuning


def _dump(value: Any) -> Any:
    kind = type(value)
    if kind in PLAIN:
        return value
    if kind is list or kind is tuple:
        return tuple(value) if PLAIN.issuperset(map(type, value)) else tuple(map(_dump, value))
    if kind is dict:
        return _dump_entities(value)
    if isinstance(value, int):  # a member of an enum
        return int(value)
    return _dump_known(value) if _is_value(value.__class__) else _dump_fields(value)


@cache
def _is_value(cls: Any) -> bool:
    """Whether instances are hashed by value, not by identity, so that equal ones always have equal
    dumps.
    """
    return cls.__hash__ is not None and cls.__eq__ is not object.__eq__


def _dump_fields(value: Any) -> Dumped:
    return tuple([_dump(getattr(value, name)) for name in _state_names(value.__class__)])


# A match has one config and, for seconds at a time, one circle: each second's dump finds them here.
_dump_known = lru_cache(maxsize=256)(_dump_fields)


def _dump_entities(entities: dict[int, Any]) -> bytes:
    row: list[int] = []
    for key, entity in entities.items():
        read_ints, list_names = _readers(entity.__class__)
        row.append(key)
        row += read_ints(entity)
        for name in list_names:
            values = getattr(entity, name)
            row.append(len(values))
            row += values
    return pack(f"<{len(row)}i", *row)


@cache
def _readers(cls: type) -> tuple[Callable[[Any], Sequence[int]], tuple[str, ...]]:
    """A getter of all int fields of an entity, in order, and the names of its lists of ints."""
    ints, lists = _entity_names(cls)
    assert len(ints) > 1, f"{cls.__name__} is too small to be taken apart"
    getter: Callable[[Any], Sequence[int]] = attrgetter(*ints)
    return getter, lists


@cache
def _entity_names(cls: type) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of an entity's int fields, and of its lists of ints."""
    kinds = _kinds(cls)
    ints = tuple(name for name, kind in kinds.items() if kind is int)
    lists = tuple(name for name, kind in kinds.items() if kind is list and ITEMS[name] is int)
    assert len(ints) + len(lists) == len(kinds), f"{cls.__name__} holds more than ints and lists"
    return ints, lists


@cache
def _kinds(cls: Any) -> dict[str, Any]:
    """The types of all fields that are state, in order; for containers only `list` and so on."""
    kinds = {it.name: it.type for it in fields(cls) if it.name not in NOT_STATE}
    return {
        name: RECORDS.get(name, int if kind is i64 else get_origin(kind) or kind)
        for name, kind in kinds.items()
    }


@cache
def _state_names(cls: type) -> tuple[str, ...]:
    return tuple(_kinds(cls))


def _load_class(cls: Any, dumped: Dumped, given: dict[str, Any]) -> Any:
    kinds = _kinds(cls)
    assert type(dumped) is tuple, f"a {cls.__name__} is not made from {dumped!r:.40}"
    assert len(kinds) == len(dumped), f"{cls.__name__} has {len(kinds)} fields, not {len(dumped)}"
    items = zip(kinds.items(), dumped, strict=True)
    return cls(**{name: _load(name, kind, item) for (name, kind), item in items}, **given)


def _load(name: str, kind: Any, dumped: Any) -> Any:
    if kind in PLAIN:
        assert type(dumped) is kind, f"{dumped!r:.40} is no {kind.__name__}"
        return dumped
    if kind is dict:
        assert type(dumped) is bytes, f"entities are not made from {dumped!r:.40}"
        return _load_entities(ITEMS[name], dumped)
    if kind is list or kind is tuple:
        assert type(dumped) is tuple, f"a {kind.__name__} is not made from {dumped!r:.40}"
        return kind(_load("", ITEMS[name], item) for item in dumped)
    return _load_class(kind, dumped, {})


def _load_entities(cls: Any, dumped: bytes) -> dict[int, Any]:
    ints, lists = _entity_names(cls)
    row = iter(unpack(f"<{len(dumped) // 4}i", dumped))
    entities = {}
    for key in row:
        values: dict[str, Any] = dict(zip(ints, _take(row, len(ints)), strict=True))
        for name in lists:
            values[name] = _take(row, *_take(row, 1))
        entities[key] = cls(**values)
    return entities


def _take(row: Iterator[int], count: int) -> list[int]:
    taken = list(islice(row, max(count, 0)))
    assert len(taken) == count, "the entities end too early"
    return taken
