"""A summary of a world in a few lines, for a terminal.

Owns: words and columns. Must not know: terminals, journals' bytes.
"""

from game.tuning import TICKS_PER_SECOND, TILE_UNITS, TUNING
from game.world import Phase, Player, Shot, World
from server.replays.session import ReplaySession


def describe_world(session: ReplaySession, world: World) -> list[str]:
    """Describe phase, players and shots, a line each."""
    left = world.phase_end_tick - world.tick
    clock = f", {left / TICKS_PER_SECOND:.1f} s left" if world.phase_end_tick else ""
    names = session.recording.names_at(world.tick)
    lines = [
        f"tick {world.tick}: {Phase(world.phase).name}{clock}, {len(world.players)} players, "
        f"{len(world.shots)} shots"
    ]
    lines += [describe_player(player, names, world.tick) for player in world.players.values()]
    lines += [describe_shot(shot) for shot in world.shots.values()]
    return lines


def describe_player(player: Player, names: dict[int, str], tick: int) -> str:
    """Describe a player in one line."""
    name = names.get(player.slot, f"Player {player.slot + 1}")
    place = f"({player.x / TILE_UNITS:.2f}, {player.y / TILE_UNITS:.2f})"
    if not player.alive:
        body = f"dead, back in {max(0, player.respawn_tick - tick)} ticks"
    else:
        weapon = TUNING.weapons[player.weapon].name
        body = f"{player.health:>3} health {player.armour:>3} armour {weapon}"
    return (
        f"  player {player.slot:<3} {name:<16} {place:<16} {body}; "
        f"score {player.score} ({player.kills}/{player.deaths})"
    )


def describe_shot(shot: Shot) -> str:
    """Describe a shot in one line."""
    place = f"({shot.x / TILE_UNITS:.2f}, {shot.y / TILE_UNITS:.2f})"
    return (
        f"  shot {shot.number:<5} {TUNING.weapons[shot.weapon].name} of player {shot.owner} at "
        f"{place}, ({shot.vx}, {shot.vy}) units a tick, until tick {shot.end_tick}"
    )
