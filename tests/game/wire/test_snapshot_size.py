"""The promise of DESIGN's table: a snapshot of sixteen moving players has at most 130 bytes."""

from pathlib import Path
from statistics import mean

import pytest

from game.tiled import parse
from game.wire.snapshot import SnapshotWriter
from tests.game.wire.crowd import PLAYERS, crowd_views

MAPS = sorted((Path(__file__).parents[3] / "maps").glob("*.tmj"))
BYTES_MAX = 130
SNAPSHOTS = 600  # twenty seconds
SETTLED_AFTER = 200  # countdown and first steps are over


@pytest.mark.parametrize("has_fog", [True, False], ids=["fog", "clear"])
@pytest.mark.parametrize("path", MAPS, ids=lambda path: path.stem)
def test_sixteen_running_players_fit_into_the_promised_bytes(path: Path, *, has_fog: bool) -> None:
    arena = parse(path.read_text(encoding="utf-8"), path.stem)
    writer, base, sizes, moving = SnapshotWriter(64, fog=has_fog), None, [], []
    for view in crowd_views(arena, seed=7, count=SNAPSHOTS):
        writer.push(view)
        sizes.append(len(writer.message(0, base, 2)))
        moving.append(sum(1 for player in view.bodies.values() if player.vx or player.vy))
        base = view.tick
    assert mean(moving[SETTLED_AFTER:]) >= PLAYERS * 3 / 4  # the others stand at walls
    assert mean(sizes[SETTLED_AFTER:]) <= BYTES_MAX
