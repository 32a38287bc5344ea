"""Any sequence of joining, leaving, dropping and ticking keeps the seats consistent."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from game.wire.match_messages import Leave
from server.match.seating import AdmissionError
from server.match.settings import MatchSettings
from server.match.status import BotPolicy
from tests.server.match.fakes import come_back, enter, make_match, match_context, run

names = st.sampled_from(["ann", "bob", "cid", "dot", "eve", "fay"])


class Seats(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        context = match_context(
            settings=MatchSettings(resume_s=2, empty_s=3_600, silent_s=300, wait_for_people=False)
        )
        self.match = make_match(bots=BotPolicy(population=3), context=context)
        self.handles = {}

    @rule(name=names)
    def somebody_comes(self, name):
        try:
            self.handles[name] = enter(self.match, name)
        except AdmissionError:
            people = len(self.match.seating.players)
            assert people + self.match.seating.promised(name) >= 4

    @rule(name=names)
    def a_seat_is_promised(self, name):
        self.match.reserve(name, 1)

    @rule(name=names)
    def a_connection_is_lost(self, name):
        if name in self.handles:
            member, handle = self.handles[name]
            if member.handle is handle:
                self.match.drop(member, handle)

    @rule(name=names)
    def somebody_comes_back(self, name):
        if name in self.handles:
            member, _ = self.handles[name]
            seated = self.match.seating.seat_of(name) is member
            try:
                self.handles[name] = member, come_back(self.match, member, member.resume_nonce)
            except AdmissionError:
                assert not seated, "the window was open, yet the seat was refused"

    @rule(name=names)
    def somebody_leaves(self, name):
        if name in self.handles:
            member, handle = self.handles[name]
            if member.handle is handle:
                handle.says(Leave())
                run(self.match, 1)
                self.match.drop(member, handle)

    @rule(ticks=st.integers(1, 90))
    def time_passes(self, ticks):
        run(self.match, ticks)

    @invariant()
    def every_slot_has_one_owner(self):
        seating = self.match.seating
        people, bots = set(seating.players), set(seating.bots.brains)
        assert not people & bots
        assert len(people) + len(bots) <= seating.seats
        assert len(people) + seating.promised() <= seating.seats
        assert all(slot < seating.seats for slot in people | bots)
        assert list(seating.players) == sorted(people)
        assert len({member.player_id for member in seating.players.values()}) == len(people)

    @invariant()
    def the_world_agrees_after_the_next_tick(self):
        run(self.match, 1)
        seating = self.match.seating
        assert set(self.match.world.players) == set(seating.players) | set(seating.bots.brains)
        for slot, member in seating.players.items():
            assert self.match.world.players[slot].connected == member.is_connected


Seats.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestSeats = pytest.mark.everywhere(pytest.mark.slow(Seats.TestCase))
