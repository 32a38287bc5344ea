"""The operator's numbers go into every world, and so into the journal."""

from dataclasses import replace

import pytest
from attrs import evolve

import game
from game.tuning import TUNING
from server.match.match import Match
from server.match.recovery import recover
from server.match.rounds import MatchSpec
from server.match.settings import MatchSettings
from server.match.status import BotPolicy
from server.match.tuned_rules import TunedRules
from server.runtime.start_error import StartError
from tests.server.match.fakes import (
    HALLS,
    FakeJournalFolder,
    FakeReadiness,
    enter,
    match_context,
    run,
)


def test_nothing_chosen_is_the_game_as_it_is() -> None:
    assert TunedRules.chosen(MatchSettings()).tuning == TUNING


def test_a_server_does_not_start_with_rules_that_no_match_can_hold(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    six = replace(TUNING, weapons=(*TUNING.weapons, TUNING.weapons[0]))
    monkeypatch.setattr("server.match.tuned_rules.TUNING", six)
    with pytest.raises(StartError, match="tuning has 6 weapons, and there are 5"):
        TunedRules.chosen(MatchSettings())


@pytest.mark.parametrize(("rewind_ms", "ticks"), [(0, 0), (100, 6), (500, 30)])
def test_a_replay_rewinds_as_far_as_the_match_did(rewind_ms: int, ticks: int) -> None:
    settings = MatchSettings(rewind_ms=rewind_ms, wait_for_people=False)
    context = evolve(match_context(game, settings), rules=TunedRules.chosen(settings))
    folder, spec = (
        FakeJournalFolder(),
        MatchSpec("m1", "deathmatch", "hall", seed=1, bots=BotPolicy()),
    )
    match = Match(spec, context, FakeReadiness(), folder.recorder(spec))
    enter(match, "ann")
    run(match, 90)
    assert match.world.tuning.rewind_ticks_max == ticks
    recovered = recover(folder.contents(), HALLS)  # which knows no settings
    assert recovered.world.tuning == match.world.tuning
    assert game.digest(recovered.world) == game.digest(match.world)
