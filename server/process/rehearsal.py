"""Would this code have played these matches as they were played? Asked before it goes on with them.

Owns: the verdict on each match of a folder. Must not know: processes, sockets. Invariants: nothing
is written; a match that cannot be read does not agree.
"""

from collections.abc import Mapping
from pathlib import Path

from attrs import evolve, frozen

from game.arena import Arena
from game.journal import JournalError, Replay, read_journal
from game.journal.records import RecordKind
from game.tuning import TICKS_PER_SECOND
from game.wire.fingerprint import fingerprint
from server.match.journal_files import segment_name

LAST_S = 5  # what is played again


@frozen
class Finding:
    """One match. `tick` is -1 when all is as it was."""

    match_id: str
    tick: int
    what: str

    @property
    def agrees(self) -> bool:
        """Whether this code may go on with it."""
        return self.tick < 0

    def row(self) -> list[object]:
        """As the message `rehearsed` has it."""
        return [self.match_id, self.tick, self.what[:200]]


def rehearse(live: Path, maps: Mapping[str, Arena]) -> list[Finding]:
    """Play the last seconds of every match in a folder again."""
    last: dict[str, Path] = {}
    for path in sorted(live.glob("*.skj")):
        name = segment_name(path.name)
        if name is not None:
            last[name.match_id] = path  # rounds and segments sort by their names
    return [_rehearse(match_id, path, maps) for match_id, path in sorted(last.items())]


def _rehearse(match_id: str, path: Path, maps: Mapping[str, Arena]) -> Finding:
    tick = 0
    try:
        journal = read_journal(path.read_bytes())
        header, tick = journal.header, journal.last_tick
        if header.fingerprint != fingerprint():
            return Finding(match_id, tick, "the wire, the tuning or the movement is another one")
        if header.map_name not in maps:
            return Finding(match_id, tick, f"there is no map {header.map_name}")
        if journal.damage:
            return Finding(match_id, tick, journal.damage)
        first = tick - LAST_S * TICKS_PER_SECOND
        start = 0
        for index, record in enumerate(journal.records):
            if record.kind is RecordKind.CHECKPOINT and record.tick <= max(first, 0):
                start = index
        recent = evolve(journal, records=journal.records[start:])
        divergence = Replay(recent, maps[header.map_name]).verify()
    except (JournalError, OSError, ValueError, TypeError, KeyError, IndexError) as error:
        return Finding(match_id, tick, f"{type(error).__name__}: {error}")
    if divergence is not None:
        return Finding(match_id, divergence.tick, divergence.what)
    return Finding(match_id, -1, "")
