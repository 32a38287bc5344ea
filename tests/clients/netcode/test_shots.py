"""Shots leave when the trigger is pulled, and pass no wall."""

from dataclasses import replace

import pytest

from clients.netcode.predicted_actions import PendingAction, PredictedAction
from clients.netcode.shots import Shots
from clients.netcode.tuning import FADE_TICKS, GHOST_TICKS_MAX
from game.events import EventKind
from game.records import Flight
from game.tuning import TILE_UNITS, TUNING, Weapon
from game.view import View, nothing
from tests.strategies import arena_from, centre

HALL = arena_from("\n".join(["#" * 20, *["#" + "s" * 18 + "#"] * 6, "#" * 20]))
SPEED = TUNING.weapons[Weapon.BLASTER].speed
PLACE = (centre(3), centre(3))
OWN = 2


def seen(tick: int, **shots: Flight) -> View:
    numbered = {int(name[1:]): shot for name, shot in shots.items()}
    return replace(nothing(), tick=tick, shots=numbered)


def bolt(x: int, owner: int) -> Flight:
    return Flight.of((x, PLACE[1], SPEED, 0, owner * 8 + Weapon.BLASTER))


def fired(tick: int) -> PendingAction:
    """A bolt to the east."""
    event = (EventKind.FIRE, OWN, Weapon.BLASTER)
    return PendingAction(-1, PredictedAction(tick, event, *PLACE, 0))


def test_ones_own_shot_flies_before_the_server_knows_it_and_turns_into_the_servers() -> None:
    shots = Shots(HALL, OWN)
    shots.fire(fired(10))
    [ghost] = shots.at(seen(4), 14, 8)
    assert (ghost.number, ghost.x, ghost.owner) == (-1, PLACE[0] + 5 * SPEED, OWN)
    answered = seen(10, s7=bolt(PLACE[0] + SPEED, OWN))
    shots.note(answered, [fired(10)], 14)
    assert shots.at(answered, 14, 8) == [ghost], "the same shot under the same number"


def test_a_shot_that_left_later_than_predicted_glides_back_and_is_still_one() -> None:
    shots = Shots(HALL, OWN)
    shots.fire(fired(10))
    [before] = shots.at(seen(4), 14, 8)
    late = PendingAction(-1, fired(12).action)
    shots.move(late, 14)
    assert shots.at(seen(4), 14, 8)[0].x == pytest.approx(before.x)
    answered = seen(12, s7=bolt(PLACE[0] + SPEED, OWN))
    shots.note(answered, [late], 14)
    drawn = [shots.at(answered, tick, 8) for tick in (14, 15, 18, 22)]
    xs = [shot.x for [shot] in drawn]
    assert xs[0] == pytest.approx(before.x)
    assert xs == sorted(xs), "never backwards"
    assert xs[-1] == pytest.approx(PLACE[0] + 11 * SPEED, abs=2 * SPEED * 0.5 ** (8 / 3) + 1)


def test_a_shot_that_the_server_never_made_fades_away() -> None:
    shots = Shots(HALL, OWN)
    shots.fire(fired(10))
    shots.deny(fired(10), 14)
    drawn = [shots.at(seen(12), 14 + ticks, 8) for ticks in (0, FADE_TICKS / 2, FADE_TICKS)]
    assert [[shot.opacity for shot in row] for row in drawn] == [[1], [0.5], []]


def test_a_shot_that_ended_before_it_was_seen_is_gone_with_the_news() -> None:
    shots = Shots(HALL, OWN)
    shots.fire(fired(10))
    shots.note(seen(12), [fired(10)], 14)
    assert shots.at(seen(12), 14, 8) == []


def test_a_ghost_that_no_snapshot_answers_is_let_go() -> None:
    shots = Shots(HALL, OWN)
    shots.fire(fired(10))
    shots.note(seen(12), [], 10 + GHOST_TICKS_MAX)
    assert len(shots.at(seen(12), 13, 8)) == 1
    shots.note(seen(12), [], 11 + GHOST_TICKS_MAX)
    assert shots.at(seen(12), 13, 8) == []


def test_anothers_shot_leaves_where_they_are_drawn_and_catches_up() -> None:
    shots = Shots(HALL, OWN)
    view = seen(100, s1=bolt(PLACE[0], 5))
    shots.note(view, [], 100)
    assert shots.at(view, 108, 8)[0].x == PLACE[0] - 0 * SPEED
    assert shots.at(view, 108 + 15, 8)[0].x > PLACE[0] + 14 * SPEED


def test_nothing_is_drawn_beyond_a_wall() -> None:
    shots = Shots(HALL, OWN)
    view = seen(100, s1=bolt(centre(17), OWN))
    shots.note(view, [], 100)
    assert shots.at(view, 140, 0)[0].x < 19 * TILE_UNITS
