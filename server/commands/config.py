"""`skirmish config`: the settings in force, as a TOML file that explains itself."""

import argparse

from server.commands.setting_flags import add_setting_flags, settings_from
from server.config.sources import as_toml

HELP = "print the settings in force, where each comes from, and what is allowed"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the settings as flags."""
    add_setting_flags(parser)


def run(args: argparse.Namespace) -> int:
    """Print the settings, with secrets hidden."""
    print(as_toml(settings_from(args)), end="")
    return 0
