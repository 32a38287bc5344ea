"""The list of finished rounds, in the form that the page reads.

Owns: which facts of a round are shown. Must not know: files, stores. Invariant: no ids of people,
only slots and names.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from server.replays.library import RoundFiles
from server.store.base import MatchResult


def listing(files: Iterable[RoundFiles], results: Sequence[MatchResult]) -> list[dict[str, Any]]:
    """Return the rows of `files` that have a result, in order: a round that everybody left has
    nothing to show.
    """
    known = {(result.match_id, result.round_number): result for result in results}
    rows = []
    for each in files:
        result = known.get((each.match_id, each.round_number))
        if result is not None:
            rows.append(_row(each, result))
    return rows


def _row(files: RoundFiles, result: MatchResult) -> dict[str, Any]:
    return {
        "name": files.name,
        "mode": result.mode,
        "map": result.map_name,
        "ended_s": round(result.ended_s),
        "seconds": max(0, round(result.ended_s - result.started_s)),
        "bytes": files.packed_bytes,
        "winner": result.winner,
        "red": result.red,
        "blue": result.blue,
        "players": [
            {
                "slot": player.slot,
                "name": player.name,
                "bot": player.bot,
                "score": player.score,
                "kills": player.kills,
                "deaths": player.deaths,
                "left": player.left,
                "team": player.team,
            }
            for player in result.players
        ],
    }
