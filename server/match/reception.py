"""From bytes to the inbox: every message of a member is checked against the table, counted and
budgeted here.

Owns: what a client may say in a match, and what saying anything else costs. Must not know: the
world, Trio. Invariant: nothing that the table does not allow gets past `receive`.
"""

from collections.abc import Callable, Iterable
from typing import Final

from game.wire.codec import DecodeError, decode_from_client, encode
from game.wire.input_path import InputMessage
from game.wire.messages import Channel, CloseCode, Sender
from server.match.counters import MatchCounters
from server.match.inbox import waited_ticks
from server.match.members import Member
from server.match.settings import MatchSettings
from server.net.frames import Messages
from server.net.tick_core import TickSide

HELD_MS_MAX: Final = 1_000  # a tick that waits longer than this has other troubles
WAITED_EVERY_TICKS: Final = 30  # it changes slowly, and each question is a call into the kernel


class Reception:
    """The checks of one match. `on_vote` and `on_leave` are told what its members decide."""

    def __init__(
        self,
        settings: MatchSettings,
        counters: MatchCounters,
        on_vote: Callable[[Member, int], None],
        on_leave: Callable[[Member], None],
    ) -> None:
        """Serve every member of the match in turn."""
        self.settings = settings
        self.counters = counters
        self.on_vote = on_vote
        self.on_leave = on_leave
        self.ready: list[Inlet] = []  # whose sockets hold something: told by the clock
        self._waited_again_age = 0  # age at which to ask the kernel again how long bytes wait
        self._messages = Messages()
        self._input_message = InputMessage()

    def drain_ready(self, tick: int, age: int) -> "list[Inlet]":
        """Take in what the ready sockets hold; it waits for its tick. Returns those that have to be
        drained once more, whether bytes come or not.
        """
        ready, self.ready = self.ready, []
        left_over: list[Inlet] = []
        if ready and age >= self._waited_again_age:
            self._waited_again_age = age + WAITED_EVERY_TICKS
            for inlet in ready:
                inlet.member.inbox.waited_ticks = waited_ticks(inlet.stream.idle_ms())
        for inlet in ready:
            count = self.drain(inlet.member, inlet.stream, tick, age)
            if count != 1 and inlet.stream.has_backlog:
                left_over.append(inlet)
        return left_over

    def drain(self, member: Member, stream: TickSide, tick: int, age: int) -> int:
        """Take in what this member's socket holds; how many messages that were.

        `tick` is the last one that was stepped.
        """
        messages, input_message = self._messages, self._input_message
        stream.drain_nowait(messages)
        if not messages.count or member.stream is not stream:
            return messages.count  # replaced, or on its way out: that counts no more
        member.heard_age = age
        while messages.next():
            may_take = member.allowance > 0 and member.slot >= 0
            data, at, end = messages.data, messages.at, messages.end
            if may_take and input_message.read(data, at, end, messages.mask):
                member.allowance -= 1  # nearly everything that is said in a match
                member.inbox.accept(tick, input_message)
            else:
                self.receive(member, messages.payload(), tick)
        return messages.count

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


class Inlet:
    """Where one member's messages come in."""

    def __init__(self, reception: Reception, member: Member, stream: TickSide) -> None:
        """For as long as `stream` is the member's."""
        self.reception = reception
        self.member = member
        self.stream = stream


def note_ready(inlets: Iterable[Inlet]) -> None:
    """Their sockets hold something: they are drained in the next tick of their match."""
    for inlet in inlets:
        inlet.reception.ready.append(inlet)


def _held_ms(member: Member) -> int:
    """How long the member's last message waited to be drained."""
    return min(HELD_MS_MAX, member.stream.idle_ms()) if member.stream is not None else 0
