"""The compiled writer of ticks writes what the one in Python writes, chains and traces included."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.inputs import Command, CommandKind, Input
from game.journal.records import CHAIN_BYTES, NO_CHAIN
from game.journal.writer import tick_records_in_python
from game.native import native

assert native is not None, "tests/native/conftest.py keeps this from being read without it"

chains = st.binary(min_size=CHAIN_BYTES, max_size=CHAIN_BYTES)
stands = st.tuples(st.binary(max_size=1_600), st.integers(0, 2**70))
inputs = st.tuples(
    st.integers(0, 255),
    st.builds(Input, st.integers(0, 65_535), st.integers(0, 65_535), st.integers(0, 255)),
)
commands = st.builds(
    Command, st.sampled_from(CommandKind), st.integers(0, 127), st.integers(0, 2**32)
)
ticks = st.tuples(stands, st.lists(commands, max_size=40), st.lists(inputs, max_size=150))


@given(chains, st.lists(ticks, max_size=4))
def test_ticks_are_written_alike(chain: bytes, told: list[Any]) -> None:
    assert native.tick_records(chain, told) == tick_records_in_python(chain, told)


@pytest.mark.parametrize("count", [0, 17, 18, 19, 20, 39, 40, 41, 128])
def test_hashes_of_all_lengths_around_a_block_are_alike(count: int) -> None:
    told = [((b"", 0), (), [(slot, Input(slot, slot)) for slot in range(count)])]
    for length in range(3):
        told[0] = (told[0][0], [Command(CommandKind.JOIN, 1)] * length, told[0][2])
        assert native.tick_records(NO_CHAIN, told) == tick_records_in_python(NO_CHAIN, told)


def test_inputs_need_be_no_list() -> None:
    each = {3: Input(1, 2)}
    told = [((b"", 0), (), each.items())]
    assert native.tick_records(NO_CHAIN, told) == tick_records_in_python(NO_CHAIN, told)


@pytest.mark.parametrize(
    "tick",
    [
        None,
        ((b"", 0), ()),
        ((b"",), (), ()),
        (("", 0), (), ()),
        ((b"", 0.5), (), ()),
        ((b"", 0), 5, ()),
        ((b"", 0), (), 5),
        ((b"", 0), (), [None]),
        ((b"", 0), (), [(1, (2, 3))]),
        ((b"", 0), (), [(256, Input(0, 0))]),
        ((b"", 0), (), [(0, Input(-1, 0))]),
        ((b"", 0), (), [(0, Input(0, 65_536))]),
        ((b"", 0), [(1, 2)], ()),
        ((b"", 0), [(1, 2, "3")], ()),
    ],
)
def test_what_is_no_tick_is_an_error_and_no_record(tick: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        native.tick_records(NO_CHAIN, [tick])
    for wrong in ((NO_CHAIN,), (b"short", []), (NO_CHAIN, ())):
        with pytest.raises(TypeError):
            native.tick_records(*wrong)
