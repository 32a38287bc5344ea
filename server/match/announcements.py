"""Control messages of a match that are not snapshots: welcome and roster.

Owns: how they are filled. Must not know: sockets. The table in `game/wire/messages.py` defines
the fields.
"""

from collections.abc import Mapping

from game.arena import Arena
from game.wire.codec import encode
from game.wire.messages import Channel, Sender
from server.match.members import Member
from server.match.rounds import RoundPlan
from server.match.seating import Seating


def welcome_message(
    member: Member, tick: int, resume: bytes, plan: RoundPlan, maps: Mapping[str, Arena]
) -> bytes:
    """The message that a member needs before the first snapshot of a round."""
    config = plan.config
    return encode(
        Channel.MATCH,
        Sender.SERVER,
        "welcome",
        member.slot,
        tick,
        plan.match_id,
        config.mode,
        config.map_name,
        plan.arena.digest,
        resume,
        config.score_limit,
        config.players_max,
        [[name, maps[name].title] for name in config.vote_maps],
        plan.number,
    )


def roster_message(seating: Seating) -> bytes:
    """Names and pings by slot."""
    rows: dict[int, list[object]] = {
        slot: [slot, name, 1, 1, 0] for slot, name in seating.bots.names.items()
    }
    for slot, member in seating.players.items():
        rows[slot] = [slot, member.name, 0, int(member.is_connected), member.ping_ms]
    return encode(Channel.MATCH, Sender.SERVER, "roster", [rows[slot] for slot in sorted(rows)])
