"""The splitter against wsproto: no frame is lost, doubled, reordered or altered on either side."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wsproto.connection import Connection, ConnectionType
from wsproto.events import BytesMessage, CloseConnection, Event, Ping, Pong, TextMessage

from server.net.frames import (
    BINARY,
    FrameError,
    FrameSplitter,
    Messages,
    binary_frame,
    close_frame,
    read_header,
    unmask,
)
from tests.examples import examples
from tests.server.net.frame_strategies import (
    BINARIES,
    BROKEN,
    CLOSES,
    CONTROLS,
    MASKS,
    PAYLOADS,
    TEXTS,
    TOO_LONG,
    chunked,
    fragmented,
    frame,
)

FRAMES = st.one_of(BINARIES, BINARIES, CONTROLS, TEXTS, TOO_LONG, fragmented())
ENDINGS = st.one_of(st.just(b""), CLOSES, BROKEN)


def parsed(connection: Connection) -> list[Event]:
    """wsproto's events, with the pieces of a message put together as trio-websocket does."""
    events: list[Event] = []
    pieces: list[bytes] | list[str] = []
    for event in connection.events():
        if isinstance(event, (BytesMessage, TextMessage)):
            pieces.append(event.data)
            if event.message_finished:
                events.append(type(event)(data=type(event.data)().join(pieces)))
                pieces = []
        else:
            events.append(event)
    return events


def events_of(content: bytes) -> list[Event]:
    connection = Connection(ConnectionType.SERVER)
    connection.receive_data(content)
    return parsed(connection)


def splitter(messages_max: int = 1_000) -> FrameSplitter:
    return FrameSplitter(1_024, messages_max)


def whole_messages(content: bytes, messages_max: int) -> list[bytes] | None:
    """The messages that the fast path takes of a chunk; None when it is left to the splitter."""
    messages = Messages()
    if not messages.hold_frames(content, messages_max):
        return None
    count, taken = messages.count, messages.rest()
    assert len(taken) == count
    return taken


def kinds(events: list[Event]) -> dict[type, list[Event]]:
    found: dict[type, list[Event]] = {}
    for event in events:
        found.setdefault(type(event), []).append(event)
    return found


@pytest.mark.slow
@pytest.mark.everywhere
@given(st.data(), st.lists(FRAMES, max_size=12), ENDINGS, st.integers(1, 5))
@examples(150)
def test_the_tick_and_the_library_together_see_what_one_plain_parser_sees(
    data: st.DataObject, frames: list[bytes], ending: bytes, messages_max: int
) -> None:
    content = b"".join(frames) + ending + (frame(BINARY, b"late") if ending else b"")
    core, library = splitter(messages_max), Connection(ConnectionType.SERVER)
    taken: list[bytes] = []
    seen: list[Event] = []
    for chunk in data.draw(chunked(content)):
        taken += core.feed(chunk, taking=True)
        while core.has_backlog:
            taken += core.feed(b"", taking=True)
    library.receive_data(bytes(core.passed))
    seen = parsed(library)

    expected = kinds(events_of(content))
    actual = kinds(seen)
    for kind in (Ping, Pong, TextMessage, CloseConnection):
        assert actual.get(kind) == expected.get(kind)
    all_binary = [event.data for event in expected.get(BytesMessage, [])]
    by_library = [event.data for event in actual.get(BytesMessage, [])]
    assert is_in_order(taken, all_binary)
    assert is_in_order(by_library, all_binary)
    assert sorted(taken + by_library) == sorted(all_binary)
    assert all(len(message) <= 1_024 for message in taken)


def is_in_order(some: list[bytes], whole: list[bytes]) -> bool:
    rest = iter(whole)
    return all(each in rest for each in some)


@given(st.data(), st.lists(FRAMES, max_size=8), ENDINGS, st.lists(st.booleans(), min_size=1))
@examples(120)
def test_ticks_may_begin_and_end_anywhere(
    data: st.DataObject, frames: list[bytes], ending: bytes, modes: list[bool]
) -> None:
    content = b"".join(frames) + ending
    core, library = splitter(), Connection(ConnectionType.SERVER)
    taken: list[bytes] = []
    for number, chunk in enumerate(data.draw(chunked(content))):
        taken += core.feed(chunk, taking=modes[number % len(modes)])
    core.feed(b"", taking=False)
    library.receive_data(bytes(core.passed))
    seen = parsed(library)
    binary = [event.data for event in seen if isinstance(event, BytesMessage)]
    expected = [e.data for e in events_of(content) if isinstance(e, BytesMessage)]
    assert sorted(taken + binary) == sorted(expected)
    rest = [event for event in seen if not isinstance(event, BytesMessage)]
    assert rest == [e for e in events_of(content) if not isinstance(e, BytesMessage)]


