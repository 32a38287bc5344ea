"""Whether a recording replays to what its journal says, and what was played in it.

Owns: one pass over a round that compares and counts. Must not know: files, terminals. Invariant: no
tick counts as verified whose trace, checkpoint or final digest differs from the journal's.
"""

from collections import Counter
from collections.abc import Callable

from attrs import define, field, frozen

from game.events import Event, EventKind
from game.journal import RecordKind
from game.journal.marks import stand_of, trace_of
from game.state import digest
from game.tuning import TICKS_PER_SECOND
from game.world import Phase, World
from server.replays.fields import difference
from server.replays.recording import RecordingError
from server.replays.tape import Tape

SHOWN_MAX = 4  # differing fields that are listed


@frozen
class Parting:
    """Where a replay diverges: the worlds agreed after `agreed_tick`, and not after `tick`."""

    agreed_tick: int
    tick: int
    what: str


@frozen
class Row:
    """How one seat stood at the end."""

    slot: int
    name: str
    bot: bool
    score: int
    kills: int
    deaths: int


@define
class Verdict:
    """What one pass found."""

    first_tick: int
    last_tick: int
    parting: Parting | None = None
    is_digest_equal: bool | None = None  # None: the end of the round is missing
    compared: Counter[str] = field(factory=Counter)  # traces and checkpoints that agreed
    phase: int = Phase.WARMUP
    winner: int = -1  # a slot, or a side in modes with sides; -1: nobody, a draw once it is over
    team_scores: tuple[int, ...] = ()  # of the sides
    rows: list[Row] = field(factory=list)
    events: Counter[str] = field(factory=Counter)  # by kind
    player_ticks: int = 0

    @property
    def player_minutes(self) -> float:
        """The playing time of all players, summed."""
        return self.player_ticks / TICKS_PER_SECOND / 60


def judge(tape: Tape, on_tick: Callable[[World, list[Event]], None] | None = None) -> Verdict:
    """Replay a recording up to its end or the first difference.

    `on_tick` is called for every tick stepped. Raises `RecordingError` if the replay cannot
    continue.
    """
    verdict = Verdict(tape.first_tick, tape.last_tick)
    written = _Written.of(tape)
    agreed = tape.first_tick
    world = tape.world_at(tape.first_tick)
    for world, events in tape.walk(tape.first_tick):
        if on_tick is not None:
            on_tick(world, events)
        for event in events:
            verdict.events[EventKind(event[0]).name.lower()] += 1
        verdict.player_ticks += len(world.players)
        what = written.difference(tape, world, verdict)
        if what:
            verdict.parting = Parting(agreed, world.tick, what)
            break
        if world.tick in written.checkpoints or world.tick in written.digests:
            agreed = world.tick
    names = tape.recording.names_at(world.tick)
    verdict.phase, verdict.winner = world.phase, world.winner
    verdict.team_scores = tuple(world.team_scores)
    verdict.rows = [
        Row(p.slot, names.get(p.slot, f"Player {p.slot + 1}"), bool(p.bot), p.score, p.kills,
            p.deaths)
        for p in sorted(world.players.values(), key=lambda p: (-p.score, p.deaths, p.slot))
    ]  # fmt: skip
    return verdict


@frozen
class _Written:
    """What the journal says about individual ticks."""

    traces: dict[int, bytes]  # by the tick after which it holds
    checkpoints: frozenset[int]
    digests: dict[int, bytes]

    @classmethod
    def of(cls, tape: Tape) -> "_Written":
        """Gather it from the records."""
        traces, digests = {}, {}
        for record in tape.recording.journal.records:
            if record.kind is RecordKind.TICK:
                traces[record.tick - 1] = record.fields[0]
            elif record.kind is RecordKind.RESULT:
                digests[record.tick] = record.fields[1]
        put = tape.recording.is_of_a_test
        checkpoints = () if put else tape.checkpoints()
        return cls({} if put else traces, frozenset(checkpoints), digests)

    def difference(self, tape: Tape, world: World, verdict: Verdict) -> str:
        """Describe how `world` differs from the journal; "" when nothing differs."""
        tick = world.tick
        if tick in self.checkpoints:
            was = tape.written_at(tick)
            if was is None:
                raise RecordingError(f"the checkpoint of tick {tick} is gone")
            found = difference(world, was)
            if found:
                named = [
                    f"{n} is {ours!r}, was {theirs!r}" for n, ours, theirs in found[:SHOWN_MAX]
                ]
                more = len(found) - SHOWN_MAX
                return "; ".join(named) + (f"; and {more} more" if more > 0 else "")
            verdict.compared["checkpoints"] += 1
        if tick in self.traces:
            if self.traces[tick] != trace_of(stand_of(world)):
                return "players stand somewhere else than they did"
            verdict.compared["traces"] += 1
        if tick in self.digests:
            verdict.is_digest_equal = digest(world) == self.digests[tick]
            if not verdict.is_digest_equal:
                return "the world's digest is not the one in the result"
        return ""
