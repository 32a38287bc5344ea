"""At the ends of their ranges, numbers give the same results compiled, where an integer of 64 bits
wraps, and interpreted, where it grows.

Where nothing is compiled, both sides are interpreted, and only exceptions are found; `make test`
compiles first.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st

from game.bounds import PLAYER, SHOT, SHOTS_IN_FLIGHT_MAX, WORLD_TICK_MAX, Range, range_of
from game.compiled import is_compiled
from game.inputs import BUTTONS_MAX, DASH, FIRE, SELECT_SHIFT
from game.modes import MODES
from game.tuning import CIRCLE_STAGES, TUNING, TURN, WEAPONS, Weapon
from game.world import NEVER_TICK
from tests.properties.extremes import FAR, Case, outcome
from tests.strategies import centre

ROOT = Path(__file__).parents[2]
SLOTS = (0, 1, 127)
TICKS = 12
ROOM = (centre(FAR + 1), centre(FAR + 3))  # of the far corner, without a wall


class Twin:
    """A process that plays the same cases compiled if we are not, and the reverse."""

    def __init__(self) -> None:
        """Start it: interpreted if this process is compiled; else compiled, if there is a build."""
        wanted = "0" if is_compiled() else ""
        command = [sys.executable, "-m", "tests.properties.extremes"]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, "SKIRMISH_COMPILED": wanted},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def outcome(self, case: Case) -> list[str]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(case) + "\n")
        self.process.stdin.flush()
        told: list[str] = json.loads(self.process.stdout.readline())
        return told


@pytest.fixture(scope="module")
def twin() -> Iterator[Twin]:
    twin = Twin()
    with twin.process:
        yield twin
        assert twin.process.stdin is not None
        twin.process.stdin.close()


def ends(span: Range) -> st.SearchStrategy[int]:
    """Numbers of a range, mostly its ends."""
    return st.sampled_from([span.high, span.low]) | st.integers(span.low, span.high)


def entities(ranges: dict[str, Range], **known: st.SearchStrategy[Any]) -> st.SearchStrategy[Case]:
    """An entity's fields; `known` gives those that depend on something else."""
    drawn = {name: ends(span) for name, span in ranges.items() if name not in known}
    return st.fixed_dictionaries({**drawn, **known})


places = st.integers(*ROOM)
players = st.lists(
    entities(
        dict(PLAYER),
        slot=st.sampled_from(SLOTS),
        x=places,
        y=places,
        alive=st.sampled_from([1, 1, 1, 0]),
        ammo=st.lists(ends(PLAYER["ammo"]), min_size=len(Weapon), max_size=len(Weapon)),
    ),
    min_size=1,
    max_size=len(SLOTS),
    unique_by=lambda player: player["slot"],
)


def shots_of(slots: list[int]) -> st.SearchStrategy[list[Case]]:
    ranges = {name: span for name, span in SHOT.items() if name != "number"}
    owner = st.sampled_from(slots)
    return st.lists(entities(ranges, owner=owner, x=places, y=places), max_size=3)


WILD_VALUES = (-1, 0, 1, 2, 149, 1_023, 1_024, 1 << 20, 1 << 40, 1 << 62, 1 << 70)
WILD = st.sampled_from(WILD_VALUES)


def changed(draw: st.DrawFn, record: Any, most: int = 4, *, is_wild: bool = False) -> Case:
    """Set some numbers of a record to an end of their range; wild: or to anything."""
    values = asdict(record)
    numbers = sorted(name for name, value in values.items() if type(value) is int)
    for name in draw(st.lists(st.sampled_from(numbers), max_size=most)):
        within = ends(range_of(type(record), name))
        values[name] = draw(within | WILD if is_wild else within)
    return values


@st.composite
def wild_tunings(draw: st.DrawFn) -> Case:
    """Tunings in which a few numbers are anything, and sometimes a table's length differs."""
    weapons = draw(st.just(WEAPONS) | st.lists(st.sampled_from(WEAPONS), max_size=7))
    stages = draw(st.just(CIRCLE_STAGES) | st.lists(st.sampled_from(CIRCLE_STAGES), max_size=7))
    parts = [TUNING, *weapons, *stages]
    others = draw(st.lists(st.sampled_from(parts), max_size=3))
    tuning, *tables = (
        changed(draw, part, 1 if part in others else 0, is_wild=True) for part in parts
    )
    return {
        **tuning,
        "weapons": tables[: len(weapons)],
        "circle_stages": tables[len(weapons) :],
    }


