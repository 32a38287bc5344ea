"""What a lane promises whatever its weather: order, never early, never faster, room, repeatable."""

import random

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from clients.chaos.lane import PACKET_BYTES, Lane
from clients.chaos.stalls import Stalls
from clients.chaos.weather import PROFILES, Weather

WEATHERS = st.builds(
    Weather,
    delay_s=st.floats(0, 0.5),
    jitter_s=st.floats(0, 0.5),
    bytes_per_s=st.floats(1_000, 1e7),
    stall_every_s=st.just(0.0) | st.floats(0.5, 3),
    stall_for_s=st.floats(0, 2),
) | st.sampled_from(list(PROFILES.values()))
WRITES = st.lists(st.tuples(st.floats(0, 0.2), st.binary(max_size=5_000)), max_size=30)
SEEDS = st.integers(0, 1_000)

Arrival = tuple[float, bytes]


def lane_of(weather: Weather, seed: int) -> Lane:
    dice = random.Random(seed)
    return Lane(weather, dice, Stalls(weather, random.Random(seed + 1), 0.0).past)


def carried(lane: Lane, writes: list[tuple[float, bytes]]) -> tuple[list[Arrival], list[Arrival]]:
    """What was put in when, and what came out when, by a reader who takes all at once."""
    put: list[Arrival] = []
    came: list[Arrival] = []
    now_s = 0.0
    for pause_s, data in writes:
        now_s += pause_s
        came += taken_until(lane, now_s)
        fits = data[: lane.room_bytes]
        lane.put(fits, now_s)
        put.append((now_s, fits))
    return put, came + taken_until(lane, now_s + 1e6)


def taken_until(lane: Lane, end_s: float) -> list[Arrival]:
    came = []
    while lane.due_s() <= end_s:
        due_s = lane.due_s()
        before_bytes = lane.unread_bytes
        data = lane.take(1 << 20, due_s)
        assert data
        assert lane.unread_bytes == before_bytes - len(data)
        came.append((due_s, data))
    return came


@given(WEATHERS, WRITES, SEEDS)
def test_all_bytes_come_out_once_and_in_order(weather, writes, seed) -> None:
    put, came = carried(lane_of(weather, seed), writes)
    assert b"".join(data for _, data in came) == b"".join(data for _, data in put)


@given(WEATHERS, WRITES, SEEDS)
def test_no_byte_is_early_and_none_comes_within_a_stall(weather, writes, seed) -> None:
    lane = lane_of(weather, seed)
    put, came = carried(lane, writes)
    put_times = [time_s for time_s, data in put for _ in data]
    came_times = [time_s for time_s, data in came for _ in data]
    for put_s, came_s in zip(put_times, came_times, strict=True):
        assert came_s >= put_s + weather.delay_s
        assert lane.past_stall(came_s) == came_s


@given(WEATHERS, WRITES, SEEDS)
def test_in_no_span_of_time_comes_more_than_the_rate_allows(weather, writes, seed) -> None:
    _, came = carried(lane_of(weather, seed), writes)
    for first, (begin_s, _) in enumerate(came):
        total = 0
        for end_s, data in came[first:]:
            total += len(data)
            allowed_bytes = weather.bytes_per_s * (end_s - begin_s) + PACKET_BYTES
            assert total <= allowed_bytes * (1 + 1e-9) + 1


@given(WEATHERS, WRITES, SEEDS)
def test_equal_seeds_give_equal_times(weather, writes, seed) -> None:
    first = carried(lane_of(weather, seed), writes)
    assert carried(lane_of(weather, seed), writes) == first


def test_another_seed_gives_other_times() -> None:
    writes = [(0.1, b"x")] * 10
    assert carried(lane_of(PROFILES["4g"], 1), writes) != carried(
        lane_of(PROFILES["4g"], 2), writes
    )


@given(WEATHERS, st.lists(st.integers(1, 5_000), max_size=30), st.integers(1, 20_000), SEEDS)
def test_a_reader_who_does_not_read_stops_the_writer(weather, sizes, capacity_bytes, seed) -> None:
    lane = lane_of(evolve(weather, capacity_bytes=capacity_bytes), seed)
    for size in sizes:
        lane.put(bytes(min(size, lane.room_bytes)), 0.0)
        assert lane.unread_bytes <= capacity_bytes
    assert lane.room_bytes == capacity_bytes - min(sum(sizes), capacity_bytes)


def test_a_line_carries_as_much_as_its_rate_says_whatever_its_jitter() -> None:
    weather = Weather(delay_s=0.05, jitter_s=0.1, bytes_per_s=20_000)
    lane = lane_of(weather, 1)
    came_bytes, now_s = 0, 0.0
    while now_s < 20:
        lane.put(bytes(lane.room_bytes), now_s)
        now_s += 0.01
        came_bytes += len(lane.take(1 << 20, now_s) or b"")
    assert 0.97 * 20 * 20_000 < came_bytes <= 20 * 20_000


def test_the_end_comes_behind_everything() -> None:
    lane = lane_of(Weather(delay_s=0.1, bytes_per_s=1_000), 1)
    lane.put(bytes(1_000), 0.0)
    lane.end(0.0)
    assert lane.take(1_000, 0.5) is None
    assert lane.take(2_000, 1.2) == bytes(1_000)
    assert lane.take(1, 1.2) == b""
