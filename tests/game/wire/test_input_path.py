"""The quick way for inputs agrees with the general way, byte string for byte string."""

import struct

import cbor2
from hypothesis import example, given
from hypothesis import strategies as st

from game.inputs import AIM_MAX, BUTTONS_MAX, VIEW_LAG_MAX
from game.wire import codec
from game.wire.codec import Channel, Decoded, DecodeError, Sender, decode_from_client, encode
from game.wire.input_path import STEPS_MAX, InputMessage, decode_input
from game.wire.messages import TICK_MAX

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


def general(encoded: bytes) -> Decoded | None:
    try:
        return codec._decode(codec._MATCH_CLIENT, encoded)
    except DecodeError:
        return None


def both_ways_agree(encoded: bytes) -> None:
    quick = decode_input(encoded)
    if quick is not None:
        assert general(encoded) == Decoded("input", quick)


@given(CELLS, CELLS, STEPS)
def test_what_the_quick_way_takes_the_general_way_takes_too(
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
    st.lists(
        st.tuples(st.integers(0, BUTTONS_MAX), st.integers(0, AIM_MAX)),
        min_size=1,
        max_size=STEPS_MAX,
    ),
)
def test_every_ordinary_input_goes_the_quick_way(
    tick: int, lag: int, groups: list[tuple[int, int]]
) -> None:
    steps = tuple(cell for group in groups for cell in group)
    encoded = encode(Channel.MATCH, Sender.CLIENT, "input", tick, lag, steps)
    assert decode_input(encoded) == (tick, lag, steps)
    assert decode_from_client(Channel.MATCH, encoded) == Decoded("input", (tick, lag, steps))


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
    assert (message.fields() if is_read else None) == decode_input(encoded)


@given(st.lists(st.tuples(st.integers(0, BUTTONS_MAX), st.integers(0, AIM_MAX)), max_size=8))
def test_what_the_general_way_has_read_is_held_like_what_was_read_here(
    groups: list[tuple[int, int]],
) -> None:
    message = InputMessage()
    message.hold(7, 3, tuple(cell for group in groups for cell in group))
    assert message.fields() == (7, 3, tuple(cell for group in groups for cell in group))
