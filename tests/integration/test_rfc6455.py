"""RFC 6455 from outside: the same tests against the plain stream and the tick's stream.

The RFC's sections are noted at the tests. A broken frame must fail the connection (section 7.1.7)
with a close frame that says why, and nothing may be echoed after it.
"""

from itertools import pairwise

import pytest
from wsproto.events import BytesMessage, CloseConnection, Event, Pong, TextMessage

from server.net.frames import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT
from tests.server.net.frame_strategies import frame
from tests.server.net.server import Client, running, upgrade_head

LENGTHS = [0, 1, 125, 126, 127, 1_024, 1_025, 65_535, 65_536]
GOODBYE = frame(CLOSE, (1000).to_bytes(2, "big"))

pytestmark = [
    pytest.mark.parametrize("path", ["/echo", "/echo/tick"]),
    pytest.mark.usefixtures("plain_and_tls"),
]


async def conversation(path: str, *said: bytes) -> list[Event]:
    """Send `said`, and return everything that comes back until the server closes."""
    async with running() as server:
        client = await server.upgraded(path)
        for chunk in said:
            await client.send(chunk)
        return put_together(await client.frames_to_the_end())


def put_together(events: list[Event]) -> list[Event]:
    """Join the parts that a parser makes of one message when its bytes arrive in parts."""
    joined: list[Event] = []
    for event in events:
        last = joined[-1] if joined else None
        if isinstance(last, (BytesMessage, TextMessage)) and not last.message_finished:
            joined[-1] = type(last)(
                data=last.data + event.data, message_finished=event.message_finished
            )
        else:
            joined.append(event)
    return joined


async def echoed(client: Client, payload: bytes, opcode: int = BINARY) -> bool:
    """Whether exactly this message comes back, in one frame with the shortest head."""
    length = len(payload)
    head = bytes((0x80 | opcode,))
    if length < 126:
        head += bytes((length,))
    elif length < 65_536:
        head += b"\x7e" + length.to_bytes(2, "big")
    else:
        head += b"\x7f" + length.to_bytes(8, "big")
    return await client.exactly(len(head) + length) == head + payload


@pytest.mark.parametrize("length", LENGTHS)
async def test_binary_messages_of_every_form_of_length_come_back(path: str, length: int) -> None:
    async with running() as server:  # section 5.2
        client = await server.upgraded(path)
        payload = bytes(n % 251 for n in range(length))
        await client.send(frame(BINARY, payload))
        assert await echoed(client, payload)


@pytest.mark.parametrize("text", ["", "x" * 125, "y" * 126, "κόσμε 🎯" * 20])
async def test_text_messages_come_back_as_text(path: str, text: str) -> None:
    async with running() as server:  # section 5.6
        client = await server.upgraded(path)
        await client.send(frame(TEXT, text.encode()))
        assert await echoed(client, text.encode(), TEXT)


async def test_order_is_kept_between_messages(path: str) -> None:
    said = [frame(BINARY, bytes((n,)) * n) for n in range(1, 100)]
    async with running() as server:
        client = await server.upgraded(path)
        await client.send(b"".join(said))
        for n in range(1, 100):
            assert await echoed(client, bytes((n,)) * n)


@pytest.mark.parametrize("size", [1, 2, 7, 100])
async def test_it_does_not_matter_how_the_bytes_are_cut(path: str, size: int) -> None:
    whole = frame(BINARY, b"a" * 130) + frame(PING, b"p") + frame(TEXT, b"text") + frame(BINARY)
    async with running() as server:  # one byte at a time, among others
        client = await server.upgraded(path)
        edges = [*range(0, len(whole), size), len(whole)]
        for start, stop in pairwise(edges):
            await client.send(whole[start:stop])
        came = await client.exactly(4 + 130 + 3 + 6 + 2)
        for part in (b"\x82\x7e\x00\x82" + b"a" * 130, b"\x8a\x01p", b"\x81\x04text", b"\x82\x00"):
            assert part in came


@pytest.mark.parametrize("payload", [b"", b"hello", bytes(range(125))])
async def test_a_ping_is_answered_with_its_payload(path: str, payload: bytes) -> None:
    events = await conversation(path, frame(PING, payload), GOODBYE)  # section 5.5.2
    assert events[0] == Pong(payload=payload)
    assert isinstance(events[-1], CloseConnection)


async def test_every_ping_is_answered_in_order(path: str) -> None:
    pings = [frame(PING, bytes((n,))) for n in range(20)]
    events = await conversation(path, *pings, GOODBYE)
    assert [e.payload for e in events if isinstance(e, Pong)] == [bytes((n,)) for n in range(20)]


async def test_a_pong_nobody_asked_for_is_ignored(path: str) -> None:
    async with running() as server:  # section 5.5.3
        client = await server.upgraded(path)
        await client.send(frame(PONG, b"unasked") + frame(BINARY, b"!"))
        assert await echoed(client, b"!")


