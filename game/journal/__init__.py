"""A match's journal: everything that entered the match, in order, so that it can be replayed.

See `records` for what is written, `writer` and `reader` for the bytes, `replay` for rebuilding a
world. Must not know: files, clocks, sockets.
"""

from game.journal.reader import Journal, JournalError, RecordReader, read_journal
from game.journal.records import Header, Person, Record, RecordKind
from game.journal.replay import Divergence, Replay
from game.journal.writer import JournalWriter

__all__ = [
    "Divergence",
    "Header",
    "Journal",
    "JournalError",
    "JournalWriter",
    "Person",
    "Record",
    "RecordKind",
    "RecordReader",
    "Replay",
    "read_journal",
]
