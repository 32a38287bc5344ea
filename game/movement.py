"""How one player moves in one tick. It depends only on the player's keys and body and the map, so
clients predict it exactly.

Owns: running, dashing, sliding along walls. Must not know: other players, weapons, the World.
Invariant: a circle that was free stays free. The browser has a line-by-line copy, so every product
stays below 2**53, every division is a floor division by a positive number, and shifts act on
numbers of less than 31 bits.
"""

from collections.abc import Iterable
from functools import lru_cache
from math import isqrt
from typing import Final, cast

from game.arena import Arena
from game.inputs import DASH
from game.trig import ONE, direction
from game.tuning import TILE_SHIFT, TILE_UNITS, Tuning
from game.world import Player

# By buttons & 15 (up 1, down 2, left 4, right 8): which way each axis is pushed. Opposite keys
# cancel.
WISH_X: Final = (0, 0, 0, 0, -1, -1, -1, -1, 1, 1, 1, 1, 0, 0, 0, 0)
WISH_Y: Final = (0, -1, 1, 0, 0, -1, 1, 0, 0, -1, 1, 0, 0, -1, 1, 0)
DIAGONAL: Final = 11_585  # √½ in 1/16,384: running diagonally is as fast as running straight
HALF: Final = ONE // 2  # added before a division by ONE, so that it rounds to the nearest

# A step this short cannot move a centre, which is a radius (430) away from every wall, into a wall
# tile.
STEP_UNITS_MAX: Final = 150
QUARTER_SHIFT: Final = TILE_SHIFT - 1  # a quarter of a tile is half as wide


def move(player: Player, arena: Arena, tuning: Tuning, tick: int) -> None:
    """Advance one living player by one tick."""
    move_all((player,), arena, tuning, tick)


def move_all(players: Iterable[Player], arena: Arena, tuning: Tuning, tick: int) -> list[Player]:
    """Advance living players by one tick, each on its own; returns those who began to dash, in
    order.

    One loop rather than a call for each: shared values are looked up once.
    """
    dashed = []
    wishes = wishes_of(tuning.run_speed)
    slow = STEP_UNITS_MAX if tuning.speed_max**2 >= 2 * STEP_UNITS_MAX * STEP_UNITS_MAX else -1
    clear, clear_width = clear_quarters(arena), 2 * arena.width
    for player in players:
        buttons = player.buttons
        if buttons & DASH and tick >= player.dash_ready_tick:
            _start_dash(player, tuning, tick)
            dashed.append(player)
        if tick < player.dash_until_tick:
            vx = player.dash_vx
            vy = player.dash_vy
        else:
            if player.dash_vx or player.dash_vy:
                _end_dash(player, tuning)
            vx = player.vx
            vy = player.vy
            wish_x, wish_y = wishes[buttons & 15]
            if vx != wish_x:
                vx = _approach(vx, wish_x, tuning)
            if vy != wish_y:
                vy = _approach(vy, wish_y, tuning)
        if vx or vy:
            x = player.x + vx
            y = player.y + vy
            # One short step to where no wall is near: the same result as `_go`, without a call.
            if (
                -slow <= vx <= slow
                and -slow <= vy <= slow
                and clear[(y >> QUARTER_SHIFT) * clear_width + (x >> QUARTER_SHIFT)]
            ):
                player.x = x
                player.y = y
            else:
                vx, vy = _go(player, arena, tuning, vx, vy)
        player.vx = vx
        player.vy = vy
    return dashed


def clear_quarters(arena: Arena) -> bytes:
    """By quarter tile, row by row: 1 where the three tiles beyond that corner are no walls, so a
    centre in it touches none. Computed once per arena.
    """
    known = arena.derived.get("clear quarters")
    if known is None:
        known = arena.derived["clear quarters"] = _clear_quarters(arena)
    return cast(bytes, known)


