"""Effects: the only things that the lobby's core asks the shell to do.

A link is the number of a connection; the shell knows the socket behind it. Effects are carried out
in order, and an effect for a closed link is dropped.
"""

from typing import Any

from attrs import frozen

from game.wire.messages import CloseCode


@frozen
class Send:
    """Send the message `name` of the lobby's table."""

    link: int
    name: str
    fields: tuple[Any, ...] = ()


@frozen
class Close:
    """Close the connection once all earlier messages are sent."""

    link: int
    code: CloseCode
    reason: str


Effect = Send | Close
