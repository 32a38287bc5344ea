"""Conversations come back, with a countdown, and stop where no retry can help."""

from collections.abc import Awaitable, Callable

import pytest
import trio
import trio.testing
from attrs import define, field

from clients.desktop.connection import connection as connection_module
from clients.desktop.connection.connection import OUTBOX_MAX, Connection, Limits
from clients.desktop.connection.lobby import NOT_YET, LobbyConnection
from clients.desktop.core.connection_state import LOBBY_ENDS, ConnectionStatus
from clients.net.address import Address
from game.wire.codec import decode, encode, fingerprint
from game.wire.lobby_messages import (
    Cancel,
    Hello,
    Idle,
    ListMatches,
    Play,
    Queued,
    Refused,
    Seat,
    Welcome,
)
from game.wire.messages import CloseCode, Refusal
from game.wire.schema import FromLobby
from tests.clients.net.fake_server import LOBBY_WELCOME, Peer, serving

PATIENCE_S = 10


@define
class Guest:
    """Says hello to a lobby, and is accepted by its welcome."""

    limits: Limits = field(factory=lambda: Limits(5.0, 5.0))
    path: str = "/lobby"
    heard: list[FromLobby] = field(factory=list)

    def greeting(self) -> bytes:
        return encode(Hello(fingerprint(), "Rookie", session=b""))

    def hear(self, payload: bytes) -> bool:
        self.heard.append(decode(FromLobby, payload))
        return isinstance(self.heard[-1], Welcome)

    def final_words(self, code: int) -> str | None:
        return "replaced" if code == CloseCode.REPLACED else None


async def welcomed(peer: Peer) -> None:
    await peer.hear(Hello)
    await peer.say(LOBBY_WELCOME)


async def lost(peer: Peer) -> None:
    await welcomed(peer)
    await peer.connection._stream.aclose()


async def ended(peer: Peer) -> None:
    await welcomed(peer)
    await peer.connection.aclose(CloseCode.REPLACED, "elsewhere")


async def nonsense(peer: Peer) -> None:
    await peer.hear(Hello)
    await peer.connection.send_message(b"\xff\xff")
    await trio.sleep_forever()


async def silent(peer: Peer) -> None:
    await peer.hear(Hello)
    await trio.sleep_forever()


async def states_of(
    connection: Connection, nursery: trio.Nursery
) -> list[tuple[ConnectionStatus, str]]:
    """Run it to its end; each state that it was in."""
    seen: list[tuple[ConnectionStatus, str]] = []
    nursery.start_soon(connection.run)
    with trio.fail_after(PATIENCE_S):
        while connection.state.status is not ConnectionStatus.ENDED:
            state = (connection.state.status, connection.state.reason)
            if not seen or seen[-1] != state:
                seen.append(state)
            await trio.lowlevel.checkpoint()
    return seen


@pytest.mark.parametrize(
    ("first", "reason"),
    [
        (lost, "the connection was lost"),
        (nonsense, "the server sent something unexpected"),
        (silent, "the server went silent"),
    ],
)
async def test_after_a_lost_connection_it_says_why_and_comes_back(
    first: Callable[[Peer], Awaitable[None]], reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection_module, "delay_s", lambda attempt, dice: 0.02)
    guest = Guest(Limits(0.5 if first is silent else 5.0, 5.0))
    async with serving(lobby=[first, ended]) as address, trio.open_nursery() as nursery:
        connection = Connection(guest, address, nursery)
        states = await states_of(connection, nursery)
        retries = [words for kind, words in states if kind is ConnectionStatus.RETRYING]
        assert retries
        assert retries[0].startswith(reason)
        assert connection.state.reason == "replaced"
        assert isinstance(guest.heard[-1], Welcome)
        nursery.cancel_scope.cancel()


