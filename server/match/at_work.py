"""Which match a process is at work on, in memory that outlives it: what to suspect if it dies.

Owns one small mapped file. Must not know: matches. Most processes die for other reasons, and then
the file names no match, or one that had bad luck; hardly the same one twice.
"""

import mmap
import os
from pathlib import Path
from typing import Final

from mypy_extensions import mypyc_attr

from server.private_files import opened

ID_BYTES_MAX: Final = 24
NOBODY: Final = bytes(ID_BYTES_MAX)


@mypyc_attr(allow_interpreted_subclasses=True)
class AtWork:
    """The mark of the match at work. Setting it copies 24 bytes, for each match and beat."""

    def __init__(self, path: Path) -> None:
        """Open the file, which may be that of a process that died. Raises OSError."""
        descriptor = opened(path, os.O_RDWR | os.O_CREAT)
        try:
            os.truncate(descriptor, ID_BYTES_MAX)
            self._memory = mmap.mmap(descriptor, ID_BYTES_MAX)
        finally:
            os.close(descriptor)

    @property
    def match_id(self) -> str:
        """The match at work; "" for none."""
        written = self._memory[:ID_BYTES_MAX].rstrip(b"\0")
        return written.decode("ascii", "replace")

    def enter(self, mark: bytes) -> None:
        """Name the match whose tick begins; `mark` is made by `mark_of`."""
        self._memory[:ID_BYTES_MAX] = mark

    def leave(self) -> None:
        """Name none."""
        self._memory[:ID_BYTES_MAX] = NOBODY

    def close(self) -> None:
        """Close the file; a mark that stands would be blamed by the next process."""
        if not self._memory.closed:
            self.leave()
            self._memory.close()


def mark_of(match_id: str) -> bytes:
    """A match's id as it is written for `AtWork`."""
    return match_id.encode("ascii", "replace")[:ID_BYTES_MAX].ljust(ID_BYTES_MAX, b"\0")
