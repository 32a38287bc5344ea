"""The other players, a little behind the server: interpolated between two snapshots, or briefly
extrapolated beyond the last one.

Owns: the last views, and the remaining offset of a player's drawn position after an extrapolation.
Must not know: the network, the local player. Invariants: nobody is drawn between two lives or
between the ends of a teleport; nobody is extrapolated for more than `EXTRAPOLATION_TICKS_MAX`
without a snapshot; a snapshot that ends an extrapolation moves nobody at once.
"""

from bisect import bisect_right
from itertools import pairwise
from math import hypot
from operator import attrgetter
from typing import NamedTuple

from attrs import define, field

from clients.netcode.forces import respawned
from clients.netcode.hiding import share_left
from clients.netcode.tuning import (
    BACK_TICKS,
    EXTRAPOLATION_TICKS_MAX,
    HIDDEN_UNITS_MAX,
    VIEWS_MAX,
)
from game.records import ALIVE, Body
from game.tuning import TUNING, TURN
from game.view import View

_tick = attrgetter("tick")


class Pose(NamedTuple):
    """A body's state at a moment between ticks; lengths in units."""

    x: float
    y: float
    vx: float
    vy: float
    aim: float
    status: int


class Hidden(NamedTuple):
    """The offset of a player's drawn position, in units, when it began to shrink."""

    x: float
    y: float
    since_tick: float


@define
class Interpolation:
    """The views of the last second, oldest first."""

    views: list[View] = field(factory=list)
    _respawned: dict[int, frozenset[int]] = field(factory=dict)  # slots, by the tick of the view
    _hidden: dict[int, Hidden] = field(factory=dict)  # by slot
    _drawn_tick: float = 0.0
    _known_tick: int = 0  # of the newest view when that was drawn
    _since_tick: float = 0.0  # the frame before was drawn from no view after this

    @property
    def newest(self) -> View | None:
        """The newest view; None before the first."""
        return self.views[-1] if self.views else None

    def push(self, view: View) -> None:
        """Add a view, which is newer than all before it."""
        is_ahead = self.newest is not None and self._drawn_tick > self.newest.tick
        drawn = self._drawn_poses() if is_ahead else {}
        self.views.append(view)
        self._respawned[view.tick] = respawned(view)
        if len(self.views) > VIEWS_MAX:
            self._respawned.pop(self.views[0].tick, None)
            del self.views[0]
        before = self.views[-2].tick if len(self.views) > 1 else view.tick
        for slot, pose in drawn.items():
            self._hide(slot, pose, (before, view.tick))

    def drawn_at(self, slot: int, tick: float) -> Pose | None:
        """The smoothed pose of a player at `tick`, the drawn tick from now on; None: not there."""
        self._go_to(tick)
        pose, hidden = self.pose_at(slot, tick), self._hidden.get(slot)
        if pose is None or hidden is None:
            return pose
        left = share_left(hidden.x, hidden.y, max(0.0, tick - hidden.since_tick))
        if left == 0 or self._is_torn_in(slot, hidden.since_tick, tick):
            del self._hidden[slot]
            return pose
        return pose._replace(x=pose.x + hidden.x * left, y=pose.y + hidden.y * left)

    def appeared(self, slot: int) -> bool:
        """Whether a drawn player was out of sight at some moment since the frame before."""
        first, last = self._since_tick, self._drawn_tick
        return any(first < it.tick <= last and slot not in it.bodies for it in self.views)

    def view_at(self, tick: float) -> View | None:
        """The newest view that is not after `tick`; before all of them, the oldest."""
        return self.views[max(0, self._index(tick))] if self.views else None

    def pose_at(self, slot: int, tick: float) -> Pose | None:
        """The pose of a player at `tick`; None when they were not there."""
        index = self._index(tick)
        view = self.view_at(tick)
        before = view.bodies.get(slot) if view is not None else None
        if view is None or before is None:
            return None
        if index < 0:  # older than every view
            return _pose(before)
        after_view = self.views[index + 1] if index + 1 < len(self.views) else None
        after = after_view.bodies.get(slot) if after_view is not None else None
        if after_view is None or after is None:
            return _carried_on(before, min(tick - view.tick, EXTRAPOLATION_TICKS_MAX))
        ticks = after_view.tick - view.tick
        if slot in self._respawned[after_view.tick] or _is_torn(before, after, ticks):
            return _pose(before)
        return _between(before, after, (tick - view.tick) / ticks)

    def _go_to(self, tick: float) -> None:
        """Set the drawn tick. It may jump back, when the server stood still; drawn players do
        not.
        """
        before = self._drawn_tick
        if tick == before:
            return
        self._since_tick = min(before, self._known_tick)
        self._known_tick = self.newest.tick if self.newest is not None else 0
        drawn = self._drawn_poses() if tick < before - BACK_TICKS else {}
        self._drawn_tick = tick
        for slot, pose in drawn.items():
            self._hide(slot, pose, (tick, before))

    def _drawn_poses(self) -> dict[int, Pose]:
        slots = self.newest.bodies if self.newest is not None else ()
        poses = {slot: self.drawn_at(slot, self._drawn_tick) for slot in slots}
        return {slot: pose for slot, pose in poses.items() if pose is not None}

    def _hide(self, slot: int, drawn: Pose, span_ticks: tuple[float, float]) -> None:
        """Let a player's drawn position glide to the true one, unless the movement has a break."""
        self._hidden.pop(slot, None)
        now = self.pose_at(slot, self._drawn_tick)
        if now is None or self._is_torn_in(slot, *span_ticks):
            return
        x, y = drawn.x - now.x, drawn.y - now.y
        if hypot(x, y) <= HIDDEN_UNITS_MAX:
            self._hidden[slot] = Hidden(x, y, self._drawn_tick)

    def _is_torn_in(self, slot: int, first: float, last: float) -> bool:
        """Whether a player's movement has a break after `first` and up to `last`."""
        for before, after in pairwise((None, *self.views)):
            if after is not None and first < after.tick <= last:
                if before is None:
                    return True  # the time before the oldest view is unknown
                old, new = before.bodies.get(slot), after.bodies.get(slot)
                if old is None or new is None or slot in self._respawned[after.tick]:
                    return True
                if _is_torn(old, new, after.tick - before.tick):
                    return True
        return False

    def _index(self, tick: float) -> int:
        return bisect_right(self.views, tick, key=_tick) - 1


def mixed_aim(start: float, end: float, share: float) -> float:
    """Interpolate between two angles, the short way round."""
    turn = (end - start + TURN / 2) % TURN - TURN / 2
    return (start + turn * share) % TURN


def _is_torn(before: Body, after: Body, ticks: int) -> bool:
    """Whether the movement has a break: a death, a spawn, or a move that is too far."""
    if (before.status ^ after.status) & ALIVE:
        return True
    return hypot(after.x - before.x, after.y - before.y) > TUNING.speed_max * ticks


def _between(before: Body, after: Body, share: float) -> Pose:
    one, other = _pose(before), _pose(after)
    x, y, vx, vy = (one[i] + (other[i] - one[i]) * share for i in range(4))
    return Pose(x, y, vx, vy, mixed_aim(one.aim, other.aim, share), one.status)


def _carried_on(body: Body, ticks: float) -> Pose:
    pose = _pose(body)
    if not pose.status & ALIVE:
        return pose
    return pose._replace(x=pose.x + pose.vx * ticks, y=pose.y + pose.vy * ticks)


def _pose(body: Body) -> Pose:
    x, y, vx, vy, aim8, status, *_ = body.values()
    return Pose(x, y, vx, vy, aim8 << 8, status)
