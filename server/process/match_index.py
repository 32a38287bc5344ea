"""The gateway's index of the matches in all workers, and the commands that it has sent them.

Owns: each match's last report, commands that no worker has executed yet, and where a match runs.
Must not know: Trio, sockets (a `MessageSender` only sends). Invariants: a reservation counts from
the moment it is requested, so no seat is promised twice however late reports arrive; a command is
sent again until the worker has executed it, so it outlives the worker's process; at most
`PENDING_MAX` are pending for each worker (policy: refuse).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from attrs import define, evolve, field, frozen

from game.arena import Arena
from server.match.rounds import MatchSpec, new_spec, plan_round
from server.match.status import BotPolicy, MatchStatus, RegistryFullError
from server.process.messages import MessageSender
from server.process.serialization import Report, spec_fields

PENDING_MAX = 1_000
RELEASE = 0  # seconds of a reservation; 0 cancels it
MOVING_S = 10.0  # how long a moving match may take to appear in its new worker


@frozen
class Command:
    """A request to a worker, and the match that it concerns."""

    number: int
    name: str
    match_id: str
    fields: tuple[Any, ...]


@define(eq=False)
class RemoteWorker:
    """The worker of one place. Its process may be replaced; its matches stay."""

    number: int  # of the place
    channel: MessageSender | None = None
    is_settled: bool = False  # this process has reported all its matches
    is_retiring: bool = False  # it takes no new ones
    load: float = 0.0  # fraction of a core that the ticks of its matches use
    reports: dict[str, Report] = field(factory=dict)
    pending: list[Command] = field(factory=list)
    reported: set[str] = field(factory=set)  # matches that this process has reported
    _last_number: int = 0

    def ask(self, name: str, match_id: str, fields: tuple[Any, ...]) -> None:
        """Send a command now, or as soon as a process has connected and settled."""
        self._last_number += 1
        command = Command(self._last_number, name, match_id, fields)
        self.pending.append(command)
        if self.channel is not None and self.is_settled:
            self.channel.send(name, command.number, *fields)

    def attach(self, channel: MessageSender, is_retiring: bool) -> None:
        """Accept a new process, or the same one reconnecting; it will report all its matches."""
        self.channel, self.is_retiring = channel, is_retiring
        self.is_settled = False
        self.reported = set()

    def take(self, reports: Iterable[Report], gone: Iterable[str]) -> None:
        """Apply a report of some matches, and of those that are gone."""
        for report in reports:
            self.reports[report.status.match_id] = report
            self.reported.add(report.status.match_id)
        for match_id in gone:
            self.reports.pop(match_id, None)
            self.reported.discard(match_id)

    def acknowledge(self, number: int) -> None:
        """Acknowledge all commands up to this number: they are executed and reported."""
        if not self.is_settled:
            self._settle()
            return
        done = [command for command in self.pending if command.number <= number]
        self.pending = self.pending[len(done) :]
        for command in done:
            if command.name == "open" and command.match_id not in self.reported:
                self.reports.pop(command.match_id, None)  # the worker could not open it

    def promised(self, match_id: str) -> set[str]:
        """Ids of players who hold a ticket for a seat and have not connected yet."""
        report = self.reports[match_id]
        promised = set(report.promised)
        for command in self.pending:
            if command.name == "reserve" and command.match_id == match_id:
                _, player_id, seconds = command.fields
                if seconds:
                    promised.add(player_id)
                else:
                    promised.discard(player_id)
        return promised - report.seated

    def status(self, match_id: str) -> MatchStatus:
        """The match's status, with reservations that its process does not know yet."""
        return evolve(self.reports[match_id].status, reserved=len(self.promised(match_id)))

    def _settle(self) -> None:
        """Use the first complete report: forget matches that the process does not have, and send
        again the commands that its predecessor did not execute.
        """
        self.is_settled = True
        opening = {command.match_id for command in self.pending if command.name == "open"}
        lost = [it for it in self.reports if it not in self.reported and it not in opening]
        for match_id in lost:
            del self.reports[match_id]
        again, self.pending = self.pending, []
        for command in again:
            is_there = command.match_id in self.reported
            if (command.name == "open" and is_there) or command.match_id in lost:
                continue
            self.ask(command.name, command.match_id, command.fields)


