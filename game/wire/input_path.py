"""The quick way for the message that arrives thirty times a second from everybody: `input`.

Owns: the hot path of decoding. Must not know: reasons. Invariant: it returns the very fields that
the codec's general way returns, or None, and then the general way decides; a property test holds
both together.

Ticks of the first seconds, laggards' inputs and long ones are written otherwise and go the general
way.
"""

from typing import Final

from game.inputs import BUTTONS_MAX, VIEW_LAG_MAX
from game.wire.messages import MESSAGES, TICK_MAX, Channel, Sender

STEPS_MAX: Final = 5  # the lengths of more are written in two bytes: they go the general way
_NUMBER: Final = next(
    row.number
    for row in MESSAGES
    if (row.channel, row.sender, row.name) == (Channel.MATCH, Sender.CLIENT, "input")
)
_HEAD: Final = 0x84  # an array of four: number, tick, lag, steps
_TWO_BYTES: Final = 0x19  # an integer of so many bytes follows
_FOUR_BYTES: Final = 0x1A
_ONE_BYTE: Final = 0x18
_LAG_MIN: Final = 24  # the first of these: less than three ticks, and nobody sees others so early
_BYTE_STRING: Final = 0x40  # plus its length, up to 23
_STEP_BYTES: Final = 4
_SHORTEST_BYTES: Final = 8 + _STEP_BYTES

InputFields = tuple[int, int, tuple[int, ...]]


def decode_input(encoded: bytes) -> InputFields | None:
    """`(first_tick, view_lag, (buttons, aim, …))`, or None: the general way says what is wrong."""
    length = len(encoded)
    if length < _SHORTEST_BYTES or encoded[0] != _HEAD or encoded[1] != _NUMBER:
        return None
    tick = encoded[3] << 8 | encoded[4]
    at = 5
    if encoded[2] == _TWO_BYTES:
        if tick < 256:
            return None
    elif encoded[2] == _FOUR_BYTES:
        tick = tick << 16 | encoded[5] << 8 | encoded[6]
        at = 7
        if not 65_536 <= tick <= TICK_MAX:
            return None
    else:
        return None
    lag = encoded[at + 1]
    if encoded[at] != _ONE_BYTE or not _LAG_MIN <= lag <= VIEW_LAG_MAX:
        return None
    count = encoded[at + 2] - _BYTE_STRING
    at += 3
    if count % _STEP_BYTES or not 0 < count <= STEPS_MAX * _STEP_BYTES or at + count != length:
        return None
    steps: list[int] = []
    while at < length:
        buttons = encoded[at] << 8 | encoded[at + 1]
        if buttons > BUTTONS_MAX:
            return None
        steps.append(buttons)
        steps.append(encoded[at + 2] << 8 | encoded[at + 3])
        at += _STEP_BYTES
    return tick, lag, tuple(steps)
