"""Whatever the keys, start and knock-back, a player stays on free ground, within their speed,
and never sticks.
"""

from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st

from game.arena import Arena
from game.collision import is_free, is_wall
from game.inputs import DASH
from game.movement import WISH_X, WISH_Y, clear_quarters, move
from game.tuning import TILE_UNITS, TUNING
from game.world import Player
from tests.strategies import ARENA, HALL, aims, arena_from, places

RADIUS = TUNING.player_radius_units
KNOCKS = st.integers(-TUNING.speed_max, TUNING.speed_max)

# Keys are held for a while; a knock-back comes before the first tick.
stretches = st.lists(
    st.tuples(st.integers(0, 63), aims, KNOCKS, KNOCKS, st.integers(1, 40)), min_size=1, max_size=8
)


def run(player: Player, ticks: int, first_tick: int = 1, arena: Arena = ARENA) -> None:
    """Keep the keys down for this many ticks."""
    for tick in range(first_tick, first_tick + ticks):
        move(player, arena, TUNING, tick)


@given(places, stretches)
def test_a_player_stays_on_free_ground_and_below_the_highest_speed(
    place: tuple[int, int], played: list[tuple[int, int, int, int, int]]
) -> None:
    player = Player(0, x=place[0], y=place[1])
    tick = 0
    for buttons, aim, knock_x, knock_y, ticks in played:
        player.buttons, player.aim = buttons, aim
        player.vx, player.vy = player.vx + knock_x, player.vy + knock_y
        for _ in range(ticks):
            tick += 1
            before = player.x, player.y
            move(player, ARENA, TUNING, tick)
            assert is_free(ARENA, player.x, player.y, RADIUS)
            assert player.vx**2 + player.vy**2 <= TUNING.speed_max**2
            # Around a corner, a fast player's path may be slightly longer than their speed.
            way_squared = (player.x - before[0]) ** 2 + (player.y - before[1]) ** 2
            assert way_squared * 100 <= 112 * TUNING.speed_max**2


@given(places, st.lists(st.tuples(st.integers(0, 15), st.integers(1, 30)), max_size=20))
def test_running_alone_is_never_faster_than_both_axes_at_run_speed(
    place: tuple[int, int], played: list[tuple[int, int]]
) -> None:
    player = Player(0, x=place[0], y=place[1])
    for buttons, ticks in played:
        player.buttons = buttons
        for _ in range(ticks):
            move(player, ARENA, TUNING, 1)
            assert player.vx**2 + player.vy**2 <= 2 * TUNING.run_speed**2


@given(places, st.sampled_from([i for i in range(16) if WISH_X[i] or WISH_Y[i]]))
# Exactly at the corner of a pillar, diagonally.
@example((3 * TILE_UNITS - 400, 3 * TILE_UNITS - 400), 2 | 8)
@example((3 * TILE_UNITS - 500, 3 * TILE_UNITS - 3), 8)
def test_a_player_who_pushes_and_stands_still_has_a_wall_on_each_pushed_axis(
    place: tuple[int, int], buttons: int
) -> None:
    player = Player(0, x=place[0], y=place[1], buttons=buttons)
    push_x, push_y = WISH_X[buttons], WISH_Y[buttons]
    run(player, 240)
    before = player.x, player.y
    run(player, 10)
    if (player.x, player.y) == before:
        assert not push_x or is_wall(ARENA, player.x + push_x * (RADIUS + 1), player.y)
        assert not push_y or is_wall(ARENA, player.x, player.y + push_y * (RADIUS + 1))


@given(st.integers(2, 10), st.sampled_from([1 | 8, 2 | 8, 1 | 4, 2 | 4]))
def test_pushing_diagonally_into_a_wall_slides_along_it_at_full_diagonal_speed(
    column: int, buttons: int
) -> None:
    arena = arena_from(HALL)
    y = TILE_UNITS + RADIUS if buttons & 1 else (arena.height - 1) * TILE_UNITS - RADIUS
    player = Player(0, x=column * TILE_UNITS, y=y, buttons=buttons)
    for tick in range(1, 12):
        before = player.x
        move(player, arena, TUNING, tick)
        assert player.y == y
        assert is_free(arena, player.x, player.y, RADIUS)
        if tick > 5 and 2 * TILE_UNITS < player.x < 12 * TILE_UNITS:
            assert abs(player.x - before) == 78  # 111 × √½


