"""The same in several processes, for the attacks that take a different path there."""

from pathlib import Path

import pytest

from tests.bench.abuse.stage import stage

pytestmark = pytest.mark.slow

FLOOD = {"close 4005"}
ANSWERED: dict[str, set[str]] = {
    "fragments-match": {"close 4004", *FLOOD},
    "upgrades": set(),  # sockets pass from the gateway to a worker
    "forged-tickets": {"close 4002", "refused 8"},
    "pongs-lobby": FLOOD,
    "requests-health": set(),  # the machine decides how many are too many
    "requests-missing": {"status 404"},
    "strangers": set(),
}


def test_attacks_harm_nobody_else_with_workers(tmp_path: Path):
    """One test for all attacks, so that the processes start only once."""
    with stage(tmp_path, 2) as crowd:
        for name, answers in ANSWERED.items():
            record = crowd.attack(name, answers)
            told = {**record["answers"], **record["ended"]}
            assert not answers or answers & told.keys(), (name, told)
