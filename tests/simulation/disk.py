"""The journals' folder on a disk that fails: the real folder, with faults injected into its writes.

Owns: how writing goes wrong, and what a crash leaves. Must not know: records, matches. Invariants:
the next process finds what a process wrote before its death, up to the byte at which it died; what
a process does after its death changes nothing.
"""

import errno
import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import trio
from attrs import define, frozen

from server.match.crash_marker import CrashMarker
from server.match.journal_file import HEAD, JournalFile, Tail, remove
from server.match.journal_files import JournalFolder, SegmentName
from tests.simulation.effects import Mortal
from tests.simulation.trace import Trace


@frozen
class DiskTrouble:
    """How the disk of this run fails."""

    short_write_share: float = 0.0
    full_spells: tuple[tuple[float, float], ...] = ()  # no space between these times
    can_reserve: bool = True  # some file systems cannot: then a journal has no tail in memory


@define(eq=False)
class Disk:
    """The disk that all processes of a run write to; `process` is the one that is alive."""

    dice: random.Random
    trouble: DiskTrouble
    trace: Trace
    process: Mortal | None = None
    is_healed: bool = False

    def __getattr__(self, name: str) -> Any:
        """Stand in for the module `os` in `server.match.journal_file`, except for what fails."""
        return getattr(os, name)

    def posix_fallocate(self, descriptor: int, offset: int, length: int) -> None:
        """Reserve space, where the file system can."""
        self.refuse_when_full()
        if not self.trouble.can_reserve:
            raise OSError(errno.EOPNOTSUPP, "this simulated file system cannot reserve")
        os.posix_fallocate(descriptor, offset, length)

    def write(self, descriptor: int, data: bytes) -> int:
        """Write what the disk takes; at the moment of death, only a random part of it."""
        assert self.process is not None, "somebody writes"
        if self.process.is_dead:
            return len(data)
        self.refuse_when_full()
        count = self._granted(len(data))
        if self.process.effect():
            return os.write(descriptor, data[:count])
        torn = data[: self.dice.randint(0, len(data))]
        self.trace.note("disk", "torn", len(torn), len(data))
        os.write(descriptor, torn)
        return len(data)

    def refuse_when_full(self) -> None:
        """Raise OSError while there is no space."""
        now_s = trio.current_time()
        is_full = any(begin <= now_s < end for begin, end in self.trouble.full_spells)
        if is_full and not self.is_healed:
            raise OSError(errno.ENOSPC, "the simulated disk is full")

    def _granted(self, count: int) -> int:
        if self.is_healed or count < 2 or self.dice.random() >= self.trouble.short_write_share:
            return count
        return self.dice.randint(1, count - 1)


class SimTail(Tail):
    """The mapped memory of one process, which may die at each step."""

    process: Mortal

    def add(self, data: bytes) -> None:
        if self.process.is_dead:
            return
        if self.process.effect():
            super().add(data)
        else:  # the bytes are there, but the length does not cover them yet
            begin = HEAD.size + self.held_bytes
            self._memory[begin : begin + len(data)] = data

    def begin(self, file_bytes: int) -> None:
        if not self.process.is_dead and self.process.effect():
            super().begin(file_bytes)


@define(eq=False)
class SimFile:
    """One journal file that one process has open."""

    file: JournalFile
    disk: Disk
    process: Mortal

    def write(self, data: bytes) -> int:
        """Write as the real file does; a dead process writes nothing."""
        if self.process.is_dead:
            return len(data)
        if self.file._tail is None:
            self.disk.refuse_when_full()
        self.disk.trace.mix(data)
        return self.file.write(data)

    def close(self) -> None:
        """Close it. For a dead process the kernel does that, and nothing is flushed."""
        tail = self.file._tail
        if self.process.is_dead and tail is not None:
            self.file._tail = None
            tail.close()
        self.file.close()


class SimCrashMarker(CrashMarker):
    """The mark of the current match; it stays as it was at the moment of death."""

    def __init__(self, real: CrashMarker, process: Mortal) -> None:
        self.real = real
        self.process = process

    @property
    def match_id(self) -> str:
        return self.real.match_id

    def enter(self, mark: bytes) -> None:
        if not self.process.is_dead:
            self.real.enter(mark)

    def leave(self) -> None:
        if not self.process.is_dead:
            self.real.leave()

    def close(self) -> None:
        if self.process.is_dead:
            self.real._memory.close()
        else:
            self.real.close()


class SimFolder(JournalFolder):
    """The folder of `process` on `disk`; both are set on the class made for one process."""

    disk: Disk
    process: Mortal

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        self.crash_marker = SimCrashMarker(self.crash_marker, self.process)

    def create(self, match_id: str, round_number: int, segment: int) -> SimFile:
        """Create a file if there is space. A dead process gets one that writes nowhere."""
        if self.process.is_dead or not self.process.effect():
            return SimFile(JournalFile(-1), self.disk, self.process)
        self.disk.refuse_when_full()
        self.disk.trace.note("disk", "create", match_id, round_number, segment)
        return SimFile(super().create(match_id, round_number, segment), self.disk, self.process)

    def count_crash(self, match_id: str) -> int:
        return super().count_crash(match_id) if self.process.effect() else 1

    def forget_crashes(self, match_id: str) -> None:
        if self.process.effect():
            super().forget_crashes(match_id)

    def set_aside(self, match_id: str, reason: str) -> None:
        if self.process.effect():
            self.disk.trace.note("disk", "set_aside", match_id, reason)
            super().set_aside(match_id, reason)

    def finish(self, name: SegmentName) -> None:
        if self.process.effect():
            self.disk.trace.note("disk", "finish", name.file_name)
            super().finish(name)

    def discard(self, name: SegmentName) -> None:
        if self.process.effect():
            super().discard(name)


def folder_for(process: Mortal, disk: Disk) -> type[SimFolder]:
    """The folder class for `process`, which is the process that is alive from now on."""
    disk.process = process
    return type("SimFolder", (SimFolder,), {"process": process, "disk": disk})


@contextmanager
def simulated_files(disk: Disk) -> Iterator[None]:
    """Write journal files through `disk`."""

    def new_tail(path: Any) -> SimTail:
        assert disk.process is not None, "somebody writes"
        return type("SimTail", (SimTail,), {"process": disk.process})(path)

    def remove_tail(path: Path) -> None:
        assert disk.process is not None, "somebody has a folder"
        if disk.process.effect():
            remove(path)

    with (
        mock.patch("server.match.journal_file.os", disk),
        mock.patch("server.match.journal_file.Tail", new_tail),
        mock.patch("server.match.journal_file.remove", remove_tail),
    ):
        yield
