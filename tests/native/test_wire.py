"""The compiled wire says what the wire in Python says: to every seat, from every base."""

import struct
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import game
from game.events import EventKind
from game.inputs import BUTTONS_MAX, Input
from game.movement import move_all
from game.native import native
from game.tuning import TUNING
from game.view import OWN_FIELDS, View
from game.visibility import Visibility
from game.wire.codec import Channel, Sender, decode_from_server, encode
from game.wire.input_path import decode_input, decode_input_in_python
from game.wire.snapshot import EVENTS_MAX, SnapshotWriter, SnapshotWriterInPython
from game.world import Player
from server.match.inbox import (
    Inputs,
    changed,
    changed_in_python,
    take_message,
    take_message_in_python,
)
from server.net.frames import whole_messages, whole_messages_in_python
from tests.game.wire.strategies import histories
from tests.native.test_rules import brawl
from tests.strategies import ARENA

assert native is not None, "tests/native/conftest.py keeps this from being read without it"
WIDTHS = 8, 5  # fields of bodies and of shots: how a section falls into records
NO_OWN = (0,) * len(OWN_FIELDS)


def entities(section: tuple[int, ...]) -> list[tuple[int, ...]]:
    """The records of a section, sorted: their order means nothing."""
    found, at = [], 0
    while at < len(section):
        end = at + 2 + section[at + 1].bit_count()
        found.append(section[at:end])
        at = end
    return sorted(found)


def meaning(message: bytes) -> object:
    """All of a message but the order of what has none."""
    name, fields = decode_from_server(Channel.MATCH, message)
    *head, sight = fields
    in_order = [entities(part) if index < len(WIDTHS) else part for index, part in enumerate(sight)]
    return name, head, in_order


@settings(max_examples=60)
@given(histories(), st.data())
def test_every_message_is_the_same(views: list[View], data: st.DataObject) -> None:
    is_foggy = data.draw(st.integers(0, 4), label="fog") > 0
    ticks = data.draw(st.integers(1, 255), label="history")
    writers = SnapshotWriter(ticks, fog=is_foggy), SnapshotWriterInPython(ticks, fog=is_foggy)
    slots = sorted({-1, 127, *(slot for view in views for slot in view.bodies)})
    told = []
    for view in views:
        for writer in writers:
            writer.push(view)
        for base in (None, *told):
            assert writers[0].state(base) == writers[1].state(base)
            for slot in slots:
                message, expected = (writer.message(slot, base, 3) for writer in writers)
                assert len(message) == len(expected)
                assert meaning(message) == meaning(expected)
        told.append(view.tick)
        if data.draw(st.integers(0, 4), label="forget") == 0:
            before = data.draw(st.sampled_from(told)) + data.draw(st.integers(0, 1))
            for writer in writers:
                writer.forget_before(before)


def test_a_fight_of_sixty_is_told_alike() -> None:
    world = brawl("last-standing", 60, 3)
    writers = SnapshotWriter(64), SnapshotWriterInPython(64)
    bases: list[int | None] = [None]
    for _ in range(30):
        events = game.step(world) + game.step(world)
        view = game.view(world, events)
        for writer in writers:
            writer.push(view)
        for slot in range(-1, 61):
            base = bases[slot % len(bases)]
            message, expected = (writer.message(slot, base, 0) for writer in writers)
            assert meaning(message) == meaning(expected)
        bases = [*bases[-3:], view.tick]


