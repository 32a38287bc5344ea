"""No client is sent the place of an enemy out of its sight, in any part of its messages; and every
enemy in its sight is sent.
"""

from itertools import pairwise, permutations
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import game
from game.arena import Arena
from game.collision import trace
from game.events import NOWHERE, Event, EventKind
from game.fog import PLACES, PUBLIC, Fog
from game.inputs import BUTTONS_MAX, Command, CommandKind, Input
from game.modes import MODES
from game.sightlines import SIGHT_TILES
from game.tiled import parse
from game.tuning import SNAPSHOT_EVERY_TICKS, TILE_UNITS, TURN, Weapon
from game.view import View
from game.visibility import visibility_of
from game.wire.codec import decode
from game.wire.schema import FromMatch
from game.wire.snapshot import SnapshotReader, SnapshotWriter
from game.world import NEVER_TICK, Phase, Player, World
from tests.game.fights import fight, place, shoot
from tests.strategies import centre, with_pads

MAPS = Path(__file__).parents[2] / "maps"
MATCHES = (
    ("foundry", "deathmatch", 8),
    ("bastion", "deathmatch", 16),
    ("bastion", "team-deathmatch", 8),
)
VIEWS = 300
NEW_KEYS_ONE_IN = 15  # ticks
SKIPPED_ONE_IN = 4

# A long wall: slots 0 and 1 stand on either side of it.
DIVIDED = "\n".join(
    ["#" * 34, *["#s" + "." * 14 + "##" + "." * 14 + "s#"] * 16, "#" + "." * 32 + "#", "#" * 34]
)


def arena_named(name: str) -> Arena:
    return parse((MAPS / f"{name}.tmj").read_text(encoding="utf-8"), name)


def brawl(arena: Arena, mode: str, players: int, dice: Random) -> World:
    """A match in play, with everybody at some spawn."""
    world = game.new(MODES[mode].configure(arena, dice.randrange(1 << 30), ("a", "b")), arena)
    game.step(world, [Command(CommandKind.JOIN, slot) for slot in range(players)])
    while world.phase != Phase.PLAY:
        game.step(world)
    return world


def pressed(world: World, dice: Random) -> list[tuple[int, Input]]:
    return [
        (slot, Input(dice.randint(0, BUTTONS_MAX), dice.randrange(TURN)))
        for slot in world.players
        if dice.randrange(NEW_KEYS_ONE_IN) == 0
    ]


def is_hidden(world: World, me: Player, other: Player) -> bool:
    """Whether a seat must not know of `other`, by the map alone."""
    return not visibility_of(world.arena).outlook(me.x, me.y).has(other.x, other.y)


def is_plain(world: World, me: Player, other: Player) -> bool:
    """Whether a seat must know of `other`: no wall is between, and they are on the screen."""
    far = max(abs(me.x - other.x), abs(me.y - other.y)) > (SIGHT_TILES - 1) * TILE_UNITS
    return not far and not trace(world.arena, me.x, me.y, other.x, other.y)[2]


def pairs_told(view: View) -> set[tuple[int, int]]:
    """Every two adjacent numbers in anything that a seat was sent."""
    records = (view.bodies, view.shots, view.cards, view.own)
    told = [record.values() for told in records for record in told.values()]
    told += [*view.events, *view.flags.values(), view.circle]
    return {pair for values in told for pair in pairwise(values)}


@pytest.mark.slow
@pytest.mark.everywhere
@pytest.mark.parametrize(("name", "mode", "players"), MATCHES)
def test_a_client_that_reads_everything_it_is_sent_learns_no_hidden_place(
    name: str, mode: str, players: int
) -> None:
    dice = Random(name + mode)
    world = brawl(arena_named(name), mode, players, dice)
    writer = SnapshotWriter(64)
    readers = {slot: SnapshotReader(slot) for slot in world.players}
    bases: dict[int, int | None] = dict.fromkeys(world.players)
    last_met: dict[tuple[int, int], int] = {}  # what was seen then may still be sent later
    hidden_count = plain_count = 0
    for _ in range(VIEWS):
        events: list[Event] = []
        for _ in range(SNAPSHOT_EVERY_TICKS):
            events += game.step(world, (), pressed(world, dice))
        writer.push(game.view(world, events))
        for me, other in permutations(world.players.values(), 2):
            if not is_hidden(world, me, other):
                last_met[me.slot, other.slot] = world.tick
        for slot, reader in readers.items():
            base = bases[slot]
            if dice.randrange(SKIPPED_ONE_IN) == 0:
                continue
            message = decode(FromMatch, writer.message(slot, bases[slot], 0))
            seen, me, bases[slot] = reader.apply(message), world.players[slot], world.tick
            told = pairs_told(seen)
            assert slot in seen.bodies
            for other in world.players.values():
                is_enemy = other is not me and not (me.team and me.team == other.team)
                if is_enemy and is_hidden(world, me, other):
                    hidden_count += 1
                    assert other.slot not in seen.bodies
                    if base is not None and last_met.get((slot, other.slot), 0) <= base:
                        assert (other.x, other.y) not in told
                elif not is_enemy or is_plain(world, me, other):
                    plain_count += 1
                    assert seen.bodies[other.slot].values()[:2] == (other.x, other.y)
            for shot in seen.shots.values():
                outlook = visibility_of(world.arena).outlook(me.x, me.y)
                assert outlook.has(shot.x, shot.y)
    assert hidden_count > VIEWS
    assert plain_count > VIEWS


