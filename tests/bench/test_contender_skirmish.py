"""The bench speaks the protocol of today: what it measures is a match that is played."""

import pytest

from bench.contender_skirmish import BigSkirmish, FightingSkirmish, OpenSkirmish, Skirmish
from bench.load import Load

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("contender", [Skirmish, OpenSkirmish, FightingSkirmish, BigSkirmish])
def test_players_are_seated_in_their_matches_and_served(contender: type[Skirmish]):
    server = contender()
    with server.running() as (_, port):
        load = Load(server.players(port, 20))
        try:
            load.play(1.0)
            count, total_bytes = load.snapshots()
            assert load.lost == 0
        finally:
            load.close()
    assert count > 20
    assert total_bytes > count
