"""The gateway's view of the matches in workers, even if their reports come late or never."""

import pytest
from attrs import define, field
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from game.world import Phase
from server.match.status import BotPolicy, RegistryFullError
from server.process.mirror import UNDONE_MAX, Mirror, Place
from server.process.rows import Report, spec_of
from tests.server.process.fakes import HALLS, SEATS, FakeLink, report

BOTS = BotPolicy(level=2)
PEOPLE = [f"p{number}" for number in range(6)]


def mirror_of(*numbers: int) -> Mirror:
    mirror = Mirror(HALLS, bot_level=2, matches_max=3)
    mirror.expect(numbers)
    return mirror


def attach(mirror: Mirror, number: int, *reports: Report) -> tuple[Place, FakeLink]:
    """Connect a worker that reports its matches."""
    link, place = FakeLink(), mirror.places[number]
    place.attach(link, is_retiring=False)
    mirror.take(place, reports, [])
    place.hear(0)
    return place, link


def test_a_match_goes_to_the_worker_with_the_fewest():
    mirror = mirror_of(0, 1)
    _, busy = attach(mirror, 0, report("a"), report("b"))
    _, idle = attach(mirror, 1, report("c"))
    match_id = mirror.create("deathmatch", bots=BOTS)
    assert busy.take("open") == []
    ((number, *spec),) = idle.take("open")
    assert (number, spec_of(spec).match_id) == (1, match_id)
    assert mirror.status(match_id) is not None


def test_a_match_is_there_for_the_lobby_before_its_worker_has_heard_of_it():
    mirror = mirror_of(0)
    match_id = mirror.create("deathmatch", "hall", bots=BOTS)
    status = mirror.status(match_id)
    assert status is not None
    assert (status.people, status.map_name, status.is_over) == (0, "hall", False)
    assert mirror.reserve(match_id, "p", 10)
    _, link = attach(mirror, 0)
    assert [word for word, *_ in link.said] == ["open", "reserve"]


def test_seats_are_promised_once_although_the_worker_has_told_nothing_yet():
    mirror = mirror_of(0)
    attach(mirror, 0, report("a", seated=frozenset({"x"})))
    assert [mirror.reserve("a", person, 10) for person in "pqrs"] == [True, True, True, False]
    assert mirror.reserve("a", "x", 10), "who sits there has a seat"
    assert mirror.reserve("a", "p", 10), "and who was promised one, too"
    status = mirror.status("a")
    assert status is not None
    assert (status.reserved, status.open_seats) == (3, 0)


def test_a_promise_counts_until_its_worker_has_told_of_it_and_then_by_what_it_tells():
    mirror = mirror_of(0)
    place, _ = attach(mirror, 0, report("a"))
    mirror.reserve("a", "p", 10)
    mirror.take(place, [report("a")], [])  # reported before the command arrived
    assert mirror.is_reserved("a", "p")
    mirror.take(place, [report("a", promised=frozenset({"p"}))], [])
    place.hear(1)
    assert mirror.is_reserved("a", "p")
    mirror.take(place, [report("a", seated=frozenset({"p"}))], [])
    assert not mirror.is_reserved("a", "p")


def test_what_a_dead_worker_has_not_done_is_asked_of_the_next_one():
    mirror = mirror_of(0)
    place, _ = attach(mirror, 0, report("a"))
    match_id = mirror.create("deathmatch", bots=BOTS)
    mirror.reserve("a", "p", 10)
    mirror.detach(place)
    assert {status.match_id for status in mirror.statuses()} == {"a", match_id}
    _, link = attach(mirror, 0, report("a"))
    assert [word for word, *_ in link.said] == ["open", "reserve"]


def test_what_a_dead_worker_had_begun_is_not_begun_twice():
    mirror = mirror_of(0)
    place, _ = attach(mirror, 0)
    match_id = mirror.create("deathmatch", bots=BOTS)
    mirror.detach(place)
    _, link = attach(mirror, 0, report(match_id))
    assert link.said == []


def test_a_match_that_the_next_worker_does_not_have_is_over():
    mirror = mirror_of(0)
    place, _ = attach(mirror, 0, report("a"), report("b"))
    mirror.reserve("b", "p", 10)
    mirror.detach(place)
    _, link = attach(mirror, 0, report("a"))
    assert mirror.status("b") is None
    assert link.said == [], "nobody is asked about a match that is over"


