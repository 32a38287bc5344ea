"""The matchmaker over random crowds: fair, bounded, and no player is lost or duplicated."""

from collections import Counter

from attrs import define, field
from hypothesis import given
from hypothesis import strategies as st

from server.lobby.matchmaker import Assignment, ModeSize, OpenMatch, Waiting, assign

FILL_S = 3.0
SIZES = {"duel": ModeSize(2, 2, 2), "deathmatch": ModeSize(4, 2, 8)}
modes = st.sampled_from(sorted(SIZES))


@st.composite
def queues(draw: st.DrawFn) -> list[Waiting]:
    count = draw(st.integers(0, 24))
    return [
        Waiting(f"p{number}", draw(modes), draw(st.floats(0, 10)), draw(st.integers(800, 2_400)))
        for number in range(count)
    ]


@st.composite
def running(draw: st.DrawFn) -> list[OpenMatch]:
    count = draw(st.integers(0, 6))
    return [
        OpenMatch(f"m{n}", draw(modes), draw(st.integers(0, 8)), draw(st.integers(0, 8)))
        for n in range(count)
    ]


def named(assignments: list[Assignment]) -> list[str]:
    return [player_id for it in assignments for player_id in it.player_ids]


@given(queues(), running(), st.floats(0, 15))
def test_nobody_is_assigned_twice_or_to_the_wrong_mode_or_to_a_seat_that_is_not_there(
    queue: list[Waiting], matches: list[OpenMatch], now_s: float
):
    assignments = assign(queue, matches, SIZES, FILL_S, now_s)
    assert max(Counter(named(assignments)).values(), default=0) <= 1
    mode_of = {waiting.player_id: waiting.mode for waiting in queue}
    by_id = {match.match_id: match for match in matches}
    used: Counter[str] = Counter()
    for it in assignments:
        assert it.player_ids
        assert {mode_of[player_id] for player_id in it.player_ids} == {it.mode}
        if it.match_id:
            used[it.match_id] += len(it.player_ids)
            assert by_id[it.match_id].mode == it.mode
        else:
            assert len(it.player_ids) <= SIZES[it.mode].most
    for match_id, count in used.items():
        assert count <= by_id[match_id].open_seats


@given(queues(), running(), st.floats(0, 15))
def test_a_player_who_has_waited_long_enough_is_assigned(
    queue: list[Waiting], matches: list[OpenMatch], now_s: float
):
    gone = set(named(assign(queue, matches, SIZES, FILL_S, now_s)))
    for waiting in queue:
        assert waiting.player_id in gone or now_s - waiting.joined_s < FILL_S


@given(queues(), running(), st.floats(0, 15), st.randoms())
def test_the_order_of_the_queue_does_not_matter(queue, matches, now_s, rng):
    shuffled = queue[:]
    rng.shuffle(shuffled)
    assert assign(shuffled, matches, SIZES, FILL_S, now_s) == assign(
        queue, matches, SIZES, FILL_S, now_s
    )


@given(queues(), running(), st.floats(0, 15))
def test_an_open_seat_never_stays_empty_while_somebody_waits_for_it(queue, matches, now_s):
    assignments = assign(queue, matches, SIZES, FILL_S, now_s)
    gone = set(named(assignments))
    used = Counter({it.match_id: len(it.player_ids) for it in assignments if it.match_id})
    for waiting in queue:
        if waiting.player_id not in gone:
            for match in matches:
                assert match.mode != waiting.mode or used[match.match_id] >= match.open_seats


@given(queues(), st.floats(0, 15))
def test_the_first_in_line_gets_the_seat_of_a_running_match(queue: list[Waiting], now_s: float):
    matches = [OpenMatch("m", "deathmatch", 1, 1)]
    line = [waiting for waiting in queue if waiting.mode == "deathmatch"]
    first = min(line, key=lambda it: (it.joined_s, it.player_id), default=None)
    joined = [it for it in assign(queue, matches, SIZES, FILL_S, now_s) if it.match_id]
    assert named(joined) == ([first.player_id] if first else [])


