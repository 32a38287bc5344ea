"""One viewer's position in a round, and the messages that show it.

Owns: the world they see, and its snapshots. Must not know: sockets, time, scheduling. Invariants:
each call does a bounded piece of work; viewers see what the journal says, even where these rules
would play differently: at every checkpoint the world is taken from the journal.
"""

from collections.abc import Mapping

from attrs import define, field

from game.arena import Arena
from game.events import Event
from game.step import step
from game.view import view
from game.wire.codec import encode
from game.wire.match_messages import (
    KillMark,
    MapChoice,
    Marks,
    Roster,
    RosterRow,
    Timeline,
    Welcome,
)
from game.wire.snapshot import EVENTS_MAX, HISTORY_TICKS_MAX, SnapshotWriter
from game.world import World
from server.replays.index import NOBODY, RoundIndex
from server.replays.recording import foreign_journal

MARKS_MAX = 256  # in one message
COUNT_MAX = 65_535


@define(eq=False)
class Playback:
    """Begins at the first tick of a ready `index`. `maps` only supplies titles for a vote."""

    index: RoundIndex
    maps: Mapping[str, Arena]
    world: World = field(init=False)
    _writer: SnapshotWriter = field(init=False)
    _base_tick: int | None = None
    _events: list[Event] = field(factory=list)
    _roster: Roster | None = None
    _marks_sent: int = 0

    def __attrs_post_init__(self) -> None:
        """Go to the first tick."""
        self.jump(self.index.first_tick)

    @property
    def tick(self) -> int:
        """The tick the viewer sees."""
        return self.world.tick

    def jump(self, tick: int) -> None:
        """Go to the last checkpoint at or before `tick`. Raises `RecordingError`."""
        self.world = self.index.world_of(self.index.checkpoint_before(tick))
        self._writer = SnapshotWriter(HISTORY_TICKS_MAX, fog=False)
        self._base_tick = None
        self._events = []

    def advance(self) -> None:
        """Step one tick, which must be in the index. Raises `RecordingError`."""
        index, tick = self.index, self.world.tick + 1
        assert tick <= index.last_tick, "nobody steps beyond what was played"
        with foreign_journal():
            self._events += step(self.world, *index.inputs_at(tick))
        del self._events[:-EVENTS_MAX]
        if index.is_checkpoint(tick):
            self.world = index.world_of(tick)

    def snapshot(self) -> bytes:
        """Encode the current tick, as a delta against the last one sent, where there is one."""
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
        """Drop the events of a seek, which the viewer did not watch."""
        self._events = []

    def welcome(self) -> bytes:
        """Encode the description of a round, which goes before its first snapshot."""
        header, config = self.index.header, self.world.config
        assert header is not None, "an index that is ready has a header"
        votes = [MapChoice(name, self._title(name)) for name in config.vote_maps[:4]]
        with foreign_journal():
            welcome = Welcome(
                NOBODY,
                self.tick,
                header.match_id[:24],
                mode=config.mode,
                map=config.map_name,
                map_digest=self.index.arena.digest,
                resume=b"",
                score_limit=config.score_limit,
                players_max=config.players_max,
                vote_maps=tuple(votes),
                round=min(header.round_number, COUNT_MAX),
            )
            return encode(welcome)

    def roster(self) -> bytes | None:
        """Encode the roster, or return None when it is the one sent last."""
        names = self.index.names_at(self.tick)
        rows = [
            RosterRow(slot, names.get(slot, f"Player {slot + 1}"), int(bool(player.bot)), 1, 0)
            for slot, player in self.world.players.items()
        ]
        roster = Roster(tuple(rows))
        if roster == self._roster:
            return None
        self._roster = roster
        with foreign_journal():
            return encode(roster)

    def marks(self, last_tick: int) -> bytes | None:
        """Encode deaths up to a tick that were not sent yet, at most `MARKS_MAX`; None without
        any.
        """
        waiting = self.index.kills[self._marks_sent : self._marks_sent + MARKS_MAX]
        sent = [KillMark(*kill) for kill in waiting if kill[0] <= last_tick]
        self._marks_sent += len(sent)
        return encode(Marks(tuple(sent))) if sent else None

    def timeline(self, last_tick: int, delay_s: int) -> bytes:
        """Encode the range of ticks that can be seen."""
        index = self.index
        return encode(Timeline(index.first_tick, last_tick, int(index.is_live), delay_s))

    def _title(self, map_name: str) -> str:
        return self.maps[map_name].title if map_name in self.maps else map_name
