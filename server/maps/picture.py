"""Draws a map as a picture, for people who make maps and for pages that show them.

Owns: colours and shapes of the picture. Must not know: files, the command line. Invariant: one
picture per map, whatever the machine: no system fonts. Pillow is an extra, and imported only here.
"""

from typing import Final

from PIL import Image, ImageDraw, ImageFont

from game.arena import Arena, FlagBase, Pad, Spawn
from game.trig import ONE, direction
from game.tuning import TILE_UNITS, TURN, PickupKind

TILE_PIXELS = 24
SMOOTHING = 2  # drawn this much larger and scaled down: Pillow draws without anti-aliasing
TILE = TILE_PIXELS * SMOOTHING

WALL: Final = (58, 68, 88)
WALL_LIGHT: Final = (104, 118, 146)
WALL_SHADE: Final = (30, 36, 48)
GRID: Final = (32, 38, 50)
SHADOW: Final = (14, 17, 24)
SIDES: Final = ((226, 232, 240), (255, 112, 96), (92, 160, 255))  # everybody, red, blue
LABEL: Final = (240, 244, 250)
FLOOR: Final = {
    0: (24, 29, 39),
    1: (35, 43, 57),
    2: (31, 57, 70),
    3: (84, 70, 34),
    4: (28, 34, 40),
    5: (66, 40, 42),
    6: (36, 48, 82),
}
PADS: Final = {
    PickupKind.HEALTH: ((74, 201, 126), "health"),
    PickupKind.MEGA: ((64, 156, 255), "mega"),
    PickupKind.ARMOUR: ((245, 196, 66), "armour"),
    PickupKind.DOUBLE: ((190, 105, 255), "double"),
    PickupKind.AMMO_SCATTER: ((255, 140, 66), "scatter"),
    PickupKind.AMMO_LAUNCHER: ((240, 86, 86), "launcher"),
    PickupKind.AMMO_RAIL: ((94, 234, 212), "rail"),
    PickupKind.AMMO_DISC: ((244, 143, 205), "disc"),
}


