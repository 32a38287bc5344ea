"""Frames to look at: a match of bots played in memory, as a client that sits in it is shown it."""

from functools import partial

from attrs import evolve

from clients.desktop.core.connection_state import ConnectionState, ConnectionStatus
from clients.desktop.core.frame import Frame, PlayerSeen
from clients.desktop.core.match_session import MatchSession
from clients.netcode.event_queue import GameEvent
from clients.netcode.round import Round
from game import step, view
from game.brain.brain import Brain
from game.brain.perception import perception_of
from game.events import EventKind
from game.inputs import Command, CommandKind, Input
from game.view import View
from game.wire.codec import decode, encode
from game.wire.match_messages import MapChoice, Roster, RosterRow, Welcome
from game.wire.schema import FromMatch
from game.wire.snapshot import SnapshotWriter
from game.world import Phase, World
from tests.strategies import world_of

ONLINE = ConnectionState(ConnectionStatus.ONLINE)
SLOT = 0


def bot_match(
    world: World | None = None, players: int = 8, seconds: float = 6
) -> tuple[World, MatchSession]:
    """Bots fight; the first seat is watched by a client that gets each snapshot at once."""
    world = world_of() if world is None else world
    session, writer = MatchSession(b"ticket"), SnapshotWriter(64)
    step(world, [Command(CommandKind.JOIN, slot, 1) for slot in range(players)])
    brains = [Brain(world.arena, 3, 1, slot) for slot in range(players)]
    session.greeting(99.9)
    hear(session, welcome(world), now_s=100.0)
    assert session.awaited is not None
    session.prepare(session.awaited, world.arena)
    names = [RosterRow(slot, f"Bot {slot}", 1, 1, 10 * slot) for slot in range(players)]
    hear(session, Roster(tuple(names)), now_s=100.0)
    base = None
    events: list[tuple[int, ...]] = []
    for tick in range(round(seconds * 60)):
        inputs = [
            (slot, brain.think(perception_of(world, slot))) for slot, brain in enumerate(brains)
        ]
        events += step(world, (), inputs)
        now_s = 100 + tick / 60
        if world.tick % 2 == 0:
            receive_snapshot(session, writer, view(world, events), base, now_s)
            base, events = world.tick, []
        session.play(now_s, partial(_first_of, inputs))
    return world, session


def _first_of(inputs: list[tuple[int, Input]], _tick: int, _round: Round) -> Input:
    return inputs[SLOT][1]


def welcome(world: World, slot: int = SLOT) -> Welcome:
    return Welcome(
        slot,
        world.tick,
        "m1",
        mode=world.config.mode,
        map=world.arena.name,
        map_digest=world.arena.digest,
        resume=b"r",
        score_limit=25,
        players_max=8,
        vote_maps=(MapChoice("drawn", "Drawn"), MapChoice("other", "Other")),
        round=0,
    )


def hear(session: MatchSession, message: FromMatch, *, now_s: float) -> None:
    session.hear(decode(FromMatch, encode(message)), 100, now_s)


def receive_snapshot(
    session: MatchSession, writer: SnapshotWriter, seen: View, base: int | None, now_s: float
) -> None:
    writer.push(seen)
    payload = writer.message(SLOT, base, 2)
    session.hear(decode(FromMatch, payload), len(payload), now_s)


def frame_of(session: MatchSession, now_s: float = 106.0) -> Frame:
    frame = session.frame(now_s, ONLINE)
    assert frame is not None
    return frame


def player(slot: int, **values: object) -> PlayerSeen:
    """Somebody who stands in the middle of the drawn arena, unhurt."""
    plain = PlayerSeen(
        *(slot, f"Player {slot}", slot == SLOT, False, True, True, False),
        *(5_000.0 + 600 * slot, 5_000.0, 0.0, 0.0, 0.0),
        *(True, False, False, False),
        *(0, 100, 0, 0, 0, 0, 0, 0, 0, 0, 0, 12),
    )
    return plain._replace(**values)


def still(**values: object) -> Frame:
    """A frame of a match in play between two, changed as asked."""
    _, session = bot_match(players=2, seconds=0.2)
    quiet = {"events": [], "phase": Phase.PLAY, "phase_end_tick": 0}
    frame = evolve(frame_of(session), players=(player(0), player(1)), **quiet)
    return evolve(frame, **values)  # type: ignore[arg-type]


def game_event(kind: EventKind, **fields: int) -> GameEvent:
    return GameEvent(kind, 100, fields)
