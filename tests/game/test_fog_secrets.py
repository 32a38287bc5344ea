"""Nothing out of sight leaves a trace: if two matches differ only in what a seat cannot see, the
seat gets the same bytes.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest
from random import Random
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game import step
from game.events import Event, EventKind
from game.fog import PLACES
from game.inputs import FIRE, SELECT_SHIFT, Command, CommandKind, Input
from game.records import Body, Flight, Own, by_slot
from game.sightlines import REACH_TILES, WINDOW_SIDE
from game.tuning import TILE_UNITS, Weapon
from game.view import View
from game.view import view as seen_of
from game.wire.shot_numbers import KEY_BYTES, ShotNumbers
from game.wire.snapshot import EVENTS_MAX, SnapshotWriter
from game.world import Phase
from tests.game.wire.strategies import MAP_HEIGHT, MAP_WIDTH, histories
from tests.strategies import arena_from, centre, world_of

Place = tuple[int, int]
UNUSED_NUMBER = 1_000_000  # no shot of `histories` has a higher one


Moving = TypeVar("Moving", Body, Flight)


class Eyes:
    """A seat's part of a view, by tile visibility alone."""

    def __init__(self, view: View, slot: int) -> None:
        assert view.visibility is not None
        self.view, self.slot, visibility = view, slot, view.visibility
        body = view.bodies[slot]
        here = body.x // TILE_UNITS, body.y // TILE_UNITS
        window = int.from_bytes(visibility.window(*here), "little")
        self.dark: list[Place] = [
            (column, line)
            for line in range(MAP_HEIGHT)
            for column in range(MAP_WIDTH)
            if not _is_lit(window, here[0] - column, here[1] - line)
        ]
        self._dark = set(self.dark)
        team = view.cards[slot].team if view.teams else 0
        self.hidden = {
            other
            for other, body in view.bodies.items()
            if other != slot
            and self.is_dark(body.x, body.y)
            and not (team and view.cards[other].team == team)
        }

    def is_dark(self, x: int, y: int) -> bool:
        return (x // TILE_UNITS, y // TILE_UNITS) in self._dark

    def misses(self, event: Event) -> bool:
        """Whether the seat is sent neither the event nor a reduced form of it."""
        kind = EventKind(event[0])
        if kind not in PLACES or kind is EventKind.RAIL:
            return False
        if kind is EventKind.HIT and event[2] == self.slot:
            return False
        place, actor = PLACES[kind]
        is_lit = place and not self.is_dark(event[place], event[place + 1])
        is_met = actor and event[actor] in self.view.bodies and event[actor] not in self.hidden
        return not (is_lit or is_met)


def _is_lit(window: int, off_x: int, off_y: int) -> bool:
    is_near = max(abs(off_x), abs(off_y)) <= REACH_TILES
    place = (off_y + REACH_TILES) * WINDOW_SIDE + off_x + REACH_TILES
    return is_near and window >> place & 1 == 1


def otherwise(view: View, slot: int, dice: Random) -> View:
    """The view with everything changed that the seat does not see."""
    eyes = Eyes(view, slot)
    if not eyes.dark:
        return view

    def somewhere(record: Moving) -> Moving:
        column, line = dice.choice(eyes.dark)
        x, y = column * TILE_UNITS + dice.randrange(1_024), line * TILE_UNITS + 5
        others = (dice.randrange(-200, 200) for _ in record.FIELDS[2:])
        return type(record).of((x, y, *others))

    bodies = {
        other: somewhere(record) if other in eyes.hidden else record
        for other, record in view.bodies.items()
    }
    shots = {
        number: somewhere(shot) if eyes.is_dark(shot.x, shot.y) else shot
        for number, shot in view.shots.items()
        if not eyes.is_dark(shot.x, shot.y) or dice.randrange(2)
    }
    fired = [dice.randrange(UNUSED_NUMBER, 2**31) for _ in range(dice.randrange(3))]
    shots |= {number: somewhere(Flight()) for number in fired}
    pads = {
        index: (dice.randrange(3_000),) if tile in eyes.dark else pad
        for (index, pad), tile in zip(view.pads.items(), tiles_of_pads(view), strict=True)
    }
    events: list[Event] = []
    for event in view.events:
        if not eyes.misses(event):
            events.append(event)
        events += [(EventKind.DASH, other) for other in eyes.hidden if dice.randrange(3) == 0]
    if dice.randrange(3) == 0:  # more than fit into one message
        events += [(EventKind.DASH, other) for other in eyes.hidden] * EVENTS_MAX
    own = {
        other: part if other == slot else Own.of(dice.randrange(99) for _ in Own.FIELDS)
        for other, part in view.own.items()
    }
    return replace(
        view, bodies=by_slot(bodies), shots=shots, pads=pads, events=events, own=by_slot(own)
    )


TWO_CELLS = arena_from("\n".join(["#" * 24, "#s......s####s........s#", "#" * 24]))
# Harmless to the shooter: deaths are public, and a rocket or a disc may hit its owner.
HARMLESS = Weapon.BLASTER, Weapon.SCATTER, Weapon.RAIL
PROJECTILES = Weapon.BLASTER, Weapon.DISC
KEY = bytes(range(KEY_BYTES))


def told_of(inputs: list[Input], own: Sequence[Input] = ()) -> list[bytes]:
    """The bytes sent to seat 0 in a match where seat 1, behind a wall, has `inputs`, and seat 0 has
    `own`, or none.
    """
    world, numbers = world_of(arena=TWO_CELLS), ShotNumbers(KEY)
    step(world, [Command(CommandKind.JOIN, slot) for slot in (0, 1)])
    while world.phase != Phase.PLAY:
        step(world)
    for player, column in zip(world.players.values(), (3, 18), strict=True):
        player.x, player.y, player.ammo = centre(column), centre(1), [9] * len(Weapon)
    writer, messages = SnapshotWriter(200), []
    for wish, own_wish in zip_longest(inputs, own, fillvalue=Input()):
        events = step(world, (), [(0, own_wish), (1, wish)])
        writer.push(seen_of(world, events, numbers.renumber))
        messages.append(writer.message(0, world.tick - 1 if messages else None, 3))
    return messages


def volleys(weapons: Sequence[Weapon]) -> st.SearchStrategy[list[Input]]:
    """Inputs of a player who holds the trigger down."""
    wish = st.builds(
        lambda weapon, keys, aim: Input(FIRE | keys | (weapon + 1) << SELECT_SHIFT, aim),
        *(st.sampled_from(weapons), st.integers(0, 15), st.integers(0, 65_535)),
    )
    return st.lists(wish, min_size=1, max_size=8)


def held(wishes: list[Input]) -> list[Input]:
    """The inputs, each held long enough that most weapons fire."""
    return [wish for wish in wishes for _ in range(12)]


def tiles_of_pads(view: View) -> list[Place]:
    assert view.visibility is not None
    pads = view.visibility.pads
    return list(zip(pads.columns, pads.rows, strict=True))


@pytest.mark.slow
@pytest.mark.everywhere
@given(views=histories(), seed=st.integers(0, 99))
def test_unseen_things_change_no_byte_of_a_seats_snapshots(views: list[View], seed: int) -> None:
    dice = Random(seed)
    for slot in {slot for view in views for slot in view.bodies}:
        one, other = SnapshotWriter(200), SnapshotWriter(200)
        base: int | None = None
        for view in views:
            is_there = slot in view.bodies and view.visibility is not None
            one.push(view)
            other.push(otherwise(view, slot, dice) if is_there else view)
            assert one.message(slot, base, 3) == other.message(slot, base, 3)
            base = view.tick if dice.randrange(3) else base


@given(wishes=volleys(HARMLESS))
def test_a_hidden_shooter_is_indistinguishable_from_an_idle_player(
    wishes: list[Input],
) -> None:
    busy = held(wishes)
    idle = [Input()] * len(busy)
    assert told_of(busy) == told_of(idle)


@given(wishes=volleys(HARMLESS), own=volleys(PROJECTILES))
def test_shots_in_the_dark_leave_no_gap_between_those_in_sight(
    wishes: list[Input], own: list[Input]
) -> None:
    busy, visible = held(wishes), held(own)
    idle = [Input()] * len(busy)
    assert told_of(busy, visible) == told_of(idle, visible)
