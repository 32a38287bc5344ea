"""Pictures: painted where they belong, of all that can happen, and no more kept than allowed."""

import pygame
import pytest
from attrs import evolve

from clients.desktop.core.frame import CircleSeen, FlagSeen, Frame
from clients.desktop.core.hud.minimap import plan_rect
from clients.desktop.core.palette import ActivePalette
from clients.desktop.core.scene.camera import Camera
from clients.desktop.core.settings import PALETTES, Settings
from clients.desktop.core.shapes import (
    Area,
    Box,
    Dot,
    Glyph,
    Line,
    Outline,
    Rect,
    Shape,
    Text,
)
from clients.desktop.core.sound.hearing import Sound
from clients.desktop.core.sound.recipes import RECIPES
from clients.desktop.window.cache import PictureCache
from clients.desktop.window.glyphs import glyph_picture
from clients.desktop.window.ground import PIECE_TILES, PIECES_MAX, Ground
from clients.desktop.window.painter import TEXTS_MAX, Painter
from clients.desktop.window.renderer import Renderer
from clients.desktop.window.speaker import VOICES_MAX, Speaker
from clients.desktop.window.window import Window
from clients.netcode.shots import ShotDrawn
from game.events import EVENT_FIELDS, EventKind
from game.tuning import Weapon
from tests.clients.desktop.frames import game_event, player, still
from tests.strategies import arena_from

RED = (250, 10, 20)
INSIDE: list[Shape] = [
    Box(Rect(40, 40, 20, 20), RED),
    Box(Rect(40, 40, 20, 20), RED, 128, 4),
    Box(Rect(40, 40, 20, 20), RED, 128),
    Outline(Rect(40, 40, 20, 20), RED, 10),
    Text(50, 50, "MMM", 24, RED, 0.5),
    Dot(50, 50, 9, RED),
    Dot(50, 50, 9, RED, 8),
    Line(((40, 50), (60, 50)), RED),
    Line(((40, 50), (60, 50)), RED, 5),
    Area(((40, 40), (60, 40), (50, 62)), RED),
    Glyph("health", 50, 50, 24, RED),
]


@pytest.mark.parametrize("shape", INSIDE, ids=lambda it: type(it).__name__)
def test_every_shape_is_painted_where_it_says(window: Window, shape: Shape) -> None:
    surface = window.surface
    surface.fill((0, 0, 0))
    Painter().paint(surface, [shape])
    around = pygame.transform.average_color(surface, pygame.Rect(80, 80, 100, 100))
    inside = pygame.transform.average_color(surface, pygame.Rect(40, 40, 20, 20))
    assert inside[0] > 8
    assert inside[0] > inside[1]
    assert around[:3] == (0, 0, 0)


def test_texts_are_remembered_but_not_for_ever(window: Window) -> None:
    painter = Painter()
    for number in range(TEXTS_MAX + 50):
        painter.text(str(number), 12, RED)
    assert len(painter._texts) == TEXTS_MAX
    assert painter.text_width("wide", 20) > painter.text_width("w", 20) > 0


def test_recently_used_entries_are_kept() -> None:
    cache, painted = PictureCache(2), []

    def paint(name: str) -> pygame.Surface:
        painted.append(name)
        return pygame.Surface((1, 1))

    for name in ("a", "b", "a", "c", "a", "b"):
        cache.get(name, lambda name=name: paint(name))  # type: ignore[misc]
    assert painted == ["a", "b", "c", "b"]


@pytest.mark.parametrize(
    "name",
    [
        *("health", "mega", "armour", "dash", "double", "blaster", "scatter", "launcher"),
        *("rail", "disc", "flag", "medal", "endless"),
    ],
)
def test_every_sign_is_drawn(name: str) -> None:
    picture = glyph_picture(name, 24, RED)
    solid = sum(picture.get_at((x, y))[3] > 128 for x in range(24) for y in range(24))
    assert 60 < solid < 500


def test_the_ground_of_a_large_map_is_kept_in_a_few_pieces(window: Window) -> None:
    large = arena_from("\n".join(["#" * 200, *["#" + "s" * 198 + "#"] * 120, "#" * 200]))
    ground, camera = Ground(large, ActivePalette.of("night"), 24), Camera(1_280, 720, 24)
    for x in range(0, 200 * 24, 400):
        camera.x, camera.y = x, x // 2
        ground.paint(window.surface, camera)
    assert len(ground._pieces) == PIECES_MAX


def test_pieces_of_the_ground_meet_without_a_seam(window: Window) -> None:
    plain = arena_from("\n".join(["#" * 40, *["#" * 40] * 30, "#" * 40]))
    ground, camera = Ground(plain, ActivePalette.of("night"), 48), Camera(1_280, 720, 48)
    camera.x, camera.y = 20 * 48, 15 * 48
    ground.paint(window.surface, camera)
    seam = window.surface.get_at((2 * PIECE_TILES * 48 - camera.left, 300))
    assert seam[:3] != ActivePalette.of("night").colours.backdrop


