"""The signals of a window's devices, independent of any library."""

from typing import NamedTuple


class Pressed(NamedTuple):
    """A key, a mouse button or the wheel (`wheel up`), by its name in the bindings."""

    name: str


class Released(NamedTuple):
    """A key or a mouse button came up."""

    name: str


class Moved(NamedTuple):
    """The mouse is here now, in pixels of the window; of its buttons these are down."""

    x: float
    y: float
    buttons: frozenset[str] | None = None


class Typed(NamedTuple):
    """Text, as the keyboard's layout and input methods make it."""

    text: str


class PadPressed(NamedTuple):
    """A button of a gamepad went down."""

    name: str


class PadReleased(NamedTuple):
    """A button of a gamepad came up."""

    name: str


class PadAxis(NamedTuple):
    """An axis of a gamepad, −1 … 1."""

    name: str
    value: float


class LostFocus(NamedTuple):
    """Releases of keys are no longer seen, or a gamepad is gone."""


class SoundLost(NamedTuple):
    """The audio device in use is gone."""


class SoundFound(NamedTuple):
    """There is a new audio device."""


class Closed(NamedTuple):
    """The person closed the window."""


Signal = (
    Pressed
    | Released
    | Moved
    | Typed
    | PadPressed
    | PadReleased
    | PadAxis
    | LostFocus
    | Closed
    | SoundLost
    | SoundFound
)
