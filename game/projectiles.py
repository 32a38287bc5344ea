"""What flies: bolts, rockets and discs.

Owns: `World.shots`, their way, and what they do where it ends. Must not know: who pulled a trigger
when. Invariant: every shot is on free ground; its way of a tick is swept, so that nothing in it is
passed, neither wall nor player.
"""

from math import isqrt

from game.collision import X_AXIS, Y_AXIS, Ray, closest_along, point_along, trace
from game.crowd import Crowd, cell_of
from game.damage import Hit, count_hit, hurt, knock, power_of
from game.events import Event, EventKind
from game.trig import ONE, direction
from game.tuning import TILE_SHIFT
from game.world import Player, Shot, World


def launch(world: World, player: Player, events: list[Event]) -> None:
    """A projectile starts in the shooter's centre, where there is never a wall."""
    weapon = world.tuning.weapons[player.weapon]
    cosine, sine = direction(player.aim)
    shot = Shot(
        number=world.next_shot,
        weapon=player.weapon,
        owner=player.slot,
        x=player.x,
        y=player.y,
        vx=(cosine * weapon.speed + ONE // 2) // ONE,
        vy=(sine * weapon.speed + ONE // 2) // ONE,
        end_tick=world.tick + weapon.life_ticks,
        bounces_left=weapon.bounces,
        power=power_of(world, player),
    )
    world.shots[shot.number] = shot
    world.next_shot += 1
    events.append((EventKind.FIRE, player.slot, player.weapon))


def fly(world: World, crowd: Crowd, events: list[Event]) -> None:
    """Move every shot by a tick, in order of firing."""
    arena, tick = world.arena, world.tick
    open_cells, width = arena.open_cells, arena.width
    gone = []
    for shot in world.shots.values():
        if tick >= shot.end_tick:
            _end(world, shot, events)
            gone.append(shot.number)
            continue
        x, y = shot.x, shot.y
        x2, y2, axis = x + shot.vx, y + shot.vy, 0
        # From an open cell less than a tile of way meets no wall.
        if not open_cells[(y >> TILE_SHIFT) * width + (x >> TILE_SHIFT)]:
            x2, y2, _, axis = trace(arena, x, y, x2, y2)
        people = crowd.get(cell_of(x, y))
        if people and _strike(world, shot, people, (x, y, x2, y2), events):
            gone.append(shot.number)
            continue
        shot.x = x2
        shot.y = y2
        if axis and not _bounce(shot, axis, events):
            _end(world, shot, events)
            gone.append(shot.number)
    for number in gone:
        del world.shots[number]


def _bounce(shot: Shot, axis: int, events: list[Event]) -> bool:
    """Turn a disc round; False when it has bounced its last."""
    if not shot.bounces_left:
        return False
    shot.bounces_left -= 1
    if axis & X_AXIS:
        shot.vx = -shot.vx
    if axis & Y_AXIS:
        shot.vy = -shot.vy
    events.append((EventKind.BOUNCE, shot.x, shot.y, shot.number))
    return True


def _end(world: World, shot: Shot, events: list[Event]) -> None:
    """At a wall, or at the end of its life."""
    if world.tuning.weapons[shot.weapon].blast_radius_units:
        _explode(world, shot, events)
    else:
        events.append((EventKind.IMPACT, shot.x, shot.y, shot.weapon))


def _strike(world: World, shot: Shot, people: list[Player], ray: Ray, events: list[Event]) -> bool:
    """Hit the first player on the way, except who dashes, and the owner before a bounce."""
    weapon = world.tuning.weapons[shot.weapon]
    radius = world.tuning.player_radius_units + world.tuning.shot_radius_units
    spares_owner = shot.bounces_left == weapon.bounces
    first, victim = -1, None
    for player in people:
        if (
            not player.alive
            or world.tick < player.dash_until_tick
            or (spares_owner and player.slot == shot.owner)
        ):
            continue
        distance = closest_along(ray, player.x, player.y, radius)
        if distance >= 0 and (victim is None or distance < first):
            first, victim = distance, player
    if victim is None:
        return False
    shot.x, shot.y = point_along(ray, first)
    if weapon.blast_radius_units:
        _explode(world, shot, events)
    else:
        push = knock((shot.vx, shot.vy), weapon.speed, weapon.knock_back)
        _hurt(world, victim, shot, (weapon.damage, *push), events)
    return True


def _explode(world: World, shot: Shot, events: list[Event]) -> None:
    """Hurt and push everybody around who is not behind a wall; the owner is hurt less."""
    tuning = world.tuning
    weapon = tuning.weapons[shot.weapon]
    radius = weapon.blast_radius_units
    touch = tuning.player_radius_units + tuning.shot_radius_units
    events.append((EventKind.EXPLODE, shot.x, shot.y, shot.owner))
    for player in world.players.values():
        off_x, off_y = player.x - shot.x, player.y - shot.y
        distance = isqrt(off_x * off_x + off_y * off_y)
        left = radius - max(distance - touch, 0)  # all of it for whom the rocket touches
        if not player.alive or left <= 0:
            continue
        if trace(world.arena, shot.x, shot.y, player.x, player.y)[2]:
            continue
        damage = weapon.damage * left // radius
        if player.slot == shot.owner:
            damage //= tuning.own_blast_divisor
        push = knock((off_x, off_y), distance, weapon.knock_back * left // radius)
        _hurt(world, player, shot, (damage, *push), events)


def _hurt(
    world: World, victim: Player, shot: Shot, blow: tuple[int, int, int], events: list[Event]
) -> None:
    """Deal (damage, knock x, knock y), and enter the trigger's first hit of somebody else."""
    damage, knock_x, knock_y = blow
    owner = world.players[shot.owner]
    hit = Hit(owner, shot.weapon, damage * shot.power, shot.x, shot.y, knock_x, knock_y)
    if hurt(world, victim, hit, events) and victim is not owner and not shot.counted:
        shot.counted = 1
        count_hit(world, owner)
