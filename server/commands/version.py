"""`skirmish version`: the versions of Skirmish, protocol and Python, and whether it is compiled."""

import argparse
import platform

from game.compiled import is_compiled
from game.wire.messages import SUBPROTOCOL
from server.version import version

HELP = "print the version"


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """Add nothing."""


def run(_args: argparse.Namespace) -> int:
    """Print one line."""
    how = "compiled" if is_compiled() else "interpreted"
    print(f"skirmish {version()}, {SUBPROTOCOL}, Python {platform.python_version()}, {how}")
    return 0
