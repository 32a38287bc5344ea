"""Pictures of players and projectiles, painted once for each colour, weapon and direction.

Owns: what they look like. Must not know: where they are. Everything is painted larger and scaled
down, so that edges are smooth without any work in a frame.
"""

from math import cos, sin, tau
from typing import Final

import pygame
from attrs import define, field

from clients.desktop.core.shapes import Colour, mixed
from clients.desktop.window.cache import PictureCache
from clients.desktop.window.ground import glow
from game.tuning import TILE_UNITS, TUNING, TURN, Weapon

SCALE: Final = 4
DIRECTIONS: Final = 64
PICTURES_MAX: Final = 1_500  # a few KB each
WHITE: Final = (255, 255, 255)
BARREL: Final = (205, 214, 228)
# Length and width of the gun in hand, in body radii, by weapon.
_GUNS: Final = ((1.55, 0.30), (1.45, 0.62), (1.6, 0.5), (1.95, 0.2), (1.4, 0.42))


@define
class Bodies:
    """All pictures at one zoom."""

    tile_px: int
    _pictures: PictureCache = field(factory=lambda: PictureCache(PICTURES_MAX))

    @property
    def radius(self) -> float:
        """The radius of a player, in pixels."""
        return TUNING.player_radius_units * self.tile_px / TILE_UNITS

    def body(self, colour: Colour, *, is_self: bool) -> pygame.Surface:
        """A player without the gun."""
        key = "body", colour, is_self
        return self._pictures.get(key, lambda: self._paint_body(colour, is_self=is_self))

    def gun(self, weapon: int, aim: float) -> pygame.Surface:
        """The weapon in hand. The middle of the picture is the middle of the player."""
        step = _step(aim)
        return self._pictures.get(("gun", weapon, step), lambda: self._paint_gun(weapon, step))

    def shot(self, weapon: int, colour: Colour, aim: float) -> pygame.Surface:
        """A bolt, a rocket or a disc on its way."""
        step = _step(aim)
        key = "shot", weapon, colour, step
        return self._pictures.get(key, lambda: self._paint_shot(weapon, colour, step))

    def light(self, radius_px: int, colour: Colour, strength: float = 0.6) -> pygame.Surface:
        """A glow, to be added. Sizes and strengths are rounded, so that few have to be painted."""
        size = max(2, radius_px // 4 * 4)
        level = round(strength * 16)
        key = "light", size, colour, level
        return self._pictures.get(key, lambda: glow(size, colour, level / 16))

    def _paint_body(self, colour: Colour, *, is_self: bool) -> pygame.Surface:
        radius = self.radius * SCALE
        half = round(radius * 1.5)
        large = pygame.Surface((2 * half, 2 * half), pygame.SRCALPHA)
        middle = half, half
        pygame.draw.circle(
            large, (0, 0, 0, 70), (half + radius * 0.1, half + radius * 0.28), radius
        )
        pygame.draw.circle(large, mixed(colour, (0, 0, 0), 0.72), middle, radius)
        pygame.draw.circle(large, mixed(colour, (0, 0, 0), 0.25), middle, radius * 0.86)
        pygame.draw.circle(large, colour, middle, radius * 0.66)
        high = half - radius * 0.16, half - radius * 0.2
        pygame.draw.circle(large, mixed(colour, WHITE, 0.35), high, radius * 0.36)
        rim = WHITE if is_self else mixed(colour, WHITE, 0.3)
        pygame.draw.circle(large, rim, middle, radius, round(radius * (0.13 if is_self else 0.08)))
        return _small(large)

    def _paint_gun(self, weapon: int, step: int) -> pygame.Surface:
        radius = self.radius * SCALE
        half = round(radius * 2.1)
        large = pygame.Surface((2 * half, 2 * half), pygame.SRCALPHA)
        length, width = _GUNS[weapon]
        turn = step * tau / DIRECTIONS
        dark = mixed(BARREL, (0, 0, 0), 0.75)
        for grown, colour in ((0.09, dark), (0.0, BARREL)):
            along, across = radius * (length + grown), radius * (width / 2 + grown)
            points = [(0.3 * radius, -across), (along, -across), (along, across)]
            points.append((0.3 * radius, across))
            pygame.draw.polygon(large, colour, [_turned(half, point, turn) for point in points])
        return _small(large)

    def _paint_shot(self, weapon: int, colour: Colour, step: int) -> pygame.Surface:
        unit = self.tile_px * SCALE / 4
        half = round(unit * 2.2)
        large = pygame.Surface((2 * half, 2 * half), pygame.SRCALPHA)
        turn = step * tau / DIRECTIONS
        pale = mixed(colour, WHITE, 0.65)
        if weapon == Weapon.DISC:
            for radius, dye in ((1.0, colour), (0.72, mixed(colour, (0, 0, 0), 0.6)), (0.35, pale)):
                pygame.draw.circle(large, dye, (half, half), unit * radius)
        elif weapon == Weapon.LAUNCHER:
            hull = [(-1.1, -0.34), (0.6, -0.34), (1.35, 0.0), (0.6, 0.34), (-1.1, 0.34)]
            fins = [(-1.3, -0.7), (-0.5, -0.3), (-0.5, 0.3), (-1.3, 0.7)]
            for points, dye in ((fins, mixed(colour, (0, 0, 0), 0.4)), (hull, pale)):
                scaled = [(x * unit, y * unit) for x, y in points]
                pygame.draw.polygon(large, dye, [_turned(half, point, turn) for point in scaled])
        else:
            for size, dye in ((1.0, colour), (0.55, pale)):
                points = [(-1.9 * unit * size, 0.0), (0.0, -0.42 * unit * size)]
                points += [(1.1 * unit * size, 0.0), (0.0, 0.42 * unit * size)]
                pygame.draw.polygon(large, dye, [_turned(half, point, turn) for point in points])
        return _small(large)


def _step(aim: float) -> int:
    return round(aim * DIRECTIONS / TURN) % DIRECTIONS


def _turned(half: int, point: tuple[float, float], turn: float) -> tuple[float, float]:
    x, y = point
    return half + x * cos(turn) - y * sin(turn), half + x * sin(turn) + y * cos(turn)


def _small(large: pygame.Surface) -> pygame.Surface:
    size = large.get_width() // SCALE, large.get_height() // SCALE
    return pygame.transform.smoothscale(large, size).convert_alpha()


def angle_of(vx: float, vy: float) -> float:
    """The direction of a velocity, in 65,536ths of a turn."""
    return float(pygame.Vector2(vx, vy).as_polar()[1]) * TURN / 360
