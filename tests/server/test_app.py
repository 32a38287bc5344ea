"""A whole server in this process: it starts, people play, and it leaves nothing behind."""

import socket
from http.client import HTTPConnection
from pathlib import Path

import pytest
import trio
from attrs import evolve
from structlog.testing import capture_logs
from trio_websocket import ConnectionClosed

from game.wire import lobby_messages, match_messages
from game.wire.fingerprint import fingerprint
from game.wire.messages import CloseCode
from server.app import DATABASE, App, running_app
from server.config.settings import (
    ListenSettings,
    LobbySettings,
    MatchSettings,
    Settings,
    StoreSettings,
)
from server.runtime.start_error import StartError
from tests.server.people import NOBODY, guest, heard, hello, join, open_descriptors, says, seat_for

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = Settings(
    net=ListenSettings(port=0),
    lobby=LobbySettings(bot_fill_after_s=0.05, bots=3),
    match=MatchSettings(),
    store=StoreSettings(data_dir=""),
)


async def get(app: App, path: str, port: int | None = None) -> tuple[int, bytes]:
    def fetch() -> tuple[int, bytes]:
        connection = HTTPConnection("127.0.0.1", port or app.port, timeout=10)
        connection.request("GET", path, headers={"connection": "close"})
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response.status, body

    return await trio.to_thread.run_sync(fetch)


async def test_a_stranger_comes_plays_and_leaves_and_nothing_of_it_all_is_left():
    tasks = trio.lowlevel.current_statistics().tasks_living
    descriptors = open_descriptors()
    async with running_app(SETTINGS) as app:
        assert app.census() == NOBODY
        async with guest(app) as lobby:
            seat = await seat_for(lobby)
            async with guest(app, seat.path) as match:
                await says(match, match_messages.Join(fingerprint(), seat.ticket))
                welcome = await heard(match, match_messages.Welcome)
                assert welcome.slot >= 0
                for _ in range(3):
                    await heard(match, match_messages.DeltaSnapshot)
                census = app.census()
                assert (census.matches, census.lobby_links, census.connections) == (1, 1, 2)
    assert app.census() == NOBODY
    assert app.census().is_empty
    assert trio.lowlevel.current_statistics().tasks_living == tasks
    assert open_descriptors() == descriptors


async def test_a_ticket_is_good_once():
    async with running_app(SETTINGS) as app, guest(app) as lobby:
        seat = await seat_for(lobby)
        async with guest(app, seat.path) as first:
            await join(first, seat.ticket)
            await says(first, match_messages.Ping(1, 0))
            await heard(first, match_messages.Pong)
            async with guest(app, seat.path) as second:
                await says(second, match_messages.Join(fingerprint(), seat.ticket))
                with pytest.raises(ConnectionClosed):
                    await heard(second, match_messages.Welcome)
                assert second.closed.code == CloseCode.TICKET


async def test_a_ticket_is_good_again_for_who_was_cut_off_before_the_welcome():
    async with running_app(SETTINGS) as app, guest(app) as lobby:
        seat = await seat_for(lobby)
        async with guest(app, seat.path) as first:
            await says(first, match_messages.Join(fingerprint(), seat.ticket))
        async with guest(app, seat.path) as second:
            slot = (await join(second, seat.ticket)).slot
            assert slot >= 0
            (match,) = app.registry.statuses()
            assert match.people == 1


async def test_a_seat_message_on_a_dead_lobby_connection_is_sent_on_the_next():
    async with running_app(SETTINGS) as app:
        async with guest(app) as lobby:
            session = await hello(lobby, "Ann")
            await says(lobby, lobby_messages.Play("deathmatch"))
            match_id = (await heard(lobby, lobby_messages.Seat)).match
        async with guest(app) as lobby:
            await hello(lobby, "Ann", session)
            seat = await heard(lobby, lobby_messages.Seat)
            assert seat.match == match_id
            async with guest(app, seat.path) as match:
                await join(match, seat.ticket)
                async with guest(app) as again:
                    await hello(again, "Ann", session)
                    await heard(again, lobby_messages.Idle)


async def test_a_name_is_taken_while_somebody_plays_under_it_after_leaving_the_lobby():
    settings = evolve(SETTINGS, lobby=evolve(SETTINGS.lobby, resume_s=0))
    async with running_app(settings) as app:
        async with guest(app) as lobby:
            seat = await seat_for(lobby, "Ann")
        async with guest(app, seat.path) as match:
            await join(match, seat.ticket)
            app.lobby.lobby.pass_time(trio.current_time() + 60)
            async with guest(app) as lobby:
                await says(lobby, lobby_messages.Hello(fingerprint(), "ann", b""))
                assert (await heard(lobby, lobby_messages.Welcome)).name == "ann 2"


