"""Snapshots as deltas against what the receiver predicts: each entity is encoded once for each
base, and each seat's message is spliced from what it sees.

A snapshot message is `[number, ticks, margin, own, state, sight]` (a full one carries the absolute
tick instead of `ticks` and is a delta against nothing, that is, against all zeros and no entities).

`state` is what everybody knows, an array of sections in this order, with empty ones at the end left
out:

    cards    [slot, mask, difference, …,  slot, mask, difference, …]   over CARD_FIELDS
    match    [mask, difference, …]                                      over MATCH_FIELDS
    left     [slot, …]                  players of the base that are in the match no more
    teams    [team, mask, difference, …]                                over TEAM_FIELDS
    flags    [team, mask, difference, …]                                over FLAG_FIELDS
    circle   [mask, difference, …]                                      over CIRCLE_FIELDS

`sight` is what this seat sees (`game.fog` decides), in the same way:

    bodies   [slot, mask, difference, …]                                over BODY_FIELDS
    shots    [number, mask, difference, …]                              over SHOT_FIELDS, see
                                                                        `shot_numbers.py`
    events   [length, kind, field, …]   since the base, oldest first; length counts kind and fields
    gone     [number, …]                shots of the base that are in sight no more, or nowhere
    hidden   [slot, …]                  bodies of the base that are in sight no more, or nowhere
    pads     [index, mask, difference, …]                               over PAD_FIELDS
    unseen   [index, …]                 pads of the base that are in sight no more

`own` is `[]` (nothing changed) or `[mask, difference, …]` over OWN_FIELDS against the own part of
the same base; where a view has no own part of a slot, it counts as all zeros.

Every difference is `value - predicted`. Prediction over n ticks: x += n * vx, y += n * vy for
bodies and shots; everything else stays. A new entity, or one that comes into sight, is predicted as
all zeros, and is always written, with mask 0 if it is all zeros. An old entity that did what was
predicted costs nothing. Bit i of a mask is field i; differences follow in field order. Teams and
flags never go away within a round; within a section the order of entities means nothing.

The base is the last snapshot written to that socket (TCP keeps order, so nothing is acknowledged),
and what the seat saw in it: that is a function of the base's view and the slot. Bases older than
`history_ticks` are forgotten: such a seat gets a full snapshot, and of the events only those of the
last view. At most EVENTS_MAX events go into one message; the oldest are dropped.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import cbor2

from game.events import Event
from game.fog import Fog
from game.view import MATCH_FIELDS, OWN_FIELDS, View
from game.wire import deltas
from game.wire.codec import message_number
from game.wire.deltas import EMPTY, Run, array
from game.wire.messages import Channel, Sender
from game.wire.snapshot_reader import SnapshotReader

__all__ = ["EVENTS_MAX", "HISTORY_TICKS_MAX", "SnapshotReader", "SnapshotWriter"]

EVENTS_MAX: Final = 256
HISTORY_TICKS_MAX: Final = 255  # the field `ticks` of the message goes so far

_NO_OWN: Final = (0,) * len(OWN_FIELDS)
_SIX: Final = b"\x86"  # an array of six values
_SNAPSHOT: Final = message_number(Channel.MATCH, Sender.SERVER, "snapshot")
_FULL: Final = message_number(Channel.MATCH, Sender.SERVER, "full")
_SNAPSHOT_HEAD: Final = _SIX + cbor2.dumps(_SNAPSHOT)
_FULL_HEAD: Final = _SIX + cbor2.dumps(_FULL)
MARGIN_MIN: Final = -128
_MARGINS: Final = [cbor2.dumps(margin) for margin in range(MARGIN_MIN, 128)]


def _nothing() -> View:
    """The base of a full one."""
    return View(0, {}, {}, {}, {}, (0,) * len(MATCH_FIELDS), {}, [])


class SnapshotWriter:
    """Keeps the views of the last `history_ticks` and writes the newest against any of them. `fog`
    False: everybody sees everything.
    """

    def __init__(self, history_ticks: int, fog: bool = True) -> None:
        """A base that `ticks` cannot name must never be kept."""
        assert 0 < history_ticks <= HISTORY_TICKS_MAX
        self.history_ticks = history_ticks
        self.fog = fog
        self._nothing = Fog(_nothing())
        self._newest = Newest(self._nothing)
        self._history: dict[int, Fog] = {}  # by tick, oldest first
        self._splices: dict[int | None, Splice] = {}  # of the newest, by base

    def push(self, view: View) -> None:
        """Make `view` the newest; it must never change afterwards."""
        tick = view.tick
        history = self._history
        is_later = tick > self._newest.fog.view.tick
        assert is_later or not history, "views are pushed in order of their ticks"
        self.forget_before(tick - self.history_ticks)
        history[tick] = fog = Fog(view, self.fog)
        self._newest = Newest(fog)
        self._splices.clear()

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
            self._splices.pop(past, None)

    def message(self, slot: int, base_tick: int | None, margin: int) -> bytes:
        """The newest view for a seat (-1: a spectator) whose last snapshot was `base_tick`.

        A full one if that base is None or forgotten.
        """
        splice = self._splices.get(base_tick) or self._splice(base_tick)
        now = splice.own.get(slot, _NO_OWN)
        was = splice.base_own.get(slot, _NO_OWN)
        own = EMPTY if now == was else deltas.integers(deltas.difference(now, was))
        parts = [splice.head, _MARGINS[margin - MARGIN_MIN], own, splice.state, splice.sight(slot)]
        return b"".join(parts)

    def state(self, base_tick: int | None) -> bytes:
        """The encoded shared array against this base; made once per view."""
        return (self._splices.get(base_tick) or self._splice(base_tick)).state

    def _splice(self, base_tick: int | None) -> "Splice":
        fog = self._newest.fog
        base = None if base_tick is None else self._history.get(base_tick)
        if base_tick is None or base is None:
            head = _FULL_HEAD + cbor2.dumps(fog.view.tick)
            splice = Splice(self._newest, self._nothing, 0, head, (fog,))
        else:
            ticks = fog.view.tick - base_tick
            assert ticks > 0, "a view is no base of itself"
            head = _SNAPSHOT_HEAD + cbor2.dumps(ticks)
            splice = Splice(self._newest, base, ticks, head, self._since(base_tick))
        self._splices[base_tick] = splice
        return splice

    def _since(self, base_tick: int) -> Sequence[Fog]:
        """The views after a base in which something happened, oldest first.

        All of them: a seat that is told of few events must not lose those to hidden ones.
        """
        return [fog for tick, fog in self._history.items() if tick > base_tick and fog.view.events]


class Newest:
    """The view that is being written, and what all bases share of it: entities that come into
    sight, and events.
    """

    def __init__(self, fog: Fog) -> None:
        """Nothing is encoded before it is asked for."""
        self.fog = fog
        self._bodies: dict[int, Run] = {}  # by slot
        self._shots: dict[int, Run] = {}  # by number
        self._events: dict[Event, Run] = {}

    def body(self, slot: int) -> Run:
        """A body that comes into sight."""
        run = self._bodies.get(slot)
        if run is None:
            body = self.fog.view.bodies[slot]
            run = self._bodies[slot] = deltas.run(deltas.anew(slot, body))
        return run

    def shot(self, number: int) -> Run:
        """A shot that comes into sight."""
        run = self._shots.get(number)
        if run is None:
            shot = self.fog.view.shots[number]
            run = self._shots[number] = deltas.run(deltas.anew(number, shot))
        return run

    def pad(self, index: int) -> Run:
        """A pad that comes into sight."""
        return _new_pad(index, self.fog.view.pads[index])

    def event(self, event: Event) -> Run:
        """Something that happened, now or while this seat was skipped."""
        run = self._events.get(event)
        if run is None:
            run = self._events[event] = deltas.run([len(event), *event])
        return run


class Splice:
    """The newest view against one base: what all seats share, and the pieces of what differs.

    A piece is a run of encoded integers, and beside it stands how many they are. `_shots_was` has
    for each shot its place among those of the base, or -1; `_shots_now` the other way round.
    """

    def __init__(
        self, newest: Newest, base: Fog, ticks: int, head: bytes, happened: Sequence[Fog]
    ) -> None:
        """Encode what everybody gets, and what moved otherwise than predicted."""
        view, before = newest.fog.view, base.view
        self.newest = newest
        self.base = base
        self.head = head  # of the message, up to `ticks`
        self.happened = happened  # the views since the base that may have events
        self.state = _state(view, before)
        self.own, self.base_own = view.own, before.own  # by slot
        self._open_sight = b""  # of those who see everything
        self._pads: dict[int, Run] = {}  # those that are not as they were, by index
        if view.pads != before.pads:
            for index, pad in view.pads.items():
                old = before.pads.get(index)
                if old is not None and pad != old:
                    self._pads[index] = deltas.run([index, *deltas.difference(pad, old)])
        self._bodies = [b""] * len(newest.fog.everything.bodies)  # nothing: it went as predicted
        self._body_counts = [0] * len(self._bodies)  # of integers
        for slot, body in view.bodies.items():
            was = before.bodies.get(slot)
            if was is not None and (changes := deltas.moved(slot, body, was, ticks)):
                self._bodies[slot], self._body_counts[slot] = deltas.run(changes)
        self._numbers, self._numbers_was = newest.fog.shot_numbers, base.shot_numbers
        places = {number: place for place, number in enumerate(self._numbers_was)}
        self._shots = [b""] * len(self._numbers)
        self._shot_counts = [0] * len(self._numbers)
        self._shots_was = [-1] * len(self._numbers)
        self._shots_now = [-1] * len(self._numbers_was)
        for place, number in enumerate(self._numbers):
            place_was = places.get(number, -1)
            if place_was >= 0:
                self._shots_was[place] = place_was
                self._shots_now[place_was] = place
                shot, shot_was = view.shots[number], before.shots[number]
                if changes := deltas.moved(number, shot, shot_was, ticks):
                    self._shots[place], self._shot_counts[place] = deltas.run(changes)

    def sight(self, slot: int) -> bytes:
        """What a seat sees, encoded."""
        newest, base = self.newest.fog, self.base
        now, was = newest.cut(slot), base.cut(slot)
        is_open = now is newest.everything and was is base.everything
        if is_open and self._open_sight:
            return self._open_sight
        bodies, hidden = self._see(now.bodies, was.bodies)
        shots = gone = EMPTY
        if now.shots or was.shots:
            shots, gone = self._fly(now.shots, was.shots)
        events = self._told(slot) if self.happened else EMPTY
        pads = unseen = EMPTY
        if now.pads != was.pads or self._pads:
            pads, unseen = self._stock(now.pads, was.pads)
        sight = _sections([bodies, shots, events, gone, hidden, pads, unseen])
        if is_open:
            self._open_sight = sight
        return sight

    def _see(self, now: list[int], was: list[int]) -> tuple[bytes, bytes]:
        """The sections of bodies and of those hidden."""
        parts: list[bytes] = []
        hidden: list[int] = []
        count, slot, slots_was = 0, 0, len(was)
        for is_seen in now:
            was_seen = was[slot] if slot < slots_was else 0
            if is_seen:
                values = self._body_counts[slot]
                if not was_seen:
                    encoded, values = self.newest.body(slot)
                    parts.append(encoded)
                elif values:
                    parts.append(self._bodies[slot])
                count += values
            elif was_seen:
                hidden.append(slot)
            slot += 1
        while slot < slots_was:
            if was[slot]:
                hidden.append(slot)
            slot += 1
        bodies = array(count, b"".join(parts)) if count else EMPTY
        return bodies, deltas.integers(hidden) if hidden else EMPTY

    def _fly(self, now: list[int], was: list[int]) -> tuple[bytes, bytes]:
        """The sections of shots and of those gone."""
        parts: list[bytes] = []
        count = 0
        for place, is_seen in enumerate(now):
            if not is_seen:
                continue
            place_was = self._shots_was[place]
            values = self._shot_counts[place]
            if place_was < 0 or not was[place_was]:
                encoded, values = self.newest.shot(self._numbers[place])
                parts.append(encoded)
            elif values:
                parts.append(self._shots[place])
            count += values
        gone: list[int] = []
        for place_was, was_seen in enumerate(was):
            if was_seen:
                place = self._shots_now[place_was]
                if place < 0 or not now[place]:
                    gone.append(self._numbers_was[place_was])
        shots = array(count, b"".join(parts)) if count else EMPTY
        return shots, deltas.integers(gone) if gone else EMPTY

    def _stock(self, now: int, was: int) -> tuple[bytes, bytes]:
        """The sections of pads and of those unseen."""
        came, left = now & ~was, was & ~now
        for index in self._pads:
            came |= now & was & 1 << index
        encoded, count = b"", 0
        while came:
            index = came.bit_length() - 1
            came ^= 1 << index
            run = self._pads[index] if was >> index & 1 else self.newest.pad(index)
            encoded, count = run[0] + encoded, run[1] + count
        return array(count, encoded) if count else EMPTY, _indices(left) if left else EMPTY

    def _told(self, slot: int) -> bytes:
        """The section of events: what a seat was told of in each view, the oldest dropped."""
        told: list[Event] = []
        for past in self.happened:
            told += past.events(slot)
        if len(told) > EVENTS_MAX:
            told = told[-EVENTS_MAX:]
        parts: list[bytes] = []
        count = 0
        for event in told:
            encoded, values = self.newest.event(event)
            parts.append(encoded)
            count += values
        return array(count, b"".join(parts)) if count else EMPTY


def _state(view: View, base: View) -> bytes:
    if (
        view.cards == base.cards
        and view.match == base.match
        and view.teams == base.teams
        and view.flags == base.flags
        and view.circle == base.circle
    ):
        return EMPTY  # nearly always, where nobody shoots
    sections = (
        deltas.resting(view.cards, base.cards),
        [] if view.match == base.match else deltas.difference(view.match, base.match),
        [slot for slot in base.cards if slot not in view.cards],
        deltas.resting(view.teams, base.teams),
        deltas.resting(view.flags, base.flags),
        [] if view.circle == base.circle else deltas.difference(view.circle, base.circle),
    )
    return cbor2.dumps(deltas.without_empty_end(sections))


def _sections(encoded: list[bytes]) -> bytes:
    """An array of encoded sections, those at the end that are empty left out."""
    while encoded and encoded[-1] == EMPTY:
        encoded.pop()
    return array(len(encoded), b"".join(encoded))


@lru_cache(maxsize=1_024)  # whoever runs sees the same few pads come and go
def _new_pad(index: int, pad: tuple[int, ...]) -> Run:
    return deltas.run(deltas.anew(index, pad))


@lru_cache(maxsize=1_024)
def _indices(bits: int) -> bytes:
    """The places of the bits that are set, ascending, encoded."""
    return cbor2.dumps([index for index in range(bits.bit_length()) if bits >> index & 1])
