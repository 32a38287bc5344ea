"""The renderer: paints a match with its HUD, or a page.

Owns: painter, scene, HUD and loudspeakers, all in the player's colours. Must not know:
connections. Invariant: changed settings make new ones; nothing half old, half new is shown.
"""

from typing import Final

import pygame
from attrs import define, field

from clients.desktop.core.frame import Frame
from clients.desktop.core.hud.hud import Hud
from clients.desktop.core.hud.minimap import plan_rect
from clients.desktop.core.input.bindings import WEAPON_CONTROLS
from clients.desktop.core.pages.widgets import Focus, Page
from clients.desktop.core.palette import ActivePalette
from clients.desktop.core.settings import Settings
from clients.desktop.core.shapes import Point, mixed
from clients.desktop.core.sound.hearing import Listener
from clients.desktop.window.ground import plan_of
from clients.desktop.window.painter import Painter
from clients.desktop.window.scene import Scene, crosshair
from clients.desktop.window.speaker import Speaker
from game.arena import Arena
from game.tuning import TUNING

VEIL_ALPHA: Final = 150


@define
class Renderer:
    """The renderer of one window."""

    settings: Settings
    speaker: Speaker
    painter: Painter = field(factory=Painter)
    scene: Scene = field(init=False)
    hud: Hud = field(init=False)
    ear: Listener = field(init=False, factory=Listener)
    _paints: ActivePalette = field(init=False)
    _plan_of: Arena | None = None
    _painted_s: float = 0.0
    _veils: dict[tuple[int, int], pygame.Surface] = field(factory=dict)
    _edges: dict[tuple[int, int], pygame.Surface] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        """Build all parts from the settings."""
        self.use(self.settings)

    def use(self, settings: Settings) -> None:
        """Use these settings from now on."""
        self.settings = settings
        self._paints = ActivePalette.of(settings.palette, is_simple=settings.simple_colours)
        self.scene = Scene(self.painter, self._paints, settings.reduced_motion)
        keys = tuple(_key(settings, control) for control in WEAPON_CONTROLS)
        self.hud = Hud(self._paints, self.painter.text_width, keys, settings.net_graph)
        self.speaker.volume = settings.volume / 100
        self._plan_of = None
        self._edges.clear()

    @property
    def paints(self) -> ActivePalette:
        """The colours in force."""
        return self._paints

    def paint_match(
        self, surface: pygame.Surface, frame: Frame, pointer: Point, *, wants_scores: bool
    ) -> None:
        """Paint a match, and play its sounds."""
        seconds = min(0.1, max(0.0, frame.now_s - self._painted_s))
        self._painted_s = frame.now_s
        self.scene.effects.note(frame)
        self.hud.note(frame)
        self.speaker.play(self.ear.hear(frame))
        self.scene.paint(surface, frame, pointer, seconds)
        self._edge(surface, frame)
        size = surface.get_size()
        me = frame.me
        if me is not None:
            middle = self.scene.camera.screen(me.x, me.y)
            self.painter.paint(surface, self.hud.damage.shapes(frame.now_s, middle, self._paints))
        if self._plan_of is not frame.arena:
            rect = plan_rect(frame.arena)
            self.painter.plan = plan_of(frame.arena, self._paints, (rect.width, rect.height))
            self._plan_of = frame.arena
        self.painter.paint(surface, self.hud.shapes(frame, size, wants_scores=wants_scores))
        self._crosshair(surface, frame, pointer)

    def paint_page(
        self, surface: pygame.Surface, page: Page, focus: Focus, *, is_over_match: bool
    ) -> None:
        """Paint a page, alone or over a match."""
        if is_over_match:
            surface.blit(self._veil(surface.get_size()), (0, 0))
        else:
            self._backdrop(surface)
        self.painter.paint(surface, focus.shapes(page, self._paints.colours))

    def _backdrop(self, surface: pygame.Surface) -> None:
        colours, (width, height) = self._paints.colours, surface.get_size()
        surface.fill(mixed(colours.backdrop, colours.floor, 0.35))
        line = mixed(colours.backdrop, colours.floor, 0.55)
        for x in range(width % 49 // 2, width, 49):
            pygame.draw.line(surface, line, (x, 0), (x, height))
        for y in range(height % 49 // 2, height, 49):
            pygame.draw.line(surface, line, (0, y), (width, y))

    def _veil(self, size: tuple[int, int]) -> pygame.Surface:
        if size not in self._veils:
            veil = pygame.Surface(size)
            veil.fill(self._paints.colours.backdrop)
            veil = veil.convert()
            veil.set_alpha(VEIL_ALPHA)
            self._veils = {size: veil}
        return self._veils[size]

    def _edge(self, surface: pygame.Surface, frame: Frame) -> None:
        """Paint the edge of the screen red after a hit."""
        strength = self.hud.damage.strength(frame.now_s)
        if strength < 0.03:
            return
        size = surface.get_size()
        if size not in self._edges:
            self._edges = {size: _edge_picture(size, self._paints.colours.danger)}
        picture = self._edges[size]
        picture.set_alpha(round(190 * strength))
        surface.blit(picture, (0, 0))

    def _crosshair(self, surface: pygame.Surface, frame: Frame, pointer: Point) -> None:
        me, own = frame.me, frame.own
        if me is None or own is None or not me.alive:
            return
        interval = TUNING.weapons[me.weapon].interval_ticks
        ready = 1 - max(0.0, own.fire_ready_tick - frame.tick) / interval
        crosshair(surface, pointer, self._paints.colours.weapons[me.weapon], ready)


def _edge_picture(size: tuple[int, int], colour: tuple[int, int, int]) -> pygame.Surface:
    """Strong at the edge of the screen, nothing in its middle."""
    small = pygame.Surface((32, 18), pygame.SRCALPHA)
    for y in range(18):
        for x in range(32):
            near = max(abs(x - 15.5) / 15.5, abs(y - 8.5) / 8.5)
            small.set_at((x, y), (*colour, round(255 * max(0.0, near - 0.62) / 0.38)))
    return pygame.transform.smoothscale(small, size).convert_alpha()


def _key(settings: Settings, control: str) -> str:
    keys = settings.keys[control]
    return keys[0] if keys else ""
