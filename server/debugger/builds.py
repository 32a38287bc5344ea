"""The first tick at which another build of Skirmish plays a journal in another way.

Owns: asking the other build, in a process of its own. Must not know: terminals. The other build
runs every tick of the journal once (`skirmish replay --digests`), so nothing has to be guessed: a
search by halves would run nearly as much.
"""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path

from game.state import digest
from server.debugger.errors import DebugError
from server.replays.session import ReplaySession

PATIENCE_S = 600.0


def first_disagreement(session: ReplaySession, files: Sequence[Path], checkout: Path) -> int | None:
    """The first tick whose digest differs between this build and the one in `checkout`.

    None when all agree. Raises `DebugError` when the other build cannot say.
    """
    theirs = _digests_of(checkout, files)
    for ours, other in zip_longest(_own_digests(session), theirs):
        if ours is None or other is None or ours != other:
            return (ours or other or (session.last_tick, ""))[0]
    return None


def _own_digests(session: ReplaySession) -> Iterator[tuple[int, str]]:
    yield session.first_tick, digest(session.world_at(session.first_tick)).hex()
    for world, _ in session.walk(session.first_tick):
        yield world.tick, digest(world).hex()


def _digests_of(checkout: Path, files: Sequence[Path]) -> list[tuple[int, str]]:
    if not (checkout / "server" / "cli.py").is_file():
        raise DebugError(f"{checkout} is not a checkout of Skirmish: it has no server/cli.py")
    python = checkout.absolute() / ".venv" / "bin" / "python"  # the folder may be a relative one
    command = [str(python if python.exists() else Path(sys.executable)), "-m", "server.cli"]
    command += ["replay", "--digests", *(str(path.resolve()) for path in files)]
    try:
        done = subprocess.run(
            command, cwd=checkout, capture_output=True, text=True, timeout=PATIENCE_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise DebugError(f"the build in {checkout} could not be started: {error}") from error
    if done.returncode != 0:
        words = done.stderr.strip().splitlines()[-1:] or [f"status {done.returncode}"]
        raise DebugError(f"the build in {checkout} cannot replay it: {words[0][:300]}")
    try:
        rows = [line.split() for line in done.stdout.splitlines()]
        return [(int(tick), name) for tick, name in rows]
    except ValueError as error:
        raise DebugError(f"the build in {checkout} printed something other than digests") from error
