"""The kill feed in the upper right. Invariant: a few lines, for a few seconds."""

from collections import deque
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from attrs import define, field

from clients.desktop.core.frame import Frame
from clients.desktop.core.lexicon import FLAG_ACTIONS, MEDALS, TEAMS, WEAPON_NAMES, ordinal
from clients.desktop.core.palette import ActivePalette
from clients.desktop.core.shapes import Box, Colour, Glyph, Rect, Shape, Text
from game.events import EventKind

LINES_MAX: Final = 5
SHOWN_S: Final = 6.0
FADE_S: Final = 1.0
LINE_HEIGHT: Final = 28
SIZE: Final = 14

Measure = Callable[[str, int], int]  # a line and its size → how wide it is, in pixels


class FeedLine(NamedTuple):
    """`who`, a sign, `whom`; without a sign, `whom` is the rest of the sentence."""

    at_s: float
    who: tuple[str, Colour]
    glyph: str
    whom: tuple[str, Colour]


@define
class KillFeed:
    """The last lines."""

    paints: ActivePalette
    measure: Measure
    lines: deque[FeedLine] = field(factory=lambda: deque(maxlen=LINES_MAX))

    def note(self, frame: Frame) -> None:
        """Take in what happened."""
        names = {
            player.slot: (
                player.name,
                self.paints.person(player.slot, player.team, is_self=player.is_self),
            )
            for player in frame.players
        }
        muted = self.paints.colours.muted
        for kind, _, fields in frame.events:
            who = names.get(fields.get("slot", -1), ("", muted))
            if kind == EventKind.KILL:
                self._kill(frame.now_s, fields, names)
            elif kind == EventKind.MEDAL and fields["medal"] < len(MEDALS):
                self._add(frame.now_s, who, "medal", (MEDALS[fields["medal"]], muted))
            elif kind == EventKind.FLAG:
                flag = f"{FLAG_ACTIONS[fields['action']]} the {TEAMS[fields['team']].lower()} flag"
                home = f"The {TEAMS[fields['team']].lower()} flag went home"
                words = flag if who[0] else home
                self._add(frame.now_s, who, "", (words, self.paints.colours.teams[fields["team"]]))
            elif kind == EventKind.OUT and fields["place"] > 1:
                self._add(frame.now_s, who, "", (f"is out, {ordinal(fields['place'])}", muted))

    def shapes(self, now_s: float, size: tuple[int, int]) -> Iterator[Shape]:
        """The lines that have not expired, the newest lowest."""
        top = 12
        for line in self.lines:
            left_s = SHOWN_S - (now_s - line.at_s)
            if left_s > 0:
                yield from self._shapes(line, (size[0] - 12, top), min(1.0, left_s / FADE_S))
                top += LINE_HEIGHT + 3

    def _kill(
        self, now_s: float, fields: dict[str, int], names: dict[int, tuple[str, Colour]]
    ) -> None:
        muted = self.paints.colours.muted
        whom = names.get(fields["victim"], ("somebody", muted))
        weapon = fields["weapon"]
        if weapon < 0:
            self._add(now_s, whom, "", ("died outside the circle", muted))
        elif fields["killer"] == fields["victim"]:
            self._add(now_s, whom, WEAPON_NAMES[weapon], ("themselves", muted))
        else:
            who = names.get(fields["killer"], ("somebody", muted))
            self._add(now_s, who, WEAPON_NAMES[weapon], whom)

    def _add(
        self, now_s: float, who: tuple[str, Colour], glyph: str, whom: tuple[str, Colour]
    ) -> None:
        self.lines.append(FeedLine(now_s, who, glyph, whom))

    def _shapes(self, line: FeedLine, corner: tuple[int, int], strength: float) -> Iterator[Shape]:
        right, top = corner
        (who, dye), (whom, other_dye) = line.who, line.whom
        after = self.measure(whom, SIZE)
        sign = 34 if line.glyph else 10
        width = self.measure(who, SIZE) + sign + after + 24
        middle, alpha = top + LINE_HEIGHT / 2, round(255 * strength)
        rect = Rect(right - width, top, width, LINE_HEIGHT)
        yield Box(rect, self.paints.colours.panel, round(190 * strength), 3)
        yield Text(right - 12, middle, whom, SIZE, other_dye, 1.0, alpha)
        if line.glyph and strength == 1:
            yield Glyph(
                line.glyph, right - 12 - after - sign / 2, middle, 18, self.paints.colours.text
            )
        yield Text(right - 12 - after - sign, middle, who, SIZE, dye, 1.0, alpha)
