"""The C floor as a contender: one recv and one send per client and tick, no game."""

import shutil
import subprocess
from collections.abc import Iterator

from bench.contender import BUILD, ROOT, Contender
from bench.load import Player, Walk
from bench.raw_websocket import connect

SNAPSHOT_BYTES = 130  # what DESIGN.md allows a snapshot of 16 moving players
PROGRAM = BUILD / "floor"


class FloorPlayer(Player):
    """Sends something of an input's size."""

    def input(self) -> bytes:
        """Twelve bytes, as a Skirmish input has."""
        buttons, aim = self.walk.next()
        return buttons.to_bytes(2, "little") + aim.to_bytes(2, "little") + bytes(8)

    def take(self, payload: bytes) -> bool:
        """Everything it sends is a snapshot."""
        return True


class Floor(Contender):
    """The least that 16 players in 20 matches can cost a kernel."""

    name = "C floor"

    def prepare(self) -> None:
        """Compile it."""
        compiler = shutil.which("cc")
        if not compiler:
            raise RuntimeError("the C floor needs a C compiler: sudo apt install gcc libc6-dev")
        BUILD.mkdir(exist_ok=True)
        source = ROOT / "bench" / "floor.c"
        subprocess.run([compiler, "-O2", "-Wall", "-o", str(PROGRAM), str(source)], check=True)

    def command(self, port: int) -> list[str]:
        """The compiled program."""
        return [str(PROGRAM), str(port), str(SNAPSHOT_BYTES)]

    def arrivals(self, port: int, count: int) -> Iterator[list[Player]]:
        """Connect; there is nothing to join."""
        yield [FloorPlayer(*connect(port, "/"), Walk(seed, fights=False)) for seed in range(count)]
