"""A fake registry of matches that counts, and a lobby around it."""

import itertools
import random
from typing import TypeVar

from attrs import define, evolve, field

from game.wire.lobby_messages import Hello, Refused, Seat, Welcome
from game.wire.messages import Refusal
from game.wire.schema import FromLobby, ToLobby
from server.config.settings import LobbySettings
from server.lobby.catalog import Card, MapCard, make_catalog
from server.lobby.effects import Close, Send
from server.lobby.lobby import Lobby
from server.lobby.seats import Seats
from server.match.status import BotPolicy, MatchStatus, RegistryFullError
from server.security.tickets import Ticket, TicketBox

FINGERPRINT = b"12345678"
SECRET = b"s" * 32
M = TypeVar("M", bound=FromLobby)
CATALOG = make_catalog(
    [Card("deathmatch", "Deathmatch", 2, 16), Card("duel", "Duel", 2, 2)],
    [
        MapCard("small", "Small", 2, 2, modes=("deathmatch", "duel")),
        MapCard("middle", "Middle", 2, 4, modes=("deathmatch", "duel")),
    ],
)


@define
class FakeMatchRegistry:
    """Matches as statuses; a seat counts as taken once it is reserved."""

    matches_max: int = 100
    by_id: dict[str, MatchStatus] = field(factory=dict)
    seated: dict[str, set[str]] = field(factory=dict)
    promised: dict[tuple[str, str], int] = field(factory=dict)  # for how many seconds
    policies: dict[str, BotPolicy] = field(factory=dict)
    _numbers: "itertools.count[int]" = field(factory=itertools.count)

    def create(
        self, mode: str, map_name: str, *, private=False, bots: BotPolicy | None = None
    ) -> str:
        if len(self.by_id) >= self.matches_max:
            raise RegistryFullError("full")
        match_id = f"m{next(self._numbers)}"
        seats = CATALOG.seats(mode, map_name)
        self.by_id[match_id] = MatchStatus(
            match_id, mode, map_name, 0, 0, 0, seats, 0, 2, 60, private
        )
        self.seated[match_id] = set()
        self.policies[match_id] = bots or BotPolicy()
        return match_id

    def reserve(self, match_id: str, player_id: str, seconds: int) -> bool:
        status = self.by_id.get(match_id)
        if status is None or (status.open_seats < 1 and player_id not in self.seated[match_id]):
            return False
        self.seated[match_id].add(player_id)
        self.by_id[match_id] = evolve(status, people=len(self.seated[match_id]))
        self.promised[match_id, player_id] = seconds
        return True

    def is_reserved(self, match_id: str, player_id: str) -> bool:
        return match_id in self.by_id and (match_id, player_id) in self.promised

    def holds_seat(self, match_id: str, player_id: str) -> bool:
        return player_id in self.seated.get(match_id, ())

    def release(self, match_id: str, player_id: str) -> None:
        self.promised.pop((match_id, player_id), None)
        if match_id in self.by_id:
            self.seated[match_id].discard(player_id)
            people = len(self.seated[match_id])
            self.by_id[match_id] = evolve(self.by_id[match_id], people=people)

    def abandon(self, match_id: str) -> None:
        if match_id in self.by_id:
            self.end(match_id)

    @property
    def capacity(self) -> int:
        return self.matches_max

    def everybody_comes(self) -> None:
        """Use every ticket that was issued."""
        self.promised.clear()

    def statuses(self) -> list[MatchStatus]:
        return list(self.by_id.values())

    def status(self, match_id: str) -> MatchStatus | None:
        return self.by_id.get(match_id)

    def end(self, match_id: str) -> None:
        del self.by_id[match_id], self.seated[match_id]


@define
class Scene:
    """A lobby, and all messages to each link since they were last read."""

    registry: FakeMatchRegistry = field(factory=FakeMatchRegistry)
    settings: LobbySettings = field(factory=LobbySettings)
    now_s: float = 0.0
    watch_delay_s: int = 0
    lobby: Lobby = field(init=False)
    heard: dict[int, list[FromLobby]] = field(factory=dict)
    closed: dict[int, int] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        seats = Seats(self.registry, TicketBox(SECRET), 10, lambda: 1_000.0, self.watch_delay_s)
        self.lobby = Lobby(self.settings, CATALOG, seats, FINGERPRINT, 3, random.Random(1))

    def says(self, link: int, message: ToLobby) -> list[FromLobby]:
        """Send a message from `link`; returns the answers to that link."""
        self.lobby.receive(link, message, self.now_s)
        return self.hears(link)

    def comes(self, link: int, name: str = "", token: bytes = b"", address: str = "a") -> bytes:
        """Connect and say hello; returns the session token."""
        return the(Welcome, self.returns(link, token, name, address)).session

    def returns(
        self, link: int, token: bytes, name: str = "", address: str = "a"
    ) -> list[FromLobby]:
        """Say hello with a session token; returns the answers."""
        self.lobby.connect(link, address)
        return self.says(link, Hello(FINGERPRINT, name, token))

    def goes(self, link: int) -> None:
        self.lobby.drop(link, self.now_s)
        self._deliver()

    def wait(self, seconds: float) -> None:
        self.now_s += seconds
        self.lobby.pass_time(self.now_s)
        self._deliver()

    def hears(self, link: int) -> list[FromLobby]:
        self._deliver()
        return self.heard.pop(link, [])

    def names_heard(self, link: int) -> list[str]:
        return names(self.hears(link))

    def _deliver(self) -> None:
        for effect in self.lobby.take_effects():
            if isinstance(effect, Send):
                self.heard.setdefault(effect.link, []).append(effect.message)
            elif isinstance(effect, Close):
                self.closed[effect.link] = effect.code


def names(messages: list[FromLobby]) -> list[str]:
    """The messages' names in the table."""
    return [message.spec.name for message in messages]


def the(kind: type[M], messages: list[FromLobby]) -> M:
    """The last message of this kind."""
    return [message for message in messages if isinstance(message, kind)][-1]


def refusal(answers: list[FromLobby]) -> Refusal:
    """The one refusal among the answers."""
    (refused,) = [message for message in answers if isinstance(message, Refused)]
    return Refusal(refused.code)


def ticket_of(answers: list[FromLobby]) -> Ticket:
    """The ticket in the last seat among the answers."""
    return TicketBox(SECRET).open(the(Seat, answers).ticket, 1_000.0)
