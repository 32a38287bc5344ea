"""An index takes in a round in any pieces, and can seek to every tick of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import game
from game.events import EventKind
from server.replays.index import RoundIndex
from server.replays.playback import Playback
from server.replays.recording import RecordingError
from tests.examples import examples
from tests.journals import played
from tests.server.replays.files import segments
from tests.strategies import ARENA

MATCH = played(700, 5, seed=1, map_name="foundry")


def whole_index() -> RoundIndex:
    index = RoundIndex(lambda _header: MATCH.arena)
    index.feed(MATCH.journal)
    while index.read_records(100):
        pass
    return index


INDEX = whole_index()


@given(st.lists(st.integers(0, len(MATCH.journal)), max_size=6))
@examples(20)
def test_it_may_come_in_any_pieces(cuts: list[int]):
    index = RoundIndex(lambda _header: MATCH.arena)
    ends = [*sorted(cuts), len(MATCH.journal)]
    for begin, end in zip([0, *ends[:-1]], ends, strict=True):
        index.feed(MATCH.journal[begin:end])
        while index.read_records(50):
            pass
    assert (index.first_tick, index.last_tick) == (0, MATCH.last_tick)
    assert index.kills == INDEX.kills
    assert index.names_at(5) == INDEX.names_at(5)


@given(st.integers(0, MATCH.last_tick))
@examples(20)
def test_a_viewer_reaches_every_tick_as_it_was(tick: int):
    playback = Playback(INDEX, {})
    playback.jump(tick)
    while playback.tick < tick:
        playback.advance()
    expected = MATCH.digests.get(tick)
    assert expected is None or game.digest(playback.world) == expected


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
    assert sorted((tick, victim) for tick, victim, _ in INDEX.kills) == seconds


def test_segments_follow_each_other_and_what_is_torn_between_them_is_cut_off():
    files, world = segments(70, 2)
    index = RoundIndex(lambda _header: ARENA)
    index.feed(files[0] + b"\x5a\x00\x00\x01")
    assert not index.read_records(1_000)
    index.begin_segment()
    index.feed(files[1])
    assert not index.read_records(1_000)
    assert index.last_tick == world.tick
    assert index.damage == ""
    playback = Playback(index, {})
    playback.jump(world.tick)
    while playback.tick < world.tick:
        playback.advance()
    assert playback.world == world


def test_damage_ends_it_before_the_damage():
    spoilt = bytearray(MATCH.journal)
    spoilt[len(spoilt) // 2] ^= 1
    index = RoundIndex(lambda _header: MATCH.arena)
    index.feed(bytes(spoilt))
    while index.read_records(100):
        pass
    assert index.damage.startswith("at byte ")
    assert 0 < index.last_tick < MATCH.last_tick


@given(st.binary(max_size=200))
def test_noise_is_no_index(noise: bytes):
    index = RoundIndex(lambda _header: MATCH.arena)
    index.feed(noise)
    assert not index.read_records(10)
    assert not index.is_ready


def test_a_changed_map_is_reported():
    index = RoundIndex(lambda _header: ARENA)
    index.feed(MATCH.journal)
    with pytest.raises(RecordingError, match="another edition of its map"):
        index.read_records(5)
