"""The journals that a run leaves: each is whole, says what happened, and replays to it.

Owns: reading them all. Must not know: how they came about.
"""

import gzip
from collections.abc import Iterator, Mapping
from pathlib import Path

from game.arena import Arena
from game.journal import Journal, JournalError, Replay, read_journal
from game.journal.records import RecordKind
from server.match.journal_files import segment_name
from tests.simulation.rules import Record


def journal_faults(folder: Path, maps: Mapping[str, Arena], record: Record) -> Iterator[str]:
    """Sentences about the journals in `live/` and `finished/` below `folder`."""
    paths = [*folder.glob("**/live/*.skj"), *folder.glob("**/finished/*.skj.gz")]
    named = [(segment_name(path.name), path) for path in paths]
    for _, path in sorted(named, key=lambda pair: str(pair[0])):
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        try:
            journal = read_journal(data)
        except JournalError as error:
            if path.suffix == ".gz":
                yield f"{path.name}: {error}"
            continue  # a file that a crash left without a start: the one before it counts
        if journal.damage:
            yield f"{path.name}: {journal.damage}"
        yield from (f"{path.name}: {text}" for text in _faults_of(journal, maps, record))


def _faults_of(journal: Journal, maps: Mapping[str, Arena], record: Record) -> Iterator[str]:
    replay = Replay(journal, maps[journal.header.map_name])
    steps = record.steps.get(replay.world_at(journal.first_tick).config.seed, {})
    for entry in journal.records:
        if entry.kind is not RecordKind.TICK or entry.tick not in steps:
            continue
        commands, inputs = replay.entered(entry.tick)
        if steps[entry.tick] != (tuple(commands), tuple(inputs)):
            yield f"tick {entry.tick} is not what went into it"
            return
    if divergence := replay.verify():
        yield f"tick {divergence.tick}: {divergence.what}"
