"""Logs: in the right form, without secrets, and never in the way."""

import io
import json
import logging
import string
import threading
from pathlib import Path

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from server.ops.logs import LogWriter, logs_to
from server.ops.plain import PlainStream


class StuckStream(io.StringIO):
    """A pipe whose reader does not read until `go_on`."""

    def __init__(self) -> None:
        super().__init__()
        self.is_stuck = threading.Event()
        self.go_on = threading.Event()

    def write(self, text: str) -> int:
        self.is_stuck.set()
        self.go_on.wait(10)
        return super().write(text)


def lines_of(stream: io.StringIO) -> list[dict]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_machine_gets_one_json_object_a_line_with_the_context():
    stream = io.StringIO()
    with logs_to(stream, "auto", "info", 100), structlog.contextvars.bound_contextvars(match="m1"):
        structlog.get_logger("net").info("handshake_refused", peer="1.2.3.4")
    (line,) = lines_of(stream)
    assert line["event"] == "handshake_refused"
    assert (line["logger"], line["level"], line["match"]) == ("net", "info", "m1")
    assert line["timestamp"].endswith("Z")


def test_a_person_gets_a_line_to_read():
    stream = io.StringIO()
    with logs_to(stream, "console", "info", 100):
        structlog.get_logger("net").info("handshake_refused", peer="1.2.3.4")
    assert "handshake_refused" in stream.getvalue()
    assert "peer=1.2.3.4" in stream.getvalue()


def test_secrets_and_bytes_are_never_spelled_out():
    stream = io.StringIO()
    with logs_to(stream, "json", "info", 100):
        structlog.get_logger().info(
            "x", ticket="hush-1", resume_token="hush-2", secret="hush-3", data=b"hush-4"
        )
    assert "hush" not in stream.getvalue()
    assert lines_of(stream)[0]["data"] == "6 bytes"


def test_lines_below_the_level_are_left_out():
    stream = io.StringIO()
    with logs_to(stream, "json", "warning", 100):
        structlog.get_logger().info("quiet")
        structlog.get_logger().warning("loud")
    assert [line["event"] for line in lines_of(stream)] == ["loud"]


def test_warnings_of_libraries_come_the_same_way():
    stream = io.StringIO()
    with logs_to(stream, "json", "info", 100):
        logging.getLogger("some.library").warning("look %s", "here")
    (line,) = lines_of(stream)
    assert (line["event"], line["message"]) == ("library_message", "look here")
    assert (line["logger"], line["level"]) == ("some.library", "warning")


def test_an_exception_is_written_with_its_traceback():
    stream = io.StringIO()
    with logs_to(stream, "json", "info", 100):
        try:
            {}["what was missing"]
        except KeyError:
            structlog.get_logger().exception("fault")
    assert "what was missing" in lines_of(stream)[0]["exception"]


def test_a_full_pipe_costs_lines_but_never_time():
    stream = StuckStream()
    writer = LogWriter(stream, queue_max=10)
    writer.put("first")
    assert stream.is_stuck.wait(10)
    for number in range(100):
        writer.put(f"line {number}")  # would block forever if it blocked
    assert writer.dropped_count == 90
    stream.go_on.set()
    writer.close()
    assert "90 log lines were dropped" in stream.getvalue()
    assert "line 9\n" in stream.getvalue()


def test_a_reader_that_is_gone_does_not_hurt():
    stream = io.StringIO()
    writer = LogWriter(stream, queue_max=10)
    stream.close()
    writer.put("nobody reads this")
    writer.close()


SAFE = st.text(alphabet=string.ascii_letters + " =", max_size=5)
HOSTILE = st.text(
    st.sampled_from(
        "\x00\x07\x08\r\n\x1b\x7f\x85\x9b\u061c\u200e\u202a\u202e\u2066\u2069\u2028\ufeff[2Ja "
    ),
    min_size=1,
)


def fail_with(text: str) -> None:
    raise ValueError(text)


def peers_log(form: str, text: str) -> list[str]:
    """Log lines with a peer's text wherever it can appear."""
    stream = io.StringIO()
    with logs_to(stream, form, "info", 100):
        log = structlog.get_logger("net")
        log.info("bad_request", path=text, names=[text], error=ValueError(text), raw=Path(text))
        log.info(text)
        logging.getLogger("some.library").warning("look %s", text)
        try:
            fail_with(text)
        except ValueError:
            log.exception("fault", peer=text)
    return stream.getvalue().split("\n")


@pytest.mark.parametrize("form", ["console", "json"])
@given(text=HOSTILE | SAFE)
def test_peers_cannot_control_a_terminal(form: str, text: str):
    assert all(line.isprintable() for line in peers_log(form, text))


@pytest.mark.parametrize("form", ["console", "json"])
@given(text=HOSTILE | SAFE)
def test_peers_cannot_forge_log_lines(form: str, text: str):
    own = [line for line in peers_log(form, text) if not line.startswith("    ")]
    assert len(own) == 4 + 1  # and the empty string after the last


def test_a_persons_log_has_colours_even_where_output_is_escaped():
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    with logs_to(PlainStream(terminal), "auto", "info", 100):
        structlog.get_logger("net").info("x", path="/\x1b[2J")
    assert "\x1b[1m" in terminal.getvalue()
    assert "\x1b[2J" not in terminal.getvalue()
    assert "path\x1b[0m=\x1b[35m'/\\x1b[2J'" in terminal.getvalue()
