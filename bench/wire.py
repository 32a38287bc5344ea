"""Microseconds and bytes of the wire: one input in, and a snapshot of sixteen moving players out.

`python -m bench.wire`. The best of several stretches is quoted, because another process on the same
core can only make a stretch slower.
"""

from collections.abc import Callable
from pathlib import Path
from statistics import mean
from time import perf_counter_ns

from bench.inputs import InputSender
from game.tiled import parse
from game.view import View
from game.wire.codec import decode
from game.wire.input_path import InputMessage
from game.wire.schema import FromMatch
from game.wire.snapshot import SnapshotReader, SnapshotWriter
from tests.game.wire.crowd import PLAYERS, crowd_views

MAP = Path(__file__).parents[1] / "maps" / "foundry.tmj"
VIEWS, SETTLED_AFTER = 500, 200
STRETCHES, CALLS = 15, 2_000


def main() -> None:
    """Measure and print."""
    views = list(crowd_views(parse(MAP.read_text(), MAP.stem), 7, VIEWS))[SETTLED_AFTER:]
    sender = InputSender()
    sender.message(123_454, (17, 39_000, 17, 39_500))
    sent = sender.message(123_456, (17, 40_000, 17, 41_000))
    inputs = InputMessage()
    decode_us = best_us(lambda: [inputs.read(sent, 0, len(sent), 0) for _ in range(CALLS)], CALLS)
    rounds = [write(views) for _ in range(STRETCHES)]
    messages = rounds[0][2]
    sizes = [len(message) for message in messages[1:]]
    read_us = best_us(lambda: read(messages), len(messages))
    print(f"input, decode and check        {decode_us:6.2f} µs")
    print(f"snapshot, push and state       {min(row[0] for row in rounds):6.1f} µs a view")
    print(f"snapshot, message              {min(row[1] for row in rounds):6.2f} µs a seat")
    print(f"snapshot, decode and apply     {read_us:6.1f} µs")
    print(f"snapshot, {PLAYERS} running players   {mean(sizes):6.1f} bytes, at most {max(sizes)}")


def best_us(work: Callable[[], object], count: int) -> float:
    """Microseconds for each of `count`, in the fastest of some runs."""
    best = 2**63
    for _ in range(STRETCHES):
        start = perf_counter_ns()
        work()
        best = min(best, perf_counter_ns() - start)
    return best / count / 1_000


def write(views: list[View]) -> tuple[float, float, list[bytes]]:
    """(µs to push a view and encode its state, µs for one seat's message, seat 0's messages)."""
    writer, base, first = SnapshotWriter(64), None, []
    state_ns = message_ns = 0
    for view in views:
        start = perf_counter_ns()
        writer.push(view)
        writer.state(base)
        middle = perf_counter_ns()
        messages = [writer.message(slot, base, 2) for slot in range(PLAYERS)]
        message_ns += perf_counter_ns() - middle
        state_ns += middle - start
        first.append(messages[0])
        base = view.tick
    count = len(views) * 1_000
    return state_ns / count, message_ns / count / PLAYERS, first


def read(messages: list[bytes]) -> None:
    """Decode the messages as a client does."""
    reader = SnapshotReader(0)
    for message in messages:
        reader.apply(decode(FromMatch, message))


if __name__ == "__main__":
    main()
