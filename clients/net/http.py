"""Fetching a file from the server, over the same kind of connection as its sockets.

Owns: one GET, and the size limit of its answer. Must not know: what is in it. Invariant: only
`ClientError` is raised from here, and the connection is closed when it returns.
"""

import h11
import trio
from attrs import frozen

from clients.net import troubles
from clients.net.address import Address
from clients.net.dialing import HEAD_BYTES_MAX, RECEIVE_BYTES, agent, open_stream
from clients.net.errors import ClientError

ANSWER_S = 10.0


@frozen
class Answer:
    """A complete answer; header names are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


async def fetch(address: Address, path: str, bytes_max: int) -> bytes:
    """Fetch the body at a path of the server. Raises `ClientError`, also for any status but 200."""
    answer = await get(address, path, bytes_max)
    if answer.status != 200:
        words = troubles.of_status(address, answer.status, answer.headers, answer.body)
        raise ClientError(words)
    return answer.body


async def get(address: Address, path: str, bytes_max: int) -> Answer:
    """Request a path of the server; returns the answer of any status. Raises `ClientError`."""
    stream = await open_stream(address)
    beginning = bytearray()
    try:
        with trio.fail_after(ANSWER_S):
            return await _conversation(stream, address, path, bytes_max, beginning)
    except trio.TooSlowError:
        raise ClientError(troubles.of_slowness(address)) from None
    except (trio.BrokenResourceError, h11.RemoteProtocolError):
        raise ClientError(troubles.of_end(address, bytes(beginning))) from None
    finally:
        await trio.aclose_forcefully(stream)


async def _conversation(
    stream: trio.abc.Stream, address: Address, path: str, bytes_max: int, beginning: bytearray
) -> Answer:
    parser = h11.Connection(h11.CLIENT, max_incomplete_event_size=HEAD_BYTES_MAX)
    headers = [
        ("Host", address.authority),
        ("User-Agent", agent()),
        ("Accept", "*/*"),
        ("Connection", "close"),
    ]
    request = h11.Request(method="GET", target=address.target(path), headers=headers)
    await stream.send_all((parser.send(request) or b"") + (parser.send(h11.EndOfMessage()) or b""))
    head: h11.Response | None = None
    body = bytearray()
    while True:
        event = parser.next_event()
        if event is h11.NEED_DATA:
            received = await stream.receive_some(RECEIVE_BYTES)
            if len(beginning) < 16:
                beginning += received[:16]
            parser.receive_data(bytes(received))
        elif isinstance(event, h11.Response):
            head = event
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > bytes_max:
                words = f"{address.http(path)} is larger than {bytes_max:,} bytes"
                raise ClientError(words)
        elif isinstance(event, h11.EndOfMessage | h11.ConnectionClosed):
            break
    if head is None:
        raise ClientError(troubles.of_end(address, bytes(beginning)))
    told = {name.decode("ascii"): value.decode("latin-1") for name, value in head.headers}
    return Answer(head.status_code, told, bytes(body))
