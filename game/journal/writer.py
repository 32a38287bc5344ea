"""Records → bytes, in memory: the host takes them and puts them where they last.

Owns: the chain. Must not know: files. Invariant: what was taken, in order, is a journal up to
there.
"""

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from struct import Struct
from typing import Any, Final

import attrs
import cbor2
from attrs import define, field

from game.inputs import Command, Input
from game.journal.records import (
    BYTE_STRING,
    CHAIN_BYTES,
    FORMAT,
    HEAD_BYTES,
    INPUT_FORMAT,
    NO_CHAIN,
    RECORD_BYTES_MAX,
    Header,
    Person,
    RecordKind,
    check_of,
    trace_of,
)
from game.state import dump
from game.world import World

_INPUT: Final = Struct(INPUT_FORMAT)


@define
class JournalWriter:
    """One match's records. `chain` is that of the last record, of this file or the one before."""

    chain: bytes = NO_CHAIN
    _pending: bytearray = field(factory=bytearray, init=False)

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
        """What goes into the next tick of `world`, which has not been stepped yet."""
        pack = _INPUT.pack
        packed = b"".join([pack(slot, *wish) for slot, wish in inputs])
        if commands:
            flat = [int(value) for command in commands for value in command]
            self._add(cbor2.dumps((2, trace_of(world), packed, flat)))
        else:
            self._add(cbor2.dumps((2, trace_of(world), packed)))

    def people(self, people: Iterable[Person], note: Sequence[Any] = ()) -> None:
        """Who sits where, from the next tick on; `note` is what else the host must not forget."""
        rows = [attrs.astuple(person) for person in people]
        self._add(cbor2.dumps((int(RecordKind.PEOPLE), rows, note)))

    def result(
        self, tick: int, world_digest: bytes, result: Sequence[Any], signature: bytes
    ) -> None:
        """How a round ended; `signature` is the host's, over the chain so far and all of this."""
        self._add(cbor2.dumps((int(RecordKind.RESULT), tick, world_digest, result, signature)))

    def take(self) -> bytes:
        """The bytes since the last take."""
        taken = bytes(self._pending)
        self._pending.clear()
        return taken

    def _add(self, payload: bytes) -> None:
        assert len(payload) <= RECORD_BYTES_MAX, "no record is so long"
        self.chain = blake2b(payload, digest_size=CHAIN_BYTES, key=self.chain).digest()
        length = (len(payload) + HEAD_BYTES - 5).to_bytes(4, "big")
        pending = self._pending
        pending.append(BYTE_STRING)
        pending += length
        pending += check_of(length)
        pending += self.chain
        pending += payload
