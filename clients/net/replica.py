"""A client's copy of its match: its seat, the roster and the last view.

Owns: the meaning of a server's match messages. Must not know: sockets, time. Invariant: `view` is
exactly what this seat saw when the server wrote the last snapshot, or None before the first one
of a round.
"""

from attrs import define, field

from game.brain.perception import Perception, perception_of_view
from game.view import View
from game.wire.match_messages import DeltaSnapshot, FullSnapshot, Roster, RosterRow, Welcome
from game.wire.schema import FromMatch
from game.wire.snapshot import SnapshotReader
from game.wire.strict import DecodeError


@define
class Replica:
    """One connection's picture of a match."""

    welcome: Welcome | None = None
    roster: dict[int, RosterRow] = field(factory=dict)
    view: View | None = None
    margin: int = 0
    _reader: SnapshotReader = field(factory=SnapshotReader)

    def receive(self, message: FromMatch) -> bool:
        """Apply a message; True when it brought a new view. Raises `DecodeError`."""
        if isinstance(message, FullSnapshot | DeltaSnapshot):
            if self.welcome is None:
                raise DecodeError("a snapshot came before the welcome")
            self.view = self._reader.apply(message)
            self.margin = message.margin
            return True
        if isinstance(message, Welcome):
            self.welcome = message
            self._reader = SnapshotReader(message.slot)
            self.view = None
        elif isinstance(message, Roster):
            self.roster = {row.slot: row for row in message.rows}
        return False

    def perception(self) -> Perception | None:
        """This seat's perception now; None while it has no body in the match."""
        view, welcome = self.view, self.welcome
        if view is None or welcome is None or welcome.slot not in view.bodies:
            return None
        return perception_of_view(view, welcome.slot)
