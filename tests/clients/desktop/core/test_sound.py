"""Sounds: made from numbers, never too loud, from where they happen."""

import pytest
from attrs import evolve

from clients.desktop.core.sound.hearing import SOUNDS_MAX, Listener, placed
from clients.desktop.core.sound.recipes import RECIPES
from clients.desktop.core.sound.synth import PEAK, RATE_HZ, samples_of
from game.events import EVENT_FIELDS, EventKind
from game.tuning import TILE_UNITS
from game.world import Phase
from tests.clients.desktop.frames import game_event, player, still


@pytest.mark.parametrize("name", RECIPES)
def test_every_sound_is_heard_and_none_is_beyond_full_scale(name: str) -> None:
    samples = samples_of(RECIPES[name])
    loudest = max(abs(sample) for sample in samples)
    assert PEAK * 0.02 < loudest <= PEAK
    assert len(samples) == 2 * (int(RECIPES[name].length_s * RATE_HZ) + 1)
    assert samples[0::2] == samples[1::2], "both ears alike"


def test_a_sound_is_over_within_a_second_and_a_bit() -> None:
    assert all(recipe.length_s < 1.2 for recipe in RECIPES.values())


@pytest.mark.parametrize("kind", list(EventKind))
def test_every_event_is_heard_by_a_recipe_that_there_is(kind: EventKind) -> None:
    fields = dict.fromkeys(EVENT_FIELDS[kind], 0)
    sounds = Listener().hear(still(events=[game_event(kind, **fields)], phase_end_tick=0))
    assert {sound.name for sound in sounds} <= set(RECIPES)


def test_far_is_softer_and_the_right_is_on_the_right() -> None:
    frame = still()
    me = frame.me
    assert me is not None
    near = placed("impact", frame, me.x + 2 * TILE_UNITS, me.y)
    far = placed("impact", frame, me.x + 15 * TILE_UNITS, me.y)
    left = placed("impact", frame, me.x - 15 * TILE_UNITS, me.y)
    assert near.gain > far.gain > 0
    assert far.pan > near.pan > 0 > left.pan
    assert placed("impact", frame, me.x + 80 * TILE_UNITS, me.y).gain == 0


def test_ones_own_hits_sound_otherwise_than_hits_taken() -> None:
    given = game_event(EventKind.HIT, victim=1, attacker=0, weapon=0, damage=9, x=0, y=0)
    taken = game_event(EventKind.HIT, victim=0, attacker=1, weapon=0, damage=9, x=0, y=0)
    other = game_event(EventKind.HIT, victim=2, attacker=1, weapon=0, damage=9, x=0, y=0)
    heard = Listener().hear(still(events=[given, taken, other]))
    assert [sound.name for sound in heard] == ["hit given", "hit taken"]


def test_the_last_seconds_are_counted_once_each() -> None:
    ear, beeps = Listener(), 0
    frame = still(phase=Phase.COUNTDOWN, phase_end_tick=1_180)
    for tick in range(1_000, 1_181):
        frame = still_at(frame, tick)
        beeps += sum(sound.name == "count" for sound in ear.hear(frame))
    assert beeps == 3


def still_at(frame, tick: int):  # type: ignore[no-untyped-def]
    return evolve(frame, tick=float(tick))


def test_a_weak_heart_beats_now_and_then() -> None:
    ear = Listener()
    weak = still(players=(player(0, health=12), player(1)))
    assert [sound.name for sound in ear.hear(weak)] == ["low health"]
    assert ear.hear(weak) == []


def test_a_frame_full_of_noise_is_bounded() -> None:
    blast = game_event(EventKind.EXPLODE, x=5_000, y=5_000, owner=1)
    assert len(Listener().hear(still(events=[blast] * 100))) == SOUNDS_MAX
