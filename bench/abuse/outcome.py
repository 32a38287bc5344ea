"""The outcome of an attack, and the server's answers.

Owns: the counts and their transfer between processes. Must not know: sockets.
"""

import json
from collections import Counter

from attrs import define, field, frozen


@frozen
class Target:
    """The target of an attack. Rows have their own addresses, so none uses up another's limits."""

    port: int
    match_id: str  # the bystander's
    number: int  # of the row, 10 to 250
    hint: str = ""  # from the row's honest others to its attackers: a room's code
    share: float = 1.0  # of an attack's connections; less in the short form

    def source(self, number: int = 0) -> str:
        """The address of attacker 0 to 249."""
        return f"127.0.{self.number}.{number % 250 + 1}"

    def newcomer(self, number: int) -> str:
        """The address of honest user 0 to 62,499."""
        return f"127.{self.number}.{number // 250 % 250 + 1}.{number % 250 + 1}"

    def crowd(self, count: int) -> int:
        """Scale a number of connections by `share`; at least one."""
        return max(1, round(count * self.share))

    @property
    def path(self) -> str:
        """The path of the bystander's match."""
        return f"/match/{self.match_id}"


@define
class Outcome:
    """Counts by name."""

    done: Counter[str] = field(factory=Counter)  # what got through: frames, requests, matches
    answers: Counter[str] = field(factory=Counter)  # statuses and refusals on open connections
    ended: Counter[str] = field(factory=Counter)  # connections that the other side ended

    def dumps(self) -> str:
        """Encode as a line for another process."""
        return json.dumps({"done": self.done, "answers": self.answers, "ended": self.ended})

    @classmethod
    def loads(cls, line: str) -> "Outcome":
        """Decode such a line."""
        told = json.loads(line)
        return cls(*(Counter(told[key]) for key in ("done", "answers", "ended")))
