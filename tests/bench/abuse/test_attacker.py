"""An attack ends in time, whatever it waits for."""

import socket

import pytest

from bench.abuse.attacker import bounded
from bench.abuse.wire import Ended


def test_a_wait_that_a_broken_server_draws_out_is_cut_short():
    ours, theirs = socket.socketpair()
    ours.settimeout(60)
    with ours, theirs, bounded(0.01), pytest.raises(Ended, match="cut short"):
        ours.recv(1)


def test_steps_that_end_in_time_are_not_cut_off():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        with bounded(0.05):
            pass
        ours.settimeout(0.1)
        with pytest.raises(TimeoutError):
            ours.recv(1)
