"""The visible part of a world."""

import pytest

from game import new, step, view
from game.events import EventKind
from game.inputs import FIRE, Command, CommandKind, Input
from game.records import (
    ALIVE,
    BOT,
    CONNECTED,
    DASHING,
    DOUBLE,
    FIRING,
    IN_MATCH,
    PROTECTED,
    STATUS_WEAPON_SHIFT,
    Card,
    Own,
)
from game.tuning import Weapon
from game.view import MATCH_FIELDS, PAD_FIELDS
from game.world import Phase
from tests.game.fights import fight, shoot


def test_every_record_has_the_fields_of_its_kind() -> None:
    world = fight(2, 8, drawing="############\n#s..h....s.#\n############", row=1)
    events = shoot(world, 0, Weapon.BLASTER)
    seen = view(world, events)
    assert list(seen.cards) == list(seen.bodies) == list(seen.own) == [0, 1]
    assert len(seen.shots) == 1
    assert [len(record) for record in seen.pads.values()] == [len(PAD_FIELDS)]
    assert dict(zip(MATCH_FIELDS, seen.match, strict=True)) == {
        "phase": Phase.PLAY,
        "phase_end_tick": world.phase_end_tick,
        "winner": -1,
        "players_min": 2,
    }
    assert (seen.teams, seen.flags, set(seen.circle)) == ({}, {}, {0})
    assert seen.events == events
    assert (EventKind.FIRE, 0, Weapon.BLASTER) in events


def test_a_status_shows_each_state_by_its_bit() -> None:
    world = fight(2, 8)
    player = world.players[0]

    def status() -> tuple[int, int]:
        seen = view(world, [])
        return seen.cards[0].status, seen.bodies[0].status

    card, body = IN_MATCH | ALIVE | CONNECTED, ALIVE
    assert status() == (card, body)
    later = world.tick + 1
    for name, value, card_bit, body_bit in (
        ("alive", 0, ALIVE, ALIVE),
        ("connected", 0, CONNECTED, 0),
        ("bot", 1, BOT, 0),
        ("dash_until_tick", later, 0, DASHING),
        ("protected_until_tick", later, 0, PROTECTED),
        ("double_until_tick", later, 0, DOUBLE),
        ("buttons", FIRE, 0, FIRING),
        ("weapon", Weapon.DISC, 0, Weapon.DISC << STATUS_WEAPON_SHIFT),
    ):
        before = getattr(player, name)
        setattr(player, name, value)
        assert status() == (card ^ card_bit, body ^ body_bit)
        setattr(player, name, before)


@pytest.mark.parametrize("phase", Phase)
def test_other_players_shots_are_counted_after_the_round_and_own_shots_at_once(
    phase: Phase,
) -> None:
    world = fight(2, 8)
    world.phase = phase
    world.players[0].shots, world.players[0].hits = 20, 7
    seen = view(world, [])
    card, own = seen.cards[0], seen.own[0]
    is_over = phase in (Phase.SCOREBOARD, Phase.OVER)
    assert (card.shots, card.hits) == ((20, 7) if is_over else (0, 0))
    assert (own.shots, own.hits) == (20, 7)


def test_an_empty_match_has_a_view() -> None:
    world = fight(2)
    seen = view(new(world.config, world.arena), [])
    assert (seen.tick, seen.shots) == (0, {})
    assert len(seen.cards) == len(seen.bodies) == len(seen.own) == 0


def test_the_aim_of_others_is_cut_to_a_byte() -> None:
    world = fight(2, 8)
    step(world, [Command(CommandKind.PRESENCE, 0, 1)], [(0, Input(0, 0xABCD))])
    assert view(world, []).bodies[0].aim8 == 0xAB


@pytest.mark.parametrize("kind", [Card, Own])
def test_records_are_the_same_only_if_every_field_is(kind: type[Card] | type[Own]) -> None:
    count = len(kind.FIELDS)
    assert kind.of(range(count)).is_same(kind.of(range(count)))
    for changed in range(count):
        values = [index + (index == changed) for index in range(count)]
        assert not kind.of(values).is_same(kind.of(range(count))), kind.FIELDS[changed]


def test_equal_parts_are_shared_with_the_previous_view() -> None:
    world = fight(2, 8, drawing="############\n#s..h....s.#\n############", row=1)
    first = view(world, [])
    step(world)
    second = view(world, [], before=first)
    assert second.cards is first.cards
    assert second.own is first.own
    assert second.pads is first.pads
    world.players[1].kills += 1
    world.players[1].ammo[Weapon.RAIL] += 1
    world.pad_ready_ticks[0] += 900
    third = view(world, [], before=second)
    assert third == view(world, [])
    assert third.cards[0] is second.cards[0]
    assert third.own[0] is second.own[0]
    assert (third.cards[1].kills, second.cards[1].kills) == (1, 0)
    assert third.own[1] != second.own[1]
    assert third.pads == {0: (900,)}


def test_another_seat_in_the_place_of_one_is_not_taken_for_it() -> None:
    world = fight(2, 8, drawing="############\n#s..h....s.#\n############", row=1)
    before = view(world, [])
    step(world, [Command(CommandKind.LEAVE, 0), Command(CommandKind.JOIN, 3)])
    assert view(world, [], before=before) == view(world, [])
