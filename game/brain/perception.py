"""One seat's perception in one tick: all that a bot may know.

Owns: the cut from a world, or from a replica of it, to a `Perception`. Must not know: what a brain
makes of it. Invariants: both ways of making a perception give the same one, so a bot plays the same
inside the server and behind a socket; what is hidden from a person in that seat is hidden from the
bot.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from attrs import define, field

from game import records
from game.bits import set_bits
from game.grid import FEW, Crowd
from game.records import (
    ALIVE,
    PROTECTED,
    SOURCE_OWNER_SHIFT,
    SOURCE_WEAPON_MASK,
    STATUS_WEAPON_MASK,
    STATUS_WEAPON_SHIFT,
)
from game.view import View
from game.visibility import Tiles, Visibility, visibility_of
from game.world import NEVER_TICK, NO_CIRCLE, Circle, Player, World


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
    """A team's flag. While somebody carries it, x and y are where it was taken."""

    x: int
    y: int
    holder: int  # HOME, ON_GROUND or a slot


@define
class Perception:
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
    bodies: dict[int, Body]  # of who is in sight, by slot, ascending; the dead and oneself included
    shots: list[ShotSeen]  # those in sight, in order of firing
    pads: dict[int, int]  # those in sight, by index in the arena: when there is something on it
    flags: dict[int, FlagSeen] = field(factory=dict)  # by team
    circle: Circle = NO_CIRCLE
    # Every player's position, also out of sight; None: not known.
    crowd: Crowd[Body] | None = field(default=None, eq=False)

    def near(self, reach: int) -> Iterable[Body]:
        """All bodies in sight at most `reach` away along each axis, and perhaps others."""
        bodies, crowd = self.bodies, self.crowd
        if crowd is None or len(bodies) <= FEW:
            return bodies.values()
        return [body for body in crowd.near(self.x, self.y, reach) if body.slot in bodies]


def perception_of(world: World, slot: int) -> Perception:
    """The perception of `slot` after the last step of `world`."""
    return next(perceptions_of(world, (slot,)))[1]


def perceptions_of(world: World, slots: Iterable[int]) -> Iterator[tuple[int, Perception]]:
    """The perceptions of these slots; parts that are equal for all are made once."""
    tick = world.tick
    bodies = {slot: _body(player, tick) for slot, player in world.players.items()}
    crowd = Crowd(list(bodies.values()))
    shots = [
        ShotSeen(shot.x, shot.y, shot.vx, shot.vy, shot.owner, shot.weapon)
        for shot in world.shots.values()
    ]
    fog = _Fog(visibility_of(world.arena), bodies, shots)
    pads = dict(enumerate(world.pad_ready_ticks))
    flags = {team: FlagSeen(flag.x, flag.y, flag.holder) for team, flag in world.flags.items()}
    circle = as_seen(world.circle)
    for slot in slots:
        me = world.players[slot]
        is_out = not me.alive and me.respawn_tick >= NEVER_TICK
        seen, flying = (bodies, shots) if is_out else fog.seen_by(bodies[slot])
        stock = pads if is_out else _pads_seen_from(world, me)
        yield (
            slot,
            Perception(
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
                bodies=seen,
                shots=flying,
                pads=stock,
                flags=flags,
                circle=circle,
                crowd=crowd,
            ),
        )


@define(eq=False)
class _Fog:
    """The players that `game.fog` shows a seat: the living or soon respawned; see there."""

    visibility: Visibility
    bodies: dict[int, Body]
    shots: list[ShotSeen]
    _body_tiles: Tiles = field(init=False)
    _shot_tiles: Tiles = field(init=False)
    _friends: dict[int, int] = field(init=False, factory=dict)  # a bit for each, by team

    def __attrs_post_init__(self) -> None:
        """Find out on which tiles everything is."""
        self._body_tiles, self._shot_tiles = _tiles_of(self.bodies.values()), _tiles_of(self.shots)
        for place, body in enumerate(self.bodies.values()):
            if body.team:
                self._friends[body.team] = self._friends.get(body.team, 0) | 1 << place

    def seen_by(self, me: Body) -> tuple[dict[int, Body], list[ShotSeen]]:
        """The bodies and shots that a seat sees; its team mates wherever they are."""
        outlook = self.visibility.outlook(me.x, me.y)
        seen = outlook.seen(self._body_tiles) | self._friends.get(me.team, 0)
        bodies, shots = list(self.bodies.items()), self.shots
        return (
            dict([bodies[place] for place in set_bits(seen)]),
            [shots[place] for place in set_bits(outlook.seen(self._shot_tiles))],
        )


def _tiles_of(things: Iterable[Body | ShotSeen]) -> Tiles:
    tiles = Tiles()
    for thing in things:
        tiles.add(thing.x, thing.y)
    return tiles


def _pads_seen_from(world: World, me: Player) -> dict[int, int]:
    """When there is something on the pads in sight, by index."""
    pads = visibility_of(world.arena).outlook(me.x, me.y).pads
    ready_ticks = world.pad_ready_ticks
    return {index: ready_ticks[index] for index in set_bits(pads)}


def perception_of_view(view: View, slot: int) -> Perception:
    """The perception of `slot` in a view that was cut for it, as a client's replica is."""
    tick = view.tick
    me, own = view.bodies[slot], view.own[slot]
    return Perception(
        tick=tick,
        phase=view.match[0],
        slot=slot,
        x=me.x,
        y=me.y,
        vx=me.vx,
        vy=me.vy,
        alive=int(bool(me.status & ALIVE)),
        team=view.cards[slot].team,
        protected=int(bool(me.status & PROTECTED)),
        health=me.health,
        armour=me.armour,
        weapon=me.status >> STATUS_WEAPON_SHIFT & STATUS_WEAPON_MASK,
        ammo=tuple(own.ammo()),
        fire_ready_tick=own.fire_ready_tick,
        dash_ready_tick=own.dash_ready_tick,
        bodies={
            other: _body_in_view(other, record, view.cards[other].team)
            for other, record in view.bodies.items()
        },
        shots=[
            ShotSeen(
                shot.x,
                shot.y,
                shot.vx,
                shot.vy,
                shot.source >> SOURCE_OWNER_SHIFT,
                shot.source & SOURCE_WEAPON_MASK,
            )
            for shot in view.shots.values()
        ],
        pads={index: ready for index, (ready,) in view.pads.items()},
        flags={team: FlagSeen(x, y, holder) for team, (x, y, holder, _) in view.flags.items()},
        circle=Circle(*view.circle),
    )


def as_seen(circle: Circle) -> Circle:
    """Without what only the rules know of it."""
    return replace(circle, stage=0, first_radius=0) if circle.end_tick else NO_CIRCLE


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


def _body_in_view(slot: int, seen: records.Body, team: int) -> Body:
    alive, protected = int(bool(seen.status & ALIVE)), int(bool(seen.status & PROTECTED))
    return Body(slot, seen.x, seen.y, seen.vx, seen.vy, alive, team, protected)
