"""Live upgrades that end no match: workers are replaced one by one, and matches move live.

Owns: the order of an upgrade, and what the operator is told. Must not know: how a match moves.
Invariant: a match only moves to code that has replayed its last seconds and reached the same world,
hash for hash; any other match stays where it is until it ends.

    fresh process ─► replays the matches' last seconds ─► takes a place of its own
    old worker    ─► takes no new matches ─► hands each match over at a tick boundary ─► ends when
                     the last one is gone

Until the old worker is asked to retire, nothing has changed, and a failure leaves no trace. From
then on there is a successor, and both roles are kept filled, whichever process dies.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
import trio
from attrs import define, field

from server.process.channel import Channel, ChannelEndedError, accept
from server.process.child_handle import ChildEndedError, ChildHandle, OtherProtocolError
from server.process.folders import place_folder
from server.process.messages import FROM_OPERATOR, LINE_BYTES_MAX, TO_OPERATOR, cut
from server.process.supervisor import Role, Supervisor

OPERATOR_S = 5.0  # for the operator's request, and for the last answers
READY_S = 60.0
STEP_S = 60.0  # for each request to a process during an upgrade
BETWEEN_MOVES_S = 0.25  # so that one match's players reconnect before the next match's have to
POLL_S = 0.005  # poll interval for events that come at once or within a second
EMPTY_POLL_S = 2.5  # longer than a worker's `alive` interval

log = structlog.get_logger("process")


class UpgradeError(Exception):
    """The upgrade stops here. Matches that have moved stay moved, and all keep running."""


EXPECTED = (UpgradeError, ChildEndedError, OtherProtocolError, trio.TooSlowError)


async def serve_operators(supervisor: Supervisor, listener: socket.socket) -> None:
    """Serve `skirmish upgrade` until cancelled, one upgrade at a time; others are refused."""
    turn = trio.Lock()
    async with trio.open_nursery() as nursery:
        while True:
            connection = await accept(listener)
            channel = Channel(connection, TO_OPERATOR, FROM_OPERATOR)
            nursery.start_soon(_answer, supervisor, channel, turn)


async def _answer(supervisor: Supervisor, channel: Channel, turn: trio.Lock) -> None:
    try:
        with trio.fail_after(OPERATOR_S):
            await channel.receive()
        if turn.locked():
            channel.send("done", False, "another upgrade is running: try again later")
        else:
            async with turn:
                await answer_upgrade(supervisor, channel)
        with trio.fail_after(OPERATOR_S):
            await channel.drain()
    except (ChannelEndedError, trio.TooSlowError):
        pass  # the operator is gone
    finally:
        channel.close()


async def answer_upgrade(supervisor: Supervisor, operator: Channel) -> None:
    """Run an upgrade and report its progress to the operator.

    This is the border of an operator's connection: a bug in here must not end the server.
    """
    upgrade = Upgrade(supervisor, operator)
    try:
        await upgrade.run()
    except EXPECTED as error:
        text = str(error) or "a process did not answer in time"
        log.warning("upgrade_failed", reason=text)
        operator.send("done", False, _line(text))
    except Exception:
        log.exception("upgrade_failed", reason="a bug of ours")
        operator.send("done", False, "a bug of ours ended it: the log says where")
    else:
        operator.send("done", True, upgrade.summary())


@define(eq=False)
class Upgrade:
    """One upgrade."""

    supervisor: Supervisor
    operator: Channel
    moved: int = 0
    stayed: list[str] = field(factory=list)

    async def run(self) -> None:
        """Replace every worker, then the gateway."""
        supervisor = self.supervisor
        if supervisor.is_closing:
            raise UpgradeError("the server is shutting down")
        await self._renew_spare()
        for place, role in sorted(supervisor.roles.items()):
            if place >= 0 and not role.is_retiring:
                await self._replace(role)
        await self._replace_gateway(supervisor.roles[-1])
        self._note("the gateway was replaced: people in the lobby reconnect by themselves")

    def summary(self) -> str:
        """The outcome, in a line."""
        if not self.stayed:
            return f"upgrade complete: {self.moved} matches moved, none ended"
        return f"{self.moved} matches moved, {len(self.stayed)} end on the old build"

    async def _renew_spare(self) -> None:
        """Check that the code on disk starts, and dismiss the old spare."""
        supervisor = self.supervisor
        child = await self._start_fresh()
        child.dismiss()
        self._note(f"the code on disk is {child.build}")
        old, supervisor.spare = supervisor.spare, None
        if old is not None:
            old.dismiss()

    async def _start_fresh(self) -> ChildHandle:
        try:
            child = self.supervisor.start()
        except OSError as error:
            raise UpgradeError(f"no process can be started: {error}") from error
        with _killed_on_failure(child), trio.fail_after(READY_S):
            await child.wait_ready()
        return child

    async def _replace(self, old: Role) -> None:
        child = await self._start_fresh()
        with _killed_on_failure(child):
            findings = await self._rehearse(child, old)
            worker = old.child  # it may have died meanwhile and been replaced
            if worker is None or not old.serving.is_set():
                raise UpgradeError(f"{old.name} is being replaced just now: try again")
            (matches,) = await self._request(worker, "retiring", "retire")
            new = self._add_successor(old, child)
        await self._wait_serving(new, child)
        if not set(matches) <= set(findings):  # matches were opened meanwhile
            findings |= await self._rehearse(child, old)
        for match_id in matches:
            _, tick, what = findings.get(match_id, (match_id, 0, "it has no journal"))
            if tick < 0:
                tick, what = await self._move(match_id, worker, child, new)
            if tick >= 0:
                self._note_stay(old, match_id, tick, what)
        self._note(f"{old.name} (pid {worker.pid}) is replaced by {new.name} (pid {child.pid})")

    def _add_successor(self, old: Role, child: ChildHandle) -> Role:
        """Add a role for the successor; the old role ends when its last match has ended."""
        supervisor = self.supervisor
        new = supervisor.add_role(_free_place(supervisor))
        supervisor.send_places()
        old.is_retiring = True
        supervisor.nursery.start_soon(end_when_empty, supervisor, old)
        supervisor.nursery.start_soon(supervisor.keep_filled, new, child)
        return new

    async def _replace_gateway(self, role: Role) -> None:
        """Replace the gateway. Its listeners stay open: new connections wait for its successor."""
        gateway = role.child
        if gateway is None:
            return  # it is being replaced already
        gateway.step_down()
        with trio.fail_after(STEP_S):
            while role.child is gateway or not role.serving.is_set():  # noqa: ASYNC110
                await trio.sleep(POLL_S)

    async def _wait_serving(self, role: Role, child: ChildHandle) -> None:
        with trio.fail_after(STEP_S):
            while not role.serving.is_set():  # unless it dies first
                if child.status is not None:
                    raise UpgradeError(f"{role.name} died: its place is being filled again")
                await trio.sleep(POLL_S)

    async def _rehearse(self, child: ChildHandle, old: Role) -> dict[str, Any]:
        folder = place_folder(self.supervisor.settings, old.place)
        if folder is None:
            return {}
        (rows,) = await self._request(child, "rehearsed", "rehearse", str(folder))
        return {row[0]: row for row in rows}

    async def _move(
        self, match_id: str, worker: ChildHandle, child: ChildHandle, new: Role
    ) -> tuple[int, str]:
        """Move one match; returns -1 and "", or a tick and the reason why it did not move."""
        folder = place_folder(self.supervisor.settings, new.place)
        _, is_moved = await self._request(worker, "handed_over", "hand_over", match_id, str(folder))
        if not is_moved:
            return 0, "it could not be handed over"
        _, set_aside, _ = await self._request(child, "serving", "adopt")
        for aside, reason in set_aside:
            log.error("match_set_aside", process=new.name, match=aside, reason=reason)
            raise UpgradeError(f"match {aside} could not be resumed: {reason}")
        self.moved += 1
        await trio.sleep(BETWEEN_MOVES_S)
        return -1, ""

    def _note_stay(self, old: Role, match_id: str, tick: int, what: str) -> None:
        self.stayed.append(match_id)
        log.warning("match_stays", process=old.name, match=match_id, tick=tick, reason=what)
        where = f"at tick {tick}, " if tick else ""
        self._note(f"match {match_id} stays on the old build until it ends: {where}{what}")

    async def _request(
        self, child: ChildHandle, answer: str, name: str, *fields: Any
    ) -> tuple[Any, ...]:
        child.send(name, *fields)
        with trio.fail_after(STEP_S):
            return await child.wait_for(answer)

    def _note(self, text: str) -> None:
        log.info("upgrade", step=text)
        self.operator.send("note", _line(text))


async def end_when_empty(supervisor: Supervisor, role: Role) -> None:
    """End a retiring role when its last match has ended, whichever process has it by then."""
    await trio.sleep(EMPTY_POLL_S)
    while role.child is None or role.served_s < EMPTY_POLL_S or role.child.busy:  # noqa: ASYNC110
        await trio.sleep(EMPTY_POLL_S)  # it may take an hour
    role.is_over = True
    role.child.dismiss()
    del supervisor.roles[role.place]
    supervisor.send_places()
    log.info("worker_retired", process=role.name, pid=role.child.pid)


@contextmanager
def _killed_on_failure(child: ChildHandle) -> Iterator[None]:
    """Kill the child if the block fails: without a role, nothing else would end it."""
    try:
        yield
    except BaseException:
        child.kill()
        raise


def _line(text: str) -> str:
    return cut(text, LINE_BYTES_MAX)


def _free_place(supervisor: Supervisor) -> int:
    return next(number for number in range(100_000) if number not in supervisor.roles)
