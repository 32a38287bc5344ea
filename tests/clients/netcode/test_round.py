"""A round as a player and as a watcher: everything at one moment."""

from dataclasses import replace
from itertools import pairwise

import pytest

from clients.netcode.clock import Clock
from clients.netcode.round import Round
from game.events import EventKind
from game.inputs import FIRE, RIGHT, Input
from game.view import nothing
from game.world import Phase
from tests.clients.netcode.virtual_match import SLOT, VirtualMatch
from tests.strategies import ARENA


def test_others_are_drawn_where_they_were_and_never_jump() -> None:
    match = VirtualMatch(delay_s=0.04, jitter_s=0.02, others=1)
    match.run(5)  # through the countdown
    drawn = []
    for tick in range(240):
        match.world.players[1].buttons = RIGHT if tick // 40 % 2 else 0
        match.run(1 / 60)
        pose = match.round.interpolation.drawn_at(1, match.clock.interpolation_tick(match.now_s))
        assert pose is not None
        drawn.append(pose.x)
    steps = [abs(b - a) for a, b in pairwise(drawn)]
    assert max(steps) < 2.2 * 111, "no step longer than two ticks of running"
    assert sum(steps) > 1_000


def test_ones_own_bolt_is_drawn_before_the_server_has_it() -> None:
    match = VirtualMatch(delay_s=0.1)
    match.run(1)
    match.run(0.04, lambda tick: Input(FIRE))
    assert not match.world.shots
    owners = [shot.owner for shot in match.round.shots_at(match.clock, match.now_s)]
    assert owners == [SLOT]


def test_a_watcher_sees_all_at_the_time_of_the_others() -> None:
    match = VirtualMatch()
    match.run(1)
    watcher, clock = Round(-1, match.world.arena), Clock()
    assert watcher.phase == Phase.WARMUP
    assert match.round.view is not None
    watcher.ingest(match.round.view)
    clock.snapshot(match.round.view.tick, None, 5.0)
    assert watcher.is_watching
    assert watcher.prediction.self is None
    assert watcher.own_tick(clock, 5.0) == clock.interpolation_tick(5.0)


def test_a_pad_out_of_sight_is_what_it_was_when_it_was_seen_last() -> None:
    round_ = Round(-1, ARENA)
    seen = []
    for tick, phase, pads in (
        (2, Phase.PLAY, {0: (900,)}),
        (4, Phase.PLAY, {1: (50,)}),
        (6, Phase.PLAY, {}),
        (8, Phase.PLAY, {0: (0,)}),
        (10, Phase.SCOREBOARD, {}),
    ):
        round_.ingest(replace(nothing(), tick=tick, pads=pads, match=(phase, 0, -1, 2)))
        seen.append(tuple(round_.pad_ready_ticks[:2]))
    assert seen == [(900, 0), (900, 50), (900, 50), (0, 50), (0, 0)]


@pytest.mark.parametrize(("delay_s", "is_denied"), [(0.13, False), (0.14, True)])
def test_a_shot_whose_input_was_late_is_shown_once_and_moved_or_fades(
    delay_s: float, is_denied: bool
) -> None:
    match = VirtualMatch(delay_s=0.1, others=1)
    match.run(5)  # through the countdown
    shown, opacities = [], []
    begin_tick = match.sender.next_tick
    match.delay_s = delay_s  # from here on, inputs miss their ticks for a while
    for _ in range(120):
        match.run(1 / 60, lambda tick: Input(FIRE if 0 <= tick - begin_tick < 12 else 0))
        shown += match.round.take_events(match.clock, match.now_s)
        shots = match.round.shots_at(match.clock, match.now_s)
        opacities += [shot.opacity for shot in shots if shot.owner == SLOT]
    fired = [it for it in shown if it.kind == EventKind.FIRE and it.fields["slot"] == SLOT]
    assert match.inbox.late_count > 0
    assert len(fired) == 2
    assert match.world.players[SLOT].shots == (0 if is_denied else 2)
    assert (min(opacities) < 0.5) == is_denied
    assert match.round.shots_at(match.clock, match.now_s) == []
