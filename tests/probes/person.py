"""A player at a screen: 60 frames a second, and what each of them shows.

Owns: the connection and the frames of one seat, and their measurements. Must not know: the server's
state. Invariant: `clients.netcode` does all prediction and interpolation; none is done here.

    live
      └─ nursery ─┬─ messages from the server
                  └─ frames
"""

import random
from functools import partial
from math import hypot
from typing import Final, Protocol

import trio
from attrs import define, field

from clients.net.errors import ClientError
from clients.net.match_core import MatchCore
from clients.netcode.interpolation import Pose
from clients.netcode.prediction import Prediction
from clients.netcode.predictor import Predictor
from clients.netcode.round import Round
from game.events import EventKind
from game.inputs import Input
from game.tuning import TICKS_PER_SECOND, TUNING
from game.wire.codec import decode, encode
from game.wire.match_messages import Refused, Welcome
from game.wire.schema import FromMatch, ToMatch
from tests.probes.range import MATCH_ID, Range
from tests.simulation.wire import Wire, open_wire

FRAME_S: Final = 1 / TICKS_PER_SECOND


class Habit(Protocol):
    """A player's keys, and the place they look at."""

    def press(self, person: "Person", tick: int) -> Input:
        """The input for `tick`, from what the screen shows."""

    def simulated(self, person: "Person", tick: int, wish: Input) -> None:
        """Called after `tick` was predicted with `wish`."""

    def looked(self, person: "Person") -> None:
        """Called when a frame is on the screen."""


@define
class Screen:
    """Measurements of what was seen."""

    frames: int = 0
    snapshots: int = 0
    ages_ticks: list[int] = field(factory=list)  # of snapshots, on arrival
    rails_heard: int = 0
    margins: list[int] = field(factory=list)
    gaps_s: list[float] = field(factory=list)  # between snapshots
    own_step_max_units: float = 0.0  # from one frame to the next
    own_jumps: int = 0  # frames in which that was more than any player can move
    other_step_max_units: float = 0.0
    extrapolated_frames: int = 0
    corrections: list[float] = field(factory=list)  # times of the corrections
    end: str = ""


@define(eq=False)
class Person:
    """See the module. `frame_at_s` is the time of the frame that is being made."""

    range: Range
    name: str
    address: str
    habit: Habit
    dice: random.Random
    frame_at_s: float = 0.0
    screen: Screen = field(factory=Screen)
    core: MatchCore = field(factory=partial(MatchCore, b""))
    round: Round | None = None
    wire: Wire | None = None
    is_counting: bool = False
    welcomed: trio.Event = field(factory=trio.Event)
    _round_trip_s: float = 0.0
    _outbox: list[bytes] = field(factory=list)
    _heard_s: float = 0.0
    _drawn: dict[int, tuple[float, float]] = field(factory=dict)

    @property
    def slot(self) -> int:
        """The player's own slot."""
        welcome = self.core.replica.welcome
        assert welcome is not None, "welcomed"
        return welcome.slot

    @property
    def others_tick(self) -> float:
        """The tick that the others are drawn at in this frame."""
        return self.core.clock.interpolation_tick(self.frame_at_s)

    def pose_of(self, slot: int) -> Pose | None:
        """Another player's position on the screen."""
        assert self.round is not None, "there is a round"
        return self.round.interpolation.pose_at(slot, self.others_tick)

    async def live(self) -> None:
        """Join, and play until the connection ends."""
        path = f"/match/{MATCH_ID}"
        opened_s = trio.current_time()
        self.wire = await open_wire(self.range.lines, path, self.address, self.dice)
        self._round_trip_s = (trio.current_time() - opened_s) / 2
        self.core.ticket = self.range.ticket(self.name)
        await self._say(self.core.join(trio.current_time()))
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._frames)
            try:
                while True:
                    self._hear(await self.wire.receive())
            except ClientError as error:
                self.screen.end = str(error)
            nursery.cancel_scope.cancel()

    def _hear(self, payload: bytes) -> None:
        message = decode(FromMatch, payload)
        now_s = trio.current_time()
        is_new_view = self.core.receive(message, now_s)
        if isinstance(message, Welcome):
            self._begin(message)
        elif is_new_view:
            self._look_at_news(now_s)
        elif isinstance(message, Refused):
            raise ClientError(message.text)

    def _begin(self, welcome: Welcome) -> None:
        # The time of the welcome would measure the width of a thin line as well.
        self.core.clock.round_trip_s = self._round_trip_s
        tuning = self.range.rules.tuning
        self.round = Round(welcome.slot, self.range.arena)
        self.round.prediction = Prediction(Predictor(self.range.arena, tuning))
        self.welcomed.set()

    def _look_at_news(self, now_s: float) -> None:
        replica, round_, screen = self.core.replica, self.round, self.screen
        view = replica.view
        assert view is not None, "a view"
        assert round_ is not None, "a round"
        is_corrected = round_.ingest(view)
        if self.is_counting:
            screen.snapshots += 1
            screen.ages_ticks.append(self.range.tick - view.tick)
            screen.rails_heard += sum(event[0] == EventKind.RAIL for event in view.events)
            screen.margins.append(replica.margin)
            screen.gaps_s.append(now_s - self._heard_s)
            if is_corrected:
                screen.corrections.append(now_s)
        self._heard_s = now_s

    async def _frames(self) -> None:
        frame_at_s = trio.current_time() + self.dice.random() * FRAME_S
        while True:
            await trio.sleep_until(frame_at_s)
            self.frame_at_s = frame_at_s
            if self.round is not None and self.round.view is not None:
                self._frame(self.round)
                outbox, self._outbox = self._outbox, []
                for message in outbox:
                    assert self.wire is not None, "there is a wire"
                    await self.wire.send(message)
            frame_at_s += FRAME_S

    def _frame(self, round_: Round) -> None:
        ticks, others_tick = self.core.advance(self.frame_at_s), self.others_tick
        for tick in ticks:
            wish = self.habit.press(self, tick)
            round_.simulate(tick, wish)
            self.habit.simulated(self, tick, wish)
            messages = self.core.put(tick, wish, others_tick)
            self._outbox += [encode(message) for message in messages]
        round_.prediction.fade(1)
        round_.take_events(self.core.clock, self.frame_at_s)
        self.habit.looked(self)
        self._measure(round_)

    def _measure(self, round_: Round) -> None:
        screen, view = self.screen, round_.view
        if view is None:
            return
        places = {self.slot: round_.prediction.position_at(self.core.clock.predicted_tick)}
        for slot in view.bodies:
            pose = self.pose_of(slot) if slot != self.slot else None
            if pose is not None:
                places[slot] = pose.x, pose.y
        if self.is_counting:
            screen.frames += 1
            screen.extrapolated_frames += self.others_tick > view.tick
            for slot, (x, y) in places.items():
                before = self._drawn.get(slot, (x, y))
                step = hypot(x - before[0], y - before[1])
                if slot == self.slot:
                    screen.own_step_max_units = max(screen.own_step_max_units, step)
                    screen.own_jumps += step > 2 * TUNING.dash_speed
                else:
                    screen.other_step_max_units = max(screen.other_step_max_units, step)
        self._drawn = places

    async def _say(self, message: ToMatch) -> None:
        assert self.wire is not None, "there is a wire"
        await self.wire.send(encode(message))
