"""Paints a frame's world: ground, pads, flags, shots, players, effects, the circle.

Owns: their order, and the camera. Must not know: the network, keys. Invariant: nothing is kept from
frame to frame but pictures, the camera and effects that fade.
"""

from math import cos, sin, tau
from typing import Final

import pygame
from attrs import define, field

from clients.desktop.core.frame import FlagSeen, Frame, PlayerSeen
from clients.desktop.core.palette import ActivePalette
from clients.desktop.core.scene.camera import Camera
from clients.desktop.core.scene.effects import Effects
from clients.desktop.core.shapes import Colour, Point, mixed
from clients.desktop.window.bodies import WHITE, Bodies, angle_of
from clients.desktop.window.ground import Ground, pad_picture, ring_points
from clients.desktop.window.painter import Painter
from clients.desktop.window.sparks import ADD, Sparks
from clients.netcode.shots import ShotDrawn
from game.arena import Arena
from game.tuning import PICKUPS, TUNING, Weapon

TRAIL_TICKS: Final = 7
NAME_SIZE: Final = 14


@define
class Scene:
    """One window's view of the matches it shows."""

    painter: Painter
    paints: ActivePalette
    is_calm: bool = False
    camera: Camera = field(factory=lambda: Camera.for_window(1_280, 720))
    effects: Effects = field(init=False)
    _ground: Ground | None = None
    _bodies: Bodies = field(init=False)
    _pads: dict[tuple[int, bool], pygame.Surface] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        """Build the parts."""
        self.effects = Effects(self.paints)
        self._bodies = Bodies(self.camera.tile_px)

    def paint(self, surface: pygame.Surface, frame: Frame, pointer: Point, seconds: float) -> None:
        """Paint one frame."""
        self._look(surface.get_size(), frame, pointer, seconds)
        ground = self._ground
        assert ground is not None
        ground.paint(surface, self.camera)
        self._paint_pads(surface, frame)
        for flag in frame.flags:
            if flag.carrier < 0:
                self._paint_flag(surface, flag)
        for shot in frame.shots:
            if self.camera.sees(shot.x, shot.y, 60):
                self._paint_shot(surface, shot, frame)
        for player in frame.players:
            if player.is_seen and player.alive and self.camera.sees(player.x, player.y, 90):
                self._paint_player(surface, player, frame)
        for flag in frame.flags:
            if flag.carrier >= 0 and flag.is_seen:
                self._paint_flag(surface, flag)
        sparks = Sparks(self._bodies, self.painter, self.is_calm)
        sparks.paint(surface, self.camera, self.effects.alive(frame.now_s), frame.now_s)
        self._paint_circle(surface, frame)

    def _look(self, size: tuple[int, int], frame: Frame, pointer: Point, seconds: float) -> None:
        """Move the camera, and update what depends on its zoom."""
        camera = self.camera
        if (camera.width, camera.height) != size:
            self.camera = camera = Camera.for_window(*size)
        me = frame.me
        if me is None:
            camera.show_all(frame.arena)
        else:
            camera.tile_px = Camera.for_window(*size).tile_px
            camera.follow(frame.arena, (me.x, me.y), pointer, seconds)
        shake = self.effects.take_shake()
        if not self.is_calm:
            camera.shake(shake)
            camera.settle(seconds, frame.now_s)
        self._fit(frame.arena)

    def _fit(self, arena: Arena) -> None:
        ground, tile_px = self._ground, self.camera.tile_px
        if ground is None or ground.arena is not arena or ground.tile_px != tile_px:
            self._ground = Ground(arena, self.paints, tile_px)
        if self._bodies.tile_px != tile_px:
            self._bodies = Bodies(tile_px)
            self._pads.clear()

    def _paint_pads(self, surface: pygame.Surface, frame: Frame) -> None:
        for pad, ready in zip(frame.arena.pads, frame.pad_ready_ticks, strict=False):
            if not self.camera.sees(pad.x, pad.y, self.camera.tile_px):
                continue
            left = max(0.0, ready - frame.tick)
            picture = self._pad(pad.kind, is_ready=left == 0)
            x, y = self.camera.screen(pad.x, pad.y)
            surface.blit(picture, picture.get_rect(center=(round(x), round(y))))
            if left > 0:
                share = 1 - min(1.0, left / PICKUPS[pad.kind].respawn_ticks)
                colour = mixed(self.paints.pad(pad.kind), self.paints.colours.panel, 0.25)
                points = ring_points(x, y, self.camera.tile_px * 0.5, share)
                pygame.draw.lines(surface, colour, False, points, 3)

    def _pad(self, kind: int, *, is_ready: bool) -> pygame.Surface:
        key = kind, is_ready
        if key not in self._pads:
            self._pads[key] = pad_picture(self.paints, kind, self.camera.tile_px, is_ready=is_ready)
        return self._pads[key]

    def _paint_shot(self, surface: pygame.Surface, shot: ShotDrawn, frame: Frame) -> None:
        camera, floor = self.camera, self.paints.colours.floor
        # In eighths: each shade is a picture that is kept.
        colour = mixed(floor, self.paints.colours.weapons[shot.weapon], round(shot.opacity * 8) / 8)
        x, y = camera.screen(shot.x, shot.y)
        step = camera.px(shot.vx), camera.px(shot.vy)
        trail = TRAIL_TICKS if shot.weapon == Weapon.LAUNCHER else TRAIL_TICKS // 2
        dark = mixed(colour, floor, 0.7)
        tail = x - step[0] * trail, y - step[1] * trail
        half = x - step[0] * trail / 2, y - step[1] * trail / 2
        pygame.draw.line(surface, dark, tail, (x, y), 2)
        pygame.draw.line(surface, mixed(colour, dark, 0.5), half, (x, y), 3)
        light = self._bodies.light(round(camera.tile_px * 0.55), colour, 0.5)
        surface.blit(light, light.get_rect(center=(round(x), round(y))), special_flags=ADD)
        picture = self._bodies.shot(shot.weapon, colour, angle_of(shot.vx, shot.vy))
        surface.blit(picture, picture.get_rect(center=(round(x), round(y))))

    def _paint_player(self, surface: pygame.Surface, player: PlayerSeen, frame: Frame) -> None:
        colours = self.paints.colours
        colour = self.paints.person(player.slot, player.team, is_self=player.is_self)
        x, y = self.camera.screen(player.x, player.y)
        at, radius = (round(x), round(y)), self._bodies.radius
        if player.dashing or player.double:
            dye = colours.double if player.double else colour
            light = self._bodies.light(round(radius * 2.6), dye, 0.7)
            surface.blit(light, light.get_rect(center=at), special_flags=ADD)
        if player.dashing:
            for number in (3, 2, 1):
                back = (
                    x - self.camera.px(player.vx) * number,
                    y - self.camera.px(player.vy) * number,
                )
                dye = mixed(colour, colours.floor, 0.35 + 0.15 * number)
                pygame.draw.circle(surface, dye, back, radius * (1 - 0.1 * number))
        gun = self._bodies.gun(player.weapon, player.aim)
        surface.blit(gun, gun.get_rect(center=at))
        body = self._bodies.body(colour, is_self=player.is_self)
        surface.blit(body, body.get_rect(center=at))
        if player.protected:
            pygame.draw.aacircle(surface, mixed(WHITE, colour, 0.4), at, radius * 1.45, 2)
        self._paint_label(surface, player, frame, (x, y - radius))

    def _paint_label(
        self, surface: pygame.Surface, player: PlayerSeen, frame: Frame, at: Point
    ) -> None:
        """Paint name and health of every player but the viewed one, whose are in the HUD."""
        if player.slot == frame.follow:
            return
        colours = self.paints.colours
        colour = self.paints.person(player.slot, player.team, is_self=False)
        width, (x, top) = round(self.camera.tile_px * 0.9), (at[0], at[1] - 9)
        left = round(x) - width // 2
        pygame.draw.rect(surface, colours.panel, (left - 1, top - 1, width + 2, 5))
        health = min(1.0, max(0, player.health) / TUNING.health_at_spawn)
        dye = mixed(colours.danger, colours.health, health)
        pygame.draw.rect(surface, dye, (left, top, round(width * health), 3))
        if player.armour:
            share = round(width * player.armour / TUNING.armour_max)
            pygame.draw.rect(surface, colours.armour, (left, top - 3, share, 2))
        name = self.painter.text(player.name, NAME_SIZE, mixed(colour, WHITE, 0.35))
        shade = self.painter.text(player.name, NAME_SIZE, (8, 10, 16))
        corner = round(x - name.get_width() / 2), round(top - 7 - name.get_height())
        surface.blit(shade, (corner[0] + 1, corner[1] + 1))
        surface.blit(name, corner)

    def _paint_flag(self, surface: pygame.Surface, flag: FlagSeen) -> None:
        colour: Colour = self.paints.colours.teams[flag.team]
        x, y = self.camera.screen(flag.x, flag.y)
        size = self.camera.tile_px
        if flag.carrier >= 0:
            x, y = x + size * 0.3, y - size * 0.5
        light = self._bodies.light(round(size * 1.1), colour, 0.5)
        surface.blit(light, light.get_rect(center=(round(x), round(y))), special_flags=ADD)
        foot = (x, y + size * 0.45)
        pygame.draw.line(surface, self.paints.colours.text, foot, (x, y - size * 0.55), 3)
        cloth = [(x, y - size * 0.55), (x + size * 0.6, y - size * 0.3), (x, y - size * 0.05)]
        pygame.draw.polygon(surface, colour, cloth)
        pygame.draw.aalines(surface, mixed(colour, WHITE, 0.5), True, cloth)

    def _paint_circle(self, surface: pygame.Surface, frame: Frame) -> None:
        """Paint a red edge, darken everything outside it, and mark where it will be."""
        circle = frame.circle
        if circle is None:
            return
        camera, colours = self.camera, self.paints.colours
        at, radius = camera.screen(circle.x, circle.y), camera.px(circle.radius)
        shade = pygame.Surface(surface.get_size(), pygame.SRCALPHA)
        shade.fill((*mixed(colours.danger, (0, 0, 0), 0.6), 130))
        pygame.draw.circle(shade, (0, 0, 0, 0), at, radius)
        surface.blit(shade, (0, 0))
        pygame.draw.circle(surface, colours.danger, at, radius, 3)
        after = camera.screen(circle.next_x, circle.next_y)
        pygame.draw.circle(surface, colours.text, after, camera.px(circle.next_radius), 1)


def crosshair(surface: pygame.Surface, at: Point, colour: Colour, ready: float) -> None:
    """Paint four strokes, and a ring that closes until the next shot is possible."""
    for turn in range(4):
        way = cos(turn * tau / 4), sin(turn * tau / 4)
        start = at[0] + way[0] * 6, at[1] + way[1] * 6
        pygame.draw.line(surface, colour, start, (at[0] + way[0] * 12, at[1] + way[1] * 12), 2)
    if ready < 1:
        pygame.draw.lines(surface, colour, False, ring_points(*at, 17, max(0.05, ready)), 2)
