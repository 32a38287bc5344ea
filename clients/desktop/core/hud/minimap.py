"""The whole map in a corner, with the players and things in sight."""

from collections.abc import Iterator
from itertools import pairwise
from math import cos, sin, tau
from typing import Final

from clients.desktop.core.frame import Frame
from clients.desktop.core.palette import ActivePalette
from clients.desktop.core.shapes import Area, Box, Colour, Dot, Line, Plan, Rect, Shape
from game.arena import Arena
from game.tuning import TILE_UNITS, TURN

SIZE_MAX: Final = 180
CORNER: Final = 14
RING_STEPS: Final = 48


def plan_rect(arena: Arena) -> Rect:
    """The rectangle of the minimap: in the upper left, as large as fits."""
    scale = SIZE_MAX / max(arena.width, arena.height)
    return Rect(CORNER + 6, CORNER + 6, round(arena.width * scale), round(arena.height * scale))


def minimap(frame: Frame, paints: ActivePalette) -> Iterator[Shape]:
    """The plan, and on it pads that are ready, flags, players and the circle."""
    rect = plan_rect(frame.arena)
    yield Box(rect.inset(-6), paints.colours.panel, 215, 4)
    yield Plan(rect)
    scale = rect.width / (frame.arena.width * TILE_UNITS)

    def at(x: float, y: float) -> tuple[float, float]:
        return rect.x + x * scale, rect.y + y * scale

    for pad, ready in zip(frame.arena.pads, frame.pad_ready_ticks, strict=False):
        if ready <= frame.tick:
            x, y = at(pad.x, pad.y)
            yield Box(Rect(round(x) - 1, round(y) - 1, 3, 3), paints.pad(pad.kind))
    if frame.circle is not None:
        circle, colours = frame.circle, paints.colours
        now = (*at(circle.x, circle.y), circle.radius * scale)
        after = (*at(circle.next_x, circle.next_y), circle.next_radius * scale)
        yield from _ring(now, rect, colours.danger)
        yield from _ring(after, rect, colours.text)
    for flag in frame.flags:
        if not flag.is_seen:
            continue
        x, y = at(flag.x, flag.y)
        colour = paints.colours.teams[flag.team]
        yield Area(((x, y - 6), (x + 7, y - 3), (x, y)), colour)
    for player in frame.players:
        if not (player.is_seen and player.alive):
            continue
        x, y = at(player.x, player.y)
        if player.slot == frame.follow:
            yield Area(_arrow(x, y, player.aim), paints.colours.text)
        else:
            yield Dot(x, y, 3, paints.person(player.slot, player.team, is_self=False))


def _ring(disc: tuple[float, float, float], rect: Rect, colour: Colour) -> Iterator[Shape]:
    """The part of a disc's border that is on the plan."""
    x, y, radius = disc
    turns = [step * tau / RING_STEPS for step in range(RING_STEPS + 1)]
    points = [(x + cos(turn) * radius, y + sin(turn) * radius) for turn in turns]
    for start, end in pairwise(points):
        if rect.holds(*start) and rect.holds(*end):
            yield Line((start, end), colour)


def _arrow(x: float, y: float, aim: float) -> tuple[tuple[float, float], ...]:
    turn = aim / TURN * tau
    return tuple(
        (x + cos(turn + angle) * length, y + sin(turn + angle) * length)
        for angle, length in ((0.0, 7.0), (2.5, 5.0), (-2.5, 5.0))
    )
