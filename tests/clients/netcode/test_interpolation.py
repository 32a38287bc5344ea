"""The others move smoothly, and nothing is drawn that never was."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.netcode.interpolation import Interpolation, mixed_aim
from clients.netcode.tuning import EXTRAPOLATION_TICKS_MAX, VIEWS_MAX
from game.events import EventKind
from game.records import ALIVE, Body, by_slot
from game.tuning import TUNING
from game.view import View, nothing

UP, DOWN = ALIVE, 0


def record(x: int, *, vx: int = 0, aim8: int = 0, status: int = UP) -> Body:
    values = {"x": x, "vx": vx, "aim8": aim8, "status": status}
    return Body.of(values.get(name, 0) for name in Body.FIELDS)


def seen(tick: int, *records: Body) -> View:
    return replace(nothing(), tick=tick, bodies=by_slot(dict(enumerate(records))))


def of(*views: View) -> Interpolation:
    interpolation = Interpolation()
    for view in views:
        interpolation.push(view)
    return interpolation


@given(st.floats(10, 12))
def test_between_two_snapshots_one_is_on_the_line(tick: float) -> None:
    pose = of(seen(10, record(0)), seen(12, record(200))).pose_at(0, tick)
    assert pose is not None
    assert pose.x == pytest.approx((tick - 10) * 100)


@given(st.floats(0, 1_000))
def test_without_news_one_is_carried_on_for_a_moment_only(ticks: float) -> None:
    pose = of(seen(10, record(0, vx=100))).pose_at(0, 10 + ticks)
    assert pose is not None
    assert pose.x == pytest.approx(100 * min(ticks, EXTRAPOLATION_TICKS_MAX))


def test_the_dead_are_not_carried_on() -> None:
    pose = of(seen(10, record(0, vx=100, status=DOWN))).pose_at(0, 14)
    assert pose is not None
    assert pose.x == 0


@pytest.mark.parametrize(
    "after",
    [record(2 * TUNING.speed_max + 1), record(300, status=DOWN)],
    ids=["a teleport", "a death"],
)
def test_positions_without_a_path_between_are_not_interpolated(after: Body) -> None:
    interpolation = of(seen(10, record(0)), seen(12, after))
    pose, there = interpolation.pose_at(0, 11.9), interpolation.pose_at(0, 12)
    assert pose is not None
    assert there is not None
    assert (pose.x, there.x) == (0, after.x)


def test_news_moves_nobody_in_the_moment_it_comes() -> None:
    interpolation = of(seen(10, record(0, vx=100)))
    before = interpolation.drawn_at(0, 13.0)
    interpolation.push(seen(12, record(50)))  # the player had stopped, and was carried on
    after, later = interpolation.drawn_at(0, 13.0), interpolation.drawn_at(0, 40.0)
    assert before is not None
    assert after is not None
    assert later is not None
    assert before.x == after.x == 300
    assert later.x == 50


def test_a_spawned_player_is_drawn_there_at_once() -> None:
    interpolation = of(seen(10, record(0, vx=100)))
    assert interpolation.drawn_at(0, 13.0) is not None
    spawned = seen(12, record(900))
    spawned.events.append((EventKind.SPAWN, 0, 900, 0))
    interpolation.push(spawned)
    drawn = interpolation.drawn_at(0, 13.0)
    assert drawn is not None
    assert drawn.x == 900


def test_a_respawn_far_away_is_a_new_place() -> None:
    died = record(5, status=DOWN)
    interpolation = of(seen(10, died), seen(12, record(9_000)))
    assert [interpolation.pose_at(0, tick).x for tick in (11, 12)] == [5, 9_000]  # type: ignore[union-attr]


def test_a_player_who_came_or_went_is_there_only_while_they_were() -> None:
    interpolation = of(seen(10), seen(12, record(7)), seen(14))
    assert interpolation.pose_at(0, 11.9) is None
    assert interpolation.pose_at(0, 13.9) is not None
    assert interpolation.pose_at(0, 14) is None


def test_time_that_jumps_back_takes_no_drawn_player_with_it() -> None:
    interpolation = of(seen(10, record(0)), seen(12, record(200)), seen(20, record(1_000)))
    before = interpolation.drawn_at(0, 20.0)
    after, later = interpolation.drawn_at(0, 14.0), interpolation.drawn_at(0, 19.0)
    assert before is not None
    assert after is not None
    assert later is not None
    assert before.x == after.x == 1_000
    assert 900 < later.x < 1_200, "the offset shrinks"


def test_a_player_who_came_into_sight_since_the_last_frame_has_appeared() -> None:
    interpolation = of(seen(10, record(0)), seen(12), seen(14, record(200)), seen(16, record(300)))
    appeared = []
    for tick in (10.0, 13.0, 14.0, 15.0, 16.0):
        interpolation.drawn_at(0, tick)
        appeared.append(interpolation.appeared(0))
    assert appeared == [False, True, False, False, False]


def test_views_are_bounded() -> None:
    interpolation = of(*(seen(tick) for tick in range(VIEWS_MAX * 2)))
    assert len(interpolation.views) == VIEWS_MAX
    assert interpolation.view_at(0) is interpolation.views[0]


@given(st.integers(0, 65_535), st.integers(0, 65_535), st.floats(0, 1))
def test_aims_turn_the_short_way_round(start: int, end: int, share: float) -> None:
    aim = mixed_aim(start, end, share)
    assert 0 <= aim <= 65_536
    way = abs((aim - start + 32_768) % 65_536 - 32_768)
    assert way <= 32_768 * share + 0.01
