"""The golden vectors are fresh, and Python itself agrees with them."""

import json
from typing import Any

import pytest

from game import digest
from game.journal import Replay, read_journal
from game.trig import angle, direction
from game.wire.codec import DecodeError, decode
from game.wire.schema import FromMatch, ToMatch
from game.wire.snapshot import SnapshotReader
from tests.game.fights import BIG_HALL
from tests.strategies import arena_from
from tests.vectors.journals import DIGEST_EVERY_TICKS
from tests.vectors.make import FOLDER, MAKERS, stale


def vectors(name: str) -> dict[str, Any]:
    text = (FOLDER / f"{name}.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def test_they_are_fresh() -> None:
    assert stale() == [], "run `python -m tests.vectors.make`"


@pytest.mark.parametrize("name", MAKERS)
def test_they_hold_enough_to_mean_something(name: str) -> None:
    assert all(len(rows) >= 3 for rows in vectors(name).values())


def test_invalid_messages_are_refused_for_the_reason_they_give() -> None:
    for row in vectors("messages")["invalid"]:
        side = ToMatch if row["sender"] == "client" else FromMatch
        with pytest.raises(DecodeError) as refused:
            decode(side, bytes.fromhex(row["hex"]))
        assert refused.value.reason == row["reason"]


def test_a_reader_of_the_snapshots_has_the_views() -> None:
    for sequence in vectors("snapshots")["sequences"]:
        reader = SnapshotReader(sequence["slot"])
        for message in sequence["messages"]:
            decoded = decode(FromMatch, bytes.fromhex(message["hex"]))
            view, expected = reader.apply(decoded), message["view"]
            assert view.tick == expected["tick"]
            for part in ("cards", "bodies", "shots"):
                told = [[key, *record.values()] for key, record in getattr(view, part).items()]
                assert told == expected[part]
            assert [[key, *pad] for key, pad in view.pads.items()] == expected["pads"]
            assert list(view.match) == expected["match"]
            assert [list(event) for event in view.events] == expected["events"]
            assert list(view.own[sequence["slot"]].values() if view.own else ()) == expected["own"]


def test_arithmetic_is_what_it_says() -> None:
    table = vectors("arithmetic")
    assert all(a // b == result for a, b, result in table["floorDivision"])
    assert all(list(direction(aim)) == rest for aim, *rest in table["direction"])
    assert all(angle(dx, dy) == result for dx, dy, result in table["angle"])


def test_journals_lead_to_the_same_worlds_on_every_python() -> None:
    for row in vectors("journals")["journals"]:
        journal = read_journal(bytes.fromhex(row["hex"]))
        assert not journal.damage
        replay = Replay(journal, arena_from(BIG_HALL))
        assert replay.verify() is None
        digests = [
            digest(ticked.world).hex()
            for ticked in replay.run()
            if ticked.tick % DIGEST_EVERY_TICKS == 0
        ]
        assert digests == row["digests"]
