"""Fixtures of the tests against whole servers."""

import pytest

from tests.server.net import server
from tests.server.net.tls_peers import TestTls


@pytest.fixture(params=["plain", pytest.param("tls", marks=pytest.mark.slow)])
def plain_and_tls(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run a test twice: its servers speak plain HTTP, then TLS."""
    if request.param == "tls":
        monkeypatch.setattr(server, "DEFAULT_TLS", TestTls())
