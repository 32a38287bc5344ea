"""Who can see what, by straight lines and nothing else: the tests' own word on the fog.

Owns: the question whether any line leads from one place to another. Must not know: how the game
finds out (`game.sightlines`, `game.fog`). Invariants: where `is_seen` says yes, there is a line;
where `could_be_seen` says no, none is near.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from game.arena import Arena
from game.collision import is_wall, trace
from game.tuning import TILE_SHIFT, TILE_UNITS, TUNING

Place = tuple[int, int]

FAR_UNITS = 27 * TILE_UNITS  # along each axis: as far as any client's screen shows
BODY_UNITS = TUNING.player_radius_units - 4  # what sticks out by less is no more than a hair
RIM = ((0, 0), (10, 0), (-10, 0), (0, 10), (0, -10), (7, 7), (7, -7), (-7, 7), (-7, -7))
ON_TILE = (1, TILE_UNITS // 2, TILE_UNITS - 2)  # where on a tile lines begin and end
FINE = 3  # a line may go so far through the side of a wall: the third part of a tile


def is_seen(arena: Arena, eye: Place, body: Place) -> bool:
    """Whether a line leads from some point of one circle to some point of the other."""
    if max(abs(eye[0] - body[0]), abs(eye[1] - body[1])) > FAR_UNITS:
        return False
    return any(not trace(arena, *here, *there)[2] for here in _body(eye) for there in _body(body))


def is_in_view(arena: Arena, eye: Place, body: Place) -> bool:
    """Whether a line leads from a point to some point of a circle."""
    if max(abs(eye[0] - body[0]), abs(eye[1] - body[1])) > FAR_UNITS:
        return False
    return any(not trace(arena, *eye, *there)[2] for there in _body(body))


def could_be_seen(arena: Arena, eye: Place, spot: Place) -> bool:
    """Whether a line leads from around `eye` to around `spot`, from their tiles or the next ones,
    past walls that are thinner by a bit than they are.
    """
    here, there = ((x >> TILE_SHIFT, y >> TILE_SHIFT) for x, y in (eye, spot))
    thin = _thinner(arena)
    return any(
        not trace(thin, *a, *b)[2]
        for near in (0, 1)
        for a in _around(arena, here, near)
        for b in _around(arena, there, near)
    )


def _body(middle: Place) -> Iterator[Place]:
    for across, down in RIM:
        yield middle[0] + across * BODY_UNITS // 10, middle[1] + down * BODY_UNITS // 10


@lru_cache(maxsize=8_192)
def _around(arena: Arena, tile: Place, tiles: int) -> tuple[Place, ...]:
    """Points on the thinner map."""
    return tuple(
        (x * FINE, y * FINE)
        for row in range(tile[1] - tiles, tile[1] + tiles + 1)
        for column in range(tile[0] - tiles, tile[0] + tiles + 1)
        for x in [(column << TILE_SHIFT) + on for on in ON_TILE]
        for y in [(row << TILE_SHIFT) + on for on in ON_TILE]
        if not is_wall(arena, x, y)
    )


@lru_cache(maxsize=8)
def _thinner(arena: Arena) -> Arena:
    """A map of `FINE` times as many tiles, with walls that lack their outermost ones."""
    width, height = arena.width * FINE, arena.height * FINE
    walls = bytes(
        all(
            is_wall(arena, _middle(x + across), _middle(y + down))
            for across in (-1, 0, 1)
            for down in (-1, 0, 1)
        )
        for y in range(height)
        for x in range(width)
    )
    return replace(arena, width=width, height=height, walls=walls)


def _middle(fine: int) -> int:
    """Of a column or row of the thinner map, on the map itself."""
    return (2 * fine + 1) * TILE_UNITS // (2 * FINE)
