"""The camera's target, and the duration of effects."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.desktop.core.palette import ActivePalette
from clients.desktop.core.scene.camera import JUMP_TILES, Camera
from clients.desktop.core.scene.effects import EFFECTS_MAX, LIVES_S, Effects
from clients.desktop.core.settings import PALETTES
from clients.desktop.core.shapes import mixed
from clients.desktop.core.spectator import NOBODY, Spectator
from clients.netcode.round import Round
from game.events import EVENT_FIELDS, EventKind
from game.tuning import TILE_UNITS
from tests.clients.desktop.frames import bot_match, game_event, still
from tests.strategies import ARENA, arena_from

BIG = arena_from("\n".join(["#" * 90, *["#" + "s" * 88 + "#"] * 60, "#" * 90]))
MIDDLE = (45 * TILE_UNITS, 30 * TILE_UNITS)


@given(st.floats(0, 1_280), st.floats(0, 720), st.integers(1, 200))
def test_the_aim_is_the_point_under_the_pointer(x: float, y: float, frames: int) -> None:
    camera = Camera.for_window(1_280, 720)
    for _ in range(frames):
        camera.follow(BIG, MIDDLE, (x, y), 1 / 60)
    world = camera.world(x, y)
    assert camera.screen(*world) == pytest.approx((x, y), abs=1.5)


@pytest.mark.parametrize("size", [(1_280, 720), (1_920, 1_080), (1_000, 1_000)])
def test_every_shape_of_window_shows_as_much(size: tuple[int, int]) -> None:
    camera = Camera.for_window(*size)
    tiles = size[0] * size[1] / camera.tile_px**2
    assert tiles == pytest.approx(26 * 14.625, rel=0.06)


def test_a_run_is_followed_and_a_respawn_is_a_cut() -> None:
    camera = Camera.for_window(1_280, 720)
    camera.follow(BIG, MIDDLE, (640, 360), 1 / 60)
    start = camera.x
    camera.follow(BIG, (MIDDLE[0] + TILE_UNITS, MIDDLE[1]), (640, 360), 1 / 60)
    assert 0 < camera.x - start < camera.tile_px
    far = MIDDLE[0] - (JUMP_TILES + 5) * TILE_UNITS
    camera.follow(BIG, (far, MIDDLE[1]), (640, 360), 1 / 60)
    assert camera.x == pytest.approx(camera.px(far))


def test_a_small_map_stands_still_in_the_middle() -> None:
    camera = Camera.for_window(1_920, 1_080)
    camera.follow(arena_from("#####\n#s.s#\n#####"), (TILE_UNITS, TILE_UNITS), (0, 0), 1 / 60)
    assert camera.x == 2.5 * camera.tile_px


def test_the_whole_map_fits_the_window() -> None:
    camera = Camera.for_window(1_280, 720)
    camera.show_all(BIG)
    for corner in ((0, 0), (90 * TILE_UNITS, 62 * TILE_UNITS)):
        x, y = camera.screen(*corner)
        assert 0 <= x <= 1_280
        assert 0 <= y <= 720


def test_a_shake_dies_away_and_never_moves_the_aim() -> None:
    camera = Camera.for_window(1_280, 720)
    camera.follow(BIG, MIDDLE, (640, 360), 1 / 60)
    before, left = camera.world(100, 100), camera.left
    camera.shake(1.0)
    camera.settle(1 / 60, 3.0)
    assert camera.world(100, 100) == before
    assert camera.left != left
    for frame in range(120):
        camera.settle(1 / 60, 3.0 + frame / 60)
    assert camera.left == left


@pytest.mark.parametrize("kind", list(EventKind))
def test_every_event_is_taken_in_and_is_over_some_time(kind: EventKind) -> None:
    effects = Effects(ActivePalette.of("night"))
    fields = dict.fromkeys(EVENT_FIELDS[kind], 0)
    frame = still(events=[game_event(kind, **fields)])
    effects.note(frame)
    assert all(effect.kind in LIVES_S for effect in effects.living)
    assert effects.alive(frame.now_s + max(LIVES_S.values())) == []


def test_effects_are_bounded() -> None:
    effects = Effects(ActivePalette.of("night"))
    blast = game_event(EventKind.EXPLODE, x=5_000, y=5_000, owner=1)
    for _ in range(EFFECTS_MAX):
        effects.note(still(events=[blast]) if not effects.living else still(events=[blast] * 100))
        if len(effects.living) == EFFECTS_MAX:
            break
    assert len(effects.living) == EFFECTS_MAX
    assert effects.take_shake() > 0
    assert effects.take_shake() == 0


@pytest.mark.parametrize("name", PALETTES)
def test_people_and_sides_can_be_told_apart(name: str) -> None:
    paints = ActivePalette.of(name)
    assert len({paints.person(slot, 0, is_self=False) for slot in range(16)}) == 16
    assert paints.person(0, 1, is_self=True) != paints.person(0, 2, is_self=True)
    simple = ActivePalette.of(name, is_simple=True)
    assert simple.person(3, 0, is_self=True) != simple.person(4, 0, is_self=False)
    assert simple.person(4, 0, is_self=False) == simple.person(5, 0, is_self=False)


@given(st.floats(-2, 3))
def test_a_mixed_colour_is_a_colour(share: float) -> None:
    assert all(0 <= value <= 255 for value in mixed((0, 128, 255), (255, 0, 3), share))


def test_a_watcher_goes_round_all_players_and_the_whole_map() -> None:
    _, session = bot_match(players=3, seconds=0.2)
    assert session.shown is not None
    assert session.shown.view is not None
    watched, spectator = Round(-1, ARENA), Spectator()
    watched.ingest(session.shown.view)
    seen = []
    for _ in range(5):
        seen.append(spectator.slot(watched))
        spectator.step(watched, 1)
    assert seen == [0, 1, 2, NOBODY, 0]
    assert Spectator().slot(session.shown) == 0, "a player looks at themselves"
