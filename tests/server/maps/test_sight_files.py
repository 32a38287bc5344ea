"""Files of what is seen: as good as computing it, never stale, and nothing depends on them."""

import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from attrs import define, field
from hypothesis import given
from hypothesis import strategies as st

from game.arena import Arena
from game.sightlines import windows_of
from game.visibility import visibility_of
from server.maps import sight_files
from server.maps.files import load_maps
from server.maps.sight_files import FOLDER, Windows, windows_from, write_all, write_windows
from tests.examples import examples
from tests.strategies import HALL, arena_from

HALL_ARENA = arena_from(HALL)
MAPS = Path(__file__).parents[3] / "maps"


@define
class Counted:
    """The computation, counted."""

    times: int = field(default=0)

    def __call__(self, walls: bytes, width: int) -> Windows:
        self.times += 1
        return windows_of(walls, width)


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> Counted:
    counted = Counted()
    monkeypatch.setattr(sight_files, "windows_of", counted)
    return counted


def test_a_file_holds_what_would_be_computed(tmp_path: Path, computed: Counted) -> None:
    write_windows(tmp_path, HALL_ARENA)
    assert computed.times == 1
    assert windows_from(tmp_path, HALL_ARENA) == windows_of(HALL_ARENA.walls, HALL_ARENA.width)
    write_windows(tmp_path, HALL_ARENA)
    assert computed.times == 1


def test_without_a_file_it_is_computed(tmp_path: Path, computed: Counted) -> None:
    assert windows_from(tmp_path, HALL_ARENA) == windows_of(HALL_ARENA.walls, HALL_ARENA.width)
    assert computed.times == 1


SPOILERS: list[Callable[[bytes], bytes]] = [
    lambda packed: b"",
    lambda packed: packed[:-9],
    lambda packed: packed[: len(packed) // 2],
    lambda packed: b"nonsense" + packed,
    lambda packed: packed[:20] + b"\xff" + packed[21:],
    lambda packed: zlib.compress(bytes(10_000_000)),
]


@pytest.mark.parametrize("spoil", SPOILERS)
def test_a_damaged_file_is_passed_over(
    tmp_path: Path, computed: Counted, spoil: Callable[[bytes], bytes]
) -> None:
    path = write_windows(tmp_path, HALL_ARENA)
    path.write_bytes(spoil(path.read_bytes()))
    assert windows_from(tmp_path, HALL_ARENA) == windows_of(HALL_ARENA.walls, HALL_ARENA.width)
    assert computed.times == 2


@given(st.integers(0, len(HALL_ARENA.walls) - 1))
@examples(20)
def test_a_changed_wall_has_a_file_of_its_own(tile: int) -> None:
    walls = bytearray(HALL_ARENA.walls)
    walls[tile] ^= 1
    changed = changed_arena(bytes(walls))
    here = Path("here")
    assert sight_files._path(here, changed) != sight_files._path(here, HALL_ARENA)


def changed_arena(walls: bytes) -> Arena:
    return replace(HALL_ARENA, walls=walls)


def test_changed_code_has_files_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    before = sight_files._path(Path("here"), HALL_ARENA)
    monkeypatch.setattr(sight_files, "_code", lambda: b"another way")
    assert sight_files._path(Path("here"), HALL_ARENA) != before


def test_files_of_former_maps_are_removed(tmp_path: Path) -> None:
    old = write_windows(tmp_path, changed_arena(bytes(len(HALL_ARENA.walls))))
    write_all(tmp_path, [HALL_ARENA])
    assert not old.exists()
    assert len(list(tmp_path.iterdir())) == 1


def test_a_loaded_map_uses_its_file(tmp_path: Path, computed: Counted) -> None:
    (tmp_path / "crossfire.tmj").write_bytes((MAPS / "crossfire.tmj").read_bytes())
    arena = load_maps(tmp_path)["crossfire"]
    write_windows(tmp_path / FOLDER, arena)
    assert computed.times == 1
    again = load_maps(tmp_path)["crossfire"]
    seen = visibility_of(again)
    assert computed.times == 1
    air = [tile for tile, wall in enumerate(again.walls) if not wall]
    windows = windows_of(again.walls, again.width)
    assert all(
        seen.window(tile % again.width, tile // again.width) == windows[tile] for tile in air
    )
