"""What may be seen of a world, by entity: the rules' side of a snapshot.

Owns: what of a world goes into which record. Must not know: bytes, or who sees what: that is
`fog.py`. The wire sends every field as the difference from what the receiver predicts.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from mypy_extensions import i64

from game.events import Event
from game.inputs import FIRE
from game.records import (
    ALIVE,
    BOT,
    CONNECTED,
    DASHING,
    DOUBLE,
    FIRING,
    IN_MATCH,
    PROTECTED,
    SOURCE_OWNER_SHIFT,
    STATUS_WEAPON_SHIFT,
    Body,
    Card,
    Flight,
    Own,
)
from game.visibility import Visibility, visibility_of
from game.world import NO_CIRCLE, Circle, Phase, Player, Shot, World

PAD_FIELDS: Final = ("ready_tick",)
MATCH_FIELDS: Final = ("phase", "phase_end_tick", "winner", "players_min")
TEAM_FIELDS: Final = ("score",)
FLAG_FIELDS: Final = ("x", "y", "holder", "return_tick")
CIRCLE_FIELDS: Final = (
    "x",
    "y",
    "radius",
    "next_x",
    "next_y",
    "next_radius",
    "begin_tick",
    "end_tick",
)
_NO_CIRCLE: Final = (0,) * len(CIRCLE_FIELDS)

Rows = dict[int, tuple[int, ...]]  # what rarely changes, by the number of a pad or a team
Renumber = Callable[[dict[int, Shot]], dict[int, Shot]]


@dataclass(slots=True)
class View:
    """One tick as everybody (and each seat) may see it. Dicts are by slot, shot number, pad index
    and team; all but the shots are ascending. In a view that was cut for a seat, `bodies`, `shots`,
    `pads`, `own` and `events` lack what it may not know.
    """

    tick: int
    cards: dict[int, Card]
    bodies: dict[int, Body]
    shots: dict[int, Flight]
    pads: Rows
    match: tuple[int, ...]
    own: dict[int, Own]
    events: list[Event]  # of all ticks since the view before
    teams: Rows = field(default_factory=dict)
    flags: Rows = field(default_factory=dict)
    circle: tuple[int, ...] = _NO_CIRCLE
    visibility: Visibility | None = field(default=None, compare=False, repr=False)  # None: no walls


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
    )


def records(
    players: dict[int, Player], tick: i64, phase: i64
) -> tuple[dict[int, Card], dict[int, Body], dict[int, Own]]:
    """Cards, bodies and own parts of players at a tick, by slot."""
    is_over = phase >= Phase.SCOREBOARD
    cards: dict[int, Card] = {}
    bodies: dict[int, Body] = {}
    own: dict[int, Own] = {}
    for slot, player in players.items():
        cards[slot] = _card(player, is_over)
        bodies[slot] = _body(player, tick)
        own[slot] = _own(player)
    return cards, bodies, own


def shot_records(shots: dict[int, Shot]) -> dict[int, Flight]:
    """Shots by number."""
    flights: dict[int, Flight] = {}
    for number, shot in shots.items():
        flight = Flight()
        flight.x = shot.x
        flight.y = shot.y
        flight.vx = shot.vx
        flight.vy = shot.vy
        flight.source = shot.owner << SOURCE_OWNER_SHIFT | shot.weapon
        flights[number] = flight
    return flights


def pad_records(ready_ticks: list[int]) -> Rows:
    """Pads by index."""
    return {index: (ready,) for index, ready in enumerate(ready_ticks)}


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


def _card(player: Player, is_over: bool) -> Card:
    card = Card()
    card.status = IN_MATCH
    if player.alive:
        card.status |= ALIVE
    if player.connected:
        card.status |= CONNECTED
    if player.bot:
        card.status |= BOT
    card.score = player.score
    card.kills = player.kills
    card.deaths = player.deaths
    if is_over:
        card.shots = player.shots
        card.hits = player.hits
    card.streak_best = player.streak_best
    card.medals = player.medals
    card.place = player.place
    card.team = player.team
    card.vote = player.vote
    return card


def _body(player: Player, tick: i64) -> Body:
    body = Body()
    body.x = player.x
    body.y = player.y
    body.vx = player.vx
    body.vy = player.vy
    body.aim8 = player.aim >> 8
    status = player.weapon << STATUS_WEAPON_SHIFT
    if player.alive:
        status |= ALIVE
    if tick < player.dash_until_tick:
        status |= DASHING
    if tick < player.protected_until_tick:
        status |= PROTECTED
    if tick < player.double_until_tick:
        status |= DOUBLE
    if player.buttons & FIRE:
        status |= FIRING
    body.status = status
    body.health = player.health
    body.armour = player.armour
    return body


def _own(player: Player) -> Own:
    own = Own()
    _, scatter, launcher, rail, disc = player.ammo
    own.fire_ready_tick = player.fire_ready_tick
    own.dash_ready_tick = player.dash_ready_tick
    own.dash_until_tick = player.dash_until_tick
    own.dash_vx = player.dash_vx
    own.dash_vy = player.dash_vy
    own.ammo_scatter = scatter
    own.ammo_launcher = launcher
    own.ammo_rail = rail
    own.ammo_disc = disc
    own.protected_until_tick = player.protected_until_tick
    own.double_until_tick = player.double_until_tick
    own.respawn_tick = player.respawn_tick
    own.shots = player.shots
    own.hits = player.hits
    return own
