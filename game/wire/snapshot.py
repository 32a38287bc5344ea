"""Snapshots as deltas against what the receiver predicts, encoded once per entity and spliced.

(The layout below is the contract; `SnapshotWriter` and `SnapshotReader` follow it.)

A snapshot message is `[number, ticks, margin, own, state]` (a full one carries the absolute tick
instead of `ticks` and is a delta against nothing, that is, against all zeros and no entities).

`state` is an array of sections, in this order, with empty ones at the end left out:

    players  [slot, mask, difference, …,  slot, mask, difference, …]      fields of PLAYER_FIELDS
    shots    [number, mask, difference, …]                                 fields of SHOT_FIELDS
    gone     [number, …]            shots of the base that exist no more
    events   [length, kind, field, …]   length counts kind and fields; events since the base, oldest
    first pads     [index, mask, difference, …]                                  fields of
    PAD_FIELDS match    [mask, difference, …]                                         fields of
    MATCH_FIELDS left     [slot, …]              players of the base that are in the match no more

`own` is `[]` (nothing changed) or `[mask, difference, …]` over OWN_FIELDS against the own part of
the same base.

Every difference is `value - predicted`. Prediction over n ticks: x += n * vx, y += n * vy for
players and shots; everything else stays. A new entity is predicted as all zeros. An entity that did
what was predicted costs nothing. Bit i of a mask is field i; differences follow in field order.

The base is the last snapshot written to that socket (TCP keeps order, so nothing is acknowledged).
Bases older than `HISTORY_TICKS` are forgotten: such a seat gets a full snapshot, and of the events
only those of the last view.
"""

from typing import Final

EVENTS_MAX: Final = 256