def test_a_match_that_could_not_be_opened_is_over():
    mirror = mirror_of(0)
    place, _ = attach(mirror, 0)
    match_id = mirror.create("deathmatch", bots=BOTS)
    place.hear(1)
    assert mirror.status(match_id) is None


def test_a_socket_waits_while_its_match_may_appear_and_no_longer():
    mirror = mirror_of(0, 1)
    _, link = attach(mirror, 0, report("a"))
    assert mirror.link_to("a") is link
    assert mirror.may_appear("b", 0.0), "the other worker has not told yet"
    other, _ = attach(mirror, 1, report("b"))
    assert not mirror.may_appear("c", 0.0)
    mirror.detach(other)
    assert mirror.link_to("b") is None
    assert mirror.may_appear("b", 0.0)


def test_a_match_that_moves_is_waited_for_and_found_where_it_appears():
    mirror = mirror_of(0, 1)
    old, _ = attach(mirror, 0, report("a"))
    new, link = attach(mirror, 1)
    mirror.begin_move(old, "a", 100.0)
    assert mirror.link_to("a") is None
    assert mirror.status("a") is not None
    assert mirror.may_appear("a", 100.0)
    assert not mirror.may_appear("a", 200.0), "nothing is waited for without an end"
    mirror.begin_move(old, "a", 100.0)
    mirror.take(new, [report("a")], [])
    assert mirror.link_to("a") is link
    assert [status.match_id for status in mirror.statuses()] == ["a"]


def test_a_worker_that_retires_gets_matches_only_when_there_is_no_other():
    mirror = mirror_of(0, 1)
    old, retiring = attach(mirror, 0)
    old.is_retiring = True
    _, other = attach(mirror, 1, report("a"), report("b"))
    mirror.create("deathmatch", bots=BOTS)
    assert not retiring.take("open")
    assert len(other.take("open")) == 1


def test_a_place_that_was_given_up_is_forgotten_with_its_worker():
    mirror = mirror_of(0, 1)
    attach(mirror, 0)
    place, _ = attach(mirror, 1, report("a"))
    mirror.expect([0])
    assert mirror.status("a") is not None
    mirror.detach(place)
    assert mirror.status("a") is None
    assert not mirror.may_appear("a", 0.0)


def test_workers_take_so_many_matches_and_no_more():
    mirror = mirror_of(0)
    for _ in range(3):
        mirror.create("deathmatch", bots=BOTS)
    with pytest.raises(RegistryFullError):
        mirror.create("deathmatch", bots=BOTS)


def test_so_many_commands_wait_and_no_more():
    mirror = mirror_of(0)
    place, _ = attach(mirror, 0, report("a"))
    assert all(mirror.reserve("a", "p", 10) for _ in range(UNDONE_MAX))
    assert not mirror.reserve("a", "p", 10)
    assert len(place.undone) == UNDONE_MAX
    with pytest.raises(RegistryFullError):
        mirror.create("deathmatch", bots=BOTS)


def test_nothing_is_promised_in_a_match_that_is_over_or_by_a_gateway_that_closes():
    mirror = mirror_of(0)
    over = report("a")
    attach(mirror, 0, Report(over.status.__class__(**{**_fields(over), "phase": Phase.OVER})))
    assert not mirror.reserve("a", "p", 10)
    mirror.is_closing = True
    with pytest.raises(RegistryFullError):
        mirror.create("deathmatch", bots=BOTS)


def _fields(one: Report) -> dict[str, object]:
    return {name: getattr(one.status, name) for name in one.status.__slots__ if name[0] != "_"}


@define
class ModelWorker:
    """A worker that executes its commands late, and reports them later."""

    link: FakeLink
    seated: dict[str, set[str]] = field(factory=dict)
    promised: dict[str, set[str]] = field(factory=dict)
    done: int = 0

    def do_one(self) -> None:
        name, number, *fields = self.link.said.pop(0)
        self.done = number
        if name == "open":
            self.seated.setdefault(fields[0], set())
            self.promised.setdefault(fields[0], set())
        elif fields[0] in self.seated:
            match_id, person, _ = fields
            if len(self.seated[match_id] | self.promised[match_id] | {person}) <= SEATS:
                self.promised[match_id].add(person)

    def reports(self) -> list[Report]:
        return [
            report(match_id, frozenset(seated), frozenset(self.promised[match_id] - seated))
            for match_id, seated in self.seated.items()
        ]


