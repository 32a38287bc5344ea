"""The questions, each after those it depends on, and what an answer means.

Owns: their order and the words. Must not know: the terminal. Invariant: every question has a
deadline, and each gets one line.

    check
      └─ nursery     the socket of one question at a time
"""

import json
from collections.abc import Awaitable, Callable
from statistics import median

import trio
from attrs import frozen

from clients.net import troubles
from clients.net.address import Address
from clients.net.dialing import agent, proxy_for
from clients.net.errors import ClientError, ConnectionEndedError
from clients.net.http import Answer, get
from clients.net.lobby import LobbyClient
from clients.net.websocket import Socket, connect

ANSWER_BYTES_MAX = 1 << 20
ECHO_S = 5.0
TRIPS = 10
LATE_S = 0.4  # a round trip beyond which aiming is guessing
# One for each way to write a frame's length (RFC 6455, section 5.2).
ECHO_SIZES = (1, 125, 126, 1_400, 65_535, 65_536, 131_072)

Say = Callable[[bool, str], None]


async def check(address: Address, silent_s: float, say: Say) -> bool:
    """Ask everything; True when all is well. Each answer goes to `say`."""
    asked = _Questions(address, silent_s)
    try:
        proxy = proxy_for(address)
    except ClientError as error:
        say(False, str(error))
        return False
    if proxy is not None:
        say(True, f"through the network's proxy {proxy.hostname}:{proxy.port or ''}")
    if not await _ask(asked.health, say):
        return False
    others = [asked.page, asked.echo, asked.origin, asked.lobby]
    if silent_s:
        others.append(asked.silence)
    return all([await _ask(question, say) for question in others])


async def _ask(question: Callable[[], Awaitable[str]], say: Say) -> bool:
    failure: BaseException | None = None
    try:
        say(True, await question())
    except* ClientError as errors:
        failure = errors
    while isinstance(failure, BaseExceptionGroup):
        failure = failure.exceptions[0]
    if failure is not None:
        say(False, str(failure))
    return failure is None


@frozen
class _Questions:
    """Each method returns words for a good answer, and raises `ClientError` for any other."""

    address: Address
    silent_s: float

    async def health(self) -> str:
        """Is it a server of ours, and does it take people?"""
        answer = await get(self.address, "/healthz", ANSWER_BYTES_MAX)
        told = _as_json(answer)
        if told is None:
            raise ClientError(self._is_not_ours(answer))
        if answer.status != 200:
            raise ClientError(f"the server is {told.get('status')}: it accepts nobody new")
        theirs, ours = f"skirmish/{told.get('version')}", agent()
        other = "" if theirs == ours else f" (here it is {ours})"
        return f"{self.address.http('/healthz')}: {theirs}{other}, {told.get('people')} people"

    async def page(self) -> str:
        """Is there a page for browsers?"""
        answer = await get(self.address, "/", ANSWER_BYTES_MAX)
        if answer.status != 200 or "html" not in answer.headers.get("content-type", ""):
            told = troubles.of_status(self.address, answer.status, answer.headers, answer.body)
            raise ClientError(f"there is no page for browsers: {told}")
        return f"{self.address.http('/')}: the page"

    async def echo(self) -> str:
        """Do WebSocket messages of every size get through, and without delay?"""
        async with trio.open_nursery() as nursery:
            socket = await connect(nursery, self.address, "/echo")
            try:
                trips = [await _trip(socket, b"?") for _ in range(TRIPS)]
                for size in ECHO_SIZES:
                    await _trip(socket, bytes(size))
            finally:
                socket.release()
        trip_s = median(trips)
        if trip_s > LATE_S:
            late = f"a round trip takes {trip_s * 1_000:.0f} ms: something in between holds back"
            raise ClientError(f"{late} what is small (proxy_buffering off), or it is far away")
        return f"{self.address.websocket('/echo')}: {trip_s * 1_000:.1f} ms there and back"

    async def origin(self) -> str:
        """Would a page from this address be let in? A proxy may change what the server compares."""
        scheme = "https" if self.address.is_secure else "http"
        is_usual = self.address.port == (443 if self.address.is_secure else 80)
        authority = self.address.authority
        origin = f"{scheme}://{authority.rpartition(':')[0] if is_usual else authority}"
        async with trio.open_nursery() as nursery:
            try:
                socket = await connect(nursery, self.address, "/echo", origin)
            except ClientError as error:
                if "answers 403" not in str(error):
                    raise
                advice = "the proxy has to pass Host on as it came (nginx: proxy_set_header Host"
                advice += f' $http_host), or set net.allowed_origins = ["{origin}"]'
                raise ClientError(f"pages are refused: {error}: {advice}") from None
            socket.release()
        return f"pages of {origin} may open sockets"

    async def lobby(self) -> str:
        """Does the lobby speak the same protocol?"""
        async with trio.open_nursery() as nursery:
            lobby = await LobbyClient.open(nursery, self.address)
            online = lobby.welcome.online
            lobby.leave()
        return f"{self.address.websocket('/lobby')}: welcome, {online} online"

    async def silence(self) -> str:
        """Does a silent connection stay open?"""
        async with trio.open_nursery() as nursery:
            socket = await connect(nursery, self.address, "/echo")
            try:
                await trio.sleep(self.silent_s)
                await _trip(socket, b"!")
            except ConnectionEndedError as end:
                advice = "raise its timeout above net.heartbeat_s (nginx: proxy_read_timeout)"
                cut = f"cut while it was silent for {self.silent_s:g} s ({end})"
                raise ClientError(f"a connection is {cut}; if a proxy did it, {advice}") from None
            finally:
                socket.release()
        return f"a connection that was silent for {self.silent_s:g} s is still there"

    def _is_not_ours(self, answer: Answer) -> str:
        told = troubles.of_status(self.address, answer.status, answer.headers, answer.body)
        if answer.status == 404 and self.address.base and b"there is nothing here" in answer.body:
            base = self.address.base
            told += f'; the server is reached, and does not know {base}: net.base_path = "{base}",'
            told += " or let the proxy take it off"
        return told


def _as_json(answer: Answer) -> dict[str, object] | None:
    """The answer of `/healthz`, or None if this is not a Skirmish server."""
    try:
        told = json.loads(answer.body)
    except ValueError:
        return None
    return told if isinstance(told, dict) and {"status", "version"} <= set(told) else None


async def _trip(socket: Socket, message: bytes) -> float:
    """Send a message to be echoed; returns the round trip in seconds."""
    began_s = trio.current_time()
    with trio.move_on_after(ECHO_S) as patience:
        await socket.send(message)
        answer = await socket.receive()
    if patience.cancelled_caught:
        words = f"an echo of {len(message):,} bytes did not come back within {ECHO_S:g} s"
        raise ClientError(f"{words}: something in between holds it back")
    if answer != message:
        raise ClientError(f"an echo of {len(message):,} bytes came back as something else")
    return trio.current_time() - began_s
