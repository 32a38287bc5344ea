"""Messages that differ from the table in a type or a limit are refused."""

import contextlib

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.process import messages
from server.process.messages import (
    FROM_OPERATOR,
    PACKET_BYTES_MAX,
    TO_CHILD,
    TO_GATEWAY,
    TO_OPERATOR,
    TO_SUPERVISOR,
    TO_WORKER,
    MessageError,
)

WAYS = (TO_CHILD, TO_SUPERVISOR, TO_WORKER, TO_GATEWAY, TO_OPERATOR, FROM_OPERATOR)
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=12,
)


def test_sent_messages_are_received_unchanged():
    said = ("m1", "p1", 10)
    packet = TO_WORKER.encode("reserve", (7, *said))
    assert TO_WORKER.decode(packet, 0) == ("reserve", (7, *said))


@given(st.sampled_from(WAYS), st.binary(max_size=300))
def test_any_bytes_are_a_message_or_an_error(direction: messages.Direction, packet: bytes):
    with contextlib.suppress(MessageError):
        name, fields = direction.decode(packet, 0)
        assert direction.table[name].allows(fields)


@given(st.data(), st.sampled_from(WAYS))
def test_fields_of_other_types_are_refused(data: st.DataObject, direction: messages.Direction):
    name = data.draw(st.sampled_from(sorted(direction.table)))
    fields = data.draw(st.lists(JUNK, max_size=4))
    if direction.table[name].allows(tuple(fields)):
        return
    with pytest.raises(MessageError):
        direction.decode(cbor2.dumps([name, *fields]), 0)


@pytest.mark.parametrize("number", [True, 1.0, "1", -1, 2**60, None])
def test_a_number_is_a_whole_number_in_its_range(number: object):
    with pytest.raises(MessageError):
        TO_WORKER.decode(cbor2.dumps(["kept", "m1", number]), 0)


def test_a_message_of_the_other_way_is_refused():
    with pytest.raises(MessageError, match="no message from a worker"):
        TO_GATEWAY.decode(TO_WORKER.encode("kept", ("m1", 0)), 0)


@pytest.mark.parametrize("count", [0, 2])
def test_a_visit_comes_with_exactly_one_descriptor(count: int):
    packet = TO_WORKER.encode("visit", ("127.0.0.1", b"GET"))
    assert TO_WORKER.decode(packet, 1)[0] == "visit"
    with pytest.raises(MessageError):
        TO_WORKER.decode(packet, count)


def test_a_message_that_no_packet_holds_is_not_sent():
    with pytest.raises(MessageError, match="too long"):
        TO_SUPERVISOR.encode("retiring", (["m" * 24] * 10_000,))


def test_the_largest_visit_and_the_largest_report_fit_into_a_packet():
    assert len(TO_WORKER.encode("visit", ("x" * 64, b"x" * messages.HEAD_BYTES_MAX))) < (
        PACKET_BYTES_MAX
    )
    seats = [f"{number:024}" for number in range(128)]
    row = ["m" * 24, "m" * 64, "m" * 64, *[2**31] * 7, False, seats[:100], seats[100:]]
    packet = TO_GATEWAY.encode("report", ([row] * messages.ROWS_MAX, []))
    assert len(packet) < PACKET_BYTES_MAX
