"""A fake disk: journal files in memory, and what can go wrong with them."""

import errno

from attrs import define, field

from game.journal.records import NO_CHAIN
from server.match.chronicle import Chronicle, Scribe
from server.match.counters import MatchCounters
from server.match.journal_files import SegmentName
from server.match.rounds import MatchSpec


@define(eq=False)
class MemoryFile:
    """One file, on a disk that may be full."""

    shelf: "Shelf"
    data: bytearray = field(factory=bytearray)
    is_closed: bool = False

    def write(self, data: bytes) -> int:
        assert not self.is_closed, "a closed file is not written to"
        if self.shelf.free_bytes == 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        taken = data[: self.shelf.free_bytes]
        self.data += taken
        self.shelf.free_bytes -= len(taken)
        return len(taken)

    def close(self) -> None:
        self.is_closed = True


@define(eq=False)
class Shelf:
    """All files of all matches, in the order in which they were begun."""

    files: dict[SegmentName, MemoryFile] = field(factory=dict)
    aside: list[tuple[str, str]] = field(factory=list)
    free_bytes: int = 1 << 40

    def create(self, match_id: str, round_number: int, segment: int) -> MemoryFile:
        name = SegmentName(match_id, round_number, segment)
        assert name not in self.files, "no file is begun twice"
        self.files[name] = MemoryFile(self)
        return self.files[name]

    def set_aside(self, match_id: str, reason: str) -> None:
        self.aside.append((match_id, reason))

    def contents(self) -> list[bytes]:
        return [bytes(file.data) for file in self.files.values()]

    def chronicle(
        self,
        spec: MatchSpec,
        segment_bytes_max: int = 1 << 20,
        chain: bytes = NO_CHAIN,
        segment: int = 0,
    ) -> Chronicle:
        scribe = Scribe(self, "test", segment_bytes_max, lambda data: data[:8], MatchCounters())
        return Chronicle(scribe, spec, chain, segment)
