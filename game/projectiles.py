"""Projectiles: bolts, rockets and discs.

Owns: `World.shots`, their flight, and what they do where it ends. Must not know: who pulled a
trigger when. Invariant: every shot is on free ground; its path in a tick is swept, so it passes
through neither wall nor player.
"""

from math import isqrt

from game.collision import X_AXIS, Y_AXIS, Ray, closest_along, point_along, trace
from game.damage import Hit, count_hit, hurt, knock, power_of
from game.events import Event, EventKind
from game.grid import CELL_MASK, CELL_SHIFT, CELL_UNITS, FEW, NOBODY, ROW_SHIFT, Crowd
from game.trig import ONE, direction
from game.tuning import TILE_SHIFT
from game.world import Player, Shot, World


def launch(world: World, player: Player, events: list[Event]) -> None:
    """Launch a projectile from the shooter's centre, where there is never a wall."""
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


def fly(world: World, crowd: Crowd[Player], events: list[Event]) -> None:
    """Move every shot by a tick, in order of firing. `crowd` holds the living.

    Players do not move meanwhile, so shots that meet nothing can move first.
    """
    busy = fly_free(world, crowd)
    for shot, people in busy:
        if not _fly_with_care(world, crowd, shot, people, events):
            del world.shots[shot.number]


def fly_free(world: World, crowd: Crowd[Player]) -> list[tuple[Shot, list[Player]]]:
    """Move the shots that are sure to meet nothing, without a call for any of them: these are most.
    Returns the other shots, each with the players near it.
    """
    tick, arena = world.tick, world.arena
    open_cells, width = arena.open_cells, arena.width
    reach = world.tuning.shot_reach_units
    low, high = reach, CELL_UNITS - reach  # between these, all within reach are in the same cell
    people = crowd.people
    cells = crowd.cells() if len(people) > FEW else None
    busy = []
    for shot in world.shots.values():
        x, y = shot.x, shot.y
        x2, y2 = x + shot.vx, y + shot.vy
        if cells is not None:
            if low <= x & CELL_MASK < high and low <= y & CELL_MASK < high:
                people = cells.get((y >> CELL_SHIFT << ROW_SHIFT) + (x >> CELL_SHIFT), NOBODY)
            else:
                people = crowd.near(x, y, reach)
        # A move of less than a tile meets no wall from an open cell, nor within a single tile.
        tile = (y >> TILE_SHIFT) * width + (x >> TILE_SHIFT)
        is_clear = open_cells[tile] or tile == (y2 >> TILE_SHIFT) * width + (x2 >> TILE_SHIFT)
        if is_clear and tick < shot.end_tick:
            for player in people:
                if -reach < player.x - x < reach and -reach < player.y - y < reach:
                    break
            else:
                shot.x = x2
                shot.y = y2
                continue
        near = [
            player
            for player in people
            if -reach < player.x - x < reach and -reach < player.y - y < reach
        ]
        busy.append((shot, near))
    return busy


def _fly_with_care(
    world: World, crowd: Crowd[Player], shot: Shot, people: list[Player], events: list[Event]
) -> bool:
    """Move a shot that may meet a wall or one of `people`; returns whether it flies on."""
    if world.tick >= shot.end_tick:
        _end(world, crowd, shot, events)
        return False
    x, y = shot.x, shot.y
    x2, y2, _, axis = trace(world.arena, x, y, x + shot.vx, y + shot.vy)
    victim = _first_met(world, shot, people, (x, y, x2, y2))
    if victim is not None:
        _strike(world, crowd, shot, victim, events)
        return False
    shot.x = x2
    shot.y = y2
    if axis and not _bounce(shot, axis, events):
        _end(world, crowd, shot, events)
        return False
    return True


def _bounce(shot: Shot, axis: int, events: list[Event]) -> bool:
    """Reflect a disc; False when it has no bounces left."""
    if not shot.bounces_left:
        return False
    shot.bounces_left -= 1
    if axis & X_AXIS:
        shot.vx = -shot.vx
    if axis & Y_AXIS:
        shot.vy = -shot.vy
    events.append((EventKind.BOUNCE, shot.x, shot.y))
    return True


def _end(world: World, crowd: Crowd[Player], shot: Shot, events: list[Event]) -> None:
    """End a shot at a wall, or at the end of its life."""
    if world.tuning.weapons[shot.weapon].blast_radius_units:
        _explode(world, crowd, shot, events)
    else:
        events.append((EventKind.IMPACT, shot.x, shot.y, shot.weapon))


def _first_met(world: World, shot: Shot, people: list[Player], ray: Ray) -> Player | None:
    """The first player on a shot's path; moves the shot there. Skips players who dash, and the
    owner before the first bounce. At equal distance, the lower slot is first.
    """
    tuning, tick = world.tuning, world.tick
    touch = tuning.player_radius_units + tuning.shot_radius_units
    spared = shot.owner if shot.bounces_left == tuning.weapons[shot.weapon].bounces else -1
    first, victim = -1, None
    for player in people:
        if player.slot == spared or not player.alive or tick < player.dash_until_tick:
            continue
        distance = closest_along(ray, player.x, player.y, touch)
        if distance >= 0 and (victim is None or distance < first):
            first, victim = distance, player
    if victim is not None:
        shot.x, shot.y = point_along(ray, first)
    return victim


def _strike(
    world: World, crowd: Crowd[Player], shot: Shot, victim: Player, events: list[Event]
) -> None:
    """End a shot at a player."""
    weapon = world.tuning.weapons[shot.weapon]
    if weapon.blast_radius_units:
        _explode(world, crowd, shot, events)
    else:
        push = knock((shot.vx, shot.vy), weapon.speed, weapon.knock_back)
        _hurt(world, victim, shot, (weapon.damage, *push), events)


def _explode(world: World, crowd: Crowd[Player], shot: Shot, events: list[Event]) -> None:
    """Hurt and push everybody in the radius who is not behind a wall; the owner is hurt less."""
    tuning = world.tuning
    weapon = tuning.weapons[shot.weapon]
    radius = weapon.blast_radius_units
    touch = tuning.player_radius_units + tuning.shot_radius_units
    events.append((EventKind.EXPLODE, shot.x, shot.y, shot.owner))
    for player in crowd.near(shot.x, shot.y, radius + touch):
        off_x, off_y = player.x - shot.x, player.y - shot.y
        distance = isqrt(off_x * off_x + off_y * off_y)
        left = radius - max(distance - touch, 0)  # the whole radius for a player it touches
        if left <= 0 or not player.alive:
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
    """Deal (damage, knock x, knock y), and count the shot's first hit of another player."""
    damage, knock_x, knock_y = blow
    owner = world.players[shot.owner]
    hit = Hit(owner, shot.weapon, damage * shot.power, shot.x, shot.y, knock_x, knock_y)
    if hurt(world, victim, hit, events) and victim is not owner and not shot.counted:
        shot.counted = 1
        count_hit(world, owner)
