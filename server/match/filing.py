"""Files the journal of a finished round: compressed, once the round's result is stored.

Owns: which files of `live/` are finished. Must not know: records, stores. Invariant: a round's
journal stays in `live/`, where a restart finds its result, until the store has confirmed that
result.
"""

import structlog
import trio
from attrs import define, field

from server.match.journal_files import JournalFolder, SegmentName
from server.match.match import Match
from server.store.base import MatchResult

RETRY_S = 10.0

log = structlog.get_logger("journal")


@define(eq=False)
class Filing:
    """See the module. Nothing is filed unless `run` is running."""

    folder: JournalFolder
    _running: dict[str, Match] = field(factory=dict)
    _kept: set[str] = field(factory=set)  # handed over: another process resumes from their files
    over: set[str] = field(factory=set)  # ended here: their files are never resumed from
    _untold: set[tuple[str, int]] = field(factory=set)  # rounds whose results are not stored yet
    _changed: trio.Event = field(factory=trio.Event)

    def match_began(self, match: Match) -> None:
        """Note that the match runs: its last file is being written."""
        self._running[match.spec.match_id] = match
        self._kept.discard(match.spec.match_id)
        self.over.discard(match.spec.match_id)

    def match_ended(self, match: Match) -> None:
        """Note that the match ended: its files are closed."""
        match_id = match.spec.match_id
        self._running.pop(match_id, None)
        if match.is_moving:
            self._kept.add(match_id)
            return
        self.over.add(match_id)
        self.folder.forget_tries(match_id)
        if match.is_broken:
            tick = match.world.tick
            self.folder.set_aside(match_id, f"the match broke at tick {tick}: {match.failure!r}")
        self._changed.set()

    def result_told(self, result: MatchResult) -> None:
        """Note that a result is on its way to the store."""
        self._untold.add((result.match_id, result.round_number))

    def result_stored(self, result: MatchResult) -> None:
        """Note that the store has it."""
        self._untold.discard((result.match_id, result.round_number))
        self._changed.set()

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """File finished rounds until cancelled."""
        task_status.started()
        while True:
            await self._changed.wait()
            self._changed = trio.Event()
            try:
                await self.file_all()
            except OSError as error:
                log.warning("journal_not_filed", reason=str(error))
                await trio.sleep(RETRY_S)
                self._changed.set()

    async def file_all(self) -> None:
        """Compress every round that is over. Raises OSError."""
        for name in self.finished_segments():
            await trio.to_thread.run_sync(self.folder.finish, name)
        self.over.intersection_update(self.folder.live_segments())

    def file_rest(self) -> None:
        """File all without awaiting, as the process ends and nothing ticks any more.

        A file that cannot be filed stays in `live/` for the next process.
        """
        try:
            for name in self.finished_segments():
                self.folder.finish(name)
        except OSError as error:
            log.warning("journal_not_filed", reason=str(error))
        self.folder.release()

    def finished_segments(self) -> list[SegmentName]:
        """The files in `live/` that no match needs any more."""
        found = []
        for match_id, names in self.folder.live_segments().items():
            match = self._running.get(match_id)
            current = match.plan.number if match is not None else None
            if match_id not in self._kept:
                # A process that resumes a match with an unstored result needs every file from that
                # round on. Otherwise it would play the rounds again whose files are missing.
                untold = [number for untold_id, number in self._untold if untold_id == match_id]
                if current is not None:
                    untold.append(current)
                found += [
                    name for name in names if name.round_number < min(untold, default=1 << 62)
                ]
        return found
