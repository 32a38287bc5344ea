"""Everything that happens is shown once, and when it is seen to happen."""

from clients.netcode.event_queue import STALE_TICKS, WAITING_MAX, EventQueue
from game.events import EventKind

ME, OTHER = 3, 4
SHOT = (int(EventKind.FIRE), ME, 0)


def test_an_action_that_was_predicted_and_confirmed_is_shown_once() -> None:
    queue = EventQueue(ME)
    queue.predict(10, SHOT)
    assert [it.kind for it in queue.take(2)] == [EventKind.FIRE]
    queue.receive(11, [SHOT])
    assert queue.take(2) == []
    queue.receive(30, [SHOT])
    assert len(queue.take(28)) == 1, "this one was another"


def test_what_another_does_waits_until_they_are_drawn_doing_it() -> None:
    queue = EventQueue(ME)
    queue.receive(20, [(EventKind.DASH, OTHER), (EventKind.EXPLODE, 1, 2, OTHER)])
    assert [it.kind for it in queue.take(14)] == [EventKind.EXPLODE]
    assert queue.take(19.9) == []
    assert [it.fields for it in queue.take(20)] == [{"slot": OTHER}]


def test_a_window_that_hung_is_spared_the_noise_of_the_past() -> None:
    queue = EventQueue(ME)
    queue.receive(10, [(EventKind.EXPLODE, 1, 2, OTHER)])
    assert queue.take(10 + STALE_TICKS) == []


def test_it_is_bounded() -> None:
    queue = EventQueue(ME)
    queue.receive(10, [(EventKind.DASH, OTHER)] * 2 * WAITING_MAX)
    assert len(queue.take(10)) == WAITING_MAX
