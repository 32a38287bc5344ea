"""The bench speaks the protocol of today: what it measures is a match that is played."""

import time

import pytest

from bench.contender_skirmish import BigSkirmish, FightingSkirmish, OpenSkirmish, Skirmish

pytestmark = pytest.mark.slow
PATIENCE_S = 30.0


@pytest.mark.parametrize("contender", [Skirmish, OpenSkirmish, FightingSkirmish, BigSkirmish])
def test_players_are_seated_in_their_matches_and_served(contender: type[Skirmish]):
    server = contender()
    with server.running() as (_, port), server.gather(port, 20) as swarm:
        end_s = time.monotonic() + PATIENCE_S
        received = 0
        while received < 20 * 30 and time.monotonic() < end_s:
            counts = swarm.take()
            received += counts.snapshots
            assert (counts.players, counts.lost) == (20, 0)
    assert received >= 20 * 30
