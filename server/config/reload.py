"""The settings that an operator may change while the server runs.

Owns: which settings those are. Must not know: who reads them (`server/reloading.py` tells them).
Invariant: the result of `merged` differs from the running settings in those alone, and names all
others that differ.
"""

from attrs import frozen

from server.config.options import Value, build, options
from server.config.settings import Settings
from server.config.sources import value_of

# All other settings can change while the server runs.
NEEDS_RESTART = {
    "secret": "issued tickets are signed with it",
    "secret_file": "the same",
    "net.host": "the port is bound at the start",
    "net.port": "the same",
    "net.metrics_host": "the same",
    "net.metrics_port": "the same",
    "net.tls_certificate": "its files are watched; which they are is read at the start",
    "net.tls_key": "the same",
    "net.tls_self_signed": "the same",
    "net.redirect_port": "the port is bound at the start",
    "net.echo_s": "routes are made at the start",
    "net.echo_tick": "the same",
    "journal.enabled": "the folder of the journals is opened at the start",
    "replay.enabled": "routes are made at the start",
    "store.data_dir": "the database and the journals are open",
    "log.format": "the writer of the log is made at the start",
    "log.queue_max": "the same",
    "process.workers": "workers hold running matches",
    "process.run_dir": "the processes' sockets are in it",
    "process.restart_pause_s": "the supervisor's restart backoffs are created with it",
    "process.silent_s": "it is passed to each process when that starts",
}


@frozen
class Reload:
    """The settings to use from now on, and the outcome for each changed one."""

    settings: Settings
    taken: tuple[str, ...]
    needs_restart: tuple[str, ...]


def merged(running: Settings, wanted: Settings) -> Reload:
    """Return the running settings with those wanted changes that need no restart."""
    values: dict[str, Value] = {}
    taken: list[str] = []
    others: list[str] = []
    for name in options(Settings):
        now, then = value_of(running, name), value_of(wanted, name)
        is_reloaded = name not in NEEDS_RESTART
        if now != then:
            (taken if is_reloaded else others).append(name)
        values[name] = then if is_reloaded else now  # type: ignore[assignment]
    settings = build(Settings, values)
    assert isinstance(settings, Settings)
    return Reload(settings, tuple(taken), tuple(others))