def test_two_players_who_want_a_duel_are_paired_at_once():
    queue = [Waiting("a", "duel", 0.0), Waiting("b", "duel", 0.0)]
    assert assign(queue, [], SIZES, FILL_S, 0.0) == [Assignment("duel", ("a", "b"))]


def test_ratings_far_apart_wait_for_somebody_nearer_but_not_for_ever():
    queue = [Waiting("a", "duel", 0.0, 1_000), Waiting("b", "duel", 0.0, 1_500)]
    assert assign(queue, [], SIZES, FILL_S, 0.0) == []
    assert named(assign(queue, [], SIZES, FILL_S, FILL_S / 2)) == ["a", "b"]


def test_fewer_people_are_enough_after_a_while():
    queue = [Waiting("a", "deathmatch", 0.0), Waiting("b", "deathmatch", 0.0)]
    assert assign(queue, [], SIZES, FILL_S, 0.0) == []
    assert named(assign(queue, [], SIZES, FILL_S, FILL_S / 2)) == ["a", "b"]


def test_a_lone_stranger_gets_a_match_when_bots_fill_in():
    queue = [Waiting("a", "deathmatch", 0.0)]
    assert assign(queue, [], SIZES, FILL_S, FILL_S - 0.01) == []
    assert assign(queue, [], SIZES, FILL_S, FILL_S) == [Assignment("deathmatch", ("a",))]


def test_people_gather_in_the_fullest_match():
    matches = [OpenMatch("m1", "deathmatch", 1, 5), OpenMatch("m2", "deathmatch", 3, 2)]
    queue = [Waiting("a", "deathmatch", 0.0)]
    assert assign(queue, matches, SIZES, FILL_S, 0.0)[0].match_id == "m2"


@define
class Trace:
    """A crowd over time: what the lobby's clock does with `assign`, without the lobby."""

    look_s: float
    queue: list[Waiting] = field(factory=list)
    open_seats: dict[str, list] = field(factory=dict)  # match → [mode, people, seats left]
    waited_s: dict[str, float] = field(factory=dict)

    def look(self, now_s: float) -> None:
        matches = [OpenMatch(m, it[0], it[1], it[2]) for m, it in self.open_seats.items()]
        for it in assign(self.queue, matches, SIZES, FILL_S, now_s):
            match_id = it.match_id or f"m{len(self.open_seats)}"
            entry = self.open_seats.setdefault(match_id, [it.mode, 0, SIZES[it.mode].most])
            entry[1] += len(it.player_ids)
            entry[2] -= len(it.player_ids)
            for player_id in it.player_ids:
                assert player_id not in self.waited_s
                self.waited_s[player_id] = now_s - self._joined_s(player_id)
        self.queue = [it for it in self.queue if it.player_id not in self.waited_s]

    def _joined_s(self, player_id: str) -> float:
        return next(it.joined_s for it in self.queue if it.player_id == player_id)


@given(
    st.lists(st.tuples(st.floats(0, 20), modes, st.integers(500, 2_500)), max_size=40),
    st.sampled_from([0.25, 1.0]),
)
def test_every_wait_is_bounded_over_any_trace_of_arrivals(arrivals, look_s: float):
    trace = Trace(look_s)
    coming = sorted(arrivals)
    for step in range(int((20 + FILL_S) / look_s) + 3):
        now_s = step * look_s
        while coming and coming[0][0] <= now_s:
            joined_s, mode, rating = coming.pop(0)
            number = len(trace.waited_s) + len(trace.queue)
            trace.queue.append(Waiting(f"p{number}", mode, joined_s, rating))
        trace.look(now_s)
    assert len(trace.waited_s) == len(arrivals)
    assert max(trace.waited_s.values(), default=0) <= FILL_S + look_s
