"""A match's outgoing messages: snapshots (each entity encoded once), welcome and roster.

Owns: each member's base, and how control messages are filled. Must not know: Trio, the rules.
Invariants: nothing waits; a member's base is the last snapshot that was written whole to the
member's socket, so a skipped member catches up by a delta from that base and never gets a stale
one.
"""

from collections.abc import Mapping
from typing import Final

from game.arena import Arena
from game.tuning import SNAPSHOT_EVERY_TICKS
from game.view import View
from game.wire.codec import encode
from game.wire.match_messages import MapChoice, Roster, RosterRow, Welcome
from game.wire.shot_numbers import ShotNumbers
from game.wire.snapshot import SnapshotWriter
from server.match.counters import MatchCounters
from server.match.members import Member
from server.match.rounds import RoundPlan
from server.match.seating import Seating

HISTORY_VIEWS: Final = 32  # a second: a member who was busy for longer gets a full snapshot


class Broadcast:
    """The outgoing half of one round. With `fog`, each is sent what they see, and no more."""

    def __init__(self, counters: MatchCounters, shot_key: bytes, fog: bool = True) -> None:
        """Begin without a view."""
        self.newest: View | None = None
        self.counters = counters
        self.shots = ShotNumbers(shot_key)  # the views of this round are made with these
        self.writer = SnapshotWriter(HISTORY_VIEWS * SNAPSHOT_EVERY_TICKS, fog=fog)

    def send(self, view: View, members: tuple[Member, ...], age: int) -> None:
        """Push `view`; write every member's waiting messages, and what the member may see of it."""
        writer, counters, tick = self.writer, self.counters, view.tick
        self.newest = view
        writer.push(view)
        # All are made before any is sent: the kernel's part of sending takes the caches.
        messages: list[bytes] = []  # empty: the socket is busy, or there is none
        for member in members:
            is_free = member.stream is not None and (not member.outbox or _flush(member))
            margin = member.inbox.margin
            messages.append(
                writer.message(member.slot, member.base_tick, margin) if is_free else b""
            )
        oldest_base, sent, total_bytes, at = tick, 0, 0, 0
        base_tick: int | None = tick
        for member in members:
            stream, base, message = member.stream, member.base_tick, messages[at]
            at += 1
            if message and stream is not None and stream.send_nowait(message):
                member.base_tick = base_tick
                member.written_age = age
                sent += 1
                total_bytes += len(message)
                continue
            counters.snapshots_skipped += 1
            if base is not None and base < oldest_base:
                oldest_base = base
        writer.forget_before(oldest_base)
        counters.snapshots_sent += sent
        counters.snapshot_bytes += total_bytes


def welcome_message(
    member: Member, tick: int, resume: bytes, plan: RoundPlan, maps: Mapping[str, Arena]
) -> bytes:
    """The message that a member needs before the first snapshot of a round."""
    config = plan.config
    welcome = Welcome(
        member.slot,
        tick,
        plan.match_id,
        mode=config.mode,
        map=config.map_name,
        map_digest=plan.arena.digest,
        resume=resume,
        score_limit=config.score_limit,
        players_max=config.players_max,
        vote_maps=tuple([MapChoice(name, maps[name].title) for name in config.vote_maps]),
        round=plan.number,
    )
    return encode(welcome)


def roster_message(seating: Seating) -> bytes:
    """Names and pings by slot."""
    rows = {slot: RosterRow(slot, name, 1, 1, 0) for slot, name in seating.bots.names.items()}
    for slot, member in seating.players.items():
        is_connected = int(member.is_connected)
        rows[slot] = RosterRow(slot, member.name, 0, is_connected, member.ping_ms)
    return encode(Roster(tuple([rows[slot] for slot in sorted(rows)])))


def _flush(member: Member) -> bool:
    """Empty the outbox into the socket; False when the socket is busy before that is done."""
    outbox = member.outbox
    while outbox:
        if member.stream is None or not member.stream.send_nowait(outbox[0]):
            return False
        outbox.popleft()
    return True
