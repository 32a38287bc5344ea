"""The window: its size, its picture, and the signals of its devices.

Owns: pygame's display, events and gamepads. Must not know: what any of it means. Invariant: others
notice a resize, a switch to full screen or a close only through `surface`.
"""

from collections.abc import Iterator
from typing import Final

import pygame
from attrs import define, field
from pygame._sdl2 import controller

from clients.desktop.core.input.bindings import PLACES
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

SIZE: Final = (1_280, 720)
SIZE_MIN: Final = (1_100, 700)  # a smaller window shows the same, scaled down
HEIGHT_MAX: Final = 1_200  # a taller screen is painted smaller and scaled by SDL: pixels cost time
UNSEEN_DRIVERS: Final = ("dummy", "offscreen")
AXIS_FULL: Final = 32_768

_AXES: Final = {
    pygame.CONTROLLER_AXIS_LEFTX: "left x",
    pygame.CONTROLLER_AXIS_LEFTY: "left y",
    pygame.CONTROLLER_AXIS_RIGHTX: "right x",
    pygame.CONTROLLER_AXIS_RIGHTY: "right y",
    pygame.CONTROLLER_AXIS_TRIGGERLEFT: "left trigger",
    pygame.CONTROLLER_AXIS_TRIGGERRIGHT: "right trigger",
}
_PAD_BUTTONS: Final = {
    pygame.CONTROLLER_BUTTON_A: "a",
    pygame.CONTROLLER_BUTTON_B: "b",
    pygame.CONTROLLER_BUTTON_X: "x",
    pygame.CONTROLLER_BUTTON_Y: "y",
    pygame.CONTROLLER_BUTTON_BACK: "back",
    pygame.CONTROLLER_BUTTON_START: "start",
    pygame.CONTROLLER_BUTTON_LEFTSHOULDER: "left shoulder",
    pygame.CONTROLLER_BUTTON_RIGHTSHOULDER: "right shoulder",
    pygame.CONTROLLER_BUTTON_DPAD_UP: "dpad up",
    pygame.CONTROLLER_BUTTON_DPAD_DOWN: "dpad down",
    pygame.CONTROLLER_BUTTON_DPAD_LEFT: "dpad left",
    pygame.CONTROLLER_BUTTON_DPAD_RIGHT: "dpad right",
}
# After each of these, releases go elsewhere: to another window, the system or an input method.
_GONE: Final = frozenset(
    (
        *(pygame.WINDOWFOCUSLOST, pygame.WINDOWFOCUSGAINED, pygame.WINDOWMINIMIZED),
        *(pygame.WINDOWHIDDEN, pygame.APP_WILLENTERBACKGROUND, pygame.APP_DIDENTERBACKGROUND),
    )
)
_MOUSE: Final = {1: "mouse 1", 2: "mouse 2", 3: "mouse 3", 6: "mouse 4", 7: "mouse 5"}


