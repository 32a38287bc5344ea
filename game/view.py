"""What may be seen of a world, as tuples of integers by entity: the rules' side of a snapshot.

Owns: which fields are public, which take seeing, which are a seat's own, and their order (the wire
masks by position). Must not know: bytes, or who sees what: that is `fog.py`. The wire sends every
field as the difference from what the receiver predicts.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from struct import pack
from typing import cast

from game.arena import Arena
from game.events import Event
from game.inputs import FIRE
from game.tuning import TILE_SHIFT
from game.visibility import Visibility, visibility_of
from game.world import NO_CIRCLE, Circle, Phase, Player, Shot, World

# Public facts about a player, wherever they are. Shots and hits are 0 until the round is
# over: until then they would tell of somebody out of sight that they fire.
CARD_FIELDS = (
    "status",  # ALIVE, CONNECTED, BOT, IN_MATCH
    "score",
    "kills",
    "deaths",
    "shots",
    "hits",
    "streak_best",
    "medals",
    "place",
    "team",
    "vote",
)
# What one has to see. In every record that moves x, y, vx, vy come first: both sides advance x and
# y of their base by vx and vy.
BODY_FIELDS = (
    "x",
    "y",
    "vx",
    "vy",
    "aim8",
    "status",  # ALIVE, DASHING, PROTECTED, DOUBLE, FIRING, and the weapon
    "health",
    "armour",
)
SHOT_FIELDS = ("x", "y", "vx", "vy", "source")  # source = owner * 8 + weapon
PAD_FIELDS = ("ready_tick",)
MATCH_FIELDS = ("phase", "phase_end_tick", "winner", "players_min")
TEAM_FIELDS = ("score",)
FLAG_FIELDS = ("x", "y", "holder", "return_tick")
CIRCLE_FIELDS = (
    "x",
    "y",
    "radius",
    "next_x",
    "next_y",
    "next_radius",
    "begin_tick",
    "end_tick",
)
OWN_FIELDS = (
    "fire_ready_tick",
    "dash_ready_tick",
    "dash_until_tick",
    "dash_vx",
    "dash_vy",
    "ammo_scatter",
    "ammo_launcher",
    "ammo_rail",
    "ammo_disc",
    "protected_until_tick",
    "double_until_tick",
    "respawn_tick",
    "shots",  # of this round so far; everybody's are on the cards when it is over
    "hits",
)

# Bits of a status.
ALIVE, CONNECTED, BOT, DASHING, PROTECTED, DOUBLE, FIRING, IN_MATCH = 1, 2, 4, 8, 16, 32, 64, 128
STATUS_WEAPON_SHIFT = 8

Records = dict[int, tuple[int, ...]]  # by slot, or whatever numbers entities
Renumber = Callable[[dict[int, Shot]], dict[int, Shot]]


@dataclass(slots=True)
class View:
    """One tick as everybody (and each seat) may see it. Dicts are by slot, shot number, pad index
    and team; all but the shots are ascending. In a view that was cut for a seat, `bodies`, `shots`,
    `pads`, `own` and `events` lack what it may not know.
    """

    tick: int
    cards: Records
    bodies: Records
    shots: Records
    pads: Records
    match: tuple[int, ...]
    own: Records  # by slot
    events: list[Event]  # of all ticks since the view before
    teams: Records = field(default_factory=dict)
    flags: Records = field(default_factory=dict)
    circle: tuple[int, ...] = (0,) * len(CIRCLE_FIELDS)
    visibility: Visibility | None = field(default=None, compare=False, repr=False)  # None: no walls
    # Column and row of each pad's tile, four bytes each; a pad without any is in everybody's sight.
    pad_tiles: bytes = field(default=b"", compare=False, repr=False)


def view(world: World, events: list[Event], renumber: Renumber | None = None) -> View:
    """Cut the public and the own parts out of `world`. `events` are those since the last view, in
    order. `renumber` gives the shots other numbers than the rules do.
    """
    shots = world.shots if renumber is None or not world.shots else renumber(world.shots)
    cards, bodies, own = records(world.players, world.tick, world.phase)
    return View(
        tick=world.tick,
        cards=cards,
        bodies=bodies,
        shots=shot_records(shots),
        pads=pad_records(world.pad_ready_ticks),
        match=(world.phase, world.phase_end_tick, world.winner, world.config.players_min),
        own=own,
        events=events,
        teams={team: (score,) for team, score in enumerate(world.team_scores, start=1)},
        flags={
            team: (flag.x, flag.y, flag.holder, flag.return_tick)
            for team, flag in world.flags.items()
        },
        circle=_NO_CIRCLE if world.circle is NO_CIRCLE else _circle(world.circle),
        visibility=visibility_of(world.arena),
        pad_tiles=pad_tiles_of(world.arena),
    )


def pad_tiles_of(arena: Arena) -> bytes:
    """Where the pads are, as `View.pad_tiles` has it; made once per arena."""
    known = arena.derived.get("pad_tiles")
    if known is None:
        tiles = [at >> TILE_SHIFT for pad in arena.pads for at in (pad.x, pad.y)]
        known = arena.derived["pad_tiles"] = pack(f"={len(tiles)}i", *tiles)
    return cast(bytes, known)


def records(players: dict[int, Player], tick: int, phase: int) -> tuple[Records, Records, Records]:
    """Cards, bodies and own parts of players at a tick, by slot."""
    is_over = phase >= Phase.SCOREBOARD
    return (
        {slot: _card(player, is_over=is_over) for slot, player in players.items()},
        {slot: _body(player, tick) for slot, player in players.items()},
        {slot: _own(player) for slot, player in players.items()},
    )


def shot_records(shots: dict[int, Shot]) -> Records:
    """Shots by number."""
    return {
        number: (shot.x, shot.y, shot.vx, shot.vy, shot.owner * 8 + shot.weapon)
        for number, shot in shots.items()
    }


def pad_records(ready_ticks: list[int]) -> Records:
    """Pads by index."""
    return {index: (ready,) for index, ready in enumerate(ready_ticks)}


_NO_CIRCLE = (0,) * len(CIRCLE_FIELDS)


def _circle(circle: Circle) -> tuple[int, ...]:
    return (
        circle.x,
        circle.y,
        circle.radius,
        circle.next_x,
        circle.next_y,
        circle.next_radius,
        circle.begin_tick,
        circle.end_tick,
    )


def _card(player: Player, *, is_over: bool) -> tuple[int, ...]:
    status = (
        IN_MATCH
        | (ALIVE if player.alive else 0)
        | (CONNECTED if player.connected else 0)
        | (BOT if player.bot else 0)
    )
    shots, hits = (player.shots, player.hits) if is_over else (0, 0)
    return (
        status,
        player.score,
        player.kills,
        player.deaths,
        shots,
        hits,
        player.streak_best,
        player.medals,
        player.place,
        player.team,
        player.vote,
    )


def _body(player: Player, tick: int) -> tuple[int, ...]:
    status = (
        (ALIVE if player.alive else 0)
        | (DASHING if tick < player.dash_until_tick else 0)
        | (PROTECTED if tick < player.protected_until_tick else 0)
        | (DOUBLE if tick < player.double_until_tick else 0)
        | (FIRING if player.buttons & FIRE else 0)
        | player.weapon << STATUS_WEAPON_SHIFT
    )
    return (
        player.x,
        player.y,
        player.vx,
        player.vy,
        player.aim >> 8,
        status,
        player.health,
        player.armour,
    )


def _own(player: Player) -> tuple[int, ...]:
    _, scatter, launcher, rail, disc = player.ammo
    return (
        player.fire_ready_tick,
        player.dash_ready_tick,
        player.dash_until_tick,
        player.dash_vx,
        player.dash_vy,
        scatter,
        launcher,
        rail,
        disc,
        player.protected_until_tick,
        player.double_until_tick,
        player.respawn_tick,
        player.shots,
        player.hits,
    )


__all__ = [
    "BODY_FIELDS",
    "CARD_FIELDS",
    "CIRCLE_FIELDS",
    "FLAG_FIELDS",
    "MATCH_FIELDS",
    "OWN_FIELDS",
    "PAD_FIELDS",
    "SHOT_FIELDS",
    "TEAM_FIELDS",
    "Phase",
    "Records",
    "View",
    "pad_records",
    "records",
    "shot_records",
    "view",
]
