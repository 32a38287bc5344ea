"""Snapshots as deltas against what the receiver predicts, encoded once per base and spliced.

A snapshot message is `[number, ticks, margin, own, state]` (a full one carries the absolute tick
instead of `ticks` and is a delta against nothing, that is, against all zeros and no entities).

`state` is an array of sections, in this order, with empty ones at the end left out:

    players  [slot, mask, difference, …,  slot, mask, difference, …]   over PLAYER_FIELDS
    shots    [number, mask, difference, …]                              over SHOT_FIELDS
    gone     [number, …]                shots of the base that exist no more
    events   [length, kind, field, …]   since the base, oldest first; length counts kind and fields
    pads     [index, mask, difference, …]                               over PAD_FIELDS
    match    [mask, difference, …]                                      over MATCH_FIELDS
    left     [slot, …]                  players of the base that are in the match no more
    teams    [team, mask, difference, …]                                over TEAM_FIELDS
    flags    [team, mask, difference, …]                                over FLAG_FIELDS
    circle   [mask, difference, …]                                      over CIRCLE_FIELDS

`own` is `[]` (nothing changed) or `[mask, difference, …]` over OWN_FIELDS against the own part of
the same base; where a view has no own part of a slot, it counts as all zeros.

Every difference is `value - predicted`. Prediction over n ticks: x += n * vx, y += n * vy for
players and shots; everything else stays. A new entity is predicted as all zeros, and is always
written, with mask 0 if it is all zeros. An old entity that did what was predicted costs nothing.
Bit i of a mask is field i; differences follow in field order. Pads, teams and flags never go away
within a round.

The base is the last snapshot written to that socket (TCP keeps order, so nothing is acknowledged).
Bases older than `history_ticks` are forgotten: such a seat gets a full snapshot, and of the events
only those of the last view. At most EVENTS_MAX events go into one message; the oldest are dropped.
"""

from collections.abc import Mapping
from typing import Final

import cbor2
from attrs import define, field

from game.events import Event
from game.view import MATCH_FIELDS, OWN_FIELDS, View
from game.wire.codec import message_number
from game.wire.messages import Channel, Sender
from game.wire.snapshot_reader import SnapshotReader

__all__ = ["EVENTS_MAX", "HISTORY_TICKS_MAX", "SnapshotReader", "SnapshotWriter"]

EVENTS_MAX: Final = 256
HISTORY_TICKS_MAX: Final = 255  # the field `ticks` of the message goes so far

_Record = tuple[int, ...]
_Records = Mapping[int, _Record]

_NOTHING: Final = View(0, {}, {}, {}, (0,) * len(MATCH_FIELDS), {}, [])  # the base of a full one
_NO_OWN: Final = (0,) * len(OWN_FIELDS)
_LIVELY: Final = 5  # x, y, vx, vy and aim change all the time, what follows them seldom
_EMPTY: Final = cbor2.dumps([])
_FIVE: Final = b"\x85"  # an array of five values
_SNAPSHOT_HEAD: Final = _FIVE + cbor2.dumps(
    message_number(Channel.MATCH, Sender.SERVER, "snapshot")
)
_FULL_HEAD: Final = _FIVE + cbor2.dumps(message_number(Channel.MATCH, Sender.SERVER, "full"))
_MARGINS: Final = {margin: cbor2.dumps(margin) for margin in range(-128, 128)}


