"""The words for the numbers of the rules, and how numbers are written.

Owns: titles. Must not know: where they are on the screen.
"""

from math import ceil
from typing import Final

from game.tuning import TICKS_PER_SECOND, TUNING, PickupKind
from game.world import Phase

# By weapon: its glyph and its sound go by the name that the tuning gives it.
WEAPON_NAMES: Final = tuple([weapon.name for weapon in TUNING.weapons])
WEAPONS: Final = tuple([name.capitalize() for name in WEAPON_NAMES])
# By kind of pickup.
PICKUP_NAMES: Final = {kind: kind.name.removeprefix("AMMO_").lower() for kind in PickupKind}
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
