"""Client-side prediction: inputs act at once, and each snapshot is checked against the prediction.

Owns: the local player's state at each tick since the last snapshot, and the error being smoothed
out. Must not know: the network, other players. Invariants: after `reconcile` the newest state is
the server's plus our later inputs; when nothing but our inputs acted, it changes and counts
nothing.
"""

from math import hypot
from typing import Final, NamedTuple

from attrs import define, field

from clients.netcode.input_history import TICKS_MAX, InputHistory
from clients.netcode.predictor import Predictor, copy_of, is_same
from game.events import Event
from game.inputs import Input
from game.tuning import TILE_UNITS
from game.world import Player

SNAP_UNITS: Final = 3 * TILE_UNITS  # a longer correction is a teleport, and is not smoothed
ERROR_HALVES_IN_S: Final = 0.045
ERROR_NONE_UNITS: Final = 1.0
STATES_MAX: Final = TICKS_MAX  # four seconds; no replay is ever longer


class ServerState(NamedTuple):
    """What a snapshot says about the local player."""

    tick: int
    authoritative: Player
    phase: int
    is_forced: bool = False  # anybody or anything else acted on them
    is_respawn: bool = False  # spawned: in another place, with nothing of the old life


@define
class Prediction:
    """The prediction of one round."""

    predictor: Predictor
    inputs: InputHistory = field(factory=InputHistory)
    corrections: int = 0  # the body was not where it was predicted; or it was unforced
    unforced: int = 0  # of these: anything differed, and nothing but our own inputs acted on us
    last_correction_units: int = 0
    tick: int = -1  # of the newest predicted state
    _states: dict[int, Player] = field(factory=dict)
    _drawn_tick: float = 0.0
    _error_x: float = 0.0
    _error_y: float = 0.0

    @property
    def self(self) -> Player | None:
        """The newest predicted state; None before the first snapshot. Do not change it."""
        return self._states.get(self.tick)

    def advance(self, tick: int, wish: Input, phase: int) -> list[Event]:
        """Predict up to `tick` with `wish`; returns the events to show at once."""
        self.inputs.put(tick, wish)
        newest = self.self
        if newest is None:
            return []
        if tick - self.tick > STATES_MAX:  # slept: the server will say what happened
            self._restart(tick - 1, newest)
        events: list[Event] = []
        while self.tick < tick:
            events = self._simulate_tick(phase)
        return events

    def reconcile(self, state: ServerState) -> bool:
        """Check a tick against the server's state; if they differ, replay later inputs from it.

        Returns whether that was a correction.
        """
        tick, authoritative, phase = state.tick, state.authoritative, state.phase
        predicted, drawn = self._states.get(tick), self.position_at(self._drawn_tick)
        self._forget_before(tick)
        if predicted is not None and is_same(predicted, authoritative):
            return False
        until = self.tick if self.tick - tick <= STATES_MAX else tick
        self._restart(tick, authoritative)
        while self.tick < until:
            self._simulate_tick(phase)
        return predicted is not None and self._note_correction(predicted, state, drawn)

    def position_at(self, drawn_tick: float) -> tuple[float, float]:
        """Where to draw the local player: between the last two ticks, plus the remaining error."""
        self._drawn_tick = drawn_tick
        after = self.self
        if after is None:
            return 0.0, 0.0
        before = self._states.get(self.tick - 1, after)
        is_one_way = hypot(after.x - before.x, after.y - before.y) < SNAP_UNITS
        share = min(1.0, max(0.0, drawn_tick - self.tick)) if is_one_way else 1.0
        return (
            int(before.x) + int(after.x - before.x) * share + self._error_x,
            int(before.y) + int(after.y - before.y) * share + self._error_y,
        )

    def fade(self, seconds: float) -> None:
        """Let the error that is being smoothed out fade."""
        left = 0.5 ** (seconds / ERROR_HALVES_IN_S)
        self._error_x *= left
        self._error_y *= left
        if hypot(self._error_x, self._error_y) < ERROR_NONE_UNITS:
            self._error_x = self._error_y = 0.0

    def _restart(self, tick: int, state: Player) -> None:
        self._states = {tick: copy_of(state)}
        self.tick = tick

    def _simulate_tick(self, phase: int) -> list[Event]:
        state = copy_of(self._states[self.tick])
        self.tick += 1
        events = self.predictor.simulate(state, self.tick, self.inputs.at(self.tick), phase)
        self._states[self.tick] = state
        if len(self._states) > STATES_MAX:
            del self._states[next(iter(self._states))]
        return events

    def _note_correction(
        self, predicted: Player, state: ServerState, drawn: tuple[float, float]
    ) -> bool:
        """Count a wrong prediction, and smooth out its offset over some frames."""
        authoritative = state.authoritative
        wrong_units = hypot(predicted.x - authoritative.x, predicted.y - authoritative.y)
        is_body_wrong = wrong_units > 0 or (predicted.vx, predicted.vy) != (
            authoritative.vx,
            authoritative.vy,
        )
        self._error_x = self._error_y = 0.0
        if state.is_respawn or predicted.alive < authoritative.alive or wrong_units > SNAP_UNITS:
            return False  # a spawn, and no prediction was at fault
        # A death cannot be predicted.
        is_unforced = not state.is_forced and predicted.alive == authoritative.alive
        self.unforced += is_unforced
        now = self.position_at(self._drawn_tick)
        self._error_x, self._error_y = drawn[0] - now[0], drawn[1] - now[1]
        if hypot(self._error_x, self._error_y) > SNAP_UNITS:
            self._error_x = self._error_y = 0.0
        if not is_unforced and not (is_body_wrong and authoritative.alive):
            return False
        self.corrections += 1
        self.last_correction_units = round(wrong_units)
        return True

    def _forget_before(self, tick: int) -> None:
        for known in [known for known in self._states if known < tick - 1]:
            del self._states[known]
        self.inputs.forget_before(tick)
