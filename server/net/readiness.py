"""Which seats have bytes: one question to the kernel, not one failed read per silent seat.

Owns an epoll instance where the system has one; elsewhere every stream counts as ready. It must
not read sockets.
"""

import contextlib
import select
import sys
from typing import Generic, Protocol, TypeVar

from attrs import define, field


class Watched(Protocol):
    """What is asked of a stream here: see `server.net.stream.TickStream`."""

    def fileno(self) -> int:
        """The descriptor; -1 once closed."""


Owner = TypeVar("Owner")


@define
class Readiness(Generic[Owner]):
    """Streams and whose they are. One that is not named has no bytes."""

    _epoll: "select.epoll | None" = field(init=False)
    _known: dict[int, tuple[Watched, Owner]] = field(factory=dict, init=False)
    _left_over: list[Owner] = field(factory=list, init=False)  # to be named once more

    @_epoll.default
    def _open_epoll(self) -> "select.epoll | None":
        return select.epoll() if sys.platform == "linux" else None

    def register(self, stream: Watched, owner: Owner) -> None:
        """Watch it from now on. A descriptor that was reused replaces its old stream."""
        descriptor = stream.fileno()
        if descriptor < 0:
            return  # closed already: nothing will come
        self._known[descriptor] = (stream, owner)
        if self._epoll is None:
            return
        with contextlib.suppress(FileExistsError):  # registered twice is registered
            self._epoll.register(descriptor, select.EPOLLIN)

    def unregister(self, stream: Watched) -> None:
        """Stop watching it, whether it is closed by now or not."""
        for descriptor, (known, owner) in self._known.items():
            if known is stream:
                del self._known[descriptor]
                self._left_over = [left for left in self._left_over if left is not owner]
                if self._epoll is not None and stream.fileno() == descriptor:
                    self._epoll.unregister(descriptor)
                break

    def again(self, owner: Owner) -> None:
        """Name it once more, bytes or not: the last drain left messages."""
        self._left_over.append(owner)

    def ready_nowait(self) -> list[Owner]:
        """Whose streams have something to drain, or have ended."""
        known = self._known
        if self._epoll is None:
            return [owner for _, owner in known.values()]
        ready = [known[number][1] for number, _ in self._epoll.poll(0) if number in known]
        if self._left_over:
            left_over, self._left_over = self._left_over, []
            ready += [owner for owner in left_over if owner not in ready]
        return ready

    def close(self) -> None:
        """Give the epoll instance back; the streams stay open."""
        if self._epoll is not None:
            self._epoll.close()
        self._known.clear()
