"""Visibility by straight lines only: the tests' independent check of the fog.

Owns: whether any straight line connects two places. Must not know: how the game
decides that (`game.sightlines`, `game.fog`). Invariants: where `is_seen` says yes, there is a line;
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
BODY_UNITS = TUNING.player_radius_units - 4  # less than this sticking out does not count
RIM = ((0, 0), (10, 0), (-10, 0), (0, 10), (0, -10), (7, 7), (7, -7), (-7, 7), (-7, -7))
ON_TILE = (1, TILE_UNITS // 2, TILE_UNITS - 2)  # where lines begin and end on a tile
FINE = 3  # a line may cut into a wall by a third of a tile


def is_seen(arena: Arena, eye: Place, body: Place) -> bool:
    """Whether a line connects some point of one circle with some point of the other."""
    if max(abs(eye[0] - body[0]), abs(eye[1] - body[1])) > FAR_UNITS:
        return False
    return any(not trace(arena, *here, *there)[2] for here in _body(eye) for there in _body(body))


def is_in_view(arena: Arena, eye: Place, body: Place) -> bool:
    """Whether a line connects a point with some point of a circle."""
    if max(abs(eye[0] - body[0]), abs(eye[1] - body[1])) > FAR_UNITS:
        return False
    return any(not trace(arena, *eye, *there)[2] for there in _body(body))


def could_be_seen(arena: Arena, eye: Place, spot: Place) -> bool:
    """Whether a line connects the tiles of `eye` and `spot`, or tiles next to them,
    past walls that are slightly thinner than the real ones.
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
    """Points around a tile on the thinner map."""
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
    """A map of `FINE` times as many tiles each way, whose walls lack their outermost tiles."""
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
    """The middle of a column or row of the thinner map, on the real map."""
    return (2 * fine + 1) * TILE_UNITS // (2 * FINE)
