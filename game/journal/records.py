"""The format of a journal: five kinds of records, and their layout in the file.

A journal is a CBOR sequence (RFC 8742) of byte strings, one per record:

    5a llllllll   a byte string of l bytes (always with four bytes of length)
    cc cc         check: the low half of the CRC-32 of these four bytes of length
    8 bytes       chain: BLAKE2b of the previous record's chain and the payload
    payload       one CBOR array: [kind, …]

The check distinguishes a damaged length from a truncated file; the chain makes every record vouch
for all before it. Payloads, each value in its shortest encoding:

    HEADER      [0, format, previous chain, match id, round, segment, spec, map name, map digest,
                 fingerprint, build, tuning]   first in every file; `spec` belongs to the host,
                                          has the secret of later rounds, and is never made public
    CHECKPOINT  [1, tick, world]          `game.state.dump`; second in every file, then each second
    TICK        [2, trace, inputs]        or [2, trace, inputs, commands]
    PEOPLE      [3, [person, …], note]    who has which seat from the next tick on, and the host's
                                          other notes; never made public
    RESULT      [4, tick, world digest, result, signature]     once in a round, when it was won

A TICK is for the tick after the previous record's. `trace` sums up, in four bytes, the world before
that tick. `inputs` has six bytes for each input that changed: slot, buttons (2), aim (2), view lag,
little-endian, in ascending order of slots. `commands` are kind, slot, value, one after the other.

The chain before a file's first record is the last one of the previous file (zeros before the first
file), so the files of a match form one chain. The header repeats it for readers that have only this
file.

When sixteen players all fight and change their input in every tick, a player's minute takes 52 kB,
23 kB after gzip: of the 52, checkpoints are 24 and inputs 22 (`bench.journal`).
"""

from enum import IntEnum
from typing import Any, Final

from attrs import frozen

FORMAT: Final = 3  # 1: worlds without teams, flags and circle; 2: other traces
CHAIN_BYTES: Final = 8
NO_CHAIN: Final = bytes(CHAIN_BYTES)
CHECK_BYTES: Final = 2
TRACE_BYTES: Final = 4
HEAD_BYTES: Final = 1 + 4 + CHECK_BYTES + CHAIN_BYTES
BYTE_STRING: Final = 0x5A  # with four bytes of length
RECORD_BYTES_MAX: Final = 1 << 20
TICK_MAX: Final = 1 << 30  # half a year without a pause
BYTE_ORDER: Final = "<"
INPUT_FORMAT: Final = "BHHB"
INPUT_BYTES: Final = 6
CHECKPOINT_EVERY_TICKS: Final = 60


class RecordKind(IntEnum):
    """The first value of a payload."""

    HEADER = 0
    CHECKPOINT = 1
    TICK = 2
    PEOPLE = 3
    RESULT = 4


@frozen
class Header:
    """The match, round and rules that a file belongs to."""

    previous_chain: bytes  # the last chain of the previous file; zeros in the first
    match_id: str
    round_number: int
    segment: int  # files of a round are numbered from 0
    spec: tuple[Any, ...]  # what the host needs to resume the match; the rules ignore it
    map_name: str
    map_digest: str
    fingerprint: bytes  # of the wire, the tuning and the movement
    build: str  # the version of Skirmish that wrote it
    tuning: tuple[Any, ...]  # `game.state.dump_tuning`


@frozen
class Person:
    """A seat, its holder, and the nonces for reconnecting. `""` and `b""`: none."""

    slot: int
    player_id: str
    name: str
    resume_nonce: bytes
    spare_nonce: bytes
    ticket_nonce: bytes


@frozen
class Record:
    """One record of a journal that was read. `tick` is its own, or the last one before it."""

    kind: RecordKind
    offset: int  # of its first byte in the file
    tick: int
    fields: tuple[Any, ...]  # the payload without the kind
