"""The page that is shown, and the meaning of the devices' signals there.

Owns: overlays, focus, hands, the pointer. Must not know: pygame, connections: it returns actions,
and others carry them out. Invariant: while a page is up, the hands do nothing in a match.
"""

from typing import Final

from attrs import define, field

from clients.desktop.core.input.input_mapper import InputMapper
from clients.desktop.core.input.signals import (
    Closed,
    LostFocus,
    Moved,
    PadAxis,
    PadPressed,
    PadReleased,
    Pressed,
    Released,
    Signal,
    SoundFound,
    SoundLost,
    Typed,
)
from clients.desktop.core.pages.widgets import NOTHING, Action, Focus, Page
from clients.desktop.core.shapes import Point

VOTES: Final = ("1", "2", "3", "4")
# Requests that are possible from every page.
_ANYWHERE: Final[dict[type, Action]] = {
    Closed: ("quit",),
    SoundLost: ("sound_lost",),
    SoundFound: ("sound_found",),
}
_STEPS: Final = {"tab": 1, "down": 1, "up": -1, "dpad down": 1, "dpad up": -1}


@define
class Stage:
    """The stage of one window. `overlays` are the pages over all else, the last one on top."""

    hands: InputMapper = field(factory=InputMapper)
    focus: Focus = field(factory=Focus)
    overlays: list[str] = field(factory=list)
    awaited_control: str = ""  # the next key is to be its binding
    pointer: Point = (0.0, 0.0)

    @property
    def overlay(self) -> str:
        """The page on top; "" if there is none."""
        return self.overlays[-1] if self.overlays else ""

    def open(self, overlay: str) -> None:
        """Put a page on top."""
        if overlay not in self.overlays:
            self.overlays.append(overlay)
        self.focus.index = 0
        self.hands.rest()

    def close(self) -> None:
        """Remove the page on top."""
        if self.overlays:
            self.overlays.pop()
        self.focus.index = 0
        self.hands.rest()

    def take(self, signal: Signal, page: Page | None) -> Action:
        """Handle a signal while `page` is up (None: a match without a page); returns the action."""
        self.hands.are_free = page is None
        if type(signal) in _ANYWHERE:
            return _ANYWHERE[type(signal)]
        match signal:
            case LostFocus():
                self.hands.rest()
            case Moved():
                self._move(signal, page)
            case Pressed(name) if self.awaited_control:
                control, self.awaited_control = self.awaited_control, ""
                return NOTHING if name == "escape" else ("bind", control, name)
            case _ if page is not None:
                return self._on_page(signal, page)
            case Pressed(name):
                self.hands.press(name)
                return ("vote", VOTES.index(name)) if name in VOTES else NOTHING
            case Released(name):
                self.hands.release(name)
            case PadPressed(name):
                self.hands.press_pad(name)
            case PadReleased(name):
                self.hands.pad.held.discard(name)
            case PadAxis(name, value):
                self.hands.pad.axes[name] = value
        return NOTHING

    def _move(self, moved: Moved, page: Page | None) -> None:
        self.pointer = moved.x, moved.y
        self.hands.move_mouse()
        if moved.buttons is not None:
            self.hands.retain_mouse(moved.buttons)
        if page is not None:
            self.focus.point(page, *self.pointer)

    def _on_page(self, signal: Signal, page: Page) -> Action:
        match signal:
            case Typed(text):
                self.focus.type(page, text)
            case Pressed("mouse 1"):
                return self.focus.click(page, *self.pointer)
            case Pressed("escape") | PadPressed("b" | "start"):
                return ("close",)
            case Pressed("return") | PadPressed("a"):
                return self.focus.enter(page)
            case Pressed("space") if not self.focus.is_typing(page):
                return self.focus.enter(page)
            case Pressed("backspace"):
                self.focus.erase(page)
            case Pressed("f11"):
                return ("full_screen",)
            case Pressed(name) | PadPressed(name) if name in _STEPS:
                self.focus.move(page, _STEPS[name])
        return NOTHING
