"""What a client knows of its match: its seat, the roster and the last view.

Owns: the meaning of a server's match messages. Must not know: sockets, time. Invariant: `view` is
exactly what this seat saw when the server wrote the last snapshot, or None before the first one
of a round.
"""

from typing import NamedTuple

from attrs import define, field

from game.brain.perception import Perception, perception_of_view
from game.view import View
from game.wire.codec import Decoded
from game.wire.snapshot import SnapshotReader
from game.wire.strict import DecodeError


class MatchWelcome(NamedTuple):
    """The fields of a match `welcome`, in the table's order."""

    slot: int
    tick: int
    match: str
    mode: str
    map: str
    map_digest: str
    resume: bytes
    score_limit: int
    players_max: int
    vote_maps: tuple[tuple[str, str], ...]
    round: int


class RosterRow(NamedTuple):
    """One player's name, kind, connection and ping."""

    slot: int
    name: str
    bot: int
    connected: int
    ping_ms: int


@define
class Replica:
    """One connection's picture of a match."""

    welcome: MatchWelcome | None = None
    roster: dict[int, RosterRow] = field(factory=dict)
    view: View | None = None
    margin: int = 0
    _reader: SnapshotReader = field(factory=SnapshotReader)

    def receive(self, message: Decoded) -> bool:
        """Apply a message; True when it brought a new view. Raises `DecodeError`."""
        if message.name in ("snapshot", "full"):
            if self.welcome is None:
                raise DecodeError("a snapshot came before the welcome")
            self.view = self._reader.apply(message)
            self.margin = message.fields[1]
            return True
        if message.name == "welcome":
            self.welcome = MatchWelcome(*message.fields)
            self._reader = SnapshotReader(self.welcome.slot)
            self.view = None
        elif message.name == "roster":
            rows = [RosterRow(*row) for row in message.fields[0]]
            self.roster = {row.slot: row for row in rows}
        return False

    def perception(self) -> Perception | None:
        """What this seat sees now; None while it has no body in the match."""
        view, welcome = self.view, self.welcome
        if view is None or welcome is None or welcome.slot not in view.bodies:
            return None
        return perception_of_view(view, welcome.slot)
