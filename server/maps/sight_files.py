"""Files of what is seen from where on each map, so that a server need not compute it at its start.

Owns: the files and their format. Must not know: how the sets are computed (`game.sightlines`).
Invariant: a file is used only for the very walls and code that it was computed with; without it
everything works, and the start takes more than a second of processor time.

`python -m server.maps.sight_files` writes them for the maps that come with the game; installing
does that. A file holds the windows of all tiles that are not walls, in order, packed by zlib.
"""

import hashlib
import sys
import zlib
from functools import lru_cache
from pathlib import Path

import game.sightlines
from game.arena import Arena
from game.sightlines import DARKNESS, windows_of

FOLDER = "built"  # beside the maps
SUFFIX = ".sight"
DIGEST_CHARACTERS = 16

Windows = dict[int, bytes]


def windows_from(folder: Path, arena: Arena) -> Windows:
    """Return the windows of a map: from its file if there is one, else computed."""
    try:
        packed = _path(folder, arena).read_bytes()
        return _unpacked(packed, arena)
    except (OSError, zlib.error, ValueError):
        return windows_of(arena.walls, arena.width)


def write_windows(folder: Path, arena: Arena) -> Path:
    """Write the file of a map, unless it is there. Raises OSError."""
    path = _path(folder, arena)
    if not path.exists():
        folder.mkdir(exist_ok=True)
        windows = windows_of(arena.walls, arena.width)
        beside = path.with_suffix(".new")
        beside.write_bytes(zlib.compress(b"".join(windows[tile] for tile in sorted(windows))))
        beside.replace(path)
    return path


def write_all(folder: Path, arenas: list[Arena]) -> None:
    """Write the files of these maps, and remove those of others. Raises OSError."""
    wanted = {write_windows(folder, arena) for arena in arenas}
    for path in folder.glob(f"*{SUFFIX}"):
        if path not in wanted:
            path.unlink()


def _path(folder: Path, arena: Arena) -> Path:
    digest = hashlib.sha256(_code())
    digest.update(b"%d\0" % arena.width + arena.walls)
    return folder / f"{arena.name}-{digest.hexdigest()[:DIGEST_CHARACTERS]}{SUFFIX}"


def _unpacked(packed: bytes, arena: Arena) -> Windows:
    """Raises ValueError, zlib.error."""
    size = len(DARKNESS)
    tiles = [tile for tile, wall in enumerate(arena.walls) if not wall]
    stream = zlib.decompressobj()
    plain = stream.decompress(packed, len(tiles) * size + 1)
    if len(plain) != len(tiles) * size:
        raise ValueError(f"{arena.name}: {len(plain)} bytes for {len(tiles)} tiles")
    return {tile: plain[at * size : (at + 1) * size] for at, tile in enumerate(tiles)}


@lru_cache(maxsize=1)
def _code() -> bytes:
    return Path(game.sightlines.__file__).read_bytes()


def main() -> int:
    """Write the files of the maps that come with the game."""
    from server.maps.files import load_maps  # noqa: PLC0415  # it imports this module

    maps = Path(__file__).resolve().parents[2] / "maps"
    try:
        write_all(maps / FOLDER, list(load_maps(maps).values()))
    except OSError as error:
        print(f"What is seen on maps is computed at each start: {error}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
