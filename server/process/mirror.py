"""The gateway's view of the matches in all workers, and the commands that it has sent them.

Owns: each match's last report, commands that no worker has executed yet, and where a match runs.
Must not know: Trio, sockets (a link only sends messages). Invariants: a reservation counts from the
moment it is requested, so no seat is promised twice however late reports arrive; a command is sent
again until a worker in its place has executed it, so it outlives the worker; at most `UNDONE_MAX`
are pending for each place (policy: refuse).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from attrs import define, evolve, field, frozen

from game.arena import Arena
from server.match.rounds import MatchSpec, new_spec, plan_round
from server.match.status import BotPolicy, MatchStatus, RegistryFullError
from server.process.rows import Report, spec_fields

UNDONE_MAX = 1_000
RELEASE = 0  # seconds of a reservation; 0 cancels it
MOVING_S = 10.0  # how long a moving match may take to appear at its new place


class Link(Protocol):
    """A connection to a worker: see `server.process.channel.Channel`."""

    @property
    def has_room(self) -> bool:
        """Whether the queue has room for messages that may be refused."""

    def say(self, name: str, *fields: Any, descriptors: tuple[int, ...] = ()) -> bool:
        """Send a message; False: the link is closed."""


@frozen
class Command:
    """A request to a worker, and the match that it concerns."""

    number: int
    name: str
    match_id: str
    fields: tuple[Any, ...]


@define(eq=False)
class Place:
    """A worker's place. Its worker may be replaced; its matches stay."""

    number: int
    link: Link | None = None
    is_settled: bool = False  # this worker has reported all its matches
    is_retiring: bool = False  # it takes no new ones
    load: float = 0.0  # fraction of a core that the ticks of its matches use
    reports: dict[str, Report] = field(factory=dict)
    undone: list[Command] = field(factory=list)
    fresh: set[str] = field(factory=set)  # matches that this worker has reported
    _said: int = 0

    def ask(self, name: str, match_id: str, fields: tuple[Any, ...]) -> None:
        """Send a command now, or as soon as a worker has connected and settled."""
        self._said += 1
        command = Command(self._said, name, match_id, fields)
        self.undone.append(command)
        if self.link is not None and self.is_settled:
            self.link.say(name, command.number, *fields)

    def attach(self, link: Link, is_retiring: bool) -> None:
        """Accept a new worker, or the same one reconnecting; it will report all its matches."""
        self.link, self.is_retiring = link, is_retiring
        self.is_settled = False
        self.fresh = set()

    def take(self, reports: Iterable[Report], gone: Iterable[str]) -> None:
        """Apply a worker's report."""
        for report in reports:
            self.reports[report.status.match_id] = report
            self.fresh.add(report.status.match_id)
        for match_id in gone:
            self.reports.pop(match_id, None)
            self.fresh.discard(match_id)

    def hear(self, number: int) -> None:
        """Acknowledge all commands up to this number: they are executed and reported."""
        if not self.is_settled:
            self._settle()
            return
        done = [command for command in self.undone if command.number <= number]
        self.undone = self.undone[len(done) :]
        for command in done:
            if command.name == "open" and command.match_id not in self.fresh:
                self.reports.pop(command.match_id, None)  # the worker could not open it

    def promised(self, match_id: str) -> set[str]:
        """Ids of players who hold a ticket for a seat and have not connected yet."""
        report = self.reports[match_id]
        promised = set(report.promised)
        for command in self.undone:
            if command.name == "reserve" and command.match_id == match_id:
                _, player_id, seconds = command.fields
                if seconds:
                    promised.add(player_id)
                else:
                    promised.discard(player_id)
        return promised - report.seated

    def status(self, match_id: str) -> MatchStatus:
        """The match's status, with reservations that its worker does not know yet."""
        return evolve(self.reports[match_id].status, reserved=len(self.promised(match_id)))

    def _settle(self) -> None:
        """Use the first complete report: forget matches that the worker does not have, and send
        again the commands that its predecessor did not execute.
        """
        self.is_settled = True
        opening = {command.match_id for command in self.undone if command.name == "open"}
        lost = [it for it in self.reports if it not in self.fresh and it not in opening]
        for match_id in lost:
            del self.reports[match_id]
        again, self.undone = self.undone, []
        for command in again:
            is_there = command.match_id in self.fresh
            if (command.name == "open" and is_there) or command.match_id in lost:
                continue
            self.ask(command.name, command.match_id, command.fields)


