"""The compiled rules do what the rules in Python do: to any player, any shot, on any map."""

from copy import deepcopy
from random import Random
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import game
from game.grid import Crowd
from game.inputs import Command, CommandKind, Input
from game.modes import MODES
from game.movement import move_all, move_all_in_python
from game.native import native
from game.pickups import on_tiles, on_tiles_in_python, pads_by_tile
from game.projectiles import fly, fly_free_in_python
from game.rewind import places, places_in_python
from game.state import dump
from game.tuning import TUNING
from game.view import records, records_in_python, shot_records, shot_records_in_python
from game.world import MatchConfig, Phase, Player, World
from server.maps import load_maps
from tests.journals import MAPS, played
from tests.strategies import ARENA
from tests.strategies import places as free_places

assert native is not None, "tests/native/conftest.py keeps this from being read without it"
NUMBERS = st.integers(-(2**40), 2**40)
SPEEDS = st.integers(-TUNING.speed_max, TUNING.speed_max)
BUTTONS = st.integers(0, 511)
NOW = 5, Phase.SCOREBOARD
ALL_MAPS = load_maps(MAPS)


@st.composite
def anybody(draw: st.DrawFn, slot: int = 0) -> Player:
    """Every number of a player, whatever sense that makes."""
    numbers = {
        field.name: draw(NUMBERS) for field in attrs.fields(Player) if field.type in (int, "int")
    }
    ammo = draw(st.lists(NUMBERS, min_size=5, max_size=5))
    return Player(**{**numbers, "slot": slot, "ammo": ammo})


@st.composite
def movers(draw: st.DrawFn) -> Player:
    """Somebody on free ground, dashing, running or standing."""
    x, y = draw(free_places)
    player = Player(0, x=x, y=y, vx=draw(SPEEDS), vy=draw(SPEEDS), buttons=draw(BUTTONS))
    player.aim = draw(st.integers(0, 65_535))
    player.dash_vx, player.dash_vy = draw(st.tuples(SPEEDS, SPEEDS) | st.just((0, 0)))
    player.dash_until_tick = draw(st.integers(0, 30))
    player.dash_ready_tick = draw(st.integers(0, 60))
    return player


@given(st.lists(movers(), max_size=4), st.integers(0, 40))
def test_players_move_alike(players: list[Player], tick: int) -> None:
    arena = ARENA
    others = deepcopy(players)
    for now in range(tick, tick + 20):
        dashed = move_all(players, arena, TUNING, now)
        assert dashed == move_all_in_python(others, arena, TUNING, now)
        assert players == others


@given(st.lists(anybody(), max_size=5), st.integers(0, 2**31), st.sampled_from(Phase))
def test_everything_that_may_be_seen_of_a_player_is_read_alike(
    people: list[Player], tick: int, phase: Phase
) -> None:
    players = {slot: attrs.evolve(player, slot=slot) for slot, player in enumerate(people)}
    assert records(players, tick, phase) == records_in_python(players, tick, phase)
    small = {
        slot: attrs.evolve(player, x=player.x % 2**31, y=player.y % 2**31)
        for slot, player in players.items()
    }
    assert places(small, tick) == places_in_python(small, tick)


@given(
    st.dictionaries(st.integers(0, 200), anybody(), max_size=4),
    st.dictionaries(st.integers(0, 200), anybody(), max_size=4),
)
def test_what_was_read_is_a_dict_to_whoever_asks_as_of_one(
    people: dict[int, Player], others: dict[int, Player]
) -> None:
    for rows, same in zip(records(people, *NOW), records_in_python(people, *NOW), strict=True):
        assert len(rows) == len(same)
        assert list(rows) == list(same)
        assert dict(rows) == same == {**rows}
        assert list(rows.items()) == list(same.items())
        assert repr(rows) == repr(same)
        assert deepcopy(rows) == same
        assert all(key in rows and rows[key] == rows.get(key) == same[key] for key in same)
        assert 201 not in rows
        assert rows.get(201) is None
        with pytest.raises(KeyError):
            rows[201]
    backwards = records(dict(reversed(people.items())), *NOW)  # the order of a dict means nothing
    for rows, more, again, same, less in zip(
        records(people, *NOW),
        records(others, *NOW),
        backwards,
        records_in_python(people, *NOW),
        records_in_python(others, *NOW),
        strict=True,
    ):
        assert (rows == more) is (rows == less) is (same == more) is (same == less)
        assert (rows != more) is (same != less)
        assert rows == again


