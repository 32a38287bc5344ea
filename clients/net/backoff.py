"""How long to wait before trying again: at once the first time, then exponential with full jitter.

A first loss is most often a server process being replaced, and its successor is up within a tenth
of a second. After that, "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015): the ceiling
doubles with every attempt, and the wait is random below it, so that a thousand clients that lost
the same server do not return in the same instant.
"""

from typing import Protocol

FIRST_S = 0.02  # enough to spread a crowd, too short for a person to notice
BASE_S = 0.1
CAP_S = 5.0
_DOUBLINGS_MAX = 16  # beyond it the cap holds anyway


class Dice(Protocol):
    """The part of `random.Random` that is used."""

    def random(self) -> float:
        """Return a number of at least 0 and below 1."""


def ceiling_s(attempt: int) -> float:
    """The longest wait before attempt 0, 1, 2, …"""
    if attempt == 0:
        return FIRST_S
    return min(CAP_S, BASE_S * (1 << min(attempt, _DOUBLINGS_MAX)))


def delay_s(attempt: int, dice: Dice) -> float:
    """The wait before this attempt, in seconds."""
    return ceiling_s(attempt) * dice.random()
