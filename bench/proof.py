"""Compares what players saw with the journals: is all of it there, and in one chain?

Owns the comparison. For each match it checks that its files, whichever process wrote them, are one
chain of whole records, that every file replays to its own checkpoints and traces, and that each
view a witness got, including the witness's own part with its inputs, is the journal's world of that
tick.
"""

import gzip
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clients.net.replica import Replica
from game.arena import Arena
from game.fog import Fog
from game.journal import Journal, Replay, read_journal
from game.view import view
from game.wire.codec import decode
from game.wire.schema import FromMatch


@dataclass
class Proof:
    """The findings in one match."""

    match_id: str
    files: int = 0
    ticks: int = 0
    views: int = 0  # that the witness got
    compared: int = 0  # of `views`: found in the journal and equal
    fault: str = ""


Seen = dict[
    tuple[int, int], tuple[object, ...]
]  # (round, tick) → the bodies the witness saw and its own part


def prove(match_id: str, folder: Path, witnessed: Sequence[bytes], maps: dict[str, Arena]) -> Proof:
    """Compare one witness with the journals below a folder."""
    seen, slot = what_was_seen(witnessed)
    proof = Proof(match_id, views=len(seen))
    chain: bytes | None = None
    for path in files_of(match_id, folder):
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        journal = read_journal(raw, chain)
        chain = journal.chain
        proof.files += 1
        if journal.damage:
            proof.fault = f"{path.name}: {journal.damage}"
            return proof
        fault = _replay(journal, maps[journal.header.map_name], seen, slot, proof)
        if fault:
            proof.fault = f"{path.name}: {fault}"
            return proof
    if seen:
        proof.fault = f"{len(seen)} views are not in the journal, the first of {min(seen)}"
    return proof


def files_of(match_id: str, folder: Path) -> list[Path]:
    """All files of a match by round and segment, from all folders."""
    paths = [path for path in folder.rglob(f"{match_id}-r*.skj*") if path.suffix != ".half"]
    return sorted(paths, key=lambda path: path.name.removesuffix(".gz"))


def what_was_seen(witnessed: Iterable[bytes]) -> tuple[Seen, int]:
    """Every view of one player over all connections, and the player's slot."""
    replica, seen, slot = Replica(), Seen(), -1
    for payload in witnessed:
        is_view = replica.receive(decode(FromMatch, payload))
        welcome, now = replica.welcome, replica.view
        if welcome is not None:
            slot = welcome.slot
        if is_view and now is not None and welcome is not None:
            own = now.own.get(slot)
            seen[welcome.round, now.tick] = (now.bodies, own)
    return seen, slot


def _flat(seen: Any) -> list[Any]:
    """Every body as a row, and the own part as the last."""
    bodies, own = seen
    return [*bodies.items(), own]


def _replay(journal: Journal, arena: Arena, seen: Seen, slot: int, proof: Proof) -> str:
    """Remove what this file confirms from `seen`; returns what is wrong, or ""."""
    replay = Replay(journal, arena)
    divergence = replay.verify()
    if divergence is not None:
        return f"the replay differs at tick {divergence.tick}: {divergence.what}"
    for ticked in replay.run():
        proof.ticks += 1
        told = seen.pop((journal.header.round_number, ticked.tick), None)
        if told is None:
            continue
        now = Fog(view(ticked.world, [])).seen_by(slot)
        was = (now.bodies, now.own.get(slot))
        if told != was:
            differences = [(a, b) for a, b in zip(_flat(told), _flat(was), strict=False) if a != b]
            return f"a player saw something else at tick {ticked.tick}: {differences[:3]}"
        proof.compared += 1
    return ""
