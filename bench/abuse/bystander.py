"""A player who notes when snapshots arrive: `python -m bench.abuse.bystander PORT FILE`.

Runs in its own process with a real client (clients/net). Writes one record per snapshot to the
file: its arrival time (seconds of the machine's monotonic clock) and its tick. Prints one line when
seated, and another with the outcome.
"""

import json
import struct
import sys
import time
from pathlib import Path
from typing import IO

import trio
from attrs import define, field

from bench.load import Walk
from clients.net import ClientError, MatchClient
from clients.net.address import Address
from clients.net.lobby import LobbyClient
from clients.net.replica import Replica
from game.inputs import Input
from game.wire.schema import FromMatch

RECORD = struct.Struct("<di")
MODE = "deathmatch"
PERCEPTION_EVERY = 2  # snapshots per decision; the keys are sent with every snapshot


@define
class WatchedReplica(Replica):
    """A replica that notes when each view arrived."""

    notes: IO[bytes] | None = None

    def receive(self, message: FromMatch) -> bool:
        """Receive a message; note the time if it holds a new view."""
        now_s = time.monotonic()
        is_new = super().receive(message)
        if is_new and self.view is not None and self.notes is not None:
            self.notes.write(RECORD.pack(now_s, self.view.tick))
        return is_new


@define
class Notes:
    """A bystander's records so far, for other processes to read."""

    path: Path
    records: list[tuple[float, int]] = field(factory=list)

    def read(self) -> list[tuple[float, int]]:
        """All records: time and tick."""
        data = self.path.read_bytes()
        whole = len(data) // RECORD.size * RECORD.size
        self.records = list(RECORD.iter_unpack(data[:whole]))
        return self.records


async def play(port: int, notes: IO[bytes]) -> dict[str, object]:
    """Play until the match or the process ends; return the outcome."""
    walk = Walk(1, fights=True)
    address = Address.parse(f"http://127.0.0.1:{port}")
    client: MatchClient | None = None
    failure = ""
    try:
        async with trio.open_nursery() as nursery:
            lobby = await LobbyClient.open(nursery, address, "Bystander")
            seat = await lobby.play(MODE)
            lobby.leave()
            replica = WatchedReplica(notes=notes)
            client = MatchClient(
                address, seat, nursery, perception_every=PERCEPTION_EVERY, replica=replica
            )
            print(json.dumps({"match": seat.match}), flush=True)
            nursery.start_soon(_leave_when_told, client, nursery.cancel_scope)
            try:
                async for _ in client:
                    client.send(Input(*walk.next(), 0))
            finally:
                await client.leave()
            nursery.cancel_scope.cancel()
    except* ClientError as errors:
        failure = str(errors.exceptions[0])
    ends = {} if client is None else {str(code): n for code, n in client.counts.ends.items()}
    return {"failure": failure, "ends": ends}


async def _leave_when_told(client: MatchClient, scope: trio.CancelScope) -> None:
    """End the game at the end of standard input."""
    await trio.to_thread.run_sync(sys.stdin.read, abandon_on_cancel=True)
    scope.cancel()


def main() -> int:
    """Play; arguments are the port and the file for the notes."""
    port, path = sys.argv[1:]
    with Path(path).open("wb", buffering=0) as notes:
        print(json.dumps(trio.run(play, int(port), notes)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
