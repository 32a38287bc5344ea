"""This Python's results for journals: `python -m tests.versions.answers FOLDER…` says it in JSON.

Owns: the answer. Must not know: other Pythons. Needs nothing but attrs and cbor2. Invariant: an
answer is about the whole journal: the digest of the world every `DIGEST_EVERY_TICKS` and after the
last tick, and whether all that was written down is what came out.
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from game.events import Event
from game.state import digest
from game.world import World
from server.replays.recording import RecordingError, join_segments, read_file
from server.replays.session import ReplaySession, find_arena
from server.replays.verify import verify

MAPS = Path(__file__).resolve().parents[2] / "maps"
DIGEST_EVERY_TICKS = 30

Answer = dict[str, Any]


def answers(folders: Iterable[Path]) -> dict[str, Answer]:
    """The answers for all journals below these folders, by their relative path."""
    return {
        path.relative_to(folder).as_posix(): answer(path)
        for folder in folders
        for path in sorted(folder.rglob("*.skj*"))
    }


def answer(path: Path) -> Answer:
    """Replay one file by itself. `fault` is "" when everything is as it was written."""
    try:
        session = ReplaySession(recording := join_segments([(path.name, read_file(path))]),
                    find_arena(recording.header, MAPS))  # fmt: skip
        first = session.world_at(session.first_tick)
        digests = {session.first_tick: digest(first).hex()}

        def note(world: World, _events: list[Event]) -> None:
            if world.tick % DIGEST_EVERY_TICKS == 0 or world.tick == session.last_tick:
                digests[world.tick] = digest(world).hex()

        verification = verify(session, note)
    except RecordingError as error:
        return {"fault": str(error), "ticks": 0, "digests": {}}
    divergence = verification.divergence
    return {
        "fault": f"tick {divergence.tick}: {divergence.what}"
        if divergence
        else recording.journal.damage,
        "ticks": verification.last_tick - verification.first_tick,
        "mode": first.config.mode,
        "goes_on": bool(recording.header.segment),
        "bots": any(row.bot for row in verification.rows),
        "digests": digests,
    }


if __name__ == "__main__":
    json.dump(answers(map(Path, sys.argv[1:])), sys.stdout)
