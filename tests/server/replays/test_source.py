"""Sources: a round is in memory once, however many watch it, and all viewers see the same."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.journal import Header
from server.replays.archive import Archive
from server.replays.index import RoundIndex
from server.replays.recording import RecordingError
from server.replays.source import JournalFollower, RoundSource, RoundSources
from tests.journals import played
from tests.server.replays.fakes import of_a_host, put
from tests.server.replays.files import segments
from tests.strategies import ARENA

FILES, WORLD = segments(30, 3)
MATCH = played(70, 2)
JOURNAL = of_a_host(MATCH)


def sources() -> RoundSources:
    return RoundSources(lambda _header: ARENA)


def running(kept: RoundSources, folder: Path, delay_s: int = 0) -> RoundSource:
    follower = JournalFollower(Archive(folder, lambda: 1 << 62), "abc")
    assert follower.find()
    return kept.running(follower, delay_s)


def finish(source: RoundSource) -> None:
    while source.read_more():
        source.index_records(1)


# The next action of any viewer, and how much is written in between.
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("read"), st.just(0)),
        st.tuples(st.just("index"), st.integers(1, 9)),
        st.tuples(st.just("write"), st.integers(1, 3_000)),
    ),
    max_size=60,
)


@given(STEPS)
def test_a_growing_round_is_seen_whole_however_it_is_indexed(
    steps: list[tuple[str, int]],
):
    with TemporaryDirectory() as name:
        kept, folder, segment, at = sources(), Path(name), 0, 1_000
        put(folder, FILES[0][:at], "abc-r0000-s000", live=True)
        first, second = running(kept, folder), running(kept, folder)
        assert first is second
        for step, count in steps:
            if step == "read":
                first.read_more()
            elif step == "index":
                first.index_records(count)
            else:
                at += count
                if at >= len(FILES[segment]) and segment < 2:
                    put(folder, FILES[segment], f"abc-r0000-s{segment:03}", live=True)
                    segment, at = segment + 1, 1
                put(folder, FILES[segment][:at], f"abc-r0000-s{segment:03}", live=True)
        for number, data in enumerate(FILES):
            put(folder, data, f"abc-r0000-s{number:03}", live=True)
        finish(first)
        assert (first.index.damage, first.index.last_tick) == ("", WORLD.tick)
        assert first.index.world_of(WORLD.tick).tick == 60


@given(STEPS)
def test_a_finished_round_is_seen_whole_however_it_is_indexed(
    steps: list[tuple[str, int]],
):
    kept = sources()
    source = kept.finished("abc-r0000", list(FILES))
    for step, count in steps:
        if step == "read":
            source.read_more()
        else:
            source.index_records(count)
    finish(source)
    assert (source.index.damage, source.index.last_tick) == ("", WORLD.tick)


def test_a_round_is_in_memory_once_and_only_while_somebody_watches_it(tmp_path: Path):
    put(tmp_path, FILES[0], "abc-r0000-s000", live=True)
    kept = sources()
    watching = [running(kept, tmp_path) for _ in range(20)]
    watching += [kept.finished("old-r0000", list(FILES)) for _ in range(20)]
    assert len(kept) == 2
    assert kept.known("old-r0000") is watching[-1]
    later = running(kept, tmp_path, delay_s=30)
    assert later is not watching[0], "others see it later"
    watching.clear()
    assert (len(kept), kept.known("old-r0000")) == (1, None)


def test_an_unreadable_round_ends_for_all_viewers_with_the_same_reason():
    def no_map(_header: Header) -> None:
        raise RecordingError("there is no map")

    source = RoundSources(no_map).finished("abc-r0000", [FILES[0]])  # type: ignore[arg-type]
    for _ in range(3):
        assert source.read_more()
        with pytest.raises(RecordingError, match="there is no map"):
            source.index_records(5)


def poll_and_index(source: RoundSource, now_s: float) -> None:
    source.poll(now_s)
    while source.index_records(100):
        pass


def test_a_journal_is_followed_as_it_grows_over_all_its_segments(tmp_path: Path):
    files, world = segments(70, 2)
    path = put(tmp_path, files[0][: len(files[0]) * 3 // 4], "abc-r0000-s000", live=True)
    follower = JournalFollower(Archive(tmp_path), "abc")
    assert follower.find()
    source = RoundSource(RoundIndex(lambda _header: ARENA, is_live=True), follower)
    poll_and_index(source, 0)
    seen = source.index.last_tick
    path.write_bytes(files[0])
    poll_and_index(source, 1)
    assert seen < source.index.last_tick == 70
    put(tmp_path, files[1], "abc-r0000-s001", live=True)
    for now_s in (2, 3, 4):
        poll_and_index(source, now_s)
    assert source.last_tick(5) == world.tick
    assert source.index.is_live
    path.unlink()
    (path.parent / "abc-r0000-s001.skj").unlink()
    poll_and_index(source, 6)
    assert not source.index.is_live


def test_the_next_round_follows_once_this_one_is_over(tmp_path: Path):
    put(tmp_path, JOURNAL, "abc-r0000-s000", live=True)
    follower = JournalFollower(Archive(tmp_path), "abc")
    assert follower.find()
    source = RoundSources(lambda _header: MATCH.arena).running(follower, 30)
    poll_and_index(source, 0)
    assert source.next_source() is None
    put(tmp_path, JOURNAL, "abc-r0001-s000", live=True)
    poll_and_index(source, 1)
    next_source = source.next_source()
    assert next_source is not None
    assert source.next_source() is next_source, "all go on to the same one"
    assert next_source.follower is not None
    assert (next_source.follower.round_number, next_source.delay_s) == (1, 30)
    assert not next_source.index.is_ready


@given(delay_s=st.integers(0, 3), ended_s=st.floats(0, 100), later_s=st.floats(0, 10))
def test_nobody_sees_a_tick_before_the_delay_has_passed(
    delay_s: int, ended_s: float, later_s: float
):
    index = RoundIndex(lambda _header: MATCH.arena, is_live=True)
    index.feed(JOURNAL)
    while index.read_records(100):
        pass
    source = RoundSource(index, JournalFollower(Archive(Path("nowhere")), "abc"), delay_s)
    assert source.last_tick(ended_s) == max(0, 70 - 60 * delay_s)
    source.poll(ended_s)  # its files are gone: the round is over
    left_s = max(0.0, delay_s - later_s)
    assert source.last_tick(ended_s + later_s) == pytest.approx(max(0, 70 - 60 * left_s), abs=1)
