"""From a round to what one frame shows of it.

Owns: the choice, for each player, between predicted and interpolated, and the names beside the
numbers. Must not know: sockets, painting. Invariant: a carried flag is where its carrier is drawn
in the same frame.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from clients.desktop.core.frame import CircleSeen, FlagSeen, OwnSeen, PlayerSeen
from clients.netcode.interpolation import Pose
from clients.netcode.round import Round
from game.inputs import FIRE
from game.records import (
    ALIVE,
    BOT,
    CARD_FIELDS,
    CONNECTED,
    DASHING,
    DOUBLE,
    FIRING,
    PROTECTED,
    STATUS_WEAPON_SHIFT,
    Body,
)
from game.view import CIRCLE_FIELDS, FLAG_FIELDS, View
from game.wire.match_messages import RosterRow


class _Sight(NamedTuple):
    """The drawn pose, and the body in the newest snapshot; None: not in sight."""

    pose: Pose | None
    body: Body | None
    appeared: bool


Roster = Mapping[int, RosterRow]


def players_of(
    round_: Round, roster: Roster, own_tick: float, others_tick: float
) -> tuple[PlayerSeen, ...]:
    """All players of the newest snapshot, ascending by slot, whether they are seen or not. The
    local player's accuracy is known at once, the others' when the round is over.
    """
    view, seen = round_.view, []
    for slot, record in view.cards.items() if view is not None else ():
        card = dict(zip(CARD_FIELDS, record.values(), strict=True))
        row = roster.get(slot)
        if view is not None and slot == round_.slot:
            card |= {"shots": view.own[slot].shots, "hits": view.own[slot].hits}
        if slot == round_.slot and round_.prediction.self is not None:
            pose: Pose | None = _own_pose(round_, own_tick)
        else:
            pose = round_.interpolation.drawn_at(slot, others_tick)
        body = view.bodies.get(slot) if view is not None else None
        appeared = slot != round_.slot and round_.interpolation.appeared(slot)
        sight = _Sight(pose, body, appeared)
        seen.append(_player(slot, card, row, sight, is_self=slot == round_.slot))
    return tuple(seen)


def own_of(round_: Round) -> OwnSeen | None:
    """The local player's private state, as predicted; None for a watcher."""
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
    """The position at which each flag is drawn."""
    seen = []
    by_slot = {player.slot: player for player in players if player.is_seen}
    for team, record in view.flags.items():
        values = dict(zip(FLAG_FIELDS, record, strict=True))
        holder = values["holder"]
        carrier = by_slot.get(holder)
        x, y = (carrier.x, carrier.y) if carrier is not None else (values["x"], values["y"])
        is_seen = holder < 0 or carrier is not None
        seen.append(FlagSeen(team, x, y, holder == -1, max(-1, holder), is_seen))
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


def _own_pose(round_: Round, own_tick: float) -> Pose:
    fighter, tick = round_.prediction.self, round_.prediction.tick
    assert fighter is not None
    x, y = round_.prediction.position_at(own_tick)
    predicted = (
        (ALIVE if fighter.alive else 0)
        | (DASHING if tick < fighter.dash_until_tick else 0)
        | (PROTECTED if tick < fighter.protected_until_tick else 0)
        | (DOUBLE if tick < fighter.double_until_tick else 0)
        | (FIRING if fighter.buttons & FIRE else 0)
        | fighter.weapon << STATUS_WEAPON_SHIFT
    )
    vx, vy, aim = int(fighter.vx), int(fighter.vy), int(fighter.aim)
    return Pose(x, y, vx, vy, aim, predicted)


def _player(
    slot: int,
    card: dict[str, int],
    row: RosterRow | None,
    sight: _Sight,
    *,
    is_self: bool,
) -> PlayerSeen:
    pose = sight.pose or _UNSEEN
    status = pose.status if sight.pose is not None else card["status"] & ALIVE
    body = sight.body or Body()
    shared: dict[str, Any] = {name: card[name] for name in _SHARED}
    return PlayerSeen(
        slot=slot,
        name=row.name if row is not None else f"Player {slot + 1}",
        is_self=is_self,
        is_bot=bool(card["status"] & BOT),
        is_connected=bool(card["status"] & CONNECTED),
        is_seen=sight.pose is not None,
        appeared=sight.appeared,
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
        health=body.health,
        armour=body.armour,
        ping_ms=row.ping_ms if row is not None else 0,
        **shared,
    )


_UNSEEN = Pose(0, 0, 0, 0, 0, 0)
_SHARED = (
    *("score", "kills", "deaths"),
    *("shots", "hits", "medals", "place", "team"),
)
