"""What keeps a server from starting, in a sentence.

Owns: the error, and turning the system's refusals into it. Must not know: what is started.
"""

from collections.abc import Iterator
from contextlib import contextmanager


class StartError(Exception):
    """The server cannot start; the text says why and what to do."""


@contextmanager
def in_a_sentence() -> Iterator[None]:
    """Whatever the system refuses before there is a server is told in a sentence."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise StartError(f"the server cannot start: {error}") from error
