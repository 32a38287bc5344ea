"""`skirmish chaos` refuses nonsense and says what it does."""

import argparse
import socket
from pathlib import Path

import pytest

from clients.chaos import cli
from clients.chaos.profiles import PROFILES, NetworkProfile


def parsed(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    cli.add_arguments(parser)
    return parser.parse_args(["--to", "127.0.0.1:8000", *words])


@pytest.mark.parametrize(
    "words",
    [
        ("--to", "8000"),
        ("--to", "here:"),
        ("--to", "here:0"),
        ("--port", "65536"),
        ("--profile", "moon"),
        ("--delay", "-1"),
        ("--rate", "inf"),
        ("--jitter", "nan"),
        ("--reset", "often"),
        ("--connections", "0"),
    ],
)
def test_nonsense_is_refused(words, capsys) -> None:
    with pytest.raises(SystemExit) as status:
        parsed(*words)
    assert status.value.code == 2
    assert words[0] in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--delay", "20000"), "delay_s"),
        (("--rate", "0"), "bytes_per_s"),
        (("--reset", "1.5"), "reset_per_minute"),
        (("--stall-for", "2"), "belong together"),
    ],
)
def test_numbers_that_make_no_network_are_refused(words, reason, capsys) -> None:
    assert cli.run(parsed(*words)) == 2
    assert reason in capsys.readouterr().err


def test_flags_go_on_top_of_a_profile() -> None:
    args = parsed(
        "--profile", "satellite", "--rate", "50", "--stall-every", "9", "--stall-for", "1"
    )
    satellite = PROFILES["satellite"]
    made = cli.profile_of(args)
    assert made == NetworkProfile(satellite.delay_s, satellite.jitter_s, 50_000, 9, 1)
    assert made.capacity_bytes < satellite.capacity_bytes  # a slower line holds less


def test_addresses_of_both_kinds_are_read() -> None:
    assert str(parsed("--to", "[::1]:80").to) == "[::1]:80"
    assert str(parsed("--to", "play.example:443").to) == "play.example:443"


def test_the_profiles_are_listed(capsys) -> None:
    with pytest.raises(SystemExit) as status:
        parsed("--list")
    assert status.value.code == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[1:]] == list(PROFILES)


def test_a_port_that_is_taken_is_said_in_words(capsys) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert cli.run(parsed("--port", port)) == 1
    said = capsys.readouterr().err
    assert f"127.0.0.1:{port}" in said
    assert "in use" in said


def test_the_page_about_it_has_the_profiles_that_there_are() -> None:
    page = Path(cli.__file__).parents[2] / "docs" / "CHAOS.md"
    assert cli.table() in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("host", "told"),
    [
        ("0.0.0.0", "127.0.0.1:80"),
        ("::", "[::1]:80"),
        ("127.0.0.2", "127.0.0.2:80"),
        ("::1", "[::1]:80"),
    ],
)
def test_the_printed_address_can_be_connected_to(host: str, told: str) -> None:
    assert str(cli.reached_at(host, 80)) == told
