"""Two new ticks to a message, in order, with how far behind the others were seen."""

from clients.netcode.input_sender import InputSender
from game.inputs import FIRE, VIEW_LAG_MAX, Input
from game.wire.match_messages import Inputs, Step
from server.match.inbox import InputBuffer


def test_two_new_ticks_are_a_message_and_the_two_before_come_again() -> None:
    sender = InputSender()
    assert sender.put(10, Input(1, 2), 3.5) == []
    assert sender.put(11, Input(3, 4), 4.5) == [Inputs(10, 52, (Step(1, 2), Step(3, 4)))]
    assert sender.put(12, Input(5, 6), 5.5) == []
    assert sender.put(13, Input(7, 8), 6.5) == [
        Inputs(10, 52, (Step(1, 2), Step(3, 4), Step(5, 6), Step(7, 8)))
    ]


def test_a_message_that_was_lost_costs_nothing() -> None:
    sender, inputs = InputSender(), InputBuffer()
    inbox = inputs.inbox(0)
    messages = [it for tick in range(10, 18) for it in sender.put(tick, Input(tick), tick - 5)]
    for message in (messages[0], messages[2], messages[3]):
        inbox.put(8, message)
    assert [buttons for buttons, _, _ in inputs.waiting(0).values()] == list(range(10, 18))


def test_a_jump_of_time_begins_anew() -> None:
    sender = InputSender()
    assert sender.put(10, Input(1, 2), 3) == []
    # Ticks simulated before the jump are sent.
    assert sender.put(20, Input(3, 4), -1_000) == [Inputs(10, 56, (Step(1, 2),))]
    [message] = sender.put(21, Input(5, 6), -1_000)
    assert message == Inputs(20, VIEW_LAG_MAX, (Step(3, 4), Step(5, 6)))


def test_a_shot_is_judged_by_what_was_seen_when_it_was_fired() -> None:
    sender = InputSender()
    assert sender.put(10, Input(0, 2), 4.0) == []
    messages = sender.put(11, Input(FIRE, 4), 4.0)  # the screen stood still for a tick
    assert messages == [Inputs(10, 48, (Step(0, 2),))]
    assert sender.put(12, Input(FIRE, 6), 5.0) == [
        Inputs(10, 56, (Step(0, 2), Step(FIRE, 4), Step(FIRE, 6)))
    ]
