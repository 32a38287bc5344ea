"""The predictor: the server's own rules, run for the local player alone.

Owns: turning a view into a `Player` of the rules, and advancing it by a tick. Must not know: time,
the network. Invariant: the result equals the server's, bit for bit, while nothing but this player's
own inputs acts on them: the same functions compute it.
"""

from dataclasses import fields, replace
from operator import attrgetter
from typing import Final

from attrs import define, field

from game.arena import Arena
from game.combat import pull_triggers
from game.events import Event, EventKind
from game.grid import Crowd
from game.inputs import Input
from game.movement import move_all
from game.records import ALIVE, STATUS_WEAPON_MASK, STATUS_WEAPON_SHIFT, Body, Own
from game.rewind import remember
from game.tuning import TUNING, Tuning
from game.view import View
from game.world import MatchConfig, Player, World

_ATTRIBUTES: Final = frozenset(field.name for field in fields(Player))
_SHARED: Final = tuple(name for name in Body.FIELDS if name in _ATTRIBUTES)
_OWN: Final = tuple(name for name in Own.FIELDS if name in _ATTRIBUTES)

# The fields that a predicted tick changes. Buttons and aim are its inputs; health, score and the
# like are changed by others.
_outcome = attrgetter(
    *("x", "y", "vx", "vy", "dash_vx", "dash_vy", "dash_until_tick", "dash_ready_tick", "alive"),
    *("weapon", "fire_ready_tick", "protected_until_tick", "double_until_tick", "respawn_tick"),
)


def fighter_of(view: View, slot: int) -> Player:
    """Build the player of `slot`; the view must have that slot's own part."""
    body, own = view.bodies[slot], view.own[slot]
    player = Player(slot)
    for name in _SHARED:
        setattr(player, name, getattr(body, name))
    for name in _OWN:
        setattr(player, name, getattr(own, name))
    player.aim = body.aim8 << 8
    player.alive = int(bool(body.status & ALIVE))
    player.weapon = body.status >> STATUS_WEAPON_SHIFT & STATUS_WEAPON_MASK
    player.ammo = own.ammo()
    return player


def copy_of(player: Player) -> Player:
    """Copy a player and their ammunition."""
    return replace(player, ammo=player.ammo.copy())


def is_same(one: Player, other: Player) -> bool:
    """Whether both are in the same state, as far as it can be predicted."""
    return bool(_outcome(one) == _outcome(other)) and one.ammo[1:] == other.ammo[1:]


@define
class Predictor:
    """A world with one player in it. `simulate` is a tick of `game.step`, without the others."""

    arena: Arena
    tuning: Tuning = TUNING
    _world: World = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Build the world; of its match, only the rules are used."""
        config = MatchConfig("deathmatch", self.arena.name, 0, 1, 1, 0, 0)
        self._world = World(config, self.arena, self.tuning)

    def simulate(self, player: Player, tick: int, wish: Input, phase: int) -> list[Event]:
        """Advance `player` to `tick`; returns the events to show at once."""
        world = self._world
        world.tick, world.phase = tick, phase
        world.players = {player.slot: player}
        player.buttons, player.aim, player.view_lag = wish
        if not player.alive:
            return []
        events: list[Event] = []
        if move_all((player,), self.arena, self.tuning, tick):
            events.append((EventKind.DASH, player.slot))
        remember(world)
        pull_triggers(world, Crowd([player]), events)
        world.shots.clear()  # the server simulates them; until then `shots.py` draws them
        return events
