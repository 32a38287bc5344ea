"""Circles and lines against the grid, each compared with a simple, slow reference."""

from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from game.collision import (
    BOTH_AXES,
    NO_AXIS,
    X_AXIS,
    Y_AXIS,
    closest_along,
    is_free,
    is_wall,
    point_along,
    trace,
)
from game.tuning import TILE_UNITS
from tests.strategies import ARENA, arena_from, points

columns = st.integers(0, ARENA.width * TILE_UNITS - 1)
rows = st.integers(0, ARENA.height * TILE_UNITS - 1)
radii = st.integers(1, 1_500)
POST = arena_from("#####\n#...#\n#.#.#\n#...#\n#####")


@given(columns, rows, radii)
def test_a_free_circle_is_as_far_from_every_wall_tile_as_its_radius(
    x: int, y: int, radius: int
) -> None:
    def touches(column: int, row: int) -> bool:
        left, top = column * TILE_UNITS, row * TILE_UNITS
        near_x = min(max(x, left), left + TILE_UNITS)
        near_y = min(max(y, top), top + TILE_UNITS)
        return (near_x - x) ** 2 + (near_y - y) ** 2 < radius**2

    walls = [i for i in range(len(ARENA.walls)) if ARENA.walls[i]]
    is_touching = any(touches(i % ARENA.width, i // ARENA.width) for i in walls)
    is_inside = radius <= x <= ARENA.width * TILE_UNITS - radius
    assume(is_inside and radius <= y <= ARENA.height * TILE_UNITS - radius)
    assert is_free(ARENA, x, y, radius) == (not is_touching)


def test_a_circle_that_only_touches_a_wall_is_free() -> None:
    assert is_free(POST, TILE_UNITS + 430, TILE_UNITS + 430, 430)
    assert not is_free(POST, TILE_UNITS + 429, TILE_UNITS + 430, 430)
    assert is_free(POST, 2 * TILE_UNITS - 300, 2 * TILE_UNITS - 400, 500)  # 3, 4, 5 from the corner
    assert not is_free(POST, 2 * TILE_UNITS - 299, 2 * TILE_UNITS - 400, 500)


def test_all_that_is_outside_the_map_is_wall() -> None:
    assert is_wall(ARENA, -1, 2_000)
    assert is_wall(ARENA, 2_000, ARENA.height * TILE_UNITS)
    assert not is_free(ARENA, -5_000, -5_000, 430)


def touches(line: tuple[int, int, int, int], closed: bool) -> bool:
    """Whether a line meets a wall tile (`closed`: its border counts), by clipping in fractions."""
    x, y, x2, y2 = line
    for i in (i for i in range(len(ARENA.walls)) if ARENA.walls[i]):
        left, top = i % ARENA.width * TILE_UNITS, i // ARENA.width * TILE_UNITS
        first, last = Fraction(0), Fraction(1)
        for start, way, low in ((x, x2 - x, left), (y, y2 - y, top)):
            high = low + TILE_UNITS
            if way == 0:
                if not (low <= start <= high if closed else low < start < high):
                    last = Fraction(-1)
            else:
                ends = sorted((Fraction(low - start, way), Fraction(high - start, way)))
                first, last = max(first, ends[0]), min(last, ends[1])
        if first < last or (closed and first == last):
            return True
    return False


@settings(deadline=None)
@given(points, points)
def test_a_line_is_blocked_by_exactly_the_walls_it_runs_through(
    start: tuple[int, int], end: tuple[int, int]
) -> None:
    hit_x, hit_y, blocked, axis = trace(ARENA, *start, *end)
    if touches((*start, *end), closed=False):
        assert blocked
    if not touches((*start, *end), closed=True):
        assert not blocked  # for a line that only grazes a wall, both answers are right
    assert blocked == (axis != NO_AXIS)
    assert not is_wall(ARENA, hit_x, hit_y)
    assert blocked or (hit_x, hit_y) == end
    assert closest_along((*start, *end), hit_x, hit_y, 3) >= 0


@given(points, points)
def test_a_line_ends_before_the_first_wall(start: tuple[int, int], end: tuple[int, int]) -> None:
    hit_x, hit_y, _, _ = trace(ARENA, *start, *end)
    for i in range(101):  # every sampled point of the path to the hit, up to rounding
        x = start[0] + (hit_x - start[0]) * i // 100
        y = start[1] + (hit_y - start[1]) * i // 100
        assert any(not is_wall(ARENA, x + i, y + j) for i in (-1, 0, 1) for j in (-1, 0, 1))


@given(points, points)
def test_a_sight_line_is_the_same_from_either_end(
    start: tuple[int, int], end: tuple[int, int]
) -> None:
    assert trace(ARENA, *start, *end)[2] == trace(ARENA, *end, *start)[2]


def test_a_hit_says_which_way_the_wall_faces() -> None:
    assert trace(POST, 1_536, 2_560, 3_000, 2_600) == (2_047, 2_573, True, X_AXIS)
    assert trace(POST, 2_560, 1_536, 2_560, 3_000) == (2_560, 2_047, True, Y_AXIS)
    assert trace(POST, 2_560, 3_500, 2_560, 2_500) == (2_560, 3_072, True, Y_AXIS)
    assert trace(POST, 1_536, 1_536, 2_560, 2_560) == (2_047, 2_047, True, BOTH_AXES)


def test_no_line_slips_between_two_walls_that_touch_at_a_corner() -> None:
    arena = arena_from("####\n#.##\n##.#\n####")
    assert trace(arena, 1_536, 1_536, 2_560, 2_560)[2]


def test_a_line_that_starts_in_a_wall_goes_nowhere() -> None:
    assert trace(POST, 2_560, 2_560, 3_500, 3_500) == (2_560, 2_560, True, NO_AXIS)


spots = st.tuples(st.integers(-20_000, 20_000), st.integers(-20_000, 20_000))


@given(spots, spots, spots, radii)
def test_a_ray_meets_a_circle_when_a_point_of_it_is_inside(
    start: tuple[int, int], end: tuple[int, int], at: tuple[int, int], radius: int
) -> None:
    ray = (*start, *end)
    distance = closest_along(ray, *at, radius)
    samples = [
        tuple(a + (b - a) * i // 100 for a, b in zip(start, end, strict=True)) for i in range(101)
    ]
    nearest = min((x - at[0]) ** 2 + (y - at[1]) ** 2 for x, y in samples)
    if nearest < (radius - 2) ** 2:
        assert distance >= 0
    if distance >= 0:
        close_x, close_y = point_along(ray, distance)
        assert (close_x - at[0]) ** 2 + (close_y - at[1]) ** 2 <= (radius + 3) ** 2
