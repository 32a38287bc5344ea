"""From an address to a seat, through lost connections, to the end of the match."""

import pytest
import trio
from attrs import evolve

from clients.net import ClientError, ConnectionEndedError, Input, RefusedError, play
from clients.net import match as match_module
from clients.net.address import Address
from game.inputs import VIEW_LAG_PER_TICK
from game.wire import lobby_messages, match_messages
from game.wire.lobby_messages import Hello
from game.wire.match_messages import Inputs, Join, Leave, Ping, Pong, Step
from game.wire.messages import CloseCode, Refusal
from tests.clients.net.fake_server import MATCH_WELCOME, Peer, Script, serving


def url_of(address: Address) -> str:
    return f"http://{address.authority}"


async def watch(address: Address) -> None:
    """Take a seat and press nothing."""
    async with play(url_of(address)) as match:
        async for _ in match:
            pass


async def end_match(peer: Peer) -> None:
    await peer.connection.aclose(CloseCode.MATCH_OVER, "the match is over")


async def test_a_bot_sees_answers_and_ends_with_the_match() -> None:
    heard = []

    async def match_script(peer: Peer) -> None:
        writer = await peer.admit(b"first ticket")
        await peer.show(writer, 10, None)
        for base in (10, 12, 14):
            await peer.show(writer, base + 2, base)
            heard.append(await peer.hear(Inputs))
        await end_match(peer)

    ticks = []
    async with (
        serving(lobby=[Peer.seat], match=[match_script]) as address,
        play(url_of(address)) as match,
    ):
        async for perception in match:
            ticks.append(perception.tick)
            match.send(Input(buttons=perception.tick, aim=7))
        assert match.replica.roster[3].name == "Rookie"
        assert match.counts.snapshots == 4
        assert match.counts.ends == {CloseCode.MATCH_OVER: 1}
    assert ticks == [10, 12, 14, 16]
    for inputs, tick in zip(heard, (12, 14, 16), strict=True):
        assert inputs.steps[-2:] == (Step(tick, 7),) * 2
        new_tick = inputs.first_tick + len(inputs.steps) - 2
        assert new_tick > tick, "in time for its tick"
        assert inputs.view_lag == (new_tick - tick) * VIEW_LAG_PER_TICK


async def test_keys_are_held_until_told_otherwise() -> None:
    heard = []

    async def match_script(peer: Peer) -> None:
        writer = await peer.admit(b"first ticket")
        await peer.show(writer, 10, None)
        for base in (10, 12):
            await peer.show(writer, base + 2, base)
            heard.append((await peer.hear(Inputs)).steps[-1].buttons)
        await end_match(peer)

    async with (
        serving(lobby=[Peer.seat], match=[match_script]) as address,
        play(url_of(address)) as match,
    ):
        match.send(Input(buttons=5))
        async for _ in match:
            pass
    assert heard == [5, 5]


async def test_a_lost_connection_leads_back_into_the_seat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(match_module, "delay_s", lambda attempt, dice: 0)

    async def lost(peer: Peer) -> None:
        writer = await peer.admit(b"first ticket")
        await peer.show(writer, 10, None)
        await peer.show(writer, 12, 10)
        await peer.hear(Inputs)
        await peer.connection._stream.aclose()  # no farewell: the network went away

    async def resumed(peer: Peer) -> None:
        writer = await peer.admit(b"resume ticket")
        await peer.show(writer, 100, None)
        await end_match(peer)

    ticks = []
    async with (
        serving(lobby=[Peer.seat], match=[lost, resumed]) as address,
        play(url_of(address)) as match,
    ):
        async for perception in match:
            ticks.append(perception.tick)
            match.send(Input())
        assert match.counts.reconnects == 1
        assert match.counts.ends[1006] == 1
    assert ticks == [10, 12, 100]


async def test_a_new_round_starts_from_a_full_snapshot() -> None:
    async def match_script(peer: Peer) -> None:
        writer = await peer.admit(b"first ticket")
        await peer.show(writer, 500, None)
        await peer.say(evolve(MATCH_WELCOME, mode="duel", map="pit", round=1))
        await peer.show(type(writer)(64), 2, None)
        await end_match(peer)

    seen = []
    async with (
        serving(lobby=[Peer.seat], match=[match_script]) as address,
        play(url_of(address)) as match,
    ):
        async for perception in match:
            assert match.replica.welcome is not None
            seen.append((perception.tick, match.replica.welcome.round, match.replica.welcome.map))
    assert seen == [(500, 0, "yard"), (2, 1, "pit")]


async def test_round_trips_are_measured() -> None:
    async def match_script(peer: Peer) -> None:
        writer = await peer.admit(b"first ticket")
        await peer.show(writer, 10, None)
        ping = await peer.hear(Ping)
        await peer.say(Pong(ping.nonce, 10, 0))
        await peer.show(writer, 12, 10)
        await end_match(peer)

    async with (
        serving(lobby=[Peer.seat], match=[match_script]) as address,
        play(url_of(address)) as match,
    ):
        async for _ in match:
            pass
        assert len(match.round_trips.samples_s) == 1


