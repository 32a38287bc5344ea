"""Ways through an arena lead where they should, cut no corner, and are the same whoever asks."""

from collections import deque
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from game.arena import Arena
from game.brain.navigation import FIELDS_MIN, Chart, chart_of
from game.collision import is_free
from game.tuning import TUNING
from tests.strategies import ARENA

FREE = [index for index, wall in enumerate(ARENA.walls) if not wall]
cells = st.sampled_from(FREE)


def walls_of_free_steps(arena: Arena, goal: int) -> dict[int, int]:
    """Steps to `goal` from everywhere when a step goes along an axis: a plain flood, to compare."""
    steps, queue = {goal: 0}, deque([goal])
    while queue:
        cell = queue.popleft()
        for beside in (cell + 1, cell - 1, cell + arena.width, cell - arena.width):
            if not arena.walls[beside] and beside not in steps:
                steps[beside] = steps[cell] + 1
                queue.append(beside)
    return steps


def cuts_a_corner(arena: Arena, start: int, end: int) -> bool:
    across = (end - start + 1) % arena.width - 1
    return bool(arena.walls[start + across] or arena.walls[end - across])


@given(cells, cells)
def test_hops_lead_to_the_goal_without_cutting_a_corner(start: int, goal: int) -> None:
    chart, here, hop_count = Chart(ARENA), start, 0
    while here != goal:
        (hop,) = chart.hops(goal, here, 1)
        row, column = divmod(hop, ARENA.width)
        old_row, old_column = divmod(here, ARENA.width)
        assert max(abs(row - old_row), abs(column - old_column)) == 1
        assert not ARENA.walls[hop]
        assert not cuts_a_corner(ARENA, here, hop)
        here, hop_count = hop, hop_count + 1
        assert hop_count <= walls_of_free_steps(ARENA, goal)[start]


@given(cells, cells)
def test_no_way_is_longer_than_along_the_axes_nor_shorter_than_the_crow_flies(
    start: int, goal: int
) -> None:
    steps = Chart(ARENA).steps(goal, start)
    row, column = divmod(start, ARENA.width)
    goal_row, goal_column = divmod(goal, ARENA.width)
    assert steps <= walls_of_free_steps(ARENA, goal)[start]
    assert steps >= max(abs(row - goal_row), abs(column - goal_column))


@given(st.lists(st.tuples(cells, cells), min_size=2, max_size=20))
def test_who_asked_before_changes_no_answer(questions: list[tuple[int, int]]) -> None:
    shared = Chart(ARENA)
    shared.rings_max = 3  # ways are forgotten and thought anew, too
    for goal, start in questions:
        alone = Chart(ARENA)
        assert shared.steps(goal, start) == alone.steps(goal, start)
        assert shared.hops(goal, start, 6) == alone.hops(goal, start, 6)


@given(cells, cells)
def test_a_straight_way_is_free_for_a_body_all_along(start: int, goal: int) -> None:
    chart = Chart(ARENA)
    x, y = chart.centre_of(start)
    goal_x, goal_y = chart.centre_of(goal)
    if chart.is_straight(x, y, goal):
        for part in range(65):
            at_x, at_y = x + (goal_x - x) * part // 64, y + (goal_y - y) * part // 64
            assert is_free(ARENA, at_x, at_y, TUNING.player_radius_units - 60)


def test_a_goal_in_a_wall_has_no_way() -> None:
    chart = Chart(ARENA)
    assert chart.steps(0, FREE[0]) == -1
    assert chart.hops(0, FREE[0], 6) == []


def test_a_chart_keeps_a_bounded_number_of_fields_the_newest_ones() -> None:
    chart = Chart(ARENA)
    chart.rings_max = 3
    for goal in FREE:
        chart.steps(goal, FREE[0])
    assert list(chart.fields) == FREE[-FIELDS_MIN:]


def test_all_bots_of_an_arena_share_its_chart_and_those_of_another_do_not() -> None:
    arena = replace(ARENA)
    assert chart_of(arena) is chart_of(arena)
    assert chart_of(arena) is not chart_of(replace(ARENA))