@define(eq=False)
class Mirror:
    """See the module. Synchronous, like the lobby. `matches_max` applies to each place."""

    maps: Mapping[str, Arena]
    bot_level: int
    matches_max: int
    load_max: float = 1.0  # a place whose ticks use this fraction of a core gets no new matches
    places: dict[int, Place] = field(factory=dict)
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
            raise RegistryFullError("the server is going down")
        place = self._emptiest()
        policy = bots or BotPolicy(level=self.bot_level)
        spec = new_spec(self.maps, mode, map_name, private=private, bots=policy)
        place.reports[spec.match_id] = Report(self._first_status(spec))
        place.ask("open", spec.match_id, spec_fields(spec))
        return spec.match_id

    def reserve(self, match_id: str, player_id: str, seconds: int) -> bool:
        """Reserve a seat; the worker learns of it before the player can connect."""
        place = self.place_of(match_id)
        if place is None or self.is_closing or len(place.undone) >= UNDONE_MAX:
            return False
        report, promised = place.reports[match_id], place.promised(match_id)
        is_known = player_id in report.seated or player_id in promised
        status = report.status
        if status.is_over or (not is_known and status.people + len(promised) >= status.players_max):
            return False
        place.ask("reserve", match_id, (match_id, player_id, seconds))
        return True

    def release(self, match_id: str, player_id: str) -> None:
        """Release that seat."""
        place = self.place_of(match_id)
        if place is not None and len(place.undone) < UNDONE_MAX:
            place.ask("reserve", match_id, (match_id, player_id, RELEASE))

    def abandon(self, match_id: str) -> None:
        """End a match that nobody will join, unless somebody is connected."""
        place = self.place_of(match_id)
        if place is not None and len(place.undone) < UNDONE_MAX:
            place.ask("abandon", match_id, (match_id,))

    @property
    def capacity(self) -> int:
        """How many matches can run at once."""
        return self.matches_max * len(self.places)

    def is_reserved(self, match_id: str, player_id: str) -> bool:
        """Whether a seat is reserved for a player who has not connected yet."""
        place = self.place_of(match_id)
        return place is not None and player_id in place.promised(match_id)

    def holds_seat(self, match_id: str, player_id: str) -> bool:
        """Whether the player has a seat or a reservation; a moving match keeps both."""
        place = self.place_of(match_id)
        if place is not None:
            seated = place.reports[match_id].seated
            return player_id in seated or player_id in place.promised(match_id)
        moving = self._moving.get(match_id)
        return moving is not None and player_id in moving[0].seated | moving[0].promised

    def statuses(self) -> list[MatchStatus]:
        """Every match, including those whose worker is being replaced."""
        return [
            *(place.status(it) for place in self.places.values() for it in place.reports),
            *(report.status for report, _ in self._moving.values()),
        ]

    def status(self, match_id: str) -> MatchStatus | None:
        """One match, or None when it has ended."""
        place = self.place_of(match_id)
        if place is not None:
            return place.status(match_id)
        moving = self._moving.get(match_id)
        return moving[0].status if moving is not None else None

    # Queries that route a socket.

    def place_of(self, match_id: str) -> Place | None:
        """The place where a match runs, or will run."""
        return next((it for it in self.places.values() if match_id in it.reports), None)

    def link_to(self, match_id: str) -> Link | None:
        """The link to the worker that serves this match now; None: no such worker or match."""
        place = self.place_of(match_id)
        return place.link if place is not None and place.is_settled else None

    def may_appear(self, match_id: str, now_s: float) -> bool:
        """Whether a worker that serves this match may still connect."""
        self._moving = {it: at for it, at in self._moving.items() if at[1] > now_s}
        everybody_told = all(it.link is not None and it.is_settled for it in self.places.values())
        return not everybody_told or match_id in self._moving or not self.places

    def any_link(self) -> Link | None:
        """The link to any worker; it can tell players that their match is over."""
        return next((it.link for it in self.places.values() if it.link is not None), None)

    # Messages of workers.

    def expect(self, numbers: Sequence[int]) -> None:
        """Set which places have workers, or will have them in a moment."""
        self._expected = frozenset(numbers)
        for number in numbers:
            self.places.setdefault(number, Place(number))
        for place in list(self.places.values()):
            if place.link is None:
                self.detach(place)

    def detach(self, place: Place) -> None:
        """Note that the place's worker is gone; its successor will connect, unless the place was
        given up.
        """
        place.link = None
        place.is_settled = False
        if place.number not in self._expected:
            self.places.pop(place.number, None)

    def take(self, place: Place, reports: Sequence[Report], gone: Sequence[str]) -> None:
        """Apply a worker's report of its matches."""
        place.take(reports, gone)
        for report in reports:
            self._moving.pop(report.status.match_id, None)

    def begin_move(self, place: Place, match_id: str, now_s: float) -> None:
        """Note that a match leaves this place and will appear at another."""
        report = place.reports.pop(match_id, None)
        if report is not None:
            place.fresh.discard(match_id)
            self._moving[match_id] = (report, now_s + MOVING_S)

    def _emptiest(self) -> Place:
        usable = [it for it in self.places.values() if len(it.undone) < UNDONE_MAX]
        usable = [it for it in usable if len(it.reports) < self.matches_max]
        usable = [it for it in usable if it.load < self.load_max]
        if not usable:
            raise RegistryFullError("the workers run as many matches as they can")
        return min(usable, key=lambda it: (it.is_retiring, it.link is None, len(it.reports)))

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
