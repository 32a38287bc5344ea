"""The unit starts a command that exists, and treats its exit statuses as they are meant."""

import configparser
from pathlib import Path

from server.commands.errors import FAILED, MISUSED
from server.config.sources import read_settings

UNIT = Path(__file__).parents[2] / "deploy" / "skirmish.service"


def unit() -> configparser.RawConfigParser:
    read = configparser.RawConfigParser(strict=False)
    read.optionxform = str  # type: ignore[method-assign,assignment]
    read.read_string(UNIT.read_text())
    return read


def test_settings_that_cannot_be_used_are_not_tried_again_and_all_else_is():
    assert unit()["Service"]["RestartPreventExitStatus"] == str(MISUSED)
    assert unit()["Service"]["Restart"] == "on-failure"
    assert unit()["Unit"]["StartLimitIntervalSec"] == "0", f"status {FAILED} is tried for ever"


def test_its_variables_are_settings_that_fit():
    environment = dict(
        line.removeprefix("Environment=").split("=", 1)
        for line in UNIT.read_text().splitlines()
        if line.startswith("Environment=")
    )
    settings = read_settings({}, environment).settings
    assert settings.store.data_dir == "/var/lib/skirmish"


def test_there_is_time_for_the_grace_and_the_goodbyes():
    grace_s = read_settings({}, {}).settings.grace_s
    assert float(unit()["Service"]["TimeoutStopSec"]) >= grace_s + 10


def test_the_data_folder_is_one_that_its_user_gets_into_from_outside():
    """DynamicUser's is below /var/lib/private, and `skirmish upgrade` could not reach it."""
    service = unit()["Service"]
    assert "DynamicUser" not in service
    assert service["User"] == service["StateDirectory"] == "skirmish"


def test_descriptors_are_enough_for_all_connections():
    needed = 2 * read_settings({}, {}).settings.net.connections_max
    assert int(unit()["Service"]["LimitNOFILE"]) >= needed
