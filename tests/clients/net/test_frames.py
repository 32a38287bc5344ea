"""Frames are cut where they end, however the bytes arrive, and masked as a server expects."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wsproto.frame_protocol import FrameProtocol

from clients.net.errors import ClientError
from clients.net.frames import FrameSplitter, masked_frame

LIMIT = 70_000
SIZES = st.sampled_from((0, 1, 125, 126, 127, 65_535, 65_536)) | st.integers(0, 300)


def server_frame(first: int, payload: bytes) -> bytes:
    length = len(payload)
    if length < 126:
        return bytes((first, length)) + payload
    if length < 65_536:
        return bytes((first, 126)) + length.to_bytes(2, "big") + payload
    return bytes((first, 127)) + length.to_bytes(8, "big") + payload


@given(
    st.lists(st.tuples(st.sampled_from((0x82, 0x02, 0x80, 0x89, 0x88, 0x81)), SIZES), max_size=6),
    st.lists(st.integers(1, 5_000), min_size=1),
)
def test_frames_leave_as_they_came_in_however_they_were_cut(
    frames: list[tuple[int, int]], cuts: list[int]
) -> None:
    sent = [(first, random.Random(size).randbytes(size)) for first, size in frames]
    stream = b"".join(server_frame(first, payload) for first, payload in sent)
    splitter, got, start = FrameSplitter(LIMIT), [], 0
    while start < len(stream):
        cut = cuts[start % len(cuts)]
        splitter.feed(stream[start : start + cut])
        start += cut
        while (frame := splitter.next()) is not None:
            got.append(frame)
    assert [(frame.first, frame.payload) for frame in got] == sent
    assert b"".join(frame.raw for frame in got) == stream
    assert splitter.take_rest() == b""


@pytest.mark.parametrize("start", [b"\x82\x80", b"\xc2\x01", b"\xa2\x00"])
def test_impossible_server_messages_are_refused(start: bytes) -> None:
    splitter = FrameSplitter(LIMIT)
    splitter.feed(start)
    with pytest.raises(ClientError):
        splitter.next()


def test_a_frame_beyond_the_limit_is_refused_before_it_is_kept() -> None:
    splitter = FrameSplitter(LIMIT)
    splitter.feed(b"\x82\x7f" + (LIMIT + 1).to_bytes(8, "big"))
    with pytest.raises(ClientError, match="70001 bytes"):
        splitter.next()


def test_kinds_of_frames_are_distinguished() -> None:
    splitter = FrameSplitter(LIMIT)
    for first in (0x82, 0x81, 0x80, 0x02, 0x88, 0x89):
        splitter.feed(server_frame(first, b"x"))
    frames = [splitter.next() for _ in range(6)]
    assert [frame.is_whole_message for frame in frames if frame] == [True, *[False] * 5]
    assert [frame.ends_message for frame in frames if frame] == [True, True, True, *[False] * 3]
    assert [frame.is_close for frame in frames if frame] == [*[False] * 4, True, False]


@given(SIZES, st.integers())
def test_a_server_reads_what_was_masked(size: int, seed: int) -> None:
    payload = random.Random(seed).randbytes(size)
    protocol = FrameProtocol(client=False, extensions=[])
    protocol.receive_bytes(masked_frame(payload, random.Random(seed)))
    received = bytearray()
    for frame in protocol.received_frames():
        assert isinstance(frame.payload, bytes | bytearray)
        received += frame.payload
    assert received == payload
    assert frame.message_finished
