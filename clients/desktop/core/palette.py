"""All colours, in one place.

Owns: three palettes, and which player gets which colour. Must not know: what is painted with them.
Invariant: within a palette the sixteen player colours and the two sides differ, and in simple
colours the local player never looks like an enemy. (The browser has the same, in
`src/styles/palette.ts`.)
"""

from typing import Final

from attrs import evolve, frozen

from clients.desktop.core.shapes import Colour
from game.tuning import AMMO_BASE, PickupKind


def rgb(number: int) -> Colour:
    """Split 0xRRGGBB into red, green and blue."""
    return number >> 16, number >> 8 & 255, number & 255


def _all(*numbers: int) -> tuple[Colour, ...]:
    return tuple(rgb(number) for number in numbers)


@frozen
class Palette:
    """One set of colours. `weapons` are by weapon, `players` by slot, `teams` by team (0: none)."""

    backdrop: Colour
    floor: Colour
    floor_line: Colour
    wall_top: Colour
    wall_face: Colour
    wall_edge: Colour
    panel: Colour
    text: Colour
    muted: Colour
    accent: Colour
    warm: Colour
    danger: Colour
    health: Colour
    armour: Colour
    double: Colour
    own: Colour
    enemy: Colour
    weapons: tuple[Colour, ...]
    players: tuple[Colour, ...]
    teams: tuple[Colour, ...]


_NIGHT: Final = Palette(
    backdrop=rgb(0x080B12),
    floor=rgb(0x1D2636),
    floor_line=rgb(0x7F9CC7),
    wall_top=rgb(0x3A4A68),
    wall_face=rgb(0x202A40),
    wall_edge=rgb(0x86A7DD),
    panel=rgb(0x10161F),
    text=rgb(0xEEF3FB),
    muted=rgb(0x93A2B8),
    accent=rgb(0x55E6C5),
    warm=rgb(0xFFC14D),
    danger=rgb(0xFF5A5F),
    health=rgb(0x64E08A),
    armour=rgb(0x5BB8FF),
    double=rgb(0xC77DFF),
    own=rgb(0x55E6C5),
    enemy=rgb(0xFF6B5E),
    weapons=_all(0x7FE7FF, 0xFFB35C, 0xFF6A4D, 0x63F5B0, 0xFFE066),
    players=_all(
        *(0x4CC9FF, 0xFF6B5E, 0xFFD23F, 0x6EE77A, 0xB983FF, 0xFF8FD0, 0xFF9F45, 0x3FE0C8),
        *(0x8AA2FF, 0xD9F25C, 0xFF4F9A, 0xCFA77C, 0xF4F1E8, 0x4F7DFF, 0xC44DFF, 0x9FB3C8),
    ),
    teams=_all(0x9FB3C8, 0xFF6B5E, 0x4CA8FF),
)

# After Okabe and Ito (2008): blue against orange, never green against red; lightness tells the rest
# apart.
_DEUTERANOPIA: Final = evolve(
    _NIGHT,
    accent=rgb(0x56B4E9),
    warm=rgb(0xF0C040),
    danger=rgb(0xF0752E),
    health=rgb(0x56B4E9),
    armour=rgb(0xF0E442),
    double=rgb(0xE09AC6),
    own=rgb(0x56B4E9),
    enemy=rgb(0xF08A24),
    weapons=_all(0x9FD8FF, 0xF0C040, 0xE8702A, 0xFFFFFF, 0xF0E442),
    players=_all(
        *(0x56B4E9, 0xE69F00, 0xF0E442, 0x2F7FD0, 0xCC79A7, 0xE8641A, 0xFFFFFF, 0x38BFA1),
        *(0xA9D8F5, 0xFFD08A, 0x8F9BD8, 0xB5B5B5, 0xF2B8D6, 0x8A6D1F, 0x7D7D8F, 0xD8F0C0),
    ),
    teams=_all(0xB5B5B5, 0xF08A24, 0x56B4E9),
)

_CONTRAST: Final = evolve(
    _NIGHT,
    backdrop=rgb(0x000000),
    floor=rgb(0x0B0D11),
    floor_line=rgb(0x8FA3C0),
    wall_top=rgb(0x56647E),
    wall_face=rgb(0x2A3344),
    wall_edge=rgb(0xFFFFFF),
    panel=rgb(0x000000),
    text=rgb(0xFFFFFF),
    muted=rgb(0xC8D2E0),
    accent=rgb(0x00FFD0),
    warm=rgb(0xFFD400),
    danger=rgb(0xFF3B3B),
    health=rgb(0x4DFF88),
    armour=rgb(0x4DB8FF),
    double=rgb(0xE07DFF),
    own=rgb(0x00FFD0),
    enemy=rgb(0xFF4D4D),
    players=_all(
        *(0x00C8FF, 0xFF4040, 0xFFEE00, 0x3DFF5E, 0xC06BFF, 0xFF86D6, 0xFF9100, 0x00FFD0),
        *(0x8F9DFF, 0xD4FF2A, 0xFF2A8F, 0xE0B080, 0xFFFFFF, 0x3D6BFF, 0xD400FF, 0xB0C4D8),
    ),
    teams=_all(0xB0C4D8, 0xFF4040, 0x00A8FF),
)

TITLES: Final = {
    "night": "Night",
    "deuteranopia": "Colour-blind safe",
    "contrast": "High contrast",
}
_BY_NAME: Final = {"night": _NIGHT, "deuteranopia": _DEUTERANOPIA, "contrast": _CONTRAST}


@frozen
class ActivePalette:
    """The palette in force, and whether players have only two colours."""

    colours: Palette
    is_simple: bool = False

    @classmethod
    def of(cls, name: str, *, is_simple: bool = False) -> "ActivePalette":
        """Look a palette up by its name in the settings."""
        return cls(_BY_NAME[name], is_simple)

    def person(self, slot: int, team: int, *, is_self: bool) -> Colour:
        """The colour of a player: that of their side where there are sides, else their own."""
        if team:
            return self.colours.teams[team % len(self.colours.teams)]
        if self.is_simple:
            return self.colours.own if is_self else self.colours.enemy
        return self.colours.players[slot % len(self.colours.players)]

    def pad(self, kind: int) -> Colour:
        """The colour that stands for what lies on a pad."""
        if kind > AMMO_BASE:
            return self.colours.weapons[kind - AMMO_BASE]
        special = {PickupKind.ARMOUR: self.colours.armour, PickupKind.DOUBLE: self.colours.double}
        return special.get(PickupKind(kind), self.colours.health)
