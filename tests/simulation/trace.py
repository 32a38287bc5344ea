"""The observable events of a run, line by line, and one hash of all of them.

Owns: the order of lines. Must not know: what they mean. Invariant: two runs with the same hash have
shown the same things at the same virtual times.
"""

import hashlib
from collections import deque
from pathlib import Path

import trio
from attrs import define, field

KEPT_LINES = 20_000


@define(eq=False)
class Trace:
    """`note` adds a line. The hash covers all lines; the last `KEPT_LINES` are kept for reading."""

    _hash: "hashlib._Hash" = field(factory=lambda: hashlib.blake2b(digest_size=16))
    lines: deque[str] = field(factory=lambda: deque(maxlen=KEPT_LINES))
    count: int = 0

    def note(self, who: str, what: str, *details: object) -> None:
        """Add a line for something that happened now."""
        words = " ".join(map(str, details))
        line = f"{trio.current_time():.6f} {who} {what} {words}".rstrip()
        self._hash.update(line.encode() + b"\n")
        self.lines.append(line)
        self.count += 1

    def mix(self, data: bytes) -> None:
        """Add bytes to the hash only."""
        self._hash.update(data)

    def digest(self) -> str:
        """The hash of everything so far."""
        return self._hash.hexdigest()

    def write(self, path: Path) -> None:
        """Write the kept lines to a file."""
        path.write_text("\n".join(self.lines) + "\n")
