"""Seats are taken with a ticket, kept through a lost connection, and finally given away."""

import pytest

from game.wire.match_messages import Inputs, Leave, Ping, Step, Welcome
from game.wire.messages import CloseCode
from server.match.match import Match
from server.match.members import Member
from server.match.seating import AdmissionError
from server.match.settings import MatchSettings
from tests.server.match.fakes import (
    FakeHandle,
    come_back,
    enter,
    entrant,
    make_match,
    match_context,
    run,
)

TICKET = b"the ticket"


def show_again(match: Match, member: Member, nonce: bytes = TICKET) -> FakeHandle:
    """Use the seat's play ticket once more."""
    handle = FakeHandle()
    assert match.admit(entrant(member.player_id, "again", nonce), handle) is member
    return handle


def test_a_dropped_player_comes_back_into_the_same_seat_with_the_same_score():
    match = make_match()
    ann, handle = enter(match, "ann")
    run(match, 2)
    handle.says(Inputs(match.world.tick + 1, 0, (Step(9, 0),)))
    run(match, 2)
    nonce = ann.resume_nonce
    match.drop(ann, handle)
    run(match, 600)
    assert match.world.players[0].connected == 0
    again = come_back(match, ann, nonce)
    run(match, 2)
    assert match.world.players[0].score == 9
    assert match.world.players[0].connected == 1
    welcome = again.stream.said()[0]
    assert isinstance(welcome, Welcome)
    assert welcome.slot == ann.slot
    assert match.context.counters.resumed == 1


def test_a_seat_is_given_away_when_nobody_comes_back_in_time():
    match = make_match(
        context=match_context(
            settings=MatchSettings(resume_s=1, empty_s=100, wait_for_people=False)
        )
    )
    ann, handle = enter(match, "ann")
    run(match, 2)
    match.drop(ann, handle)
    run(match, 80)
    assert match.world.players == {}
    with pytest.raises(AdmissionError, match="given away"):
        come_back(match, ann, ann.resume_nonce)


def test_a_resumed_player_keeps_the_seat_when_the_old_window_ends():
    match = make_match(
        context=match_context(
            settings=MatchSettings(resume_s=1, silent_s=300, wait_for_people=False)
        )
    )
    ann, handle = enter(match, "ann")
    run(match, 2)
    nonce = ann.resume_nonce
    match.drop(ann, handle)
    run(match, 30)
    again = come_back(match, ann, nonce)
    run(match, 120)
    assert again.code is None
    assert set(match.world.players) == {0}


def test_a_promise_ends_when_it_was_kept():
    match = make_match()
    for name in ("ann", "bob", "cid", "dot"):
        assert match.reserve(name, 10)
        _, handle = enter(match, name)
    run(match, 2)
    handle.says(Leave())
    run(match, 1)
    assert match.reserve("eve", 10)


def test_a_seat_is_held_from_the_promise_until_it_is_given_up():
    match = make_match()
    assert not match.seating.holds_seat("ann")
    assert match.reserve("ann", 10)
    assert match.seating.holds_seat("ann")
    ann, handle = enter(match, "ann")
    match.drop(ann, handle)
    run(match, 60)
    assert match.seating.holds_seat("ann"), "dropped, and expected back"
    come_back(match, ann, ann.resume_nonce).says(Leave())
    run(match, 2)
    assert not match.seating.holds_seat("ann")


def test_a_resume_token_works_until_the_next_one_was_used():
    match = make_match()
    ann, handle = enter(match, "ann")
    run(match, 2)
    first = ann.resume_nonce
    match.drop(ann, handle)
    handle = come_back(match, ann, first)
    match.drop(ann, handle)  # before any welcome: she never gets the second token
    come_back(match, ann, first)
    run(match, 2)
    come_back(match, ann, ann.resume_nonce)
    with pytest.raises(AdmissionError, match="used before"):
        come_back(match, ann, first)


