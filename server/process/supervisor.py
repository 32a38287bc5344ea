"""The supervisor: starts the processes, watches them, and replaces those that die. No more.

Owns: the sockets that the world connects to, and which process has which role. Must not know:
matches, players, HTTP; the less it does, the less can end it. Invariants: the warm spare takes a
dead process's role at once, unless the role dies repeatedly; the ports stay open whichever process
dies; children never outlive it. Once all roles have been filled, a failed start is retried and ends
nothing; a failed first start ends everything, with the reason.

    run nursery
      ├─ keep_filled × roles  the gateway, and a worker for each place
      ├─ _keep_spare          a warm process without a role
      └─ child.run × all      see child_handle.py
"""

import os
import socket
from collections.abc import Awaitable, Callable

import structlog
import trio
from attrs import define, field

from server.config.settings import Settings
from server.process.child_handle import (
    ChildEndedError,
    ChildHandle,
    OtherProtocolError,
    describe_exit,
    start_child,
)
from server.process.serialization import settings_rows
from server.runtime.start_error import StartError

DISCONNECT_S = 20.0  # beyond the grace, for the gateway to disconnect all clients
EXIT_S = 5.0  # for the other processes, once the gateway is gone
START_DEATHS_MAX = 3  # unexplained deaths at the first start; a match can cause two at most
STEADY_S = 5.0  # a process that lived this long died by accident
PAUSE_FIRST_S = 0.25
_DOUBLINGS_MAX = 16  # beyond it the cap holds anyway

log = structlog.get_logger("process")


@define
class RestartBackoff:
    """How long to wait before a process that died is replaced; `pause_max_s` is the cap.

    The first replacement after a steady life is immediate; in a crash loop the pauses double.
    """

    pause_max_s: float
    short_lives: int = 0  # in a row

    def pause_s(self, lived_s: float) -> float:
        """The pause before the next start, after a process that lived for `lived_s`."""
        if lived_s >= STEADY_S:
            self.short_lives = 0
            return 0.0
        self.short_lives += 1
        if self.short_lives == 1:
            return 0.0
        doublings = min(self.short_lives - 2, _DOUBLINGS_MAX)
        return min(self.pause_max_s, PAUSE_FIRST_S * (1 << doublings))


@define(eq=False)
class Role:
    """A role that must be filled at all times: the gateway, or the worker of a place."""

    place: int  # -1 for the gateway
    backoff: RestartBackoff
    child: ChildHandle | None = None
    is_retiring: bool = False  # it ends once it has nothing left to do
    is_over: bool = False  # it need not be filled any more
    serving: trio.Event = field(factory=trio.Event)  # the current child serves
    _serves_since_s: float = 0.0

    @property
    def name(self) -> str:
        """The name in the log."""
        return "gateway" if self.place < 0 else f"worker-{self.place}"

    @property
    def served_s(self) -> float:
        """How long the current child has served; 0: it does not serve yet."""
        return trio.current_time() - self._serves_since_s if self.serving.is_set() else 0.0

    def begin(self) -> None:
        """Reset the role: its next child does not serve yet."""
        self.serving = trio.Event()

    def serve(self) -> None:
        """Note that the child serves from now on."""
        self._serves_since_s = trio.current_time()
        self.serving.set()


