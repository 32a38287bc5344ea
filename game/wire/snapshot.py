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
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import compress
from typing import Final

import cbor2

from game.events import Event
from game.fog import Fog
from game.view import MATCH_FIELDS, OWN_FIELDS, View
from game.wire import deltas
from game.wire.codec import message_number
from game.wire.deltas import EMPTY, Records, Run, array
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
NOTHING: Final[Run] = b"", 0
ONE: Final = array(1, b"")  # the head of an array of one section
_MARGINS: Final = {margin: cbor2.dumps(margin) for margin in range(-128, 128)}


def _nothing() -> View:
    """The base of a full one."""
    return View(0, {}, {}, {}, {}, (0,) * len(MATCH_FIELDS), {}, [])


@dataclass(slots=True, eq=False)
class SnapshotWriter:
    """Keeps the views of the last `history_ticks` and writes the newest against any of them. `fog`
    False: everybody sees everything.
    """

    history_ticks: int
    fog: bool = True
    _nothing: Fog = field(init=False, default_factory=lambda: Fog(_nothing()))
    _newest: "Newest" = field(init=False)
    _history: dict[int, Fog] = field(init=False, default_factory=dict)  # by tick, oldest first
    _splices: "dict[int | None, Splice]" = field(
        init=False, default_factory=dict
    )  # of the newest, by base

    def __post_init__(self) -> None:
        """A base that `ticks` cannot name must never be kept."""
        assert 0 < self.history_ticks <= HISTORY_TICKS_MAX
        self._newest = Newest(self._nothing)

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
        own = EMPTY if now == was else cbor2.dumps(deltas.difference(now, was))
        return splice.head + _MARGINS[margin] + own + splice.state + splice.sight(slot)

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


@dataclass(slots=True, eq=False)
class Newest:
    """The view that is being written, and what all bases share of it: entities that come into
    sight, and events.
    """

    fog: Fog
    _bodies: dict[int, Run] = field(init=False, default_factory=dict)  # by slot
    _shots: dict[int, Run] = field(init=False, default_factory=dict)  # by number
    _events: dict[Event, Run] = field(init=False, default_factory=dict)

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


