"""All matches of this process: made on demand, found by id, ended together.

Owns: the registry. Must not know: HTTP, how a match ticks. Invariant: a match is in the registry
exactly as long as its task runs, so an id that is not found belongs to a match that is over.

    directory nursery        opened by `run`, child of the app's
      ├─ metronome.run       the clock of all matches
      └─ run_match × N       one per match, see host.py
"""

import secrets
from collections.abc import Callable, Mapping

import trio
from attrs import define, field

from game.arena import Arena
from game.modes import MODES
from game.wire.messages import CloseCode
from server.match.counters import MatchCounters
from server.match.host import Clockwork, run_match
from server.match.match import Match, Surroundings
from server.match.members import Member, Readiness
from server.match.metronome import Beat, Metronome
from server.match.rounds import MatchSpec, fitting_maps
from server.match.rules import Minds, Rules
from server.match.session import serve_member
from server.match.settings import MatchSettings
from server.match.status import BotPolicy, DirectoryFullError, MatchStatus
from server.net.readiness import Readiness as EpollReadiness
from server.net.websocket import Connection
from server.store.base import Store
from server.tickets import Ticket, TicketBox

ID_BYTES = 6
SEED_BITS = 62
COMPANY_POLL_S = 0.1  # while the server goes down: whether anybody is still there
RESUME_TICKET_S = 86_400  # the window is the match's to keep; the token only has to outlive it


@define(eq=False)
class Directory:
    """See the module. `run` has to be running before `create` is called."""

    settings: MatchSettings
    maps: Mapping[str, Arena]
    tickets: TicketBox
    store: Store
    rules: Rules
    minds: Minds
    now_s: Callable[[], float]
    new_readiness: Callable[[], Readiness] = EpollReadiness
    counters: MatchCounters = field(factory=MatchCounters)
    metronome: Metronome = field(init=False)
    _matches: dict[str, Match] = field(factory=dict)
    _nursery: trio.Nursery | None = None
    _is_closing: bool = False
    _changed: trio.Event = field(factory=trio.Event)

    @metronome.default
    def _new_metronome(self) -> Metronome:
        return Metronome(self.counters, self.new_readiness)

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Hold the nursery of all matches until cancelled."""
        async with trio.open_nursery() as nursery:
            self._nursery = nursery
            nursery.start_soon(self.metronome.run)
            task_status.started()
            await trio.sleep_forever()

    def create(
        self, mode: str, map_name: str = "", *, private: bool = False, bots: BotPolicy | None = None
    ) -> str:
        """Start a match and return its id; no map name takes the largest that fits the mode.

        Raises `DirectoryFullError` when the process takes no more, `KeyError` for an unknown mode
        or map.
        """
        if self._nursery is None or self._is_closing:
            raise DirectoryFullError("the server is going down")
        if len(self._matches) >= self.settings.matches_max:
            raise DirectoryFullError("the server runs as many matches as it can")
        policy = bots or BotPolicy(level=self.settings.bot_level)
        name = map_name or fitting_maps(self.maps, mode, policy.population)[-1]
        spec = MatchSpec(
            match_id=secrets.token_hex(ID_BYTES),
            mode=MODES[mode].name,
            map_name=self.maps[name].name,
            seed=secrets.randbits(SEED_BITS),
            bots=policy,
            private=private,
        )
        around = self._surroundings()
        beat = self.metronome.join(lambda readiness: Match(spec, around, readiness))
        self._matches[spec.match_id] = beat.match
        self._nursery.start_soon(self._run_match, beat)
        return spec.match_id

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

    async def session(self, connection: Connection) -> None:
        """Serve one `/match/<id>` connection to its end."""
        await serve_member(connection, self)

    async def close_all(self, grace_s: float) -> None:
        """Tell players, let rounds end within `grace_s`, then end what still runs."""
        self._is_closing = True
        for match in self._matches.values():
            match.is_last_round = True
            match.notify("The server restarts after this round", int(grace_s))
        with trio.move_on_after(grace_s):
            # Nothing tells when somebody leaves, and this is asked in the last seconds only.
            while any(match.has_company for match in self._matches.values()):  # noqa: ASYNC110
                await trio.sleep(COMPANY_POLL_S)
        for match in list(self._matches.values()):
            match.close(CloseCode.SHUTDOWN, "the server is restarting")
        await self._wait_empty()

    async def _wait_empty(self) -> None:
        while self._matches:
            await self._changed.wait()

    async def _run_match(self, beat: Beat) -> None:
        try:
            await run_match(beat, Clockwork(self.store, self.metronome))
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
                expires_s=int(self.now_s()) + RESUME_TICKET_S,
                nonce=member.resume_nonce,
            )
        )
