"""A seat without its socket: inputs arrive just before their tick, however long they travel."""

from collections import deque

import pytest
from attrs import evolve

from clients.net.match_core import MatchCore
from game.inputs import Input
from game.wire.match_messages import FullSnapshot, Pong
from tests.clients.net.fake_server import MATCH_WELCOME

MARGIN_HIGH_TICKS = 4  # more is needless delay
EVERY_TICKS = 2


def snapshot(tick: int, margin: int) -> FullSnapshot:
    return FullSnapshot(tick, margin, own=(), state=(), sight=())


def settle(core: MatchCore, trip_ticks: int, ticks: range) -> tuple[int, int]:
    """The lowest and highest margin of the last ten seconds, for a bot with such round trips."""
    reports, margins = deque([2] * (trip_ticks // EVERY_TICKS + 1)), []
    for tick in ticks:
        core.receive(snapshot(tick, reports.popleft()), 0.0)
        margin = margins[-1] if margins else 2
        for index, wanted in enumerate(core.advance(0.0)):
            for message in core.put(wanted, Input(), tick + index):
                newest = message.first_tick + len(message.steps) - EVERY_TICKS
                margin = newest - (tick + trip_ticks) - 1
        margins.append(margin)
        reports.append(margin)
    return min(margins[-300:]), max(margins[-300:])


@pytest.mark.parametrize("before_ticks", [0, 18])
@pytest.mark.parametrize("trip_ticks", [0, 2, 4, 6, 12, 18])
def test_a_bots_margins_settle_between_late_and_lazy_again(
    before_ticks: int, trip_ticks: int
) -> None:
    core = MatchCore(b"ticket", has_frames=False)
    core.receive(MATCH_WELCOME, 0.0)
    settle(core, before_ticks, range(0, 2_000, EVERY_TICKS))
    lowest, highest = settle(core, trip_ticks, range(2_000, 4_000, EVERY_TICKS))
    assert 0 <= lowest <= highest <= MARGIN_HIGH_TICKS


def test_the_first_lead_is_the_round_trip_of_the_join() -> None:
    core = MatchCore(b"ticket")
    assert core.join(5.0).ticket == b"ticket"
    core.receive(MATCH_WELCOME, 5.2)
    assert core.clock.round_trip_s == pytest.approx(0.2)
    core.receive(evolve(MATCH_WELCOME, round=1), 60.0)
    assert core.clock.round_trip_s == 0, "that welcome answered no join"


def test_a_later_join_has_the_newest_token() -> None:
    core = MatchCore(b"ticket")
    core.receive(MATCH_WELCOME, 0.0)
    assert core.join(1.0).ticket == MATCH_WELCOME.resume


def test_pings_measure_round_trips() -> None:
    core = MatchCore(b"ticket")
    [ping] = core.ping(1.0)
    assert core.ping(1.5) == []
    core.receive(Pong(ping.nonce, tick=0, held_ms=100), 1.3)
    assert list(core.round_trips.samples_s) == [pytest.approx(0.2)]
