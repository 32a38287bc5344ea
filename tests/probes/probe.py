"""One run of a probe: players on lines, some seconds of play, and the figures.

Owns: who takes part, and what is counted. Must not know: which figures are good. Invariant: the
same conditions give the same figures, to the last digit.
"""

import random
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from functools import partial
from typing import Any, Final, TypeVar

import structlog
import trio
from attrs import frozen
from trio.testing import MockClock

from clients.chaos.profiles import NetworkProfile
from game.tuning import TICKS_PER_SECOND, TUNING
from tests.probes.habits import Marksman, Pendulum, Runner, Sniper, Tapper, Watcher
from tests.probes.line import Lines
from tests.probes.person import Person
from tests.probes.range import WatchedRules, open_range, practice
from tests.simulation.directed import directed

SETTLE_S: Final = 8.0  # time for the clocks to settle
SEED: Final = 4
Played = TypeVar("Played")


@frozen
class Conditions:
    """The set-up of a probe. Every player's line has this `profile`."""

    name: str
    profile: NetworkProfile
    play_s: float = 30.0
    outage_s: tuple[float, float] | None = None  # from, to; counted from the start of the play
    rewind_ticks_max: int = TUNING.rewind_ticks_max


@frozen
class Rails:
    """The outcome of a player's rails whose lag was inside the cap.

    A lag less than a tick beyond the cap counts as inside: such a rail is rewound by the cap, and
    its target is at most a tick's movement, a quarter of its radius, from where the screen showed
    it.
    """

    fired: int
    inside: int  # inside the cap, at a target whose place was not extrapolated
    seen: int  # of `inside`: crossed the target on the shooter's screen
    landed: int  # of `seen`: hit it
    lucky: int  # of `inside`: did not cross it on the screen, but hit it


@frozen
class Figures:
    """The figures of a run. Ticks are sixtieths of a second."""

    conditions: Conditions
    wild: Rails  # by a running shooter, at and beside a target that runs about
    steady: Rails  # by a standing shooter, at a target that runs across
    lags_ticks: tuple[float, float, float]  # minimum, median, maximum
    corrections: int
    corrections_late: int  # a second after an outage has ended, or later
    own_frames: tuple[int, int]  # from key to own movement: median, maximum
    other_ms: tuple[float, float]  # from key to another's screen: median, maximum
    margins: tuple[int, int, int]  # of inputs, in ticks: 1st, 50th and 99th percentile
    up_bytes_per_s: float  # of one player
    down_bytes_per_s: float
    snapshots_per_s: float
    snapshots_least_per_s: float  # of the player who got the fewest
    age_max_ms: float  # of the oldest snapshot on arrival
    rails_heard_share: float  # of the player who got the fewest: a skipped snapshot skips no events
    gap_max_ms: float
    extrapolated_share: float
    own_step_max_units: float
    own_jumps: int  # of the player with the most
    other_step_max_units: float
    ends: tuple[str, ...]


def run_probe(conditions: Conditions, seed: int = SEED) -> Figures:
    """Run one probe in virtual time."""
    return in_virtual_time(partial(_play, conditions), seed)


def in_virtual_time(play: Callable[[random.Random], Awaitable[Played]], seed: int = SEED) -> Played:
    """Run `play` deterministically in virtual time, without logging."""
    with ExitStack() as around:
        dice = around.enter_context(directed(seed))
        before = structlog.get_config()
        around.callback(lambda: structlog.configure(**before))
        structlog.configure(processors=[_drop])
        return trio.run(play, dice, clock=MockClock(autojump_threshold=0))


async def _play(conditions: Conditions, dice: random.Random) -> Figures:
    lines = Lines(random.Random(dice.getrandbits(64)))
    begin_s = trio.current_time() + SETTLE_S
    if conditions.outage_s is not None:
        from_s, to_s = conditions.outage_s
        lines.outage = begin_s + from_s, begin_s + to_s
    rules = WatchedRules(practice(conditions.rewind_ticks_max))
    async with open_range(lines, rules) as range_, trio.open_nursery() as nursery:
        people: list[Person] = []
        habits: tuple[Any, ...] = (
            Marksman(_dice(dice), target=1),
            Runner(_dice(dice)),
            Runner(_dice(dice), dashes=True),
            Tapper(_dice(dice)),
            Watcher(target=3),
            Pendulum(),
            Sniper(_dice(dice), target=5),
        )
        for number, habit in enumerate(habits):
            address = f"10.0.0.{number + 1}"
            lines.profiles[address] = conditions.profile
            person = Person(range_, f"person-{number}", address, habit, _dice(dice))
            people.append(person)
            nursery.start_soon(person.live)
            await person.welcomed.wait()  # so that seats are assigned in this order
        await trio.sleep_until(begin_s)
        counted = [_bytes(person) for person in people]
        for person in people:
            person.is_counting = True
        await trio.sleep(conditions.play_s)
        for person in people:
            person.is_counting = False
        passed = [_bytes(person) for person in people]
        await trio.sleep(2.0)  # let messages in flight arrive
        nursery.cancel_scope.cancel()
    traffic = [
        (after[0] - before[0], after[1] - before[1])
        for before, after in zip(counted, passed, strict=True)
    ]
    return _figures(conditions, people, habits, traffic, lines.outage)


