"""The first page: the player's name, quick play by mode, a private room, the running matches."""

from collections.abc import Iterator
from typing import Final

from attrs import frozen

from clients.desktop.core.connection_state import ConnectionStatus, countdown_words
from clients.desktop.core.lexicon import PHASES
from clients.desktop.core.lobby import LobbyState
from clients.desktop.core.pages.widgets import Action, Button, Field, Page, Widget
from clients.desktop.core.palette import Palette
from clients.desktop.core.settings import NAME_CHARACTERS_MAX
from clients.desktop.core.shapes import Box, Rect, Shape, Text, mixed
from clients.desktop.core.wrapping import in_lines
from game.wire.field_types import CODE
from game.wire.lobby_messages import JoinMatch, MatchRow, Play, WatchMatch
from game.world import Phase

WIDTH: Final = 1_060
LEFT_WIDTH: Final = 400
MATCHES_MAX: Final = 7
ROW: Final = 44
FOOT_CHARACTERS: Final = 125  # of the smallest window
FOOT_LINES: Final = 3


@frozen
class PageContext:
    """The state of the pages besides the lobby."""

    server: str
    now_s: float
    trouble: str = ""  # of the settings file, or of the last match


def start_page(
    lobby: LobbyState, outside: PageContext, colours: Palette, size: tuple[int, int]
) -> Page:
    """The start page, laid out for a window of this size."""
    left = (size[0] - WIDTH) // 2
    top = max(24, (size[1] - 640) // 2)
    column = Rect(left, top + 108, LEFT_WIDTH, 520)
    table = Rect(left + LEFT_WIDTH + 36, top + 108, WIDTH - LEFT_WIDTH - 36, 520)
    shapes = (
        *_head(lobby, outside, colours, Rect(left, top, WIDTH, 90)),
        *_labels(column, table, colours, lobby),
        *_foot(lobby, outside, colours, size),
    )
    widgets = (*_play(lobby, column), *_matches(lobby, table), *_bottom(column))
    return Page(shapes, widgets)


def _head(lobby: LobbyState, outside: PageContext, colours: Palette, rect: Rect) -> Iterator[Shape]:
    yield Text(rect.x, rect.y + 30, "SKIRMISH", 52, colours.text)
    yield Box(Rect(rect.x, rect.y + 62, 64, 4), colours.accent)
    is_there = lobby.connection.is_online
    words = f"{lobby.online} online" if is_there else "not connected"
    dye = colours.accent if is_there else colours.warm
    yield Text(rect.right, rect.y + 20, outside.server, 15, colours.muted, 1.0)
    yield Text(rect.right, rect.y + 44, words, 15, dye, 1.0)


def _labels(column: Rect, table: Rect, colours: Palette, lobby: LobbyState) -> Iterator[Shape]:
    yield Text(column.x, column.y - 14, "YOUR NAME", 11, colours.muted)
    yield Text(column.right, column.y - 14, lobby.name, 11, colours.muted, 1.0)  # as others see it
    yield Text(column.x, column.y + 70, "QUICK PLAY", 11, colours.muted)
    yield Text(table.x, table.y - 14, "RUNNING MATCHES", 11, colours.muted)
    yield Box(table.inset(-2), mixed(colours.backdrop, colours.panel, 0.8), 255, 6)
    if not lobby.matches:
        words = "Nobody is playing. Be the first."
        yield Text(*table.centre, words, 16, colours.muted, 0.5)
    y = column.y + 84 + len(_choices(lobby)) * (ROW + 6) + 20
    yield Text(column.x, y, "WITH FRIENDS", 11, colours.muted)
    for index, row in enumerate(lobby.matches[:MATCHES_MAX]):
        yield from _match_row(_row_rect(table, index), row, colours)


def _play(lobby: LobbyState, column: Rect) -> Iterator[Widget]:
    yield Field(
        Rect(column.x, column.y, column.width, ROW),
        *("name", ("rename",), "a name is made up for you", NAME_CHARACTERS_MAX),
    )
    y = column.y + 84
    for index, (words, action, beside) in enumerate(_choices(lobby)):
        rect = Rect(column.x, y, column.width, ROW)
        yield Button(rect, words, action, beside, is_main=index == 0)
        y += ROW + 6
    y += 34
    half = (column.width - 10) // 2
    yield Field(
        Rect(column.x, y, half, ROW), "code", ("join_typed",), "BCD-FGH-JKM", CODE.most, True
    )
    yield Button(Rect(column.x + half + 10, y, half, ROW), "Join room", ("join_typed",))
    if lobby.modes:
        rect = Rect(column.x, y + ROW + 6, column.width, ROW)
        yield Button(rect, "Open a private room", ("create",))


def _choices(lobby: LobbyState) -> list[tuple[str, Action, str]]:
    """The modes, or a button that connects again: there is always something to press."""
    if lobby.connection.status is ConnectionStatus.ENDED:
        return [("Connect again", ("reconnect",), "")]
    if lobby.modes:
        return [
            (mode.title, Play(mode.name), f"{mode.players_min}–{mode.players_max} players")
            for mode in lobby.modes
        ]
    return [("Try now", ("reconnect",), "")]


def _bottom(column: Rect) -> Iterator[Widget]:
    half = (column.width - 10) // 2
    y = column.bottom - ROW
    yield Button(Rect(column.x, y, half, ROW), "Settings", ("settings",))
    yield Button(Rect(column.x + half + 10, y, half, ROW), "Quit", ("quit",))


def _matches(lobby: LobbyState, table: Rect) -> Iterator[Widget]:
    for index, row in enumerate(lobby.matches[:MATCHES_MAX]):
        rect = _row_rect(table, index)
        y = rect.y + (rect.height - 36) // 2
        if row.people + row.bots < row.players_max or row.bots:
            yield Button(Rect(rect.right - 196, y, 88, 36), "Join", JoinMatch(row.match))
        yield Button(Rect(rect.right - 100, y, 88, 36), "Watch", WatchMatch(row.match))


def _row_rect(table: Rect, index: int) -> Rect:
    return Rect(table.x + 10, table.y + 10 + index * 72, table.width - 20, 64)


def _match_row(rect: Rect, row: MatchRow, colours: Palette) -> Iterator[Shape]:
    yield Box(rect, colours.panel, 255, 4)
    title = f"{row.mode} on {row.map}"
    yield Text(rect.x + 18, rect.y + 22, title, 17, colours.text)
    phase = PHASES[Phase(row.phase)].lower() or "playing"
    clock = f"{row.seconds_left // 60}:{row.seconds_left % 60:02}"
    people = f"{row.people} of {row.players_max}"
    bots = f" + {row.bots} bots" if row.bots else ""
    words = f"{people}{bots} · {phase} · {clock} left"
    yield Text(rect.x + 18, rect.y + 44, words, 13, colours.muted)


def _foot(
    lobby: LobbyState, outside: PageContext, colours: Palette, size: tuple[int, int]
) -> Iterator[Shape]:
    note = f"{lobby.name_note}. Ask again to go on." if lobby.name_note else ""
    words = (
        lobby.error or note or countdown_words(lobby.connection, outside.now_s) or outside.trouble
    )
    if words:
        lines = in_lines(words, FOOT_CHARACTERS, FOOT_LINES)
        height = 18 + 22 * len(lines)
        yield Box(Rect(0, size[1] - height, size[0], height), colours.panel, 255)
        for row, line in enumerate(lines):
            y = size[1] - height + 20 + 22 * row
            yield Text(size[0] / 2, y, line, 15, colours.warm, 0.5)
