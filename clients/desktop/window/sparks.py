"""Paints effects: each is a function of its age, so nothing is remembered between frames.

Owns: how flashes, blasts, lines and numbers look. Must not know: why they are there.
"""

from collections.abc import Callable
from math import cos, sin, tau
from typing import Final

import pygame
from attrs import define

from clients.desktop.core.scene.camera import Camera
from clients.desktop.core.scene.effects import Effect
from clients.desktop.core.shapes import mixed
from clients.desktop.window.bodies import WHITE, Bodies
from clients.desktop.window.painter import Painter
from game.tuning import TUNING, TURN, Weapon

SPLINTERS: Final = 9
ADD: Final = pygame.BLEND_RGB_ADD


@define
class Sparks:
    """One view's effects."""

    bodies: Bodies
    painter: Painter
    is_calm: bool = False  # reduced motion: no splinters, no floating

    def paint(
        self, surface: pygame.Surface, camera: Camera, effects: list[Effect], now_s: float
    ) -> None:
        """Paint all effects in sight."""
        for effect in effects:
            reach = camera.px(TUNING.weapons[effect_weapon(effect)].blast_radius_units) + 200
            if effect.kind == "rail" or camera.sees(effect.x, effect.y, reach):
                _PAINTERS[effect.kind](self, surface, camera, (effect, effect.age(now_s)))

    def flash(self, surface: pygame.Surface, camera: Camera, it: tuple[Effect, float]) -> None:
        """Paint a muzzle flash."""
        effect, _ = it
        x, y = camera.screen(effect.x, effect.y)
        turn = effect.value / TURN * tau
        reach = self.bodies.radius * 1.6
        self._light(surface, (x + cos(turn) * reach, y + sin(turn) * reach), 0.55, (effect, 0.2))

    def rail(self, surface: pygame.Surface, camera: Camera, it: tuple[Effect, float]) -> None:
        """Paint a line that thins out."""
        effect, age = it
        start, end = camera.screen(effect.x, effect.y), camera.screen(effect.x2, effect.y2)
        fading = mixed(effect.colour, (30, 40, 60), age)
        width = max(1, round((1 - age) * self.bodies.tile_px / 8))
        pygame.draw.line(surface, fading, start, end, width)
        if age < 0.5:
            pygame.draw.aaline(surface, mixed(WHITE, effect.colour, age * 2), start, end)

    def scatter(self, surface: pygame.Surface, camera: Camera, it: tuple[Effect, float]) -> None:
        """Paint a fan of short lines."""
        effect, age = it
        weapon = TUNING.weapons[Weapon.SCATTER]
        x, y = camera.screen(effect.x, effect.y)
        far = camera.px(weapon.range_units) * 0.55
        start, end = (
            self.bodies.radius * 1.4 + far * age * 0.7,
            self.bodies.radius * 1.6 + far * age,
        )
        colour = mixed(effect.colour, (60, 60, 60), age)
        for pellet in range(weapon.pellets):
            share = pellet / (weapon.pellets - 1) - 0.5
            turn = (effect.value + weapon.spread * share) / TURN * tau
            way = cos(turn), sin(turn)
            from_ = x + way[0] * start, y + way[1] * start
            pygame.draw.line(surface, colour, from_, (x + way[0] * end, y + way[1] * end), 2)
        self._light(surface, (x, y), 0.8, (effect, age))

    def blast(self, surface: pygame.Surface, camera: Camera, it: tuple[Effect, float]) -> None:
        """Paint a ball of light, and a ring that shows how far the blast reached."""
        effect, age = it
        at = camera.screen(effect.x, effect.y)
        radius = camera.px(effect.value)
        self._light(surface, at, radius / self.bodies.tile_px * 0.95, (effect, age))
        ring = radius * (0.45 + 0.55 * min(1.0, age * 2.5))
        colour = mixed(mixed(effect.colour, WHITE, 0.4), (40, 44, 58), age)
        pygame.draw.circle(surface, colour, at, ring, max(1, round(5 * (1 - age))))
        self._splinters(surface, at, radius * 0.9, it)

    def spark(self, surface: pygame.Surface, camera: Camera, it: tuple[Effect, float]) -> None:
        """Paint a small impact."""
        effect, age = it
        at = camera.screen(effect.x, effect.y)
        self._light(surface, at, 0.5, (effect, age))
        self._splinters(surface, at, self.bodies.tile_px * 0.55, it)

    def number(self, surface: pygame.Surface, camera: Camera, it: tuple[Effect, float]) -> None:
        """Paint the damage of a hit."""
        effect, age = it
        x, y = camera.screen(effect.x, effect.y)
        words = str(round(effect.value))
        picture = self.painter.text(words, 20, effect.colour)
        if age > 0.5:
            picture = picture.copy()
            picture.set_alpha(round(510 * (1 - age)))
        rise = 0 if self.is_calm else age * self.bodies.tile_px * 0.7
        corner = x - picture.get_width() / 2, y - self.bodies.tile_px * 0.8 - rise
        surface.blit(self.painter.text(words, 20, (10, 12, 18)), (corner[0] + 1, corner[1] + 2))
        surface.blit(picture, corner)

    def death(self, surface: pygame.Surface, camera: Camera, it: tuple[Effect, float]) -> None:
        """Paint a death: splinters, and a ring that grows."""
        effect, age = it
        at = camera.screen(effect.x, effect.y)
        self._light(surface, at, 1.3, it)
        self._splinters(surface, at, self.bodies.tile_px * 1.3, it)
        colour = mixed(effect.colour, (40, 44, 58), age)
        radius = self.bodies.radius * (1 + 1.5 * age)
        pygame.draw.circle(surface, colour, at, radius, max(1, round(4 * (1 - age))))

    def arrival(self, surface: pygame.Surface, camera: Camera, it: tuple[Effect, float]) -> None:
        """Paint a ring that closes on a spawned player."""
        effect, age = it
        at = camera.screen(effect.x, effect.y)
        radius = self.bodies.radius * (1 + 2.2 * (1 - age))
        pygame.draw.circle(surface, mixed(WHITE, effect.colour, age), at, radius, 2)
        self._light(surface, at, 1.1, it)

    def dash(self, surface: pygame.Surface, camera: Camera, it: tuple[Effect, float]) -> None:
        """Paint a ring where a dash began."""
        effect, age = it
        at = camera.screen(effect.x, effect.y)
        colour = mixed(effect.colour, (29, 38, 54), age)
        pygame.draw.circle(surface, colour, at, self.bodies.radius * (1 - 0.4 * age), 3)
        self._light(surface, at, 0.9, it)

    def pickup(self, surface: pygame.Surface, camera: Camera, it: tuple[Effect, float]) -> None:
        """Paint a ring where a pickup was taken."""
        effect, age = it
        at = camera.screen(effect.x, effect.y)
        colour = mixed(mixed(effect.colour, WHITE, 0.5), (40, 44, 58), age)
        pygame.draw.circle(surface, colour, at, self.bodies.tile_px * (0.45 + 0.5 * age), 2)

    def _light(
        self,
        surface: pygame.Surface,
        at: tuple[float, float],
        tiles: float,
        it: tuple[Effect, float],
    ) -> None:
        effect, age = it
        radius = max(4, round(tiles * self.bodies.tile_px))
        light = self.bodies.light(radius, effect.colour, 0.85 * (1 - age))
        half = light.get_width() / 2
        surface.blit(light, (at[0] - half, at[1] - half), special_flags=ADD)

    def _splinters(
        self, surface: pygame.Surface, at: tuple[float, float], far: float, it: tuple[Effect, float]
    ) -> None:
        if self.is_calm:
            return
        effect, age = it
        colour = mixed(mixed(effect.colour, WHITE, 0.5 * (1 - age)), (40, 44, 58), age)
        seed = int(effect.born_s * 977) + round(effect.x)
        eased = 1 - (1 - age) ** 2
        for number in range(SPLINTERS):
            mix = (seed * 31 + number * 7_919) * 2_654_435_761 & 0xFFFF
            turn, reach = mix / 65_536 * tau, far * (0.45 + (mix & 255) / 460) * eased
            tip = at[0] + cos(turn) * reach, at[1] + sin(turn) * reach
            length = far * 0.2 * (1 - age)
            tail = tip[0] - cos(turn) * length, tip[1] - sin(turn) * length
            pygame.draw.line(surface, colour, tail, tip, 2)


def effect_weapon(effect: Effect) -> int:
    """The weapon whose blast radius bounds an effect."""
    return Weapon.LAUNCHER if effect.kind == "blast" else Weapon.BLASTER


_PAINTERS: Final[
    dict[str, Callable[[Sparks, pygame.Surface, Camera, tuple[Effect, float]], None]]
] = {
    "flash": Sparks.flash,
    "rail": Sparks.rail,
    "scatter": Sparks.scatter,
    "blast": Sparks.blast,
    "spark": Sparks.spark,
    "number": Sparks.number,
    "death": Sparks.death,
    "spawn": Sparks.arrival,
    "dash": Sparks.dash,
    "pickup": Sparks.pickup,
}
