"""All matches of this process: made on demand, found by id, ended together.

Owns: the registry. Must not know: HTTP, how a match ticks. Invariant: a match is in the registry
exactly as long as its task runs, so an id that is not found belongs to a match that is over.

    directory nursery        opened by `run`, child of the app's
      ├─ metronome.run       the clock of all matches
      ├─ filing.run          puts journals of finished rounds away
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
from server.match.at_work import mark_of
from server.match.beat import Beat
from server.match.chronicle import Chronicle, Scribe
from server.match.counters import MatchCounters
from server.match.filing import Filing
from server.match.host import Clockwork, run_match
from server.match.journal_files import JournalFolder, SegmentName
from server.match.match import Match, Surroundings
from server.match.members import Member, Readiness
from server.match.metronome import Metronome
from server.match.recovery import Recovered, RecoveryError, needed, recover
from server.match.rounds import MatchSpec, new_spec
from server.match.rules import Minds, Rules
from server.match.session import serve_member
from server.match.settings import MatchSettings
from server.match.status import BotPolicy, DirectoryFullError, MatchStatus
from server.net.readiness import Readiness as EpollReadiness
from server.net.websocket import Connection
from server.store.base import Store
from server.tickets import Ticket, TicketBox, uptime_s
from server.version import build

DEATHS_MAX = 2  # of processes at work on a match: it is gone on with once more, and then no more…
HEALTHY_S = 10  # …unless it has ticked so long between the two: then it was somebody else's fault
HEALTHY_LOOK_S = 1.0
COMPANY_POLL_S = 0.1  # while the server goes down: whether anybody is still there

MOVES = "the match goes on in another process"
RESTARTS = "the server restarts, and the match goes on"
GOES_ON = "The server restarts; matches that are not over by then go on after it"
ENDS = "The server restarts after this round"

log = structlog.get_logger("match")


@frozen
class Journals:
    """Where matches are written down, and what becomes of that."""

    folder: JournalFolder
    scribe: Scribe
    filing: Filing


@frozen
class Adoption:
    """What came of going on with what a dead process left."""

    restored: list[str] = field(factory=list)
    set_aside: list[tuple[str, str]] = field(factory=list)  # match id, reason


@define(eq=False)
class Directory:
    """See the module. `run` has to be running before `create` is called."""

    settings: MatchSettings
    maps: Mapping[str, Arena]
    tickets: TicketBox
    store: Store
    rules: Rules
    minds: Minds
    now_s: Callable[[], float]  # for the record only
    uptime_s: Callable[[], float] = uptime_s  # for tickets
    new_readiness: Callable[[], Readiness] = EpollReadiness
    counters: MatchCounters = field(factory=MatchCounters)
    journals: Journals | None = None  # None: a crash ends all matches
    metronome: Metronome = field(init=False)
    _matches: dict[str, Match] = field(factory=dict)
    _nursery: trio.Nursery | None = None
    _is_closing: bool = False
    _parted: set[str] = field(factory=set)  # handed over: as many as ran here, at most
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
                self.metronome.at_work = self.journals.folder.at_work
                nursery.start_soon(self.journals.filing.run)
            task_status.started()
            await trio.sleep_forever()

    def create(
        self, mode: str, map_name: str = "", *, private: bool = False, bots: BotPolicy | None = None
    ) -> str:
        """Start a match and return its id; no map name takes the largest that fits the mode.

        Raises `DirectoryFullError` when the process takes no more, `KeyError` for an unknown mode
        or map.
        """
        if self.metronome.load >= self.settings.load_max:
            raise DirectoryFullError("the processor is busy with the matches that run")
        policy = bots or BotPolicy(level=self.settings.bot_level)
        spec = new_spec(self.maps, mode, map_name, private=private, bots=policy)
        self.open(spec)
        return spec.match_id

    def open(self, spec: MatchSpec) -> None:
        """Start the match that `spec` asks for. Raises `DirectoryFullError`."""
        if self._nursery is None or self._is_closing:
            raise DirectoryFullError("the server is going down")
        if len(self._matches) >= self.settings.matches_max:
            raise DirectoryFullError("the server runs as many matches as it can")
        self._start(spec, None)

    async def adopt(self) -> Adoption:
        """Go on with every match that a dead process left in the journals' folder.

        A match over which two processes died, the second soon after the first, or whose journal is
        damaged, is set aside. They are taken one after the other, with a pause for others between;
        those that tick already are not touched.
        """
        adoption = Adoption()
        if self.journals is None:
            return adoption
        folder = self.journals.folder
        blamed, folder.blamed = folder.blamed, ""
        for match_id, names in folder.live_segments().items():
            if match_id not in self._matches and match_id not in self.journals.filing.over:
                reason = self._go_on(match_id, names, is_blamed=match_id == blamed)
                if reason:
                    folder.set_aside(match_id, reason)
                    adoption.set_aside.append((match_id, reason))
                else:
                    adoption.restored.append(match_id)
            await trio.lowlevel.checkpoint()
        return adoption

    def _go_on(self, match_id: str, names: Sequence[SegmentName], *, is_blamed: bool) -> str:
        """Take up one match where its journal ends; why not, or ""."""
        assert self.journals is not None, "who goes on with a match has its journal"
        folder, began_s = self.journals.folder, trio.current_time()
        try:
            if is_blamed and folder.note_try(match_id) >= DEATHS_MAX:
                return f"{DEATHS_MAX} processes died while they were at work on it"
            folder.at_work.enter(mark_of(match_id))
            recovered = recover([folder.read(name) for name in needed(names)], self.maps)
            if recovered.may_lack_result:
                recovered = recover([folder.read(name) for name in names], self.maps)
            if recovered.is_last_file_void:
                folder.discard(names[-1])
            match = self._start(recovered.spec, recovered)
        except (RecoveryError, OSError, AssertionError, ValueError, KeyError) as error:
            return str(error) or repr(error)
        finally:
            folder.at_work.leave()
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
                "match_plays_otherwise",
                match=match_id,
                tick=recovered.divergence.tick,
                reason=recovered.divergence.what,
                written_by=recovered.written_by,
                build=build(),
            )
        if folder.has_tries(match_id):
            assert self._nursery is not None, "the match has started"
            self._nursery.start_soon(self._forgive, match)
        return ""

    async def _forgive(self, match: Match) -> None:
        """Once it has ticked for a while, the death of the process before was not its doing.

        Processes are killed from outside as well, and the match that happens to be at work then
        is not to be set aside because it has bad luck once more, hours later.
        """
        while match.age < HEALTHY_S * TICKS_PER_SECOND:
            await trio.sleep(HEALTHY_LOOK_S)
            if match.ended_reason:
                return  # what becomes of its files is decided where it ended
        if self.journals is not None:
            self.journals.folder.forget_tries(match.spec.match_id)

    def hand_over(self, match_id: str, reason: str = MOVES) -> bool:
        """End a match here so that another process goes on with its journal; False: not here.

        When this returns, all of its journal is in the kernel. Its people are told to come back.
        """
        match = self._matches.get(match_id)
        if match is None or match.ended_reason or not match.write_all():
            return False
        if self.journals is not None:
            self.journals.folder.forget_tries(match_id)  # it parts in good health
        match.is_moving = True
        self._parted.add(match_id)
        match.close(CloseCode.MOVED, reason)
        return True

    @property
    def is_playing(self) -> bool:
        """Whether any match ticks in this process."""
        return bool(self._matches)

    def has_parted(self, match_id: str) -> bool:
        """Whether a match that is not here goes on elsewhere, now or after the next start."""
        return match_id in self._parted

    def find(self, match_id: str) -> Match | None:
        """The running match with this id."""
        return self._matches.get(match_id)

    def status(self, match_id: str) -> MatchStatus | None:
        """What the lobby may know of one match; None when it is over."""
        match = self._matches.get(match_id)
        return match.status() if match is not None else None

    def statuses(self) -> list[MatchStatus]:
        """The same of all matches, oldest first."""
        return [match.status() for match in self._matches.values()]

    def reserve(self, match_id: str, player_id: str, seconds: int) -> bool:
        """Keep a seat for a ticket that is about to be given out; False when there is none."""
        match = self._matches.get(match_id)
        return match is not None and match.reserve(player_id, seconds)

    def is_reserved(self, match_id: str, player_id: str) -> bool:
        """Whether a seat waits for a ticket that was given out and has not been shown yet."""
        match = self._matches.get(match_id)
        return match is not None and match.seating.is_reserved(player_id)

    def holds_seat(self, match_id: str, player_id: str) -> bool:
        """Whether a seat is theirs: connected, dropped for a while, or promised to a ticket."""
        match = self._matches.get(match_id)
        return match is not None and match.seating.holds_seat(player_id)

    def release(self, match_id: str, player_id: str) -> None:
        """Keep a seat no longer that nobody has come for."""
        match = self._matches.get(match_id)
        if match is not None:
            match.seating.reserved.pop(player_id, None)

    def abandon(self, match_id: str) -> None:
        """Nobody is left who would come: end a match, unless somebody is connected or has a seat to
        come back to.
        """
        match = self._matches.get(match_id)
        if match is not None and not match.has_company and not match.seating.players:
            match.close(CloseCode.MATCH_OVER, "everybody left")

    @property
    def capacity(self) -> int:
        """How many matches can run at once."""
        return self.settings.matches_max

    async def session(self, connection: Connection) -> None:
        """Serve one `/match/<id>` connection to its end."""
        await serve_member(connection, self)

    async def close_all(self, grace_s: float) -> None:
        """Tell players, let rounds end within `grace_s`, then keep or end what still runs."""
        self._is_closing = True
        keeps = self.journals is not None and self.settings.keep_on_stop
        for match in self._matches.values():
            match.is_last_round = True
            match.notify(GOES_ON if keeps else ENDS, int(grace_s))
        with trio.move_on_after(grace_s):
            # Nothing tells when somebody leaves, and this is asked in the last seconds only.
            while any(match.has_company for match in self._matches.values()):  # noqa: ASYNC110
                await trio.sleep(COMPANY_POLL_S)
        for match in list(self._matches.values()):
            self._keep_or_end(match)
        await self._wait_empty()

    def _keep_or_end(self, match: Match) -> None:
        """What somebody has a seat in goes on at the next start, as it would after a crash."""
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
        around, journals = self._surroundings(), self.journals
        chronicle = None
        if journals is not None:
            chronicle = Chronicle(journals.scribe, spec)
            if recovered is not None:
                chronicle = Chronicle(
                    journals.scribe, spec, recovered.chain, recovered.next_segment
                )
        beat = self.metronome.join(
            lambda readiness: Match(spec, around, readiness, chronicle, recovered)
        )
        match = self._matches[spec.match_id] = beat.match
        visibility_of(match.plan.arena)  # now, and not in the first tick that somebody waits for
        self._parted.discard(spec.match_id)
        if journals is not None:
            journals.filing.match_began(match)
        if recovered is not None:
            self.counters.recovered += 1
            match.results += recovered.results  # told again: perhaps nobody has kept them
            if journals is not None:  # from now on: no file of theirs may go before they are stored
                for result in recovered.results:
                    journals.filing.result_told(result)
        self._nursery.start_soon(self._run_match, beat)
        return match

    async def _run_match(self, beat: Beat) -> None:
        filing = self.journals.filing if self.journals is not None else None
        clockwork = Clockwork(self.store, self.metronome, self._keep_or_end, filing)
        try:
            await run_match(beat, clockwork)
        finally:
            del self._matches[beat.match.spec.match_id]
            self._changed.set()
            self._changed = trio.Event()

    def _surroundings(self) -> Surroundings:
        return Surroundings(
            rules=self.rules,
            minds=self.minds,
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
                expires_s=0,  # the window is the match's to keep
                nonce=member.resume_nonce,
            )
        )
