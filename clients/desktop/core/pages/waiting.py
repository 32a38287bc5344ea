"""Pages for waiting: for a match to be found, for friends to come, for a match to open."""

from collections.abc import Iterator
from typing import Final

from clients.desktop.core.connection_state import ConnectionState, countdown_words
from clients.desktop.core.lobby import LobbyState
from clients.desktop.core.pages.widgets import Button, Page, Widget
from clients.desktop.core.palette import Palette
from clients.desktop.core.shapes import Box, Rect, Shape, Text
from clients.desktop.core.wrapping import in_lines
from game.wire.lobby_messages import Cancel, LeaveRoom, Room, StartRoom

WIDTH: Final = 560
ROW: Final = 46
SOME_BOTS: Final = 3
BOT_LEVEL: Final = 3


def queue_page(lobby: LobbyState, colours: Palette, size: tuple[int, int]) -> Page:
    """The page of a player in a queue."""
    card = _card(size, 250)
    bots = f"bots fill in within {lobby.bots_in_s} s" if lobby.bots_in_s else "people only"
    shapes = (
        *_frame(card, colours),
        Text(card.centre[0], card.y + 56, "Looking for a match", 30, colours.text, 0.5),
        Text(card.centre[0], card.y + 100, lobby.queued_mode, 16, colours.accent, 0.5),
        Text(
            card.centre[0],
            card.y + 130,
            f"{lobby.waiting} waiting · {bots}",
            15,
            colours.muted,
            0.5,
        ),
    )
    cancel = Rect(card.x + 160, card.bottom - 70, card.width - 320, ROW)
    return Page(shapes, (Button(cancel, "Cancel", Cancel()),))


def room_page(lobby: LobbyState, room: Room, colours: Palette, size: tuple[int, int]) -> Page:
    """A private room: its code, who is there, and for its owner the start."""
    card = _card(size, 520)
    shapes = [
        *_frame(card, colours),
        Text(card.centre[0], card.y + 38, "ROOM CODE", 12, colours.muted, 0.5),
        Text(card.centre[0], card.y + 78, room.code, 46, colours.accent, 0.5),
        Text(card.centre[0], card.y + 122, _room_words(lobby, room), 15, colours.muted, 0.5),
    ]
    for index, member in enumerate(room.members[:8]):
        y = card.y + 160 + 26 * index
        shapes.append(Text(card.centre[0], y, member.name, 17, colours.text, 0.5))
    return Page(tuple(shapes), tuple(_room_widgets(room, card)))


def opening_page(
    connection: ConnectionState, now_s: float, colours: Palette, size: tuple[int, int]
) -> Page:
    """The page between getting a seat and seeing the match."""
    card = _card(size, 220)
    words = countdown_words(connection, now_s) or "Fetching the map…"
    shapes = (
        *_frame(card, colours),
        Text(card.centre[0], card.y + 56, "Entering the match", 28, colours.text, 0.5),
        *(
            Text(card.centre[0], card.y + 86 + 18 * row, line, 15, colours.warm, 0.5)
            for row, line in enumerate(in_lines(words, 64, 3))
        ),
    )
    leave = Rect(card.x + 160, card.bottom - 70, card.width - 320, ROW)
    return Page(shapes, (Button(leave, "Leave", ("leave",)),))


def _room_widgets(room: Room, card: Rect) -> Iterator[Widget]:
    y = card.bottom - 2 * ROW - 26
    if room.owner:
        choices = sorted({0, SOME_BOTS, max(0, room.players_max - len(room.members))})
        width = (card.width - 40 - 10 * (len(choices) - 1)) // len(choices)
        for index, bots in enumerate(choices):
            rect = Rect(card.x + 20 + index * (width + 10), y, width, ROW)
            words = f"Start · {bots} bots" if bots else "Start"
            yield Button(rect, words, StartRoom(bots, BOT_LEVEL), is_main=index == 0)
    leave = Rect(card.x + 160, card.bottom - ROW - 14, card.width - 320, ROW)
    yield Button(leave, "Leave", LeaveRoom())


def _room_words(lobby: LobbyState, room: Room) -> str:
    titles = {row.name: row.title for row in lobby.modes}
    titles |= {row.name: row.title for row in lobby.maps}
    mode = titles.get(room.mode, room.mode)
    place = f" on {titles.get(room.map, room.map)}" if room.map else ""
    waits = "" if room.owner else " · the owner starts it"
    return f"{mode}{place} · {len(room.members)} of {room.players_max}{waits}"


def _card(size: tuple[int, int], height: int) -> Rect:
    return Rect((size[0] - WIDTH) // 2, (size[1] - height) // 2, WIDTH, height)


def _frame(card: Rect, colours: Palette) -> Iterator[Shape]:
    yield Box(card, colours.panel, 255, 8)
    yield Box(Rect(card.x, card.y, card.width, 3), colours.accent)
