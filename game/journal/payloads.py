"""Decodes a record's payload to its kind and fields, or to nothing.

Owns: the shape of each kind of record. Must not know: where records are stored, what they do to a
world. Invariant: what is returned has the types and lengths that `records` states, so callers need
not check again. The worlds in checkpoints and the host's `spec`, `note` and `result` are tuples of
any CBOR values; nothing more is guaranteed about them.
"""

import struct
from collections.abc import Callable
from typing import Any, Final, NoReturn

import cbor2

from game.inputs import COMMAND_VALUE_MAX, Command, Input
from game.journal.records import (
    BYTE_ORDER,
    CHAIN_BYTES,
    INPUT_BYTES,
    INPUT_FORMAT,
    TICK_MAX,
    TRACE_BYTES,
    RecordKind,
)
from game.wire.strict import NO_TAGS

Fields = tuple[Any, ...]

DEPTH_MAX: Final = 16
DIGEST_BYTES: Final = 16
COMMAND_VALUES: Final = 3

_HEADER: Final = (int, bytes, str, int, int, tuple, str, str, bytes, str, tuple)
_INPUT: Final = struct.Struct(BYTE_ORDER + INPUT_FORMAT)
_PERSON: Final = (int, str, str, bytes, bytes, bytes)


def decode(payload: bytes) -> tuple[RecordKind, Fields] | None:
    """Decode a payload to kind and fields; None when it is no record of this format."""
    values = decode_any(payload)
    if not values or type(values[0]) is not int or values[0] not in _IS_SOUND:
        return None
    kind, fields = RecordKind(values[0]), values[1:]
    return (kind, fields) if _IS_SOUND[kind](fields) else None


def kind_of(payload: bytes) -> RecordKind | None:
    """Return the kind, which follows the array's one-byte head, without decoding the rest; None for
    one of another format.
    """
    try:
        return RecordKind(payload[1])
    except (ValueError, IndexError):
        return None


def tick_inputs(fields: Fields) -> tuple[list[Command], list[tuple[int, Input]]]:
    """Return the commands and inputs of a tick from its record's fields."""
    flat = fields[2] if len(fields) == 3 else ()
    commands = [
        Command(*flat[at : at + COMMAND_VALUES]) for at in range(0, len(flat), COMMAND_VALUES)
    ]
    inputs = [
        (slot, Input(buttons, aim, lag))
        for slot, buttons, aim, lag in _INPUT.iter_unpack(fields[1])
    ]
    return commands, inputs


def decode_any(payload: bytes) -> Fields:
    """Decode an array of any format, in its shortest encoding; () for anything else."""
    try:
        values = cbor2.loads(
            payload,
            max_depth=DEPTH_MAX,
            allow_indefinite=False,
            allow_duplicate_keys=False,
            strict_hashable_types=True,
            semantic_decoders=NO_TAGS,
            tag_hook=_refuse,
            immutable=True,
        )
        is_only = cbor2.dumps(values) == payload
    except (cbor2.CBORError, ValueError, TypeError, OverflowError, RecursionError, MemoryError):
        return ()
    return values if is_only and type(values) is tuple else ()


def _refuse(*_: object) -> NoReturn:
    raise ValueError("tags are not allowed")


def _are(fields: Fields, kinds: tuple[type, ...]) -> bool:
    return len(fields) == len(kinds) and all(map(_is, fields, kinds))


def _is(value: object, kind: type) -> bool:
    return type(value) is kind


def _is_header(fields: Fields) -> bool:
    return (
        _are(fields, _HEADER)
        and len(fields[1]) == CHAIN_BYTES
        and fields[3] >= 0
        and fields[4] >= 0
    )


def _is_checkpoint(fields: Fields) -> bool:
    return _are(fields, (int, tuple)) and 0 <= fields[0] <= TICK_MAX


def _is_tick(fields: Fields) -> bool:
    return (
        _are(fields[:2], (bytes, bytes))
        and len(fields[0]) == TRACE_BYTES
        and len(fields[1]) % INPUT_BYTES == 0
        and (len(fields) == 2 or (len(fields) == 3 and _are_commands(fields[2])))
    )


def _are_commands(flat: object) -> bool:
    return (
        type(flat) is tuple
        and len(flat) % COMMAND_VALUES == 0
        and all(type(value) is int and 0 <= value <= COMMAND_VALUE_MAX for value in flat)
    )


def _is_people(fields: Fields) -> bool:
    return _are(fields, (tuple, tuple)) and all(
        type(row) is tuple and _are(row, _PERSON) for row in fields[0]
    )


def _is_result(fields: Fields) -> bool:
    return (
        _are(fields, (int, bytes, tuple, bytes))
        and 0 <= fields[0] <= TICK_MAX
        and len(fields[1]) == DIGEST_BYTES
    )


_IS_SOUND: Final[dict[int, Callable[[Fields], bool]]] = {
    RecordKind.HEADER: _is_header,
    RecordKind.CHECKPOINT: _is_checkpoint,
    RecordKind.TICK: _is_tick,
    RecordKind.PEOPLE: _is_people,
    RecordKind.RESULT: _is_result,
}
