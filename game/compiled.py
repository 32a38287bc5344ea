"""The modules that run compiled: the same Python files, compiled to machine code by mypyc.

Owns: the list of those modules, the name of a build, and the choice between it and the sources.
Must not know: what any of them does. Invariant: a compiled module was compiled from exactly the
sources that are here; after an edit the sources run until they are compiled again.

A build is in `game/built/<name>`. Its name is a digest of all sources that it depends on, of the
Python that it is for, and of how it is compiled. The environment variable `SKIRMISH_COMPILED`
overrides the choice: 0 runs the sources, 1 refuses to run without a build. Imported before any
other module of the game; raises ImportError with the `name` MODULE, which commands report in a
sentence.
"""

import os
import re
import sys
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from importlib.machinery import EXTENSION_SUFFIXES, ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType

MODULE = "game.compiled"
VARIABLE = "SKIRMISH_COMPILED"
ROOT = Path(__file__).resolve().parent.parent
BUILDS = ROOT / "game" / "built"
SUFFIX = EXTENSION_SUFFIXES[0]
RECIPE = "2"  # bump it when the way of compiling changes
NAME_BYTES = 10
IMPORT = re.compile(r"^\s*from ((?:game|server)[\w.]*) import (\([^)]*\)|.*)", re.MULTILINE)
COMPLETE = "complete"  # an empty file that marks a finished build

# In the order of the beat, from the state to the tick.
MODULES = (
    *("game.tuning", "game.arena", "game.world", "game.trig", "game.rng", "game.collision"),
    *("game.movement", "game.grid", "game.hitscan", "game.damage", "game.medals", "game.rewind"),
    *("game.spawning", "game.referee", "game.projectiles", "game.combat", "game.pickups"),
    *("game.circle_plan", "game.circle", "game.seating", "game.step", "game.bits"),
    *("game.visibility", "game.records", "game.view", "game.fog"),
    *("game.wire.deltas", "game.wire.splice", "game.wire.snapshot", "game.wire.input_path"),
    "game.wire.shot_numbers",
    *("game.journal.marks", "game.journal.writer", "server.match.inbox", "server.match.members"),
    *("server.match.journal_file", "server.match.recorder", "server.match.seating"),
    *("server.match.match", "server.match.receiver", "server.match.broadcast"),
    *("server.match.crash_marker", "server.match.beat", "server.net.frames"),
    *("server.net.nonblocking_io", "server.net.tick_core", "server.net.readiness"),
    "server.net.tls_channel",
)


def source_of(module: str) -> Path:
    """The file that a module is compiled from."""
    return ROOT.joinpath(*module.split(".")).with_suffix(".py")


def build_name() -> str:
    """The name of the build for the current sources."""
    told = blake2b(digest_size=NAME_BYTES)
    told.update(f"{RECIPE} {SUFFIX} {MODULES}\n".encode())
    for path, source in sorted(_sources().items()):
        told.update(f"{path.relative_to(ROOT).as_posix()} {len(source)}\n".encode() + source)
    return told.hexdigest()


def _sources() -> dict[Path, bytes]:
    """The modules' sources, and those of all our modules that they import: types and constants come
    from there.
    """
    found: dict[Path, bytes] = {}
    waiting = {source_of(module) for module in MODULES}
    while waiting:
        path = waiting.pop()
        if path not in found and path.is_file():
            found[path] = path.read_bytes()
            waiting |= set(_imported(found[path].decode()))
    return found


def _imported(source: str) -> Iterator[Path]:
    """The files that a source's imports may refer to, whether they exist or not."""
    for package, names in IMPORT.findall(source):
        yield source_of(package)
        yield source_of(f"{package}.__init__")
        for name in names.strip("()").split(","):
            yield source_of(f"{package}.{name.strip()}")


def is_complete(build: Path) -> bool:
    """Whether a build exists and is finished."""
    return (build / COMPLETE).exists()


class Finder:
    """Finds compiled modules in one build; everything else is left to the usual finders."""

    def __init__(self, build: Path) -> None:
        files = {path.relative_to(build): path for path in build.rglob(f"*{SUFFIX}")}
        self.found = {
            ".".join(name.parts).removesuffix(SUFFIX): str(path) for name, path in files.items()
        }

    def find_spec(
        self, name: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """See importlib.abc.MetaPathFinder."""
        path = self.found.get(name)
        return None if path is None else spec_from_file_location(name, path)


def is_compiled() -> bool:
    """Whether this process runs a build."""
    return any(isinstance(finder, Finder) for finder in sys.meta_path)


def install() -> None:
    """Let later imports find the build, if it exists and is wanted."""
    wanted = os.environ.get(VARIABLE, "")
    if wanted not in ("", "0", "1"):
        raise ImportError(
            f"{VARIABLE} = {wanted!r}: allowed is 1 (only compiled), 0 (never compiled),"
            " or nothing (compiled where it has been)",
            name=MODULE,
        )
    if wanted == "0" or is_compiled():
        return
    build = BUILDS / build_name()
    if is_complete(build):
        sys.meta_path.insert(0, Finder(build))
    elif wanted == "1":
        raise ImportError(
            f"{VARIABLE} is 1, but nothing was compiled from these sources: run `make compile`,"
            f" or go without ({VARIABLE}=0)",
            name=MODULE,
        )
