"""Searching by checkpoints finds the same as searching every tick."""

from hypothesis import given
from hypothesis import strategies as st

from game.events import EventKind
from server.debugger.arguments import value_of
from server.debugger.cursor import Cursor
from server.replays.fields import fields_of
from tests.examples import examples
from tests.journals import played
from tests.server.replays.files import session_of

MATCH = played(500, 5, seed=4, map_name="foundry")
SESSION = session_of(MATCH)
NAMES = [
    "phase", "next_shot", "player[0].health", "player[1].weapon", "player[2].alive", "pad[3]",
    "player[4].score",
]  # fmt: skip
HISTORY = [fields_of(SESSION.world_at(0)), *(fields_of(world) for world, _ in SESSION.walk(0))]


@given(st.sampled_from(NAMES), st.integers(1, MATCH.last_tick))
@examples(30)
def test_the_last_change_of_a_field_is_found(name: str, before: int):
    changes = [
        tick for tick in range(1, before) if HISTORY[tick].get(name) != HISTORY[tick - 1].get(name)
    ]
    found = Cursor(SESSION).last_change(before, value_of(name))
    assert found == (changes[-1] if changes else None)


@given(st.integers(0, MATCH.last_tick))
@examples(15)
def test_events_are_found_in_both_directions(tick: int):
    def is_shot(_world: object, events: list[tuple[int, ...]]) -> bool:
        return any(event[0] == EventKind.FIRE for event in events)

    shots = [at for at, events in MATCH.events.items() if is_shot(None, events)]
    cursor = Cursor(SESSION)
    cursor.go(tick)
    assert cursor.find_next(is_shot) == min((at for at in shots if at > tick), default=None)
    assert cursor.find_last(tick, is_shot) == max((at for at in shots if at < tick), default=None)


@given(st.lists(st.integers(-90, 90), max_size=6))
@examples(15)
def test_every_way_to_a_tick_gives_the_same_world(moves: list[int]):
    cursor = Cursor(SESSION)
    for move in moves:
        if move > 0 and cursor.tick < SESSION.last_tick:
            cursor.forward(move)
        elif move < 0 and cursor.tick > SESSION.first_tick:
            cursor.back(-move)
    assert fields_of(cursor.world) == HISTORY[cursor.tick]
    assert cursor.events == MATCH.events.get(cursor.tick, [])
