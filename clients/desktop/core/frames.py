"""From a round to what one frame shows of it.

Owns: the choice, for each player, between foretold and interpolated, and the names beside the
numbers. Must not know: sockets, painting. Invariant: a carried flag is where its carrier is drawn
in the same frame.
"""

from collections.abc import Mapping
from typing import Any

from clients.desktop.core.frame import CircleSeen, FlagSeen, OwnSeen, PlayerSeen
from clients.link.replica import RosterRow
from clients.link.sim.interpolation import Pose
from clients.link.sim.round import Round
from game.inputs import FIRE
from game.view import (
    ALIVE,
    BOT,
    CIRCLE_FIELDS,
    CONNECTED,
    DASHING,
    DOUBLE,
    FIRING,
    FLAG_FIELDS,
    IN_MATCH,
    PLAYER_FIELDS,
    PROTECTED,
    STATUS_WEAPON_SHIFT,
    View,
)

Roster = Mapping[int, RosterRow]


def players_of(
    round_: Round, roster: Roster, own_tick: float, others_tick: float
) -> tuple[PlayerSeen, ...]:
    """All players of the newest snapshot who have a place on the screen, ascending by slot."""
    seen = []
    for slot, record in round_.view.players.items() if round_.view is not None else ():
        values = dict(zip(PLAYER_FIELDS, record, strict=True))
        is_self = slot == round_.slot and round_.prediction.self is not None
        if is_self:
            pose: Pose | None = _own_pose(round_, values["status"], own_tick)
        else:
            pose = round_.interpolation.drawn_at(slot, others_tick)
        # Somebody who joined a moment ago is there when the others' time reaches him.
        if pose is not None and values["status"] & IN_MATCH:
            seen.append(_player(slot, values, pose, roster.get(slot), is_self=is_self))
    return tuple(seen)


def own_of(round_: Round) -> OwnSeen | None:
    """What only oneself knows, as foretold; None for a watcher."""
    fighter = round_.prediction.self
    if fighter is None or round_.is_watching:
        return None
    return OwnSeen(
        (-1, *fighter.ammo[1:]),
        fighter.fire_ready_tick,
        fighter.dash_ready_tick,
        fighter.double_until_tick,
        fighter.respawn_tick,
    )


def flags_of(view: View, players: tuple[PlayerSeen, ...]) -> tuple[FlagSeen, ...]:
    """Where each flag is drawn."""
    seen = []
    by_slot = {player.slot: player for player in players}
    for team, record in view.flags.items():
        values = dict(zip(FLAG_FIELDS, record, strict=True))
        holder = values["holder"]
        carrier = by_slot.get(holder)
        x, y = (carrier.x, carrier.y) if carrier is not None else (values["x"], values["y"])
        seen.append(FlagSeen(team, x, y, holder == -1, max(-1, holder)))
    return tuple(seen)


def circle_of(view: View, tick: float) -> CircleSeen | None:
    """The circle as large as it is at `tick`; None when there is none."""
    values = dict(zip(CIRCLE_FIELDS, view.circle, strict=True))
    begin, end = values["begin_tick"], values["end_tick"]
    if end == 0:
        return None
    gone = min(1.0, max(0.0, (tick - begin) / max(1, end - begin)))
    x, y, radius = (
        values[name] + (values[f"next_{name}"] - values[name]) * gone
        for name in ("x", "y", "radius")
    )
    after = values["next_x"], values["next_y"], values["next_radius"]
    return CircleSeen(x, y, radius, *after, begin, end)


def _own_pose(round_: Round, status: int, own_tick: float) -> Pose:
    fighter, tick = round_.prediction.self, round_.prediction.tick
    assert fighter is not None
    x, y = round_.prediction.place_at(own_tick)
    foretold = (
        status & (CONNECTED | BOT | IN_MATCH)
        | (ALIVE if fighter.alive else 0)
        | (DASHING if tick < fighter.dash_until_tick else 0)
        | (PROTECTED if tick < fighter.protected_until_tick else 0)
        | (DOUBLE if tick < fighter.double_until_tick else 0)
        | (FIRING if fighter.buttons & FIRE else 0)
        | fighter.weapon << STATUS_WEAPON_SHIFT
    )
    return Pose(x, y, fighter.vx, fighter.vy, fighter.aim, foretold)


def _player(
    slot: int, values: dict[str, int], pose: Pose, row: RosterRow | None, *, is_self: bool
) -> PlayerSeen:
    status = pose.status
    shared: dict[str, Any] = {name: values[name] for name in _SHARED}
    return PlayerSeen(
        slot=slot,
        name=row.name if row is not None else f"Player {slot + 1}",
        is_self=is_self,
        is_bot=bool(status & BOT),
        is_connected=bool(values["status"] & CONNECTED),
        x=pose.x,
        y=pose.y,
        vx=pose.vx,
        vy=pose.vy,
        aim=pose.aim,
        alive=bool(status & ALIVE),
        dashing=bool(status & DASHING),
        protected=bool(status & PROTECTED),
        double=bool(status & DOUBLE),
        weapon=status >> STATUS_WEAPON_SHIFT & 7,
        ping_ms=row.ping_ms if row is not None else 0,
        **shared,
    )


_SHARED = (
    *("health", "armour", "score", "kills", "deaths"),
    *("shots", "hits", "medals", "place", "team"),
)
