"""Reads the map folder: every `.tmj` in it, parsed for the rules and raw for browsers.

Owns: where map bytes come from. Must not know: Tiled's format, HTTP. Invariant: either all maps
of a folder are good, or one error names everything that is wrong in any of them.
"""

import os
from functools import partial
from pathlib import Path

from attrs import frozen

from game.arena import Arena
from game.map_faults import MapFault, MapFaults
from game.tiled import parse
from game.tiled_text import FILE_BYTES_MAX, decode
from game.visibility import provide_windows
from server.maps.sight_files import FOLDER, windows_from

FILES_MAX = 64  # as many as the lobby's `welcome` may list
SUFFIX = ".tmj"
SOURCE_SUFFIX = ".tmx"  # Tiled's own format: people keep it beside what they export


@frozen
class MapFile:
    """A good map: what the rules see of it, and the bytes that browsers fetch.

    `raw` leaves out a byte order mark, so that its digest is that of the text.
    """

    arena: Arena
    raw: bytes


class MapFolderError(Exception):
    """A folder of maps was refused; `lines` has one `file:column,row: what` for every fault."""

    def __init__(self, lines: list[str]) -> None:
        """Keep `lines`; there is at least one."""
        super().__init__("\n".join(lines))
        self.lines = lines


def read_map(path: Path) -> MapFile:
    """Read one map. Raises `MapFaults`, for a file that cannot be read as well."""
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            raw = file.read(FILE_BYTES_MAX + 1)  # one more shows `decode` that it is too long
    except OSError as error:
        reason = error.strerror or str(error)
        raise MapFaults((MapFault(f"the file cannot be read: {reason}"),)) from error
    text = decode(raw, size)
    arena = parse(text, path.stem)
    if path.suffix != SUFFIX:
        raise MapFaults(
            (MapFault(f"only files that end in {SUFFIX} are read: rename it {arena.name}{SUFFIX}"),)
        )
    return MapFile(arena, text.encode())


def fault_lines(path: Path, faults: MapFaults) -> list[str]:
    """Return one line for each fault, in the way compilers write them."""
    return [
        f"{path}:{fault}" if fault.column is not None else f"{path}: {fault}"
        for fault in faults.faults
    ]


def load_map_files(folder: Path) -> dict[str, MapFile]:
    """Read all maps of `folder`, by name, in order of name. Raises `MapFolderError`."""
    paths = _map_paths(folder)
    if not paths:
        raise MapFolderError([f"{folder}: there is no map (.tmj) in this folder"])
    if len(paths) > FILES_MAX:
        raise MapFolderError([f"{folder}: {len(paths)} maps, at most {FILES_MAX} are allowed"])
    files: dict[str, MapFile] = {}
    lines: list[str] = []
    for path in paths:
        try:
            file = files[path.stem] = read_map(path)
            provide_windows(file.arena, partial(windows_from, folder / FOLDER, file.arena))
        except MapFaults as faults:
            lines += fault_lines(path, faults)
    if lines:
        raise MapFolderError(lines)
    return files


def _map_paths(folder: Path) -> list[Path]:
    """Return the maps of a folder, and files easily taken for maps, which are refused later."""
    return [
        path
        for path in sorted(folder.glob("*"))
        if path.suffix == SUFFIX
        or (
            path.suffix.lower() in (SUFFIX, SOURCE_SUFFIX) and not path.with_suffix(SUFFIX).exists()
        )
    ]


def load_maps(folder: Path) -> dict[str, Arena]:
    """Read all maps of `folder` for the rules, by name. Raises `MapFolderError`."""
    return {name: file.arena for name, file in load_map_files(folder).items()}
