"""Fake sockets, a fake folder of journals, and a match that uses them."""

import errno
import itertools
from collections.abc import Sequence
from types import ModuleType

from attrs import define, evolve, field

from game.arena import Arena, Spawn
from game.journal.records import NO_CHAIN
from game.wire.codec import decode, encode
from game.wire.match_messages import Inputs, Step
from game.wire.messages import CloseCode
from game.wire.schema import FromMatch, ToMatch
from server.match.counters import MatchCounters
from server.match.journal_files import SegmentName
from server.match.match import Match, MatchContext
from server.match.members import Member
from server.match.receiver import note_ready
from server.match.recorder import MatchRecorder, RecorderContext
from server.match.rounds import MatchSpec
from server.match.seating import Entrant
from server.match.settings import MatchSettings
from server.match.status import BotPolicy
from server.net.frames import Messages
from server.net.tick_core import NonblockingStream
from tests import toy_game

_nonces = itertools.count(1)


@define(eq=False)
class FakeStream(NonblockingStream):
    """Incoming bytes wait in `inbound`; outgoing ones are kept, unless the peer does not read."""

    inbound: list[bytes] = field(factory=list)
    outbound: list[bytes] = field(factory=list)
    is_busy: bool = False
    has_backlog: bool = False
    idle: int = 0
    rtt: int = 0

    def drain_nowait(self, messages: Messages) -> None:
        drained, self.inbound = self.inbound, []
        messages.hold(drained)

    def idle_ms(self) -> int:
        return self.idle

    def rtt_ms(self) -> int:
        return self.rtt

    def send_nowait(self, payload: bytes) -> bool:
        if not self.is_busy:
            self.outbound.append(payload)
        return not self.is_busy

    def said(self) -> list[FromMatch]:
        """All messages written so far, decoded."""
        return [decode(FromMatch, message) for message in self.outbound]

    def names(self) -> list[str]:
        return [message.spec.name for message in self.said()]


@define(eq=False)
class FakeHandle:
    stream: FakeStream = field(factory=FakeStream)
    code: CloseCode | None = None
    reason: str = ""

    def end(self, code: CloseCode, reason: str) -> None:
        if self.code is None:
            self.code, self.reason = code, reason

    def says(self, message: ToMatch) -> None:
        self.stream.inbound.append(encode(message))


def inputs_of(first_tick: int, view_lag: int, cells: Sequence[int]) -> Inputs:
    """Inputs whose steps are `cells`: buttons, aim, buttons, aim, …"""
    steps = [Step(*pair) for pair in zip(cells[::2], cells[1::2], strict=True)]
    return Inputs(first_tick, view_lag, tuple(steps))


@define(eq=False)
class FakeReadiness:
    """A readiness that always reports every stream."""

    owners: dict[FakeStream, object] = field(factory=dict)
    is_closed: bool = False

    def register(self, stream: FakeStream, owner: object) -> None:
        self.owners[stream] = owner

    def unregister(self, stream: FakeStream) -> None:
        del self.owners[stream]

    def again(self, owner: object) -> None:
        assert owner in self.owners.values()

    def ready_nowait(self) -> list[object]:
        return list(self.owners.values())

    def close(self) -> None:
        self.is_closed = True


@define(eq=False)
class MemoryFile:
    """One file, on a disk that may be full."""

    folder: "FakeJournalFolder"
    data: bytearray = field(factory=bytearray)
    is_closed: bool = False

    def write(self, data: bytes) -> int:
        assert not self.is_closed, "a closed file is not written to"
        if self.folder.free_bytes == 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        taken = data[: self.folder.free_bytes]
        self.data += taken
        self.folder.free_bytes -= len(taken)
        return len(taken)

    def close(self) -> None:
        self.is_closed = True


@define(eq=False)
class FakeJournalFolder:
    """All files of all matches, in the order in which they were begun."""

    files: dict[SegmentName, MemoryFile] = field(factory=dict)
    aside: list[tuple[str, str]] = field(factory=list)
    free_bytes: int = 1 << 40

    def create(self, match_id: str, round_number: int, segment: int) -> MemoryFile:
        name = SegmentName(match_id, round_number, segment)
        assert name not in self.files, "no file is begun twice"
        self.files[name] = MemoryFile(self)
        return self.files[name]

    def set_aside(self, match_id: str, reason: str) -> None:
        self.aside.append((match_id, reason))

    def contents(self) -> list[bytes]:
        return [bytes(file.data) for file in self.files.values()]

    def recorder(
        self,
        spec: MatchSpec,
        segment_bytes_max: int = 1 << 20,
        chain: bytes = NO_CHAIN,
        segment: int = 0,
    ) -> MatchRecorder:
        context = RecorderContext(
            self, "test", segment_bytes_max, lambda data: data[:8], MatchCounters()
        )
        return MatchRecorder(context, spec, chain, segment)


def room(name: str = "hall", players_max: int = 4) -> Arena:
    """An empty hall of 12 × 8 tiles."""
    width, height = 12, 8
    walls = bytearray(width * height)
    for x in range(width):
        walls[x] = walls[(height - 1) * width + x] = 1
    for y in range(height):
        walls[y * width] = walls[y * width + width - 1] = 1
    is_open = bytes(
        1 if 2 <= i % width < width - 2 and 2 <= i // width < height - 2 else 0
        for i in range(width * height)
    )
    spawns = tuple(Spawn((2 + 2 * i) * 1024 + 512, 3 * 1024) for i in range(4))
    return Arena(
        name,
        name.title(),
        width,
        height,
        bytes(walls),
        is_open,
        spawns,
        (),
        2,
        players_max,
        "0" * 16,
    )


HALLS = {"hall": room(), "annex": room("annex", 8)}


def match_context(
    rules: ModuleType = toy_game, settings: MatchSettings | None = None
) -> MatchContext:
    return MatchContext(
        rules=rules,
        bot_factory=toy_game,
        maps=HALLS,
        settings=settings or MatchSettings(wait_for_people=False),
        counters=MatchCounters(),
        resume_ticket=lambda match_id, member: member.resume_nonce,
        now_s=lambda: 1_000.0,
    )


def make_match(
    bots: BotPolicy | None = None, mode: str = "deathmatch", context: MatchContext | None = None
) -> Match:
    spec = MatchSpec("m1", mode, "hall", seed=1, bots=bots or BotPolicy())
    return Match(spec, context or match_context(), FakeReadiness())


def entrant(player_id: str, kind: str = "play", nonce: bytes = b"") -> Entrant:
    fresh = next(_nonces).to_bytes(8, "big")
    return Entrant(player_id, player_id.title(), kind, -1 if kind == "watch" else 0, nonce, fresh)


def enter(match: Match, player_id: str, kind: str = "play") -> tuple[Member, FakeHandle]:
    handle = FakeHandle()
    return match.admit(entrant(player_id, kind), handle), handle


def come_back(match: Match, member: Member, nonce: bytes) -> FakeHandle:
    handle = FakeHandle()
    match.admit(evolve(entrant(member.player_id, "resume"), nonce=nonce), handle)
    return handle


def run(match: Match, ticks: int) -> None:
    for _ in range(ticks):
        note_ready(match.readiness.ready_nowait())
        match.advance()
