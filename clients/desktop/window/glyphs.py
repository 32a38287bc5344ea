"""Small signs, drawn from polygons in a square of −1 … 1, so that no font needs to have them.

Owns: what each sign looks like. Must not know: where it stands.
"""

from math import cos, pi, sin, tau
from typing import Final

import pygame

from clients.desktop.core.shapes import Colour, Point

SCALE: Final = 4  # painted larger, then scaled down: smooth edges


_CROSS: Final = (
    *((-0.3, -0.9), (0.3, -0.9), (0.3, -0.3), (0.9, -0.3), (0.9, 0.3), (0.3, 0.3)),
    *((0.3, 0.9), (-0.3, 0.9), (-0.3, 0.3), (-0.9, 0.3), (-0.9, -0.3), (-0.3, -0.3)),
)
_POLYGONS: Final[dict[str, tuple[tuple[Point, ...], ...]]] = {
    "health": (_CROSS,),
    "mega": (_CROSS, ((-0.95, -0.95), (-0.5, -0.95), (-0.95, -0.5))),
    "armour": (
        ((-0.8, -0.75), (0.0, -0.95), (0.8, -0.75), (0.7, 0.25), (0.0, 0.95), (-0.7, 0.25)),
    ),
    "dash": (
        ((-0.9, -0.7), (-0.5, -0.7), (0.0, 0.0), (-0.5, 0.7), (-0.9, 0.7), (-0.4, 0.0)),
        ((0.0, -0.7), (0.4, -0.7), (0.9, 0.0), (0.4, 0.7), (0.0, 0.7), (0.5, 0.0)),
    ),
    "double": (
        tuple(
            (cos(pi * i / 5 - pi / 2) * r, sin(pi * i / 5 - pi / 2) * r)
            for i, r in enumerate((1.0, 0.42) * 5)
        ),
    ),
    "blaster": (
        ((-0.95, -0.45), (0.95, -0.45), (0.95, 0.0), (-0.1, 0.0), (-0.95, 0.0)),
        ((-0.85, 0.0), (-0.35, 0.0), (-0.5, 0.75), (-0.95, 0.75)),
    ),
    "scatter": (
        ((-0.95, -0.12), (-0.2, -0.12), (-0.2, 0.12), (-0.95, 0.12)),
        ((0.0, -0.2), (0.75, -0.85), (0.95, -0.65), (0.1, -0.02)),
        ((0.1, -0.11), (1.0, -0.11), (1.0, 0.11), (0.1, 0.11)),
        ((0.0, 0.2), (0.75, 0.85), (0.95, 0.65), (0.1, 0.02)),
    ),
    "launcher": (
        ((-0.5, -0.3), (0.35, -0.3), (0.95, 0.0), (0.35, 0.3), (-0.5, 0.3)),
        ((-0.95, -0.7), (-0.45, -0.3), (-0.45, 0.3), (-0.95, 0.7), (-0.75, 0.0)),
    ),
    "rail": (
        ((-0.95, -0.1), (0.95, -0.1), (0.95, 0.1), (-0.95, 0.1)),
        ((-0.6, -0.55), (-0.35, -0.55), (-0.35, 0.55), (-0.6, 0.55)),
        ((0.0, -0.55), (0.25, -0.55), (0.25, 0.55), (0.0, 0.55)),
    ),
    "flag": (
        ((-0.7, -0.95), (-0.5, -0.95), (-0.5, 0.95), (-0.7, 0.95)),
        ((-0.5, -0.9), (0.85, -0.45), (-0.5, 0.05)),
    ),
    "medal": (
        ((-0.6, -0.95), (-0.2, -0.95), (0.1, -0.2), (-0.2, -0.1)),
        ((0.6, -0.95), (0.2, -0.95), (-0.1, -0.2), (0.2, -0.1)),
        tuple((cos(tau * i / 12) * 0.55, 0.4 + sin(tau * i / 12) * 0.55) for i in range(12)),
    ),
}


# The position on the middle line, the size, the thickness.
_CIRCLES: Final = {
    "disc": ((0.0, 0.8, 0.3), (0.0, 0.22, 0.22)),
    "endless": ((-0.42, 0.5, 0.2), (0.42, 0.5, 0.2)),
}


def glyph_picture(name: str, size: int, colour: Colour) -> pygame.Surface:
    """Paint one sign."""
    large = pygame.Surface((size * SCALE, size * SCALE), pygame.SRCALPHA)
    half = size * SCALE / 2
    for x, radius, width in _CIRCLES.get(name, ()):
        middle = half + x * half, half
        pygame.draw.circle(large, colour, middle, radius * half, max(1, round(width * half)))
    for polygon in _POLYGONS.get(name, ()):
        points = [(half + x * half, half + y * half) for x, y in polygon]
        pygame.draw.polygon(large, colour, points)
    return pygame.transform.smoothscale(large, (size, size))
