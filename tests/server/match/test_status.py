"""A match's status for the lobby: whether a player could join and play."""

import pytest

from game.modes import MODES
from game.world import Phase
from server.match.status import MatchStatus


def status(mode: str, phase: Phase) -> MatchStatus:
    return MatchStatus("m1", mode, "somewhere", 3, 5, 1, 16, 0, phase, 0, False)


@pytest.mark.parametrize("mode", MODES)
def test_a_seat_is_open_only_to_somebody_who_could_play_from_it(mode: str) -> None:
    for phase in (Phase.WARMUP, Phase.COUNTDOWN, Phase.SCOREBOARD):
        assert status(mode, phase).open_seats == 12
    for phase in (Phase.PLAY, Phase.OVERTIME):
        assert status(mode, phase).open_seats == (0 if mode == "last-standing" else 12)
