"""The folder of maps is accepted or refused as a whole, with every fault of every file."""

import hashlib
from pathlib import Path

import pytest

from game.map_faults import MapFaults
from game.tiled_text import FILE_BYTES_MAX
from server.maps.files import FILES_MAX, MapFolderError, load_map_files, load_maps, read_map
from tests.game.tiled_maps import document_from, text_of
from tests.journals import house_maps

OURS = ("bastion", "crossfire", "expanse", "foundry", "ravine")
MAPS = Path(__file__).parents[3] / "maps"
GOOD = text_of(document_from())


def test_the_maps_that_come_with_skirmish_are_good() -> None:
    sizes = {
        name: (arena.players_min, arena.players_max) for name, arena in load_maps(MAPS).items()
    }
    assert sizes == {
        "bastion": (8, 16),
        "crossfire": (2, 2),
        "expanse": (8, 128),
        "foundry": (4, 8),
        "ravine": (6, 16),
    }


@pytest.mark.parametrize("name", OURS)
def test_our_maps_turn_into_themselves_by_half_a_turn(name: str) -> None:
    arena = house_maps()[name]
    assert arena.walls == arena.walls[::-1]
    width, height = arena.width * 1024, arena.height * 1024
    spawns = {(spawn.x, spawn.y) for spawn in arena.spawns}
    assert spawns == {(width - x, height - y) for x, y in spawns}
    flags = {(base.team, base.x, base.y) for base in arena.flags}
    assert flags == {(3 - team, width - x, height - y) for team, x, y in flags}
    pads = {(pad.kind, pad.x, pad.y) for pad in arena.pads}
    assert pads == {(kind, width - x, height - y) for kind, x, y in pads}


@pytest.mark.parametrize("name", OURS)
def test_nowhere_on_our_maps_is_a_way_one_tile_wide(name: str) -> None:
    arena = house_maps()[name]
    for index, wall in enumerate(arena.walls):
        if not wall:
            assert not (arena.walls[index - 1] and arena.walls[index + 1]), index
            assert not (arena.walls[index - arena.width] and arena.walls[index + arena.width])


def test_a_map_file_keeps_the_bytes_as_they_are(tmp_path: Path) -> None:
    raw = (GOOD + "\r\n  ").encode()
    (tmp_path / "hall.tmj").write_bytes(raw)
    file = load_map_files(tmp_path)["hall"]
    assert (file.arena.name, file.raw) == ("hall", raw)


def test_a_byte_order_mark_is_no_part_of_what_browsers_fetch(tmp_path: Path) -> None:
    (tmp_path / "hall.tmj").write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    file = read_map(tmp_path / "hall.tmj")
    assert file.raw == GOOD.encode()
    assert file.arena.digest == hashlib.sha256(file.raw).hexdigest()[:16]


def test_a_map_of_another_format_in_the_folder_is_refused_and_never_passed_over(
    tmp_path: Path,
) -> None:
    for name in ("hall.tmj", "loft.TMJ"):
        (tmp_path / name).write_text(GOOD)
    (tmp_path / "barn.tmx").write_text('<?xml version="1.0"?>\n<map version="1.10"/>')
    with pytest.raises(MapFolderError) as caught:
        load_maps(tmp_path)
    barn, loft = caught.value.lines
    assert barn.startswith(f"{tmp_path / 'barn.tmx'}: the file is XML (.tmx), which is not read")
    assert loft.endswith("loft.TMJ: only files that end in .tmj are read: rename it loft.tmj")


def test_a_map_may_lie_beside_what_it_was_exported_from(tmp_path: Path) -> None:
    (tmp_path / "hall.tmj").write_text(GOOD)
    (tmp_path / "hall.tmx").write_text("<map/>")
    assert list(load_maps(tmp_path)) == ["hall"]


def test_maps_come_in_order_of_name_and_other_files_do_not_matter(tmp_path: Path) -> None:
    for name in ("c.tmj", "a.tmj", "b.tmj"):
        (tmp_path / name).write_text(GOOD)
    (tmp_path / "notes.txt").write_text("no map")
    assert list(load_maps(tmp_path)) == ["a", "b", "c"]


def test_every_fault_of_every_file_is_reported_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "good.tmj").write_text(GOOD)
    (tmp_path / "open.tmj").write_text(
        text_of(document_from("#.####\n#s..s#\n#s..s#\n#....#\n######"))
    )
    (tmp_path / "text.tmj").write_text("hello")
    (tmp_path / "bytes.tmj").write_bytes(b"\xff")
    with pytest.raises(MapFolderError) as caught:
        load_maps(tmp_path)
    bytes_line, open_line, text_line = caught.value.lines
    assert bytes_line.startswith(f"{tmp_path / 'bytes.tmj'}: the file is not UTF-8 text")
    assert open_line.startswith(f"{tmp_path / 'open.tmj'}:1,0: the border is open for 1 tile")
    assert text_line.startswith(f"{tmp_path / 'text.tmj'}: the file is not JSON")


def test_a_folder_without_maps_is_refused(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(MapFolderError, match="there is no map"):
            load_maps(folder)


def test_a_folder_of_too_many_maps_is_refused(tmp_path: Path) -> None:
    for number in range(FILES_MAX + 1):
        (tmp_path / f"{number}.tmj").write_text("")
    with pytest.raises(MapFolderError, match=f"{FILES_MAX + 1} maps, at most {FILES_MAX}"):
        load_maps(tmp_path)


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(MapFaults, match="cannot be read: No such file"):
        read_map(tmp_path / "none.tmj")
    with pytest.raises(MapFaults, match="cannot be read: Is a directory"):
        read_map(tmp_path)


def test_a_file_of_any_length_is_not_read_beyond_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "long.tmj"
    with path.open("wb") as file:
        file.truncate(FILE_BYTES_MAX * 4)  # sparse: it takes no space
    with pytest.raises(MapFaults, match=f"the file has {FILE_BYTES_MAX * 4:,} bytes"):
        read_map(path)
