"""Marks the match that a process is working on, in memory that outlives the process. If the process
dies, that match is the suspect.

Owns: one small mapped file. Must not know: matches. Most processes die for other reasons. Then the
file names no match, or one that had bad luck, hardly ever the same one twice.
"""

import mmap
import os
from pathlib import Path
from typing import Final

from mypy_extensions import mypyc_attr

from server.security.private_files import opened

ID_BYTES_MAX: Final = 24
NO_MATCH: Final = bytes(ID_BYTES_MAX)


@mypyc_attr(allow_interpreted_subclasses=True)
class CrashMarker:
    """The mark of the current match. Setting it copies 24 bytes, for each match and beat."""

    def __init__(self, path: Path) -> None:
        """Open the file, which a dead process may have left. Raises OSError."""
        descriptor = opened(path, os.O_RDWR | os.O_CREAT)
        try:
            os.truncate(descriptor, ID_BYTES_MAX)
            self._memory = mmap.mmap(descriptor, ID_BYTES_MAX)
        finally:
            os.close(descriptor)

    @property
    def match_id(self) -> str:
        """The marked match; "" for none."""
        written = self._memory[:ID_BYTES_MAX].rstrip(b"\0")
        return written.decode("ascii", "replace")

    def enter(self, mark: bytes) -> None:
        """Mark a match; `mark` is made by `mark_of`."""
        self._memory[:ID_BYTES_MAX] = mark

    def leave(self) -> None:
        """Mark no match."""
        self._memory[:ID_BYTES_MAX] = NO_MATCH

    def close(self) -> None:
        """Clear the mark and unmap the memory. The next process would blame a mark that is left."""
        if not self._memory.closed:
            self.leave()
            self._memory.close()


def mark_of(match_id: str) -> bytes:
    """A match's id as `CrashMarker` stores it."""
    return match_id.encode("ascii", "replace")[:ID_BYTES_MAX].ljust(ID_BYTES_MAX, b"\0")
