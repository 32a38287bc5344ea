"""Who sees and hears what of one view: each seat is told of what is in its sight, and of no more.

Owns: the line between what a seat is told and what is kept from it. Must not know: bytes, bases,
sockets. Invariants: what a seat is told is a function of the view and the slot alone; the place of
a body or a shot that is out of sight is in nothing that a seat is told.

Who sees what:

- Everybody sees from the tile he stands on, or lies on, to the tiles of `game.visibility`.
- Team mates are seen wherever they are; what they shoot is not.
- Who is out until the round ends only watches: he sees everything, as a spectator does (slot -1).
- Score cards, pads, flags and the circle are public, and so are deaths, medals and what becomes of
  a flag. A pad that empties or a flag that is taken says that somebody was there: that is the game.
- An event is told to those who see its place, or the body of its actor; a hit to those who see the
  victim, because its damage tells how far he is from a blast.
- Who hits somebody he does not see is told so, without the place; of a rail that comes out of the
  dark, only the part from where it can be seen.
"""

from collections.abc import Sequence
from itertools import compress
from operator import itemgetter
from typing import Final, NamedTuple

from attrs import define, evolve, field

from game.events import NOWHERE, Event, EventKind
from game.tuning import TILE_SHIFT, TILE_UNITS
from game.view import ALIVE, BODY_FIELDS, CARD_FIELDS, OWN_FIELDS, View
from game.world import NEVER_TICK

SLOT_BITS: Final = 8  # to a slot in a set of bodies: as a byte it is made fastest
NOBODY: Final = 128  # a slot that no set has
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
    """What a seat sees of a view: `SLOT_BITS` of each body's slot, and the numbers of shots."""

    bodies: int
    shots: tuple[int, ...]


@define(eq=False)
class Fog:
    """One view, and what each seat sees of it. `is_on` False: everybody sees everything."""

    view: View
    is_on: bool = True
    everything: Cut = field(init=False)
    _cuts: dict[int, Cut] = field(init=False, factory=dict)  # by slot, as they are asked for
    _tiles: dict[int, int] = field(init=False, factory=dict)  # by slot
    _friends: dict[int, int] = field(init=False, factory=dict)  # bodies by team
    _look: "itemgetter[tuple[int, ...]]" = field(init=False)  # at all slots from 0 on
    _look_at_shots: "itemgetter[tuple[int, ...]]" = field(init=False)
    _located: list[tuple[Event, int, int]] | None = field(init=False, default=None)

    def __attrs_post_init__(self) -> None:
        """Find out on which tiles everything is."""
        view = self.view
        bodies = view.bodies
        everybody = sum([1 << slot * SLOT_BITS for slot in bodies])
        self.everything = Cut(everybody, tuple(view.shots))
        if view.visibility is None or not self.is_on:
            self.is_on = False
            return
        width = view.visibility.width
        tiles = self._tiles = {
            slot: (record[1] >> TILE_SHIFT) * width + (record[0] >> TILE_SHIFT)
            for slot, record in bodies.items()
        }
        last = max(tiles, default=0)
        # One more than there are: an itemgetter of one item would return no tuple.
        self._look = itemgetter(*[tiles.get(slot, DARK_TILE) for slot in range(last + 1)], 0)
        shots = [
            (record[1] >> TILE_SHIFT) * width + (record[0] >> TILE_SHIFT)
            for record in view.shots.values()
        ]
        self._look_at_shots = itemgetter(*shots, DARK_TILE, DARK_TILE)
        friends = self._friends
        for slot in bodies:
            team = view.cards[slot][_TEAM]
            if team:
                friends[team] = friends.get(team, 0) | 1 << slot * SLOT_BITS

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
        located = self._located
        if located is None:
            located = self._located = [self._locate(event) for event in view.events]
        assert view.visibility is not None
        row = view.visibility.row(self._tiles.get(slot, DARK_TILE))
        bodies, told = cut.bodies, []
        for event, tile, actor in located:
            if row[tile] or bodies >> actor & 1:
                told.append(event)
            elif event[0] == EventKind.HIT and event[_HIT_ATTACKER] == slot:
                told.append((*event[:5], NOWHERE, NOWHERE))
            elif event[0] == EventKind.RAIL:
                told += _lit_part(event, row, view.visibility.width)
        return told

    def seen_by(self, slot: int) -> View:
        """The view as a seat is told of it: what its reader has after a message."""
        view, cut = self.view, self.cut(slot)
        return evolve(
            view,
            bodies={
                other: record
                for other, record in view.bodies.items()
                if cut.bodies >> other * SLOT_BITS & 1
            },
            shots={number: view.shots[number] for number in cut.shots},
            own={slot: view.own.get(slot, (0,) * len(OWN_FIELDS))} if slot >= 0 else {},
            events=list(self.events(slot)),
        )

    def _cut(self, slot: int) -> Cut:
        view = self.view
        if slot < 0 or not self.is_on:
            return self.everything
        body = view.bodies.get(slot)
        if body is None or view.visibility is None:
            return Cut(0, ())
        if not body[_STATUS] & ALIVE and view.own[slot][_RESPAWN] >= NEVER_TICK:
            return self.everything
        row = view.visibility.row(self._tiles[slot])
        bodies = int.from_bytes(bytes(self._look(row)), "little") | 1 << slot * SLOT_BITS
        if self._friends:
            bodies |= self._friends.get(view.cards[slot][_TEAM], 0)
        if not view.shots:
            return Cut(bodies, ())
        return Cut(bodies, tuple(compress(view.shots, self._look_at_shots(row))))

    def _locate(self, event: Event) -> tuple[Event, int, int]:
        """(the event, the tile that it is seen on, the bit of its actor in a set of bodies)"""
        visibility = self.view.visibility
        assert visibility is not None
        kind = event[0]
        if kind in PUBLIC:
            return event, visibility.public_tile, NOBODY * SLOT_BITS
        place, actor = PLACES[kind]
        slot = event[actor] if actor else NOBODY
        if place:
            x, y = event[place] >> TILE_SHIFT, event[place + 1] >> TILE_SHIFT
            return event, y * visibility.width + x, slot * SLOT_BITS
        return event, self._tiles.get(slot, DARK_TILE), slot * SLOT_BITS


def _lit_part(rail: Event, row: bytes, width: int) -> list[Event]:
    """A rail from where it comes into sight; none when all of it is in the dark."""
    kind, slot, x, y, x2, y2 = rail
    steps = max(abs(x2 - x), abs(y2 - y)) // TILE_UNITS + 1
    for step in range(1, steps + 1):
        at_x, at_y = x + (x2 - x) * step // steps, y + (y2 - y) * step // steps
        if row[(at_y >> TILE_SHIFT) * width + (at_x >> TILE_SHIFT)]:
            return [(kind, slot, at_x, at_y, x2, y2)]
    return []
