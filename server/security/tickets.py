"""Tickets: signed claims to a seat, issued by the lobby and honoured by the match's process.

Owns: their bytes, their signature, and which play tickets were spent. Must not know: sockets,
lobbies, how a match runs. Invariant: what `open` returns was issued by a holder of the same
secret, byte for byte, and one box spends a ticket at most once.
"""

import hashlib
import hmac
import secrets
import time
from typing import Literal

import cbor2
from attrs import field, frozen

Kind = Literal["play", "watch", "resume"]
KINDS: tuple[Kind, ...] = ("play", "watch", "resume")  # the index is the number in the payload

TICKET_BYTES_MAX = 256  # what the wire's TICKET field allows
SECRET_BYTES_MIN = 32
SPENT_MAX = 65_536  # play tickets spent and not yet expired; policy: refuse
EXPIRES_S_MAX = 2**40  # some 35,000 years: keeps the number small, not the tickets young
# The match's reservation guarantees the seat, in ticks, which a pause does not use up. The ticket
# itself stays valid this much longer, and then gets a seat only if one is free.
LATE_S = 60

# RFC 2104 section 5 allows a MAC to be cut to half of the hash and no further: 128 bits cannot be
# guessed over a socket within the minute a ticket lives, and every ticket is 16 bytes shorter.
MAC_BYTES = 16
NONCE_BYTES = 12

# Signed with the payload, so that this secret never vouches for bytes meant for something else.
DOMAIN = b"skirmish ticket 1\0"
SIGN_DOMAIN = b"skirmish record 1\0"


class TicketError(Exception):
    """This ticket gives no seat; the text is meant for the person who showed it."""


@frozen
class Ticket:
    """A claim to a seat (play), to a place to look from (watch), or to one's old seat (resume)."""

    kind: Kind
    match_id: str  # ≤ 24 code points of ASCII
    player_id: str  # ≤ 24 code points of ASCII; the same for as long as the lobby knows the person
    name: str  # ≤ 40 code points
    slot: int  # -1: any
    expires_s: (
        int  # by `uptime_s`; ignored in a resume token: the match decides how long a seat waits
    )
    nonce: bytes = field(factory=lambda: secrets.token_bytes(NONCE_BYTES))


def uptime_s() -> float:
    """Return a monotonic time that all processes of this machine share.

    Tickets pass between processes of one machine. Resume tokens outlive a restart, perhaps of the
    machine, and need no time.
    """
    return time.monotonic()


class TicketBox:
    """Issues and opens tickets under one secret.

    All times are those of `uptime_s`.
    """

    def __init__(self, secret: bytes, spent_max: int = SPENT_MAX) -> None:
        """`secret` signs; boxes that share it honour the same tickets."""
        if len(secret) < SECRET_BYTES_MIN:
            raise ValueError(f"a ticket secret needs at least {SECRET_BYTES_MIN} bytes")
        self._secret = secret
        self._spent_max = spent_max
        self._spent: dict[bytes, int] = {}  # nonce → expiry; only what could still be shown again

    def issue(self, ticket: Ticket) -> bytes:
        """Return `ticket` as at most `TICKET_BYTES_MAX` bytes."""
        payload = cbor2.dumps(
            [
                KINDS.index(ticket.kind),
                ticket.match_id,
                ticket.player_id,
                ticket.name,
                ticket.slot,
                ticket.expires_s,
                ticket.nonce,
            ]
        )
        signed = payload + self._mac(payload)
        assert len(signed) <= TICKET_BYTES_MAX, "a ticket's texts are bounded by who issues it"
        return signed

    def open(self, data: bytes, now_s: float) -> Ticket:
        """Return the ticket in `data`. Raises `TicketError` and nothing else."""
        if not MAC_BYTES < len(data) <= TICKET_BYTES_MAX:
            raise TicketError("this is not a ticket")
        payload, mac = data[:-MAC_BYTES], data[-MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(payload)):
            raise TicketError("this ticket was not issued here")
        ticket = _parse(payload)
        if ticket.kind != "resume" and now_s >= ticket.expires_s:
            raise TicketError("this ticket has expired")
        return ticket

    def spend(self, ticket: Ticket, now_s: float) -> bool:
        """Note that a ticket got its seat; False when it was spent before.

        Raises `TicketError` when nothing more can be noted.
        """
        if ticket.nonce in self._spent:
            return False
        if len(self._spent) >= self._spent_max:
            self._spent = {n: expires for n, expires in self._spent.items() if expires > now_s}
        if len(self._spent) >= self._spent_max:
            raise TicketError("too many tickets at once, try again in a moment")
        self._spent[ticket.nonce] = ticket.expires_s
        return True

    def spent_count(self) -> int:
        """How many spent tickets are remembered, expired ones included until the next is spent."""
        return len(self._spent)

    def sign(self, data: bytes) -> bytes:
        """Sign data that is no ticket, so that it can never pass for one."""
        return hmac.digest(self._secret, SIGN_DOMAIN + data, hashlib.sha256)

    def _mac(self, payload: bytes) -> bytes:
        return hmac.digest(self._secret, DOMAIN + payload, hashlib.sha256)[:MAC_BYTES]


def _parse(payload: bytes) -> Ticket:
    # The signature is right, so a Skirmish server wrote this, but perhaps another version.
    try:
        fields = cbor2.loads(payload)
    except Exception as error:  # cbor2 lets errors of many kinds escape
        raise TicketError("this ticket is damaged") from error
    match fields:
        case [
            int(kind),
            str(match_id),
            str(player_id),
            str(name),
            int(slot),
            int(expires_s),
            bytes(nonce),
        ] if 0 <= kind < len(KINDS) and 0 <= expires_s <= EXPIRES_S_MAX:
            return Ticket(KINDS[kind], match_id, player_id, name, slot, expires_s, nonce)
        case _:
            raise TicketError("this ticket is from another version")
