"""Who is in the lobby: sessions by token, by link and by name.

Owns: coming, dropping, coming back, going. Must not know: sockets, queues, rooms (a session only
points at its own). Invariants: a link belongs to one session at most, a name to exactly one, and at
most `sessions_max` are remembered.
"""

import itertools
import random
from collections.abc import Iterator

from attrs import define, field

from server.lobby import names
from server.lobby.matchmaker import Waiting
from server.lobby.rooms import Room

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


@define
class People:
    """All sessions. `rng` invents names, and tokens that nobody guesses when it is the system's."""

    sessions_max: int
    resume_s: float
    rng: random.Random
    by_player: dict[str, Session] = field(factory=dict)
    _by_token: dict[bytes, Session] = field(factory=dict)
    _by_link: dict[int, Session] = field(factory=dict)
    _by_name: dict[str, Session] = field(factory=dict)
    _away: dict[str, Session] = field(factory=dict)  # dropped, the longest away first

    def on(self, link: int) -> Session | None:
        """Return who is behind a link, once he has said hello."""
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
        cleaned = names.clean(name)
        self._give_name(session, "" if names.is_reserved(cleaned) else cleaned)
        return session

    def rename(self, session: Session, name: str) -> bool:
        """Give a session another name, made unique; False when that name is none."""
        cleaned = names.clean(name)
        if not cleaned or names.is_reserved(cleaned):
            return False
        self._give_name(session, cleaned)
        return True

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

    def forget(self, session: Session) -> None:
        """Remove a dropped session for good."""
        assert session.link is None, "somebody is still there"
        del self.by_player[session.player_id], self._by_token[session.token]
        del self._by_name[names.key_of(session.name)], self._away[session.player_id]

    def connected(self) -> Iterator[Session]:
        """Return everybody who is there right now."""
        yield from self._by_link.values()

    def _give_name(self, session: Session, name: str) -> None:
        if session.name:
            del self._by_name[names.key_of(session.name)]
        session.name = names.make_unique(name or names.invent(self.rng), self._by_name)
        self._by_name[names.key_of(session.name)] = session
