"""A person at the desktop client: presses keys that pygame tells of, and looks at the screen."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pygame
import trio
from attrs import define

from clients.desktop.app import App
from clients.desktop.core.input.bindings import PLACES
from clients.desktop.settings_file import SettingsFile
from clients.desktop.window.speaker import Speaker
from clients.desktop.window.window import Window
from clients.net.address import Address
from game.world import Player

PATIENCE_S = 30  # a test that waits longer has failed
SCANCODES = {name: code for code, name in PLACES.items()}


@define
class Person:
    """A person's keys and mouse reach the window as SDL's events."""

    app: App
    _is_mouse_down: bool = False

    async def until(self, condition: Callable[[], object]) -> None:
        """Frames go by until it is so."""
        await until(condition, lambda: self.app.frame(trio.current_time()))

    def press(self, name: str) -> None:
        _post(pygame.KEYDOWN, scancode=SCANCODES[name], key=0, mod=0, unicode="")

    def release(self, name: str) -> None:
        _post(pygame.KEYUP, scancode=SCANCODES[name], key=0, mod=0, unicode="")

    def type(self, text: str) -> None:
        _post(pygame.TEXTINPUT, text=text)

    def point(self, x: float, y: float) -> None:
        _post(pygame.MOUSEMOTION, pos=(x, y), rel=(0, 0), buttons=(int(self._is_mouse_down), 0, 0))

    def mouse(self, *, down: bool) -> None:
        self._is_mouse_down = down
        _post(pygame.MOUSEBUTTONDOWN if down else pygame.MOUSEBUTTONUP, button=1, pos=(0, 0))

    async def click(self, words: str) -> None:
        """On the button that says so, as soon as there is one."""
        await self.until(lambda: self._button(words))
        self.point(*self._button(words)[0].rect.centre)
        self.mouse(down=True)
        self.mouse(down=False)
        self.app.frame(trio.current_time())

    def _button(self, words: str) -> list:  # type: ignore[type-arg]
        page = self.app._page(trio.current_time())
        return [it for it in page.widgets if getattr(it, "words", "") == words] if page else []

    @property
    def body(self) -> Player:
        """The local player, as predicted."""
        assert self.app.match is not None
        assert self.app.match.session.shown is not None
        body = self.app.match.session.shown.prediction.self
        assert body is not None
        return body

    def is_playing(self) -> bool:
        match = self.app.match
        if match is None or match.session.shown is None or not match.state.is_online:
            return False
        return match.session.shown.prediction.self is not None


async def until(condition: Callable[[], object], meanwhile: Callable[[], object] = int) -> None:
    """Frames pass, as the screen's do, until it is so."""
    with trio.fail_after(PATIENCE_S):
        while not condition():  # no event of ours says what a screen shows
            meanwhile()
            await trio.sleep(1 / 60)


@asynccontextmanager
async def person_at(
    address: Address, settings: SettingsFile, window: Window, speaker: Speaker
) -> AsyncIterator[Person]:
    """Somebody who has just started the client."""
    pygame.event.clear()
    async with trio.open_nursery() as nursery:
        app = App(address, settings, window, speaker, nursery)
        nursery.start_soon(app.lobby.run)
        yield Person(app)
        app.is_over = True
        await app.frames()
        nursery.cancel_scope.cancel()


def _post(kind: int, **fields: object) -> None:
    pygame.event.post(pygame.event.Event(kind, fields))