def _clear_quarters(arena: Arena) -> bytes:
    width, count = arena.width, len(arena.walls)
    # One byte per tile, with a row before the first: a shift aligns a neighbour with every tile.
    walls = int.from_bytes(bytes(width + 1) + arena.walls, "little")
    everywhere = int.from_bytes(bytes([1]) * count, "little")
    clear = bytearray(4 * count)
    for down in (0, 1):
        for right in (0, 1):
            side, beyond = 2 * right - 1, (2 * down - 1) * width
            near = 0
            for step in (0, side, beyond, side + beyond):
                near |= walls >> 8 * (width + 1 + step)
            free = (~near & everywhere).to_bytes(count, "little")
            for row in range(arena.height):
                start = (2 * row + down) * 2 * width + right
                clear[start : start + 2 * width : 2] = free[row * width : (row + 1) * width]
    return bytes(clear)


@lru_cache(maxsize=8)
def wishes_of(run_speed: int) -> tuple[tuple[int, int], ...]:
    """By buttons & 15: the velocity that the keys request."""
    diagonal = (run_speed * DIAGONAL + HALF) // ONE
    against = (-run_speed * DIAGONAL + HALF) // ONE  # rounded down, like every product here
    wishes = []
    for way_x, way_y in zip(WISH_X, WISH_Y, strict=True):
        speeds = (0, diagonal, against) if way_x and way_y else (0, run_speed, -run_speed)
        wishes.append((speeds[way_x], speeds[way_y]))
    return tuple(wishes)


def limit(vx: int, vy: int, speed_max: int) -> tuple[int, int]:
    """The same direction, at most `speed_max` long."""
    length = isqrt(vx * vx + vy * vy)
    if length < speed_max:
        return vx, vy
    return shrink(vx, speed_max, length + 1), shrink(vy, speed_max, length + 1)


def shrink(value: int, numerator: int, divisor: int) -> int:
    """`value * numerator / divisor`, rounded towards zero."""
    product = value * numerator
    return product // divisor if product >= 0 else -(-product // divisor)


def _approach(speed: int, wish: int, tuning: Tuning) -> int:
    """Change the speed on one axis: keys accelerate; friction alone slows down excess speed."""
    if speed < wish:
        speed += tuning.run_acceleration if wish > 0 else tuning.run_friction
        return wish if speed > wish else speed
    speed -= tuning.run_acceleration if wish < 0 else tuning.run_friction
    return wish if speed < wish else speed


def _end_dash(player: Player, tuning: Tuning) -> None:
    """End a dash: continue at run speed."""
    player.dash_vx = player.dash_vy = 0
    player.vx = shrink(player.vx, tuning.run_speed, tuning.dash_speed)
    player.vy = shrink(player.vy, tuning.run_speed, tuning.dash_speed)


def _start_dash(player: Player, tuning: Tuning, tick: int) -> None:
    """Start a dash along the keys, or along the aim when no key is down."""
    key_x = WISH_X[player.buttons & 15]
    key_y = WISH_Y[player.buttons & 15]
    if key_x and key_y:
        cosine, sine = key_x * DIAGONAL, key_y * DIAGONAL
    elif key_x or key_y:
        cosine, sine = key_x * ONE, key_y * ONE
    else:
        cosine, sine = direction(player.aim)
    player.dash_vx = (cosine * tuning.dash_speed + HALF) // ONE
    player.dash_vy = (sine * tuning.dash_speed + HALF) // ONE
    player.dash_until_tick = tick + tuning.dash_ticks
    player.dash_ready_tick = tick + tuning.dash_cooldown_ticks


def _go(player: Player, arena: Arena, tuning: Tuning, vx: int, vy: int) -> tuple[int, int]:
    """Move for a tick at this speed, past any walls; returns the remaining speed."""
    if vx * vx + vy * vy > tuning.speed_max * tuning.speed_max:
        vx, vy = limit(vx, vy, tuning.speed_max)
    x = player.x + vx
    y = player.y + vy
    # A centre in an open cell touches nothing, and a move of less than a tile crosses no wall.
    if arena.open_cells[(y >> TILE_SHIFT) * arena.width + (x >> TILE_SHIFT)]:
        player.x = x
        player.y = y
        return vx, vy
    return _slide(player, arena, tuning.player_radius_units, vx, vy)


