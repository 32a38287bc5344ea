"""Everything that happens is shown once, and when it is seen to happen."""

from clients.netcode.event_queue import EventQueue
from clients.netcode.tuning import STALE_TICKS, WAITING_EVENTS_MAX
from game.events import EventKind

ME, OTHER = 3, 4


def test_other_players_events_wait_for_the_drawn_tick() -> None:
    queue = EventQueue(ME)
    queue.add(20, (EventKind.DASH, OTHER))
    queue.add(20, (EventKind.EXPLODE, 1, 2, OTHER))
    assert [it.kind for it in queue.take(14)] == [EventKind.EXPLODE]
    assert queue.take(19.9) == []
    assert [it.fields for it in queue.take(20)] == [{"slot": OTHER}]


def test_a_window_that_hung_is_spared_the_noise_of_the_past() -> None:
    queue = EventQueue(ME)
    queue.add(10, (EventKind.EXPLODE, 1, 2, OTHER))
    assert queue.take(10 + STALE_TICKS) == []


def test_it_is_bounded() -> None:
    queue = EventQueue(ME)
    for _ in range(2 * WAITING_EVENTS_MAX):
        queue.add(10, (EventKind.DASH, OTHER))
    assert len(queue.take(10)) == WAITING_EVENTS_MAX