def test_a_connection_that_comes_late_does_not_take_away_the_token_of_a_later_one():
    match = make_match()
    ann, handle = enter(match, "ann")
    run(match, 2)
    first = ann.resume_nonce
    match.drop(ann, handle)
    come_back(match, ann, first)
    run(match, 2)
    hers = ann.resume_nonce  # she was welcomed with it
    come_back(match, ann, first)  # sent before that, but slower to arrive
    run(match, 2)
    assert come_back(match, ann, hers).code is None


def test_a_connection_that_comes_late_does_not_take_the_seat_of_somebody_who_plays():
    match = make_match()
    ann, handle = enter(match, "ann")
    run(match, 2)
    first = ann.resume_nonce
    match.drop(ann, handle)
    handle = come_back(match, ann, first)
    run(match, 2)
    handle.says(Ping(1, 0))
    run(match, 1)
    with pytest.raises(AdmissionError, match="used before"):
        come_back(match, ann, first)
    assert handle.code is None
    assert ann.handle is handle


def test_a_ticket_that_comes_late_does_not_take_away_the_token_that_it_gave():
    match = make_match()
    ann = match.admit(entrant("ann", nonce=TICKET), FakeHandle())
    show_again(match, ann)
    run(match, 2)
    hers = ann.resume_nonce
    show_again(match, ann)
    run(match, 2)
    assert come_back(match, ann, hers).code is None


@pytest.mark.parametrize("is_noticed", [True, False])
def test_a_player_cut_off_before_the_welcome_returns_with_the_same_ticket(is_noticed):
    match = make_match()
    handle = FakeHandle()
    ann = match.admit(entrant("ann", nonce=TICKET), handle)
    for _ in range(3):
        if is_noticed:
            match.drop(ann, handle)
        handle = show_again(match, ann)
        run(match, 2)
    assert handle.code is None
    welcome = handle.stream.said()[0]
    assert isinstance(welcome, Welcome)
    assert welcome.slot == ann.slot
    assert match.world.players[ann.slot].connected == 1
    assert match.context.counters.resumed == 0  # nobody had left


def test_a_ticket_is_used_up_once_its_holder_has_said_something():
    match = make_match()
    handle = FakeHandle()
    ann = match.admit(entrant("ann", nonce=TICKET), handle)
    run(match, 2)
    handle.says(Ping(1, 0))
    run(match, 1)
    match.drop(ann, handle)
    with pytest.raises(AdmissionError, match="used already"):
        show_again(match, ann)


def test_a_ticket_is_used_up_once_a_token_was():
    match = make_match()
    ann = match.admit(entrant("ann", nonce=TICKET), FakeHandle())
    run(match, 2)
    come_back(match, ann, ann.resume_nonce)
    with pytest.raises(AdmissionError, match="used already"):
        show_again(match, ann)


def test_a_ticket_shown_again_gives_no_seat_that_it_did_not_give_before():
    match = make_match()
    handle = FakeHandle()
    ann = match.admit(entrant("ann", nonce=TICKET), handle)
    with pytest.raises(AdmissionError, match="used already"):
        show_again(match, ann, b"an older ticket")
    run(match, 2)
    handle.says(Leave())
    run(match, 1)
    with pytest.raises(AdmissionError, match="given away"):
        show_again(match, ann)


def test_the_ticket_of_a_seat_is_no_token_to_come_back_with():
    match = make_match()
    ann, handle = enter(match, "ann")
    match.drop(ann, handle)
    with pytest.raises(AdmissionError, match="used before"):
        come_back(match, ann, b"")


def test_a_second_connection_of_the_same_player_replaces_the_first():
    match = make_match()
    ann, first = enter(match, "ann")
    run(match, 2)
    ann_again, second = enter(match, "ann")
    assert ann_again is ann
    assert first.code == CloseCode.REPLACED
    match.drop(ann, first)  # the old session ends after the new one began
    run(match, 4)
    assert ann.handle is second
    assert match.world.players[0].connected == 1
