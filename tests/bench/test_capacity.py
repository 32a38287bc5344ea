"""The capacity is the most clients that held; a momentary stall of the machine is no limit."""

from attrs import evolve

from bench.capacity import Capacity, Trial, climb, following, summary

FINE = Trial(
    clients=0,
    snapshots_per_s=29.0,
    gap_ms=50,
    lost=0,
    late_share=0.05,
    cores=0.2,
    load_cores=0.1,
    joining_ms=3.0,
)


def climbing(carries: int, *, stumbles_at: int = 0, **short):
    """Climb on a server that carries `carries`; returns the counts tried and the result."""
    tried: list[int] = []

    def try_out(clients: int) -> Trial:
        tried.append(clients)
        stumbles = clients >= stumbles_at > 0 and tried.count(clients) == 1
        is_short = clients > carries or stumbles
        trial = evolve(FINE, clients=clients, cores=min(1.0, clients / carries))
        return evolve(trial, **(short or {"gap_ms": 51})) if is_short else trial

    return tried, climb("server", 256, try_out, lambda: len(tried) > 500)


def test_a_budget_fills_up_to_its_limit():
    assert FINE.shortcoming == ""
    for change in (
        {"snapshots_per_s": 28.9},
        {"gap_ms": 51},
        {"lost": 1},
        {"late_share": 0.051},
        {"refusal": "full"},
    ):
        assert evolve(FINE, **change).shortcoming


def test_the_most_that_held_is_within_a_step_of_what_the_server_carries():
    for carries in (300, 1_000, 3_100):
        _, capacity = climbing(carries)
        assert carries * 0.95 - 16 < capacity.clients <= carries
        assert capacity.ended_by.startswith("gaps of 51 ms")


def test_a_single_failed_trial_is_repeated():
    tried, capacity = climbing(1_000, stumbles_at=600)
    assert capacity.clients > 900
    assert max(map(tried.count, tried)) == 2


def test_nobody_plays_on_after_somebody_was_lost():
    tried, capacity = climbing(1_000, lost=3, snapshots_per_s=0.0)
    assert tried.count(max(tried)) == 1
    assert capacity.ended_by.startswith("3 lost")


def test_it_tries_half_a_cores_capacity_first_and_then_climbs_in_whole_matches():
    assert following(evolve(FINE, clients=256, cores=0.1), is_first=True) == 1_280
    assert following(evolve(FINE, clients=1_280, cores=0.1), is_first=False) == 1_328
    assert following(evolve(FINE, clients=16, cores=0.1), is_first=False) == 32


def test_the_time_has_an_end():
    is_over = iter([False, True]).__next__
    capacity = climb("server", 256, lambda clients: evolve(FINE, clients=clients), is_over)
    assert (capacity.clients, capacity.ended_by) == (256, "the end of its time")


def test_a_row_is_the_round_in_the_middle_with_the_least_and_the_most():
    trials = [evolve(FINE, joining_ms=7.0), evolve(FINE, joining_ms=0.0)]
    rounds = [Capacity("server", clients, "a gap", trials) for clients in (900, 1_100, 1_000)]
    row = summary(rounds)
    assert (row["clients_least"], row["clients"], row["clients_most"]) == (900, 1_000, 1_100)
    assert (row["ended_by"], row["joining_ms"]) == ("a gap", 7.0)