@pytest.mark.parametrize("opcode", [BINARY, TEXT])
async def test_a_fragmented_message_comes_back_whole(path: str, opcode: int) -> None:
    async with running() as server:  # section 5.4, with control frames between the pieces
        client = await server.upgraded(path)
        await client.send(frame(opcode, b"one ", is_final=False))
        await client.send(frame(PING, b"between"))
        await client.send(frame(CONTINUATION, b"", is_final=False))
        await client.send(frame(CONTINUATION, b"two"))
        assert await client.exactly(9) == b"\x8a\x07between"
        assert await echoed(client, b"one two", opcode)
        await client.send(frame(BINARY, b"next"))
        assert await echoed(client, b"next")


async def test_a_character_may_be_cut_between_fragments(path: str) -> None:
    target = "🎯".encode()
    async with running() as server:
        client = await server.upgraded(path)
        await client.send(frame(TEXT, target[:1], is_final=False) + frame(CONTINUATION, target[1:]))
        assert await echoed(client, target, TEXT)


BROKEN = {
    "reserved bit 1": frame(BINARY, b"x", reserved=4),
    "reserved bit 2": frame(TEXT, b"x", reserved=2),
    "reserved bit 3 on a ping": frame(PING, b"x", reserved=1),
    "opcode 3": frame(3, b"x"),
    "opcode 7": frame(7),
    "opcode 11": frame(11, b"x"),
    "opcode 15": frame(15),
    "unmasked": frame(BINARY, b"x", mask=None),
    "unmasked ping": frame(PING, b"x", mask=None),
    "ping of 126 bytes": frame(PING, bytes(126)),
    "close of 126 bytes": frame(CLOSE, b"\x03\xe8" + bytes(124)),
    "fragmented ping": frame(PING, b"x", is_final=False),
    "continuation of nothing": frame(CONTINUATION, b"x"),
    "unfinished continuation of nothing": frame(CONTINUATION, b"x", is_final=False),
    "a new message inside another": frame(BINARY, b"x", is_final=False) + frame(BINARY, b"y"),
    "text inside a binary message": frame(BINARY, b"x", is_final=False) + frame(TEXT, b"y"),
    "length 5 in the 16-bit form": b"\x82\xfe\x00\x05" + bytes(9),
    "length 126 in the 64-bit form": b"\x82\xff" + (126).to_bytes(8, "big") + bytes(130),
    "close of one byte": frame(CLOSE, b"\x03"),
}


@pytest.mark.parametrize("name", BROKEN)
async def test_a_broken_frame_fails_the_connection(path: str, name: str) -> None:
    late = frame(BINARY, b"too late")
    events = await conversation(path, frame(BINARY, b"before"), BROKEN[name] + late)
    *before, last = events
    assert before in ([], [BytesMessage(data=b"before")])  # it may still have been in flight
    assert isinstance(last, CloseConnection)
    assert last.code == 1002


@pytest.mark.parametrize(
    "said",
    [
        frame(TEXT, b"\xff\xfe"),
        frame(TEXT, b"\xed\xa0\x80"),  # a surrogate
        frame(TEXT, b"\xc0\xaf"),  # longer than needed
        frame(TEXT, b"\xf4\x90\x80\x80"),  # beyond U+10FFFF
        frame(TEXT, b"cut \xf0\x9f"),
        frame(TEXT, b"good ", is_final=False) + frame(CONTINUATION, b"\xff"),
        frame(CLOSE, b"\x03\xe8\xff\xfe"),
    ],
)
async def test_text_that_is_no_utf8_is_closed_with_1007(path: str, said: bytes) -> None:
    events = await conversation(path, said)  # section 8.1
    assert [type(event) for event in events] == [CloseConnection]
    assert events[0].code == 1007


@pytest.mark.parametrize("code", [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1011, 3000, 4999])
async def test_a_close_is_answered_with_its_code(path: str, code: int) -> None:
    events = await conversation(path, frame(CLOSE, code.to_bytes(2, "big") + b"bye"))
    assert [type(event) for event in events] == [CloseConnection]  # section 5.5.1
    assert events[0].code == code


async def test_a_close_without_a_code_is_answered(path: str) -> None:
    (event,) = await conversation(path, frame(CLOSE))
    assert isinstance(event, CloseConnection)


@pytest.mark.parametrize("code", [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2999, 5000, 65_535])
async def test_a_code_that_nobody_may_send_is_a_protocol_error(path: str, code: int) -> None:
    (event,) = await conversation(path, frame(CLOSE, code.to_bytes(2, "big")))
    assert isinstance(event, CloseConnection)  # section 7.4
    assert event.code == 1002


async def test_nothing_is_echoed_after_a_close(path: str) -> None:
    events = await conversation(path, GOODBYE + frame(BINARY, b"late") + frame(PING, b"late"))
    assert [type(event) for event in events] == [CloseConnection]


async def test_frames_sent_before_the_answer_to_the_handshake_are_kept(path: str) -> None:
    async with running() as server:
        client = await server.dial()
        await client.send(upgrade_head(path) + frame(BINARY, b"eager"))
        assert (await client.head()).startswith(b"HTTP/1.1 101")
        assert await echoed(client, b"eager")
