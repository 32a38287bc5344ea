"""Builds have different names exactly when their rules differ."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from server.version import build, rules_digest, version

ROOT = Path(__file__).parents[2]


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    for name in ("step.py", "modes/duel.py", "brain/aim.py", "wire/codec.py", "journal/reader.py"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"# {name}")
    return tmp_path


def test_a_build_is_a_version_and_its_rules():
    name, _, rules = build().partition("+")
    assert name == version()
    assert len(bytes.fromhex(rules)) == 4
    assert len(build()) <= 64, "it has to fit into the message of a process that is ready"


@pytest.mark.parametrize("name", ["step.py", "modes/duel.py", "journal/reader.py", "new.py"])
def test_other_rules_make_another_build(rules: Path, name: str):
    before = rules_digest(rules)
    (rules / name).write_text("SPEED = 2")
    assert rules_digest(rules) != before


@pytest.mark.parametrize("name", ["brain/aim.py", "wire/codec.py", "notes.txt"])
def test_files_that_decide_no_match_leave_the_digest_unchanged(rules: Path, name: str):
    before = rules_digest(rules)
    (rules / name).write_text("SPEED = 2")
    assert rules_digest(rules) == before


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of all sources."""
    ignored = shutil.ignore_patterns("built", "__pycache__", "node_modules", "dist")
    for room in ("game", "server", "clients", "docs"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=ignored)
    return tmp_path


def name_of(root: Path) -> str:
    """The build name that a process of this checkout reports."""
    words = [sys.executable, "-c", "from server.version import build; print(build())"]
    environment = {**os.environ, "SKIRMISH_COMPILED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        words, cwd=root, env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def edit(path: Path, line: str, other: str) -> None:
    source = path.read_text()
    assert source.count(line) == 1
    path.write_text(source.replace(line, other))


DECIDES = [
    ("game/combat.py", "player.ammo[number] -= 1", "player.ammo[number] -= 2"),
    ("game/tuning.py", "run_speed: int = 111", "run_speed: int = 112"),
    ("game/modes/duel.py", "score_limit=10", "score_limit=11"),
    ("game/tiled.py", "// 2 - place.x", "// 2 + 1 - place.x"),
    ("game/map_checks.py", "if not seen[beside]", "if seen[beside] != 1"),
    ("game/journal/records.py", "FORMAT: Final = 3", "FORMAT: Final = 4"),
    ("game/journal/replay.py", "begins - 1", "begins - 2"),
]


@pytest.mark.parametrize("edited", DECIDES, ids=lambda it: it[0])
def test_a_changed_line_of_what_decides_a_match_is_another_build(
    checkout: Path, edited: tuple[str, str, str]
) -> None:
    before = rules_digest(checkout / "game")
    edit(checkout / edited[0], *edited[1:])
    assert rules_digest(checkout / "game") != before


def test_a_changed_line_of_anything_else_is_the_same_build(checkout: Path) -> None:
    for name in (
        *("docs/ARCHITECTURE.md", "clients/desktop/app.py", "clients/browser/src/rules/weapons.ts"),
        *("server/app.py", "server/match/match.py", "game/brain/aiming.py", "game/wire/codec.py"),
    ):
        path = checkout / name
        path.write_text(path.read_text() + "\n")
    assert name_of(checkout) == build()
    edit(checkout / DECIDES[0][0], *DECIDES[0][1:])
    assert name_of(checkout) != build()
