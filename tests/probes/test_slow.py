"""A client that does not read gets fewer snapshots, then fresh ones with all events, or a close.

test_probes.py shows that a client on 20 kB/s plays as well as any other: `conditions.SLOW` is among
the lines on which rails hit, clocks hold, and 30 snapshots a second arrive.
"""

import random
from collections.abc import Awaitable, Callable

import pytest
import trio

from clients.chaos.profiles import PROFILES, NetworkProfile
from game.tuning import TICKS_PER_SECOND
from game.wire.messages import CloseCode
from server.match.settings import MatchSettings
from tests.probes.habits import Marksman
from tests.probes.line import Lines
from tests.probes.person import Person
from tests.probes.probe import in_virtual_time
from tests.probes.range import MATCH_ID, WatchedRules, open_range, practice
from tests.probes.reader import Reader

pytestmark = pytest.mark.slow

# The line holds little, because snapshots of two players are small.
LINE = NetworkProfile(0.005, capacity_bytes=80)
ON_THE_LINE_MAX = 9  # snapshots, of the smallest
SETTLED_S = 4.0
SLOW_S = MatchSettings().slow_s
A_MOMENT_TICKS = 4  # a snapshot interval and the line's delay

Course = Callable[[Reader], Awaitable[None]]


def read_by(course: Course) -> tuple[Reader, WatchedRules]:
    """Run a client that reads as `course` says, while another keeps firing rails."""

    async def play(dice: random.Random) -> tuple[Reader, WatchedRules]:
        lines, rules = Lines(random.Random(dice.getrandbits(64))), WatchedRules(practice())
        lines.profiles = {"10.0.0.1": PROFILES["lan"], "10.0.0.2": LINE}
        async with open_range(lines, rules) as range_, trio.open_nursery() as nursery:
            person = Person(range_, "marksman", "10.0.0.1", Marksman(dice, target=1), dice)
            nursery.start_soon(person.live)
            await person.welcomed.wait()
            reader = Reader(range_, "10.0.0.2", dice)
            nursery.start_soon(reader.live)
            await trio.sleep(SETTLED_S)
            await course(reader)
            nursery.cancel_scope.cancel()
        return reader, rules

    return in_virtual_time(play)


def pause(for_s: float, then_s: float) -> tuple[Reader, WatchedRules, float, float]:
    """Pause a reader for `for_s`, then let it read for `then_s`; also returns both times."""
    times: list[float] = []

    async def course(reader: Reader) -> None:
        reader.stop()
        times.append(trio.current_time())
        await trio.sleep(for_s)
        reader.go_on()
        times.append(trio.current_time())
        await trio.sleep(then_s)

    reader, rules = read_by(course)
    return reader, rules, *times


def fired(rules: WatchedRules, after_tick: int, to_tick: int) -> int:
    return sum(after_tick < tick <= to_tick for _, tick in rules.rails)


def test_a_brief_stall_costs_snapshots_but_no_events():
    reader, rules, stopped_s, again_s = pause(0.9, 2.0)
    before = reader.between(stopped_s - 1, stopped_s)
    of_pause = [news for news in reader.news if before[-1].tick < news.tick < before[-1].tick + 54]
    assert len(before) == 30
    assert len(of_pause) <= ON_THE_LINE_MAX + 1, "of 26: the others were left out"
    assert not any(news.is_full for news in reader.between(stopped_s, again_s + 1))
    first, last = before[0], reader.news[-1]
    heard = sum(news.rails for news in reader.between(first.at_s + 1e-6, last.at_s + 1))
    assert heard == fired(rules, first.tick, last.tick) >= 8
    assert reader.end is None


@pytest.mark.parametrize("for_s", [0.9, 5.0])
def test_nothing_stale_waits_for_who_reads_again(for_s: float):
    reader, _, _, again_s = pause(for_s, 2.0)
    after = reader.between(again_s, again_s + 1)
    stale = [news for news in after if news.age_ticks > A_MOMENT_TICKS]
    assert after[: len(stale)] == stale, "first what lay on the line"
    assert 1 <= len(stale) <= ON_THE_LINE_MAX
    assert stale[-1].at_s - again_s < 0.05
    fresh = after[len(stale)]
    assert fresh.at_s - again_s < 0.2, "and then at once how it is now"
    assert fresh.is_full == (for_s > 1), "behind a second it begins again"
    assert len(after) >= 28
    assert reader.end is None


def test_a_client_that_reads_nothing_is_closed_with_a_reason():
    codes: list[CloseCode | None] = []

    async def course(reader: Reader) -> None:
        match = reader.range.registry.find(MATCH_ID)
        assert match is not None
        (handle,) = [it.handle for it in match.seating.connected() if it.name == "reader"]
        reader.stop()
        await trio.sleep(SLOW_S - 0.1)
        codes.append(handle.code)
        await trio.sleep(1.0)  # what is on the line was written first
        codes.append(handle.code)
        reader.go_on()
        await reader.ended.wait()

    reader, _ = read_by(course)
    assert codes == [None, CloseCode.SLOW]
    assert reader.end is not None
    assert (reader.end.code, reader.end.reason) == (CloseCode.SLOW, f"nothing read for {SLOW_S} s")
    assert reader.news[-1].age_ticks > 9 * TICKS_PER_SECOND, "what came last was written long ago"
