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

from dataclasses import replace
from typing import Final

from game.events import NOWHERE, Event, EventKind
from game.tuning import TILE_SHIFT, TILE_UNITS
from game.view import ALIVE, BODY_FIELDS, CARD_FIELDS, OWN_FIELDS, View
from game.visibility import Visibility
from game.world import NEVER_TICK

NOBODY: Final = -1  # in the place of a slot
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

HIT: Final = int(EventKind.HIT)
RAIL: Final = int(EventKind.RAIL)
_TEAM: Final = CARD_FIELDS.index("team")
_STATUS: Final = BODY_FIELDS.index("status")
_RESPAWN: Final = OWN_FIELDS.index("respawn_tick")
_HIT_ATTACKER: Final = 2


class Cut:
    """What a seat sees of a view: 1 or 0 for each slot, and for each of `Fog.shot_numbers`; for
    each pad a bit.
    """

    __slots__ = ("bodies", "pads", "shots")

    def __init__(self, bodies: list[int], shots: list[int], pads: int) -> None:
        """Nothing of it is copied, or ever changes."""
        self.bodies = bodies
        self.shots = shots
        self.pads = pads


class Fog:
    """One view, and what each seat sees of it. `is_on` False: everybody sees everything."""

    def __init__(self, view: View, is_on: bool = True) -> None:
        """Find out on which tiles everything is."""
        self.view = view
        bodies = view.bodies
        slots = range(max(bodies, default=-1) + 1)
        # Ascending, which tells nothing: the order of the view is that in which they were fired.
        self.shot_numbers = sorted(view.shots)
        self.everything = Cut(
            [1 if slot in bodies else 0 for slot in slots],
            [1] * len(self.shot_numbers),
            (1 << len(view.pads)) - 1,
        )
        self._visibility: Visibility | None = view.visibility if is_on else None
        self._tiles: list[int] = []  # by slot
        self._shot_tiles: list[int] = []  # as `shot_numbers`
        self._friends: dict[int, list[int]] = {}  # slots by team
        self._cuts: list[Cut | None] = [None] * len(slots)  # by slot, as they are asked for
        self._happenings: Happenings | None = None
        if self._visibility is None:
            return
        width = self._visibility.width
        self._tiles = [DARK_TILE] * len(slots)
        for slot, body in bodies.items():
            self._tiles[slot] = (body[1] >> TILE_SHIFT) * width + (body[0] >> TILE_SHIFT)
        for number in self.shot_numbers:
            shot = view.shots[number]
            self._shot_tiles.append((shot[1] >> TILE_SHIFT) * width + (shot[0] >> TILE_SHIFT))
        if view.teams:
            for slot in bodies:
                if team := view.cards[slot][_TEAM]:
                    self._friends.setdefault(team, []).append(slot)

    def cut(self, slot: int) -> Cut:
        """What a seat sees; -1 is a spectator. A seat without a body sees nothing."""
        if not 0 <= slot < len(self._cuts):
            return self._cut(slot)
        cut = self._cuts[slot]
        if cut is None:
            cut = self._cuts[slot] = self._cut(slot)
        return cut

    def events(self, slot: int) -> list[Event]:
        """What a seat is told of what happened, in order."""
        view = self.view
        cut = self.cut(slot)
        visibility = self._visibility
        if visibility is None or cut is self.everything or not view.events:
            return view.events
        if self._happenings is None:
            self._happenings = Happenings(view, visibility, self._tiles)
        tile = self._tiles[slot] if 0 <= slot < len(self._tiles) else DARK_TILE
        return self._happenings.told(slot, visibility.row(tile), cut.bodies)

    def seen_by(self, slot: int) -> View:
        """The view as a seat is told of it: what its reader has after a message."""
        view, cut = self.view, self.cut(slot)
        numbers = zip(self.shot_numbers, cut.shots, strict=True)
        shots = {number for number, is_seen in numbers if is_seen}
        return replace(
            view,
            bodies={other: record for other, record in view.bodies.items() if cut.bodies[other]},
            shots={number: shot for number, shot in view.shots.items() if number in shots},
            pads={index: pad for index, pad in view.pads.items() if cut.pads >> index & 1},
            own={slot: view.own.get(slot, (0,) * len(OWN_FIELDS))} if slot >= 0 else {},
            events=list(self.events(slot)),
        )

    def _cut(self, slot: int) -> Cut:
        view, visibility = self.view, self._visibility
        if slot < 0 or visibility is None:
            return self.everything
        body = view.bodies.get(slot)
        if body is None:
            return Cut([0] * len(self._tiles), [0] * len(self._shot_tiles), 0)
        if not body[_STATUS] & ALIVE and view.own[slot][_RESPAWN] >= NEVER_TICK:
            return self.everything
        tile = self._tiles[slot]
        row = visibility.row(tile)
        bodies = [row[other] for other in self._tiles]
        if self._friends:
            for friend in self._friends.get(view.cards[slot][_TEAM], ()):
                bodies[friend] = 1
        pads = visibility.pads_from(tile, view.pad_tiles, len(view.pads)) if view.pads else 0
        return Cut(bodies, [row[other] for other in self._shot_tiles], pads)


class Happenings:
    """The events of one view, where they happened, and by whom."""

    def __init__(self, view: View, visibility: Visibility, tiles: list[int]) -> None:
        """`tiles` of the bodies are by slot."""
        self._events = view.events
        self._width = visibility.width
        self._tiles: list[int] = []  # that an event is seen on
        self._actors: list[int] = []  # slots
        for event in view.events:
            kind = event[0]
            tile, actor = visibility.public_tile, NOBODY
            if kind not in PUBLIC:
                place, actor = PLACES[kind]
                actor = event[actor] if actor and event[actor] in view.bodies else NOBODY
                if place:
                    tile = visibility.tile_at(event[place], event[place + 1])
                else:
                    tile = tiles[actor] if actor >= 0 else DARK_TILE
            self._tiles.append(tile)
            self._actors.append(actor)

    def told(self, slot: int, row: bytes, bodies: list[int]) -> list[Event]:
        """What a seat is told that sees these tiles and bodies."""
        told: list[Event] = []
        for index, event in enumerate(self._events):
            actor = self._actors[index]
            if row[self._tiles[index]] or (actor >= 0 and bodies[actor]):
                told.append(event)
            elif event[0] == HIT and event[_HIT_ATTACKER] == slot:
                told.append((*event[:5], NOWHERE, NOWHERE))
            elif event[0] == RAIL:
                told += _lit_part(event, row, self._width)
        return told


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
