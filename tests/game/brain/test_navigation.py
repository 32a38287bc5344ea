"""Paths lead to their goals, cut no corner, and do not depend on earlier queries."""

from collections import deque
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from game.arena import Arena
from game.brain.navigation import FIELDS_MIN, Navigation, navigation_of
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
def test_a_path_leads_to_the_goal_without_cutting_a_corner(start: int, goal: int) -> None:
    navigation, here, step_count = Navigation(ARENA), start, 0
    while here != goal:
        (step,) = navigation.path(goal, here, 1)
        row, column = divmod(step, ARENA.width)
        old_row, old_column = divmod(here, ARENA.width)
        assert max(abs(row - old_row), abs(column - old_column)) == 1
        assert not ARENA.walls[step]
        assert not cuts_a_corner(ARENA, here, step)
        here, step_count = step, step_count + 1
        assert step_count <= walls_of_free_steps(ARENA, goal)[start]


@given(cells, cells)
def test_no_path_is_longer_than_along_the_axes_nor_shorter_than_the_crow_flies(
    start: int, goal: int
) -> None:
    steps = Navigation(ARENA).steps(goal, start)
    row, column = divmod(start, ARENA.width)
    goal_row, goal_column = divmod(goal, ARENA.width)
    assert steps <= walls_of_free_steps(ARENA, goal)[start]
    assert steps >= max(abs(row - goal_row), abs(column - goal_column))


@given(st.lists(st.tuples(cells, cells), min_size=2, max_size=20))
def test_earlier_queries_change_no_answer(questions: list[tuple[int, int]]) -> None:
    shared = Navigation(ARENA)
    shared.rings_max = 3  # fields are dropped and grown again, too
    for goal, start in questions:
        alone = Navigation(ARENA)
        assert shared.steps(goal, start) == alone.steps(goal, start)
        assert shared.path(goal, start, 6) == alone.path(goal, start, 6)


@given(cells, cells)
def test_a_straight_path_is_free_for_a_body_all_along(start: int, goal: int) -> None:
    navigation = Navigation(ARENA)
    x, y = navigation.centre_of(start)
    goal_x, goal_y = navigation.centre_of(goal)
    if navigation.is_straight(x, y, goal):
        for part in range(65):
            at_x, at_y = x + (goal_x - x) * part // 64, y + (goal_y - y) * part // 64
            assert is_free(ARENA, at_x, at_y, TUNING.player_radius_units - 60)


def test_a_goal_in_a_wall_has_no_path() -> None:
    navigation = Navigation(ARENA)
    assert navigation.steps(0, FREE[0]) == -1
    assert navigation.path(0, FREE[0], 6) == []


def test_a_navigation_keeps_a_bounded_number_of_fields_the_newest_ones() -> None:
    navigation = Navigation(ARENA)
    navigation.rings_max = 3
    for goal in FREE:
        navigation.steps(goal, FREE[0])
    assert list(navigation.fields) == FREE[-FIELDS_MIN:]


def test_all_bots_of_an_arena_share_its_navigation_and_those_of_another_do_not() -> None:
    arena = replace(ARENA)
    assert navigation_of(arena) is navigation_of(arena)
    assert navigation_of(arena) is not navigation_of(replace(ARENA))
