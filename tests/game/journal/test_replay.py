"""Rebuilding worlds from a journal, and the errors when that is impossible."""

from dataclasses import replace
from typing import Any

import pytest

import game
from game.inputs import Command, CommandKind
from game.journal import Divergence, JournalError, RecordKind, Replay, read_journal
from game.journal.replay import Step
from game.step import step
from game.world import World
from tests.game.journal.forging import forged, values_of
from tests.game.journal.matches import play
from tests.strategies import ARENA

MATCH = play(seed=1, ticks=40)
VALUES = values_of(MATCH.journal, MATCH.ends)
JOURNAL = read_journal(bytes(MATCH.journal))
LAST_CHECKPOINT = max(i for i, one in enumerate(VALUES) if one[0] == RecordKind.CHECKPOINT)


def replay_of(values: list[Any]) -> Replay:
    return Replay(read_journal(forged(values)), ARENA)


def changed(place: int, **fields: Any) -> list[Any]:
    """The match's records with fields of one record changed by position: `_2=…`."""
    record = list(VALUES[place])
    for name, value in fields.items():
        record[int(name[1:])] = value
    return [*VALUES[:place], record, *VALUES[place + 1 :]]


def test_another_map_of_the_same_name_is_refused() -> None:
    with pytest.raises(JournalError, match="played on another 'drawn'"):
        Replay(JOURNAL, replace(ARENA, digest="1" * 16))


@pytest.mark.parametrize("tick", [-1, 41])
def test_a_tick_that_is_not_here_is_a_key_error(tick: int) -> None:
    replay = Replay(JOURNAL, ARENA)
    with pytest.raises(KeyError):
        replay.world_at(tick)
    with pytest.raises(KeyError):
        replay.inputs_at(tick)


def test_a_world_that_was_given_out_is_the_callers_own() -> None:
    replay = Replay(JOURNAL, ARENA)
    step(replay.world_at(20))
    assert game.digest(replay.world_at(20)) == MATCH.digests[20]


def test_a_run_begins_at_the_given_count() -> None:
    ticks = [ticked.tick for ticked in Replay(JOURNAL, ARENA).run(37)]
    assert ticks == [38, 39, 40]


@pytest.mark.parametrize("verified_ticks", [0, 5, 39, 1_000])
def test_a_match_resumes_with_the_world_of_the_last_tick(verified_ticks: int) -> None:
    world, divergence = Replay(JOURNAL, ARENA).resume(verified_ticks)
    assert divergence is None
    assert game.digest(world) == MATCH.digests[40]


def test_other_rules_are_reported_as_a_match_is_resumed_by_them() -> None:
    (checkpoint,) = MATCH.checkpoints[-1:]
    replay = Replay(JOURNAL, ARENA, pushing(checkpoint + 3))
    world, divergence = replay.resume()
    assert divergence == Divergence(
        checkpoint + 3,
        "players stand somewhere else, or the harm done, the shots or the dice differ",
    )
    assert game.digest(world) == game.digest(replay.world_at(40))
    assert game.digest(world) != MATCH.digests[40]


def test_rules_that_differ_before_the_last_checkpoint_are_reported_and_play_continues() -> None:
    *_, before, checkpoint = MATCH.checkpoints
    replay = Replay(JOURNAL, ARENA, pushing(before + 3))
    assert replay.resume()[1] is None, "that was too long ago"
    world, divergence = replay.resume(40 - checkpoint + 1)
    assert divergence is not None
    assert divergence.tick == before + 3
    assert game.digest(world) == MATCH.digests[40], "from the checkpoint on all is as it was"


def pushing(tick: int) -> Step:
    """Rules that count extra harm in one tick."""

    def otherwise(world: World, *entered: Any) -> list[Any]:
        events = step(world, *entered)
        world.harm += world.tick == tick
        return events

    return otherwise


