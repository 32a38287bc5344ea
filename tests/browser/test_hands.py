"""Keys and buttons whose release the browser never reports are released at the next hint."""

from collections.abc import Iterator

import pytest

from tests.browser.player import Player

pytestmark = [pytest.mark.browser, pytest.mark.slow]

KEY, BUTTON = 1, 1
KEYBOARD = "new KeyboardEvent('keydown', {code: 'MetaLeft', key: 'Meta', metaKey: true})"
MOVE = "new PointerEvent('pointermove', {pointerType: 'mouse', buttons: 0, clientX: 9, clientY: 9})"
# A hint, and which of one key and one mouse button may still be held after it.
SIGNS = {
    "the window loses the keyboard": ("window", "new Event('blur')", 0),
    "the page is put away": ("window", "new PageTransitionEvent('pagehide')", 0),
    "a dialog of the system for printing": ("window", "new Event('beforeprint')", 0),
    "an input method begins a word": ("window", "new CompositionEvent('compositionstart')", 0),
    "the page is hidden": ("document", "new Event('visibilitychange')", 0),
    "the page is frozen": ("document", "new Event('freeze')", 0),
    "full screen begins or ends": ("document", "new Event('fullscreenchange')", 0),
    "the pointer is let out": ("document", "new Event('pointerlockchange')", 0),
    "Cmd, under which no release is told": ("window", KEYBOARD, BUTTON),
    "the mouse comes back without its button": ("window", MOVE, KEY),
    "a drag is taken over": ("window", "new PointerEvent('pointercancel')", KEY),
}


@pytest.fixture(scope="module")
def fighter(chromium, server_url) -> Iterator[Player]:
    """A player in a match."""
    player = Player(chromium.new_context(viewport={"width": 640, "height": 400}), server_url)
    player.press_play()
    yield player
    player.close()
    assert player.errors == []


@pytest.mark.parametrize("name", SIGNS)
def test_a_key_and_a_button_are_let_go_when(fighter, name):
    target, event, left = SIGNS[name]
    fighter.page.mouse.move(320, 300)
    fighter.page.mouse.down()
    fighter.hold("d")
    fighter.wait("state.held === 2")
    fighter.page.evaluate(f"() => {target}.dispatchEvent({event})")
    assert fighter.state()["held"] == left
    fighter.hold()
    fighter.page.mouse.up()
    fighter.wait("state.held === 0")


def test_a_modifier_whose_release_was_not_told_is_let_go_by_the_next_key(fighter):
    stored = "{version: 1, values: {keys: {dash: ['ShiftLeft']}}}"
    keep = f"() => localStorage.setItem('skirmish.settings', JSON.stringify({stored}))"
    fighter.page.evaluate(keep)
    fighter.page.reload()
    fighter.wait("state.connection === 'online' && state.alive")
    down = "new KeyboardEvent('keydown', {code: 'ShiftLeft', key: 'Shift', shiftKey: true})"
    fighter.page.evaluate(f"() => window.dispatchEvent({down})")
    fighter.wait("state.held === 1")
    fighter.hold("d")  # this event says that Shift is up
    fighter.wait("state.held === 1")
    fighter.hold()
    fighter.wait("state.held === 0")
