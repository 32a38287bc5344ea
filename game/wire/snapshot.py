"""Snapshots as deltas against what the receiver predicts: each entity is encoded once per
base, and each seat's message is spliced from what it sees.

A snapshot message is `[number, ticks, margin, own, state, sight]` (a full one carries the absolute
tick instead of `ticks` and is a delta against nothing, that is, against all zeros and no entities).

`state` is public: an array of sections in this order, with empty ones at the end left out:

    cards    [slot, mask, difference, …,  slot, mask, difference, …]   over CARD_FIELDS
    match    [mask, difference, …]                                      over MATCH_FIELDS
    left     [slot, …]                  players of the base who left the match
    teams    [team, mask, difference, …]                                over TEAM_FIELDS
    flags    [team, mask, difference, …]                                over FLAG_FIELDS
    circle   [mask, difference, …]                                      over CIRCLE_FIELDS

`sight` is what this seat sees (`game.fog` decides), in the same form:

    bodies   [slot, mask, difference, …]                                over BODY_FIELDS
    shots    [number, mask, difference, …]                              over SHOT_FIELDS, see
                                                                        `shot_numbers.py`
    events   [length, kind, field, …]   since the base, oldest first; length counts kind and fields
    gone     [number, …]                shots of the base that are out of sight or gone
    hidden   [slot, …]                  bodies of the base that are out of sight or gone
    pads     [index, mask, difference, …]                               over PAD_FIELDS
    unseen   [index, …]                 pads of the base that are out of sight

`own` is `[]` (nothing changed) or `[mask, difference, …]` over OWN_FIELDS against the own record
in the same base; an own record missing from a view counts as all zeros.

Every difference is `value - predicted`. Prediction over n ticks: x += n * vx, y += n * vy for
bodies and shots; everything else stays. A new entity, or one that comes into sight, is predicted as
all zeros, and is always written, with mask 0 if it is all zeros. An entity of the base that matches
its prediction costs nothing. Bit i of a mask is field i; differences follow in field order. Teams
and flags never disappear within a round; the order of entities within a section has no meaning.

The base is the last snapshot written to that socket (TCP keeps order, so nothing is acknowledged),
reduced to what the seat saw in it, a function of the base's view and the slot. Bases older than
`history_ticks` are dropped: a seat with such a base gets a full snapshot, with the events of the
last view only. At most EVENTS_MAX events go into one message; the oldest are dropped.
"""

from collections.abc import Sequence
from typing import Final

import cbor2
from librt.strings import BytesWriter
from mypy_extensions import i64

from game.fog import Fog
from game.view import View, nothing
from game.wire.deltas import put
from game.wire.match_messages import DeltaSnapshot, FullSnapshot
from game.wire.snapshot_reader import SnapshotReader
from game.wire.splice import EVENTS_MAX, Newest, Splice

__all__ = ["EVENTS_MAX", "HISTORY_TICKS_MAX", "SnapshotReader", "SnapshotWriter"]

HISTORY_TICKS_MAX: Final = 255  # the maximum of the message's field `ticks`

NO_BASE: Final = -1  # instead of a tick

_SIX: Final = b"\x86"  # an array of six values
_DELTA_HEAD: Final = _SIX + cbor2.dumps(DeltaSnapshot.spec.number)
_FULL_HEAD: Final = _SIX + cbor2.dumps(FullSnapshot.spec.number)


class SnapshotWriter:
    """Keeps the views of the last `history_ticks` and writes the newest against any of them. `fog`
    False: everybody sees everything.
    """

    def __init__(self, history_ticks: int, fog: bool = True) -> None:
        """No base is kept that is too old for the field `ticks`."""
        assert 0 < history_ticks <= HISTORY_TICKS_MAX
        self.history_ticks = history_ticks
        self.fog = fog
        self._nothing = Fog(nothing())
        self._newest = Newest(self._nothing)
        self._history: dict[int, Fog] = {}  # by tick, oldest first
        self._splices: dict[int | None, Splice] = {}  # of the newest, by base
        self._usual: Splice | None = None  # the last one used: seats that keep up share a base
        self._usual_tick: i64 = NO_BASE
        self._out = BytesWriter()  # the message that is being written

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
        self._usual = None

    def forget_before(self, tick: int) -> None:
        """Drop the bases older than `tick`, which no seat uses any more.

        While all seats keep up there is one base, and the next view reuses the memory of an old
        one; otherwise a second's worth of views would each take cold memory.
        """
        history = self._history
        for past in list(history):
            if past >= tick:
                break
            del history[past]
            self._splices.pop(past, None)
            self._usual = None

    def message(self, slot: int, base_tick: int | None, margin: int) -> bytes:
        """Encode the newest view for a seat (-1: a spectator) whose last snapshot was `base_tick`.

        The snapshot is a full one if that base is None or was dropped.
        """
        splice = self._usual
        base: i64 = NO_BASE if base_tick is None else base_tick
        if splice is None or base != self._usual_tick:
            splice = self._splices.get(base_tick)
            if splice is None:
                splice = self._splice(base_tick)
            self._usual, self._usual_tick = splice, base
        out = self._out
        out.truncate(0)
        out.write(splice.head)
        put(out, margin)
        splice.put_own(slot, out)
        out.write(splice.state)
        splice.put_sight(slot, out)
        return out.getvalue()

    def state(self, base_tick: int | None) -> bytes:
        """The encoded array `state` against this base; made once per view."""
        return (self._splices.get(base_tick) or self._splice(base_tick)).state

    def _splice(self, base_tick: int | None) -> Splice:
        fog = self._newest.fog
        base = None if base_tick is None else self._history.get(base_tick)
        if base_tick is None or base is None:
            head = _FULL_HEAD + cbor2.dumps(fog.view.tick)
            splice = Splice(self._newest, self._nothing, 0, head, (fog,))
        else:
            ticks = fog.view.tick - base_tick
            assert ticks > 0, "a view is no base of itself"
            head = _DELTA_HEAD + cbor2.dumps(ticks)
            splice = Splice(self._newest, base, ticks, head, self._since(base_tick))
        self._splices[base_tick] = splice
        return splice

    def _since(self, base_tick: int) -> Sequence[Fog]:
        """The views after a base that have events, oldest first.

        None is left out: hidden events must not displace the few that a seat is sent.
        """
        return [fog for tick, fog in self._history.items() if tick > base_tick and fog.view.events]
