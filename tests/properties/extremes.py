"""Matches whose numbers are at the ends of their ranges, and what a process computes from them.

`python -m tests.properties.extremes` reads cases, a line of JSON each, and prints each outcome
in a line. Owns: how a case is played, and what counts as its outcome. Must not know: how cases are
chosen. Invariant: whatever the rules, the view, the fog, the wire and the journal compute is in the
outcome.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from hashlib import blake2b
from typing import Any

import game
from game.arena import Arena
from game.bounds import SIDE_TILES_MAX
from game.circle_plan import circle_at
from game.collision import closest_along, point_along, trace
from game.events import Event
from game.grid import Crowd
from game.inputs import Command, CommandKind, Input
from game.journal import JournalWriter
from game.journal.soundness import fault_of
from game.modes import MODES
from game.movement import limit, shrink
from game.rewind import Strip, recall
from game.spawning import clearances
from game.trig import angle, direction
from game.tuning import TILE_UNITS, CircleStage, Tuning, WeaponTuning
from game.view import View
from game.wire.codec import decode
from game.wire.schema import FromMatch
from game.wire.snapshot import SnapshotReader, SnapshotWriter
from game.world import Circle, Flag, Phase, Player, Shot, World
from tests.strategies import arena_from

Case = dict[str, Any]

SNAPSHOT_EVERY_TICKS = 2
FAR = SIDE_TILES_MAX - 10  # the corner of a large map where its people are


def _large() -> Arena:
    """The largest map: in its far corner a room with a pillar and everything a map can have, and
    two corridors to the other corners. The rest is wall, so that visibility is computed quickly.
    """
    wall = "#" * SIDE_TILES_MAX
    corridor = "#" + "." * (SIDE_TILES_MAX - 2) + "#"
    room = "#" + "#" * FAR + "." * (SIDE_TILES_MAX - FAR - 2) + "#"
    across = [wall] * (FAR + 1) + [room] * (SIDE_TILES_MAX - FAR - 2) + [wall]
    across[FAR + 1] = corridor
    rows = [list(row) for row in across]
    for row in rows[1:-1]:
        row[FAR + 1] = "."
    for x, y, letter in ((4, 4, "#"), (1, 1, "s"), (7, 7, "s"), (1, 7, "R"), (7, 1, "B")):
        rows[FAR + y][FAR + x] = letter
    for x, letter in enumerate("hmad2345"):
        rows[FAR + 6][FAR + x] = letter
    return arena_from("\n".join("".join(row) for row in rows))


LARGE = _large()


def tuning_of(case: Case) -> Tuning:
    """The tuning of a case in JSON."""
    values = dict(case)
    values["weapons"] = tuple(WeaponTuning(**weapon) for weapon in values["weapons"])
    values["circle_stages"] = tuple(CircleStage(**stage) for stage in values["circle_stages"])
    return Tuning(**values)


def world_of(case: Case) -> World:
    """The world that a case begins with. Raises ValueError if its tuning is not playable."""
    tuning = tuning_of(case["tuning"])
    config = replace(MODES[case["mode"]].configure(LARGE, 1, ("a", "b", "c", "d")), players_min=1)
    world = game.new(config, LARGE, tuning)
    world.tick, world.phase = case["tick"], int(Phase.PLAY)
    MODES[case["mode"]].begin(world)
    for values in case["players"]:
        world.players[values["slot"]] = Player(**values)
    world.players = dict(sorted(world.players.items()))
    for number, values in enumerate(case["shots"]):
        world.shots[number] = Shot(number=number, **values)
    world.next_shot = len(world.shots)
    if case["circle"]:
        world.circle = Circle(**case["circle"])
    for team, flag in world.flags.items():
        world.flags[team] = Flag(flag.x, flag.y)
    return world


def outcome(case: Case) -> list[str]:
    """The outcome of a case, a line for each thing computed; the last says what failed."""
    told: list[str] = []
    try:
        for line in _outcome(json.loads(json.dumps(case))):  # a copy: worlds change their lists
            told.append(line)
    except Exception as error:  # any error has to be the same in both processes
        told.append(f"raised {type(error).__name__}: {error}")
    return told


def _outcome(case: Case) -> Iterator[str]:
    yield from (f"{call[0]} {_called(*call)}" for call in case["calls"])
    world = world_of(case)
    if fault := fault_of(world):
        yield f"fault {fault}"
        return
    yield from _played(world, case["presses"])


def _called(name: str, *numbers: int) -> object:
    """One function of the rules, on its own."""
    a, b, c, d = numbers[:4]
    if name == "lines":
        return (trace(LARGE, a, b, c, d) if not _is_wall(a, b) else None,
                [closest_along((a, b, c, d), x, y, 1 << 11) for x, y in ((a, d), (c, b), (0, 0))],
                [point_along((a, b, c, d), far) for far in (0, 1 << 20)])  # fmt: skip
    if name == "speeds":
        return limit(a, b, 1_023), shrink(a, c, 1 + abs(b)), angle(a, b), direction(c)
    place = replace(LARGE.spawns[0], x=a, y=b)
    circle = Circle(a, b, c, d, a, b, 1, 1 << 30)
    return clearances([place], Crowd([Player(0, x=c, y=d)])), circle_at(circle, 1 << 29)


def _is_wall(x: int, y: int) -> bool:
    return LARGE.walls[(y // TILE_UNITS) * LARGE.width + x // TILE_UNITS] != 0


def _played(world: World, presses: list[list[list[int]]]) -> Iterator[str]:
    """Every tick's digest, and each snapshot's bytes, which each seat decodes again."""
    writer, journal = SnapshotWriter(60), JournalWriter()
    readers = {slot: SnapshotReader(slot) for slot in (*world.players, -1)}
    base, events = None, list[Event]()
    for number, pressed in enumerate(presses):
        inputs = [(slot, Input(*wish)) for slot, *wish in pressed]
        commands = [Command(CommandKind.PRESENCE, slot, 1) for slot in list(world.players)[:1]]
        journal.tick(world, commands, inputs)
        events += game.step(world, commands, inputs)
        dumped = game.dump(world)
        assert game.dump(game.load(dumped, world.arena, world.tuning)) == dumped
        happened = [[int(value) for value in event] for event in events]  # including enum members
        told = blake2b(game.digest(world) + repr(happened).encode(), digest_size=8)
        strip = Strip(0, 0, *direction(world.tick), 1 << 11)
        told.update(repr(sorted(recall(world, 17, strip).items())).encode())
        if number % SNAPSHOT_EVERY_TICKS:
            view = game.view(world, events)
            writer.push(view)
            for slot, reader in readers.items():
                message = writer.message(slot, base, 0)
                told.update(message)
                seen = reader.apply(decode(FromMatch, message))
                assert _places(seen) <= _places(view)
            base, events = view.tick, []
        yield f"{world.tick} {told.hexdigest()}"
    yield journal.take().hex()


def _places(view: View) -> set[tuple[int, ...]]:
    return {(slot, *body.values()) for slot, body in view.bodies.items()}


if __name__ == "__main__":
    for asked in sys.stdin:
        print(json.dumps(outcome(json.loads(asked))), flush=True)
