"""Records → bytes, in memory: the host takes them and puts them where they last.

Owns: the chain. Must not know: files. Invariant: what was taken, in order, is a journal up to
there.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from struct import Struct
from typing import Any, Final

import attrs
import cbor2

from game.inputs import Command, Input
from game.journal.records import (
    BYTE_ORDER,
    CHAIN_BYTES,
    CHECK_BYTES,
    FORMAT,
    INPUT_FORMAT,
    NO_CHAIN,
    RECORD_BYTES_MAX,
    TRACE_BYTES,
    Header,
    Person,
    RecordKind,
    Stand,
    chain_of,
    stand_of,
    start_of,
    trace_of,
)
from game.state import dump
from game.world import World

# CBOR: an array of three that begins with the kind and four bytes of trace; or of four.
_TICK_HEAD: Final = bytes((0x83, RecordKind.TICK, 0x40 + TRACE_BYTES))
_WITH_COMMANDS: Final = b"\x84"

_Tick = tuple[Stand, Sequence[Command], Iterable[tuple[int, Input]]]


class JournalWriter:
    """One match's records. `chain` is that of the last record, of this file or the one before.

    Ticks are kept until something else is asked for, and then written one after the other: the
    second costs a third of the first.
    """

    def __init__(self, chain: bytes = NO_CHAIN) -> None:
        self._chain = chain
        self._pending: list[bytes] = []
        self._ticks: list[_Tick] = []

    @property
    def chain(self) -> bytes:
        """Of the last record."""
        self._write_ticks()
        return self._chain

    def header(self, header: Header) -> None:
        """First in a file."""
        fields = attrs.astuple(header, recurse=False)
        self._add(cbor2.dumps((int(RecordKind.HEADER), FORMAT, *fields)))

    def checkpoint(self, world: World) -> None:
        """The whole world, from which a replay may begin."""
        self._add(cbor2.dumps((int(RecordKind.CHECKPOINT), world.tick, dump(world))))

    def tick(
        self, world: World, commands: Sequence[Command], inputs: Iterable[tuple[int, Input]]
    ) -> None:
        """What goes into the next tick of `world`, which has not been stepped yet.

        The sequences must not be changed afterwards.
        """
        self._ticks.append((stand_of(world), commands, inputs))

    def people(self, people: Iterable[Person], note: Sequence[Any] = ()) -> None:
        """Who sits where, from the next tick on; `note` is what else the host must not forget."""
        rows = [attrs.astuple(person) for person in people]
        self._add(cbor2.dumps((int(RecordKind.PEOPLE), rows, note)))

    def result(
        self, tick: int, world_digest: bytes, result: Sequence[Any], signature: bytes
    ) -> None:
        """How a round ended; `signature` is the host's, over the chain so far and all of this."""
        self._add(cbor2.dumps((int(RecordKind.RESULT), tick, world_digest, result, signature)))

    def copy(self, payload: bytes) -> None:
        """A record of another journal, as it is."""
        self._add(payload)

    def take(self) -> bytes:
        """The bytes since the last take."""
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
    """The records of ticks, behind one with this chain; and the chain after them."""
    records: list[bytes] = []
    for stand, commands, inputs in ticks:
        flat: list[int] = []
        for slot, wish in inputs:
            flat.append(slot)
            flat += wish
        packer, inputs_head = _packer(len(flat))
        payload = packer.pack(_TICK_HEAD, trace_of(stand), inputs_head, *flat)
        if commands:
            changes = [int(value) for command in commands for value in command]
            payload = _WITH_COMMANDS + payload[1:] + cbor2.dumps(changes)
        chain = chain_of(chain, payload)
        records += (_start(len(payload)), chain, payload)
    return b"".join(records), chain


@lru_cache(maxsize=256)
def _packer(value_count: int) -> tuple[Struct, bytes]:
    """What packs the payload of a tick at once, as `cbor2` would, in a third of its time.

    With it the CBOR head of that many inputs.
    """
    rows = INPUT_FORMAT * (value_count // len(INPUT_FORMAT))
    inputs_bytes = Struct(BYTE_ORDER + rows).size
    head = cbor2.dumps(bytes(inputs_bytes)).removesuffix(bytes(inputs_bytes))
    return Struct(f"{BYTE_ORDER}{len(_TICK_HEAD)}s{TRACE_BYTES}s{len(head)}s{rows}"), head


@lru_cache(maxsize=256)
def _start(payload_bytes: int) -> bytes:
    """Ticks have few different lengths."""
    return start_of(CHECK_BYTES + CHAIN_BYTES + payload_bytes)
