"""A server's listeners: the public ones are required, those for metrics are optional."""

import socket

import pytest
from attrs import evolve
from structlog.testing import capture_logs

from server.config.settings import ListenSettings, Settings
from server.runtime.listeners import OFF, Listeners, listen, port_of
from server.runtime.start_error import StartError


def settings(
    port: int, metrics_port: int = OFF, redirect_port: int = OFF, host: str = "127.0.0.1"
) -> Settings:
    has_tls = redirect_port != OFF
    net = ListenSettings(host=host, port=port, metrics_port=metrics_port)
    return evolve(Settings(), net=evolve(net, redirect_port=redirect_port, tls_self_signed=has_tls))


def closed(listeners: Listeners) -> list[int | None]:
    """The ports by use, each that of all its sockets."""
    ports = []
    for group in (listeners.public, listeners.metrics, listeners.redirect):
        assert len({listener.getsockname()[1] for listener in group}) <= 1
        ports.append(port_of(group))
    for listener in listeners.all:
        listener.close()
    return ports


@pytest.mark.parametrize("host", ["127.0.0.1", "::"])
@pytest.mark.parametrize("metrics_port", [OFF, 9_464])
@pytest.mark.parametrize("redirect_port", [OFF, 0])
def test_each_use_has_a_port_of_its_own_and_is_found_again(
    host: str, metrics_port: int, redirect_port: int
) -> None:
    asked = settings(0, metrics_port, redirect_port, host)
    opened = listen(asked)
    again = Listeners.sorted_out(asked, opened.all)
    ports = closed(opened)
    assert again == opened
    assert [port is not None for port in ports] == [True, metrics_port != OFF, redirect_port != OFF]
    assert len(set(ports) - {None}) == 3 - ports.count(None)


def test_a_port_for_metrics_that_is_taken_stops_nobody_and_one_for_people_does() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port, taken_port = free.getsockname()[1], taken.getsockname()[1]
        free.close()
        with capture_logs() as logs:
            assert closed(listen(settings(port, taken_port))) == [port, None, None]
        assert [line["event"] for line in logs] == ["metrics_off"]
        assert str(taken_port) in logs[0]["reason"]
        with pytest.raises(StartError, match="in use"):
            listen(settings(taken_port))
        with pytest.raises(StartError, match="in use"):
            listen(settings(port, redirect_port=taken_port))
        socket.create_server(("127.0.0.1", port)).close()  # which that start has given back


def test_a_redirect_needs_something_to_lead_to() -> None:
    asked = settings(0)
    with pytest.raises(StartError, match="there is none"):
        listen(evolve(asked, net=evolve(asked.net, redirect_port=0)))


def test_the_address_is_that_of_a_browser_here() -> None:
    asked = settings(0, redirect_port=0)
    opened = listen(asked)
    assert opened.local_url(asked) == f"https://127.0.0.1:{opened.port}"
    closed(opened)
