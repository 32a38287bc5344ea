"""The coarse grid finds whoever is near."""

from hypothesis import given
from hypothesis import strategies as st

from game.crowd import cell_of, gather, reach_units
from game.tuning import TUNING
from game.world import Player
from tests.strategies import points, world_of

near_by = st.integers(-1_500, 1_500)


@given(
    st.lists(st.tuples(st.tuples(near_by, near_by), st.booleans()), min_size=1, max_size=6), points
)
def test_all_the_living_within_reach_of_a_point_are_in_its_cell_once_and_in_order(
    people: list[tuple[tuple[int, int], bool]], at: tuple[int, int]
) -> None:
    world = world_of()
    for slot, ((x, y), is_alive) in enumerate(people):
        world.players[slot] = Player(slot, x=at[0] + x, y=at[1] + y, alive=int(is_alive))
    reach = reach_units(TUNING)
    found = [player.slot for player in gather(world).get(cell_of(*at), [])]
    assert found == sorted(set(found))
    for slot, ((x, y), is_alive) in enumerate(people):
        if not is_alive:
            assert slot not in found
        elif abs(x) <= reach and abs(y) <= reach:
            assert slot in found


def test_the_reach_covers_every_weapon() -> None:
    for weapon in TUNING.weapons:
        touched = weapon.speed + TUNING.player_radius_units + TUNING.shot_radius_units
        assert touched <= reach_units(TUNING)
