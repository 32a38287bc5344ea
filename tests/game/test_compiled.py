"""An edit is never shadowed by an earlier build."""

import os
import shutil
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from game.compiled import MODULES

ROOT = Path(__file__).parents[2]
SAY = "from game.compiled import is_compiled; import game.trig; print(is_compiled(), game.trig.ONE)"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the sources of the game and the server."""
    for room in ("game", "server"):
        ignored = shutil.ignore_patterns("built", "__pycache__")
        shutil.copytree(ROOT / room, tmp_path / room, ignore=ignored)
    return tmp_path


def recipe(root: Path) -> ModuleType:
    spec = spec_from_file_location("compiled", root / "game" / "compiled.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def said(root: Path, wanted: str) -> "subprocess.CompletedProcess[str]":
    """The output of a process that runs the game in a folder."""
    environment = {key: value for key, value in os.environ.items() if key != "SKIRMISH_COMPILED"}
    if wanted:
        environment["SKIRMISH_COMPILED"] = wanted
    command = [sys.executable, "-c", SAY]
    return subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, check=False
    )


def test_equal_sources_have_one_name_wherever_they_lie(copy: Path) -> None:
    assert recipe(copy).build_name() == recipe(ROOT).build_name()


EDITED = ["game/movement.py", "game/events.py", "game/wire/messages.py", "server/match/counters.py"]


@pytest.mark.parametrize("name", EDITED)
def test_an_edit_of_a_module_or_of_what_it_imports_is_another_build(copy: Path, name: str) -> None:
    before = recipe(copy).build_name()
    path = copy / name
    path.write_text(path.read_text() + "\n# edited\n")
    assert recipe(copy).build_name() != before


@pytest.mark.parametrize("name", ["server/app.py", "game/wire/export.py"])
def test_an_edit_of_anything_else_costs_no_compiling(copy: Path, name: str) -> None:
    before = recipe(copy).build_name()
    path = copy / name
    path.write_text(path.read_text() + "\n# edited\n")
    assert recipe(copy).build_name() == before


def test_every_module_of_the_list_is_there() -> None:
    found = recipe(ROOT)
    assert len(set(MODULES)) == len(MODULES)
    assert all(found.source_of(name).is_file() for name in MODULES)


def pretend_to_have_compiled(copy: Path) -> None:
    """Make a build whose `game.trig` differs from the source."""
    found = recipe(copy)
    build = found.BUILDS / found.build_name()
    (build / "game").mkdir(parents=True)
    # It need not be machine code: the test only checks which file is chosen.
    (build / "game" / f"trig{found.SUFFIX}").write_bytes(b"no machine code")
    (build / found.COMPLETE).touch()


@pytest.mark.slow
@pytest.mark.everywhere
def test_a_build_of_these_sources_is_taken_and_one_of_others_is_not(copy: Path) -> None:
    assert said(copy, "").stdout == "False 16384\n"
    pretend_to_have_compiled(copy)
    assert said(copy, "").returncode, "what was compiled is taken, and cannot be loaded"
    assert said(copy, "0").stdout == "False 16384\n"
    path = copy / "game" / "trig.py"
    path.write_text(path.read_text() + "\nONE += 1\n")
    assert said(copy, "").stdout == "False 16385\n"
    refused = said(copy, "1")
    assert refused.returncode
    assert "nothing was compiled from these sources" in refused.stderr


def test_a_build_that_was_broken_off_is_not_taken(copy: Path) -> None:
    pretend_to_have_compiled(copy)
    found = recipe(copy)
    (found.BUILDS / found.build_name() / found.COMPLETE).unlink()
    assert said(copy, "").stdout == "False 16384\n"
