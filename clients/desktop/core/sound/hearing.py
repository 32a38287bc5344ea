"""The sound of each event, its volume and its direction.

Owns: the ear. Must not know: how a sound is made. Invariant: at most `SOUNDS_MAX` sounds of events
in a frame.
"""

from math import ceil, hypot
from typing import Final, NamedTuple

from attrs import define

from clients.desktop.core.frame import Frame, PlayerSeen
from clients.desktop.core.lexicon import WEAPON_NAMES
from clients.netcode.event_queue import GameEvent
from game.events import EventKind, FlagAction
from game.tuning import TICKS_PER_SECOND, TILE_UNITS, PickupKind
from game.world import Phase

SOUNDS_MAX: Final = 12
HEARD_TILES: Final = 26.0
NEAR_TILES: Final = 3.0  # closer than this nothing gets louder
PAN_TILES: Final = 14.0  # at this distance to the side, panning is at its most
OWN_GAIN: Final = 0.8
AUDIBLE_MIN: Final = 0.02
LOW_HEALTH: Final = 30
HEARTBEAT_S: Final = 1.1
COUNTED_S: Final = 10

_PICKUPS: Final = {
    PickupKind.HEALTH: "health",
    PickupKind.MEGA: "mega",
    PickupKind.ARMOUR: "armour",
    PickupKind.DOUBLE: "double",
}
_PHASES: Final = {
    Phase.PLAY: "go",
    Phase.OVERTIME: "overtime",
    Phase.SCOREBOARD: "round over",
}
_PLACED: Final = {
    EventKind.EXPLODE: "explosion",
    EventKind.IMPACT: "impact",
    EventKind.BOUNCE: "bounce",
    EventKind.SPAWN: "spawn",
}


class Sound(NamedTuple):
    """A recipe to be played. Pan is −1 (left) … 1 (right)."""

    name: str
    gain: float = 1.0
    pan: float = 0.0


@define
class Listener:
    """The ear of the viewed player."""

    _last_second: int = -1
    _beat_s: float = 0.0

    def hear(self, frame: Frame) -> list[Sound]:
        """The sounds of this frame."""
        by_slot = {player.slot: player for player in frame.players if player.is_seen}
        heard = [
            sound
            for event in frame.events
            for sound in _sounds(event, frame, by_slot)
            if sound.gain >= AUDIBLE_MIN
        ]
        return [*heard[-SOUNDS_MAX:], *self._count(frame), *self._heart(frame)]

    def _count(self, frame: Frame) -> list[Sound]:
        """A beep for each of the last seconds before the start, and before the end."""
        second = ceil((frame.phase_end_tick - frame.tick) / TICKS_PER_SECOND)
        if second == self._last_second:
            return []
        self._last_second = second
        last = {Phase.COUNTDOWN: 3, Phase.PLAY: COUNTED_S}.get(Phase(frame.phase), 0)
        is_counted = frame.phase_end_tick > 0 and 0 < second <= last
        return [Sound("count", 0.7)] if is_counted else []

    def _heart(self, frame: Frame) -> list[Sound]:
        me = frame.me
        is_weak = me is not None and me.alive and me.health <= LOW_HEALTH and frame.own is not None
        if not is_weak or frame.now_s - self._beat_s < HEARTBEAT_S:
            return []
        self._beat_s = frame.now_s
        return [Sound("low health")]


def placed(name: str, frame: Frame, x: float, y: float) -> Sound:
    """A sound at (x, y) units: how loud it is, and from which side."""
    me = frame.me
    ear_x = me.x if me is not None else frame.arena.width * TILE_UNITS / 2
    ear_y = me.y if me is not None else frame.arena.height * TILE_UNITS / 2
    right, down = (x - ear_x) / TILE_UNITS, (y - ear_y) / TILE_UNITS
    far = max(0.0, hypot(right, down) - NEAR_TILES) / (HEARD_TILES - NEAR_TILES)
    pan = max(-1.0, min(1.0, right / PAN_TILES)) * 0.8
    return Sound(name, max(0.0, 1 - far) ** 2, pan)


def _sounds(it: GameEvent, frame: Frame, by_slot: dict[int, PlayerSeen]) -> list[Sound]:
    fields, kind = it.fields, EventKind(it.kind)
    slot = fields.get("slot", -1)
    if kind in _PLACED:
        return [placed(_PLACED[kind], frame, fields["x"], fields["y"])]
    match kind:
        case EventKind.FIRE:
            return _by(slot, WEAPON_NAMES[fields["weapon"]], frame, by_slot)
        case EventKind.SCATTER:
            return _by(slot, "scatter", frame, by_slot)
        case EventKind.RAIL:
            return _by(slot, "rail", frame, by_slot)
        case EventKind.DASH:
            return _by(slot, "dash", frame, by_slot)
        case EventKind.PICKUP if fields["pad"] < len(frame.arena.pads):
            name = _PICKUPS.get(frame.arena.pads[fields["pad"]].kind, "ammunition")
            return _by(slot, name, frame, by_slot)
        case EventKind.HIT:
            return _hit(fields, frame)
        case EventKind.KILL:
            return _kill(fields, frame, by_slot)
        case EventKind.PHASE:
            name = _PHASES.get(Phase(fields["phase"]), "")
            return [Sound(name, 0.8)] if name else []
        case EventKind.FLAG:
            return [Sound("capture" if fields["action"] == FlagAction.CAPTURED else "flag", 0.8)]
        case EventKind.EMPTY | EventKind.MEDAL if slot == frame.follow:
            return [Sound("empty" if kind == EventKind.EMPTY else "medal")]
    return []


def _hit(fields: dict[str, int], frame: Frame) -> list[Sound]:
    if fields["victim"] == frame.follow:
        return [Sound("hit taken")]
    return [Sound("hit given")] if fields["attacker"] == frame.follow else []


def _kill(fields: dict[str, int], frame: Frame, by_slot: dict[int, PlayerSeen]) -> list[Sound]:
    victim = fields["victim"]
    if victim == frame.follow:
        return [Sound("death own")]
    deaths = _by(victim, "death", frame, by_slot)
    return [*deaths, Sound("kill own")] if fields["killer"] == frame.follow else deaths


def _by(slot: int, name: str, frame: Frame, by_slot: dict[int, PlayerSeen]) -> list[Sound]:
    """A sound that comes from where a player is."""
    if slot == frame.follow:
        return [Sound(name, OWN_GAIN)]
    who = by_slot.get(slot)
    return [] if who is None else [placed(name, frame, who.x, who.y)]
