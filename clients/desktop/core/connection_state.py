"""The state of a connection, and its words for people.

Owns: the words for close codes, and which of them no retry can mend. Must not know: sockets.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Final

from attrs import frozen

from game.wire.messages import CloseCode

ABNORMAL: Final = 1006  # RFC 6455 section 7.4.1: it ended without a close frame
DROPPED_HERE: Final = 0  # no code came: this side gave up


class ConnectionStatus(Enum):
    """The state of a connection."""

    CONNECTING = "connecting"
    ONLINE = "online"
    RETRYING = "retrying"
    ENDED = "ended"


@frozen
class ConnectionState:
    """A connection at a moment. `retry_at_s` is when the next attempt begins."""

    status: ConnectionStatus = ConnectionStatus.CONNECTING
    attempt: int = 0
    retry_at_s: float = 0.0
    code: int = 0
    reason: str = ""

    @property
    def is_online(self) -> bool:
        """Whether a message sent now is heard."""
        return self.status is ConnectionStatus.ONLINE


_OUTDATED = "This client and the server are of different versions: please update."
MATCH_ENDS: Final[dict[int, str]] = {
    CloseCode.LEFT: "You left the match.",
    CloseCode.SHUTDOWN: "The server is shutting down; the match is over.",
    CloseCode.TICKET: "Your seat in this match was given away.",
    CloseCode.OUTDATED: _OUTDATED,
    CloseCode.MALFORMED: "The server did not understand this client: please update.",
    CloseCode.FLOOD: "This client sent more than the server accepts.",
    CloseCode.REPLACED: "You continued this match somewhere else.",
    CloseCode.MATCH_OVER: "The match is over.",
    CloseCode.FAULT: "The match crashed. That was the server's fault, and it has been logged.",
    CloseCode.FULL: "This match is full.",
}
# SHUTDOWN is not here: a lobby comes back when its server does.
LOBBY_ENDS: Final[dict[int, str]] = {
    CloseCode.OUTDATED: _OUTDATED,
    CloseCode.MALFORMED: "The server did not understand this client: please update.",
    CloseCode.REPLACED: "You are connected somewhere else.",
}
_LOST: Final = "the connection was lost"
_PASSING: Final[dict[int, str]] = {
    ABNORMAL: _LOST,
    1011: "the server hit an internal error",
    1012: "the server is restarting",
    1013: "the server is busy",
    CloseCode.SHUTDOWN: "the server is restarting",
    CloseCode.IDLE: "the server stopped hearing from this client",
    CloseCode.SLOW: "this connection is too slow",
    CloseCode.FULL: "the server is full",
    CloseCode.FLOOD: "this client sent more than the server accepts",
    CloseCode.MOVED: "the match moved to another process",
    # A lobby has no reason to say these.
    **dict.fromkeys((CloseCode.LEFT, CloseCode.TICKET, CloseCode.MATCH_OVER), _LOST),
    CloseCode.FAULT: "the server hit an internal error",
}


def passing_words(code: int, reason: str) -> str:
    """Why a connection is tried again, as a clause without a capital."""
    return _PASSING.get(code) or reason or _LOST


def has_words(code: int, ends: Mapping[int, str]) -> bool:
    """Whether a code has words of its own, as an end (in `ends`) or as a temporary failure."""
    return code in ends or code in _PASSING


def countdown_words(state: ConnectionState, now_s: float) -> str:
    """The text shown while there is no connection; "" while there is one."""
    if state.status is ConnectionStatus.ENDED:
        return state.reason
    if state.status is ConnectionStatus.RETRYING:
        left_s = max(0.0, state.retry_at_s - now_s)
        reason = state.reason[:1].upper() + state.reason[1:]  # names of hosts stay as they are
        return f"{reason} · next try in {left_s:.1f} s (number {state.attempt})"
    return "" if state.is_online else "Connecting…"
