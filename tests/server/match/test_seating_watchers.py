"""Watchers: one place for each person, and nobody both plays and sees through the fog."""

from collections import Counter
from contextlib import suppress

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from game.wire.match_messages import Ping
from game.wire.messages import CloseCode
from server.match.match import Match
from server.match.seating import LOST_LEASE, AdmissionError
from server.match.settings import MatchSettings
from tests.server.match.fakes import FakeHandle, enter, entrant, make_match, match_context, run

TICKET = b"watch ticket"


def shows(match: Match, kind: str, nonce: bytes = TICKET, who: str = "eve") -> FakeHandle:
    """Connect somebody with a watch ticket."""
    handle = FakeHandle()
    match.admit(evolve(entrant(who, kind, nonce), slot=-1), handle)
    return handle


def comes_from(match: Match, address: str, who: str, kind: str = "watch") -> FakeHandle:
    """Connect somebody from an address, with a new ticket."""
    handle = FakeHandle()
    match.admit(evolve(entrant(who, kind, who.encode()), slot=-1, holder=address), handle)
    return handle


def crowded(watchers_max: int) -> Match:
    settings = MatchSettings(watchers_max=watchers_max, wait_for_people=False)
    return make_match(context=match_context(settings=settings))


def says_something(match: Match, handle: FakeHandle) -> None:
    run(match, 2)
    handle.says(Ping(1, 1))
    run(match, 2)


def test_a_spent_watch_ticket_opens_nothing_once_its_holder_has_said_something():
    match = make_match()
    says_something(match, shows(match, "watch"))
    with pytest.raises(AdmissionError, match="used already") as caught:
        shows(match, "watch_again")
    assert caught.value.code is CloseCode.TICKET


def test_a_watcher_cut_off_before_the_welcome_comes_with_the_same_ticket():
    match = make_match()
    first = shows(match, "watch")
    second = shows(match, "watch_again")
    assert (first.code, len(match.seating.watchers)) == (CloseCode.REPLACED, 1)
    match.drop(match.seating.watchers[0], second)
    assert match.seating.watchers == []
    shows(match, "watch_again")
    assert len(match.seating.watchers) == 1


def test_a_watcher_who_said_something_and_left_needs_a_new_ticket():
    match = make_match()
    handle = shows(match, "watch")
    says_something(match, handle)
    match.drop(match.seating.watchers[0], handle)
    with pytest.raises(AdmissionError, match="used already"):
        shows(match, "watch_again")


def test_the_token_of_a_watcher_leads_back_after_the_connection_is_lost():
    match = make_match()
    handle = shows(match, "watch")
    says_something(match, handle)
    watcher = match.seating.watchers[0]
    match.drop(watcher, handle)
    shows(match, "resume", watcher.resume_nonce)
    assert len(match.seating.watchers) == 1


def test_an_old_token_does_not_replace_a_watcher_who_is_here():
    match = make_match()
    says_something(match, shows(match, "watch"))
    token = match.seating.watchers[0].resume_nonce
    says_something(match, shows(match, "resume", token))
    with pytest.raises(AdmissionError, match="used before"):
        shows(match, "resume", token)


@given(st.lists(st.sampled_from(["watch", "watch_again", "resume", "word", "drop"]), max_size=12))
def test_one_person_is_one_watcher_whatever_is_shown(steps: list[str]):
    match = make_match(
        context=match_context(settings=MatchSettings(watchers_max=2, wait_for_people=False))
    )
    other = shows(match, "watch", b"another", who="fay")
    handles, token = [], b"unknown"
    for number, step in enumerate(steps):
        mine = [each for each in match.seating.watchers if each.player_id == "eve"]
        token = mine[0].resume_nonce if mine else token
        if step == "word" and mine:
            says_something(match, mine[0].handle)
        elif step == "drop" and mine:
            match.drop(mine[0], mine[0].handle)
        elif step not in ("word", "drop"):
            nonce = {"watch": bytes([number]), "resume": token}.get(step, TICKET)
            with suppress(AdmissionError):
                handles.append(shows(match, step, nonce))
        assert sum(each.player_id == "eve" for each in match.seating.watchers) <= 1
        open_links = [handle for handle in handles if handle.code is None]
        assert all(
            each.handle in open_links for each in match.seating.watchers if each.player_id == "eve"
        )
    assert other.code is None


@pytest.mark.parametrize("kind", ["watch", "watch_again", "resume"])
def test_a_player_of_the_match_is_not_shown_it_through_the_fog(kind: str):
    match = make_match()
    player, handle = enter(match, "eve")
    run(match, 2)
    with pytest.raises(AdmissionError, match="you play in this match"):
        shows(match, kind)
    match.drop(player, handle)
    with pytest.raises(AdmissionError, match="you play in this match"):
        shows(match, kind)
    match.seating.vacate(player)
    shows(match, "watch")


def test_a_watcher_who_takes_a_seat_watches_no_more():
    match = make_match()
    watching = shows(match, "watch")
    enter(match, "eve")
    assert (watching.code, watching.reason) == (CloseCode.REPLACED, "you play in this match now")


def test_the_memory_of_lost_watchers_is_bounded():
    match = make_match(
        context=match_context(settings=MatchSettings(watchers_max=3, wait_for_people=False))
    )
    for number in range(20):
        handle = shows(match, "watch", bytes([number]), who=f"eve{number}")
        match.drop(match.seating.watchers[0], handle)
    assert len(match.seating._cut_off) == 3


def test_two_addresses_that_hold_all_places_lose_them_to_spectators_who_have_none():
    match = crowded(4)
    handles = [comes_from(match, address, f"{address}{n}") for address in "ab" for n in range(2)]
    for newcomer in "cd":
        comes_from(match, newcomer, newcomer)
    ends = [(handle.code, handle.reason) for handle in handles]
    assert ends == [(CloseCode.FULL, LOST_LEASE), (None, "")] * 2
    with pytest.raises(AdmissionError, match="too many people are watching"):
        comes_from(match, "e", "e")


def test_a_spectator_whose_place_went_to_another_does_not_come_back_into_it():
    match = crowded(2)
    comes_from(match, "a", "first")
    comes_from(match, "a", "second")
    comes_from(match, "b", "third")
    with pytest.raises(AdmissionError, match="too many people are watching"):
        comes_from(match, "a", "first")
    assert len(match.seating.leases) == 2


ADDRESSES, PEOPLE = "abcd", 3


@given(st.lists(st.tuples(st.sampled_from(ADDRESSES), st.integers(0, PEOPLE - 1), st.booleans())))
def test_no_address_is_kept_from_a_match_by_one_that_holds_more(
    steps: list[tuple[str, int, bool]],
):
    """People come, return and leave; those who lost their place leave at once."""
    match = crowded(4)

    def counts() -> Counter[str]:
        return Counter(each.player_id[0] for each in match.seating.watchers)

    for address, number, is_coming in steps:
        who, before = f"{address}{number}", counts()
        mine = [each for each in match.seating.watchers if each.player_id == who]
        if is_coming:
            try:
                comes_from(match, address, who)
            except AdmissionError:
                assert not mine
                assert before.total() == 4
                assert max(before.values()) < before[address] + 2
        elif mine:
            match.drop(mine[0], mine[0].handle)
        for watcher in [each for each in match.seating.watchers if each.handle.code is not None]:
            assert before[watcher.player_id[0]] >= before[address] + 2
            match.drop(watcher, watcher.handle)
        assert len(match.seating.leases) == counts().total() <= 4
