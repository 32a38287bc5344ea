"""Finds the seats with data to read: one system call, not one failed read per silent seat.

Owns an epoll instance where the system has one; elsewhere every stream counts as ready. It must
not read sockets.
"""

import contextlib
import select
import sys
from typing import Any, Generic, Protocol, TypeVar


class Watched(Protocol):
    """The part of a stream that this file needs: see `server.net.tick_core.TickCore`."""

    def fileno(self) -> int:
        """The descriptor; -1 once closed."""


Owner = TypeVar("Owner")


class Readiness(Generic[Owner]):
    """Streams and their owners. An owner that `ready_nowait` leaves out has nothing to read."""

    def __init__(self) -> None:
        """Begin with no streams."""
        # `Any`, because not every system has the type.
        self._epoll: Any = select.epoll() if sys.platform == "linux" else None
        self._streams: dict[int, Watched] = {}  # by descriptor
        self._owners: list[Owner | None] = []  # by descriptor, which are small numbers
        self._left_over: list[Owner] = []  # to be reported once more

    def register(self, stream: Watched, owner: Owner) -> None:
        """Watch a stream. A reused descriptor replaces its old stream."""
        descriptor = stream.fileno()
        if descriptor < 0:
            return  # closed already: nothing will come
        self._streams[descriptor] = stream
        while len(self._owners) <= descriptor:
            self._owners.append(None)
        self._owners[descriptor] = owner
        if self._epoll is None:
            return
        with contextlib.suppress(FileExistsError):  # registering twice is harmless
            self._epoll.register(descriptor, select.EPOLLIN)

    def unregister(self, stream: Watched) -> None:
        """Stop watching a stream, closed or not."""
        for descriptor, known in self._streams.items():
            if known is stream:
                del self._streams[descriptor]
                owner, self._owners[descriptor] = self._owners[descriptor], None
                self._left_over = [left for left in self._left_over if left is not owner]
                if self._epoll is not None and stream.fileno() == descriptor:
                    self._epoll.unregister(descriptor)
                break

    def again(self, owner: Owner) -> None:
        """Report an owner once more, bytes or not: the last drain left messages."""
        self._left_over.append(owner)

    def ready_nowait(self) -> list[Owner]:
        """Return the owners whose streams have data to read, or have ended."""
        owners = self._owners
        if self._epoll is None:
            return [owner for owner in owners if owner is not None]
        ready: list[Owner] = []
        events: list[tuple[int, int]] = self._epoll.poll(0)
        for descriptor, _ in events:
            owner = owners[descriptor]
            if owner is not None:
                ready.append(owner)
        if self._left_over:
            left_over, self._left_over = self._left_over, []
            ready += [owner for owner in left_over if owner not in ready]
        return ready

    def close(self) -> None:
        """Close the epoll instance; the streams stay open."""
        if self._epoll is not None:
            self._epoll.close()
        self._streams.clear()
        self._owners.clear()
