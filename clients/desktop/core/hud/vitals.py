"""Health, armour, dash and weapons of the viewed player. Must not know where numbers are from."""

from collections.abc import Iterator
from typing import Final

from clients.desktop.core.frame import Frame, PlayerSeen
from clients.desktop.core.lexicon import WEAPON_NAMES, WEAPONS
from clients.desktop.core.palette import ActivePalette, Palette
from clients.desktop.core.shapes import Box, Colour, Glyph, Rect, Shape, Text, mixed
from game.tuning import PICKUPS, TICKS_PER_SECOND, TUNING, PickupKind

PANEL_ALPHA: Final = 205
BAR_WIDTH: Final = 248
BAR_HEIGHT: Final = 34
SLOT_WIDTH: Final = 68
LOW_HEALTH: Final = 30


def vitals(frame: Frame, paints: ActivePalette, size: tuple[int, int]) -> Iterator[Shape]:
    """The lower left: health, armour, dash, and double damage while it lasts."""
    me, own, colours = frame.me, frame.own, paints.colours
    if me is None:
        return
    x, bottom = 14, size[1] - 14
    health = colours.danger if me.health <= LOW_HEALTH else colours.health
    rows = [
        ("health", me.health if me.alive else 0, 100, health),
        ("armour", me.armour, TUNING.armour_max, colours.armour),
    ]
    top = bottom - (len(rows) * (BAR_HEIGHT + 6) + (24 if own else 0))
    for glyph, value, full, colour in rows:
        rect = Rect(x, top, BAR_WIDTH, BAR_HEIGHT)
        yield from _bar(rect, glyph, value / full, (colour, colours))
        yield Text(rect.right - 12, rect.centre[1], str(value), 24, colours.text, 1.0)
        top += BAR_HEIGHT + 6
    if own is None:
        return
    left = max(0.0, own.dash_ready_tick - frame.tick) / TUNING.dash_cooldown_ticks
    colour = colours.warm if left == 0 else mixed(colours.warm, colours.panel, 0.5)
    rect = Rect(x, top, BAR_WIDTH, 20)
    yield from _bar(rect, "dash", 1 - left, (colour, colours))
    if left == 0:
        yield Text(rect.right - 12, rect.centre[1], "READY", 12, colours.warm, 1.0)
    double_left = (own.double_until_tick - frame.tick) / PICKUPS[PickupKind.DOUBLE].amount
    if double_left > 0:
        rect = Rect(x, bottom - 150, BAR_WIDTH, 20)
        yield from _bar(rect, "double", double_left, (colours.double, colours))
        seconds = f"{double_left * PICKUPS[PickupKind.DOUBLE].amount / TICKS_PER_SECOND:.0f} s"
        yield Text(rect.right - 12, rect.centre[1], seconds, 12, colours.double, 1.0)


def weapon_bar(
    frame: Frame, paints: ActivePalette, size: tuple[int, int], keys: tuple[str, ...]
) -> Iterator[Shape]:
    """The lower middle: the weapon in hand, and each weapon's ammunition and key."""
    me, own = frame.me, frame.own
    if me is None or own is None:
        return
    x, top = (size[0] - len(WEAPONS) * (SLOT_WIDTH + 4)) // 2, size[1] - 78
    for number, key in enumerate(keys):
        rect = Rect(x + number * (SLOT_WIDTH + 4), top, SLOT_WIDTH, 64)
        yield from _slot(rect, (number, own.ammo[number], key), me, paints)
    if me.alive:
        yield Text(size[0] / 2, top - 16, WEAPONS[me.weapon].upper(), 15, paints.colours.text, 0.5)


def _slot(
    rect: Rect, what: tuple[int, int, str], me: PlayerSeen, paints: ActivePalette
) -> Iterator[Shape]:
    number, ammo, key = what
    colours = paints.colours
    in_hand = me.alive and me.weapon == number
    colour = colours.weapons[number]
    faded = mixed(colour, colours.panel, 0.62)
    yield Box(rect, mixed(colours.panel, colour, 0.28 if in_hand else 0.0), PANEL_ALPHA, 3)
    yield Box(Rect(rect.x, rect.bottom - 3, rect.width, 3), colour if in_hand else faded)
    yield Glyph(WEAPON_NAMES[number], rect.centre[0], rect.y + 25, 26, colour if ammo else faded)
    dye = colours.text if ammo else faded
    if ammo < 0:
        yield Glyph("endless", rect.centre[0], rect.bottom - 15, 18, dye)
    else:
        yield Text(rect.centre[0], rect.bottom - 15, str(ammo), 16, dye, 0.5)
    yield Text(rect.right - 6, rect.y + 9, key, 11, colours.muted, 1.0)


def _bar(rect: Rect, glyph: str, share: float, dyes: tuple[Colour, Palette]) -> Iterator[Shape]:
    colour, colours = dyes
    yield Box(rect, colours.panel, PANEL_ALPHA, 3)
    yield Box(Rect(rect.x, rect.y, 3, rect.height), colour)
    yield Glyph(glyph, rect.x + 22, rect.centre[1], min(20, rect.height - 4), colour)
    track = Rect(rect.x + 42, round(rect.centre[1]) - 4, rect.width - 112, 8)
    yield Box(track, mixed(colours.panel, colour, 0.18))
    width = round(track.width * min(1.0, max(0.0, share)))
    if width:
        yield Box(Rect(track.x, track.y, width, track.height), colour)
