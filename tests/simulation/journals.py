"""Checks the journals that a run leaves: each is complete, true, and replays to the same state.

Owns: reading them all. Must not know: how they were written. Invariant: it changes nothing on disk.
"""

import gzip
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path

from game.arena import Arena
from game.journal import Journal, JournalError, Replay, read_journal
from game.journal.records import RecordKind
from server.match.journal_files import SegmentName, segment_name
from tests.simulation.rules import Record


def journal_faults(folder: Path, maps: Mapping[str, Arena], record: Record) -> Iterator[str]:
    """Describe the faults of the journals in `live/` and `finished/` below `folder`."""
    found: dict[SegmentName, Journal] = {}
    for name, data in _files(folder):
        try:
            journal = read_journal(data)
        except JournalError:  # a crash left this file without a start: the one before it counts
            continue
        if journal.damage:
            yield f"{name.file_name}: {journal.damage}"
        yield from (f"{name.file_name}: {text}" for text in _faults_of(journal, maps, record))
        found[name] = journal
    for (name, journal), (next_name, next_journal) in pairwise(found.items()):
        if name.match_id != next_name.match_id:
            continue
        if next_journal.header.previous_chain != journal.chain:
            yield f"{next_name.file_name} does not go on from {name.file_name}"
        is_same_round = name.round_number == next_name.round_number
        if is_same_round and next_journal.first_tick != journal.last_tick:
            yield f"ticks are missing between {name.file_name} and {next_name.file_name}"


def _files(folder: Path) -> list[tuple[SegmentName, bytes]]:
    """Names and bytes by match, oldest file first."""
    found = []
    for path in (*folder.glob("**/live/*.skj"), *folder.glob("**/finished/*.skj.gz")):
        name, data = segment_name(path.name), path.read_bytes()
        assert name is not None, "nobody else writes here"
        found.append((name, gzip.decompress(data) if path.suffix == ".gz" else data))
    found.sort(key=lambda pair: (pair[0].match_id, pair[0].round_number, pair[0].segment))
    return found


def _faults_of(journal: Journal, maps: Mapping[str, Arena], record: Record) -> Iterator[str]:
    replay = Replay(journal, maps[journal.header.map_name])
    steps = record.steps.get(replay.world_at(journal.first_tick).config.seed, {})
    for entry in journal.records:
        if entry.kind is not RecordKind.TICK or entry.tick not in steps:
            continue
        commands, inputs = replay.inputs_at(entry.tick)
        if steps[entry.tick] != (tuple(commands), tuple(inputs)):
            yield f"tick {entry.tick} is not what went into it"
            return
    if divergence := replay.verify():
        yield f"tick {divergence.tick}: {divergence.what}"
