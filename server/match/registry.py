"""All matches of this process: created on demand, found by id, ended together.

Owns: the registry. Must not know: HTTP, how a match ticks. Invariant: a match is in the registry
exactly as long as its task runs, so an id that is not found belongs to a match that is over.

    registry nursery         opened by `run`, child of the app's
      ├─ metronome.run       the clock of all matches
      ├─ archiver.run        compresses journals of finished rounds
      └─ run_match × N       one per match, see host.py
"""

from collections.abc import Callable, Mapping, Sequence

import structlog
import trio
from attrs import define, field, frozen

from game.arena import Arena
from game.tuning import TICKS_PER_SECOND
from game.visibility import visibility_of
from game.wire.messages import CloseCode
from server.match.archiver import JournalArchiver
from server.match.beat import Beat
from server.match.counters import MatchCounters
from server.match.crash_marker import mark_of
from server.match.host import HostContext, run_match
from server.match.journal_files import JournalFolder, SegmentName
from server.match.match import Match, MatchContext
from server.match.members import Member, Readiness
from server.match.metronome import Metronome
from server.match.recorder import MatchRecorder, RecorderContext
from server.match.recovery import Recovered, RecoveryError, needed, recover
from server.match.rounds import MatchSpec, new_spec
from server.match.rules import BotFactory, Rules
from server.match.session import serve_member
from server.match.settings import MatchSettings
from server.match.status import BotPolicy, MatchStatus, RegistryFullError
from server.net.readiness import Readiness as EpollReadiness
from server.net.websocket import Connection
from server.security.tickets import Ticket, TicketBox, uptime_s
from server.store.base import Store
from server.version import build

CRASHES_MAX = 2  # processes that may die at work on a match; after the second it is set aside…
HEALTHY_S = 10  # …unless it ticked this long in between: then the first is not held against it
HEALTHY_POLL_S = 1.0
CONNECTED_POLL_S = 0.1  # during shutdown: how often to check whether a member is still connected

MOVES = "the match goes on in another process"
RESTARTS = "the server restarts, and the match goes on"
CONTINUES = "The server restarts; matches that are not over by then go on after it"
ENDS = "The server restarts after this round"

log = structlog.get_logger("match")


@frozen
class Journals:
    """The folder of the journals, and their archiver."""

    folder: JournalFolder
    recorder_context: RecorderContext
    archiver: JournalArchiver


@frozen
class Adoption:
    """The outcome of resuming a dead process's matches."""

    restored: list[str] = field(factory=list)
    set_aside: list[tuple[str, str]] = field(factory=list)  # match id, reason


