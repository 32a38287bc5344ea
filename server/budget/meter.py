"""How one connection pays for its work: its account, and the lane where it waits for turns."""

from attrs import define

from server.budget.ledger import Account
from server.budget.share import Share


@define(eq=False)
class Meter:
    """`lane` is the kind of work this connection does now: http, lobby, match, replay, echo."""

    account: Account
    share: Share
    lane: str = "http"

    async def turn(self) -> None:
        """Wait until work of this connection may be done; always a checkpoint."""
        await self.share.turn(self.lane)
