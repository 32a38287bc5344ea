"""The codec lets through what the table allows, and nothing else."""

import cbor2
import pytest
from attrs import fields
from hypothesis import given
from hypothesis import strategies as st

from game.wire.codec import DecodeError, decode, encode
from game.wire.match_messages import Inputs, Pong, Step
from game.wire.messages import MESSAGES
from game.wire.schema import Message, ToLobby, ToMatch
from tests.game.wire.strategies import ANYTHING, messages

CLASSES = st.sampled_from(MESSAGES)
ANY_MESSAGE = CLASSES.flatmap(messages)


def decoded(made: type[Message], encoded: bytes) -> Message:
    """Decode what this class's sender sent."""
    return decode(made.__base__, encoded)


def reason_of(encoded: bytes, side: type[Message] = ToMatch) -> str:
    with pytest.raises(DecodeError) as refused:
        decode(side, encoded)
    return refused.value.reason


@given(ANY_MESSAGE)
def test_encoded_messages_decode_to_the_same(message: Message) -> None:
    assert decoded(type(message), encode(message)) == message


@given(ANY_MESSAGE, st.data())
def test_any_message_is_allowed_or_refused(message: Message, data: st.DataObject) -> None:
    values = cbor2.loads(encode(message))
    if len(values) > 1:
        values[data.draw(st.integers(1, len(values) - 1))] = data.draw(ANYTHING)
    encoded = cbor2.dumps(values)
    try:
        found = decoded(type(message), encoded)
    except DecodeError:
        return
    assert encode(found) == encoded


@given(ANY_MESSAGE, st.data())
def test_one_changed_byte_is_another_message_or_none(message: Message, data: st.DataObject) -> None:
    encoded = bytearray(encode(message))
    encoded[data.draw(st.integers(0, len(encoded) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = decoded(type(message), bytes(encoded))
    except DecodeError:
        return
    assert encode(found) == encoded


@given(ANY_MESSAGE, st.data())
def test_a_message_cut_short_is_refused(message: Message, data: st.DataObject) -> None:
    encoded = encode(message)
    with pytest.raises(DecodeError):
        decoded(type(message), encoded[: data.draw(st.integers(0, len(encoded) - 1))])


@given(ANY_MESSAGE, st.binary(min_size=1, max_size=4))
def test_bytes_after_the_end_are_refused(message: Message, rest: bytes) -> None:
    with pytest.raises(DecodeError):
        decoded(type(message), encode(message) + rest)


def test_no_number_means_two_messages_on_a_channel() -> None:
    keys = [(made.spec.channel, made.spec.number) for made in MESSAGES]
    assert len(set(keys)) == len(keys)
    names = [(*made.side, made.spec.name) for made in MESSAGES]
    assert len(set(names)) == len(names)


def test_the_fields_of_a_class_are_those_of_its_spec() -> None:
    for made in MESSAGES:
        names = [attribute.name for attribute in fields(made)]
        assert names == [name for name, _ in made.spec.fields]
    assert (Inputs.spec.number, Inputs.spec.name) == (2, "inputs")


def test_reasons_name_the_field_the_value_and_what_is_allowed() -> None:
    beyond = cbor2.dumps([2, 1, 0, b"\x01\x80\x00\x00"])
    assert reason_of(beyond) == "inputs: field 'steps' column 'buttons' is 384, allowed 0 to 383"
    boolean = cbor2.dumps([3, True])
    assert reason_of(boolean) == "vote: field 'option' is a boolean, expected an integer"
    assert reason_of(cbor2.dumps([3])) == "vote: 0 fields, expected 1"
    assert reason_of(cbor2.dumps([99])) == "no message 99 here"
    long_name = cbor2.dumps([12, "x" * 41])
    assert reason_of(long_name, ToLobby) == "rename: field 'name' has 41 characters, allowed 40"
    half = cbor2.dumps([2, 1, 0, bytes(6)])
    assert reason_of(half) == "inputs: field 'steps' has 6 bytes, 4 belong together"
    empty = cbor2.dumps([1, bytes(8), b""])
    assert reason_of(empty) == "join: field 'ticket' has 0 bytes, allowed 1 to 256"


@given(st.text(min_size=41, max_size=200))
def test_reasons_repeat_nothing_long(secret: str) -> None:
    assert secret not in reason_of(cbor2.dumps([3, secret]))
    assert secret not in reason_of(cbor2.dumps([12, secret]), ToLobby)
    assert secret not in reason_of(cbor2.dumps(secret))


def test_a_field_that_the_table_forbids_is_not_sent() -> None:
    with pytest.raises(DecodeError, match="field 'tick' is -1"):
        encode(Pong(1, -1, 0))
    with pytest.raises(DecodeError, match="'buttons' is 384"):
        encode(Inputs(1, 0, (Step(384, 0),)))
    with pytest.raises(DecodeError, match="does not fit"):
        encode(Inputs(1, 0, (Step(0, 70_000),)))
