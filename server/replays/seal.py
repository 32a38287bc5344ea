"""Whether the result of a recording was signed with the secret.

Owns: reading a result's signature. Must not know: how results are made. The signature covers the
chain before the result, its tick and its fields, so it vouches for everything that was played.
"""

import hmac
from enum import Enum

import cbor2

from server.replays.recording import Recording, RecordingError, foreign_journal
from server.tickets import TicketBox


class Seal(Enum):
    """The outcome of a signature check; the value is for people."""

    NONE = "none: the round was not decided, or its end is not here"
    UNSIGNED = "not signed: a public copy carries no signature"
    UNKNOWN = "signed; the secret that could tell by whom is not known here"
    VALID = "signed with this server's secret"
    INVALID = "NOT signed with this server's secret"


def check_seal(recording: Recording, secret: bytes | None) -> Seal:
    """Check the signature of the result; `secret` is None when it is not known here."""
    result = recording.journal.result
    if result is None:
        return Seal.NONE
    tick, _, fields, signature = result.fields
    if signature == b"":
        return Seal.UNSIGNED
    if secret is None:
        return Seal.UNKNOWN
    try:
        with foreign_journal():
            signed = cbor2.dumps((recording.sealed_chain, tick, fields))
            is_ours = hmac.compare_digest(TicketBox(secret).sign(signed), signature)
    except RecordingError:
        return Seal.INVALID
    return Seal.VALID if is_ours else Seal.INVALID
