"""Applies changed settings to a running server.

Owns: which parts of a process get them. Must not know: which settings may change
(`server/config/reload.py`), where they come from. Invariant: afterwards no part of the process uses
an older value, except what began with it: connections, people's own budgets, and matches.
"""

from server.app import App
from server.config.settings import Settings
from server.match.registry import MatchRegistry
from server.match.tuned_rules import TunedRules
from server.net.front import Front
from server.replays.service import live_delay_s


def apply_settings(app: App, settings: Settings) -> None:
    """Apply settings to a single-process server or a gateway."""
    app.settings = settings
    app.front.reload(settings.net, settings.budget)
    if app.metrics_front is not None:
        app.metrics_front.reload(settings.net.without_tls(), settings.budget)
    if app.redirect_front is not None:
        app.redirect_front.reload(settings.net.without_tls(), settings.budget)
    if app.certificates is not None:
        app.certificates.reload()
    app.lobby.reload(settings.lobby, settings.match)
    app.results.pending_max, app.results.retry_s = (
        settings.store.pending_max,
        settings.store.retry_s,
    )
    if app.replays is not None:
        app.replays.reload(settings.replay, live_delay_s(settings.match.watch_delay_s))
    if isinstance(app.registry, MatchRegistry):
        apply_match_settings(app.registry, settings)
    else:
        app.registry.reload(settings.match, settings.process.wait_s)


def apply_worker_settings(registry: MatchRegistry, front: Front, settings: Settings) -> None:
    """Apply settings to a worker."""
    front.reload(settings.net, settings.budget)
    apply_match_settings(registry, settings)


def apply_match_settings(registry: MatchRegistry, settings: Settings) -> None:
    """Apply settings to matches and journal files that begin later."""
    registry.settings = settings.match
    registry.rules = TunedRules.chosen(settings.match)
    if registry.journals is not None:
        registry.journals.recorder_context.segment_bytes_max = settings.journal.segment_bytes
