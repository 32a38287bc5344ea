"""The fingerprint is another one when anything that both sides must share is."""

from dataclasses import replace

import attrs
import pytest

from game.movement import move
from game.tuning import TUNING
from game.wire import fingerprint as module
from game.wire import probe
from game.wire.fingerprint import FINGERPRINT_BYTES, canonical_text, fingerprint
from game.wire.messages import MESSAGES


def test_it_has_eight_bytes_and_stays() -> None:
    assert len(fingerprint()) == FINGERPRINT_BYTES
    assert canonical_text() == canonical_text()


def test_another_limit_in_the_table_is_another_protocol(monkeypatch: pytest.MonkeyPatch) -> None:
    before = canonical_text()
    changed = (attrs.evolve(MESSAGES[0], name="hallo"), *MESSAGES[1:])
    monkeypatch.setattr(module, "MESSAGES", changed)
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
