"""What one seat sees in one tick: all that a bot may know.

Owns: the cut from a world, or from a replica of it, to a `Sight`. Must not know: what a brain makes
of it. Invariant: both ways of making a sight give the same one, so a bot plays the same inside the
server and behind a socket.
"""

from typing import NamedTuple

from attrs import define

from game.view import ALIVE, IN_MATCH, PROTECTED, STATUS_WEAPON_SHIFT, View
from game.world import World

WEAPON_MASK = 7


class Body(NamedTuple):
    """Another player. Velocity is in units per tick; flags are 0 or 1."""

    slot: int
    x: int
    y: int
    vx: int
    vy: int
    alive: int
    team: int
    protected: int


class ShotSeen(NamedTuple):
    """A projectile in flight."""

    x: int
    y: int
    vx: int
    vy: int
    owner: int
    weapon: int


@define
class Sight:
    """One seat's view of one tick. `ammo` is by weapon (the blaster's is 0)."""

    tick: int
    phase: int
    slot: int
    x: int
    y: int
    vx: int
    vy: int
    alive: int
    team: int
    protected: int
    health: int
    armour: int
    weapon: int
    ammo: tuple[int, ...]
    fire_ready_tick: int
    dash_ready_tick: int
    others: list[Body]  # ascending slot, without oneself; the dead included
    shots: list[ShotSeen]  # in order of firing
    pads_ready: list[bool]  # by pad of the arena


def sight_of(world: World, slot: int) -> Sight:
    """What `slot` sees of `world` after its last step."""
    tick = world.tick
    me = world.players[slot]
    return Sight(
        tick=tick,
        phase=world.phase,
        slot=slot,
        x=me.x,
        y=me.y,
        vx=me.vx,
        vy=me.vy,
        alive=me.alive,
        team=me.team,
        protected=int(tick < me.protected_until_tick),
        health=me.health,
        armour=me.armour,
        weapon=me.weapon,
        ammo=(0, *me.ammo[1:]),
        fire_ready_tick=me.fire_ready_tick,
        dash_ready_tick=me.dash_ready_tick,
        others=[
            Body(
                other.slot,
                other.x,
                other.y,
                other.vx,
                other.vy,
                other.alive,
                other.team,
                int(tick < other.protected_until_tick),
            )
            for other in world.players.values()
            if other is not me
        ],
        shots=[
            ShotSeen(shot.x, shot.y, shot.vx, shot.vy, shot.owner, shot.weapon)
            for shot in world.shots.values()
        ],
        pads_ready=[ready <= tick for ready in world.pad_ready_ticks],
    )


def sight_of_view(view: View, slot: int) -> Sight:
    """What `slot` sees in a view, or in a client's replica of one (its `own` is enough)."""
    tick = view.tick
    x, y, vx, vy, _aim, status, health, armour, *_scores, team, _vote = view.players[slot]
    fire_ready, dash_ready, _until, _dash_vx, _dash_vy, scatter, launcher, rail, disc, *_ = (
        view.own[slot]
    )
    return Sight(
        tick=tick,
        phase=view.match[0],
        slot=slot,
        x=x,
        y=y,
        vx=vx,
        vy=vy,
        alive=int(bool(status & ALIVE)),
        team=team,
        protected=int(bool(status & PROTECTED)),
        health=health,
        armour=armour,
        weapon=status >> STATUS_WEAPON_SHIFT & WEAPON_MASK,
        ammo=(0, scatter, launcher, rail, disc),
        fire_ready_tick=fire_ready,
        dash_ready_tick=dash_ready,
        others=[
            _body(other, record)
            for other, record in view.players.items()
            if other != slot and record[5] & IN_MATCH
        ],
        shots=[
            ShotSeen(x, y, vx, vy, source >> 3, source & WEAPON_MASK)
            for x, y, vx, vy, source in view.shots.values()
        ],
        pads_ready=[ready <= tick for (ready,) in view.pads.values()],
    )


def _body(slot: int, record: tuple[int, ...]) -> Body:
    x, y, vx, vy, _aim, status, *_scores, team, _vote = record
    alive, protected = int(bool(status & ALIVE)), int(bool(status & PROTECTED))
    return Body(slot, x, y, vx, vy, alive, team, protected)