def everything() -> Frame:
    """All kinds of events, shots, flags and states at once."""
    events = [game_event(kind, **dict.fromkeys(fields, 0)) for kind, fields in EVENT_FIELDS.items()]
    here = player(0, double=True, dashing=True, protected=True, vx=100.0)
    return still(
        events=events,
        players=(here, player(1, armour=50, health=20), player(2, alive=False)),
        shots=[ShotDrawn(i, 5_000 + 900 * i, 6_000, 200, 90, 1, i) for i in Weapon],
        flags=(FlagSeen(1, 4_000, 4_000, True, -1), FlagSeen(2, 6_000, 4_000, False, 1)),
        circle=CircleSeen(8_000, 6_000, 5_000, 8_000, 6_000, 2_000, 1, 900),
        team_scores=(1, 2),
    )


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("is_calm", [False, True])
def test_all_that_can_happen_is_painted(window: Window, palette: str, is_calm: bool) -> None:
    settings = Settings(palette=palette, reduced_motion=is_calm, net_graph=True)
    renderer = Renderer(settings, Speaker())
    frame = everything()
    for step in range(30):
        later = evolve(
            frame, now_s=frame.now_s + step / 20, events=frame.events if not step else []
        )
        renderer.paint_match(window.surface, later, (900, 300), wants_scores=step % 2 == 0)
    assert pygame.transform.average_color(window.surface)[:3] != (0, 0, 0)


def painted(window: Window, frame: Frame) -> bytes:
    """All that a window shows that showed nothing before: the frame's events, and what is left of
    them some moments later.
    """
    pictures = []
    renderer = Renderer(Settings(), Speaker())
    window.surface.fill((0, 0, 0))
    for step in range(3):
        events = [] if step else frame.events
        later = evolve(frame, now_s=frame.now_s + step / 20, events=events)
        renderer.paint_match(window.surface, later, (900, 300), wants_scores=False)
        pictures.append(pygame.image.tobytes(window.surface, "RGB"))
    return b"".join(pictures)


@pytest.mark.parametrize("name", ["players", "shots", "flags", "circle", "team_scores", "events"])
def test_each_kind_of_thing_leaves_its_mark(window: Window, name: str) -> None:
    frame = everything()
    without = evolve(frame, **{name: getattr(still(), name)})
    assert painted(window, without) != painted(window, frame)


# Heard, or seen in the clock and the circle themselves.
UNPAINTED = (EventKind.PHASE, EventKind.EMPTY, EventKind.CIRCLE)


@pytest.mark.parametrize("kind", EVENT_FIELDS, ids=lambda kind: kind.name)
def test_each_kind_of_event_leaves_its_mark(window: Window, kind: EventKind) -> None:
    fields = dict.fromkeys(EVENT_FIELDS[kind], 0)
    if kind is EventKind.OUT:
        fields["place"] = 2  # the last but one; the winner is told by the board
    happened = still(events=[game_event(kind, **fields)])
    is_marked = painted(window, happened) != painted(window, still())
    assert is_marked == (kind not in UNPAINTED)


def test_a_frame_is_painted_the_same_however_often(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The output of pygame's `aalines` for two points depends on uninitialised memory, so no
    picture shows reliably whether it was asked for that.
    """
    lines = pygame.draw.aalines

    def with_three_points(surface, colour, closed, points):  # type: ignore[no-untyped-def]
        assert len(points) > 2
        return lines(surface, colour, closed, points)

    monkeypatch.setattr(pygame.draw, "aalines", with_three_points)
    frame = everything()
    assert painted(window, frame) == painted(window, frame)
    Painter().paint(window.surface, INSIDE)


def test_oneself_is_where_the_camera_looks_and_the_plan_is_in_its_corner(window: Window) -> None:
    renderer = Renderer(Settings(), Speaker())
    frame = still()
    renderer.paint_match(window.surface, frame, (640, 360), wants_scores=False)
    me = frame.me
    assert me is not None
    x, y = renderer.scene.camera.screen(me.x, me.y)
    there = window.surface.get_at((round(x), round(y)))
    own = renderer.paints.person(0, 0, is_self=True)
    assert sum(abs(a - b) for a, b in zip(there[:3], own, strict=True)) < 220
    rect = plan_rect(frame.arena)
    assert window.surface.get_at((rect.x + 1, rect.y + 1))[2] > 60


def test_other_colours_are_in_force_at_once(window: Window) -> None:
    renderer = Renderer(Settings(), Speaker())
    renderer.paint_match(window.surface, still(), (640, 360), wants_scores=False)
    before = window.surface.get_at((640, 600))
    renderer.use(Settings(palette="contrast"))
    renderer.paint_match(window.surface, still(), (640, 360), wants_scores=False)
    assert window.surface.get_at((640, 600)) != before


def test_more_sounds_than_voices_are_left_out(speaker: Speaker) -> None:
    speaker.play([Sound("explosion")] * (VOICES_MAX * 2))
    assert pygame.mixer.find_channel() is None


def test_sounds_are_made_one_at_a_time(speaker: Speaker) -> None:
    for _ in range(3):
        speaker.prepare_one()
    assert len(speaker._sounds) == 3
    assert set(speaker._sounds) <= set(RECIPES)


def test_without_an_audio_device_it_is_silent_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_AUDIODRIVER", "no such driver")
    silent = Speaker()
    assert "Sound is unavailable" in silent.open()
    silent.play([Sound("rail")])
    silent.prepare_one()
    silent.close()
