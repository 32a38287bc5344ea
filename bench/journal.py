"""What a match's journal costs: real ticks of a match of 16 with it and without it, side by side.

`python -m bench.journal`. Two equal matches get the same inputs over real sockets, 30 messages a
second from each player, and are ticked in turns, so that whatever else the machine does meets both.
Aims change with every message, as in the other benches, or with every tick (`--restless`). As in a
server, the ticks from one snapshot to the next run one after the other. They run at the pace of a
server, or without a pause (`--pace 0`): then more is in the caches, and both numbers are smaller.
CPU time is counted. Each second of the match, which has one checkpoint, is one sample; the medians
over all are quoted.
"""

import argparse
import contextlib
import gzip
import socket
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import monotonic, sleep, thread_time_ns

from attrs import frozen

import game
from bench.inputs import LEAD_TICKS, InputSender
from bench.load import Walk
from bench.raw_websocket import READ_BYTES, masked
from game import brain
from game.journal.records import CHECKPOINT_EVERY_TICKS
from game.tuning import SNAPSHOT_EVERY_TICKS, TICKS_PER_SECOND
from game.wire.messages import CloseCode
from server.app import settle_memory
from server.maps import load_maps
from server.match.chronicle import Chronicle, Scribe
from server.match.counters import MatchCounters
from server.match.journal_files import JournalFolder
from server.match.match import Inlet, Match, Surroundings
from server.match.rounds import MatchSpec
from server.match.seating import Entrant
from server.match.settings import MatchSettings
from server.match.status import BotPolicy
from server.net.readiness import Readiness
from server.net.settings import NetSettings
from server.net.stream import TickStream

MAPS = Path(__file__).parents[1] / "maps"
PLAYERS = 16
SETTLED_AFTER_S = 6  # the countdown, and caches
SHARE_MAX = 0.05


@frozen
class Cost:
    """Medians over the seconds of a match."""

    tick_us: float  # without a journal
    journal_us: float  # more per tick with one
    raw_bytes: float  # per player and minute
    packed_bytes: float  # the same after gzip, as finished journals are kept

    @property
    def share(self) -> float:
        """Of the tick without a journal."""
        return self.journal_us / self.tick_us


class Seat:
    """One player: the server's end, as a match knows it, and his own."""

    def __init__(self, listener: socket.socket) -> None:
        self.peer = socket.create_connection(listener.getsockname())
        self.peer.setblocking(False)
        self._end, _ = listener.accept()
        self.stream = TickStream.over(self._end, NetSettings())
        self.stream.begin_frames(1 << 16)
        self.stream.begin_ticks()

    def end(self, code: CloseCode, reason: str) -> None:
        """The match has said its last."""

    def say(self, message: bytes) -> None:
        """Send, and read what has come meanwhile."""
        self.peer.send(masked(message))
        with contextlib.suppress(BlockingIOError):
            self.peer.recv(READ_BYTES)

    def close(self) -> None:
        """Hang up."""
        self.peer.close()
        self._end.close()


class Contest:
    """A match of people who run, turn and shoot, with a journal or without."""

    def __init__(self, folder: JournalFolder | None) -> None:
        maps = load_maps(MAPS)
        name = next(name for name, arena in maps.items() if arena.players_max >= PLAYERS)
        around = Surroundings(
            rules=game,
            minds=brain,
            maps=maps,
            settings=MatchSettings(),
            counters=MatchCounters(),
            resume_ticket=lambda _, member: member.resume_nonce,
            now_s=lambda: 1_000.0,
        )
        spec = MatchSpec("bench", "deathmatch", name, seed=1, bots=BotPolicy())
        self._readiness: Readiness[Inlet] = Readiness()
        self.match = Match(spec, around, self._readiness, _chronicle(folder, spec))
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self._seats = [Seat(listener) for _ in range(PLAYERS)]
        for number, seat in enumerate(self._seats):
            nonce = number.to_bytes(8, "big")
            self.match.admit(Entrant(f"p{number}", f"P{number}", "play", 0, b"", nonce), seat)
        self.spent_ns = 0

    def hear(self, messages: list[bytes]) -> None:
        """Messages come in, one from each player."""
        for seat, message in zip(self._seats, messages, strict=True):
            seat.say(message)

    def close(self) -> None:
        """The match is over."""
        self.match.close(CloseCode.MATCH_OVER, "measured")
        for seat in self._seats:
            seat.close()

    def beat(self) -> None:
        """The ticks up to the next snapshot, timed."""
        match = self.match
        start = thread_time_ns()
        match.ready += self._readiness.ready_nowait()
        for _ in range(SNAPSHOT_EVERY_TICKS):
            match.advance()
        self.spent_ns += thread_time_ns() - start

    def take_spent_us(self) -> float:
        """Microseconds of all ticks since this was asked last."""
        spent, self.spent_ns = self.spent_ns, 0
        return spent / 1_000


