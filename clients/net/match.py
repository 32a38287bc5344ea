"""The conversation with a match: snapshots in, inputs out, and rejoining the seat after a lost
connection.

Owns: a bot's loop. Must not know: how a bot decides. Invariant: snapshots are the clock; inputs
are sent only in answer to one, and nothing here runs on a timer of its own.
"""

import random
from collections import Counter
from typing import Self

import trio
from attrs import define, field

from clients.net.address import Address
from clients.net.backoff import delay_s
from clients.net.errors import ClientError, ConnectionEndedError, RefusedError
from clients.net.match_core import MatchCore
from clients.net.replica import Replica
from clients.net.round_trips import RoundTrips
from clients.net.websocket import Socket, connect
from game.brain.perception import Perception
from game.inputs import Input
from game.view import View
from game.wire.codec import DecodeError, decode, encode
from game.wire.lobby_messages import Seat
from game.wire.match_messages import Leave, Refused, Welcome
from game.wire.messages import CloseCode
from game.wire.schema import FromMatch, ToMatch

RESUME_S = 60.0  # how long the server keeps a seat
ATTEMPTS_MAX = 40
LEAVE_S = 1.0


@define
class MatchCounts:
    """One seat's network counters."""

    snapshots: int = 0
    snapshot_bytes: int = 0
    reconnects: int = 0
    ends: Counter[int] = field(factory=Counter)  # by close code


@define(eq=False)
class MatchClient:
    """A seat. Iterate for perceptions; `send` an input for each. Use `play` to get one."""

    address: Address
    seat: Seat
    _nursery: trio.Nursery
    perception_every: int = 1  # in snapshots; a bot that thinks less often costs less
    _dice: random.Random = field(factory=random.Random)
    replica: Replica = field(factory=Replica)  # the match as this seat sees it
    counts: MatchCounts = field(factory=MatchCounts)
    _core: MatchCore = field(init=False)
    _socket: Socket | None = None
    _wish: Input | None = None
    _answered: View | None = None
    _refusal: RefusedError | None = None  # what the server refused, just before it closes
    _lost_s: float | None = None  # when the seat was lost; None while seated
    _attempt: int = 0  # to rejoin, counted since then

    def __attrs_post_init__(self) -> None:
        """Prepare the seat that the ticket is for."""
        self._core = MatchCore(self.seat.ticket, has_frames=False, replica=self.replica)

    @property
    def round_trips(self) -> RoundTrips:
        """The measured round trips."""
        return self._core.round_trips

    def send(self, wish: Input) -> None:
        """Press these keys and hold them until the next call; the next iteration sends them."""
        self._wish = wish

    def __aiter__(self) -> Self:
        """Iterate over perceptions until the match is over."""
        return self

    async def __anext__(self) -> Perception:
        """Send the current input, and wait for the next perception. Raises `ClientError`."""
        while True:
            try:
                if self._socket is None:
                    await self._join()
                await self._speak()
                if await self._listen() and self.counts.snapshots % self.perception_every == 0:
                    perception = self.replica.perception()
                    if perception is not None:
                        return perception
            except ConnectionEndedError as end:
                await self._recover(end)

    async def leave(self) -> None:
        """Give up the seat, with at most `LEAVE_S` for a clean close."""
        socket, self._socket = self._socket, None
        if socket is None:
            return
        with trio.move_on_after(LEAVE_S, shield=True):
            try:
                await socket.send(encode(Leave()))
                while True:
                    await socket.receive()
            except ClientError:
                pass
        socket.release()

    async def _join(self) -> None:
        self._socket = await connect(self._nursery, self.address, self.seat.path)
        await self._socket.send(encode(self._core.join(trio.current_time())))

    async def _speak(self) -> None:
        """Answer a new view with the current input and, when one is due, a ping."""
        socket, view, core = self._socket, self.replica.view, self._core
        assert socket is not None
        if view is None or view is self._answered:
            return
        self._answered = view
        now_s = trio.current_time()
        messages: list[ToMatch] = [*core.ping(now_s)]
        ticks = core.advance(now_s)
        for index, tick in enumerate(ticks if self._wish is not None else ()):
            assert self._wish is not None
            messages += core.put(tick, self._wish, view.tick + index)
        for message in messages:
            await socket.send(encode(message))

    async def _listen(self) -> bool:
        """Receive one message; True when it brought a new view."""
        assert self._socket is not None
        payload = await self._socket.receive()
        message = _decoded(payload)
        if isinstance(message, Refused):  # the close code that follows says if it is final
            self._refusal = RefusedError(message.code, message.text)
        elif isinstance(message, Welcome):
            self._is_seated()
        is_new = self._received(message)
        if is_new:
            self.counts.snapshots += 1
            self.counts.snapshot_bytes += len(payload)
        return is_new

    def _received(self, message: FromMatch) -> bool:
        try:
            return self._core.receive(message, trio.current_time())
        except DecodeError as error:
            raise ClientError(f"a snapshot that cannot be: {error}") from None

    def _is_seated(self) -> None:
        if self._lost_s is not None:
            self.counts.reconnects += 1
        self._refusal, self._lost_s, self._attempt = None, None, 0

    async def _recover(self, end: ConnectionEndedError) -> None:
        """Rejoin after a lost connection or a temporary refusal: with the newest token, or with the
        ticket before the first welcome. Otherwise end the iteration.
        """
        self._drop_socket()
        await trio.lowlevel.checkpoint()  # an end caused by a cancellation does not count
        self.counts.ends[end.code] += 1
        if end.code in (CloseCode.MATCH_OVER, CloseCode.LEFT) and self._refusal is None:
            raise StopAsyncIteration
        if end.is_final:
            raise self._refusal or end
        if self._lost_s is None:
            self._lost_s = trio.current_time()
        failure: ClientError | None = None
        with trio.move_on_at(self._lost_s + RESUME_S):
            while self._attempt < ATTEMPTS_MAX:
                await trio.sleep(delay_s(self._attempt, self._dice))
                self._attempt += 1
                try:
                    await self._join()
                except ClientError as error:
                    failure = error
                    self._drop_socket()
                    continue
                return
        why = f": {failure}" if failure is not None else ""
        raise ClientError(f"no way back into the seat after {self._refusal or end}{why}")

    def _drop_socket(self) -> None:
        if self._socket is not None:
            self._socket.release()
            self._socket = None


def _decoded(payload: bytes) -> FromMatch:
    try:
        return decode(FromMatch, payload)
    except DecodeError as error:
        raise ClientError(f"the server does not speak this protocol: {error}") from None
