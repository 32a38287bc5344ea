"""`skirmish serve`: run the server until a signal ends it.

Owns: the process around a server: logs, signals, the exit status. Must not know: rooms, matches,
sockets. Invariants: SIGHUP ends nothing; the first SIGINT or SIGTERM starts a graceful shutdown,
the second ends the server at once; a failed start exits with status 1 (2 for settings) and a
sentence, a later fault with 70.
"""

import argparse
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import structlog
import trio

from server.app import App, freeze_startup_objects, running_app
from server.commands.errors import BROKEN, CommandError
from server.commands.setting_flags import add_setting_flags, settings_from
from server.config.reload import merged
from server.config.settings import Settings
from server.config.sources import Effective
from server.metric_table import read_logs
from server.ops.logs import LogWriter, logs_to, set_level
from server.process.bootstrap import HANGUP, SIGNALS, supervise
from server.reloading import apply_settings
from server.runtime.clock import AwakeClock
from server.runtime.descriptors import raise_limit
from server.runtime.start_error import StartError
from server.security.private_files import keep_private

HELP = "run the server"

log = structlog.get_logger("app")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the settings as flags."""
    add_setting_flags(parser)


def run(args: argparse.Namespace) -> int:
    """Serve until a signal; return 0 after a graceful shutdown."""
    return serve(settings_from(args), lambda _: None, lambda: settings_from(args))


def serve(
    effective: Effective, on_start: Callable[[str], None], read_again: Callable[[], Effective]
) -> int:
    """Run a server with logs and signals. `on_start` is called with its address for a browser on
    this machine once it accepts connections, `read_again` at a SIGHUP.
    """
    keep_private()
    settings = effective.settings
    form = settings.log

    def changed(running: Settings) -> Settings:
        return _reload(running, effective.file, read_again)

    with logs_to(sys.stderr, form.format, form.level, form.queue_max) as writer:
        raise_limit(settings)
        if effective.passed_over:
            log.info("variables_ignored", of_services=" ".join(effective.passed_over))
        try:
            if settings.process.workers:
                trio.run(supervise, settings, changed, on_start, clock=AwakeClock())
            else:
                trio.run(_serve, settings, on_start, writer, changed, clock=AwakeClock())
        except* StartError as group:
            raise CommandError(str(_first(group))) from None
        except* Exception:
            log.exception("server_fault")  # the next start resumes matches, as after a kill
            text = "a fault of the server ended it: the log says where"
            raise CommandError(text, BROKEN) from None
    return 0


def _reload(running: Settings, file: Path | None, read_again: Callable[[], Effective]) -> Settings:
    """Read the settings again; return those now in force. Invalid settings change nothing."""
    refusal = ""
    try:
        found = read_again()
        if file is not None and found.file is None:
            refusal = f"{file} is gone, which the server was started with"
    except CommandError as error:
        refusal = str(error)
    if refusal:
        log.warning("settings_refused", reason=refusal, advice="nothing was changed")
        return running
    reload = merged(running, found.settings)
    log.warning("settings_reloaded", taken=", ".join(reload.taken) or "nothing has changed")
    if reload.needs_restart:
        log.warning("settings_need_restart", changed=", ".join(reload.needs_restart))
    set_level(reload.settings.log.level)
    raise_limit(reload.settings)
    return reload.settings


async def _serve(
    settings: Settings,
    on_start: Callable[[str], None],
    writer: LogWriter,
    changed: Callable[[Settings], Settings],
) -> None:
    with trio.open_signal_receiver(*SIGNALS) as signals:
        async with running_app(settings) as app:
            read_logs(app.metrics, writer)
            freeze_startup_objects()
            on_start(app.url)
            async with trio.open_nursery() as nursery:
                async for number in signals:
                    log.info("signal", name=signal.Signals(number).name)
                    if number == HANGUP:
                        apply_settings(app, changed(app.settings))
                        continue
                    if app.is_closing:
                        app.hurry()
                        break
                    nursery.start_soon(_close, app, nursery.cancel_scope)


async def _close(app: App, waiting: trio.CancelScope) -> None:
    await app.close(app.settings.grace_s)
    waiting.cancel()


def _first(group: BaseExceptionGroup[StartError]) -> BaseException:
    inner = group.exceptions[0]
    return _first(inner) if isinstance(inner, BaseExceptionGroup) else inner
