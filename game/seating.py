"""Seats: the host's commands, and the inputs.

Owns: joining, leaving, presence, votes, and the input in force. Must not know: who the people are.
Invariant: `World.players` is in ascending order of slots. A wrong command is the host's bug and
fails an assertion; any input at all is legal, because inputs come from players.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from game.bounds import SLOTS_MAX
from game.events import Event
from game.inputs import (
    AIM_MAX,
    BUTTON_BITS,
    COMMAND_VALUE_MAX,
    VIEW_LAG_PER_TICK,
    Command,
    CommandKind,
    InputFields,
)
from game.modes import MODES
from game.referee import forfeit
from game.spawning import sit_out, spawn
from game.world import Phase, Player, World

# In `World.first_blood`: drawn by a player who has left. Otherwise their slot + 1, or 0 for nobody.
FIRST_BLOOD_GONE: Final = -1


def apply_commands(world: World, commands: Sequence[Command], events: list[Event]) -> None:
    """Change who plays, in the order given."""
    for kind, slot, value in commands:
        if kind == CommandKind.JOIN:
            _join(world, slot, value, events)
            continue
        assert slot in world.players, f"no player has slot {slot}"
        if kind == CommandKind.LEAVE:
            _leave(world, slot, events)
        elif kind == CommandKind.PRESENCE:
            assert value in (0, 1), f"presence is 0 or 1, not {value}"
            world.players[slot].connected = value
        else:
            assert kind == CommandKind.VOTE, f"no command has number {kind}"
            assert 0 <= value < len(world.config.vote_maps), f"no map {value} to vote for"
            if world.phase == Phase.SCOREBOARD:  # votes that come too early or too late are ignored
                world.players[slot].vote = value


def take_inputs(world: World, inputs: Iterable[tuple[int, InputFields]]) -> None:
    """Put new inputs in force. Inputs of empty slots are dropped: those players have just left."""
    longest_lag = world.tuning.rewind_ticks_max * VIEW_LAG_PER_TICK
    for slot, (buttons, aim, view_lag) in inputs:
        player = world.players.get(slot)
        if player is not None:
            player.buttons = buttons & BUTTON_BITS
            player.aim = aim & AIM_MAX
            lag = view_lag if view_lag < longest_lag else longest_lag  # it may be any integer
            player.view_lag = lag if lag > 0 else 0


def _join(world: World, slot: int, value: int, events: list[Event]) -> None:
    assert 0 <= slot < SLOTS_MAX, f"slot {slot} is not in 0 to {SLOTS_MAX - 1}"
    assert slot not in world.players, f"slot {slot} is taken"
    assert len(world.players) < world.config.players_max, "the match is full"
    assert 0 <= value <= COMMAND_VALUE_MAX, f"a join has a bot bit and a team, not {value}"
    mode, bot, team = MODES[world.config.mode], value & 1, value >> 1
    assert team <= mode.teams or not mode.teams, f"there is no team {team}"
    player = Player(slot, bot=bot, team=team or mode.team_for(world, bot))
    world.players[slot] = player
    world.players = {number: world.players[number] for number in sorted(world.players)}
    if mode.may_enter(world.phase):
        player.aim = spawn(world, player, events).aim
    else:
        sit_out(world, player, events)


def _leave(world: World, slot: int, events: list[Event]) -> None:
    """Remove a player and their shots, so that the slot's next holder is not credited with them."""
    leaver = world.players.pop(slot)
    world.shots = {number: shot for number, shot in world.shots.items() if shot.owner != slot}
    if world.first_blood == slot + 1:
        world.first_blood = FIRST_BLOOD_GONE
    MODES[world.config.mode].on_leave(world, leaver, events)
    forfeit(world, leaver, events)
