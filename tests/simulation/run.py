"""One run: everything is made from a seed, runs in virtual time, and is judged.

Owns: the order of a run: trouble, calm, the end. Must not know: what is checked. Invariant: a run
leaves nothing behind.

    nursery of a run
      ├─ lives                 one process of the server after another
      ├─ Player.live × N       people
      ├─ harass × N            attackers
      └─ Witness.watch
"""

import random
import shutil
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import structlog
import trio
from attrs import define, field, frozen
from trio.testing import MockClock

from server.app import MAPS
from server.config.settings import ListenSettings, LobbySettings, Settings, StoreSettings
from server.match.journal_files import JournalSettings
from server.match.recovery import recover
from server.match.registry import MatchRegistry
from server.match.settings import MatchSettings
from tests.simulation.directed import directed
from tests.simulation.disk import Disk
from tests.simulation.hostile import harass
from tests.simulation.journals import journal_faults
from tests.simulation.ledger import Ledger
from tests.simulation.network import Network
from tests.simulation.player import Player
from tests.simulation.process import Machine, Process, map_files, rewired
from tests.simulation.rules import Record
from tests.simulation.scenario import CALM_S, Scenario, draw
from tests.simulation.town import Town
from tests.simulation.trace import Trace
from tests.simulation.witness import CURRENT, Witness

RESUME_S = 10
END_S = 30.0  # virtual; an end that takes longer has hung
SECRET = "a secret that all lives of a simulated server share"

Canary = Callable[[], Any]  # makes a context manager that plants a bug


@frozen
class Outcome:
    """The outcome of a run."""

    seed: int
    faults: tuple[str, ...]
    digest: str
    virtual_s: float
    real_s: float
    counts: dict[str, int]


