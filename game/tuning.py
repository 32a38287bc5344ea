"""Every gameplay number, with its unit, in one frozen class.

Lengths are in units (1,024 to a tile), times in ticks (60 to a second), speeds in units per tick,
angles in 65,536ths of a turn. Changing any number here changes the wire's fingerprint, so that a
client with different rules is refused instead of drifting apart.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

TILE_UNITS: Final = 1024
TILE_SHIFT: Final = 10
TURN: Final = 65_536
TICKS_PER_SECOND: Final = 60
SNAPSHOT_EVERY_TICKS: Final = 2


class Weapon(IntEnum):
    """The number is the index into `Tuning.weapons` and into `Player.ammo`; the wire's select value
    is one more.
    """

    BLASTER = 0
    SCATTER = 1
    LAUNCHER = 2
    RAIL = 3
    DISC = 4


class PickupKind(IntEnum):
    """The kinds of pickups. Ammunition kinds are numbered `AMMO_BASE + weapon`."""

    HEALTH = 0
    MEGA = 1
    ARMOUR = 2
    DOUBLE = 3
    AMMO_SCATTER = 11
    AMMO_LAUNCHER = 12
    AMMO_RAIL = 13
    AMMO_DISC = 14


AMMO_BASE: Final = 10


@dataclass(frozen=True, slots=True)
class WeaponTuning:
    """One weapon. `speed` 0 means the shot arrives at once (rail, scatter)."""

    name: str
    damage: int
    interval_ticks: int
    speed: int = 0
    life_ticks: int = 0
    bounces: int = 0
    blast_radius_units: int = 0
    knock_back: int = 0
    range_units: int = 0
    pellets: int = 1
    spread: int = 0  # angle between the outermost pellets
    ammo_max: int = 0  # 0: needs none
    ammo_per_pickup: int = 0
    ammo_at_spawn: int = 0


@dataclass(frozen=True, slots=True)
class PickupTuning:
    """A pad's amount, the total up to which it gives, and how long it stays empty afterwards."""

    amount: int
    limit: int
    respawn_ticks: int


@dataclass(frozen=True, slots=True)
class CircleStage:
    """One closing of the circle: it stands, then shrinks to a share of the first radius."""

    hold_ticks: int
    shrink_ticks: int
    radius_percent: int
    damage: int  # to players outside, every `circle_hurt_ticks`


WEAPONS: Final = (
    WeaponTuning("blaster", damage=12, interval_ticks=10, speed=307, life_ticks=90, knock_back=8),
    WeaponTuning(
        "scatter",
        damage=8,
        interval_ticks=50,
        range_units=8 * TILE_UNITS,
        pellets=8,
        spread=5_461,
        knock_back=12,
        ammo_max=30,
        ammo_per_pickup=8,
        ammo_at_spawn=6,
    ),
    WeaponTuning(
        "launcher",
        damage=80,
        interval_ticks=60,
        speed=188,
        life_ticks=240,
        blast_radius_units=2_458,
        knock_back=260,
        ammo_max=20,
        ammo_per_pickup=5,
    ),
    WeaponTuning(
        "rail",
        damage=75,
        interval_ticks=86,
        range_units=96 * TILE_UNITS,
        knock_back=60,
        ammo_max=15,
        ammo_per_pickup=5,
    ),
    WeaponTuning(
        "disc",
        damage=35,
        interval_ticks=30,
        speed=239,
        life_ticks=240,
        bounces=3,
        knock_back=30,
        ammo_max=20,
        ammo_per_pickup=6,
    ),
)

PICKUPS: Final = {
    PickupKind.HEALTH: PickupTuning(25, 100, 15 * TICKS_PER_SECOND),
    PickupKind.MEGA: PickupTuning(100, 200, 30 * TICKS_PER_SECOND),
    PickupKind.ARMOUR: PickupTuning(50, 100, 20 * TICKS_PER_SECOND),
    PickupKind.DOUBLE: PickupTuning(
        15 * TICKS_PER_SECOND, 15 * TICKS_PER_SECOND, 60 * TICKS_PER_SECOND
    ),
    PickupKind.AMMO_SCATTER: PickupTuning(8, 30, 12 * TICKS_PER_SECOND),
    PickupKind.AMMO_LAUNCHER: PickupTuning(5, 20, 12 * TICKS_PER_SECOND),
    PickupKind.AMMO_RAIL: PickupTuning(5, 15, 12 * TICKS_PER_SECOND),
    PickupKind.AMMO_DISC: PickupTuning(6, 20, 12 * TICKS_PER_SECOND),
}


CIRCLE_STAGES: Final = (
    CircleStage(20 * TICKS_PER_SECOND, 40 * TICKS_PER_SECOND, radius_percent=60, damage=2),
    CircleStage(15 * TICKS_PER_SECOND, 35 * TICKS_PER_SECOND, radius_percent=34, damage=3),
    CircleStage(15 * TICKS_PER_SECOND, 30 * TICKS_PER_SECOND, radius_percent=16, damage=5),
    CircleStage(10 * TICKS_PER_SECOND, 25 * TICKS_PER_SECOND, radius_percent=6, damage=8),
    CircleStage(10 * TICKS_PER_SECOND, 20 * TICKS_PER_SECOND, radius_percent=0, damage=12),
)


@dataclass(frozen=True, slots=True)
class Tuning:
    """The numbers of the rules. One instance, `TUNING`, is the game; tests make others."""

    player_radius_units: int = 430
    run_speed: int = 111  # 6.5 tiles/s
    run_acceleration: int = 20  # per axis and tick: full speed in 6 ticks
    run_friction: int = 14  # per axis and tick, when no key of that axis is down
    speed_max: int = 600  # after any knock-back, a player moves less than a tile per tick
    dash_speed: int = 333
    dash_ticks: int = 8
    dash_cooldown_ticks: int = 90

    health_at_spawn: int = 100
    health_max: int = 200
    health_decay_ticks: int = 60  # above 100, one point is lost per this many ticks
    armour_max: int = 100
    respawn_ticks: int = 120
    protection_ticks: int = 90
    double_factor: int = 2
    own_blast_divisor: int = 2
    pickup_reach_units: int = 700  # centre to centre
    shot_radius_units: int = 80

    rewind_ticks_max: int = 15  # 250 ms
    streak_at: int = 3  # kills without dying

    countdown_ticks: int = 3 * TICKS_PER_SECOND
    scoreboard_ticks: int = 8 * TICKS_PER_SECOND
    overtime_ticks_max: int = 120 * TICKS_PER_SECOND

    flag_reach_units: int = 800  # centre to centre
    flag_return_ticks: int = 20 * TICKS_PER_SECOND
    capture_points: int = 5  # for the player; the side gets one
    return_points: int = 1

    circle_hurt_ticks: int = 30
    circle_stages: tuple[CircleStage, ...] = CIRCLE_STAGES

    weapons: tuple[WeaponTuning, ...] = WEAPONS

    @property
    def shot_reach_units(self) -> int:
        """How far from its place at a tick's start a shot can touch a player."""
        way = max(weapon.speed for weapon in self.weapons)
        return way + self.player_radius_units + self.shot_radius_units


TUNING: Final = Tuning()