class GatewayAndWorker(RuleBasedStateMachine):
    """One place, whose worker is slow, dies, and is replaced.

    Match ids are random and differ on each run. Nothing here may depend on their order, or the same
    choices of Hypothesis would do different things. Matches are taken by age.
    """

    def __init__(self) -> None:
        super().__init__()
        self.mirror = mirror_of(0)
        self.place = self.mirror.places[0]
        self.worker = ModelWorker(FakeLink())
        self.place.attach(self.worker.link, is_retiring=False)

    @rule()
    def create(self) -> None:
        if len(self.place.reports) < self.mirror.matches_max:
            self.mirror.create("deathmatch", "hall", bots=BOTS)

    @rule(data=st.data(), person=st.sampled_from(PEOPLE))
    def promise(self, data: st.DataObject, person: str) -> None:
        if self.place.reports:
            match_id = data.draw(st.sampled_from(list(self.place.reports)))
            self.mirror.reserve(match_id, person, 10)

    @precondition(lambda self: self.worker.link.said)
    @rule()
    def do(self) -> None:
        self.worker.do_one()

    @rule()
    def tell(self) -> None:
        known, now = set(self.place.reports), self.worker.reports()
        gone = known & self.place.fresh - {it.status.match_id for it in now}
        self.mirror.take(self.place, now, sorted(gone))
        self.place.hear(self.worker.done)

    @rule(data=st.data(), person=st.sampled_from(PEOPLE))
    def come(self, data: st.DataObject, person: str) -> None:
        waiting = [it for it, people in self.worker.promised.items() if person in people]
        if waiting:
            match_id = data.draw(st.sampled_from(waiting))
            self.worker.promised[match_id].discard(person)
            self.worker.seated[match_id].add(person)

    @rule(person=st.sampled_from(PEOPLE))
    def leave(self, person: str) -> None:
        for people in self.worker.seated.values():
            people.discard(person)

    @precondition(lambda self: self.worker.seated)
    @rule()
    def end(self) -> None:
        match_id = next(iter(self.worker.seated))
        del self.worker.seated[match_id], self.worker.promised[match_id]

    @rule(keeps=st.booleans())
    def die(self, *, keeps: bool) -> None:
        """Replace the worker; reservations of players who have not connected are in no journal."""
        self.mirror.detach(self.place)
        seated = {it: set(people) for it, people in self.worker.seated.items()} if keeps else {}
        self.worker = ModelWorker(FakeLink(), seated, {match_id: set() for match_id in seated})
        self.place.attach(self.worker.link, is_retiring=False)

    @invariant()
    def no_seat_is_promised_twice(self) -> None:
        for match_id, one in self.place.reports.items():
            assert len(one.seated | self.place.promised(match_id)) <= SEATS

    def teardown(self) -> None:
        """Check that both sides agree once all commands are executed and reported."""
        self.tell()
        while self.worker.link.said:
            self.worker.do_one()
        self.tell()
        assert not self.place.undone
        assert sorted(self.place.reports) == sorted(self.worker.seated)
        for one in self.worker.reports():
            assert self.place.reports[one.status.match_id] == one


GatewayAndWorker.TestCase.settings = settings(max_examples=60, stateful_step_count=40)
TestGatewayAndWorker = GatewayAndWorker.TestCase


def test_a_seat_that_is_given_up_is_promised_no_longer_whoever_has_heard_of_it():
    mirror = mirror_of(0)
    attach(mirror, 0)
    match_id = mirror.create("duel")
    assert mirror.reserve(match_id, "ann", 10)
    mirror.release(match_id, "ann")
    assert not mirror.is_reserved(match_id, "ann")
    assert mirror.reserve(match_id, "ann", 10)
    assert mirror.is_reserved(match_id, "ann")


def test_seats_are_held_while_a_worker_is_replaced_and_while_a_match_moves():
    mirror = mirror_of(0, 1)
    place, _ = attach(mirror, 0, report("a", seated=frozenset({"ann"})))
    mirror.reserve("a", "bea", 10)
    assert [mirror.holds_seat("a", it) for it in ("ann", "bea", "cid")] == [True, True, False]
    mirror.detach(place)
    assert mirror.holds_seat("a", "ann"), "its worker is gone, and another comes"
    attach(mirror, 0, report("a", seated=frozenset({"ann"})))
    mirror.begin_move(place, "a", 0.0)
    assert mirror.holds_seat("a", "ann")
    attach(mirror, 1, report("a", seated=frozenset({"ann"})))
    assert mirror.holds_seat("a", "ann")
    mirror.take(mirror.places[1], [], ["a"])
    assert not mirror.holds_seat("a", "ann")
