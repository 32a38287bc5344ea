"""Lives of one player with a finger on the trigger: weapons, ammunition and cooldowns."""

from typing import Any

from game.combat import pull_triggers
from game.events import Event
from game.grid import Crowd
from game.inputs import DASH, FIRE, SELECT_MAX, SELECT_SHIFT
from game.movement import move
from game.rewind import remember
from game.rng import draw_below
from game.wire.probe import probe_arena, start
from game.world import MatchConfig, Phase, Player, World

LIVES, LIFE_TICKS = 32, 200
OTHER_KEYS = (1 << SELECT_SHIFT) - 1
PHASES = (Phase.PLAY, Phase.WARMUP, Phase.OVERTIME, Phase.COUNTDOWN)
STEP = ["buttons", "aim", "x", "y", "weapon", "ammo", "fire_ready_tick", "protected_until_tick"]
STEP += ["events", "velocity"]


def trigger() -> dict[str, Any]:
    """`steps` hold what `step` names; `velocity` is that of a projectile that left. Tick 1 is
    first.
    """
    return {"step": STEP, "lives": [_life(seed) for seed in range(LIVES)]}


def _life(seed: int) -> dict[str, Any]:
    config = MatchConfig("deathmatch", "probe", seed, 2, 2, 25, 0)
    world = World(config, probe_arena(), random_state=seed, phase=PHASES[seed % len(PHASES)])
    player = world.players[0] = start(2 * seed, world.arena)
    player.ammo = [0] + [draw_below(world, 4) for _ in range(4)]
    player.protected_until_tick = LIFE_TICKS
    first = {"x": player.x, "y": player.y, "ammo": list(player.ammo), "phase": int(world.phase)}
    return {**first, "steps": [_tick(world, player) for _ in range(LIFE_TICKS)]}


def _tick(world: World, player: Player) -> list[Any]:
    """Step a single player in the order of `game.step`; projectiles are removed at once."""
    world.tick += 1
    if world.tick == 1 or draw_below(world, 5) == 0:
        player.buttons = draw_below(world, OTHER_KEYS) | (FIRE if draw_below(world, 3) else 0)
        player.buttons &= ~DASH if draw_below(world, 4) else OTHER_KEYS
        if draw_below(world, 8) == 0:
            player.buttons |= draw_below(world, SELECT_MAX + 1) << SELECT_SHIFT
        player.aim = draw_below(world, 65_536)
    move(player, world.arena, world.tuning, world.tick)
    remember(world)
    events: list[Event] = []
    pull_triggers(world, Crowd([player]), events)
    velocity = [number for shot in world.shots.values() for number in (shot.vx, shot.vy)]
    world.shots.clear()
    return [
        *(player.buttons, player.aim, player.x, player.y, player.weapon),
        *(list(player.ammo), player.fire_ready_tick, player.protected_until_tick),
        *([list(event) for event in events], velocity),
    ]