def test_a_world_that_the_rules_did_not_make_is_named_by_its_field() -> None:
    world = Replay(JOURNAL, ARENA).world_at(32)
    world.players[0].score += 1
    lie = changed(LAST_CHECKPOINT, _2=game.dump(world))
    [divergence] = [replay_of(lie).verify()]
    score = world.players[0].score
    assert divergence == Divergence(
        32, f"players[0].score is {score - 1}, the journal says {score}"
    )


def test_a_result_of_another_world_is_reported() -> None:
    assert replay_of(changed(len(VALUES) - 1, _2=b"x" * 16)).verify() == Divergence(
        40, "the result is that of another world"
    )


def test_a_trace_of_another_world_is_reported() -> None:
    place = next(i for i, one in enumerate(VALUES) if one[0] == RecordKind.TICK) + 20
    divergence = replay_of(changed(place, _1=VALUES[place][1][::-1])).verify()
    assert divergence is not None
    tick = JOURNAL.records[place - 1].tick
    assert divergence.tick == tick - 1


def test_a_failure_of_the_rules_is_reported_with_tick_and_cause() -> None:
    twice = [[2, VALUES[3][1], b"", [1, 5, 0]], [2, bytes(4), b"", [1, 5, 0]]]
    replay = replay_of([*VALUES[:3], *twice])
    with pytest.raises(JournalError, match="the rules fail at tick 2: slot 5 is taken") as caught:
        replay.world_at(2)
    assert isinstance(caught.value.__cause__, AssertionError)


def test_rules_that_fail_are_a_divergence() -> None:
    def fail(world: World, *entered: Any) -> list[Any]:
        if world.tick == 11:
            raise ZeroDivisionError("a mistake")
        return step(world, *entered)

    assert Replay(JOURNAL, ARENA, step=fail).verify() == Divergence(
        12, "the rules fail at tick 12: ZeroDivisionError a mistake"
    )


def test_a_mistake_of_the_caller_is_not_hidden() -> None:
    def stop(*_: Any) -> list[Any]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Replay(JOURNAL, ARENA, step=stop).verify()


@pytest.mark.parametrize("world", [[], [1, 2, 3], [["a"] * 8, *[0] * 12]])
def test_a_checkpoint_that_is_no_world_is_refused(world: list[Any]) -> None:
    with pytest.raises(JournalError, match="the world of tick 0 is none: "):
        replay_of(changed(1, _2=world)).world_at(0)


def test_a_world_that_the_rules_could_not_end_with_is_refused() -> None:
    world = Replay(JOURNAL, ARENA).world_at(0)
    step(world, [Command(CommandKind.JOIN, 0)])
    world.tick = 0
    world.players[0].x = -1 << 29  # far off the map: a line from there to the map meets no wall
    with pytest.raises(
        JournalError, match="the world of tick 0 is none: it has a player whose x is -536870912"
    ):
        replay_of(changed(1, _2=game.dump(world))).world_at(0)


def test_a_checkpoint_of_another_tick_is_refused() -> None:
    world = Replay(JOURNAL, ARENA).world_at(3)
    with pytest.raises(JournalError, match="tick 0 is none: it is the world of tick 3"):
        replay_of(changed(1, _2=game.dump(world))).verify()


def test_a_later_checkpoint_that_is_no_world_is_a_divergence() -> None:
    divergence = replay_of(changed(LAST_CHECKPOINT, _2=[1, 2])).verify()
    assert divergence is not None
    assert divergence.tick == 32
    assert "the world of tick 32 is none" in divergence.what


def test_a_tuning_that_is_none_is_refused() -> None:
    with pytest.raises(JournalError, match="the tuning of this journal is none"):
        replay_of(changed(0, _11=[1, 2, 3]))


def test_commands_are_what_was_written() -> None:
    commands, _ = Replay(JOURNAL, ARENA).inputs_at(1)
    assert commands == MATCH.entered[1][0]
    assert all(type(command) is Command for command in commands)
