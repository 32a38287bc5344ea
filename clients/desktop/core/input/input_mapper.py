"""The player's input for one tick, from keys and mouse or a gamepad.

Owns: merging the devices, the aim that stays when no device aims, and the presses that are not for
the game but for the window. Must not know: pygame, the network. Invariant: while `are_free` is
false the input is neutral, and nothing pressed meanwhile takes effect later.
"""

from collections import Counter
from math import atan2, tau
from typing import Final, NamedTuple

from attrs import define, field

from clients.desktop.core.input.bindings import (
    WEAPON_CONTROLS,
    Bindings,
    controls_by_binding,
    default_bindings,
)
from clients.desktop.core.input.pad import PRESSES, Pad
from clients.desktop.core.input.weapon_choice import WeaponChoice
from game.inputs import DASH, DOWN, FIRE, LEFT, RIGHT, UP, Input
from game.tuning import TURN

_BUTTONS: Final = (
    *(("up", UP), ("down", DOWN), ("left", LEFT), ("right", RIGHT)),
    *(("fire", FIRE), ("dash", DASH)),
)
MOUSE_TOLD: Final = frozenset(("mouse 1", "mouse 2", "mouse 3"))  # with each mouse move
PRESSES_MAX: Final = 16  # of one control, not taken yet


class AimContext(NamedTuple):
    """The state for choosing a weapon and aiming. `mouse` is relative to the body, in units."""

    tick: int
    weapon: int
    confirmed_weapon: int
    ammo: tuple[int, ...]
    mouse: tuple[float, float] | None


@define
class InputMapper:
    """One person's hands."""

    _controls: dict[str, tuple[str, ...]] = field(
        factory=lambda: controls_by_binding(default_bindings())
    )
    pad: Pad = field(factory=Pad)
    are_free: bool = True
    aims_by_pad: bool = False
    _held: set[str] = field(factory=set)  # bindings that are down
    _tapped: set[str] = field(factory=set)  # controls pressed since the last tick
    _presses: Counter[str] = field(factory=Counter)
    _weapons: WeaponChoice = field(factory=WeaponChoice)
    _aim: int = 0

    def bind(self, bindings: Bindings) -> None:
        """Use these keys from now on."""
        self._controls = controls_by_binding(bindings)
        self.rest()

    def press(self, binding: str) -> None:
        """Note that a key or a mouse button went down, or that the wheel turned."""
        if not binding.startswith("wheel"):
            self._held.add(binding)
        for control in self._controls.get(binding, ()):
            self._tapped.add(control)
            self._count(control)

    def release(self, binding: str) -> None:
        """Note that a key or a mouse button came up."""
        self._held.discard(binding)

    def retain_mouse(self, buttons: frozenset[str]) -> None:
        """Release all mouse buttons but these: the others came up unseen."""
        self._held -= MOUSE_TOLD - buttons

    def press_pad(self, button: str) -> None:
        """Note that a button of the gamepad went down."""
        self.pad.held.add(button)
        if button in PRESSES:
            self._count(PRESSES[button])

    def move_mouse(self) -> None:
        """Let the mouse aim from now on, until the stick does."""
        self.aims_by_pad = False

    def is_held(self, control: str) -> bool:
        """Whether a key of this control is down."""
        if control == "scoreboard" and self.pad.shows_scoreboard:
            return True
        return any(control in self._controls.get(binding, ()) for binding in self._held)

    def take_presses(self, control: str) -> int:
        """Take the number of presses since the last call."""
        return self._presses.pop(control, 0)

    def sample(self, situation: AimContext) -> Input:
        """The input for one tick."""
        self._choose_weapon(situation)
        if not self.are_free:
            self.rest()
            return Input(0, self._aim)
        self._aim = self._choose_aim(situation)
        buttons = self.pad.buttons
        for control, button in _BUTTONS:
            if control in self._tapped or self.is_held(control):
                buttons |= button
        self._tapped.clear()
        buttons |= self._weapons.bits(situation.confirmed_weapon, situation.tick)
        return Input(buttons, self._aim)

    def rest(self) -> None:
        """Let go of everything: the window lost the keyboard, or another life begins."""
        self._held.clear()
        self._tapped.clear()
        self._presses.clear()
        self._weapons.clear()
        self.pad.release()

    def _count(self, control: str) -> None:
        self._presses[control] = min(PRESSES_MAX, self._presses[control] + 1)

    def _choose_aim(self, situation: AimContext) -> int:
        pad_aim = self.pad.aim
        if pad_aim is not None:
            self.aims_by_pad = True
            return pad_aim
        mouse = situation.mouse
        if self.aims_by_pad or mouse is None or mouse == (0, 0):
            return self._aim
        return round(atan2(mouse[1], mouse[0]) / tau * TURN) % TURN

    def _choose_weapon(self, situation: AimContext) -> None:
        tick, weapon, ammo = situation.tick, situation.weapon, situation.ammo
        for number, control in enumerate(WEAPON_CONTROLS):
            if self.take_presses(control):
                self._weapons.ask(number, tick)
        for _ in range(self.take_presses("next_weapon")):
            self._weapons.step(1, weapon, ammo, tick)
        for _ in range(self.take_presses("previous_weapon")):
            self._weapons.step(-1, weapon, ammo, tick)
