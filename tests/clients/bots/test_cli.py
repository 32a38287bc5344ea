"""`skirmish bots` refuses nonsense, ends by itself, and says whether everybody played."""

import argparse
import json

import pytest

from clients.bots import cli
from clients.bots.crowd import COUNT_MAX


def parsed(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    cli.add_arguments(parser)
    return parser.parse_args(words)


@pytest.mark.parametrize(
    "words",
    [
        ("--count", "0"),
        ("--count", str(COUNT_MAX + 1)),
        ("--seconds", "0"),
        ("--seconds", "inf"),
        ("--seconds", "nan"),
        ("--level", "6"),
        ("--count", "many"),
    ],
)
def test_nonsense_is_refused(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as status:
        parsed(*words)
    assert status.value.code == 2
    assert words[0] in capsys.readouterr().err


def test_without_a_server_nobody_plays_and_the_status_says_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    args = parsed("--url", "http://127.0.0.1:1", "--count", "3", "--seconds", "0.3", "--json")
    assert cli.run(args) == 1
    printed = capsys.readouterr()
    assert printed.err.count("nothing listens at 127.0.0.1:1") == 1, "told at once, and once"
    record = json.loads(printed.out)
    assert record["bots"] == 3
    assert record["bots_that_played"] == 0
    assert record["failures"] >= 3
    assert any("nothing listens at" in reason for reason in record["failures_by_reason"])


def test_an_address_that_is_none_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(parsed("--url", "nowhere", "--seconds", "1")) == 1
    assert capsys.readouterr().err.count("is not an address") == 1
