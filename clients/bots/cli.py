"""`skirmish bots`: WebSocket clients that queue and play, and what they measured of a server."""

import argparse
import sys

import trio

from clients.bots.crowd import COUNT_MAX, CrowdPlan, run_crowd
from clients.bots.player import BotOptions
from clients.bots.tally import as_json, as_table, has_failed, summary
from clients.net.errors import ClientError

HELP = "let bots play on a server, and measure it"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="where the server is")
    parser.add_argument("--count", type=_count, default=8, help=f"how many bots, 1 to {COUNT_MAX}")
    parser.add_argument("--seconds", type=_seconds, default=60.0, help="how long they play")
    parser.add_argument("--mode", default="deathmatch", help="what they queue for")
    parser.add_argument(
        "--level", type=int, choices=range(1, 6), default=3, help="how well they play"
    )
    parser.add_argument("--seed", type=int, default=1, help="equal seeds decide alike")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")


def run(args: argparse.Namespace) -> int:
    """Play and print; the exit status says whether every bot played and nothing failed."""
    temper = BotOptions(url=args.url, mode=args.mode, level=args.level, seed=args.seed)
    try:
        tallies = trio.run(run_crowd, CrowdPlan(temper, args.count, args.seconds, _complain))
    except ClientError as error:
        print(error, file=sys.stderr)
        return 1
    record = summary(tallies)
    print(as_json(record) if args.json else as_table(record))
    return 1 if has_failed(record) else 0


def _complain(reason: str) -> None:
    print(f"skirmish bots: {reason}", file=sys.stderr, flush=True)


def _count(text: str) -> int:
    count = int(text)
    if not 1 <= count <= COUNT_MAX:
        raise argparse.ArgumentTypeError(f"{count} is not 1 to {COUNT_MAX}")
    return count


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not a time")
    return seconds
