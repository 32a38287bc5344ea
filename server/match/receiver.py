"""Receives what clients send in a match: every message is checked against the table and counted.

Owns: what a client may send, how much, and how long it may be silent, slow or idle. Must not know:
the world, Trio (time is the match's age in ticks). Invariant: nothing that the table does not allow
gets past `receive`. A ping shows that the client is connected; an input shows that somebody plays.
Only inputs keep a seat.
"""

from collections.abc import Callable, Iterable
from typing import Final

from game.tuning import TICKS_PER_SECOND
from game.wire.codec import DecodeError, decode, encode
from game.wire.input_path import InputMessage
from game.wire.match_messages import Inputs, Leave, Ping, Pong, Vote
from game.wire.messages import CloseCode
from game.wire.schema import ToMatch
from server.match.counters import MatchCounters
from server.match.inbox import waited_ticks
from server.match.members import Member
from server.match.seating import Seating
from server.match.settings import MatchSettings
from server.net.frames import Messages
from server.net.tick_core import NonblockingStream

HELD_MS_MAX: Final = 1_000  # a tick that waits longer than this has other troubles
WAITED_EVERY_TICKS: Final = 30  # it changes slowly, and each question is a call into the kernel
CHECKED_EVERY_TICKS: Final = 15  # four times a second


class MessageReceiver:
    """Receives the messages of one match. `on_vote` and `on_leave` get its members' decisions."""

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
        self.ready: list[MemberStream] = []  # whose sockets have data: set by the clock
        self._waited_again_age = 0  # age at which to ask the kernel again how long bytes wait
        self._messages = Messages()
        self._input_message = InputMessage()

    def drain_ready(self, tick: int, age: int) -> "list[MemberStream]":
        """Drain the ready sockets into the inboxes. Returns those that have to be drained again,
        whether bytes come or not.
        """
        ready, self.ready = self.ready, []
        left_over: list[MemberStream] = []
        if ready and age >= self._waited_again_age:
            self._waited_again_age = age + WAITED_EVERY_TICKS
            for each in ready:
                each.member.inbox.waited_ticks = waited_ticks(each.stream.idle_ms())
        for each in ready:
            count = self.drain(each.member, each.stream, tick, age)
            if count != 1 and each.stream.has_backlog:
                left_over.append(each)
        return left_over

    def drain(self, member: Member, stream: NonblockingStream, tick: int, age: int) -> int:
        """Drain this member's socket; returns how many messages it had.

        `tick` is the last one that was stepped.
        """
        messages, input_message = self._messages, self._input_message
        stream.drain_nowait(messages)
        if not messages.count or member.stream is not stream:
            return messages.count  # replaced, or leaving: they no longer count
        member.heard_age = age
        while messages.next():
            may_take = member.allowance > 0 and member.slot >= 0
            data, at, end = messages.data, messages.at, messages.end
            if may_take and input_message.read(data, at, end, messages.mask):
                member.allowance -= 1  # nearly all messages of a match
                member.inbox.accept(tick, input_message)
            else:
                self.receive(member, messages.payload(), tick)
        return messages.count

    def receive(self, member: Member, payload: bytes, tick: int) -> None:
        """Check and carry out one message."""
        member.allowance -= 1
        if member.allowance < 0:
            self.counters.refused["flood"] += 1
            member.end(CloseCode.FLOOD, "more messages than the server accepts")
            return
        try:
            message = decode(ToMatch, payload)
        except DecodeError as error:
            self._refuse(member, str(error))
            return
        if isinstance(message, Inputs):
            if member.slot >= 0:
                member.inbox.put(tick, message)
        elif isinstance(message, Ping):
            member.ping_ms = message.round_trip_ms
            member.enqueue(encode(Pong(message.nonce, tick, _held_ms(member))))
        elif isinstance(message, Vote):
            self.on_vote(member, message.option)
        elif isinstance(message, Leave):
            self.on_leave(member)
        else:  # a join, for example, is only for the beginning
            self.counters.refused["state"] += 1
            self._refuse(member, f"{message.spec.name}: you are in the match already")

    def _refuse(self, member: Member, reason: str) -> None:
        """Count a message outside the table; a small number is forgiven."""
        self.counters.refused["malformed"] += 1
        member.errors += 1
        if member.errors > self.settings.errors_max:
            member.end(CloseCode.MALFORMED, reason[:100])


class MemberStream:
    """A member and the stream they send on, until it is replaced."""

    def __init__(
        self, receiver: MessageReceiver, member: Member, stream: NonblockingStream
    ) -> None:
        """Messages of `member` on `stream` go to `receiver`."""
        self.receiver = receiver
        self.member = member
        self.stream = stream


def note_ready(streams: Iterable[MemberStream]) -> None:
    """Mark streams whose sockets have data: their matches drain them in the next tick."""
    for each in streams:
        each.receiver.ready.append(each)


class Timeouts:
    """How much members of one match may send, and how long they may be silent, slow or idle."""

    def __init__(self, settings: MatchSettings, counters: MatchCounters, seating: Seating) -> None:
        """Check the members in `seating` against `settings`."""
        self.settings = settings
        self.counters = counters
        self.seating = seating

    def check(self, age: int) -> None:
        """Refill allowances, and disconnect members who are silent, slow or idle for too long."""
        settings, counters = self.settings, self.counters
        refill = settings.messages_per_s * CHECKED_EVERY_TICKS // TICKS_PER_SECOND
        burst: int = settings.messages_burst
        silent_ticks: int = settings.silent_s * TICKS_PER_SECOND
        slow_ticks: int = settings.slow_s * TICKS_PER_SECOND
        idle_ticks: int = settings.idle_s * TICKS_PER_SECOND
        for member in self.seating.connected():
            allowance = member.allowance + refill
            member.allowance = allowance if allowance < burst else burst
            late, early = member.inbox.take_counts()
            if late or early:
                counters.inputs_late += late
                counters.inputs_early += early
            member.note_inputs(age)
            if age - member.heard_age > silent_ticks:
                member.end(CloseCode.IDLE, f"nothing heard for {settings.silent_s} s")
            elif age - member.written_age > slow_ticks:
                member.end(CloseCode.SLOW, f"nothing read for {settings.slow_s} s")
            elif member.slot >= 0 and age - member.played_age > idle_ticks:
                member.end(CloseCode.IDLE, f"no input for {settings.idle_s} s: the seat is free")
                self.seating.vacate(member)


def _held_ms(member: Member) -> int:
    """How long the member's last message waited to be drained."""
    return min(HELD_MS_MAX, member.stream.idle_ms()) if member.stream is not None else 0
