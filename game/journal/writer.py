"""Writes records to bytes in memory; the host takes the bytes and stores them.

Owns: the chain. Must not know: files. Invariant: the bytes taken so far, in order, are a valid
journal.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Final

import attrs
import cbor2
from librt.strings import BytesWriter
from mypy_extensions import u8

from game.inputs import Command, InputFields
from game.journal.marks import Stand, chain_of, stand_of, start_of, trace_of
from game.journal.records import (
    CHAIN_BYTES,
    CHECK_BYTES,
    FORMAT,
    INPUT_BYTES,
    NO_CHAIN,
    RECORD_BYTES_MAX,
    TRACE_BYTES,
    Header,
    Person,
    RecordKind,
)
from game.state import dump
from game.world import World

# CBOR: an array that starts with the kind and four bytes of trace; commands add one item.
_TICK_HEAD: Final = bytes((0x83, RecordKind.TICK, 0x40 + TRACE_BYTES))
_TICK_HEAD_WITH_COMMANDS: Final = bytes((0x84, RecordKind.TICK, 0x40 + TRACE_BYTES))
# By count of inputs: the head of their CBOR byte string. A slot is one byte, so 256 is the most.
_INPUT_HEADS: Final = [
    cbor2.dumps(bytes(INPUT_BYTES * count)).removesuffix(bytes(INPUT_BYTES * count))
    for count in range(257)
]

_Tick = tuple[Stand, Sequence[Command], Iterable[tuple[int, InputFields]]]


class JournalWriter:
    """One match's records. `chain` is that of the last record, of this file or the previous one.

    Ticks are collected until anything else is asked for, then written in one batch: the second one
    costs a third of the first.
    """

    def __init__(self, chain: bytes = NO_CHAIN) -> None:
        self._chain = chain
        self._pending: list[bytes] = []
        self._ticks: list[_Tick] = []

    @property
    def chain(self) -> bytes:
        """The chain of the last record."""
        self._write_ticks()
        return self._chain

    def header(self, header: Header) -> None:
        """Write the header, the first record of a file."""
        fields = attrs.astuple(header, recurse=False)
        self._add(cbor2.dumps((int(RecordKind.HEADER), FORMAT, *fields)))

    def checkpoint(self, world: World) -> None:
        """Write the whole world, from which a replay may start."""
        self._add(cbor2.dumps((int(RecordKind.CHECKPOINT), world.tick, dump(world))))

    def tick(
        self, world: World, commands: Sequence[Command], inputs: Iterable[tuple[int, InputFields]]
    ) -> None:
        """Write the commands and inputs of the next tick of `world`, which is not stepped yet.

        The sequences must not be changed afterwards.
        """
        self._ticks.append((stand_of(world), commands, inputs))

    def people(self, people: Iterable[Person], note: Sequence[Any] = ()) -> None:
        """Write who has which seat from the next tick on; `note` is for the host's other data."""
        rows = [attrs.astuple(person) for person in people]
        self._add(cbor2.dumps((int(RecordKind.PEOPLE), rows, note)))

    def result(
        self, tick: int, world_digest: bytes, result: Sequence[Any], signature: bytes
    ) -> None:
        """Write how a round ended; the host's `signature` covers the chain so far and all this."""
        self._add(cbor2.dumps((int(RecordKind.RESULT), tick, world_digest, result, signature)))

    def copy(self, payload: bytes) -> None:
        """Write another journal's record unchanged."""
        self._add(payload)

    def take(self) -> bytes:
        """Take the bytes written since the last take."""
        self._write_ticks()
        taken = b"".join(self._pending)
        self._pending.clear()
        return taken

    def _add(self, payload: bytes) -> None:
        assert len(payload) <= RECORD_BYTES_MAX, "no record is so long"
        self._write_ticks()
        self._chain = chain_of(self._chain, payload)
        self._pending += (_start(len(payload)), self._chain, payload)

    def _write_ticks(self) -> None:
        if self._ticks:
            records, self._chain = tick_records(self._chain, self._ticks)
            self._pending.append(records)
            self._ticks.clear()


def tick_records(chain: bytes, ticks: list[_Tick]) -> tuple[bytes, bytes]:
    """Encode the records of ticks that follow `chain`; returns them and the chain after them."""
    records = BytesWriter()
    for stand, commands, inputs in ticks:
        if commands:
            changes = [int(value) for command in commands for value in command]
            head, tail = _TICK_HEAD_WITH_COMMANDS, cbor2.dumps(changes)
        else:
            head, tail = _TICK_HEAD, b""
        payload = head + trace_of(stand) + _packed(inputs) + tail
        chain = chain_of(chain, payload)
        records.write(_start(len(payload)))
        records.write(chain)
        records.write(payload)
    return records.getvalue(), chain


def _packed(inputs: Iterable[tuple[int, InputFields]]) -> bytes:
    """Pack inputs into the same CBOR byte string as `cbor2`, in a third of its time."""
    rows = BytesWriter()
    count = 0
    for slot, (buttons, aim, lag) in inputs:
        rows.append(u8(slot))
        rows.append(u8(buttons & 255))
        rows.append(u8(buttons >> 8))
        rows.append(u8(aim & 255))
        rows.append(u8(aim >> 8))
        rows.append(u8(lag))
        count += 1
    return _INPUT_HEADS[count] + rows.getvalue()


@lru_cache(maxsize=256)
def _start(payload_bytes: int) -> bytes:
    """The start of a record, cached: ticks have few different lengths."""
    return start_of(CHECK_BYTES + CHAIN_BYTES + payload_bytes)
