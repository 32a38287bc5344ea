"""Each attack for a second: attackers are refused with known answers, and nobody else is.

How fast a bystander is served meanwhile depends on the machine: see `python -m bench.abuse`.
"""

from collections.abc import Iterator

import pytest

from bench.abuse.rows import ROWS
from tests.bench.abuse.stage import Stage, stage

pytestmark = pytest.mark.slow

FLOOD = {"close 4005"}
NO_MESSAGE = {"close 4004", *FLOOD}
NO_TEXT = {"close 1003", *FLOOD}
SLOWED: set[str] = set()  # rows that are only slowed down, not refused
TURNED_AWAY = {"end", "status 429", "status 503", "status 408"}
# The answers that attackers get: at least one of these.
ANSWERED: dict[str, set[str]] = {
    "private-matches": {"refused 10", "refused 11"},
    "reservations": {"refused 7"},
    "seats-in-and-out": SLOWED,
    "resumes": SLOWED,
    "only-pings": SLOWED,
    "forged-tickets": {"close 4002", "refused 8"},
    "votes": FLOOD,
    "fragments-match": NO_MESSAGE,
    "fragments-pings-match": NO_MESSAGE,
    "pings-match": FLOOD,
    "long-pings-match": FLOOD,
    "pongs-match": FLOOD,
    "empty-messages-match": NO_MESSAGE,
    "empty-texts-match": NO_TEXT,
    "largest-messages-match": NO_MESSAGE,
    "dear-messages-match": {"close 4009", *FLOOD},
    "reserved-bits-match": {"close 1002"},
    "closes-match": {"close 1000"},
    "fragments-lobby": FLOOD,
    "fragments-pings-lobby": FLOOD,
    "pings-lobby": FLOOD,
    "long-pings-lobby": FLOOD,
    "pongs-lobby": FLOOD,
    "empty-messages-lobby": NO_MESSAGE,
    "empty-texts-lobby": NO_TEXT,
    "largest-messages-lobby": NO_MESSAGE,
    "dear-messages-lobby": FLOOD,
    "dribbled-frames-lobby": SLOWED,
    "reserved-bits-lobby": {"close 1002"},
    "closes-lobby": {"close 1000"},
    "fragments-echo": FLOOD,
    "pings-echo": FLOOD,
    "pongs-echo": FLOOD,
    "empty-messages-echo": FLOOD,
    "large-echoes": {"close 4011"},
    "silent-echo-tick": {"status 404"},
    "silent-lobby": SLOWED,
    "silent-match": SLOWED,
    "fat-heads": {"status 431"},
    "requests-health": TURNED_AWAY,
    "requests-page": TURNED_AWAY,
    "requests-metrics": {"status 404", *TURNED_AWAY},
    "requests-map": TURNED_AWAY,
    "requests-bundle": SLOWED,
    "requests-pipelined": SLOWED,
    "requests-missing": {"status 404"},
    "tiny-chunks": {"status 411"},
    "refused-upgrades": {"status 404", "status 429"},
    "slow-heads": SLOWED,
    "half-heads": TURNED_AWAY,
    "nothing-said": TURNED_AWAY,
    "never-read": SLOWED,
    "tls-hellos": SLOWED,
    "connections": SLOWED,
    "half-handshakes": SLOWED,
    "one-name": SLOWED,
    "lists": SLOWED,
    "rooms-in-and-out": SLOWED,
    "wrong-codes": SLOWED,
    "lobby-pings": SLOWED,
    "unheard-of": SLOWED,
    "strangers": SLOWED,
    "comers-back": SLOWED,
    "play-and-cancel": SLOWED,
    "renames-at-once": SLOWED,
    "renames-in-a-room": SLOWED,
    "empty-private-matches": SLOWED,
    "empty-duels": SLOWED,
    "one-watch-ticket": SLOWED,
    "watchers-in-and-out": SLOWED,
    "upgrades": SLOWED,
    "replays-paused": SLOWED,
    "replays-listed": SLOWED,
    "replays-sought": SLOWED,
    "replays-opened": SLOWED,
}
# Rows whose answers can have other causes: the server must also have counted the refusal.
COUNTED = {
    "forged-tickets": 'websockets_closed_total{code="4002"}',
    "reservations": 'work_refused_total{kind="reservations"}',
}


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("abuse"), 0) as begun:
        yield begun


@pytest.mark.parametrize("name", list(ROWS))
def test_an_attack_harms_nobody_else(crowd: Stage, name: str):
    counted = COUNTED.get(name, "")
    record = crowd.attack(name, ANSWERED[name], counted)
    told = {**record["answers"], **record["ended"]}
    assert not ANSWERED[name] or ANSWERED[name] & told.keys(), told
    assert any(record["done"].values()) or told, "nothing was tried"
    assert not counted or record["counted"].get(counted), record["counted"]
