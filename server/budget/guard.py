"""The budgets of one process: its ledger and its share, built together."""

from collections.abc import Callable

import trio
from attrs import frozen

from server.budget.ledger import ArrivalLimits, Ledger
from server.budget.settings import BudgetSettings
from server.budget.share import Share


@frozen
class Guard:
    """The budgets of a process."""

    ledger: Ledger
    share: Share

    def reload(self, settings: BudgetSettings, arrivals: ArrivalLimits) -> None:
        """Put new settings in force."""
        self.ledger.reload(settings, arrivals)
        self.share.reload(settings.share, settings.slice_us)


def make_guard(
    settings: BudgetSettings, arrivals: ArrivalLimits, is_playing: Callable[[], bool]
) -> Guard:
    """Build both, wired so that work charged to an account also counts against the share."""
    share = Share(settings.share, settings.slice_us, is_playing)
    ledger = Ledger(settings, arrivals, trio.current_time, share.charge)
    return Guard(ledger, share)
