"""The gateway's view of the matches in workers, even if their reports come late or never."""

import pytest
from attrs import define, field
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from game.world import Phase
from server.match.status import BotPolicy, RegistryFullError
from server.process.match_index import PENDING_MAX, RemoteMatchIndex, RemoteWorker
from server.process.serialization import Report, spec_of
from tests.server.process.fakes import HALLS, SEATS, FakeChannel, report

BOTS = BotPolicy(level=2)
PEOPLE = [f"p{number}" for number in range(6)]


def index_of(*numbers: int) -> RemoteMatchIndex:
    index = RemoteMatchIndex(HALLS, bot_level=2, matches_max=3)
    index.expect(numbers)
    return index


def attach(
    index: RemoteMatchIndex, number: int, *reports: Report
) -> tuple[RemoteWorker, FakeChannel]:
    """Connect a worker that reports its matches."""
    channel, remote = FakeChannel(), index.workers[number]
    remote.attach(channel, is_retiring=False)
    index.take(remote, reports, [])
    remote.acknowledge(0)
    return remote, channel


def test_a_match_goes_to_the_worker_with_the_fewest():
    index = index_of(0, 1)
    _, busy = attach(index, 0, report("a"), report("b"))
    _, idle = attach(index, 1, report("c"))
    match_id = index.create("deathmatch", bots=BOTS)
    assert busy.take("open") == []
    ((number, *spec),) = idle.take("open")
    assert (number, spec_of(spec).match_id) == (1, match_id)
    assert index.status(match_id) is not None


def test_a_match_is_there_for_the_lobby_before_its_worker_has_heard_of_it():
    index = index_of(0)
    match_id = index.create("deathmatch", "hall", bots=BOTS)
    status = index.status(match_id)
    assert status is not None
    assert (status.people, status.map_name, status.is_over) == (0, "hall", False)
    assert index.reserve(match_id, "p", 10)
    _, channel = attach(index, 0)
    assert [word for word, *_ in channel.sent] == ["open", "reserve"]


def test_seats_are_promised_once_although_the_worker_has_told_nothing_yet():
    index = index_of(0)
    attach(index, 0, report("a", seated=frozenset({"x"})))
    assert [index.reserve("a", person, 10) for person in "pqrs"] == [True, True, True, False]
    assert index.reserve("a", "x", 10), "who sits there has a seat"
    assert index.reserve("a", "p", 10), "and who was promised one, too"
    status = index.status("a")
    assert status is not None
    assert (status.reserved, status.open_seats) == (3, 0)


def test_a_reservation_counts_until_its_worker_reports_it_and_then_as_reported():
    index = index_of(0)
    remote, _ = attach(index, 0, report("a"))
    index.reserve("a", "p", 10)
    index.take(remote, [report("a")], [])  # reported before the command arrived
    assert index.is_reserved("a", "p")
    index.take(remote, [report("a", promised=frozenset({"p"}))], [])
    remote.acknowledge(1)
    assert index.is_reserved("a", "p")
    index.take(remote, [report("a", seated=frozenset({"p"}))], [])
    assert not index.is_reserved("a", "p")


def test_a_dead_workers_open_commands_go_to_its_successor():
    index = index_of(0)
    remote, _ = attach(index, 0, report("a"))
    match_id = index.create("deathmatch", bots=BOTS)
    index.reserve("a", "p", 10)
    index.detach(remote)
    assert {status.match_id for status in index.statuses()} == {"a", match_id}
    _, channel = attach(index, 0, report("a"))
    assert [word for word, *_ in channel.sent] == ["open", "reserve"]


def test_a_dead_workers_started_commands_are_not_repeated():
    index = index_of(0)
    remote, _ = attach(index, 0)
    match_id = index.create("deathmatch", bots=BOTS)
    index.detach(remote)
    _, channel = attach(index, 0, report(match_id))
    assert channel.sent == []


def test_a_match_that_the_next_worker_does_not_have_is_over():
    index = index_of(0)
    remote, _ = attach(index, 0, report("a"), report("b"))
    index.reserve("b", "p", 10)
    index.detach(remote)
    _, channel = attach(index, 0, report("a"))
    assert index.status("b") is None
    assert channel.sent == [], "nobody is asked about a match that is over"


def test_a_match_that_could_not_be_opened_is_over():
    index = index_of(0)
    remote, _ = attach(index, 0)
    match_id = index.create("deathmatch", bots=BOTS)
    remote.acknowledge(1)
    assert index.status(match_id) is None


def test_a_socket_waits_while_its_match_may_appear_and_no_longer():
    index = index_of(0, 1)
    _, channel = attach(index, 0, report("a"))
    assert index.channel_to("a") is channel
    assert index.may_appear("b", 0.0), "the other worker has not told yet"
    other, _ = attach(index, 1, report("b"))
    assert not index.may_appear("c", 0.0)
    index.detach(other)
    assert index.channel_to("b") is None
    assert index.may_appear("b", 0.0)


def test_a_match_that_moves_is_waited_for_and_found_where_it_appears():
    index = index_of(0, 1)
    old, _ = attach(index, 0, report("a"))
    new, channel = attach(index, 1)
    index.begin_move(old, "a", 100.0)
    assert index.channel_to("a") is None
    assert index.status("a") is not None
    assert index.may_appear("a", 100.0)
    assert not index.may_appear("a", 200.0), "nothing is waited for without an end"
    index.begin_move(old, "a", 100.0)
    index.take(new, [report("a")], [])
    assert index.channel_to("a") is channel
    assert [status.match_id for status in index.statuses()] == ["a"]


def test_a_worker_that_retires_gets_matches_only_when_there_is_no_other():
    index = index_of(0, 1)
    old, retiring = attach(index, 0)
    old.is_retiring = True
    _, other = attach(index, 1, report("a"), report("b"))
    index.create("deathmatch", bots=BOTS)
    assert not retiring.take("open")
    assert len(other.take("open")) == 1


