"""Bots in whole matches: they win, learn nothing they may not know, and never stand about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.brain import Brain, Perception
from game.brain.brain import TURN_TICKS_MAX
from game.brain.perception import Body, ShotSeen
from game.brain.skill import LEVELS
from game.brain.targeting import can_see
from game.inputs import AIM_MAX, BUTTONS_MAX, NEUTRAL, Input
from game.tuning import TURN, Weapon
from game.world import Phase
from tests.examples import examples
from tests.game.brain.matches import (
    BotMatch,
    bot_match,
    doorless_match,
    map_named,
    pulls_trigger,
)  # fmt: skip
from tests.game.brain.perceptions import perception_at
from tests.strategies import ARENA, aims, centre, places, seeds

MATCHES = (
    ("crossfire", "duel", 2),
    ("foundry", "deathmatch", 6),
    ("bastion", "deathmatch", 12),
    ("ravine", "team-deathmatch", 8),
    ("ravine", "capture-the-flag", 8),
    ("expanse", "last-standing", 24),
)
STILL_UNITS = 300
STILL_TICKS_MAX = 180


@pytest.mark.slow
@pytest.mark.parametrize(("name", "mode", "players"), MATCHES)
def test_a_match_of_bots_in_each_mode_ends_with_a_winner(
    name: str, mode: str, players: int
) -> None:
    match = bot_match(map_named(name), mode, [3] * players)
    since: dict[int, tuple[int, int, int]] = {}
    for world in match.ticks():
        for slot, player in world.players.items():
            x, y, tick = since.get(slot, (0, 0, 0))
            playing = player.alive and world.phase in (Phase.PLAY, Phase.OVERTIME)
            if not playing or abs(player.x - x) + abs(player.y - y) > STILL_UNITS:
                since[slot] = (player.x, player.y, world.tick)
            else:
                assert world.tick - tick <= STILL_TICKS_MAX, f"bot {slot} stands still"
    assert match.world.winner >= 0
    assert sum(player.kills for player in match.world.players.values()) >= 10
    for slot in match.world.players:
        assert match.world.players[slot].shots > 0 or match.world.players[slot].deaths
    if match.world.flags:
        assert max(match.world.team_scores) == match.world.config.score_limit


@pytest.mark.slow
def test_every_weapon_is_used() -> None:
    match = bot_match(map_named("foundry"), "deathmatch", [3] * 6, seed=2)
    match.play()
    assert all(match.fired[weapon] >= 5 for weapon in Weapon)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_the_best_level_beats_the_lowest_clearly(seed: int) -> None:
    world = bot_match(map_named("crossfire"), "duel", [1, 5], seed).play()
    assert world.winner == 1
    assert world.players[1].score >= world.players[0].score + 5


def inputs_of(match: BotMatch, ticks: int) -> list[tuple[int, Input]]:
    """The inputs of every bot in the first ticks of a match."""
    inputs: list[tuple[int, Input]] = []
    match.watch = lambda perception, given: inputs.append((perception.slot, given))
    for _, _ in zip(range(ticks), match.ticks(), strict=False):
        pass
    return inputs


def test_equal_seeds_play_equal_matches_and_another_seed_another_one() -> None:
    def played(seed: int) -> list[tuple[int, Input]]:
        return inputs_of(bot_match(map_named("crossfire"), "duel", [3, 4], seed), 600)

    assert played(7) == played(7)
    assert played(7) != played(8)


def test_a_brain_does_not_care_who_else_thinks_on_the_same_map() -> None:
    arena = map_named("crossfire")
    perceptions: list[Perception] = []
    match = bot_match(arena, "duel", [4, 4], seed=3)
    match.watch = lambda perception, given: (
        perceptions.append(perception) if perception.slot == 0 else None
    )
    for _, _ in zip(range(600), match.ticks(), strict=False):
        pass
    shared, alone = Brain(arena, 4, 3, 0), Brain(map_named("crossfire"), 4, 3, 0)
    assert [shared.think(perception) for perception in perceptions] == [
        alone.think(perception) for perception in perceptions
    ]


def test_bots_do_not_shoot_at_walls_with_an_enemy_behind() -> None:
    match, pulls = doorless_match(seed=1), []
    match.watch = lambda perception, given: pulls.append(pulls_trigger(given))
    for _, _ in zip(range(1_200), match.ticks(), strict=False):
        x, y, x2, y2 = (value for p in match.world.players.values() for value in (p.x, p.y))
        assert not can_see(match.world.arena, x, y, x2, y2)
    assert len(pulls) > 2_000
    assert not any(pulls)


def test_the_dead_and_the_scoreboard_press_nothing() -> None:
    for changed in ({"alive": 0}, {"phase": Phase.SCOREBOARD}, {"phase": Phase.OVER}):
        brain = Brain(ARENA, 5, 1, 0)
        assert brain.think(perception_at((3_000, 3_000), **changed)).buttons == NEUTRAL.buttons


@given(seeds, st.sampled_from(list(LEVELS)), st.lists(st.tuples(places, places, aims), max_size=40))
@examples(60)
def test_any_perception_makes_a_valid_input_that_turns_no_faster_than_the_level(
    seed: int, level: int, seen: list[tuple[tuple[int, int], tuple[int, int], int]]
) -> None:
    brain, aim, last_tick = Brain(ARENA, level, seed, 0), 0, 0
    for number, (place, enemy, way) in enumerate(seen):
        shots = [ShotSeen(*enemy, way % 400 - 200, way % 300 - 150, 1, Weapon.LAUNCHER)]
        others = [Body(1, *enemy, way % 200 - 100, way % 100 - 50, way & 1, 0, way >> 1 & 1)]
        tick = number * (1 + way % 90)
        perception = perception_at(place, tick=tick, others=others, shots=shots)
        given_input = brain.think(perception)
        assert 0 <= given_input.buttons <= BUTTONS_MAX
        assert 0 <= given_input.aim <= AIM_MAX
        turned = (given_input.aim - aim + TURN // 2) % TURN - TURN // 2
        ticks = min(max(tick - last_tick, 1), TURN_TICKS_MAX)
        assert abs(turned) <= LEVELS[level].turn_per_tick * ticks
        aim, last_tick = given_input.aim, tick


@given(st.integers(2, TURN_TICKS_MAX))
def test_a_bot_that_thinks_seldom_turns_as_far_as_one_that_thinks_every_tick(ticks: int) -> None:
    def aim_after(thoughts: range) -> int:
        brain, behind = Brain(ARENA, 1, 1, 0), Body(1, 1_536, 1_536, 0, 0, 1, 0, 0)
        for tick in thoughts:
            aim = brain.think(perception_at((4_608, 1_536), tick=tick, others=[behind])).aim
        return aim

    seldom, always = (
        aim_after(range(100, 100 + 3 * ticks, ticks)),
        aim_after(range(100, 101 + 2 * ticks)),
    )
    assert seldom == always != 0


def test_a_bot_put_elsewhere_when_a_round_begins_does_not_walk_on_to_its_old_goal() -> None:
    brain = Brain(ARENA, 3, 1, slot=7)
    here, there = (centre(2), centre(2)), (centre(17), centre(10))
    for tick in range(100, 140):
        walked = brain.think(perception_at(here, tick=tick, phase=Phase.COUNTDOWN)).buttons & 15
    assert walked
    assert not brain.think(perception_at(there, tick=140, phase=Phase.PLAY)).buttons & 15
    later = [brain.think(perception_at(there, tick=tick)).buttons & 15 for tick in range(141, 160)]
    assert any(later)
