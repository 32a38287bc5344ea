"""A replica is what the server's writer had, and a perception of it is what its bots would see."""

from dataclasses import replace

import pytest

from clients.net.replica import Replica
from game.brain.perception import perception_of_view
from game.records import Body, Card, Flight, Own, by_slot
from game.view import View, nothing
from game.wire.codec import DecodeError, decode
from game.wire.schema import FromMatch
from game.wire.snapshot import SnapshotWriter
from tests.clients.net.fake_server import MATCH_WELCOME

CARD = Card.of((131, *[0] * 9, -1))
BODY = Body.of((1_000, 2_000, 3, 0, 0, 1, 100, 0))


def full(view: View, slot: int) -> FromMatch:
    writer = SnapshotWriter(64)
    writer.push(view)
    return decode(FromMatch, writer.message(slot, None, 2))


def test_a_sight_is_that_of_the_view() -> None:
    cards = by_slot({0: CARD, 3: CARD})
    bodies = by_slot({0: BODY, 3: Body.of((5, *BODY.values()[1:]))})
    own = by_slot({3: Own.of(range(14))})
    shots = {9: Flight.of((1, 2, 3, 4, 8))}
    view = View(40, cards, bodies, shots, {0: (0,), 1: (900,)}, (2, 0, -1, 2), own, [])
    replica = Replica()
    assert replica.receive(MATCH_WELCOME) is False
    assert replica.receive(full(view, 3)) is True
    assert replica.perception() == perception_of_view(view, 3)
    assert replica.margin == 2


def test_without_a_body_there_is_no_sight() -> None:
    replica = Replica()
    assert replica.perception() is None
    replica.receive(MATCH_WELCOME)
    view = replace(nothing(), tick=40, cards=by_slot({0: CARD}), bodies=by_slot({0: BODY}))
    replica.receive(full(view, 3))
    assert replica.perception() is None


def test_a_snapshot_before_the_welcome_is_refused() -> None:
    with pytest.raises(DecodeError, match="before the welcome"):
        Replica().receive(full(replace(nothing(), tick=40), 3))
