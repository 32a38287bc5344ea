"""The journals' folder on a disk that fails: the real one, with a hand between it and its files.

Owns: how writing goes wrong, and what a crash leaves. Must not know: records, matches. Invariants:
what a process wrote before its death is there for the next one, up to the byte at which it died;
what it does after its death changes nothing.
"""

import errno
import random
from typing import Any

from attrs import define, frozen

from server.match.journal_files import AtWork, JournalFile, JournalFolder
from tests.simulation.effects import Mortal


@frozen
class DiskTrouble:
    """How a disk of this run fails."""

    short_write_share: float = 0.0
    full_spells: tuple[tuple[float, float], ...] = ()  # no space between these times


@define(eq=False)
class Disk:
    """What all processes of a run write to."""

    dice: random.Random
    trouble: DiskTrouble
    trace: Any
    is_healed: bool = False

    def is_full(self, now_s: float) -> bool:
        """Whether nothing more goes onto it."""
        spells = self.trouble.full_spells
        return not self.is_healed and any(begin <= now_s < end for begin, end in spells)

    def granted(self, count: int) -> int:
        """How many bytes of a write are taken."""
        if self.is_healed or count < 2 or self.dice.random() >= self.trouble.short_write_share:
            return count
        return self.dice.randint(1, count - 1)


@define(eq=False)
class SimFile:
    """One file of a journal, in the hands of one process."""

    file: JournalFile
    disk: Disk
    process: Mortal
    name: str

    def write(self, data: bytes) -> int:
        """Write what the disk takes; in the moment of death, what got through before it."""
        if self.process.is_dead:
            return len(data)
        if self.disk.is_full(self.process.now_s()):
            raise OSError(errno.ENOSPC, "the simulated disk is full")
        count = self.disk.granted(len(data))
        if not self.process.effect():
            torn = data[: self.disk.dice.randint(0, len(data))]
            self.disk.trace.note("disk", "torn", self.name, len(torn), len(data))
            if torn:
                self.file.write(torn)
            return len(data)
        self.disk.trace.mix(data[:count])
        return self.file.write(data[:count])

    def close(self) -> None:
        """Give the descriptor back, dead or alive."""
        self.file.close()


@define(eq=False)
class SimAtWork:
    """The mark of whom a process is at work on: it stays as it was in the moment of death."""

    real: AtWork
    process: Mortal

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
    """A folder that obeys `disk`, for `process`; both are set on the class made for one process."""

    disk: Disk
    process: Mortal

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        self.at_work = SimAtWork(self.at_work, self.process)

    def create(self, match_id: str, round_number: int, segment: int) -> SimFile:
        """A file, unless there is no space for it. For the dead, one that leads nowhere."""
        if self.process.is_dead or not self.process.effect():
            return SimFile(JournalFile(-1), self.disk, self.process, "")
        if self.disk.is_full(self.process.now_s()):
            raise OSError(errno.ENOSPC, "the simulated disk is full")
        name = f"{match_id}-r{round_number}-s{segment}"
        self.disk.trace.note("disk", "create", name)
        return SimFile(
            super().create(match_id, round_number, segment), self.disk, self.process, name
        )

    def note_try(self, match_id: str) -> int:
        return super().note_try(match_id) if self.process.effect() else 1

    def forget_tries(self, match_id: str) -> None:
        if self.process.effect():
            super().forget_tries(match_id)

    def set_aside(self, match_id: str, reason: str) -> None:
        if self.process.effect():
            self.disk.trace.note("disk", "set_aside", match_id, reason)
            super().set_aside(match_id, reason)

    def finish(self, name: Any) -> None:
        if self.process.effect():
            self.disk.trace.note("disk", "finish", name.file_name)
            super().finish(name)

    def discard(self, name: Any) -> None:
        if self.process.effect():
            super().discard(name)

    def prune(self, now_s: float | None = None) -> int:
        return super().prune(now_s) if self.process.effect() else 0


def folder_for(process: Mortal, disk: Disk) -> type[SimFolder]:
    """The class of folders that one process makes."""
    return type("SimFolder", (SimFolder,), {"process": process, "disk": disk})
