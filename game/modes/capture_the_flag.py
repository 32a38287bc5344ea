"""Two sides with a flag each: bring their flag to yours while yours is at home.

Owns: what becomes of `World.flags`. Must not know: how anybody moves or dies. Invariant: a flag is
at home, or carried by a living player of the other side, or on the ground where its carrier was.
"""

from attrs import frozen

from game.events import Event, EventKind, FlagAction
from game.modes.teams import TeamMode
from game.tuning import TICKS_PER_SECOND
from game.world import ON_GROUND, Flag, Phase, Player, World


@frozen
class CaptureTheFlag(TeamMode):
    """A capture is a point for the side; kills and actions count for the player alone."""

    def begin(self, world: World) -> None:
        """Put both flags at home."""
        super().begin(world)
        world.flags = {base.team: Flag(base.x, base.y) for base in world.arena.flags}

    def on_leave(self, world: World, leaver: Player, events: list[Event]) -> None:
        """Drop the flag that the leaver carried where they were."""
        for team, flag in world.flags.items():
            if flag.holder == leaver.slot:
                _drop(world, team, leaver, events)

    def run(self, world: World, events: list[Event]) -> None:
        """Drop flags of dead carriers, return flags whose timer expired, then handle touches."""
        if world.phase not in (Phase.PLAY, Phase.OVERTIME):
            return
        for team, flag in world.flags.items():
            if flag.holder >= 0 and not world.players[flag.holder].alive:
                _drop(world, team, world.players[flag.holder], events)
            elif flag.holder == ON_GROUND and world.tick >= flag.return_tick:
                _send_home(world, team)
                events.append((EventKind.FLAG, -1, team, FlagAction.RETURNED, flag.x, flag.y))
        reach = world.tuning.flag_reach_units
        for player in world.players.values():
            if player.alive:
                for team, flag in world.flags.items():
                    off_x, off_y = player.x - flag.x, player.y - flag.y
                    if flag.holder < 0 and off_x * off_x + off_y * off_y <= reach * reach:
                        _touch(world, player, team, events)


def _touch(world: World, player: Player, team: int, events: list[Event]) -> None:
    """Handle a living player's touch of a flag that nobody carries.

    Everybody is sent the flag's position, not the player's, which may be out of sight.
    """
    flag, theirs = world.flags[team], world.flags[3 - player.team]
    x, y = flag.x, flag.y
    if team != player.team:
        flag.holder, flag.return_tick = player.slot, 0
        action = FlagAction.TAKEN
    elif flag.holder == ON_GROUND:
        _send_home(world, team)
        player.score += world.tuning.return_points
        action = FlagAction.RETURNED
    elif theirs.holder == player.slot:
        _send_home(world, 3 - team)
        world.team_scores[team - 1] += 1
        player.score += world.tuning.capture_points
        team, action = 3 - team, FlagAction.CAPTURED
    else:
        return
    events.append((EventKind.FLAG, player.slot, team, action, x, y))


def _drop(world: World, team: int, carrier: Player, events: list[Event]) -> None:
    flag = world.flags[team]
    flag.x, flag.y, flag.holder = carrier.x, carrier.y, ON_GROUND
    flag.return_tick = world.tick + world.tuning.flag_return_ticks
    events.append((EventKind.FLAG, carrier.slot, team, FlagAction.DROPPED, flag.x, flag.y))


def _send_home(world: World, team: int) -> None:
    base = world.arena.flags[team - 1]
    world.flags[team] = Flag(base.x, base.y)


CAPTURE_THE_FLAG = CaptureTheFlag(
    name="capture-the-flag",
    title="Capture the flag",
    players_min=6,
    players_max=16,
    score_limit=5,
    time_limit_ticks=10 * 60 * TICKS_PER_SECOND,
    population=8,
    wants_own_map=True,
    wants_flags=True,
)
