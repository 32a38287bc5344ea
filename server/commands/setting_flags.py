"""Settings as flags of a command: `--net.port 9000`, and short forms for the common ones.

Owns: the flags' names. Must not know: what is done with the settings. Invariant: only flags that
were given count, so that no default overrides a file or the environment.
"""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from server.commands.errors import MISUSED, CommandError
from server.config.options import Option, options
from server.config.settings import Settings
from server.config.sources import Effective, SettingsError, read_settings

SHORT = {
    "net.host": "--host",
    "net.port": "--port",
    "net.tls_certificate": "--tls-certificate",
    "net.tls_key": "--tls-key",
    "net.tls_self_signed": "--tls-self-signed",
    "lobby.bots": "--bots",
    "log.format": "--log-format",
    "process.workers": "--workers",
}


def add_setting_flags(parser: argparse.ArgumentParser) -> None:
    """Add --config and one flag for each setting."""
    parser.add_argument(
        "--config", type=Path, help="a TOML file; else skirmish.toml, if it is here"
    )
    group = parser.add_argument_group("settings (see `skirmish config` for all, with their values)")
    for option in options(Settings).values():
        short = SHORT.get(option.name)
        value: dict[str, Any] = {"nargs": "?", "const": "true"} if option.kind is bool else {}
        group.add_argument(
            *([short] if short else []),
            f"--{option.name}",
            dest=option.name,
            metavar=option.name.rpartition(".")[2].upper(),
            default=argparse.SUPPRESS,
            **value,
            help=_help(option) if short else argparse.SUPPRESS,
        )


def settings_from(args: argparse.Namespace, defaults: Mapping[str, str] | None = None) -> Effective:
    """Merge the flags in `args` with all other sources. Raises `CommandError`."""
    known = options(Settings)
    flags = {name: text for name, text in vars(args).items() if name in known}
    try:
        return read_settings(flags, config=args.config, defaults=defaults)
    except SettingsError as error:
        raise CommandError(f"these settings cannot be used:\n{error}", MISUSED) from error


def _help(option: Option) -> str:
    return f"{option.help}: {option.allowed()} (default {option.shown(option.default)})".replace(
        "%", "%%"
    )
