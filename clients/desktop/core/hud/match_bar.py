"""The upper edge with the clock and the leaders, and the banner in the middle of the screen."""

from collections.abc import Iterator
from math import ceil
from typing import Final

from clients.desktop.core.frame import Frame, PlayerSeen
from clients.desktop.core.lexicon import PHASES, TEAMS, clock_words, ordinal
from clients.desktop.core.palette import ActivePalette
from clients.desktop.core.shapes import Box, Colour, Rect, Shape, Text
from game.tuning import TICKS_PER_SECOND
from game.world import NEVER_TICK, Phase

SIDE_WIDTH: Final = 168
CLOCK_WIDTH: Final = 96
HEIGHT: Final = 46


def ranked(frame: Frame) -> list[PlayerSeen]:
    """All players, the best first; with one life, survivors come before the dead."""
    return sorted(frame.players, key=lambda it: (it.place, -it.score, it.deaths, it.slot))


def match_bar(frame: Frame, paints: ActivePalette, size: tuple[int, int]) -> Iterator[Shape]:
    """Left the viewed player (or the first team), right the best other (or the second team)."""
    colours = paints.colours
    x, top = size[0] // 2 - CLOCK_WIDTH // 2, 10
    yield Box(
        Rect(x - SIDE_WIDTH, top, 2 * SIDE_WIDTH + CLOCK_WIDTH, HEIGHT), colours.panel, 215, 4
    )
    for side, (words, score, colour) in enumerate(_sides(frame, paints)):
        left = x - SIDE_WIDTH if side == 0 else x + CLOCK_WIDTH
        yield Box(Rect(left, top + HEIGHT - 2, SIDE_WIDTH, 2), colour)
        inner = x - 12 if side == 0 else x + CLOCK_WIDTH + 12
        outer = left + 12 if side == 0 else left + SIDE_WIDTH - 12
        yield Text(inner, top + 22, score, 22, colours.text, 1.0 if side == 0 else 0.0)
        yield Text(outer, top + 22, words, 14, colour, 0.0 if side == 0 else 1.0)
    yield from _clock(frame, paints, size[0] / 2, top)


def banner(frame: Frame, paints: ActivePalette, size: tuple[int, int]) -> Iterator[Shape]:
    """The middle: waiting, counting down, dead, over, and notices from the server."""
    colours, middle = paints.colours, size[0] / 2
    large, small = _banner_words(frame)
    if large:
        yield Text(middle, size[1] * 0.27, large, 44, colours.text, 0.5)
    if small:
        yield Text(middle, size[1] * 0.27 + 38, small, 17, colours.muted, 0.5)
    if frame.notice:
        yield from _notice(frame.notice, middle, 92, paints)


def _notice(words: str, middle: float, top: int, paints: ActivePalette) -> Iterator[Shape]:
    width = 40 + 9 * len(words)
    yield Box(Rect(round(middle) - width // 2, top - 17, width, 34), paints.colours.panel, 220, 4)
    yield Text(middle, top, words, 15, paints.colours.warm, 0.5)


def _sides(frame: Frame, paints: ActivePalette) -> list[tuple[str, str, Colour]]:
    if frame.team_scores:
        me = frame.me
        return [
            (f"{TEAMS[team]}{' · you' if me and me.team == team else ''}", str(score), colour)
            for team, (score, colour) in enumerate(
                zip(frame.team_scores, paints.colours.teams[1:], strict=False), 1
            )
        ]
    order, me = ranked(frame), frame.me
    if me is None:
        return [_person(place, it, paints) for place, it in enumerate(order[:2], 1)]
    rivals = [(place, it) for place, it in enumerate(order, 1) if it is not me][:1]
    mine = (f"{ordinal(order.index(me) + 1)} · {'You' if me.is_self else me.name}", str(me.score))
    return [(*mine, paints.colours.accent), *(_person(*it, paints) for it in rivals)]


def _person(place: int, it: PlayerSeen, paints: ActivePalette) -> tuple[str, str, Colour]:
    colour = paints.person(it.slot, it.team, is_self=it.is_self)
    return f"{ordinal(place)} · {it.name}"[:19], str(it.score), colour


def _clock(frame: Frame, paints: ActivePalette, middle: float, top: int) -> Iterator[Shape]:
    colours = paints.colours
    left_ticks = frame.phase_end_tick - frame.tick
    words = clock_words(left_ticks) if frame.phase_end_tick else "--:--"
    is_close = frame.phase == Phase.PLAY and 0 < left_ticks < 30 * TICKS_PER_SECOND
    yield Text(middle, top + 17, words, 24, colours.danger if is_close else colours.text, 0.5)
    below = PHASES.get(Phase(frame.phase), "")
    if not below and frame.score_limit:
        below = f"to {frame.score_limit}"
    elif not below and frame.circle is not None:
        below = f"{sum(it.alive for it in frame.players)} alive"
    yield Text(middle, top + 36, below.upper(), 10, colours.muted, 0.5)


def _banner_words(frame: Frame) -> tuple[str, str]:
    me, own = frame.me, frame.own
    seconds = max(0, ceil((frame.phase_end_tick - frame.tick) / TICKS_PER_SECOND))
    if frame.phase == Phase.WARMUP:
        missing = frame.players_min - len(frame.players)
        return "Warm-up", f"waiting for {missing} more" if missing > 0 else "about to begin"
    if frame.phase == Phase.COUNTDOWN:
        return str(seconds), "get ready"
    if frame.phase == Phase.SCOREBOARD:
        return "", ""  # the scoreboard itself is there
    if own is None:
        return "", f"watching {me.name}" if me is not None else "watching"
    if me is not None and not me.alive:
        if own.respawn_tick >= NEVER_TICK:
            place = f"you came {ordinal(me.place)}" if me.place else "until the next round"
            return "Out", place
        left_s = max(0.0, (own.respawn_tick - frame.tick) / TICKS_PER_SECOND)
        return "", f"back in {left_s:.1f} s"
    return "", ""
