"""A gateway whose matches are in workers: seats, sockets and results reach their destination."""

import sqlite3
from pathlib import Path

import pytest
import trio
from trio_websocket import ConnectionRejected

from game.wire.fingerprint import fingerprint
from game.wire.match_messages import FullSnapshot, Join, Refused
from server.app import DATABASE
from server.process import channel
from server.process.settings import ProcessSettings
from server.store.base import MatchResult
from tests.server.people import guest, heard, join, says, seat_for
from tests.server.process.cluster import Cluster, cluster, until

PATIENCE_S = 20.0


def result(number: int) -> MatchResult:
    return MatchResult("m1", number, "duel", "foundry", 1, b"d" * 16, 1.0, 2.0, -1, 0, 0, ())


def kept(folder: Path) -> int:
    with sqlite3.connect(folder / DATABASE) as database:
        return int(database.execute("select count(*) from results").fetchone()[0])


async def test_somebody_goes_from_the_lobby_into_a_match_of_a_worker(tmp_path: Path):
    async with cluster(tmp_path) as here:
        worker = await here.start_worker(0)
        async with here.gateway(0) as app, guest(app) as lobby:
            seat = await seat_for(lobby)
            async with guest(app, seat.path) as match:
                welcome = await join(match, seat.ticket)
                assert welcome.match == seat.match
                await heard(match, FullSnapshot)
            await until(lambda: worker.front.statistics().handshakes == {"done": 1})
            assert app.front.statistics().handshakes["passed"] == 1
            assert app.front.statistics().limits.connections == 1, "the lobby's"
            await until(lambda: app.health().people == 1)


async def test_a_gateway_that_dies_ends_no_match_and_its_successor_finds_it(tmp_path: Path):
    async with cluster(tmp_path) as here:
        await here.start_worker(0)
        async with here.gateway(0) as app, guest(app) as lobby:
            seat = await seat_for(lobby)
            async with guest(app, seat.path) as match:
                resume = (await join(match, seat.ticket)).resume
        async with here.gateway(0) as heir:
            assert [status.match_id for status in heir.registry.statuses()] == [seat.match]
            async with guest(heir, seat.path) as match:
                assert (await join(match, resume)).match == seat.match


async def test_players_who_connect_during_a_worker_restart_are_held(tmp_path: Path):
    async with cluster(tmp_path) as here:
        await here.start_worker(0)
        async with here.gateway(0) as app, guest(app) as lobby:
            seat = await seat_for(lobby)
            async with guest(app, seat.path) as match:
                resume = (await join(match, seat.ticket)).resume
                here.scopes[0].cancel()
            await until(lambda: app.registry.index.workers[0].channel is None)

            async def replace() -> None:
                await trio.testing.wait_all_tasks_blocked(0.05)
                await here.start_worker(0)

            here.nursery.start_soon(replace)
            async with guest(app, seat.path) as match:
                await join(match, resume)


async def test_players_are_told_to_retry_when_no_worker_takes_over(tmp_path: Path):
    impatient = ProcessSettings(wait_s=0.05)
    async with cluster(tmp_path, process=impatient) as here, here.gateway() as app:
        app.registry.expect([0])
        with pytest.raises(BaseExceptionGroup) as caught:
            async with guest(app, "/match/000000000000"):
                pytest.fail("nobody is there to answer")
        rejected = caught.value.exceptions[0]
        assert isinstance(rejected, ConnectionRejected)
        assert rejected.status_code == 503


async def test_a_rush_of_players_is_told_to_retry_and_the_channel_survives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async with cluster(tmp_path) as here:
        await here.start_worker(0)
        async with here.gateway(0) as app, guest(app) as lobby:
            seat = await seat_for(lobby)
            with monkeypatch.context() as crowded:
                crowded.setattr(channel.Channel, "has_room", False)
                with pytest.raises(BaseExceptionGroup) as caught:
                    async with guest(app, seat.path):
                        pytest.fail("there is no room for it")
            assert caught.value.exceptions[0].status_code == 503
            async with guest(app, seat.path) as match:
                await join(match, seat.ticket)


async def test_a_seat_in_a_match_that_was_never_there_is_over(tmp_path: Path):
    async with cluster(tmp_path) as here:
        await here.start_worker(0)
        async with here.gateway(0) as app, guest(app) as lobby:
            seat = await seat_for(lobby)
            async with guest(app, "/match/000000000000") as match:
                await says(match, Join(fingerprint(), seat.ticket))
                assert "another match" in (await heard(match, Refused)).text


async def test_a_result_is_stored_once_however_often_it_is_sent(tmp_path: Path):
    async with cluster(tmp_path) as here:
        worker = await here.start_worker(0)
        await worker.outbox.record_result(result(0))  # there is no gateway yet
        async with here.gateway(0):
            await until(lambda: worker.outbox.pending_count == 0)
            await worker.outbox.record_result(result(1))
            await worker.outbox.record_result(result(1))
            worker.outbox.resend()
            await until(lambda: worker.outbox.pending_count == 0)
        assert kept(tmp_path) == 2


@pytest.mark.slow
async def test_workers_counters_are_in_the_gateways_metrics_and_survive_them(
    tmp_path: Path,
):
    async with cluster(tmp_path) as here:
        worker = await here.start_worker(0)
        worker.registry.counters.snapshots_sent = 7
        async with here.gateway(0) as app:
            await until(lambda: b"skirmish_snapshots_sent_total 7" in app.metrics.render())
            here.scopes[0].cancel()
            await until(lambda: app.registry.index.workers[0].channel is None)
            assert b"skirmish_snapshots_sent_total 7" in app.metrics.render()


async def test_a_close_reaches_every_match_before_the_gateway_ends(tmp_path: Path):
    async with cluster(tmp_path) as here:
        workers = [await here.start_worker(place) for place in (0, 1)]
        async with here.gateway(0, 1) as app, guest(app) as lobby:
            seat = await seat_for(lobby)
            async with guest(app, seat.path) as match:
                await join(match, seat.ticket)
                with trio.fail_after(PATIENCE_S):
                    await app.close(0)
            assert [worker.registry.statuses() for worker in workers] == [[], []]
            assert app.census().matches == 0


@pytest.mark.slow
async def test_a_match_is_handed_over_and_goes_on_in_the_other_place(tmp_path: Path):
    async with cluster(tmp_path) as here:
        old = await here.start_worker(0)
        async with here.gateway(0, 1) as app, guest(app) as lobby:
            seat = await seat_for(lobby)
            new = await here.start_worker(1)
            await until(lambda: len(app.registry.index.workers) == 2)
            async with guest(app, seat.path) as match:
                resume = (await join(match, seat.ticket)).resume
                await heard(match, FullSnapshot)
                await move(here, old, new, seat.match)
            async with guest(app, seat.path) as match:
                assert (await join(match, resume)).match == seat.match
            assert old.registry.statuses() == []
            assert [status.match_id for status in new.registry.statuses()] == [seat.match]


async def move(here: Cluster, old, new, match_id: str) -> None:
    await old.hand_over(match_id, str(here.folder / f"worker-{new.place}"))
    await new.adopt()
