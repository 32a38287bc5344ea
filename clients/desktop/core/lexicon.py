"""The words for the numbers of the rules, and how numbers are written.

Owns: titles. Must not know: where they are on the screen.
"""

from math import ceil
from typing import Final

from game.tuning import TICKS_PER_SECOND
from game.world import Phase

WEAPONS: Final = ("Blaster", "Scatter", "Launcher", "Rail", "Disc")
WEAPON_GLYPHS: Final = ("blaster", "scatter", "launcher", "rail", "disc")
PHASES: Final = {
    Phase.WARMUP: "Warm-up",
    Phase.COUNTDOWN: "Get ready",
    Phase.PLAY: "",
    Phase.OVERTIME: "Overtime",
    Phase.SCOREBOARD: "Round over",
    Phase.OVER: "Over",
}
MEDALS: Final = ("First blood", "Streak", "Sharpshooter", "Untouched")
TEAMS: Final = ("", "Red", "Blue")
FLAG_ACTIONS: Final = ("took", "dropped", "returned", "captured")


def clock_words(ticks: float) -> str:
    """Ticks as m:ss, rounded up, so that 0:00 means that the time is over."""
    seconds = max(0, ceil(ticks / TICKS_PER_SECOND))
    return f"{seconds // 60}:{seconds % 60:02}"


def medal_words(bits: int) -> str:
    """The medals of a player."""
    return ", ".join(title for bit, title in enumerate(MEDALS) if bits >> bit & 1)


def ordinal(place: int) -> str:
    """1st, 2nd, 3rd, 4th, …"""
    teen = place % 100 in (11, 12, 13)
    suffix = "th" if teen else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{suffix}"
