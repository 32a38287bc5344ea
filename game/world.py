"""The world of one match: everything the rules know, in slotted classes of integers.

Owns: the state. Must not know: time, sockets, names of people. Invariant: all that `step` reads or
writes is here (including random state, scores and position history), so two equal worlds stay equal
under equal inputs.
"""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from mypy_extensions import i64

from game.arena import Arena
from game.tuning import TUNING, WEAPONS, Tuning, Weapon

HOME: Final = -1  # in place of the slot of a flag's carrier
ON_GROUND: Final = -2
NEVER_TICK: Final = 1 << 30  # later than any match can last; `respawn_tick` of a player who is out


class Phase(IntEnum):
    """The phase of a match. Shots count from PLAY to OVERTIME; SCOREBOARD is also the vote; OVER is
    final.
    """

    WARMUP = 0
    COUNTDOWN = 1
    PLAY = 2
    OVERTIME = 3
    SCOREBOARD = 4
    OVER = 5


@dataclass(frozen=True, slots=True)
class MatchConfig:
    """A match's parameters, besides its arena and tuning."""

    mode: str  # a name in game.modes.MODES
    map_name: str
    seed: int  # 0 … 2**63 - 1
    players_min: int  # fewer than this: warm-up
    players_max: int
    score_limit: int
    time_limit_ticks: int
    vote_maps: tuple[str, ...] = ()  # at most 4


@dataclass(slots=True)
class Player:
    """One seat's body and score. `slot` is its number on the wire and in every order of play."""

    slot: i64
    bot: i64 = 0
    team: i64 = 0
    connected: i64 = 1

    # Body: what prediction needs. Velocity is in units per tick.
    x: i64 = 0
    y: i64 = 0
    vx: i64 = 0
    vy: i64 = 0
    dash_vx: i64 = 0
    dash_vy: i64 = 0
    dash_until_tick: i64 = 0  # dashing while tick < this
    dash_ready_tick: i64 = 0

    # The input in force.
    buttons: i64 = 0
    aim: i64 = 0
    view_lag: i64 = 0

    alive: i64 = 0
    health: i64 = 0
    armour: i64 = 0
    weapon: i64 = Weapon.BLASTER
    ammo: list[int] = field(default_factory=lambda: [0] * len(WEAPONS))
    fire_ready_tick: i64 = 0
    protected_until_tick: i64 = 0
    double_until_tick: i64 = 0
    respawn_tick: i64 = 0  # when dead: alive again at this tick

    score: i64 = 0
    kills: i64 = 0
    deaths: i64 = 0
    streak: i64 = 0
    streak_best: i64 = 0
    shots: i64 = 0  # triggers pulled; a scatter shot counts once
    hits: i64 = 0  # triggers that hurt somebody else
    damage_dealt: i64 = 0
    damage_taken: i64 = 0
    medals: i64 = 0  # bit per Medal
    place: i64 = 0  # in one-life modes: 1 is the last survivor; 0 is still in, or never was
    vote: i64 = -1  # index into MatchConfig.vote_maps


@dataclass(slots=True)
class Shot:
    """A projectile in flight: bolt, rocket or disc."""

    number: i64
    weapon: i64
    owner: i64
    x: i64
    y: i64
    vx: i64
    vy: i64
    end_tick: i64
    bounces_left: i64
    power: i64  # damage factor at the moment it was fired
    counted: i64 = 0  # 1 once it is counted in its owner's hits


@dataclass(slots=True)
class Flag:
    """A team's flag. `holder` is HOME, ON_GROUND or the slot of its carrier."""

    x: i64  # where it stands or lies; while carried, where it was taken
    y: i64
    holder: i64 = HOME
    return_tick: i64 = 0  # on the ground: it returns home by itself at this tick


@dataclass(frozen=True, slots=True)
class Circle:
    """The closing circle; players outside lose health. It stands until `begin_tick`, then shrinks
    evenly until `end_tick` to the next one, which lies within it. All zeros: there is none.
    """

    x: int = 0
    y: int = 0
    radius: int = 0
    next_x: int = 0
    next_y: int = 0
    next_radius: int = 0
    begin_tick: int = 0
    end_tick: int = 0
    stage: int = 0  # index into `Tuning.circle_stages`
    first_radius: int = 0  # of this round's first circle


NO_CIRCLE: Final = Circle()


@dataclass(slots=True)
class World:
    """One match. `arena` and `tuning` never change and are not part of dump or digest (the config
    names them).
    """

    config: MatchConfig
    arena: Arena
    tuning: Tuning = TUNING
    tick: int = 0  # the last tick that was stepped
    random_state: int = 0
    phase: int = Phase.WARMUP
    phase_end_tick: int = 0  # 0: open end
    players: dict[int, Player] = field(default_factory=dict)  # by slot, kept in ascending order
    shots: dict[int, Shot] = field(default_factory=dict)  # by number, in order of firing
    next_shot: int = 0
    harm: int = 0  # all damage that was ever done
    pad_ready_ticks: list[int] = field(
        default_factory=list
    )  # per pad of the arena: it is full once tick >= this
    history: list[bytes] = field(
        default_factory=list
    )  # one entry per tick, newest last: see `game.rewind`
    first_blood: int = 0
    winner: int = -1  # slot or team, by mode; -1 none
    next_map: str = ""  # set when the phase becomes OVER
    team_scores: list[int] = field(default_factory=list)  # of team 1, team 2; empty without teams
    flags: dict[int, Flag] = field(default_factory=dict)  # by team; empty without flags
    circle: Circle = NO_CIRCLE
