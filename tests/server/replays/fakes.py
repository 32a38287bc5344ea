"""A data folder with journals, and a viewer without a socket that keeps what it is sent."""

import gzip
from pathlib import Path
from types import SimpleNamespace
from typing import TypeVar

import attrs
import trio
from attrs import define, field

from game.journal import JournalWriter, read_journal
from game.wire.codec import decode, encode
from game.wire.fingerprint import fingerprint
from game.wire.match_messages import DeltaSnapshot, FullSnapshot, OpenReplay
from game.wire.schema import FromMatch, ToMatch
from game.wire.snapshot import SnapshotReader
from server.budget.costs import Work
from server.budget.ledger import Account
from server.net.responses import Request, Response
from server.net.websocket import ConnectionEnded
from server.replays.service import ReplayService
from server.replays.settings import ReplaySettings
from server.store.base import MatchResult, PlayerResult
from tests.journals import SECRET, Played, played

ROUNDS_SECRET = b"dice of tomorrow"
M = TypeVar("M", bound=FromMatch)
PATIENCE_S = 60  # in the loop's own time


def spec(*, private: bool = False) -> tuple[object, ...]:
    """A spec as `astuple(MatchSpec)` gives it."""
    return ("abc", "deathmatch", "bastion", 1, (0, 6, 3), private, ROUNDS_SECRET)


def of_a_host(match: Played, *, private: bool = False, match_id: str = "abc") -> bytes:
    """The journal of a match as a host writes it, with a spec and a result of its own."""
    journal = read_journal(match.journal)
    writer = JournalWriter()
    writer.header(attrs.evolve(journal.header, spec=spec(private=private), match_id=match_id))
    for payload in payloads_of(match.journal)[1:-1]:
        writer.copy(payload)
    last = journal.records[-1]
    fields = attrs.astuple(result_of(match_id))
    writer.result(last.tick, last.fields[1], fields, b"signed")
    return writer.take()


def payloads_of(data: bytes) -> list[bytes]:
    """The payloads of all records, the header first and the result last."""
    payloads, at = [], 0
    while at < len(data):
        end = at + 5 + int.from_bytes(data[at + 1 : at + 5], "big")
        payloads.append(data[at + 15 : end])
        at = end
    return payloads


def result_of(match_id: str = "abc") -> MatchResult:
    """A stored result."""
    return MatchResult(
        match_id=match_id,
        round_number=0,
        mode="deathmatch",
        map_name="bastion",
        seed=1,
        digest=bytes(16),
        started_s=1_000.0,
        ended_s=1_010.0,
        winner=1,
        red=0,
        blue=0,
        players=(PlayerResult(0, f"{SECRET}-0", "Ada", False, 3, 3, 1),),
    )


def put(folder: Path, data: bytes, name: str = "abc-r0000-s000", *, live: bool = False) -> Path:
    """Put a segment where a server keeps it."""
    place = folder / "place-0" / ("live" if live else "finished")
    place.mkdir(parents=True, exist_ok=True)
    path = place / (name + (".skj" if live else ".skj.gz"))
    path.write_bytes(data if live else gzip.compress(data))
    return path


class InlineService(ReplayService):
    """Reads files in the event loop: a jumping clock would not wait for a thread."""

    async def _in_thread(self, work, *arguments):
        await trio.lowlevel.checkpoint()
        return work(*arguments)


def service(folder: Path, match: Played, delay_s: int = 0, **settings: object) -> ReplayService:
    """A replay service for this folder, without a server."""

    async def recent(_limit: int) -> list[MatchResult]:
        return [result_of()]

    made = ReplaySettings(**settings)  # type: ignore[arg-type]
    return InlineService(made, folder, {match.arena.name: match.arena}, recent, delay_s)


MATCH = played(400, 4)
JOURNAL = of_a_host(MATCH)
ROUND = "/replay/abc-r0000"  # the path to watch it at


def asked(path: str, account: Account | None = None) -> Request:
    """A request for `path`."""
    return Request(SimpleNamespace(path=path), "somebody", account)  # type: ignore[arg-type]


async def download(shown: ReplayService, path: str) -> Response:
    """The response, sent to its end."""
    request = asked(path)
    with request.at_end:
        return await shown.download(request)


@define
class FakeConnection:
    """A viewer's connection: `say` sends a message to the service; `said` has the answers."""

    path: str
    peer: str = "somebody"
    account: Account | None = None
    said: list[FromMatch] = field(factory=list)
    closed: tuple[int, str] | None = None
    _send: trio.MemorySendChannel[bytes] = field(init=False)
    _receive: trio.MemoryReceiveChannel[bytes] = field(init=False)
    _news: trio.Event = field(factory=trio.Event)
    _reader: SnapshotReader = field(factory=lambda: SnapshotReader(-1))
    ticks: list[int] = field(factory=list)
    views: list[object] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        self._send, self._receive = trio.open_memory_channel(1_000)

    # What the service uses.

    def pay(self, work: Work) -> bool:
        return self.account is None or self.account.spend(work)

    async def receive(self) -> bytes:
        try:
            return await self._receive.receive()
        except trio.EndOfChannel:
            raise ConnectionEnded(1000, "") from None

    async def send(self, message: bytes) -> None:
        await trio.lowlevel.checkpoint()
        found = decode(FromMatch, message)
        if isinstance(found, FullSnapshot | DeltaSnapshot):
            view = self._reader.apply(found)
            self.ticks.append(view.tick)
            self.views.append(view)
        else:
            self.said.append(found)
        self._news.set()
        self._news = trio.Event()

    async def close(self, code: int, reason: str) -> None:
        self.closed = (int(code), reason)

    # What the test uses.

    def say(self, message: ToMatch) -> None:
        self._send.send_nowait(encode(message))

    def greet(self) -> None:
        self.say(OpenReplay(fingerprint()))

    async def watch(self, shown: ReplayService, nursery: trio.Nursery) -> None:
        """Say hello and begin to watch."""
        self.greet()
        nursery.start_soon(shown.session, self)

    def leave(self) -> None:
        self._send.close()

    def last(self, kind: type[M]) -> M | None:
        return next((one for one in reversed(self.said) if isinstance(one, kind)), None)

    async def wait_tick(self, tick: int) -> None:
        """Wait until the newest snapshot is of this tick or later."""
        with trio.fail_after(PATIENCE_S):
            while not self.ticks or self.ticks[-1] < tick:
                await self._news.wait()

    async def wait_exactly(self, tick: int) -> None:
        with trio.fail_after(PATIENCE_S):
            while not self.ticks or self.ticks[-1] != tick:
                await self._news.wait()
