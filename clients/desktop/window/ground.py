"""The map as a picture, painted once: floor, walls with faces and shadows, the light of pads.

Owns: pieces of the map, each painted when first seen. Must not know: who runs on it. Invariant: at
most `PIECES_MAX` pieces are kept, however large the map is.
"""

from typing import Final

import pygame
from attrs import define, field

from clients.desktop.core.lexicon import PICKUP_NAMES
from clients.desktop.core.palette import ActivePalette
from clients.desktop.core.scene.camera import Camera
from clients.desktop.core.shapes import Colour, Rect, mixed
from clients.desktop.window.cache import PictureCache
from clients.desktop.window.glyphs import glyph_picture
from game.arena import Arena
from game.tuning import TILE_UNITS, PickupKind

PIECE_TILES: Final = 8  # about 3 ms to paint: a piece that comes into sight delays no frame
PIECES_MAX: Final = 48  # about 30 MB at 1280 × 720, which shows at most twenty at once
FACE_SHARE: Final = 0.24  # of a tile: the side of a wall that faces the viewer
SHADOW_SHARE: Final = 0.28
PLATE_TILES: Final = 4  # a brighter cross stands where four plates meet


@define
class Ground:
    """One map at one zoom."""

    arena: Arena
    paints: ActivePalette
    tile_px: int
    _pieces: PictureCache = field(factory=lambda: PictureCache(PIECES_MAX))

    def paint(self, surface: pygame.Surface, camera: Camera) -> None:
        """Paint what the camera sees."""
        surface.fill(self.paints.colours.backdrop)
        size = PIECE_TILES * self.tile_px
        last_column = min(
            (camera.left + camera.width) // size, (self.arena.width - 1) // PIECE_TILES
        )
        last_row = min((camera.top + camera.height) // size, (self.arena.height - 1) // PIECE_TILES)
        for row in range(max(0, camera.top // size), last_row + 1):
            for column in range(max(0, camera.left // size), last_column + 1):
                piece = self._piece(column, row)
                surface.blit(piece, (column * size - camera.left, row * size - camera.top))

    def _piece(self, column: int, row: int) -> pygame.Surface:
        return self._pieces.get((column, row), lambda: self._painted(column, row))

    def _painted(self, column: int, row: int) -> pygame.Surface:
        """Paint one piece. What reaches over its edge is also painted by its neighbours."""
        size = PIECE_TILES * self.tile_px
        tiles = Rect(
            column * PIECE_TILES,
            row * PIECE_TILES,
            min(PIECE_TILES, self.arena.width - column * PIECE_TILES),
            min(PIECE_TILES, self.arena.height - row * PIECE_TILES),
        )
        picture = pygame.Surface((tiles.width * self.tile_px, tiles.height * self.tile_px))
        origin = column * size, row * size
        around = [
            (x, y)
            for y in range(max(0, tiles.y - 1), min(self.arena.height, tiles.bottom + 1))
            for x in range(max(0, tiles.x - 1), min(self.arena.width, tiles.right + 1))
        ]
        for x, y in around:
            self._floor_tile(picture, origin, x, y)
        self._lights(picture, origin)
        self._shadows(picture, origin, around)
        for x, y in around:
            if self._is_wall(x, y):
                self._wall_tile(picture, origin, x, y)
        return picture.convert()

    def _floor_tile(self, picture: pygame.Surface, origin: tuple[int, int], x: int, y: int) -> None:
        colours, px = self.paints.colours, self.tile_px
        left, top = x * px - origin[0], y * px - origin[1]
        share = (_noise(x >> 2, y >> 2) + _noise(x, y)) / 510
        dye = colours.floor_line if share > 0.5 else colours.backdrop
        strength = (share - 0.5) * (0.1 if share > 0.5 else -0.5)
        picture.fill(mixed(colours.floor, dye, strength), (left, top, px, px))
        dark = mixed(colours.floor, colours.backdrop, 0.5)
        faint = mixed(colours.floor, colours.backdrop, 0.2)
        picture.fill(dark if x % PLATE_TILES == 0 else faint, (left, top, 1, px))
        picture.fill(dark if y % PLATE_TILES == 0 else faint, (left, top, px, 1))
        if x % PLATE_TILES == 0 and y % PLATE_TILES == 0:
            cross, arm = mixed(colours.floor, colours.floor_line, 0.4), max(2, px // 9)
            picture.fill(cross, (left - arm, top, 2 * arm + 1, 1))
            picture.fill(cross, (left, top - arm, 1, 2 * arm + 1))

    def _lights(self, picture: pygame.Surface, origin: tuple[int, int]) -> None:
        """Paint some light around each pad, in its colour, and around flags and team spawns."""
        places = [(pad.x, pad.y, self.paints.pad(pad.kind), 3.0) for pad in self.arena.pads]
        teams = self.paints.colours.teams
        places += [(flag.x, flag.y, teams[flag.team], 6.0) for flag in self.arena.flags]
        places += [(it.x, it.y, teams[it.team], 3.0) for it in self.arena.spawns if it.team]
        for x, y, colour, tiles in places:
            radius = round(tiles * self.tile_px)
            at = (
                x * self.tile_px // TILE_UNITS - origin[0] - radius,
                y * self.tile_px // TILE_UNITS - origin[1] - radius,
            )
            if picture.get_rect().colliderect((*at, 2 * radius, 2 * radius)):
                picture.blit(glow(radius, colour, 0.16), at, special_flags=pygame.BLEND_RGB_ADD)

    def _shadows(
        self, picture: pygame.Surface, origin: tuple[int, int], around: list[tuple[int, int]]
    ) -> None:
        """Paint soft shadows right of and below every wall: three layers, each a little smaller."""
        px, reach = self.tile_px, max(2, round(self.tile_px * SHADOW_SHARE))
        shade = pygame.Surface(picture.get_size(), pygame.SRCALPHA)
        for part in (3, 2, 1):
            off = reach * part // 3
            alpha = 40 + 34 * (3 - part)
            for x, y in around:
                if self._is_wall(x, y):
                    rect = (x * px - origin[0] + off // 2, y * px - origin[1] + off, px, px)
                    shade.fill((0, 0, 0, alpha), rect)
        picture.blit(shade, (0, 0))

    def _wall_tile(self, picture: pygame.Surface, origin: tuple[int, int], x: int, y: int) -> None:
        colours, px = self.paints.colours, self.tile_px
        left, top = x * px - origin[0], y * px - origin[1]
        inside = all(self._is_wall(x + i, y + j) for i in (-1, 0, 1) for j in (-1, 0, 1))
        share = _noise(x, y) / 255 * 0.1
        colour = mixed(colours.wall_top, colours.wall_face, 0.55 if inside else share)
        picture.fill(colour, (left, top, px, px))
        line = max(1, px // 24)
        if not self._is_wall(x, y + 1):
            face = round(px * FACE_SHARE)
            picture.fill(colours.wall_face, (left, top + px - face, px, face))
            lamp = mixed(colours.wall_face, colours.accent, 0.5)
            picture.fill(lamp, (left + px * 3 // 8, top + px - face // 2 - 1, px // 4, 2))
            picture.fill(colours.wall_edge, (left, top + px - face - line, px, line))
        edge = mixed(colours.wall_edge, colours.wall_top, 0.25)
        if not self._is_wall(x, y - 1):
            picture.fill(edge, (left, top, px, line))
        if not self._is_wall(x - 1, y):
            picture.fill(edge, (left, top, line, px))
        if not self._is_wall(x + 1, y):
            picture.fill(edge, (left + px - line, top, line, px))

    def _is_wall(self, x: int, y: int) -> bool:
        if not (0 <= x < self.arena.width and 0 <= y < self.arena.height):
            return True
        return self.arena.walls[y * self.arena.width + x] != 0


def plan_of(arena: Arena, paints: ActivePalette, size: tuple[int, int]) -> pygame.Surface:
    """The whole map, small."""
    colours = paints.colours
    small = pygame.Surface((arena.width, arena.height))
    floor, wall = (
        mixed(colours.panel, colours.floor, 0.6),
        mixed(colours.wall_top, colours.text, 0.1),
    )
    for index, is_wall in enumerate(arena.walls):
        at = index % arena.width, index // arena.width
        small.set_at(at, wall if is_wall else floor)
    return pygame.transform.scale(small, size).convert()


def pad_picture(
    paints: ActivePalette, kind: int, tile_px: int, *, is_ready: bool
) -> pygame.Surface:
    """A plate with what lies on it; an empty one is dark."""
    size, scale = round(tile_px * 1.02), 3
    large = pygame.Surface((size * scale, size * scale), pygame.SRCALPHA)
    half = size * scale / 2
    colours, colour = paints.colours, paints.pad(kind)
    corners = [pygame.Vector2(half * 0.92, 0).rotate(360 * i / 8 + 22.5) for i in range(8)]
    points = [(half + corner.x, half + corner.y) for corner in corners]
    pygame.draw.polygon(
        large, (*mixed(colours.panel, colour, 0.16 if is_ready else 0), 225), points
    )
    rim = colour if is_ready else mixed(colour, colours.panel, 0.72)
    pygame.draw.polygon(large, rim, points, scale * 2)
    plate = pygame.transform.smoothscale(large, (size, size))
    sign = glyph_picture(PICKUP_NAMES[PickupKind(kind)], round(size * 0.46), rim)
    plate.blit(sign, sign.get_rect(center=(size // 2, size // 2)))
    return plate.convert_alpha()


def glow(radius: int, colour: Colour, strength: float) -> pygame.Surface:
    """Light that falls off from the middle, to be added to what is there."""
    rings = min(radius, 24)
    picture = pygame.Surface((2 * radius, 2 * radius))
    for ring in range(rings):
        share = (ring + 1) / rings
        light = mixed((0, 0, 0), colour, strength * share * share)
        pygame.draw.circle(picture, light, (radius, radius), radius * (1 - ring / rings))
    return picture.convert()


def ring_points(x: float, y: float, radius: float, share: float) -> list[tuple[float, float]]:
    """Points along a circle from the top, clockwise, for an arc that is `share` of it."""
    steps = max(2, round(28 * share))
    arrow = pygame.Vector2(0, -radius)
    turns = (arrow.rotate(360 * share * i / steps) for i in range(steps + 1))
    return [(x + turned.x, y + turned.y) for turned in turns]


def _noise(x: int, y: int) -> int:
    """A number that looks random, the same for the same tile: 0 … 255."""
    number = (x * 374_761_393 + y * 668_265_263) & 0xFFFF_FFFF
    number = (number ^ number >> 13) * 1_274_126_177 & 0xFFFF_FFFF
    return (number ^ number >> 16) & 255