def test_rows_are_made_here_alone_hold_nothing_but_numbers_and_never_change() -> None:
    cards, _, _ = records({}, 0, 0)
    assert native.pad_records([5, 2**40]) == {0: (5,), 1: (2**40,)}
    with pytest.raises(TypeError):
        type(cards)()
    with pytest.raises(TypeError):
        hash(cards)
    with pytest.raises(TypeError):
        assert cards < {}
    for changing in ("clear", "pop", "popitem", "setdefault", "update", "__setitem__"):
        assert not hasattr(cards, changing)
    for wrong in (None, (1, 2), [1, "2"], [1.0], [2**64]):
        with pytest.raises((TypeError, OverflowError)):
            native.pad_records(wrong)


def brawl(mode: str, players: int, seed: int) -> World:
    """A match in which everybody has every weapon and shoots with it."""
    name = min(name for name, arena in ALL_MAPS.items() if MODES[mode].suits(arena))
    arena, dice = ALL_MAPS[name], Random(seed)
    config = MatchConfig(mode, name, seed, 2, arena.players_max, 1_000, 60_000)
    world = game.new(config, arena)
    game.step(world, [Command(CommandKind.JOIN, slot) for slot in range(players)])
    for tick in range(400):
        inputs = []
        for slot, player in world.players.items():
            if tick % 50 == 0:
                player.ammo = [weapon.ammo_max for weapon in TUNING.weapons]
            if (slot + tick) % 7 == 0:
                inputs.append((slot, Input(dice.randrange(384), dice.randrange(65_536), 0)))
        game.step(world, (), inputs)
    return world


def living(world: World) -> Crowd[Player]:
    return Crowd([player for player in world.players.values() if player.alive])


@pytest.mark.parametrize(("mode", "players"), [("deathmatch", 12), ("last-standing", 60)])
def test_shots_fly_alike(mode: str, players: int, monkeypatch: pytest.MonkeyPatch) -> None:
    world = brawl(mode, players, players)
    other = deepcopy(world)
    flown = events_seen = 0
    for _ in range(300):
        for each in (world, other):
            each.tick += 1
        events: list[Any] = []
        fly(world, living(world), events)
        with monkeypatch.context() as patched:
            patched.setattr("game.projectiles.native", None)
            others: list[Any] = []
            fly(other, living(other), others)
        assert events == others
        assert dump(world) == dump(other)
        assert shot_records(world.shots) == shot_records_in_python(world.shots)
        people, (_, marked) = living(world).people, pads_by_tile(world.arena, 900)
        assert on_tiles(people, marked, world.arena.width) == on_tiles_in_python(
            people, marked, world.arena.width
        )
        flown += len(world.shots)
        events_seen += len(events)
        if not world.shots:
            break
    assert flown > 100
    assert events_seen > 10


def test_a_shot_that_may_meet_somebody_is_given_back_with_who_is_near() -> None:
    world = brawl("last-standing", 60, 5)
    reach, arena = TUNING.shot_reach_units, world.arena
    bounces = tuple(weapon.bounces for weapon in TUNING.weapons)
    ground = arena.width, arena.walls, arena.open_cells, bounces
    met = 0
    for _ in range(60):
        game.step(world)
        compiled, in_python = deepcopy(world), deepcopy(world)
        people = living(compiled).people
        busy = native.fly_free(compiled.shots, people, compiled.tick, reach, ground)
        given_back = {shot.number for shot, _ in fly_free_in_python(in_python, living(in_python))}
        assert {shot.number for shot, _ in busy} <= given_back
        for shot, near in busy:
            assert near == [
                p for p in people if abs(p.x - shot.x) < reach and abs(p.y - shot.y) < reach
            ]
            met += bool(near)
    assert met > 10


@pytest.mark.parametrize("mode", MODES)
def test_a_match_comes_to_the_same_with_both(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name = min(name for name, arena in ALL_MAPS.items() if MODES[mode].suits(arena))
    players = {"duel": 2, "last-standing": 24}.get(mode, 8)
    compiled = played(300, players, map_name=name, mode=mode)
    for module in ("movement", "projectiles"):
        monkeypatch.setattr(f"game.{module}.native", None)
    monkeypatch.setattr("game.rewind.places", places_in_python)
    in_python = played(300, players, map_name=name, mode=mode)
    assert compiled.digests == in_python.digests
    assert compiled.journal == in_python.journal


def test_who_is_off_the_map_is_an_error_and_no_crash() -> None:
    for x, y in ((-5_000_000, 0), (0, 2**40), (2**50, 2**50), (-900_000, -900_000)):
        with pytest.raises((IndexError, OverflowError)):
            move_all([Player(0, x=x, y=y, vx=900, vy=900)], ARENA, TUNING, 1)
