"""Requests to the lobby while the player's name is not settled yet."""

import trio
import trio.testing
from attrs import define, evolve, field

from clients.desktop.connection.lobby import LobbyConnection
from clients.desktop.core.connection_state import ConnectionState, ConnectionStatus
from clients.net.address import Address
from game.wire.codec import decode, encode
from game.wire.lobby_messages import Cancel, Play, Refused, Rename
from game.wire.messages import Refusal
from game.wire.schema import FromLobby, ToLobby
from tests.clients.net.fake_server import LOBBY_WELCOME

NOTE = "You are Ann 2 here: a name like that is taken"


@define
class FakeConnection:
    """A line that is up, and what was said on it."""

    said: list[ToLobby] = field(factory=list)
    state: ConnectionState = field(factory=lambda: ConnectionState(ConnectionStatus.ONLINE))

    def say(self, payload: bytes) -> bool:
        self.said.append(decode(ToLobby, payload))
        return True


def lobby_on(nursery: trio.Nursery) -> tuple[LobbyConnection, FakeConnection]:
    lobby = LobbyConnection(Address.parse("http://server.test"), nursery, lambda seat: None)
    line = FakeConnection()
    lobby.connection = line
    return lobby, line


def hear(lobby: LobbyConnection, message: FromLobby) -> None:
    lobby.hear(encode(message))


def welcome(lobby: LobbyConnection, name: str, note: str = "") -> None:
    hear(lobby, evolve(LOBBY_WELCOME, name=name, name_note=note))


async def test_a_changed_name_is_shown_before_a_match_is_asked_for():
    async with trio.open_nursery() as nursery:
        lobby, line = lobby_on(nursery)
        welcome(lobby, "Guest")
        await trio.testing.wait_all_tasks_blocked()
        lobby.rename("Ann")
        lobby.ask(Play("duel"))
        welcome(lobby, "Ann 2", NOTE)
        await trio.testing.wait_all_tasks_blocked()
        assert (lobby.state.name, lobby.state.name_note) == ("Ann 2", NOTE)
        assert Play("duel") not in line.said
        lobby.ask(Play("duel"))
        assert line.said[-1] == Play("duel")


async def test_a_name_that_is_had_holds_nobody_up():
    async with trio.open_nursery() as nursery:
        lobby, line = lobby_on(nursery)
        welcome(lobby, "Guest")
        lobby.rename("Ann")
        lobby.ask(Play("duel"))
        assert Play("duel") not in line.said
        welcome(lobby, "Ann")
        await trio.testing.wait_all_tasks_blocked()
        assert line.said.count(Play("duel")) == 1


async def test_nothing_happens_under_a_name_that_nobody_can_have():
    async with trio.open_nursery() as nursery:
        lobby, line = lobby_on(nursery)
        welcome(lobby, "Guest")
        await trio.testing.wait_all_tasks_blocked()
        lobby.rename("Admin")
        lobby.ask(Play("duel"))
        text = "that name reads like the server's staff or a bot"
        hear(lobby, Refused(Rename.spec.number, Refusal.NAME, text))
        assert lobby.state.name == "Guest"
        assert "staff" in lobby.state.error
        lobby.ask(Cancel())
        assert line.said[-1] == Cancel()
        assert Play("duel") not in line.said
