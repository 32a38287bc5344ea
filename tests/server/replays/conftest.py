"""A replay service with one round to watch."""

from pathlib import Path

import pytest

from server.replays.service import ReplayService
from server.replays.throttle import Throttle
from tests.server.replays.fakes import JOURNAL, MATCH, put, service


@pytest.fixture
def shown(tmp_path: Path) -> ReplayService:
    """A service with one round; work takes no virtual time, however slow the machine is."""
    put(tmp_path, JOURNAL)
    shown = service(tmp_path, MATCH)
    shown.throttle = Throttle(1.0, lambda: 0.0)
    return shown
