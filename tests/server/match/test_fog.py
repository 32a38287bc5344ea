"""Clients that keep every number a match sends them never learn where a hidden enemy is, in real
fights. Straight lines decide what is hidden (`tests.sightlines`).
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
from clients.net.replica import Replica
from game.arena import Arena
from game.brain import Brain
from game.events import EVENT_FIELDS, NOWHERE, EventKind
from game.fog import Cut, Fog, SeenEvent
from game.tuning import SNAPSHOT_EVERY_TICKS
from game.view import View
from game.wire.codec import decode
from game.wire.match_messages import Inputs, Step
from game.wire.schema import FromMatch
from game.world import NEVER_TICK, Phase, Player
from server.match.match import Match
from server.match.members import Member
from server.match.rounds import MatchSpec
from server.match.settings import MatchSettings
from server.match.status import BotPolicy
from tests.journals import house_maps
from tests.server.match.fakes import (
    FakeHandle,
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
ENOUGH = 5  # of each kind that is counted; with fewer, a match proves nothing
STRANGE_ONE_IN, STRANGE_MAX = 100, 3
PLACED = {kind: names.index("x") + 1 for kind, names in EVENT_FIELDS.items() if "x" in names}


@define(eq=False)
class Snoop:
    """A client that plays as a bot does, and keeps everything it is sent."""

    member: Member
    handle: FakeHandle
    brain: Brain
    replica: Replica = field(factory=Replica)
    rows: list[tuple[int, ...]] = field(factory=list)  # numbers received since the last look
    eyes: list[Place] = field(factory=list)  # where the member has stood since then
    has_news: bool = False

    def read(self) -> None:
        """Take in the messages that arrived."""
        stream = self.handle.stream
        for message in stream.outbound:
            self.rows += _rows(cbor2.loads(message))
            if self.replica.receive(decode(FromMatch, message)):
                self.has_news = True
                view = self.replica.view
                assert view is not None
                for records in (view.bodies, view.shots, view.cards, view.own):
                    self.rows += [record.values() for record in records.values()]
                self.rows += [*view.events, *view.flags.values(), view.circle]
        stream.outbound.clear()

    def play(self, tick: int) -> None:
        """Send the input of a bot that sees what the client sees."""
        perception = self.replica.perception()
        if perception is not None:
            keys = self.brain.think(perception)
            steps = (Step(keys.buttons, keys.aim),) * SNAPSHOT_EVERY_TICKS
            self.handle.says(Inputs(tick + 1, 0, steps))


@define(eq=False)
class Spies:
    """A match with bots, and the snoops in it. `_look` raises for a leak."""

    match: Match
    dice: Random
    snoops: list[Snoop] = field(factory=list)
    trail: dict[int, list[Place]] = field(factory=dict)  # where players stood in the last ticks
    hidden_count: int = 0
    seen_count: int = 0
    told_count: int = 0  # things sent that are not in plain sight
    hidden_pads_count: int = 0
    strange_count: int = 0  # of these, those that no line reaches from anywhere near
    _phase: int = -1
    # No checks before this tick: players move as a phase begins, and one may be where another was.
    _calm_tick: int = 0

    @property
    def arena(self) -> Arena:
        return self.match.plan.arena

    def come(self, name: str) -> Snoop:
        member, handle = enter(self.match, name)
        snoop = Snoop(member, handle, Brain(self.arena, 4, 1, member.slot))
        self.snoops.append(snoop)
        return snoop

    def run(self, ticks: int) -> None:
        for _ in range(ticks):
            for snoop in self.snoops:
                snoop.handle.stream.is_busy = self.dice.randrange(BUSY_ONE_IN) == 0
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
                # Enemies that a snoop saw while its connection was busy are sent later.
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
        """Count a place, and whether it could be seen. Only some of the lines between two places
        are tried, so one in `STRANGE_ONE_IN` may be missed.
        """
        self.told_count += 1
        self.strange_count += not any(could_be_seen(self.arena, eye, place) for eye in eyes)
        most = STRANGE_MAX + self.told_count // STRANGE_ONE_IN
        assert self.strange_count <= most, "told of what is hidden"


def places_of_others(view: View) -> Iterator[Place]:
    """All places in a view, except those of bodies and flags."""
    for shot in view.shots.values():
        yield shot.x, shot.y
    for event in view.events:
        at = PLACED.get(EventKind(event[0]), 0)
        if at and event[0] != EventKind.FLAG and event[at] != NOWHERE:
            yield event[at], event[at + 1]


def is_out(player: Player) -> bool:
    """Whether the player is out for the rest of the round, and only watches."""
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
    """Play with three people: one from the start, one who joins later, and one who loses the
    connection and returns.
    """
    ann, bob = watched.come("ann"), watched.come("bob")
    while watched.match.world.phase < Phase.PLAY:
        watched.run(2)
    watched.run(ticks // 3)
    if watched.match.plan.config.players_max > PEOPLE and not watched.match.world.circle.end_tick:
        watched.come("cy")
    watched.run(ticks // 3)
    watched.match.drop(bob.member, bob.handle)
    watched.run(10)
    bob.handle = come_back(watched.match, bob.member, bob.member.resume_nonce)
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


def all_events(fog: Fog, _slot: int) -> list[SeenEvent]:
    return [SeenEvent(event) for event in fog.view.events]


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
