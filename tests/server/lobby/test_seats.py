"""What the lobby hands out to somebody who looks on, with and without a delay."""

import pytest

from server.lobby.seats import Seats
from server.tickets import TicketBox, TicketError
from tests.server.lobby.fakes import FakeDirectory

BOX = TicketBox(b"s" * 32)


def seats(delay_s: int) -> Seats:
    return Seats(FakeDirectory(), BOX, 10, lambda: 100.0, delay_s)


def test_a_spectator_gets_a_ticket_to_the_match():
    match_id, path, ticket, watch = seats(0).watch("abc", "p1", "Ada")
    assert (match_id, path, watch) == ("abc", "/match/abc", 1)
    assert BOX.open(ticket, 100.0).kind == "watch"


def test_with_a_delay_he_gets_the_journal_and_nothing_that_opens_the_match():
    match_id, path, ticket, watch = seats(30).watch("abc", "p1", "Ada")
    assert (match_id, path, watch) == ("abc", "/replay/live/abc", 1)
    with pytest.raises(TicketError):
        BOX.open(ticket, 100.0)
