"""A player over four networks: what the netcode is told, and what it makes of it, frame by frame.

Owns: the scenes, and which results are compared. Invariant: no time in a scene is a whole number of
ticks, so that no rounding decides which tick it is.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from attrs import define, field

from game.arena import Arena
from game.brain.brain import Brain
from game.brain.perception import perception_of
from game.inputs import FIRE, Input
from game.records import by_slot
from game.view import View
from game.wire.match_messages import Inputs
from tests.clients.netcode.virtual_match import SLOT, VirtualMatch, Wish
from tests.strategies import arena_from, world_of
from tests.vectors.snapshots import plain

PLAN = """
################
#s....2..#....s#
#..#.....#..1..#
#..#..a......#.#
#..3.....#...#.#
#s....4..#....s#
################
""".strip()
OTHERS = 2
BURST_TICKS = 23
HIDDEN_TICKS = 40
WARM_UP_S = 5.0  # with the countdown
FRAME = ["now_s", "wishes", "ticks", "own", "others", "shots", "events", "counts", "messages"]
SNAPSHOT = ["now_s", "margin", "view"]


def netcode() -> dict[str, Any]:
    """Each step of a scene holds what `snapshot` or `frame` names; lengths are in units. `wishes`:
    [tick, buttons, aim] of each predicted tick. `ticks`: the local player's, the others', and how
    early inputs should arrive. `others`: [slot, x, y, aim, appeared]. `shots`: [number, x, y,
    opacity]. `events`: [kind, tick]. `counts`: corrections, unforced ones, resyncs. `messages`:
    [first tick, view lag, buttons, aim, …].
    """
    scenes = {
        "a steady line": _steady,
        "jitter, and few frames": _jittery,
        "a line that becomes longer": _lengthening,
        "a stall": _stalled,
    }
    return {
        "plan": PLAN.splitlines(),
        "snapshot": SNAPSHOT,
        "frame": FRAME,
        "scenes": [{"name": name, **_recorded(play)} for name, play in scenes.items()],
    }


def _steady(scene: "Scene") -> None:
    scene.run(3, scene.wish)


def _jittery(scene: "Scene") -> None:
    scene.jitter_s, scene.frame_s = 0.0473, 0.0291
    scene.run(3, scene.wish)


def _lengthening(scene: "Scene") -> None:
    scene.run(0.7, scene.wish)
    scene.delay_s = 0.1013
    scene.run(2, scene.wish)


def _stalled(scene: "Scene") -> None:
    scene.run(0.7, scene.wish)
    scene.sleep(0.613, is_counted=True)
    scene.run(1.5, scene.wish)


def _recorded(play: Callable[["Scene"], None]) -> dict[str, Any]:
    arena = arena_from(PLAN)
    scene = Scene(delay_s=0.0317, others=OTHERS, world=world_of(arena=arena, seed=3))
    scene.begin(arena)
    play(scene)
    return {"round_trip_s": scene.clock.round_trip_s, "steps": scene.steps}


@define
class Scene(VirtualMatch):
    """A virtual match that writes down what its client hears, does and shows."""

    steps: list[list[Any]] = field(factory=list)
    _wishes: list[list[int]] = field(factory=list)
    _messages: list[list[int]] = field(factory=list)
    _brain: Brain | None = None

    def begin(self, arena: Arena) -> None:
        """Let the match begin before the client hears of it."""
        self.brains = {slot: Brain(arena, 2, 1, slot) for slot in range(1, 1 + OTHERS)}
        self._brain = Brain(arena, 3, 1, SLOT)
        self.sleep(WARM_UP_S, is_counted=True)
        self._down.clear()

    def wish(self, tick: int) -> Input:
        """What the player does in `tick`: moves like a bot, and shoots in bursts."""
        assert self._brain is not None
        made = self._brain.think(perception_of(self.world, SLOT))
        trigger = FIRE if tick // BURST_TICKS % 2 else 0
        made = Input(made.buttons & ~FIRE | trigger, made.aim)
        self._wishes.append([tick, made.buttons, made.aim])
        return made

    def hear(self, seen: View, margin: int, now_s: float) -> None:
        """Take in a snapshot; one of the others is out of sight now and then."""
        if seen.tick // HIDDEN_TICKS % 2:
            bodies = {slot: body for slot, body in seen.bodies.items() if slot != OTHERS}
            seen = replace(seen, bodies=by_slot(bodies))
        self.steps.append([now_s, margin, plain(seen, SLOT, seen.events)])
        super().hear(seen, margin, now_s)

    def send(self, message: Inputs) -> None:
        """Put a message on its way to the server."""
        steps = [value for step in message.steps for value in (step.buttons, step.aim)]
        self._messages.append([message.first_tick, message.view_lag, *steps])
        super().send(message)

    def show(self, now_s: float, wish: Wish) -> None:
        """Make a frame, and note what is on it."""
        super().show(now_s, wish)
        clock, round_ = self.clock, self.round
        others_tick = clock.interpolation_tick(now_s)
        round_.prediction.fade(1)
        own = round_.prediction.position_at(clock.predicted_tick)
        shots = round_.shots_at(clock, now_s)
        events = round_.take_events(clock, now_s)
        prediction = round_.prediction
        self.steps.append(
            [
                now_s,
                self._wishes,
                _rounded(clock.predicted_tick, others_tick, clock.margin_target_ticks),
                _rounded(*own),
                [self._seen(slot, others_tick) for slot in range(1, 1 + OTHERS)],
                [[it.number, *_rounded(it.x, it.y, it.opacity)] for it in shots],
                [[int(it.kind), it.tick] for it in events],
                [prediction.correction_count, prediction.unforced_count, clock.resync_count],
                self._messages,
            ]
        )
        self._wishes, self._messages = [], []

    def _seen(self, slot: int, tick: float) -> list[Any]:
        pose = self.round.interpolation.drawn_at(slot, tick)
        place = [] if pose is None else _rounded(pose.x, pose.y, pose.aim)
        return [slot, *place, int(self.round.interpolation.appeared(slot))]


def _rounded(*values: float) -> list[float]:
    return [round(value, 3) for value in values]
