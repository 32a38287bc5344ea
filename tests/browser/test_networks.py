"""Two browsers behind a bad network: no player is ever seen to jump."""

import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from math import hypot
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from game.tuning import TUNING
from tests.browser.player import Player

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
DELAY_MS, JITTER_MS = 65, 20  # each way: a round trip of 130 to 170 ms
PLAY = 2
SETTLE_TICKS = 5 * 60
FIGHT_TICKS = 30 * 60
FRAMES_MIN = 200
TICKS_PER_MS = 60 / 1_000
# Time on the screen runs up to 5 % faster while a clock is mended, and is that of a frame's
# beginning.
HASTE, SLACK_TICKS = 1.05, 0.5

Frame = dict[str, Any]


class Step(NamedTuple):
    """One player's movement on one screen from one frame to the next."""

    units_per_tick: float
    slot: int
    is_self: bool
    tick: float


@pytest.fixture
def bad_network(server_url: str) -> Iterator[str]:
    """The server's address behind a bad network."""
    host_and_port = server_url.removeprefix("http://").rstrip("/")
    command = [sys.executable, "-m", "server.cli", "chaos", "--to", host_and_port, "--profile"]
    command += ["lan", "--delay", str(DELAY_MS), "--jitter", str(JITTER_MS)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as proxy:
        try:
            assert proxy.stdout is not None
            first_line = proxy.stdout.readline()  # http://HOST:PORT leads to …
            yield first_line.split()[0]
        finally:
            proxy.terminate()


@pytest.mark.parametrize("mode", ["Deathmatch", "Team deathmatch"])
def test_nobody_jumps_on_either_screen_behind_150_ms_with_jitter(mode, bad_network, make_player):
    host = make_player(url=bad_network)
    code = host.create_room(bots=2, mode=mode)
    guest = make_player(f"/?room={code}", url=bad_network)
    guest.wait("state.screen === 'room'")
    host.click("Start")
    for player in (host, guest):
        player.wait(f"state.connection === 'online' && state.phase === {PLAY}")
        player.wait_ticks(SETTLE_TICKS)
        player.page.evaluate("() => window.skirmish.logPlaces()")
    fight_each_other(host, guest)
    for player in (host, guest):
        look_for_jumps(player)


def fight_each_other(host: Player, guest: Player) -> None:
    """Let both fight in turns, so that one thread drives them."""
    end_tick = host.state()["tick"] + FIGHT_TICKS
    while (state := host.state())["tick"] < end_tick and state["phase"] == PLAY:
        for player in (host, guest):
            player.fight_until(lambda _: False, 30)


def look_for_jumps(player: Player) -> None:
    """Check that no step is larger than the rules allow."""
    frames = player.page.evaluate("() => window.skirmish.positions()")
    state = player.state()
    assert state["pingMs"] > 2 * DELAY_MS, "no bad network"
    steps = list(steps_of(frames))
    assert len(frames) > FRAMES_MIN
    assert {step.is_self for step in steps} == {True, False}
    assert max(step.units_per_tick for step in steps) > TUNING.run_speed / 2, "nobody moved"
    jumps = [step for step in steps if step.units_per_tick > TUNING.speed_max]
    assert not jumps, f"{len(jumps)} jumps in {len(steps)} steps, as {jumps[:5]}; {state}"


def steps_of(frames: list[Frame]) -> Iterator[Step]:
    """The steps within one life, one sighting and one round."""
    for before, after in pairwise(frames):
        if before["phase"] != PLAY or after["phase"] != PLAY:
            continue
        # A busy page draws a frame late, and the next one soon after it.
        passed_ms = max(after[clock] - before[clock] for clock in ("atMs", "nowMs"))
        ticks = passed_ms * TICKS_PER_MS * HASTE + SLACK_TICKS
        places = {row["slot"]: row for row in before["players"]}
        for row in after["players"]:
            was = places.get(row["slot"])
            if was is None or not (was["alive"] and row["alive"]):
                continue
            if row["slot"] in (*after["respawnedSlots"], *after["appearedSlots"]):
                continue
            units = hypot(row["x"] - was["x"], row["y"] - was["y"])
            yield Step(units / ticks, row["slot"], row["self"], after["tick"])
