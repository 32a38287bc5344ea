"""A server's listening sockets: public ones for people, one for machines that read metrics, and one
that leads plain HTTP to TLS.

Owns: which of them are opened, and telling them apart if another process opened them. Must not
know: what is served there. A server without metrics is better than none: the other ports have to be
free.
"""

import socket
from collections.abc import Sequence

import structlog
from attrs import frozen

from server.config.settings import Settings
from server.net.listen import local_host, open_listeners, why_not
from server.runtime.start_error import StartError

OFF = -1  # in place of a port

log = structlog.get_logger("app")


@frozen
class Listeners:
    """Listening sockets by use. Those of one use share a port."""

    public: list[socket.socket]
    metrics: list[socket.socket]
    redirect: list[socket.socket]

    @classmethod
    def sorted_out(cls, settings: Settings, sockets: Sequence[socket.socket]) -> "Listeners":
        """Tell apart the sockets of `all`, in its order, which another process may have opened."""
        by_port: dict[int, list[socket.socket]] = {}
        for each in sockets:
            by_port.setdefault(each.getsockname()[1], []).append(each)
        public, *others = by_port.values()
        redirect = others.pop() if others and settings.net.redirect_port != OFF else []
        return cls(public, others[0] if others else [], redirect)

    @property
    def all(self) -> list[socket.socket]:
        """All of them, the public ones first."""
        return [*self.public, *self.metrics, *self.redirect]

    @property
    def port(self) -> int:
        """The public port."""
        return port_of(self.public) or 0

    def host(self, settings: Settings) -> str:
        """The host by which a browser on this machine reaches the public port."""
        return local_host(settings.net.host, self.public)

    def local_url(self, settings: Settings) -> str:
        """The address for a browser on this machine."""
        return f"{settings.net.scheme}://{self.host(settings)}:{self.port}"


def port_of(listeners: Sequence[socket.socket]) -> int | None:
    """The port that these share; None without any."""
    return int(listeners[0].getsockname()[1]) if listeners else None


def listen(settings: Settings) -> Listeners:
    """Open all listening sockets. Raises `StartError`."""
    net = settings.net
    if net.redirect_port != OFF and not net.uses_tls:
        raise StartError(
            "net.redirect_port leads to TLS, and there is none: "
            "set net.tls_certificate and net.tls_key as well"
        )
    public = _open(settings, net.port)
    try:
        redirect = [] if net.redirect_port == OFF else _open(settings, net.redirect_port)
    except StartError:
        for listener in public:
            listener.close()
        raise
    return Listeners(public, _listen_for_metrics(settings), redirect)


def _open(settings: Settings, port: int) -> list[socket.socket]:
    host = settings.net.host
    try:
        return open_listeners(host or None, port)
    except (OSError, UnicodeError) as error:
        raise StartError(why_not(error, host, port)) from error


def _listen_for_metrics(settings: Settings) -> list[socket.socket]:
    host, port = settings.net.metrics_host, settings.net.metrics_port
    if port == OFF:
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
