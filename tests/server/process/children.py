"""Fake child processes: they say what real ones would, and die when a test wants it."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import trio
from attrs import define, field

from server.config.settings import Settings, StoreSettings
from server.process import supervisor as supervisor_module
from server.process.child_handle import ChildHandle
from server.process.messages import PROTOCOL, TO_CHILD
from server.process.settings import ProcessSettings
from server.process.supervisor import Supervisor
from tests.server.process.fakes import FakeChannel

WARM_S = 1.2  # how long a real child takes to warm up


class FakeProcess:
    """The part of a Popen that is used."""

    def __init__(self, pid: int) -> None:
        self.pid = pid


@define(eq=False, kw_only=True)
class FakeChild(ChildHandle):
    """A child that warms up and then does as it is told, until it is ended."""

    children: "FakeChildren"
    end: trio.Event = field(factory=trio.Event)
    exit_status: int = 0

    async def run(self) -> None:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self.children.warm, self)
            await self.end.wait()
            nursery.cancel_scope.cancel()
        self.status = self.exit_status
        self._notify()

    def die(self, status: int = -9) -> None:
        self.exit_status = status
        self.end.set()

    def kill(self) -> None:
        self.die()

    def dismiss(self) -> None:
        self.is_dismissed = True
        self.die(0)

    def send(self, name: str, *fields: Any, descriptors: tuple[int, ...] = ()) -> bool:
        assert TO_CHILD.table[name].allows(fields)
        self.channel.send(name, *fields, descriptors=descriptors)
        if name == "step_down":
            self.die(0)
        answer = self.children.answers.get(name)
        if answer is not None:
            self._received[answer[0]] = answer[1:]
            self._notify()
        return True

    async def warm_up(self) -> None:
        await trio.sleep(WARM_S)
        if self.children.failure:
            self.failure = self.children.failure
            self.die(1)
            return
        self.protocol, self.build = self.children.protocol, "1"
        self._notify()


@define(eq=False)
class FakeChildren:
    """All fake children. `fault` is the system's error when another one is started."""

    supervisor: Supervisor
    started: list[FakeChild] = field(factory=list)
    fault: OSError | None = None
    warm: Any = FakeChild.warm_up
    failure: str = ""  # why a process cannot start
    protocol: int = PROTOCOL
    answers: dict[str, tuple[Any, ...]] = field(
        factory=lambda: {
            "be_worker": ("serving", [], [], 0.0),
            "be_gateway": ("serving", [], [], 0.0),
            "rehearse": ("rehearsed", []),
            "retire": ("retiring", []),
        }
    )

    def start(self, silent_s: float) -> FakeChild:
        if self.fault is not None:
            raise self.fault
        channel: Any = FakeChannel()
        process: Any = FakeProcess(1_000 + len(self.started))
        child = FakeChild(process, -1, channel, silent_s, children=self)
        self.started.append(child)
        return child

    def child(self, place: int) -> FakeChild:
        """The child in this role."""
        child = self.supervisor.roles[place].child
        assert isinstance(child, FakeChild)
        return child

    def idle(self) -> set[FakeChild]:
        """Live children without a role."""
        roles = [role.child for role in self.supervisor.roles.values()]
        return {it for it in self.started if it.status is None and it not in roles}


@asynccontextmanager
async def fake_children(
    patch: pytest.MonkeyPatch, workers: int = 2, prepare: Any = None, **changes: Any
) -> AsyncIterator[FakeChildren]:
    """A supervisor with fake children, all of them in their roles."""
    settings = Settings(
        process=ProcessSettings(workers=workers, **changes), store=StoreSettings(data_dir="nowhere")
    )
    worker_listener: Any = FakeSocket()
    supervisor = Supervisor(settings, [], worker_listener)
    here = FakeChildren(supervisor)
    patch.setattr(supervisor_module, "start_child", here.start)
    if prepare is not None:
        prepare(here)
    async with trio.open_nursery() as nursery:
        await nursery.start(supervisor.run)
        await trio.sleep(3 * WARM_S)
        yield here
        nursery.cancel_scope.cancel()


class FakeSocket:
    """A socket that can only be duplicated."""

    def dup(self) -> "FakeSocket":
        return self

    def detach(self) -> int:
        return os.open(os.devnull, os.O_RDONLY)