@define(eq=False)
class Supervisor:
    """See the module."""

    settings: Settings
    listeners: list[socket.socket]
    worker_listener: socket.socket
    roles: dict[int, Role] = field(factory=dict)
    spare: ChildHandle | None = None
    is_closing: bool = False
    up: trio.Event = field(factory=trio.Event)  # every role was filled once
    failure: str = ""  # why a first start failed
    _deaths: int = 0  # at the first start
    _nursery: trio.Nursery | None = None
    _spare_gone: trio.Event = field(factory=trio.Event)
    _children: list[ChildHandle] = field(factory=list)

    async def run(self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED) -> None:
        """Keep every role filled until `close` is done. Raises `StartError`."""
        async with trio.open_nursery() as nursery:
            self._nursery = nursery
            for place in range(-1, self.settings.process.workers):
                self.add_role(place)
            for role in list(self.roles.values()):
                nursery.start_soon(self.keep_filled, role)
            nursery.start_soon(self._keep_spare)
            task_status.started()
            await trio.sleep_forever()
        if self.failure:
            raise StartError(self.failure)

    @property
    def nursery(self) -> trio.Nursery:
        """The nursery for tasks that live as long as the server."""
        assert self._nursery is not None, "run is running"
        return self._nursery

    def add_role(self, place: int) -> Role:
        """Add a role; `keep_filled` keeps it filled."""
        role = Role(place, RestartBackoff(self.settings.process.restart_pause_s))
        self.roles[place] = role
        return role

    async def keep_filled(self, role: Role, child: ChildHandle | None = None) -> None:
        """Keep a role filled: with `child` or the spare, then with a replacement at each death."""
        died_s = trio.current_time()
        while not (self.is_closing or role.is_over):
            child = await self._fill(role, child)
            if child is None:
                break
            await self._wait_serving(role, child, trio.current_time() - died_s)
            status = await child.wait_ended()
            died_s = trio.current_time()
            if self.is_closing or role.is_over:
                break
            if not self.up.is_set() and self._note_failed_start(role, child, status):
                break
            if child.is_dismissed and status == 0:
                log.info("process_stepped_down", process=role.name, pid=child.pid)
            else:
                await self._handle_death(role, child, status)
            child = None
        role.child = None

    def _note_failed_start(self, role: Role, child: ChildHandle, status: int) -> bool:
        """Count a death at the first start; returns whether to give up."""
        self._deaths += 1
        if child.failure:
            self._fail(child.failure)
        elif status > 0 or self._deaths >= START_DEATHS_MAX:
            self._fail(f"{role.name} {describe_exit(status)} before it served: the log says why")
        return bool(self.failure)

    def _fail(self, reason: str) -> None:
        """Kill all children without ending any match, so that the next start can resume them."""
        self.failure, self.is_closing = reason, True
        for child in self._children:
            child.kill()
        self.nursery.cancel_scope.cancel()

    def send_places(self) -> None:
        """Tell the gateway which places' workers to wait for."""
        gateway = self.roles[-1].child
        if gateway is not None:
            gateway.send("places", sorted(place for place in self.roles if place >= 0))

    def start(self) -> ChildHandle:
        """Start a process from the code that is on disk now; it warms up by itself.

        Raises OSError.
        """
        child = start_child(self.settings.process.silent_s)
        child.send("settings", settings_rows(self.settings))
        self._children = [it for it in self._children if it.status is None] + [child]
        self.nursery.start_soon(child.run)
        return child

    async def close(self, grace_s: float) -> None:
        """End the server: the gateway ends matches and connections, then all processes end."""
        self.is_closing = True
        gateway = self.roles[-1].child
        if gateway is not None and gateway.send("close", float(grace_s)):
            with trio.move_on_after(grace_s + DISCONNECT_S):
                await gateway.wait_ended()
        for child in self._children:
            child.dismiss()
        with trio.move_on_after(EXIT_S):
            for child in self._children:
                await child.wait_ended()
        for child in self._children:
            child.kill()
        self.nursery.cancel_scope.cancel()

    def reload(self, settings: Settings) -> None:
        """Apply new settings, and send them to every process."""
        self.settings = settings
        for child in self._children:
            child.send("settings", settings_rows(settings))

    def hurry(self) -> None:
        """End all rounds now."""
        gateway = self.roles[-1].child
        if gateway is not None:
            gateway.send("hurry")

    def _take_spare(self) -> ChildHandle:
        """Take the warm spare; without one, start a fresh process. Raises OSError."""
        child, self.spare = self.spare, None
        self._spare_gone.set()
        if child is not None and child.status is None and not child.is_dismissed:
            return child
        return self.start()

    async def _fill(self, role: Role, child: ChildHandle | None) -> ChildHandle | None:
        """Give a process the role, with as many attempts as it takes; None: it needs none."""
        role.begin()
        while not (self.is_closing or role.is_over):
            try:
                child = role.child = child or self._take_spare()
                await child.wait_ready()
                self._assign(role, child)
            except ChildEndedError:
                return child  # `keep_filled` waits for its end and handles it
            except (OtherProtocolError, OSError) as error:
                if isinstance(error, OtherProtocolError):
                    child = None
                if not self.up.is_set():
                    self._fail(f"{role.name} cannot be started: {error}")
                    break
                await _back_off(role.name, role.backoff, error)
            else:
                return child
        return None

    def _assign(self, role: Role, child: ChildHandle) -> None:
        """Tell a process its role. Raises OSError; then nothing was sent."""
        descriptors: list[int] = []
        try:
            for listener in (self.worker_listener, *self.listeners) if role.place < 0 else ():
                descriptors.append(listener.dup().detach())
        except OSError:
            for descriptor in descriptors:
                os.close(descriptor)
            raise
        child.name = role.name
        if role.place < 0:
            child.send("be_gateway", descriptors=tuple(descriptors))
            self.send_places()
        else:
            child.send("be_worker", role.place)
            if role.is_retiring:
                child.send("retire")

    async def _handle_death(self, role: Role, child: ChildHandle, status: int) -> None:
        served_s = role.served_s
        log.error(
            "process_died",
            process=role.name,
            pid=child.pid,
            how=child.failure or describe_exit(status),
            served_s=round(served_s, 1),
        )
        if pause_s := role.backoff.pause_s(served_s):
            log.warning("restart_delayed", process=role.name, pause_s=pause_s)
            await trio.sleep(pause_s)

    async def _wait_serving(self, role: Role, child: ChildHandle, took_s: float) -> None:
        asked_s = trio.current_time()
        try:
            restored, set_aside, _ = await child.wait_for("serving")
        except ChildEndedError:
            return  # `keep_filled` waits for its end and logs it
        role.serve()
        if all(it.serving.is_set() for it in self.roles.values()):
            self.up.set()
        took_s += trio.current_time() - asked_s
        for match_id, reason in set_aside:
            log.error("match_set_aside", process=role.name, match=match_id, reason=reason)
        log.info(
            "process_serves",
            process=role.name,
            pid=child.pid,
            build=child.build,
            matches_restored=len(restored),
            took_ms=round(took_s * 1000),
        )

    async def _keep_spare(self) -> None:
        backoff = RestartBackoff(self.settings.process.restart_pause_s)
        for role in list(self.roles.values()):
            while role.child is None or role.child.status is not None:  # noqa: ASYNC110
                await trio.sleep(0.05)  # at startup the roles need the CPU more than a spare does
        while not self.is_closing:
            self._spare_gone = trio.Event()
            try:
                child = self.spare = self.start()
            except OSError as error:
                await _back_off("spare", backoff, error)
                continue
            async with trio.open_nursery() as nursery:
                nursery.start_soon(_cancel_after, child.wait_ended, nursery)
                nursery.start_soon(_cancel_after, self._spare_gone.wait, nursery)
                nursery.start_soon(_log_spare_ready, child)
            if self.spare is child and not self.is_closing:
                self.spare = None
                if not child.is_dismissed:
                    how = describe_exit(child.status or 0)
                    log.error("process_died", process="spare", pid=child.pid, how=how)
                await trio.sleep(backoff.pause_s(child.lived_s))


async def _log_spare_ready(child: ChildHandle) -> None:
    try:
        await child.wait_ready()
    except OtherProtocolError as error:
        _log_cannot_start("spare", error)
    except ChildEndedError:
        pass  # `_keep_spare` waits for its end and logs it
    else:
        log.info("spare_ready", pid=child.pid, build=child.build)


async def _back_off(name: str, backoff: RestartBackoff, error: Exception) -> None:
    """Log that a process could not be started, and wait before the next attempt."""
    _log_cannot_start(name, error)
    await trio.sleep(backoff.pause_s(0.0))


def _log_cannot_start(name: str, error: Exception) -> None:
    log.error("cannot_start", process=name, reason=str(error))


async def _cancel_after(wait: Callable[[], Awaitable[object]], nursery: trio.Nursery) -> None:
    await wait()
    nursery.cancel_scope.cancel()
