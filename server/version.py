"""Which Skirmish this is."""

from functools import cache
from hashlib import blake2b
from importlib import metadata
from pathlib import Path

import game

DISTRIBUTION = "skirmish-arena"  # `skirmish` on PyPI is a package of somebody else
# Of the folders of `game`, those that do not say how a world goes on: what bots press is in the
# journal, and what players are shown changes nothing.
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
    """The version, and a digest of the rules and of what reads maps and journals: whoever has the
    same plays the same, and goes on with a match as the one before it would have.

    To be asked early: it reads the files on disk, and those of a process that has run for long may
    have been replaced.
    """
    return f"{version()}+{rules_digest(Path(game.__file__).parent)}"


def rules_digest(folder: Path) -> str:
    """What tells the rules in one folder from those in another."""
    told = blake2b(digest_size=RULES_BYTES)
    for path in sorted(folder.rglob("*.py")):
        name = path.relative_to(folder)
        if name.parts[0] not in BESIDE_THE_RULES:
            source = path.read_bytes()
            told.update(f"{name.as_posix()} {len(source)}\n".encode() + source)
    return told.hexdigest()
