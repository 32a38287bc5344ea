"""Hits taken: from which side, how hard, and how they show at the edge of the screen."""

from collections import deque
from collections.abc import Iterator
from math import atan2, cos, sin
from typing import Final, NamedTuple

from attrs import define, field

from clients.desktop.core.frame import Frame
from clients.desktop.core.palette import ActivePalette
from clients.desktop.core.shapes import Area, Shape, mixed
from game.events import EventKind

SHOWN_S: Final = 0.9
RADIUS_PX: Final = 96
MARKS_MAX: Final = 8


class HitTaken(NamedTuple):
    """A hit, and the direction it came from in radians."""

    at_s: float
    angle: float
    damage: int


@define
class DamageEdge:
    """The last hits that the viewed player took."""

    hurts: deque[HitTaken] = field(factory=lambda: deque(maxlen=MARKS_MAX))

    def note(self, frame: Frame) -> None:
        """Take in what happened."""
        me = frame.me
        by_slot = {player.slot: player for player in frame.players if player.is_seen}
        for kind, _, fields in frame.events:
            if kind != EventKind.HIT or me is None or fields["victim"] != frame.follow:
                continue
            other = by_slot.get(fields["attacker"])
            if other is not None and other is not me:
                angle = atan2(other.y - me.y, other.x - me.x)
                self.hurts.append(HitTaken(frame.now_s, angle, fields["damage"]))

    def strength(self, now_s: float) -> float:
        """How red the edge of the screen is, 0 … 1."""
        return min(
            1.0,
            sum(it.damage / 60 * max(0.0, 1 - (now_s - it.at_s) / SHOWN_S) for it in self.hurts),
        )

    def shapes(
        self, now_s: float, middle: tuple[float, float], paints: ActivePalette
    ) -> Iterator[Shape]:
        """A wedge around the viewed player for each hit."""
        for hurt in self.hurts:
            left = 1 - (now_s - hurt.at_s) / SHOWN_S
            if left > 0:
                colour = mixed(paints.colours.backdrop, paints.colours.danger, 0.25 + 0.75 * left)
                yield Area(_wedge(middle, hurt.angle, 8 + hurt.damage / 6), colour)


def _wedge(
    middle: tuple[float, float], angle: float, depth: float
) -> tuple[tuple[float, float], ...]:
    corners = (
        (-0.22, RADIUS_PX),
        (0.0, RADIUS_PX + depth),
        (0.22, RADIUS_PX),
        (0.0, RADIUS_PX + 4),
    )
    return tuple(
        (middle[0] + cos(angle + turn) * radius, middle[1] + sin(angle + turn) * radius)
        for turn, radius in corners
    )
