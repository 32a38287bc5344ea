"""Records a match in its journal: what is written, and when.

Owns: the order of records, the interval of checkpoints, and what happens when the disk is full.
Must not know: where bytes go, Trio. Invariants: everything that enters a tick has been given to the
kernel before a frame that shows the tick leaves; the kernel always holds a whole beginning of the
journal; while writes fail, at most `BEHIND_BYTES_MAX` wait. After that the match continues without
a journal, and its files are set aside so that no process resumes from them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import cbor2
import structlog
from attrs import astuple

from game.inputs import Command, InputFields
from game.journal.records import CHECKPOINT_EVERY_TICKS, NO_CHAIN, Header, Person
from game.journal.writer import JournalWriter
from game.state import dump_tuning
from game.wire.fingerprint import fingerprint
from server.match.counters import MatchCounters
from server.match.rounds import MatchSpec, RoundPlan
from server.match.rules import World
from server.store.base import MatchResult

BEHIND_BYTES_MAX = 1 << 20

log = structlog.get_logger("journal")


class Segment(Protocol):
    """One file of a journal: see `server.match.journal_files.JournalFile`."""

    def write(self, data: bytes) -> int:
        """Give bytes to the kernel; how many it took. Raises OSError."""

    def close(self) -> None:
        """Close it; nothing more is written."""


class Segments(Protocol):
    """The files of all matches: see `server.match.journal_files.JournalFolder`."""

    def create(self, match_id: str, round_number: int, segment: int) -> Segment:
        """Begin a file. Raises OSError."""

    def set_aside(self, match_id: str, reason: str) -> None:
        """Move this match's files aside, so that no process resumes from them."""


@dataclass(eq=False)
class RecorderContext:
    """The context that all recorders of a process share."""

    segments: Segments
    build: str  # which Skirmish writes
    segment_bytes_max: int
    sign: Callable[[bytes], bytes]
    counters: MatchCounters


class MatchRecorder:
    """Records one match. `chain` and `segment` continue what was recovered."""

    def __init__(
        self, context: RecorderContext, spec: MatchSpec, chain: bytes = NO_CHAIN, segment: int = 0
    ) -> None:
        """Nothing is written before a round begins."""
        self.context = context
        self.spec = spec
        self.segment = segment  # number of the next file of this round
        self.is_given_up = False
        self._writer = JournalWriter(chain)
        self._file: Segment | None = None
        self._plan: RoundPlan | None = None
        self._people: tuple[Sequence[Person], Sequence[Any]] = ((), ())
        self._unwritten = b""
        self._file_bytes = 0
        self._next_checkpoint = 0

    @property
    def is_behind(self) -> bool:
        """Whether bytes wait for the disk."""
        return bool(self._unwritten)

    def begin(
        self, plan: RoundPlan, world: World, people: Sequence[Person], note: Sequence[Any]
    ) -> None:
        """Begin a file that needs no earlier one: a round begins, or resumes in another process."""
        if self._plan is not None:
            self.segment = 0
        self._plan = plan
        self._people = (people, note)
        self._begin_file(world)

    def note_people(self, people: Sequence[Person], note: Sequence[Any]) -> None:
        """Record the people: one came, went, or got another token."""
        self._people = (people, note)
        self._writer.people(people, note)

    def tick(
        self, world: World, commands: Sequence[Command], inputs: Sequence[tuple[int, InputFields]]
    ) -> None:
        """Record what enters the next tick of `world`."""
        if self.is_given_up:
            return
        if world.tick >= self._next_checkpoint:
            if self._file_bytes >= self.context.segment_bytes_max and not self._unwritten:
                self._begin_file(world)
            else:
                self._checkpoint(world)
        self._writer.tick(world, commands, inputs)

    def note_result(self, tick: int, result: MatchResult) -> None:
        """Record how the round ended, signed over everything before it."""
        fields = astuple(result)
        signed = cbor2.dumps((self._writer.chain, tick, fields))
        self._writer.result(tick, result.digest, fields, self.context.sign(signed))

    def commit(self) -> None:
        """Give the records to the kernel; after that, frames may leave."""
        data = self._unwritten + self._writer.take()
        if not data or self.is_given_up:
            return
        counters = self.context.counters
        taken = 0
        try:
            # A short write does not say why: the next one takes the rest, or raises the reason.
            while self._file is not None and taken < len(data):
                taken += self._file.write(data[taken:])
        except OSError as error:
            if not self._unwritten:
                log.exception("journal_not_written", match=self.spec.match_id, reason=str(error))
            counters.journal_failures += 1
        self._file_bytes += taken
        counters.journal_bytes += taken
        if self._unwritten and taken == len(data):
            log.info("journal_writes_resumed", match=self.spec.match_id)
        self._unwritten = data[taken:]
        if len(self._unwritten) > BEHIND_BYTES_MAX:
            self._give_up("the disk takes nothing")

    def close(self) -> None:
        """Write what is left; the file stays where it is."""
        self.commit()
        if self._file is not None:
            self._file.close()
            self._file = None

    def _begin_file(self, world: World) -> None:
        plan = self._plan
        assert plan is not None, "a round has begun"
        self.commit()
        if self._unwritten or self.is_given_up:
            if not self.is_given_up:
                self._give_up("the disk takes nothing")
            return
        if self._file is not None:
            self._file.close()
        spec = self.spec
        try:
            self._file = self.context.segments.create(spec.match_id, plan.number, self.segment)
        except OSError as error:
            self._give_up(f"no file: {error.strerror or error}")
            return
        header = Header(
            previous_chain=self._writer.chain,
            match_id=spec.match_id,
            round_number=plan.number,
            segment=self.segment,
            spec=astuple(spec),
            map_name=plan.arena.name,
            map_digest=plan.arena.digest,
            fingerprint=fingerprint(),
            build=self.context.build,
            tuning=dump_tuning(world.tuning),
        )
        self.segment += 1
        self._file_bytes = 0
        self._writer.header(header)
        self._checkpoint(world)
        self._writer.people(*self._people)
        self.commit()

    def _checkpoint(self, world: World) -> None:
        self._writer.checkpoint(world)
        self._next_checkpoint = world.tick + CHECKPOINT_EVERY_TICKS

    def _give_up(self, reason: str) -> None:
        """Continue without a journal: the match matters more."""
        self.is_given_up = True
        self._unwritten = b""
        self._writer.take()
        if self._file is not None:
            self._file.close()
            self._file = None
        self.context.counters.journals_given_up += 1
        log.error("journal_abandoned", match=self.spec.match_id, reason=reason)
        self.context.segments.set_aside(self.spec.match_id, reason)
