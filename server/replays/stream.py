"""The stream of a replay to one viewer: their requests, and the snapshots they get.

Owns: the speed of playback, and the order of messages. Must not know: files, how a world is made.
Invariants: a viewer who reads slowly or asks for too much slows down nobody else; a flood of
requests ends the viewer's connection; a viewer who is idle for `idle_s` loses their place.

    stream nursery           opened by `run`, child of the connection
      ├─ _read_requests      the viewer's requests
      └─ _stream_round       this task: one round after the other
"""

from collections.abc import Mapping

import trio
from attrs import define, field

from game.arena import Arena
from game.tuning import SNAPSHOT_EVERY_TICKS, TICKS_PER_SECOND
from game.wire.codec import DecodeError, decode, encode
from game.wire.match_messages import Ping, Pong, Seek, Speed
from game.wire.messages import CloseCode
from game.wire.schema import ToMatch
from server.budget.costs import REPLAY_QUESTION
from server.net.websocket import Connection, ConnectionEnded
from server.replays.playback import Playback
from server.replays.recording import RecordingError
from server.replays.source import RoundSource
from server.replays.throttle import Throttle

RECORDS_AT_ONCE = 8  # records indexed or copied in one piece of work
POLL_S = 0.1  # how often a growing journal is polled
FIRST_POLLS_MAX = 50
LENGTH_EVERY_S = 1.0  # how often a viewer is sent the new length
LATE_MAX_S = 0.25  # playback catches up on no more delay than this
MESSAGES_PER_S, MESSAGES_BURST = 30.0, 90.0
NORMAL_PERCENT = 100
SLOW_PERCENT = 25  # the slowest speed that clients offer, apart from a pause