def _figures(
    conditions: Conditions,
    people: Sequence[Person],
    habits: tuple[Any, ...],
    traffic: Sequence[tuple[int, int]],
    outage: tuple[float, float] | None,
) -> Figures:
    marksman, _, _, tapper, watcher, _, sniper = habits
    screens = [person.screen for person in people]
    cap = conditions.rewind_ticks_max or TUNING.rewind_ticks_max
    margins = sorted(margin for screen in screens for margin in screen.margins)
    calm_s = outage[1] + 1.0 if outage is not None else 0.0
    corrections = [at_s for screen in screens for at_s in screen.corrections]
    play_s, count = conditions.play_s, len(people)
    return Figures(
        conditions=conditions,
        wild=_rails(people[0], marksman, cap),
        steady=_rails(people[6], sniper, cap),
        lags_ticks=_spread([shot.lag_ticks for shot in marksman.shots]),
        corrections=len(corrections),
        corrections_late=sum(at_s > calm_s for at_s in corrections),
        own_frames=(_middle(tapper.frames_to_move), max(tapper.frames_to_move)),
        other_ms=_delays_ms(tapper.pressed_at_s, watcher.moved_at_s),
        margins=(_hundredth(margins, 1), _hundredth(margins, 50), _hundredth(margins, 99)),
        up_bytes_per_s=sum(up for up, _ in traffic) / play_s / count,
        down_bytes_per_s=sum(down for _, down in traffic) / play_s / count,
        snapshots_per_s=sum(screen.snapshots for screen in screens) / play_s / count,
        snapshots_least_per_s=min(screen.snapshots for screen in screens) / play_s,
        age_max_ms=max(max(screen.ages_ticks) for screen in screens) * 1_000 / TICKS_PER_SECOND,
        rails_heard_share=min(screen.rails_heard for screen in screens)
        / (len(marksman.shots) + len(sniper.shots)),
        gap_max_ms=max(gap_s for screen in screens for gap_s in screen.gaps_s) * 1_000,
        extrapolated_share=sum(screen.extrapolated_frames for screen in screens)
        / sum(screen.frames for screen in screens),
        own_step_max_units=max(screen.own_step_max_units for screen in screens),
        own_jumps=max(screen.own_jumps for screen in screens),
        other_step_max_units=max(screen.other_step_max_units for screen in screens),
        ends=tuple(screen.end for screen in screens if screen.end),
    )


def _rails(person: Person, marksman: Marksman, cap: int) -> Rails:
    rails = person.range.rules.rails
    shots = marksman.shots
    inside = [shot for shot in shots if shot.lag_ticks < cap + 1 and not shot.is_guess]
    hit = {shot.tick: shot.target in rails.get((person.slot, shot.tick), ()) for shot in inside}
    return Rails(
        fired=len(shots),
        inside=len(inside),
        seen=sum(shot.is_seen_hit for shot in inside),
        landed=sum(shot.is_seen_hit and hit[shot.tick] for shot in inside),
        lucky=sum(not shot.is_seen_hit and hit[shot.tick] for shot in inside),
    )


def _delays_ms(pressed: Sequence[float], moved: Sequence[float]) -> tuple[float, float]:
    """The delay from each key press to the first movement after it."""
    delays = sorted(
        1_000 * (min(after) - at_s)
        for at_s in pressed
        if (after := [moved_s for moved_s in moved if at_s < moved_s < at_s + 1.5])
    )
    return (_middle(delays), delays[-1]) if delays else (-1.0, -1.0)


def _spread(values: Sequence[float]) -> tuple[float, float, float]:
    ordered = sorted(values)
    return ordered[0], _middle(ordered), ordered[-1]


def _middle(values: Sequence[Any]) -> Any:
    return sorted(values)[len(values) // 2]


def _hundredth(ordered: Sequence[int], hundredth: int) -> int:
    return ordered[min(len(ordered) - 1, len(ordered) * hundredth // 100)]


def _bytes(person: Person) -> tuple[int, int]:
    """How many bytes the player has written to and read from their line."""
    assert person.wire is not None, "the person has joined"
    return person.wire.transport.io.bytes_out, person.wire.transport.io.bytes_in


def _dice(dice: random.Random) -> random.Random:
    return random.Random(dice.getrandbits(64))


def _drop(*_: Any) -> Any:
    raise structlog.DropEvent
