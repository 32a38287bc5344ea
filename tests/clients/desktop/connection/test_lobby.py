"""What somebody asks of the lobby while it has not settled yet what they are called."""

import trio
import trio.testing
from attrs import define, field

from clients.desktop.connection.lobby import LobbyConnection
from clients.desktop.core.connection_state import ConnectionState, ConnectionStatus
from clients.net.address import Address
from game.wire.codec import decode_from_client, encode, fingerprint
from game.wire.messages import Channel, Refusal, Sender

NOTE = "You are Ann 2 here: a name like that is taken"


@define
class FakeConnection:
    """A line that is up, and what was said on it."""

    said: list[tuple] = field(factory=list)
    state: ConnectionState = field(factory=lambda: ConnectionState(ConnectionStatus.ONLINE))

    def say(self, payload: bytes) -> bool:
        message = decode_from_client(Channel.LOBBY, payload)
        self.said.append((message.name, *message.fields))
        return True


def lobby_on(nursery: trio.Nursery) -> tuple[LobbyConnection, FakeConnection]:
    lobby = LobbyConnection(Address.parse("http://server.test"), nursery, lambda seat: None)
    line = FakeConnection()
    lobby.connection = line
    return lobby, line


def hear(lobby: LobbyConnection, name: str, *fields: object) -> None:
    lobby.hear(encode(Channel.LOBBY, Sender.SERVER, name, *fields))


def welcome(lobby: LobbyConnection, name: str, note: str = "") -> None:
    hear(lobby, "welcome", fingerprint(), name, b"session", 1, [], [], note)


async def test_a_changed_name_is_shown_before_a_match_is_asked_for():
    async with trio.open_nursery() as nursery:
        lobby, line = lobby_on(nursery)
        welcome(lobby, "Guest")
        await trio.testing.wait_all_tasks_blocked()
        lobby.rename("Ann")
        lobby.ask("play", "duel")
        welcome(lobby, "Ann 2", NOTE)
        await trio.testing.wait_all_tasks_blocked()
        assert (lobby.state.name, lobby.state.name_note) == ("Ann 2", NOTE)
        assert ("play", "duel") not in line.said
        lobby.ask("play", "duel")
        assert line.said[-1] == ("play", "duel")


async def test_a_name_that_is_had_holds_nobody_up():
    async with trio.open_nursery() as nursery:
        lobby, line = lobby_on(nursery)
        welcome(lobby, "Guest")
        lobby.rename("Ann")
        lobby.ask("play", "duel")
        assert ("play", "duel") not in line.said
        welcome(lobby, "Ann")
        await trio.testing.wait_all_tasks_blocked()
        assert line.said.count(("play", "duel")) == 1


async def test_nothing_happens_under_a_name_that_nobody_can_have():
    async with trio.open_nursery() as nursery:
        lobby, line = lobby_on(nursery)
        welcome(lobby, "Guest")
        await trio.testing.wait_all_tasks_blocked()
        lobby.rename("Admin")
        lobby.ask("play", "duel")
        hear(lobby, "refused", 12, Refusal.NAME, "that name reads like the server's staff or a bot")
        assert lobby.state.name == "Guest"
        assert "staff" in lobby.state.error
        lobby.ask("cancel")
        assert line.said[-1] == ("cancel",)
        assert ("play", "duel") not in line.said