@pytest.mark.parametrize("code", [CloseCode.SHUTDOWN, CloseCode.REPLACED, CloseCode.FAULT])
async def test_a_final_end_is_shown_and_not_retried(code: CloseCode) -> None:
    async def match_script(peer: Peer) -> None:
        await peer.admit(b"first ticket")
        await peer.connection.aclose(code, "no more")

    async with serving(lobby=[Peer.seat], match=[match_script]) as address:
        with pytest.raises(ConnectionEndedError) as ended:
            await watch(address)
    assert (ended.value.code, ended.value.reason) == (code, "no more")


async def test_a_refusal_in_the_lobby_is_shown_in_words() -> None:
    async def lobby_script(peer: Peer) -> None:
        await peer.hear(Hello)
        await peer.say(lobby_messages.Refused(1, Refusal.OUTDATED, "another version"))

    async with serving(lobby=[lobby_script]) as address:
        with pytest.raises(RefusedError, match="another version") as refused:
            await watch(address)
    assert refused.value.code == Refusal.OUTDATED


async def late(peer: Peer) -> None:
    """The join came too late for the door: that is no reason never to come again."""
    await peer.hear(Join)
    await peer.say(match_messages.Refused(Refusal.STATE, "no join message came in time"))
    await peer.connection.aclose(CloseCode.IDLE, "no join message came in time")


async def lost(peer: Peer) -> None:
    await peer.hear(Join)
    await peer.connection._stream.aclose()


async def given_away(peer: Peer) -> None:
    await peer.hear(Join)
    await peer.say(match_messages.Refused(Refusal.TICKET, "your seat was given away"))
    await peer.connection.aclose(CloseCode.TICKET, "your seat was given away")


@pytest.mark.parametrize("ends", [[late], [lost], [late, lost, late]])
async def test_a_refusal_that_is_not_for_good_is_followed_by_another_knock(
    ends: list[Script], monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = []
    monkeypatch.setattr(
        match_module, "delay_s", lambda attempt, dice: attempts.append(attempt) or 0
    )

    async def seated(peer: Peer) -> None:
        writer = await peer.admit(b"first ticket")
        await peer.show(writer, 10, None)
        await end_match(peer)

    async with (
        serving(lobby=[Peer.seat], match=[*ends, seated]) as address,
        play(url_of(address)) as match,
    ):
        assert [perception.tick async for perception in match] == [10]
        assert match.counts.reconnects == 1
    assert attempts == list(range(len(ends))), "it knocks less often each time"


async def test_a_final_refusal_is_shown_in_its_words() -> None:
    async with serving(lobby=[Peer.seat], match=[late, given_away]) as address:
        with pytest.raises(RefusedError, match="your seat was given away") as refused:
            await watch(address)
    assert refused.value.code == Refusal.TICKET


async def test_nobody_knocks_forever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(match_module, "delay_s", lambda attempt, dice: 0)
    monkeypatch.setattr(match_module, "ATTEMPTS_MAX", 3)
    async with serving(lobby=[Peer.seat], match=[late] * 4) as address:
        with pytest.raises(ClientError, match="no way back into the seat after no join message"):
            await watch(address)


async def test_nonsense_from_a_server_is_an_error_not_a_crash() -> None:
    async def match_script(peer: Peer) -> None:
        await peer.admit(b"first ticket")
        await peer.connection.send_message(b"\xff\xff")

    async with serving(lobby=[Peer.seat], match=[match_script]) as address:
        with pytest.raises(ClientError, match="does not speak this protocol"):
            await watch(address)


async def test_leaving_says_so() -> None:
    left = trio.Event()

    async def match_script(peer: Peer) -> None:
        writer = await peer.admit(b"first ticket")
        await peer.show(writer, 10, None)
        await peer.hear(Leave)
        left.set()
        await peer.connection.aclose(CloseCode.LEFT, "you left")

    async with (
        serving(lobby=[Peer.seat], match=[match_script]) as address,
        play(url_of(address)) as match,
    ):
        await anext(match)
    assert left.is_set()


async def test_leaving_says_so_even_when_cancelled() -> None:
    left = trio.Event()

    async def match_script(peer: Peer) -> None:
        writer = await peer.admit(b"first ticket")
        await peer.show(writer, 10, None)
        await peer.hear(Leave)
        left.set()
        await peer.connection.aclose(CloseCode.LEFT, "you left")

    async with serving(lobby=[Peer.seat], match=[match_script]) as address:
        with trio.CancelScope() as scope:
            async with play(url_of(address)) as match:
                await anext(match)
                scope.cancel()
                await anext(match)
        await left.wait()


async def test_an_address_without_a_server_is_an_error() -> None:
    with pytest.raises(ClientError, match="nothing listens at"):
        await watch(Address("127.0.0.1", 1))


@pytest.mark.parametrize("url", ["127.0.0.1:8000", "ftp://a", "http://", "ws://a:port", ""])
async def test_an_invalid_address_is_an_error(url: str) -> None:
    with pytest.raises(ClientError, match="is not an address"):
        async with play(url):
            pass
