"""One value, one encoding; everything else that CBOR can say is refused."""

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.wire.strict import DEPTH_MAX, DecodeError, loads
from tests.game.wire.strategies import ANYTHING

PAYLOADS: tuple[object, ...] = (0, "a", b"a", [], [1, 2], [1, b"\x01"])


def test_no_tag_means_anything() -> None:
    for tag in (*range(65_536), 2**32, 2**64 - 1):
        for payload in PAYLOADS if tag < 1_100 or tag in (43_000, 55_799) else PAYLOADS[:1]:
            with pytest.raises(DecodeError):
                loads(cbor2.dumps(cbor2.CBORTag(tag, payload)))


@pytest.mark.parametrize(
    "encoded",
    [
        b"",
        b"\x18\x01",  # 1 in two bytes
        b"\x38\x00",  # -1 in two bytes
        b"\x1b" + bytes(7) + b"\x01",
        b"\x98\x01\x00",  # an array whose length is longer than it needs to be
        b"\x78\x01a",
        b"\x58\x01a",
        b"\x9f\x00\xff",  # indefinite lengths
        b"\x5f\x41\x00\xff",
        b"\x7f\x61a\xff",
        b"\xbf\xff",
        b"\x62\xc3\x28",  # no UTF-8
        b"\x9b\x7f" + b"\xff" * 7,  # an array longer than any memory
        b"\x5b\x7f" + b"\xff" * 7,
        b"\x00\x00",  # two values
        b"\xff",
        b"\x1c",
        b"\xa2\x61a\x00\x61a\x00",  # a key twice
        b"\xa1\x00\x00",  # a key that is no text
        b"\x81" * (DEPTH_MAX + 1) + b"\x00",
    ],
    ids=bytes.hex,
)
def test_noncanonical_encodings_are_refused(encoded: bytes) -> None:
    with pytest.raises(DecodeError):
        loads(encoded)


@given(st.binary(max_size=64))
def test_any_bytes_are_the_one_encoding_of_something_or_refused(encoded: bytes) -> None:
    try:
        value = loads(encoded)
    except DecodeError:
        return
    assert cbor2.dumps(value) == encoded


@given(ANYTHING)
def test_reasons_are_short(value: object) -> None:
    with pytest.raises(DecodeError) as refused:
        loads(b"\xc1" + cbor2.dumps(value))
    assert len(refused.value.reason) < 100