async def test_the_log_says_who_came_to_which_match_and_how_they_parted():
    with capture_logs() as lines:
        async with running_app(SETTINGS) as app, guest(app) as lobby:
            seat = await seat_for(lobby)
            async with guest(app, seat.path):
                pass  # gone without a ticket
            async with guest(app, seat.path) as match:
                await join(match, seat.ticket)
                await says(match, match_messages.Ping(1, 0))
                await heard(match, match_messages.Pong)
            async with guest(app, seat.path) as again:
                await says(again, match_messages.Join(fingerprint(), seat.ticket))
                await heard(again, match_messages.Refused)
    told = {line["event"]: line for line in lines}
    assert (told["left_before_join"]["path"], told["left_before_join"]["code"]) == (seat.path, 1000)
    assert (told["member_left"]["match"], told["member_left"]["code"]) == (seat.match, 1000)
    refused = told["admission_refused"]
    assert (refused["path"], refused["code"]) == (seat.path, CloseCode.TICKET)
    assert "used already" in refused["reason"]
    assert seat.ticket not in [value for line in lines for value in line.values()]


async def test_people_are_notified_of_the_end_and_closed_with_a_code():
    async with running_app(SETTINGS) as app, guest(app) as lobby:
        await says(lobby, lobby_messages.Hello(fingerprint(), "", b""))
        await heard(lobby, lobby_messages.Idle)
        await app.close(0)
        assert "restart" in (await heard(lobby, lobby_messages.Notice)).text
        with pytest.raises(ConnectionClosed):
            await heard(lobby, lobby_messages.Welcome)
        assert lobby.closed.code == CloseCode.SHUTDOWN


async def test_while_rounds_end_health_says_503_and_a_hurry_ends_them(nursery):
    async with running_app(SETTINGS) as app, guest(app) as lobby:
        seat = await seat_for(lobby)
        async with guest(app, seat.path) as match:
            await says(match, match_messages.Join(fingerprint(), seat.ticket))
            await heard(match, match_messages.Welcome)
            assert (await get(app, "/healthz"))[0] == 200
            nursery.start_soon(app.close, 3_600)
            await heard(match, match_messages.Notice)
            status, body = await get(app, "/healthz")
            assert status == 503
            assert b'"closing"' in body
            app.hurry()
            with pytest.raises(ConnectionClosed):
                await heard(match, match_messages.Pong)
            assert match.closed.code == CloseCode.SHUTDOWN


async def test_health_metrics_and_maps_are_served():
    async with running_app(SETTINGS) as app:
        status, body = await get(app, "/healthz")
        assert (status, b'"ok"' in body) == (200, True)
        assert (await get(app, "/metrics"))[0] == 404, "the public has no business there"
        metrics = (await get(app, "/metrics", app.metrics_port))[1].decode()
        for name in app.metrics.names():
            assert f"# HELP {name}" in metrics
        assert (await get(app, "/maps/crossfire.tmj"))[1].startswith(b"{")
        assert (await get(app, "/maps/nowhere.tmj"))[0] == 404
        assert await get(app, "/replays") == (200, b"[]")  # it has no folder to keep any in


async def test_the_operations_page_lists_every_metric_and_no_other():
    page = await trio.Path(ROOT / "docs" / "OPERATIONS.md").read_text()
    table = page.partition("<!-- metrics -->")[2].partition("<!-- end of metrics -->")[0]
    listed = {line.split("`")[1] for line in table.splitlines() if line.startswith("| `")}
    async with running_app(SETTINGS) as app:
        assert listed == set(app.metrics.names()) | {"skirmish_log_lines_dropped"}


async def test_a_port_in_use_is_reported_in_a_sentence_and_nothing_stays_open():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        descriptors = open_descriptors()
        settings = Settings(net=ListenSettings(port=port), store=StoreSettings(data_dir=""))
        with pytest.raises(StartError, match=f"port {port} is in use"):
            async with running_app(settings):
                pass
        assert open_descriptors() == descriptors


async def test_a_folder_that_cannot_hold_the_database_is_reported_in_a_sentence(tmp_path: Path):
    (tmp_path / "file").write_text("")
    settings = Settings(
        net=ListenSettings(port=0), store=StoreSettings(data_dir=str(tmp_path / "file"))
    )
    with pytest.raises(StartError, match=r"store\.data_dir cannot be used"):
        async with running_app(settings):
            pass


async def test_results_go_to_the_data_folder(tmp_path: Path):
    settings = Settings(net=ListenSettings(port=0), store=StoreSettings(data_dir=str(tmp_path)))
    async with running_app(settings):
        pass
    assert (tmp_path / DATABASE).is_file()