def fitting(tuning: Case, weapons: list[Case], stages: list[Case]) -> Case:
    """Make the parts of a tuning that depend on each other consistent."""
    for number, weapon in enumerate(weapons):
        is_at_once = number in (Weapon.SCATTER, Weapon.RAIL)
        weapon["speed"] = 0 if is_at_once else max(weapon["speed"], 1)
        in_flight_max = SHOTS_IN_FLIGHT_MAX // 3 - 1
        weapon["life_ticks"] = min(weapon["life_ticks"], in_flight_max * weapon["interval_ticks"])
    scatter = weapons[Weapon.SCATTER]
    scatter["pellets"] = max(scatter["pellets"], 2)
    scatter["range_units"] = max(scatter["range_units"], 1)
    stages.sort(key=lambda stage: -stage["radius_percent"])
    return {**tuning, "weapons": weapons, "circle_stages": stages}


@st.composite
def tunings(draw: st.DrawFn) -> Case:
    """Tunings with some numbers at an end of their range, as far as the others allow."""
    weapons = [changed(draw, weapon) for weapon in WEAPONS]
    stages = [changed(draw, stage) for stage in CIRCLE_STAGES]
    return fitting(changed(draw, TUNING), weapons, stages)


def utmost(*most: str) -> Case:
    """A tuning in which the numbers of these names are at their maximum."""

    def grown(record: Any) -> Case:
        values = asdict(record)
        for name in most:
            if type(values.get(name)) is int:
                values[name] = range_of(type(record), name).high
        return values

    return fitting(grown(TUNING), list(map(grown, WEAPONS)), list(map(grown, CIRCLE_STAGES)))


PLACE, SPEED = PLAYER["x"], PLAYER["vx"]
calls = st.tuples(st.sampled_from(["lines", "circles"]), *[ends(PLACE)] * 4) | st.tuples(
    st.just("speeds"), *[ends(SPEED)] * 4
)
wishes = st.tuples(
    st.sampled_from([FIRE | select << SELECT_SHIFT for select in range(6)])
    | st.integers(0, BUTTONS_MAX),
    ends(PLAYER["aim"]),
    ends(PLAYER["view_lag"]),
)