@given(st.data(), st.binary(max_size=400))
def test_without_taking_every_byte_passes_in_order(data: st.DataObject, content: bytes) -> None:
    core = splitter()
    for chunk in data.draw(chunked(content)):
        assert core.feed(chunk, taking=False) == []
    assert content.startswith(core.passed)
    assert len(content) - len(core.passed) < 14  # no more than an incomplete header is held


@given(st.lists(FRAMES, max_size=4), st.integers(1, 9))
@examples(50)
def test_a_frame_may_come_in_any_number_of_pieces(frames: list[bytes], size: int) -> None:
    content = b"".join(frames)
    whole, pieces = splitter(), splitter()
    taken = []
    for start in range(0, len(content), size):
        taken += pieces.feed(content[start : start + size], taking=True)
    assert taken == whole.feed(content, taking=True)
    assert pieces.passed == whole.passed


@given(st.binary(min_size=4, max_size=4), st.binary(max_size=300))
def test_unmasking_is_the_xor_of_the_rfc(key: bytes, payload: bytes) -> None:
    assert unmask(key, payload) == bytes(b ^ key[i % 4] for i, b in enumerate(payload))


def test_a_seat_gives_no_more_than_its_share_a_tick() -> None:
    core = splitter(messages_max=3)
    flood = b"".join(frame(BINARY, bytes((number,))) for number in range(7))
    assert core.feed(flood, taking=True) == [b"\x00", b"\x01", b"\x02"]
    assert core.has_backlog
    assert core.feed(b"", taking=True) == [b"\x03", b"\x04", b"\x05"]
    assert core.feed(b"", taking=True) == [b"\x06"]
    assert not core.has_backlog


@given(st.lists(FRAMES, max_size=4), ENDINGS, st.integers(0, 40), st.integers(1, 4))
def test_the_quick_way_sees_what_the_splitter_sees_or_leaves_it_to_it(
    frames: list[bytes], ending: bytes, cut: int, messages_max: int
) -> None:
    content = b"".join(frames) + ending
    content = content[: max(0, len(content) - cut)]
    quick = whole_messages(content, messages_max)
    if quick is not None:
        core = splitter(messages_max)
        assert core.feed(content, taking=True) == quick
        assert core.is_between_frames
        assert not core.has_backlog


@given(st.lists(st.binary(min_size=1, max_size=125), min_size=1, max_size=4), MASKS)
def test_small_messages_go_the_quick_way(payloads: list[bytes], mask: bytes) -> None:
    content = b"".join(frame(BINARY, payload, mask=mask) for payload in payloads)
    assert whole_messages(content, 4) == payloads
    assert whole_messages(content, len(payloads) - 1) is None


@given(PAYLOADS, st.data())
def test_an_incomplete_frame_is_held_and_bounded(payload: bytes, data: st.DataObject) -> None:
    whole = frame(BINARY, payload)
    stop = data.draw(st.integers(0, len(whole) - 1))
    core = splitter()
    assert core.feed(whole[:stop], taking=True) == []
    assert not core.passed
    assert core.feed(whole[stop:], taking=True) == [payload]


@pytest.mark.parametrize("length", [0, 125, 126, 127, 65_535, 65_536])
def test_our_frames_are_what_wsproto_reads(length: int) -> None:
    client = Connection(ConnectionType.CLIENT)
    client.receive_data(binary_frame(bytes(length)))
    pieces = [event.data for event in client.events() if isinstance(event, BytesMessage)]
    assert b"".join(pieces) == bytes(length)


@given(st.sampled_from((1000, 1002, 4005)), st.text(max_size=200))
def test_a_close_frame_fits_whatever_the_reason(code: int, reason: str) -> None:
    client = Connection(ConnectionType.CLIENT)
    client.receive_data(close_frame(code, reason))
    (event,) = client.events()
    assert isinstance(event, CloseConnection)
    assert event.code == code
    assert reason.startswith(event.reason or "")


def test_a_length_with_the_sign_bit_is_no_frame() -> None:
    with pytest.raises(FrameError):
        read_header(b"\x82\xff" + b"\xff" * 12, 0)
