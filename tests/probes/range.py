"""A server with one match, on lines: the real front, handshake, tickets, metronome and match.

Owns: what is real here and what is not. Must not know: players. Invariant: no part of it reads a
real clock or a real socket.

    open_range
      └─ nursery ─┬─ MatchRegistry.run    the metronome and the match
                  └─ Front.serve      connections
"""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import trio
from attrs import define, field

import game
import game.brain
from game.arena import Arena
from game.events import Event, EventKind
from game.inputs import Command, Input
from game.tuning import TUNING, Tuning, Weapon
from game.view import Renumber, View
from game.world import MatchConfig, World
from server.match.registry import MatchRegistry
from server.match.rounds import MatchSpec
from server.match.settings import MatchSettings
from server.match.status import BotPolicy
from server.net.front import Front
from server.net.http import Site
from server.net.settings import NetSettings
from server.net.static import load_static
from server.security.tickets import Ticket, TicketBox
from server.store.memory import MemoryStore
from tests.probes.line import Lines
from tests.simulation.directed import unix_s
from tests.simulation.network import SimListener
from tests.simulation.readiness import SimReadiness
from tests.strategies import arena_from

MATCH_ID = "range"
# Only a border and four pillars: a rail that misses was aimed wrong or rewound wrong.
DRAWING = "\n".join(
    (
        "#" * 40,
        *("#" + "." * 38 + "#" for _ in range(3)),
        *("#..s" + "." * 32 + "s..#" for _ in range(4)),
        *("#" + "." * 9 + "##" + "." * 16 + "##" + "." * 9 + "#" for _ in range(2)),
        *("#..s" + "." * 32 + "s..#" for _ in range(4)),
        *("#" + "." * 9 + "##" + "." * 16 + "##" + "." * 9 + "#" for _ in range(2)),
        *("#..s" + "." * 32 + "s..#" for _ in range(4)),
        *("#" + "." * 38 + "#" for _ in range(3)),
        "#" * 40,
    )
)


def practice(rewind_ticks_max: int = TUNING.rewind_ticks_max) -> Tuning:
    """Tuning with unlimited, harmless rails: nobody dies or is pushed by a shot, so the network
    causes every correction.
    """
    weapons = list(TUNING.weapons)
    weapons[Weapon.RAIL] = replace(
        weapons[Weapon.RAIL],
        damage=1,
        knock_back=0,
        interval_ticks=23,
        ammo_max=30_000,
        ammo_at_spawn=30_000,
    )
    weapons[Weapon.BLASTER] = replace(weapons[Weapon.BLASTER], damage=0, knock_back=0)
    return replace(
        TUNING,
        weapons=tuple(weapons),
        health_at_spawn=30_000,
        health_max=30_000,
        protection_ticks=1,
        rewind_ticks_max=rewind_ticks_max,
    )


@define(eq=False)
class WatchedRules:
    """The game's rules, with a record of each rail; implements `server.match.rules.Rules`."""

    tuning: Tuning
    rails: dict[tuple[int, int], set[int]] = field(factory=dict)  # (slot, tick) → whom it hit

    def new(self, config: MatchConfig, arena: Arena) -> World:
        return game.new(config, arena, tuning=self.tuning)

    def step(
        self, world: World, commands: Sequence[Command], inputs: Iterable[tuple[int, Input]]
    ) -> list[Event]:
        events = game.step(world, commands, inputs)
        for event in events:
            if event[0] == EventKind.RAIL:
                self.rails[event[1], world.tick] = set()
        for event in events:
            if event[0] == EventKind.HIT and event[3] == Weapon.RAIL:
                self.rails[event[2], world.tick].add(event[1])
        return events

    def view(
        self,
        world: World,
        events: list[Event],
        renumber: Renumber | None = None,
        before: View | None = None,
    ) -> View:
        return game.view(world, events, renumber, before)

    def digest(self, world: World) -> bytes:
        return game.digest(world)

    def dump(self, world: World) -> tuple[object, ...]:
        return game.dump(world)

    def load(self, dumped: tuple[object, ...], arena: Arena) -> World:
        return game.load(dumped, arena, tuning=self.tuning)


@define(eq=False)
class Range:
    """The facts that players need to join."""

    lines: Lines
    arena: Arena
    rules: WatchedRules
    tickets: TicketBox
    registry: MatchRegistry
    front: Front

    @property
    def tick(self) -> int:
        """The match's current tick."""
        match = self.registry.find(MATCH_ID)
        assert match is not None, "it runs"
        return int(match.world.tick)

    def ticket(self, name: str) -> bytes:
        """Issue a play ticket."""
        return self.tickets.issue(Ticket("play", MATCH_ID, name, name, -1, int(unix_s()) + 60))


@asynccontextmanager
async def open_range(lines: Lines, rules: WatchedRules) -> AsyncIterator[Range]:
    """Serve while the block runs."""
    arena = arena_from(DRAWING)
    tickets = TicketBox(bytes(32))
    registry = MatchRegistry(
        MatchSettings(fog=False),  # one end of the range is out of sight of the other
        {arena.name: arena},
        tickets,
        MemoryStore(),
        rules,
        game.brain,
        unix_s,
        new_readiness=lambda: SimReadiness(lines),
    )
    net = NetSettings()
    site = Site({}, load_static(None), net)
    front = Front(net, site, {"/match/": registry.session}, accept=SimListener.accept_for_ever)
    listener = lines.listen(None)
    async with trio.open_nursery() as nursery:
        await nursery.start(registry.run)
        registry.open(MatchSpec(MATCH_ID, "deathmatch", arena.name, 1, BotPolicy()))
        nursery.start_soon(front.serve, [listener])
        yield Range(lines, arena, rules, tickets, registry, front)
        await registry.close_all(0)
        front.begin_stop()
        nursery.cancel_scope.cancel()
