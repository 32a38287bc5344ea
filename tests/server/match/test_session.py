"""Joining a match: a join while the match moves is redirected, and its ticket stays valid."""

from pathlib import Path
from types import SimpleNamespace

import pytest
import trio
from attrs import define, evolve, field
from hypothesis import given
from hypothesis import strategies as st

from game.inputs import VIEW_LAG_PER_TICK
from game.wire.codec import decode, encode
from game.wire.fingerprint import fingerprint
from game.wire.match_messages import Join, Refused
from game.wire.messages import CloseCode, Refusal
from game.wire.schema import FromMatch
from server.budget.ledger import Account, ArrivalLimits, Ledger
from server.budget.settings import BudgetSettings
from server.match.registry import MatchRegistry
from server.match.round_trip import INTERPOLATION_TICKS, RoundTrip
from server.match.seating import AdmissionError
from server.match.session import _count_watcher, _measure, _spend, serve_member
from server.match.status import BotPolicy
from server.net.websocket import ConnectionEnded
from server.security.tickets import Ticket
from tests.server.match.fakes import FakeHandle, FakeStream, enter, entrant, make_match
from tests.server.match.test_adoption import TICKETS, registry, ticks


@define(eq=False)
class Visitor:
    """A connection that sends the same message whenever it is read."""

    path: str
    said: bytes
    heard: list[bytes] = field(factory=list)
    code: int = 0
    peer: str = "10.0.0.1"
    account: Account | None = None

    async def receive(self) -> bytes:
        await trio.lowlevel.checkpoint()
        return self.said

    async def send(self, message: bytes) -> None:
        await trio.lowlevel.checkpoint()
        self.heard.append(message)

    async def close(self, code: int, reason: str) -> None:
        await trio.lowlevel.checkpoint()
        self.code = code


async def knock(made: MatchRegistry, match_id: str) -> tuple[Visitor, Ticket]:
    """Connect with a fresh play ticket."""
    ticket = Ticket("play", match_id, "ann", "Ann", 0, expires_s=2_000, nonce=b"12345678")
    join = encode(Join(fingerprint(), TICKETS.issue(ticket)))
    visitor = Visitor(f"/match/{match_id}", join)
    await serve_member(visitor, made)
    return visitor, ticket


async def test_a_player_who_connects_during_a_move_retries_with_the_same_ticket(
    tmp_path: Path, autojump_clock: object
) -> None:
    async with registry(tmp_path) as made:
        match_id = made.create("deathmatch", "hall", bots=BotPolicy(population=2))
        await ticks(made.find(match_id), 20)
        assert made.hand_over(match_id)
        visitor, ticket = await knock(made, match_id)
        assert (visitor.code, visitor.heard) == (CloseCode.MOVED, [])
        await trio.sleep(1)
        assert made.find(match_id) is None
        visitor, ticket = await knock(made, match_id)
        assert visitor.code == CloseCode.MOVED, "it goes on elsewhere: it is not over"
        assert made.tickets.spend(ticket, 1_000.0), "it was not used up"


@pytest.mark.parametrize("is_found", [True, False])
async def test_players_who_connect_too_late_get_a_reason(
    tmp_path: Path, autojump_clock: object, is_found: bool
) -> None:
    async with registry(tmp_path) as made:
        match_id = made.create("deathmatch", "hall", bots=BotPolicy(population=2))
        await ticks(made.find(match_id), 20)
        made.find(match_id).close(CloseCode.MATCH_OVER, "over")
        if not is_found:
            await trio.sleep(1)
        visitor, _ = await knock(made, match_id)
        assert visitor.code == CloseCode.MATCH_OVER
        (message,) = [decode(FromMatch, data) for data in visitor.heard]
        assert message == Refused(Refusal.MATCH, "that match is over")


@pytest.mark.parametrize(
    ("kind", "then"), [("play", "again"), ("watch", "watch_again"), ("resume", "resume")]
)
async def test_a_ticket_is_new_only_once(
    tmp_path: Path, autojump_clock: object, kind: str, then: str
) -> None:
    async with registry(tmp_path) as made:
        ticket = Ticket(kind, "m1", "ann", "Ann", -1, expires_s=2_000)
        assert [_spend(made, ticket) for _ in range(3)] == [kind, then, then]


