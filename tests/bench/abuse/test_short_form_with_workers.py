"""The same in several processes, for the attacks that take another way there."""

from collections.abc import Iterator

import pytest

from tests.bench.abuse.stage import Stage, stage

pytestmark = pytest.mark.slow

FLOOD = {"close 4005"}
ANSWERED: dict[str, set[str]] = {
    "fragments-match": {"close 4004", *FLOOD},
    "upgrades": set(),  # sockets pass from the gateway to a worker
    "forged-tickets": {"close 4002", "refused 8"},
    "pongs-lobby": FLOOD,
    "requests-health": {"end", "status 429", "status 503"},
    "strangers": set(),
}


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("abuse"), 2) as begun:
        yield begun


@pytest.mark.parametrize("name", list(ANSWERED))
def test_an_attack_harms_nobody_else_with_workers(crowd: Stage, name: str):
    record = crowd.attack(name, ANSWERED[name])
    told = {**record["answers"], **record["ended"]}
    assert not ANSWERED[name] or ANSWERED[name] & told.keys(), told