async def test_a_server_that_is_not_there_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    attempts = []

    def delay_s(attempt: int, dice: object) -> float:
        attempts.append(attempt)
        return 0.0

    monkeypatch.setattr(connection_module, "delay_s", delay_s)
    async with trio.open_nursery() as nursery:
        connection = Connection(Guest(), Address("127.0.0.1", 1), nursery)
        nursery.start_soon(connection.run)
        with trio.fail_after(PATIENCE_S):
            while len(attempts) < 4:
                await trio.lowlevel.checkpoint()
        assert attempts[:4] == [0, 1, 2, 3]
        nursery.cancel_scope.cancel()


async def test_hurrying_retries_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection_module, "delay_s", lambda attempt, dice: 1_000.0)
    async with serving(lobby=[lost, ended]) as address, trio.open_nursery() as nursery:
        connection = Connection(Guest(), address, nursery)
        nursery.start_soon(connection.run)
        with trio.fail_after(PATIENCE_S):
            while connection.state.status is not ConnectionStatus.RETRYING:
                await trio.lowlevel.checkpoint()
            assert connection.state.retry_at_s - trio.current_time() > 900
            connection.hurry()
            await connection.wait_over()
        assert connection.state.status is ConnectionStatus.ENDED
        nursery.cancel_scope.cancel()


async def test_messages_to_a_deaf_server_are_bounded() -> None:
    async def deaf(peer: Peer) -> None:
        await welcomed(peer)
        await trio.sleep_forever()

    async with serving(lobby=[deaf]) as address, trio.open_nursery() as nursery:
        connection = Connection(Guest(), address, nursery)
        assert not connection.say(b"nobody is there")
        nursery.start_soon(connection.run)
        with trio.fail_after(PATIENCE_S):
            while not connection.state.is_online:
                await trio.lowlevel.checkpoint()
        said = [connection.say(b"x") for _ in range(OUTBOX_MAX + 4)]
        assert said.count(True) <= OUTBOX_MAX + 1
        assert not said[-1]
        nursery.cancel_scope.cancel()


async def test_a_wish_that_nobody_could_hear_is_carried_out_once() -> None:
    asked = trio.Event()

    async def lobby(peer: Peer) -> None:
        await welcomed(peer)
        await peer.hear(ListMatches)
        assert await peer.hear(Play) == Play("duel")
        await peer.say(Queued("duel", 1, 3))
        await peer.say(Seat("m1", "/match/m1", b"ticket", 0))
        asked.set()
        await trio.sleep_forever()

    seats: list[Seat] = []
    async with serving(lobby=[lobby]) as address, trio.open_nursery() as nursery:
        lobby = LobbyConnection(address, nursery, seats.append)
        lobby.ask(Play("duel"))
        assert lobby.state.error == NOT_YET
        nursery.start_soon(lobby.run)
        with trio.fail_after(PATIENCE_S):
            await asked.wait()
            while not seats:
                await trio.lowlevel.checkpoint()
        assert seats == [Seat("m1", "/match/m1", b"ticket", 0)]
        nursery.cancel_scope.cancel()


async def test_a_queued_player_is_queued_again_after_a_lost_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connection_module, "delay_s", lambda attempt, dice: 0.0)
    again = trio.Event()

    async def first(peer: Peer) -> None:
        await welcomed(peer)
        await peer.hear(ListMatches)
        await peer.hear(Play)
        await peer.say(Queued("duel", 1, 3))
        await peer.hear(Cancel)  # its mark that all was heard
        await peer.connection._stream.aclose()

    async def second(peer: Peer) -> None:
        assert (await peer.hear(Hello)).session == b"session"
        await peer.say(LOBBY_WELCOME)
        await peer.say(Idle())
        await peer.hear(ListMatches)
        assert await peer.hear(Play) == Play("duel")
        again.set()
        await trio.sleep_forever()

    async with serving(lobby=[first, second]) as address, trio.open_nursery() as nursery:
        lobby = LobbyConnection(address, nursery, lambda seat: None)
        nursery.start_soon(lobby.run)
        lobby.ask(Play("duel"))
        with trio.fail_after(PATIENCE_S):
            while not lobby.state.queued_mode:
                await trio.lowlevel.checkpoint()
            lobby.connection.say(encode(Cancel()))
            await again.wait()
        nursery.cancel_scope.cancel()


