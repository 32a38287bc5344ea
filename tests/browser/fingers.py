"""Fingers on the glass of a phone, as Chromium reports them: down, moved, up, several at once."""

from attrs import Factory, define
from playwright.sync_api import BrowserContext, CDPSession, Page


@define
class Fingers:
    """The fingers that touch, and where. Playwright itself can only tap."""

    _devtools: CDPSession
    _places: dict[int, tuple[float, float]] = Factory(dict)

    @classmethod
    def on(cls, context: BrowserContext, page: Page) -> "Fingers":
        return cls(context.new_cdp_session(page))

    def down(self, finger: int, x: float, y: float) -> None:
        self._places[finger] = (x, y)
        self._report("touchStart")

    def move(self, finger: int, x: float, y: float) -> None:
        self._places[finger] = (x, y)
        self._report("touchMove")

    def up_all(self) -> None:
        self._places.clear()
        self._report("touchEnd")

    def _report(self, kind: str) -> None:
        points = [{"id": finger, "x": x, "y": y} for finger, (x, y) in self._places.items()]
        self._devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
