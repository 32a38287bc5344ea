"""The rules of Skirmish behind six functions; the server sees nothing else of them.

`new` makes a world, `step` advances it by one tick, `view` cuts out what may be seen, `digest`
identifies a state in 16 bytes, `dump` and `load` turn it into plain tuples and back. Synchronous,
integers only: no clock, no I/O, no randomness but the world's own. Equal inputs give equal digests,
on every run and every Python.
"""

from game import compiled

compiled.install()

from game.state import digest, dump, load
from game.step import new, step
from game.view import view

__all__ = ["digest", "dump", "load", "new", "step", "view"]
