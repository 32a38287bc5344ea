"""Builds whose rules differ have other names, and only those."""

from pathlib import Path

import pytest

from server.version import build, rules_digest, version


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


@pytest.mark.parametrize("name", ["step.py", "modes/duel.py", "new.py"])
def test_other_rules_make_another_build(rules: Path, name: str):
    before = rules_digest(rules)
    (rules / name).write_text("SPEED = 2")
    assert rules_digest(rules) != before


@pytest.mark.parametrize("name", ["brain/aim.py", "wire/codec.py", "journal/new.py", "notes.txt"])
def test_what_does_not_say_how_a_world_goes_on_makes_none(rules: Path, name: str):
    before = rules_digest(rules)
    (rules / name).write_text("SPEED = 2")
    assert rules_digest(rules) == before
