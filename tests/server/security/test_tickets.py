"""Tickets: an issued ticket opens and is spent once; nothing else opens."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.security.tickets import (
    EXPIRES_S_MAX,
    KINDS,
    MAC_BYTES,
    SECRET_BYTES_MIN,
    TICKET_BYTES_MAX,
    Kind,
    Ticket,
    TicketBox,
    TicketError,
)

ROOT = Path(__file__).resolve().parents[3]
SECRET = b"s" * SECRET_BYTES_MIN
ids = st.text("0123456789abcdef", min_size=1, max_size=24)

tickets = st.builds(
    Ticket,
    kind=st.sampled_from(KINDS),
    match_id=ids,
    player_id=ids,
    name=st.text(max_size=40).filter(lambda name: name.isprintable()),
    slot=st.integers(-1, 127),
    expires_s=st.integers(1, EXPIRES_S_MAX),
)


@given(tickets)
def test_issued_tickets_open_unchanged(ticket: Ticket):
    assert TicketBox(SECRET).open(TicketBox(SECRET).issue(ticket), 0) == ticket


@given(tickets)
def test_no_ticket_is_longer_than_the_wire_allows(ticket: Ticket):
    assert len(TicketBox(SECRET).issue(ticket)) <= TICKET_BYTES_MAX


def test_the_longest_names_and_ids_still_fit():
    longest = Ticket("resume", "f" * 24, "f" * 24, "\U0001f600" * 40, 127, EXPIRES_S_MAX)
    assert len(TicketBox(SECRET).issue(longest)) <= TICKET_BYTES_MAX


@given(tickets, st.data())
def test_any_flipped_bit_is_refused(ticket: Ticket, data: st.DataObject):
    box = TicketBox(SECRET)
    forged = bytearray(box.issue(ticket))
    bit = data.draw(st.integers(0, len(forged) * 8 - 1))
    forged[bit // 8] ^= 1 << bit % 8
    with pytest.raises(TicketError):
        box.open(bytes(forged), 0)


@given(st.binary(max_size=400))
def test_bytes_of_others_raise_nothing_but_a_ticket_error(data: bytes):
    with pytest.raises(TicketError):
        TicketBox(SECRET).open(data, 0)


@given(st.binary(min_size=1, max_size=TICKET_BYTES_MAX - MAC_BYTES))
def test_a_payload_of_another_version_with_our_signature_is_refused_in_words(payload: bytes):
    box = TicketBox(SECRET)
    with pytest.raises(TicketError):
        box.open(payload + box._mac(payload), 0)


@given(tickets)
def test_another_secret_opens_nothing(ticket: Ticket):
    with pytest.raises(TicketError, match="not issued here"):
        TicketBox(b"t" * SECRET_BYTES_MIN).open(TicketBox(SECRET).issue(ticket), 0)


@given(tickets)
def test_a_ticket_is_good_up_to_its_last_second_and_not_after(ticket: Ticket):
    box = TicketBox(SECRET)
    data = box.issue(ticket)
    if ticket.kind == "resume":  # the clock may be set, and a machine may have been off for days
        assert box.open(data, float("inf")) == ticket
        return
    with pytest.raises(TicketError, match="expired"):
        box.open(data, ticket.expires_s)
    assert box.open(data, ticket.expires_s - 1) == ticket


def _ticket(kind: Kind = "play", expires_s: int = 100) -> Ticket:
    return Ticket(kind, "m", "p", "Ann", -1, expires_s)


@pytest.mark.parametrize("kind", KINDS)
def test_a_ticket_is_spent_once_and_still_opens(kind: Kind):
    box = TicketBox(SECRET)
    data = box.issue(_ticket(kind))
    assert [box.spend(box.open(data, now_s), now_s) for now_s in range(3)] == [True, False, False]


def test_the_memory_of_spent_tickets_is_bounded_and_makes_room_for_new_ones():
    box = TicketBox(SECRET, spent_max=3)
    for _ in range(3):
        assert box.spend(_ticket(expires_s=10), 0)
    with pytest.raises(TicketError, match="too many"):
        box.spend(_ticket(expires_s=10), 5)
    assert box.spend(_ticket(expires_s=99), 10)
    assert box.spent_count() == 1


def test_a_short_secret_is_refused():
    with pytest.raises(ValueError, match="at least 32 bytes"):
        TicketBox(b"short")


# Records store when something happened, and old ones are deleted by that.
MAY_ASK_THE_WALL_CLOCK = {
    "server/app.py",
    "server/match/journal_files.py",
    "server/replays/archive.py",
}


def test_nothing_but_records_depends_on_the_wall_clock():
    files = (ROOT / "server").rglob("*.py")
    asking = {it.relative_to(ROOT).as_posix() for it in files if "time.time" in it.read_text()}
    assert asking == MAY_ASK_THE_WALL_CLOCK
