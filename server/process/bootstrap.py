"""`skirmish serve --workers N`: the supervisor's own process, from its first socket to its last.

Owns: the setup before any child is started, signals, and the cleanup (nothing is left behind).
Must not know: what children do. Invariant: the first SIGINT or SIGTERM ends everything gracefully,
the second hurries.
"""

import secrets
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, contextmanager

import structlog
import trio
from attrs import evolve

from game.compiled import is_compiled
from server.config.settings import SECRET_BYTES_MIN, Settings
from server.process.channel import listen_at
from server.process.folders import RunFolder, RunFolderError, gather, place_folder
from server.process.supervisor import Supervisor
from server.process.upgrade import serve_operators
from server.runtime.listeners import Listeners, listen
from server.runtime.start_error import StartError
from server.security.secret import SecretError, load_secret

log = structlog.get_logger("process")


HANGUP = getattr(signal, "SIGHUP", None)  # not on Windows
SIGNALS = tuple(it for it in (signal.SIGINT, signal.SIGTERM, HANGUP) if it is not None)


async def supervise(
    settings: Settings, changed: Callable[[Settings], Settings], on_start: Callable[[str], None]
) -> None:
    """Run all processes until a signal ends them. `on_start` is called with the address for a
    browser on this machine once every process serves. Raises `StartError`.
    """
    if sys.platform != "linux":
        raise StartError("worker processes need Linux: omit --workers, or use --workers 0")
    with (
        trio.open_signal_receiver(*SIGNALS) as signals,
        _prepared(settings) as (supervisor, operators),
    ):
        structlog.contextvars.bind_contextvars(process="supervisor")
        async with trio.open_nursery() as nursery:
            await nursery.start(supervisor.run)
            log.info("supervising", workers=settings.process.workers, compiled=is_compiled())
            nursery.start_soon(serve_operators, supervisor, operators)
            nursery.start_soon(_handle_signals, supervisor, signals, nursery, settings, changed)
            await supervisor.up.wait()
            on_start(Listeners.sorted_out(settings, supervisor.listeners).local_url(settings))


async def _handle_signals(
    supervisor: Supervisor,
    signals: AsyncIterator[int],
    nursery: trio.Nursery,
    initial: Settings,
    changed: Callable[[Settings], Settings],
) -> None:
    async for number in signals:
        log.info("signal", name=signal.Signals(number).name)
        if number == HANGUP:
            running = supervisor.settings
            reloaded = changed(evolve(running, secret=initial.secret))  # not the generated secret
            supervisor.reload(evolve(reloaded, secret=running.secret))
        elif supervisor.is_closing:
            supervisor.hurry()
        else:
            nursery.start_soon(_close, supervisor, nursery)


async def _close(supervisor: Supervisor, nursery: trio.Nursery) -> None:
    await supervisor.close(supervisor.settings.grace_s)
    log.info("supervised")
    nursery.cancel_scope.cancel()


@contextmanager
def _prepared(settings: Settings) -> Iterator[tuple[Supervisor, socket.socket]]:
    """Set up what every process needs, before the first one is started."""
    with ExitStack() as at_end:
        try:
            folder = RunFolder.of(settings)
            folder.claim()
            at_end.callback(folder.release)
            settings = _with_secret(settings)
            places = (place_folder(settings, it) for it in range(settings.process.workers))
            gather(settings, [place for place in places if place is not None])
            listeners = listen(settings).all
            worker_listener, operators = (
                listen_at(folder.gateway_path),
                listen_at(folder.operator_path),
            )
        except (RunFolderError, SecretError) as error:
            raise StartError(str(error)) from error
        except OSError as error:
            raise StartError(f"the processes' folders cannot be used: {error}") from error
        for opened in (*listeners, worker_listener, operators):
            at_end.callback(socket.socket.close, opened)
        yield Supervisor(settings, listeners, worker_listener), operators


def _with_secret(settings: Settings) -> Settings:
    """Give all processes the same signing secret: without a file, it goes into the settings."""
    load_secret(settings)  # creates the file once, or raises what is wrong
    if settings.secret or settings.secret_file or settings.store.data_dir:
        return settings
    return evolve(settings, secret=secrets.token_hex(SECRET_BYTES_MIN))
