"""A child says `alive` often enough for its supervisor's timeout, and applies settings."""

from itertools import pairwise
from pathlib import Path

import pytest
import trio
from attrs import define, field

from server.config.settings import Settings
from server.process.channel import ReceivedMessage
from server.process.child import _Child
from server.process.serialization import settings_rows
from server.process.settings import ProcessSettings
from tests.journals import house_maps
from tests.server.reloads import remembered, strange


@define
class Listener:
    """The end of the supervisor: when it received messages from the child."""

    is_idle: bool = True
    received_s: list[float] = field(factory=list)

    def send(self, name: str, *_: object) -> None:
        assert name == "alive"
        self.received_s.append(trio.current_time())


@pytest.mark.parametrize("silent_s", [1.0, 1.5, 10.0, 600.0])
async def test_it_says_so_several_times_before_it_would_be_taken_for_silent(
    autojump_clock, silent_s
):
    listener = Listener()
    async with trio.open_nursery() as nursery:
        settings = Settings(process=ProcessSettings(silent_s=silent_s))
        child = _Child(settings, listener, {}, nursery, None)
        nursery.start_soon(child.send_alive)
        await trio.sleep(silent_s / 2)
        child.settings = Settings()  # a reload: the supervisor keeps its old timeout
        await trio.sleep(20)
        nursery.cancel_scope.cancel()
    pauses_s = [later - before for before, later in pairwise(listener.received_s)]
    assert max(pauses_s) <= min(1.0, silent_s / 4) + 1e-6


async def test_changed_settings_reach_everything_in_a_worker(tmp_path: Path):
    first, second = strange(tmp_path, 0.3), strange(tmp_path, 0.6)
    async with trio.open_nursery() as nursery:
        child = _Child(first, Listener(), house_maps(), nursery, None)
        child._be_worker(0)
        assert child.worker is not None
        assert remembered(child.worker, first, second), "the search finds what is there"
        await child._handle(ReceivedMessage("settings", (settings_rows(second),), []))
        assert remembered(child.worker, first, second) == set()
        assert child.worker.registry.settings == second.match
        nursery.cancel_scope.cancel()
