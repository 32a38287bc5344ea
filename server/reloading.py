"""Puts changed settings into force in a server that runs.

Owns: which parts of a process are told. Must not know: which settings may change
(`server/reload.py`), where they come from. Invariant: afterwards no part of the process uses an
older value, except what began with it: connections, people's own budgets, and matches.
"""

from server.app import App
from server.match.registry import MatchRegistry
from server.match.tuned_rules import TunedRules
from server.net.front import Front
from server.replays.service import live_delay_s
from server.settings import Settings


def put_in_force(app: App, settings: Settings) -> None:
    """Apply settings to a single-process server or a gateway."""
    app.settings = settings
    app.front.reload(settings.net, settings.budget)
    if app.machines is not None:
        app.machines.reload(settings.net, settings.budget)
    app.lobby.reload(settings.lobby, settings.match)
    app.results.pending_max, app.results.retry_s = (
        settings.store.pending_max,
        settings.store.retry_s,
    )
    if app.replays is not None:
        app.replays.reload(settings.replay, live_delay_s(settings.match.watch_delay_s))
    if isinstance(app.registry, MatchRegistry):
        retune(app.registry, settings)
    else:
        app.registry.reload(settings.match, settings.process.wait_s)


def put_in_force_here(registry: MatchRegistry, front: Front, settings: Settings) -> None:
    """Apply settings to a worker."""
    front.reload(settings.net, settings.budget)
    retune(registry, settings)


def retune(registry: MatchRegistry, settings: Settings) -> None:
    """Apply settings to matches and journal files that begin later."""
    registry.settings = settings.match
    registry.rules = TunedRules.chosen(settings.match)
    if registry.journals is not None:
        registry.journals.recorder_context.segment_bytes_max = settings.journal.segment_bytes
