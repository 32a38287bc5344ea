"""`skirmish play`: a server for yourself and friends, with bots at once and the browser opened.

Owns: a friendlier `serve`. Must not know: how a server works. Invariant: a browser is only opened
where there is a screen.
"""

import argparse
import os
import sys
import threading
import webbrowser
from collections.abc import Mapping

from server.commands.serve import serve
from server.commands.setting_flags import add_setting_flags, settings_from

HELP = "start a server with bots to play against, and open the browser"
LOOPBACK = "127.0.0.0/8,::1"
EPILOG = f"""This machine has no limits per address here (net.unlimited_addresses = {LOOPBACK}), so
that any number of its own bots and pages may join."""

# People who start a server for themselves want to play now and to stop it with one Ctrl-C, and
# connections from their own machine are their own.
DEFAULTS = {
    "net.unlimited_addresses": LOOPBACK,
    "lobby.bot_fill_after_s": "0.4",
    "grace_s": "0",
    "log.level": "warning",
    "match.keep_on_stop": "false",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the settings as flags, and --no-browser."""
    parser.epilog = EPILOG
    parser.add_argument("--no-browser", action="store_true", help="do not open the browser")
    add_setting_flags(parser)


def run(args: argparse.Namespace) -> int:
    """Serve until Ctrl-C."""
    opens = not args.no_browser and has_screen(os.environ, sys.platform)

    def on_start(url: str) -> None:
        print(_banner(url, opens), flush=True)
        if opens:
            # This call may block until the browser exits, which must not hold up the event loop.
            threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()

    return serve(settings_from(args, DEFAULTS), on_start, lambda: settings_from(args, DEFAULTS))


def has_screen(environment: Mapping[str, str], platform: str) -> bool:
    """Whether there is a screen for a browser window."""
    if platform in ("darwin", "win32"):
        return "SSH_CONNECTION" not in environment
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def _banner(url: str, opens: bool) -> str:
    rest = "opening your browser" if opens else "open it in a browser"
    return f"\n  Skirmish is on at {url}  ({rest})\n  Ctrl-C ends it.\n"
