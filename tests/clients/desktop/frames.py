"""Frames to look at: a match of bots played in memory, as a client that sits in it is shown it."""

from functools import partial

from attrs import evolve

from clients.desktop.core.connection_state import LinkKind, LinkState
from clients.desktop.core.frame import Frame, PlayerSeen
from clients.desktop.core.match_session import Visit
from clients.link.sim.event_queue import GameEvent
from clients.link.sim.round import Round
from game import step, view
from game.brain.brain import Brain
from game.brain.perception import perception_of
from game.events import EventKind
from game.inputs import Command, CommandKind, Input
from game.view import View
from game.wire.codec import decode_from_server, encode
from game.wire.messages import Channel, Sender
from game.wire.snapshot import SnapshotWriter
from game.world import Phase, World
from tests.strategies import world_of

ONLINE = LinkState(LinkKind.ONLINE)
SLOT = 0


def bot_match(
    world: World | None = None, players: int = 8, seconds: float = 6
) -> tuple[World, Visit]:
    """Bots fight; the first seat is watched by a client that gets each snapshot at once."""
    world = world_of() if world is None else world
    visit, writer = Visit(b"ticket"), SnapshotWriter(64)
    step(world, [Command(CommandKind.JOIN, slot, 1) for slot in range(players)])
    brains = [Brain(world.arena, 3, 1, slot) for slot in range(players)]
    visit.greeting(99.9)
    hear(visit, "welcome", *welcome(world), now_s=100.0)
    assert visit.awaited is not None
    visit.prepare(visit.awaited, world.arena)
    names = [[slot, f"Bot {slot}", 1, 1, 10 * slot] for slot in range(players)]
    hear(visit, "roster", names, now_s=100.0)
    base = None
    events: list[tuple[int, ...]] = []
    for tick in range(round(seconds * 60)):
        inputs = [
            (slot, brain.think(perception_of(world, slot))) for slot, brain in enumerate(brains)
        ]
        events += step(world, (), inputs)
        now_s = 100 + tick / 60
        if world.tick % 2 == 0:
            show(visit, writer, view(world, events), base, now_s)
            base, events = world.tick, []
        visit.advance(now_s, partial(_first_of, inputs))
    return world, visit


def _first_of(inputs: list[tuple[int, Input]], _tick: int, _round: Round) -> Input:
    return inputs[SLOT][1]


def welcome(world: World) -> tuple[object, ...]:
    maps = [["drawn", "Drawn"], ["other", "Other"]]
    name, digest = world.arena.name, world.arena.digest
    return (SLOT, world.tick, "m1", world.config.mode, name, digest, b"r", 25, 8, maps, 0)


def hear(visit: Visit, name: str, *fields: object, now_s: float) -> None:
    message = decode_from_server(Channel.MATCH, encode(Channel.MATCH, Sender.SERVER, name, *fields))
    visit.hear(message, 100, now_s)


def show(visit: Visit, writer: SnapshotWriter, seen: View, base: int | None, now_s: float) -> None:
    writer.push(seen)
    payload = writer.message(SLOT, base, 2)
    visit.hear(decode_from_server(Channel.MATCH, payload), len(payload), now_s)


def frame_of(visit: Visit, now_s: float = 106.0) -> Frame:
    frame = visit.frame(now_s, ONLINE)
    assert frame is not None
    return frame


def player(slot: int, **values: object) -> PlayerSeen:
    """Somebody who stands in the middle of the drawn arena, unhurt."""
    plain = PlayerSeen(
        *(slot, f"Player {slot}", slot == SLOT, False, True, True),
        *(5_000.0 + 600 * slot, 5_000.0, 0.0, 0.0, 0.0),
        *(True, False, False, False),
        *(0, 100, 0, 0, 0, 0, 0, 0, 0, 0, 0, 12),
    )
    return plain._replace(**values)


def still(**values: object) -> Frame:
    """A frame of a match in play between two, changed as asked."""
    _, visit = bot_match(players=2, seconds=0.2)
    quiet = {"events": [], "phase": Phase.PLAY, "phase_end_tick": 0}
    frame = evolve(frame_of(visit), players=(player(0), player(1)), **quiet)
    return evolve(frame, **values)  # type: ignore[arg-type]


def game_event(kind: EventKind, **fields: int) -> GameEvent:
    return GameEvent(kind, 100, fields)
