"""Bots fetch what they need most for the way, hunt otherwise, and always have somewhere to go."""

from hypothesis import given
from hypothesis import strategies as st

from game.brain.dice import dice_for
from game.brain.goals import RECOVERS, Wishes
from game.brain.navigation import Chart
from game.brain.perception import Sight
from game.brain.skill import LEVELS
from game.tuning import TUNING, PickupKind
from tests.game.brain.perceptions import body_at, sight_at
from tests.strategies import ARENA, centre, places, seeds

HERE = (centre(1), centre(1))
FULL_AMMO = tuple(weapon.ammo_max for weapon in TUNING.weapons)
NOTHING_NEEDED = {"health": 200, "armour": 100, "ammo": FULL_AMMO}
LATER = 1_000
PADS_BY_PLACE = {(pad.x, pad.y): pad for pad in ARENA.pads}


def ready_only(*kinds: PickupKind) -> dict[int, int]:
    return {index: 0 if pad.kind in kinds else LATER for index, pad in enumerate(ARENA.pads)}


def wishes(seed: int = 1) -> Wishes:
    return Wishes(ARENA, Chart(ARENA), LEVELS[5], dice_for(seed, 0))


def goal_of(sight: Sight, *, fleeing: bool = False) -> tuple[int, int]:
    made = wishes()
    made.choose(sight, fleeing=fleeing)
    return made.goal_x, made.goal_y


def kind_wished(sight: Sight, *, fleeing: bool = False) -> PickupKind | None:
    pad = PADS_BY_PLACE.get(goal_of(sight, fleeing=fleeing))
    return pad.kind if pad else None


def test_the_wounded_want_health_and_the_healthy_do_not() -> None:
    ready = ready_only(PickupKind.HEALTH)
    hurt = {**NOTHING_NEEDED, "health": 20}
    assert kind_wished(sight_at(HERE, pads=ready, **hurt)) == PickupKind.HEALTH
    assert kind_wished(sight_at(HERE, pads=ready, **NOTHING_NEEDED)) is None


def test_an_empty_pad_is_not_wanted() -> None:
    assert kind_wished(sight_at(HERE, pads=ready_only(), health=1)) is None


def test_what_was_on_a_pad_out_of_sight_is_remembered_until_it_must_be_full_again() -> None:
    made, health = wishes(), ready_only(PickupKind.HEALTH)
    hurt = {**NOTHING_NEEDED, "health": 20}
    made.choose(sight_at(HERE, pads=dict.fromkeys(health, LATER), **hurt), fleeing=False)
    made.choose(sight_at(HERE, tick=LATER - 1, pads={}, **hurt), fleeing=False)
    assert (made.goal_x, made.goal_y) not in PADS_BY_PLACE
    made.choose(sight_at(HERE, tick=LATER, pads={}, **hurt), fleeing=False)
    assert PADS_BY_PLACE[made.goal_x, made.goal_y].kind in RECOVERS


def test_each_kind_of_pickup_is_wanted_by_somebody() -> None:
    poor = {"health": 10, "armour": 0, "ammo": (0, 0, 0, 0, 0)}
    for kind in PickupKind:
        assert kind_wished(sight_at(HERE, pads=ready_only(kind), **poor)) == kind


def test_who_needs_nothing_hunts_the_nearest_enemy() -> None:
    near, far = body_at((centre(4), centre(5)), 1), body_at((centre(17), centre(10)), 2)
    sight = sight_at(HERE, others=[far, near], pads=ready_only(), **NOTHING_NEEDED)
    assert goal_of(sight) == (near.x, near.y)


def test_who_needs_nothing_and_is_alone_walks_to_a_spawn() -> None:
    goal = goal_of(sight_at(HERE, pads=ready_only(), **NOTHING_NEEDED))
    assert goal in [(spawn.x, spawn.y) for spawn in ARENA.spawns]
    assert goal != HERE


def test_who_flees_hunts_nobody_and_fetches_no_guns() -> None:
    enemy = body_at((centre(3), centre(2)))
    sight = sight_at(HERE, others=[enemy], health=10, ammo=(0, 0, 0, 0, 0))
    assert kind_wished(sight, fleeing=True) in RECOVERS


@given(places, seeds, st.lists(st.booleans(), min_size=len(ARENA.pads), max_size=len(ARENA.pads)))
def test_after_a_choice_one_never_stands_on_the_goal(
    here: tuple[int, int], seed: int, ready: list[bool]
) -> None:
    made = wishes(seed)
    sight = sight_at(
        here, pads={index: LATER * (not is_ready) for index, is_ready in enumerate(ready)}
    )
    made.choose(sight, fleeing=False)
    assert not made.is_reached(sight)
    made.wander(sight)
    assert not made.is_reached(sight)


def test_a_choice_thinks_through_at_most_one_new_way_to_a_pad() -> None:
    made = wishes()
    for choice in range(1, len(ARENA.pads) + 3):
        made.choose(sight_at(HERE), fleeing=False)
        assert len(made.chart.fields) == min(choice, len(ARENA.pads))
