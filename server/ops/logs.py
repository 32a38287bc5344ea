"""Logs: lines for people on a terminal, JSON for machines elsewhere, written by a thread.

Owns: the format, and the way from an event to a stream. Must not know: who logs what. Invariants:
logging never waits for the reader of the stream (policy of a full queue: drop the line and count
it); nothing that is named like a secret is written; terminal control characters from peers are
escaped, and no text from a peer can look like a log line of ours.
"""

import contextlib
import logging
import queue
import sys
import threading
from collections.abc import Iterator, MutableMapping
from io import StringIO
from types import NoneType
from typing import Any, TextIO

import structlog
from attrs import define, field

from server.ops.plain import escaped, raw_of

FLUSH_S = 2.0  # at the end, for what is still queued
SECRET_WORDS = ("secret", "ticket", "token", "resume", "session", "password", "authorization")
HIDDEN = "…"
RENDERED = ("event", "level", "timestamp", "logger", "exception", "stack")  # by ConsoleRenderer

_END = None  # the last thing in the queue


@define(eq=False)
class LogWriter:
    """Hands lines to a thread that writes them. `queue_max` bounds the queue."""

    stream: TextIO
    queue_max: int
    dropped_count: int = 0
    _lines: "queue.Queue[str | None]" = field(init=False)
    _thread: threading.Thread = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Start the thread; a daemon, because a stuck pipe must not keep the process alive."""
        self._lines = queue.Queue(self.queue_max)
        self._thread = threading.Thread(target=self._work, name="log writer", daemon=True)
        self._thread.start()

    def put(self, line: str) -> None:
        """Queue a line, or drop and count it."""
        try:
            self._lines.put_nowait(line)
        except queue.Full:
            self.dropped_count += 1

    def close(self) -> None:
        """Write what is queued, for `FLUSH_S` at most."""
        with contextlib.suppress(queue.Full):
            self._lines.put(_END, timeout=FLUSH_S)
        self._thread.join(FLUSH_S)

    def _work(self) -> None:
        told_count = 0
        while (line := self._lines.get()) is not _END:
            if self.dropped_count > told_count:
                told_count = self.dropped_count
                line += f"\n[{told_count} log lines were dropped so far: the reader is too slow]"
            try:
                self.stream.write(line + "\n")
                if self._lines.empty():
                    self.stream.flush()
            except (OSError, ValueError):
                return  # the reader is gone


@contextlib.contextmanager
def logs_to(stream: TextIO, form: str, level: str, queue_max: int) -> Iterator[LogWriter]:
    """Configure logging of the whole process for this context. `form`: auto, console or json."""
    stream = raw_of(stream)
    writer = LogWriter(stream, queue_max)
    structlog.configure(
        processors=_processors(form, stream),
        wrapper_class=_filtering(level),
        logger_factory=lambda *names: _QueueLogger(writer, names[0] if names else ""),
        cache_logger_on_first_use=False,
    )
    handler = _Bridge(logging.WARNING)
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield writer
    finally:
        root.removeHandler(handler)
        structlog.reset_defaults()
        writer.close()


def set_level(level: str) -> None:
    """Set the least severe level that is written from now on."""
    structlog.configure(wrapper_class=_filtering(level))


def _filtering(level: str) -> Any:
    return structlog.make_filtering_bound_logger(getattr(logging, level.upper()))


def hide_secrets(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Hide values whose name says that they are secret, and replace bytes by their length."""
    for name, value in event.items():
        lowered = name.lower()
        if any(word in lowered for word in SECRET_WORDS):
            event[name] = HIDDEN
        elif isinstance(value, bytes):
            event[name] = f"{len(value)} bytes"
    return event


def _processors(form: str, stream: TextIO) -> list[Any]:
    is_console = form == "console" or (form == "auto" and stream.isatty())
    common = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        _add_room,
        hide_secrets,
    ]
    if is_console:
        return [
            *common,
            structlog.processors.TimeStamper(fmt="%H:%M:%S", utc=False),
            _spell_out,
            structlog.dev.ConsoleRenderer(
                colors=stream.isatty(), pad_event_to=24, exception_formatter=_write_traceback
            ),
        ]
    return [
        *common,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(default=str),
        _spell_out_delete,
    ]


def _add_room(
    logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    if logger.name:
        event["logger"] = logger.name
    return event


class _Shown:
    """A value as the console shows it."""

    def __init__(self, value: object) -> None:
        self._text = escaped(repr(value))

    def __repr__(self) -> str:
        return self._text


def _spell_out(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Escape values for a terminal. The renderer quotes text with spaces, so it stays one value."""
    for name, value in list(event.items()):
        if isinstance(value, str):
            event[name] = escaped(value) if name in RENDERED else _in_quotes(value)
        elif name != "exc_info" and not isinstance(value, (int, float, NoneType)):
            event[name] = _Shown(value)
    return event


def _in_quotes(text: str) -> object:
    return text if text.isprintable() else _Shown(text)


def _write_traceback(stream: TextIO, exc_info: Any) -> None:
    """Write a traceback with each line indented, so that no line of it looks like a log line."""
    text = StringIO()
    structlog.dev.plain_traceback(text, exc_info)
    for line in text.getvalue().strip("\n").split("\n"):
        stream.write(f"\n    {escaped(line)}")


def _spell_out_delete(_logger: object, _method: str, line: str | bytes) -> str | bytes:
    """Escape DEL, the one control character that ASCII JSON leaves as it is."""
    assert isinstance(line, str)
    return line.replace("\x7f", "\\u007f")


class _QueueLogger:
    """The logger that structlog passes rendered lines to."""

    def __init__(self, writer: LogWriter, name: str) -> None:
        self._writer = writer
        self.name = name

    def msg(self, line: str) -> None:
        self._writer.put(line)

    debug = info = warning = error = critical = exception = log = msg


class _Bridge(logging.Handler):
    """Passes on what libraries log through the standard library, from warnings up."""

    def emit(self, record: logging.LogRecord) -> None:
        log = structlog.get_logger(record.name)
        message, traceback = record.getMessage(), record.exc_info or None
        log.log(record.levelno, "library_message", message=message, exc_info=traceback)


def standard_stream() -> TextIO:
    """Return the stream for a server's logs: standard error, which leaves standard output free."""
    return sys.stderr
