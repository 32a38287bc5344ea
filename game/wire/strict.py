"""CBOR (RFC 8949) in the one dialect the wire allows; the rest of cbor2's features are off.

Owns: bytes → plain integers, texts, byte strings and arrays. Must not know: the message table.
Invariant: every value has exactly one encoding. Lengths and integers are in their shortest form;
there are no indefinite lengths, no tags, no bytes after the end. Bytes that decode are exactly what
`cbor2.dumps` would write.
"""

from typing import Any, Final, NoReturn

import cbor2

DEPTH_MAX: Final = 4  # message → rows → row → value, and message → sections → section → value


class DecodeError(Exception):
    """A message that the table does not allow; the text is for the person who sent it."""

    @property
    def reason(self) -> str:
        """The fault, in words short enough for a close frame."""
        return str(self.args[0])


def _refuse(*_: object) -> NoReturn:
    raise ValueError("tags are not allowed")


# Every tag that cbor2 would convert by itself (dates, big numbers, expressions, references …).
# Tags it does not know go to `tag_hook`. A test tries all from 0 to 65,535.
_KNOWN_TAGS = (
    0, 1, 2, 3, 4, 5, 25, 28, 29, 30, 35, 36, 37, 100, 256, 258, 260, 261, 1004, 43_000, 55_799,
)  # fmt: skip
# A plain dict: cbor2 is slower with any other mapping (by 0.4 µs for each message).
NO_TAGS: Final[dict[int, Any]] = dict.fromkeys(_KNOWN_TAGS, _refuse)


def loads(encoded: bytes) -> Any:
    """Decode one value, whose only encoding must be all of `encoded`. Raises `DecodeError`.

    Floats, maps and None pass here (they are harmless); the table's exact types refuse them.
    """
    try:
        value = cbor2.loads(
            encoded,
            max_depth=DEPTH_MAX,
            allow_indefinite=False,
            allow_duplicate_keys=False,
            strict_hashable_types=True,
            semantic_decoders=NO_TAGS,
            tag_hook=_refuse,
        )
        canonical = cbor2.dumps(value)
    except (cbor2.CBORError, ValueError, OverflowError) as error:
        raise DecodeError(f"not CBOR as the wire allows it: {str(error)[:40]}") from None
    if canonical != encoded:
        raise DecodeError("not the shortest encoding, or bytes after the end")
    return value
