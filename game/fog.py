"""Fog of war: each seat is sent what it can see of a view, and no more.

Owns: what a seat is sent and what is withheld from it. Must not know: bytes, bases, sockets.
Invariants: what a seat is sent is a function of the view and the slot alone; none of it reveals the
place of a body or a shot that is out of sight.

Who sees what:

- A player, alive or dead, sees the tiles that `game.visibility` lists for their own tile.
- Teammates are seen wherever they are; their shots only when in sight.
- A player who is out until the round ends only watches, and sees everything, as does a spectator
  (slot -1).
- A pad is seen when its tile is: players elsewhere do not learn who takes what there.
- Score cards, flags and the circle are public, and so are deaths, medals and flag events. A taken
  flag reveals that somebody was there; that is part of the game.
- An event is sent to seats that see its place or the body of its actor. A hit is sent to those that
  see the victim, because its damage reveals the victim's distance from a blast.
- An attacker who hits a player out of sight is sent the hit without its place. A rail shot from out
  of sight is sent only from the point where it becomes visible.
"""

from dataclasses import replace
from typing import Final

from mypy_extensions import i64, mypyc_attr

from game.bits import all_of, set_bits
from game.events import NOWHERE, Event, EventKind
from game.records import ALIVE, Body, BySlot, Own, by_slot
from game.tuning import TILE_SHIFT, TILE_UNITS
from game.view import View
from game.visibility import Outlook, Tiles, Visibility
from game.world import NEVER_TICK

NOBODY: Final = -1  # instead of a slot
DARK_X: Final = 0  # the map's corner, always a wall: it neither sees nor is seen
DARK_Y: Final = 0

PUBLIC: Final = frozenset(
    {EventKind.KILL, EventKind.PHASE, EventKind.MEDAL, EventKind.FLAG, EventKind.CIRCLE}
    | {EventKind.OUT}
)
# The indices in an event of its place and its actor's slot; 0: it has none.
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
_HIT_ATTACKER: Final = 2


@mypyc_attr(acyclic=True)
class Cut:
    """The visible part of a view: a bit for each slot, for each of `Fog.shot_numbers`, and for each
    pad.
    """

    __slots__ = ("bodies", "pads", "shots")

    def __init__(self, bodies: int, shots: int, pads: int) -> None:
        """It never changes."""
        self.bodies = bodies
        self.shots = shots
        self.pads = pads


class SeenEvent:
    """An event as a seat is sent it, with room for its encoding, which is made once."""

    __slots__ = ("encoded", "event", "size")

    def __init__(self, event: Event) -> None:
        """Not encoded yet."""
        self.event = event
        self.encoded = b""
        self.size: i64 = 0  # number of integers in `encoded`


class Fog:
    """One view, and what each seat sees of it. `is_on` False: everybody sees everything."""

    def __init__(self, view: View, is_on: bool = True) -> None:
        """Cuts are computed on demand."""
        self.view = view
        # Sorted, which reveals nothing; the view's order is the order in which they were fired.
        self.shot_numbers = sorted(view.shots)
        self.flights = [view.shots[number] for number in self.shot_numbers]
        bodies = 0
        for slot, body in enumerate(view.bodies.rows):
            if body is not None:
                bodies |= 1 << slot
        self.slot_count = len(view.bodies.rows)  # more than the highest slot of a body
        self.everything = Cut(bodies, all_of(len(view.shots)), all_of(len(view.pads)))
        self._visibility: Visibility | None = view.visibility if is_on else None
        self._cuts: list[Cut | None] = []  # by slot
        self._friends: dict[int, int] = {}  # the bits of its players' slots, by team
        self._event_filter: EventFilter | None = None
        self._tiles = Tiles()  # of bodies, by slot
        self._shot_tiles = Tiles()  # in the order of `shot_numbers`
        if self._visibility is not None:
            self._find_tiles()
        if view.teams and self._visibility is not None:
            for slot, body in enumerate(view.bodies.rows):
                if body is not None and (team := view.cards[slot].team):
                    self._friends[team] = self._friends.get(team, 0) | 1 << slot

    def cut(self, slot: int) -> Cut:
        """The part that a seat sees; -1 is a spectator. A seat without a body sees nothing."""
        if not 0 <= slot < len(self._cuts):
            return self._cut(slot)
        cut = self._cuts[slot]
        if cut is None:
            cut = self._cuts[slot] = self._cut(slot)
        return cut

    def events(self, slot: int) -> list[SeenEvent]:
        """The events that a seat is sent, in order."""
        cut = self.cut(slot)
        if self._event_filter is None:
            self._event_filter = EventFilter(self.view)
        visibility = self._visibility
        if visibility is None or cut is self.everything or not self.view.events:
            return self._event_filter.events
        return self._event_filter.told(slot, self._outlook(visibility, slot), cut.bodies)

    def seen_by(self, slot: int) -> View:
        """The view as a seat receives it: what its reader holds after a message."""
        view, cut = self.view, self.cut(slot)
        shots = {self.shot_numbers[place] for place in set_bits(cut.shots)}
        return replace(
            view,
            bodies=by_slot({other: view.bodies[other] for other in set_bits(cut.bodies)}),
            shots={number: shot for number, shot in view.shots.items() if number in shots},
            pads={index: pad for index, pad in view.pads.items() if cut.pads >> index & 1},
            own=by_slot({slot: view.own.get(slot) or Own()} if slot >= 0 else {}),
            events=[seen.event for seen in self.events(slot)],
        )

    def _cut(self, slot: int) -> Cut:
        view, visibility = self.view, self._visibility
        if slot < 0 or visibility is None:
            return self.everything
        body = view.bodies.rows[slot] if slot < self.slot_count else None
        if body is None:
            return Cut(0, 0, 0)
        if not body.status & ALIVE and view.own[slot].respawn_tick >= NEVER_TICK:
            return self.everything
        outlook = self._outlook(visibility, slot)
        seen = outlook.seen(self._tiles)
        if self._friends:
            seen |= self._friends.get(view.cards[slot].team, 0)
        return Cut(seen, outlook.seen(self._shot_tiles), outlook.pads)

    def _outlook(self, visibility: Visibility, slot: int) -> Outlook:
        """The outlook from a seat's body; without one, from the dark corner."""
        tiles = self._tiles
        if not 0 <= slot < len(tiles.columns):
            return visibility.outlook(DARK_X, DARK_Y)
        return visibility.outlook_from(tiles.columns[slot], tiles.rows[slot])

    def _find_tiles(self) -> None:
        view, tiles, shot_tiles = self.view, self._tiles, self._shot_tiles
        for _ in range(self.slot_count):
            tiles.add(DARK_X, DARK_Y)
        self._cuts = [None] * self.slot_count
        for slot, body in enumerate(view.bodies.rows):
            if body is not None:
                tiles.columns[slot] = body.x >> TILE_SHIFT
                tiles.rows[slot] = body.y >> TILE_SHIFT
        for shot in self.flights:
            shot_tiles.add(shot.x, shot.y)


