"""A server's listeners: the public ones are required, those for metrics are optional."""

import socket

import pytest
from attrs import evolve
from structlog.testing import capture_logs

from server.config.settings import ListenSettings, Settings
from server.runtime.listeners import listen, split_listeners
from server.runtime.start_error import StartError


def settings(port: int, metrics_port: int) -> Settings:
    return evolve(Settings(), net=ListenSettings(port=port, metrics_port=metrics_port))


def closed(listeners: list[socket.socket]) -> list[int]:
    ports = [listener.getsockname()[1] for listener in listeners]
    for listener in listeners:
        listener.close()
    return ports


def test_metrics_have_a_port_of_their_own() -> None:
    public, private = split_listeners(listen(settings(0, 9_464)))
    public_ports, private_ports = set(closed(public)), set(closed(private))
    assert len(public_ports) == len(private_ports) == 1
    assert public_ports != private_ports


def test_without_metrics_there_is_no_such_port() -> None:
    public, private = split_listeners(listen(settings(0, -1)))
    assert closed(public)
    assert not private


def test_a_port_for_metrics_that_is_taken_stops_nobody_and_one_for_people_does() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port, taken_port = free.getsockname()[1], taken.getsockname()[1]
        free.close()
        with capture_logs() as logs:
            assert set(closed(listen(settings(port, taken_port)))) == {port}
        assert [line["event"] for line in logs] == ["metrics_off"]
        assert str(taken_port) in logs[0]["reason"]
        with pytest.raises(StartError, match="in use"):
            listen(settings(taken_port, -1))
