"""Settings that change while a server runs take effect in every part of it."""

from pathlib import Path
from typing import Any

import pytest
import trio

from server.app import running_app
from server.config.reload import merged
from server.config.settings import Settings
from server.match.registry import MatchRegistry
from server.match.tuned_rules import TunedRules
from server.net.addresses import networks
from server.process.match_index import RemoteMatchIndex
from server.process.remote_registry import RemoteMatchRegistry
from server.reloading import apply_settings
from server.security.tickets import TicketBox
from server.store.writer import ResultWriter
from tests.server.reloads import remembered, strange


class Quiet(RemoteMatchRegistry):
    """A registry that no worker calls."""

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        task_status.started()
        await trio.sleep_forever()


@pytest.fixture
def remote_matches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run matches in other processes."""

    def make_registry(
        settings: Settings, maps: Any, tickets: TicketBox, results: ResultWriter
    ) -> RemoteMatchRegistry:
        match = settings.match
        index = RemoteMatchIndex(maps, match.bot_level, match.matches_max, match.load_max)
        worker_listener: Any = None
        return Quiet(index, worker_listener, results, tickets, settings.process.wait_s)

    monkeypatch.setattr("server.app._make_local_registry", make_registry)


async def reload_all(tmp_path: Path) -> None:
    first, second = strange(tmp_path, 0.3), strange(tmp_path, 0.6)
    async with running_app(first) as app:
        assert remembered(app, first, second), "the search finds what is there"
        wanted = merged(first, second)
        assert wanted.needs_restart == ()
        apply_settings(app, wanted.settings)
        assert remembered(app, first, second) == set()
        assert app.settings == second
        lobby, service = app.lobby.lobby, app.replays
        assert (lobby.seats.ticket_s, lobby.seats.watch_delay_s) == (
            second.lobby.ticket_s,
            second.match.watch_delay_s,
        )
        assert lobby.context.seats == lobby.seats
        assert lobby.context.bot_level == second.match.bot_level
        assert service is not None
        assert service.delay_s == second.match.watch_delay_s
        context = app.front._context
        assert context.proxies == networks(second.net.trusted_proxies)
        assert context.limits._unlimited == networks(second.net.unlimited_addresses)
        assert context.limits._proxies == context.proxies
        if isinstance(app.registry, MatchRegistry):
            assert app.registry.rules == TunedRules.chosen(second.match)
        else:
            assert app.registry.index.bot_level == second.match.bot_level


async def test_no_part_of_a_server_remembers_an_older_value(tmp_path: Path):
    await reload_all(tmp_path)


@pytest.mark.usefixtures("remote_matches")
async def test_no_part_of_a_gateway_remembers_an_older_value(tmp_path: Path):
    await reload_all(tmp_path)
