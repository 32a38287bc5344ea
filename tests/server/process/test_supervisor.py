"""Whichever start fails and whichever process dies, all roles are filled again.

After an accident a restart is immediate; in a crash loop the pauses grow.
"""

import errno
from typing import Any

import pytest
import trio
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from server.process.supervisor import PAUSE_FIRST_S, STEADY_S, RestartBackoff
from server.runtime.start_error import StartError
from tests.server.process.children import WARM_S, FakeChild, FakeChildren, FakeSocket, fake_children

FAULTS = [
    FileNotFoundError(errno.ENOENT, "No such file or directory"),
    BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable"),
    OSError(errno.ENOMEM, "Cannot allocate memory"),
    OSError(errno.EMFILE, "Too many open files"),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: errno.errorcode[fault.errno])
async def test_a_start_that_fails_ends_nothing_and_is_tried_again_more_and_more_slowly(
    autojump_clock: object, monkeypatch: pytest.MonkeyPatch, fault: OSError
):
    async with fake_children(monkeypatch, restart_pause_s=8.0) as here:
        here.fault = fault
        with capture_logs() as logs:
            here.child(0).die()  # the spare takes its place, and no new spare can be started
            await trio.sleep(0.1)
            here.child(1).die()  # this one has no replacement at all
            await trio.sleep(100)
        told = [it for it in logs if it["event"] == "cannot_start"]
        assert {it["process"] for it in told} == {"spare", "worker-1"}
        assert all(fault.strerror in it["reason"] for it in told)
        assert len(told) < 40, "once each eight seconds, in the end"
        here.fault = None
        await trio.sleep(8 + 2 * WARM_S)
        assert here.child(1).status is None
        assert here.supervisor.roles[1].serving.is_set()
        assert len(here.idle()) == 1, "the spare"


async def test_a_gateway_that_cannot_be_given_its_sockets_is_given_them_later(
    autojump_clock: object,
    monkeypatch: pytest.MonkeyPatch,
):
    async with fake_children(monkeypatch) as here:
        with monkeypatch.context() as for_a_while:
            for_a_while.setattr(FakeSocket, "dup", refuse)
            here.child(-1).die()
            await trio.sleep(5)
            assert not here.supervisor.roles[-1].serving.is_set()
        await trio.sleep(30)
        assert here.supervisor.roles[-1].serving.is_set()
        assert len(here.started) == 5, "the process that waited for them has got them"


def refuse(_: FakeSocket) -> None:
    raise OSError(errno.EMFILE, "Too many open files")


async def test_the_time_as_a_spare_is_no_steady_life(
    autojump_clock: object, monkeypatch: pytest.MonkeyPatch
):
    async with fake_children(monkeypatch) as here:
        with capture_logs() as logs:
            await trio.sleep(10 * STEADY_S)  # how long the spare has waited
            for _ in range(9):
                await kill_as_soon_as_it_serves(here)
        pauses = [it["pause_s"] for it in logs if it["event"] == "restart_delayed"]
        assert pauses == [0.25, 0.5, 1, 2, 4, 8, 16], "spares that waited longer change nothing"


async def kill_as_soon_as_it_serves(here: FakeChildren) -> None:
    role = here.supervisor.roles[0]
    while not (role.serving.is_set() and here.child(0).status is None):  # noqa: ASYNC110
        await trio.sleep(0.01)
    here.child(0).die()
    await trio.testing.wait_all_tasks_blocked()


async def test_a_process_that_speaks_another_protocol_gets_no_role(
    autojump_clock: object,
    monkeypatch: pytest.MonkeyPatch,
):
    async with fake_children(monkeypatch) as here:
        here.protocol += 1  # a different build was installed
        with capture_logs() as logs:
            here.child(0).die()
            await trio.sleep(0.1)
            here.child(1).die()
            await trio.sleep(60)
        told = [it for it in logs if it["event"] == "cannot_start"]
        assert {it["process"] for it in told} == {"spare", "worker-1"}
        assert all("a restart is needed" in it["reason"] for it in told)
        assert not here.supervisor.roles[1].serving.is_set()
        assert here.supervisor.roles[0].serving.is_set(), "the spare was of our build"
        here.protocol -= 1
        await trio.sleep(60)
        assert here.supervisor.roles[1].serving.is_set()


