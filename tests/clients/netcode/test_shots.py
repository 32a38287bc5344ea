"""Shots leave when the trigger is pulled, and pass no wall."""

from dataclasses import replace

from clients.netcode.shots import GHOST_TICKS_MAX, GHOSTS_MAX, Shots
from game.records import Flight
from game.tuning import TILE_UNITS, TUNING, Weapon
from game.view import View, nothing
from tests.strategies import arena_from, centre

HALL = arena_from("\n".join(["#" * 20, *["#" + "s" * 18 + "#"] * 6, "#" * 20]))
SPEED = TUNING.weapons[Weapon.BLASTER].speed
PLACE = (centre(3), centre(3))


def seen(tick: int, **shots: Flight) -> View:
    numbered = {int(name[1:]): shot for name, shot in shots.items()}
    return replace(nothing(), tick=tick, shots=numbered)


def bolt(x: int, owner: int) -> Flight:
    return Flight.of((x, PLACE[1], SPEED, 0, owner * 8 + Weapon.BLASTER))


def test_ones_own_shot_flies_before_the_server_knows_it_and_once_when_it_does() -> None:
    shots = Shots(HALL, slot=2)
    shots.fire(Weapon.BLASTER, 10, PLACE, 0)
    [ghost] = shots.at(seen(4), 10, 8)
    assert (ghost.x, ghost.owner) == (PLACE[0] + SPEED, 2)
    answered = seen(10, s7=bolt(PLACE[0] + SPEED, 2))
    shots.note(answered)
    [real] = shots.at(answered, 14, 8)
    assert real.number == 7
    assert real.x == PLACE[0] + 5 * SPEED, "where the ghost would be"


def test_a_ghost_that_no_snapshot_knows_is_let_go() -> None:
    shots = Shots(HALL, slot=2)
    shots.fire(Weapon.BLASTER, 10, PLACE, 0)
    assert len(shots.at(seen(4), 10 + GHOST_TICKS_MAX, 8)) == 0
    shots.note(seen(12))
    assert shots.at(seen(12), 13, 8) == []


def test_anothers_shot_leaves_where_they_are_drawn_and_catches_up() -> None:
    shots = Shots(HALL, slot=2)
    view = seen(100, s1=bolt(PLACE[0], 5))
    shots.note(view)
    assert shots.at(view, 108, 8)[0].x == PLACE[0] - 0 * SPEED
    assert shots.at(view, 108 + 15, 8)[0].x > PLACE[0] + 14 * SPEED


def test_nothing_is_drawn_beyond_a_wall() -> None:
    shots = Shots(HALL, slot=2)
    view = seen(100, s1=bolt(centre(17), 2))
    shots.note(view)
    assert shots.at(view, 140, 0)[0].x < 19 * TILE_UNITS


def test_ghosts_are_bounded() -> None:
    shots = Shots(HALL, slot=2)
    for tick in range(GHOSTS_MAX * 3):
        shots.fire(Weapon.DISC, tick, PLACE, 0)
    assert len(shots.at(seen(0), 0, 0)) == GHOSTS_MAX
