"""The promises of a link with any profile: order, never early, never faster, room, repeatable."""

import random

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from clients.chaos.link import PACKET_BYTES, SimulatedLink
from clients.chaos.profiles import PROFILES, NetworkProfile
from clients.chaos.stalls import Stalls

NETWORK_PROFILES = st.builds(
    NetworkProfile,
    delay_s=st.floats(0, 0.5),
    jitter_s=st.floats(0, 0.5),
    bytes_per_s=st.floats(1_000, 1e7),
    stall_every_s=st.just(0.0) | st.floats(0.5, 3),
    stall_for_s=st.floats(0, 2),
) | st.sampled_from(list(PROFILES.values()))
WRITES = st.lists(st.tuples(st.floats(0, 0.2), st.binary(max_size=5_000)), max_size=30)
SEEDS = st.integers(0, 1_000)

Arrival = tuple[float, bytes]


def link_of(profile: NetworkProfile, seed: int) -> SimulatedLink:
    dice = random.Random(seed)
    return SimulatedLink(profile, dice, Stalls(profile, random.Random(seed + 1), 0.0).past)


def relayed(
    link: SimulatedLink, writes: list[tuple[float, bytes]]
) -> tuple[list[Arrival], list[Arrival]]:
    """The bytes in and out with their times, for a reader that takes everything at once."""
    put: list[Arrival] = []
    came: list[Arrival] = []
    now_s = 0.0
    for pause_s, data in writes:
        now_s += pause_s
        came += taken_until(link, now_s)
        fits = data[: link.room_bytes]
        link.put(fits, now_s)
        put.append((now_s, fits))
    return put, came + taken_until(link, now_s + 1e6)


def taken_until(link: SimulatedLink, end_s: float) -> list[Arrival]:
    came = []
    while link.due_s() <= end_s:
        due_s = link.due_s()
        before_bytes = link.unread_bytes
        data = link.take(1 << 20, due_s)
        assert data
        assert link.unread_bytes == before_bytes - len(data)
        came.append((due_s, data))
    return came


@given(NETWORK_PROFILES, WRITES, SEEDS)
def test_all_bytes_come_out_once_and_in_order(profile, writes, seed) -> None:
    put, came = relayed(link_of(profile, seed), writes)
    assert b"".join(data for _, data in came) == b"".join(data for _, data in put)


@given(NETWORK_PROFILES, WRITES, SEEDS)
def test_no_byte_is_early_and_none_comes_within_a_stall(profile, writes, seed) -> None:
    link = link_of(profile, seed)
    put, came = relayed(link, writes)
    put_times = [time_s for time_s, data in put for _ in data]
    came_times = [time_s for time_s, data in came for _ in data]
    for put_s, came_s in zip(put_times, came_times, strict=True):
        assert came_s >= put_s + profile.delay_s
        assert link.past_stall(came_s) == came_s


@given(NETWORK_PROFILES, WRITES, SEEDS)
def test_in_no_span_of_time_comes_more_than_the_rate_allows(profile, writes, seed) -> None:
    _, came = relayed(link_of(profile, seed), writes)
    for first, (begin_s, _) in enumerate(came):
        total = 0
        for end_s, data in came[first:]:
            total += len(data)
            allowed_bytes = profile.bytes_per_s * (end_s - begin_s) + PACKET_BYTES
            assert total <= allowed_bytes * (1 + 1e-9) + 1


@given(NETWORK_PROFILES, WRITES, SEEDS)
def test_equal_seeds_give_equal_times(profile, writes, seed) -> None:
    first = relayed(link_of(profile, seed), writes)
    assert relayed(link_of(profile, seed), writes) == first


def test_another_seed_gives_other_times() -> None:
    writes = [(0.1, b"x")] * 10
    assert relayed(link_of(PROFILES["4g"], 1), writes) != relayed(
        link_of(PROFILES["4g"], 2), writes
    )


@given(
    NETWORK_PROFILES, st.lists(st.integers(1, 5_000), max_size=30), st.integers(1, 20_000), SEEDS
)
def test_a_reader_who_does_not_read_stops_the_writer(profile, sizes, capacity_bytes, seed) -> None:
    link = link_of(evolve(profile, capacity_bytes=capacity_bytes), seed)
    for size in sizes:
        link.put(bytes(min(size, link.room_bytes)), 0.0)
        assert link.unread_bytes <= capacity_bytes
    assert link.room_bytes == capacity_bytes - min(sum(sizes), capacity_bytes)


def test_a_line_carries_as_much_as_its_rate_says_whatever_its_jitter() -> None:
    profile = NetworkProfile(delay_s=0.05, jitter_s=0.1, bytes_per_s=20_000)
    link = link_of(profile, 1)
    came_bytes, now_s = 0, 0.0
    while now_s < 20:
        link.put(bytes(link.room_bytes), now_s)
        now_s += 0.01
        came_bytes += len(link.take(1 << 20, now_s) or b"")
    assert 0.97 * 20 * 20_000 < came_bytes <= 20 * 20_000


def test_the_end_comes_behind_everything() -> None:
    link = link_of(NetworkProfile(delay_s=0.1, bytes_per_s=1_000), 1)
    link.put(bytes(1_000), 0.0)
    link.end(0.0)
    assert link.take(1_000, 0.5) is None
    assert link.take(2_000, 1.2) == bytes(1_000)
    assert link.take(1, 1.2) == b""
