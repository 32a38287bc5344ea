"""Friendly names for people who gave none.

Owns: the words. Must not know: which names are taken or allowed (`server/names/`).
"""

import random

FIRST = (
    "Amber", "Bold", "Brisk", "Calm", "Clever", "Cosmic", "Dusty", "Eager", "Fleet", "Gentle",
    "Happy", "Lucky", "Mellow", "Nimble", "Quick", "Quiet", "Rapid", "Silver", "Sunny", "Swift",
)  # fmt: skip
SECOND = (
    "Badger", "Comet", "Dingo", "Falcon", "Ferret", "Gecko", "Heron", "Ibis", "Koala", "Lynx",
    "Marten", "Newt", "Otter", "Panda", "Puffin", "Raven", "Robin", "Stoat", "Tapir", "Wren",
)  # fmt: skip


def nickname(rng: random.Random) -> str:
    """Return a random friendly name."""
    return f"{rng.choice(FIRST)} {rng.choice(SECOND)}"