def _chronicle(folder: JournalFolder | None, spec: MatchSpec) -> Chronicle | None:
    if folder is None:
        return None
    scribe = Scribe(folder, "bench", 1 << 30, lambda data: data[:32], MatchCounters())
    return Chronicle(scribe, spec)


def measure(seconds: int, pace: int, is_restless: bool, path: Path) -> Cost:
    """Play this many seconds of a match, at `pace` ticks a second (0: without a pause).

    The restless want something else in every tick, the others in every message.
    """
    folder = JournalFolder(path)
    plain, written = Contest(None), Contest(folder)
    senders = [(Walk(seed, fights=True), InputSender()) for seed in range(PLAYERS)]
    settle_memory()
    samples: list[tuple[float, float]] = []
    due_s = monotonic()
    for second in range(SETTLED_AFTER_S + seconds):
        for number in range(TICKS_PER_SECOND // SNAPSHOT_EVERY_TICKS):
            messages = _messages(senders, plain.match.world.tick, is_restless)
            plain.hear(messages)
            written.hear(messages)
            due_s += SNAPSHOT_EVERY_TICKS / pace if pace else 0
            sleep(max(0, due_s - monotonic()))
            pair = (plain, written) if number % 2 else (written, plain)
            for contest in pair:
                contest.beat()
        spent = plain.take_spent_us(), written.take_spent_us()
        if second >= SETTLED_AFTER_S:
            samples.append(spent)
    assert game.digest(plain.match.world) == game.digest(written.match.world)
    plain.close()
    written.close()
    [name] = folder.live_segments()["bench"]
    data = folder.read(name)
    folder.release()
    minutes = PLAYERS * (SETTLED_AFTER_S + seconds) / 60
    return Cost(
        tick_us=median(without for without, _ in samples) / TICKS_PER_SECOND,
        journal_us=median(with_it - without for without, with_it in samples) / TICKS_PER_SECOND,
        raw_bytes=len(data) / minutes,
        packed_bytes=len(gzip.compress(data, 6)) / minutes,
    )


def _messages(senders: list[tuple[Walk, InputSender]], tick: int, is_restless: bool) -> list[bytes]:
    """What everybody sends for two ticks that are soon to come."""
    messages = []
    for walk, sender in senders:
        first = walk.next()
        steps = (*first, *(walk.next() if is_restless else first))
        messages.append(sender.message(tick + LEAD_TICKS, steps))
    return messages


def main() -> int:
    """Measure and print; 0 when the journal costs no more than it may."""
    parser = argparse.ArgumentParser(prog="python -m bench.journal", description=__doc__)
    parser.add_argument("--seconds", type=int, default=30, help="of a match, after its countdown")
    parser.add_argument("--pace", type=int, default=TICKS_PER_SECOND, help="ticks a second")
    parser.add_argument("--restless", action="store_true", help="all inputs differ in every tick")
    chosen = parser.parse_args()
    with TemporaryDirectory() as folder:
        cost = measure(chosen.seconds, chosen.pace, chosen.restless, Path(folder))
    print(
        f"{PLAYERS} players who change what they want with every "
        f"{'tick' if chosen.restless else 'message'}, "
        f"a checkpoint each {CHECKPOINT_EVERY_TICKS} ticks\n"
        f"tick without a journal  {cost.tick_us:6.1f} µs\n"
        f"its journal             {cost.journal_us:6.2f} µs more, {cost.share:.1%} "
        f"(at most {SHARE_MAX:.0%})\n"
        f"bytes per player-minute {cost.raw_bytes / 1000:6.1f} kB raw, "
        f"{cost.packed_bytes / 1000:.1f} kB after gzip"
    )
    return 0 if cost.share <= SHARE_MAX else 1


if __name__ == "__main__":
    raise SystemExit(main())