async def test_a_process_that_was_asked_to_step_down_is_no_death(
    autojump_clock: object,
    monkeypatch: pytest.MonkeyPatch,
):
    async with fake_children(monkeypatch) as here:
        before = here.child(-1)
        with capture_logs() as logs:
            before.step_down()
            await trio.sleep(5)
        assert here.child(-1) is not before
        (told,) = [it for it in logs if it["event"] == "process_stepped_down"]
        assert (told["process"], told["log_level"]) == ("gateway", "info")
        assert not [it for it in logs if it["event"] == "process_died"]


def no_process(here: FakeChildren) -> None:
    here.fault = OSError(errno.EMFILE, "Too many open files")


def newer_database(here: FakeChildren) -> None:
    here.failure = "store.data_dir cannot be used: the database is of a newer Skirmish"


def other_protocol(here: FakeChildren) -> None:
    here.protocol += 1


def crash(here: FakeChildren) -> None:
    async def dies(child: FakeChild) -> None:
        await trio.sleep(WARM_S)
        child.die(-11)

    here.warm = dies


@pytest.mark.parametrize(
    ("prepare", "why"),
    [
        (no_process, "Too many open files"),
        (newer_database, "of a newer Skirmish"),
        (other_protocol, "a restart is needed"),
        (crash, "was ended by SIGSEGV before it served"),
    ],
)
async def test_a_first_start_that_fails_ends_with_the_reason_and_leaves_no_process(
    autojump_clock: object, monkeypatch: pytest.MonkeyPatch, prepare: Any, why: str
):
    started: list[FakeChild] = []

    def keep(here: FakeChildren) -> None:
        prepare(here)
        here.started = started

    with pytest.raises(BaseExceptionGroup) as caught, trio.fail_after(60):
        async with fake_children(monkeypatch, prepare=keep):
            await trio.sleep_forever()
    (error,) = caught.value.exceptions
    assert isinstance(error, StartError)
    assert why in str(error)
    assert [it for it in started if not it.end.is_set()] == []


async def test_a_process_that_cannot_start_later_on_is_retried(
    autojump_clock: object, monkeypatch: pytest.MonkeyPatch
):
    async with fake_children(monkeypatch) as here:
        newer_database(here)
        with capture_logs() as logs:
            here.child(0).die()
            here.child(1).die()
            await trio.sleep(60)
        told = [it["how"] for it in logs if it["event"] == "process_died"]
        assert here.failure in told
        here.failure = ""
        await trio.sleep(60)
        assert here.supervisor.roles[0].serving.is_set()
        assert here.supervisor.roles[1].serving.is_set()


def test_the_first_short_life_is_an_accident():
    assert RestartBackoff(30).pause_s(0.1) == 0


def test_short_lives_in_a_row_double_the_pause_up_to_the_cap():
    backoff = RestartBackoff(pause_max_s=1.5)
    pauses = [backoff.pause_s(0.1) for _ in range(6)]
    assert pauses == [0, PAUSE_FIRST_S, PAUSE_FIRST_S * 2, PAUSE_FIRST_S * 4, 1.5, 1.5]


def test_a_steady_life_ends_a_storm():
    backoff = RestartBackoff(30)
    for _ in range(10):
        backoff.pause_s(0.1)
    assert backoff.pause_s(STEADY_S) == 0
    assert backoff.pause_s(0.1) == 0


@given(st.lists(st.floats(0, 100), max_size=60), st.floats(0.1, 3_600))
def test_no_pause_is_longer_than_the_cap(lives: list[float], cap: float):
    backoff = RestartBackoff(cap)
    assert all(0 <= backoff.pause_s(lived_s) <= cap for lived_s in lives)
