"""Bots fetch what they need most for the distance, or hunt, and always have somewhere to go."""

from hypothesis import given
from hypothesis import strategies as st

from game.brain.dice import dice_for
from game.brain.goals import RECOVERS, GoalSelector
from game.brain.navigation import Navigation
from game.brain.perception import Perception
from game.brain.skill import LEVELS
from game.tuning import TUNING, PickupKind
from tests.game.brain.perceptions import NO_AMMO, body_at, perception_at
from tests.strategies import ARENA, centre, places, seeds

HERE = (centre(1), centre(1))
FULL_AMMO = tuple(weapon.ammo_max for weapon in TUNING.weapons)
NOTHING_NEEDED = {"health": 200, "armour": 100, "ammo": FULL_AMMO}
LATER = 1_000
PADS_BY_PLACE = {(pad.x, pad.y): pad for pad in ARENA.pads}


def ready_only(*kinds: PickupKind) -> dict[int, int]:
    return {index: 0 if pad.kind in kinds else LATER for index, pad in enumerate(ARENA.pads)}


def make_goals(seed: int = 1) -> GoalSelector:
    return GoalSelector(ARENA, Navigation(ARENA), LEVELS[5], dice_for(seed, 0))


def goal_of(perception: Perception, *, fleeing: bool = False) -> tuple[int, int]:
    made = make_goals()
    made.choose(perception, fleeing=fleeing)
    return made.goal_x, made.goal_y


def kind_wanted(perception: Perception, *, fleeing: bool = False) -> PickupKind | None:
    pad = PADS_BY_PLACE.get(goal_of(perception, fleeing=fleeing))
    return pad.kind if pad else None


def test_the_wounded_want_health_and_the_healthy_do_not() -> None:
    ready = ready_only(PickupKind.HEALTH)
    hurt = {**NOTHING_NEEDED, "health": 20}
    assert kind_wanted(perception_at(HERE, pads=ready, **hurt)) == PickupKind.HEALTH
    assert kind_wanted(perception_at(HERE, pads=ready, **NOTHING_NEEDED)) is None


def test_an_empty_pad_is_not_wanted() -> None:
    assert kind_wanted(perception_at(HERE, pads=ready_only(), health=1)) is None


def test_a_hidden_pad_is_remembered_until_it_must_be_full_again() -> None:
    made, health = make_goals(), ready_only(PickupKind.HEALTH)
    hurt = {**NOTHING_NEEDED, "health": 20}
    made.choose(perception_at(HERE, pads=dict.fromkeys(health, LATER), **hurt), fleeing=False)
    made.choose(perception_at(HERE, tick=LATER - 1, pads={}, **hurt), fleeing=False)
    assert (made.goal_x, made.goal_y) not in PADS_BY_PLACE
    made.choose(perception_at(HERE, tick=LATER, pads={}, **hurt), fleeing=False)
    assert PADS_BY_PLACE[made.goal_x, made.goal_y].kind in RECOVERS


def test_each_kind_of_pickup_is_wanted_by_somebody() -> None:
    poor = {"health": 10, "armour": 0, "ammo": NO_AMMO}
    for kind in PickupKind:
        assert kind_wanted(perception_at(HERE, pads=ready_only(kind), **poor)) == kind


def test_a_bot_that_needs_nothing_hunts_the_nearest_enemy() -> None:
    near, far = body_at((centre(4), centre(5)), 1), body_at((centre(17), centre(10)), 2)
    perception = perception_at(HERE, others=[far, near], pads=ready_only(), **NOTHING_NEEDED)
    assert goal_of(perception) == (near.x, near.y)


def test_a_bot_that_needs_nothing_and_is_alone_walks_to_a_spawn() -> None:
    goal = goal_of(perception_at(HERE, pads=ready_only(), **NOTHING_NEEDED))
    assert goal in [(spawn.x, spawn.y) for spawn in ARENA.spawns]
    assert goal != HERE


def test_a_fleeing_bot_hunts_nobody_and_fetches_no_guns() -> None:
    enemy = body_at((centre(3), centre(2)))
    perception = perception_at(HERE, others=[enemy], health=10, ammo=NO_AMMO)
    assert kind_wanted(perception, fleeing=True) in RECOVERS


@given(places, seeds, st.lists(st.booleans(), min_size=len(ARENA.pads), max_size=len(ARENA.pads)))
def test_after_a_choice_a_bot_never_stands_on_its_goal(
    here: tuple[int, int], seed: int, ready: list[bool]
) -> None:
    made = make_goals(seed)
    perception = perception_at(
        here, pads={index: LATER * (not is_ready) for index, is_ready in enumerate(ready)}
    )
    made.choose(perception, fleeing=False)
    assert not made.is_reached(perception)
    made.wander(perception)
    assert not made.is_reached(perception)


def test_a_choice_computes_at_most_one_new_path_to_a_pad() -> None:
    made = make_goals()
    for choice in range(1, len(ARENA.pads) + 3):
        made.choose(perception_at(HERE), fleeing=False)
        assert len(made.navigation.fields) == min(choice, len(ARENA.pads))