@define(eq=False)
class ReplayStream:
    """See the module. `source` knows where the rounds come from."""

    connection: Connection
    source: RoundSource
    throttle: Throttle
    maps: Mapping[str, Arena]
    idle_s: float = float("inf")  # how long the viewer may pause, or play slowly
    is_idle: bool = False  # set when the stream ended because of `idle_s`
    speed_percent: int = NORMAL_PERCENT
    seek_tick: int | None = None
    _requested: trio.Event = field(factory=trio.Event)
    _due_s: float = 0.0
    _length_sent_s: float = 0.0  # when the viewer was sent the length
    _active_s: float = field(factory=trio.current_time)  # when the viewer last asked or moved
    _is_flood: bool = False  # the viewer sent more messages than allowed

    async def run(self) -> None:
        """Stream rounds until the viewer leaves, stays idle or floods. Raises `ConnectionEnded`,
        `RecordingError`.
        """
        failure: RecordingError | None = None
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._read_requests, nursery.cancel_scope)
            try:
                while await self._stream_round():
                    pass
            except RecordingError as error:
                failure = error  # raised outside the nursery, which would wrap it in a group
            nursery.cancel_scope.cancel()
        if failure is not None:
            raise failure
        if self._is_flood:
            await self.connection.close(CloseCode.FLOOD, "more messages than the server accepts")

    async def _read_requests(self, scope: trio.CancelScope) -> None:
        """Note the viewer's newest request, until they leave or ask for too much."""
        allowance, refilled_s = MESSAGES_BURST, trio.current_time()
        while True:
            try:
                payload = await self.connection.receive()
            except ConnectionEnded:
                break
            now_s = trio.current_time()
            allowance = min(MESSAGES_BURST, allowance + (now_s - refilled_s) * MESSAGES_PER_S) - 1
            refilled_s = now_s
            if allowance < 0 or not self.connection.pay(REPLAY_QUESTION):
                self._is_flood = True
                break
            await self._take_request(payload)
        scope.cancel()

    async def _take_request(self, payload: bytes) -> None:
        try:
            message = decode(ToMatch, payload)
        except DecodeError:
            return  # it has already been charged to the allowance
        if isinstance(message, Seek | Speed):
            self._active_s = trio.current_time()  # a ping only shows that the page is open
        if isinstance(message, Seek):
            self.seek_tick = message.tick
        elif isinstance(message, Speed):
            self.speed_percent = message.percent
        elif isinstance(message, Ping):
            await self._send(encode(Pong(message.nonce, 0, 0)))
        self._requested.set()

    async def _stream_round(self) -> bool:
        """Stream one round to its end; return True when another follows, False when idle."""
        index = self.source.index
        await self._load()
        if not index.is_ready:
            raise RecordingError(index.damage or "nothing of it can be shown yet")
        playback = Playback(index, self.maps)
        await self._send(playback.welcome())
        limit = self.source.last_tick(trio.current_time())
        await self._seek(playback, limit if index.is_live else index.first_tick, limit)
        while not self._has_idled(playback, limit):
            limit = await self._limit(playback)
            if self.seek_tick is not None:
                tick, self.seek_tick = self.seek_tick, None
                await self._seek(playback, tick, limit)
            elif self.speed_percent and playback.tick < limit:
                await self._play(playback, limit)
            elif (
                playback.tick >= index.last_tick
                and self.speed_percent
                and (next_source := self.source.next_source()) is not None
            ):
                self.source = next_source
                return True
            else:
                still_s = max(0.0, self._active_s + self.idle_s - trio.current_time())
                await self._wait_requested(POLL_S if self.source.may_grow else still_s)
                self._due_s = trio.current_time()
        self.is_idle = True
        return False

    def _has_idled(self, playback: Playback, limit: int) -> bool:
        """Whether an idle viewer loses their place. At the end of what a running match has so far,
        they keep it.
        """
        is_slow = self.speed_percent < SLOW_PERCENT
        is_at_end = playback.tick >= limit and not self.source.may_grow
        is_late = trio.current_time() >= self._active_s + self.idle_s
        return is_late and self.seek_tick is None and (is_slow or is_at_end)

    async def _load(self) -> None:
        """Read and index a round up to now. The files of one that just began may take a moment."""
        for _ in range(FIRST_POLLS_MAX):
            await self._index()
            while self.source.read_more():
                await self._index()
            if self.source.index.is_ready or not self.source.may_grow:
                return
            await trio.sleep(POLL_S)

    async def _index(self) -> None:
        """Index what is new in the round."""
        source = self.source
        await self.throttle.work(lambda: source.index_records(RECORDS_AT_ONCE))

    async def _limit(self, playback: Playback) -> int:
        """Return the last tick the viewer may see now, after polling a growing journal."""
        now_s = trio.current_time()
        if self.source.may_grow and self.source.poll(now_s):
            await self._index()
        limit = self.source.last_tick(trio.current_time())
        if self.source.may_grow and now_s >= self._length_sent_s + LENGTH_EVERY_S:
            await self._send_length(playback, limit)
        return limit

    async def _send_length(self, playback: Playback, limit: int) -> None:
        self._length_sent_s = trio.current_time()
        await self._send(playback.timeline(limit, self.source.delay_s))
        while (marks := playback.marks(limit)) is not None:
            await self._send(marks)

    async def _seek(self, playback: Playback, tick: int, limit: int) -> None:
        target = max(playback.index.first_tick, min(tick, limit))

        def jump() -> bool:
            playback.jump(target)
            return False

        await self.throttle.work(jump)
        await self._advance(playback, target)
        playback.forget_events()
        await self._send_length(playback, limit)
        await self._send_snapshot(playback)
        self._due_s = trio.current_time()

    async def _play(self, playback: Playback, limit: int) -> None:
        """Wait until the next snapshot is due and send it; return early when the viewer asks for
        something.
        """
        ticks = max(
            SNAPSHOT_EVERY_TICKS, SNAPSHOT_EVERY_TICKS * self.speed_percent // NORMAL_PERCENT
        )
        target = min(limit, playback.tick + ticks)
        lasts_s = (target - playback.tick) * NORMAL_PERCENT / self.speed_percent / TICKS_PER_SECOND
        now_s = trio.current_time()
        self._due_s = max(self._due_s + lasts_s, now_s - LATE_MAX_S)
        if self._due_s > now_s and await self._wait_requested(self._due_s - now_s):
            self._due_s -= lasts_s
            return
        await self._advance(playback, target)
        await self._send_snapshot(playback)
        if self.speed_percent >= SLOW_PERCENT:
            self._active_s = trio.current_time()

    async def _advance(self, playback: Playback, target: int) -> None:
        def step() -> bool:
            if playback.tick < target:
                playback.advance()
            return playback.tick < target

        await self.throttle.work(step)

    async def _send_snapshot(self, playback: Playback) -> None:
        roster = playback.roster()
        if roster is not None:
            await self._send(roster)
        await self._send(playback.snapshot())

    async def _send(self, message: bytes) -> None:
        await self.connection.send(message)

    async def _wait_requested(self, seconds: float | None) -> bool:
        """Wait up to `seconds` for a request of the viewer; return whether one came."""
        with trio.move_on_after(float("inf") if seconds is None else seconds):
            await self._requested.wait()
        was_requested = self._requested.is_set()
        self._requested = trio.Event()
        return was_requested
