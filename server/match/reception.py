"""From bytes to the inbox: every message of a member is checked against the table, counted and
budgeted here.

Owns: what a client may say in a match, and what saying anything else costs. Must not know: the
world, Trio. Invariant: nothing that the table does not allow gets past `receive`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from game.wire.codec import DecodeError, decode_from_client, encode
from game.wire.messages import Channel, CloseCode, Sender
from server.match.counters import MatchCounters
from server.match.inbox import take_message
from server.match.members import Member, Stream
from server.match.settings import MatchSettings

HELD_MS_MAX: Final = 1_000  # a tick that waits longer than this has other troubles


@dataclass(slots=True, eq=False)
class Reception:
    """The checks of one match. `on_vote` and `on_leave` are told what its members decide."""

    settings: MatchSettings
    counters: MatchCounters
    on_vote: Callable[[Member, int], None]
    on_leave: Callable[[Member], None]

    def drain(self, member: Member, stream: Stream, tick: int, age: int) -> int:
        """Take in what this member's socket holds; how many messages that were.

        `tick` is the last one that was stepped.
        """
        payloads = stream.drain_nowait()
        link = member.link
        if not payloads or link is None or link.stream is not stream:
            return len(payloads)  # replaced, or on its way out: that counts no more
        member.heard_age = age
        for payload in payloads:
            may_take = member.allowance > 0 and member.slot >= 0
            if may_take and take_message(member.inbox, tick, payload):
                member.allowance -= 1  # nearly everything that is said in a match
            else:
                self.receive(member, payload, tick)
        return len(payloads)

    def receive(self, member: Member, payload: bytes, tick: int) -> None:
        """Check and carry out one message."""
        member.allowance -= 1
        if member.allowance < 0:
            self.counters.refused["flood"] += 1
            member.end(CloseCode.FLOOD, "more messages than the server takes")
            return
        try:
            name, fields = decode_from_client(Channel.MATCH, payload)
        except DecodeError as error:
            self._refuse(member, str(error))
            return
        if name == "input":
            if member.slot >= 0:
                member.inbox.put(tick, *fields)
        elif name == "ping":
            nonce, member.ping_ms = fields
            held_ms = _held_ms(member)
            member.post(encode(Channel.MATCH, Sender.SERVER, "pong", nonce, tick, held_ms))
        elif name == "vote":
            self.on_vote(member, fields[0])
        elif name == "leave":
            self.on_leave(member)
        else:  # "join" is for the beginning only
            self.counters.refused["state"] += 1
            self._refuse(member, f"{name}: you are in the match already")

    def _refuse(self, member: Member, reason: str) -> None:
        """Count a message outside the table; a small number is forgiven."""
        self.counters.refused["malformed"] += 1
        member.errors += 1
        if member.errors > self.settings.errors_max:
            member.end(CloseCode.MALFORMED, reason[:100])


def _held_ms(member: Member) -> int:
    """How long his last message waited to be drained."""
    return min(HELD_MS_MAX, member.link.stream.idle_ms()) if member.link is not None else 0