@given(st.integers(2, 5), st.sampled_from([1 | 8, 2 | 8, 1 | 4, 2 | 4]))
def test_walls_beside_are_slid_along_like_walls_above(row: int, buttons: int) -> None:
    arena = arena_from(HALL)
    x = TILE_UNITS + RADIUS if buttons & 4 else (arena.width - 1) * TILE_UNITS - RADIUS
    player = Player(0, x=x, y=row * TILE_UNITS, buttons=buttons)
    for tick in range(1, 12):
        before = player.y
        move(player, arena, TUNING, tick)
        assert player.x == x
        if tick > 5 and 2 * TILE_UNITS < player.y < 5 * TILE_UNITS:
            assert abs(player.y - before) == 78


@given(st.sampled_from([4, 8, 0]))
def test_after_a_dash_its_direction_is_run_on_in(keys: int) -> None:
    arena = arena_from("#" * 40 + ("\n#" + "." * 38 + "#") * 3 + "\n" + "#" * 40)
    player = Player(0, x=20 * TILE_UNITS, y=2 * TILE_UNITS, buttons=keys | DASH)
    for tick in range(1, TUNING.dash_ticks + 1):
        move(player, arena, TUNING, tick)
    way = abs(player.x - 20 * TILE_UNITS)
    assert way == TUNING.dash_ticks * TUNING.dash_speed
    player.buttons = keys
    move(player, arena, TUNING, TUNING.dash_ticks + 1)
    slowed = 0 if keys else TUNING.run_friction
    assert abs(player.vx) == TUNING.run_speed - slowed
    assert player.dash_vx == player.dash_vy == 0


@given(aims, st.integers(0, 15))
def test_a_dash_goes_its_speed_for_its_ticks_and_leaves_run_speed(aim: int, keys: int) -> None:
    arena = arena_from(HALL)
    player = Player(0, x=7 * TILE_UNITS, y=3 * TILE_UNITS + 512, buttons=keys | DASH, aim=aim)
    for tick in (1, 2):  # two of the eight ticks fit into the hall in every direction
        before = player.x, player.y
        move(player, arena, TUNING, tick)
        way_squared = (player.x - before[0]) ** 2 + (player.y - before[1]) ** 2
        assert abs(way_squared - TUNING.dash_speed**2) < 2 * TUNING.dash_speed
    assert player.dash_until_tick == 1 + TUNING.dash_ticks
    assert player.dash_ready_tick == 1 + TUNING.dash_cooldown_ticks


@given(places, stretches)
def test_the_fast_path_over_clear_ground_ends_where_the_careful_one_does(
    place: tuple[int, int], played: list[tuple[int, int, int, int, int]]
) -> None:
    nowhere_clear = replace(ARENA)
    nowhere_clear.derived["clear quarters"] = bytes(4 * len(ARENA.walls))
    quick, careful = (Player(0, x=place[0], y=place[1]) for _ in range(2))
    tick = 0
    for buttons, aim, knock_x, knock_y, ticks in played:
        for player in (quick, careful):
            player.buttons, player.aim = buttons, aim
            player.vx, player.vy = player.vx + knock_x, player.vy + knock_y
        for _ in range(ticks):
            tick += 1
            move(quick, ARENA, TUNING, tick)
            move(careful, nowhere_clear, TUNING, tick)
            assert quick == careful


def test_a_quarter_is_clear_when_a_player_stands_free_anywhere_in_it() -> None:
    quarters, wide = clear_quarters(ARENA), 2 * ARENA.width
    assert 0 < sum(quarters) < len(quarters)
    half = TILE_UNITS // 2
    for i, is_clear in enumerate(quarters):
        left, top = i % wide * half, i // wide * half
        corners = [(left + x, top + y) for x in (0, half - 1) for y in (0, half - 1)]
        free = all(is_free(ARENA, x, y, RADIUS) for x, y in corners)
        assert not is_clear or free
