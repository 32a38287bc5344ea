"""What comes from a window's devices, in words that no library owns."""

from typing import NamedTuple


class Pressed(NamedTuple):
    """A key, a mouse button or the wheel (`wheel up`), by its name in the bindings."""

    name: str


class Released(NamedTuple):
    """It came up again."""

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
    """A button of a gamepad."""

    name: str


class PadReleased(NamedTuple):
    """It came up again."""

    name: str


class PadAxis(NamedTuple):
    """An axis of a gamepad, −1 … 1."""

    name: str
    value: float


class LostFocus(NamedTuple):
    """Keys that are released now are released unseen; or a gamepad is gone."""


class SoundLost(NamedTuple):
    """The device that sounds came from is gone."""


class SoundFound(NamedTuple):
    """There is a device that sounds may come from."""


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
