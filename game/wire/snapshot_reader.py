"""The receiving side of `snapshot.py`: decodes messages into the view they were made from.

Owns: the replica of the last view. Must not know: sockets, whose view it is. Invariants: after a
message it equals the writer's view as this seat sees it, entity for entity; every player with a
body in it has a card; an invalid message raises `DecodeError` and changes nothing.
"""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from attrs import define, field

from game.events import EVENT_FIELDS, Event
from game.records import Body, Card, Flight, Own, Record, by_slot
from game.view import FLAG_FIELDS, PAD_FIELDS, TEAM_FIELDS, Rows, View, nothing
from game.wire.field_types import TICK_MAX
from game.wire.match_messages import DeltaSnapshot, FullSnapshot
from game.wire.strict import DecodeError

VALUE_MAX: Final = 2**53 - 1  # the browser's numbers are exact up to here
SLOT_MAX: Final = 127
NUMBER_MAX: Final = 2**31 - 1  # of a shot or pad
TEAM_MAX: Final = 127
STATE_SECTIONS_MAX: Final = 6
SIGHT_SECTIONS_MAX: Final = 7

_Row = tuple[int, ...]
_Integers = tuple[int, ...]
_T = TypeVar("_T")
_R = TypeVar("_R", bound=Record)
_Moving = TypeVar("_Moving", Body, Flight)

_EVENT_LENGTHS: Final = {int(kind): 1 + len(names) for kind, names in EVENT_FIELDS.items()}


@define
class SnapshotReader:
    """One connection's replica. `slot` is whose own record arrives; -1: none, a spectator."""

    slot: int = -1
    view: View = field(init=False, factory=nothing)
    own: Own = field(init=False, factory=Own)
    is_started: bool = field(init=False, default=False)  # a delta requires an earlier full snapshot

    def apply(self, message: FullSnapshot | DeltaSnapshot) -> View:
        """Apply a snapshot; return the new view. Raises `DecodeError`."""
        if isinstance(message, FullSnapshot):
            base, own, ticks, tick = nothing(), Own(), 0, message.tick
        elif not self.is_started:
            raise DecodeError("snapshot: a delta came before the first full one")
        else:
            base, own, ticks = self.view, self.own, message.ticks
            tick = base.tick + ticks
        if tick > TICK_MAX:
            raise DecodeError("snapshot: the tick is past the end of time")
        try:
            own = Own.of(_changed_whole(own.values(), message.own))
            view = View(
                tick=tick,
                own=by_slot({self.slot: own} if self.slot >= 0 else {}),
                **_known(base, _padded(message.state, STATE_SECTIONS_MAX)),
                **_seen(base, ticks, _padded(message.sight, SIGHT_SECTIONS_MAX)),
            )
        except IndexError:
            raise DecodeError("snapshot: a section ends in the middle of a record") from None
        if not set(view.bodies) <= set(view.cards):
            raise DecodeError("snapshot: a body without a player")
        self.view, self.own, self.is_started = view, own, True
        return view


def _padded(sections: tuple[_Integers, ...], most: int) -> tuple[_Integers, ...]:
    """Restore the empty sections that were left out at the end."""
    if len(sections) > most:
        raise DecodeError(f"snapshot: {len(sections)} sections, allowed {most}")
    return (*sections, *((),) * (most - len(sections)))


def _known(base: View, sections: tuple[_Integers, ...]) -> dict[str, Any]:
    """The new public fields of the `View`, by name."""
    cards, match, left, teams, flags, circle = sections
    remaining = _without(dict(base.cards.items()), left)
    return {
        "cards": by_slot(_records(remaining, cards, Card, SLOT_MAX)),
        "match": _changed_whole(base.match, match),
        "teams": _rows(dict(base.teams), teams, len(TEAM_FIELDS), TEAM_MAX),
        "flags": _rows(dict(base.flags), flags, len(FLAG_FIELDS), TEAM_MAX),
        "circle": _changed_whole(base.circle, circle),
    }


