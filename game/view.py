"""The visible state of a world, by entity: the rules' side of a snapshot.

Owns: which state of a world goes into which record. Must not know: bytes, or which seat sees what
(`fog.py`). The wire sends every field as the difference from what the receiver predicts.
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
    BySlot,
    Card,
    Flight,
    Own,
    R,
    by_slot,
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

Rows = dict[int, tuple[int, ...]]  # values that rarely change, by pad index or team

_NO_ROWS: Final[Rows] = {}
_NO_TICKS: Final[list[int]] = []
Renumber = Callable[[dict[int, Shot]], dict[int, Shot]]


@dataclass(slots=True, init=False)
class View:
    """The state visible at one tick, to all or to one seat. Dicts are keyed by shot number, pad
    index or team; all but the shots are ascending. In a view cut for a seat, `bodies`, `shots`,
    `pads`, `own` and `events` omit what the seat may not know.
    """

    tick: int
    cards: BySlot[Card]
    bodies: BySlot[Body]
    shots: dict[int, Flight]
    pads: Rows
    match: tuple[int, ...]
    own: BySlot[Own]
    events: list[Event]  # of all ticks since the previous view
    teams: Rows
    flags: Rows
    circle: tuple[int, ...]
    visibility: Visibility | None = field(compare=False, repr=False)  # None: no walls
    pad_ticks: list[int] = field(compare=False, repr=False)  # the world's; empty if unknown

    def __init__(  # noqa: PLR0913, PLR0917 -- a generated one would not be compiled
        self,
        tick: int,
        cards: BySlot[Card],
        bodies: BySlot[Body],
        shots: dict[int, Flight],
        pads: Rows,
        match: tuple[int, ...],
        own: BySlot[Own],
        events: list[Event],
        teams: Rows = _NO_ROWS,
        flags: Rows = _NO_ROWS,
        circle: tuple[int, ...] = _NO_CIRCLE,
        visibility: Visibility | None = None,
        pad_ticks: list[int] = _NO_TICKS,
    ) -> None:
        """See the fields."""
        self.tick = tick
        self.cards = cards
        self.bodies = bodies
        self.shots = shots
        self.pads = pads
        self.match = match
        self.own = own
        self.events = events
        self.teams = teams
        self.flags = flags
        self.circle = circle
        self.visibility = visibility
        self.pad_ticks = pad_ticks


def view(
    world: World,
    events: list[Event],
    renumber: Renumber | None = None,
    before: View | None = None,
) -> View:
    """Build the view of `world`: the public records and each player's own. `events` are those
    since the last view, in order. `renumber` replaces the rules' shot numbers. Unchanged cards, own
    records and pads are shared with the view `before`.
    """
    if before is None:
        before = nothing()
    shots = world.shots if renumber is None or not world.shots else renumber(world.shots)
    players = list(world.players.values())
    pads, pad_ticks = before.pads, before.pad_ticks
    if pad_ticks != world.pad_ready_ticks:
        pad_ticks = world.pad_ready_ticks.copy()
        pads = {index: (ready,) for index, ready in enumerate(pad_ticks)}
    return View(
        tick=world.tick,
        cards=card_records(players, world.phase, before.cards),
        bodies=body_records(players, world.tick),
        shots=shot_records(shots),
        pads=pads,
        match=(world.phase, world.phase_end_tick, world.winner, world.config.players_min),
        own=own_records(players, before.own),
        events=events,
        teams=_teams(world) if world.team_scores else _NO_ROWS,
        flags=_flags(world) if world.flags else _NO_ROWS,
        circle=_NO_CIRCLE if world.circle is NO_CIRCLE else _circle(world.circle),
        visibility=visibility_of(world.arena),
        pad_ticks=pad_ticks,
    )


def card_records(players: list[Player], phase: i64, before: BySlot[Card]) -> BySlot[Card]:
    """Return the cards of `players`, who are in ascending order of slots. Unchanged records of
    `before` are reused; if none changed, `before` itself is returned.
    """
    is_over = phase >= Phase.SCOREBOARD
    rows: list[Card | None] = before.rows
    is_new = False
    spare = Card()
    for player in players:
        slot = player.slot
        was = rows[slot] if slot < len(rows) else None
        _fill_card(spare, player, is_over)
        if was is None or not spare.is_same(was):
            if not is_new:
                rows, is_new = _room_for(rows, players), True
            rows[slot] = spare
            spare = Card()
    if not is_new and len(players) == before.count:
        return before
    return _of_those(players, rows)


def body_records(players: list[Player], tick: i64) -> BySlot[Body]:
    """Return the bodies of `players`, who are in ascending order of slots, at a tick."""
    rows: list[Body | None] = _room_for([], players)
    for player in players:
        rows[player.slot] = _body(player, tick)
    return BySlot(rows, len(players))


def own_records(players: list[Player], before: BySlot[Own]) -> BySlot[Own]:
    """Return the own records of `players`, reused as in `card_records`."""
    rows: list[Own | None] = before.rows
    is_new = False
    spare = Own()
    for player in players:
        slot = player.slot
        was = rows[slot] if slot < len(rows) else None
        _fill_own(spare, player)
        if was is None or not spare.is_same(was):
            if not is_new:
                rows, is_new = _room_for(rows, players), True
            rows[slot] = spare
            spare = Own()
    if not is_new and len(players) == before.count:
        return before
    return _of_those(players, rows)


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


def nothing() -> View:
    """The empty view that precedes the first."""
    return View(0, by_slot({}), by_slot({}), {}, {}, (0,) * len(MATCH_FIELDS), by_slot({}), [])


def _room_for(rows: list[R | None], players: list[Player]) -> list[R | None]:
    """A copy of `rows` that is long enough for all players' slots."""
    size: i64 = players[len(players) - 1].slot + 1 if players else 0
    copy = rows.copy()
    while len(copy) < size:
        copy.append(None)
    return copy


def _of_those(players: list[Player], rows: list[R | None]) -> BySlot[R]:
    """Only the records of these players."""
    kept: list[R | None] = [None] * len(rows)
    for player in players:
        kept[player.slot] = rows[player.slot]
    return BySlot(kept, len(players))


def _teams(world: World) -> Rows:
    return {team: (score,) for team, score in enumerate(world.team_scores, start=1)}


def _flags(world: World) -> Rows:
    return {
        team: (flag.x, flag.y, flag.holder, flag.return_tick) for team, flag in world.flags.items()
    }


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


def _fill_card(card: Card, player: Player, is_over: bool) -> None:
    status: i64 = IN_MATCH
    if player.alive:
        status |= ALIVE
    if player.connected:
        status |= CONNECTED
    if player.bot:
        status |= BOT
    card.status = status
    card.score = player.score
    card.kills = player.kills
    card.deaths = player.deaths
    card.shots = player.shots if is_over else 0
    card.hits = player.hits if is_over else 0
    card.streak_best = player.streak_best
    card.medals = player.medals
    card.place = player.place
    card.team = player.team
    card.vote = player.vote


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


def _fill_own(own: Own, player: Player) -> None:
    own.fire_ready_tick = player.fire_ready_tick
    own.dash_ready_tick = player.dash_ready_tick
    own.dash_until_tick = player.dash_until_tick
    own.dash_vx = player.dash_vx
    own.dash_vy = player.dash_vy
    own.set_ammo(player.ammo)
    own.protected_until_tick = player.protected_until_tick
    own.double_until_tick = player.double_until_tick
    own.respawn_tick = player.respawn_tick
    own.shots = player.shots
    own.hits = player.hits
