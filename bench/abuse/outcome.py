"""What an attack achieved, and how it was answered.

Owns: the counts and their way between processes. Must not know: sockets.
"""

import json
from collections import Counter

from attrs import define, field, frozen


@frozen
class Target:
    """What is attacked. Each row has addresses of its own: one's limits are not another's."""

    port: int
    match_id: str  # the bystander's
    number: int  # of the row, 10 to 250
    hint: str = ""  # what those who are watched for tell the attackers: a room's code
    share: float = 1.0  # of the connections that an attack has: less in the short form

    def source(self, number: int = 0) -> str:
        """The address of attacker 0 to 249."""
        return f"127.0.{self.number}.{number % 250 + 1}"

    def newcomer(self, number: int) -> str:
        """The address of somebody honest, 0 to 62,499."""
        return f"127.{self.number}.{number // 250 % 250 + 1}.{number % 250 + 1}"

    def crowd(self, count: int) -> int:
        """So many connections, or their share."""
        return max(1, round(count * self.share))

    @property
    def path(self) -> str:
        """Of the bystander's match."""
        return f"/match/{self.match_id}"


@define
class Outcome:
    """Counts by what they are called."""

    done: Counter[str] = field(factory=Counter)  # what got through: frames, requests, matches
    answers: Counter[str] = field(factory=Counter)  # statuses and refusals on open connections
    ended: Counter[str] = field(factory=Counter)  # connections that the other side ended

    def dumps(self) -> str:
        """One line for another process."""
        return json.dumps({"done": self.done, "answers": self.answers, "ended": self.ended})

    @classmethod
    def loads(cls, line: str) -> "Outcome":
        """From that line."""
        told = json.loads(line)
        return cls(*(Counter(told[key]) for key in ("done", "answers", "ended")))
