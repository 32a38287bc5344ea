"""The bench speaks the current protocol: it measures a match that is really played."""

import socket
import time

import pytest
from wsproto.connection import Connection, ConnectionType
from wsproto.events import BytesMessage

from bench.contender_skirmish import (
    BigSkirmish,
    FightingSkirmish,
    OpenSkirmish,
    SetupConnection,
    Skirmish,
)
from bench.raw_websocket import FrameReader
from game.wire.codec import encode
from game.wire.lobby_messages import Idle, Seat
from game.wire.schema import FromLobby

PATIENCE_S = 30.0


@pytest.mark.slow
@pytest.mark.parametrize("contender", [Skirmish, OpenSkirmish, FightingSkirmish, BigSkirmish])
def test_players_are_seated_in_their_matches_and_served(contender: type[Skirmish]):
    server = contender()
    with server.running() as (_, port), server.gather(port, 20) as swarm:
        end_s = time.monotonic() + PATIENCE_S
        received = 0
        while received < 20 * 30 and time.monotonic() < end_s:
            counts = swarm.take()
            received += counts.snapshots
            assert (counts.players, counts.lost) == (20, 0)
    assert received >= 20 * 30


def framed_by_a_server(*payloads: bytes) -> bytes:
    server = Connection(ConnectionType.SERVER)
    return b"".join(server.send(BytesMessage(payload)) for payload in payloads)


@pytest.mark.parametrize("cut", [0, 1, 7])
def test_nothing_that_came_with_the_last_answer_is_lost_to_the_load(cut: int):
    seat = encode(Seat("m1", "/match/m1", b"ticket", 0))
    idle = encode(Idle())
    stream = framed_by_a_server(seat, idle, idle)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        talk = SetupConnection(listener.getsockname()[1], "/lobby", FromLobby)
        server, _ = listener.accept()
    server.sendall(b"HTTP/1.1 101 Switching Protocols\r\n\r\n" + stream[: len(stream) - cut])
    talk.begin()
    assert talk.hear(Seat).ticket == b"ticket"
    payloads = [payload for _, payload in FrameReader().frames(talk.unread() + stream[-cut:][:cut])]
    assert payloads == [idle, idle]
    server.close()
    talk.link.close()