class EventOrigin:
    """The position of an event, and its actor."""

    __slots__ = ("actor", "is_public", "is_somewhere", "x", "y")

    def __init__(self, event: Event, bodies: BySlot[Body]) -> None:
        """`bodies` are those of the same view."""
        self.is_public = event[0] in PUBLIC
        self.is_somewhere = False
        self.x: i64 = 0  # in units
        self.y: i64 = 0
        self.actor = NOBODY  # a slot that has a body
        if self.is_public:
            return
        place, actor = PLACES[event[0]]
        body = bodies.get(event[actor]) if actor else None
        if body is not None:
            self.actor = event[actor]
        if place:
            self.is_somewhere = True
            self.x = event[place]
            self.y = event[place + 1]
        elif body is not None:
            self.is_somewhere = True
            self.x = body.x
            self.y = body.y


class EventFilter:
    """The events of one view, and which of them each seat is sent."""

    def __init__(self, view: View) -> None:
        """Events are located on demand: a seat that sees everything needs no places."""
        self.events = [SeenEvent(event) for event in view.events]
        self._bodies = view.bodies
        self._places: list[EventOrigin] = []

    def told(self, slot: int, outlook: Outlook, bodies: int) -> list[SeenEvent]:
        """The events sent to a seat that sees these bodies."""
        if not self._places:
            self._places = [EventOrigin(seen.event, self._bodies) for seen in self.events]
        told: list[SeenEvent] = []
        for index, seen in enumerate(self.events):
            place = self._places[index]
            event = seen.event
            is_told = place.is_public
            if not is_told and place.is_somewhere:
                is_told = outlook.has(place.x, place.y)
            if not is_told and place.actor >= 0:
                is_told = bodies >> place.actor & 1 == 1
            if is_told:
                told.append(seen)
            elif event[0] == HIT and event[_HIT_ATTACKER] == slot:
                told.append(SeenEvent((*event[:5], NOWHERE, NOWHERE)))
            elif event[0] == RAIL:
                told += [SeenEvent(part) for part in _lit_part(event, outlook)]
        return told


def _lit_part(rail: Event, outlook: Outlook) -> list[Event]:
    """The part of a rail from where it comes into sight; none when all of it is in the dark.

    The candidate points lie at whole tiles from its end: counted from its start, they would reveal
    how far away that is.
    """
    kind, slot, x, y, x2, y2 = rail
    length = max(abs(x2 - x), abs(y2 - y), 1)
    for away in range(length // TILE_UNITS * TILE_UNITS, -1, -TILE_UNITS):
        at_x, at_y = x2 - (x2 - x) * away // length, y2 - (y2 - y) * away // length
        if outlook.has(at_x, at_y):
            return [(kind, slot, at_x, at_y, x2, y2)]
    return []
