"""The contract of a results store, and the records it keeps.

Owns: the shape of a result. Must not know: matches, sockets, SQL. Invariant: a result is kept once,
however often it is recorded: (match_id, round_number) identifies it.
"""

from typing import Protocol

from attrs import frozen

RECENT_MAX = 200  # rows that `recent_results` returns at most


class StoreError(Exception):
    """The store failed for now (disk full, database locked, …); a later try may succeed."""


@frozen
class PlayerResult:
    """How one seat ended a round, or the score of a player who left while points counted."""

    slot: int
    player_id: str  # "" for a bot
    name: str
    bot: bool
    score: int
    kills: int
    deaths: int
    left: bool = False  # gone for good before the end: a rated mode counts it as a loss
    team: int = 0  # 1 red, 2 blue; 0 in modes without sides


@frozen
class MatchResult:
    """One finished round of a match."""

    match_id: str
    round_number: int
    mode: str
    map_name: str
    seed: int
    digest: bytes  # of the final world, which a replay must reproduce
    started_s: float  # Unix time at which points began to count
    ended_s: float
    winner: int  # a slot, or a team, by mode; -1 none
    red: int  # points of each side; 0 in modes without sides
    blue: int
    players: tuple[PlayerResult, ...]  # best first (by place, with one life), then those who left


class Store(Protocol):
    """Keeps results. `record_result` may get the same result again, and keeps the first."""

    async def record_result(self, result: MatchResult) -> bool:
        """Keep `result`; True when it was new. Raises `StoreError`."""

    async def recent_results(self, limit: int) -> list[MatchResult]:
        """Return the most recent results, newest first, at most `RECENT_MAX`.

        Raises `StoreError`.
        """

    async def aclose(self) -> None:
        """Write what is pending and close the files. Nothing may be called afterwards."""
