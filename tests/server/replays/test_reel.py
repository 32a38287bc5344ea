"""A reel takes in a round in any pieces, and can seek to every tick of it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import game
from game.events import EventKind
from server.replays.recording import RecordingError
from server.replays.reel import Reel
from server.replays.viewer import Viewer
from tests.journals import played
from tests.server.replays.files import segments
from tests.strategies import ARENA

MATCH = played(700, 5, seed=1, map_name="foundry")


def whole_reel() -> Reel:
    reel = Reel(lambda _header: MATCH.arena)
    reel.feed(MATCH.journal)
    while reel.index(100):
        pass
    return reel


REEL = whole_reel()


@given(st.lists(st.integers(0, len(MATCH.journal)), max_size=6))
@settings(max_examples=20)
def test_it_may_come_in_any_pieces(cuts: list[int]):
    reel = Reel(lambda _header: MATCH.arena)
    ends = [*sorted(cuts), len(MATCH.journal)]
    for begin, end in zip([0, *ends[:-1]], ends, strict=True):
        reel.feed(MATCH.journal[begin:end])
        while reel.index(50):
            pass
    assert (reel.first_tick, reel.last_tick) == (0, MATCH.last_tick)
    assert reel.kills == REEL.kills
    assert reel.names_at(5) == REEL.names_at(5)


@given(st.integers(0, MATCH.last_tick))
@settings(max_examples=20)
def test_a_viewer_reaches_every_tick_as_it_was(tick: int):
    viewer = Viewer(REEL, {})
    viewer.leap(tick)
    while viewer.tick < tick:
        viewer.advance()
    expected = MATCH.digests.get(tick)
    assert expected is None or game.digest(viewer.world) == expected


def test_deaths_are_known_to_the_second_without_a_replay():
    deaths = [
        (tick, event[1])
        for tick, events in MATCH.events.items()
        for event in events
        if event[0] == EventKind.KILL
    ]
    # No checkpoint has what happened after the last whole second.
    told = [(tick, victim) for tick, victim in deaths if tick <= MATCH.last_tick // 60 * 60]
    assert told
    seconds = sorted((-(-tick // 60) * 60, victim) for tick, victim in told)
    assert sorted((tick, victim) for tick, victim, _ in REEL.kills) == seconds


def test_segments_follow_each_other_and_what_is_torn_between_them_is_cut_off():
    files, world = segments(70, 2)
    reel = Reel(lambda _header: ARENA)
    reel.feed(files[0] + b"\x5a\x00\x00\x01")
    assert not reel.index(1_000)
    reel.begin_segment()
    reel.feed(files[1])
    assert not reel.index(1_000)
    assert reel.last_tick == world.tick
    assert reel.damage == ""
    viewer = Viewer(reel, {})
    viewer.leap(world.tick)
    while viewer.tick < world.tick:
        viewer.advance()
    assert viewer.world == world


def test_damage_ends_it_before_the_damage():
    spoilt = bytearray(MATCH.journal)
    spoilt[len(spoilt) // 2] ^= 1
    reel = Reel(lambda _header: MATCH.arena)
    reel.feed(bytes(spoilt))
    while reel.index(100):
        pass
    assert reel.damage.startswith("at byte ")
    assert 0 < reel.last_tick < MATCH.last_tick


@given(st.binary(max_size=200))
def test_noise_is_no_reel(noise: bytes):
    reel = Reel(lambda _header: MATCH.arena)
    reel.feed(noise)
    assert not reel.index(10)
    assert not reel.is_ready


def test_a_map_that_changed_since_is_told():
    reel = Reel(lambda _header: ARENA)
    reel.feed(MATCH.journal)
    with pytest.raises(RecordingError, match="another edition of its map"):
        reel.index(5)
