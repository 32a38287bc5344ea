"""A well-behaved player: finds a seat, plays, and reconnects when the connection is lost.

Owns: what a good client does, and what it may expect. Must not know: the server's internals.
Invariant: every wait of a player has a deadline, and they retry by themselves. So a player who gets
nowhere for long is the server's fault.
"""

import random
from typing import TypeVar

import trio
from attrs import define, frozen

from clients.net.backoff import delay_s
from clients.net.errors import ClientError, ConnectionEndedError
from game.inputs import AIM_MAX, BUTTONS_MAX
from game.wire import lobby_messages, match_messages
from game.wire.codec import DecodeError, decode, encode, fingerprint
from game.wire.lobby_messages import (
    CreateRoom,
    Hello,
    Idle,
    JoinRoom,
    ListMatches,
    Matches,
    MatchRow,
    Play,
    Queued,
    Room,
    StartRoom,
    WatchMatch,
)
from game.wire.match_messages import DeltaSnapshot, FullSnapshot, Inputs, Join, Leave, Step
from game.wire.messages import CloseCode, Refusal
from game.wire.schema import FromLobby, FromMatch, Message
from tests.simulation.town import Town
from tests.simulation.wire import Wire, open_wire

SILENCE_S = 3.0  # a client that has heard nothing for so long in a match reconnects
LEAD_TICKS = 6
CUT_OFF_SHARE = 0.1  # of joins: the player is gone before, or just as, the welcome arrives
CUT_OFF_S_MAX = 0.5
OPENING_S = 3.5  # the same in the lobby, which sends less
# The message numbers of snapshots, which are read without the codec.
FULL, DELTA = FullSnapshot.spec.number, DeltaSnapshot.spec.number
M = TypeVar("M", bound=Message)
OVER = (CloseCode.MATCH_OVER, CloseCode.LEFT, CloseCode.SHUTDOWN, CloseCode.FULL)
# After a refusal with one of these there is no match to return to, and nothing is at fault.
NO_FAULT = (Refusal.MATCH, Refusal.FULL)


@frozen
class Plan:
    """A player's plan."""

    name: str
    wish: str = "quick"  # or: owner, friend, watch
    mode: str = "duel"
    comes_s: float = 0.0
    stays_s: float = 1_000.0
    drops_mean_s: float = 15.0  # mean time until the player cuts their own connection
    bots: int = 1
    away_s_max: float = 0.0  # the longest absence after such a cut


@frozen
class Seat:
    """The seat that the lobby gave the player."""

    match: str
    path: str
    ticket: bytes
    is_watching: bool
    given_s: float


class GoneError(Exception):
    """There is no seat to return to: look for another match."""


class SilenceError(ClientError):
    """No message arrived in time."""


