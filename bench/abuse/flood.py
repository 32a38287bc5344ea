"""Many connections that are fed without end, by one loop over non-blocking sockets.

Owns: sending as fast as the server reads, listening, and reopening connections that were ended.
Must not know: what the bytes mean. Invariant: the loop ends on time, and all sockets with it.
"""

import selectors
import socket
import time
from collections.abc import Callable

from attrs import define, field

from bench.abuse.outcome import Outcome
from bench.abuse.wire import STATUS, Ended, close_word, word_of
from bench.raw_websocket import CLOSE_FINAL, READ_BYTES, FrameReader

AGAIN_S = 0.25  # until a connection that failed or was ended is opened again
SEND_BYTES = 65_536
LOOK_S = 0.05
TCP_ESTABLISHED = 1  # in the kernel's tcp_info

Connect = Callable[[int], socket.socket]  # the number of the connection → the socket


@define
class SendPlan:
    """The bytes that a connection sends, and how it listens."""

    food: bytes  # repeatedly
    first: bytes = b""  # once, before `food`
    unit_bytes: int = 1  # the size of one counted unit
    unit: str = "bytes"
    is_http: bool = False
    pace_s: float = 0.0  # between two sends of `food`; 0: as fast as the server reads
    listens: bool = True


@define(eq=False)
class _FloodConnection:
    """One connection."""

    number: int
    link: socket.socket | None = None
    left: bytes = b""
    due_s: float = 0.0
    reader: FrameReader = field(factory=FrameReader)
    tail: bytes = b""


@define(eq=False)
class Flood:
    """Runs `count` connections that `connect` opens. See the module."""

    connect: Connect
    diet: SendPlan
    outcome: Outcome
    _sent_bytes: int = 0
    _selector: selectors.BaseSelector = field(factory=selectors.DefaultSelector)

    def run(self, count: int, until_s: float) -> None:
        """Feed all connections until `until_s`."""
        mouths = [_FloodConnection(number) for number in range(count)]
        try:
            while (now_s := time.monotonic()) < until_s:
                for mouth in mouths:
                    if mouth.link is None and mouth.due_s <= now_s:
                        if time.monotonic() < until_s:
                            self._open(mouth)
                    elif mouth.link is not None and self.diet.pace_s and not mouth.left:
                        self._serve(mouth, now_s)
                for key, events in self._selector.select(LOOK_S):
                    mouth = key.data
                    if events & selectors.EVENT_READ:
                        self._listen(mouth)
                    if events & selectors.EVENT_WRITE and mouth.link is not None:
                        self._feed(mouth)
        finally:
            self.outcome.done[self.diet.unit] += self._sent_bytes // self.diet.unit_bytes
            for mouth in mouths:
                if mouth.link is not None:
                    if not self.diet.listens and not _is_open(mouth.link):
                        self.outcome.ended["hung up"] += 1
                    mouth.link.close()
            self._selector.close()

    def _open(self, mouth: _FloodConnection) -> None:
        mouth.due_s = time.monotonic() + AGAIN_S
        try:
            link = self.connect(mouth.number)
        except Ended as ended:
            self.outcome.ended[ended.word] += 1
            return
        self.outcome.done["connections"] += 1
        link.setblocking(False)
        mouth.link, mouth.left, mouth.reader, mouth.tail = link, self.diet.first, FrameReader(), b""
        if not self.diet.pace_s:
            mouth.left += self.diet.food
        self._watch(mouth)

    def _serve(self, mouth: _FloodConnection, now_s: float) -> None:
        if mouth.due_s <= now_s:
            mouth.due_s = now_s + self.diet.pace_s
            mouth.left = self.diet.food
            self._watch(mouth)

    def _watch(self, mouth: _FloodConnection) -> None:
        assert mouth.link is not None
        events = selectors.EVENT_READ if self.diet.listens else 0
        events |= selectors.EVENT_WRITE if mouth.left else 0
        if mouth.link.fileno() in self._selector.get_map():
            self._selector.unregister(mouth.link)
        if events:
            self._selector.register(mouth.link, events, mouth)

    def _feed(self, mouth: _FloodConnection) -> None:
        assert mouth.link is not None
        try:
            taken = mouth.link.send(mouth.left[:SEND_BYTES])
        except BlockingIOError:
            return
        except OSError as error:
            self._end(mouth, word_of(error))
            return
        self._sent_bytes += taken
        mouth.left = mouth.left[taken:]
        if not mouth.left:
            if self.diet.pace_s:
                self._watch(mouth)
            else:
                mouth.left = self.diet.food

    def _listen(self, mouth: _FloodConnection) -> None:
        assert mouth.link is not None
        try:
            chunk = mouth.link.recv(READ_BYTES)
        except BlockingIOError:
            return
        except OSError as error:
            self._end(mouth, word_of(error))
            return
        if not chunk:
            self._end(mouth, "end")
        elif self.diet.is_http:
            heard = mouth.tail + chunk
            for status in STATUS.findall(heard):
                self.outcome.answers[f"status {status.decode()}"] += 1
            mouth.tail = heard[-12:]  # one byte short of a status: none is counted twice
        else:
            for first, payload in mouth.reader.frames(chunk):
                if first == CLOSE_FINAL:
                    self._end(mouth, close_word(payload))
                    return

    def _end(self, mouth: _FloodConnection, word: str) -> None:
        assert mouth.link is not None
        self.outcome.ended[word] += 1
        if mouth.link.fileno() in self._selector.get_map():
            self._selector.unregister(mouth.link)
        mouth.link.close()
        mouth.link, mouth.due_s = None, time.monotonic() + AGAIN_S


def _is_open(link: socket.socket) -> bool:
    """Ask the kernel whether a connection that nobody reads is still open."""
    state: int = link.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 8)[0]
    return state == TCP_ESTABLISHED


def flood(connect: Connect, count: int, diet: SendPlan, until_s: float) -> Outcome:
    """Run an attack that is one flood and nothing else."""
    outcome = Outcome()
    Flood(connect, diet, outcome).run(count, until_s)
    return outcome
