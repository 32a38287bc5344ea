"""Who sat where, from the records of people: names and nothing else of them.

Owns: the only reading of names out of a journal. Must not know: what else such a record holds.
"""

from collections.abc import Iterable
from typing import Any

from game.journal import RecordKind
from server.replays.recording import Recording, foreign_journal

NAME_CHARACTERS_MAX = 16  # as the wire has it


def names_of(recording: Recording, tick: int) -> dict[int, str]:
    """Names by slot of all who sat there up to `tick`; the last to sit there counts."""
    names: dict[int, str] = {}
    for record in recording.journal.records:
        if record.tick > tick:
            break
        if record.kind is RecordKind.PEOPLE:
            names |= seated(record.fields[0])
    return names


def names_by_tick(recording: Recording) -> dict[int, dict[int, str]]:
    """Names by slot, by the tick after which they hold: one entry for each record of people."""
    return {
        record.tick: seated(record.fields[0])
        for record in recording.journal.records
        if record.kind is RecordKind.PEOPLE
    }


def seated(rows: Iterable[Any]) -> dict[int, str]:
    """One record of people → names by slot. Raises `RecordingError` for anything else."""
    with foreign_journal():
        return {int(row[0]): str(row[2])[:NAME_CHARACTERS_MAX] for row in rows}
