"""A service with one round to be watched."""

from pathlib import Path

import pytest

from server.replays.service import ReplayService
from server.replays.throttle import Throttle
from tests.server.replays.fakes import JOURNAL, MATCH, put, service


@pytest.fixture
def shown(tmp_path: Path) -> ReplayService:
    """One round to be watched; work takes none of the virtual time, however slow the machine is."""
    put(tmp_path, JOURNAL)
    shown = service(tmp_path, MATCH)
    shown.throttle = Throttle(1.0, lambda: 0.0)
    return shown
