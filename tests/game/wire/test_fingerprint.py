"""The fingerprint is another one when anything that both sides must share is."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import attrs
import pytest

from game.movement import move
from game.tuning import TUNING
from game.wire import fingerprint as module
from game.wire import probe
from game.wire.fingerprint import FINGERPRINT_BYTES, canonical_text, fingerprint
from game.wire.messages import MESSAGES

ROOT = Path(__file__).parents[3]
# Lines of rules that clients predict with, each changed a little.
CHANGES = [
    ("combat.py", "buttons & FIRE and tick >= player.fire_ready_tick", "buttons & FIRE"),
    ("combat.py", "player.ammo[number] -= 1", "player.ammo[number] -= 2"),
    ("combat.py", "if wish and wish - 1 != player.weapon", "if wish > 1 and wish != player.weapon"),
    ("projectiles.py", "x=player.x,", "x=player.x + 1,"),
    ("projectiles.py", "end_tick=world.tick + weapon.life_ticks", "end_tick=world.tick + 9"),
    ("damage.py", "victim.vx + hit.knock_x", "victim.vx - hit.knock_x"),
    ("movement.py", "HALF: Final = ONE // 2", "HALF: Final = 0"),
]
ASK = "from game.wire.fingerprint import fingerprint; print(fingerprint().hex())"


def fingerprint_of(root: Path) -> str:
    """As another process works it out from the `game` in a folder, with hashes of its own."""
    environment = {**os.environ, "PYTHONHASHSEED": "7", "SKIRMISH_COMPILED": "0"}
    done = subprocess.run(
        [sys.executable, "-c", ASK], cwd=root, env=environment, capture_output=True, check=True
    )
    return done.stdout.decode().strip()


def test_it_has_eight_bytes_that_are_the_same_in_any_process() -> None:
    assert len(fingerprint()) == FINGERPRINT_BYTES
    assert fingerprint_of(ROOT) == fingerprint().hex()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "line", "other"), CHANGES, ids=[f"{name}: {line}" for name, line, _ in CHANGES]
)
def test_another_line_of_the_rules_is_another_protocol(
    tmp_path: Path, name: str, line: str, other: str
) -> None:
    ignored = shutil.ignore_patterns("built", "__pycache__")
    shutil.copytree(ROOT / "game", tmp_path / "game", ignore=ignored)
    path = tmp_path / "game" / name
    source = path.read_text()
    assert source.count(line) == 1
    path.write_text(source.replace(line, other))
    assert fingerprint_of(tmp_path) != fingerprint().hex()


def test_another_limit_in_the_table_is_another_protocol(monkeypatch: pytest.MonkeyPatch) -> None:
    before = canonical_text()
    monkeypatch.setattr(MESSAGES[0], "spec", attrs.evolve(MESSAGES[0].spec, name="hallo"))
    assert canonical_text() != before


def test_another_number_of_the_rules_is_another_protocol(monkeypatch: pytest.MonkeyPatch) -> None:
    before = canonical_text()
    weapons = (replace(TUNING.weapons[0], damage=13), *TUNING.weapons[1:])
    monkeypatch.setattr(module, "TUNING", replace(TUNING, weapons=weapons))
    assert canonical_text() != before


def test_physics_counts_as_protocol(monkeypatch: pytest.MonkeyPatch) -> None:
    before = canonical_text()

    def move_a_little_otherwise(player, arena, tuning, tick):  # type: ignore[no-untyped-def]
        move(player, arena, tuning, tick)
        if tick == 100:
            player.vx += 1

    monkeypatch.setattr(probe, "move", move_a_little_otherwise)
    assert canonical_text() != before


def test_the_probe_meets_every_open_tile_and_dashes() -> None:
    arena = probe.probe_arena()
    steps = [step for seed in range(200) for step in probe.walk(seed, 60, arena)]
    seen = {(step.y >> 10) * arena.width + (step.x >> 10) for step in steps}
    assert seen == {index for index, wall in enumerate(arena.walls) if not wall}
    assert any(step.dash_vx or step.dash_vy for step in steps)