@dataclass(slots=True, eq=False)
class Splice:
    """The newest view against one base: what all seats share, and the pieces of what differs."""

    newest: Newest
    base: Fog
    ticks: int
    head: bytes  # of the message, up to `ticks`
    happened: Sequence[Fog]  # the views since the base that may have events
    state: bytes = field(init=False)
    own: Records = field(init=False)  # by slot; and in the base
    base_own: Records = field(init=False)
    _bodies: list[bytes] = field(init=False)  # by slot; nothing of those that went as predicted
    _counts: bytes = field(init=False)  # of integers in each
    _shots: dict[int, Run] = field(init=False)  # those not as predicted, by number
    _events: tuple[list[bytes], list[int]] | None = field(init=False, default=None)
    _open_sight: bytes = field(init=False, default=b"")  # of those who see everything
    _pads: dict[int, Run] = field(init=False)  # those that are not as they were, by index

    def __post_init__(self) -> None:
        """Encode what everybody gets, and what moved otherwise than predicted."""
        view, base = self.newest.fog.view, self.base.view
        self.state = _state(view, base)
        self.own, self.base_own = view.own, base.own
        self._pads = {}
        if view.pads != base.pads:
            for index, pad in view.pads.items():
                before = base.pads.get(index)
                if before is not None and pad != before:
                    self._pads[index] = deltas.run([index, *deltas.difference(pad, before)])
        runs = [NOTHING] * len(self.newest.fog.everything.bodies)
        for slot, now in view.bodies.items():
            was = base.bodies.get(slot)
            if was is not None and (changes := deltas.moved(slot, now, was, self.ticks)):
                runs[slot] = deltas.run(changes)
        self._bodies = [encoded for encoded, _ in runs]
        self._counts = bytes([values for _, values in runs])
        self._shots = {}
        for number, now in view.shots.items():
            was = base.shots.get(number)
            if was is not None and (changes := deltas.moved(number, now, was, self.ticks)):
                self._shots[number] = deltas.run(changes)

    def sight(self, slot: int) -> bytes:
        """What a seat sees, encoded."""
        newest, base = self.newest.fog, self.base
        now, was = newest.cut(slot), base.cut(slot)
        is_open = now is newest.everything and was is base.everything
        if is_open and self._open_sight:
            return self._open_sight
        bodies, hidden = self._see(now.bodies, was.bodies)
        shots = gone = EMPTY
        if now.shots != was.shots or self._shots:
            shots, gone = self._fly(now.shots, was.shots)
        events = self._told(slot) if self.happened else EMPTY
        pads = unseen = EMPTY
        if now.pads != was.pads or self._pads:
            pads, unseen = self._stock(now.pads, was.pads)
        if bodies != EMPTY and events is shots is gone is hidden is pads is unseen is EMPTY:
            sight = ONE + bodies
        else:
            sight = _sections((bodies, shots, events, gone, hidden, pads, unseen))
        if is_open:
            self._open_sight = sight
        return sight

    def _see(self, now: bytes, was: bytes) -> tuple[bytes, bytes]:
        """The sections of bodies and of those hidden."""
        if now == was:  # nobody came, and nobody left
            count = sum(compress(self._counts, now))
            return array(count, b"".join(compress(self._bodies, now))), EMPTY
        after, before = int.from_bytes(now, "little"), int.from_bytes(was, "little")
        seen = (after & before).to_bytes(len(now), "little")
        parts = [*compress(self._bodies, seen)]
        count = sum(compress(self._counts, seen))
        for slot in _slots(after & ~before):
            encoded, values = self.newest.body(slot)
            parts.append(encoded)
            count += values
        leave = before & ~after
        return array(count, b"".join(parts)), cbor2.dumps(_slots(leave)) if leave else EMPTY

    def _fly(self, now: AbstractSet[int], was: AbstractSet[int]) -> tuple[bytes, bytes]:
        """The sections of shots and of those gone, from the numbers seen."""
        # Sorted: the order of a set hangs on how large it was, with the unseen ones in it.
        runs = [self.newest.shot(number) for number in sorted(now - was)]
        if self._shots:
            runs += [self._shots[number] for number in sorted(self._shots.keys() & now & was)]
        shots = EMPTY
        if runs:
            shots = array(sum([many for _, many in runs]), b"".join([each for each, _ in runs]))
        gone = was - now
        return shots, cbor2.dumps(sorted(gone)) if gone else EMPTY

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
        if len(self.happened) == 1 and len(self.happened[0].view.events) <= EVENTS_MAX:
            chosen = self.happened[0].chosen(slot)
            if chosen is not None:
                encoded, counts = self._events or self._encode_events()
                count = sum(compress(counts, chosen))
                return array(count, b"".join(compress(encoded, chosen))) if count else EMPTY
        told = [event for past in self.happened for event in past.events(slot)][-EVENTS_MAX:]
        if not told:
            return EMPTY
        runs = [self.newest.event(each) for each in told]
        return array(sum([values for _, values in runs]), b"".join([each for each, _ in runs]))

    def _encode_events(self) -> tuple[list[bytes], list[int]]:
        """Those of the only view in which anything happened, and how many integers each takes."""
        runs = [self.newest.event(each) for each in self.happened[0].view.events]
        self._events = [each for each, _ in runs], [many for _, many in runs]
        return self._events


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


def _sections(encoded: tuple[bytes, ...]) -> bytes:
    """An array of encoded sections, those at the end that are empty left out."""
    count = len(encoded)
    while count and encoded[count - 1] == EMPTY:
        count -= 1
    return array(count, b"".join(encoded[:count]))


@lru_cache(maxsize=1_024)  # whoever runs sees the same few pads come and go
def _new_pad(index: int, pad: tuple[int, ...]) -> Run:
    return deltas.run(deltas.anew(index, pad))


@lru_cache(maxsize=1_024)
def _indices(bits: int) -> bytes:
    """The places of the bits that are set, ascending, encoded."""
    return cbor2.dumps([index for index in range(bits.bit_length()) if bits >> index & 1])


def _slots(bodies: int) -> list[int]:
    """The slots in a set of bodies, ascending."""
    slots = []
    while bodies:
        slots.append((bodies & -bodies).bit_length() >> 3)
        bodies &= bodies - 1
    return slots
