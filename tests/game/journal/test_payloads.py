"""A record may hold exactly the fields of its kind."""

from typing import Any

import cbor2
import pytest

from game.journal import RecordKind
from game.journal.payloads import DEPTH_MAX, decode, decode_any

HEADER = [0, 1, b"8 bytes.", "id", 0, 0, [], "map", "0" * 16, b"print", "0.1", [1, 2]]
PERSON = [0, "id", "Ada", b"", b"", b""]
SOUND = [
    HEADER,
    [1, 60, [1, "two", b"three"]],
    [2, b"4321", b"123456"],
    [2, b"4321", b"", [1, 0, 0]],
    [3, [], []],
    [3, [PERSON], ["whatever", None, 1.5]],
    [4, 60, b"d" * 16, [1.5, None, True], b"signed"],
]
UNSOUND = [
    [],
    [5],
    [-1],
    [True, 1, 2],
    ["0"],
    [[0]],
    "text",
    {"a": 1},
    1,
    HEADER[:-1],
    [*HEADER, 0],
    [*HEADER[:2], b"short", *HEADER[3:]],
    [*HEADER[:4], -1, *HEADER[5:]],
    [1, -1, []],
    [1, 1 << 40, []],
    [1, 60, b"world"],
    [1, 60.0, []],
    [2, b"4321", b"12345"],
    [2, 12, b""],
    [2, b"123", b""],
    [2, b"4321", b"", [1, 0]],
    [2, b"4321", b"", [1, 0, -1]],
    [2, b"4321", b"", [1, 0, 1 << 40]],
    [2, b"4321", b"", [1, 0, True]],
    [2, b"4321", b"", 5],
    [2, b"4321", b"", [], []],
    [3, [PERSON[:-1]], []],
    [3, [[*PERSON[:-1], ""]], []],
    [3, [PERSON], 0],
    [4, 60, b"short", [], b""],
    [4, -1, b"d" * 16, [], b""],
]


@pytest.mark.parametrize("values", SOUND)
def test_a_sound_record_is_its_kind_and_its_fields(values: list[Any]) -> None:
    found = decode(cbor2.dumps(values))
    assert found is not None
    kind, fields = found
    assert isinstance(kind, RecordKind)
    assert cbor2.dumps([kind, *fields]) == cbor2.dumps(values)


@pytest.mark.parametrize("values", UNSOUND)
def test_values_that_no_writer_writes_are_no_record(values: Any) -> None:
    assert decode(cbor2.dumps(values)) is None


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\x83\x02\x444321\x40\x00",  # a byte after the end
        b"\x83\x18\x02\x444321\x40",  # a number longer than it needs to be
        b"\x9f\x02\x444321\x40\xff",  # an array of indefinite length
        b"\xc1\x83\x02\x444321\x40",  # a tag
        b"\xd9\xff\xff\x83\x02\x444321\x40",  # an unknown tag
        b"\x83\x02\x444321\x5b" + b"\xff" * 8,  # a byte string of an absurd length
        b"\x9b" + b"\xff" * 8,  # an array of an absurd length
        b"\x83\x02\x444321\x62\xff\xff",  # a text that is not UTF-8
        b"\x81" * 5_000 + b"\x00",  # deeply nested
        b"\x83\x01\x0c" + b"\x81" * DEPTH_MAX + b"\x00",
    ],
)
def test_other_encodings_are_no_record(payload: bytes) -> None:
    assert decode(payload) is None
    assert decode_any(payload) == ()