@define(eq=False)
class Run:
    """The parts of one run."""

    scenario: Scenario
    machine: Machine
    town: Town
    witness: Witness
    dice: random.Random
    apps: list[Any] = field(factory=list)

    async def main(self) -> None:
        """Run from the first process to the last."""
        tasks_before = trio.lowlevel.current_statistics().tasks_living
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._until_failure, nursery.cancel_scope)
            async with trio.open_nursery() as inner:
                self._people(inner)
                inner.start_soon(self.witness.watch)
                inner.start_soon(self._pauses)
                await self._lives(inner)
                inner.cancel_scope.cancel()
            nursery.cancel_scope.cancel()
        if not self.witness.faults:
            tasks = trio.lowlevel.current_statistics().tasks_living - tasks_before
            self._judge_end(tasks)

    async def _until_failure(self, scope: trio.CancelScope) -> None:
        await self.witness.failed.wait()
        scope.cancel()

    def _people(self, nursery: trio.Nursery) -> None:
        scenario, town = self.scenario, self.town
        for number, plan in enumerate(scenario.plans):
            dice = random.Random(f"{scenario.seed} {plan.name}")
            player = Player(town, plan, dice, f"10.0.0.{number + 1}")
            self.witness.players.append(player)
            nursery.start_soon(player.live)
        for number, kind in enumerate(scenario.hostile_kinds):
            dice = random.Random(f"{scenario.seed} {kind}")
            nursery.start_soon(harass, town, kind, dice, f"10.0.1.{number + 1}")

    async def _pauses(self) -> None:
        """Freeze the machine while the clock goes on, without warning."""
        for at_s, for_s in self.scenario.pauses:
            await trio.sleep_until(at_s)
            self.machine.trace.note("run", "pauses", for_s)
            clock = trio.lowlevel.current_clock()
            assert isinstance(clock, MockClock)
            clock.jump(for_s)
            self.witness.stood_still(for_s)

    async def _lives(self, nursery: trio.Nursery) -> None:
        """Run one process after another, until everything has been calm for a while."""
        process = await self._begin(nursery, 0)
        for number, crash in enumerate(self.scenario.crashes, 1):
            await trio.sleep_until(crash.at_s)
            if crash.is_asked:
                await self._end(process)
            else:
                await self._kill(process, crash.effects_left)
            await trio.sleep(crash.away_s)
            process = await self._begin(nursery, number)
        await trio.sleep_until(self.scenario.troubled_s)
        self._calm()
        await trio.sleep(CALM_S)
        self.judge_calm()
        self.town.is_closing = True
        await self._end(process)

    async def _kill(self, process: Process, effects_left: int) -> None:
        """Kill a process after so many effects, or after 2 s: an idle server has none."""
        if effects_left:
            process.mortal.effects_left = effects_left
            with trio.move_on_after(2):
                await process.ended.wait()
        process.die()
        await process.ended.wait()

    async def _end(self, process: Process) -> None:
        """End a process as an operator does, and check that it leaves nothing behind."""
        process.ask_to_end(self.scenario.grace_s)
        with trio.move_on_after(END_S) as patience:
            await process.ended.wait()
        if patience.cancelled_caught:
            self.witness.fault(f"process {process.number} does not end")
        self.witness.ended(process)

    async def _begin(self, nursery: trio.Nursery, number: int) -> Process:
        now_s = trio.current_time()
        moves_s = tuple(at_s for at_s in self.scenario.moves_s if at_s > now_s)
        process = Process(self.machine, number, self.witness.died, self.witness.moved, moves_s)
        token = CURRENT.set(process.mortal)  # its tasks inherit it
        nursery.start_soon(process.run)
        CURRENT.reset(token)
        await process.started.wait()
        self.witness.started(process)
        self.apps.append(process.app)
        return process

    def _calm(self) -> None:
        machine = self.machine
        machine.trace.note("run", "calm")
        self.town.is_calm = True
        machine.disk.is_healed = machine.ledger.is_healed = True
        machine.network.heal()

    def judge_calm(self) -> None:
        """Check that everybody who wants to play does, after the calm."""
        now_s = trio.current_time()
        for player in self.witness.players:
            is_content = player.is_done or (player.plan.wish == "watch" and player.seat is None)
            if not is_content and now_s - player.heard_s > 3.0 and player.waiting_since_s:
                self.witness.fault(player.plan.name, "gets nowhere although all is calm")

    def _judge_end(self, tasks: int) -> None:
        witness, machine = self.witness, self.machine
        if tasks:
            witness.fault(f"{tasks} tasks are left over")
        if machine.network.transports:
            witness.fault(f"{len(machine.network.transports)} connections are left over")
        if faults := sum(app.front.statistics().faults for app in self.apps):
            witness.fault(f"{faults} connections ended by a fault")
        self._judge_results()
        arenas = {name: file.arena for name, file in map_files(MAPS).items()}
        folder = Path(machine.settings.store.data_dir)
        for text in journal_faults(folder, arenas, machine.record):
            witness.fault(text)

    def _judge_results(self) -> None:
        """Check that every scored round is one row, and that there are no other rows."""
        witness, ledger, record = self.witness, self.machine.ledger, self.machine.record
        scored = {}
        for seed, digest in record.scored.items():
            if seed in witness.rounds:
                scored[witness.rounds[seed]] = digest
        for key, digest in scored.items():
            row = ledger.rows.get(key)
            if row is None and key[0] not in witness.unrecorded:
                witness.fault(f"the result of {key} was lost")
            elif row is not None and row.digest != digest and key[0] not in witness.unrecorded:
                witness.fault(f"the result of {key} is not that of its end")
        for key, count in ledger.counted.items():
            if count != 1:
                witness.fault(f"the result of {key} was counted {count} times")
            if key not in scored:
                witness.fault(f"{key} has a result, and was not scored")