def _seen(base: View, ticks: int, sections: tuple[_Integers, ...]) -> dict[str, Any]:
    """The new fields of the `View` that depend on sight, by name."""
    bodies, shots, events, gone, hidden, pads, unseen = sections
    staying, flying = (
        _moved(dict(base.bodies.items()), ticks, hidden),
        _moved(base.shots, ticks, gone),
    )
    return {
        "bodies": by_slot(_records(staying, bodies, Body, SLOT_MAX)),
        "shots": _records(flying, shots, Flight, NUMBER_MAX),
        "events": _events(events),
        "pads": _rows(_without(base.pads, unseen), pads, len(PAD_FIELDS), NUMBER_MAX),
    }


def _without(entities: dict[int, _T], gone: _Integers) -> dict[int, _T]:
    """Copy `entities` without those in `gone`."""
    remaining = dict(entities)
    for key in gone:
        if remaining.pop(key, None) is None:
            raise DecodeError(f"snapshot: {key} is gone, but was not there")
    return remaining


def _moved(records: dict[int, _Moving], ticks: int, gone: _Integers) -> dict[int, _Moving]:
    """Move `records` to where they are predicted, without those in `gone`."""
    moved = _without(records, gone)
    for key, record in moved.items():
        if record.vx or record.vy:
            moved[key] = there = type(record).of(record.values())
            there.x += ticks * there.vx
            there.y += ticks * there.vy
    return moved


def _records(
    records: dict[int, _R], changes: _Integers, kind: type[_R], key_max: int
) -> dict[int, _R]:
    """`records` with the section `[key, mask, difference, …]` applied, ascending by key."""
    nothing = kind()
    return _applied(
        records,
        changes,
        key_max,
        lambda record: (record or nothing).values(),
        kind.of,
    )


def _rows(rows: Rows, changes: _Integers, width: int, key_max: int) -> Rows:
    """Do the same for rows, whose fields have no names."""
    nothing = (0,) * width
    return _applied(rows, changes, key_max, lambda row: row or nothing, tuple)


def _applied(
    entities: dict[int, _T],
    changes: _Integers,
    key_max: int,
    values_of: Callable[[_T | None], _Row],
    made_of: Callable[[_Row], _T],
) -> dict[int, _T]:
    index, is_new = 0, False
    while index < len(changes):
        key = changes[index]
        entity = entities.get(key)
        if entity is None:
            if not 0 <= key <= key_max:
                raise DecodeError(f"snapshot: no entity can be number {key}")
            is_new = True
        changed, index = _changed(values_of(entity), changes, index + 1)
        entities[key] = made_of(changed)
    return dict(sorted(entities.items())) if is_new else entities


def _changed(record: _Row, changes: _Integers, index: int) -> tuple[_Row, int]:
    """`record` with `[mask, difference, …]` at `index` applied, and the index after it."""
    mask = changes[index]
    if not 0 <= mask < 1 << len(record):
        raise DecodeError(f"snapshot: a mask of {mask} for {len(record)} fields")
    values = list(record)
    while mask:
        lowest = mask & -mask
        index += 1
        place = lowest.bit_length() - 1
        value = values[place] + changes[index]
        if not -VALUE_MAX <= value <= VALUE_MAX:
            raise DecodeError("snapshot: a value beyond 2**53")
        values[place] = value
        mask ^= lowest
    return tuple(values), index + 1


def _changed_whole(record: _Row, changes: _Integers) -> _Row:
    """Apply a section that holds one record or nothing: the match, the circle, the own record."""
    if not changes:
        return record
    changed, end = _changed(record, changes, 0)
    if end != len(changes):
        raise DecodeError("snapshot: a section goes on after its record")
    return changed


def _events(section: _Integers) -> list[Event]:
    events: list[Event] = []
    index = 0
    while index < len(section):
        length, kind = section[index], section[index + 1]
        if _EVENT_LENGTHS.get(kind) != length or index + 1 + length > len(section):
            raise DecodeError(f"snapshot: an event of kind {kind} and length {length}")
        events.append(section[index + 1 : index + 1 + length])
        index += 1 + length
    return events
