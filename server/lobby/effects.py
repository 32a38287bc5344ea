"""What the lobby's core wants done: the only things it ever asks of the outside.

A link is the number of a connection; the shell knows the socket behind it. Effects are carried out
in order, and one for a link that is gone is dropped.
"""

from typing import Any

from attrs import frozen

from game.wire.messages import CloseCode


@frozen
class Send:
    """Say the message `name` of the lobby's table."""

    link: int
    name: str
    fields: tuple[Any, ...] = ()


@frozen
class Close:
    """Close the connection, after what was said before."""

    link: int
    code: CloseCode
    reason: str


Effect = Send | Close
