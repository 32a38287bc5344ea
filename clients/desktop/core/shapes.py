"""The shapes that can be painted, in pixels: the interface between deciding and painting.

Owns: the shapes. Must not know: pygame. Colours are (red, green, blue), alpha is 0 … 255. Shapes
are painted in order.
"""

from typing import NamedTuple

Colour = tuple[int, int, int]
Point = tuple[float, float]


class Rect(NamedTuple):
    """An upright rectangle, in whole pixels."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The column after the last."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """The row after the last."""
        return self.y + self.height

    @property
    def centre(self) -> Point:
        """Its middle."""
        return self.x + self.width / 2, self.y + self.height / 2

    def holds(self, x: float, y: float) -> bool:
        """Whether a point is in it."""
        return self.x <= x < self.right and self.y <= y < self.bottom

    def inset(self, pixels: int) -> "Rect":
        """The same rectangle, made smaller on each side."""
        return Rect(
            self.x + pixels, self.y + pixels, self.width - 2 * pixels, self.height - 2 * pixels
        )


class Box(NamedTuple):
    """A filled rectangle."""

    rect: Rect
    colour: Colour
    alpha: int = 255
    radius: int = 0


class Outline(NamedTuple):
    """The border of a rectangle."""

    rect: Rect
    colour: Colour
    width: int = 1
    radius: int = 0


class Text(NamedTuple):
    """A line of text. `anchor` is the share of its width that lies left of x: 0, 0.5 or 1; y is the
    middle of its height.
    """

    x: float
    y: float
    words: str
    size: int
    colour: Colour
    anchor: float = 0.0
    alpha: int = 255


class Dot(NamedTuple):
    """A disc, or, with a `width`, only its border."""

    x: float
    y: float
    radius: float
    colour: Colour
    width: int = 0


class Line(NamedTuple):
    """A path through points."""

    points: tuple[Point, ...]
    colour: Colour
    width: int = 1


class Area(NamedTuple):
    """A filled polygon."""

    points: tuple[Point, ...]
    colour: Colour


class Glyph(NamedTuple):
    """A drawn sign, by name, in a square of `size` around (x, y)."""

    name: str
    x: float
    y: float
    size: int
    colour: Colour


class Plan(NamedTuple):
    """The small picture of the whole map, fitted into a rectangle."""

    rect: Rect


Shape = Box | Outline | Text | Dot | Line | Area | Glyph | Plan


def mixed(start: Colour, end: Colour, share: float) -> Colour:
    """A colour between two, `share` 0 … 1 of the way; other shares are clamped."""
    part = min(1.0, max(0.0, share))
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(start, end, strict=True))
    return red, green, blue