def divided(x: int = 4, x2: int = 28) -> World:
    """A match of slots 0 and 1, with the wall between them."""
    world = fight(x, x2, drawing=DIVIDED, row=3)
    assert is_hidden(world, *world.players.values())
    return world


def told(world: World, slot: int, events: list[Event]) -> list[Event]:
    return Fog(game.view(world, events)).seen_by(slot).events


def test_actions_out_of_sight_are_not_sent() -> None:
    world = divided()
    events = shoot(world, 0, Weapon.BLASTER, aim=TURN // 4)
    assert told(world, 0, events) == [(EventKind.FIRE, 0, Weapon.BLASTER)]
    assert told(world, 1, events) == []
    seen = Fog(game.view(world, events))
    assert [list(seen.seen_by(slot).shots) for slot in (0, 1, -1)] == [[0], [], [0]]


def test_deaths_are_public_and_hits_reach_both_players_without_positions() -> None:
    world = divided()
    me, other = world.players[0], world.players[1]
    hit = (EventKind.HIT, 1, 0, Weapon.DISC, 35, other.x, other.y)
    kill = (EventKind.KILL, 1, 0, Weapon.DISC, 1)
    assert told(world, 1, [hit, kill]) == [hit, kill]
    assert told(world, 0, [hit, kill]) == [(*hit[:5], NOWHERE, NOWHERE), kill]
    place(other, me.x + TILE_UNITS, me.y)
    assert told(world, 0, [(*hit[:5], other.x, other.y)]) == [(*hit[:5], other.x, other.y)]


def test_a_hit_in_plain_sight_on_somebody_out_of_sight_is_not_told_to_others() -> None:
    world = divided()
    me = world.players[0]
    assert told(world, 0, [(EventKind.HIT, 1, 1, Weapon.LAUNCHER, 20, me.x, me.y)]) == []


def test_of_a_rail_out_of_the_dark_only_the_end_is_seen() -> None:
    world = divided()
    shooter, y = world.players[1], centre(17)
    place(shooter, centre(31), y)
    place(world.players[0], centre(2), centre(3))
    rail = (EventKind.RAIL, 1, shooter.x, y, centre(1), y)
    (kind, slot, x, *rest) = told(world, 0, [rail])[0]
    assert (kind, slot, *rest) == (EventKind.RAIL, 1, y, centre(1), y)
    assert centre(1) < x < shooter.x - 4 * TILE_UNITS
    over_there = (EventKind.RAIL, 1, shooter.x, centre(3), centre(20), centre(3))
    assert told(world, 0, [over_there]) == []


@given(st.integers(centre(29), centre(33)))
def test_the_end_of_a_rail_does_not_tell_how_far_away_in_the_dark_it_began(x: int) -> None:
    world, y = divided(), centre(17)
    place(world.players[1], centre(31), y)
    place(world.players[0], centre(2), centre(3))
    nearer, further = [
        told(world, 0, [(EventKind.RAIL, 1, begun_x, y, centre(1), y)])
        for begun_x in (x, centre(31))
    ]
    assert nearer == further != []


def test_players_who_are_out_and_spectators_see_everything() -> None:
    world = divided()
    fallen = world.players[0]
    fallen.alive = 0
    assert list(Fog(game.view(world, [])).seen_by(0).bodies) == [0]
    fallen.respawn_tick = NEVER_TICK
    assert list(Fog(game.view(world, [])).seen_by(0).bodies) == [0, 1]
    assert list(Fog(game.view(world, [])).seen_by(-1).bodies) == [0, 1]


def test_team_mates_are_seen_wherever_they_are() -> None:
    world = divided()
    world.team_scores = [0, 0]
    world.players[0].team = world.players[1].team = 2
    assert list(Fog(game.view(world, [])).seen_by(0).bodies) == [0, 1]
    world.players[1].team = 1
    assert list(Fog(game.view(world, [])).seen_by(0).bodies) == [0]


def test_a_seat_without_a_body_sees_no_players() -> None:
    world = divided()
    seen = Fog(game.view(world, [(EventKind.DASH, 1)])).seen_by(9)
    assert (list(seen.bodies), seen.shots, seen.events) == ([], {}, [])
    assert list(seen.cards) == [0, 1]


def test_without_fog_everybody_sees_everything() -> None:
    world = divided()
    fog = Fog(game.view(world, [(EventKind.DASH, 1)]), is_on=False)
    assert list(fog.seen_by(0).bodies) == [0, 1]
    assert fog.seen_by(0).events == [(EventKind.DASH, 1)]


def test_every_kind_of_event_has_its_recipients() -> None:
    assert PUBLIC | PLACES.keys() == set(EventKind)
    assert not PUBLIC & PLACES.keys()


def test_pads_are_reported_only_while_in_sight() -> None:
    world = divided()
    tiles = [(4, 6), (28, 6), (16, 17)]  # on either side of the wall, and in the gap below it
    world.arena = with_pads(world.arena, tiles)
    world.pad_ready_ticks = [0, 900, 0]
    view = game.view(world, [])
    fog = Fog(view)
    assert fog.seen_by(0).pads == {0: (0,), 2: (0,)}
    assert fog.seen_by(1).pads == {1: (900,), 2: (0,)}
    assert fog.seen_by(-1).pads == view.pads
