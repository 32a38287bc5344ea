"""The fast path for `Inputs`, the message that arrives thirty times a second from every player.

Owns: the hot path of decoding. Must not know: reasons. Invariant: it reads the same fields as the
general codec, or none, and then the general codec decides; a property test compares the two.

Inputs for the first ticks, late clients' inputs and long ones are encoded differently and take the
general path.
"""

from struct import pack
from typing import Final

from mypy_extensions import i64

from game.inputs import BUTTONS_MAX, VIEW_LAG_MAX
from game.wire.field_types import TICK_MAX
from game.wire.match_messages import Inputs

STEPS_MAX: Final = 5  # the length of more takes two bytes: they take the general path
_NUMBER: Final = Inputs.spec.number
_HEAD: Final = 0x84  # an array of four: number, tick, lag, steps
_TWO_BYTES: Final = 0x19  # an integer of two bytes follows; the next two likewise
_FOUR_BYTES: Final = 0x1A
_ONE_BYTE: Final = 0x18
_LAG_MIN: Final = 24  # the least that needs a byte: 3 ticks, and no client lags less than that
_BYTE_STRING: Final = 0x40  # plus its length, up to 23
_STEP_BYTES: Final = 4
_SHORTEST_BYTES: Final = 8 + _STEP_BYTES


class InputMessage:
    """One input message, not copied: its bytes are read in place, as they are needed.

    Reused for each message, so that reading allocates nothing. Ranges: ticks to `TICK_MAX`, lags to
    `VIEW_LAG_MAX`, steps to the wire's maximum, masks to 32 bits.
    """

    def __init__(self) -> None:
        """Begin without a message."""
        self.first_tick: i64 = 0
        self.view_lag: i64 = 0
        self.step_count: i64 = 0
        self._data = b""
        self._at: i64 = 0  # where the steps begin
        self._mask: i64 = 0  # rotated so that its lowest byte masks the steps' first byte

    def read(self, data: bytes, at: i64, end: i64, mask: i64) -> bool:
        """Become the message in `data[at:end]`; False when the general codec has to read it.

        Byte i of the message is masked by byte i mod 4 of `mask`, counted from the lowest.
        """
        length = end - at
        if length < _SHORTEST_BYTES or _byte(data, at, 0, mask) != _HEAD:
            return False
        if _byte(data, at, 1, mask) != _NUMBER:
            return False
        form = _byte(data, at, 2, mask)
        tick = _byte(data, at, 3, mask) << 8 | _byte(data, at, 4, mask)
        rest: i64 = 5
        if form == _TWO_BYTES:
            if tick < 256:
                return False
        elif form == _FOUR_BYTES:
            tick = tick << 16 | _byte(data, at, 5, mask) << 8 | _byte(data, at, 6, mask)
            rest = 7
            if tick < 65_536 or tick > TICK_MAX:
                return False
        else:
            return False
        lag = _byte(data, at, rest + 1, mask)
        if _byte(data, at, rest, mask) != _ONE_BYTE or lag < _LAG_MIN or lag > VIEW_LAG_MAX:
            return False
        steps_bytes = _byte(data, at, rest + 2, mask) - _BYTE_STRING
        rest += 3
        if steps_bytes <= 0 or steps_bytes > STEPS_MAX * _STEP_BYTES:
            return False
        if steps_bytes % _STEP_BYTES or rest + steps_bytes != length:
            return False
        self.first_tick, self.view_lag, self.step_count = tick, lag, steps_bytes // _STEP_BYTES
        self._data, self._at, self._mask = data, at + rest, _turned(mask, rest)
        is_allowed = True
        for index in range(self.step_count):
            is_allowed = is_allowed and self.buttons(index) <= BUTTONS_MAX
        return is_allowed

    def hold(self, message: Inputs) -> None:
        """Become what the general codec decoded."""
        steps = message.steps
        self.first_tick, self.view_lag = message.first_tick, message.view_lag
        self.step_count = len(steps)
        cells = [cell for step in steps for cell in (step.buttons, step.aim)]
        self._data, self._at, self._mask = pack(f">{len(cells)}H", *cells), 0, 0

    def buttons(self, index: i64) -> i64:
        """The buttons of a step."""
        data, at, mask = self._data, self._at + index * _STEP_BYTES, self._mask
        return _byte(data, at, 0, mask) << 8 | _byte(data, at, 1, mask)

    def aim(self, index: i64) -> i64:
        """The aim of a step."""
        data, at, mask = self._data, self._at + index * _STEP_BYTES, self._mask
        return _byte(data, at, 2, mask) << 8 | _byte(data, at, 3, mask)


def _byte(data: bytes, at: i64, offset: i64, mask: i64) -> i64:
    """Byte number `offset` of a message that begins at `at`."""
    masked: i64 = data[at + offset]
    return masked ^ (mask >> ((offset & 3) << 3) & 0xFF)


def _turned(mask: i64, count: i64) -> i64:
    """Rotate the mask for what begins `count` bytes later."""
    shift = (count & 3) << 3
    return (mask >> shift | mask << (32 - shift)) & 0xFFFF_FFFF
