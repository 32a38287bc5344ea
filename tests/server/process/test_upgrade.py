"""An upgrade that fails half-way leaves every role filled, and no process without a role."""

from typing import Any

import pytest
import trio
from structlog.testing import capture_logs

from server.process.channel import Channel, connect, listen_at
from server.process.messages import FROM_OPERATOR, PROTOCOL, TO_OPERATOR
from server.process.upgrade import EMPTY_POLL_S, answer_upgrade, serve_operators
from tests.server.process.children import FakeChildren, fake_children
from tests.server.process.fakes import FakeChannel


async def upgrade(here: FakeChildren) -> tuple[bool, str]:
    operator: Any = FakeChannel()
    await answer_upgrade(here.supervisor, operator)
    ((is_good, text),) = operator.take("done")
    return is_good, text


def places(here: FakeChildren) -> list[int]:
    return sorted(here.supervisor.roles)


async def check_settled(here: FakeChildren, places_left: list[int]) -> None:
    """Check that all processes but the spare have roles; the gateway awaits these places only."""
    await trio.testing.wait_all_tasks_blocked()
    assert places(here) == places_left
    assert all(role.serving.is_set() for role in here.supervisor.roles.values())
    assert all(here.child(place).status is None for place in places_left)
    assert len(here.idle()) == 1
    channel: Any = here.child(-1).channel
    (told,) = channel.take("places")[-1]
    assert told == [place for place in places_left if place >= 0]


async def test_all_workers_and_the_gateway_are_replaced(
    autojump_clock: object, monkeypatch: pytest.MonkeyPatch
):
    async with fake_children(monkeypatch) as here:
        before = {here.child(place) for place in (-1, 0, 1)}
        assert (await upgrade(here))[0]
        assert here.child(-1) not in before
        assert here.supervisor.roles[-1].serving.is_set(), "it says so once it is true"
        await trio.sleep(5 * EMPTY_POLL_S)
        await check_settled(here, [-1, 2, 3])
        assert not before & {here.child(place) for place in (-1, 2, 3)}


async def test_a_second_upgrade_right_after_the_first_leaves_those_who_are_leaving_alone(
    autojump_clock: object,
    monkeypatch: pytest.MonkeyPatch,
):
    async with fake_children(monkeypatch) as here:
        for place in (0, 1):
            here.child(place).busy = 1  # their matches stay
        assert (await upgrade(here))[0]
        await trio.sleep(1)
        assert await upgrade(here) == (True, "upgrade complete: 0 matches moved, none ended")
        await trio.sleep(5 * EMPTY_POLL_S)
        await check_settled(here, [-1, 0, 1, 4, 5])


async def test_a_worker_that_retires_meanwhile_is_no_mistake(
    autojump_clock: object, monkeypatch: pytest.MonkeyPatch
):
    async with fake_children(monkeypatch) as here:
        for _ in range(3):
            is_good, text = await upgrade(here)
            assert is_good, text
        await trio.sleep(5 * EMPTY_POLL_S)
        assert len(places(here)) == 3
        await check_settled(here, places(here))


@pytest.mark.parametrize("word", ["rehearse", "retire"])
async def test_a_worker_that_dies_as_it_is_replaced_leaves_all_as_it_was(
    autojump_clock: object, monkeypatch: pytest.MonkeyPatch, word: str
):
    async with fake_children(monkeypatch, workers=1) as here:
        del here.answers[word]  # it gets no answer
        with trio.move_on_after(30) as patience:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(kill_soon, here, word)
                is_good, text = await upgrade(here)
        assert not patience.cancelled_caught
        assert not is_good
        assert text == ("spare" if word == "rehearse" else "worker-0") + " was ended by SIGKILL"
        await trio.sleep(5)
        await check_settled(here, [-1, 0])


async def kill_soon(here: FakeChildren, word: str) -> None:
    """Kill the child that was sent this message."""
    while True:
        await trio.sleep(0.1)
        for child in here.started:
            channel: Any = child.channel
            if any(said[0] == word for said in channel.sent):
                child.die()
                return


async def test_a_bug_of_ours_ends_the_upgrade_and_nothing_else(
    autojump_clock: object, monkeypatch: pytest.MonkeyPatch
):
    async with fake_children(monkeypatch) as here:
        here.answers["rehearse"] = ("rehearsed",)  # an answer that the table does not allow
        with capture_logs() as logs:
            is_good, text = await upgrade(here)
        assert not is_good
        assert "a bug of ours" in text
        assert [it["event"] for it in logs if it["log_level"] == "error"] == ["upgrade_failed"]
        await trio.sleep(5)
        await check_settled(here, [-1, 0, 1])


async def test_without_descriptors_an_upgrade_says_so(
    autojump_clock: object, monkeypatch: pytest.MonkeyPatch
):
    async with fake_children(monkeypatch) as here:
        here.fault = OSError(24, "Too many open files")
        is_good, text = await upgrade(here)
        assert (is_good, "Too many open files" in text) == (False, True)
        here.fault = None
        await check_settled(here, [-1, 0, 1])


async def test_another_protocol_is_refused_and_the_fresh_process_is_ended(
    autojump_clock: object,
    monkeypatch: pytest.MonkeyPatch,
):
    async with fake_children(monkeypatch) as here:
        here.protocol += 1
        is_good, text = await upgrade(here)
        assert (is_good, text) == (False, "1 uses another protocol: a restart is needed")
        await check_settled(here, [-1, 0, 1])


async def test_a_retiring_worker_that_dies_is_retired_by_its_successor(
    autojump_clock: object,
    monkeypatch: pytest.MonkeyPatch,
):
    async with fake_children(monkeypatch) as here:
        old = here.child(0)
        old.busy = 1
        assert (await upgrade(here))[0]
        old.die()
        await trio.sleep(2)
        heir = here.child(0)
        channel: Any = heir.channel
        assert [said[0] for said in channel.sent if said[0] != "settings"] == [
            "be_worker",
            "retire",
        ]
        heir.busy = 1  # it has resumed that match
        await trio.sleep(5 * EMPTY_POLL_S)
        assert heir.status is None
        heir.busy = 0
        await trio.sleep(5 * EMPTY_POLL_S)
        assert heir.status == 0
        await check_settled(here, [-1, 2, 3])


async def test_a_second_operator_is_refused_while_an_upgrade_runs(
    autojump_clock: object, monkeypatch: pytest.MonkeyPatch, tmp_path
):
    async with fake_children(monkeypatch) as here, trio.open_nursery() as nursery:
        path = str(tmp_path / "operator.sock")
        listener = listen_at(path)
        nursery.start_soon(serve_operators, here.supervisor, listener)
        first, second = (Channel(connect(path), FROM_OPERATOR, TO_OPERATOR) for _ in range(2))
        first.send("upgrade", PROTOCOL)
        await trio.testing.wait_all_tasks_blocked()
        second.send("upgrade", PROTOCOL)
        message = await second.receive()
        assert message.fields == (
            False,
            "another upgrade is running: try again later",
        )
        while (message := await first.receive()).name != "done":
            pass
        assert message.fields[0]
        first.close()
        second.close()
        nursery.cancel_scope.cancel()
    listener.close()
