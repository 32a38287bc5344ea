"""What one connection pays with: its account, and its lane in the line for turns."""

from attrs import define

from server.budget.ledger import Account
from server.budget.share import Share


@define(eq=False)
class Meter:
    """`lane` is what kind of work this connection does now: http, lobby, match, replay, echo."""

    account: Account
    share: Share
    lane: str = "http"

    async def turn(self) -> None:
        """Wait until work of this connection may be done; always a checkpoint."""
        await self.share.turn(self.lane)
