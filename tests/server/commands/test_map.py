"""`skirmish map`: its output for map makers, and its exit status."""

import argparse
import builtins
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from server.commands import map as map_command
from server.commands.errors import CommandError
from tests.game.tiled_maps import document_from, text_of

GOOD = text_of(document_from())
OPEN = text_of(document_from("#.####\n#s..s#\n#s..s#\n#....#\n######"))


def skirmish_map(*words: str | Path) -> int:
    parser = argparse.ArgumentParser()
    map_command.add_arguments(parser)
    return map_command.run(parser.parse_args([str(word) for word in words]))


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_a_good_map_gets_a_line_of_facts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, "hall.tmj", GOOD)
    assert skirmish_map("check", path) == 0
    assert capsys.readouterr().out == (
        f"{path}: Drawn, 2 to 4 players, 10 × 7 tiles, 36 of floor, 4 spawns, 3 pickups, "
        "longest sight line about 8 tiles\n"
    )


def test_one_number_of_players_is_said_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        skirmish_map("check", written(tmp_path, "d.tmj", text_of(document_from(players_max=2))))
        == 0
    )
    assert "Drawn, 2 players," in capsys.readouterr().out


def test_every_fault_of_every_map_gets_a_line_and_the_good_ones_are_checked_still(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad, good = written(tmp_path, "open.tmj", OPEN), written(tmp_path, "hall.tmj", GOOD)
    assert skirmish_map("check", bad, tmp_path / "none.tmj", good) == 1
    out, err = capsys.readouterr()
    assert err.splitlines() == [
        f"{bad}:1,0: the border is open for 1 tile: close it with walls",
        f"{tmp_path / 'none.tmj'}: the file cannot be read: No such file or directory",
    ]
    assert out.startswith(f"{good}: Drawn")


def test_a_map_that_another_program_wrote_is_named_or_read_and_drawn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    marked = written(tmp_path, "hall.tmj", "\ufeff" + GOOD)
    assert skirmish_map("check", marked) == 0
    assert skirmish_map("render", marked) == 0
    for name in ("hall.tmx", "renamed.tmj"):
        source = written(tmp_path, name, '<?xml version="1.0"?>\n<map version="1.10"></map>')
        assert skirmish_map("check", source) == 1
        assert capsys.readouterr().err == (
            f"{source}: the file is XML (.tmx), which is not read: open it in Tiled and choose"
            " File > Export As…, JSON map files (*.tmj *.json)\n"
        )


def test_a_picture_is_drawn_beside_the_map_or_where_one_wants_it(tmp_path: Path) -> None:
    path = written(tmp_path, "hall.tmj", GOOD)
    assert skirmish_map("render", path) == 0
    assert skirmish_map("render", path, "-o", tmp_path / "else.png") == 0
    for name in ("hall.png", "else.png"):
        with Image.open(tmp_path / name) as picture:
            assert (picture.format, picture.size) == ("PNG", (240, 168))


def test_a_bad_map_gets_no_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, "open.tmj", OPEN)
    assert skirmish_map("render", path) == 1
    assert "the border is open" in capsys.readouterr().err
    assert not (tmp_path / "open.png").exists()


def test_a_picture_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    path = written(tmp_path, "hall.tmj", GOOD)
    with pytest.raises(CommandError, match="cannot be written: No such file"):
        skirmish_map("render", path, "-o", tmp_path / "no" / "where.png")


def test_without_pillow_the_command_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    true_import = builtins.__import__

    def without_pillow(name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith("PIL"):
            raise ImportError(name)
        return true_import(name, *rest, **more)

    monkeypatch.delitem(sys.modules, "server.maps.picture", raising=False)
    monkeypatch.delattr("server.maps.picture", raising=False)
    monkeypatch.setattr(builtins, "__import__", without_pillow)
    with pytest.raises(CommandError, match=r"-m pip install 'pillow>=12'"):
        skirmish_map("render", written(tmp_path, "hall.tmj", GOOD))