@define(eq=False)
class Player:
    """See the module."""

    town: Town
    plan: Plan
    dice: random.Random
    address: str
    session: bytes = b""
    token: bytes = b""  # the resume token of the match
    seat: Seat | None = None
    heard_s: float = 0.0  # when the last snapshot arrived
    waiting_since_s: float | None = None  # for a seat, or the match's next snapshot
    welcome: match_messages.Welcome | None = None
    tick: int = 0
    is_done: bool = False
    snapshots: int = 0
    welcomes: int = 0
    _leaves_s: float = 0.0
    _away_s: float = 0.0
    _is_alone: bool = False  # the friends' room is gone: the player plays with anybody
    _looks_round: int = 0  # checks of the room: if no friend comes, the player starts alone
    _aim: int = 0
    _buttons: int = 0

    async def live(self) -> None:
        """Connect, play until it is time to leave, and leave."""
        try:
            await self._live()
        except DecodeError as error:
            self.town.witness.fault(self.plan.name, f"was told what makes no sense: {error}")

    async def _live(self) -> None:
        await trio.sleep(self.plan.comes_s)
        self._leaves_s = trio.current_time() + self.plan.stays_s
        while trio.current_time() < self._leaves_s and not self.town.is_closing:
            self.waiting_since_s = trio.current_time()
            self.seat = await self._find_seat()
            if self.seat is None:
                break
            try:
                await self._play(self.seat)
            except GoneError as gone:
                self._note("gone", gone)
            self.seat, self.token, self.welcome = None, b"", None
        self.waiting_since_s = None
        self.is_done = True

    # The lobby.

    async def _find_seat(self) -> Seat | None:
        attempt = 0
        while not self.town.is_closing and trio.current_time() < self._leaves_s:
            try:
                wire = await self._open("/lobby")
                try:
                    return await self._ask(wire)
                finally:
                    wire.leave()
            except ClientError as error:
                self._note("lobby_lost", error)
            await trio.sleep(delay_s(min(attempt, 4), self.dice))
            attempt += 1
        return None

    async def _ask(self, wire: Wire) -> Seat:
        await self._say(wire, Hello(fingerprint(), self.plan.name, self.session))
        wish_is_said = False
        said: FromLobby | None = None  # the last message
        while True:
            try:
                said = await self._hear(wire, FromLobby, OPENING_S)
            except SilenceError:
                await self._doubt(wire, said)
                raise
            match said:
                case lobby_messages.Welcome():
                    self.session = said.session
                    self._note("lobby_welcome", said.name)
                case lobby_messages.Seat():
                    self._note("seat", said.match, said.watch)
                    is_watching = bool(said.watch)
                    now_s = trio.current_time()
                    return Seat(said.match, said.path, said.ticket, is_watching, now_s)
                case lobby_messages.Refused():
                    self._note("lobby_refused", said.about, said.code, said.text)
                    self._is_alone = True
                    raise ClientError("refused")
                case Room():
                    await self._in_room(wire, said)
                case Matches(rows):
                    await self._choose(wire, rows)
            if not wish_is_said and isinstance(said, Idle | Queued):
                wish_is_said = True
                await self._wish(wire)

    async def _doubt(self, wire: Wire, said: FromLobby | None) -> None:
        """Report a fault if the lobby is silent to a queued player but still answers pings."""
        if isinstance(said, Queued):
            await self._say(wire, lobby_messages.Ping(1))
            if isinstance(await self._hear(wire, FromLobby, OPENING_S), lobby_messages.Pong):
                self.town.witness.fault(self.plan.name, "waits, and nobody knows of it any more")

    async def _wish(self, wire: Wire) -> None:
        plan = self.plan
        code = self.town.code
        if plan.wish == "owner":
            await self._say(wire, CreateRoom(plan.mode, ""))
        elif plan.wish == "friend" and code and not self._is_alone:
            await self._say(wire, JoinRoom(code))
        elif plan.wish == "watch":
            await self._say(wire, ListMatches())
        else:
            await self._say(wire, Play(plan.mode))

    async def _in_room(self, wire: Wire, room: Room) -> None:
        if not room.owner:
            return
        self.town.code = room.code
        self._looks_round += 1
        if len(room.members) > 1 or self.town.friends == 0 or self._looks_round > 1:
            await self._say(wire, StartRoom(self.plan.bots, 5))

    async def _choose(self, wire: Wire, rows: tuple[MatchRow, ...]) -> None:
        if rows:
            await self._say(wire, WatchMatch(self.dice.choice(rows).match))
        else:
            await trio.sleep(1)
            await self._say(wire, ListMatches())

    # The match.

    async def _play(self, seat: Seat) -> None:
        """Play in this seat until the match is over or it is time to leave. Raises `GoneError`."""
        attempt = 0
        while True:
            if self.waiting_since_s is None:
                self.waiting_since_s = trio.current_time()
            try:
                wire = await self._open(seat.path)
                try:
                    attempt = 0 if await self._sit(wire, seat) else attempt + 1
                finally:
                    wire.transport.close()
            except ConnectionEndedError as end:
                self._note("match_lost", end.code, end.reason)
                if end.code in OVER:
                    raise GoneError(end.code) from None
                self.town.witness.parted(self, end)
            except ClientError as error:
                self._note("match_unreachable", error)
            if trio.current_time() >= self._leaves_s or self.town.is_closing:
                raise GoneError("time")
            attempt += 1
            await trio.sleep(delay_s(min(attempt, 4), self.dice) + self._away_s)
            self._away_s = 0.0

    async def _sit(self, wire: Wire, seat: Seat) -> bool:
        """Play over one connection; False when the player cuts it off."""
        key = self.token or seat.ticket
        await self._say(wire, Join(fingerprint(), key))
        drops_s = trio.current_time() + self.dice.expovariate(1 / self.plan.drops_mean_s)
        if self.dice.random() < CUT_OFF_SHARE and not self.town.is_calm:
            await trio.sleep(self.dice.random() * CUT_OFF_S_MAX)
            self._drop(wire)
            return False
        with trio.CancelScope() as patience:
            while True:
                patience.deadline = trio.current_time() + SILENCE_S
                await self._take_in(wire, await wire.receive(), seat)
                now_s = trio.current_time()
                if now_s >= self._leaves_s:
                    await self._say(wire, Leave())
                    self.town.witness.left(self)
                    self._leaves_s = 0.0
                elif now_s >= drops_s and not self.town.is_calm:
                    self._drop(wire)
                    return False
        raise ClientError("silence")

    async def _take_in(self, wire: Wire, message: bytes, seat: Seat) -> None:
        if message[2] in (FULL, DELTA):
            await self._look(wire, message)
        else:
            await self._heed(wire, decode(FromMatch, message), seat)

    async def _look(self, wire: Wire, message: bytes) -> None:
        """Take in a snapshot. Only its tick matters here; other tests cover the rest."""
        time = cbor_uint(message, 3)
        self.tick = time if message[2] == FULL else self.tick + time
        self.heard_s = trio.current_time()
        self.waiting_since_s = None
        self.snapshots += 1
        self.town.witness.saw(self)
        self.town.trace.mix(message)
        if self.snapshots % 2 == 0 and self.welcome is not None and self.welcome.slot >= 0:
            await self._press(wire)
        if self.snapshots % 30 == 0:  # each second, so that spectators are heard too
            await self._say(wire, match_messages.Ping(self.snapshots, 0))

    async def _press(self, wire: Wire) -> None:
        dice = self.dice
        if dice.random() < 0.2:
            self._buttons = dice.randint(0, BUTTONS_MAX)
            self._aim = dice.randint(0, AIM_MAX)
        steps = (Step(self._buttons, self._aim),) * 4
        await self._say(wire, Inputs(self.tick + LEAD_TICKS, LEAD_TICKS, steps))

    async def _heed(self, wire: Wire, message: FromMatch, seat: Seat) -> None:
        if isinstance(message, match_messages.Welcome):
            self.welcome, self.token = message, message.resume
            self.tick = 0
            self.welcomes += 1
            self._note("welcome", message.slot, message.tick, message.round)
            self.town.witness.welcomed(self)
        elif isinstance(message, match_messages.Refused):
            self._note("refused", message.code, message.text)
            if message.code == Refusal.STATE:  # the join was lost on the way: a close code follows
                return
            self.town.witness.refused(self, message.code, message.text)
            raise GoneError(message.text)

    def _drop(self, wire: Wire) -> None:
        """Fail on the player's side: by a reset, within a frame, by a close, or silently."""
        how = self.dice.choice(("reset", "half a frame", "close", "silence"))
        self._away_s = self.dice.uniform(0, self.plan.away_s_max)
        self._note("drops", how)
        if how == "reset":
            wire.transport.reset()
        elif how == "half a frame":
            wire.transport.io.write_nowait(b"\x82\xfe\x00")
            wire.transport.reset()
        elif how == "close":
            wire.leave()
        else:
            wire.transport.outbound.lost_s = wire.transport.inbound.lost_s = trio.current_time()

    # Both.

    async def _open(self, path: str) -> Wire:
        return await open_wire(self.town.network, path, self.address, self.dice)

    async def _say(self, wire: Wire, message: Message) -> None:
        await wire.send(encode(message))

    async def _hear(self, wire: Wire, side: type[M], patience_s: float) -> M:
        with trio.move_on_after(patience_s):
            return decode(side, await wire.receive())
        raise SilenceError("silence")

    def _note(self, what: str, *details: object) -> None:
        self.town.trace.note(self.plan.name, what, *details)


def cbor_uint(data: bytes, at: int) -> int:
    """The unsigned integer that begins at this byte (RFC 8949, section 3.1)."""
    first = data[at]
    if first < 24:
        return first
    length = 1 << (first - 24)
    return int.from_bytes(data[at + 1 : at + 1 + length], "big")
