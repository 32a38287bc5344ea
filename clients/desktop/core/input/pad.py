"""A gamepad: the left stick moves, the right one aims, triggers fire and dash.

Owns: what axes and buttons mean. Must not know: which pad it is; names are those of SDL's game
controllers. Invariant: an untouched pad has no effect, so that keyboard and mouse stay in charge.
"""

from math import atan2, hypot, pi, tau
from typing import Final

from attrs import define, field

from game.inputs import DASH, DOWN, FIRE, LEFT, RIGHT, UP
from game.tuning import TURN

DEAD_ZONE: Final = 0.28
TRIGGER_AT: Final = 0.35
FIRE_BUTTONS: Final = frozenset(("right shoulder",))
DASH_BUTTONS: Final = frozenset(("a", "left shoulder"))
# The buttons that act once per press, and their controls.
PRESSES: Final = {
    "dpad left": "previous_weapon",
    "dpad right": "next_weapon",
    "x": "previous_weapon",
    "y": "next_weapon",
    "start": "menu",
}
SCOREBOARD_BUTTON: Final = "back"
_EIGHTHS: Final = (
    *(RIGHT, RIGHT | DOWN, DOWN, DOWN | LEFT),
    *(LEFT, LEFT | UP, UP, UP | RIGHT),
)


@define
class Pad:
    """The one gamepad in use."""

    axes: dict[str, float] = field(factory=dict)  # −1 … 1
    held: set[str] = field(factory=set)

    @property
    def buttons(self) -> int:
        """The game's buttons that are down."""
        buttons = _direction(self._stick("left"))
        if self.axes.get("right trigger", 0.0) > TRIGGER_AT or self.held & FIRE_BUTTONS:
            buttons |= FIRE
        if self.axes.get("left trigger", 0.0) > TRIGGER_AT or self.held & DASH_BUTTONS:
            buttons |= DASH
        return buttons

    @property
    def aim(self) -> int | None:
        """The direction of the right stick; None when it is untouched."""
        x, y = self._stick("right")
        if hypot(x, y) < DEAD_ZONE:
            return None
        return round(atan2(y, x) / tau * TURN) % TURN

    @property
    def shows_scoreboard(self) -> bool:
        """Whether its button is held."""
        return SCOREBOARD_BUTTON in self.held

    def release(self) -> None:
        """Release everything: it was unplugged, or the window lost the focus."""
        self.axes.clear()
        self.held.clear()

    def _stick(self, side: str) -> tuple[float, float]:
        return self.axes.get(f"{side} x", 0.0), self.axes.get(f"{side} y", 0.0)


def _direction(stick: tuple[float, float]) -> int:
    """The nearest of eight directions."""
    x, y = stick
    if hypot(x, y) < DEAD_ZONE:
        return 0
    return _EIGHTHS[round(atan2(y, x) / (pi / 4)) % 8]
