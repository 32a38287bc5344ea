"""The cost of a match's journal: real ticks of a match of 16 with it and without it, side by side.

`python -m bench.journal`: compiled, and interpreted beside it. Equal matches get the same inputs
over real sockets, 30 messages a second from each player. They run in pairs, one with a journal and
one without, each first as often as the other, so that whatever else the machine does meets both.
Ten run one after the other (`--pairs`), as in a slot of a busy server; one pair alone finds colder
caches, and the journal takes the larger share (docs/experiments/metronome.md).
Aims change with every message, as in the other benches, or with every tick (`--restless`). As in a
server, the ticks from one snapshot to the next run one after the other. They run at the pace of a
server, or without a pause (`--pace 0`): then more is in the caches, and both numbers are smaller.
CPU time is counted. Each second of a pair, which has one checkpoint, is one sample; the medians
over all are quoted. How much of it is chance, two matches without a journal tell (`--null`).
"""

import argparse
import contextlib
import gzip
import json
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import monotonic, sleep, thread_time_ns
from typing import Any

from attrs import asdict, frozen

import game
from bench.both_builds import COMPILED, ONE_WAY, both
from bench.inputs import LEAD_TICKS, InputSender
from bench.load import Walk
from bench.raw_websocket import READ_BYTES, masked
from game import brain
from game.journal.records import CHECKPOINT_EVERY_TICKS
from game.tuning import SNAPSHOT_EVERY_TICKS, TICKS_PER_SECOND
from game.wire.messages import CloseCode
from server.app import freeze_startup_objects
from server.maps.files import load_maps
from server.match.counters import MatchCounters
from server.match.journal_files import JournalFolder
from server.match.match import Match, MatchContext
from server.match.receiver import MemberStream
from server.match.recorder import MatchRecorder, RecorderContext
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
        """The journal's cost as a share of the tick without a journal."""
        return self.journal_us / self.tick_us


class Seat:
    """One player: the server's end of a connection, as the match's handle, and the player's own."""

    def __init__(self, listener: socket.socket) -> None:
        self.peer = socket.create_connection(listener.getsockname())
        self.peer.setblocking(False)
        self._end, _ = listener.accept()
        stream = TickStream.over(self._end, NetSettings())
        stream.begin_frames(1 << 16)
        stream.begin_ticks()
        self.stream = stream.core

    def end(self, code: CloseCode, reason: str) -> None:
        """Take the match's request to close."""

    def say(self, message: bytes) -> None:
        """Send, and read what has arrived."""
        self.peer.send(masked(message))
        with contextlib.suppress(BlockingIOError):
            self.peer.recv(READ_BYTES)

    def close(self) -> None:
        """Close the connection."""
        self.peer.close()
        self._end.close()


class BenchMatch:
    """A match of players who run, turn and shoot, with or without a journal."""

    def __init__(self, number: int, folder: JournalFolder | None) -> None:
        maps = load_maps(MAPS)
        name = next(name for name, arena in maps.items() if arena.players_max >= PLAYERS)
        context = MatchContext(
            rules=game,
            bot_factory=brain,
            maps=maps,
            settings=MatchSettings(wait_for_people=False),
            counters=MatchCounters(),
            resume_ticket=lambda _, member: member.resume_nonce,
            now_s=lambda: 1_000.0,
        )
        spec = MatchSpec(f"bench{number}", "deathmatch", name, seed=1, bots=BotPolicy())
        self._readiness: Readiness[MemberStream] = Readiness()
        self.match = Match(spec, context, self._readiness, _recorder(folder, spec))
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self._seats = [Seat(listener) for _ in range(PLAYERS)]
        for slot, seat in enumerate(self._seats):
            nonce = slot.to_bytes(8, "big")
            self.match.admit(Entrant(f"p{slot}", f"P{slot}", "play", 0, b"", nonce), seat)
        self.spent_ns = 0

    def hear(self, messages: list[bytes]) -> None:
        """Send the match one message from each player."""
        for seat, message in zip(self._seats, messages, strict=True):
            seat.say(message)

    def close(self) -> None:
        """End the match."""
        self.match.close(CloseCode.MATCH_OVER, "measured")
        for seat in self._seats:
            seat.close()

    def beat(self) -> None:
        """Run and time the ticks up to the next snapshot."""
        match = self.match
        start = thread_time_ns()
        match.receiver.ready += self._readiness.ready_nowait()
        for _ in range(SNAPSHOT_EVERY_TICKS):
            match.advance()
        self.spent_ns += thread_time_ns() - start

    def take_spent_us(self) -> float:
        """Microseconds spent in ticks since the last call."""
        spent, self.spent_ns = self.spent_ns, 0
        return spent / 1_000


def _recorder(folder: JournalFolder | None, spec: MatchSpec) -> MatchRecorder | None:
    if folder is None:
        return None
    context = RecorderContext(folder, "bench", 1 << 30, lambda data: data[:32], MatchCounters())
    return MatchRecorder(context, spec)


