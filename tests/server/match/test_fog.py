"""People who keep every number that a match sends them, in real fights: none of them ever learns
where a hidden enemy is. What is hidden, straight lines say (`tests.sightlines`).
"""

from collections.abc import Iterator
from itertools import pairwise
from random import Random
from typing import Any

import cbor2
import pytest
from attrs import define, evolve, field

import game
import game.brain
from clients.link.replica import Replica
from game.arena import Arena
from game.brain import Brain
from game.events import EVENT_FIELDS, NOWHERE, Event, EventKind
from game.fog import Cut, Fog
from game.tuning import SNAPSHOT_EVERY_TICKS
from game.view import View
from game.wire.codec import Channel, decode_from_server
from game.world import NEVER_TICK, Phase, Player
from server.match.match import Match
from server.match.members import Member
from server.match.rounds import MatchSpec
from server.match.settings import MatchSettings
from server.match.status import BotPolicy
from tests.journals import house_maps
from tests.server.match.fakes import (
    FakeLink,
    FakeReadiness,
    come_back,
    enter,
    match_context,
    run,
)
from tests.sightlines import Place, could_be_seen, is_seen

MAPS = house_maps()
MATCHES = (
    ("foundry", "deathmatch", 6, 11),
    ("bastion", "deathmatch", 12, 12),
    ("crossfire", "duel", 0, 13),
    ("bastion", "team-deathmatch", 8, 14),
    ("ravine", "capture-the-flag", 8, 15),
    ("expanse", "last-standing", 30, 16),
)
PEOPLE = 3
TICKS = 1_200
THOROUGH_EVERY_TICKS = 40
BUSY_ONE_IN = 4
CALM_TICKS = 30
ENOUGH = 5  # of each kind of what is counted, for a match to be a trial
STRANGE_ONE_IN, STRANGE_MAX = 100, 3
PLACED = {kind: names.index("x") + 1 for kind, names in EVENT_FIELDS.items() if "x" in names}


@define(eq=False)
class Snoop:
    """A client that plays as a bot does, and keeps what it is sent."""

    member: Member
    link: FakeLink
    brain: Brain
    replica: Replica = field(factory=Replica)
    rows: list[tuple[int, ...]] = field(factory=list)  # of numbers, since the last look at them
    eyes: list[Place] = field(factory=list)  # where the member stood meanwhile
    has_news: bool = False

    def read(self) -> None:
        """Take in what has come."""
        stream = self.link.stream
        for message in stream.outbound:
            self.rows += _rows(cbor2.loads(message))
            if self.replica.receive(decode_from_server(Channel.MATCH, message)):
                self.has_news = True
                view = self.replica.view
                assert view is not None
                for records in (view.bodies, view.shots, view.cards, view.own):
                    self.rows += [record.values() for record in records.values()]
                self.rows += [*view.events, *view.flags.values(), view.circle]
        stream.outbound.clear()

    def play(self, tick: int) -> None:
        """Press what a bot would that sees as much."""
        perception = self.replica.perception()
        if perception is not None:
            keys = self.brain.think(perception)
            self.link.says("input", tick + 1, 0, [keys.buttons, keys.aim] * SNAPSHOT_EVERY_TICKS)


@define(eq=False)
class Spies:
    """A match with bots in it, and people who look closely. `look` raises for a leak."""

    match: Match
    dice: Random
    snoops: list[Snoop] = field(factory=list)
    trail: dict[int, list[Place]] = field(factory=dict)  # where the living stood in the last ticks
    hidden_count: int = 0
    seen_count: int = 0
    told_count: int = 0  # of what is not in plain sight
    hidden_pads_count: int = 0
    strange_count: int = 0  # of that, what no line leads to from anywhere near
    _phase: int = -1
    _calm_tick: int = 0  # when a phase begins, all change places: one appears where another stood

    @property
    def arena(self) -> Arena:
        return self.match.plan.arena

    def come(self, name: str) -> Snoop:
        member, link = enter(self.match, name)
        snoop = Snoop(member, link, Brain(self.arena, 4, 1, member.slot))
        self.snoops.append(snoop)
        return snoop

    def run(self, ticks: int) -> None:
        for _ in range(ticks):
            for snoop in self.snoops:
                snoop.link.stream.is_busy = self.dice.randrange(BUSY_ONE_IN) == 0
                if self.match.world.tick % SNAPSHOT_EVERY_TICKS == 0:
                    snoop.play(self.match.world.tick)
            run(self.match, 1)
            self._note_places()
            if self.match.world.tick % SNAPSHOT_EVERY_TICKS == 0:
                self._look()

    def _note_places(self) -> None:
        world = self.match.world
        if world.phase != self._phase:
            self._phase, self._calm_tick = world.phase, world.tick + CALM_TICKS
        players = world.players
        for slot, player in players.items():
            places = self.trail.setdefault(slot, [])
            places.append((player.x, player.y))
            del places[:-SNAPSHOT_EVERY_TICKS]
        for snoop in self.snoops:
            if snoop.member.slot in players:
                me = players[snoop.member.slot]
                snoop.eyes.append((me.x, me.y))

    def _look(self) -> None:
        is_thorough = self.match.world.tick % THOROUGH_EVERY_TICKS == 0
        for snoop in self.snoops:
            snoop.read()
            me = self.match.world.players.get(snoop.member.slot)
            view = snoop.replica.view
            if not snoop.has_news or me is None or view is None or is_out(me):
                continue
            snoop.has_news = False
            told = {pair for row in snoop.rows for pair in pairwise(row)}
            snoop.rows.clear()
            if self.match.world.tick < self._calm_tick:
                continue
            for enemy in self._enemies_of(me):
                # Enemies that a snoop saw while its line was busy are told later.
                is_fresh = len(snoop.eyes) <= SNAPSHOT_EVERY_TICKS
                if is_fresh and enemy.slot not in view.bodies and enemy.alive:
                    assert told.isdisjoint(self.trail[enemy.slot]), "a number tells the place"
                if is_thorough:
                    self._look_at(me, enemy, view)
            if is_thorough:
                for place in places_of_others(view):
                    self._count(snoop.eyes, place)
                self._look_at_pads((me.x, me.y), view)
            snoop.eyes.clear()

    def _enemies_of(self, me: Player) -> list[Player]:
        players = self.match.world.players.values()
        return [
            each for each in players if each is not me and not (me.team and me.team == each.team)
        ]

    def _look_at(self, me: Player, enemy: Player, view: View) -> None:
        eye, body = (me.x, me.y), (enemy.x, enemy.y)
        if is_seen(self.arena, eye, body):
            self.seen_count += 1
            assert view.bodies[enemy.slot].values()[:2] == body, "an enemy in plain sight"
        elif enemy.slot in view.bodies:
            self._count([eye], body)
        else:
            self.hidden_count += 1

    def _look_at_pads(self, eye: Place, view: View) -> None:
        for index, pad in enumerate(self.arena.pads):
            if index in view.pads:
                self._count([eye], (pad.x, pad.y))
                assert view.pads[index][0] == self.match.world.pad_ready_ticks[index]
            else:
                self.hidden_pads_count += 1
                assert not is_seen(self.arena, eye, (pad.x, pad.y)), "it is in plain sight"

    def _count(self, eyes: list[Place], place: Place) -> None:
        """Of all lines between two places only some are tried: of hundreds one may be missed."""
        self.told_count += 1
        self.strange_count += not any(could_be_seen(self.arena, eye, place) for eye in eyes)
        most = STRANGE_MAX + self.told_count // STRANGE_ONE_IN
        assert self.strange_count <= most, "told of what is hidden"


