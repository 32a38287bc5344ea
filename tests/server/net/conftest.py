"""Fixtures of the network's tests."""

from collections.abc import Iterator

import pytest

from tests.server.net.sockets import Wires


@pytest.fixture
def wires() -> Iterator[Wires]:
    """Connected pairs that are closed when the test ends."""
    made = Wires()
    yield made
    made.close()
