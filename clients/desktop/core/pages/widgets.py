"""Buttons, fields and moving between them, by mouse, keys or gamepad.

Owns: focus, and the text that is being typed. Must not know: what an action does; it is only
returned. Invariant: exactly one widget has the focus while there is any, and a new layout of the
page leaves it where it was.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from attrs import define, field

from clients.desktop.core.palette import Palette
from clients.desktop.core.shapes import Box, Outline, Rect, Shape, Text, mixed
from game.wire.schema import ToLobby

Command = tuple[str, *tuple[object, ...]]  # to the program itself
Action = Command | ToLobby  # or a message that is sent to the lobby as it is

NOTHING: Final[Action] = ("nothing",)


class Button(NamedTuple):
    """Something to click. `beside` is smaller text at its right end."""

    rect: Rect
    words: str
    action: Action
    beside: str = ""
    is_main: bool = False


class Field(NamedTuple):
    """A line to type into. `action` gets the text as its last item."""

    rect: Rect
    name: str
    action: Command
    hint: str = ""
    most: int = 16
    is_code: bool = False  # ASCII in upper case; the server reads any grouping


Widget = Button | Field


class Page(NamedTuple):
    """The content of a page: shapes that do nothing, and widgets on top of them."""

    shapes: tuple[Shape, ...]
    widgets: tuple[Widget, ...]


@define
class Focus:
    """The focus and input on a page. `texts` has the contents of the fields, by name."""

    texts: dict[str, str] = field(factory=dict)
    index: int = 0
    _hot: int = -1  # under the mouse

    def point(self, page: Page, x: float, y: float) -> None:
        """Note where the mouse is."""
        self._hot = next((i for i, it in enumerate(page.widgets) if it.rect.holds(x, y)), -1)

    def click(self, page: Page, x: float, y: float) -> Action:
        """Handle a press of the mouse; returns the action."""
        self.point(page, x, y)
        if self._hot < 0:
            return NOTHING
        self.index = self._hot
        widget = page.widgets[self._hot]
        return widget.action if isinstance(widget, Button) else NOTHING

    def move(self, page: Page, by: int) -> None:
        """Move to the next or the previous widget, wrapping round."""
        if page.widgets:
            self.index = (self._at(page) + by) % len(page.widgets)

    def enter(self, page: Page) -> Action:
        """Press the button or submit the field that has the focus; returns the action."""
        if not page.widgets:
            return NOTHING
        widget = page.widgets[self._at(page)]
        if isinstance(widget, Field):
            return *widget.action, self.texts.get(widget.name, "")
        return widget.action

    def type(self, page: Page, text: str) -> bool:
        """Type text into the field that has the focus; False if none has."""
        widget = self._field(page)
        if widget is None:
            return False
        wanted = text.upper() if widget.is_code else text
        kept = "".join(it for it in wanted if it.isprintable())
        if widget.is_code:
            kept = "".join(it for it in kept if it.isascii())
        self.texts[widget.name] = (self.texts.get(widget.name, "") + kept)[: widget.most]
        return True

    def erase(self, page: Page) -> None:
        """Delete the last character of the field that has the focus."""
        widget = self._field(page)
        if widget is not None:
            self.texts[widget.name] = self.texts.get(widget.name, "")[:-1]

    def is_typing(self, page: Page) -> bool:
        """Whether a field has the focus."""
        return self._field(page) is not None

    def shapes(self, page: Page, colours: Palette) -> Iterator[Shape]:
        """The page and its widgets."""
        yield from page.shapes
        focus = self._at(page)
        for index, widget in enumerate(page.widgets):
            if isinstance(widget, Button):
                yield from _button(widget, colours, index == self._hot, index == focus)
            else:
                text = self.texts.get(widget.name, "")
                yield from _field(widget, colours, text, index == focus)

    def _at(self, page: Page) -> int:
        return min(self.index, max(0, len(page.widgets) - 1))

    def _field(self, page: Page) -> Field | None:
        widget = page.widgets[self._at(page)] if page.widgets else None
        return widget if isinstance(widget, Field) else None


def _button(it: Button, colours: Palette, is_hot: bool, has_focus: bool) -> Iterator[Shape]:
    base = mixed(colours.panel, colours.accent, 0.85) if it.is_main else colours.panel
    light = mixed(base, colours.text, 0.14 if is_hot else 0.06)
    yield Box(it.rect, light, 255, 4)
    rim = colours.accent if has_focus or is_hot else mixed(colours.panel, colours.muted, 0.35)
    yield Outline(it.rect, rim, 1, 4)
    dye = colours.backdrop if it.is_main else colours.text
    middle = it.rect.centre[1]
    if it.beside:
        yield Text(it.rect.x + 16, middle, it.words, 16, dye)
        faint = mixed(dye, base, 0.35)
        yield Text(it.rect.right - 16, middle, it.beside, 13, faint, 1.0)
    else:
        yield Text(it.rect.centre[0], middle, it.words, 16, dye, 0.5)


def _field(it: Field, colours: Palette, text: str, has_focus: bool) -> Iterator[Shape]:
    yield Box(it.rect, mixed(colours.backdrop, colours.panel, 0.3), 255, 4)
    rim = colours.accent if has_focus else mixed(colours.panel, colours.muted, 0.35)
    yield Outline(it.rect, rim, 1, 4)
    x, middle = it.rect.x + 14, it.rect.centre[1]
    if has_focus:
        yield Text(x, middle, f"{text}|", 16, colours.text)
    if not text:
        faint = mixed(colours.muted, colours.backdrop, 0.4)
        yield Text(x + 8, middle, it.hint, 16, faint)
    elif not has_focus:
        yield Text(x, middle, text, 16, colours.text)
