"""The players who keep a seat, and when a match runs at all."""

from attrs import evolve

from game.tuning import TICKS_PER_SECOND
from game.wire.codec import encode
from game.wire.match_messages import Inputs, Ping, Step
from game.wire.messages import CloseCode
from server.match.match import UNVISITED_S
from server.match.settings import MatchSettings
from server.match.status import BotPolicy
from tests.server.match.fakes import FakeHandle, entrant, make_match, match_context

WAITING = MatchSettings(idle_s=5, silent_s=3)


def ping() -> bytes:
    return encode(Ping(1, 1))


def step(tick: int) -> bytes:
    return encode(Inputs(tick, 0, (Step(0, 0),)))


def test_a_player_who_only_pings_loses_the_seat() -> None:
    match = make_match(context=match_context(settings=evolve(WAITING, wait_for_people=False)))
    handle = FakeHandle()
    member = match.admit(entrant("ann"), handle)
    for _ in range(2 * WAITING.idle_s * TICKS_PER_SECOND):
        if match.age % TICKS_PER_SECOND == 0 and handle.code is None:
            match.receive(member, handle, ping())
        match.advance()
    assert (handle.code, handle.reason) == (CloseCode.IDLE, "no input for 5 s: the seat is free")
    assert not match.seating.players


def test_a_player_who_sends_inputs_keeps_it_and_a_watcher_who_pings_stays() -> None:
    match = make_match(context=match_context(settings=evolve(WAITING, wait_for_people=False)))
    handles = [FakeHandle(), FakeHandle()]
    ann = match.admit(entrant("ann"), handles[0])
    eve = match.admit(entrant("eve", "watch"), handles[1])
    for _ in range(2 * WAITING.idle_s * TICKS_PER_SECOND):
        if match.age % TICKS_PER_SECOND == 0:
            match.receive(ann, handles[0], step(match.world.tick + 2))
            match.receive(eve, handles[1], ping())
        match.advance()
    assert [handle.code for handle in handles] == [None, None]


def test_a_match_stands_still_until_somebody_connects() -> None:
    match = make_match(BotPolicy(population=4), context=match_context(settings=WAITING))
    match.reserve("ann", 10)
    for _ in range(3 * TICKS_PER_SECOND):
        match.advance()
    assert (match.world.tick, match.status().bots) == (0, 0)
    match.admit(entrant("ann"), FakeHandle())
    match.advance()
    assert match.world.tick == 1
    assert match.status().bots == 3


def test_an_unvisited_match_ends_when_its_last_reservation_expires() -> None:
    match = make_match(context=match_context(settings=WAITING))
    match.reserve("ann", 2)
    for _ in range((2 + UNVISITED_S - 1) * TICKS_PER_SECOND):
        match.advance()
    assert not match.ended_reason
    for _ in range(2 * TICKS_PER_SECOND):
        match.advance()
    assert match.ended_reason == "everybody left"
