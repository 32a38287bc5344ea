"""The lobby's shell over fake connections: budgets, bounds and goodbyes."""

from collections.abc import Callable

import pytest
import trio
from attrs import define, field

from game.wire.codec import decode, encode
from game.wire.lobby_messages import Hello, Ping, Play, Welcome
from game.wire.messages import CloseCode
from game.wire.schema import FromLobby, ToLobby
from server.config.settings import LobbySettings
from server.lobby.handler import FAREWELL_S, LobbyService
from server.net.websocket import ConnectionEnded
from tests.server.lobby.fakes import FINGERPRINT, Scene, names, the

LIMITS = LobbySettings(
    hello_s=5.0, messages_per_s=2.0, messages_burst=10, errors_max=3, outbox_max=16, resume_s=20.0
)


@define(eq=False)
class FakeConnection:
    """The part of `server.net.websocket.Connection` that the handler uses."""

    peer: str = "192.0.2.1"
    account: None = None
    said: list[FromLobby] = field(factory=list)
    closed: tuple[int, str] | None = None
    parted: trio.Event = field(factory=trio.Event)
    reads: bool = True  # whether the other side reads what is sent
    _inbound: list[bytes] = field(factory=list)
    _changed: trio.Event = field(factory=trio.Event)
    _gone: bool = False

    def says(self, message: ToLobby) -> None:
        self.sends(encode(message))

    def sends(self, data: bytes) -> None:
        self._inbound.append(data)
        self._changed.set()

    def goes(self) -> None:
        self._gone = True
        self._changed.set()

    async def receive(self) -> bytes:
        await trio.lowlevel.checkpoint()
        while not self._inbound:
            if self._gone:
                raise ConnectionEnded(1006, "")
            self._changed = trio.Event()
            await self._changed.wait()
        return self._inbound.pop(0)

    async def send(self, message: bytes) -> None:
        await trio.lowlevel.checkpoint()
        if not self.reads:
            await trio.sleep_forever()
        self.said.append(decode(FromLobby, message))

    async def close(self, code: int, reason: str) -> None:
        self.closed = (code, reason)
        self.parted.set()

    def names(self) -> list[str]:
        return names(self.said)


@define
class RunningLobby:
    """A running lobby, and a way to connect to it."""

    scene: Scene
    service: LobbyService
    come: Callable[[], FakeConnection]

    def greeted(self, name: str = "", token: bytes = b"") -> FakeConnection:
        connection = self.come()
        connection.says(Hello(FINGERPRINT, name, token))
        return connection


@pytest.fixture
async def lobby(nursery) -> RunningLobby:
    scene = Scene(settings=LIMITS)
    service = LobbyService(scene.lobby, LIMITS)
    await nursery.start(service.run)

    def come() -> FakeConnection:
        connection = FakeConnection()
        nursery.start_soon(service.session, connection)
        return connection

    return RunningLobby(scene, service, come)


async def settled() -> None:
    await trio.testing.wait_all_tasks_blocked()


async def test_hello_is_answered_and_a_pair_is_seated_without_waiting_for_the_clock(
    lobby: RunningLobby, autojump_clock
):
    ann, bea = lobby.greeted(), lobby.greeted()
    for connection in (ann, bea):
        connection.says(Play("duel"))
    began_s = trio.current_time()
    await settled()
    assert trio.current_time() == began_s
    assert ann.names()[:2] == ["welcome", "idle"]
    assert "seat" in ann.names()
    assert "seat" in bea.names()


async def test_a_lone_stranger_plays_soon_after_the_bots_are_due(
    lobby: RunningLobby, autojump_clock
):
    ann = lobby.greeted()
    ann.says(Play("deathmatch"))
    await trio.sleep(LIMITS.bot_fill_after_s + 0.3)
    assert "seat" in ann.names()


async def test_a_silent_client_is_closed_with_a_reason(lobby: RunningLobby, autojump_clock):
    silent = lobby.come()
    await trio.sleep(LIMITS.hello_s + 0.1)
    assert silent.closed == (CloseCode.IDLE, "no hello came in time")


