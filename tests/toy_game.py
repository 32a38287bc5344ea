"""A counter with the game's interface: proves that a match knows no rules.

Every input adds its buttons to its seat's score; a round ends after `config.time_limit_ticks`, or
when a score reaches `config.score_limit`.
"""

from collections.abc import Iterable, Sequence

from attrs import asdict, define, field

from game.arena import Arena
from game.events import Event, EventKind
from game.inputs import Command, CommandKind, Input, InputFields
from game.records import Body, Card, Own, by_slot
from game.view import Renumber, View
from game.world import MatchConfig, Phase


@define
class ToyPlayer:
    """One counter."""

    slot: int
    bot: int = 0
    connected: int = 1
    score: int = 0
    kills: int = 0
    deaths: int = 0
    vote: int = -1
    team: int = 0


@define
class ToyWorld:
    """The part of a world that a match reads."""

    config: MatchConfig
    arena: Arena
    tick: int = 0
    phase: int = Phase.PLAY
    phase_end_tick: int = 0
    winner: int = -1
    team_scores: list[int] = field(factory=list)
    next_map: str = ""
    players: dict[int, ToyPlayer] = field(factory=dict)


def new(config: MatchConfig, arena: Arena) -> ToyWorld:
    return ToyWorld(config, arena, phase_end_tick=config.time_limit_ticks)


def step(
    world: ToyWorld, commands: Sequence[Command], inputs: Iterable[tuple[int, InputFields]]
) -> list[Event]:
    world.tick += 1
    for kind, slot, value in commands:
        if kind == CommandKind.JOIN:
            assert slot not in world.players
            world.players[slot] = ToyPlayer(slot, bot=value & 1)
        elif kind == CommandKind.LEAVE:
            del world.players[slot]
        elif kind == CommandKind.PRESENCE:
            world.players[slot].connected = value
        else:
            world.players[slot].vote = value
    world.players = dict(sorted(world.players.items()))
    events: list[Event] = []
    for slot, (buttons, _, _) in inputs:
        player = world.players[slot]
        player.score += buttons
        if buttons:
            events.append((EventKind.FIRE, slot, 0))
    if world.phase == Phase.SCOREBOARD:
        world.phase = Phase.OVER
        votes = [player.vote for player in world.players.values() if player.vote >= 0]
        world.next_map = world.config.vote_maps[votes[0]] if votes else ""
    best = max((player.score for player in world.players.values()), default=0)
    if world.phase == Phase.PLAY and (
        world.tick >= world.phase_end_tick or best >= world.config.score_limit
    ):
        world.phase = Phase.SCOREBOARD
    return events


def view(
    world: ToyWorld,
    events: list[Event],
    renumber: Renumber | None = None,
    before: View | None = None,
) -> View:
    return View(
        tick=world.tick,
        cards=by_slot(
            {
                slot: Card.of((128 | player.bot * 4, player.score, *[0] * 9))
                for slot, player in world.players.items()
            }
        ),
        bodies=by_slot(
            {slot: Body.of((player.score, *[0] * 7)) for slot, player in world.players.items()}
        ),
        shots={},
        pads={},
        match=(world.phase, world.phase_end_tick, world.winner, 1),
        own=by_slot(dict.fromkeys(world.players, Own())),
        events=events,
    )


def digest(world: ToyWorld) -> bytes:
    return world.tick.to_bytes(16, "little")


def dump(world: ToyWorld) -> tuple[object, ...]:
    return tuple(asdict(world).items())


def load(dumped: tuple[object, ...], arena: Arena) -> ToyWorld:
    raise NotImplementedError("no test brings a toy back")


class Brain:
    """A bot that does nothing."""

    def __init__(self, arena: Arena, level: int, seed: int, slot: int) -> None:
        self.slot = slot

    def think(self, perception: ToyWorld) -> Input:
        return Input(aim=self.slot)


def perceptions_of(world: ToyWorld, slots: Iterable[int]) -> list[tuple[int, ToyWorld]]:
    return [(slot, world) for slot in slots]
