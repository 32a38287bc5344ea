"""Client-side prediction: inputs act at once, and each snapshot is checked against the prediction.

Owns: the local player's state at each tick since the last snapshot, and the error being smoothed
out. Must not know: the network, other players. Invariants: after `reconcile` the newest state is
the server's plus our later inputs; when nothing but our inputs acted, it changes and counts
nothing.
"""

from math import hypot
from typing import NamedTuple

from attrs import define, field

from clients.netcode.hiding import share_left
from clients.netcode.input_history import InputHistory
from clients.netcode.predicted_actions import PredictedAction
from clients.netcode.predictor import Predictor, copy_of, is_same
from clients.netcode.tuning import HIDDEN_UNITS_MAX, STATES_MAX, TICK_UNITS_MAX
from game.inputs import Input
from game.world import Player


class ServerState(NamedTuple):
    """The local player's state in a snapshot."""

    tick: int
    authoritative: Player
    phase: int
    is_forced: bool = False  # something else acted on them
    is_respawn: bool = False  # spawned: in another place, with nothing of the old life


@define
class Prediction:
    """The prediction of one round."""

    predictor: Predictor
    inputs: InputHistory = field(factory=InputHistory)
    correction_count: int = 0  # the body was not where it was predicted; or it was unforced
    unforced_count: int = 0  # of these: anything differed, and only our inputs acted
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

    def advance(self, tick: int, wish: Input, phase: int) -> list[PredictedAction]:
        """Predict up to `tick` with `wish`; returns the actions to show at once."""
        self.inputs.put(tick, wish)
        newest = self.self
        if newest is None:
            return []
        is_jump = tick > self.tick + 1  # of the clock; the server coasted, and so do we
        drawn = self.position_at(self._drawn_tick)
        if tick - self.tick > STATES_MAX:  # slept: the server will say what happened
            self._restart(tick - 1, newest)
        actions = self._simulate_until(tick, phase)
        if is_jump:
            self._draw_from(drawn, tick)
        return actions

    def reconcile(self, state: ServerState) -> list[PredictedAction] | None:
        """Check a tick against the server's state; if they differ, replay later inputs from it.

        Returns the actions of the replay; None when none was needed.
        """
        tick, authoritative = state.tick, state.authoritative
        predicted, drawn = self._states.get(tick), self.position_at(self._drawn_tick)
        self._forget_before(tick)
        if predicted is not None and is_same(predicted, authoritative):
            return None
        until = self.tick if self.tick - tick <= STATES_MAX else tick
        self._restart(tick, authoritative)
        actions = self._simulate_until(until, state.phase)
        if predicted is not None:
            self._note_correction(predicted, state, drawn)
        return actions

    def position_at(self, drawn_tick: float) -> tuple[float, float]:
        """The local player's drawn position: between two ticks, plus the remaining error."""
        self._drawn_tick = drawn_tick
        after = self.self
        if after is None:
            return 0.0, 0.0
        before = self._states.get(self.tick - 1, after)
        is_one_way = hypot(after.x - before.x, after.y - before.y) < TICK_UNITS_MAX
        share = min(1.0, max(0.0, drawn_tick - self.tick)) if is_one_way else 1.0
        return (
            int(before.x) + int(after.x - before.x) * share + self._error_x,
            int(before.y) + int(after.y - before.y) * share + self._error_y,
        )

    def fade(self, ticks: float) -> None:
        """Let the error that is being smoothed out fade."""
        left = share_left(self._error_x, self._error_y, ticks)
        self._error_x *= left
        self._error_y *= left

    def _restart(self, tick: int, state: Player) -> None:
        self._states = {tick: copy_of(state)}
        self.tick = tick

    def _simulate_until(self, tick: int, phase: int) -> list[PredictedAction]:
        actions: list[PredictedAction] = []
        while self.tick < tick:
            actions += self._simulate_tick(phase)
        return actions

    def _simulate_tick(self, phase: int) -> list[PredictedAction]:
        state = copy_of(self._states[self.tick])
        self.tick += 1
        events = self.predictor.simulate(state, self.tick, self.inputs.at(self.tick), phase)
        self._states[self.tick] = state
        if len(self._states) > STATES_MAX:
            del self._states[next(iter(self._states))]
        x, y, aim = int(state.x), int(state.y), int(state.aim)
        return [PredictedAction(self.tick, event, x, y, aim) for event in events]

    def _note_correction(
        self, predicted: Player, state: ServerState, drawn: tuple[float, float]
    ) -> None:
        """Count a wrong prediction, and smooth out its offset over some frames."""
        authoritative = state.authoritative
        wrong_units = hypot(predicted.x - authoritative.x, predicted.y - authoritative.y)
        is_body_wrong = wrong_units > 0 or (predicted.vx, predicted.vy) != (
            authoritative.vx,
            authoritative.vy,
        )
        self._error_x = self._error_y = 0.0
        is_jump = wrong_units > HIDDEN_UNITS_MAX
        if state.is_respawn or predicted.alive < authoritative.alive or is_jump:
            return  # a spawn, and no prediction was at fault
        # A death cannot be predicted.
        is_unforced = not state.is_forced and predicted.alive == authoritative.alive
        self.unforced_count += is_unforced
        if is_unforced or (is_body_wrong and authoritative.alive):
            self.correction_count += 1
            self.last_correction_units = round(wrong_units)
        self._draw_from(drawn, self._drawn_tick)

    def _draw_from(self, drawn: tuple[float, float], tick: float) -> None:
        """Smooth out the offset from where the local player was drawn to the place at `tick`."""
        self._error_x = self._error_y = 0.0
        x, y = self.position_at(tick)
        if hypot(drawn[0] - x, drawn[1] - y) <= HIDDEN_UNITS_MAX:
            self._error_x, self._error_y = drawn[0] - x, drawn[1] - y

    def _forget_before(self, tick: int) -> None:
        for known in [known for known in self._states if known < tick - 1]:
            del self._states[known]
        self.inputs.forget_before(tick)
