"""The bench's load is that of real clients."""

import pytest

from bench.inputs import LEAD_TICKS, VIEW_LAG, InputSender
from game.wire.match_messages import Inputs, Step
from server.match.inbox import InputBuffer
from tests.game.wire.test_input_path import quick


def test_the_server_decodes_them_in_the_quick_way():
    sender = InputSender()
    for tick in (300, 302, 304, 70_000, 70_002):
        assert quick(sender.message(tick, (1, 40_000, 1, 40_000))) is not None


def test_each_message_repeats_the_one_before():
    sender = InputSender()
    sender.message(300, (1, 10, 1, 20))
    steps = (Step(1, 10), Step(1, 20), Step(2, 30), Step(2, 40))
    assert quick(sender.message(302, (2, 30, 2, 40))) == Inputs(300, VIEW_LAG, steps)


@pytest.mark.parametrize("first_tick", [301, 304])
def test_nothing_is_repeated_when_the_ticks_do_not_follow(first_tick: int):
    sender = InputSender()
    sender.message(300, (1, 10, 1, 20))
    found = quick(sender.message(first_tick, (2, 30, 2, 40)))
    assert found == Inputs(first_tick, VIEW_LAG, (Step(2, 30), Step(2, 40)))


def test_a_player_who_keeps_their_lead_is_never_late():
    sender, inputs = InputSender(), InputBuffer()
    inbox = inputs.inbox(0)
    for now_tick in range(300, 400, 2):
        found = quick(sender.message(now_tick + LEAD_TICKS, (1, now_tick, 1, now_tick)))
        assert found is not None
        inbox.put(now_tick, found)
        for tick in (now_tick + 1, now_tick + 2):
            inputs.take(tick, {0: 1}, {0: 1})
    assert inbox.take_counts() == (0, 0)
