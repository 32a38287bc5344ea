"""The checks that guard a record."""

from itertools import combinations

from game import step
from game.inputs import Command, CommandKind
from game.journal.marks import chain_of, stand_of, start_of, trace_of
from game.journal.records import NO_CHAIN, TRACE_BYTES
from game.world import World
from tests.strategies import world_of


def crowd() -> World:
    world = world_of()
    step(world, [Command(CommandKind.JOIN, slot) for slot in (0, 3)])
    step(world)
    return world


def test_no_single_bit_of_a_length_and_its_check_can_flip_and_still_fit() -> None:
    for length in (15, 300, 70_000, 1 << 20):
        start = int.from_bytes(start_of(length)[1:], "big")
        for bit in range(48):
            flipped = (start ^ (1 << bit)).to_bytes(6, "big")
            assert start_of(int.from_bytes(flipped[:4], "big"))[1:] != flipped


def test_a_start_is_a_cbor_byte_string_of_that_length() -> None:
    assert start_of(300)[:5] == bytes((0x5A, 0, 0, 1, 44))


def test_the_chain_depends_on_what_was_before_and_on_the_payload() -> None:
    first = chain_of(NO_CHAIN, b"one")
    assert len({first, chain_of(first, b"one"), chain_of(NO_CHAIN, b"two"), NO_CHAIN}) == 4


def test_a_world_that_was_never_stepped_has_a_trace_too() -> None:
    assert len(trace_of(stand_of(world_of()))) == TRACE_BYTES


def test_the_trace_tells_places_harm_shots_and_dice() -> None:
    worlds = [crowd() for _ in range(5)]
    worlds[1].history[-1] = b"\1" * 12
    worlds[2].harm += 1
    worlds[3].next_shot += 7
    worlds[4].random_state ^= 1 << 20
    for one, other in combinations(worlds, 2):
        assert trace_of(stand_of(one)) != trace_of(stand_of(other))
    assert trace_of(stand_of(worlds[0])) == trace_of(stand_of(crowd()))
