"""The camera: it follows one player, with a lead to the pointer, or shows the whole map.

Owns: the middle of the screen, the zoom and the shake, in pixels. Must not know: pygame. Invariant:
the lead comes from the pointer's place on the screen, never from the world under it, so that aiming
and looking cannot chase each other.
"""

from math import cos, exp, hypot, sin, sqrt
from typing import Final

from attrs import define

from game.arena import Arena
from game.sightlines import SIGHT_TILES
from game.tuning import TILE_UNITS

# The area that 1280 × 720 shows; windows of other shapes show an equal area.
VIEW_TILES: Final = 26 * 14.625
# With fog, no window shows more: players beyond `SIGHT_TILES` are not sent.
VIEW_TILES_LONGEST: Final = SIGHT_TILES + 2
TILE_PX_MIN: Final = 24
LEAD_SHARE: Final = 0.2  # of the way from the middle of the screen to the pointer
LEAD_RATE_PER_S: Final = 7.0
FOLLOW_RATE_PER_S: Final = 22.0
JUMP_TILES: Final = 9  # farther than this is a new place, not a movement
SHAKE_DECAY_PER_S: Final = 7.0
SHAKE_PX_MAX: Final = 13.0
MARGIN_TILES: Final = 3  # how far beyond the map's edge the screen may reach


@define
class Camera:
    """One view of one map. `tile_px` is a whole number, so that tiles meet without gaps."""

    width: int
    height: int
    tile_px: int = 48
    x: float = 0.0  # the middle of the screen, in pixels of the world
    y: float = 0.0
    _lead_x: float = 0.0
    _lead_y: float = 0.0
    _shake_px: float = 0.0
    _shake_x: float = 0.0
    _shake_y: float = 0.0
    _is_placed: bool = False

    @classmethod
    def for_window(cls, width: int, height: int) -> "Camera":
        """A camera that shows the same area as in every other window."""
        longest = -(-max(width, height) // VIEW_TILES_LONGEST)
        tile_px = max(TILE_PX_MIN, round(sqrt(width * height / VIEW_TILES)), longest)
        return cls(width, height, tile_px)

    def follow(
        self, arena: Arena, place: tuple[float, float], pointer: tuple[float, float], seconds: float
    ) -> None:
        """Look at `place` (units), and a little towards `pointer` (pixels of the screen)."""
        share = 1 - exp(-seconds * LEAD_RATE_PER_S)
        self._lead_x += ((pointer[0] - self.width / 2) * LEAD_SHARE - self._lead_x) * share
        self._lead_y += ((pointer[1] - self.height / 2) * LEAD_SHARE - self._lead_y) * share
        goal_x = self._clamped(self.px(place[0]) + self._lead_x, arena.width, self.width)
        goal_y = self._clamped(self.px(place[1]) + self._lead_y, arena.height, self.height)
        is_far = hypot(goal_x - self.x, goal_y - self.y) > JUMP_TILES * self.tile_px
        is_new = is_far or not self._is_placed
        share = 1.0 if is_new else 1 - exp(-seconds * FOLLOW_RATE_PER_S)
        self.x += (goal_x - self.x) * share
        self.y += (goal_y - self.y) * share
        self._is_placed = True

    def show_all(self, arena: Arena) -> None:
        """The whole map at once."""
        across = self.width / (arena.width + 1), self.height / (arena.height + 1)
        self.tile_px = max(2, int(min(across)))
        self.x, self.y = arena.width * self.tile_px / 2, arena.height * self.tile_px / 2
        self._is_placed = False

    def shake(self, strength: float) -> None:
        """Add a shake; 1 is a rocket at the player's feet."""
        self._shake_px = min(SHAKE_PX_MAX, self._shake_px + strength * SHAKE_PX_MAX)

    def settle(self, seconds: float, now_s: float) -> None:
        """Let a shake die away. Three sines without a common period look random, and never jump."""
        self._shake_px *= exp(-seconds * SHAKE_DECAY_PER_S)
        if self._shake_px < 0.2:
            self._shake_px = 0.0
        self._shake_x = self._shake_px * sin(now_s * 71) * cos(now_s * 29)
        self._shake_y = self._shake_px * sin(now_s * 83 + 2) * cos(now_s * 23)

    @property
    def left(self) -> int:
        """The world's pixel at the left edge of the screen, shake included."""
        return round(self.x - self.width / 2 - self._shake_x)

    @property
    def top(self) -> int:
        """The world's pixel at the upper edge of the screen, shake included."""
        return round(self.y - self.height / 2 - self._shake_y)

    def px(self, units: float) -> float:
        """Units → pixels."""
        return units * self.tile_px / TILE_UNITS

    def screen(self, x: float, y: float) -> tuple[float, float]:
        """Units → pixels of the screen."""
        return self.px(x) - self.left, self.px(y) - self.top

    def world(self, x: float, y: float) -> tuple[float, float]:
        """Pixels of the screen → units, without the shake: a blast must not move the aim."""
        scale = TILE_UNITS / self.tile_px
        return (x - self.width / 2 + self.x) * scale, (y - self.height / 2 + self.y) * scale

    def sees(self, x: float, y: float, radius_px: float) -> bool:
        """Whether a circle around a place (units) touches the screen."""
        at_x, at_y = self.screen(x, y)
        return (
            -radius_px < at_x < self.width + radius_px
            and -radius_px < at_y < self.height + radius_px
        )

    def _clamped(self, at: float, tiles: int, size: int) -> float:
        low = size / 2 - MARGIN_TILES * self.tile_px
        high = (tiles + MARGIN_TILES) * self.tile_px - size / 2
        return tiles * self.tile_px / 2 if low > high else min(high, max(low, at))