@define(eq=False)
class FakeConnection:
    """A connection with this round trip, behind a proxy if the kernel's is shorter."""

    round_trip_ms: float
    tcp_ms: int = 0
    pings: int = 0
    stream: FakeStream = field(factory=FakeStream)

    async def round_trip_s(self) -> float:
        self.pings += 1
        self.stream.rtt = self.tcp_ms
        if self.round_trip_ms < 0:
            raise ConnectionEnded(1006, "")
        await trio.sleep(self.round_trip_ms / 1_000)
        return self.round_trip_ms / 1_000


@pytest.mark.parametrize(
    ("answers_after_ms", "tcp_ms", "round_trip_ms"),
    [
        pytest.param(0, 0, 0, id="no lag"),
        pytest.param(150, 150, 150, id="a long connection"),
        pytest.param(150, 1, 150, id="a long connection behind a proxy"),
        pytest.param(float("inf"), 20, 20, id="never answers"),
    ],
)
async def test_a_player_sees_as_far_behind_as_the_round_trip_is_long(
    autojump_clock: object, answers_after_ms: float, tcp_ms: int, round_trip_ms: float
) -> None:
    match = make_match()
    member, handle = enter(match, "ann")
    connection = FakeConnection(answers_after_ms, tcp_ms)
    with trio.move_on_after(120):
        await serve_member_on(connection, match, member, handle)
    lag_ms = (member.inbox.lag_max / VIEW_LAG_PER_TICK - INTERPOLATION_TICKS) * 1_000 / 60
    assert lag_ms == pytest.approx(round_trip_ms, abs=5)
    assert connection.pings <= 120 / 3, "rarely"


async def serve_member_on(
    connection: FakeConnection, match: object, member: object, handle: object
) -> None:
    """Measure the round trip as a session does."""
    trip = RoundTrip()
    connection.stream.rtt = connection.tcp_ms
    member.inbox.lag_max = trip.lag_max(connection.stream.rtt_ms())
    await _measure(connection, member, handle, trip)


async def test_a_road_is_measured_no_more_when_the_connection_is_gone(
    autojump_clock: object,
) -> None:
    match = make_match()
    member, handle = enter(match, "ann")
    connection = FakeConnection(10)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(_measure, connection, member, handle, RoundTrip())
        await trio.sleep(1)
        _, again = enter(match, "ann")
        member.inbox.lag_max = 3
        await trio.sleep(20)
    assert member.handle is again
    assert member.inbox.lag_max == 3, "that is for its successor to say"
    await _measure(FakeConnection(-1), member, again, RoundTrip())


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["one", "other"]),
            st.integers(0, 3),
            st.sampled_from(["watch", "watch_again", "resume", "leave"]),
        )
    )
)
def test_an_address_holds_one_place_for_each_watcher_however_they_came(
    steps: list[tuple[str, int, str]],
) -> None:
    """A person who comes back, or takes over from their other tab, is counted once."""
    match = make_match()
    book = Ledger(BudgetSettings(watchers_per_address=2), ArrivalLimits(9, 9, 9), lambda: 0.0)
    for source in ("one", "other"):
        book.source(source).connection_count = 1  # it is not forgotten
    for address, person, kind in steps:
        who, account = f"{address}{person}", book.open_connection(book.source(address))
        mine = next((each for each in match.seating.watchers if each.player_id == who), None)
        handle, code = FakeHandle(), None
        if kind == "leave":
            if mine is not None:
                match.drop(mine, mine.handle)
        else:
            nonce = mine.resume_nonce if mine is not None and kind == "resume" else b"ticket"
            try:
                member = match.admit(evolve(entrant(who, kind, nonce), slot=-1), handle)
                _count_watcher(SimpleNamespace(account=account), match, member, handle)
            except AdmissionError as error:
                code = error.code
            here = [it for it in match.seating.watchers if it.player_id.startswith(address)]
            assert code in (None, CloseCode.TICKET) or len(here) == 2
        for each in ("one", "other"):
            here = [it for it in match.seating.watchers if it.player_id.startswith(each)]
            assert book.source(each).held["watchers"] == len(here) <= 2
