"""`skirmish WORD …`: finds the module behind a word and runs it.

Owns: the list of words. Must not know: what they do. Invariant: only the module of the word that
was given is loaded, so `skirmish version` does not wait for the server's imports.

The server's own words are listed here. Others are entry points of the group `skirmish.commands`:
the bots' command belongs to the clients, which the server never imports. A module has HELP,
`add_arguments(parser)` and `run(args) -> int`.
"""

import argparse
import difflib
import errno
import importlib
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import entry_points
from types import ModuleType

from server.commands.errors import FAILED, INTERRUPTED, MISUSED, CommandError
from server.ops.plain import plain_output

GROUP = "skirmish.commands"
COMPILED = "game.compiled"
OWN = {
    "map": "server.commands.map",
    "play": "server.commands.play",
    "serve": "server.commands.serve",
    "replay": "server.commands.replay",
    "debug": "server.commands.debug",
    "upgrade": "server.commands.upgrade",
    "config": "server.commands.config",
    "version": "server.commands.version",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status."""
    with plain_output():
        try:
            return _main(arguments)
        except ImportError as error:
            if error.name != COMPILED:
                raise
            print(f"skirmish: {error}", file=sys.stderr)  # raised by `game.compiled`
            return MISUSED


def _main(arguments: Sequence[str] | None) -> int:
    words = list(sys.argv[1:] if arguments is None else arguments)
    commands = find_commands()
    if not words or words[0] in ("-h", "--help", "help"):
        print(_overview(commands))
        return 0
    word = "version" if words[0] == "--version" else words[0]
    if word not in commands:
        near = difflib.get_close_matches(word, commands, n=1)
        hint = f"did you mean {near[0]}?" if near else "skirmish --help lists the commands"
        print(f"skirmish: there is no command {word!r}; {hint}", file=sys.stderr)
        return MISUSED
    return _run(word, importlib.import_module(commands[word]), words[1:])


def find_commands() -> Mapping[str, str]:
    """Return module names by word; no entry point can replace one of the server's own."""
    return {**{point.name: point.value for point in entry_points(group=GROUP)}, **OWN}


def _run(word: str, module: ModuleType, arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog=f"skirmish {word}", description=module.HELP, allow_abbrev=False
    )
    module.add_arguments(parser)
    try:
        status: int = module.run(parser.parse_args(arguments))
        sys.stdout.flush()
    except CommandError as error:
        print(f"skirmish {word}: {error}", file=sys.stderr)
        return error.status
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output, such as a pager, has ended
        return FAILED
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        print(f"skirmish {word}: no space for the output", file=sys.stderr)
        return FAILED
    return status


def _overview(commands: Mapping[str, str]) -> str:
    lines = ["usage: skirmish COMMAND …", "", "A multiplayer arena game and its server.", ""]
    for word, name in commands.items():
        lines.append(f"  {word:<10} {importlib.import_module(name).HELP}")
    return "\n".join([*lines, "", "skirmish COMMAND --help says more."])


if __name__ == "__main__":
    sys.exit(main())
