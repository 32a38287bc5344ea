"""The archive of finished journals: compressed once the round's result is stored, deleted when old.

Owns: which files of `live/` are finished, and when old journals are deleted. Must not know:
records, stores. Invariants: a round's journal stays in `live/`, where a restart finds its result,
until the store has confirmed that result; a journal in `finished/` or `set-aside/` is deleted when
it is too old or they take too much room, whatever process or layout left it there.
"""

from collections.abc import Callable
from pathlib import Path

import structlog
import trio
from attrs import define, field, frozen

from server.match.journal_files import JournalFolder, JournalSettings, SegmentName, sweep
from server.match.match import Match
from server.store.base import MatchResult

RETRY_S = 10.0
SWEEP_EVERY_S = 300.0

log = structlog.get_logger("journal")


@define(eq=False)
class JournalArchiver:
    """Archives the journals of this process. Nothing is archived unless `run` is running."""

    folder: JournalFolder
    _running: dict[str, Match] = field(factory=dict)
    _kept: set[str] = field(factory=set)  # handed over: another process resumes from their files
    over: set[str] = field(factory=set)  # ended here: their files are never resumed from
    _unstored: set[tuple[str, int]] = field(factory=set)  # rounds whose results are not stored yet
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
        self.folder.forget_crashes(match_id)
        if match.is_broken:
            tick = match.world.tick
            self.folder.set_aside(match_id, f"the match broke at tick {tick}: {match.failure!r}")
        self._changed.set()

    def result_sent(self, result: MatchResult) -> None:
        """Note that a result is on its way to the store."""
        self._unstored.add((result.match_id, result.round_number))

    def result_stored(self, result: MatchResult) -> None:
        """Note that the store has it."""
        self._unstored.discard((result.match_id, result.round_number))
        self._changed.set()

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Archive finished rounds until cancelled."""
        task_status.started()
        while True:
            await self._changed.wait()
            self._changed = trio.Event()
            try:
                await self.archive_all()
            except OSError as error:
                log.warning("journal_not_archived", reason=str(error))
                await trio.sleep(RETRY_S)
                self._changed.set()

    async def archive_all(self) -> None:
        """Compress every round that is over. Raises OSError."""
        for name in self.finished_segments():
            await trio.to_thread.run_sync(self.folder.finish, name)
        self.over.intersection_update(self.folder.live_segments())

    def archive_rest(self) -> None:
        """Archive all without awaiting, as the process ends and nothing ticks any more.

        A file that cannot be archived stays in `live/` for the next process.
        """
        try:
            for name in self.finished_segments():
                self.folder.finish(name)
        except OSError as error:
            log.warning("journal_not_archived", reason=str(error))
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
                unstored = [
                    number for unstored_id, number in self._unstored if unstored_id == match_id
                ]
                if current is not None:
                    unstored.append(current)
                found += [
                    name for name in names if name.round_number < min(unstored, default=1 << 62)
                ]
        return found


@frozen
class JournalRetention:
    """Deletes old journals. `parent` has the folders of all processes, of this start and earlier
    ones.
    """

    parent: Path | None  # None: nothing is kept
    settings: Callable[[], JournalSettings]  # the current ones

    @classmethod
    def of(cls, data_dir: str, settings: Callable[[], JournalSettings]) -> "JournalRetention":
        """The retention of this data folder; an empty name turns it off."""
        return cls(Path(data_dir) / "journals" if data_dir else None, settings)

    async def run(self) -> None:
        """Sweep now, and every `SWEEP_EVERY_S` after that, until cancelled."""
        while self.parent is not None:
            try:
                deleted = await trio.to_thread.run_sync(sweep, self.parent, self.settings())
            except OSError as error:
                log.warning("journals_not_swept", reason=str(error))
            else:
                if deleted:
                    log.info("journals_swept", files=deleted)
            await trio.sleep(SWEEP_EVERY_S)
