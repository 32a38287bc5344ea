"""Effects: the only things that the lobby's core asks the shell to do.

A link is the number of a connection; the shell knows the socket behind it. Effects are carried out
in order, and an effect for a closed link is dropped.
"""

from attrs import frozen

from game.wire.messages import CloseCode
from game.wire.schema import FromLobby


@frozen
class Send:
    """Send a message."""

    link: int
    message: FromLobby


@frozen
class Close:
    """Close the connection once all earlier messages are sent."""

    link: int
    code: CloseCode
    reason: str


Effect = Send | Close
