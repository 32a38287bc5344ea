"""One life of a server: the real one, with a simulated machine around it.

Owns: which parts of the machine are replaced, and how a life ends. Must not know: players.
Invariant: after `die`, nothing that this process still does has any effect.

    run of a process
      └─ running_app         the whole tree of server/app.py
"""

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from unittest import mock

import trio
from attrs import define, evolve, field, frozen

import game.brain
import server.app
from game.arena import Arena
from game.modes import MODES
from server.app import App, ExternalResources, running_app
from server.config.settings import Settings
from server.maps.files import MapFile, load_map_files
from server.match.archiver import JournalArchiver
from server.match.match import Match
from server.match.recorder import RecorderContext
from server.match.registry import Journals, MatchRegistry
from server.security.tickets import TicketBox
from server.store.writer import ResultWriter
from tests.simulation.directed import unix_s
from tests.simulation.disk import Disk, folder_for, simulated_files
from tests.simulation.effects import Mortal
from tests.simulation.ledger import Ledger, LedgerStore
from tests.simulation.network import Network, SimListener
from tests.simulation.readiness import SimReadiness
from tests.simulation.rules import Record, TappedRules
from tests.simulation.trace import Trace

LIMIT_TICKS = {"duel": 240, "deathmatch": 360}  # short rounds, so that some end within a run


@define(eq=False)
class Machine:
    """The environment of processes: network, disk, database, and the records of the run."""

    dice: random.Random
    settings: Settings
    network: Network
    disk: Disk
    ledger: Ledger
    trace: Trace
    record: Record
    starting: Mortal | None = None  # the process whose parts `server.app` gets just now


@define(eq=False)
class Process:
    """A server process. `on_death` is called at its death, `on_move` just before a hand-over."""

    machine: Machine
    number: int
    on_death: Callable[["Process"], None]
    on_move: Callable[[Match], None]
    moves_s: tuple[float, ...] = ()  # when a match is handed over and resumed
    effects_left: int = -1
    app: App | None = None
    mortal: Mortal = field(init=False)
    started: trio.Event = field(factory=trio.Event)
    ended: trio.Event = field(factory=trio.Event)
    _scope: trio.CancelScope = field(factory=trio.CancelScope)
    _asked_to_end: trio.Event = field(factory=trio.Event)
    _grace_s: float = 0.0

    @mortal.default
    def _alive(self) -> Mortal:
        return Mortal(self._died, self.effects_left)

    async def run(self) -> None:
        """Run until asked to end, or dead."""
        machine, mortal = self.machine, self.mortal
        machine.trace.note(f"process-{self.number}", "begins")
        machine.starting = mortal
        factory = SimRegistryFactory(machine, mortal)
        try:
            with self._scope:
                external = ExternalResources(
                    [machine.network.listen(mortal)], factory.make_registry
                )
                async with running_app(machine.settings, external) as self.app:
                    self.started.set()
                    async with trio.open_nursery() as nursery:
                        nursery.start_soon(self._move_matches, self.app.registry)
                        await self._asked_to_end.wait()
                        nursery.cancel_scope.cancel()
                    await self.app.close(self._grace_s)
        finally:
            machine.trace.note(f"process-{self.number}", "ended", self.mortal.effect_count)
            self.ended.set()

    def ask_to_end(self, grace_s: float) -> None:
        """End as on SIGTERM."""
        self._grace_s = grace_s
        self._asked_to_end.set()

    def die(self) -> None:
        """End as by `kill -9`."""
        self.mortal.die()

    async def _move_matches(self, registry: MatchRegistry) -> None:
        """Hand matches over as an upgrade does, with the same process on both sides."""
        for at_s in self.moves_s:
            await trio.sleep_until(at_s)
            ids = [status.match_id for status in registry.statuses()]
            match = registry.find(self.machine.dice.choice(ids)) if ids else None
            if match is None or match.ended_reason:
                continue
            match_id = match.spec.match_id
            self.on_move(match)
            if registry.hand_over(match_id):
                self.machine.trace.note(f"process-{self.number}", "moves", match_id)
                # It ends when its task next runs, and no event says when.
                while registry.find(match_id) is not None:  # noqa: ASYNC110
                    await trio.sleep(0.001)
                await registry.adopt()

    def _died(self) -> None:
        machine = self.machine
        machine.trace.note(f"process-{self.number}", "dies", self.mortal.effect_count)
        self.on_death(self)
        machine.network.drop_owner(self.mortal)
        if self.app is not None and self.app.registry.journals is not None:
            self.app.registry.journals.folder.release()
        self._scope.cancel()


@cache
def map_files(folder: Path) -> dict[str, MapFile]:
    """Read the maps, once for all runs: an arena never changes."""
    return load_map_files(folder)


@contextmanager
def rewired(machine: Machine) -> Iterator[None]:
    """Patch, for a run, what `server.app` has no parameter for; and shorten rounds."""
    real = server.app
    new_front, load_static = real.Front, real.load_static

    async def open_store(_: Settings) -> LedgerStore:
        await trio.lowlevel.checkpoint()
        assert machine.starting is not None, "a process is starting"
        return LedgerStore(machine.ledger, machine.starting)

    replaced = {
        "_open_store": open_store,
        "Front": lambda *parts, guard: new_front(
            *parts, accept=SimListener.accept_for_ever, guard=guard
        ),
        "load_map_files": map_files,
        "uptime_s": unix_s,
        "load_static": lambda _: load_static(None),
    }
    modes = {
        name: evolve(MODES[name], time_limit_ticks=ticks) for name, ticks in LIMIT_TICKS.items()
    }
    with ExitStack() as patches:
        patches.enter_context(mock.patch.multiple(real, **replaced))
        patches.enter_context(mock.patch.dict(MODES, modes))
        patches.enter_context(simulated_files(machine.disk))
        yield


@frozen
class SimRegistryFactory:
    """Makes the match registry of one process: the real one in a simulated environment."""

    machine: Machine
    mortal: Mortal

    def make_registry(
        self,
        settings: Settings,
        maps: Mapping[str, Arena],
        tickets: TicketBox,
        results: ResultWriter,
    ) -> MatchRegistry:
        """Make the registry as `server.app` does for a single process."""
        machine = self.machine
        registry = MatchRegistry(
            settings.match,
            maps,
            tickets,
            results,
            TappedRules(machine.record, self.mortal),
            game.brain,
            unix_s,
            unix_s,
            new_readiness=lambda: SimReadiness(machine.network),
        )
        parent = Path(settings.store.data_dir) / "journals"
        folder = folder_for(self.mortal, machine.disk).first_free(parent)
        segment_bytes = int(settings.journal.segment_mb * 1e6)
        context = RecorderContext(
            folder, "simulated", segment_bytes, tickets.sign, registry.counters
        )
        registry.journals = Journals(folder, context, JournalArchiver(folder))
        results.on_stored = registry.journals.archiver.result_stored
        return registry
