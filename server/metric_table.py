"""Every metric of the server: its name, what it means, and where it is read.

Owns: the table of metrics that docs/OPERATIONS.md repeats. Must not know: Trio, formats.
Invariant: reading changes nothing.
"""

from collections import Counter
from collections.abc import Callable

from game.compiled import is_compiled
from server.budget.guard import Guard
from server.lobby.handler import LobbyService
from server.match.counters import MatchCounters
from server.match.registry import MatchRegistry
from server.net.front import Front
from server.ops.logs import LogWriter
from server.ops.metrics import Metrics
from server.process.remote_registry import RemoteMatchRegistry
from server.replays.service import ReplayService
from server.store.writer import ResultWriter


def read_front(metrics: Metrics, front: Front) -> None:
    """Connections, requests and handshakes."""
    read = front.statistics
    metrics.gauge("connections", "open connections", lambda: read().limits.connections)
    metrics.counter("connections_accepted", "accepted connections", lambda: read().accepted)
    metrics.counters(
        "connections_refused", "connections over a limit", "limit", lambda: read().refused
    )
    metrics.counter(
        "refusals_explained",
        "refused connections that were sent the reason; the others were cut off",
        lambda: read().explained,
    )
    metrics.counters(
        "http_requests",
        "HTTP answers by status",
        "status",
        lambda: {str(status): count for status, count in read().requests.items()},
    )
    metrics.counters(
        "websockets",
        "WebSockets by how they went; refused and handshake never opened",
        "outcome",
        lambda: read().handshakes,
    )
    metrics.counters(
        "websockets_closed",
        "WebSockets that we closed, by code",
        "code",
        lambda: {str(code): count for code, count in read().closes.items()},
    )
    metrics.counter("tls_failures", "TLS handshakes that failed", lambda: read().tls_failures)
    metrics.counter("connection_faults", "connections ended by our bugs", lambda: read().faults)
    metrics.counter("received_bytes", "bytes from ended connections", lambda: read().bytes_in)
    metrics.counter("sent_bytes", "bytes to ended connections", lambda: read().bytes_out)


def read_certificate(metrics: Metrics, ends_s: Callable[[], float]) -> None:
    """The end of TLS's certificate."""
    metrics.gauge(
        "certificate_ends_seconds", "the certificate's end, since 1970; 0: no TLS", ends_s
    )


def read_budget(
    metrics: Metrics, guard: Guard, registry: MatchRegistry | RemoteMatchRegistry
) -> None:
    """Requested work, and how much of it was refused, by workers too."""
    ledger, counters = guard.ledger, registry.counters

    def refused() -> Counter[str]:
        others = registry.counters.over_budget
        return ledger.refused if others is ledger.refused else ledger.refused + others

    if isinstance(registry, MatchRegistry):
        ledger.refused = counters.over_budget
    metrics.counters(
        "work_seconds",
        "work that was asked for, by its stated cost; of workers only here",
        "kind",
        lambda: {kind: us / 1_000_000 for kind, us in ledger.spent_us.items()},
    )
    metrics.counters("work_refused", "work and holdings over a budget or quota", "kind", refused)
    metrics.gauge("addresses", "addresses remembered for budgets", lambda: len(ledger))
    metrics.counter(
        "turns_waited", "turns that had to wait for ticks", lambda: guard.share.waited_count
    )


def read_lobby(metrics: Metrics, service: LobbyService) -> None:
    """People outside matches."""
    lobby, shell = service.lobby.statistics, service.statistics
    metrics.gauge("lobby_links", "open lobby connections", lambda: lobby().links)
    metrics.gauge(
        "lobby_sessions", "people remembered, dropped ones included", lambda: lobby().sessions
    )
    metrics.gauge("lobby_queued", "people who wait for a match", lambda: lobby().queued)
    metrics.gauge("lobby_rooms", "private rooms", lambda: lobby().rooms)
    metrics.histogram(
        "lobby_wait_seconds", "from play to a seat", lambda: service.lobby.queue.waits_s
    )
    metrics.counters(
        "lobby_refusals", "wishes answered with a refusal", "reason", lambda: lobby().refused
    )
    metrics.counters(
        "lobby_messages_refused", "messages that did not count", "reason", lambda: shell().refused
    )
    metrics.counters("lobby_closed", "lobby connections we closed", "code", lambda: shell().closed)


