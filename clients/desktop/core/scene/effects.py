"""Effects: what flashes, flies apart and fades for a short time after an event.

Owns: which effects an event has, and how long they last. Must not know: how they look. Invariant:
bounded; an effect is a pure function of its age, so nothing has to be moved from frame to frame.
"""

from collections import deque
from math import hypot
from typing import Final, NamedTuple

from attrs import define, field

from clients.desktop.core.frame import Frame, PlayerSeen
from clients.desktop.core.palette import ActivePalette
from clients.desktop.core.shapes import Colour
from clients.netcode.event_queue import GameEvent
from game.events import NOWHERE, EventKind
from game.tuning import TILE_UNITS, TUNING, Weapon

EFFECTS_MAX: Final = 160
SHAKE_TILES: Final = 9.0  # a blast farther away shakes nothing

# How long each kind lives, in seconds.
LIVES_S: Final = {
    "flash": 0.07,
    "rail": 0.45,
    "scatter": 0.12,
    "blast": 0.5,
    "spark": 0.22,
    "number": 0.7,
    "death": 0.6,
    "spawn": 0.45,
    "dash": 0.25,
    "pickup": 0.35,
}


class Effect(NamedTuple):
    """One effect. Places are in units; `value` is an angle, a number or a radius, by kind."""

    kind: str
    born_s: float
    x: float
    y: float
    colour: Colour
    value: float = 0.0
    x2: float = 0.0
    y2: float = 0.0

    def age(self, now_s: float) -> float:
        """How much of its life is over, 0 … 1."""
        return (now_s - self.born_s) / LIVES_S[self.kind]


@define
class Effects:
    """All living effects, and the shake of the screen that was not taken yet."""

    paints: ActivePalette
    living: deque[Effect] = field(factory=lambda: deque(maxlen=EFFECTS_MAX))
    _shake: float = 0.0

    def note(self, frame: Frame) -> None:
        """Take in what happened, and drop what is over."""
        by_slot = {player.slot: player for player in frame.players if player.is_seen}
        for event in frame.events:
            self._note(event, frame, by_slot)
        while self.living and self.living[0].age(frame.now_s) > 4:
            self.living.popleft()

    def alive(self, now_s: float) -> list[Effect]:
        """The effects to paint."""
        return [effect for effect in self.living if 0 <= effect.age(now_s) < 1]

    def take_shake(self) -> float:
        """Take the shake since the last call; 1 is a rocket at the player's feet."""
        shake, self._shake = self._shake, 0.0
        return shake

    def clear(self) -> None:
        """Drop all effects, for another round."""
        self.living.clear()

    def _note(self, it: GameEvent, frame: Frame, by_slot: dict[int, PlayerSeen]) -> None:
        fields, colours, now_s = it.fields, self.paints.colours, frame.now_s
        who = by_slot.get(fields.get("slot", -1))
        place = fields.get("x", 0), fields.get("y", 0)
        match it.kind:
            case EventKind.FIRE if who is not None:
                self._add(
                    "flash", now_s, (who.x, who.y), colours.weapons[fields["weapon"]], who.aim
                )
            case EventKind.SCATTER:
                colour = colours.weapons[Weapon.SCATTER]
                self._add("scatter", now_s, place, colour, fields["aim"])
            case EventKind.RAIL:
                end = fields["x2"], fields["y2"]
                colour = self._person(who)
                effect = Effect("rail", now_s, *place, colour, 0.0, *end)
                self.living.append(effect)
                self._add("spark", now_s, end, colours.weapons[Weapon.RAIL])
            case EventKind.EXPLODE:
                radius = TUNING.weapons[Weapon.LAUNCHER].blast_radius_units
                self._add("blast", now_s, place, colours.weapons[Weapon.LAUNCHER], radius)
                self._shake_by(frame, place)
            case EventKind.IMPACT | EventKind.BOUNCE:
                colour = colours.weapons[fields.get("weapon", Weapon.DISC)]
                self._add("spark", now_s, place, colour)
            case EventKind.HIT if place != (NOWHERE, NOWHERE):
                is_mine = fields["attacker"] == frame.follow != fields["victim"]
                colour = colours.text if is_mine else colours.danger
                self._add("spark", now_s, place, colour)
                if is_mine:
                    self._add("number", now_s, place, colour, fields["damage"])
            case EventKind.KILL:
                victim = by_slot.get(fields["victim"])
                if victim is not None:
                    self._add("death", now_s, (victim.x, victim.y), self._person(victim))
            case EventKind.SPAWN:
                self._add("spawn", now_s, place, self._person(who))
            case EventKind.DASH if who is not None:
                self._add("dash", now_s, (who.x, who.y), self._person(who))
            case EventKind.PICKUP if fields["pad"] < len(frame.arena.pads):
                pad = frame.arena.pads[fields["pad"]]
                self._add("pickup", now_s, (pad.x, pad.y), self.paints.pad(pad.kind))

    def _person(self, who: PlayerSeen | None) -> Colour:
        if who is None:
            return self.paints.colours.text
        return self.paints.person(who.slot, who.team, is_self=who.is_self)

    def _add(
        self,
        kind: str,
        now_s: float,
        place: tuple[float, float],
        colour: Colour,
        value: float = 0.0,
    ) -> None:
        self.living.append(Effect(kind, now_s, *place, colour, value))

    def _shake_by(self, frame: Frame, place: tuple[float, float]) -> None:
        me = frame.me
        if me is None:
            return
        tiles = hypot(place[0] - me.x, place[1] - me.y) / TILE_UNITS
        self._shake += 0.8 * max(0.0, 1 - tiles / SHAKE_TILES) ** 2
