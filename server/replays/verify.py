"""Verifies a recording: it replays to its journal's records; its players, events and signature.

Owns: one pass over a round that compares and counts, and the check of the result's signature. Must
not know: files, terminals, how results are made. Invariant: no tick counts as verified whose trace,
checkpoint or final digest differs from the journal's.
"""

import hmac
from collections import Counter
from collections.abc import Callable
from enum import Enum

import cbor2
from attrs import define, field, frozen

from game.events import Event, EventKind
from game.journal import Divergence, RecordKind
from game.journal.marks import stand_of, trace_of
from game.state import digest
from game.tuning import TICKS_PER_SECOND
from game.world import Phase, World
from server.replays.fields import difference
from server.replays.recording import Recording, RecordingError, foreign_journal
from server.replays.session import ReplaySession
from server.security.tickets import TicketBox

SHOWN_MAX = 4  # differing fields that are listed


@frozen
class PlayerRow:
    """How one seat stood at the end."""

    slot: int
    name: str
    bot: bool
    score: int
    kills: int
    deaths: int


@define
class Verification:
    """The findings of one pass."""

    first_tick: int
    last_tick: int
    divergence: Divergence | None = None  # where the replay is first not what the journal says
    agreed_tick: int = 0  # the last tick whose whole world was compared and agreed
    is_digest_equal: bool | None = None  # None: the end of the round is missing
    compared: Counter[str] = field(factory=Counter)  # traces and checkpoints that agreed
    phase: int = Phase.WARMUP
    winner: int = -1  # a slot, or a side in modes with sides; -1: nobody, a draw once it is over
    team_scores: tuple[int, ...] = ()  # of the sides
    rows: list[PlayerRow] = field(factory=list)
    events: Counter[str] = field(factory=Counter)  # by kind
    player_ticks: int = 0

    @property
    def player_minutes(self) -> float:
        """The playing time of all players, summed."""
        return self.player_ticks / TICKS_PER_SECOND / 60


def verify(
    session: ReplaySession, on_tick: Callable[[World, list[Event]], None] | None = None
) -> Verification:
    """Replay a recording up to its end or the first difference.

    `on_tick` is called for every tick stepped. Raises `RecordingError` if the replay cannot
    continue.
    """
    verification = Verification(session.first_tick, session.last_tick)
    verification.agreed_tick = session.first_tick
    written = _Written.of(session)
    world = session.world_at(session.first_tick)
    for world, events in session.walk(session.first_tick):
        if on_tick is not None:
            on_tick(world, events)
        for event in events:
            verification.events[EventKind(event[0]).name.lower()] += 1
        verification.player_ticks += len(world.players)
        what = written.difference(session, world, verification)
        if what:
            verification.divergence = Divergence(world.tick, what)
            break
        if world.tick in written.checkpoints or world.tick in written.digests:
            verification.agreed_tick = world.tick
    names = session.recording.names_at(world.tick)
    verification.phase, verification.winner = world.phase, world.winner
    verification.team_scores = tuple(world.team_scores)
    verification.rows = [
        PlayerRow(p.slot, names.get(p.slot, f"Player {p.slot + 1}"), bool(p.bot), p.score, p.kills,
            p.deaths)
        for p in sorted(world.players.values(), key=lambda p: (-p.score, p.deaths, p.slot))
    ]  # fmt: skip
    return verification


@frozen
class _Written:
    """The journal's records about individual ticks."""

    traces: dict[int, bytes]  # by the tick after which it holds
    checkpoints: frozenset[int]
    digests: dict[int, bytes]

    @classmethod
    def of(cls, session: ReplaySession) -> "_Written":
        """Gather it from the records."""
        traces, digests = {}, {}
        for record in session.recording.journal.records:
            if record.kind is RecordKind.TICK:
                traces[record.tick - 1] = record.fields[0]
            elif record.kind is RecordKind.RESULT:
                digests[record.tick] = record.fields[1]
        put = session.recording.is_of_a_test
        checkpoints = () if put else session.checkpoints()
        return cls({} if put else traces, frozenset(checkpoints), digests)

    def difference(self, session: ReplaySession, world: World, verification: Verification) -> str:
        """Describe how `world` differs from the journal; "" when nothing differs."""
        tick = world.tick
        if tick in self.checkpoints:
            was = session.written_at(tick)
            if was is None:
                raise RecordingError(f"the checkpoint of tick {tick} is missing")
            found = difference(world, was)
            if found:
                named = [
                    f"{n} is {ours!r}, was {theirs!r}" for n, ours, theirs in found[:SHOWN_MAX]
                ]
                more = len(found) - SHOWN_MAX
                return "; ".join(named) + (f"; and {more} more" if more > 0 else "")
            verification.compared["checkpoints"] += 1
        if tick in self.traces:
            if self.traces[tick] != trace_of(stand_of(world)):
                return "players stand somewhere else than they did"
            verification.compared["traces"] += 1
        if tick in self.digests:
            verification.is_digest_equal = digest(world) == self.digests[tick]
            if not verification.is_digest_equal:
                return "the world's digest is not the one in the result"
        return ""


class SignatureStatus(Enum):
    """The outcome of a signature check; the value is for people."""

    NONE = "none: the round was not decided, or its end is missing"
    UNSIGNED = "not signed: a public copy carries no signature"
    UNKNOWN = "signed; the secret to check the signature with is not available here"
    VALID = "signed with this server's secret"
    INVALID = "NOT signed with this server's secret"


def check_signature(recording: Recording, secret: bytes | None) -> SignatureStatus:
    """Check the signature of the result; `secret` is None when it is not known here.

    The signature covers the chain before the result, its tick and its fields, so it vouches for
    everything that was played.
    """
    result = recording.journal.result
    if result is None:
        return SignatureStatus.NONE
    tick, _, fields, signature = result.fields
    if signature == b"":
        return SignatureStatus.UNSIGNED
    if secret is None:
        return SignatureStatus.UNKNOWN
    try:
        with foreign_journal():
            signed = cbor2.dumps((recording.signed_chain, tick, fields))
            is_ours = hmac.compare_digest(TicketBox(secret).sign(signed), signature)
    except RecordingError:
        return SignatureStatus.INVALID
    return SignatureStatus.VALID if is_ours else SignatureStatus.INVALID
