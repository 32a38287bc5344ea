"""Journals in pieces: segments as a host writes them, and anything that can happen to files."""

import gzip
from pathlib import Path

import attrs

import game
from game.inputs import Command, CommandKind
from game.journal import JournalWriter
from game.world import World
from server.replays.recording import join_segments
from server.replays.session import ReplaySession
from tests.journals import Played, header_of, people
from tests.strategies import world_of


def session_of(match: Played) -> ReplaySession:
    return ReplaySession(join_segments([("match.skj", match.journal)]), match.arena)


def segments(ticks: int, count: int) -> tuple[list[bytes], World]:
    """A round in `count` files of `ticks` ticks each, in which two players stand still."""
    world, writer = world_of(), JournalWriter()
    files = []
    for segment in range(count):
        header = attrs.evolve(header_of(world, segment=segment), previous_chain=writer.chain)
        writer.header(header)
        writer.checkpoint(world)
        writer.people(people(2))
        for _ in range(ticks):
            commands = [Command(CommandKind.JOIN, slot, 0) for slot in (0, 1)]
            commands = commands if world.tick == 0 else []
            writer.tick(world, commands, [])
            game.step(world, commands, [])
        files.append(writer.take())
    return files, world


def write_segments(folder: Path, files: list[bytes], *, packed: bool = False) -> list[Path]:
    paths = []
    for number, data in enumerate(files):
        path = folder / f"abc-r0000-s{number:03}.skj{'.gz' if packed else ''}"
        path.write_bytes(gzip.compress(data) if packed else data)
        paths.append(path)
    return paths
