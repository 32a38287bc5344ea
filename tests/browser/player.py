"""A person at a browser: presses keys, moves the mouse, touches, reads `window.skirmish`.

Owns one page and its console errors. Must not know the server. Nothing here sleeps: every
wait is for a condition on the client's state, checked on each frame of the page.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import atan2, cos, hypot, sin
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Page
from playwright.sync_api import TimeoutError as NeverTrue

State = dict[str, Any]

PATIENCE_MS = 30_000
LOOK_EVERY_TICKS = 6
CLOSE_ENOUGH_UNITS = 4_000  # near enough to stop running and shoot
STUCK_UNITS = 60  # a runner who moves less than this between two looks is at a wall
DETOUR_LOOKS = 8
ROAM_LOOKS = 25
ROAM_KEYS = (("d",), ("s", "d"), ("s",), ("s", "a"), ("a",), ("w", "a"), ("w",), ("w", "d"))
SIDEWAYS = {"w": "d", "d": "s", "s": "a", "a": "w"}
# The browser's message when a page probes a lost connection with a plain request to its path.
LOOKED_INTO = "426 (Upgrade Required)"
NO_NETWORK = "ERR_INTERNET_DISCONNECTED"  # the browser's message for each try without a network


class Player:
    """One page. `errors` collects the page's errors."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context = context
        self.page: Page = context.new_page()
        self.errors: list[str] = []
        self._keys_held: set[str] = set()
        self._detour_looks = 0
        self._roamed_looks = 0
        self._cable_was_pulled = False
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._listen)
        self.page.goto(url)
        self.wait("state.lobby === 'online'")

    def state(self) -> State:
        return self.page.evaluate("() => window.skirmish.state()")

    def wait(self, condition: str, timeout_ms: int = PATIENCE_MS) -> State:
        """Wait until a condition on `state` holds, and return the state of that moment."""
        script = (
            "() => { const state = window.skirmish?.state();"
            f" return state !== undefined && ({condition}) && state; }}"
        )
        try:
            return self.page.wait_for_function(script, timeout=timeout_ms).json_value()
        except NeverTrue:
            state = self.page.evaluate("() => window.skirmish?.state()")
            raise AssertionError(f"never became true: {condition}\nstate: {state}") from None

    def wait_ticks(self, count: int) -> State:
        """Wait until `count` ticks of the match have passed, or another round has begun."""
        tick = self.state()["tick"]
        return self.wait(f"state.tick > {tick} + {count} || state.tick < {tick}")

    def click(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def press_play(self) -> State:
        self.page.locator("button.play:visible").click()
        return self.wait("state.screen === 'match' && state.connection === 'online' && state.alive")

    def create_room(self, bots: int = 0, mode: str = "Deathmatch") -> str:
        """Open a room and return its code."""
        title = self.page.get_by_text(mode, exact=True)
        self.page.locator("button.mode:visible").filter(has=title).click()
        self.click("Create a room")
        code = self.wait("state.screen === 'room' && state.room !== ''")["room"]
        self.page.locator("input[type=range]:visible").fill(str(bots))
        return code

    def hold(self, *keys: str) -> None:
        """Hold exactly these keys."""
        for key in self._keys_held - set(keys):
            self.page.keyboard.up(key)
        for key in set(keys) - self._keys_held:
            self.page.keyboard.down(key)
        self._keys_held = set(keys)

    def aim_at(self, angle_radians: float) -> None:
        """Point the mouse in this direction from the middle of the page."""
        size = self.page.viewport_size
        assert size is not None
        reach = min(size["width"], size["height"]) * 0.4
        x = size["width"] / 2 + reach * cos(angle_radians)
        y = size["height"] / 2 + reach * sin(angle_radians)
        self.page.mouse.move(x, y)

    def fight_until(self, is_done: Callable[[State], bool], ticks_max: int) -> State:
        """Chase and shoot the nearest enemy, for at most `ticks_max` ticks of the match."""
        self.page.mouse.down()
        state = self.state()
        end_tick = state["tick"] + ticks_max
        while not is_done(state) and state["tick"] < end_tick:
            self._chase(state)
            before, state = state, self.wait_ticks(LOOK_EVERY_TICKS)
            self._notice_wall(before, state)
        self.page.mouse.up()
        self.hold()
        return state

    @contextmanager
    def cable_pulled(self) -> Iterator[None]:
        """Take the network away: connections are cut, and new ones fail."""
        self._cable_was_pulled = True
        self.context.set_offline(True)
        self.page.evaluate("() => window.skirmish.dropConnection()")
        try:
            yield
        finally:
            self.context.set_offline(False)

    def close(self) -> None:
        self.context.close()

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type != "error" or LOOKED_INTO in message.text:
            return
        if not (self._cable_was_pulled and NO_NETWORK in message.text):
            self.errors.append(message.text)

    def _chase(self, state: State) -> None:
        enemies = [row for row in state["players"] if row["slot"] != state["slot"] and row["alive"]]
        enemies = [row for row in enemies if row["seen"]]
        if not state["alive"]:
            self.hold()
            return
        if not enemies:
            self._roam()
            return

        def distance(row: State) -> float:
            return hypot(row["x"] - state["x"], row["y"] - state["y"])

        enemy = min(enemies, key=distance)
        dx, dy = enemy["x"] - state["x"], enemy["y"] - state["y"]
        self.aim_at(atan2(dy, dx))
        keys = []
        if distance(enemy) > CLOSE_ENOUGH_UNITS:
            keys += ["d"] if dx > 600 else ["a"] if dx < -600 else []
            keys += ["s"] if dy > 600 else ["w"] if dy < -600 else []
        self.hold(*(SIDEWAYS[key] if self._detour_looks > 0 else key for key in keys))

    def _roam(self) -> None:
        """Roam to find an enemy when none is in sight; each direction is kept for a few looks."""
        self._roamed_looks += 1
        turn = self._roamed_looks // ROAM_LOOKS
        keys = ROAM_KEYS[turn * 3 % len(ROAM_KEYS)]  # so that they do not run in circles
        self.hold(*(SIDEWAYS[key] if self._detour_looks > 0 else key for key in keys))

    def _notice_wall(self, before: State, after: State) -> None:
        """At a wall, go sideways for a while."""
        self._detour_looks = max(0, self._detour_looks - 1)
        moved = hypot(after["x"] - before["x"], after["y"] - before["y"])
        if self._keys_held and after["alive"] and moved < STUCK_UNITS:
            self._detour_looks = DETOUR_LOOKS
