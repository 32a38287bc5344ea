"""The controls of the game, and their default keys.

Owns: their names, their words for people, the names of key positions. A binding is such a position
(not a character, so that WASD is together on every layout), `mouse 1` … `mouse 5`, `wheel up` or
`wheel down`.
"""

from collections.abc import Mapping
from typing import Final

from clients.desktop.core.lexicon import WEAPONS

BINDINGS_PER_CONTROL_MAX: Final = 4

Bindings = Mapping[str, tuple[str, ...]]

# Control: words, default bindings.
CONTROLS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "up": ("Move up", ("w", "up")),
    "down": ("Move down", ("s", "down")),
    "left": ("Move left", ("a", "left")),
    "right": ("Move right", ("d", "right")),
    "fire": ("Fire", ("mouse 1",)),
    "dash": ("Dash", ("space", "mouse 3")),
    **{f"weapon_{key}": (title, (str(key),)) for key, title in enumerate(WEAPONS, 1)},
    "next_weapon": ("Next weapon", ("e", "wheel down")),
    "previous_weapon": ("Previous weapon", ("q", "wheel up")),
    "scoreboard": ("Scoreboard", ("tab",)),
    "net_graph": ("Net graph", ("n", "f3")),
    "full_screen": ("Full screen", ("f11",)),
    "menu": ("Menu", ("escape",)),
}
WEAPON_CONTROLS: Final = tuple(name for name in CONTROLS if name.startswith("weapon_"))

# Key positions by their number in the USB tables (HID Usage Tables, page 7), named as on a US
# keyboard.
_FIRST_LETTER, _FIRST_DIGIT, _FIRST_FUNCTION = 4, 30, 58
PLACES: Final[dict[int, str]] = {
    **{_FIRST_LETTER + i: letter for i, letter in enumerate("abcdefghijklmnopqrstuvwxyz")},
    **{_FIRST_DIGIT + i: digit for i, digit in enumerate("1234567890")},
    **{_FIRST_FUNCTION + i: f"f{i + 1}" for i in range(12)},
    **dict(enumerate(("return", "escape", "backspace", "tab", "space", "minus", "equals"), 40)),
    **dict(enumerate(("left bracket", "right bracket", "backslash"), 47)),
    **dict(enumerate(("semicolon", "quote", "backquote", "comma", "period", "slash"), 51)),
    **dict(enumerate(("insert", "home", "page up", "delete", "end", "page down"), 73)),
    **dict(enumerate(("right", "left", "down", "up"), 79)),
    **dict(enumerate(("left ctrl", "left shift", "left alt"), 224)),
    **dict(enumerate(("right ctrl", "right shift", "right alt"), 228)),
}
_MOUSE: Final = (*(f"mouse {button}" for button in range(1, 6)), "wheel up", "wheel down")
KNOWN: Final = frozenset((*PLACES.values(), *_MOUSE))


def default_bindings() -> dict[str, tuple[str, ...]]:
    """The bindings of a new player."""
    return {control: bindings for control, (_, bindings) in CONTROLS.items()}


def controls_by_binding(bindings: Bindings) -> dict[str, tuple[str, ...]]:
    """The controls of each key."""
    found: dict[str, tuple[str, ...]] = {}
    for control, keys in bindings.items():
        for key in keys:
            found[key] = (*found.get(key, ()), control)
    return found


def rebound(bindings: Bindings, control: str, key: str) -> dict[str, tuple[str, ...]]:
    """The bindings with `key` first for `control`, and removed from all others."""
    freed = {name: tuple(it for it in keys if it != key) for name, keys in bindings.items()}
    freed[control] = (key, *freed[control])[:BINDINGS_PER_CONTROL_MAX]
    return freed