def read_matches(metrics: Metrics, registry: MatchRegistry | RemoteMatchRegistry) -> None:
    """Matches, seats, ticks and snapshots."""

    def read() -> MatchCounters:
        return registry.counters

    metrics.gauge("matches", "running matches", lambda: len(registry.statuses()))
    metrics.gauge(
        "people", "people in matches", lambda: sum(it.people for it in registry.statuses())
    )
    metrics.gauge("bots", "bots in matches", lambda: sum(it.bots for it in registry.statuses()))
    metrics.gauge("watchers", "spectators", lambda: sum(it.watchers for it in registry.statuses()))
    metrics.gauge(
        "open_seats",
        "seats a person could take, in public matches",
        lambda: sum(it.open_seats for it in registry.statuses() if not it.private),
    )
    metrics.counters("matches_ended", "ended matches", "reason", lambda: read().ended)
    metrics.counter("resumes", "players who came back into their seat", lambda: read().resumed)
    metrics.counters(
        "match_messages_refused", "messages that did not count", "reason", lambda: read().refused
    )
    metrics.counter("inputs_late", "inputs for ticks gone by", lambda: read().inputs_late)
    metrics.counter("inputs_early", "inputs too far ahead", lambda: read().inputs_early)
    metrics.counter("journal_bytes", "bytes of journals", lambda: read().journal_bytes)
    metrics.counter(
        "journal_failures", "writes that the disk refused", lambda: read().journal_failures
    )
    metrics.counter(
        "journals_given_up",
        "matches that went on without a journal",
        lambda: read().journals_given_up,
    )
    metrics.counter("matches_recovered", "matches resumed from journals", lambda: read().recovered)
    _read_ticks(metrics, read)


def read_replays(metrics: Metrics, replays: ReplayService | None) -> None:
    """Viewers and downloads; none where replays are off."""
    leases = replays.leases() if replays is not None else {}

    def held(kind: str) -> int:
        return len(leases.get(kind, ()))

    metrics.gauge("replay_viewers", "viewers of finished rounds", lambda: held("viewers"))
    metrics.gauge(
        "replay_watchers", "spectators shown a running match's journal", lambda: held("watchers")
    )
    metrics.gauge("replay_downloads", "replays packed or sent", lambda: held("downloads"))
    metrics.counters(
        "replay_places_lost",
        "viewers and downloads ended: their address held the most and another wanted one",
        "kind",
        lambda: {kind: each.lost_count for kind, each in leases.items()},
    )
    metrics.counters(
        "replay_places_refused",
        "viewers and downloads refused: all places were taken",
        "kind",
        lambda: {kind: each.refused_count for kind, each in leases.items()},
    )


def read_results(metrics: Metrics, results: ResultWriter) -> None:
    """Results on their way to the store."""
    read = results.statistics
    metrics.gauge("results_pending", "results that wait to be written", lambda: read().pending)
    metrics.counter("results_written", "results kept", lambda: read().written)
    metrics.counter("results_failures", "tries the store refused", lambda: read().failures)
    metrics.counter("results_dropped", "results lost to a full queue", lambda: read().dropped)


def read_logs(metrics: Metrics, writer: LogWriter) -> None:
    """Lost log lines."""
    metrics.counter("log_lines_dropped", "log lines lost", lambda: writer.dropped_count)


def _read_ticks(metrics: Metrics, read: Callable[[], MatchCounters]) -> None:
    metrics.gauge(
        "compiled",
        "1 when the hottest modules run compiled, 0 when interpreted",
        lambda: int(is_compiled()),
    )
    metrics.counter("ticks", "ticks of all matches", lambda: read().ticks)
    metrics.counter("ticks_late", "ticks begun a tick late or more", lambda: read().ticks_late)
    metrics.counter("ticks_abandoned", "ticks never run", lambda: read().ticks_abandoned)
    metrics.histogram("tick_lateness_seconds", "begin against deadline", lambda: read().lateness_s)
    metrics.histogram("tick_duration_seconds", "work of a tick", lambda: read().duration_s)
    metrics.counter("snapshots_sent", "snapshots written", lambda: read().snapshots_sent)
    metrics.counter(
        "snapshots_skipped",
        "snapshots not sent to busy sockets",
        lambda: read().snapshots_skipped,
    )
    metrics.counter("snapshot_bytes", "bytes of snapshots", lambda: read().snapshot_bytes)
