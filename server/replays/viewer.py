"""One person's place in a reel, and the messages that show it.

Owns: the world they see, and the snapshots of it. Must not know: sockets, time, whose turn it is.
Invariants: each call does a bounded piece of work; what is shown is what was written down, not what
these rules make of it: at every checkpoint the world is taken from the journal.
"""

from collections.abc import Mapping

from attrs import define, field

from game.arena import Arena
from game.events import Event
from game.step import step
from game.view import view
from game.wire.codec import encode
from game.wire.messages import Channel, Sender
from game.wire.snapshot import EVENTS_MAX, HISTORY_TICKS_MAX, SnapshotWriter
from game.world import World
from server.replays.recording import foreign_journal
from server.replays.reel import NOBODY, Reel

MARKS_MAX = 256  # in one message
COUNT_MAX = 65_535


@define(eq=False)
class Viewer:
    """Stands at the first tick of `reel`, which is ready. `maps` only has titles for a vote."""

    reel: Reel
    maps: Mapping[str, Arena]
    world: World = field(init=False)
    _writer: SnapshotWriter = field(init=False)
    _base_tick: int | None = None
    _events: list[Event] = field(factory=list)
    _roster: list[list[object]] | None = None
    _marks_told: int = 0

    def __attrs_post_init__(self) -> None:
        """Begin at the beginning."""
        self.leap(self.reel.first_tick)

    @property
    def tick(self) -> int:
        """The tick the person sees."""
        return self.world.tick

    def leap(self, tick: int) -> None:
        """Stand at the last checkpoint that is not after `tick`. Raises `RecordingError`."""
        self.world = self.reel.world_of(self.reel.checkpoint_before(tick))
        self._writer = SnapshotWriter(HISTORY_TICKS_MAX, fog=False)
        self._base_tick = None
        self._events = []

    def advance(self) -> None:
        """One tick on, which must be there. Raises `RecordingError`."""
        reel, tick = self.reel, self.world.tick + 1
        assert tick <= reel.last_tick, "nobody steps beyond what was played"
        with foreign_journal():
            self._events += step(self.world, *reel.entered(tick))
        del self._events[:-EVENTS_MAX]
        if reel.is_checkpoint(tick):
            self.world = reel.world_of(tick)

    def snapshot(self) -> bytes:
        """The tick the person sees, against the one they saw before, where there is one."""
        with foreign_journal():
            if self._base_tick is not None and self.tick == self._base_tick:
                self._base_tick = None
                self._writer = SnapshotWriter(HISTORY_TICKS_MAX, fog=False)
            events, self._events = self._events, []
            self._writer.push(view(self.world, events))
            message = self._writer.message(NOBODY, self._base_tick, 0)
            self._base_tick = self.tick
            self._writer.forget_before(self.tick)
            return message

    def forget_events(self) -> None:
        """What happened on the way to a place is not shown there."""
        self._events = []

    def welcome(self) -> bytes:
        """What a round is, before its first snapshot."""
        header, config = self.reel.header, self.world.config
        assert header is not None, "a reel that is ready has a header"
        votes = [[name, self._title(name)] for name in config.vote_maps[:4]]
        with foreign_journal():
            return _say(
                "welcome",
                *(NOBODY, self.tick, header.match_id[:24], config.mode, config.map_name),
                *(self.reel.arena.digest, b"", config.score_limit, config.players_max),
                *(votes, min(header.round_number, COUNT_MAX)),
            )

    def roster(self) -> bytes | None:
        """Names, when they differ from those that were told last."""
        names = self.reel.names_at(self.tick)
        rows: list[list[object]] = [
            [slot, names.get(slot, f"Player {slot + 1}"), int(bool(player.bot)), 1, 0]
            for slot, player in self.world.players.items()
        ]
        if rows == self._roster:
            return None
        self._roster = rows
        with foreign_journal():
            return _say("roster", rows)

    def marks(self, last_tick: int) -> bytes | None:
        """Deaths up to a tick that were not told yet: some of them, or None."""
        waiting = self.reel.kills[self._marks_told : self._marks_told + MARKS_MAX]
        told = [kill for kill in waiting if kill[0] <= last_tick]
        self._marks_told += len(told)
        return _say("marks", [list(kill) for kill in told]) if told else None

    def length(self, last_tick: int, delay_s: int) -> bytes:
        """From where to where one can see."""
        reel = self.reel
        return _say("reel", reel.first_tick, last_tick, int(reel.is_live), delay_s)

    def _title(self, map_name: str) -> str:
        return self.maps[map_name].title if map_name in self.maps else map_name


def _say(name: str, *fields: object) -> bytes:
    return encode(Channel.MATCH, Sender.SERVER, name, *fields)
