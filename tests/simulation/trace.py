"""What can be observed in a run, line by line, and one hash of all of it.

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
    """`note` adds a line; the hash covers all, the last `KEPT_LINES` are there to be read."""

    _hash: "hashlib._Hash" = field(factory=lambda: hashlib.blake2b(digest_size=16))
    lines: deque[str] = field(factory=lambda: deque(maxlen=KEPT_LINES))
    count: int = 0

    def note(self, who: str, what: str, *details: object) -> None:
        """One thing that happened now."""
        words = " ".join(map(str, details))
        line = f"{trio.current_time():.6f} {who} {what} {words}".rstrip()
        self._hash.update(line.encode() + b"\n")
        self.lines.append(line)
        self.count += 1

    def mix(self, data: bytes) -> None:
        """Bytes that count for the hash, and say nothing to a reader."""
        self._hash.update(data)

    def digest(self) -> str:
        """The hash of everything so far."""
        return self._hash.hexdigest()

    def write(self, path: Path) -> None:
        """Leave the lines where a person finds them."""
        path.write_text("\n".join(self.lines) + "\n")
