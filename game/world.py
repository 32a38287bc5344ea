"""The world of one match: everything the rules know, in slotted classes of integers.

Owns: the state. Must not know: time, sockets, names of people. Invariant: all that `step` reads or
writes is in here (random state, scores and position history included), so two equal worlds stay
equal under equal inputs.
"""

from enum import IntEnum

from attrs import define, field, frozen

from game.arena import Arena
from game.tuning import TUNING, Tuning, Weapon

HOME, ON_GROUND = -1, -2  # in place of the slot of who holds a flag
NEVER_TICK = 1 << 30  # as long as no match; `respawn_tick` of who is out until the round ends


class Phase(IntEnum):
    """Where a match stands. Shots count from PLAY to OVERTIME; SCOREBOARD is also the vote; OVER is
    final.
    """

    WARMUP = 0
    COUNTDOWN = 1
    PLAY = 2
    OVERTIME = 3
    SCOREBOARD = 4
    OVER = 5


@frozen
class MatchConfig:
    """What a match is made from, besides its arena and tuning."""

    mode: str  # a name in game.modes.MODES
    map_name: str
    seed: int  # 0 … 2**63 - 1
    players_min: int  # fewer than this: warm-up
    players_max: int
    score_limit: int
    time_limit_ticks: int
    vote_maps: tuple[str, ...] = ()  # at most 4


@define
class Player:
    """One seat's body and score. `slot` is its number on the wire and in every order of play."""

    slot: int
    bot: int = 0
    team: int = 0
    connected: int = 1

    # Body: what prediction needs. Velocity is in units per tick.
    x: int = 0
    y: int = 0
    vx: int = 0
    vy: int = 0
    dash_vx: int = 0
    dash_vy: int = 0
    dash_until_tick: int = 0  # dashing while tick < this
    dash_ready_tick: int = 0

    # The input in force.
    buttons: int = 0
    aim: int = 0
    view_lag: int = 0

    alive: int = 0
    health: int = 0
    armour: int = 0
    weapon: int = Weapon.BLASTER
    ammo: list[int] = field(factory=lambda: [0, 0, 0, 0, 0])
    fire_ready_tick: int = 0
    protected_until_tick: int = 0
    double_until_tick: int = 0
    respawn_tick: int = 0  # when dead: alive again at this tick

    score: int = 0
    kills: int = 0
    deaths: int = 0
    streak: int = 0
    streak_best: int = 0
    shots: int = 0  # triggers pulled; a scatter shot counts once
    hits: int = 0  # triggers that hurt somebody else
    damage_dealt: int = 0
    damage_taken: int = 0
    medals: int = 0  # bit per Medal
    place: int = 0  # in modes of one life: 1 is the last who stood; 0 still in it, or never was
    vote: int = -1  # index into MatchConfig.vote_maps


@define
class Shot:
    """A projectile in flight: bolt, rocket or disc."""

    number: int
    weapon: int
    owner: int
    x: int
    y: int
    vx: int
    vy: int
    end_tick: int
    bounces_left: int
    power: int  # damage factor at the moment it was fired
    counted: int = 0  # 1 once it was entered in its owner's hits


@define
class Flag:
    """A team's flag. `holder` is HOME, ON_GROUND or the slot of who carries it: always one of
    them.
    """

    x: int  # where it stands or lies; carried, where it was taken
    y: int
    holder: int = HOME
    return_tick: int = 0  # on the ground: home by itself at this tick


@frozen
class Circle:
    """Outside of it nobody lives long. It stands until `begin_tick`, then shrinks evenly to the
    next one, which lies within it, until `end_tick`. All zeros: there is none.
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
    first_radius: int = 0  # of the first one of this round


NO_CIRCLE = Circle()


@define
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
    players: dict[int, Player] = field(factory=dict)  # by slot, kept in ascending order
    shots: dict[int, Shot] = field(factory=dict)  # by number, in order of firing
    next_shot: int = 0
    harm: int = 0  # all damage that was ever done
    pad_ready_ticks: list[int] = field(
        factory=list
    )  # per pickup of the arena: there once tick >= this
    history: list[bytes] = field(factory=list)  # a tick each, newest last: see `game.rewind`
    first_blood: int = 0
    winner: int = -1  # slot or team, by mode; -1 none
    next_map: str = ""  # set when the phase becomes OVER
    team_scores: list[int] = field(factory=list)  # of team 1, team 2; empty without teams
    flags: dict[int, Flag] = field(factory=dict)  # by team; empty without flags
    circle: Circle = NO_CIRCLE
