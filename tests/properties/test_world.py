"""Invariants of a world after every tick, with any players and inputs, in every mode."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import Phase as Phases
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import game
from game.circle_plan import circle_at
from game.collision import is_free, is_wall
from game.events import Event, EventKind, FlagAction
from game.inputs import FIRE, SELECT_SHIFT, Command, CommandKind, Input
from game.modes import MODES
from game.referee import SCORING
from game.rewind import history_ticks
from game.tuning import TUNING, CircleStage, Tuning, Weapon
from game.world import HOME, ON_GROUND, Phase, World
from tests.journals import Recorder, written_on_failure
from tests.strategies import ARENA, aims, inputs, seeds

# Short phases, so that a few hundred ticks cover all of them; the rest is the real game.
SHORT = Tuning(
    countdown_ticks=20, scoreboard_ticks=60, overtime_ticks_max=90, respawn_ticks=20,
    protection_ticks=10, flag_return_ticks=40, circle_hurt_ticks=10,
    circle_stages=(
        CircleStage(30, 40, 50, 5), CircleStage(5, 20, 20, 20), CircleStage(9, 9, 0, 40),
    ),
)  # fmt: skip
SLOTS = (0, 1, 2, 5, 9, 127)
fights = st.builds(
    lambda weapon, keys, aim, lag: Input(
        FIRE | keys | (weapon + 1) << SELECT_SHIFT, aim, lag
    ),
    st.sampled_from(Weapon), st.integers(0, 15), aims, st.integers(0, 30),
)  # fmt: skip


class Match(RuleBasedStateMachine):
    """A host that does anything a host may do, and counts kills itself."""

    mode = ""

    @initialize(seed=seeds, players=st.integers(0, 5), is_playing=st.booleans())
    def begin(self, seed: int, players: int, is_playing: bool) -> None:
        # The twin has the same seed and gets the same inputs.
        config = MODES[self.mode].configure(ARENA, seed, ("drawn", "other"))
        config = replace(config, players_min=2)
        if config.time_limit_ticks:
            config = replace(config, score_limit=3, time_limit_ticks=200)
        self.world, self.twin = (game.new(config, ARENA, SHORT) for _ in range(2))
        self.recorder = Recorder(self.world)
        self.kills: dict[int, int] = {}
        self.deaths: dict[int, int] = {}
        self.suicides: dict[int, int] = {}
        self.commands: list[Command] = []
        self.inputs: dict[int, Input] = {}
        self.somebody_left = False  # since play began: the sums lack their deaths
        self.deeds: dict[int, int] = {}  # each player's score from flags
        self.captures = {1: 0, 2: 0}
        self.fallen: dict[int, tuple[int, ...]] = {}  # players who are out, and their values then
        self.circle = (0, 0, 1 << 30)
        for slot in SLOTS[: min(players, self.world.config.players_max)]:
            self.join(slot, 0)
        if is_playing:
            self.wait(SHORT.countdown_ticks + SHORT.protection_ticks)

    @precondition(lambda self: len(self.world.players) < self.world.config.players_max)
    @rule(slot=st.sampled_from(SLOTS), bot=st.integers(0, 1))
    def join(self, slot: int, bot: int) -> None:
        if slot not in self.world.players:
            self.commands.append(Command(CommandKind.JOIN, slot, bot))
            self.tick()
            self.kills[slot] = self.deaths[slot] = self.suicides[slot] = self.deeds[slot] = 0

    @precondition(lambda self: self.world.players)
    @rule(data=st.data())
    def leave(self, data: st.DataObject) -> None:
        slot = data.draw(st.sampled_from(list(self.world.players)))
        self.commands.append(Command(CommandKind.LEAVE, slot))
        self.fallen.pop(slot, None)
        self.tick()
        self.somebody_left = True

    @precondition(lambda self: self.world.players)
    @rule(data=st.data(), value=st.integers(0, 1))
    def command(self, data: st.DataObject, value: int) -> None:
        slot = data.draw(st.sampled_from(list(self.world.players)))
        kind = data.draw(st.sampled_from([CommandKind.PRESENCE, CommandKind.VOTE]))
        self.commands.append(Command(kind, slot, value))

    @rule(slot=st.sampled_from(SLOTS), wish=st.one_of(inputs, fights))
    def press(self, slot: int, wish: Input) -> None:
        self.inputs[slot] = wish

    @rule(ticks=st.integers(1, 60))
    def wait(self, ticks: int) -> None:
        for _ in range(ticks):
            self.tick()

    @precondition(lambda self: len(self.world.players) > 1)
    @rule(data=st.data(), weapon=st.sampled_from(Weapon), ticks=st.integers(1, 40))
    def meet(self, data: st.DataObject, weapon: Weapon, ticks: int) -> None:
        """Put a player in front of another's loaded gun: by chance two seldom meet."""
        slots = list(self.world.players)
        shooter, target = data.draw(st.permutations(slots))[:2]
        for world in (self.world, self.twin):
            one, other = world.players[shooter], world.players[target]
            one.x, one.y, other.x, other.y = 1536, 2560, 1536 + 1500, 2560
            one.ammo = [min(weapon.ammo_max, 1) for weapon in TUNING.weapons]  # soon empty
        self.recorder.checkpoint()
        self.inputs[shooter] = Input(FIRE | (weapon + 1) << SELECT_SHIFT)
        for _ in range(ticks):
            self.tick()

    @precondition(lambda self: self.world.players)
    @rule(data=st.data(), missing=st.integers(0, 60))
    def pick_up(self, data: st.DataObject, missing: int) -> None:
        """Put a player who lacks a little or a lot on a pad."""
        slot = data.draw(st.sampled_from(list(self.world.players)))
        pad = data.draw(st.sampled_from(ARENA.pads))
        for world in (self.world, self.twin):
            player = world.players[slot]
            player.x, player.y = pad.x, pad.y
            if player.alive:
                player.health = TUNING.health_max - missing
                player.armour = TUNING.armour_max - missing
                player.ammo = [max(gun.ammo_max - missing, 0) for gun in TUNING.weapons]
        self.recorder.checkpoint()
        self.tick()

    @precondition(lambda self: self.world.flags and self.world.players)
    @rule(data=st.data(), ticks=st.integers(1, 3))
    def seize(self, data: st.DataObject, ticks: int) -> None:
        """Put a player at a flag: to take the enemy's, or to bring it home to their own."""
        slot = data.draw(st.sampled_from(list(self.world.players)))
        team = data.draw(st.sampled_from(list(self.world.flags)))
        for world in (self.world, self.twin):
            player, flag = world.players[slot], world.flags[team]
            player.x, player.y = flag.x, flag.y
        self.recorder.checkpoint()
        for _ in range(ticks):
            self.tick()

    def tick(self) -> None:
        """Run one tick; a failing one leaves a journal to watch."""
        self.recorder.tick(self.commands, sorted(self.inputs.items()))
        with written_on_failure(self.recorder, f"world-{self.mode}"):
            self.step()

    def step(self) -> None:
        """Step the world, a twin that was dumped and loaded, and a twin that was not."""
        was_scoring = self.world.phase in SCORING
        wishes = sorted(self.inputs.items())
        copy = game.load(game.dump(self.world), ARENA, SHORT)
        assert copy == self.world
        events = game.step(self.world, self.commands, wishes)
        assert game.step(copy, self.commands, wishes) == events
        assert game.step(self.twin, self.commands, wishes) == events
        assert game.digest(copy) == game.digest(self.twin) == game.digest(self.world)
        self.commands, self.inputs = [], {}
        self.count(events, was_scoring)
        check_bounds(self.world)
        check_flags(self.world)
        self.check_circle()
        self.check_fallen()

    def count(self, events: list[Event], was_scoring: bool) -> None:
        if (EventKind.PHASE, Phase.PLAY) in [event[:2] for event in events]:
            was_scoring = True
            self.somebody_left = False
            for tally in (self.kills, self.deaths, self.suicides, self.deeds):
                tally.update(dict.fromkeys(tally, 0))
            self.captures = {1: 0, 2: 0}
            self.circle = (0, 0, 1 << 30)
            self.fallen.clear()
        for kind, *fields in events:
            if kind == EventKind.KILL and was_scoring:
                victim, killer = fields[0], fields[1]
                self.deaths[victim] += 1
                tally = self.suicides if victim == killer else self.kills
                tally[killer] += 1
            if kind == EventKind.FLAG and fields[2] == FlagAction.CAPTURED:
                self.deeds[fields[0]] += TUNING.capture_points
                self.captures[3 - fields[1]] += 1
            elif kind == EventKind.FLAG and fields[2] == FlagAction.RETURNED and fields[0] >= 0:
                self.deeds[fields[0]] += TUNING.return_points

    def check_circle(self) -> None:
        """Check that the circle only shrinks and stays within its former area."""
        circle = self.world.circle
        if circle.end_tick:
            x, y, radius = circle_at(circle, self.world.tick)
            was_x, was_y, was_radius = self.circle
            assert radius <= was_radius
            if was_radius < 1 << 30:
                room = was_radius - radius + 3  # each of the three is rounded down
                assert (x - was_x) ** 2 + (y - was_y) ** 2 <= room**2
            self.circle = (x, y, radius)

    def check_fallen(self) -> None:
        """Check that a player who is out stays out, keeps their place, and scores no more."""
        players = self.world.players
        for slot, had in self.fallen.items():
            player = players[slot]
            assert (player.alive, player.place, player.kills, player.score) == had
        if self.world.circle.end_tick and self.world.phase in SCORING:
            for slot, player in players.items():
                if not player.alive:
                    self.fallen[slot] = (0, player.place, player.kills, player.score)
            living = [player for player in players.values() if player.alive]
            assert len(living) > 1
            assert not any(player.place for player in living)
            places = sorted(player.place for player in players.values() if player.place)
            assert len(set(places)) == len(places)
            assert all(place > len(living) for place in places)

    @invariant()
    def scores_add_up(self) -> None:
        with written_on_failure(self.recorder, f"world-{self.mode}"):
            self.check_scores()

    def check_scores(self) -> None:
        if self.world.phase not in (*SCORING, Phase.SCOREBOARD, Phase.OVER):
            return
        for slot, player in self.world.players.items():
            assert player.kills == self.kills[slot]
            assert player.deaths == self.deaths[slot]
            lost = 0 if self.mode == "last-standing" else self.suicides[slot]
            assert player.score == self.kills[slot] - lost + self.deeds[slot]
            assert player.hits <= player.shots
            assert player.streak_best <= player.kills
        if not self.somebody_left:
            players = self.world.players.values()
            by_others = sum(player.deaths for player in players) - sum(self.suicides.values())
            assert sum(player.kills for player in players) == by_others
            assert sum(player.damage_dealt for player in players) <= sum(
                player.damage_taken for player in players
            )

        self.check_sides()

    def check_sides(self) -> None:
        """Check that a team's score is what its players scored, including those who left."""
        if self.mode == "capture-the-flag":
            assert self.world.team_scores == list(self.captures.values())
        elif self.world.team_scores and not self.somebody_left:
            for team, score in enumerate(self.world.team_scores, start=1):
                mates = [one for one in self.world.players.values() if one.team == team]
                assert score == sum(player.score for player in mates)
        for player in self.world.players.values():
            assert player.team in ((1, 2) if self.world.team_scores else (0,))

    @invariant()
    def players_are_in_order_of_slots(self) -> None:
        assert list(self.world.players) == sorted(self.world.players)


