"""The quick way for the message that arrives thirty times a second from everybody: `input`.

Owns: the hot path of decoding, 1.3 µs instead of 6. Must not know: reasons. Invariant: it returns
the very fields that the codec's general way returns, or None, and then the general way decides; a
property test holds both together.

A value's shortest encoding has a known length. When every value has the right type and the message
is exactly as long as its shortest encoding, then nothing was tagged, padded or appended, and there
is no need to encode it again.
"""

from typing import Final

import cbor2

from game.inputs import AIM_MAX, BUTTONS_MAX, VIEW_LAG_MAX
from game.wire.messages import INPUT_STEPS_MAX, MESSAGES, TICK_MAX, Channel, Sender
from game.wire.strict import NO_TAGS

INPUT_BYTES_MAX: Final = 4 + 4 + 2 + 6 * INPUT_STEPS_MAX
_NUMBER: Final = next(
    row.number
    for row in MESSAGES
    if (row.channel, row.sender, row.name) == (Channel.MATCH, Sender.CLIENT, "input")
)
_HEAD: Final = bytes((0x84, _NUMBER))  # an array of four, and the message's number
InputFields = tuple[int, int, tuple[int, ...]]


def decode_input(encoded: bytes) -> InputFields | None:
    """`(first_tick, view_lag, (buttons, aim, …))`, or None: the general way says what is wrong."""
    if encoded[:2] != _HEAD or len(encoded) > INPUT_BYTES_MAX:
        return None
    try:
        _, tick, lag, steps = cbor2.loads(
            encoded,
            max_depth=2,
            allow_indefinite=False,
            allow_duplicate_keys=False,
            strict_hashable_types=True,
            semantic_decoders=NO_TAGS,
            immutable=True,
        )
    except (cbor2.CBORError, ValueError, TypeError):
        return None
    if type(steps) is not tuple or type(tick) is not int or type(lag) is not int:
        return None
    count = len(steps)
    if not 2 <= count <= 2 * INPUT_STEPS_MAX or count & 1:
        return None
    if not 0 <= tick <= TICK_MAX or not 0 <= lag <= VIEW_LAG_MAX:
        return None
    # The first bytes of both arrays and of all integers, and then what large integers have after
    # theirs.
    size = 5 + count
    if lag > 23:
        size += 1
    if tick > 23:
        size += 4 if tick > 65_535 else 2 if tick > 255 else 1
    for at in range(0, count, 2):
        buttons, aim = steps[at], steps[at + 1]
        if type(buttons) is not int or not 0 <= buttons <= BUTTONS_MAX:
            return None
        if type(aim) is not int or not 0 <= aim <= AIM_MAX:
            return None
        if buttons > 23:
            size += 2 if buttons > 255 else 1
        if aim > 23:
            size += 2 if aim > 255 else 1
    return (tick, lag, steps) if size == len(encoded) else None
