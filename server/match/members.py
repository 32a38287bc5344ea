"""The members of a match: players with a seat and watchers without one.

Owns: one record per person. Must not know: the world, Trio. Invariant: a member's outbox, error
count and message allowance are bounded, so nobody can make the match remember more than this.
"""

from collections import deque
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from game.wire.messages import CloseCode
from server.budget.leases import Lease
from server.match.inbox import Inbox
from server.net.tick_core import NonblockingStream

OUTBOX_MAX: Final = 32  # control messages that wait for a busy socket; one more closes it
NOT_DROPPED: Final = -1


class Readiness(Protocol):
    """Knows which streams have data: see `server.net.readiness.Readiness`."""

    def register(self, stream: Any, owner: Any) -> None:
        """Watch it from now on."""

    def unregister(self, stream: Any) -> None:
        """Stop watching it, whether it is closed by now or not."""

    def again(self, owner: Any) -> None:
        """Name it once more: the last drain left messages."""

    def ready_nowait(self) -> Sequence[Any]:
        """The owners of the streams that have something to drain."""

    def close(self) -> None:
        """Release the system's resources."""


class ConnectionHandle(Protocol):
    """A member's connection, as the tick holds it. `end` only asks for a close, and never waits."""

    @property
    def stream(self) -> NonblockingStream:
        """The connection's byte stream."""

    def end(self, code: CloseCode, reason: str) -> None:
        """Ask for the connection to be closed; the first code and reason stand."""


@dataclass(slots=True, eq=False)
class Member:
    """A player (slot ≥ 0) or a watcher (slot -1)."""

    player_id: str
    name: str
    slot: int
    inbox: Inbox
    resume_nonce: bytes
    handle: ConnectionHandle | None = None
    stream: NonblockingStream | None = None  # the handle's: a tick asks for it often
    # The ticket or token that admitted the member may be used again: the answer may get lost.
    ticket_nonce: bytes | None = None
    spare_nonce: bytes | None = None
    allowance: int = 0  # messages that may still be sent now; the tick refills it
    outbox: deque[bytes] = field(default_factory=deque)
    base_tick: int | None = None  # the last snapshot written to this socket
    attached_age: int = 0  # ages count the match's ticks over all its rounds
    heard_age: int = 0
    played_age: int = 0  # when a new input was noticed: see `note_inputs`
    noted_tick: int = -1  # the newest input noticed
    written_age: int = 0
    dropped_age: int = NOT_DROPPED
    errors: int = 0
    ping_ms: int = 0
    needs_welcome: bool = True
    lease: Lease | None = None  # a watcher's
    at_end: ExitStack = field(
        default_factory=ExitStack
    )  # closed when a watcher is gone or replaced

    @property
    def is_connected(self) -> bool:
        """Whether the member is connected."""
        return self.handle is not None

    @property
    def was_heard(self) -> bool:
        """Whether the member has sent anything on their last connection."""
        return self.heard_age > self.attached_age

    def note_inputs(self, age: int) -> None:
        """Notice whether inputs for new ticks have come; asked a few times a second."""
        if self.inbox.heard_tick != self.noted_tick:
            self.noted_tick = self.inbox.heard_tick
            self.played_age = age

    def enqueue(self, message: bytes) -> None:
        """Queue a control message. Policy of a full queue: `close`."""
        if len(self.outbox) >= OUTBOX_MAX:
            self.end(CloseCode.SLOW, "too many messages are waiting for you")
            return
        self.outbox.append(message)

    def end(self, code: CloseCode, reason: str) -> None:
        """Ask for the connection to be closed, if there is one."""
        if self.handle is not None:
            self.handle.end(code, reason)

    def attach(self, handle: ConnectionHandle, age: int, allowance: int) -> None:
        """Replace the member's connection. The old one is closed with that reason."""
        self.end(CloseCode.REPLACED, "you connected again somewhere else")
        self.handle = handle
        self.stream = handle.stream
        self.allowance = allowance
        self.inbox.clear()
        self.outbox.clear()
        self.base_tick = None
        self.attached_age = self.heard_age = self.played_age = self.written_age = age
        self.dropped_age = NOT_DROPPED
        self.errors = 0
        self.needs_welcome = True

    def detach(self, age: int) -> None:
        """Note that the connection is gone; the seat may wait for another one."""
        self.handle = self.stream = None
        self.dropped_age = age
        self.inbox.clear()
        self.outbox.clear()
        self.base_tick = None
