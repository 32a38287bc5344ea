"""A worker reports only changes of its matches."""

from server.match.match import Match
from server.match.status import MatchStatus
from server.process.messages import TO_GATEWAY
from server.process.worker import MatchReporter
from tests.server.match.fakes import enter, make_match
from tests.server.process.fakes import FakeChannel


class OneMatch:
    """See `server.process.worker.Matches`."""

    def __init__(self, *matches: Match) -> None:
        self.matches = list(matches)

    def statuses(self) -> list[MatchStatus]:
        return [match.status() for match in self.matches]

    def find(self, match_id: str) -> Match | None:
        return next((it for it in self.matches if it.spec.match_id == match_id), None)


def ready(*matches: Match) -> tuple[MatchReporter, FakeChannel, OneMatch]:
    channel, source = FakeChannel(), OneMatch(*matches)
    return MatchReporter(source, channel), channel, source


def test_a_new_link_hears_everything_and_that_this_was_all():
    reporter, channel, _ = ready(make_match())
    reporter.report()
    assert [word for word, *_ in channel.sent] == ["report", "heard"]
    for word, *fields in channel.sent:
        TO_GATEWAY.encode(word, tuple(fields))


def test_a_link_to_a_worker_without_matches_hears_that_too():
    reporter, channel, _ = ready()
    reporter.report()
    assert channel.sent == [("heard", 0)]


def test_nothing_is_reported_twice():
    reporter, channel, _ = ready(make_match())
    reporter.report()
    channel.sent.clear()
    reporter.report()
    assert channel.sent == []


def test_changes_of_seats_and_reservations_are_news():
    match = make_match()
    reporter, channel, _ = ready(match)
    reporter.report()
    channel.sent.clear()
    enter(match, "p1")
    match.reserve("p2", 10)
    reporter.report()
    ((rows, gone),) = channel.take("report")
    assert (rows[0][-2:], gone) == ([["p1"], ["p2"]], [])


def test_a_match_that_is_over_is_gone():
    match = make_match()
    reporter, channel, source = ready(match)
    reporter.report()
    channel.sent.clear()
    source.matches.clear()
    reporter.report()
    assert channel.take("report") == [([], ["m1"])]


def test_a_match_of_which_the_gateway_knows_that_it_moves_is_not_called_gone():
    match = make_match()
    reporter, channel, _ = ready(match)
    reporter.report()
    channel.sent.clear()
    reporter.forget("m1")
    match.ended_reason = "it moves"
    reporter.report()
    assert channel.sent == []


def test_a_command_is_heard_with_what_came_of_it():
    match = make_match()
    reporter, channel, _ = ready(match)
    reporter.report()
    channel.sent.clear()
    match.reserve("p2", 10)
    reporter.done = 7
    reporter.report()
    assert [word for word, *_ in channel.sent] == ["report", "heard"]
    assert channel.take("heard") == [(7,)]