async def test_a_client_may_be_silent_after_hello(lobby: RunningLobby, autojump_clock):
    ann = lobby.greeted()
    await trio.sleep(3_600)
    assert ann.closed is None


async def test_a_few_broken_messages_are_forgiven_and_more_are_not(
    lobby: RunningLobby, autojump_clock
):
    ann = lobby.greeted()
    for _ in range(LIMITS.errors_max):
        ann.sends(b"\xff")
    await settled()
    assert ann.closed is None
    ann.sends(b"\xff")
    await settled()
    assert ann.closed is not None
    assert ann.closed[0] == CloseCode.MALFORMED
    assert ann.closed[1]
    assert lobby.service.statistics().refused["malformed"] == LIMITS.errors_max + 1


async def test_broken_messages_now_and_then_are_forgiven_for_ever(
    lobby: RunningLobby, autojump_clock
):
    ann = lobby.greeted()
    for _ in range(50):
        ann.sends(b"\xff")
        await trio.sleep(11)
    assert ann.closed is None


async def test_a_flood_costs_the_flooder_the_connection_and_nobody_else_anything(
    lobby: RunningLobby, autojump_clock
):
    ann, flooder = lobby.greeted(), lobby.greeted()
    for number in range(5_000):
        flooder.says(Ping(number))
    ann.says(Ping(7))
    await settled()
    assert flooder.closed is not None
    assert flooder.closed[0] == CloseCode.FLOOD
    assert flooder.names().count("pong") <= LIMITS.messages_burst
    assert ann.names()[-1] == "pong"
    assert ann.closed is None


async def test_a_client_that_does_not_read_is_closed_when_its_outbox_is_full(
    lobby: RunningLobby, autojump_clock
):
    slow = lobby.come()
    slow.reads = False
    slow.says(Hello(FINGERPRINT, "", b""))
    for _ in range(30):
        slow.says(Ping(1))
        await trio.sleep(1)
    assert slow.closed == (CloseCode.SLOW, "this connection reads too slowly")


async def test_a_goodbye_to_somebody_who_does_not_read_takes_a_bounded_time(
    lobby: RunningLobby, autojump_clock
):
    slow = lobby.come()
    slow.reads = False
    slow.says(Hello(b"outdated", "", b""))
    with trio.fail_after(FAREWELL_S + 0.5):
        await slow.parted.wait()


async def test_messages_before_a_close_arrive(lobby: RunningLobby, autojump_clock):
    old = lobby.come()
    old.says(Hello(b"outdated", "", b""))
    await settled()
    assert old.names() == ["refused"]
    assert old.closed is not None
    assert old.closed[0] == CloseCode.OUTDATED


async def test_a_dropped_connection_is_resumed_and_a_late_one_is_not(
    lobby: RunningLobby, autojump_clock
):
    ann = lobby.greeted("Ann")
    await settled()
    token = the(Welcome, ann.said).session
    ann.goes()
    await trio.sleep(LIMITS.resume_s - 2)
    again = lobby.greeted("Ann", token)
    await settled()
    welcome = the(Welcome, again.said)
    assert (welcome.name, welcome.session) == ("Ann", token)
    again.goes()
    await trio.sleep(LIMITS.resume_s + 2)
    late = lobby.greeted("x", token)
    await settled()
    assert the(Welcome, late.said).name == "x"


async def test_at_the_end_all_people_are_notified_closed_and_forgotten(
    lobby: RunningLobby, autojump_clock
):
    ann, stranger = lobby.greeted(), lobby.come()
    await settled()
    lobby.service.announce_shutdown(30)
    lobby.service.close_all()
    await settled()
    assert ann.names()[-1] == "notice"
    for connection in (ann, stranger):
        assert connection.closed == (CloseCode.SHUTDOWN, "the server is restarting")
    lobby.service.forget_all()
    statistics = lobby.scene.lobby.statistics()
    assert (statistics.links, statistics.sessions) == (0, 0)
    assert lobby.service.statistics().connections == 0