@st.composite
def circles(draw: st.DrawFn, stages: list[Case]) -> Case:
    """Circles anywhere, as large as they may be, which close as the tuning says."""
    stage, first = draw(st.integers(0, len(stages) - 1)), draw(ends(PLACE))
    places = {name: draw(ends(PLACE)) for name in ("x", "y", "next_x", "next_y")}
    return {
        **places,
        "radius": PLACE.high,
        "next_radius": first * stages[stage]["radius_percent"] // 100,
        "begin_tick": draw(st.integers(0, 9)),
        "end_tick": draw(st.sampled_from([10, NEVER_TICK])),
        "stage": stage,
        "first_radius": first,
    }


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Players in a corner of a large map, with all their numbers at an end of their range."""
    people = draw(players)
    slots = [person["slot"] for person in people]
    mode = draw(st.sampled_from(list(MODES)))
    for person in people:
        if MODES[mode].teams:
            person["team"] = draw(st.integers(1, 2))
    pressed = st.lists(st.tuples(st.sampled_from(slots), wishes), max_size=2)
    tuning = draw(tunings())
    presses = draw(st.lists(pressed, min_size=TICKS, max_size=TICKS))
    is_closing = mode == "last-standing"
    return {
        "mode": mode,
        "tuning": tuning,
        "tick": draw(ends(Range(0, WORLD_TICK_MAX))),
        "players": people,
        "shots": draw(shots_of(slots)),
        "circle": draw(circles(tuning["circle_stages"])) if is_closing else None,
        "presses": [[(slot, *wish) for slot, wish in pressed] for pressed in presses],
        "calls": draw(st.lists(calls, max_size=3)),
    }


BEGIN_TICK, END_TICK = 28, 62  # what happens every half a second, and every second


def fight(tuning: Case, mode: str) -> Case:
    """Players with one weapon each, in a row above the pillar, shoot each other. The rocket is for
    the pillar and hurts all of them.
    """
    aims = (0, 0, TURN // 4, TURN // 2, TURN // 2)
    people = [
        {"slot": slot, "team": 1 + slot % 2, "alive": 1, "weapon": slot, "ammo": [9] * 5}
        | {
            "x": centre(FAR + 2 + slot),
            "y": centre(FAR + 3),
            "armour": 300,
            "double_until_tick": 99,
        }
        | {"health": tuning["health_at_spawn"]}
        for slot in range(len(Weapon))
    ]
    presses = []
    for tick in range(BEGIN_TICK, END_TICK):
        buttons = FIRE | (tick % 16 | DASH if tick > BEGIN_TICK + 9 else 0)
        presses.append([(slot, buttons, aim, 10 * slot) for slot, aim in enumerate(aims)])
    case: Case = {"mode": mode, "tuning": tuning, "tick": BEGIN_TICK, "players": people}
    return case | {"shots": [], "circle": None, "calls": [], "presses": presses}


@pytest.mark.parametrize("examples", [3, pytest.param(150, marks=pytest.mark.slow)])
def test_compiled_and_as_written_they_come_to_the_same(twin: Twin, examples: int) -> None:
    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=cases() | st.builds(fight, tunings(), st.sampled_from(list(MODES))))
    @example(case=fight(utmost("damage", "double_factor", "blast_radius_units"), "deathmatch"))
    @example(case=fight(utmost("damage", "double_factor", "range_units", "pellets"), "duel"))
    @example(case=fight(utmost("knock_back", "speed", "speed_max", "pellets"), "team-deathmatch"))
    @example(case=fight(utmost(*asdict(TUNING), *asdict(WEAPONS[0])), "last-standing"))
    def check(case: Case) -> None:
        told = outcome(case)
        assert not told[-1].startswith(("raised", "fault")), told[-1]
        assert twin.outcome(case) == told

    check()


PARTS: dict[str, tuple[Any, ...]] = {
    "tuning": (TUNING,),
    "weapons": WEAPONS,
    "circle_stages": CIRCLE_STAGES,
}
NUMBERS = [
    (table, place, field.name)
    for table, parts in PARTS.items()
    for place, part in enumerate(parts)
    for field in fields(part)
    if type(getattr(part, field.name)) is int
]


def must_be_refused_or_played(case: Case) -> str:
    told = outcome(case | {"players": [], "presses": []})[-1]
    if told.startswith("raised"):
        assert told.startswith("raised ValueError: this tuning cannot be played: ")
        return "refused"
    told = outcome(case)[-1]
    assert not told.startswith(("raised", "fault")), told
    return "played"


@pytest.mark.parametrize("table", [pytest.param(table, marks=pytest.mark.slow) for table in PARTS])
def test_no_number_of_a_tuning_ends_a_match_that_it_did_not_keep_from_beginning(table: str) -> None:
    """Each number by itself, with every value that could be too small or too large."""
    came = set()
    for name, place, number in NUMBERS:
        for value in WILD_VALUES if name == table else ():
            tuning = asdict(TUNING)
            part = tuning if table == "tuning" else tuning[table][place]
            part[number] = value
            mode = "deathmatch" if "circle" not in number + table else "last-standing"
            came.add(must_be_refused_or_played(fight(tuning, mode)))
    assert came == {"refused", "played"}


@pytest.mark.parametrize("examples", [20, pytest.param(400, marks=pytest.mark.slow)])
def test_a_tuning_is_refused_at_the_start_or_played_without_an_error(examples: int) -> None:
    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(tuning=wild_tunings(), mode=st.sampled_from(list(MODES)))
    def check(tuning: Case, mode: str) -> None:
        event(must_be_refused_or_played(fight(tuning, mode)))

    check()
