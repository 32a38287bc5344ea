"""Whether this code may go on with a match is asked of the match's own journal."""

from pathlib import Path
from typing import Any

import pytest

from game.journal import RecordKind
from game.wire.fingerprint import fingerprint
from server.process.rehearsal import rehearse
from tests.game.journal.forging import forged, values_of
from tests.game.journal.matches import play
from tests.strategies import ARENA

MATCH = play(seed=3, ticks=60)
VALUES = values_of(MATCH.journal, MATCH.ends)
VALUES[0][VALUES[0].index(b"12345678")] = fingerprint()  # the header's, of the wire and the tuning
MAPS = {ARENA.name: ARENA}


def live(folder: Path, values: list[list[Any]], segment: int = 0, match_id: str = "m1") -> Path:
    (folder / f"{match_id}-r0000-s{segment:03}.skj").write_bytes(forged(values))
    return folder


def last_checkpoint() -> int:
    return max(i for i, one in enumerate(VALUES) if one[0] == RecordKind.CHECKPOINT)


def test_the_code_that_wrote_a_match_may_go_on_with_it(tmp_path: Path):
    (finding,) = rehearse(live(tmp_path, VALUES), MAPS)
    assert finding.agrees, finding
    assert finding.row() == ["m1", -1, ""]


def test_a_world_that_this_code_would_not_have_made_is_named_with_its_tick(tmp_path: Path):
    values = [list(one) for one in VALUES]
    place = last_checkpoint()
    other = next(i for i, one in enumerate(VALUES) if one[0] == RecordKind.CHECKPOINT and i)
    values[place] = [*values[place][:2], *VALUES[other][2:]]
    (finding,) = rehearse(live(tmp_path, values), MAPS)
    assert not finding.agrees
    assert 0 < finding.tick <= VALUES[place][1]


def test_another_tuning_is_named(tmp_path: Path):
    values = [list(one) for one in VALUES]
    values[0][values[0].index(fingerprint())] = b"other..."
    (finding,) = rehearse(live(tmp_path, values), MAPS)
    assert "the tuning" in finding.what


def test_a_map_that_is_gone_is_named(tmp_path: Path):
    (finding,) = rehearse(live(tmp_path, VALUES), {})
    assert f"no map {ARENA.name}" in finding.what


@pytest.mark.parametrize("content", [b"", b"no journal at all", bytes(100)])
def test_what_cannot_be_read_does_not_agree(tmp_path: Path, content: bytes):
    (tmp_path / "m1-r0000-s000.skj").write_bytes(content)
    (finding,) = rehearse(tmp_path, MAPS)
    assert not finding.agrees
    assert finding.what


def test_only_the_last_file_of_each_match_is_asked(tmp_path: Path):
    live(tmp_path, [], segment=0)  # would not agree
    live(tmp_path, VALUES, segment=1)
    live(tmp_path, VALUES, match_id="m2")
    (tmp_path / "m1.tries").touch()
    findings = rehearse(tmp_path, MAPS)
    assert [(it.match_id, it.agrees) for it in findings] == [("m1", True), ("m2", True)]
