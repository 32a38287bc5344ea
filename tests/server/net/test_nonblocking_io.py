"""Non-blocking reads and writes are counted, and how the connection ended is remembered."""

from collections.abc import Callable

import pytest

from server.net.nonblocking_io import NonblockingIO


def io_of(*answers: object) -> NonblockingIO:
    """One whose functions return these answers in turn, or raise them."""
    waiting = iter(answers)

    def answer(_asked: object) -> object:
        given = next(waiting)
        if isinstance(given, Exception):
            raise given
        return given

    return NonblockingIO(answer, answer)  # type: ignore[arg-type]


READ: Callable[[NonblockingIO], object] = lambda io: io.read_nowait(100)  # noqa: E731
WRITE: Callable[[NonblockingIO], object] = lambda io: io.write_nowait(b"12345")  # noqa: E731


def test_bytes_are_counted_each_way() -> None:
    io = io_of(b"abc", 4, b"d", 1)
    assert [READ(io), WRITE(io), READ(io), WRITE(io)] == [b"abc", 4, b"d", 1]
    assert (io.bytes_in, io.bytes_out) == (4, 5)


@pytest.mark.parametrize("error", [BlockingIOError(), InterruptedError()])
def test_operations_that_would_block_change_nothing(error: OSError) -> None:
    io = io_of(error, error, b"x")
    assert READ(io) is None
    assert WRITE(io) == 0
    assert not io.has_ended
    assert READ(io) == b"x"


def test_after_the_peers_end_nothing_is_read_but_still_written() -> None:
    io = io_of(b"", 5)
    assert [READ(io), READ(io), WRITE(io)] == [b"", b"", 5]
    assert io.has_ended
    assert not io.is_broken


@pytest.mark.parametrize("act", [READ, WRITE])
def test_after_an_error_nothing_is_read_or_written(act: Callable[[NonblockingIO], object]) -> None:
    io = io_of(ConnectionResetError())
    act(io)
    assert io.is_broken
    assert [READ(io), WRITE(io)] == [b"", 0]


def test_another_error_is_a_bug_and_gets_out() -> None:
    with pytest.raises(ZeroDivisionError):
        READ(io_of(ZeroDivisionError()))
