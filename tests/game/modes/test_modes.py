"""Deathmatch and duel, and how modes with teams fit in."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game import step
from game.arena import Spawn
from game.damage import Hit, hurt
from game.events import Event
from game.inputs import Command, CommandKind
from game.modes import MODES, Mode
from game.modes.base import VOTE_MAPS_MAX
from game.referee import close_phase
from game.spawning import spawn
from game.tuning import Weapon
from game.world import Phase, Player, World
from tests.game.fights import fight
from tests.strategies import ARENA, world_of


class Teams(Mode):
    """Two sides, as in a future mode."""

    def team_of(self, player: Player) -> int:
        return player.team

    def spawns_for(self, world: World, player: Player) -> tuple[Spawn, ...]:
        return world.arena.spawns[player.team :: 2]


@pytest.fixture
def teams(monkeypatch: pytest.MonkeyPatch) -> World:
    """A match in play: slots 0 and 1 against slots 2 and 3."""
    world = fight(2, 4, 6, 8)
    monkeypatch.setitem(MODES, "deathmatch", Teams("teams", "Teams", 2, 16, 50, 600))
    for slot, player in world.players.items():
        player.team = slot // 2
    return world


@pytest.mark.parametrize(
    ("name", "players", "score", "minutes"), [("deathmatch", 16, 25, 8), ("duel", 2, 10, 5)]
)
def test_the_modes_of_today(name: str, players: int, score: int, minutes: int) -> None:
    config = MODES[name].configure(ARENA, 3, [f"map{i}" for i in range(9)])
    assert (config.mode, config.seed, config.map_name) == (name, 3, ARENA.name)
    assert (config.players_min, config.players_max) == (2, players)
    assert (config.score_limit, config.time_limit_ticks) == (score, minutes * 3_600)
    assert len(config.vote_maps) == VOTE_MAPS_MAX


def test_in_a_free_for_all_everybody_may_hurt_everybody() -> None:
    world = fight(2, 4)
    mode = MODES["duel"]
    one, other = world.players.values()
    assert mode.may_hurt(one, other)
    assert mode.may_hurt(one, one)
    assert mode.scores(world) == {0: 0, 1: 0}
    assert mode.leader(world) == -1


def test_nobody_leads_an_empty_match() -> None:
    world = fight(2, 4)
    step(world, [Command(CommandKind.LEAVE, slot) for slot in (0, 1)])
    assert MODES["deathmatch"].leader(world) == -1


def test_a_mode_with_teams_needs_nothing_but_the_hooks(teams: World) -> None:
    one, friend, enemy, _ = teams.players.values()
    events: list[Event] = []
    assert not hurt(teams, friend, Hit(one, Weapon.RAIL, 75, 0, 0), events)
    assert hurt(teams, enemy, Hit(one, Weapon.RAIL, 75, 0, 0), events)
    friend.score, enemy.score = 50, 7
    assert MODES["deathmatch"].scores(teams) == {0: 50, 1: 7}
    assert spawn(teams, enemy, []) in teams.arena.spawns[1::2]
    close_phase(teams, events)
    assert teams.winner == 0


def play(mode: str, *bots: int) -> World:
    """A match with everybody there from the start; slot i is a bot if the number at i is 1."""
    world = world_of(mode)
    step(world, [Command(CommandKind.JOIN, slot, bot) for slot, bot in enumerate(bots)])
    while world.phase != Phase.PLAY:
        step(world)
    return world


@pytest.mark.parametrize("points", [0, 9])
def test_leaving_a_duel_that_counts_loses_it(points: int) -> None:
    world = play("duel", 0, 0)
    world.players[0].score = points
    step(world, [Command(CommandKind.LEAVE, 0), Command(CommandKind.JOIN, 0, 1)])
    assert (world.phase, world.winner) == (Phase.SCOREBOARD, 1)


def test_a_duel_goes_on_when_somebody_takes_the_seat_of_a_bot() -> None:
    world = play("duel", 0, 1)
    step(world, [Command(CommandKind.LEAVE, 1), Command(CommandKind.JOIN, 1)])
    assert world.phase == Phase.PLAY


def test_a_deathmatch_goes_on_when_somebody_leaves() -> None:
    world = play("deathmatch", 0, 0, 0)
    step(world, [Command(CommandKind.LEAVE, 0)])
    assert world.phase == Phase.PLAY


def test_leaving_a_duel_before_it_counts_loses_nothing() -> None:
    world = world_of("duel")
    step(world, [Command(CommandKind.JOIN, 0), Command(CommandKind.JOIN, 1)])
    assert world.phase == Phase.COUNTDOWN
    step(world, [Command(CommandKind.LEAVE, 0)])
    assert (world.phase, world.winner) == (Phase.WARMUP, -1)


@given(st.lists(st.integers(-3, 26), max_size=8), st.integers(0, 25))
def test_deathmatch_is_over_exactly_when_the_general_rule_says_so(
    scores: list[int], limit: int
) -> None:
    mode = MODES["deathmatch"]
    world = SimpleNamespace(
        players={slot: Player(slot, score=score) for slot, score in enumerate(scores)},
        config=SimpleNamespace(score_limit=limit),
    )
    assert mode.is_over(world) == Mode.is_over(mode, world)
