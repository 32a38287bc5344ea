"""Who sees and hears what of one view: each seat is told of what is in its sight, and of no more.

Owns: the line between what a seat is told and what is kept from it. Must not know: bytes, bases,
sockets. Invariants: what a seat is told is a function of the view and the slot alone; the place of
a body or a shot that is out of sight is in nothing that a seat is told.

Who sees what:

- Everybody sees from the tile he stands on, or lies on, to the tiles of `game.visibility`.
- Team mates are seen wherever they are; what they shoot is not.
- Who is out until the round ends only watches: he sees everything, as a spectator does (slot -1).
- A pad is seen, or not, as what stands on its tile is: whoever is elsewhere learns nothing of who
  takes what there.
- Score cards, flags and the circle are public, and so are deaths, medals and what becomes of a
  flag. A flag that is taken says that somebody was there: that is the game.
- An event is told to those who see its place, or the body of its actor; a hit to those who see the
  victim, because its damage tells how far he is from a blast.
- Who hits somebody he does not see is told so, without the place; of a rail that comes out of the
  dark, only the part from where it can be seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import compress
from operator import itemgetter, or_
from typing import Final, NamedTuple

from game.events import NOWHERE, Event, EventKind
from game.tuning import TILE_SHIFT, TILE_UNITS
from game.view import ALIVE, BODY_FIELDS, CARD_FIELDS, OWN_FIELDS, View
from game.world import NEVER_TICK

NOBODY: Final = -1  # in the place of a slot: the last byte of a set of bodies is always 0
DARK_TILE: Final = 0  # a corner of the map, which is wall: nobody sees it

PUBLIC: Final = frozenset(
    {EventKind.KILL, EventKind.PHASE, EventKind.MEDAL, EventKind.FLAG, EventKind.CIRCLE}
    | {EventKind.OUT}
)
# Where in an event the place and the slot of its actor stand; 0: it has none.
PLACES: Final[dict[int, tuple[int, int]]] = {
    EventKind.SCATTER: (2, 1),
    EventKind.RAIL: (2, 1),
    EventKind.HIT: (0, 1),
    EventKind.SPAWN: (2, 1),
    EventKind.EXPLODE: (1, 0),
    EventKind.IMPACT: (1, 0),
    EventKind.BOUNCE: (1, 0),
    EventKind.PICKUP: (0, 1),
    EventKind.DASH: (0, 1),
    EventKind.FIRE: (0, 1),
    EventKind.EMPTY: (0, 1),
}

_TEAM: Final = CARD_FIELDS.index("team")
_STATUS: Final = BODY_FIELDS.index("status")
_RESPAWN: Final = OWN_FIELDS.index("respawn_tick")
_HIT_ATTACKER: Final = 2


class Cut(NamedTuple):
    """What a seat sees of a view: for each slot a byte, 1 where its body is seen, and a 0 after the
    last; the numbers of shots; and for each pad a bit.
    """

    bodies: bytes
    shots: frozenset[int]
    pads: int = 0


NO_SHOTS: Final[frozenset[int]] = frozenset()


@dataclass(slots=True, eq=False)
class Fog:
    """One view, and what each seat sees of it. `is_on` False: everybody sees everything."""

    view: View
    is_on: bool = True
    everything: Cut = field(init=False)
    _cuts: dict[int, Cut] = field(
        init=False, default_factory=dict
    )  # by slot, as they are asked for
    _tiles: dict[int, int] = field(init=False, default_factory=dict)  # by slot
    _friends: dict[int, int] = field(init=False, default_factory=dict)  # sets of bodies by team
    _look: "itemgetter[tuple[int, ...]]" = field(init=False)  # at all slots from 0 on
    _look_at_shots: "itemgetter[tuple[int, ...]]" = field(init=False)
    _happenings: "Happenings | None" = field(init=False, default=None)

    def __post_init__(self) -> None:
        """Find out on which tiles everything is."""
        view = self.view
        bodies = view.bodies
        slots = range(max(bodies, default=0) + 1)
        everybody = bytes(map(bodies.__contains__, slots))
        all_pads = (1 << len(view.pads)) - 1
        self.everything = Cut(everybody + b"\0", frozenset(view.shots), all_pads)
        if view.visibility is None or not self.is_on:
            self.is_on = False
            return
        width = view.visibility.width
        tiles = self._tiles = {
            slot: (record[1] >> TILE_SHIFT) * width + (record[0] >> TILE_SHIFT)
            for slot, record in bodies.items()
        }
        self._look = itemgetter(*[tiles.get(slot, DARK_TILE) for slot in slots], DARK_TILE)
        if view.shots:
            shots = [
                (record[1] >> TILE_SHIFT) * width + (record[0] >> TILE_SHIFT)
                for record in view.shots.values()
            ]
            # Two more than there are: an itemgetter of one item would return no tuple.
            self._look_at_shots = itemgetter(*shots, DARK_TILE, DARK_TILE)
        if view.teams:
            for slot in bodies:
                if team := view.cards[slot][_TEAM]:
                    self._friends[team] = self._friends.get(team, 0) | 1 << slot * 8

    def cut(self, slot: int) -> Cut:
        """What a seat sees; -1 is a spectator. A seat without a body sees nothing."""
        cut = self._cuts.get(slot)
        if cut is None:
            cut = self._cuts[slot] = self._cut(slot)
        return cut

    def events(self, slot: int) -> Sequence[Event]:
        """What a seat is told of what happened, in order."""
        view = self.view
        if not view.events:
            return ()
        cut = self.cut(slot)
        if cut is self.everything:
            return view.events
        assert view.visibility is not None
        row = view.visibility.row(self._tiles.get(slot, DARK_TILE))
        return self._what_happened().told(slot, row, cut.bodies)

    def chosen(self, slot: int) -> Sequence[int] | None:
        """Of each event whether a seat is told of it as it is; None when of one it is told in
        another way, see `events`.
        """
        view = self.view
        cut = self.cut(slot)
        if cut is self.everything:
            return b"\1" * len(view.events)
        if not view.events:
            return b""
        happenings = self._what_happened()
        assert view.visibility is not None
        if happenings.has_other_words_for(slot):
            return None
        return happenings.chosen(view.visibility.row(self._tiles.get(slot, DARK_TILE)), cut.bodies)

    def _what_happened(self) -> "Happenings":
        if self._happenings is None:
            self._happenings = Happenings(self.view, self._tiles)
        return self._happenings

    def seen_by(self, slot: int) -> View:
        """The view as a seat is told of it: what its reader has after a message."""
        view, cut = self.view, self.cut(slot)
        return replace(
            view,
            bodies={other: record for other, record in view.bodies.items() if cut.bodies[other]},
            shots={number: shot for number, shot in view.shots.items() if number in cut.shots},
            pads={index: pad for index, pad in view.pads.items() if cut.pads >> index & 1},
            own={slot: view.own.get(slot, (0,) * len(OWN_FIELDS))} if slot >= 0 else {},
            events=list(self.events(slot)),
        )

    def _cut(self, slot: int) -> Cut:
        view = self.view
        if slot < 0 or not self.is_on:
            return self.everything
        body = view.bodies.get(slot)
        if body is None or view.visibility is None:
            return Cut(bytes(len(self.everything.bodies)), NO_SHOTS)
        if not body[_STATUS] & ALIVE and view.own[slot][_RESPAWN] >= NEVER_TICK:
            return self.everything
        tile, pads = self._tiles[slot], 0
        row = view.visibility.row(tile)
        bodies = bytes(self._look(row))
        if self._friends:
            friends = self._friends.get(view.cards[slot][_TEAM], 0)
            united = int.from_bytes(bodies, "little") | friends
            bodies = united.to_bytes(len(bodies), "little")
        if view.pads:
            pads = view.visibility.pads_from(tile, view.pad_tiles, len(view.pads))
        if not view.shots:
            return Cut(bodies, NO_SHOTS, pads)
        return Cut(bodies, frozenset(compress(view.shots, self._look_at_shots(row))), pads)


@dataclass(slots=True, eq=False)
class Happenings:
    """The events of one view. Those are told of one who see its place, or its actor."""

    view: View
    tiles: dict[int, int]  # of the bodies, by slot
    _look: "itemgetter[tuple[int, ...]]" = field(init=False)  # at the places, in a row
    _look_at_actors: "itemgetter[tuple[int, ...]]" = field(init=False)  # in a set of bodies
    _attackers: set[int] = field(init=False, default_factory=set)
    _rails: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        """Find out where everything happened, and by whom."""
        located = [self._locate(event) for event in self.view.events]
        self._look = itemgetter(*[tile for tile, _ in located], DARK_TILE)
        self._look_at_actors = itemgetter(*[actor for _, actor in located], NOBODY)
        for event in self.view.events:
            if event[0] == EventKind.HIT:
                self._attackers.add(event[_HIT_ATTACKER])
            self._rails |= event[0] == EventKind.RAIL

    def told(self, slot: int, row: bytes, bodies: bytes) -> list[Event]:
        """What a seat is told that sees these tiles and bodies."""
        events = self.view.events
        is_told = self.chosen(row, bodies)
        if not self.has_other_words_for(slot):
            return list(compress(events, is_told))
        told: list[Event] = []
        for event, known in zip(events, is_told, strict=False):
            if known:
                told.append(event)
            elif event[0] == EventKind.HIT and event[_HIT_ATTACKER] == slot:
                told.append((*event[:5], NOWHERE, NOWHERE))
            elif event[0] == EventKind.RAIL and self.view.visibility is not None:
                told += _lit_part(event, row, self.view.visibility.width)
        return told

    def chosen(self, row: bytes, bodies: bytes) -> list[int]:
        """Of each event whether its place is among these tiles, or its actor among these bodies;
        and one more.
        """
        return [*map(or_, self._look(row), self._look_at_actors(bodies))]

    def has_other_words_for(self, slot: int) -> bool:
        """Whether a seat may have to be told of something without its place, or of a part of it."""
        return self._rails or slot in self._attackers

    def _locate(self, event: Event) -> tuple[int, int]:
        """The tile that it is seen on, and the slot of its actor."""
        visibility = self.view.visibility
        assert visibility is not None
        kind = event[0]
        if kind in PUBLIC:
            return visibility.public_tile, NOBODY
        place, actor = PLACES[kind]
        slot = event[actor] if actor and event[actor] in self.tiles else NOBODY
        if place:
            return visibility.tile_at(event[place], event[place + 1]), slot
        return self.tiles.get(slot, DARK_TILE), slot


def _lit_part(rail: Event, row: bytes, width: int) -> list[Event]:
    """A rail from where it comes into sight; none when all of it is in the dark.

    Tried are the places at whole tiles from its end: counted from its beginning, they would tell
    how far away that is.
    """
    kind, slot, x, y, x2, y2 = rail
    length = max(abs(x2 - x), abs(y2 - y), 1)
    for away in range(length // TILE_UNITS * TILE_UNITS, -1, -TILE_UNITS):
        at_x, at_y = x2 - (x2 - x) * away // length, y2 - (y2 - y) * away // length
        if row[(at_y >> TILE_SHIFT) * width + (at_x >> TILE_SHIFT)]:
            return [(kind, slot, at_x, at_y, x2, y2)]
    return []
