"""A flow counts the bytes of a connection's two functions, and remembers how it ended."""

from collections.abc import Callable

import pytest

from server.net.flow import Flow


def flow_of(*answers: object) -> Flow:
    """A flow whose functions return these answers in turn, or raise them."""
    waiting = iter(answers)

    def answer(_asked: object) -> object:
        given = next(waiting)
        if isinstance(given, Exception):
            raise given
        return given

    return Flow(answer, answer)  # type: ignore[arg-type]


READ: Callable[[Flow], object] = lambda flow: flow.read_nowait(100)  # noqa: E731
WRITE: Callable[[Flow], object] = lambda flow: flow.write_nowait(b"12345")  # noqa: E731


def test_bytes_are_counted_each_way() -> None:
    flow = flow_of(b"abc", 4, b"d", 1)
    assert [READ(flow), WRITE(flow), READ(flow), WRITE(flow)] == [b"abc", 4, b"d", 1]
    assert (flow.bytes_in, flow.bytes_out) == (4, 5)


@pytest.mark.parametrize("error", [BlockingIOError(), InterruptedError()])
def test_what_would_wait_changes_nothing(error: OSError) -> None:
    flow = flow_of(error, error, b"x")
    assert READ(flow) is None
    assert WRITE(flow) == 0
    assert not flow.has_ended
    assert READ(flow) == b"x"


def test_after_the_peers_end_nothing_is_read_but_still_written() -> None:
    flow = flow_of(b"", 5)
    assert [READ(flow), READ(flow), WRITE(flow)] == [b"", b"", 5]
    assert flow.has_ended
    assert not flow.is_broken


@pytest.mark.parametrize("act", [READ, WRITE])
def test_after_an_error_nothing_is_read_or_written(act: Callable[[Flow], object]) -> None:
    flow = flow_of(ConnectionResetError())
    act(flow)
    assert flow.is_broken
    assert [READ(flow), WRITE(flow)] == [b"", 0]


def test_another_error_is_a_bug_and_gets_out() -> None:
    with pytest.raises(ZeroDivisionError):
        READ(flow_of(ZeroDivisionError()))