def check_flags(world: World) -> None:
    """Check that each flag is at home, carried by a living enemy, or on the ground."""
    for team, flag in world.flags.items():
        base = world.arena.flags[team - 1]
        if flag.holder == HOME:
            assert (flag.x, flag.y, flag.return_tick) == (base.x, base.y, 0)
        elif flag.holder == ON_GROUND:
            assert flag.return_tick > world.tick or world.phase not in SCORING
            assert not is_wall(world.arena, flag.x, flag.y)
        else:
            carrier = world.players[flag.holder]
            assert carrier.alive
            assert carrier.team == 3 - team
            assert flag.return_tick == 0


def check_bounds(world: World) -> None:
    """Check that no player is in a wall and no number out of its range."""
    tuning = world.tuning
    for player in world.players.values():
        if player.alive:
            assert is_free(world.arena, player.x, player.y, tuning.player_radius_units)
            assert 1 <= player.health <= tuning.health_max
        else:
            assert player.health == 0
            assert player.respawn_tick > world.tick
        assert 0 <= player.armour <= tuning.armour_max
        assert player.vx**2 + player.vy**2 <= tuning.speed_max**2
        for held, weapon in zip(player.ammo, tuning.weapons, strict=True):
            assert 0 <= held <= weapon.ammo_max
        assert tuning.weapons[player.weapon]
    for shot in world.shots.values():
        assert not is_wall(world.arena, shot.x, shot.y)
        assert shot.owner in world.players
    assert len(world.history) <= history_ticks(tuning)
    assert game.view(world, []).tick == world.tick


@pytest.mark.parametrize("examples", [3, pytest.param(60, marks=pytest.mark.slow)])
@pytest.mark.parametrize("mode", MODES)
def test_every_mode_keeps_the_rules_whatever_happens(mode: str, examples: int) -> None:
    class MatchOfMode(Match):
        pass

    MatchOfMode.mode = mode
    MatchOfMode.TestCase.settings = settings(
        max_examples=examples,
        stateful_step_count=40,
        deadline=None,
        phases=[Phases.explicit, Phases.reuse, Phases.generate, Phases.shrink],
        suppress_health_check=[HealthCheck.too_slow],
    )
    MatchOfMode.TestCase().runTest()
