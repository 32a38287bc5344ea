"""Spectators' seats from the lobby, with and without a delay."""

import pytest

from server.lobby.seats import Seats
from server.match.status import MatchStatus
from server.security.tickets import TicketBox, TicketError
from tests.server.lobby.fakes import FakeMatchRegistry

BOX = TicketBox(b"s" * 32)


def seats(delay_s: int, *, can_show_later: bool = True) -> Seats:
    return Seats(FakeMatchRegistry(), BOX, 10, lambda: 100.0, delay_s, can_show_later)


def running(*, private: bool = False) -> MatchStatus:
    return MatchStatus("abc", "duel", "hall", 2, 0, 0, 2, 0, 2, 60, private)


@pytest.mark.parametrize("is_private", [True, False])
def test_a_spectator_gets_a_ticket_to_the_match(is_private: bool):
    seat = seats(0).watch(running(private=is_private), "p1", "Ada")
    assert seat is not None
    assert (seat.match, seat.path, seat.watch) == ("abc", "/match/abc", 1)
    assert BOX.open(seat.ticket, 100.0).kind == "watch"


def test_with_a_delay_a_spectator_gets_the_journal_and_nothing_that_opens_the_match():
    seat = seats(30).watch(running(), "p1", "Ada")
    assert seat is not None
    assert (seat.match, seat.path, seat.watch) == ("abc", "/replay/live/abc", 1)
    with pytest.raises(TicketError):
        BOX.open(seat.ticket, 100.0)


def test_a_match_that_cannot_be_shown_later_is_not_shown_at_once_instead():
    assert seats(30).watch(running(private=True), "p1", "Ada") is None
    assert seats(30, can_show_later=False).watch(running(), "p1", "Ada") is None
