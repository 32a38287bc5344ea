"""Listening: each reported address answers, all on one port, and the URL's host works."""

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from structlog.testing import capture_logs

from server.net import listen
from server.net.listen import local_host, open_listeners


@contextmanager
def listening(host: str | None, port: int = 0) -> Iterator[tuple[list[socket.socket], int]]:
    listeners = open_listeners(host, port)
    try:
        (port,) = {listener.getsockname()[1] for listener in listeners}
        yield listeners, port
    finally:
        for listener in listeners:
            listener.close()


def answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=5).close()
    except OSError:
        return False
    return True


def has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


EVERYWHERE = ("127.0.0.1", "127.0.0.2", *(("::1",) if has_ipv6() else ()))


@pytest.mark.parametrize(
    ("host", "reached"),
    [
        (None, EVERYWHERE),
        ("", EVERYWHERE),
        ("::", EVERYWHERE),
        ("0.0.0.0", EVERYWHERE[:2]),
        ("0", EVERYWHERE[:2]),
        ("127.0.0.1", EVERYWHERE[:1]),
        ("127.0.0.2", EVERYWHERE[1:2]),
        ("127.2", EVERYWHERE[1:2]),
        ("::ffff:127.0.0.2", EVERYWHERE[1:2]),
        ("localhost", EVERYWHERE[:1]),
        ("::1", EVERYWHERE[2:]),
    ],
)
def test_the_listeners_and_the_printed_address_answer(
    host: str | None, reached: tuple[str, ...]
) -> None:
    if not reached:
        with pytest.raises(OSError):  # noqa: PT011  # no IPv6 here: it raises
            open_listeners(host, 0)
        return
    with listening(host) as (listeners, port):
        assert all(answers(address, port) for address in reached)
        told = urlsplit(f"http://{local_host(host or '', listeners)}:{port}")
        assert told.hostname is not None
        assert told.port == port
        assert answers(told.hostname, port)


def test_only_what_is_said_to_listen_answers() -> None:
    with listening("127.0.0.2") as (_, port):
        assert not answers("127.0.0.1", port)


class Machine:
    """Names, addresses and ports of a made-up machine."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.names: dict[str, list[tuple[int, tuple]]] = {}
        self.missing: set[str] = set()
        self.taken: set[tuple[str, int]] = set()
        self.opened: list[Listener] = []
        self.next_port = 40_000
        monkeypatch.setattr(listen.socket, "getaddrinfo", self.resolve)
        monkeypatch.setattr(listen.socket, "socket", self.make)

    def resolve(self, host: str, port: int, *_: object, **options: object) -> list:
        if options.get("flags") == socket.AI_NUMERICHOST:
            raise socket.gaierror(socket.EAI_NONAME, "it is a name")
        return [
            (family, socket.SOCK_STREAM, 6, "", (address[0], port, *address[1:]))
            for family, address in self.names[host]
        ]

    def make(self, family: int, kind: int) -> "Listener":
        self.opened.append(Listener(self))
        return self.opened[-1]


class Listener:
    """A socket of the made-up machine."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.name: tuple = ()
        self.is_closed = False

    def bind(self, name: tuple) -> None:
        if name[0] in self.machine.missing:
            raise OSError(errno.EADDRNOTAVAIL, "Cannot assign requested address")
        port = name[1]
        if not port:
            port, self.machine.next_port = self.machine.next_port, self.machine.next_port + 1
        if (name[0], port) in self.machine.taken:
            raise OSError(errno.EADDRINUSE, "Address already in use")
        self.name = (name[0], port, *name[2:])

    def getsockname(self) -> tuple:
        return self.name

    def close(self) -> None:
        self.is_closed = True

    def setsockopt(self, *_: object) -> None:
        pass

    setblocking = listen = setsockopt


V4, V6 = socket.AF_INET, socket.AF_INET6


def names_of(listeners: list) -> list[tuple]:
    return [listener.getsockname() for listener in listeners]


def test_a_name_listens_on_each_of_its_addresses_once(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch)
    machine.names["lan"] = [
        (V6, ("fe80::1", 0, 3)),
        (V4, ("10.0.0.1",)),
        (V4, ("10.0.0.1",)),
        (socket.AF_UNIX, ("lan",)),
    ]
    listeners = open_listeners("lan", 8_000)
    assert names_of(listeners) == [("fe80::1", 8_000, 0, 3), ("10.0.0.1", 8_000)]
    assert local_host("lan", listeners) == "lan"


def test_addresses_of_a_name_that_are_not_here_are_left_out_aloud(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    machine = Machine(monkeypatch)
    machine.names["play"] = [(V4, ("192.0.2.1",)), (V4, ("10.0.0.1",))]
    machine.missing = {"192.0.2.1"}
    with capture_logs() as logs:
        assert names_of(open_listeners("play", 8_000)) == [("10.0.0.1", 8_000)]
    assert [(line["event"], line["address"]) for line in logs] == [("address_skipped", "192.0.2.1")]
    machine.missing = {"192.0.2.1", "10.0.0.1"}
    with pytest.raises(OSError, match="Cannot assign"):
        open_listeners("play", 8_000)
    assert all(listener.is_closed for listener in machine.opened[1:] if listener.name[1:] == ())


def test_without_ipv6_all_addresses_are_those_of_ipv4(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch)
    machine.missing = {"::"}
    listeners = open_listeners("::", 0)
    assert names_of(listeners) == [("0.0.0.0", 40_000)]
    assert local_host("::", listeners) == "127.0.0.1"
    machine.missing = {"0.0.0.0"}
    assert local_host("::", open_listeners("::", 0)) == "[::1]"


def test_a_port_that_is_free_for_one_family_only_is_not_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    machine = Machine(monkeypatch)
    machine.taken = {("::", 40_000), ("::", 40_001)}
    assert {name[1] for name in names_of(open_listeners(None, 0))} == {40_002}
    assert sum(not listener.is_closed for listener in machine.opened) == 2
    with pytest.raises(OSError, match="in use"):
        open_listeners(None, 40_000)


def test_a_zone_is_written_as_addresses_of_pages_have_it() -> None:
    class Local:
        def getsockname(self) -> tuple:
            return ("fe80::1%eth0", 8_000, 0, 3)

    assert local_host("fe80::1%eth0", [Local()]) == "[fe80::1%25eth0]"  # type: ignore[list-item]
