"""`skirmish version`: which Skirmish, which Python, and which protocol."""

import argparse
import platform

from game.wire.messages import SUBPROTOCOL
from server.version import version

HELP = "print the version"


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """Nothing to add."""


def run(_args: argparse.Namespace) -> int:
    """Print one line."""
    print(f"skirmish {version()}, {SUBPROTOCOL}, Python {platform.python_version()}")
    return 0
