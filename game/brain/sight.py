"""What one seat sees in one tick: all that a bot may know.

Owns: the cut from a world, or from a replica of it, to a `Sight`. Must not know: what a brain makes
of it. Invariant: both ways of making a sight give the same one, so a bot plays the same inside the
server and behind a socket.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from attrs import define, evolve, field

from game.grid import Crowd
from game.view import ALIVE, IN_MATCH, PROTECTED, STATUS_WEAPON_SHIFT, View
from game.world import NO_CIRCLE, Circle, Player, World

WEAPON_MASK = 7


class Body(NamedTuple):
    """A player. Velocity is in units per tick; flags are 0 or 1."""

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


class FlagSeen(NamedTuple):
    """A team's flag. While somebody carries it, x and y are where he took it."""

    x: int
    y: int
    holder: int  # HOME, ON_GROUND or a slot


@define
class Sight:
    """One seat's view of one tick. `ammo` is by weapon (the blaster's is 0).

    What all seats see alike is made once and shared: nobody may change it.
    """

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
    bodies: dict[int, Body]  # by slot, ascending; the dead and oneself included
    shots: list[ShotSeen]  # in order of firing
    pads_ready: list[bool]  # by pad of the arena
    flags: dict[int, FlagSeen] = field(factory=dict)  # by team
    circle: Circle = NO_CIRCLE
    crowd: Crowd[Body] | None = field(default=None, eq=False)  # who of `bodies` is where, if known

    def near(self, reach: int) -> Iterable[Body]:
        """All bodies at most `reach` away along each axis, and perhaps others."""
        return (
            self.bodies.values() if self.crowd is None else self.crowd.near(self.x, self.y, reach)
        )


def sight_of(world: World, slot: int) -> Sight:
    """What `slot` sees of `world` after its last step."""
    return next(sights_of(world, (slot,)))[1]


def sights_of(world: World, slots: Iterable[int]) -> Iterator[tuple[int, Sight]]:
    """What each of these sees; the parts that all see alike are made once."""
    tick = world.tick
    bodies = {slot: _body(player, tick) for slot, player in world.players.items()}
    crowd = Crowd(list(bodies.values()))
    shots = [
        ShotSeen(shot.x, shot.y, shot.vx, shot.vy, shot.owner, shot.weapon)
        for shot in world.shots.values()
    ]
    pads_ready = [ready <= tick for ready in world.pad_ready_ticks]
    flags = {team: FlagSeen(flag.x, flag.y, flag.holder) for team, flag in world.flags.items()}
    circle = as_seen(world.circle)
    for slot in slots:
        me = world.players[slot]
        yield (
            slot,
            Sight(
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
                bodies=bodies,
                shots=shots,
                pads_ready=pads_ready,
                flags=flags,
                circle=circle,
                crowd=crowd,
            ),
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
        bodies={
            other: _body_in_view(other, record)
            for other, record in view.players.items()
            if record[5] & IN_MATCH
        },
        shots=[
            ShotSeen(x, y, vx, vy, source >> 3, source & WEAPON_MASK)
            for x, y, vx, vy, source in view.shots.values()
        ],
        pads_ready=[ready <= tick for (ready,) in view.pads.values()],
        flags={team: FlagSeen(x, y, holder) for team, (x, y, holder, _) in view.flags.items()},
        circle=Circle(*view.circle),
    )


def as_seen(circle: Circle) -> Circle:
    """Without what only the rules know of it."""
    return evolve(circle, stage=0, first_radius=0) if circle.end_tick else NO_CIRCLE


def _body(player: Player, tick: int) -> Body:
    return Body(
        player.slot,
        player.x,
        player.y,
        player.vx,
        player.vy,
        player.alive,
        player.team,
        int(tick < player.protected_until_tick),
    )


def _body_in_view(slot: int, record: tuple[int, ...]) -> Body:
    x, y, vx, vy, _aim, status, *_scores, team, _vote = record
    alive, protected = int(bool(status & ALIVE)), int(bool(status & PROTECTED))
    return Body(slot, x, y, vx, vy, alive, team, protected)
