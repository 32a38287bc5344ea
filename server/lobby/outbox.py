"""Messages waiting to be sent on one lobby connection.

Owns: their order, and which of them a newer one replaces. Must not know: sockets, what messages
mean. Most messages report a state: the room, the queue, the list of matches. Only the newest of
each kind is worth sending, so it replaces an older one that still waits. An outbox therefore cannot
grow because other people are busy: only answers to the person's own messages count towards the
bound (policy: `close`).
"""

from attrs import define, field

from server.lobby.effects import Send

ANSWERS = frozenset({"refused", "pong"})


@define(eq=False)
class Outbox:
    """Holds at most `answers_max` answers, and one message of each other kind."""

    answers_max: int
    _waiting: dict[str | int, Send] = field(factory=dict)  # in the order of sending
    _answer_number: int = 0
    _answer_count: int = 0

    def __len__(self) -> int:
        """How many messages wait."""
        return len(self._waiting)

    def put(self, send: Send) -> bool:
        """Queue a message; return False, and drop it, when too many answers wait."""
        if send.name not in ANSWERS:
            self._waiting.pop(send.name, None)
            self._waiting[send.name] = send
            return True
        if self._answer_count >= self.answers_max:
            return False
        self._answer_number += 1
        self._answer_count += 1
        self._waiting[self._answer_number] = send
        return True

    def take(self) -> Send | None:
        """Take the next message to send, or None when nothing waits."""
        if not self._waiting:
            return None
        key = next(iter(self._waiting))
        self._answer_count -= isinstance(key, int)
        return self._waiting.pop(key)
