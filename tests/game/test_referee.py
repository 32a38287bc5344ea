"""The phases of a match, from warm-up to the vote."""

import pytest

from game import step
from game.events import Event, EventKind
from game.inputs import Command, CommandKind
from game.referee import close_phase
from game.tuning import TUNING
from game.world import Phase, World
from tests.game.fights import fight, of_kind, wait
from tests.strategies import ARENA, world_of

A_KILL = (EventKind.KILL, 1, 0, 0, 1)  # points are only checked in ticks with an event

JOIN, LEAVE, PRESENCE, VOTE = CommandKind


def phases(events: list[Event]) -> list[int]:
    return [phase for phase, _ in of_kind(events, EventKind.PHASE)]


def at_the_last_tick(*scores: int) -> World:
    """A match in play, one tick before the time is up."""
    world = fight(*range(2, 2 + len(scores)))
    for player, score in zip(world.players.values(), scores, strict=True):
        player.score = score
    world.tick = world.phase_end_tick - 1
    return world


def test_a_match_warms_up_until_enough_are_connected_then_counts_down_then_plays() -> None:
    world = world_of()
    assert not phases(step(world, [Command(JOIN, 0)]))
    assert not phases(step(world, [Command(JOIN, 1), Command(PRESENCE, 1, 0)]))
    assert phases(step(world, [Command(PRESENCE, 1, 1)])) == [Phase.COUNTDOWN]
    assert not phases(wait(world, TUNING.countdown_ticks - 1))
    events = step(world)
    assert of_kind(events, EventKind.PHASE) == [(Phase.PLAY, world.tick + 8 * 3_600)]
    assert len(of_kind(events, EventKind.SPAWN)) == 2


def test_a_countdown_without_enough_people_goes_back_to_warm_up() -> None:
    world = world_of()
    step(world, [Command(JOIN, 0), Command(JOIN, 1)])
    assert phases(step(world, [Command(LEAVE, 0)])) == [Phase.WARMUP]


def test_play_begins_with_nothing_of_the_warm_up() -> None:
    world = world_of()
    step(world, [Command(JOIN, 0), Command(JOIN, 1)])
    player = world.players[0]
    player.score = player.kills = player.deaths = player.shots = player.hits = 7
    player.streak_best = player.medals = player.damage_dealt = player.damage_taken = 7
    world.first_blood, world.pad_ready_ticks[0] = 1, 10**6
    wait(world, TUNING.countdown_ticks)
    assert world.phase == Phase.PLAY
    assert (player.score, player.kills, player.deaths, player.shots, player.hits) == (0,) * 5
    assert (player.streak_best, player.medals, player.damage_dealt, player.damage_taken) == (0,) * 4
    assert world.first_blood == 0
    assert not any(world.pad_ready_ticks)


def test_play_goes_on_for_the_last_one_and_ends_with_nobody() -> None:
    world = fight(2, 8)
    assert not phases(step(world, [Command(LEAVE, 1)]))
    assert phases(step(world, [Command(LEAVE, 0)])) == [Phase.WARMUP]
    assert phases(step(world, [Command(JOIN, 4), Command(JOIN, 5)])) == [Phase.COUNTDOWN]


@pytest.mark.parametrize(
    ("scores", "winner"), [((25, 3), 0), ((3, 26), 1), ((24, 3), -1), ((25, 25), -1)]
)
def test_the_limit_wins_for_who_leads_alone(scores: tuple[int, int], winner: int) -> None:
    world = fight(2, 8)
    world.players[0].score, world.players[1].score = scores
    events: list[Event] = [A_KILL]
    close_phase(world, events)
    assert phases(events) == ([Phase.SCOREBOARD] if winner >= 0 else [])
    assert world.winner == winner


def test_when_the_time_is_up_the_leader_wins() -> None:
    world = at_the_last_tick(2, 5, -1)
    assert phases(step(world)) == [Phase.SCOREBOARD]
    assert world.winner == 1


def test_a_tie_leads_to_overtime_and_the_next_point_wins() -> None:
    world = at_the_last_tick(5, 5)
    assert phases(step(world)) == [Phase.OVERTIME]
    assert not phases(wait(world, 100))
    world.players[1].score += 1
    assert phases(step(world)) == [Phase.SCOREBOARD]
    assert world.winner == 1


def test_overtime_has_an_end_and_then_it_is_a_draw() -> None:
    world = at_the_last_tick(0, 0)
    step(world)
    assert not phases(wait(world, TUNING.overtime_ticks_max - 1))
    assert phases(step(world)) == [Phase.SCOREBOARD]
    assert world.winner == -1


def voted(*votes: int, seed: int = 1) -> str:
    """The next map after these votes for ("drawn", "other", "third"); the match was on "drawn"."""
    world = world_of(seed=seed)
    object.__setattr__(world.config, "vote_maps", ("drawn", "other", "third"))
    slots = range(max(len(votes), 2))
    step(world, [Command(JOIN, slot) for slot in slots])
    world.phase, world.phase_end_tick = Phase.SCOREBOARD, world.tick + 2
    step(world, [Command(VOTE, slot, vote) for slot, vote in enumerate(votes)])
    assert phases(step(world)) == [Phase.OVER]
    return world.next_map


def test_most_votes_choose_the_next_map() -> None:
    assert voted(0, 2, 2) == "third"
    assert voted(0) == "drawn"


def test_without_votes_the_next_in_the_list_follows() -> None:
    assert voted() == "other"


def test_equal_votes_are_for_the_dice() -> None:
    assert {voted(0, 2, seed=seed) for seed in range(20)} == {"drawn", "third"}


def test_a_vote_outside_of_the_scoreboard_counts_for_nothing() -> None:
    world = fight(2, 8)
    step(world, [Command(VOTE, 0, 1)])
    assert world.players[0].vote == -1


def test_a_match_without_a_vote_stays_on_its_map_and_over_is_final() -> None:
    world = world_of()
    object.__setattr__(world.config, "vote_maps", ())
    step(world, [Command(JOIN, 0), Command(JOIN, 1)])
    world.phase, world.phase_end_tick = Phase.SCOREBOARD, world.tick + 1
    step(world)
    assert world.next_map == ARENA.name
    assert not phases(wait(world, 600))
