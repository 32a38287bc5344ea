"""Messages waiting to be sent on one lobby connection.

Owns: their order, and which of them a newer one replaces. Must not know: sockets, what messages
mean. Most messages report a state: the room, the queue, the list of matches. Only the newest of
each kind is worth sending, so it replaces an older one that still waits. An outbox therefore cannot
grow because other people are busy: only answers to the person's own messages count towards the
bound (policy: `close`).
"""

from attrs import define, field

from game.wire.lobby_messages import Pong, Refused
from game.wire.schema import FromLobby

ANSWERS = frozenset({Refused, Pong})


@define(eq=False)
class Outbox:
    """Holds at most `answers_max` answers, and one message of each other kind."""

    answers_max: int
    # In the order of sending: answers by number, other messages by class.
    _waiting: dict[type[FromLobby] | int, FromLobby] = field(factory=dict)
    _answer_number: int = 0
    _answer_count: int = 0

    def __len__(self) -> int:
        """How many messages wait."""
        return len(self._waiting)

    def put(self, message: FromLobby) -> bool:
        """Queue a message; return False, and drop it, when too many answers wait."""
        kind = type(message)
        if kind not in ANSWERS:
            self._waiting.pop(kind, None)
            self._waiting[kind] = message
            return True
        if self._answer_count >= self.answers_max:
            return False
        self._answer_number += 1
        self._answer_count += 1
        self._waiting[self._answer_number] = message
        return True

    def take(self) -> FromLobby | None:
        """Take the next message to send, or None when nothing waits."""
        if not self._waiting:
            return None
        key = next(iter(self._waiting))
        self._answer_count -= isinstance(key, int)
        return self._waiting.pop(key)
