"""The rows of the table: each attack, whom it is meant to hurt, and what it needs to run.

Owns: the list. Must not measure.
"""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType

from attrs import frozen

from bench.abuse.attacks import frames, http, lobby, replays, seats
from bench.abuse.honest_users import (
    DuelSeekers,
    HonestUsers,
    RoomMates,
    SeatSeekers,
    Viewers,
    Waiting,
    Watchers,
)
from bench.abuse.outcome import Outcome, Target

Attack = Callable[[Target, float], Outcome]
FIRST_NUMBER = 10  # of a row: its addresses begin with 127.0.10
HOSTS = ("team-deathmatch", "capture-the-flag")


@frozen
class Row:
    """One attack."""

    name: str
    attack: Attack
    others: type[HonestUsers] = HonestUsers
    seats: int = 0  # of the bystander's match, left to the attackers
    hosts: tuple[str, ...] = ()  # further public matches, with somebody in each
    fill: Callable[[Path], None] | None = None  # fills the data folder
    settings: Mapping[str, str] = MappingProxyType({})

    @property
    def title(self) -> str:
        """The first paragraph of the attack's docstring."""
        attack = self.attack.func if isinstance(self.attack, partial) else self.attack
        return (attack.__doc__ or "").split("\n\n")[0].replace("\n    ", " ").strip()


# With a watch delay, spectators need no ticket.
WATCHED_AT_ONCE: Mapping[str, str] = MappingProxyType({"SKIRMISH_MATCH__WATCH_DELAY_S": "0"})
# /echo/tick, for network diagnosis, is off by default; the attack needs it on.
ECHO_TICK: Mapping[str, str] = MappingProxyType({"SKIRMISH_NET__ECHO_TICK": "true"})

MATCH_FLOODS = {
    "fragments": frames.endless_message,
    "fragments-pings": frames.endless_message_with_pings,
    "pings": frames.pings,
    "long-pings": frames.long_pings,
    "pongs": frames.pongs,
    "empty-messages": frames.empty_messages,
    "empty-texts": frames.empty_texts,
    "largest-messages": frames.largest_messages,
    "dear-messages": frames.dear_messages,
    "dribbled-frames": frames.dribbled_frames,
    "reserved-bits": frames.reserved_bits,
    "closes": frames.closes,
}
# A match has no room for fifty slow senders: that attack runs in the lobby.
IN_MATCH = [name for name in MATCH_FLOODS if name != "dribbled-frames"]
IN_ECHO = ("fragments", "pings", "pongs", "empty-messages")

REQUESTS: dict[str, Attack] = {
    "fat-heads": http.fat_heads,
    "requests-health": partial(http.ordinary, "/healthz"),
    "requests-page": partial(http.ordinary, "/"),
    "requests-metrics": partial(http.ordinary, "/metrics"),
    "requests-map": partial(http.ordinary, "/maps/bastion.tmj"),
    "requests-bundle": http.bundle,
    "requests-pipelined": http.pipelined,
    "requests-missing": http.missing,
    "tiny-chunks": http.tiny_chunks,
    "refused-upgrades": http.refused_upgrades,
    "slow-heads": http.slow_heads,
    "half-heads": http.half_heads,
    "nothing-said": http.nothing_said,
    "never-read": http.never_read,
    "tls-hellos": http.hellos_of_tls,
    "connections": http.connections,
    "half-handshakes": http.half_handshakes,
}

LOBBY: dict[str, Attack] = {
    "one-name": lobby.one_name,
    "lists": lobby.lists,
    "rooms-in-and-out": lobby.rooms_in_and_out,
    "wrong-codes": lobby.wrong_codes,
    "lobby-pings": lobby.pings,
    "unheard-of": lobby.unheard_of,
    "strangers": lobby.strangers,
    "comers-back": lobby.comers_back,
}

SEATS = (
    Row("private-matches", seats.private_matches),
    Row("empty-private-matches", seats.empty_private_matches, DuelSeekers),
    Row("empty-duels", seats.empty_duels, DuelSeekers),
    Row("reservations", seats.reservations, SeatSeekers, seats=4, hosts=HOSTS),
    Row("seats-in-and-out", seats.in_and_out, seats=4),
    Row("resumes", seats.resumes, seats=4),
    Row("only-pings", seats.only_pings, seats=4),
    Row("forged-tickets", seats.forged_tickets),
    Row("votes", frames.votes, seats=4),
    Row("one-watch-ticket", seats.one_watch_ticket, Watchers, settings=WATCHED_AT_ONCE),
    Row("watchers-in-and-out", seats.watchers_in_and_out, Watchers, settings=WATCHED_AT_ONCE),
    Row("upgrades", seats.floods_then_upgrades, seats=4),
)

REPLAYS = (
    Row(
        "replays-paused",
        replays.paused_downloaded_listed,
        Viewers,
        fill=replays.fill,
    ),
    Row("replays-listed", replays.lists, Viewers, fill=replays.fill),
    Row("replays-sought", replays.seeks, Viewers, fill=replays.fill),
    Row("replays-opened", replays.openings, Viewers, fill=replays.fill),
)

# The rows of the bench's original attacks.
TABLE = (
    *("private-matches", "fragments-match", "fragments-lobby", "pings-match", "pongs-match"),
    *("fat-heads", "requests-health", "requests-page", "requests-metrics", "silent-echo-tick"),
    *("upgrades", "reservations", "only-pings", "empty-duels", "play-and-cancel"),
    *("renames-at-once", "replays-paused", "one-watch-ticket", "half-heads", "never-read"),
    *("one-name", "lists", "renames-in-a-room"),
)
GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType({"table": TABLE})


def _all() -> dict[str, Row]:
    rows = [*SEATS]
    rows += [
        Row(f"{name}-match", partial(MATCH_FLOODS[name], "match"), seats=4) for name in IN_MATCH
    ]
    rows += [Row(f"{name}-lobby", partial(MATCH_FLOODS[name], "lobby")) for name in MATCH_FLOODS]
    rows += [Row(f"{name}-echo", partial(MATCH_FLOODS[name], "/echo")) for name in IN_ECHO]
    rows += [Row("large-echoes", frames.large_echoes)]
    rows += [
        Row("silent-echo-tick", partial(frames.silence, "/echo/tick", 250), settings=ECHO_TICK),
        Row("silent-lobby", partial(frames.silence, "/lobby", 250)),
        Row("silent-match", partial(frames.silence, "/match/nowhere", 250)),
    ]
    rows += [Row(name, attack) for name, attack in {**REQUESTS, **LOBBY}.items()]
    rows += [
        Row("play-and-cancel", lobby.play_and_cancel, Waiting),
        Row("renames-at-once", lobby.renames_at_once, RoomMates),
        Row("renames-in-a-room", lobby.renames_in_a_room, RoomMates),
        *REPLAYS,
    ]
    return {row.name: row for row in rows}


ROWS = _all()


def target_number(name: str) -> int:
    """The number that selects the addresses of a row's attackers: see `Target`."""
    return FIRST_NUMBER + list(ROWS).index(name)
