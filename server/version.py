"""The version of Skirmish, and a digest of its rules."""

from functools import cache
from hashlib import blake2b
from importlib import metadata
from pathlib import Path

import game

DISTRIBUTION = "skirmish-arena"  # `skirmish` on PyPI is an unrelated package
# Folders of `game` that do not affect how a world evolves: the journal has the bots' inputs, and
# what players are shown changes nothing.
BESIDE_THE_RULES = ("brain", "wire")
RULES_BYTES = 4


def version() -> str:
    """Return the installed version; a checkout that is not installed has none."""
    try:
        return metadata.version(DISTRIBUTION)
    except metadata.PackageNotFoundError:
        return "unreleased"


@cache
def build() -> str:
    """Return the version, and a digest of the rules and of the code that reads maps and journals.

    Servers with the same build play the same, and resume a match as its old server would have
    continued it. Call this early: it reads the files on disk, which may be replaced while a process
    runs.
    """
    return f"{version()}+{rules_digest(Path(game.__file__).parent)}"


def rules_digest(folder: Path) -> str:
    """Return a digest that tells the rules in one folder from those in another."""
    told = blake2b(digest_size=RULES_BYTES)
    for path in sorted(folder.rglob("*.py")):
        name = path.relative_to(folder)
        if name.parts[0] not in BESIDE_THE_RULES:
            source = path.read_bytes()
            told.update(f"{name.as_posix()} {len(source)}\n".encode() + source)
    return told.hexdigest()
