"""The conversation with the lobby: hello, and then a seat somewhere.

Owns: the order of the messages. Must not know: matches. Invariant: every wait has a deadline.
"""

from typing import Any, NamedTuple

import trio
from attrs import define

from clients.net.address import Address
from clients.net.errors import ClientError, RefusedError
from clients.net.websocket import Socket, connect
from game.wire.codec import Decoded, DecodeError, decode_from_server, encode, fingerprint
from game.wire.messages import Channel, Sender

PATH = "/lobby"
HELLO_S = 10.0
SEAT_S = 60.0  # bots fill a queue long before


class Seat(NamedTuple):
    """A ticket for a seat, and the path of the match that honours it."""

    match: str
    path: str
    ticket: bytes
    watch: int = 0


class LobbyWelcome(NamedTuple):
    """The fields of the lobby's `welcome`, in the table's order."""

    fingerprint: bytes
    name: str
    session: bytes
    online: int
    modes: tuple[tuple[str, str, int, int], ...]
    maps: tuple[tuple[str, str, int, int, int], ...]
    name_note: str  # why the name is not the requested one; "" when it is


@define(eq=False)
class LobbyClient:
    """An open conversation; `welcome` has the name that the server settled on."""

    _socket: Socket
    welcome: LobbyWelcome

    @classmethod
    async def open(cls, nursery: trio.Nursery, address: Address, name: str = "") -> "LobbyClient":
        """Connect and say hello. Raises `ClientError`."""
        socket = await connect(nursery, address, PATH)
        try:
            await _say(socket, "hello", fingerprint(), name, b"")
            welcome = await _wait_for(socket, "welcome", HELLO_S)
        except BaseException:
            socket.release()
            raise
        return cls(socket, LobbyWelcome(*welcome.fields))

    async def play(self, mode: str) -> Seat:
        """Queue for a mode until there is a seat. Raises `ClientError`."""
        return await self._seat("play", mode)

    async def join_match(self, match: str) -> Seat:
        """Ask for a seat in a running match. Raises `ClientError`."""
        return await self._seat("join_match", match)

    async def join_room(self, code: str) -> Seat:
        """Enter a private room and wait for its owner to start. Raises `ClientError`."""
        return await self._seat("join_room", code)

    def leave(self) -> None:
        """Hang up."""
        self._socket.release()

    async def _seat(self, name: str, *fields: object) -> Seat:
        await _say(self._socket, name, *fields)
        return Seat(*(await _wait_for(self._socket, "seat", SEAT_S)).fields)


async def _say(socket: Socket, name: str, *fields: object) -> None:
    await socket.send(encode(Channel.LOBBY, Sender.CLIENT, name, *fields))


async def _wait_for(socket: Socket, name: str, patience_s: float) -> Decoded:
    """Wait for the next message of this name; others are skipped, this client needs none."""
    with trio.move_on_after(patience_s):
        while True:
            message = _decoded(await socket.receive())
            if message.name == name:
                return message
            if message.name == "refused":
                raise _refusal(message.fields)
    raise ClientError(f"no {name} within {patience_s:.0f} s")


def _decoded(payload: bytes) -> Decoded:
    try:
        return decode_from_server(Channel.LOBBY, payload)
    except DecodeError as error:
        raise ClientError(f"the server does not speak this protocol: {error}") from None


def _refusal(fields: tuple[Any, ...]) -> RefusedError:
    _about, code, text = fields
    return RefusedError(code, text)
