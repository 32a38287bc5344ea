"""How many file descriptors this server needs, and whether its limit allows them.

Owns: the arithmetic and the process's limit. Must not know: what they are used for in detail.
Invariant: a limit that this process may raise by itself is raised, and one that stays too low is
logged before players notice.
"""

try:
    import resource
except ImportError:  # not on Windows, which has no such limit
    resource = None  # type: ignore[assignment]

import structlog

from server.config.settings import Settings

RESERVE = 64  # listeners, the database, locks, channels of processes, and a margin
PER_MATCH = 3  # the journal being written, the one being packed, and its target

log = structlog.get_logger("app")


def needed(settings: Settings) -> int:
    """Descriptors that the largest process needs, with everything full."""
    connections = settings.net.connections_max + settings.net.refusals_lingering_max
    return connections + PER_MATCH * settings.match.matches_max + RESERVE


def raise_limit(settings: Settings) -> None:
    """Raise the limit to what is needed, as far as this process may, and warn when it is too low.

    Child processes inherit it.
    """
    if resource is None:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = needed(settings)
    if _is_enough(soft, wanted):
        return
    if hard != soft:
        soft = wanted if _is_enough(hard, wanted) else hard
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    if not _is_enough(soft, wanted):
        log.warning(
            "descriptors_short",
            allowed=soft,
            needed=wanted,
            connections_max=settings.net.connections_max,
            advice="raise ulimit -n (LimitNOFILE of systemd), or lower net.connections_max",
        )


def _is_enough(limit: int, wanted: int) -> bool:
    return limit == resource.RLIM_INFINITY or limit >= wanted
