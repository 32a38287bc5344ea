"""Eight bytes that differ whenever two sides would not understand each other, or would drift apart.

Owns: what counts as protocol. It is the message table, the order of every record's fields, all
numbers of the rules, and what the rules do in scripted walks and bouts. Everything that a client
predicts counts, so nobody has to remember to raise a version.
"""

import hashlib
from dataclasses import asdict, astuple
from functools import cache

from game.events import EVENT_FIELDS
from game.records import BODY_FIELDS, CARD_FIELDS, OWN_FIELDS, SHOT_FIELDS
from game.tuning import PICKUPS, TUNING
from game.view import CIRCLE_FIELDS, FLAG_FIELDS, MATCH_FIELDS, PAD_FIELDS, TEAM_FIELDS
from game.wire.messages import MESSAGES, SUBPROTOCOL
from game.wire.probe import bout, probe_arena, walk

FINGERPRINT_BYTES = 8
PROBE_WALKS, PROBE_TICKS = 8, 120  # about 3 ms, once
PROBE_BOUTS, BOUT_TICKS = 4, 240  # 20 ms for all bouts


@cache
def fingerprint() -> bytes:
    """The fingerprint of this version, as `hello` and `join` carry it."""
    return hashlib.blake2b(canonical_text().encode(), digest_size=FINGERPRINT_BYTES).digest()


def canonical_text() -> str:
    """Everything that counts, a line each; only integers and texts, so the same everywhere."""
    lines = [SUBPROTOCOL]
    lines += [
        f"{spec.channel.value} {spec.sender.value} {spec.number} {spec.name} {spec.fields}"
        for spec in [message.spec for message in MESSAGES]
    ]
    lines += [str(fields) for fields in (CARD_FIELDS, BODY_FIELDS, SHOT_FIELDS, PAD_FIELDS)]
    lines += [str(fields) for fields in (MATCH_FIELDS, OWN_FIELDS, TEAM_FIELDS)]
    lines += [str(fields) for fields in (FLAG_FIELDS, CIRCLE_FIELDS)]
    lines += [f"{kind.name} {kind.value} {fields}" for kind, fields in EVENT_FIELDS.items()]
    lines.append(str(asdict(TUNING)))
    lines += [f"{kind.name} {kind.value} {astuple(row)}" for kind, row in PICKUPS.items()]
    arena = probe_arena()
    walks = [walk(seed, PROBE_TICKS, arena) for seed in range(PROBE_WALKS)]
    lines += [str(tuple(step)) for steps in walks for step in steps]
    for seed in range(PROBE_BOUTS):
        lines += bout(seed, BOUT_TICKS, arena)
    return "\n".join(lines)