@frozen
class Plan:
    """The measurement: this many seconds, at `pace` ticks a second (0: without a pause)."""

    seconds: int
    pace: int
    pairs: int  # of a match without a journal and one with it
    is_restless: bool  # inputs change with every tick, not only with every message
    is_null: bool  # no match has a journal


def measure(plan: Plan, path: Path) -> Cost:
    """Play; the costs are those of one match."""
    folder = JournalFolder(path)
    given = None if plan.is_null else folder
    pairs = [(BenchMatch(number, None), BenchMatch(number, given)) for number in range(plan.pairs)]
    contests = [contest for pair in pairs for contest in pair]
    senders = [(Walk(seed, fights=True), InputSender()) for seed in range(PLAYERS)]
    freeze_startup_objects()
    samples: list[tuple[float, float]] = []
    due_s = monotonic()
    for second in range(SETTLED_AFTER_S + plan.seconds):
        for number in range(TICKS_PER_SECOND // SNAPSHOT_EVERY_TICKS):
            messages = _messages(senders, contests[0].match.world.tick, plan.is_restless)
            for contest in contests:
                contest.hear(messages)
            due_s += SNAPSHOT_EVERY_TICKS / plan.pace if plan.pace else 0
            sleep(max(0, due_s - monotonic()))
            for index, pair in enumerate(pairs, number):
                for contest in pair if index % 2 else reversed(pair):
                    contest.beat()
        spent = [(plain.take_spent_us(), written.take_spent_us()) for plain, written in pairs]
        if second >= SETTLED_AFTER_S:
            samples += spent
    assert game.digest(contests[0].match.world) == game.digest(contests[-1].match.world)
    for contest in contests:
        contest.close()
    data = b"".join(folder.read(names[0]) for names in folder.live_segments().values())
    folder.release()
    minutes = PLAYERS * plan.pairs * (SETTLED_AFTER_S + plan.seconds) / 60
    return Cost(
        tick_us=median(without for without, _ in samples) / TICKS_PER_SECOND,
        journal_us=median(with_it - without for without, with_it in samples) / TICKS_PER_SECOND,
        raw_bytes=len(data) / minutes,
        packed_bytes=len(gzip.compress(data, 6)) / minutes,
    )


def _messages(senders: list[tuple[Walk, InputSender]], tick: int, is_restless: bool) -> list[bytes]:
    """Every player's message for two of the next ticks."""
    messages = []
    for walk, sender in senders:
        first = walk.next()
        steps = (*first, *(walk.next() if is_restless else first))
        messages.append(sender.message(tick + LEAD_TICKS, steps))
    return messages


def measure_both_ways(words: Sequence[str] = ()) -> dict[str, Cost]:
    """The costs compiled and interpreted; `words` are the command line's."""
    costs = both("bench.journal", words)
    return {way: Cost(**cost) for way, cost in costs.items()}


def rows() -> list[dict[str, Any]]:
    """The costs compiled and interpreted, as rows of a report."""
    return [
        {"name": f"{PLAYERS} who fight, {way}", "way": way, "share": cost.share, **asdict(cost)}
        for way, cost in measure_both_ways().items()
    ]


def main() -> int:
    """Measure and print; returns 0 when the journal is within its limit, compiled."""
    parser = argparse.ArgumentParser(prog="python -m bench.journal", description=__doc__)
    parser.add_argument("--seconds", type=int, default=30, help="of a match, after its countdown")
    parser.add_argument("--pace", type=int, default=TICKS_PER_SECOND, help="ticks a second")
    parser.add_argument("--pairs", type=int, default=5, help="of matches, one after the other")
    parser.add_argument("--restless", action="store_true", help="all inputs differ in every tick")
    parser.add_argument("--null", action="store_true", help="without any journal: what is chance")
    parser.add_argument(ONE_WAY, action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one_way:
        with TemporaryDirectory() as folder:
            plan = Plan(
                seconds=chosen.seconds,
                pace=chosen.pace,
                pairs=chosen.pairs,
                is_restless=chosen.restless,
                is_null=chosen.null,
            )
            print(json.dumps(asdict(measure(plan, Path(folder)))))
        return 0
    print(
        f"{chosen.pairs} pairs of matches of {PLAYERS}, who change what they want with every "
        f"{'tick' if chosen.restless else 'message'}, "
        f"a checkpoint each {CHECKPOINT_EVERY_TICKS} ticks"
    )
    costs = measure_both_ways(sys.argv[1:])
    for way, cost in costs.items():
        print(
            f"{way}\n"
            f"  tick without a journal  {cost.tick_us:6.1f} µs\n"
            f"  its journal             {cost.journal_us:6.2f} µs more, {cost.share:.1%} "
            f"(at most {SHARE_MAX:.0%})\n"
            f"  bytes per player-minute {cost.raw_bytes / 1000:6.1f} kB raw, "
            f"{cost.packed_bytes / 1000:.1f} kB after gzip"
        )
    return 0 if costs[COMPILED].share <= SHARE_MAX else 1


if __name__ == "__main__":
    raise SystemExit(main())