def places_of_others(view: View) -> Iterator[Place]:
    """Where something is said to be or to have happened, but for bodies and flags."""
    for shot in view.shots.values():
        yield shot.x, shot.y
    for event in view.events:
        at = PLACED.get(EventKind(event[0]), 0)
        if at and event[0] != EventKind.FLAG and event[at] != NOWHERE:
            yield event[at], event[at + 1]


def is_out(player: Player) -> bool:
    """Out for the rest of the round, and only watching."""
    return not player.alive and player.respawn_tick >= NEVER_TICK


def _rows(value: Any) -> Iterator[tuple[int, ...]]:
    if isinstance(value, list):
        yield tuple(each for each in value if isinstance(each, int))
        for each in value:
            yield from _rows(each)


def spies(name: str, mode: str, bots: int, seed: int, *, fog: bool = True) -> Spies:
    context = match_context(game, MatchSettings(fog=fog, wait_for_people=False))
    context = evolve(context, bot_factory=game.brain, maps=MAPS)
    spec = MatchSpec("m1", mode, name, seed, BotPolicy(count=bots))
    return Spies(Match(spec, context, FakeReadiness()), Random(seed))


def fight(watched: Spies, ticks: int = TICKS) -> None:
    """One is there from the beginning, one comes later, one loses the line and comes back."""
    ann, bob = watched.come("ann"), watched.come("bob")
    while watched.match.world.phase < Phase.PLAY:
        watched.run(2)
    watched.run(ticks // 3)
    if watched.match.plan.config.players_max > PEOPLE and not watched.match.world.circle.end_tick:
        watched.come("cy")
    watched.run(ticks // 3)
    watched.match.drop(bob.member, bob.link)
    watched.run(10)
    bob.link = come_back(watched.match, bob.member, bob.member.resume_nonce)
    watched.run(ticks // 3)
    assert ann.member.slot in watched.match.world.players


@pytest.mark.slow
@pytest.mark.parametrize(("name", "mode", "bots", "seed"), MATCHES)
def test_a_client_that_keeps_all_it_is_sent_never_learns_where_a_hidden_enemy_is(
    name: str, mode: str, bots: int, seed: int
) -> None:
    watched = spies(name, mode, bots, seed)
    fight(watched)
    assert min(watched.hidden_count, watched.seen_count, watched.told_count) > ENOUGH
    assert watched.hidden_pads_count > ENOUGH or not watched.arena.pads


def everything(fog: Fog, _slot: int) -> Cut:
    return fog.everything


def all_events(fog: Fog, _slot: int) -> list[Event]:
    return fog.view.events


def all_pads(fog: Fog, slot: int) -> Cut:
    cut = CUT(fog, slot)
    return Cut(cut.bodies, cut.shots, fog.everything.pads)


def all_shots(fog: Fog, slot: int) -> Cut:
    cut = CUT(fog, slot)
    return Cut(cut.bodies, fog.everything.shots, cut.pads)


CUT = Fog._cut
LEAKS = {
    "bodies": ("_cut", everything),
    "shots": ("_cut", all_shots),
    "events": ("events", all_events),
    "pads": ("_cut", all_pads),
}


@pytest.mark.slow
@pytest.mark.interpreted
@pytest.mark.parametrize("leak", LEAKS)
def test_a_leak_is_noticed(leak: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Fog, *LEAKS[leak])
    watched = spies("bastion", "deathmatch", 12, 12)
    with pytest.raises(AssertionError, match=r"told of what is hidden|a number tells"):
        fight(watched)


@pytest.mark.slow
@pytest.mark.everywhere
def test_a_match_without_fog_hides_nobody() -> None:
    watched = spies("bastion", "deathmatch", 12, 12, fog=False)
    with pytest.raises(AssertionError, match="told of what is hidden"):
        fight(watched)
