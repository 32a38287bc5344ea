"""Which seats have bytes: one question to the kernel a tick, not one failed read per silent seat.

Owns an epoll instance where the system has one; elsewhere every stream counts as ready. It must
not read sockets.
"""

import contextlib
import select
import sys
from typing import Generic, Protocol, TypeVar

from attrs import define, field


class Drainable(Protocol):
    """What is asked of a stream here: see `server.net.stream.TickStream`."""

    def fileno(self) -> int:
        """The descriptor; -1 once closed."""


Stream = TypeVar("Stream", bound=Drainable)


@define
class Readiness(Generic[Stream]):
    """The streams of one match. A stream that is not named has no bytes."""

    _epoll: "select.epoll | None" = field(init=False)
    _by_descriptor: dict[int, Stream] = field(factory=dict, init=False)
    _left_over: list[Stream] = field(factory=list, init=False)  # to be named once more

    @_epoll.default
    def _open_epoll(self) -> "select.epoll | None":
        return select.epoll() if sys.platform == "linux" else None

    def register(self, stream: Stream) -> None:
        """Watch it from now on. A descriptor that was reused replaces its old stream."""
        descriptor = stream.fileno()
        if descriptor < 0:
            return  # closed already: nothing will come
        self._by_descriptor[descriptor] = stream
        if self._epoll is None:
            return
        with contextlib.suppress(FileExistsError):  # registered twice is registered
            self._epoll.register(descriptor, select.EPOLLIN)

    def unregister(self, stream: Stream) -> None:
        """Stop watching it, whether it is closed by now or not."""
        self._left_over = [left for left in self._left_over if left is not stream]
        for descriptor, known in self._by_descriptor.items():
            if known is stream:
                del self._by_descriptor[descriptor]
                if self._epoll is not None and stream.fileno() == descriptor:
                    self._epoll.unregister(descriptor)
                break

    def again(self, stream: Stream) -> None:
        """Name it once more, bytes or not: the last drain left messages in it."""
        self._left_over.append(stream)

    def ready_nowait(self) -> list[Stream]:
        """The streams that have something to drain, or have ended."""
        known = self._by_descriptor
        if self._epoll is None:
            return list(known.values())
        ready = [known[descriptor] for descriptor, _ in self._epoll.poll(0) if descriptor in known]
        if self._left_over:
            left_over, self._left_over = self._left_over, []
            ready += [stream for stream in left_over if stream not in ready]
        return ready

    def close(self) -> None:
        """Give the epoll instance back; the streams stay open."""
        if self._epoll is not None:
            self._epoll.close()
        self._by_descriptor.clear()
