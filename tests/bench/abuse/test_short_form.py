"""Each attack for a second: attackers are refused in words that can be told, and nobody else is.

How fast a bystander is served meanwhile depends on the machine: `python -m bench.abuse` tells that.
"""

from collections.abc import Iterator

import pytest

from bench.abuse.rows import ROWS
from tests.bench.abuse.stage import Stage, stage

pytestmark = pytest.mark.slow

# How it is answered, at least in one of these ways; nothing: nobody is refused for it.
ANSWERED: dict[str, set[str]] = {
    "forged-tickets": {"close 4002", "refused 8"},
    "votes": {"close 4005"},
    "empty-messages-match": {"close 4004", "close 4005"},
    "empty-texts-match": {"close 1003", "close 4005"},
    "largest-messages-match": {"close 4004", "close 4005"},
    "dear-messages-match": {"close 4005", "close 4009"},
    "reserved-bits-match": {"close 1002"},
    "reserved-bits-lobby": {"close 1002"},
    "closes-match": {"close 1000"},
    "closes-lobby": {"close 1000"},
    "empty-messages-lobby": {"close 4004", "close 4005"},
    "empty-texts-lobby": {"close 1003", "close 4005"},
    "largest-messages-lobby": {"close 4004", "close 4005"},
    "dear-messages-lobby": {"close 4005"},
    "fat-heads": {"status 431"},
    "tiny-chunks": {"status 411"},
    "refused-upgrades": {"status 404", "status 429"},
    "slow-heads": set(),
    "tls-hellos": set(),
    "connections": set(),
    "half-handshakes": set(),
    "one-name": set(),
    "lists": set(),
    "rooms-in-and-out": set(),
    "lobby-pings": set(),
    "unheard-of": set(),
    "strangers": set(),
    "comers-back": set(),
    "resumes": set(),
    "only-pings": set(),
}


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("abuse"), 0) as begun:
        yield begun


@pytest.mark.parametrize("name", [name for name in ROWS if name in ANSWERED])
def test_an_attack_harms_nobody_else(crowd: Stage, name: str):
    record = crowd.attack(name)
    told = {**record["answers"], **record["ended"]}
    assert not ANSWERED[name] or ANSWERED[name] & told.keys(), told
    assert any(record["done"].values()) or told, "nothing was tried"
