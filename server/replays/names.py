"""Who sat where, from a journal's records of people: names and nothing else.

Owns: the only code that reads names from a journal. Must not know: what else such a record holds.
"""

from collections.abc import Iterable
from typing import Any

from game.journal import RecordKind
from server.replays.recording import Recording, foreign_journal

NAME_CHARACTERS_MAX = 16  # code points


def names_of(recording: Recording, tick: int) -> dict[int, str]:
    """Return names by slot up to `tick`; each slot has the name of its last player."""
    names: dict[int, str] = {}
    for record in recording.journal.records:
        if record.tick > tick:
            break
        if record.kind is RecordKind.PEOPLE:
            names |= seated(record.fields[0])
    return names


def names_by_tick(recording: Recording) -> dict[int, dict[int, str]]:
    """Return names by slot for each record of people, by the tick after which they hold."""
    return {
        record.tick: seated(record.fields[0])
        for record in recording.journal.records
        if record.kind is RecordKind.PEOPLE
    }


def seated(rows: Iterable[Any]) -> dict[int, str]:
    """Return names by slot from a record of people. Raises `RecordingError` for anything else."""
    with foreign_journal():
        return {int(row[0]): str(row[2])[:NAME_CHARACTERS_MAX] for row in rows}
