"""The C floor as a contender: one recv and one send per client and tick, no game."""

from bench.contender import Contender
from bench.load import Player, Walk
from bench.programs import program
from bench.raw_websocket import ask, hear_answer

SNAPSHOT_BYTES = 130  # what DESIGN.md allows a snapshot of 16 moving players


class FloorPlayer(Player):
    """Sends messages of an input's size."""

    def input(self) -> bytes:
        """Twelve bytes, the size of a Skirmish input."""
        buttons, aim = self.walk.next()
        return buttons.to_bytes(2, "little") + aim.to_bytes(2, "little") + bytes(8)

    def take(self, payload: bytes) -> bool:
        """Everything it sends is a snapshot."""
        return True


class Floor(Contender):
    """The minimum that 20 matches of 16 players can cost a kernel."""

    name = "C floor"
    protocol = "floor"

    def prepare(self) -> None:
        """Compile it."""
        program("floor")

    def command(self, port: int) -> list[str]:
        """The compiled program."""
        return [str(program("floor")), str(port), str(SNAPSHOT_BYTES)]

    def group(self, port: int, first: int, count: int) -> list[Player]:
        """Connect; there is nothing to join. It answers once a tick: all ask before any waits."""
        links = [ask(port, "/") for _ in range(count)]
        return [
            FloorPlayer(link, hear_answer(link, "/"), Walk(seed, fights=False))
            for seed, link in enumerate(links, first)
        ]
