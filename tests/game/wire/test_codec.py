"""The codec lets through what the table allows, and nothing else."""

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.wire.codec import (
    Decoded,
    DecodeError,
    decode_from_client,
    decode_from_server,
    encode,
    message_number,
)
from game.wire.messages import MESSAGES, Channel, Message, Sender
from tests.game.wire.strategies import ANYTHING, fields_of

MATCH, LOBBY, CLIENT, SERVER = Channel.MATCH, Channel.LOBBY, Sender.CLIENT, Sender.SERVER
TABLE_ROWS = st.sampled_from(MESSAGES)


def decode(row: Message, encoded: bytes) -> Decoded:
    way = decode_from_client if row.sender is CLIENT else decode_from_server
    return way(row.channel, encoded)


def reason_of(encoded: bytes, channel: Channel = MATCH) -> str:
    with pytest.raises(DecodeError) as refused:
        decode_from_client(channel, encoded)
    return refused.value.reason


@given(st.data())
def test_what_was_encoded_is_decoded_again(data: st.DataObject) -> None:
    row = data.draw(TABLE_ROWS)
    fields = data.draw(fields_of(row))
    encoded = encode(row.channel, row.sender, row.name, *fields)
    assert decode(row, encoded) == Decoded(row.name, fields)


@given(st.data())
def test_whatever_stands_in_a_message_it_is_allowed_or_refused(data: st.DataObject) -> None:
    row = data.draw(TABLE_ROWS)
    fields = list(data.draw(fields_of(row)))
    if fields:
        fields[data.draw(st.integers(0, len(fields) - 1))] = data.draw(ANYTHING)
    encoded = cbor2.dumps([row.number, *fields])
    try:
        decoded = decode(row, encoded)
    except DecodeError:
        return
    assert encode(row.channel, row.sender, row.name, *decoded.fields) == encoded


@given(st.data())
def test_one_changed_byte_is_another_message_or_none(data: st.DataObject) -> None:
    row = data.draw(TABLE_ROWS)
    encoded = bytearray(encode(row.channel, row.sender, row.name, *data.draw(fields_of(row))))
    encoded[data.draw(st.integers(0, len(encoded) - 1))] = data.draw(st.integers(0, 255))
    try:
        decoded = decode(row, bytes(encoded))
    except DecodeError:
        return
    assert encode(row.channel, row.sender, decoded.name, *decoded.fields) == encoded


@given(st.data())
def test_a_message_cut_short_is_refused(data: st.DataObject) -> None:
    row = data.draw(TABLE_ROWS)
    encoded = encode(row.channel, row.sender, row.name, *data.draw(fields_of(row)))
    with pytest.raises(DecodeError):
        decode(row, encoded[: data.draw(st.integers(0, len(encoded) - 1))])


@given(st.data(), st.binary(min_size=1, max_size=4))
def test_bytes_after_the_end_are_refused(data: st.DataObject, rest: bytes) -> None:
    row = data.draw(TABLE_ROWS)
    encoded = encode(row.channel, row.sender, row.name, *data.draw(fields_of(row)))
    with pytest.raises(DecodeError):
        decode(row, encoded + rest)


@pytest.mark.parametrize("row", MESSAGES, ids=lambda row: f"{row.channel.value}-{row.name}")
def test_only_the_right_side_may_say_it(row: Message) -> None:
    other = SERVER if row.sender is CLIENT else CLIENT
    numbers = [
        found.number for found in MESSAGES if (found.channel, found.sender) == (row.channel, other)
    ]
    assert row.number not in numbers


def test_reasons_name_the_field_the_value_and_what_is_allowed() -> None:
    beyond = cbor2.dumps([2, 1, 0, b"\x01\x80\x00\x00"])
    assert reason_of(beyond) == "input: field 'steps' column 'buttons' is 384, allowed 0 to 383"
    boolean = cbor2.dumps([3, True])
    assert reason_of(boolean) == "vote: field 'option' is a boolean, expected an integer"
    assert reason_of(cbor2.dumps([3])) == "vote: 0 fields, expected 1"
    assert reason_of(cbor2.dumps([99])) == "no message 99 here"
    long_name = cbor2.dumps([12, "x" * 41])
    assert reason_of(long_name, LOBBY) == "rename: field 'name' has 41 characters, allowed 40"
    half = cbor2.dumps([2, 1, 0, bytes(6)])
    assert reason_of(half) == "input: field 'steps' has 6 bytes, 4 belong together"
    empty = cbor2.dumps([1, bytes(8), b""])
    assert reason_of(empty) == "join: field 'ticket' has 0 bytes, allowed 1 to 256"


@given(st.text(min_size=41, max_size=200))
def test_reasons_repeat_nothing_long(secret: str) -> None:
    assert secret not in reason_of(cbor2.dumps([3, secret]))
    assert secret not in reason_of(cbor2.dumps([12, secret]), LOBBY)
    assert secret not in reason_of(cbor2.dumps(secret))


def test_a_message_of_ours_that_the_table_forbids_is_our_bug() -> None:
    with pytest.raises((AssertionError, DecodeError)):
        encode(MATCH, SERVER, "pong", 1, -1)


def test_numbers_are_unique_within_a_side() -> None:
    keys = [(row.channel, row.number) for row in MESSAGES]
    assert len(set(keys)) == len(keys)
    names = [(row.channel, row.sender, row.name) for row in MESSAGES]
    assert len(set(names)) == len(names)
    assert message_number(MATCH, CLIENT, "input") == 2
