"""`skirmish chaos`: a bad network between a server and the clients that connect to this instead."""

import argparse
import sys
from collections.abc import Callable
from typing import NoReturn

import trio
from attrs import asdict

from clients.chaos.profiles import PROFILES, NetworkProfile
from clients.chaos.proxy import Proxy, Target, listen, words

ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}
HELP = "put a bad network in front of a server"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the flags; those that describe the network override the profile."""
    add = parser.add_argument
    add("--to", type=_target, required=True, metavar="HOST:PORT", help="where it leads")
    add("--host", default="127.0.0.1", help="where it listens")
    add("--port", type=_port, default=0, help="…and on which port; 0 takes a free one")
    add("--profile", choices=PROFILES, default="lan", help="what the network is like")
    add("--list", action=_ListProfiles, nargs=0, help="print the profiles, and do nothing else")
    add("--delay", type=_number(1e-3), metavar="MS", help="added to each byte, each way")
    add("--jitter", type=_number(1e-3), metavar="MS", help="up to so much more, now and then")
    add("--rate", type=_number(1e3), metavar="KBYTE/S", help="of one connection, each way")
    add("--stall-every", type=_number(1), metavar="S", help="nothing gets through so often…")
    add("--stall-for", type=_number(1), metavar="S", help="…for so long")
    add("--reset", type=_number(1), metavar="P", help="probability of a reset within a minute")
    add("--seed", type=int, default=1, help="equal seeds draw equal jitter, stalls and resets")
    add("--connections", type=_count, default=256, help="open at the same time; more are refused")


def run(args: argparse.Namespace) -> int:
    """Carry bytes until Ctrl-C."""
    try:
        profile = profile_of(args)
    except ValueError as error:
        print(f"skirmish chaos: {error.args[0]}", file=sys.stderr)  # attrs adds the attribute
        return 2
    proxy = Proxy(profile, args.to, args.seed, _say, args.connections)
    try:
        trio.run(_serve, proxy, args.host, args.port)
    except OSError as error:
        print(f"skirmish chaos: {args.host}:{args.port}: {words(error)}", file=sys.stderr)
        return 1
    return 0


def profile_of(args: argparse.Namespace) -> NetworkProfile:
    """The profile with what the flags change. Raises `ValueError`."""
    base = PROFILES[args.profile]
    flags = {
        "delay_s": args.delay,
        "jitter_s": args.jitter,
        "bytes_per_s": args.rate,
        "stall_every_s": args.stall_every,
        "stall_for_s": args.stall_for,
        "reset_per_minute": args.reset,
    }
    changes = {name: value for name, value in flags.items() if value is not None}
    # Without its capacity, which follows from the line's delay and rate.
    kept = asdict(base, filter=lambda attribute, _: attribute.name != "capacity_bytes")
    profile = NetworkProfile(**{**kept, **changes})
    if bool(profile.stall_every_s) != bool(profile.stall_for_s):
        raise ValueError("--stall-every and --stall-for belong together")
    return profile


def table() -> str:
    """The profiles, for people."""
    head = ("profile", "round trip", "jitter", "kB/s", "stalls", "resets a minute")
    rows = [head, *(_row(name, profile) for name, profile in PROFILES.items())]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)


class _ListProfiles(argparse.Action):
    """Prints and exits, as --help does."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        print(table())
        parser.exit()


def _row(name: str, profile: NetworkProfile) -> tuple[str, ...]:
    stalls = f"{profile.stall_for_s:g} s every {profile.stall_every_s:g} s"
    return (
        name,
        f"{2_000 * profile.delay_s:g} ms",
        f"{1_000 * profile.jitter_s:g} ms",
        f"{profile.bytes_per_s / 1_000:,.0f}",
        stalls if profile.stall_for_s else "none",
        f"{profile.reset_per_minute:.0%}" if profile.reset_per_minute else "none",
    )


async def _serve(proxy: Proxy, host: str, port: int) -> None:
    with await listen(host, port) as listener:
        address = reached_at(*listener.getsockname()[:2])
        _say(f"http://{address} leads to {proxy.target}; Ctrl-C ends it")
        try:
            await (await proxy.connect()).aclose()
        except OSError as error:
            _say(f"nothing listens at {proxy.target} yet ({words(error)})")
        try:
            await proxy.serve(listener)
        except* KeyboardInterrupt:
            _say(f"ended, with {proxy.open_count} connections open")


def reached_at(host: str, port: int) -> Target:
    """The address for clients on this machine: no client can connect to a wildcard address."""
    return Target(ANYWHERE.get(host, host), port)


def _say(line: str) -> None:
    print(line, flush=True)


def _target(text: str) -> Target:
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not port.isdecimal() or not 0 < int(port) < 65_536:
        raise argparse.ArgumentTypeError(f"{text!r} is no HOST:PORT")
    return Target(host, int(port))


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port")
    return int(text)


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 10_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not 1 to 10000")
    return int(text)


def _number(unit: float) -> Callable[[str], float]:
    """A parser for a flag's value, converted to our unit."""

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = -1.0
        if not 0 <= value < float("inf"):
            raise argparse.ArgumentTypeError(f"{text!r} is no number of 0 or more")
        return value * unit

    return read
