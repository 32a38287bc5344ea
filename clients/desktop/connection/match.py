"""The connection to a match: a ticket for a seat, and after a drop a token for the same seat.

Owns: the match's connection, and fetching its maps. Must not know: what snapshots mean, which is
`MatchSession`'s business. Invariant: each join uses the newest token, so that a drop never costs
the seat while the server keeps it.
"""

from typing import Final

import trio
from attrs import define, field

from clients.desktop.connection.connection import Connection, Limits
from clients.desktop.core.connection_state import MATCH_ENDS, ConnectionState
from clients.desktop.core.frame import Frame
from clients.desktop.core.match_session import MatchSession, Sample
from clients.net.address import Address
from clients.net.errors import ClientError
from clients.net.maps import ArenaCache
from game.wire.codec import decode, encode
from game.wire.lobby_messages import Seat
from game.wire.match_messages import Leave, Vote, Welcome
from game.wire.schema import FromMatch

# A ticket is valid for ten seconds: after a dead connection, there is time to present it again.
LIMITS: Final = Limits(connect_s=4.0, silence_s=4.0)
# A long journal has to be scanned before it can be shown.
DELAYED_LIMITS: Final = Limits(connect_s=20.0, silence_s=6.0)
DELAYED: Final = "/replay/"  # a running match, read from its journal some seconds later
LEAVE_S: Final = 1.0


@define(eq=False)
class MatchConnection:
    """A seat (or a place to watch from) in a match. `run` it, and ask it for frames."""

    seat: Seat
    arenas: ArenaCache
    sockets: trio.Nursery
    limits: Limits = LIMITS
    session: MatchSession = field(init=False)
    connection: Connection = field(init=False)
    failure: str = ""

    def __attrs_post_init__(self) -> None:
        """Build the parts of a session."""
        self.session = MatchSession(
            self.seat.ticket, bool(self.seat.watch), is_delayed=DELAYED in self.seat.path
        )
        if self.session.is_delayed:
            self.limits = DELAYED_LIMITS
        self.connection = Connection(self, self.arenas.address, self.sockets)

    @property
    def address(self) -> Address:
        """The match's URL."""
        return self.arenas.address

    @property
    def state(self) -> ConnectionState:
        """The state of the connection."""
        return self.connection.state

    @property
    def path(self) -> str:
        """The match's path on its server."""
        return self.seat.path

    async def run(self) -> None:
        """Talk until the match is over or was left."""
        await self.connection.run()

    def advance(self, now_s: float, sample: Sample) -> None:
        """Advance time, and send the resulting messages."""
        if self.state.is_online:
            for message in self.session.play(now_s, sample):
                self.connection.say(message)

    def frame(self, now_s: float) -> Frame | None:
        """The frame to paint now."""
        return self.session.frame(now_s, self.state)

    def vote(self, option: int) -> None:
        """Vote for one of the next maps."""
        if self.session.is_delayed:
            return  # that vote is over
        self.connection.say(encode(Vote(option)))

    async def leave(self) -> None:
        """Give up the seat, with at most `LEAVE_S` for a clean close."""
        if not self.session.is_delayed and self.connection.say(encode(Leave())):
            with trio.move_on_after(LEAVE_S):
                await self.connection.wait_over()

    def greeting(self) -> bytes:
        """Join, with a ticket or a token."""
        return self.session.greeting(trio.current_time())

    def hear(self, payload: bytes) -> bool:
        """Take in a message; True for a welcome, whose map is fetched in the background."""
        message = decode(FromMatch, payload)
        self.session.hear(message, len(payload), trio.current_time())
        if not isinstance(message, Welcome):
            return False
        if self.session.awaited is not None:
            self.sockets.start_soon(self._fetch)
        return True

    def final_words(self, code: int) -> str | None:
        """The words for a final end; a map that cannot be fetched ends the session, too."""
        words = MATCH_ENDS.get(code)
        if words is not None and self.session.is_delayed:
            words = as_sentence(self.session.refusal) or words  # it says more
        return self.failure or words

    async def _fetch(self) -> None:
        welcome = self.session.awaited
        if welcome is None:
            return
        try:
            arena = await self.arenas.arena(welcome.map, welcome.map_digest)
        except ClientError as error:
            self.failure = str(error)
            await self.leave()
            return
        self.session.prepare(welcome, arena)


def as_sentence(words: str) -> str:
    """Format the server's words as a sentence."""
    return f"{words[:1].upper()}{words[1:]}." if words else ""
