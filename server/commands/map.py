"""`skirmish map check FILE…` and `skirmish map render FILE`: tools for people who make maps.

Owns: the terminal output. Must not know: the rules of a good map. Invariant: the exit
status is 0 only when every map that was named is good and every picture was written.
"""

import argparse
import sys
from pathlib import Path

from game.arena import Arena
from game.map_faults import MapFaults
from game.tiled import floor_tiles
from server.commands.atomic_file import open_atomically
from server.commands.errors import FAILED, CommandError
from server.maps.facts import facts_of
from server.maps.files import fault_lines, read_map

PILLOW = "pillow>=12"
HELP = "check maps, and draw pictures of them"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the two tools."""
    tools = parser.add_subparsers(dest="tool", required=True, metavar="check|render")
    check = tools.add_parser("check", help="say what is wrong with a map, and where")
    check.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a Tiled map (.tmj)")
    render = tools.add_parser("render", help="draw a map as a PNG picture")
    render.add_argument("file", type=Path, metavar="FILE", help="a Tiled map (.tmj)")
    render.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="PNG",
        help="where to write it; beside FILE if not given",
    )


def run(args: argparse.Namespace) -> int:
    """Run the tool that was asked for, and return the exit status."""
    if args.tool == "check":
        return _check(args.files)
    return _render(args.file, args.output or args.file.with_suffix(".png"))


def _check(paths: list[Path]) -> int:
    status = 0
    for path in paths:
        try:
            arena = read_map(path).arena
        except MapFaults as faults:
            _complain(path, faults)
            status = FAILED
        else:
            print(f"{path}: {arena.title}, {_people(arena)}, {facts_of(arena)}")
    return status


def _render(path: Path, output: Path) -> int:
    try:
        from server.maps import picture  # noqa: PLC0415 - it needs Pillow, which is an extra
    except ImportError as error:
        raise CommandError(
            f"pictures need Pillow: '{sys.executable}' -m pip install '{PILLOW}'"
        ) from error
    try:
        file = read_map(path)
    except MapFaults as faults:
        _complain(path, faults)
        return FAILED
    image = picture.draw(file.arena, floor_tiles(file.raw.decode("utf-8")))
    try:
        with open_atomically(output) as stream:
            image.save(stream, format="PNG")
    except OSError as error:
        raise CommandError(f"{output} cannot be written: {error.strerror or error}") from error
    print(f"{output}: {image.width} × {image.height} pixels")
    return 0


def _people(arena: Arena) -> str:
    if arena.players_min == arena.players_max:
        return f"{arena.players_max} players"
    return f"{arena.players_min} to {arena.players_max} players"


def _complain(path: Path, faults: MapFaults) -> None:
    for line in fault_lines(path, faults):
        print(line, file=sys.stderr)