@define(eq=False)
class MatchRegistry:
    """See the module. `run` has to be running before `create` is called."""

    settings: MatchSettings
    maps: Mapping[str, Arena]
    tickets: TicketBox
    store: Store
    rules: Rules
    bot_factory: BotFactory
    now_s: Callable[[], float]  # Unix time, for results only
    uptime_s: Callable[[], float] = uptime_s  # for tickets
    new_readiness: Callable[[], Readiness] = EpollReadiness
    counters: MatchCounters = field(factory=MatchCounters)
    journals: Journals | None = None  # None: a crash ends all matches
    metronome: Metronome = field(init=False)
    _matches: dict[str, Match] = field(factory=dict)
    _nursery: trio.Nursery | None = None
    _is_closing: bool = False
    _handed_over: set[str] = field(factory=set)  # handed over; at most as many as ran here
    _changed: trio.Event = field(factory=trio.Event)

    @metronome.default
    def _new_metronome(self) -> Metronome:
        return Metronome(self.counters, self.new_readiness())

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Hold the nursery of all matches until cancelled."""
        async with trio.open_nursery() as nursery:
            self._nursery = nursery
            nursery.start_soon(self.metronome.run)
            if self.journals is not None:
                self.metronome.crash_marker = self.journals.folder.crash_marker
                nursery.start_soon(self.journals.archiver.run)
            task_status.started()
            await trio.sleep_forever()

    def create(
        self, mode: str, map_name: str = "", *, private: bool = False, bots: BotPolicy | None = None
    ) -> str:
        """Start a match and return its id; without a map name, on the largest that fits the mode.

        Raises `RegistryFullError` when the process takes no more, `KeyError` for an unknown mode
        or map.
        """
        if self.metronome.load >= self.settings.load_max:
            raise RegistryFullError("the processor is busy with the matches that run")
        policy = bots or BotPolicy(level=self.settings.bot_level)
        spec = new_spec(self.maps, mode, map_name, private=private, bots=policy)
        self.open(spec)
        return spec.match_id

    def open(self, spec: MatchSpec) -> None:
        """Start the match that `spec` describes. Raises `RegistryFullError`."""
        if self._nursery is None or self._is_closing:
            raise RegistryFullError("the server is shutting down")
        if len(self._matches) >= self.settings.matches_max:
            raise RegistryFullError("the server runs as many matches as it can")
        self._start(spec, None)

    async def adopt(self) -> Adoption:
        """Resume every match that a dead process left in the journals' folder.

        A match is set aside when its journal is damaged, or when two processes died at work on it,
        the second soon after the first. Matches are resumed one at a time, with a checkpoint after
        each; those that already run here are skipped.
        """
        adoption = Adoption()
        if self.journals is None:
            return adoption
        folder = self.journals.folder
        suspect, folder.suspect = folder.suspect, ""
        for match_id, names in folder.live_segments().items():
            if match_id not in self._matches and match_id not in self.journals.archiver.over:
                reason = self._resume(match_id, names, is_suspect=match_id == suspect)
                if reason:
                    folder.set_aside(match_id, reason)
                    adoption.set_aside.append((match_id, reason))
                else:
                    adoption.restored.append(match_id)
            await trio.lowlevel.checkpoint()
        return adoption

    def _resume(self, match_id: str, names: Sequence[SegmentName], *, is_suspect: bool) -> str:
        """Resume one match where its journal ends; returns the reason for a failure, or ""."""
        assert self.journals is not None, "only a match with a journal is resumed"
        folder, began_s = self.journals.folder, trio.current_time()
        try:
            if is_suspect and folder.count_crash(match_id) >= CRASHES_MAX:
                return f"{CRASHES_MAX} processes died while they were at work on it"
            folder.crash_marker.enter(mark_of(match_id))
            recovered = recover([folder.read(name) for name in needed(names)], self.maps)
            if recovered.may_lack_result:
                recovered = recover([folder.read(name) for name in names], self.maps)
            if recovered.is_last_file_void:
                folder.discard(names[-1])
            match = self._start(recovered.spec, recovered)
        except (RecoveryError, OSError, AssertionError, ValueError, KeyError) as error:
            return str(error) or repr(error)
        finally:
            folder.crash_marker.leave()
        log.info(
            "match_recovered",
            match=match_id,
            tick=recovered.world.tick,
            people=sum(bool(person.player_id) for person in recovered.people),
            torn_bytes=recovered.torn_bytes,
            took_s=round(trio.current_time() - began_s, 3),
        )
        if recovered.divergence is not None:
            log.error(
                "match_diverges",
                match=match_id,
                tick=recovered.divergence.tick,
                reason=recovered.divergence.what,
                written_by=recovered.written_by,
                build=build(),
            )
        if folder.has_crashes(match_id):
            assert self._nursery is not None, "the match has started"
            self._nursery.start_soon(self._forget_crashes, match)
        return ""

    async def _forget_crashes(self, match: Match) -> None:
        """Clear the match's count of deaths once it has ticked for `HEALTHY_S`.

        Processes are also killed from outside. A match that happens to be at work then must not
        be set aside because the same happens again hours later.
        """
        while match.age < HEALTHY_S * TICKS_PER_SECOND:
            await trio.sleep(HEALTHY_POLL_S)
            if match.ended_reason:
                return  # `JournalArchiver.match_ended` decides about its files
        if self.journals is not None:
            self.journals.folder.forget_crashes(match.spec.match_id)

    def hand_over(self, match_id: str, reason: str = MOVES) -> bool:
        """End a match here so that another process can resume it from its journal.

        Returns True once all of the journal is in the kernel and its members are told to reconnect;
        False when the match does not run here or its journal could not be written.
        """
        match = self._matches.get(match_id)
        if match is None or match.ended_reason or not match.write_all():
            return False
        if self.journals is not None:
            self.journals.folder.forget_crashes(match_id)  # it leaves in good health
        match.is_moving = True
        self._handed_over.add(match_id)
        match.close(CloseCode.MOVED, reason)
        return True

    @property
    def is_playing(self) -> bool:
        """Whether any match ticks in this process."""
        return bool(self._matches)

    def was_handed_over(self, match_id: str) -> bool:
        """Whether this process handed the match over: it resumes elsewhere or at the next start."""
        return match_id in self._handed_over

    def find(self, match_id: str) -> Match | None:
        """The running match with this id."""
        return self._matches.get(match_id)

    def status(self, match_id: str) -> MatchStatus | None:
        """One match as the lobby sees it; None when it is over."""
        match = self._matches.get(match_id)
        return match.status() if match is not None else None

    def statuses(self) -> list[MatchStatus]:
        """The status of every match, oldest first."""
        return [match.status() for match in self._matches.values()]

    def reserve(self, match_id: str, player_id: str, seconds: int) -> bool:
        """Reserve a seat for a ticket that is about to be issued; False when none is free."""
        match = self._matches.get(match_id)
        return match is not None and match.reserve(player_id, seconds)

    def is_reserved(self, match_id: str, player_id: str) -> bool:
        """Whether a seat is kept for a ticket that was issued and not used yet."""
        match = self._matches.get(match_id)
        return match is not None and match.seating.is_reserved(player_id)

    def holds_seat(self, match_id: str, player_id: str) -> bool:
        """Whether the player has a seat: connected, within the resume window, or reserved."""
        match = self._matches.get(match_id)
        return match is not None and match.seating.holds_seat(player_id)

    def release(self, match_id: str, player_id: str) -> None:
        """Cancel a reservation whose player has not come."""
        match = self._matches.get(match_id)
        if match is not None:
            match.seating.reserved.pop(player_id, None)

    def abandon(self, match_id: str) -> None:
        """End a match that no player is expected in, unless a member is connected or has a seat to
        return to.
        """
        match = self._matches.get(match_id)
        if match is not None and not match.has_connected and not match.seating.players:
            match.close(CloseCode.MATCH_OVER, "everybody left")

    @property
    def capacity(self) -> int:
        """How many matches can run at once."""
        return self.settings.matches_max

    async def session(self, connection: Connection) -> None:
        """Serve one `/match/<id>` connection to its end."""
        await serve_member(connection, self)

    async def close_all(self, grace_s: float) -> None:
        """Notify players, let rounds end within `grace_s`, then keep or end the rest."""
        self._is_closing = True
        keeps = self.journals is not None and self.settings.keep_on_stop
        for match in self._matches.values():
            match.is_last_round = True
            match.notify(CONTINUES if keeps else ENDS, int(grace_s))
        with trio.move_on_after(grace_s):
            # There is no event for departures, and this polls only in the last seconds.
            while any(match.has_connected for match in self._matches.values()):  # noqa: ASYNC110
                await trio.sleep(CONNECTED_POLL_S)
        for match in list(self._matches.values()):
            self._keep_or_end(match)
        await self._wait_empty()

    def _keep_or_end(self, match: Match) -> None:
        """Keep a match with members or reservations for the next start, as after a crash; end
        any other.
        """
        seating = match.seating
        is_wanted = seating.players or seating.watchers or seating.reserved
        keeps = self.settings.keep_on_stop and is_wanted and not match.is_broken
        if not (keeps and self.hand_over(match.spec.match_id, RESTARTS)):
            match.close(CloseCode.SHUTDOWN, "the server is restarting")

    async def _wait_empty(self) -> None:
        while self._matches:
            await self._changed.wait()

    def _start(self, spec: MatchSpec, recovered: Recovered | None) -> Match:
        assert self._nursery is not None, "run is running"
        context, journals = self._context(), self.journals
        recorder = None
        if journals is not None:
            recorder = MatchRecorder(journals.recorder_context, spec)
            if recovered is not None:
                recorder = MatchRecorder(
                    journals.recorder_context, spec, recovered.chain, recovered.next_segment
                )
        beat = self.metronome.join(
            lambda readiness: Match(spec, context, readiness, recorder, recovered)
        )
        match = self._matches[spec.match_id] = beat.match
        visibility_of(match.plan.arena)  # compute it now, not in a tick that players wait for
        self._handed_over.discard(spec.match_id)
        if journals is not None:
            journals.archiver.match_began(match)
        if recovered is not None:
            self.counters.recovered += 1
            match.results += recovered.results  # stored again: the store may not have them yet
            if journals is not None:  # at once: none of their files may go before they are stored
                for result in recovered.results:
                    journals.archiver.result_sent(result)
        self._nursery.start_soon(self._run_match, beat)
        return match

    async def _run_match(self, beat: Beat) -> None:
        archiver = self.journals.archiver if self.journals is not None else None
        context = HostContext(self.store, self.metronome, self._keep_or_end, archiver)
        try:
            await run_match(beat, context)
        finally:
            del self._matches[beat.match.spec.match_id]
            self._changed.set()
            self._changed = trio.Event()

    def _context(self) -> MatchContext:
        return MatchContext(
            rules=self.rules,
            bot_factory=self.bot_factory,
            maps=self.maps,
            settings=self.settings,
            counters=self.counters,
            resume_ticket=self._resume_ticket,
            now_s=self.now_s,
        )

    def _resume_ticket(self, match_id: str, member: Member) -> bytes:
        return self.tickets.issue(
            Ticket(
                kind="resume",
                match_id=match_id,
                player_id=member.player_id,
                name=member.name,
                slot=member.slot,
                expires_s=0,  # the match itself enforces the resume window
                nonce=member.resume_nonce,
            )
        )
