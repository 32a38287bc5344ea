"""What all connections of a process pass: its ledger and its share, made together."""

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


def make_guard(
    settings: BudgetSettings, arrivals: ArrivalLimits, is_playing: Callable[[], bool]
) -> Guard:
    """Both, so that work that somebody is charged for is taken out of the share as well."""
    share = Share(settings.share, settings.slice_us, is_playing)
    ledger = Ledger(settings, arrivals, trio.current_time, share.charge)
    return Guard(ledger, share)
