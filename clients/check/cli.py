"""`skirmish check URL`: asks a server what players will ask, and says what is in the way."""

import argparse
import sys

import trio

from clients.check.steps import check
from clients.net.address import Address
from clients.net.errors import ClientError

HELP = "ask a server what players will ask, and say what is in the way"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags."""
    parser.add_argument(
        "url", nargs="?", default="http://127.0.0.1:8000", help="as players write it"
    )
    parser.add_argument(
        "--silent",
        type=_seconds,
        default=0.0,
        metavar="SECONDS",
        help="also be silent for so long: does a proxy cut the connection?",
    )


def run(args: argparse.Namespace) -> int:
    """Ask, and print a line for each answer; the exit status says whether all is well."""
    try:
        address = Address.parse(args.url if "://" in args.url else f"http://{args.url}")
    except ClientError as error:
        print(f"skirmish check: {error}", file=sys.stderr)
        return 2
    try:
        return 0 if trio.run(check, address, args.silent, _say) else 1
    except KeyboardInterrupt:
        return 130


def _say(is_well: bool, words: str) -> None:
    print(f"{'ok    ' if is_well else 'FAILED'}  {words}", flush=True)


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds <= 3_600:
        raise argparse.ArgumentTypeError(f"{text} is not 0 to 3600")
    return seconds
