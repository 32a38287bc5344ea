"""Errors between a client and a server, in the client's words."""

from game.wire.messages import CloseCode

ABNORMAL = 1006  # RFC 6455 section 7.4.1: the connection ended without a close frame

# After these, rejoining the same seat is pointless.
FINAL_CODES = frozenset(
    (
        CloseCode.LEFT,
        CloseCode.SHUTDOWN,
        CloseCode.TICKET,
        CloseCode.OUTDATED,
        CloseCode.MALFORMED,
        CloseCode.FLOOD,
        CloseCode.REPLACED,
        CloseCode.MATCH_OVER,
        CloseCode.FAULT,
        CloseCode.FULL,
    )
)


class ClientError(Exception):
    """The connection failed; the text is for people."""


class RefusedError(ClientError):
    """The server said no. `code` is a `Refusal`."""

    def __init__(self, code: int, text: str) -> None:
        """Keep the code beside the text."""
        super().__init__(text)
        self.code = code


class ConnectionEndedError(ClientError):
    """The connection is over. `code` is a WebSocket close code."""

    def __init__(self, code: int, reason: str) -> None:
        """Keep the code beside the reason."""
        super().__init__(f"{code} {reason}".strip())
        self.code = code
        self.reason = reason

    @property
    def is_final(self) -> bool:
        """Whether reconnecting is pointless."""
        return self.code in FINAL_CODES
