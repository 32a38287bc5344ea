"""One viewer of a replay: their requests, and the snapshots they get.

Owns: the pace, and the order of messages. Must not know: files, how a world is made. Invariants: a
viewer who reads slowly or asks for too much slows down nobody else; a flood of requests ends the
viewer's connection; a viewer who is idle for `idle_s` loses their place.

    visit nursery            opened by `run`, child of the connection
      ├─ _listen             the viewer's requests
      └─ _show_round         this task: one round after the other
"""

from collections.abc import Mapping

import trio
from attrs import define, field

from game.arena import Arena
from game.tuning import SNAPSHOT_EVERY_TICKS, TICKS_PER_SECOND
from game.wire.codec import DecodeError, decode_from_client, encode
from game.wire.messages import Channel, CloseCode, Sender
from server.budget.costs import REPLAY_QUESTION
from server.net.websocket import Connection, ConnectionEnded
from server.replays.pacer import Pacer
from server.replays.recording import RecordingError
from server.replays.source import Source
from server.replays.viewer import Viewer

RECORDS_AT_ONCE = 8  # records indexed or copied in one piece of work
POLL_S = 0.1  # how often a growing journal is polled
FIRST_POLLS_MAX = 50
LENGTH_EVERY_S = 1.0  # how often a viewer is told the new length
LATE_MAX_S = 0.25  # playback catches up on no more delay than this
MESSAGES_PER_S, MESSAGES_BURST = 30.0, 90.0
NORMAL_PERCENT = 100
CREEPING_PERCENT = 25  # the slowest pace that clients offer, apart from a pause


