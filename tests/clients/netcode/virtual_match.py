"""A match and one client of it over a network made of two lists, in time that is only a number.

The server's side is the rules, the server's own inbox and views; the client's side is what a client
with a screen does sixty times a second.
"""

import random
from collections.abc import Callable

from attrs import define, field

from clients.netcode.clock import Clock
from clients.netcode.input_sender import InputSender
from clients.netcode.round import Round
from game import step, view
from game.brain.brain import Brain
from game.brain.perception import perception_of
from game.inputs import NEUTRAL, Command, CommandKind, Input
from game.tuning import SNAPSHOT_EVERY_TICKS, TICKS_PER_SECOND
from game.view import View
from game.wire.match_messages import Inputs
from game.world import World
from server.match.inbox import Inbox, InputBuffer
from tests.strategies import world_of

SLOT = 0
TICK_S = 1 / TICKS_PER_SECOND
Wish = Callable[[int], Input]


def idle(_tick: int) -> Input:
    return NEUTRAL


@define
class VirtualMatch:
    """`delay_s` is one way; `jitter_s` is added by chance, and never lets one overtake another."""

    delay_s: float = 0.02
    jitter_s: float = 0.0
    frame_s: float = TICK_S
    others: int = 0
    world: World = field(factory=world_of)
    clock: Clock = field(factory=Clock)
    sender: InputSender = field(factory=InputSender)
    inputs: InputBuffer = field(factory=InputBuffer)
    inbox: Inbox = field(init=False)
    is_starved: bool = False  # nothing came for the newest tick
    brains: dict[int, Brain] = field(factory=dict)  # of the others, by slot; without, they stand
    dice: random.Random = field(factory=lambda: random.Random(5))
    round: Round = field(init=False)
    now_s: float = 100.0
    _frame_at_s: float = 100.007  # not when the server ticks
    _woke_at_s: float = 0.0
    _uncounted_s: float = 0.0
    sent_count: int = 0
    _up: list[tuple[float, Inputs]] = field(factory=list)
    _down: list[tuple[float, View, int]] = field(factory=list)
    _events: list[tuple[int, ...]] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        self.inbox = self.inputs.inbox(SLOT)
        joins = [Command(CommandKind.JOIN, slot) for slot in range(1 + self.others)]
        step(self.world, joins)
        self.round = Round(SLOT, self.world.arena)
        self.clock.round_trip_s = 2 * self.delay_s

    def run(self, seconds: float, wish: Wish = idle) -> None:
        end_s = self.now_s + seconds
        while self.now_s < end_s:
            self.now_s += TICK_S
            while self._frame_at_s <= self.now_s:
                self._frame(self._frame_at_s, wish)
                self._frame_at_s += self.frame_s
            self._tick()

    def sleep(self, seconds: float, *, is_counted: bool) -> None:
        """The client's machine sleeps; whether its clock goes on depends on the machine."""
        end_s = self.now_s + seconds
        while self.now_s < end_s:
            self.now_s += TICK_S
            self._tick()
        self._frame_at_s = self.now_s
        self._woke_at_s = self.now_s
        self._uncounted_s += 0.0 if is_counted else seconds

    def _tick(self) -> None:
        while self._up and self._up[0][0] <= self.now_s:
            _, message = self._up.pop(0)
            self.inbox.put(self.world.tick, message)
        self.is_starved = self.world.tick + 1 not in self.inputs.waiting(SLOT)
        inputs = self.inputs.take(self.world.tick + 1, {SLOT: 1}, {SLOT: 1})
        inputs += [
            (slot, brain.think(perception_of(self.world, slot)))
            for slot, brain in self.brains.items()
        ]
        self._events += step(self.world, (), inputs)
        if self.world.tick % SNAPSHOT_EVERY_TICKS == 0:
            seen, self._events = view(self.world, self._events), []
            self._down.append((self._arrival_s(self._down), seen, self.inbox.margin))

    def _frame(self, now_s: float, wish: Wish) -> None:
        while self._down and self._down[0][0] <= now_s:
            at_s, seen, margin = self._down.pop(0)
            self.hear(seen, margin, max(at_s, self._woke_at_s) - self._uncounted_s)
        self.show(now_s - self._uncounted_s, wish)

    def hear(self, seen: View, margin: int, now_s: float) -> None:
        """Take in a snapshot."""
        self.clock.snapshot(seen.tick, margin, now_s)
        self.round.ingest(seen)

    def show(self, now_s: float, wish: Wish) -> None:
        """Make a frame: predict up to now, and send the inputs."""
        steps = self.clock.advance(now_s)
        newest = int(self.clock.predicted_tick)
        for tick in range(newest - steps + 1, newest + 1):
            pressed = wish(tick)
            if tick <= self.sender.next_tick - 1:
                continue
            self.round.simulate(tick, pressed)
            others_tick = self.clock.interpolation_tick(now_s)
            for message in self.sender.put(tick, pressed, others_tick):
                self.send(message)

    def send(self, message: Inputs) -> None:
        """Put a message on its way to the server."""
        self.sent_count += 1
        self._up.append((self._arrival_s(self._up), message))

    def _arrival_s(self, before: list) -> float:  # type: ignore[type-arg]
        at_s = self.now_s + self.delay_s + self.jitter_s * self.dice.random()
        return max(at_s, before[-1][0]) if before else at_s
