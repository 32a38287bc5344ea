"""A channel that records what was sent."""

import os
from typing import Any

from attrs import define, field

from server.match.status import MatchStatus
from server.process.serialization import Report
from tests.server.match.fakes import HALLS

SEATS = 4


@define(eq=False)
class FakeChannel:
    """See `server.process.messages.MessageSender`."""

    sent: list[tuple[Any, ...]] = field(factory=list)
    is_gone: bool = False
    has_room: bool = True

    def send(self, name: str, *fields: Any, descriptors: tuple[int, ...] = ()) -> bool:
        for descriptor in descriptors:
            os.close(descriptor)
        if not self.is_gone:
            self.sent.append((name, *fields))
        return not self.is_gone

    def take(self, name: str) -> list[tuple[Any, ...]]:
        """Return the fields of all messages of this name, and forget every message."""
        found = [fields for word, *fields in self.sent if word == name]
        self.sent.clear()
        return [tuple(fields) for fields in found]


def report(
    match_id: str, seated: frozenset[str] = frozenset(), promised: frozenset[str] = frozenset()
) -> Report:
    status = MatchStatus(
        match_id=match_id,
        mode="deathmatch",
        map_name="hall",
        people=len(seated),
        bots=0,
        reserved=len(promised - seated),
        players_max=SEATS,
        watchers=0,
        phase=2,
        seconds_left=60,
        private=False,
    )
    return Report(status, seated, promised)


__all__ = ["HALLS", "SEATS", "FakeChannel", "report"]
