"""A connection that reconnects by itself: one socket at a time, with deadlines and pauses.

    run
      └─ nursery of one connection ─┬─ _speak      sends our messages, in order
                                    └─ _listen     receives the server's, in this task

Owns: when to connect, when to give up on a silent socket, when to try again. Must not know: what is
said; its `ConnectionHandler` does. Invariant: at most one socket, and none once `run` has returned.
Messages wait in a short outbox while the socket is blocked; when it is full, more are dropped.
"""

import random
from typing import Final, Protocol

import trio
from attrs import define, field, frozen

from clients.desktop.core.connection_state import (
    DROPPED_HERE,
    ConnectionState,
    ConnectionStatus,
    passing_words,
)
from clients.net.address import Address
from clients.net.backoff import delay_s
from clients.net.errors import ClientError, ConnectionEndedError
from clients.net.websocket import Socket, connect
from game.wire.strict import DecodeError

ASLEEP_S: Final = 1.0  # a deadline that fires this late: this program was stopped
OUTBOX_MAX: Final = 16  # half a second of inputs: anything behind them is too late


@frozen
class Limits:
    """How long to wait until accepted, and then for each message."""

    connect_s: float
    silence_s: float


class ConnectionHandler(Protocol):
    """The protocol of a connection: its messages and their meaning."""

    limits: Limits

    @property
    def path(self) -> str:
        """The URL to connect to."""

    def greeting(self) -> bytes:
        """The first message on every socket: who we are."""

    def hear(self, payload: bytes) -> bool:
        """Take in a message; True once accepted. Raises `DecodeError` and `ClientError`."""

    def final_words(self, code: int) -> str | None:
        """The words for an end that no retry can mend; None: try again."""


@define(eq=False)
class Connection:
    """One connection. `sockets` is the nursery in which sockets are closed in the background."""

    handler: ConnectionHandler
    address: Address
    sockets: trio.Nursery
    state: ConnectionState = field(factory=ConnectionState)
    reconnects: int = 0
    _dice: random.Random = field(factory=random.Random)
    _outbox: trio.MemorySendChannel[bytes] | None = None
    _hurry: trio.Event = field(factory=trio.Event)
    _over: trio.Event = field(factory=trio.Event)

    def say(self, message: bytes) -> bool:
        """Send a message; False when there is no connection, or too much waits already."""
        if self._outbox is None or not self.state.is_online:
            return False
        try:
            self._outbox.send_nowait(message)
        except trio.WouldBlock:
            return False
        return True

    def hurry(self) -> None:
        """Skip the countdown; or, after an end, start again."""
        self._hurry.set()

    async def wait_hurry(self) -> None:
        """Wait for a `hurry` after an end."""
        self._hurry = trio.Event()
        await self._hurry.wait()

    async def wait_over(self) -> None:
        """Wait until `run` has returned."""
        await self._over.wait()

    async def run(self) -> None:
        """Talk until the end, over as many sockets as it takes."""
        attempt = 0
        try:
            while True:
                code, reason = await self._hold_one()
                final = self.handler.final_words(code)
                if final is not None:
                    self.state = ConnectionState(ConnectionStatus.ENDED, code=code, reason=final)
                    return
                attempt = 1 if self.state.is_online else attempt + 1
                await self._pause(attempt, passing_words(code, reason))
        finally:
            self._over.set()

    async def _pause(self, attempt: int, reason: str) -> None:
        wait_s = delay_s(attempt - 1, self._dice)
        self._hurry = trio.Event()
        until_s = trio.current_time() + wait_s
        self.state = ConnectionState(ConnectionStatus.RETRYING, attempt, until_s, reason=reason)
        with trio.move_on_after(wait_s):
            await self._hurry.wait()

    async def _hold_one(self) -> tuple[int, str]:
        """Hold one connection until it ends; returns the close code and the reason."""
        if self.state.status is not ConnectionStatus.RETRYING:
            self.state = ConnectionState()
        deadline_s = trio.current_time() + self.handler.limits.connect_s
        try:
            with trio.fail_at(deadline_s):
                socket = await connect(self.sockets, self.address, self.handler.path)
        except ClientError as error:
            return DROPPED_HERE, str(error)
        except trio.TooSlowError:
            return DROPPED_HERE, "the server did not answer"
        self._outbox, inbox = trio.open_memory_channel[bytes](OUTBOX_MAX)
        try:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(_speak, socket, self.handler.greeting(), inbox)
                end = await self._listen(socket, deadline_s)
                nursery.cancel_scope.cancel()
        finally:
            self._outbox = None
            socket.release()
        return end

    async def _listen(self, socket: Socket, deadline_s: float) -> tuple[int, str]:
        while True:
            try:
                with trio.fail_at(deadline_s):
                    payload = await socket.receive()
                is_accepted = self.handler.hear(payload)
            except ConnectionEndedError as end:
                return end.code, end.reason
            except trio.TooSlowError:
                late_s = trio.current_time() - deadline_s
                if late_s <= ASLEEP_S:
                    return DROPPED_HERE, "the server went silent"
                # Messages that came while this program was stopped are read first.
                deadline_s = trio.current_time() + self.handler.limits.silence_s
                continue
            except (DecodeError, ClientError) as error:
                return DROPPED_HERE, f"the server sent something unexpected ({error})"
            if is_accepted and not self.state.is_online:
                self.reconnects += self.state.status is ConnectionStatus.RETRYING
                self.state = ConnectionState(ConnectionStatus.ONLINE)
            if self.state.is_online:
                deadline_s = trio.current_time() + self.handler.limits.silence_s


async def _speak(socket: Socket, greeting: bytes, inbox: trio.MemoryReceiveChannel[bytes]) -> None:
    try:
        await socket.send(greeting)
        async for message in inbox:
            await socket.send(message)
    except ConnectionEndedError:
        pass  # `_listen` gets it too, with the reason
