"""`skirmish debug FILE…`: travel through a journal, at a prompt or by a script.

Owns: where commands come from: `-c`, a pipe, or a person. Must not know: what they do. Invariant:
a script's status is 0 only when every command succeeded.
"""

import argparse
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from server.commands.errors import FAILED, CommandError
from server.debugger.shell import Shell
from server.replays.recording import RecordingError, open_recording
from server.replays.session import ReplaySession, find_arena

HELP = "travel through a journal: step both ways, ask which input or event changed a field"
MAPS = Path(__file__).resolve().parents[2] / "maps"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the files and the script."""
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="segments of one round: .skj, .skj.gz"
    )
    parser.add_argument("--maps", type=Path, default=MAPS, help="folder of the maps")
    parser.add_argument(
        "-c", dest="script", metavar="COMMANDS", help='commands, such as "goto 900; why health[3]"'
    )


def run(args: argparse.Namespace) -> int:
    """Run commands until there are no more."""
    try:
        recording = open_recording(args.files)
        shell = Shell(ReplaySession(recording, find_arena(recording.header, args.maps)), args.files)
    except RecordingError as error:
        raise CommandError(str(error)) from error
    if args.script is not None:
        return _run_script(shell, args.script.split(";"))
    if not sys.stdin.isatty():
        return _run_script(shell, sys.stdin)
    return _converse(shell)


def _run_script(shell: Shell, lines: Iterable[str]) -> int:
    for line in lines:
        command = line.partition("#")[0].strip()
        if not command:
            continue
        print(f"{shell.prompt}{command}")
        if shell.run_line(command):
            break
    return FAILED if shell.failed else 0


def _converse(shell: Shell) -> int:
    with suppress(ImportError):
        import readline  # noqa: F401, PLC0415  # history and editing, where Python has it
    shell.run_line("info")
    print("help lists the commands, quit leaves.")
    while True:
        try:
            line = input(shell.prompt)
        except EOFError:
            print()
            return 0
        except KeyboardInterrupt:
            print()
            continue
        if shell.run_line(line):
            return 0