@define(eq=False)
class RemoteMatchIndex:
    """See the module. Synchronous, like the lobby. `matches_max` applies to each worker."""

    maps: Mapping[str, Arena]
    bot_level: int
    matches_max: int
    load_max: float = 1.0  # a worker whose ticks use this fraction of a core gets no new matches
    workers: dict[int, RemoteWorker] = field(factory=dict)
    is_closing: bool = False
    _expected: frozenset[int] = frozenset()
    _moving: dict[str, tuple[Report, float]] = field(factory=dict)

    def reload(self, bot_level: int, matches_max: int, load_max: float) -> None:
        """Apply new limits."""
        self.bot_level, self.matches_max, self.load_max = bot_level, matches_max, load_max

    # Queries of the lobby: `server.lobby.seats.MatchRegistry`.

    def create(
        self, mode: str, map_name: str = "", *, private: bool = False, bots: BotPolicy | None = None
    ) -> str:
        """Open a match in the worker that has the fewest. Raises `RegistryFullError`."""
        if self.is_closing:
            raise RegistryFullError("the server is shutting down")
        worker = self._with_fewest_matches()
        policy = bots or BotPolicy(level=self.bot_level)
        spec = new_spec(self.maps, mode, map_name, private=private, bots=policy)
        worker.reports[spec.match_id] = Report(self._first_status(spec))
        worker.ask("open", spec.match_id, spec_fields(spec))
        return spec.match_id

    def reserve(self, match_id: str, player_id: str, seconds: int) -> bool:
        """Reserve a seat; the worker learns of it before the player can connect."""
        worker = self.worker_of(match_id)
        if worker is None or self.is_closing or len(worker.pending) >= PENDING_MAX:
            return False
        report, promised = worker.reports[match_id], worker.promised(match_id)
        is_known = player_id in report.seated or player_id in promised
        status = report.status
        if status.is_over or (not is_known and status.people + len(promised) >= status.players_max):
            return False
        worker.ask("reserve", match_id, (match_id, player_id, seconds))
        return True

    def release(self, match_id: str, player_id: str) -> None:
        """Release that seat."""
        worker = self.worker_of(match_id)
        if worker is not None and len(worker.pending) < PENDING_MAX:
            worker.ask("reserve", match_id, (match_id, player_id, RELEASE))

    def abandon(self, match_id: str) -> None:
        """End a match that no player will join, unless a member is connected."""
        worker = self.worker_of(match_id)
        if worker is not None and len(worker.pending) < PENDING_MAX:
            worker.ask("abandon", match_id, (match_id,))

    @property
    def capacity(self) -> int:
        """How many matches can run at once."""
        return self.matches_max * len(self.workers)

    def is_reserved(self, match_id: str, player_id: str) -> bool:
        """Whether a seat is reserved for a player who has not connected yet."""
        worker = self.worker_of(match_id)
        return worker is not None and player_id in worker.promised(match_id)

    def holds_seat(self, match_id: str, player_id: str) -> bool:
        """Whether the player has a seat or a reservation; a moving match keeps both."""
        worker = self.worker_of(match_id)
        if worker is not None:
            seated = worker.reports[match_id].seated
            return player_id in seated or player_id in worker.promised(match_id)
        moving = self._moving.get(match_id)
        return moving is not None and player_id in moving[0].seated | moving[0].promised

    def statuses(self) -> list[MatchStatus]:
        """Every match, including those whose worker is being replaced."""
        return [
            *(worker.status(it) for worker in self.workers.values() for it in worker.reports),
            *(report.status for report, _ in self._moving.values()),
        ]

    def status(self, match_id: str) -> MatchStatus | None:
        """One match, or None when it has ended."""
        worker = self.worker_of(match_id)
        if worker is not None:
            return worker.status(match_id)
        moving = self._moving.get(match_id)
        return moving[0].status if moving is not None else None

    # Queries that route a socket.

    def worker_of(self, match_id: str) -> RemoteWorker | None:
        """The worker in which a match runs, or will run."""
        return next((it for it in self.workers.values() if match_id in it.reports), None)

    def channel_to(self, match_id: str) -> MessageSender | None:
        """The channel to the worker that serves this match now; None: no such worker or match."""
        worker = self.worker_of(match_id)
        return worker.channel if worker is not None and worker.is_settled else None

    def may_appear(self, match_id: str, now_s: float) -> bool:
        """Whether a worker that serves this match may still connect."""
        self._moving = {it: at for it, at in self._moving.items() if at[1] > now_s}
        all_settled = all(it.channel is not None and it.is_settled for it in self.workers.values())
        return not all_settled or match_id in self._moving or not self.workers

    def any_channel(self) -> MessageSender | None:
        """The channel to any worker; it can tell players that their match is over."""
        return next((it.channel for it in self.workers.values() if it.channel is not None), None)

    # Messages of workers.

    def expect(self, numbers: Sequence[int]) -> None:
        """Set which places have workers, or will have them in a moment."""
        self._expected = frozenset(numbers)
        for number in numbers:
            self.workers.setdefault(number, RemoteWorker(number))
        for worker in list(self.workers.values()):
            if worker.channel is None:
                self.detach(worker)

    def detach(self, worker: RemoteWorker) -> None:
        """Note that the worker's process is gone; its successor will connect, unless the place was
        given up.
        """
        worker.channel = None
        worker.is_settled = False
        if worker.number not in self._expected:
            self.workers.pop(worker.number, None)

    def take(self, worker: RemoteWorker, reports: Sequence[Report], gone: Sequence[str]) -> None:
        """Apply a worker's report of its matches."""
        worker.take(reports, gone)
        for report in reports:
            self._moving.pop(report.status.match_id, None)

    def begin_move(self, worker: RemoteWorker, match_id: str, now_s: float) -> None:
        """Note that a match leaves this worker and will appear in another."""
        report = worker.reports.pop(match_id, None)
        if report is not None:
            worker.reported.discard(match_id)
            self._moving[match_id] = (report, now_s + MOVING_S)

    def _with_fewest_matches(self) -> RemoteWorker:
        usable = [it for it in self.workers.values() if len(it.pending) < PENDING_MAX]
        usable = [it for it in usable if len(it.reports) < self.matches_max]
        usable = [it for it in usable if it.load < self.load_max]
        if not usable:
            raise RegistryFullError("the workers run as many matches as they can")
        return min(usable, key=lambda it: (it.is_retiring, it.channel is None, len(it.reports)))

    def _first_status(self, spec: MatchSpec) -> MatchStatus:
        """A match's status until its worker has reported it."""
        plan = plan_round(self.maps, spec, spec.map_name, 0, spec.bots.population)
        seats = plan.config.players_max
        return MatchStatus(
            match_id=spec.match_id,
            mode=spec.mode,
            map_name=spec.map_name,
            people=0,
            bots=spec.bots.wanted(0, seats),
            reserved=0,
            players_max=seats,
            watchers=0,
            phase=0,
            seconds_left=0,
            private=spec.private,
        )
