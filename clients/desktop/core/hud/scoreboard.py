"""All players with their numbers, best first, by sides where there are sides; and the vote."""

from collections.abc import Iterator
from typing import Final

from clients.desktop.core.frame import Frame, PlayerSeen
from clients.desktop.core.hud.match_bar import ranked
from clients.desktop.core.lexicon import TEAMS, clock_words, medal_words
from clients.desktop.core.palette import ActivePalette
from clients.desktop.core.shapes import Box, Rect, Shape, Text, mixed
from game.world import Phase

WIDTH: Final = 760
ROW_HEIGHT: Final = 28
ROWS_MAX: Final = 18
# Right edges of the columns, from the left edge of the table.
_COLUMNS: Final = (
    ("SCORE", 372),
    ("KILLS", 440),
    ("DEATHS", 512),
    ("ACCURACY", 604),
    ("PING", 664),
)


def scoreboard(frame: Frame, paints: ActivePalette, size: tuple[int, int]) -> Iterator[Shape]:
    """The table, in the middle."""
    order = ranked(frame)
    if frame.team_scores:
        order.sort(key=lambda it: it.team)
    rows = order[:ROWS_MAX]
    votes = len(frame.vote_maps) if frame.phase == Phase.SCOREBOARD else 0
    height = 96 + ROW_HEIGHT * len(rows) + (34 * votes + 40 if votes else 0)
    rect = Rect((size[0] - WIDTH) // 2, max(66, (size[1] - height) // 2), WIDTH, height)
    colours = paints.colours
    yield Box(rect, colours.panel, 238, 6)
    yield Box(Rect(rect.x, rect.y, rect.width, 3), colours.accent)
    yield Text(rect.x + 24, rect.y + 32, _title(frame), 22, colours.text)
    beside = f"{frame.mode} · {frame.arena.title}"
    yield Text(rect.right - 24, rect.y + 32, beside, 14, colours.muted, 1.0)
    for words, right in _COLUMNS:
        yield Text(rect.x + right, rect.y + 66, words, 10, colours.muted, 1.0)
    for number, player in enumerate(rows):
        row = Rect(rect.x + 12, rect.y + 80 + ROW_HEIGHT * number, WIDTH - 24, ROW_HEIGHT)
        yield from _row(row, number + 1, player, paints)
    if votes:
        top = rect.y + 96 + ROW_HEIGHT * len(rows)
        yield from _votes(frame, paints, rect, top)


def _title(frame: Frame) -> str:
    if frame.phase < Phase.SCOREBOARD:
        return "Scoreboard"
    if frame.team_scores:
        return f"{TEAMS[frame.winner]} wins" if frame.winner > 0 else "A draw"
    winner = next((it for it in frame.players if it.slot == frame.winner), None)
    if winner is None:
        return "A draw"
    return "You win" if winner.is_self else f"{winner.name} wins"


def _row(row: Rect, place: int, player: PlayerSeen, paints: ActivePalette) -> Iterator[Shape]:
    colours = paints.colours
    colour = paints.person(player.slot, player.team, is_self=player.is_self)
    if player.is_self:
        yield Box(row, mixed(colours.panel, colours.accent, 0.2), 255, 3)
    elif place % 2:
        yield Box(row, mixed(colours.panel, colours.text, 0.04), 255, 3)
    middle = row.centre[1]
    words = colours.text if player.is_connected else mixed(colours.text, colours.panel, 0.6)
    yield Box(Rect(row.x, row.y + 5, 4, row.height - 10), colour)
    yield Text(row.x + 34, middle, str(place), 14, colours.muted, 1.0)
    yield Text(row.x + 48, middle, player.name, 16, words)
    if player.is_bot:
        yield Text(row.x + 258, middle, "BOT", 10, colours.muted)
    elif not player.is_connected:
        yield Text(row.x + 258, middle, "GONE", 10, colours.danger)
    accuracy = f"{100 * player.hits // player.shots} %" if player.shots else "–"
    ping = "–" if player.is_bot else str(player.ping_ms)
    values = str(player.score), str(player.kills), str(player.deaths), accuracy, ping
    for value, (title, right) in zip(values, _COLUMNS, strict=True):
        dye = colours.text if title == "SCORE" else colours.muted
        yield Text(row.x - 12 + right, middle, value, 15, dye, 1.0)
    yield Text(row.right - 8, middle, medal_words(player.medals)[:14], 10, colours.warm, 1.0)


def _votes(frame: Frame, paints: ActivePalette, rect: Rect, top: int) -> Iterator[Shape]:
    colours = paints.colours
    left = clock_words(frame.phase_end_tick - frame.tick)
    yield Text(rect.x + 24, top + 14, f"Next map in {left}: press a number", 13, colours.muted)
    for option, choice in enumerate(frame.vote_maps):
        y = top + 44 + 34 * option
        yield Text(rect.x + 34, y, f"{option + 1}", 16, colours.accent)
        yield Text(rect.x + 60, y, choice.title, 16, colours.text)