@define(eq=False)
class Visit:
    """See the module. `source` knows where the rounds come from."""

    connection: Connection
    source: Source
    pacer: Pacer
    maps: Mapping[str, Arena]
    idle_s: float = float("inf")  # how long the viewer may stand still, or creep
    is_idle: bool = False  # set when the visit ended because of `idle_s`
    percent: int = NORMAL_PERCENT
    wish_tick: int | None = None
    _asked: trio.Event = field(factory=trio.Event)
    _due_s: float = 0.0
    _told_s: float = 0.0  # when the viewer was told the length
    _active_s: float = field(factory=trio.current_time)  # when the viewer last asked or moved
    _is_flood: bool = False  # the viewer sent more messages than allowed

    async def run(self) -> None:
        """Show rounds until the viewer leaves, stands idle or floods. Raises `ConnectionEnded`,
        `RecordingError`.
        """
        failure: RecordingError | None = None
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._listen, nursery.cancel_scope)
            try:
                while await self._show_round():
                    pass
            except RecordingError as error:
                failure = error  # raised outside the nursery, which would wrap it in a group
            nursery.cancel_scope.cancel()
        if failure is not None:
            raise failure
        if self._is_flood:
            await self.connection.close(CloseCode.FLOOD, "more messages than the server takes")

    async def _listen(self, visit: trio.CancelScope) -> None:
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
            await self._hear(payload)
        visit.cancel()

    async def _hear(self, payload: bytes) -> None:
        try:
            name, fields = decode_from_client(Channel.MATCH, payload)
        except DecodeError:
            return  # it has already been charged to the allowance
        if name in ("seek", "pace"):
            self._active_s = trio.current_time()  # a ping only shows that the page is open
        if name == "seek":
            self.wish_tick = fields[0]
        elif name == "pace":
            self.percent = fields[0]
        elif name == "ping":
            await self._send(encode(Channel.MATCH, Sender.SERVER, "pong", fields[0], 0, 0))
        self._asked.set()

    async def _show_round(self) -> bool:
        """Show one round to its end; return True when another follows, False when idle."""
        reel = self.source.reel
        await self._fill()
        if not reel.is_ready:
            raise RecordingError(reel.damage or "nothing of it can be seen yet")
        viewer = Viewer(reel, self.maps)
        await self._send(viewer.welcome())
        limit = self.source.last_tick(trio.current_time())
        await self._seek(viewer, limit if reel.is_live else reel.first_tick, limit)
        while not self._has_stood_still(viewer, limit):
            limit = await self._limit(viewer)
            if self.wish_tick is not None:
                tick, self.wish_tick = self.wish_tick, None
                await self._seek(viewer, tick, limit)
            elif self.percent and viewer.tick < limit:
                await self._play(viewer, limit)
            elif (
                viewer.tick >= reel.last_tick
                and self.percent
                and (following := self.source.following()) is not None
            ):
                self.source = following
                return True
            else:
                still_s = max(0.0, self._active_s + self.idle_s - trio.current_time())
                await self._wait_asked(POLL_S if self.source.may_grow else still_s)
                self._due_s = trio.current_time()
        self.is_idle = True
        return False

    def _has_stood_still(self, viewer: Viewer, limit: int) -> bool:
        """Whether an idle viewer loses their place. At the end of what a running match has so far,
        they keep it.
        """
        is_slow = self.percent < CREEPING_PERCENT
        is_at_end = viewer.tick >= limit and not self.source.may_grow
        is_late = trio.current_time() >= self._active_s + self.idle_s
        return is_late and self.wish_tick is None and (is_slow or is_at_end)

    async def _fill(self) -> None:
        """Read and index a round up to now. The files of one that just began may take a moment."""
        for _ in range(FIRST_POLLS_MAX):
            await self._index()
            while self.source.take_in():
                await self._index()
            if self.source.reel.is_ready or not self.source.may_grow:
                return
            await trio.sleep(POLL_S)

    async def _index(self) -> None:
        """Index what is new in the reel."""
        source = self.source
        await self.pacer.work(lambda: source.look(RECORDS_AT_ONCE))

    async def _limit(self, viewer: Viewer) -> int:
        """Return the last tick the viewer may see now, after polling a growing journal."""
        now_s = trio.current_time()
        if self.source.may_grow and self.source.poll(now_s):
            await self._index()
        limit = self.source.last_tick(trio.current_time())
        if self.source.may_grow and now_s >= self._told_s + LENGTH_EVERY_S:
            await self._tell_length(viewer, limit)
        return limit

    async def _tell_length(self, viewer: Viewer, limit: int) -> None:
        self._told_s = trio.current_time()
        await self._send(viewer.length(limit, self.source.delay_s))
        while (marks := viewer.marks(limit)) is not None:
            await self._send(marks)

    async def _seek(self, viewer: Viewer, tick: int, limit: int) -> None:
        target = max(viewer.reel.first_tick, min(tick, limit))

        def leap() -> bool:
            viewer.leap(target)
            return False

        await self.pacer.work(leap)
        await self._go_on(viewer, target)
        viewer.forget_events()
        await self._tell_length(viewer, limit)
        await self._send_snapshot(viewer)
        self._due_s = trio.current_time()

    async def _play(self, viewer: Viewer, limit: int) -> None:
        """Wait until the next snapshot is due and send it; return early when the viewer asks for
        something.
        """
        ticks = max(SNAPSHOT_EVERY_TICKS, SNAPSHOT_EVERY_TICKS * self.percent // NORMAL_PERCENT)
        target = min(limit, viewer.tick + ticks)
        lasts_s = (target - viewer.tick) * NORMAL_PERCENT / self.percent / TICKS_PER_SECOND
        now_s = trio.current_time()
        self._due_s = max(self._due_s + lasts_s, now_s - LATE_MAX_S)
        if self._due_s > now_s and await self._wait_asked(self._due_s - now_s):
            self._due_s -= lasts_s
            return
        await self._go_on(viewer, target)
        await self._send_snapshot(viewer)
        if self.percent >= CREEPING_PERCENT:
            self._active_s = trio.current_time()

    async def _go_on(self, viewer: Viewer, target: int) -> None:
        def step() -> bool:
            if viewer.tick < target:
                viewer.advance()
            return viewer.tick < target

        await self.pacer.work(step)

    async def _send_snapshot(self, viewer: Viewer) -> None:
        roster = viewer.roster()
        if roster is not None:
            await self._send(roster)
        await self._send(viewer.snapshot())

    async def _send(self, message: bytes) -> None:
        await self.connection.send(message)

    async def _wait_asked(self, seconds: float | None) -> bool:
        """Wait up to `seconds` for a request of the viewer; return whether one came."""
        with trio.move_on_after(float("inf") if seconds is None else seconds):
            await self._asked.wait()
        was_asked = self._asked.is_set()
        self._asked = trio.Event()
        return was_asked
