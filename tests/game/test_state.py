"""Dump, load and digest cover every field, present and future."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass, make_dataclass
from typing import Any

import pytest

from game import digest, dump, load, step
from game.inputs import FIRE, Command, CommandKind, Input
from game.state import NOT_STATE
from game.world import Player, World
from tests.strategies import ARENA, world_of


@pytest.fixture
def world() -> World:
    """Two players, and a bolt in the air."""
    world = world_of()
    step(world, [Command(CommandKind.JOIN, slot) for slot in (0, 3)])
    for _ in range(300):
        step(world, (), [(3, Input(FIRE))])
    assert world.shots
    assert world.history
    return world


def leaves(thing: Any) -> Iterator[tuple[Any, Any]]:
    """Every (holder, key) of an int, str or bytes in the state: attribute, index or dict key."""
    if is_dataclass(thing):
        items = [(field.name, getattr(thing, field.name)) for field in fields(thing)]
        items = [item for item in items if item[0] not in NOT_STATE]
    elif isinstance(thing, dict):
        items = list(thing.items())
    else:
        items = list(enumerate(thing))
    for key, value in items:
        if isinstance(value, int | str | bytes):
            yield thing, key
        else:
            yield from leaves(value)


def change(holder: Any, key: Any) -> None:
    """Change one value, in frozen classes too."""
    if is_dataclass(holder):
        value = getattr(holder, key)
        object.__setattr__(holder, key, value + (1 if isinstance(value, int) else "x"))
    elif isinstance(holder[key], bytes):
        holder[key] = holder[key][:-1] + bytes((holder[key][-1] ^ 1,))
    else:
        holder[key] += 1


def test_a_loaded_world_is_the_dumped_one_and_goes_on_like_it(world: World) -> None:
    copy = load(dump(world), ARENA)
    assert copy == world
    assert step(copy) == step(world)
    assert digest(copy) == digest(world)


def test_every_single_value_is_in_the_digest(world: World) -> None:
    places = [place for place in leaves(world) if not isinstance(place[0], tuple)]
    before = digest(world)
    assert len(places) > 2 * len(fields(Player))
    for index in range(len(places)):
        copy = load(dump(world), ARENA)
        holder, key = [place for place in leaves(copy) if not isinstance(place[0], tuple)][index]
        change(holder, key)
        assert digest(copy) != before, f"{type(holder).__name__}.{key} is not in the digest"


def like(record: Any, *more: tuple[str, Any, Any]) -> tuple[Any, dict[str, Any]]:
    """A class with a record's fields and further ones (name, type, default), and the record's
    values.
    """
    rows: list[Any] = [(it.name, it.type) for it in fields(record)]
    rows += [(name, kind, field(default=default)) for name, kind, default in more]
    held = {it.name: getattr(record, it.name) for it in fields(record)}
    return make_dataclass(f"More{type(record).__name__}", rows), held


def test_a_field_that_is_added_is_noticed(world: World) -> None:
    runner, known = like(world.players[0], ("stamina", int, 0))
    before = digest(world)
    world.players[0] = runner(**known)
    with_field = digest(world)
    world.players[0] = runner(**known, stamina=1)
    assert len({before, with_field, digest(world)}) == 3


def test_changes_of_the_same_object_are_noticed(world: World) -> None:
    @dataclass(slots=True, eq=False)
    class Lamp:
        lit: int = 0
        colour: int = 0

    lamp = Lamp()
    stage, known = like(world, ("lamp", Lamp, None))
    lit = stage(**known, lamp=lamp)
    before = digest(lit)
    lamp.lit = 1
    assert digest(lit) != before


def test_a_dump_is_made_of_exact_ints_strings_bytes_and_tuples_only(world: World) -> None:
    def check(value: Any) -> None:
        assert type(value) in (int, str, bytes, tuple)
        if type(value) is tuple:
            for item in value:
                check(item)

    check(dump(world))


def test_a_dump_of_another_shape_is_refused(world: World) -> None:
    with pytest.raises(AssertionError, match="fields"):
        load(dump(world)[:-1], ARENA)
    with pytest.raises(AssertionError, match="is no int"):
        load((dump(world)[0], "one", *dump(world)[2:]), ARENA)


def test_entities_that_end_too_early_are_refused(world: World) -> None:
    dumped = dump(world)
    index = [field.name for field in fields(World) if field.name not in NOT_STATE].index("players")
    for end in range(4, len(dumped[index]) // 2, 4):
        with pytest.raises(AssertionError, match="end too early"):
            load((*dumped[:index], dumped[index][:end], *dumped[index + 1 :]), ARENA)


def test_an_entity_that_holds_more_than_integers_is_noticed(world: World) -> None:
    named, known = like(world.players[0], ("name", str, ""))
    world.players[0] = named(**known)
    with pytest.raises(AssertionError, match="more than ints and lists"):
        dump(world)
