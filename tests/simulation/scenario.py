"""The events of a run, drawn from its seed.

Owns: who comes, what goes wrong and when. Must not know: how anything is carried out. Each kind of
trouble is in some runs and not in others: troubles that always come together hide their causes.
"""

import random

from attrs import frozen

from tests.simulation.disk import DiskTrouble
from tests.simulation.network import NetworkTrouble
from tests.simulation.player import Plan

TROUBLED_S = (10.0, 40.0)  # how long things go wrong
CALM_S = 11.0  # then nothing goes wrong any more, and everything has to recover
AWAY_S_MAX = 5.0  # well within the window in which a seat is kept
CRASH_PAUSE_S = (11.0, 21.0)  # between two deaths; in a storm they follow each other quickly,
STORM_PAUSE_S = (0.5, 4.0)  # and a match may be blamed for a death it did not cause
STORM_SHARE = 0.15
PAUSE_S_MAX = 9.0  # longer than any timeout of the server or of a player


@frozen
class Crash:
    """An end of the server, and how long it stays down."""

    at_s: float
    effects_left: int  # die after this many, most likely within a tick; 0: at once, between two
    away_s: float
    is_asked: bool = False  # a planned restart, not a death


@frozen
class Scenario:
    """Everything that happens in a run."""

    seed: int
    troubled_s: float
    plans: tuple[Plan, ...]
    network_trouble: NetworkTrouble
    disk: DiskTrouble
    ledger_fault_share: float
    crashes: tuple[Crash, ...]
    pauses: tuple[tuple[float, float], ...]  # when the machine freezes, and for how long
    moves_s: tuple[float, ...]  # when a match is handed over and resumed
    hostile_kinds: tuple[str, ...]
    segment_mb: float
    grace_s: float  # that rounds get when the server is asked to end
    population: int  # that bots fill a quick match up to

    @property
    def virtual_s(self) -> float:
        """How long the run takes in virtual time."""
        return self.troubled_s + CALM_S


def draw(seed: int) -> Scenario:
    """The scenario of a seed."""
    dice = random.Random(f"scenario {seed}")
    troubled_s = dice.uniform(*TROUBLED_S)
    return Scenario(
        seed=seed,
        troubled_s=troubled_s,
        plans=_plans(dice, troubled_s),
        network_trouble=_network_trouble(dice),
        disk=_disk(dice, troubled_s),
        ledger_fault_share=dice.choice((0.0, 0.0, 0.3, 0.8)),
        crashes=_crashes(dice, troubled_s, _pause_s(seed)),
        pauses=_pauses(seed, troubled_s),
        moves_s=_moves(dice, troubled_s),
        hostile_kinds=_hostile(dice),
        segment_mb=dice.choice((0.01, 8.0)),
        grace_s=dice.choice((0.0, 0.0, 4.0)),
        population=dice.choice((0, 2, 3)),
    )


def _plans(dice: random.Random, troubled_s: float) -> tuple[Plan, ...]:
    count = dice.choice((1, 1, 2, 2, 3))
    wishes = ["quick"] * count
    if count > 1 and dice.random() < 0.4:
        wishes[:2] = ["owner", "friend"]
    if dice.random() < 0.3:
        wishes.append("watch")
    mode = dice.choice(("duel", "deathmatch"))
    return tuple(
        Plan(
            name=f"player-{number}",
            wish=wish,
            mode=mode,
            comes_s=dice.uniform(0, 4) if wish != "friend" else 3.0,
            stays_s=dice.choice((1_000.0, 1_000.0, dice.uniform(5, troubled_s))),
            drops_mean_s=dice.choice((5.0, 20.0, 1_000.0)),
            bots=dice.randint(0, 1) if count > 1 else 1,
            away_s_max=dice.choice((0.0, AWAY_S_MAX)),
        )
        for number, wish in enumerate(wishes)
    )


def _network_trouble(dice: random.Random) -> NetworkTrouble:
    def sometimes(most: float) -> float:
        return dice.uniform(0, most) if dice.random() < 0.5 else 0.0

    return NetworkTrouble(
        delay_s_max=dice.choice((0.005, 0.05, 0.2)),
        jitter_share=dice.choice((0.0, 0.5, 2.0)),
        short_write_share=dice.choice((0.0, 0.01, 0.2)),
        refused=sometimes(0.3),
        reset=sometimes(0.6),
        half_open=sometimes(0.4),
        stall=sometimes(0.6),
        slow=sometimes(0.3),
    )


def _disk(dice: random.Random, troubled_s: float) -> DiskTrouble:
    spells: tuple[tuple[float, float], ...] = ()
    if dice.random() < 0.15:
        begin_s = dice.uniform(0, troubled_s)
        spells = ((begin_s, begin_s + dice.choice((0.05, 1.0, 5.0))),)
    return DiskTrouble(
        short_write_share=dice.choice((0.0, 0.0, 0.05)),
        full_spells=spells,
        can_reserve=dice.random() < 0.7,
    )


def _pause_s(seed: int) -> tuple[float, float]:
    is_storm = random.Random(f"storm {seed}").random() < STORM_SHARE
    return STORM_PAUSE_S if is_storm else CRASH_PAUSE_S


def _crashes(
    dice: random.Random, troubled_s: float, pause_s: tuple[float, float]
) -> tuple[Crash, ...]:
    crashes = []
    at_s = dice.uniform(2.0, 15.0)
    while at_s < troubled_s and dice.random() < 0.85:
        away_s = dice.choice((0.05, 0.3, 2.0))
        effects_left = dice.choice((0, dice.randint(1, 60), dice.randint(1, 60)))
        crashes.append(Crash(at_s, effects_left, away_s, is_asked=dice.random() < 0.15))
        at_s += away_s + dice.uniform(*pause_s)
    return tuple(crashes)


def _pauses(seed: int, troubled_s: float) -> tuple[tuple[float, float], ...]:
    dice = random.Random(f"pauses {seed}")
    count = dice.choice((0, 0, 0, 1, 2))
    times_s = sorted(dice.uniform(2.0, troubled_s) for _ in range(count))
    return tuple((at_s, dice.uniform(0.5, PAUSE_S_MAX)) for at_s in times_s)


def _moves(dice: random.Random, troubled_s: float) -> tuple[float, ...]:
    count = dice.choice((0, 0, 1, 2))
    return tuple(sorted(dice.uniform(2.0, troubled_s) for _ in range(count)))


def _hostile(dice: random.Random) -> tuple[str, ...]:
    kinds = ("garbage", "half head", "flood", "deaf", "bad ticket", "huge frame", "crossed close")
    return tuple(dice.sample(kinds, dice.choice((0, 0, 1, 3))))
