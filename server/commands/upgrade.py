"""`skirmish upgrade`: replace the running code by the code on disk, live.

Owns: the conversation with the supervisor. Must not know: how an upgrade works. Invariant: it
prints what the supervisor reports, and its exit status says whether all went well.
"""

import argparse

import trio

from server.commands.errors import FAILED, CommandError
from server.commands.setting_flags import add_setting_flags, settings_from
from server.config.settings import Settings
from server.process.channel import Channel, ChannelEndedError, connect
from server.process.folders import RunFolder, RunFolderError
from server.process.messages import FROM_OPERATOR, PROTOCOL, TO_OPERATOR

NOBODY_THERE = (FileNotFoundError, ConnectionRefusedError)
HELP = "replace the running processes by the code on disk, without ending a match"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the settings as flags, which select the server."""
    add_setting_flags(parser)


def run(args: argparse.Namespace) -> int:
    """Upgrade; 0 when every process was replaced."""
    return trio.run(_upgrade, settings_from(args).settings)


async def _upgrade(settings: Settings) -> int:
    try:
        folder = RunFolder.of(settings)
    except RunFolderError as error:
        raise CommandError(str(error)) from error
    try:
        channel = Channel(connect(folder.operator_path), FROM_OPERATOR, TO_OPERATOR)
    except OSError as error:
        why = "" if isinstance(error, NOBODY_THERE) else f" ({error.strerror})"
        raise CommandError(
            f"no server with worker processes answers in {folder.path}{why}: "
            "`upgrade` needs one that was started with --workers and the same settings"
        ) from error
    channel.send("upgrade", PROTOCOL)
    try:
        while True:
            message = await channel.receive()
            if message.name == "done":
                is_good, text = message.fields
                print(text, flush=True)
                return 0 if is_good else FAILED
            print(message.fields[0], flush=True)
    except ChannelEndedError:
        raise CommandError("the server went away before it was done") from None
