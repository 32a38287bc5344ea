"""A server's listening sockets: public ones for people, and those where machines read metrics.

Owns: which of them are opened, and telling them apart if another process opened them. Must not
know: what is served there. A server without metrics is better than none: only the public port has
to be free.
"""

import socket
from collections.abc import Sequence

import structlog

from server.config.settings import Settings
from server.net.listen import local_host, open_listeners, why_not
from server.runtime.start_error import StartError

METRICS_OFF = -1

log = structlog.get_logger("app")


def listen(settings: Settings) -> list[socket.socket]:
    """Open all listening sockets, the public ones first. Raises `StartError`."""
    host, port = settings.net.host, settings.net.port
    try:
        public = open_listeners(host or None, port)
    except (OSError, UnicodeError) as error:
        raise StartError(why_not(error, host, port)) from error
    return public + _listen_for_metrics(settings)


def split_listeners(
    listeners: Sequence[socket.socket],
) -> tuple[list[socket.socket], list[socket.socket]]:
    """Split listeners into the public ones, which share the first one's port, and the others."""
    port = listeners[0].getsockname()[1]
    public = [each for each in listeners if each.getsockname()[1] == port]
    return public, [each for each in listeners if each not in public]


def local_url(settings: Settings, listeners: Sequence[socket.socket]) -> str:
    """Return the address for a browser on this machine; `listeners` are those of `listen`."""
    public, _ = split_listeners(listeners)
    return f"http://{local_host(settings.net.host, public)}:{public[0].getsockname()[1]}"


def _listen_for_metrics(settings: Settings) -> list[socket.socket]:
    host, port = settings.net.metrics_host, settings.net.metrics_port
    if port == METRICS_OFF:
        return []
    if settings.net.port == 0:
        port = 0  # any port for people means any port for metrics
    try:
        return open_listeners(host or None, port)
    except (OSError, UnicodeError) as error:
        reason = why_not(error, host, port).partition(":")[0]
        log.warning(
            "metrics_off", reason=reason, advice="choose net.metrics_port, or -1 to do without"
        )
        return []
