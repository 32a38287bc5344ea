"""Nobody pops in: a player who comes into view was sent before the screen could show them.

A screen shows its own player at their current place, and draws others with a delay. The margin of
the fog has to cover the own player's movement during that delay.
"""

from random import Random

import pytest
from attrs import define, field

import game
from game.brain import Brain, perceptions_of
from game.fog import Fog
from game.inputs import DASH, Command, CommandKind
from game.modes import MODES
from game.tuning import SNAPSHOT_EVERY_TICKS
from game.world import Phase, World
from tests.journals import house_maps
from tests.sightlines import Place, is_in_view

MAPS = house_maps()
PLAYERS, TICKS = 6, 900
DELAY_TICKS = 6  # 100 ms: the delay with which a client draws others, on a good connection
LATE_TICKS = 15  # the same with a ping of 150 ms
ENOUGH = 20  # appearances


@define(eq=False)
class Film:
    """A record, tick by tick: where everybody was, and who was sent to whom."""

    world: World
    places: list[dict[int, Place]] = field(factory=list)
    dashing: list[set[int]] = field(factory=list)
    told: list[set[tuple[int, int]]] = field(factory=list)  # (looker, whom), by snapshot

    def note(self) -> None:
        world = self.world
        living = {slot: each for slot, each in world.players.items() if each.alive}
        self.places.append({slot: (each.x, each.y) for slot, each in living.items()})
        dashing = {slot for slot, each in living.items() if world.tick < each.dash_until_tick}
        self.dashing.append(dashing)
        if len(self.places) % SNAPSHOT_EVERY_TICKS == 1:
            fog = Fog(game.view(world, []))
            cuts = {slot: fog.seen_by(slot).bodies for slot in living}
            self.told.append({(slot, other) for slot, seen in cuts.items() for other in seen})

    def appearances(self, delay_ticks: int, *, dashing: bool) -> tuple[int, int]:
        """(how often a player came into view on a screen, how often they had not been sent yet)"""
        came = late = 0
        pairs = [(a, b) for a in range(PLAYERS) for b in range(PLAYERS) if a != b]
        for slot, other in pairs:
            was_in_view = True
            for now in range(delay_ticks, len(self.places)):
                then = now - delay_ticks
                eye, body = self.places[now].get(slot), self.places[then].get(other)
                if eye is None or body is None or not self._lived(slot, then, now):
                    was_in_view = True
                    continue
                is_in_sight = is_in_view(self.world.arena, eye, body)
                if is_in_sight and not was_in_view:
                    has_dashed = any(slot in each for each in self.dashing[then - 1 : now + 1])
                    if has_dashed == dashing:
                        came += 1
                        late += (slot, other) not in self.told[then // SNAPSHOT_EVERY_TICKS]
                was_in_view = is_in_sight
        return came, late

    def _lived(self, slot: int, first: int, last: int) -> bool:
        return all(slot in each for each in self.places[first : last + 1])


def film(name: str, keys: int = 0) -> Film:
    """Film a match of bots, which hold `keys` all the time."""
    arena, dice = MAPS[name], Random(name)
    world = game.new(MODES["deathmatch"].configure(arena, dice.randrange(99)), arena)
    game.step(world, [Command(CommandKind.JOIN, slot) for slot in range(PLAYERS)])
    brains = {slot: Brain(arena, 4, 7, slot) for slot in world.players}
    while world.phase != Phase.PLAY:
        game.step(world)
    reel = Film(world)
    for _ in range(TICKS):
        wishes = [(slot, brains[slot].think(it)) for slot, it in perceptions_of(world, brains)]
        wishes = [(slot, it._replace(buttons=it.buttons | keys)) for slot, it in wishes]
        game.step(world, (), wishes)
        reel.note()
    return reel


@pytest.mark.slow
@pytest.mark.parametrize("name", ["foundry", "bastion", "ravine"])
def test_a_player_about_to_come_into_view_was_already_sent(name: str) -> None:
    reel = film(name)
    for delay_ticks in (0, DELAY_TICKS):
        came, late = reel.appearances(delay_ticks, dashing=False)
        assert came > ENOUGH
        assert late == 0


@pytest.mark.slow
def test_a_dash_and_a_slow_line_outrun_the_margin_seldom() -> None:
    """A dash is three times as fast: players it reveals may appear a snapshot or two late."""
    reels = [film(name, DASH) for name in ("foundry", "bastion", "ravine")]
    for delay_ticks, late_percent_max in ((0, 0), (DELAY_TICKS, 15), (LATE_TICKS, 25)):
        counts = [reel.appearances(delay_ticks, dashing=True) for reel in reels]
        came, late = map(sum, zip(*counts, strict=True))
        assert came > ENOUGH
        assert late * 100 <= came * late_percent_max
