"""A seat of a match without its socket: messages in, messages out. Bots and the desktop client
share it.

Owns: the replica, the clock, the round trips and the outgoing inputs of one seat, or of one place
to watch from. Must not know: sockets, any real clock, what decides the inputs. Invariants: every
join has the newest token for the seat; each welcome begins with another clock.
"""

from math import floor

from attrs import define, field

from clients.net.replica import Replica
from clients.net.round_trips import RoundTrips
from clients.netcode.clock import Clock
from clients.netcode.input_sender import InputSender
from game.inputs import Input
from game.tuning import TICKS_PER_SECOND
from game.wire.codec import fingerprint
from game.wire.match_messages import Inputs, Join, Ping, Pong, Welcome
from game.wire.schema import FromMatch


@define
class MatchCore:
    """All `now_s` are of one monotonic clock."""

    ticket: bytes
    is_watching: bool = False
    # A bot draws no frames and acts on snapshots: time passes for it as their ticks do.
    has_frames: bool = True
    replica: Replica = field(factory=Replica)
    clock: Clock = field(factory=Clock)
    round_trips: RoundTrips = field(factory=RoundTrips)
    _sender: InputSender = field(factory=InputSender)
    _joined_at_s: float | None = None  # of a join that no welcome has answered

    def join(self, now_s: float) -> Join:
        """The first message on every connection, with the newest token for the seat."""
        welcome = self.replica.welcome
        if welcome is not None and welcome.resume:
            self.ticket = welcome.resume
        self._joined_at_s = now_s
        return Join(fingerprint(), self.ticket)

    def receive(self, message: FromMatch, now_s: float) -> bool:
        """Take in a message; True when it brought a new view. Raises `DecodeError` for an
        impossible snapshot.
        """
        view = self.replica.view if self.replica.receive(message) else None
        if view is not None:
            margin = None if self.is_watching else self.replica.margin
            self.clock.snapshot(view.tick, margin, self._time_s(now_s))
        elif isinstance(message, Pong):
            self.round_trips.pong(message.nonce, now_s - message.held_ms / 1_000)
        elif isinstance(message, Welcome):
            answered_s = 0.0 if self._joined_at_s is None else now_s - self._joined_at_s
            self._joined_at_s = None  # the next welcome of this connection answers no join
            self.clock = Clock(answered_s or self.round_trips.last_ms / 1_000)
            self._sender = InputSender()
        return view is not None

    def ping(self, now_s: float) -> list[Ping]:
        """The ping to send now, if one is due."""
        if not self.round_trips.is_due(now_s):
            return []
        return [Ping(self.round_trips.ping(now_s), self.round_trips.last_ms)]

    def advance(self, now_s: float) -> range:
        """Advance time; returns the ticks that want an input now."""
        steps = self.clock.advance(self._time_s(now_s))
        newest = floor(self.clock.predicted_tick)
        # After a jump back, inputs that were already put stand.
        return range(max(newest - steps + 1, self._sender.next_tick), newest + 1)

    def put(self, tick: int, wish: Input, others_tick: float) -> list[Inputs]:
        """Add the input for `tick`, made while the others were seen at `others_tick`; returns the
        messages to send now.
        """
        return self._sender.put(tick, wish, others_tick)

    def _time_s(self, now_s: float) -> float:
        view = self.replica.view
        return now_s if self.has_frames or view is None else view.tick / TICKS_PER_SECOND