def draw(arena: Arena, floor: bytes) -> Image.Image:
    """Draw `arena` on its `floor` tiles (see maps/README.md), 24 pixels to the tile."""
    size = (arena.width * TILE, arena.height * TILE)
    image = Image.new("RGB", size, FLOOR[0])
    pen = ImageDraw.Draw(image)
    tiles = [(i % arena.width, i // arena.width, i) for i in range(len(arena.walls))]
    for column, row, index in tiles:
        _draw_floor(pen, column, row, floor[index])
    for column, row, index in tiles:
        if arena.walls[index]:
            offset = TILE // 6
            pen.rectangle(_box(column, row, offset), fill=SHADOW)
    for column, row, index in tiles:
        if arena.walls[index]:
            _draw_wall(pen, arena, column, row)
    for spawn in arena.spawns:
        _draw_spawn(pen, spawn)
    for pad in arena.pads:
        _draw_pad(pen, pad)
    for base in arena.flags:
        _draw_flag(pen, base)
    small = image.resize(
        (arena.width * TILE_PIXELS, arena.height * TILE_PIXELS), Image.Resampling.LANCZOS
    )
    _write_labels(ImageDraw.Draw(small), arena)
    return small


def _box(column: int, row: int, offset: int = 0) -> tuple[int, int, int, int]:
    left, top = column * TILE + offset, row * TILE + offset
    return left, top, left + TILE - 1, top + TILE - 1


def _draw_floor(pen: ImageDraw.ImageDraw, column: int, row: int, number: int) -> None:
    pen.rectangle(_box(column, row), fill=FLOOR.get(number, FLOOR[0]), outline=GRID)
    left, top, right, bottom = _box(column, row)
    if number == 3:  # hazard: one dark stripe, which runs on from tile to tile
        half = TILE // 2
        stripe = [(left, bottom), (left, top + half), (left + half, top), (right, top)]
        pen.polygon(stripe, fill=FLOOR[4])
    if number == 4:  # grate
        for step in range(TILE // 8, TILE, TILE // 4):
            pen.line((left + step, top, left + step, bottom), fill=SHADOW, width=3)


def _draw_wall(pen: ImageDraw.ImageDraw, arena: Arena, column: int, row: int) -> None:
    """A block with light on the edges that look up and left, and shade on the others."""
    left, top, right, bottom = _box(column, row)
    pen.rectangle((left, top, right, bottom), fill=WALL)
    edge = TILE // 10
    if _is_floor(arena, column, row - 1):
        pen.rectangle((left, top, right, top + edge), fill=WALL_LIGHT)
    if _is_floor(arena, column - 1, row):
        pen.rectangle((left, top, left + edge, bottom), fill=WALL_LIGHT)
    if _is_floor(arena, column, row + 1):
        pen.rectangle((left, bottom - edge, right, bottom), fill=WALL_SHADE)
    if _is_floor(arena, column + 1, row):
        pen.rectangle((right - edge, top, right, bottom), fill=WALL_SHADE)


def _is_floor(arena: Arena, column: int, row: int) -> bool:
    inside = 0 <= column < arena.width and 0 <= row < arena.height
    return inside and not arena.walls[row * arena.width + column]


def _draw_spawn(pen: ImageDraw.ImageDraw, spawn: Spawn) -> None:
    """A ring around an arrowhead that points where a player aims at first."""
    x, y = spawn.x * TILE // TILE_UNITS, spawn.y * TILE // TILE_UNITS
    radius = TILE * 2 // 5
    pen.ellipse(
        (x - radius, y - radius, x + radius, y + radius), outline=SIDES[spawn.team], width=3
    )
    arrow = []
    for turn, reach in (
        (0, radius * 3 // 4),
        (TURN * 3 // 8, radius // 2),
        (TURN * 5 // 8, radius // 2),
    ):
        cosine, sine = direction((spawn.aim + turn) % TURN)
        arrow.append((x + cosine * reach // ONE, y + sine * reach // ONE))
    pen.polygon(arrow, fill=SIDES[spawn.team])


def _draw_flag(pen: ImageDraw.ImageDraw, base: FlagBase) -> None:
    """A flag on a pole that stands in a ring."""
    x, y = base.x * TILE // TILE_UNITS, base.y * TILE // TILE_UNITS
    colour, high = SIDES[base.team], TILE * 9 // 10
    pen.ellipse((x - high, y - high, x + high, y + high), fill=SHADOW, outline=colour, width=5)
    pen.line((x - high // 4, y + high // 2, x - high // 4, y - high // 2), fill=LABEL, width=5)
    pen.polygon(
        [(x - high // 4, y - high // 2), (x + high // 2, y - high // 4), (x - high // 4, y)],
        fill=colour,
    )


def _draw_pad(pen: ImageDraw.ImageDraw, pad: Pad) -> None:
    x, y = pad.x * TILE // TILE_UNITS, pad.y * TILE // TILE_UNITS
    colour, _ = PADS[pad.kind]
    grand = pad.kind in (PickupKind.MEGA, PickupKind.DOUBLE)
    for radius, fill in ((TILE * 9 // 20, SHADOW), (TILE // 3, colour)):
        reach = radius * 3 // 2 if grand else radius
        box = (x - reach, y - reach, x + reach, y + reach)
        pen.ellipse(box, fill=fill, outline=colour, width=4)


def _write_labels(pen: ImageDraw.ImageDraw, arena: Arena) -> None:
    font = ImageFont.load_default(size=11)
    for pad in arena.pads:
        x, y = pad.x * TILE_PIXELS // TILE_UNITS, pad.y * TILE_PIXELS // TILE_UNITS
        below = TILE_PIXELS if pad.kind in (PickupKind.MEGA, PickupKind.DOUBLE) else 15
        place = (x, y + below)
        _, word = PADS[pad.kind]
        pen.text(place, word, LABEL, font, "mm", stroke_width=2, stroke_fill=SHADOW)
