"""The whole HUD in front of a match, in the order in which it is painted.

Owns: which parts are shown when, and the parts that remember. Must not know: pygame.
"""

from collections.abc import Iterator

from attrs import define, field

from clients.desktop.core.connection_state import countdown_words
from clients.desktop.core.frame import Frame
from clients.desktop.core.hud.damage import DamageEdge
from clients.desktop.core.hud.kill_feed import KillFeed, Measure
from clients.desktop.core.hud.match_bar import banner, match_bar
from clients.desktop.core.hud.minimap import minimap
from clients.desktop.core.hud.net_graph import net_graph
from clients.desktop.core.hud.scoreboard import scoreboard
from clients.desktop.core.hud.vitals import vitals, weapon_bar
from clients.desktop.core.palette import ActivePalette
from clients.desktop.core.shapes import Box, Rect, Shape, Text
from clients.desktop.core.wrapping import in_lines
from game.world import Phase

WEAPON_KEYS = ("1", "2", "3", "4", "5")


@define
class Hud:
    """The HUD of one session."""

    paints: ActivePalette
    measure: Measure
    weapon_keys: tuple[str, ...] = WEAPON_KEYS
    shows_net: bool = False
    damage: DamageEdge = field(factory=DamageEdge)
    feed: KillFeed = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Build the feed in the same colours."""
        self.feed = KillFeed(self.paints, self.measure)

    def note(self, frame: Frame) -> None:
        """Take in what happened."""
        self.damage.note(frame)
        self.feed.note(frame)

    def shapes(self, frame: Frame, size: tuple[int, int], *, wants_scores: bool) -> Iterator[Shape]:
        """Everything, from the back to the front."""
        yield from minimap(frame, self.paints)
        yield from match_bar(frame, self.paints, size)
        yield from self.feed.shapes(frame.now_s, size)
        yield from vitals(frame, self.paints, size)
        yield from weapon_bar(frame, self.paints, size, self.weapon_keys)
        yield from banner(frame, self.paints, size)
        if self.shows_net:
            yield from net_graph(frame.net, self.paints, size)
        if wants_scores or frame.phase == Phase.SCOREBOARD:
            yield from scoreboard(frame, self.paints, size)
        yield from _connection(frame, self.paints, size)


def _connection(frame: Frame, paints: ActivePalette, size: tuple[int, int]) -> Iterator[Shape]:
    """The text shown while the connection is lost."""
    words = countdown_words(frame.connection, frame.now_s)
    if not words:
        return
    colours, middle = paints.colours, size[1] // 2
    yield Box(Rect(0, middle - 54, size[0], 108), colours.panel, 235)
    yield Box(Rect(0, middle - 54, size[0], 2), colours.danger)
    yield Text(size[0] / 2, middle - 16, "Connection lost", 28, colours.text, 0.5)
    for row, line in enumerate(in_lines(words, 120, 2)):
        yield Text(size[0] / 2, middle + 14 + 20 * row, line, 16, colours.warm, 0.5)