def test_a_place_that_was_given_up_is_forgotten_with_its_worker():
    index = index_of(0, 1)
    attach(index, 0)
    remote, _ = attach(index, 1, report("a"))
    index.expect([0])
    assert index.status("a") is not None
    index.detach(remote)
    assert index.status("a") is None
    assert not index.may_appear("a", 0.0)


def test_workers_take_so_many_matches_and_no_more():
    index = index_of(0)
    for _ in range(3):
        index.create("deathmatch", bots=BOTS)
    with pytest.raises(RegistryFullError):
        index.create("deathmatch", bots=BOTS)


def test_so_many_commands_wait_and_no_more():
    index = index_of(0)
    remote, _ = attach(index, 0, report("a"))
    assert all(index.reserve("a", "p", 10) for _ in range(PENDING_MAX))
    assert not index.reserve("a", "p", 10)
    assert len(remote.pending) == PENDING_MAX
    with pytest.raises(RegistryFullError):
        index.create("deathmatch", bots=BOTS)


def test_nothing_is_promised_in_a_match_that_is_over_or_by_a_gateway_that_closes():
    index = index_of(0)
    over = report("a")
    attach(index, 0, Report(over.status.__class__(**{**_fields(over), "phase": Phase.OVER})))
    assert not index.reserve("a", "p", 10)
    index.is_closing = True
    with pytest.raises(RegistryFullError):
        index.create("deathmatch", bots=BOTS)


def _fields(one: Report) -> dict[str, object]:
    return {name: getattr(one.status, name) for name in one.status.__slots__ if name[0] != "_"}


@define
class ModelWorker:
    """A worker that executes its commands late, and reports them later."""

    channel: FakeChannel
    seated: dict[str, set[str]] = field(factory=dict)
    promised: dict[str, set[str]] = field(factory=dict)
    done: int = 0

    def do_one(self) -> None:
        name, number, *fields = self.channel.sent.pop(0)
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
    """One worker, whose process is slow, dies, and is replaced.

    Match ids are random and differ on each run. Nothing here may depend on their order, or the same
    choices of Hypothesis would do different things. Matches are taken by age.
    """

    def __init__(self) -> None:
        super().__init__()
        self.index = index_of(0)
        self.remote = self.index.workers[0]
        self.worker = ModelWorker(FakeChannel())
        self.remote.attach(self.worker.channel, is_retiring=False)

    @rule()
    def create(self) -> None:
        if len(self.remote.reports) < self.index.matches_max:
            self.index.create("deathmatch", "hall", bots=BOTS)

    @rule(data=st.data(), person=st.sampled_from(PEOPLE))
    def promise(self, data: st.DataObject, person: str) -> None:
        if self.remote.reports:
            match_id = data.draw(st.sampled_from(list(self.remote.reports)))
            self.index.reserve(match_id, person, 10)

    @precondition(lambda self: self.worker.channel.sent)
    @rule()
    def do(self) -> None:
        self.worker.do_one()

    @rule()
    def tell(self) -> None:
        known, now = set(self.remote.reports), self.worker.reports()
        gone = known & self.remote.reported - {it.status.match_id for it in now}
        self.index.take(self.remote, now, sorted(gone))
        self.remote.acknowledge(self.worker.done)

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
        """Replace the process; reservations of players who have not connected are in no journal."""
        self.index.detach(self.remote)
        seated = {it: set(people) for it, people in self.worker.seated.items()} if keeps else {}
        self.worker = ModelWorker(FakeChannel(), seated, {match_id: set() for match_id in seated})
        self.remote.attach(self.worker.channel, is_retiring=False)

    @invariant()
    def no_seat_is_promised_twice(self) -> None:
        for match_id, one in self.remote.reports.items():
            assert len(one.seated | self.remote.promised(match_id)) <= SEATS

    def teardown(self) -> None:
        """Check that both sides agree once all commands are executed and reported."""
        self.tell()
        while self.worker.channel.sent:
            self.worker.do_one()
        self.tell()
        assert not self.remote.pending
        assert sorted(self.remote.reports) == sorted(self.worker.seated)
        for one in self.worker.reports():
            assert self.remote.reports[one.status.match_id] == one


GatewayAndWorker.TestCase.settings = settings(max_examples=60, stateful_step_count=40)
TestGatewayAndWorker = GatewayAndWorker.TestCase


def test_a_seat_that_is_given_up_is_promised_no_longer_whoever_has_heard_of_it():
    index = index_of(0)
    attach(index, 0)
    match_id = index.create("duel")
    assert index.reserve(match_id, "ann", 10)
    index.release(match_id, "ann")
    assert not index.is_reserved(match_id, "ann")
    assert index.reserve(match_id, "ann", 10)
    assert index.is_reserved(match_id, "ann")


def test_seats_are_held_while_a_worker_is_replaced_and_while_a_match_moves():
    index = index_of(0, 1)
    remote, _ = attach(index, 0, report("a", seated=frozenset({"ann"})))
    index.reserve("a", "bea", 10)
    assert [index.holds_seat("a", it) for it in ("ann", "bea", "cid")] == [True, True, False]
    index.detach(remote)
    assert index.holds_seat("a", "ann"), "its worker is gone, and another comes"
    attach(index, 0, report("a", seated=frozenset({"ann"})))
    index.begin_move(remote, "a", 0.0)
    assert index.holds_seat("a", "ann")
    attach(index, 1, report("a", seated=frozenset({"ann"})))
    assert index.holds_seat("a", "ann")
    index.take(index.workers[1], [], ["a"])
    assert not index.holds_seat("a", "ann")
