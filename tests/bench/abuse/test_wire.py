"""An attacker's frames are valid frames, and each way a connection can end has a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wsproto.connection import Connection, ConnectionType
from wsproto.events import BytesMessage, Ping

from bench.abuse.wire import close_word, frame, status_of, word_of
from bench.raw_websocket import BINARY_FINAL, BINARY_START, MIDDLE, PING_FINAL


@given(st.sampled_from([0, 1, 125, 126, 65_535, 65_536, 120_000]))
def test_frames_of_every_length_are_read_by_a_real_server(length):
    server = Connection(ConnectionType.SERVER)
    server.receive_data(frame(BINARY_FINAL, bytes(length)))
    events = list(server.events())
    assert b"".join(bytes(event.data) for event in events) == bytes(length)


def test_the_message_that_never_ends_is_one_message():
    server = Connection(ConnectionType.SERVER)
    server.receive_data(frame(BINARY_START) + frame(MIDDLE) * 3 + frame(PING_FINAL))
    events = list(server.events())
    assert isinstance(events[-1], Ping)
    assert not any(event.message_finished for event in events if isinstance(event, BytesMessage))


@pytest.mark.parametrize(
    ("told", "word"),
    [
        (close_word(b"\x0f\xa5too much"), "close 4005"),
        (close_word(b""), "close"),
        (status_of(b"HTTP/1.1 429 Too Many Requests\r\n"), "status 429"),
        (status_of(b""), "end"),
        (word_of(TimeoutError()), "silence"),
        (word_of(ConnectionResetError()), "reset"),
        (word_of(BrokenPipeError()), "reset"),
    ],
)
def test_every_end_has_a_word(told, word):
    assert told == word
