"""Pages over everything else: the menu in a match, settings, keys, opening a private room."""

from collections.abc import Iterator
from typing import Final

from clients.desktop.core.input.bindings import CONTROLS
from clients.desktop.core.lobby import LobbyState
from clients.desktop.core.pages.widgets import Button, Page, Widget
from clients.desktop.core.palette import TITLES, Palette
from clients.desktop.core.settings import PALETTES, Settings
from clients.desktop.core.shapes import Box, Rect, Shape, Text
from game.wire.lobby_messages import CreateRoom

WIDTH: Final = 560
ROW: Final = 42
GAP: Final = 6
_FLAGS: Final = (
    ("reduced_motion", "Reduced motion"),
    ("simple_colours", "Two colours only: you, and everyone else"),
    ("net_graph", "Net graph"),
    ("full_screen", "Full screen"),
)


def menu_page(colours: Palette, size: tuple[int, int]) -> Page:
    """The menu in a match."""
    rows = (
        ("Go on", ("close",)),
        ("Settings", ("settings",)),
        ("Leave the match", ("leave",)),
        ("Quit", ("quit",)),
    )
    card = _card(size, len(rows))
    widgets = [
        Button(_row(card, index), words, action, is_main=index == 0)
        for index, (words, action) in enumerate(rows)
    ]
    return Page(tuple(_frame(card, "Menu", colours)), tuple(widgets))


def settings_page(settings: Settings, colours: Palette, size: tuple[int, int]) -> Page:
    """Everything but the keys; each click changes something at once."""
    card = _card(size, 8)
    after = PALETTES[(PALETTES.index(settings.palette) + 1) % len(PALETTES)]
    return Page(
        tuple(_frame(card, "Settings", colours)),
        (
            *_volume(_row(card, 0), settings.volume),
            Button(_row(card, 1), "Colours", ("set", "palette", after), TITLES[settings.palette]),
            *(
                Button(
                    _row(card, 2 + index),
                    words,
                    ("set", name, not getattr(settings, name)),
                    "on" if getattr(settings, name) else "off",
                )
                for index, (name, words) in enumerate(_FLAGS)
            ),
            Button(_row(card, 6), "Keys", ("keys",), "…"),
            Button(_row(card, 7), "Done", ("close",), is_main=True),
        ),
    )


def keys_page(settings: Settings, awaited: str, colours: Palette, size: tuple[int, int]) -> Page:
    """The keys of every control; a click on one waits for its new key."""
    rows = (len(CONTROLS) + 1) // 2
    card = _card(size, rows + 1, width=860)
    widgets: list[Widget] = []
    for index, (control, (words, _)) in enumerate(CONTROLS.items()):
        width = (card.width - 40 - GAP) // 2
        row = _row(card, index % rows)
        rect = Rect(row.x + index // rows * (width + GAP), row.y, width, ROW)
        keys = "press a key…" if control == awaited else ", ".join(settings.keys[control])
        widgets.append(Button(rect, words, ("rebind", control), keys or "none"))
    widgets.append(Button(_row(card, rows), "Done", ("close",), is_main=True))
    return Page(tuple(_frame(card, "Keys", colours)), tuple(widgets))


def create_page(lobby: LobbyState, colours: Palette, size: tuple[int, int]) -> Page:
    """The modes for a private room; its map is voted on, or the first that fits."""
    card = _card(size, len(lobby.modes) + 1)
    rooms = [
        Button(_row(card, index), mode.title, CreateRoom(mode.name, map=""))
        for index, mode in enumerate(lobby.modes)
    ]
    done = Button(_row(card, len(rooms)), "Back", ("close",))
    return Page(tuple(_frame(card, "A private room for …", colours)), (*rooms, done))


def _volume(row: Rect, volume: int) -> Iterator[Widget]:
    side = 64
    yield Button(Rect(row.x, row.y, side, ROW), "–", ("set", "volume", max(0, volume - 10)))
    middle = Rect(row.x + side + GAP, row.y, row.width - 2 * (side + GAP), ROW)
    muted = 0 if volume else 70
    yield Button(middle, "Volume", ("set", "volume", muted), f"{volume} %")
    right = Rect(row.right - side, row.y, side, ROW)
    yield Button(right, "+", ("set", "volume", min(100, volume + 10)))


def _card(size: tuple[int, int], rows: int, width: int = WIDTH) -> Rect:
    height = 92 + rows * (ROW + GAP)
    return Rect((size[0] - width) // 2, (size[1] - height) // 2, width, height)


def _row(card: Rect, index: int) -> Rect:
    return Rect(card.x + 20, card.y + 72 + index * (ROW + GAP), card.width - 40, ROW)


def _frame(card: Rect, title: str, colours: Palette) -> Iterator[Shape]:
    yield Box(card, colours.panel, 255, 8)
    yield Box(Rect(card.x, card.y, card.width, 3), colours.accent)
    yield Text(card.centre[0], card.y + 40, title, 24, colours.text, 0.5)
