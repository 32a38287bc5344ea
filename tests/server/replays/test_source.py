"""Sources: a round is in memory once, however many watch it, and is the same for each of them."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.journal import Header
from server.replays.archive import Archive
from server.replays.recording import RecordingError
from server.replays.source import Source, Sources
from server.replays.tail import Tail
from tests.server.replays.files import segments
from tests.server.replays.shows import put
from tests.strategies import ARENA

FILES, WORLD = segments(30, 3)


def sources() -> Sources:
    return Sources(lambda _header: ARENA)


def running(kept: Sources, folder: Path, delay_s: int = 0) -> Source:
    tail = Tail(Archive(folder, lambda: 1 << 62), "abc")
    assert tail.find()
    return kept.running(tail, delay_s)


def finish(source: Source) -> None:
    while source.take_in():
        source.look(1)


# The next action of any viewer, and how much is written in between.
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("take in"), st.just(0)),
        st.tuples(st.just("look"), st.integers(1, 9)),
        st.tuples(st.just("write"), st.integers(1, 3_000)),
    ),
    max_size=60,
)


@given(STEPS)
def test_whoever_reads_and_looks_when_all_viewers_see_all_of_a_round_that_grows(
    steps: list[tuple[str, int]],
):
    with TemporaryDirectory() as name:
        kept, folder, segment, at = sources(), Path(name), 0, 1_000
        put(folder, FILES[0][:at], "abc-r0000-s000", live=True)
        first, second = running(kept, folder), running(kept, folder)
        assert first is second
        for step, count in steps:
            if step == "take in":
                first.take_in()
            elif step == "look":
                first.look(count)
            else:
                at += count
                if at >= len(FILES[segment]) and segment < 2:
                    put(folder, FILES[segment], f"abc-r0000-s{segment:03}", live=True)
                    segment, at = segment + 1, 1
                put(folder, FILES[segment][:at], f"abc-r0000-s{segment:03}", live=True)
        for number, data in enumerate(FILES):
            put(folder, data, f"abc-r0000-s{number:03}", live=True)
        finish(first)
        assert (first.reel.damage, first.reel.last_tick) == ("", WORLD.tick)
        assert first.reel.world_of(WORLD.tick).tick == 60


@given(STEPS)
def test_whoever_looks_when_all_viewers_see_all_of_a_finished_round(steps: list[tuple[str, int]]):
    kept = sources()
    source = kept.finished("abc-r0000", list(FILES))
    for step, count in steps:
        if step == "take in":
            source.take_in()
        else:
            source.look(count)
    finish(source)
    assert (source.reel.damage, source.reel.last_tick) == ("", WORLD.tick)


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


def test_what_cannot_be_looked_at_ends_for_everybody_in_the_same_words():
    def no_map(_header: Header) -> None:
        raise RecordingError("there is no map")

    source = Sources(no_map).finished("abc-r0000", [FILES[0]])  # type: ignore[arg-type]
    for _ in range(3):
        assert source.take_in()
        with pytest.raises(RecordingError, match="there is no map"):
            source.look(5)
