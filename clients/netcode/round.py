"""One round on one arena: the known and the predicted state, and all players' drawn positions.

Owns: prediction, interpolation, shots and events of the round. Must not know: sockets, the screen.
Invariant: it is complete once it has taken in its first view; every new round or connection begins
with a new `Round`.
"""

from attrs import define, field

from clients.netcode.clock import Clock
from clients.netcode.event_queue import EventQueue, GameEvent
from clients.netcode.forces import is_forced, respawned
from clients.netcode.interpolation import Interpolation
from clients.netcode.predicted_actions import PendingAction, PredictedActions
from clients.netcode.prediction import Prediction, ServerState
from clients.netcode.predictor import Predictor, fighter_of
from clients.netcode.shots import ShotDrawn, Shots
from game.arena import Arena
from game.events import EventKind
from game.inputs import Input
from game.view import MATCH_FIELDS, View
from game.world import Phase

_PHASE = MATCH_FIELDS.index("phase")


@define
class Round:
    """The round that seat `slot` (-1: a watcher) is in."""

    slot: int
    arena: Arena
    prediction: Prediction = field(init=False)
    interpolation: Interpolation = field(init=False, factory=Interpolation)
    _shots: Shots = field(init=False)
    _actions: PredictedActions = field(init=False)
    _events: EventQueue = field(init=False)
    confirmed_weapon: int = field(init=False, default=0)  # the predicted one may be ahead of it
    # The tick from which each pad holds something, as of when it was last in sight.
    pad_ready_ticks: list[int] = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Build all parts for this arena and this seat."""
        self.prediction = Prediction(Predictor(self.arena))
        self._shots = Shots(self.arena, self.slot)
        self._actions = PredictedActions(self.slot)
        self._events = EventQueue(self.slot)
        self.pad_ready_ticks = [0] * len(self.arena.pads)

    @property
    def is_watching(self) -> bool:
        """Whether this client has no seat."""
        return self.slot < 0

    @property
    def view(self) -> View | None:
        """The newest view."""
        return self.interpolation.newest

    @property
    def phase(self) -> int:
        """The phase of the match."""
        return self.view.match[_PHASE] if self.view is not None else Phase.WARMUP

    def ingest(self, view: View) -> bool:
        """Take in a snapshot; returns whether it corrected the prediction."""
        if view.match[_PHASE] != self.phase:  # all pads are filled when a phase begins
            self.pad_ready_ticks = [0] * len(self.arena.pads)
        for index, (ready_tick,) in view.pads.items():
            if index < len(self.pad_ready_ticks):
                self.pad_ready_ticks[index] = ready_tick
        self.interpolation.push(view)
        confirmed, unpredicted = self._actions.match(view.tick, view.events)
        for event in unpredicted:
            self._events.add(view.tick, event)
        corrections_before = self.prediction.correction_count
        ended = [*confirmed, *self._reconcile(view)]
        self._shots.note(view, ended, self.prediction.tick)
        return self.prediction.correction_count > corrections_before

    def simulate(self, tick: int, wish: Input) -> None:
        """Predict one tick with the local player's input."""
        for action in self.prediction.advance(tick, wish, self.phase):
            self._show(self._actions.add(action))

    def own_tick(self, clock: Clock, now_s: float) -> float:
        """The tick the local player is drawn at; a watcher sees everything at the others' tick."""
        return clock.interpolation_tick(now_s) if self.is_watching else clock.predicted_tick

    def shots_at(self, clock: Clock, now_s: float) -> list[ShotDrawn]:
        """All projectiles to draw now."""
        others_tick = clock.interpolation_tick(now_s)
        tick = self.own_tick(clock, now_s)
        view = self.interpolation.view_at(others_tick) if self.is_watching else self.view
        return [] if view is None else self._shots.at(view, tick, tick - others_tick)

    def take_events(self, clock: Clock, now_s: float) -> list[GameEvent]:
        """Take the events to show and play now."""
        return self._events.take(clock.interpolation_tick(now_s))

    def _reconcile(self, view: View) -> list[PendingAction]:
        """Check the prediction. Returns the actions whose end is known without an event."""
        if self.slot not in view.bodies:
            return []
        authoritative = fighter_of(view, self.slot)
        self.confirmed_weapon = authoritative.weapon
        replayed = self.prediction.reconcile(
            ServerState(
                view.tick,
                authoritative,
                self.phase,
                is_forced(view, self.slot, authoritative.x, authoritative.y),
                self.slot in respawned(view),
            )
        )
        if replayed is None:
            return self._actions.settle(view.tick)
        moved, denied, made = self._actions.reconcile(replayed)
        for pending in moved:
            self._shots.move(pending, self.prediction.tick)
        for pending in denied:
            self._shots.deny(pending, self.prediction.tick)
        for pending in made:
            self._show(pending)
        return []

    def _show(self, pending: PendingAction) -> None:
        """Show an action of the local player at once."""
        action = pending.action
        self._events.add(action.tick, action.event)
        if action.event[0] == EventKind.FIRE:
            self._shots.fire(pending)
