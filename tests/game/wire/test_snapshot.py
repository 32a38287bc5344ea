"""A reader's replica is the writer's view, whatever was skipped; and no bytes can break it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from librt.strings import BytesWriter

from game.events import Event, EventKind
from game.fog import Fog
from game.records import BODY_FIELDS, CARD_FIELDS, Body, Card, Own, by_slot
from game.view import View
from game.wire.codec import DecodeError, decode
from game.wire.match_messages import DeltaSnapshot, FullSnapshot
from game.wire.schema import FromMatch
from game.wire.snapshot import (
    EVENTS_MAX,
    SnapshotReader,
    SnapshotWriter,
)
from tests.examples import examples
from tests.game.wire.strategies import histories

SECTIONS = st.lists(st.lists(st.integers(-5, 300), max_size=9).map(tuple), max_size=8).map(tuple)
NO_OWN = Own()


def decoded(message: bytes) -> FromMatch:
    return decode(FromMatch, message)


def view_of(tick: int, count: int = 1, events: list[Event] | None = None) -> View:
    bodies = {slot: Body.of((tick, 0, 1, 0, *[0] * 4)) for slot in range(count)}
    cards = dict.fromkeys(bodies, Card())
    own = dict.fromkeys(bodies, NO_OWN)
    seats = by_slot(cards), by_slot(bodies)
    return View(tick, *seats, {}, {0: (0,)}, (0, 0, -1, 2), by_slot(own), events or [])


@examples(40)  # a history is a large thing to draw
@given(histories(), st.data())
def test_the_replica_is_the_view_whatever_was_skipped_or_forgotten(
    views: list[View], data: st.DataObject
) -> None:
    is_foggy = data.draw(st.integers(0, 4), label="fog") > 0
    writer = SnapshotWriter(data.draw(st.integers(1, 255), label="history"), fog=is_foggy)
    slots = sorted({slot for view in views for slot in view.bodies})
    slot = data.draw(st.sampled_from([-1, 127, *slots]), label="slot")
    reader = SnapshotReader(slot)
    base, missed = None, []
    for view in views:
        writer.push(view)
        missed.append(view)
        last = base
        if data.draw(st.integers(0, 3), label="skip") == 0:
            continue
        if base is not None and base < view.tick - writer.history_ticks:
            base, missed = None, [view]  # forgotten: a full one comes by itself
        if base is None:
            missed = [view]
        replica = reader.apply(decoded(writer.message(slot, last, 3)))
        events = [event for past in missed for event in Fog(past, is_foggy).seen_by(slot).events]
        seen = Fog(view, is_foggy).seen_by(slot)
        assert replica == replace(seen, events=events[-EVENTS_MAX:])
        assert list(replica.cards) == sorted(view.cards)
        assert list(replica.bodies) == sorted(replica.bodies)
        base, missed = view.tick, []
        if data.draw(st.booleans(), label="forget"):
            writer.forget_before(base)


@pytest.mark.slow
@pytest.mark.everywhere
@examples(40)  # a history is a large thing to draw
@given(histories(), st.data())
def test_a_damaged_snapshot_is_refused_and_changes_nothing(
    views: list[View], data: st.DataObject
) -> None:
    writer, reader = SnapshotWriter(255), SnapshotReader(0)
    writer.push(views[0])
    before = reader.apply(decoded(writer.message(0, None, 0)))
    base = newest_tick = views[0].tick
    for view in views[1:]:
        if view.tick - base < 256:
            writer.push(view)
            newest_tick = view.tick
    newest = writer.message(0, None if newest_tick == base else base, 0)
    damaged = bytearray(newest)
    for _ in range(data.draw(st.integers(1, 3))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        message = decoded(bytes(damaged))
        if isinstance(message, FullSnapshot | DeltaSnapshot):
            reader.apply(message)
    except DecodeError:
        assert reader.view is before


@given(SECTIONS, SECTIONS)
def test_any_sections_are_applied_or_refused(
    state: tuple[tuple[int, ...], ...], sight: tuple[tuple[int, ...], ...]
) -> None:
    reader = SnapshotReader(0)
    reader.apply(FullSnapshot(10, 0, (), (), ()))
    try:
        reader.apply(DeltaSnapshot(2, 0, (), state, sight))
    except DecodeError:
        assert reader.view.tick == 10


@pytest.mark.parametrize(
    ("state", "sight", "words"),
    [
        (((0,),), (), "middle of a record"),
        ((), ((0, 1),), "middle of a record"),
        (((128, 0),), (), "no entity"),
        (((0, 1 << len(CARD_FIELDS)),), (), "mask"),
        ((), ((0, 1 << len(BODY_FIELDS)),), "mask"),
        ((), ((0, 1, 2**60),), "beyond"),
        ((), ((), (), (), (5,)), "was not there"),
        ((), ((), (), (), (), (5,)), "was not there"),
        ((), ((), (), (), (), (), (), (5,)), "was not there"),
        ((), ((), (), (), (), (), (0, 1 << 1)), "mask"),
        (((), (), (5,)), (), "was not there"),
        ((), ((), (), (2, 99, 0)), "event"),
        ((), ((), (), (9, 10, 0)), "event"),
        ((), ((3, 0),), "without a player"),
        (((), (1, 1, 1)), (), "goes on"),
        (((),) * 4 + ((0, 1 << 4),), (), "mask"),
        (((),) * 5 + ((1, 1, 1),), (), "goes on"),
        (((),) * 7, (), "7 sections"),
        ((), ((),) * 8, "8 sections"),
    ],
)
def test_the_reason_says_what_is_wrong(
    state: tuple[tuple[int, ...], ...], sight: tuple[tuple[int, ...], ...], words: str
) -> None:
    reader = SnapshotReader()
    reader.apply(FullSnapshot(10, 0, (), (), ()))
    with pytest.raises(DecodeError, match=words):
        reader.apply(DeltaSnapshot(2, 0, (), state, sight))


def test_a_delta_without_a_base_is_refused() -> None:
    with pytest.raises(DecodeError, match="before the first full one"):
        SnapshotReader().apply(DeltaSnapshot(2, 0, (), (), ()))


def test_doing_what_was_predicted_costs_no_bytes() -> None:
    writer = SnapshotWriter(64)
    writer.push(view_of(100, count=16))
    writer.push(view_of(102, count=16))
    assert writer.state(100) == b"\x80"
    assert writer.message(3, 100, 0) == b"\x86\x18\x42\x02\x00\x80\x80\x80"


def test_history_is_bounded_and_forgets_the_oldest() -> None:
    writer = SnapshotWriter(10)
    for tick in range(2, 42, 2):
        writer.push(view_of(tick))
    assert [tick for tick in range(40) if writer.message(0, tick, 0)[2] == 66] == [
        30,
        32,
        34,
        36,
        38,
    ]
    writer.forget_before(36)
    writer.push(view_of(42))
    assert [tick for tick in range(42) if writer.message(0, tick, 0)[2] == 66] == [36, 38, 40]


def test_a_base_of_the_greatest_age_can_still_be_named() -> None:
    writer, reader = SnapshotWriter(255), SnapshotReader(0)
    writer.push(view_of(1))
    reader.apply(decoded(writer.message(0, None, 0)))
    writer.push(view_of(256))
    assert reader.apply(decoded(writer.message(0, 1, -128))).tick == 256


@pytest.mark.parametrize("ticks", [0, 256])
def test_a_history_that_the_message_cannot_name_is_refused(ticks: int) -> None:
    with pytest.raises(AssertionError):
        SnapshotWriter(ticks)


def test_views_out_of_order_are_our_bug() -> None:
    writer = SnapshotWriter(10)
    writer.push(view_of(10))
    with pytest.raises(AssertionError):
        writer.push(view_of(10))


def test_too_many_events_lose_the_oldest() -> None:
    writer, reader = SnapshotWriter(64), SnapshotReader(0)
    writer.push(view_of(2))
    reader.apply(decoded(writer.message(0, None, 0)))
    for tick in (4, 6, 8):
        events: list[Event] = [(int(EventKind.DASH), tick * 1_000 + n) for n in range(100)]
        writer.push(view_of(tick, events=events))
    seen = [number for _, number in reader.apply(decoded(writer.message(0, 2, 0))).events]
    assert len(seen) == EVENTS_MAX
    assert seen[-1] == 8_099
    assert seen == sorted(seen)
    assert seen[0] == 4_044


def test_the_shared_part_is_encoded_once_a_base() -> None:
    writer = SnapshotWriter(64)
    writer.push(view_of(2))
    writer.push(view_of(4))
    assert writer.state(2) is writer.state(2)
    assert writer.state(None) is writer.state(None)
    splice, first, second = writer._splice(2), BytesWriter(), BytesWriter()
    splice.put_sight(0, first)
    assert splice._open_sight == first.getvalue()
    splice._open_sight = b"what was encoded first"
    splice.put_sight(-1, second)
    assert second.getvalue() == b"what was encoded first"
