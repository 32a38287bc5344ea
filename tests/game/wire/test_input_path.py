"""The quick way for inputs agrees with the general way, byte string for byte string."""

import struct

import cbor2
from hypothesis import example, given
from hypothesis import strategies as st

from game.inputs import AIM_MAX, BUTTONS_MAX, VIEW_LAG_MAX
from game.wire.codec import DecodeError, decode, encode
from game.wire.field_types import TICK_MAX
from game.wire.input_path import STEPS_MAX, InputMessage
from game.wire.match_messages import Inputs, Step
from game.wire.schema import ToMatch

BOUNDS = [
    0,
    1,
    23,
    24,
    240,
    241,
    255,
    256,
    383,
    384,
    65_535,
    65_536,
    2**31 - 1,
    2**31,
    2**64 - 1,
    -1,
]
CELLS = st.sampled_from(BOUNDS) | st.integers(0, 70_000) | st.booleans() | st.floats() | st.none()
WORDS = st.sampled_from(BOUNDS).filter(lambda value: 0 <= value <= AIM_MAX) | st.integers(
    0, AIM_MAX
)
PACKED = st.lists(WORDS, max_size=18).map(lambda cells: struct.pack(f">{len(cells)}H", *cells))
STEPS = PACKED | st.binary(max_size=36) | st.lists(CELLS, max_size=9) | st.integers()


GROUPS = st.builds(Step, st.integers(0, BUTTONS_MAX), st.integers(0, AIM_MAX))


def general(encoded: bytes) -> ToMatch | None:
    try:
        return decode(ToMatch, encoded)
    except DecodeError:
        return None


def quick(encoded: bytes) -> Inputs | None:
    """The result of the fast path, or None: then the general codec has to read it."""
    message = InputMessage()
    return inputs_in(message) if message.read(encoded, 0, len(encoded), 0) else None


def inputs_in(message: InputMessage) -> Inputs:
    steps = [Step(message.buttons(at), message.aim(at)) for at in range(message.step_count)]
    return Inputs(message.first_tick, message.view_lag, tuple(steps))


def both_ways_agree(encoded: bytes) -> None:
    found = quick(encoded)
    assert found is None or found == general(encoded)


@given(CELLS, CELLS, STEPS)
def test_the_fast_path_accepts_nothing_that_the_general_path_refuses(
    tick: object, lag: object, steps: object
) -> None:
    both_ways_agree(cbor2.dumps([2, tick, lag, steps]))


@given(st.binary(max_size=30))
@example(b"\x84\x02\x19\x00\x05\x18\x28\x44\x00\x01\x00\x02")  # a tick longer than it needs to be
@example(b"\x84\x02\x1a\x00\x00\xff\xff\x18\x28\x44\x00\x01\x00\x02")
@example(b"\x84\x02\x1a\xff\xff\xff\xff\x18\x28\x44\x00\x01\x00\x02")  # … and one that is too late
@example(b"\x84\x02\x19\x01\x05\x18\x17\x44\x00\x01\x00\x02")  # a lag longer than it needs to be
@example(b"\x84\x02\x19\x01\x05\x18\xf1\x44\x00\x01\x00\x02")  # … and one that is too long
@example(b"\x84\x02\x19\x01\x05\x18\x28\x44\x01\x80\x00\x02")  # buttons that nobody has
@example(b"\x84\x02\x19\x01\x05\x18\x28\x64\x00\x01\x00\x02")  # a text for a byte string
@example(b"\x84\x02\x19\x01\x05\x18\x28\x5f\x41\x00\xff\x00")  # an indefinite length
@example(b"\x84\x02\x19\x01\x05\x18\x28\x44\x00\x01\x00\x02\x00")  # a byte after the end
def test_bytes_that_begin_like_an_input_are_no_loophole(rest: bytes) -> None:
    both_ways_agree(rest)
    both_ways_agree(b"\x84\x02" + rest)


@given(
    st.integers(256, TICK_MAX),
    st.integers(24, VIEW_LAG_MAX),
    st.lists(GROUPS, min_size=1, max_size=STEPS_MAX),
)
def test_every_ordinary_input_goes_the_quick_way(tick: int, lag: int, groups: list[Step]) -> None:
    inputs = Inputs(tick, lag, tuple(groups))
    encoded = encode(inputs)
    assert quick(encoded) == inputs == general(encoded)


@given(
    st.integers(200, TICK_MAX),
    st.integers(20, VIEW_LAG_MAX),
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, AIM_MAX)), max_size=STEPS_MAX + 1),
    st.binary(max_size=5),
    st.binary(min_size=4, max_size=4),
)
def test_a_masked_input_inside_other_bytes_is_read_as_if_it_were_alone(
    tick: int, lag: int, groups: list[tuple[int, int]], before: bytes, key: bytes
) -> None:
    steps = struct.pack(f">{2 * len(groups)}H", *(cell for group in groups for cell in group))
    encoded = cbor2.dumps([2, tick, lag, steps])
    masked = bytes(byte ^ key[index % 4] for index, byte in enumerate(encoded))
    message, at = InputMessage(), len(before)
    mask = int.from_bytes(key, "little")
    is_read = message.read(before + masked + key, at, at + len(masked), mask)
    assert (inputs_in(message) if is_read else None) == quick(encoded)


@given(st.lists(GROUPS, max_size=8))
def test_inputs_of_the_general_path_are_held_like_those_of_the_fast_path(
    groups: list[Step],
) -> None:
    message, inputs = InputMessage(), Inputs(7, 3, tuple(groups))
    message.hold(inputs)
    assert inputs_in(message) == inputs