@define
class SnapshotWriter:
    """Keeps the views of the last `history_ticks` and writes the newest against any of them."""

    history_ticks: int
    _view: View = _NOTHING
    _history: dict[int, View] = field(init=False, factory=dict)  # by tick, oldest first
    # Of the newest view, by base: the message up to `ticks`, the encoded `state`, and the base.
    _parts: dict[int | None, tuple[bytes, bytes, View]] = field(init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        """A base that `ticks` cannot name must never be kept."""
        assert 0 < self.history_ticks <= HISTORY_TICKS_MAX

    def push(self, view: View) -> None:
        """Make `view` the newest; it must never change afterwards."""
        tick = view.tick
        history = self._history
        assert tick > self._view.tick or not history, "views are pushed in order of their ticks"
        self.forget_before(tick - self.history_ticks)
        history[tick] = self._view = view
        self._parts.clear()

    def forget_before(self, tick: int) -> None:
        """No seat has a base older than this any more.

        With seats that keep up there is one base, and the memory of a view is used again by the
        next one instead of cold memory for a second's worth of them.
        """
        history = self._history
        for past in list(history):
            if past >= tick:
                break
            del history[past]

    def message(self, slot: int, base_tick: int | None, margin: int) -> bytes:
        """The newest view for a seat (-1: a spectator) whose last snapshot was `base_tick`.

        A full one if that base is None or forgotten.
        """
        head, state, base = self._parts.get(base_tick) or self._encode(base_tick)
        now = self._view.own.get(slot, _NO_OWN)
        was = base.own.get(slot, _NO_OWN)
        if now == was:
            return head + _MARGINS[margin] + _EMPTY + state
        return head + _MARGINS[margin] + cbor2.dumps(_difference(now, was)) + state

    def state(self, base_tick: int | None) -> bytes:
        """The encoded shared array against this base; made once per view."""
        return (self._parts.get(base_tick) or self._encode(base_tick))[1]

    def _encode(self, base_tick: int | None) -> tuple[bytes, bytes, View]:
        view = self._view
        base = _NOTHING if base_tick is None else self._history.get(base_tick, _NOTHING)
        if base_tick is None or base is _NOTHING:
            head = _FULL_HEAD + cbor2.dumps(view.tick)
            sections = _sections(view, _NOTHING, 0, view.events)
        else:
            ticks = view.tick - base_tick
            assert ticks > 0, "a view is no base of itself"
            head = _SNAPSHOT_HEAD + cbor2.dumps(ticks)
            sections = _sections(view, base, ticks, self._events(base_tick))
        parts = self._parts[base_tick] = (head, cbor2.dumps(sections), base)
        return parts

    def _events(self, base_tick: int) -> list[Event]:
        events: list[Event] = []
        for tick, view in reversed(self._history.items()):
            if tick == base_tick or len(events) >= EVENTS_MAX:
                break
            events[:0] = view.events
        return events


def _sections(view: View, base: View, ticks: int, events: list[Event]) -> list[list[int]]:
    assert base.pads.keys() <= view.pads.keys(), "pads never go away within a round"
    sections = [
        _moving(view.players, base.players, ticks),
        _moving(view.shots, base.shots, ticks),
        [number for number in base.shots if number not in view.shots],
        _flat_events(events[-EVENTS_MAX:]),
        [] if view.pads == base.pads else _resting(view.pads, base.pads),
        [] if view.match == base.match else _difference(view.match, base.match),
        [slot for slot in base.players if slot not in view.players],
        [] if view.teams == base.teams else _resting(view.teams, base.teams),
        [] if view.flags == base.flags else _resting(view.flags, base.flags),
        [] if view.circle == base.circle else _difference(view.circle, base.circle),
    ]
    while sections and not sections[-1]:
        sections.pop()
    return sections


def _moving(records: _Records, base: _Records, ticks: int) -> list[int]:
    """Changes against where x, y go by vx, vy: the hottest loop of the wire."""
    changes: list[int] = []
    for key, now in records.items():
        was = base.get(key)
        if was is None:
            changes.append(key)
            changes += _difference(now, (0,) * len(now))
            continue
        start = len(changes)
        changes.append(key)
        changes.append(0)  # becomes the mask
        mask = 0
        if (off := now[0] - was[0] - ticks * was[2]) != 0:
            mask = 1
            changes.append(off)
        if (off := now[1] - was[1] - ticks * was[3]) != 0:
            mask |= 2
            changes.append(off)
        if (off := now[2] - was[2]) != 0:
            mask |= 4
            changes.append(off)
        if (off := now[3] - was[3]) != 0:
            mask |= 8
            changes.append(off)
        if (off := now[4] - was[4]) != 0:
            mask |= 16
            changes.append(off)
        if now[_LIVELY:] != was[_LIVELY:]:
            mask |= _seldom(now, was, changes)
        if mask:
            changes[start + 1] = mask
        else:
            del changes[start:]
    return changes


def _seldom(now: _Record, was: _Record, changes: list[int]) -> int:
    """Append the differences of the fields that rarely change; their part of the mask."""
    mask, bit = 0, 1 << _LIVELY
    for value, expected in zip(now[_LIVELY:], was[_LIVELY:], strict=True):
        if value != expected:
            mask |= bit
            changes.append(value - expected)
        bit += bit
    return mask


def _resting(records: _Records, base: _Records) -> list[int]:
    changes: list[int] = []
    for key, now in records.items():
        was = base.get(key)
        if now != was:
            changes.append(key)
            changes += _difference(now, was or (0,) * len(now))
    return changes


def _difference(now: _Record, predicted: _Record) -> list[int]:
    """`[mask, difference, …]`"""
    mask, bit, changes = 0, 1, [0]
    for value, expected in zip(now, predicted, strict=True):
        if value != expected:
            mask |= bit
            changes.append(value - expected)
        bit += bit
    changes[0] = mask
    return changes


def _flat_events(events: list[Event]) -> list[int]:
    flat: list[int] = []
    for event in events:
        flat.append(len(event))
        flat += event
    return flat
