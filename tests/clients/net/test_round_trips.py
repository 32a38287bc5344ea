"""Round trips are counted once, and only for the ping that is under way."""

from clients.net.round_trips import KEPT_MAX, PING_EVERY_S, RoundTrips


def test_a_pong_measures_its_ping() -> None:
    trips = RoundTrips()
    assert trips.last_ms == 0
    assert trips.is_due(0.0)
    trips.pong(trips.ping(10.0), 10.25)
    assert list(trips.samples_s) == [0.25]
    assert trips.last_ms == 250


def test_late_foreign_and_double_pongs_count_for_nothing() -> None:
    trips = RoundTrips()
    old = trips.ping(0.0)
    new = trips.ping(5.0)
    trips.pong(old, 5.1)
    trips.pong(new + 1, 5.1)
    assert not trips.samples_s
    trips.pong(new, 5.5)
    trips.pong(new, 6.0)
    assert list(trips.samples_s) == [0.5]


def test_pings_are_due_at_a_steady_pace() -> None:
    trips = RoundTrips()
    trips.ping(3.0)
    assert not trips.is_due(3.0 + PING_EVERY_S / 2)
    assert trips.is_due(3.0 + PING_EVERY_S)


def test_round_trip_samples_are_bounded() -> None:
    trips = RoundTrips()
    for second in range(KEPT_MAX + 50):
        trips.pong(trips.ping(second), second + 100.0)
    assert len(trips.samples_s) == KEPT_MAX
    assert trips.last_ms == 65_535
