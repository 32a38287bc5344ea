"""What somebody asks of the lobby while it has not settled yet what they are called."""

import trio
import trio.testing
from attrs import define, field

from clients.desktop.connection.lobby import LobbyTalk
from clients.desktop.core.connection_state import LinkKind, LinkState
from clients.link.address import Address
from game.wire.codec import decode_from_client, encode, fingerprint
from game.wire.messages import Channel, Refusal, Sender

NOTE = "You are Ann 2 here: a name like that is taken"


@define
class FakeConversation:
    """A line that is up, and what was said on it."""

    said: list[tuple] = field(factory=list)
    state: LinkState = field(factory=lambda: LinkState(LinkKind.ONLINE))

    def say(self, payload: bytes) -> bool:
        message = decode_from_client(Channel.LOBBY, payload)
        self.said.append((message.name, *message.fields))
        return True


def talk_on(nursery: trio.Nursery) -> tuple[LobbyTalk, FakeConversation]:
    talk = LobbyTalk(Address.parse("http://server.test"), nursery, lambda seat: None)
    line = FakeConversation()
    talk.conversation = line
    return talk, line


def hear(talk: LobbyTalk, name: str, *fields: object) -> None:
    talk.hear(encode(Channel.LOBBY, Sender.SERVER, name, *fields))


def welcome(talk: LobbyTalk, name: str, note: str = "") -> None:
    hear(talk, "welcome", fingerprint(), name, b"session", 1, [], [], note)


async def test_a_changed_name_is_shown_before_a_match_is_asked_for():
    async with trio.open_nursery() as nursery:
        talk, line = talk_on(nursery)
        welcome(talk, "Guest")
        await trio.testing.wait_all_tasks_blocked()
        talk.rename("Ann")
        talk.ask("play", "duel")
        welcome(talk, "Ann 2", NOTE)
        await trio.testing.wait_all_tasks_blocked()
        assert (talk.state.name, talk.state.name_note) == ("Ann 2", NOTE)
        assert ("play", "duel") not in line.said
        talk.ask("play", "duel")
        assert line.said[-1] == ("play", "duel")


async def test_a_name_that_is_had_holds_nobody_up():
    async with trio.open_nursery() as nursery:
        talk, line = talk_on(nursery)
        welcome(talk, "Guest")
        talk.rename("Ann")
        talk.ask("play", "duel")
        assert ("play", "duel") not in line.said
        welcome(talk, "Ann")
        await trio.testing.wait_all_tasks_blocked()
        assert line.said.count(("play", "duel")) == 1


async def test_nothing_happens_under_a_name_that_nobody_can_have():
    async with trio.open_nursery() as nursery:
        talk, line = talk_on(nursery)
        welcome(talk, "Guest")
        await trio.testing.wait_all_tasks_blocked()
        talk.rename("Admin")
        talk.ask("play", "duel")
        hear(talk, "refused", 12, Refusal.NAME, "that name reads like the server's staff or a bot")
        assert talk.state.name == "Guest"
        assert "staff" in talk.state.error
        talk.ask("cancel")
        assert line.said[-1] == ("cancel",)
        assert ("play", "duel") not in line.said
