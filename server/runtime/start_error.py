"""The error that keeps a server from starting, in a sentence.

Owns: the error, and turning system errors into it. Must not know: what is started.
"""

from collections.abc import Iterator
from contextlib import contextmanager


class StartError(Exception):
    """The server cannot start; the text says why and what to do."""


@contextmanager
def as_start_error() -> Iterator[None]:
    """Turn system errors before the server runs into a `StartError` with a sentence."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise StartError(f"the server cannot start: {error}") from error
