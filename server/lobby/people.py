"""Who is in the lobby: sessions by token, by link and by name.

Owns: coming, dropping, coming back, going. Must not know: sockets, queues, rooms (a session only
points at its own), what may be a name. Invariants: a link belongs to one session at most, a name
and all that look like it to exactly one, and at most `sessions_max` are remembered.
"""

import itertools
import random
from collections.abc import Callable, Container, Iterator, Mapping

from attrs import define, field, frozen

from server.budget.costs import Work
from server.budget.ledger import Account, Source
from server.lobby.matchmaker import Waiting
from server.lobby.names import invent
from server.lobby.rooms import Room
from server.names.alike import keys_of
from server.names.letters import letters
from server.names.naming import fault_of, settle

REMEMBERED_S_MIN = 1.0
TOKEN_BYTES = 16  # 128 bits: cannot be guessed, so a token alone proves who comes back


@define(eq=False)
class Session:
    """One person, connected (`link`) or expected back until `expires_s`."""

    player_id: str
    token: bytes
    name: str
    address: str
    link: int | None
    expires_s: float = 0.0
    waiting: Waiting | None = None
    room: Room | None = None
    seat_match_id: str = ""  # the last match this person was given a ticket for
    queue_shown: tuple[int, int] = (-1, -1)  # waiting, seconds: the last `queued` that was sent
    asked: str = ""  # the name as it was typed last
    name_note: str = ""  # why the name is another, until that was said
    account: Account | None = None  # who pays for what is asked here; None: nobody does
    home: Source | None = None  # the address they came from first, where they are counted

    @property
    def source(self) -> Source | None:
        """The address that pays; None: one without limits."""
        return self.account.source if self.account is not None else None

    def pays(self, work: Work, count: float = 1) -> bool:
        """Charge work that is about to be done; False while the budget is spent."""
        return self.account is None or self.account.spend(work, count)


@frozen
class _Taken(Container[str]):
    """The keys of names that this player cannot have."""

    by_key: Mapping[str, Session]
    is_borne: Callable[[str, str], bool]
    player_id: str

    def __contains__(self, key: object) -> bool:
        """Whether somebody else in the lobby or in a match has it."""
        return key in self.by_key or self.is_borne(str(key), self.player_id)


@define
class People:
    """All sessions. `rng` invents names, and tokens that nobody guesses when it is the system's."""

    sessions_max: int
    resume_s: float
    rng: random.Random
    is_borne: Callable[[str, str], bool] = lambda _key, _player_id: False  # see `SeatNames`
    by_player: dict[str, Session] = field(factory=dict)
    _by_token: dict[bytes, Session] = field(factory=dict)
    _by_link: dict[int, Session] = field(factory=dict)
    _by_name_key: dict[str, Session] = field(factory=dict)  # two for each
    _away: dict[str, Session] = field(factory=dict)  # dropped, the longest away first

    def __attrs_post_init__(self) -> None:
        """Read the tables of letters now: later, a match would wait for it."""
        letters()

    def on(self, link: int) -> Session | None:
        """Return the session behind a link, once it has said hello."""
        return self._by_link.get(link)

    def online_count(self) -> int:
        """How many are connected."""
        return len(self._by_link)

    def __len__(self) -> int:
        """How many are remembered, the dropped ones included."""
        return len(self.by_player)

    def is_full(self) -> bool:
        """Whether nobody new can come."""
        return len(self.by_player) >= self.sessions_max

    def returning(self, token: bytes) -> Session | None:
        """Return the session a token belongs to."""
        return self._by_token.get(token)

    def attach(self, session: Session, link: int, address: str) -> int | None:
        """Put a session behind a new link; return the link it replaces, if that still lives."""
        replaced = session.link
        if replaced is not None:
            del self._by_link[replaced]
        self._away.pop(session.player_id, None)
        session.link, session.address = link, address
        self._by_link[link] = session
        return replaced

    def arrive(self, link: int, address: str, name: str) -> Session:
        """Make a session for somebody new."""
        assert not self.is_full(), "the caller asks first"
        player_id = self.rng.randbytes(8).hex()
        token = self.rng.randbytes(TOKEN_BYTES)
        session = Session(player_id, token, "", address, link)
        self.by_player[player_id] = self._by_token[token] = self._by_link[link] = session
        session.asked = name
        self._give_name(session, name)
        return session

    def rename(self, session: Session, name: str) -> str:
        """Give a session another name, as close to what was typed as can be had; "", or why nobody
        can be called that.
        """
        session.asked = name
        fault = fault_of(name)
        if not fault:
            self._free_name(session)  # one's own name is no reason for a number
            self._give_name(session, name)
        return fault

    def drop(self, link: int, now_s: float) -> Session | None:
        """The link is gone; its session waits. Returns None for a link nobody was behind."""
        session = self._by_link.pop(link, None)
        if session is not None:
            session.link = None
            session.expires_s = now_s + self.resume_s
            self._away[session.player_id] = session
        return session

    def overdue(self, now_s: float) -> list[Session]:
        """Return the dropped sessions that nobody came back for."""
        return list(itertools.takewhile(lambda it: now_s >= it.expires_s, self._away.values()))

    def remember(self, session: Session, now_s: float) -> None:
        """Keep a session that is overdue for another while."""
        del self._away[session.player_id]
        session.expires_s = now_s + max(self.resume_s, REMEMBERED_S_MIN)
        self._away[session.player_id] = session

    def forget(self, session: Session) -> None:
        """Remove a dropped session for good."""
        assert session.link is None, "somebody is still there"
        del self.by_player[session.player_id], self._by_token[session.token]
        del self._away[session.player_id]
        self._free_name(session)

    def name_key_count(self) -> int:
        """How many keys of names are taken."""
        return len(self._by_name_key)

    def connected(self) -> Iterator[Session]:
        """Return everybody who is there right now."""
        yield from self._by_link.values()

    def _free_name(self, session: Session) -> None:
        for key in set(keys_of(session.name)):
            del self._by_name_key[key]

    def _give_name(self, session: Session, typed: str) -> None:
        taken = _Taken(self._by_name_key, self.is_borne, session.player_id)
        named = settle(typed, invent(self.rng), taken, self.rng)
        session.name, session.name_note = named.text, named.note
        for key in keys_of(named.text):
            self._by_name_key[key] = session