def test_of_too_many_events_the_oldest_are_dropped() -> None:
    writers = SnapshotWriter(64), SnapshotWriterInPython(64)
    for tick in range(2, 12, 2):
        events = [(EventKind.MEDAL, 0, tick * 1_000 + n) for n in range(EVENTS_MAX // 2 - 3)]
        view = View(tick, {}, {0: (0,) * 8}, {}, {}, (0, 0, -1, 2), {0: NO_OWN}, events)
        for writer in writers:
            writer.push(view)
    assert writers[0].message(-1, 2, 0) == writers[1].message(-1, 2, 0)


FRAMES = st.lists(
    st.builds(
        lambda head, length, key, body: bytes((head, length)) + key + body,
        st.sampled_from((0x82, 0x82, 0x82, 0x81, 0x88, 0x02)),
        st.integers(0x7C, 0xFF),
        st.binary(min_size=4, max_size=4),
        st.binary(max_size=130),
    ),
    max_size=3,
).map(b"".join)
WHOLE = st.lists(
    st.builds(
        lambda key, body: bytes((0x82, 0x80 + len(body))) + key + body,
        st.binary(min_size=4, max_size=4),
        st.binary(max_size=125),
    ),
    max_size=4,
).map(b"".join)


@given(st.binary(max_size=60) | FRAMES | WHOLE, st.integers(0, 4))
def test_frames_are_read_alike(chunk: bytes, messages_max: int) -> None:
    assert whole_messages(chunk, messages_max) == whole_messages_in_python(chunk, messages_max)


INPUTS = st.builds(
    lambda number, tick, lag, string, steps: (
        bytes((0x84, number))
        + tick
        + bytes((0x18, lag, string))
        + struct.pack(f">{len(steps)}H", *steps)
    ),
    st.sampled_from((32, 33, 34, 35, 36)),
    st.builds(lambda value: b"\x19" + value.to_bytes(2, "big"), st.integers(0, 65_535))
    | st.builds(lambda value: b"\x1a" + value.to_bytes(4, "big"), st.integers(0, 2**32 - 1)),
    st.integers(20, 255),
    st.sampled_from((0x44, 0x48, 0x4C, 0x50, 0x54, 0x58)),
    st.lists(st.integers(0, 65_535) | st.integers(0, 400), max_size=12),
)


@given(INPUTS | st.binary(max_size=40))
def test_inputs_are_read_alike(encoded: bytes) -> None:
    assert decode_input(encoded) == decode_input_in_python(encoded)


def test_an_input_is_read_and_not_left_to_the_general_way() -> None:
    message = encode(Channel.MATCH, Sender.CLIENT, "input", 300, 40, (5, 700, 6, 800))
    assert decode_input(message) == decode_input_in_python(message)
    assert decode_input(message) is not None


SEATS = st.lists(
    st.tuples(
        st.integers(0, 3),  # who
        st.integers(290, 340),  # first tick
        st.lists(st.tuples(st.integers(0, 400), st.integers(0, 65_535)), min_size=1, max_size=6),
        st.integers(0, 2),  # how many ticks pass then
        st.integers(0, 240),  # the lag it claims, and what the road accounts for
        st.integers(0, 240),
    ),
    max_size=25,
)


@given(SEATS)
def test_inputs_are_taken_in_alike(
    said: list[tuple[int, int, list[tuple[int, int]], int, int, int]],
) -> None:
    both = Inputs(), Inputs()
    seats = [[inputs.inbox(slot) for slot in range(4)] for inputs in both]
    now = 295
    for slot, first, steps, ticks, lag, lag_max in said:
        seats[0][slot].lag_max = seats[1][slot].lag_max = lag_max
        seats[0][slot].waited_ticks = seats[1][slot].waited_ticks = lag % 2
        message = (
            encode(
                *(Channel.MATCH, Sender.CLIENT, "input", first, lag),
                tuple(v for s in steps for v in s),
            )
            if all(buttons <= BUTTONS_MAX for buttons, _ in steps)
            else b"\x84nothing"
        )
        taken = take_message(seats[0][slot], now, message)
        assert taken == take_message_in_python(seats[1][slot], now, message)
        for one, other in zip(*seats, strict=True):
            for name in (
                "margin",
                "heard_tick",
                "waited_ticks",
                "lag_max",
                "late_count",
                "early_count",
            ):
                assert getattr(one, name) == getattr(other, name)
        assert both[0].rows == both[1].rows
        assert {type(it) for row in both[0].rows.values() for it in row.values()} <= {Input}
        for _ in range(ticks):
            now += 1
            row = both[1].rows.pop(now, {})
            in_force = dict(both[1]._in_force)
            assert both[0].rows.pop(now, {}) == row
            news = changed(row, both[0]._in_force)
            assert news == changed_in_python(row, in_force)
            assert both[0]._in_force == in_force
            both[1]._in_force.update(in_force)


JUNK = (None, -1, 2**80, "x", b"", (), [], {}, {0: None}, {"a": 1}, object(), 1.5)


@pytest.mark.parametrize("name", [name for name in dir(native) if not name.startswith("_")])
def test_whatever_it_is_called_with_nothing_crashes(name: str) -> None:
    called = getattr(native, name)
    if not callable(called) or name.startswith("bind_"):
        return
    for first in JUNK:
        for second in JUNK:
            for count in range(6):
                try:
                    called(*(first, second, second, first, second)[:count])
                except (TypeError, ValueError, OverflowError, AttributeError, AssertionError):
                    continue


def test_a_view_that_is_no_view_is_refused_and_the_writer_goes_on() -> None:
    writer, expected = SnapshotWriter(64), SnapshotWriterInPython(64)
    good = View(2, {}, {0: (1,) * 8}, {}, {}, (0, 0, -1, 2), {0: NO_OWN}, [])
    for bad in (
        None,
        View(4, {}, {0: (1,) * 7}, {}, {}, (0, 0, -1, 2), {}, []),
        View(4, {}, {-1: (1,) * 8}, {}, {}, (0, 0, -1, 2), {}, []),
        View(4, {}, {5_000: (1,) * 8}, {}, {}, (0, 0, -1, 2), {}, []),
        View(4, {}, {0: ("a",) * 8}, {}, {}, (0, 0, -1, 2), {}, []),  # type: ignore[dict-item]
        View(4, {}, {0: (2**70,) * 8}, {}, {}, (0, 0, -1, 2), {}, []),
        View(4, {}, {}, {1: (1, 2)}, {}, (0, 0, -1, 2), {}, []),
        View(4, {}, {}, {}, {}, (0, 0, -1, 2), {0: ()}, []),
    ):
        with pytest.raises((TypeError, ValueError, OverflowError)):
            writer.push(bad)
    for each in (writer, expected):
        each.push(good)
    assert writer.message(0, None, 0) == expected.message(0, None, 0)
    with pytest.raises(AssertionError):
        writer.push(good)
    with pytest.raises(ValueError, match="margin"):
        writer.message(0, None, 128)
    with pytest.raises(ValueError, match="slot"):
        writer.message(-2, None, 0)


def test_who_forgets_early_is_not_told_twice() -> None:
    writers = SnapshotWriter(64), SnapshotWriterInPython(64)
    for writer in writers:
        for tick in (10, 20, 30):
            events = [(EventKind.MEDAL, 0, 1)] if tick == 20 else []
            writer.push(View(tick, {}, {}, {}, {}, (0, 0, -1, 2), {}, events))
        writer.state(20)
        writer.forget_before(15)
    assert writers[0].message(0, 20, 0) == writers[1].message(0, 20, 0)


def test_a_writer_at_work_does_not_begin_anew() -> None:
    class Meddler(Visibility):
        def window(self, x: int, y: int) -> bytes:
            with pytest.raises(RuntimeError, match="at work"):
                writer.push(view)
            return super().window(x, y)

    writer = SnapshotWriter(64)
    body = dict.fromkeys(range(2), (5000, 5000, 0, 0, 0, 1, 100, 0))
    own = dict.fromkeys(body, NO_OWN)
    view = View(2, {}, body, {}, {}, (0, 0, -1, 2), own, [], visibility=Meddler(9, 9, {}))
    writer.push(view)
    assert writer.message(0, None, 0)


def test_slots_of_another_class_are_not_read() -> None:
    class Stranger:
        bot = Player.bot

    with pytest.raises((TypeError, AttributeError)):
        native.bind_movement(Stranger, len)
    assert move_all([Player(0, x=5_000, y=5_000)], ARENA, TUNING, 1) == []


def test_a_writer_that_was_never_begun_says_so() -> None:
    class Forgetful(native.SnapshotWriter):  # type: ignore[misc,name-defined]
        def __init__(self) -> None:
            pass

    for ask in (lambda w: w.push(None), lambda w: w.state(None), lambda w: w.message(0, None, 0)):
        with pytest.raises(RuntimeError, match="not begun"):
            ask(Forgetful())


def test_nothing_is_left_behind() -> None:
    world = brawl("deathmatch", 12, 4)

    def rounds(count: int) -> None:
        for _ in range(count):
            writer = SnapshotWriter(64)
            base = None
            for _ in range(4):
                view = game.view(world, game.step(world) + game.step(world))
                writer.push(view)
                for slot in range(-1, 13):
                    writer.message(slot, base, 0)
                base = view.tick

    rounds(5)
    tracemalloc.start()
    try:
        rounds(5)
        before, _ = tracemalloc.get_traced_memory()
        rounds(60)
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 200_000
