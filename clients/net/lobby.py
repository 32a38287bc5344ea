"""The conversation with the lobby: hello, and then a seat somewhere.

Owns: the order of the messages. Must not know: matches. Invariant: every wait has a deadline.
"""

from typing import TypeVar

import trio
from attrs import define

from clients.net.address import Address
from clients.net.errors import ClientError, RefusedError
from clients.net.websocket import Socket, connect
from game.wire.codec import DecodeError, decode, encode, fingerprint
from game.wire.lobby_messages import Hello, JoinMatch, JoinRoom, Play, Refused, Seat, Welcome
from game.wire.schema import FromLobby, ToLobby

PATH = "/lobby"
HELLO_S = 10.0
SEAT_S = 60.0  # bots fill a queue long before


M = TypeVar("M", bound=FromLobby)


@define(eq=False)
class LobbyClient:
    """An open conversation; `welcome` has the name that the server settled on."""

    _socket: Socket
    welcome: Welcome

    @classmethod
    async def open(cls, nursery: trio.Nursery, address: Address, name: str = "") -> "LobbyClient":
        """Connect and say hello. Raises `ClientError`."""
        socket = await connect(nursery, address, PATH)
        try:
            await socket.send(encode(Hello(fingerprint(), name, session=b"")))
            welcome = await _wait_for(socket, Welcome, HELLO_S)
        except BaseException:
            socket.release()
            raise
        return cls(socket, welcome)

    async def play(self, mode: str) -> Seat:
        """Queue for a mode until there is a seat. Raises `ClientError`."""
        return await self._seat(Play(mode))

    async def join_match(self, match: str) -> Seat:
        """Ask for a seat in a running match. Raises `ClientError`."""
        return await self._seat(JoinMatch(match))

    async def join_room(self, code: str) -> Seat:
        """Enter a private room and wait for its owner to start. Raises `ClientError`."""
        return await self._seat(JoinRoom(code))

    def leave(self) -> None:
        """Hang up."""
        self._socket.release()

    async def _seat(self, request: ToLobby) -> Seat:
        await self._socket.send(encode(request))
        return await _wait_for(self._socket, Seat, SEAT_S)


async def _wait_for(socket: Socket, kind: type[M], patience_s: float) -> M:
    """Wait for the next message of this kind; others are skipped, this client needs none."""
    with trio.move_on_after(patience_s):
        while True:
            message = _decoded(await socket.receive())
            if isinstance(message, kind):
                return message
            if isinstance(message, Refused):
                raise RefusedError(message.code, message.text)
    raise ClientError(f"no {kind.spec.name} within {patience_s:.0f} s")


def _decoded(payload: bytes) -> FromLobby:
    try:
        return decode(FromLobby, payload)
    except DecodeError as error:
        raise ClientError(f"the server does not speak this protocol: {error}") from None