@define(eq=False)
class Window:
    """One window. What is painted on `surface` is visible after `show`."""

    is_full_screen: bool = False
    _size: tuple[int, int] = SIZE
    _surface: pygame.Surface | None = None  # painted on
    _scale: float = 1.0  # of the painted picture, in a window too small for it
    _pads: dict[int, controller.Controller] = field(factory=dict)

    def open(self) -> None:
        """Open the window. Raises `pygame.error` where there is no screen."""
        pygame.display.init()
        pygame.font.init()
        controller.init()
        pygame.display.set_caption("Skirmish")
        self._set_mode()
        pygame.key.start_text_input()

    @property
    def is_unseen(self) -> bool:
        """Whether SDL found no screen, and paints into a dummy window."""
        return pygame.display.get_driver() in UNSEEN_DRIVERS

    def close(self) -> None:
        """Release everything."""
        self._pads.clear()
        self._surface = None
        controller.quit()
        pygame.font.quit()
        pygame.display.quit()

    @property
    def surface(self) -> pygame.Surface:
        """The surface to paint on."""
        assert self._surface is not None
        return self._surface

    @property
    def size(self) -> tuple[int, int]:
        """The size of `surface`, in pixels."""
        return self.surface.get_size()

    def set_full_screen(self, wanted: bool) -> None:
        """Switch to full screen, or back to a window."""
        if wanted != self.is_full_screen:
            self.is_full_screen = wanted
            self._set_mode()

    def show(self) -> None:
        """Make what was painted visible."""
        screen = pygame.display.get_surface()
        if screen is not None and self.surface is not screen:
            width, height = self.size
            small = round(width * self._scale), round(height * self._scale)
            screen.blit(pygame.transform.smoothscale(self.surface, small), (0, 0))
        pygame.display.flip()

    def show_pointer(self, wanted: bool) -> None:
        """Renderer or hide the system's pointer; a match has a crosshair of its own."""
        if pygame.mouse.get_visible() != wanted:
            pygame.mouse.set_visible(wanted)

    def signals(self) -> Iterator[Signal]:
        """Yield what happened since the last call."""
        for event in pygame.event.get():
            if event.type == pygame.VIDEORESIZE and not self.is_full_screen:
                self._size = event.w, event.h
                screen = pygame.display.get_surface()
                assert screen is not None
                self._fit(screen)
            signal = self._signal(event)
            if signal is not None:
                yield signal

    def _set_mode(self) -> None:
        flags, size = pygame.RESIZABLE, self._size
        if self.is_full_screen:
            size, flags = pygame.display.get_desktop_sizes()[0], pygame.FULLSCREEN
            parts = -(-size[1] // HEIGHT_MAX)
            if parts > 1:
                size, flags = (size[0] // parts, size[1] // parts), flags | pygame.SCALED
        self._fit(pygame.display.set_mode(size, flags))

    def _fit(self, screen: pygame.Surface) -> None:
        """Paint on the screen itself, or on a larger surface where it is too small."""
        self._surface = screen
        width, height = screen.get_size()
        self._scale = min(1.0, width / SIZE_MIN[0], height / SIZE_MIN[1])
        if self._scale < 1:
            larger = round(width / self._scale), round(height / self._scale)
            self._surface = pygame.Surface(larger).convert()

    def _signal(self, event: pygame.Event) -> Signal | None:
        match event.type:
            case pygame.QUIT:
                return Closed()
            case pygame.KEYDOWN | pygame.KEYUP if event.scancode in PLACES:
                name = PLACES[event.scancode]
                return Pressed(name) if event.type == pygame.KEYDOWN else Released(name)
            case pygame.TEXTINPUT:
                return Typed(event.text)
            case pygame.MOUSEMOTION:
                down = (f"mouse {number}" for number, it in enumerate(event.buttons, 1) if it)
                place = event.pos[0] / self._scale, event.pos[1] / self._scale
                return Moved(*place, frozenset(down))
            case pygame.MOUSEBUTTONDOWN if event.button in _MOUSE:
                return Pressed(_MOUSE[event.button])
            case pygame.MOUSEBUTTONUP if event.button in _MOUSE:
                return Released(_MOUSE[event.button])
            case pygame.MOUSEWHEEL if event.y:
                return Pressed("wheel up" if event.y > 0 else "wheel down")
            case kind if kind in _GONE:
                return LostFocus()
            case pygame.TEXTEDITING if event.text:
                return LostFocus()
            case pygame.AUDIODEVICEREMOVED if not event.iscapture and event.which:
                return SoundLost()  # 0: a device that was not in use
            case pygame.AUDIODEVICEADDED if not event.iscapture:
                return SoundFound()
        return self._pad_signal(event)

    def _pad_signal(self, event: pygame.Event) -> Signal | None:
        match event.type:
            case pygame.CONTROLLERDEVICEADDED:
                pad = controller.Controller(event.device_index)
                self._pads[pad.as_joystick().get_instance_id()] = pad
            case pygame.CONTROLLERDEVICEREMOVED:
                self._pads.pop(event.instance_id, None)
                return LostFocus()
            case pygame.CONTROLLERAXISMOTION if event.axis in _AXES:
                return PadAxis(_AXES[event.axis], event.value / AXIS_FULL)
            case pygame.CONTROLLERBUTTONDOWN if event.button in _PAD_BUTTONS:
                return PadPressed(_PAD_BUTTONS[event.button])
            case pygame.CONTROLLERBUTTONUP if event.button in _PAD_BUTTONS:
                return PadReleased(_PAD_BUTTONS[event.button])
        return None