async def test_another_version_is_not_called_again_and_again() -> None:
    async def outdated(peer: Peer) -> None:
        await peer.hear(Hello)
        await peer.say(Refused(1, Refusal.OUTDATED, "another version"))
        await peer.connection.aclose(CloseCode.OUTDATED, "another version")

    async with serving(lobby=[outdated]) as address, trio.open_nursery() as nursery:
        lobby = LobbyConnection(address, nursery, lambda seat: None)
        nursery.start_soon(lobby.run)
        with trio.fail_after(PATIENCE_S):
            await lobby.connection.wait_over()
        assert "update" in lobby.state.error
        nursery.cancel_scope.cancel()


@pytest.mark.parametrize("code", LOBBY_ENDS)
async def test_a_lobby_that_ended_is_begun_anew_by_the_next_wish_and_only_by_that(
    code: CloseCode,
) -> None:
    asked = trio.Event()

    async def first(peer: Peer) -> None:
        await welcomed(peer)
        await peer.connection.aclose(code, "over")

    async def second(peer: Peer) -> None:
        await welcomed(peer)
        await peer.hear(ListMatches)
        assert await peer.hear(Play) == Play("duel")
        asked.set()
        await trio.sleep_forever()

    async with serving(lobby=[first, second]) as address, trio.open_nursery() as nursery:
        lobby = LobbyConnection(address, nursery, lambda seat: None)
        nursery.start_soon(lobby.run)
        with trio.fail_after(PATIENCE_S):
            while lobby.state.connection.status is not ConnectionStatus.ENDED:
                await trio.lowlevel.checkpoint()
            await trio.testing.wait_all_tasks_blocked()
            assert lobby.state.connection.status is ConnectionStatus.ENDED
            assert lobby.state.error == LOBBY_ENDS[code]
            lobby.ask(Play("duel"))
            lobby.connection.hurry()
            await asked.wait()
        assert lobby.state.connection.is_online
        nursery.cancel_scope.cancel()


@define
class Line:
    """A socket in memory: what the server says, and nothing that is sent."""

    said: trio.MemoryReceiveChannel[bytes]

    async def send(self, message: bytes) -> None:
        await trio.lowlevel.checkpoint()

    async def receive(self) -> bytes:
        return await self.said.receive()

    def release(self) -> None:
        self.said.close()


async def test_a_program_that_was_stopped_reads_what_was_said_before_it_judges_the_silence(
    mock_clock: trio.testing.MockClock, nursery: trio.Nursery, monkeypatch: pytest.MonkeyPatch
) -> None:
    say, said = trio.open_memory_channel[bytes](9)

    async def connect(*_: object) -> Line:
        await trio.lowlevel.checkpoint()
        return Line(said)

    monkeypatch.setattr(connection_module, "connect", connect)
    guest = Guest()
    connection = Connection(guest, Address("127.0.0.1", 1), nursery)
    nursery.start_soon(connection.run)
    say.send_nowait(encode(LOBBY_WELCOME))
    await trio.testing.wait_all_tasks_blocked()
    assert connection.state.is_online
    mock_clock.jump(60.0)
    await trio.testing.wait_all_tasks_blocked()
    assert connection.state.is_online, "it was stopped, and has to listen first"
    say.send_nowait(encode(Idle()))
    await trio.testing.wait_all_tasks_blocked()
    assert [type(message) for message in guest.heard] == [Welcome, Idle]
    mock_clock.jump(5.5)
    await trio.testing.wait_all_tasks_blocked()
    assert connection.state.reason == "the server went silent"
    nursery.cancel_scope.cancel()
