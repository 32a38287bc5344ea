"""Everything that one frame shows, as values: the seam between what happens and what is painted.

Owns: the types. Lengths are in units, angles in 65,536ths of a turn, ticks at 60 Hz; fractions of
all these are allowed.
"""

from typing import NamedTuple

from attrs import frozen

from clients.desktop.core.connection_state import ConnectionState
from clients.desktop.core.net_meter import NetStats
from clients.netcode.event_queue import GameEvent
from clients.netcode.shots import ShotDrawn
from game.arena import Arena
from game.wire.match_messages import MapChoice


class PlayerSeen(NamedTuple):
    """A player at the place to draw now: the local player predicted, all others interpolated.
    Of a player who is not `is_seen`, only the scoreboard's figures and `alive` are known.
    """

    slot: int
    name: str
    is_self: bool
    is_bot: bool
    is_connected: bool
    is_seen: bool
    appeared: bool  # out of sight at some moment since the frame before
    x: float
    y: float
    vx: float
    vy: float
    aim: float
    alive: bool
    dashing: bool
    protected: bool
    double: bool
    weapon: int
    health: int
    armour: int
    score: int
    kills: int
    deaths: int
    shots: int
    hits: int
    medals: int
    place: int
    team: int
    ping_ms: int


class OwnSeen(NamedTuple):
    """The local player's private state. `ammo` is by weapon; −1 is endless."""

    ammo: tuple[int, ...]
    fire_ready_tick: int
    dash_ready_tick: int
    double_until_tick: int
    respawn_tick: int


class FlagSeen(NamedTuple):
    """A team's flag. A carried flag is drawn at its carrier, and is out of sight when they are.
    `carrier` −1: nobody.
    """

    team: int
    x: float
    y: float
    is_home: bool
    carrier: int
    is_seen: bool = True


class CircleSeen(NamedTuple):
    """A circle that shrinks to the next one. Players outside of it lose health."""

    x: float
    y: float
    radius: float
    next_x: float
    next_y: float
    next_radius: float
    begin_tick: int
    end_tick: int


@frozen
class Frame:
    """One picture of a match. `follow` is the slot of the viewed player; −1: the whole map."""

    tick: float
    now_s: float
    arena: Arena
    mode: str
    phase: int
    phase_end_tick: int
    winner: int
    players_min: int
    score_limit: int
    team_scores: tuple[int, ...]
    flags: tuple[FlagSeen, ...]
    circle: CircleSeen | None
    vote_maps: tuple[MapChoice, ...]
    players: tuple[PlayerSeen, ...]
    shots: list[ShotDrawn]
    pad_ready_ticks: tuple[int, ...]
    own: OwnSeen | None
    follow: int
    events: list[GameEvent]
    net: NetStats
    connection: ConnectionState
    notice: str

    @property
    def me(self) -> PlayerSeen | None:
        """The viewed player, if any."""
        return next((it for it in self.players if it.slot == self.follow), None)
