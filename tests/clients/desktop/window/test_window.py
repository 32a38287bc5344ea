"""The window: SDL's events in our words, sizes, and everything given back."""

import pygame
import pytest

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
from clients.desktop.window.window import SIZE, SIZE_MIN, Window

EVENTS: list[tuple[int, dict[str, object], Signal]] = [
    (pygame.KEYDOWN, {"scancode": 26, "key": 0}, Pressed("w")),
    (pygame.KEYUP, {"scancode": 44, "key": 0}, Released("space")),
    (pygame.TEXTINPUT, {"text": "é"}, Typed("é")),
    (pygame.MOUSEMOTION, {"pos": (3, 4), "buttons": (0, 0, 0)}, Moved(3, 4, frozenset())),
    (
        pygame.MOUSEMOTION,
        {"pos": (3, 4), "buttons": (1, 0, 1)},
        Moved(3, 4, frozenset(("mouse 1", "mouse 3"))),
    ),
    (pygame.MOUSEBUTTONDOWN, {"button": 3}, Pressed("mouse 3")),
    (pygame.MOUSEBUTTONUP, {"button": 1}, Released("mouse 1")),
    (pygame.MOUSEWHEEL, {"y": -2}, Pressed("wheel down")),
    (pygame.WINDOWFOCUSLOST, {}, LostFocus()),
    (pygame.WINDOWFOCUSGAINED, {}, LostFocus()),
    (pygame.WINDOWMINIMIZED, {}, LostFocus()),
    (pygame.WINDOWHIDDEN, {}, LostFocus()),
    (pygame.APP_WILLENTERBACKGROUND, {}, LostFocus()),
    (pygame.TEXTEDITING, {"text": "に", "start": 0, "length": 1}, LostFocus()),
    (pygame.AUDIODEVICEREMOVED, {"which": 2, "iscapture": 0}, SoundLost()),
    (pygame.AUDIODEVICEADDED, {"which": 0, "iscapture": 0}, SoundFound()),
    (pygame.QUIT, {}, Closed()),
    (pygame.CONTROLLERAXISMOTION, {"axis": 0, "value": -32_768}, PadAxis("left x", -1.0)),
    (pygame.CONTROLLERBUTTONDOWN, {"button": pygame.CONTROLLER_BUTTON_A}, PadPressed("a")),
    (pygame.CONTROLLERBUTTONUP, {"button": pygame.CONTROLLER_BUTTON_BACK}, PadReleased("back")),
    (pygame.CONTROLLERDEVICEREMOVED, {"instance_id": 7}, LostFocus()),
]


@pytest.mark.parametrize(("kind", "fields", "signal"), EVENTS)
def test_each_event_is_said_in_our_words(
    window: Window, kind: int, fields: dict[str, object], signal: Signal
) -> None:
    pygame.event.clear()
    pygame.event.post(pygame.event.Event(kind, fields))
    said = [it for it in window.signals() if type(it) is type(signal)]  # some are equal tuples
    assert signal in said


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (pygame.KEYDOWN, {"scancode": 250, "key": 0}),
        (pygame.MOUSEBUTTONDOWN, {"button": 4}),  # the wheel, which says so itself
        (pygame.MOUSEWHEEL, {"y": 0}),
        (pygame.TEXTEDITING, {"text": ""}),
        (pygame.AUDIODEVICEREMOVED, {"which": 2, "iscapture": 1}),
        (pygame.AUDIODEVICEREMOVED, {"which": 0, "iscapture": 0}),
        (pygame.AUDIODEVICEADDED, {"which": 0, "iscapture": 1}),
        (pygame.CONTROLLERAXISMOTION, {"axis": 99, "value": 3}),
    ],
)
def test_unknown_signals_are_ignored(window: Window, kind: int, fields: dict[str, object]) -> None:
    pygame.event.clear()
    pygame.event.post(pygame.event.Event(kind, fields))
    unexpected = Pressed | PadAxis | LostFocus | SoundLost | SoundFound
    assert not [it for it in window.signals() if isinstance(it, unexpected)]


def test_a_small_window_shows_the_same_made_smaller(window: Window) -> None:
    half = SIZE_MIN[0] // 2, SIZE_MIN[1] // 2
    pygame.display.set_mode(half, pygame.RESIZABLE)
    pygame.event.post(pygame.event.Event(pygame.VIDEORESIZE, w=half[0], h=half[1], size=half))
    list(window.signals())
    assert window.size == SIZE_MIN
    window.surface.fill((10, 200, 30))
    window.show()
    assert pygame.display.get_surface().get_at((half[0] - 1, half[1] - 1))[:3] == (10, 200, 30)
    pygame.event.post(pygame.event.Event(pygame.MOUSEMOTION, pos=half, buttons=(0, 0, 0)))
    assert Moved(*SIZE_MIN) in [Moved(round(it.x), round(it.y)) for it in _moves(window)]


def _moves(window: Window) -> list[Moved]:
    return [it for it in window.signals() if isinstance(it, Moved)]


def test_full_screen_and_back(window: Window) -> None:
    window.set_full_screen(True)
    assert pygame.display.is_fullscreen()
    window.set_full_screen(True)
    window.set_full_screen(False)
    assert window.size == SIZE


def test_a_closed_window_can_be_opened_again(window: Window) -> None:
    window.close()
    assert not pygame.display.get_init()
    window.open()
    assert window.size == SIZE
