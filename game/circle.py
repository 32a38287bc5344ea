"""The closing circle: players who stay outside it lose health until they are out.

Owns: when it closes further, and whom it hurts. Must not know: how a mode places the fallen.
Invariant: nobody inside is hurt; it hurts through armour, and in order of health, least first: of
several players who die in the same tick, the strongest dies last.
"""

from game.circle_plan import circle_after, circle_at
from game.damage import wear_down
from game.events import Event, EventKind
from game.referee import SCORING
from game.world import World


def close_in(world: World, events: list[Event]) -> None:
    """Close the circle and hurt players outside, at the end of a tick."""
    if world.phase not in SCORING:
        return
    tuning, circle = world.tuning, world.circle
    if world.tick >= circle.end_tick:
        following = circle_after(world)
        if following is not circle:
            world.circle = circle = following
            events.append((EventKind.CIRCLE, circle.begin_tick, circle.end_tick))
    if world.tick % tuning.circle_hurt_ticks == 0:
        _hurt_outside(world, events)
    out = {event[1] for event in events if event[0] == EventKind.OUT}
    if out:  # players who are out cannot score any more: their shots are removed
        world.shots = {
            number: shot for number, shot in world.shots.items() if shot.owner not in out
        }


def _hurt_outside(world: World, events: list[Event]) -> None:
    x, y, radius = circle_at(world.circle, world.tick)
    outside = [
        player
        for player in world.players.values()
        if player.alive
        and (player.x - x) * (player.x - x) + (player.y - y) * (player.y - y) > radius * radius
    ]
    damage = world.tuning.circle_stages[world.circle.stage].damage
    for player in sorted(outside, key=lambda one: (one.health, one.kills, one.slot)):
        wear_down(world, player, damage, events)
