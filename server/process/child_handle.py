"""A child process as the supervisor sees it: whether it lives, and what it has sent.

Owns: the process, the supervisor's end of its channel, the notice of its death. Must not know: what
children do. Invariants: the child gets a channel and the standard streams, no other descriptor,
none of our settings in its environment, and no signal of our terminal; the kernel reports its death
(pidfd) within a millisecond; a child that is silent for too long is killed.
"""

import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from typing import Any

import structlog
import trio
from attrs import define, field

from server.config.sources import ENV_PREFIX
from server.process.channel import Channel, ChannelEndedError, socket_pair
from server.process.messages import PROTOCOL, TO_CHILD, TO_SUPERVISOR

PROGRAM = "server.process.child"
LAST_MESSAGES_S = 0.5  # for reading what an ended process had still sent
START_S = 30.0  # how long a child may be silent until it is ready

log = structlog.get_logger("process")


class ChildEndedError(Exception):
    """The child ended before it answered."""


class OtherProtocolError(Exception):
    """The code on disk speaks a different protocol; the text says so."""


@define(eq=False)
class ChildHandle:
    """See the module. `run` has to be running."""

    process: "subprocess.Popen[bytes]"
    pidfd: int  # readable once it has ended
    channel: Channel
    silent_s: float
    name: str = "spare"
    began_s: float = field(factory=trio.current_time)
    last_message_s: float = 0.0
    busy: int = 0  # its matches, plus results that are not acknowledged
    is_dismissed: bool = False  # it was asked to end
    build: str = ""  # its version, once it is ready
    protocol: int = 0
    failure: str = ""  # why it could not start, in its own words
    status: int | None = None  # once it has ended
    _received: dict[str, tuple[Any, ...]] = field(factory=dict)  # the last message of each name
    _changed: trio.Event = field(factory=trio.Event)

    @property
    def pid(self) -> int:
        """The process id."""
        return self.process.pid

    @property
    def lived_s(self) -> float:
        """Seconds since it was started."""
        return trio.current_time() - self.began_s

    def send(self, name: str, *fields: Any, descriptors: tuple[int, ...] = ()) -> bool:
        """Send it a message; False: it is gone."""
        return self.channel.send(name, *fields, descriptors=descriptors)

    async def wait_for(self, name: str) -> tuple[Any, ...]:
        """Wait for the message of this name; returns its fields. Raises `ChildEndedError`."""
        while name not in self._received:
            self._check_alive()
            await self._changed.wait()
        return self._received.pop(name)

    async def wait_ready(self) -> None:
        """Wait until the child can take a role. Raises `ChildEndedError`.

        Ends a child that speaks a different protocol, and raises `OtherProtocolError`.
        """
        while not self.build:
            self._check_alive()
            await self._changed.wait()
        if self.protocol != PROTOCOL:
            self.dismiss()
            raise OtherProtocolError(f"{self.build} uses another protocol: a restart is needed")

    async def wait_ended(self) -> int:
        """Wait for its exit status; negative: the signal that killed it."""
        while self.status is None:
            await self._changed.wait()
        return self.status

    def step_down(self) -> None:
        """Ask it to exit and leave its role to another process."""
        self.is_dismissed = True
        self.send("step_down")

    def dismiss(self) -> None:
        """Ask it to end."""
        self.is_dismissed = True
        self.send("leave")
        self.channel.close()

    def kill(self) -> None:
        """End it at once."""
        if self.status is None:
            self.process.kill()

    async def run(self) -> None:
        """Listen to it until it has ended."""
        self.last_message_s = trio.current_time() + START_S
        all_received = trio.Event()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self.channel.run)
            nursery.start_soon(self._receive_all, all_received)
            nursery.start_soon(self._watch_silence)
            await self._wait_death()
            with trio.move_on_after(LAST_MESSAGES_S):
                await all_received.wait()
            nursery.cancel_scope.cancel()
        self.status = self.process.wait()
        self.channel.close()
        self._notify()

    async def _wait_death(self) -> None:
        try:
            await trio.lowlevel.wait_readable(self.pidfd)
        finally:
            trio.lowlevel.notify_closing(self.pidfd)
            os.close(self.pidfd)

    def _check_alive(self) -> None:
        if self.status is not None:
            raise ChildEndedError(f"{self.name} {describe_exit(self.status)}")

    async def _receive_all(self, all_received: trio.Event) -> None:
        try:
            while True:
                message = await self.channel.receive()
                self.last_message_s = max(self.last_message_s, trio.current_time())
                if message.name == "alive":
                    self.busy = message.fields[0]
                elif message.name == "failed":
                    self.failure = message.fields[0]
                else:
                    self._received[message.name] = message.fields
                if message.name == "ready":
                    self.last_message_s = trio.current_time()
                    self.protocol, self.build = message.fields
                self._notify()
        except ChannelEndedError:
            all_received.set()  # the child is exiting, or we have closed the channel

    async def _watch_silence(self) -> None:
        while True:
            await trio.sleep(self.silent_s / 4)
            silent_s = trio.current_time() - self.last_message_s
            if silent_s > self.silent_s and not self.channel.is_closed:
                log.error("process_silent", process=self.name, pid=self.pid, for_s=round(silent_s))
                self.kill()

    def _notify(self) -> None:
        self._changed.set()
        self._changed = trio.Event()


def start_child(silent_s: float) -> ChildHandle:
    """Start a process without a role. Raises OSError, and then leaves nothing behind.

    The calling thread must outlive the children: they die with the thread that started them
    (PR_SET_PDEATHSIG).
    """
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(ENV_PREFIX)
    }
    with ExitStack() as undo:
        ours, theirs = socket_pair()
        undo.callback(ours.close)
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-m", PROGRAM, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env=environment,
                start_new_session=True,
            )
        undo.callback(_end, process)
        pidfd = os.pidfd_open(process.pid)
        undo.callback(os.close, pidfd)
        child = ChildHandle(process, pidfd, Channel(ours, TO_CHILD, TO_SUPERVISOR), silent_s)
        undo.pop_all()
    return child


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()


def describe_exit(status: int) -> str:
    """How a process ended, in words for a human."""
    if status >= 0:
        return f"ended with status {status}"
    try:
        return f"was ended by {signal.Signals(-status).name}"
    except ValueError:
        return f"was ended by signal {-status}"
