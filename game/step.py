"""One tick of a match, phase by phase, on one screen.

Owns: the order of things. Must not know: how any of them works. Invariant: `world` after a step
depends on the world before it, the commands and the inputs, and on nothing else; players act in
ascending order of slots.
"""

from collections.abc import Iterable, Sequence

from game.arena import Arena
from game.bounds import must_be_playable
from game.circle import close_in
from game.combat import pull_triggers
from game.events import Event, EventKind
from game.grid import Crowd
from game.inputs import Command, InputFields
from game.modes import MODES
from game.movement import move_all
from game.pickups import collect, wear_off
from game.projectiles import fly
from game.referee import close_phase, open_phase
from game.rewind import remember
from game.seating import apply_commands, take_inputs
from game.spawning import spawn
from game.tuning import TUNING, Tuning
from game.world import MatchConfig, Player, World


def new(config: MatchConfig, arena: Arena, tuning: Tuning = TUNING) -> World:
    """An empty match in warm-up, at tick 0. Raises ValueError if it cannot be played."""
    must_be_playable(config, arena, tuning)
    world = World(
        config=config,
        arena=arena,
        tuning=tuning,
        random_state=config.seed,
        pad_ready_ticks=[0] * len(arena.pads),
    )
    MODES[config.mode].begin(world)
    return world


def step(
    world: World, commands: Sequence[Command] = (), inputs: Iterable[tuple[int, InputFields]] = ()
) -> list[Event]:
    """Advance `world` by one tick; returns what happened in it, in order."""
    world.tick += 1
    events: list[Event] = []
    if commands:
        apply_commands(world, commands, events)
    take_inputs(world, inputs)
    open_phase(world, events)
    alive = _respawn(world, events)
    for player in move_all(alive, world.arena, world.tuning, world.tick):
        events.append((EventKind.DASH, player.slot))
    # Nobody moves from here on; players who die stay in the crowd.
    crowd = Crowd(alive)
    remember(world)
    pull_triggers(world, crowd, events)
    if world.shots:
        fly(world, crowd, events)
    collect(world, alive, events)
    wear_off(world)
    if world.flags:
        MODES[world.config.mode].run(world, events)
    if world.circle.end_tick:
        close_in(world, events)
    close_phase(world, events)
    return events


def _respawn(world: World, events: list[Event]) -> list[Player]:
    """Respawn players whose timer expired; returns all living players, in order of slots."""
    alive = []
    for player in world.players.values():
        if not player.alive:
            if world.tick < player.respawn_tick:
                continue
            spawn(world, player, events)
        alive.append(player)
    return alive
