"""What waits to be said on one lobby connection.

Owns: the order, and what the newest makes needless. Must not know: sockets, what messages mean.
Most messages say how something stands: the room, the queue, the list of matches. Of each of those
only the newest is worth saying, so it takes the place of an older one that still waits. Hence
nobody's outbox grows because others are busy: only answers to one's own messages count towards
the bound (policy: `close`).
"""

from attrs import define, field

from server.lobby.effects import Send

ANSWERS = frozenset({"refused", "pong"})


@define(eq=False)
class Outbox:
    """`answers_max` answers wait at most, and one message of each other kind."""

    answers_max: int
    _waiting: dict[str | int, Send] = field(factory=dict)  # in the order in which it is said
    _answer_number: int = 0
    _answer_count: int = 0

    def __len__(self) -> int:
        """How many messages wait."""
        return len(self._waiting)

    def put(self, send: Send) -> bool:
        """Let a message wait; False when there are too many answers, and then it does not."""
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
        """What is to be said next, or None when nothing waits."""
        if not self._waiting:
            return None
        key = next(iter(self._waiting))
        self._answer_count -= isinstance(key, int)
        return self._waiting.pop(key)
