"""`skirmish desktop [URL]`: the game in a window of its own.

Owns: the flags, and the message when pygame is missing. Must not know: what is in the window.
Invariant: pygame is imported only when the command is used.
"""

import argparse
import importlib.util
import os
import sys

import trio

from clients.desktop.settings_file import SettingsFile, settings_path
from clients.net.address import Address
from clients.net.errors import ClientError

HELP = "play in a window of its own"
URL_DEFAULT = "http://127.0.0.1:8000"
REQUIREMENT = "pygame-ce>=2.5.6,<3"
MISSING = f"the desktop client needs pygame-ce: '{sys.executable}' -m pip install '{REQUIREMENT}'"

UNSEEN = (
    "there is no screen here (no DISPLAY, no WAYLAND_DISPLAY); a browser elsewhere can open {url}"
)
CHOSEN = ("SDL_VIDEODRIVER", "SDL_VIDEO_DRIVER")  # a driver that the user names is used


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument("url", nargs="?", default=URL_DEFAULT, help="where the server is")
    parser.add_argument("--name", help="what to be called, this time and from now on")
    parser.add_argument("--silent", action="store_true", help="without sound")


def run(args: argparse.Namespace) -> int:
    """Open a window, and play until it is closed."""
    try:
        address = Address.parse(args.url if "://" in args.url else f"http://{args.url}")
    except ClientError as error:
        return _refuse(str(error))
    if importlib.util.find_spec("pygame") is None:
        return _refuse(MISSING)
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    return _play(address, args.name, is_silent=args.silent)


def _play(address: Address, name: str | None, *, is_silent: bool) -> int:
    import pygame  # noqa: PLC0415  # only this command needs it

    from clients.desktop.app import run_app  # noqa: PLC0415
    from clients.desktop.core.settings import SettingsError  # noqa: PLC0415
    from clients.desktop.window.speaker import Speaker  # noqa: PLC0415
    from clients.desktop.window.window import Window  # noqa: PLC0415

    settings = SettingsFile.read(settings_path(os.environ))
    if settings.trouble:
        print(f"skirmish desktop: {settings.trouble}", file=sys.stderr)
    try:
        if name is not None:
            settings.change(name=name)
    except SettingsError as error:
        return _refuse(str(error))
    window, speaker = Window(settings.values.full_screen), Speaker()
    try:
        window.open()
    except pygame.error as error:
        return _refuse(f"no window can be opened: {error}")
    if window.is_unseen and not any(name in os.environ for name in CHOSEN):
        window.close()
        return _refuse(UNSEEN.format(url=address.http("/")))
    try:
        silence = "" if is_silent else speaker.open()
        if silence:
            print(f"skirmish desktop: {silence}", file=sys.stderr)
        trio.run(run_app, address, settings, window, speaker)
    finally:
        speaker.close()
        window.close()
        pygame.quit()
    return 0


def _refuse(words: str) -> int:
    print(f"skirmish desktop: {words}", file=sys.stderr)
    return 1