def _slide(player: Player, arena: Arena, radius: int, vx: int, vy: int) -> tuple[int, int]:
    """Move near walls in short steps, each pushed out of what it touches; returns the remaining
    speed.

    A circle no wider than a tile touches at most one neighbour to the side, one above or below, and
    the one between these two; its own tile is free. So three checks are exact.
    """
    width, walls = arena.width, arena.walls
    x, y = player.x, player.y
    way_x, way_y = vx, vy
    fast_x = vx if vx >= 0 else -vx
    fast_y = vy if vy >= 0 else -vy
    fastest = fast_x if fast_x >= fast_y else fast_y
    for steps_left in range((fastest + STEP_UNITS_MAX - 1) // STEP_UNITS_MAX, 0, -1):
        step_x = way_x // steps_left
        step_y = way_y // steps_left
        way_x -= step_x
        way_y -= step_y
        next_x = x + step_x
        next_y = y + step_y
        cell = (next_y >> TILE_SHIFT) * width + (next_x >> TILE_SHIFT)
        if walls[cell]:  # only a player who was never free gets here, and stays put
            vx = vy = 0
            break
        in_x = next_x & (TILE_UNITS - 1)
        in_y = next_y & (TILE_UNITS - 1)
        side_x = -1 if in_x < radius else 1 if in_x > TILE_UNITS - radius else 0
        side_y = -1 if in_y < radius else 1 if in_y > TILE_UNITS - radius else 0
        if side_x and walls[cell + side_x]:
            next_x += (radius if side_x < 0 else TILE_UNITS - radius) - in_x
            vx = way_x = side_x = 0
        if side_y and walls[cell + side_y * width]:
            next_y += (radius if side_y < 0 else TILE_UNITS - radius) - in_y
            vy = way_y = side_y = 0
        if side_x and side_y and walls[cell + side_x + side_y * width]:
            off_x = in_x if side_x < 0 else in_x - TILE_UNITS  # from the corner to the centre
            off_y = in_y if side_y < 0 else in_y - TILE_UNITS
            if off_x * off_x + off_y * off_y < radius * radius:
                out_x, out_y = _push_out(off_x, off_y, radius)
                next_x += out_x - off_x
                next_y += out_y - off_y
                vx, vy = _glide(vx, vy, out_x, out_y)
        x = next_x
        y = next_y
    player.x = x
    player.y = y
    return vx, vy


def _push_out(off_x: int, off_y: int, radius: int) -> tuple[int, int]:
    """Push a point inside a corner's circle straight out; rounding outwards keeps it outside."""
    distance = isqrt(off_x * off_x + off_y * off_y)
    if distance == 0:
        return radius, 0
    out_x = (abs(off_x) * radius + distance - 1) // distance
    out_y = (abs(off_y) * radius + distance - 1) // distance
    return (out_x if off_x >= 0 else -out_x), (out_y if off_y >= 0 else -out_y)


def _glide(vx: int, vy: int, off_x: int, off_y: int) -> tuple[int, int]:
    """Turn a velocity that leads into a corner along the tangent there, never faster than before.

    At least half of the speed is kept, clockwise for a head-on hit: a wall's corner delays a
    player, but nobody sticks to it.
    """
    if vx * off_x + vy * off_y >= 0:
        return vx, vy
    length = isqrt(off_x * off_x + off_y * off_y) + 1
    along = shrink(vy * off_x - vx * off_y, 1, length)
    kept = isqrt(vx * vx + vy * vy) // 2
    if -kept < along < kept:
        along = -kept if along < 0 else kept
    return shrink(-off_y, along, length), shrink(off_x, along, length)
