"""Only changes are reported."""

from server.match.match import Match
from server.match.status import MatchStatus
from server.process.messages import TO_GATEWAY
from server.process.reporter import Reporter
from tests.server.match.fakes import enter, make_match
from tests.server.process.fakes import FakeLink


class OneMatch:
    """See `server.process.reporter.Matches`."""

    def __init__(self, *matches: Match) -> None:
        self.matches = list(matches)

    def statuses(self) -> list[MatchStatus]:
        return [match.status() for match in self.matches]

    def find(self, match_id: str) -> Match | None:
        return next((it for it in self.matches if it.spec.match_id == match_id), None)


def ready(*matches: Match) -> tuple[Reporter, FakeLink, OneMatch]:
    link, source = FakeLink(), OneMatch(*matches)
    return Reporter(source, link), link, source


def test_a_new_link_hears_everything_and_that_this_was_all():
    reporter, link, _ = ready(make_match())
    reporter.tell()
    assert [word for word, *_ in link.said] == ["report", "heard"]
    for word, *fields in link.said:
        TO_GATEWAY.encode(word, tuple(fields))


def test_a_link_to_a_worker_without_matches_hears_that_too():
    reporter, link, _ = ready()
    reporter.tell()
    assert link.said == [("heard", 0)]


def test_nothing_is_told_twice():
    reporter, link, _ = ready(make_match())
    reporter.tell()
    link.said.clear()
    reporter.tell()
    assert link.said == []


def test_who_sits_and_who_may_come_is_news():
    match = make_match()
    reporter, link, _ = ready(match)
    reporter.tell()
    link.said.clear()
    enter(match, "p1")
    match.reserve("p2", 10)
    reporter.tell()
    ((rows, gone),) = link.take("report")
    assert (rows[0][-2:], gone) == ([["p1"], ["p2"]], [])


def test_a_match_that_is_over_is_gone():
    match = make_match()
    reporter, link, source = ready(match)
    reporter.tell()
    link.said.clear()
    source.matches.clear()
    reporter.tell()
    assert link.take("report") == [([], ["m1"])]


def test_a_match_of_which_the_gateway_knows_that_it_moves_is_not_called_gone():
    match = make_match()
    reporter, link, _ = ready(match)
    reporter.tell()
    link.said.clear()
    reporter.forget("m1")
    match.ended_reason = "it moves"
    reporter.tell()
    assert link.said == []


def test_a_command_is_heard_with_what_came_of_it():
    match = make_match()
    reporter, link, _ = ready(match)
    reporter.tell()
    link.said.clear()
    match.reserve("p2", 10)
    reporter.heard = 7
    reporter.tell()
    assert [word for word, *_ in link.said] == ["report", "heard"]
    assert link.take("heard") == [(7,)]
