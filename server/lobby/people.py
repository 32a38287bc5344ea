"""The people in the lobby: sessions by token, by link and by name.

Owns: arriving, dropping, returning, leaving. Must not know: sockets, queues, rooms (a session only
points at its own), which names are allowed. Invariants: a link belongs to one session at most, a
name and all its look-alikes to exactly one, and at most `sessions_max` sessions are remembered.
"""

import itertools
import random
from collections.abc import Callable, Container, Iterator, Mapping

from attrs import define, field, frozen

from server.budget.costs import Work
from server.budget.ledger import Account, Source
from server.lobby.matchmaker import Waiting
from server.lobby.nicknames import nickname
from server.lobby.rooms import Room
from server.names.letters import letters
from server.names.lookalikes import keys_of
from server.names.naming import fault_of, settle

REMEMBERED_S_MIN = 1.0
TOKEN_BYTES = 16  # 128 bits: cannot be guessed, so a token alone proves who returns


@define(eq=False)
class Session:
    """One person, connected (by `link`) or expected back until `expires_s`."""

    player_id: str
    token: bytes
    name: str
    address: str
    link: int | None
    expires_s: float = 0.0
    waiting: Waiting | None = None
    room: Room | None = None
    seat_match_id: str = ""  # the last match this person was given a ticket for
    queue_shown: tuple[int, int] = (-1, -1)  # people, seconds: the last `queued` that was sent
    asked: str = ""  # the name as last typed
    name_note: str = ""  # why the name differs from the typed one, until that was sent
    account: Account | None = None  # pays for this session's requests; None: nothing is charged
    home: Source | None = None  # the address of the first connection, which counts the session

    @property
    def source(self) -> Source | None:
        """The address that pays; None: an address without limits."""
        return self.account.source if self.account is not None else None

    def pays(self, work: Work, count: float = 1) -> bool:
        """Charge work that is about to be done; False while the budget is spent."""
        return self.account is None or self.account.spend(work, count)


@frozen
class _Taken(Container[str]):
    """The keys of names that are taken for this player."""

    by_key: Mapping[str, Session]
    is_in_use: Callable[[str, str], bool]
    player_id: str

    def __contains__(self, key: object) -> bool:
        """Whether a name in the lobby, or somebody else's in a match, has this key."""
        return key in self.by_key or self.is_in_use(str(key), self.player_id)


@define
class People:
    """All sessions. `rng` makes names and tokens; only the system's makes tokens unguessable."""

    sessions_max: int
    resume_s: float
    rng: random.Random
    is_in_use: Callable[[str, str], bool] = lambda _key, _player_id: False  # see `SeatNames`
    by_player: dict[str, Session] = field(factory=dict)
    _by_token: dict[bytes, Session] = field(factory=dict)
    _by_link: dict[int, Session] = field(factory=dict)
    _by_name_key: dict[str, Session] = field(factory=dict)  # two keys for each session
    _away: dict[str, Session] = field(factory=dict)  # dropped sessions, longest away first

    def __attrs_post_init__(self) -> None:
        """Load the letter tables now, because loading them later would delay a match."""
        letters()

    def on(self, link: int) -> Session | None:
        """Return the session behind a link, once it has said hello."""
        return self._by_link.get(link)

    def online_count(self) -> int:
        """How many are connected."""
        return len(self._by_link)

    def __len__(self) -> int:
        """How many sessions are remembered, including dropped ones."""
        return len(self.by_player)

    def is_full(self) -> bool:
        """Whether there is no room for another session."""
        return len(self.by_player) >= self.sessions_max

    def returning(self, token: bytes) -> Session | None:
        """Return the session that a token belongs to, or None."""
        return self._by_token.get(token)

    def attach(self, session: Session, link: int, address: str) -> int | None:
        """Attach a session to a new link; return the link it replaces, if that is still open."""
        replaced = session.link
        if replaced is not None:
            del self._by_link[replaced]
        self._away.pop(session.player_id, None)
        session.link, session.address = link, address
        self._by_link[link] = session
        return replaced

    def arrive(self, link: int, address: str, name: str) -> Session:
        """Make a session for a new person."""
        assert not self.is_full(), "the caller asks first"
        player_id = self.rng.randbytes(8).hex()
        token = self.rng.randbytes(TOKEN_BYTES)
        session = Session(player_id, token, "", address, link)
        self.by_player[player_id] = self._by_token[token] = self._by_link[link] = session
        session.asked = name
        self._give_name(session, name)
        return session

    def rename(self, session: Session, name: str) -> str:
        """Give a session another name, as close as possible to what was typed; return "", or why
        nobody may have that name.
        """
        session.asked = name
        fault = fault_of(name)
        if not fault:
            self._free_name(session)  # the player's own name must not count as taken
            self._give_name(session, name)
        return fault

    def drop(self, link: int, now_s: float) -> Session | None:
        """Note a closed link and keep its session; return None for a link without a session."""
        session = self._by_link.pop(link, None)
        if session is not None:
            session.link = None
            session.expires_s = now_s + self.resume_s
            self._away[session.player_id] = session
        return session

    def overdue(self, now_s: float) -> list[Session]:
        """Return the dropped sessions whose time to return has expired."""
        return list(itertools.takewhile(lambda it: now_s >= it.expires_s, self._away.values()))

    def remember(self, session: Session, now_s: float) -> None:
        """Keep an overdue session for another `resume_s`, or `REMEMBERED_S_MIN` if longer."""
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
        """How many name keys are taken."""
        return len(self._by_name_key)

    def connected(self) -> Iterator[Session]:
        """Iterate over the connected sessions."""
        yield from self._by_link.values()

    def _free_name(self, session: Session) -> None:
        for key in set(keys_of(session.name)):
            del self._by_name_key[key]

    def _give_name(self, session: Session, typed: str) -> None:
        taken = _Taken(self._by_name_key, self.is_in_use, session.player_id)
        named = settle(typed, nickname(self.rng), taken, self.rng)
        session.name, session.name_note = named.text, named.note
        for key in keys_of(named.text):
            self._by_name_key[key] = session