def simulate(
    seed: int,
    canary: Canary | None = None,
    keep: Path | None = None,
    left: Path | None = None,
) -> Outcome:
    """Simulate one run. `canary` plants a bug. `keep` gets the trace and journals of a run that
    fails, `left` the journals of any.
    """
    began_s = time.perf_counter()
    scenario = draw(seed)
    folder = Path(tempfile.mkdtemp(prefix="skirmish-simulation-"))
    try:
        with ExitStack() as around:
            dice = around.enter_context(directed(seed))
            run = _assemble(scenario, dice, folder)
            around.enter_context(rewired(run.machine))
            around.enter_context(_listening(run.witness))
            if canary is not None:
                around.enter_context(canary())
            try:
                trio.run(run.main, clock=MockClock(autojump_threshold=0))
            except Exception as error:
                run.witness.faults.append("".join(traceback.format_exception(error)))
        outcome = _outcome(run, time.perf_counter() - began_s)
        if left is not None:
            shutil.copytree(folder, left, dirs_exist_ok=True)
        if outcome.faults and keep is not None:
            keep.mkdir(parents=True, exist_ok=True)
            run.machine.trace.write(keep / "trace.txt")
            shutil.copytree(folder, keep / "data", dirs_exist_ok=True)
        return outcome
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _assemble(scenario: Scenario, dice: random.Random, folder: Path) -> Run:
    trace = Trace()
    network = Network(random.Random(dice.getrandbits(64)), scenario.network_trouble)
    disk = Disk(random.Random(dice.getrandbits(64)), scenario.disk, trace)
    ledger = Ledger(random.Random(dice.getrandbits(64)), trace, scenario.ledger_fault_share)
    settings = Settings(
        secret=SECRET,
        net=ListenSettings(heartbeat_s=4.0, heartbeat_timeout_s=3.0),
        lobby=LobbySettings(bot_fill_after_s=1.0, bots=scenario.population, resume_s=5.0),
        match=MatchSettings(
            watch_delay_s=0, resume_s=RESUME_S, empty_s=4, silent_s=5, slow_s=4, join_s=5
        ),
        store=StoreSettings(data_dir=str(folder), retry_s=2.0),
        journal=JournalSettings(segment_mb=scenario.segment_mb),
    )
    machine = Machine(dice, settings, network, disk, ledger, trace, Record())
    witness = Witness(machine, RESUME_S)
    friends = sum(plan.wish == "friend" for plan in scenario.plans)
    return Run(scenario, machine, Town(network, trace, witness, friends=friends), witness, dice)


@contextmanager
def _listening(witness: Witness) -> Iterator[None]:
    """Pass logs, recoveries and hand-overs to the witness."""

    def watched(*arguments: Any) -> Any:
        recovered = recover(*arguments)
        witness.recovered(recovered)
        return recovered

    hand_over = MatchRegistry.hand_over

    def handed_over(registry: MatchRegistry, match_id: str, *reason: str) -> bool:
        match = registry.find(match_id)
        if match is not None and not match.ended_reason:
            witness.handing_over(match)
        is_kept = hand_over(registry, match_id, *reason)
        if not is_kept:
            witness.handed_over(match_id)
        return is_kept

    before = structlog.get_config()
    structlog.configure(processors=[witness.heard_log], cache_logger_on_first_use=False)
    try:
        with (
            mock.patch("server.match.registry.recover", watched),
            mock.patch.object(MatchRegistry, "hand_over", handed_over),
        ):
            yield
    finally:
        structlog.configure(**before)


def _outcome(run: Run, real_s: float) -> Outcome:
    witness, machine = run.witness, run.machine
    counts = {
        "welcomes": sum(player.welcomes for player in witness.players),
        "snapshots": sum(player.snapshots for player in witness.players),
        "recovered": witness.recovered_count,
        "results": len(machine.ledger.rows),
        "processes": len(run.apps),
    }
    digest = machine.trace.digest()
    return Outcome(
        run.scenario.seed, tuple(witness.faults), digest, run.scenario.virtual_s, real_s, counts
    )
