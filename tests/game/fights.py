"""Small fights for the tests of weapons: positions, shots, and their events."""

from game import step
from game.events import Event, EventKind
from game.inputs import FIRE, SELECT_SHIFT, Command, CommandKind, Input
from game.tuning import TUNING, Weapon
from game.world import Phase, Player, World
from tests.strategies import arena_from, centre, world_of

BIG_HALL = "\n".join(["#" * 30, *["#s" + "." * 26 + "s#"] * 10, "#" * 30])


def fight(*columns: int, drawing: str = BIG_HALL, row: int = 5) -> World:
    """A match in play; player i is in the middle of tile `columns[i]` of `row`, vulnerable, fully
    armed.
    """
    world = world_of(arena=arena_from(drawing))
    step(world, [Command(CommandKind.JOIN, slot) for slot in range(max(len(columns), 2))])
    while world.phase != Phase.PLAY:
        step(world)
    for player, column in zip(world.players.values(), columns, strict=False):
        place(player, centre(column), centre(row))
    world.history.clear()
    return world


def place(player: Player, x: int, y: int) -> None:
    player.x, player.y, player.vx, player.vy = x, y, 0, 0
    player.protected_until_tick = 0
    player.ammo = [weapon.ammo_max for weapon in TUNING.weapons]


def shoot(world: World, slot: int, weapon: Weapon, aim: int = 0, lag: int = 0) -> list[Event]:
    """Pull the trigger once; the shooter's keys are up afterwards."""
    events = step(world, (), [(slot, Input(FIRE | (weapon + 1) << SELECT_SHIFT, aim, lag))])
    world.players[slot].buttons = 0
    return events


def wait(world: World, ticks: int) -> list[Event]:
    """Let time pass; returns all its events."""
    return [event for _ in range(ticks) for event in step(world)]


def of_kind(events: list[Event], kind: EventKind) -> list[tuple[int, ...]]:
    """The fields of the events of one kind."""
    return [event[1:] for event in events if event[0] == kind]
