"""Paints shapes: the one place where those of `core.shapes` become pixels.

Owns: fonts, and pictures of what was painted before. Must not know: what a shape stands for.
"""

from collections.abc import Iterable
from typing import Final

import pygame
from attrs import define, field

from clients.desktop.core.shapes import (
    Area,
    Box,
    Colour,
    Dot,
    Glyph,
    Line,
    Outline,
    Plan,
    Rect,
    Shape,
    Text,
)
from clients.desktop.window.cache import PictureCache
from clients.desktop.window.glyphs import glyph_picture

TEXTS_MAX: Final = 600
BOXES_MAX: Final = 200
GLYPHS_MAX: Final = 200
LARGER: Final = 3  # letters are painted larger, then scaled down: evenly spaced, and smooth
HEIGHT_TO_SIZE: Final = 1.28


@define
class Painter:
    """One window's painter. `plan` is what a `Plan` shows."""

    plan: pygame.Surface | None = None
    _fonts: dict[int, pygame.font.Font] = field(factory=dict)
    _texts: PictureCache = field(factory=lambda: PictureCache(TEXTS_MAX))
    _boxes: PictureCache = field(factory=lambda: PictureCache(BOXES_MAX))
    _glyphs: PictureCache = field(factory=lambda: PictureCache(GLYPHS_MAX))

    def paint(self, surface: pygame.Surface, shapes: Iterable[Shape]) -> None:
        """Paint all shapes, in order."""
        for shape in shapes:
            match shape:
                case Text():
                    self._text(surface, shape)
                case Box():
                    self._box(surface, shape)
                case Glyph():
                    picture = self.glyph(shape.name, shape.size, shape.colour)
                    at = shape.x - shape.size / 2, shape.y - shape.size / 2
                    surface.blit(picture, at)
                case Dot(x, y, radius, colour, 0):
                    pygame.draw.aacircle(surface, colour, (x, y), radius)
                case Dot(x, y, radius, colour, width):
                    pygame.draw.circle(surface, colour, (x, y), radius, width)
                # For two points, `aalines` reads uninitialised memory (pygame-ce 2.5): the same
                # line looks different from call to call.
                case Line((start, end), colour, 1):
                    pygame.draw.aaline(surface, colour, start, end)
                case Line(points, colour, 1):
                    pygame.draw.aalines(surface, colour, False, points)
                case Line(points, colour, width):
                    pygame.draw.lines(surface, colour, False, points, width)
                case Area(points, colour):
                    pygame.draw.polygon(surface, colour, points)
                    pygame.draw.aalines(surface, colour, True, points)
                case Outline(rect, colour, width, radius):
                    pygame.draw.rect(surface, colour, rect, width, radius)
                case Plan(rect):
                    self._plan(surface, rect)

    def close(self) -> None:
        """Release the fonts: each is an open file."""
        self._fonts.clear()

    def text_width(self, words: str, size: int) -> int:
        """The width of a line of text, in pixels."""
        return self._font(size).size(words)[0] // LARGER

    def glyph(self, name: str, size: int, colour: Colour) -> pygame.Surface:
        """A sign as a picture."""
        key = name, size, colour
        return self._glyphs.get(key, lambda: glyph_picture(name, size, colour))

    def text(self, words: str, size: int, colour: Colour) -> pygame.Surface:
        """A line of text as a picture."""
        key = words, size, colour
        return self._texts.get(key, lambda: self._letters(words, size, colour))

    def _letters(self, words: str, size: int, colour: Colour) -> pygame.Surface:
        large = self._font(size).render(words, True, colour).convert_alpha()
        width, height = large.get_size()
        smaller = max(1, width // LARGER), max(1, height // LARGER)
        return pygame.transform.smoothscale(large, smaller)

    def _font(self, size: int) -> pygame.font.Font:
        """The font that comes with pygame."""
        if size not in self._fonts:
            self._fonts[size] = pygame.font.Font(None, round(size * HEIGHT_TO_SIZE * LARGER))
        return self._fonts[size]

    def _text(self, surface: pygame.Surface, text: Text) -> None:
        if not text.words:
            return
        picture = self.text(text.words, text.size, text.colour)
        if text.alpha < 255:
            picture = picture.copy()
            picture.set_alpha(text.alpha)
        x = text.x - picture.get_width() * text.anchor
        surface.blit(picture, (round(x), round(text.y - picture.get_height() / 2)))

    def _box(self, surface: pygame.Surface, box: Box) -> None:
        rect, colour, alpha, radius = box
        if alpha == 255:
            pygame.draw.rect(surface, colour, rect, 0, radius)
            return
        key = rect.width, rect.height, colour, alpha, radius
        surface.blit(self._boxes.get(key, lambda: _see_through(box)), (rect.x, rect.y))

    def _plan(self, surface: pygame.Surface, rect: Rect) -> None:
        if self.plan is not None:
            surface.blit(self.plan, (rect.x, rect.y))


def _see_through(box: Box) -> pygame.Surface:
    rect, colour, alpha, radius = box
    size = max(1, rect.width), max(1, rect.height)
    if radius == 0:  # one alpha for all of it is cheaper to blit
        plain = pygame.Surface(size)
        plain.fill(colour)
        plain = plain.convert()
        plain.set_alpha(alpha)
        return plain
    picture = pygame.Surface(size, pygame.SRCALPHA)
    pygame.draw.rect(picture, (*colour, alpha), ((0, 0), size), 0, radius)
    return picture.convert_alpha()
