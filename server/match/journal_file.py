"""One open journal file: a tail in shared memory, and the file behind it.

Owns: how bytes get to the kernel cheaply. Must not know: records, folders. Invariant: bytes
that `write` took belong to the kernel and outlive this process. The file, followed by the bytes of
the tail that it lacks, is everything that was written, in order.

A `write` to a file costs a process that sleeps in between some 20 µs, thirty times a second for
each match. A copy into mapped memory costs nothing like it; the file gets `FLUSH_BYTES` at a time.
"""

import mmap
import os
from contextlib import suppress
from pathlib import Path
from struct import Struct
from typing import Final

from mypy_extensions import mypyc_attr

from server.security.private_files import opened, read

FLUSH_BYTES: Final = 16_384
TAIL_BYTES: Final = 65_536
HEAD: Final = Struct("<QI")  # where in the file the tail begins, and how long it is
HEAD_BYTES: Final = 12
LENGTH: Final = Struct("<I")
LENGTH_AT: Final = 8


@mypyc_attr(allow_interpreted_subclasses=True)
class Tail:
    """The last bytes of a file, in a file of their own that is mapped into memory."""

    def __init__(self, path: Path) -> None:
        """Make it, with its space reserved: memory without a disk behind it would be fatal."""
        self.path = path
        self.held_bytes = 0
        descriptor = opened(path, os.O_RDWR | os.O_CREAT | os.O_EXCL)
        try:
            os.posix_fallocate(descriptor, 0, TAIL_BYTES)
            self._memory = mmap.mmap(descriptor, TAIL_BYTES)
        except BaseException:
            path.unlink()
            raise
        finally:
            os.close(descriptor)

    def fits(self, data: bytes) -> bool:
        """Whether there is room."""
        return HEAD_BYTES + self.held_bytes + len(data) <= TAIL_BYTES

    def add(self, data: bytes) -> None:
        """Append; it counts once the length says so."""
        begin = HEAD_BYTES + self.held_bytes
        self._memory[begin : begin + len(data)] = data
        self.held_bytes += len(data)
        self._memory[LENGTH_AT:HEAD_BYTES] = LENGTH.pack(self.held_bytes)

    def held(self) -> bytes:
        """All of it."""
        return self._memory[HEAD_BYTES : HEAD_BYTES + self.held_bytes]

    def begin(self, file_bytes: int) -> None:
        """Start again, empty: the file has everything up to here."""
        self.held_bytes = 0
        self._memory[LENGTH_AT:HEAD_BYTES] = LENGTH.pack(0)
        self._memory[:HEAD_BYTES] = HEAD.pack(file_bytes, 0)

    def close(self) -> None:
        """Unmap the memory; the file stays."""
        self._memory.close()


class JournalFile:
    """An open segment; without a tail, each write goes to the file."""

    def __init__(self, descriptor: int, tail: Tail | None = None) -> None:
        """Take over an open descriptor, and close it at the end."""
        self._descriptor = descriptor
        self._tail = tail
        self._file_bytes = 0
        self._flushed_bytes = 0  # of the tail, by a flush that a full disk cut short

    def write(self, data: bytes) -> int:
        """How many bytes the kernel took: fewer than all when the disk is full. Raises OSError."""
        tail = self._tail
        if tail is None:
            return os.write(self._descriptor, data)
        if not tail.fits(data):
            self._flush(tail)
            if not tail.fits(data):
                count = os.write(self._descriptor, data)
                self._file_bytes += count
                tail.begin(self._file_bytes)
                return count
        tail.add(data)
        if tail.held_bytes >= FLUSH_BYTES:
            with suppress(OSError):  # tried again, and raised once the tail is full
                self._flush(tail)
        return len(data)

    def close(self) -> None:
        """Append the tail to the file, and close both.

        When the disk is full, the tail stays for `append_tail`.
        """
        tail, self._tail = self._tail, None
        if tail is not None:
            with suppress(OSError):
                self._flush(tail)
                remove(tail.path)
            tail.close()
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)

    def _flush(self, tail: Tail) -> None:
        """Write the tail to the file. Raises OSError; the next flush continues from there."""
        held = tail.held()
        while self._flushed_bytes < len(held):
            self._flushed_bytes += os.write(self._descriptor, held[self._flushed_bytes :])
        self._file_bytes += len(held)
        self._flushed_bytes = 0
        tail.begin(self._file_bytes)


def tail_path(path: Path) -> Path:
    """The position of a file's tail."""
    return path.with_name(path.name + ".tail")


def begin_file(path: Path) -> JournalFile:
    """Create a file, with a tail where the system can. Raises OSError."""
    descriptor = opened(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND)
    tail = None
    if hasattr(os, "posix_fallocate"):
        with suppress(OSError):  # a file system that cannot reserve, or has no room: go without
            tail = Tail(tail_path(path))
    return JournalFile(descriptor, tail)


def read_whole(path: Path) -> bytes:
    """All that was written to a file, with what its tail holds. Raises OSError."""
    return read(path) + unflushed_tail(path)


def unflushed_tail(path: Path) -> bytes:
    """The bytes of a left-behind tail that its file lacks. Raises OSError."""
    left = tail_path(path)
    if not left.exists():
        return b""
    data = read(left)
    if len(data) < HEAD_BYTES:
        return b""
    begins_at, length = HEAD.unpack_from(data)
    held = data[HEAD_BYTES : HEAD_BYTES + length]
    return held[max(0, path.stat().st_size - begins_at) :]


def append_tail(path: Path) -> None:
    """Append a left-behind tail to its file, if there is one.

    Raises OSError; nothing is lost then, and the next call continues from there.
    """
    left = tail_path(path)
    if not left.exists():
        return
    rest = unflushed_tail(path) if path.exists() else b""
    if rest:
        descriptor = opened(path, os.O_WRONLY | os.O_APPEND)
        try:
            while rest:
                rest = rest[os.write(descriptor, rest) :]
        finally:
            os.close(descriptor)
    remove(left)


def remove(tail: Path) -> None:
    """Delete a tail; its file has everything. Raises OSError."""
    tail.unlink(missing_ok=True)
