"""`skirmish play` is for the player's own machine: its own defaults, which any source overrides."""

import argparse
from pathlib import Path

import pytest

from server.budget.ledger import ArrivalLimits, Ledger
from server.commands import play
from server.config.settings import Settings
from server.config.sources import Effective
from server.net.limits import ConnectionPermit, Limits, Refused


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def served(monkeypatch: pytest.MonkeyPatch, *flags: str) -> Settings:
    """The settings that `skirmish play` would serve with."""
    found: list[Effective] = []

    def serve(effective: Effective, *_: object) -> int:
        found.append(effective)
        return 0

    monkeypatch.setattr(play, "serve", serve)
    parser = argparse.ArgumentParser()
    play.add_arguments(parser)
    assert play.run(parser.parse_args(["--no-browser", *flags])) == 0
    return found[0].settings


def most(settings: Settings, address: str) -> int:
    """How many connections of one address are admitted, of a thousand at once."""
    net = settings.net
    arrivals = ArrivalLimits(
        net.connections_per_address_per_s, net.connections_per_address_burst, net.addresses_max
    )
    limits = Limits(net, Ledger(settings.budget, arrivals, lambda: 0.0))
    answers = [limits.admit(address, lambda: None) for _ in range(1_000)]
    assert all(isinstance(it, ConnectionPermit | Refused) for it in answers)
    return sum(isinstance(it, ConnectionPermit) for it in answers)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.10", "::1"])
def test_a_crowd_from_the_same_machine_is_let_in(monkeypatch, address):
    assert most(served(monkeypatch), address) == 1_000


@pytest.mark.parametrize("address", ["192.168.1.20", "2001:db8::1"])
def test_a_neighbour_has_the_limits_of_any_server(monkeypatch, address):
    settings = served(monkeypatch, "--host", "0.0.0.0")
    assert most(settings, address) == settings.net.connections_per_address_burst


def test_a_flag_limits_the_same_machine_too(monkeypatch):
    settings = served(monkeypatch, "--net.unlimited_addresses", "")
    assert most(settings, "127.0.0.1") == settings.net.connections_per_address_burst


def test_help_says_that_this_machine_has_no_limits():
    parser = argparse.ArgumentParser()
    play.add_arguments(parser)
    assert "net.unlimited_addresses" in parser.format_help()
