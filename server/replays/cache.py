"""A cache of responses that are expensive to make; the least recently used goes first.

Owns: the bytes, and their bound. Must not know: what they are, files, sockets. Invariants: all kept
bytes together are at most `bytes_max`; however many ask for one thing at once, it is made once, and
at most one thing is made at a time.
"""

from collections.abc import Awaitable, Callable

import trio
from attrs import define, field


@define(eq=False)
class ResponseCache:
    """Entries by name, least recently used first."""

    bytes_max: int
    made_count: int = 0
    _kept: dict[str, bytes] = field(factory=dict)
    _kept_bytes: int = 0
    _making: trio.Lock = field(factory=trio.Lock)

    @property
    def kept_bytes(self) -> int:
        """How many bytes are kept."""
        return self._kept_bytes

    async def get(self, name: str, make: Callable[[], Awaitable[bytes]]) -> bytes:
        """Return what is kept under this name, made now if needed; raises what `make` raises."""
        if name not in self._kept:
            async with self._making:
                if name not in self._kept:  # nobody made it meanwhile
                    data = await make()
                    self.made_count += 1
                    self._keep(name, data)
                    return data
        data = self._kept[name] = self._kept.pop(name)  # now the most recently used
        return data

    def forget(self, name: str) -> None:
        """Drop an entry that is out of date or in the way, if it is kept."""
        self._kept_bytes -= len(self._kept.pop(name, b""))

    def limit(self, bytes_max: int) -> None:
        """Keep no more than this from now on."""
        self.bytes_max = bytes_max
        self._make_room()

    def _keep(self, name: str, data: bytes) -> None:
        if len(data) > self.bytes_max:
            return
        self._kept[name] = data
        self._kept_bytes += len(data)
        self._make_room()

    def _make_room(self) -> None:
        while self._kept_bytes > self.bytes_max:
            self.forget(next(iter(self._kept)))
